"""Made-up journeys: the tables of a run, and what holds in a run."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from journeysim import RunError
from journeysim.tables.columns import CONTACTS, JOURNEYS, Cause, ContactOutcome, schema, words
from journeysim.tables.run import read_table, table_path
from journeysim.tables.synthetic_journeys import (
    BATCH_JOURNEYS,
    generated_journeys,
    write_generated_journeys,
)

MADE = generated_journeys(20_000, seed=4)


def numbers(table, name, missing=-1):
    column = table.column(name).combine_chunks()
    if pa.types.is_duration(column.type):
        column = column.view(pa.int64())
    if pa.types.is_dictionary(column.type):
        column = column.indices
    return column.fill_null(missing).to_numpy(zero_copy_only=False)


def column(name):
    return numbers(MADE.contacts, name)


FIRST = column("contact") == 1
LAST = np.append(FIRST[1:], True)
STARTS = np.flatnonzero(FIRST)


def test_tables_have_the_schema_of_a_run():
    assert MADE.journeys.schema.equals(schema(JOURNEYS), check_metadata=True)
    assert MADE.contacts.schema.equals(schema(CONTACTS), check_metadata=True)
    MADE.journeys.validate(full=True)
    MADE.contacts.validate(full=True)


def test_journeys_have_three_and_a_half_contacts_in_the_mean_and_some_have_many():
    contacts = numbers(MADE.journeys, "contacts")
    error = contacts.std() / np.sqrt(len(contacts))
    assert abs(contacts.mean() - 3.5) < 4 * error
    assert contacts.min() == 1
    assert contacts.max() > 20


def test_everything_that_can_happen_happens():
    assert set(column("outcome")) | {ContactOutcome.SUPERSEDED} == set(ContactOutcome)
    assert set(column("cause")) | {Cause.CHASE} == set(Cause)
    assert len(MADE.contacts["channel"].combine_chunks().dictionary) == 8
    assert len(set(column("channel"))) == 8
    for name in ("started", "ended", "talk", "wrap_up", "announced_wait", "pool"):
        assert 0 < MADE.contacts[name].null_count < MADE.contacts.num_rows


def test_journeys_say_where_their_contacts_are():
    assert numbers(MADE.journeys, "journey").tolist() == list(range(20_000))
    assert np.array_equal(numbers(MADE.journeys, "first_contact"), STARTS)
    counts = np.diff(np.append(STARTS, MADE.contacts.num_rows))
    assert np.array_equal(numbers(MADE.journeys, "contacts"), counts)
    assert np.array_equal(column("journey"), np.repeat(np.arange(20_000), counts))
    assert np.array_equal(column("contact"), np.arange(len(FIRST)) - np.repeat(STARTS, counts) + 1)
    for name in ("customer", "segment", "need"):
        assert np.array_equal(column(name), np.repeat(numbers(MADE.journeys, name), counts))


def test_journeys_are_the_sums_of_their_contacts():
    moved = ~FIRST & (column("channel") != np.roll(column("channel"), 1))
    for name, values in [
        ("switches", moved.astype(np.int64)),
        ("wait", column("wait")),
        (
            "handling",
            np.where(column("pool") >= 0, numbers(MADE.contacts, "talk", 0) + column("wrap_up"), 0),
        ),
    ]:
        assert np.array_equal(numbers(MADE.journeys, name), np.add.reduceat(values, STARTS)), name


def test_times_fit_together():
    entered, started, ended, wait = (
        column(name) for name in ("entered", "started", "ended", "wait")
    )
    assert np.array_equal(numbers(MADE.journeys, "arrived"), entered[FIRST])
    assert np.array_equal(numbers(MADE.journeys, "ended"), ended[LAST])
    begun = started >= 0
    assert np.array_equal(started[begun] - entered[begun], wait[begun])
    served = begun & (ended >= 0)
    assert np.array_equal((started + column("talk"))[served], ended[served])
    later = ~FIRST
    assert np.all(entered[later] >= np.roll(ended, 1)[later])
    assert np.all((ended < 0) == np.isin(column("outcome"), [10, 11]))


def test_a_cause_follows_from_the_contact_before():
    before, cause = np.roll(column("outcome"), 1), column("cause")
    moved = column("channel") != np.roll(column("channel"), 1)
    assert np.all((cause == Cause.FRESH) == FIRST)
    later = ~FIRST
    assert np.all(moved[later & np.isin(cause, [Cause.SWITCH])])
    assert not np.any(moved[later & np.isin(cause, [Cause.RETRY, Cause.RECONTACT])])
    came_by_transfer = cause[later] == Cause.TRANSFER
    assert np.array_equal(came_by_transfer, before[later] == ContactOutcome.TRANSFERRED)
    steps = column("next_step")
    assert np.array_equal(steps[:-1][later[1:]], cause[1:][later[1:]])


def test_the_need_is_met_by_the_last_contact_or_not_at_all():
    met = pc.equal(MADE.journeys["outcome"].combine_chunks().dictionary_decode(), "resolved")
    resolved = MADE.contacts["resolved"].to_numpy()
    assert np.array_equal(
        resolved,
        LAST & np.repeat(met.to_numpy(zero_copy_only=False), numbers(MADE.journeys, "contacts")),
    )
    assert words(ContactOutcome)[0] == "served_resolved"


def test_equal_seeds_are_equal_and_more_journeys_begin_with_the_same():
    again = generated_journeys(500, seed=4)
    assert again.journeys.equals(MADE.journeys.slice(0, 500))
    assert again.contacts.equals(MADE.contacts.slice(0, again.contacts.num_rows))
    other = generated_journeys(500, seed=5)
    assert not other.contacts["wait"].equals(again.contacts["wait"])


def test_files_hold_the_same_rows_across_batches(tmp_path):
    journeys = BATCH_JOURNEYS + 3_000
    seen = []
    write_generated_journeys(tmp_path, journeys, seed=4, progress=lambda *said: seen.append(said))
    made = generated_journeys(journeys, seed=4)
    assert seen == [(done, journeys, 0.0) for done in (BATCH_JOURNEYS, journeys)]
    for name, table in made._asdict().items():
        assert read_table(table_path(tmp_path, name, 0)).equals(table), name
    starts = numbers(made.journeys, "first_contact")
    assert np.array_equal(starts, np.flatnonzero(numbers(made.contacts, "contact") == 1))


def test_columns_that_nobody_wants_are_not_written(tmp_path):
    write_generated_journeys(tmp_path, 100, columns={"wait", "journey"})
    assert read_table(table_path(tmp_path, "contacts", 0)).column_names == ["journey", "wait"]
    whole = generated_journeys(100)
    part = read_table(table_path(tmp_path, "contacts", 0))
    assert part["wait"].equals(whole.contacts["wait"])


def test_a_place_that_cannot_be_written_is_said():
    with pytest.raises(RunError, match="cannot be written"):
        write_generated_journeys(Path("/proc/nowhere"), 10)


def test_no_journeys_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        generated_journeys(0)
