"""A run as its users know it: its scenario, its scores, and a directory for it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journeysim.arguments import (
    checked_level,
    local_path,
    one_of,
    one_or_several,
    one_or_several_words,
)
from journeysim.displays import Display
from journeysim.engine.replication import prepare
from journeysim.errors import MeasureError, RunError, did_you_mean
from journeysim.results.scores import Scores
from journeysim.scenario.scenario import Scenario
from journeysim.scenario.schema.world import World
from journeysim.tables.frames import arrow_stream, pandas_frame, polars_frame
from journeysim.tables.provenance import write_record, write_whole
from journeysim.tables.replication_files import ReplicationWriter
from journeysim.tables.run import TABLES, Replication, TableName
from journeysim.tables.run import Run as RunTables
from journeysim.tables.run import open_run as open_run_tables
from journeysim.units import format_duration

if TYPE_CHECKING:
    from journeysim.measures import Definitions

#: Of so many replications the rows are counted for what is shown; of more, files are left alone.
_COUNTED = 100


@dataclass(frozen=True, slots=True, repr=False)
class Run(RunTables):
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

    _scenario: Scenario | None = field(default=None, compare=False)

    @classmethod
    def of(cls, run: RunTables, scenario: Scenario | None = None) -> Run:
        """Return a run with all that its users ask of it."""
        if isinstance(run, Run):
            return run
        own = {each.name: getattr(run, each.name) for each in fields(RunTables)}
        return cls(**own, _scenario=scenario)

    @property
    def scenario(self) -> Scenario:
        """The scenario that it was made from."""
        return scenario_of(self)

    def score(
        self,
        *,
        by: str | Sequence[str] = ("channel",),
        measures: str | Sequence[str] | None = None,
        level: float = 0.95,
        **definitions: Any,
    ) -> Scores:
        """Return the measures of the run with intervals; see `journeysim.score`."""
        return scores_of(self, by=by, measures=measures, level=level, definitions=definitions)

    def write(self, directory: str | Path) -> Run:
        """Write the run to a new directory, with the same bytes as if it was simulated into it.

        Returns
        -------
        The run in the directory.

        Raises
        ------
        RunError
            If there is something already, it cannot be written, or nothing of the run was kept.
        """
        place = local_path("directory", directory)
        with _new_directory(place) as folder:
            for replication in self:
                _write_replication(replication, folder)
            write_whole(folder / "scenario.toml", self.scenario_toml)
            trace = prepare(self.scenario).trace
            if trace:
                write_whole(folder / "trace.arrow", trace)
            write_record(folder, self.record)
        return open_run(place)

    def to_pandas(self, table: TableName | None = None) -> Any:
        """Return a table as a pandas frame, or all by name (needs pandas)."""
        return self._frames(table, pandas_frame)

    def to_polars(self, table: TableName | None = None) -> Any:
        """Return a table as a Polars frame, or all by name (needs Polars)."""
        return self._frames(table, polars_frame)

    def _frames(self, table: TableName | None, frame: Any) -> Any:
        if table is None:
            return {name: frame(self.table(name)) for name in TABLES}
        return frame(self.table(one_of("table", table, TABLES)))

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Hand over the journeys as Arrow."""
        return arrow_stream(self.journeys, requested_schema)

    def __dir__(self) -> list[str]:
        hidden = ("held", "tallies", "of")
        return [name for name in object.__dir__(self) if name not in hidden]

    def __repr__(self) -> str:
        return self._display().text()

    def _repr_html_(self) -> str:
        return self._display().html()

    def _display(self) -> Display:
        record, numbers = self.record, self.replications
        made = f"{len(numbers)} replication" + ("" if len(numbers) == 1 else "s")
        time = World.model_validate(tomllib.loads(self.scenario_toml)).time
        span = f"{format_duration(time.horizon)} from {time.starts_on.capitalize()}"
        title = record.get("title")
        where = "in memory" if self.directory is None else f"in {self.directory}"
        return Display(
            title=f"Run of {record['scenario']}" + (f": {title}" if title else ""),
            sentence=f"{made} of {span}, seed {record['seed']}, {record['engine']} engine, "
            f"{record['status']}, {where}.",
            rows=[(name, text) for name, text in self._sizes(numbers)],
            note=".score(), .journeys, .contacts, .intervals, .scenario, .plot, .write(directory)",
        )

    def _sizes(self, numbers: Sequence[int]) -> Iterator[tuple[str, str]]:
        if len(numbers) > _COUNTED:
            return
        kept = [each for each in self if each.kept]
        for name in TABLES:
            if all(name in each.kept for each in kept) and kept:
                yield name, f"{sum(getattr(each, name).num_rows for each in kept):,} rows"
            else:
                yield name, "not kept"


def open_run(directory: str | Path) -> Run:
    """Open a run directory.

    Raises
    ------
    RunError
        If it is not a run directory, or has no finished replication.
    """
    return Run.of(open_run_tables(directory))


def scenario_of(run: RunTables) -> Scenario:
    """Return the scenario that a run was made from, out of the run itself."""
    known = run._scenario if isinstance(run, Run) else None
    if known is not None:
        return known
    document = tomllib.loads(run.scenario_toml)
    name = str(run.record["scenario"])
    if run.directory is None:
        # It was checked before it ran; its trace, if it has one, was never written.
        return Scenario(name, "<run>", document, World.model_validate(document))
    return Scenario.from_document(document, name=name, directory=run.directory)


def scores_of(
    run: RunTables,
    *,
    by: str | Sequence[str],
    measures: str | Sequence[str] | None,
    level: float,
    definitions: Mapping[str, Any],
) -> Scores:
    """Return the measures of a run, every argument checked."""
    from journeysim.measures import score_run

    checked = checked_level(level)
    dimensions = one_or_several_words("by", by)
    chosen = checked_definitions(definitions)
    table = score_run(
        run,
        scenario_of(run).world,
        by=dimensions,
        definitions=chosen,
        level=checked,
        measures=one_or_several(measures),
    )
    return Scores(table)


def checked_definitions(given: Mapping[str, Any]) -> Definitions:
    """Return definitions by their names.

    Raises
    ------
    MeasureError
        If there is none of a name.
    """
    from journeysim.measures import Definitions

    unknown = [name for name in given if name not in Definitions.__slots__]
    if unknown:
        raise MeasureError(
            f"no definition {unknown[0]!r}{did_you_mean(unknown[0], Definitions.__slots__)}"
        )
    return Definitions(**given)


@contextlib.contextmanager
def _new_directory(place: Path) -> Iterator[Path]:
    """Have a folder to write to that becomes a directory once all went well."""
    if place.exists() and not (place.is_dir() and not any(place.iterdir())):
        raise RunError(f"{place}: exists already; choose another directory")
    beside = place.absolute()
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        around = Path(tempfile.mkdtemp(prefix=f".{beside.name}-", dir=beside.parent))
    except OSError as error:
        raise RunError(f"{beside.parent}: cannot be written ({error.strerror or error})") from error
    try:
        folder = around / "run"
        folder.mkdir()
        yield folder
        folder.replace(beside)
    except OSError as error:
        raise RunError(f"{place}: cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(around, ignore_errors=True)


def _write_replication(replication: Replication, folder: Path) -> None:
    if not replication.kept:
        raise RunError("nothing was kept of this run, so there is nothing to write; keep='all'")
    with ReplicationWriter(replication.number, folder, replication.kept) as writer:
        for name in replication.kept:
            table = getattr(replication, name)
            writer.begin(name, table.schema)
            for batch in table.to_batches():
                writer.write(name, batch)
        writer.finish()
