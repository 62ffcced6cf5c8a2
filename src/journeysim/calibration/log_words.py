"""The words of a log: outcomes, needs, segments, channels, and names of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from journeysim.calibration.column_map import OUTCOMES, plain_name
from journeysim.calibration.contact_log import ABANDONED, SERVED, UNKNOWN, Codes, Flags
from journeysim.calibration.outcome_words import outcome_of
from journeysim.errors import LogError
from journeysim.input_tables.column import InputColumn, plain_array

_MOST_WORDS = 5000
_BLANK = {"", "nan", "none", "null"}


@dataclass(frozen=True, slots=True)
class WordTaken:
    """A word of the log and what it was taken for, with the rows that hold it."""

    part: str
    word: str
    meaning: str
    rows: int


def word_codes(column: InputColumn) -> tuple[Codes, list[str]]:
    """Return a code per row, UNKNOWN where empty, and the words by code."""
    texts = column.cells.cast(pa.string())
    texts = pc.utf8_trim_whitespace(texts)
    array = texts.dictionary_encode().unify_dictionaries().combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0)
    found = np.asarray(array.indices.fill_null(UNKNOWN).to_numpy(zero_copy_only=False), np.int64)
    return found, [str(word) for word in array.dictionary.to_pylist()]


def coded(
    column: InputColumn | None, renamed: Mapping[str, str], rows: int
) -> tuple[Codes, tuple[str, ...]]:
    """Return codes of a column's words, which the map may group, and the words by code.

    Whole numbers of many people are their own codes, and have no words.
    """
    if column is None:
        return np.full(rows, UNKNOWN, np.int64), ()
    numbers = None if renamed else _whole_numbers(column)
    if numbers is not None and numbers.max(initial=0) > _MOST_WORDS:
        return numbers, ()
    codes, words = word_codes(column)
    own = [renamed.get(word, word) for word in words]
    known = {word for word in own if word.lower() not in _BLANK}
    order = {word: code for code, word in enumerate(sorted(known))}
    by_word = np.array([*(order.get(word, UNKNOWN) for word in own), UNKNOWN])
    return by_word[codes].astype(np.int64), tuple(order)


def _whole_numbers(column: InputColumn) -> Codes | None:
    """Return whole numbers, written plainly; None if the cells are anything else."""
    cells: pa.ChunkedArray | pa.Array = column.cells
    if column.is_text:
        cells = column.texts()
        plain = pc.match_substring_regex(cells, r"^(0|[1-9]\d{0,17})$")
        if not pc.all(plain).as_py() or cells.null_count == len(cells):
            return None
        cells = cells.cast(pa.int64())
    elif not pa.types.is_integer(cells.type) or (pc.min(cells).as_py() or 0) < UNKNOWN:
        return None
    return plain_array(cells)


def words_taken(part: str, codes: Codes, words: Sequence[str]) -> list[WordTaken]:
    """Return each word of a part with the number of its rows, the most frequent first."""
    counts = np.bincount(codes[codes != UNKNOWN], minlength=len(words))
    order = np.argsort(-counts, kind="stable")
    return [WordTaken(part, words[code], words[code], int(counts[code])) for code in order]


def outcomes(
    column: InputColumn | None, mapped: Mapping[str, str], rows: int
) -> tuple[Codes, dict[str, Flags], list[WordTaken]]:
    """Return how contacts ended, rows that are no contact with an agent, and the words taken.

    Raises
    ------
    LogError
        If nobody knows what a word means.
    """
    if column is None:
        return np.full(rows, SERVED, np.int64), {}, []
    codes, words = word_codes(column)
    meanings = [_meaning(column, word, mapped) for word in words]
    numbers = {"served": SERVED, "abandoned": ABANDONED, "left_out": 2}
    by_word = np.array([*(numbers[own] for own in meanings), 2], np.int64)
    blank = np.array([*(not word for word in words), True])
    codes = np.where(blank[codes], UNKNOWN, codes)
    reasons = {
        f"outcome {word}: neither served nor abandoned": codes == code
        for code, (word, own) in enumerate(zip(words, meanings, strict=True))
        if own == "left_out" and word
    }
    if (codes == UNKNOWN).any():
        reasons["no outcome"] = codes == UNKNOWN
    counts = np.bincount(codes[codes != UNKNOWN], minlength=len(words))
    taken = [
        WordTaken("outcome", word, own.replace("_", " "), int(count))
        for word, own, count in zip(words, meanings, counts, strict=True)
        if word
    ]
    return by_word[codes], reasons, sorted(taken, key=lambda each: -each.rows)


def _meaning(column: InputColumn, word: str, mapped: Mapping[str, str]) -> str:
    if not word:
        return "left_out"
    found = outcome_of(word, mapped, plain_name(column.name))
    if found is None:
        raise LogError(
            f"{column.table.source}: what does the outcome {word!r} mean "
            f"({', '.join(OUTCOMES)})? Say it: --map outcome.served={word}"
        )
    return found
