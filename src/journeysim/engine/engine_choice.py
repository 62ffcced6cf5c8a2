"""Which engine makes a run: nobody can tell from the result, only from the clock."""

from __future__ import annotations

from typing import Final, Literal

from journeysim.engine.extension import Extension
from journeysim.errors import Problem, ScenarioError
from journeysim.machine_code import is_kept
from journeysim.scenario.flat.flat_model import FlatModel
from journeysim.units import DAY

Engine = Literal["reference", "compiled"]
#: ``both``: compiled, and the reference engine's files are compared with it.
EngineChoice = Literal["auto", "reference", "compiled", "both"]
#: Of the compiled engine; ``chosen``: the single-queue one wherever it can make the world.
PathChoice = Literal["chosen", "general", "single_queue"]

#: Below so many first contacts the reference engine is done before anything could be compiled.
SMALL_RUN: Final = 300_000


def chosen_engine(
    wanted: EngineChoice, model: FlatModel, replications: int, extension: Extension | None
) -> Engine:
    """Return the engine that makes a run; of both it is the compiled one.

    Raises
    ------
    ScenarioError
        If the compiled engine, or both, is asked for and there is an extension in Python.
    """
    if extension is not None:
        if wanted in ("compiled", "both"):
            text = "an extension in Python needs the reference engine; leave the engine to 'auto'"
            raise ScenarioError("engine", [Problem("", text)])
        return "reference"
    if wanted != "auto":
        return "reference" if wanted == "reference" else "compiled"
    small = first_contacts(model) * replications < SMALL_RUN
    return "reference" if small and not is_compiled(model) else "compiled"


def first_contacts(model: FlatModel) -> float:
    """Return about how many customers come in one replication; renewal arrivals are left out."""
    demand = model.demand
    pieces = (demand.rate_start + demand.rate_end) / 2 * (demand.piece_end - demand.piece_start)
    by_weekday = [
        float(pieces[first:last].sum())
        for first, last in zip(demand.piece_first.flat, demand.piece_last.flat, strict=True)
    ]
    days = model.horizon / DAY
    drawn = sum(by_weekday) / 7 * days
    return drawn + float(model.trace.arrival.size)


def is_compiled(model: FlatModel) -> bool:
    """Return whether the machine code that makes such a world is on disk.

    Compiling it takes a good part of a minute, once per version. A loop is compiled last, after all
    that it calls.
    """
    from journeysim.engine.compiled.event_loop import run_until_full
    from journeysim.engine.compiled.single_queue.eligibility import why_not_single_queue
    from journeysim.engine.compiled.single_queue.entry_loop import run_ahead

    loop = run_until_full if why_not_single_queue(model) else run_ahead
    return is_kept(loop)
