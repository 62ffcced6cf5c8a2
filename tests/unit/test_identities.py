"""Identities: a sound run violates none, and each fault planted in it is reported."""

from __future__ import annotations

import pytest

from journeysim.measures import identities
from tests.tiny_runs import (
    channel_interval,
    contact,
    journey,
    pool_interval,
    replication,
    run_of,
    world_of,
)

WORLD = world_of(time={"horizon": "1h", "interval": "30m"})


def sound_rows():
    """Return contacts, journeys and intervals of a small world in which everything fits.

    Customer 7 calls, abandons after 60 s and mails; the mail is served for 400 s at half an agent.
    Customer 8 calls at 3500 s and is in service when the world ends.
    """
    contacts = [
        contact(outcome="abandoned", customer=7, entered=100, wait=60, next_step="switch"),
        contact("email", customer=7, contact=2, cause="switch", entered=160, wait=1700, talk=400),
        contact(outcome="in_service", customer=8, journey=1, entered=3500),
    ]
    contacts[1] |= {"pool": "back", "wrap_up": 100, "ended": 2260, "next_step": "resolved"}
    journeys = [
        journey(customer=7, arrived=100, ended=2260, contacts=2, switches=1, wait=1760),
        journey("open", customer=8, journey=1, arrived=3500, first_contact=2),
    ]
    journeys[0]["handling"] = 500
    second = {"start": 1800, "end": 3600}
    intervals = [
        channel_interval(offered=1, abandoned=1, waited=60, queued=60),
        channel_interval(offered=1, **second),
        channel_interval("email", offered=1, answered=1, waited=1700, queued=1640),
        channel_interval("email", queued=60, **second),
        pool_interval(),
        pool_interval(busy=100, **second),
        pool_interval("back"),
        pool_interval("back", busy=250, **second),
    ]
    return contacts, journeys, intervals


def violations(contacts, journeys, intervals):
    made = replication(3, contacts=contacts, journeys=journeys, intervals=intervals)
    return identities(run_of(made), WORLD)


def test_a_sound_run_violates_nothing():
    assert violations(*sound_rows()) == []


CONTACT, JOURNEY, INTERVAL = 0, 1, 2


@pytest.mark.parametrize(
    ("table", "row", "cells", "sentence"),
    [
        (CONTACT, 0, {"outcome": "balked"}, "0 contacts were abandoned, the interval table has 1"),
        (CONTACT, 0, {"outcome": "contained"}, "1 contacts are contained, but agents serve there"),
        (CONTACT, 0, {"cause": "retry"}, "1 contacts are fresh for 2 journeys"),
        (CONTACT, 0, {"wait": 61}, "waited another time than from entry to abandonment"),
        (CONTACT, 0, {"wait": -1}, "have a negative wait"),
        (CONTACT, 0, {"ended": None}, "are gone and have no end"),
        (CONTACT, 1, {"started": 100}, "start before they enter"),
        (CONTACT, 1, {"started": 1861}, "waited another time than from entry to start"),
        (CONTACT, 1, {"ended": 1859}, "end before they start"),
        (CONTACT, 1, {"ended": 99}, "end before they enter"),
        (CONTACT, 1, {"ended": 3601}, "are past the end of the world"),
        (CONTACT, 2, {"ended": 3600}, "have an end and are still there"),
        (CONTACT, 2, {"outcome": "waiting"}, "wait still, but not until the end of the world"),
        (CONTACT, 2, {"channel": "web", "outcome": "served_resolved"}, "a machine serve there"),
        (CONTACT, 1, {"talk": 401}, "busy for 250000000 us, its contacts took 250500000 us"),
        (CONTACT, 1, {"pool": "desk"}, "pool 'back': busy for 250000000 us, its contacts took 0"),
        (CONTACT, 2, {"journey": 0}, "belong to another journey"),
        (CONTACT, 2, {"customer": 7}, "are of another customer"),
        (CONTACT, 1, {"contact": 1}, "not numbered by their place"),
        (CONTACT, 1, {"resolved": False}, "journeys are resolved by none of their contacts"),
        (CONTACT, 2, {"resolved": True}, "have a resolving contact and are not resolved"),
        (JOURNEY, 0, {"contacts": 1}, "journeys have 2 contacts, the contacts table 3 rows"),
        (JOURNEY, 1, {"contacts": 0}, "1 journeys have no contact (the first in place 1)"),
        (JOURNEY, 1, {"first_contact": 3}, "point outside the contacts table"),
        (JOURNEY, 1, {"first_contact": 1}, "journeys share contacts"),
        (JOURNEY, 0, {"wait": 1759}, "journeys have another wait than their contacts"),
        (JOURNEY, 0, {"handling": 499}, "journeys have another handling than their contacts"),
        (JOURNEY, 0, {"switches": 0}, "journeys have another switches than their contacts"),
        (JOURNEY, 0, {"arrived": 99}, "journeys have another arrived than their contacts"),
        (JOURNEY, 1, {"outcome": "lost"}, "ended and have none"),
        (INTERVAL, 0, {"offered": 2}, "1 contacts entered in interval 0, the interval table has 2"),
        (INTERVAL, 1, {"offered": 0}, "1 contacts entered in interval 1, the interval table has 0"),
        (INTERVAL, 2, {"answered": 0}, "1 contacts were answered, the interval table has 0"),
        (INTERVAL, 3, {"refused": 1}, "0 contacts were refused, the interval table has 1"),
        (INTERVAL, 3, {"queued": 60.000001}, "time in queue over the intervals to 1700000001 us"),
        (INTERVAL, 5, {"busy": 100.00001}, "pool 'desk': busy for 100000010 us"),
    ],
)
def test_a_planted_fault_is_reported(table, row, cells, sentence):
    rows = sound_rows()
    rows[table][row] |= cells
    found = violations(*rows)
    assert any(sentence in text for text in found), found
    assert all(text.startswith("replication 3: ") for text in found)


def test_busy_time_may_round_by_a_microsecond_per_interval():
    rows = sound_rows()
    rows[INTERVAL][5] |= {"busy": 100.000002}
    assert violations(*rows) == []
    rows[INTERVAL][5] |= {"busy": 100.000003}
    assert len(violations(*rows)) == 1


def test_the_world_ends_within_its_last_interval():
    contacts, journeys, intervals = sound_rows()
    contacts[2] |= {"entered": 3600, "started": 3600}
    journeys[1] |= {"arrived": 3600}
    intervals[5] |= {"busy": 0}
    assert violations(contacts, journeys, intervals) == []


def test_a_wrap_up_past_the_end_of_the_world_counts_until_then():
    contacts, journeys, intervals = sound_rows()
    contacts[1] |= {"wrap_up": 5000}
    journeys[0] |= {"handling": 5400}
    # Served from 1860 s to the end at 3600 s, at half an agent.
    intervals[7] |= {"busy": 870}
    assert violations(contacts, journeys, intervals) == []
