"""Writing a run in the form of another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from journeysim.arguments import local_path
from journeysim.errors import RunError, did_you_mean
from journeysim.exports.attribution_paths import write_paths
from journeysim.exports.cjml import write_cjml
from journeysim.exports.event_blocks import contact_blocks, journey_blocks
from journeysim.exports.event_tables import write_csv, write_parquet
from journeysim.exports.ocel import write_ocel
from journeysim.exports.xes import write_xes
from journeysim.tables.run import Run, open_run

#: Format: ending of the file.
FORMATS: Final = {
    "csv": ".csv",
    "parquet": ".parquet",
    "xes": ".xes",
    "ocel": ".jsonocel",
    "cjml": ".cjml.xml",
    "paths": ".paths.csv",
}


def export(
    run: Run | str | Path,
    to: str,
    *,
    out: str | Path | None = None,
) -> Path:
    """Write a run as a log that other tools read, and return the file.

    Blocks of journeys are written one after the other, so memory does not grow with the run.

    Parameters
    ----------
    run
        A run, or its directory.
    to
        ``csv`` or ``parquet`` (case, activity, start, end, and more), ``xes``, ``ocel`` (2.0,
        JSON), ``cjml`` or ``paths``.
    out
        The file; default: named after the scenario, in the working directory.

    Raises
    ------
    RunError
        If the run cannot be read, or there is no such format.
    ArgumentError
        If the file would not be on this machine.
    """
    if to not in FORMATS:
        raise RunError(f"no format {to!r}{did_you_mean(to, FORMATS)}")
    made = run if isinstance(run, Run) else open_run(run)
    default = f"{made.record['scenario']}{FORMATS[to]}"
    place = local_path("out", default if out is None else out)
    # Written beside and moved: a file that is half written is never mistaken for a whole one.
    part = place.with_name(place.name + ".part")
    try:
        _write(made, to, part)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    return place


def _write(run: Run, to: str, path: Path) -> None:
    if to == "ocel":
        write_ocel(lambda: contact_blocks(run), lambda: journey_blocks(run), path)
        return
    writers = {
        "csv": write_csv,
        "parquet": write_parquet,
        "xes": write_xes,
        "cjml": write_cjml,
        "paths": write_paths,
    }
    writers[to](contact_blocks(run), path)
