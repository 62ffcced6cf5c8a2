"""Journeys drawn by hypothesis, as plain contacts and as the columns that kernels get."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from journeysim.measures.experience import JourneyColumns
from journeysim.tables.columns import ContactOutcome, words
from tests.naive.experience import MINUTE, Contact

CHANNELS = ("phone", "chat", "web", "email", "bot")
OUTCOMES = words(ContactOutcome)
POOLS = ("desk", "back")

#: Waits around what is acceptable, and none, and any.
waits = st.one_of(
    st.just(0),
    st.sampled_from([MINUTE // 2, MINUTE, 2 * MINUTE, 4 * MINUTE, 60 * MINUTE]),
    st.integers(1, 3 * 1440 * MINUTE),
)


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    outcome = draw(st.sampled_from(OUTCOMES))
    can_meet = outcome in ("served_resolved", "contained")
    return Contact(
        channel=draw(st.sampled_from(CHANNELS)),
        outcome=outcome,
        resolved=outcome == "served_resolved" or (can_meet and draw(st.booleans())),
        wait=draw(waits),
        handling=draw(st.sampled_from([0, 0, 1, MINUTE, 17 * MINUTE])),
        announced=draw(st.sampled_from([-1, -1, 0, MINUTE])),
        pool=draw(st.sampled_from([None, *POOLS])),
        steps=draw(st.integers(0, 3)),
    )


@st.composite
def journeys(draw: st.DrawFn, longest: int = 12) -> list[Contact]:
    """Draw a journey of at least one contact, whose contacts are entered one after another."""
    found = draw(st.lists(contacts(), min_size=1, max_size=longest))
    gaps = draw(st.lists(st.integers(0, 3000), min_size=len(found), max_size=len(found)))
    times = np.cumsum(gaps) * MINUTE
    return [
        Contact(**{**each.__dict__, "entered": int(time)})
        for each, time in zip(found, times, strict=True)
    ]


def columns(all_journeys: Sequence[Sequence[Contact]], **of_journeys: Any) -> JourneyColumns:
    """Return the columns of journeys."""
    flat = [contact for journey in all_journeys for contact in journey]
    offsets = np.cumsum([0, *map(len, all_journeys)]).astype(np.int64)
    codes = [POOLS.index(each.pool) if each.pool else len(POOLS) for each in flat]
    found = {
        "channel": np.array([CHANNELS.index(each.channel) for each in flat], np.uint8),
        "outcome": np.array([OUTCOMES.index(each.outcome) for each in flat], np.uint8),
        "resolved": np.array([each.resolved for each in flat], np.bool_),
        "wait": np.array([each.wait for each in flat], np.int64),
        "handling": np.array([each.handling for each in flat], np.int64),
        "entered": np.array([each.entered for each in flat], np.int64),
        "announced_wait": np.array([each.announced for each in flat], np.int64),
        "pool": np.array(codes, np.uint8),
        "steps": np.array([each.steps for each in flat], np.int64),
    }
    said = {"value": np.full(len(all_journeys), 100.0)}
    said |= {name: np.asarray(column) for name, column in of_journeys.items()}
    named = {"channel": CHANNELS, "outcome": OUTCOMES, "pool": POOLS}
    return JourneyColumns(offsets, found, said, named)
