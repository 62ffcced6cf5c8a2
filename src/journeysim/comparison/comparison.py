"""A comparison: its tables and its record, in memory or in a directory."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import pyarrow as pa

from journeysim.arguments import COPY_FIRST, local_path, one_of
from journeysim.comparison.comparison_display import comparison_display
from journeysim.comparison.comparison_files import read_file, write_table
from journeysim.comparison.difference import Difference, difference_named
from journeysim.errors import CompareError, RunError
from journeysim.measures.portrait import PORTRAIT_TABLES, Portrait
from journeysim.tables.attached import attached
from journeysim.tables.frames import arrow_stream, pandas_frame, polars_frame
from journeysim.wording.sentences import headline_rows, sentences

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

#: Raised with every change of the layout of a comparison directory.
LAYOUT: Final = 1
RECORD: Final = "comparison.json"
TABLES: Final = (
    "differences",
    "headline",
    "best",
    "scores",
    "customers",
    "customer_counts",
    "told_journeys",
    "told_contacts",
)
#: There only where the uncertain inputs were drawn.
INPUTS: Final = "input_uncertainty.arrow"
#: What has to be equal for a directory to be written again.
_IDENTITY: Final = ("baseline", "variants", "seed", "versions")


TableName = Literal[
    "differences",
    "headline",
    "best",
    "scores",
    "customers",
    "customer_counts",
    "input_uncertainty",
]


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """What differs between a baseline and its variants, and how sure that is.

    Attributes
    ----------
    record
        What was compared and how: names, changes, seed, replications, level, definitions,
        precision, versions.
    differences
        A row per variant, measure and group: baseline, value, difference and its interval,
        p-values, variance reduction; see its column meanings.
    headline
        The same by channel, whatever the breakdown asked for: what the sentences are made of.
    best
        A row per measure, group and scenario: how far it is from the best of the others.
    scores
        A row per scenario, measure, group and replication.
    customers
        How many customers are better and worse off, as means over replications with intervals.
    customer_counts
        The same by replication.
    told_journeys, told_contacts
        A customer who is worse off and one who is better off, for each variant, with columns
        `variant`, `side` (baseline or variant), `change` and `replication` before those of a run.
    scenarios
        Each scenario as a file, by name, the baseline first.
    input_uncertainty
        A row per scenario, measure and group: what chance makes of it, and what the uncertain
        inputs do; None if they were not drawn.
    portraits
        What each scenario looked like, by name; empty unless asked for.
    """

    record: Mapping[str, Any]
    differences: pa.Table
    headline: pa.Table
    best: pa.Table
    scores: pa.Table
    customers: pa.Table
    customer_counts: pa.Table
    told_journeys: pa.Table
    told_contacts: pa.Table
    scenarios: Mapping[str, str]
    input_uncertainty: pa.Table | None = None
    portraits: Mapping[str, Portrait] = field(default_factory=dict)

    @property
    def sentences(self) -> list[str]:
        """The answer in plain words, one sentence per variant."""
        return sentences(self.record, headline_rows(self.headline.to_pylist()))

    @property
    def plot(self) -> Any:
        """Its charts, each as a matplotlib figure: ``answer.plot.forest()``."""
        return attached("plot", self)

    @property
    def variants(self) -> list[str]:
        """Names of the variants."""
        return [variant["name"] for variant in self.record["variants"]]

    @property
    def reached(self) -> bool:
        """Whether every precision asked for was reached; True where none was."""
        return all(target["reached"] for target in self.record["precision"])

    def difference(self, name: str, *, variant: str | None = None) -> Difference:
        """Return a difference by name: ``"phone.service_level"``, or ``"resolved"``.

        Parameters
        ----------
        name
            A measure, and before it what it is about: a channel, or a pool, segment ... by which
            it is broken down.
        variant
            Which variant; needed where there are several.

        Raises
        ------
        CompareError
            If there is no such variant, or there are several and none is named.
        MeasureError
            If there is no such measure or group, or there are several.
        """
        tables = (self.differences, self.headline)
        return difference_named(tables, name, variants=self.variants, variant=variant)

    def to_pandas(self, table: TableName = "differences") -> pd.DataFrame:
        """Return a table, that of the differences unless another is named, as a pandas frame."""
        return pandas_frame(self._table(table))

    def to_polars(self, table: TableName = "differences") -> pl.DataFrame:
        """Return a table, that of the differences unless another is named, as a Polars frame."""
        return polars_frame(self._table(table))

    def _table(self, name: TableName) -> pa.Table:
        found = getattr(self, one_of("table", name, get_args(TableName)))
        if found is None:
            raise CompareError("the inputs were not drawn; compare with input_draws=30")
        return found

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Hand over the differences as Arrow."""
        return arrow_stream(self.differences, requested_schema)

    def __dir__(self) -> list[str]:
        hidden = ("told_journeys", "told_contacts", "write_into")
        return [name for name in object.__dir__(self) if name not in hidden]

    def __repr__(self) -> str:
        return comparison_display(self.record, self.sentences, self.headline).text()

    def _repr_html_(self) -> str:
        return comparison_display(self.record, self.sentences, self.headline).html()

    def write(self, directory: str | Path) -> None:
        """Write the comparison to a directory, complete or not at all.

        Raises
        ------
        RunError
            If it cannot be written, or holds something else.
        """
        with writing(local_path("directory", directory), self.record) as folder:
            self.write_into(folder)

    def write_into(self, folder: Path) -> None:
        """Write all files into a folder that is not yet in its place."""
        for name in TABLES:
            write_table(getattr(self, name), folder / f"{name}.arrow")
        if self.input_uncertainty is not None:
            write_table(self.input_uncertainty, folder / INPUTS)
        for number, (name, toml) in enumerate(self.scenarios.items()):
            path = folder / "scenarios" / f"{number}.toml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"# {name}\n{toml}".replace("\r", ""), encoding="utf-8")
        for number, portrait in enumerate(self.portraits.values()):
            for name in PORTRAIT_TABLES:
                write_table(getattr(portrait, name), _portrait_path(folder, number, name))
        text = json.dumps(
            {**self.record, "sentences": self.sentences}, indent=2, ensure_ascii=False
        )
        (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def check_place(directory: Path, record: Mapping[str, Any] | None = None) -> None:
    """Refuse a directory that holds something else than the same comparison.

    Raises
    ------
    RunError
        Saying what it holds.
    """
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return
    remedy = "choose another directory with --out"
    if not (directory / RECORD).is_file():
        raise RunError(f"{directory}: exists and is not a comparison; {remedy}")
    if record is not None:
        before = _read_record(directory)
        if any(before.get(key) != record.get(key) for key in _IDENTITY):
            raise RunError(f"{directory}: holds another comparison; {remedy}")


@contextlib.contextmanager
def writing(directory: Path, record: Mapping[str, Any]) -> Iterator[Path]:
    """Have a folder to write to that takes the place of a directory once all went well.

    Raises
    ------
    RunError
        If it cannot be written, or the directory holds something else.
    """
    check_place(directory, record)
    with partial_folder(directory) as folder:
        yield folder
        put_in_place(folder, directory)


@contextlib.contextmanager
def partial_folder(directory: Path) -> Iterator[Path]:
    """Have a hidden folder beside a directory; what is left of it in the end is removed."""
    beside = directory.absolute()
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(prefix=f".{beside.name}-", suffix=".partial", dir=beside.parent)
    except OSError as error:
        raise RunError(f"{beside.parent}: cannot be written ({error.strerror or error})") from error
    try:
        inside = Path(folder) / "comparison"
        inside.mkdir()
        yield inside
    except OSError as error:
        raise RunError(f"{directory}: cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(folder: Path, directory: Path) -> None:
    """Let a complete folder take the place of a directory; the one before goes with the rest."""
    if directory.exists():
        directory.rename(folder.parent / "before")
    folder.rename(directory)
    _sync(directory.absolute().parent)


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def is_comparison(place: str | Path) -> bool:
    """Return whether a directory holds a comparison."""
    return (Path(place) / RECORD).is_file()


def open_comparison(directory: str | Path) -> Comparison:
    """Open a comparison directory; its tables are memory-mapped.

    Raises
    ------
    CompareError
        If it is none, is damaged, or was written by a later program.
    """
    place = local_path("directory", directory, instead=COPY_FIRST)
    if not is_comparison(place):
        raise CompareError(f"{place}: not a comparison, it has no {RECORD}")
    record = _read_record(place)
    if record.get("layout") != LAYOUT:
        raise CompareError(
            f"{place}: has layout {record.get('layout')!r}, and this program reads layout {LAYOUT}"
        )
    names = [record["baseline"]["name"], *(each["name"] for each in record["variants"])]
    scenarios = {}
    for number, name in enumerate(names):
        path = place / "scenarios" / f"{number}.toml"
        try:
            scenarios[name] = path.read_text(encoding="utf-8").partition("\n")[2]
        except OSError as error:
            raise CompareError(f"{path}: cannot be read ({error.strerror})") from error
    tables = {name: read_file(place / f"{name}.arrow") for name in TABLES}
    inputs = read_file(place / INPUTS) if (place / INPUTS).is_file() else None
    return Comparison(
        record=record,
        scenarios=scenarios,
        input_uncertainty=inputs,
        portraits=_read_portraits(place, names),
        **tables,
    )


def _portrait_path(folder: Path, number: int, name: str) -> Path:
    return folder / "portraits" / str(number) / f"{name}.arrow"


def _read_portraits(place: Path, names: Sequence[str]) -> dict[str, Portrait]:
    if not (place / "portraits").is_dir():
        return {}
    return {
        scenario: Portrait(
            **{name: read_file(_portrait_path(place, number, name)) for name in PORTRAIT_TABLES}
        )
        for number, scenario in enumerate(names)
    }


def _read_record(place: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads((place / RECORD).read_text(encoding="utf-8"))
        record.pop("sentences", None)
    except (OSError, ValueError, AttributeError) as error:
        raise CompareError(f"{place}: {RECORD} is damaged ({error})") from None
    return record
