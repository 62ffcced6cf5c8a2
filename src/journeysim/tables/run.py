"""A run: the tables of its replications, in memory or in a directory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from journeysim.arguments import COPY_FIRST, local_path, one_of
from journeysim.errors import RunError
from journeysim.tables.attached import attached

TableName = Literal["journeys", "contacts", "intervals"]
#: What a run keeps: all tables, no contacts, or no table at all.
Keep = Literal["all", "journeys", "none"]
TABLES: tuple[TableName, ...] = ("journeys", "contacts", "intervals")


class Replication:
    """What one replication left behind.

    Parameters
    ----------
    number
        Its number under the seed, from 0.
    journeys, contacts, intervals
        Arrow tables; see `journeysim.tables.columns`. None for one that was not kept: who asks for
        it gets a RunError.
    """

    __slots__ = ("_tables", "number")

    def __init__(
        self,
        number: int,
        journeys: pa.Table | None = None,
        contacts: pa.Table | None = None,
        intervals: pa.Table | None = None,
    ) -> None:
        self.number = number
        self._tables = {"journeys": journeys, "contacts": contacts, "intervals": intervals}

    @property
    def kept(self) -> tuple[TableName, ...]:
        """Names of the tables that were kept."""
        return tuple(name for name in TABLES if self._tables[name] is not None)

    @property
    def journeys(self) -> pa.Table:
        """One row per journey."""
        return self._table("journeys")

    @property
    def contacts(self) -> pa.Table:
        """One row per contact."""
        return self._table("contacts")

    @property
    def intervals(self) -> pa.Table:
        """One row per channel or pool and interval."""
        return self._table("intervals")

    def __repr__(self) -> str:
        held = {name: table for name, table in self._tables.items() if table is not None}
        kept = ", ".join(f"{table.num_rows} {name}" for name, table in held.items())
        return f"Replication({self.number}: {kept or 'no table was kept'})"

    def _table(self, name: TableName) -> pa.Table:
        found = self._tables[name]
        if found is None:
            raise not_kept(name)
        return found


def not_kept(name: str) -> RunError:
    """Return the error of who looks at a table that was not kept."""
    return RunError(
        f"the {name} of this run were not kept; simulate it again and keep them "
        "(--keep all, or keep='all' in Python)"
    )


@dataclass(frozen=True, slots=True)
class Run:
    """The replications of one scenario under one seed.

    Attributes
    ----------
    record
        What was run: scenario hash, seed, engine, versions, definitions, host, timings.
    scenario_toml
        The scenario as resolved, runnable as it is.
    directory
        Where the files are; None while the run is only in memory.
    """

    record: Mapping[str, Any]
    scenario_toml: str
    directory: Path | None = None
    held: Mapping[int, Replication] = field(default_factory=dict, repr=False)
    #: Sums of a run whose contacts were not kept; see `journeysim.measures.service.tallied_sums`.
    tallies: Any = field(default=None, repr=False)

    @property
    def keep(self) -> Keep:
        """Which tables were kept."""
        kept: Keep = self.record.get("keep", "all")
        return kept

    @property
    def replications(self) -> list[int]:
        """Return the numbers of the finished replications, rising."""
        if self.directory is None:
            return sorted(self.held) or ([] if self.tallies is None else list(self.tallies.numbers))
        return finished_replications(self.directory)

    def replication(self, number: int) -> Replication:
        """Return the tables of one replication; files are memory-mapped, not read."""
        if number in self.held:
            return self.held[number]
        if self.directory is None and number in self.replications:
            return Replication(number)
        if self.directory is None or number not in self.replications:
            raise RunError(f"{self.directory or 'this run'} has no replication {number}")
        tables = {
            name: read_table(table_path(self.directory, name, number))
            for name in tables_of(self.directory)
        }
        return Replication(number, **tables)

    def __iter__(self) -> Iterator[Replication]:
        """Yield the replications one by one, so that one at a time is in memory."""
        for number in self.replications:
            yield self.replication(number)

    def table(self, name: TableName) -> pa.Table:
        """Return a table over all replications, with a first column `replication`."""
        name = one_of("table", name, TABLES)
        parts = []
        for replication in self:
            part: pa.Table = getattr(replication, name)
            numbers = pa.repeat(pa.scalar(replication.number, pa.int64()), part.num_rows)
            parts.append(part.add_column(0, pa.field("replication", pa.int64(), False), numbers))
        if not parts:
            raise RunError(f"{self.directory or 'this run'} has no finished replication")
        return pa.concat_tables(parts)

    @property
    def journeys(self) -> pa.Table:
        """One row per journey."""
        return self.table("journeys")

    @property
    def contacts(self) -> pa.Table:
        """One row per contact."""
        return self.table("contacts")

    @property
    def intervals(self) -> pa.Table:
        """One row per channel or pool and interval."""
        return self.table("intervals")

    @property
    def plot(self) -> Any:
        """Its charts, each as a matplotlib figure: ``run.plot.day()``."""
        return attached("plot", self)


def table_path(directory: Path, name: str, replication: int) -> Path:
    """Return where a table of a replication stands in a run directory."""
    return directory / name / f"rep={replication:04d}.arrow"


def finished_replications(directory: Path) -> list[int]:
    """Return the numbers of the replications of which every table is complete, rising."""
    found = [
        {int(path.stem.removeprefix("rep=")) for path in (directory / name).glob("rep=*.arrow")}
        for name in tables_of(directory)
    ]
    return sorted(set.intersection(*found))


def tables_of(directory: Path) -> tuple[TableName, ...]:
    """Return the tables that a run directory keeps: contacts may be left out."""
    kept = _recorded_keep(directory)
    if kept is None:
        # Contacts are begun first, so where there is no folder of theirs nobody meant to keep them.
        kept = "all" if (directory / "contacts").is_dir() else "journeys"
    return tuple(name for name in TABLES if kept == "all" or name != "contacts")


def _recorded_keep(directory: Path) -> str | None:
    """Return what the record says is kept; None where there is no record, or none to be read."""
    try:
        record = json.loads((directory / "run.json").read_text(encoding="utf-8"))
        return str(record.get("keep", "all"))
    except (OSError, ValueError, AttributeError):
        return None


def read_table(path: Path) -> pa.Table:
    """Return a memory-mapped Arrow file as a table."""
    try:
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise RunError(
            f"{path}: not a readable Arrow file ({error}); delete it and run again"
        ) from error


def open_run(directory: str | Path) -> Run:
    """Open a run directory.

    Raises
    ------
    RunError
        If it is not a run directory, or has no finished replication.
    """
    place = local_path("directory", directory, instead=COPY_FIRST)
    if not place.is_dir():
        raise RunError(f"{place}: no such run directory; make one with `journeysim run SCENARIO`")
    try:
        record = json.loads((place / "run.json").read_text(encoding="utf-8"))
        scenario_toml = (place / "scenario.toml").read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise RunError(f"{place}: not a run directory ({error})") from error
    if not finished_replications(place):
        raise RunError(f"{place}: no replication was finished; run the scenario again")
    return Run(record, scenario_toml, place)
