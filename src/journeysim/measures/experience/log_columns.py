"""The columns of a log from outside in the words and units of kernels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from journeysim.errors import MeasureError, did_you_mean
from journeysim.measures.experience.arrow_views import is_list_of_structs
from journeysim.tables.columns import ContactOutcome, words
from journeysim.units import SECOND

SPANS = ("wait", "handling", "talk", "wrap_up", "announced_wait", "dwell")
MOMENTS = ("entered", "started", "ended")
CATEGORIES = ("channel", "touchpoint", "outcome", "pool", "handler", "cause")
#: Columns that say something of the whole journey: its first row counts.
OF_JOURNEY = (
    "customer",
    "segment",
    "need",
    "value",
    "trust",
    "proactive",
    "switching_cost",
)
FLAGS = ("resolved", "proactive", "bought", "basket_open", "mail_opened", "mail_clicked")
_NUMBERS = ("value", "trust", "switching_cost")


@dataclass(frozen=True, slots=True)
class LogMap:
    """How the columns of a log are called and measured.

    Attributes
    ----------
    columns
        Name here: name there, such as ``{"customer": "cust_id"}``.
    words
        Outcomes there: outcome here, such as ``{"ABN": "abandoned"}``.
    unit
        Of times that are bare numbers, ticks.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    unit: int = SECOND

    def __post_init__(self) -> None:
        known = words(ContactOutcome)
        for word in self.words.values():
            if word not in known:
                raise MeasureError(f"no outcome {word!r}{did_you_mean(word, known)}")


def with_own_names(batch: pa.RecordBatch | pa.Table, log: LogMap) -> pa.Table:
    """Return a batch with the names of the map.

    Raises
    ------
    MeasureError
        If the map names a column that the log lacks.
    """
    names = list(batch.schema.names)
    inside = [each.name for field in batch.schema for each in _listed(field.type)]
    for own, other in log.columns.items():
        if other not in (*names, *inside):
            listed = ", ".join([*names, *inside])
            raise MeasureError(
                f"--map {own}={other}: the log has no column {other!r}, but {listed}"
            )
    table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
    return renamed(table, log)


def _listed(kind: pa.DataType) -> list[pa.Field]:
    return list(kind.value_type) if is_list_of_structs(kind) else []


def renamed(table: pa.Table, log: LogMap) -> pa.Table:
    """Return a table with the names of the map, where it has their columns.

    A column that has a name here already gives way to the one that is mapped to it.
    """
    names = list(table.schema.names)
    other_names = {other: own for own, other in log.columns.items() if other in names}
    taken = set(other_names.values())
    kept = [name for name in names if name in other_names or name not in taken]
    return table.select(kept).rename_columns([other_names.get(name, name) for name in kept])


def normalised(table: pa.Table, log: LogMap) -> pa.Table:
    """Return a table whose columns have the types of a run: ticks, categories, flags.

    A wait that is missing is taken from when contacts entered, started and ended.

    Raises
    ------
    MeasureError
        If a column cannot be read as what its name says.
    """
    columns = {}
    for name in table.schema.names:
        kind = table.schema.field(name).type
        if is_list_of_structs(kind):
            continue
        columns[name] = _normal(name, table.column(name), log)
    if "wait" not in columns and {"entered", "started"} <= set(columns):
        until = columns["started"]
        if "ended" in columns:
            until = pc.coalesce(until, columns["ended"])
        columns["wait"] = pc.subtract(until, columns["entered"])
    if "handling" not in columns and "talk" in columns and "wrap_up" not in columns:
        columns["handling"] = columns["talk"]
    if "handling" not in columns and {"started", "ended"} <= set(columns) and "talk" not in columns:
        columns["handling"] = pc.subtract(columns["ended"], columns["started"])
    return pa.table(columns)


def _normal(name: str, column: pa.ChunkedArray, log: LogMap) -> pa.ChunkedArray:
    kind = column.type
    try:
        if name in (*SPANS, *MOMENTS):
            return _ticks(column, log.unit)
        if name in FLAGS and not pa.types.is_boolean(kind):
            return pc.not_equal(column, 0)
        if name in _NUMBERS:
            return column.cast(pa.float64())
        if name == "outcome":
            return _outcomes(column, log)
        if name in CATEGORIES:
            return _category(column)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, TypeError) as error:
        what = "a time" if name in (*SPANS, *MOMENTS) else "a flag" if name in FLAGS else "a number"
        raise MeasureError(
            f"column {name!r}: {str(error).splitlines()[0]}; it must be {what}, not {kind}"
        ) from error
    return column


def _ticks(column: pa.ChunkedArray, unit: int) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us", kind.tz), safe=False).cast(pa.int64())
    if pa.types.is_time(kind):
        return column.cast(pa.time64("us")).cast(pa.int64())
    if pa.types.is_duration(kind):
        return column.cast(pa.duration("us"), safe=False).cast(pa.int64())
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        if pa.types.is_null(kind):
            return column.cast(pa.int64())
        raise TypeError("it holds texts")
    ticks = pc.multiply(column.cast(pa.float64()), float(unit))
    return pc.round(ticks).cast(pa.int64())


def _category(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.cast(pa.dictionary(pa.int32(), pa.string())).unify_dictionaries()
    return column.cast(pa.string()).dictionary_encode().unify_dictionaries()


def _outcomes(column: pa.ChunkedArray, log: LogMap) -> pa.ChunkedArray:
    known = words(ContactOutcome)
    joined = _category(column).combine_chunks()
    array = joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined
    codes = []
    for word in array.dictionary.to_pylist():
        own = log.words.get(word, str(word).strip().lower().replace(" ", "_").replace("-", "_"))
        if own not in known:
            example = f"--map outcome.abandoned={word}"
            raise MeasureError(
                f"column 'outcome': no outcome {word!r}; say which it is, e.g. {example}; "
                f"known: {', '.join(known)}"
            )
        codes.append(known.index(own))
    indices = pa.array(codes, pa.int8()).take(array.indices)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(indices, pa.array(known, pa.string()))])
