"""The whole benchmark: agreement first, then bandwidth, then turns."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from journeysim.bench.agreement import check_own, check_with_each_other, check_with_plain
from journeysim.bench.backend import COMPILED, Work, chosen_contenders, contender
from journeysim.bench.bandwidth import measured_bandwidth
from journeysim.bench.machine import software, this_machine
from journeysim.bench.mapped_tables import Mapped, mapped
from journeysim.bench.measure_groups import Group
from journeysim.bench.plain_scores import PLAIN
from journeysim.bench.result_rows import Entry, facts_of, timing_of, timings_alone
from journeysim.bench.results import Results
from journeysim.bench.subprocesses import as_task, sent
from journeysim.errors import MeasureError

#: Who is compared with the plain reference first, and then others with it.
_REFERENCE: Final = "numpy"

#: Called with what is being done, and which share of all is done.
Announce = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """What is to be measured.

    Attributes
    ----------
    directory, replication, origin
        The journeys, and where they come from in words.
    groups
        Sets of measures.
    backends
        Who takes part beside the kernels; None: whoever is installed.
    jobs
        Most threads; one thread is always measured as well.
    runs
        Turns of each contender.
    kernel
        A file of own measures.
    alone
        Whether each measure is timed alone too.
    compiling
        Whether compiling is timed, which takes as long as it takes.
    """

    directory: Path
    replication: int
    origin: str
    groups: Sequence[Group]
    backends: Sequence[str] | None
    jobs: int
    runs: int
    kernel: Path | None
    alone: bool
    compiling: bool


def measure(bench: Benchmark, announce: Announce) -> tuple[Results, tuple[str, ...]]:
    """Check and time all contenders.

    Returns
    -------
    The results, and the names of own measures that have no naive twin.

    Raises
    ------
    BenchmarkError
        If a contender fails or finds something else than the reference. There are no times then.
    """
    tables = mapped(bench.directory, bench.replication)
    entries = _entries(bench)
    steps = len(entries) * (1 + bench.runs) + (bench.runs if bench.alone else 0) + 2
    done = 0

    def next_step(text: str) -> None:
        nonlocal done
        announce(text, min(1.0, done / steps))
        done += 1

    checked, untwinned = _checked(bench, entries, tables, next_step)
    next_step("compiling")
    compiling = _compile_seconds(entries) if bench.compiling else None
    next_step("measuring the memory")
    widths = {jobs: measured_bandwidth(jobs) for jobs in sorted({e.work.jobs for e in entries})}
    turns, alone = _turns(bench, entries, next_step)
    timings = [
        timing_of(entry, tables, taken, found, widths, compiling)
        for entry, taken, found in zip(entries, turns, checked, strict=True)
    ]
    timings += timings_alone(bench.groups, tables, alone, widths)
    results = Results(
        date=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        machine=this_machine(),
        software=software(),
        data=facts_of(bench.origin, tables),
        bandwidths=tuple(widths.values()),
        timings=tuple(timings),
        cannot=_cannot(bench),
    )
    return results, untwinned


def _turns(
    bench: Benchmark, entries: Sequence[Entry], next_step: Callable[[str], None]
) -> tuple[list[list[dict[str, float]]], list[dict[str, Any]]]:
    """Let all contenders take turns; return what each noted, and the measures alone."""
    turns: list[list[dict[str, float]]] = [[] for _ in entries]
    alone: list[dict[str, Any]] = []
    takes_part = any(entry.contender == COMPILED for entry in entries)
    for turn in range(1, bench.runs + 1):
        for entry, taken in zip(entries, turns, strict=True):
            next_step(f"turn {turn} of {bench.runs}: {_who(entry)}")
            taken.append(sent(as_task("turn", entry.work, entry.contender)))
        if bench.alone and takes_part:
            next_step(f"turn {turn} of {bench.runs}: each measure alone")
            alone.append(sent(as_task("each", _alone(bench), COMPILED)))
    return turns, alone


def _entries(bench: Benchmark) -> list[Entry]:
    names = chosen_contenders(bench.backends)
    found = []
    for group in bench.groups:
        for jobs in sorted({1, bench.jobs}):
            work = Work(bench.directory, bench.replication, group.names, jobs, bench.kernel)
            found += [
                Entry(group, name, work)
                for name in names
                if group.expressed_by(name) and (jobs == 1 or contender(name).PARALLEL)
            ]
    if not found:
        raise MeasureError(f"none of {', '.join(names)} can score these measures")
    return found


def _cannot(bench: Benchmark) -> tuple[str, ...]:
    """Return who takes no part in what, and why, and what nobody can vouch for."""
    named = {name for group in bench.groups for name in group.names if name not in group.own}
    unknown = ", ".join(sorted(named - set(PLAIN)))
    found = [f"there is no reference for {unknown}"] if unknown else []
    for group in (group for group in bench.groups if not group.own):
        by_reason: dict[tuple[str, ...], list[str]] = {}
        for name in chosen_contenders(bench.backends):
            if unable := group.unable(name):
                by_reason.setdefault(unable, []).append(name)
        for unable, names in by_reason.items():
            some = ", ".join(unable[:4]) + (" and others" if len(unable) > 4 else "")
            found.append(f"{group.name}: {', '.join(names)} cannot express {some}")
    return tuple(found)


def _checked(
    bench: Benchmark,
    entries: Sequence[Entry],
    tables: Mapped,
    next_step: Callable[[str], None],
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Let everybody score once, and compare; return what was noted of memory."""
    noted: list[dict[str, Any]] = []
    untwinned: tuple[str, ...] = ()
    with tempfile.TemporaryDirectory() as folder:
        references: dict[str, Path] = {}
        # The reference is compared with plain Python, all others with the reference.
        order = sorted(entries, key=lambda entry: entry.contender != _REFERENCE)
        found: dict[int, dict[str, Any]] = {}
        for number, entry in enumerate(order):
            who = _who(entry)
            next_step(f"checking {who}")
            scores = Path(folder) / str(number)
            scores.mkdir()
            task = as_task("check", entry.work, entry.contender, scores=str(scores))
            found[id(entry)] = sent(task)
            reference = references.get(entry.group.name)
            if reference is None:
                check_with_plain(who, scores, tables, entry.group.names)
                references[entry.group.name] = scores
                if entry.group.own and bench.kernel is not None:
                    measures = {each.name: each for each in entry.group.measures}
                    own = {name: measures[name] for name in entry.group.own}
                    untwinned = check_own(bench.kernel, own, scores, tables)
            else:
                check_with_each_other(who, scores, reference, entry.group.names)
                _remove(scores)
        noted = [found[id(entry)] for entry in entries]
    return noted, untwinned


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _who(entry: Entry) -> str:
    jobs = entry.work.jobs
    return f"{entry.contender}, {jobs} thread{'s' if jobs != 1 else ''}"


def _compile_seconds(entries: Sequence[Entry]) -> float | None:
    """Return the processor time of a first run that has to compile; all groups share the code."""
    for entry in entries:
        if entry.contender == COMPILED:
            return float(sent(as_task("compiling", entry.work, COMPILED))["seconds"])
    return None


def _alone(bench: Benchmark) -> Work:
    names = tuple(dict.fromkeys(name for group in bench.groups for name in group.names))
    return Work(bench.directory, bench.replication, names, 1, bench.kernel)
