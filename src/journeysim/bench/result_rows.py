"""From what was noted in turns to results: what was scored, how long it took, what it touched."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from journeysim.bench.agreement import sample_of
from journeysim.bench.backend import COMPILED, Work
from journeysim.bench.bandwidth import Bandwidth
from journeysim.bench.mapped_tables import Mapped
from journeysim.bench.measure_groups import Group
from journeysim.bench.results import DataFacts, Timing


@dataclass(frozen=True, slots=True)
class Entry:
    """One contender on one group with some threads."""

    group: Group
    contender: str
    work: Work


def timing_of(
    entry: Entry,
    tables: Mapped,
    taken: Sequence[dict[str, float]],
    noted: dict[str, Any],
    widths: dict[int, Bandwidth],
    compiling: float | None,
) -> Timing:
    """Return the timing of a contender.

    Parameters
    ----------
    taken, noted
        What it found in its turns, and when it was checked.
    widths
        Bandwidths by threads.
    compiling
        Processor time of compiling.
    """
    return Timing(
        group=entry.group.name,
        contender=entry.contender,
        jobs=entry.work.jobs,
        measures=entry.group.names,
        journeys=tables.journeys.num_rows,
        touched=_touched(tables, entry.group.measures) + noted["outputs"],
        seconds=tuple(turn["seconds"] for turn in taken),
        processor=tuple(turn["processor"] for turn in taken),
        yardstick=tuple(turn["yardstick"] for turn in taken),
        compile_seconds=compiling if entry.contender == COMPILED else None,
        peak=max(0, noted["peak"] - noted["outputs"]),
        libraries=noted["before"],
        bandwidth=widths[entry.work.jobs].most,
    )


def timings_alone(
    groups: Sequence[Group],
    tables: Mapped,
    turns: Sequence[dict[str, Any]],
    widths: dict[int, Bandwidth],
) -> list[Timing]:
    """Return a timing per measure of all groups, from turns in which each was scored alone."""
    measures = {each.name: each for group in groups for each in group.measures}
    return [
        Timing(
            group=name,
            contender=COMPILED,
            jobs=1,
            measures=(name,),
            journeys=tables.journeys.num_rows,
            touched=_touched(tables, [one]) + 8 * tables.journeys.num_rows,
            seconds=tuple(turn[name]["seconds"] for turn in turns),
            processor=tuple(turn[name]["processor"] for turn in turns),
            yardstick=tuple(turn[name]["yardstick"] for turn in turns),
            bandwidth=widths[1].most,
            alone=True,
        )
        for name, one in measures.items()
        if turns
    ]


def _touched(tables: Mapped, measures: Sequence[Any]) -> int:
    """Return the bytes of the columns that some measures need: each is read at least once."""
    wanted = {name for each in measures for name in each.needs}
    if any(each.kernel is None for each in measures) and wanted & {"outcome"}:
        wanted |= {"resolved", "announced_wait"}
    if "handling" in wanted:
        wanted |= {"talk", "wrap_up"}
    rows = sum(
        tables.contacts.column(name).nbytes
        for name in wanted
        if name in tables.contacts.column_names
    )
    journeys = {name.removeprefix("journey.") for name in wanted if name.startswith("journey.")}
    whole = sum(
        tables.journeys.column(name).nbytes
        for name in {*journeys, "contacts", "first_contact"}
        if name in tables.journeys.column_names
    )
    return int(rows + whole)


def facts_of(origin: str, tables: Mapped) -> DataFacts:
    """Return what tells these journeys from others."""
    rows = tables.contacts.num_rows
    looked_at = pa.array(sample_of(rows))
    seen = [
        tables.contacts.column(name).take(looked_at).to_pylist()
        for name in ("wait", "channel", "outcome")
    ]
    digest = hashlib.blake2b(repr((rows, seen)).encode(), digest_size=8).hexdigest()
    return DataFacts(origin, tables.journeys.num_rows, rows, digest)
