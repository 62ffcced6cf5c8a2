"""A run: the tables of its replications, in memory or in a directory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from journeysim.errors import RunError
from journeysim.tables.attached import attached

if TYPE_CHECKING:
    import pandas as pd

TableName = Literal["journeys", "contacts", "intervals"]
TABLES: tuple[TableName, ...] = ("journeys", "contacts", "intervals")


@dataclass(frozen=True, slots=True)
class Replication:
    """What one replication left behind.

    Attributes
    ----------
    number
        Its number under the seed, from 0.
    journeys, contacts, intervals
        Arrow tables; see `journeysim.tables.columns`.
    """

    number: int
    journeys: pa.Table
    contacts: pa.Table
    intervals: pa.Table


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

    @property
    def replications(self) -> list[int]:
        """Return the numbers of the finished replications, rising."""
        if self.directory is None:
            return sorted(self.held)
        return finished_replications(self.directory)

    def replication(self, number: int) -> Replication:
        """Return the tables of one replication; files are memory-mapped, not read."""
        if number in self.held:
            return self.held[number]
        if self.directory is None or number not in self.replications:
            raise RunError(f"{self.directory or 'this run'} has no replication {number}")
        tables = {name: read_table(table_path(self.directory, name, number)) for name in TABLES}
        return Replication(number, **tables)

    def __iter__(self) -> Iterator[Replication]:
        """Yield the replications one by one, so that one at a time is in memory."""
        for number in self.replications:
            yield self.replication(number)

    def table(self, name: TableName) -> pa.Table:
        """Return a table over all replications, with a first column `replication`."""
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

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Return the three tables as pandas frames, by name (needs pandas)."""
        return {name: self.table(name).to_pandas() for name in TABLES}


def table_path(directory: Path, name: str, replication: int) -> Path:
    """Return where a table of a replication stands in a run directory."""
    return directory / name / f"rep={replication:04d}.arrow"


def finished_replications(directory: Path) -> list[int]:
    """Return the numbers of the replications of which every table is complete, rising."""
    found = [
        {int(path.stem.removeprefix("rep=")) for path in (directory / name).glob("rep=*.arrow")}
        for name in TABLES
    ]
    return sorted(set.intersection(*found))


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
    place = Path(directory)
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
