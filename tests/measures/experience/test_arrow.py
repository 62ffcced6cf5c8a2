"""Arrow columns become arrays: views where nothing is missing, and the same scores either way."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeysim.errors import MeasureError, RunError
from journeysim.measures.experience import (
    columns_of,
    columns_of_lists,
    pieces_of,
    score_columns,
    score_journeys,
    scored_batches,
)
from journeysim.measures.experience.arrow_views import view_of
from journeysim.tables.columns import ContactOutcome, words
from tests.measures.experience.journeys import CHANNELS, journeys
from tests.naive.experience import MINUTE, Contact

OUTCOMES = words(ContactOutcome)


def category(cells: list[str | None], known: tuple[str, ...]) -> pa.Array:
    codes = pa.array([None if cell is None else known.index(cell) for cell in cells], pa.int8())
    return pa.DictionaryArray.from_arrays(codes, pa.array(known))


def contact_columns(contacts: list[Contact]) -> dict[str, pa.Array]:
    def ticks(name: str) -> pa.Array:
        return pa.array([getattr(each, name) for each in contacts], pa.int64()).view(
            pa.duration("us")
        )

    return {
        "channel": category([each.channel for each in contacts], CHANNELS),
        "outcome": category([each.outcome for each in contacts], OUTCOMES),
        "resolved": pa.array([each.resolved for each in contacts], pa.bool_()),
        "wait": ticks("wait"),
        "talk": ticks("handling"),
        "wrap_up": pa.nulls(len(contacts), pa.duration("us")),
        "entered": ticks("entered"),
    }


def tables(
    drawn: list[list[Contact]], batches: list[int] | None = None
) -> tuple[pa.Table, pa.Table]:
    """Return the tables of contacts, cut into batches of these sizes, and of journeys."""
    flat = [contact for journey in drawn for contact in journey]
    contacts = pa.table(contact_columns(flat))
    if batches is not None:
        edges = [*np.clip(np.cumsum([0, *batches]), 0, len(flat)).tolist(), len(flat)]
        parts = [contacts.slice(a, b - a) for a, b in itertools.pairwise(edges)]
        contacts = pa.concat_tables(parts)
    sizes = [len(journey) for journey in drawn]
    said = {
        "journey": pa.array(range(len(drawn)), pa.int64()),
        "segment": category(["retail"] * len(drawn), ("retail",)),
        "contacts": pa.array(sizes, pa.int32()),
        "first_contact": pa.array(np.cumsum([0, *sizes])[:-1], pa.int64()),
        "value": pa.array([float(place) for place in range(len(drawn))]),
    }
    return contacts, pa.table(said)


def address(column: pa.Array) -> int:
    return int(column.buffers()[1].address) + column.offset * column.type.bit_width // 8


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1, 2, 3], pa.int64()),
        pa.array([1, 2, 3], pa.int32()),
        pa.array([1, 2, 3], pa.int64()).view(pa.duration("us")),
        pa.array([1.0, 2.0], pa.float64()),
        pa.array([5, 1, 2, 3], pa.int64()).slice(1),
    ],
)
def test_a_full_column_is_a_view(column):
    view = view_of(column)
    assert view.ctypes.data == address(column)
    assert view.tolist() == column.cast(view.dtype.name).to_pylist()


def test_codes_are_unsigned_views():
    column = category(["b", "a", "b"], ("a", "b"))
    view = view_of(column)
    assert view.dtype == np.uint8
    assert view.ctypes.data == address(column.indices)
    assert view.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (pa.array([1, None], pa.int64()).view(pa.duration("us")), [1, -1]),
        (pa.array([7, None], pa.int32()), [7, -1]),
        (pa.array([True, None, False]), [True, False, False]),
        (category(["b", None], ("a", "b")), [1, 2]),
        (pa.array([2, None], pa.duration("s")), [2_000_000, -1]),
        (pa.array([1.5, None]), [1.5, None]),
    ],
)
def test_what_is_missing_has_its_sign(column, found):
    view = view_of(column)
    assert [None if each != each else each for each in view.tolist()] == found


def test_a_missing_category_of_many_words_does_not_wrap():
    known = tuple(str(number) for number in range(128))
    column = pa.DictionaryArray.from_arrays(pa.array([127, None], pa.int8()), pa.array(known))
    assert view_of(column).tolist() == [127, 128]


def test_lists_are_columns_too_and_give_the_same_scores():
    drawn = [[Contact(wait=MINUTE), Contact("chat", "abandoned", resolved=False)], [Contact()], []]
    contacts, said = tables(drawn)
    flat = columns_of(contacts, np.array([0, 2, 3, 3]), said)
    structs = pa.StructArray.from_arrays(
        [column.chunk(0) for column in contacts.columns], contacts.schema.names
    )
    lists = pa.ListArray.from_arrays(pa.array([0, 2, 3, 3], pa.int32()), structs)
    alone = columns_of_lists(pa.table({"value": said.column("value"), "contacts": lists}))
    assert alone["wait"].ctypes.data == flat["wait"].ctypes.data
    for name, column in score_columns(alone, measures=None).items():
        np.testing.assert_array_equal(column, score_columns(flat, measures=[name])[name])


def test_a_slice_of_lists_is_its_journeys():
    structs = pa.StructArray.from_arrays(
        [pa.array([1, 2, 3], pa.int64()).view(pa.duration("us"))], ["wait"]
    )
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 3], pa.int32()), structs)
    table = pa.table({"contacts": lists}).slice(1)
    assert score_columns(columns_of_lists(table), measures=["total_wait"])["total_wait"] == [5]


def test_a_journey_without_a_list_is_refused():
    table = pa.table({"contacts": pa.array([[{"wait": 1}], None])})
    with pytest.raises(MeasureError, match="1 journeys have no list"):
        columns_of_lists(table)
    with pytest.raises(MeasureError, match="no column 'rows'"):
        columns_of_lists(table, "rows")


@settings(deadline=None, max_examples=40)
@given(
    st.lists(journeys(longest=4), min_size=1, max_size=12),
    st.lists(st.integers(0, 9), max_size=8),
    st.integers(1, 5),
    st.integers(1, 3),
)
def test_scores_depend_on_no_batch_no_piece_and_no_thread(drawn, batches, piece, jobs):
    names = ["contacts", "total_wait", "total_handling", "peak_end", "effort", "anger"]
    whole = score_columns(
        columns_of(*_columns_arguments(drawn)),
        measures=names,
    )
    contacts, said = tables(drawn, batches)
    pieces = pieces_of(contacts, said, piece=piece)
    cut = pa.Table.from_batches(list(scored_batches(pieces, measures=names, jobs=jobs)))
    for name in names:
        column = cut.column(name)
        if pa.types.is_duration(column.type):
            column = column.cast(pa.int64())
        np.testing.assert_array_equal(column.to_numpy(), whole[name])


def _columns_arguments(drawn):
    contacts, said = tables(drawn)
    return contacts, np.cumsum([0, *map(len, drawn)]), said


def test_contacts_that_stand_elsewhere_are_refused():
    contacts, said = tables([[Contact()], [Contact()]])
    wrong = said.set_column(3, "first_contact", pa.array([0, 0], pa.int64()))
    with pytest.raises(RunError, match="do not stand where the journeys say"):
        list(pieces_of(contacts, wrong))
    with pytest.raises(RunError, match="contacts are missing"):
        list(pieces_of(contacts.slice(0, 1), said))


def test_columns_carry_their_meaning_and_what_they_rest_on():
    contacts, said = tables([[Contact()]])
    scored = score_journeys(columns_of(contacts, np.array([0, 1]), said))
    field = scored.schema.field("peak_end")
    assert field.metadata[b"unit"] == b"score"
    assert b"wait.beta = 0.9 (M)" in field.metadata[b"rests on assumptions"]
    assert b"valence.loss_aversion" not in field.metadata[b"rests on assumptions"]
    assert b"rests on assumptions" not in scored.schema.field("total_wait").metadata
    assert scored.column("total_wait").type == pa.duration("us")
    assert scored.column("valence_trend").to_pylist() == [None]


def test_what_a_log_lacks_is_absent_and_not_zero():
    contacts, said = tables([[Contact()]])
    scored = score_journeys(columns_of(contacts, np.array([0, 1]), said))
    names = set(scored.schema.names)
    assert {"peak_end", "value_at_risk", "tried_online_first"} <= names
    for absent in ("dwell_time", "basket_left", "mail_opened", "banners_before_buying"):
        assert absent not in names
    less = columns_of(contacts.drop_columns(["entered"]), np.array([0, 1]))
    assert {"anger", "value_at_risk"}.isdisjoint(score_journeys(less).schema.names)
    with pytest.raises(MeasureError, match="'anger' needs the column entered"):
        score_journeys(less, measures=["anger"])


@pytest.mark.parametrize("first", [0, 1, 7, 8, 13])
@pytest.mark.parametrize("rows", [1, 8, 63, 200])
def test_what_stands_where_a_time_is_missing_does_not_matter(first, rows):
    rng = np.random.default_rng(rows)
    size = first + rows
    ticks, is_there = rng.integers(0, 10**9, size), rng.random(size) < 0.5
    # Arrow leaves open what stands there: here it is a time like any other.
    garbage = pa.Array.from_buffers(
        pa.duration("us"),
        size,
        [pa.py_buffer(np.packbits(is_there, bitorder="little")), pa.py_buffer(ticks)],
    )
    clean = pa.array(np.where(is_there, ticks, -1))
    names = ["total_handling", "perceived_wait", "mean_valence", "churn_probability"]

    def scored(column: pa.Array) -> dict[str, np.ndarray]:
        contacts = pa.table(
            {
                "channel": pa.array(["phone"] * size).dictionary_encode(),
                "outcome": pa.array(["served_resolved"] * size).dictionary_encode(),
                "resolved": pa.array(np.arange(size) % 3 == 0),
                "wait": pa.array(ticks),
                "talk": column,
                "wrap_up": column,
                "announced_wait": column,
            }
        )
        part = columns_of(contacts.slice(first, rows), np.arange(rows + 1))
        return score_columns(part, measures=names)

    found, wanted = scored(garbage), scored(clean)
    for name in names:
        np.testing.assert_array_equal(found[name], wanted[name], err_msg=name)
