"""Comparing what two engines make of the same replication: every byte, or the first difference."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from journeysim.engine.engine_choice import Engine
from journeysim.errors import RunError
from journeysim.runs.grid import Simulation
from journeysim.tables.provenance import versions
from journeysim.tables.replication_files import ReplicationWriter
from journeysim.tables.run import TABLES, Replication, read_table, table_path
from journeysim.types import ReportShare

_BLOCK = 1 << 20
#: What the record of a run says if both engines made the same.
AGREED: Final = "agreed"


@contextlib.contextmanager
def twin_folder(wanted: bool, directory: Path | None) -> Iterator[Path | None]:  # noqa: FBT001
    """Have a folder beside a run for its twin while both are compared."""
    if not wanted or directory is None:
        yield None
        return
    beside = directory.absolute()
    try:
        folder = tempfile.TemporaryDirectory(
            prefix=f".{beside.name}-twin-", dir=beside.parent, ignore_cleanup_errors=True
        )
    except OSError as error:
        raise RunError(f"{beside.parent}: cannot be written ({error.strerror})") from error
    with folder as name:
        yield Path(name)


@dataclass(slots=True)
class TwinCheck:
    """Makes replications again by the other engine.

    Attributes
    ----------
    simulation
        What made those that are kept.
    directory, twins
        Folders of the run and of its twin; None in memory.
    missing
        Numbers of the replications that are made now; those that were there before are made again
        by both engines.
    found
        The first difference.
    """

    simulation: Simulation
    directory: Path | None
    twins: Path | None
    missing: frozenset[int]
    found: str | None = None

    def check(self, number: int, tables: Replication | None, report: ReportShare) -> None:
        """Compare a replication with its twin.

        Raises
        ------
        RunError
            If they differ; the text says what to do.
        """
        again: list[Engine] = ["reference", "compiled"]
        for engine in again[:1] if number in self.missing else again:
            found = self._difference(
                number, tables, replace(self.simulation, engine=engine), report
            )
            if found:
                self.found = self.found or found
                raise RunError(
                    f"the engines disagree: {found}\n"
                    f"  (kept: {self.simulation.engine}, then its twin: {engine}; seed "
                    f"{self.simulation.seed}, journeysim {versions()['journeysim']}). This is a "
                    f"fault of journeysim: please report these lines with {self._scenario()}; "
                    "until then, use --engine reference"
                )

    def _difference(
        self, number: int, tables: Replication | None, other: Simulation, report: ReportShare
    ) -> str | None:
        directory, twins = self.directory, self.twins
        if directory is None or twins is None:
            assert tables is not None
            return difference_in_memory(tables, other.replication(number, report))
        other.into(lambda each: ReplicationWriter(each, twins), number, report)
        found = difference_of_files(number, directory, twins)
        remove_files(number, twins)
        return found

    def _scenario(self) -> str:
        return f"{self.directory}/scenario.toml" if self.directory else "the scenario's file"


def difference_of_files(number: int, kept: Path, twin: Path) -> str | None:
    """Return the first difference between a replication in two run directories, or None."""
    for name in TABLES:
        paths = table_path(kept, name, number), table_path(twin, name, number)
        if not _same_bytes(*paths):
            found = _difference_of_tables(*(read_table(path) for path in paths))
            return f"replication {number}, {name}, {found or 'same rows in other bytes'}"
    return None


def difference_in_memory(kept: Replication, twin: Replication) -> str | None:
    """Return the first difference between the tables of a replication, or None."""
    for name in TABLES:
        found = _difference_of_tables(getattr(kept, name), getattr(twin, name))
        if found:
            return f"replication {kept.number}, {name}, {found}"
    return None


def remove_files(number: int, directory: Path) -> None:
    """Remove a replication that has been compared."""
    for name in TABLES:
        table_path(directory, name, number).unlink(missing_ok=True)


def _same_bytes(first: Path, second: Path) -> bool:
    if first.stat().st_size != second.stat().st_size:
        return False
    with first.open("rb") as one, second.open("rb") as other:
        while block := one.read(_BLOCK):
            if block != other.read(_BLOCK):
                return False
    return True


def _difference_of_tables(kept: pa.Table, twin: pa.Table) -> str | None:
    """Return the column and row of the first difference, by row; None if there is none."""
    if not kept.schema.equals(twin.schema, check_metadata=True):
        return "the schema"
    rows = min(kept.num_rows, twin.num_rows)
    places = [
        (row, index)
        for index in range(kept.num_columns)
        if (row := _first_row(kept.column(index)[:rows], twin.column(index)[:rows])) >= 0
    ]
    if places:
        row, index = min(places)
        values = (str(table.column(index)[row]) for table in (kept, twin))
        return f"column {kept.column_names[index]}, row {row}: {' and '.join(values)}"
    if kept.num_rows != twin.num_rows:
        return f"row {rows}: {kept.num_rows} rows and {twin.num_rows}"
    return None


def _first_row(kept: pa.ChunkedArray, twin: pa.ChunkedArray) -> int:
    """Return the first row in which two columns differ, -1 if in none."""
    if kept.equals(twin):
        return -1
    one, other = _plain(kept), _plain(twin)
    either = pc.or_(pc.is_null(one), pc.is_null(other))
    differ: Any = pc.if_else(
        either, pc.not_equal(pc.is_null(one), pc.is_null(other)), pc.not_equal(one, other)
    )
    return int(pc.index(differ, pa.scalar(True)).as_py())


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    return column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column
