"""Rows with named fields that compiled code reads and writes, and tables of them.

A record is declared as a class whose annotations are its fields, a part of memory as a class whose
annotations are arrays, records, tables of records, numbers and other parts. These declarations are
all there is: the type that numpy stores follows from them, and so do the words that tell compiled
code where an array lies and how long it is. `engine.records_in_numba` says what compiled code makes
of it; plain Python sees objects with the same attributes.
"""

from __future__ import annotations

from functools import cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    NamedTuple,
    Protocol,
    TypeVar,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

import numpy as np
from numpy.typing import NDArray

from journeysim.scenario.flat.flat_model import Number, Whole

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R", bound="Record")


class Record:
    """A row with named fields: whole or real numbers, 8 bytes each if not said otherwise."""


class Records(Protocol[R_co]):
    """A table of records. Compiled code asks for rows and the size alone; a row is at least 0."""

    @property
    def size(self) -> int:
        """How many rows there are."""

    @overload
    def __getitem__(self, row: int, /) -> R_co: ...
    @overload
    def __getitem__(self, column: str, /) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, rows: slice, /) -> Records[R_co]: ...
    def __setitem__(self, row: Any, record: Any, /) -> None:
        """Put in a row."""


class Field(NamedTuple):
    """What stands under a name of a part.

    Attributes
    ----------
    kind
        ``array``, ``records``, ``record``, ``part``, ``int`` or ``float``.
    type
        The class of a record or part, else None.
    dtype
        Of an array, a record or a number.
    axes
        Of an array.
    word
        Place of its first word within the part.
    """

    kind: str
    type: Any
    dtype: np.dtype[Any]
    axes: int
    word: int

    @property
    def words(self) -> int:
        """How many words say where it is: an address and lengths, or the number itself."""
        return words_of(self.type) if self.kind == "part" else 1 + self.axes


@cache
def dtype_of(record: type[Record]) -> np.dtype[Any]:
    """Return the type in which numpy stores a record."""
    fields = []
    for name, hint in get_type_hints(record, include_extras=True).items():
        if hasattr(np.record, name):
            # Plain Python would find numpy's attribute in place of the field.
            raise TypeError(
                f"{record.__name__}.{name}: rows of numpy have an attribute of this name"
            )
        narrow = get_args(hint)[1:] if get_origin(hint) is Annotated else (_PLAIN[hint],)
        fields.append((name, np.dtype(narrow[0])))
    return np.dtype(fields, align=True)


_PLAIN = {int: np.int64, float: np.float64}
_ARRAYS = {Whole: np.int64, Number: np.float64}
_NO_TYPE = np.dtype(np.int64)


@cache
def fields_of(part: type) -> dict[str, Field]:
    """Return what a part holds, by name."""
    found: dict[str, Field] = {}
    word = 0
    for name, hint in get_type_hints(part, include_extras=True).items():
        found[name] = _field(hint, word)
        word += found[name].words
    return found


@cache
def words_of(part: type) -> int:
    """Return how many words say where all of a part is."""
    return sum(field.words for field in fields_of(part).values())


def _field(hint: Any, word: int) -> Field:
    if hint in _PLAIN:
        return Field(hint.__name__, None, np.dtype(_PLAIN[hint]), 0, word)
    if get_origin(hint) is Annotated and isinstance(get_args(hint)[1], type):
        return _field(get_args(hint)[1], word)
    if get_origin(hint) is Annotated:
        kind, axes, *narrow = get_args(hint)
        dtype = narrow[0] if narrow else _ARRAYS[kind]
        return Field("array", None, np.dtype(dtype), len(axes.split()), word)
    if get_origin(hint) is Records:
        (record,) = get_args(hint)
        return Field("records", record, dtype_of(record), 1, word)
    if issubclass(hint, Record):
        return Field("record", hint, dtype_of(hint), 0, word)
    return Field("part", hint, _NO_TYPE, 0, word)


def table(record: type[R], rows: int) -> Records[R]:
    """Return a table of records, all zeros."""
    kind: Any = record
    made: Any = np.zeros(rows, dtype_of(kind)).view(np.recarray)
    return cast("Records[R]", made)


def single(record: type[R]) -> R:
    """Return one record, all zeros, to be set in a memory; there it is read and written."""
    return table(record, 1)[0]


class Memory:
    """A part that Python fills and compiled functions take: the arrays, and words that say where.

    A subclass annotates its fields. What is set under a name takes the place of what stood there;
    a compiled function sees it from its next call on. Every array is kept as long as this object.
    """

    if TYPE_CHECKING:  # Else they would count as fields.
        address: int
        _words: Whole
        _fields: dict[str, Field]

    def __init_subclass__(cls) -> None:
        """Read the annotations while the names in them are at hand."""
        part: Any = cls
        words_of(part)

    def __init__(self) -> None:
        part: Any = type(self)
        words = np.zeros(words_of(part), np.int64)
        kept = {"_words": words, "_fields": fields_of(part), "address": int(words.ctypes.data)}
        vars(self).update(kept)

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep an array, a table, a record of `single`, a number or a part under its name."""
        vars(self)[name] = _keep(self._words, self._fields[name], value, 0)

    def take_over(self, other: Memory) -> None:
        """Hold what another memory of this class holds, until something else is set."""
        self._words[:] = other._words
        names = self._fields.keys() & vars(other).keys()
        vars(self).update({name: vars(other)[name] for name in names})


def _keep(words: Whole, field: Field, value: Any, base: int) -> Any:
    """Write the words of a value, and return it as it is kept."""
    word = base + field.word
    if field.kind == "part":
        parts = fields_of(field.type)
        kept = [_keep(words, part, getattr(value, name), word) for name, part in parts.items()]
        return field.type(*kept)
    if field.kind in ("int", "float"):
        words[word : word + 1] = np.array([value], field.dtype).view(np.int64)
        return value
    if field.kind == "record":
        words[word] = value.__array_interface__["data"][0]
        return value
    array = np.ascontiguousarray(value, field.dtype).reshape(np.shape(value))
    words[word] = array.__array_interface__["data"][0]
    words[word + 1 : word + 1 + field.axes] = array.shape
    return array.view(np.recarray) if field.kind == "records" else array
