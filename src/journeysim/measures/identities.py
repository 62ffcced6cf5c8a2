"""What every run must satisfy, whatever was simulated; each violation is a sentence.

All contacts and journeys are checked, whether scored or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import lcm
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.measures.arrow_columns import Flags, Ticks, category, present, whole
from journeysim.measures.definitions import Definitions
from journeysim.measures.journey_identities import journey_identities
from journeysim.measures.scoring_context import Rules, scoring_rules
from journeysim.scenario.schema.world import World
from journeysim.tables.columns import Cause, ContactOutcome, words
from journeysim.tables.run import Replication, Run

SERVED = (
    ContactOutcome.SERVED_RESOLVED,
    ContactOutcome.SERVED_UNRESOLVED,
    ContactOutcome.TRANSFERRED,
)
REFUSED = (ContactOutcome.BALKED, ContactOutcome.BLOCKED, ContactOutcome.CLOSED)
#: Counts of the interval table, by the outcomes that they are of.
SUMMED = {"answered": SERVED, "abandoned": (ContactOutcome.ABANDONED,), "refused": REFUSED}
STILL_THERE = (ContactOutcome.WAITING, ContactOutcome.IN_SERVICE)

Check = Callable[[Replication, Rules], Iterator[str]]


def identities(run: Run, world: World) -> list[str]:
    """Return what a run violates of the identities that every run must satisfy.

    Per channel: what was offered ended in exactly one way or is open, the interval table has the
    same counts, and the time in queue over the intervals is the sum of the waits (Little's law).
    Per contact: entry, start and end are in order and differ by the wait. Per pool: the busy time
    is the handling of its contacts. Per journey: see `journey_identities`.

    Returns
    -------
    Sentences; none if all identities hold.
    """
    checks: tuple[Check, ...] = (
        _offered_ended,
        _intervals_count,
        _queued_is_waited,
        _times_in_order,
        _busy_is_handling,
        journey_identities,
    )
    rules = scoring_rules(world, Definitions())
    violations = []
    for replication in run:
        for check in checks:
            found = check(replication, rules)
            violations += [f"replication {replication.number}: {text}" for text in found]
    return violations


def _offered_ended(replication: Replication, rules: Rules) -> Iterator[str]:
    """Check that nobody vanishes, and that only agents serve and only machines contain."""
    table = replication.contacts
    outcome, channel = _outcome(replication), category(table, "channel", rules.channels)
    machine = (ContactOutcome.CONTAINED, ContactOutcome.STUCK)
    for code, name in enumerate(rules.channels):
        ended = outcome[channel == code]
        unknown = int(np.sum(ended < 0))
        if unknown:
            yield f"channel {name!r}: {unknown} of {len(ended)} contacts have no outcome"
        strange = machine if rules.by_agents[code] else SERVED
        for other in strange:
            count = int(np.sum(ended == int(other)))
            if count:
                server = "agents" if rules.by_agents[code] else "a machine"
                word = other.name.lower()
                yield f"channel {name!r}: {count} contacts are {word}, but {server} serve there"
    causes = category(table, "cause", words(Cause))
    if np.any(causes < 0):
        yield f"{int(np.sum(causes < 0))} contacts have no cause"


def _intervals_count(replication: Replication, rules: Rules) -> Iterator[str]:
    """Check the counts of the interval table, offered by interval and the others by channel."""
    outcome = _outcome(replication)
    channel = category(replication.contacts, "channel", rules.channels)
    numbers = _all_intervals(whole(replication.contacts, "entered"), rules)
    for code, name in enumerate(rules.channels):
        here = channel == code
        rows = _rows(replication, "channel", name)
        counts = np.bincount(numbers[here], minlength=1)
        said = np.bincount(
            _all_intervals(whole(rows, "start"), rules),
            weights=whole(rows, "offered"),
            minlength=len(counts),
        )
        counts = np.pad(counts, (0, len(said) - len(counts)))
        for number in np.flatnonzero(counts != said)[:1]:
            yield (
                f"channel {name!r}: {counts[number]} contacts entered in interval {number}, "
                f"the interval table has {said[number]:.0f} offered"
            )
        for column, outcomes in SUMMED.items():
            count, written = _count(outcome[here], outcomes), int(whole(rows, column).sum())
            if count != written:
                yield (
                    f"channel {name!r}: {count} contacts were {column}, "
                    f"the interval table has {written}"
                )


def _queued_is_waited(replication: Replication, rules: Rules) -> Iterator[str]:
    """Check Little's law: the number waiting over time is the sum of the waits."""
    channel = category(replication.contacts, "channel", rules.channels)
    wait = whole(replication.contacts, "wait")
    for code, name in enumerate(rules.channels):
        waited = int(wait[channel == code].sum())
        queued = int(whole(_rows(replication, "channel", name), "queued").sum())
        if waited != queued:
            yield (
                f"channel {name!r}: waits add up to {waited} us, "
                f"time in queue over the intervals to {queued} us"
            )


def _times_in_order(replication: Replication, rules: Rules) -> Iterator[str]:
    """Check each contact's times; who was served or abandoned waited until then."""
    table, outcome = replication.contacts, _outcome(replication)
    entered, wait = whole(table, "entered"), whole(table, "wait")
    start, end = whole(table, "started"), whole(table, "ended")
    started, ended = present(table, "started"), present(table, "ended")
    by_agents = rules.by_agents[category(table, "channel", rules.channels)]
    left = outcome == int(ContactOutcome.ABANDONED)
    waiting = outcome == int(ContactOutcome.WAITING)
    there = np.isin(outcome, [int(each) for each in STILL_THERE])
    wrong: dict[str, Flags] = {
        "have a negative wait": wait < 0,
        "start before they enter": started & (start < entered),
        "end before they enter": ended & (end < entered),
        "end before they start": started & ended & (end < start),
        "are past the end of the world": np.maximum(entered, np.maximum(start, end)) > rules.end,
        "waited another time than from entry to start": started
        & by_agents
        & (start - entered != wait),
        "waited another time than from entry to abandonment": left & (end - entered != wait),
        "wait still, but not until the end of the world": waiting & (rules.end - entered != wait),
        "have an end and are still there": there & ended,
        "are gone and have no end": ~there & ~ended,
    }
    for text, flags in wrong.items():
        count = int(np.count_nonzero(flags))
        if count:
            row = int(np.argmax(flags))
            yield f"{count} contacts {text} (the first in row {row})"


def _busy_is_handling(replication: Replication, rules: Rules) -> Iterator[str]:
    """Check that pools are busy as long as their contacts take, up to the end of the world.

    Compared in a unit that every share of an agent is a whole number of; the table may round by a
    microsecond per interval.
    """
    table = replication.contacts
    start, served = whole(table, "started"), present(table, "started")
    handled = start + whole(table, "talk") + whole(table, "wrap_up")
    done = present(table, "talk")
    handling = np.where(done, np.minimum(handled, rules.end), rules.end) - start
    pool = category(table, "pool", rules.pools)
    channel = category(table, "channel", rules.channels)
    for code, name in enumerate(rules.pools):
        rows = _rows(replication, "pool", name)
        places = [int(each) for each in rules.places[code]]
        whole_agent = lcm(*places)
        worked = 0
        for place, at_once in enumerate(places):
            here = served & (pool == code) & (channel == place)
            worked += int(handling[here].sum()) * (whole_agent // at_once)
        busy = int(whole(rows, "busy").sum())
        if abs(busy * whole_agent - worked) > whole_agent * rows.num_rows:
            yield (
                f"pool {name!r}: busy for {busy} us, "
                f"its contacts took {worked / whole_agent:.0f} us"
            )


def _outcome(replication: Replication) -> NDArray[np.integer[Any]]:
    return category(replication.contacts, "outcome", words(ContactOutcome))


def _count(outcome: NDArray[np.integer[Any]], outcomes: tuple[ContactOutcome, ...]) -> int:
    return sum(int(np.count_nonzero(outcome == int(each))) for each in outcomes)


def _rows(replication: Replication, kind: str, name: str) -> pa.Table:
    """Return the interval rows of a channel or a pool."""
    table = replication.intervals
    of_kind = pc.equal(table.column("row").cast(pa.string()), kind)
    return table.filter(pc.and_(of_kind, pc.equal(table.column("name").cast(pa.string()), name)))


def _all_intervals(time: Ticks, rules: Rules) -> Ticks:
    """Return the interval of each time, from the beginning of the world; its end is in the last."""
    last = max(-(-rules.end // rules.interval) - 1, 0)
    return np.clip(time // rules.interval, 0, last)
