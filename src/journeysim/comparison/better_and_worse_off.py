"""Who is better and who is worse off: the same customer in two scenarios, by their number.

How a journey ends counts first: with the need met, given up, lost for good. Where it ends alike,
the time in queues counts, all contacts together. A journey that is open at the end of one world
and not of the other cannot be judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.measures.arrow_columns import Codes, Flags, Numbers, Ticks, category, flag, whole
from journeysim.tables.columns import JourneyOutcome, words
from journeysim.units import SECOND

#: Shorter changes of the time in queues count as none: nobody would notice.
NOTICED: Final = SECOND

_RANKS: Final = {
    JourneyOutcome.RESOLVED: 2,
    JourneyOutcome.GIVEN_UP: 1,
    JourneyOutcome.EXHAUSTED: 1,
    JourneyOutcome.LOST: 0,
    JourneyOutcome.OPEN: -1,
}
_OPEN: Final = -1
OUTCOMES: Final = words(JourneyOutcome)

Change = Literal["same", "better", "worse", "not_known"]
CHANGES: Final[tuple[Change, ...]] = ("same", "better", "worse", "not_known")

#: What is counted of the customers of a replication, and what each count means.
COUNTED: Final = {
    "paired": "Customers who come in both scenarios.",
    "same": "Of those: end alike, and wait as long, to a second.",
    "better": "Of those: end better, or end alike and wait less.",
    "worse": "Of those: end worse, or end alike and wait longer.",
    "not_known": "Of those: open at the end of one world and not of the other.",
    "ends_better": "Of those: the outcome is better.",
    "ends_worse": "Of those: the outcome is worse.",
    "waits_less": "Of those: a second or more less in queues.",
    "waits_longer": "Of those: a second or more longer in queues.",
    "resolved_now": "Of those: need met in the variant alone.",
    "resolved_before": "Of those: need met in the baseline alone.",
    "lost_now": "Of those: lost for good in the variant alone.",
    "lost_before": "Of those: lost for good in the baseline alone.",
    "only_baseline": "Customers who come in the baseline alone.",
    "only_variant": "Customers who come in the variant alone.",
    "seconds_less": "Seconds in queues that those who wait less are spared, together.",
    "seconds_longer": "Seconds in queues that those who wait longer wait more, together.",
}


@dataclass(frozen=True, slots=True)
class People:
    """The scored journeys of a replication by customer, rising; arrays of shape (journeys,).

    Attributes
    ----------
    customer, wait, contacts
        Who, ticks in queues, contacts made.
    outcome, segment
        Codes of `OUTCOMES`, and of the segments that were given.
    row
        Row in the journeys table.
    """

    customer: NDArray[np.int64]
    wait: Ticks
    contacts: NDArray[np.int64]
    outcome: NDArray[np.int64]
    segment: NDArray[np.int64]
    row: Codes


def people_of(journeys: pa.Table, segments: tuple[str, ...]) -> People:
    """Return the scored journeys of a replication by customer."""
    rows = np.flatnonzero(flag(journeys, "scored"))
    customer = whole(journeys, "customer")[rows]
    order = np.argsort(customer, kind="stable")
    rows = rows[order]
    return People(
        customer[order],
        whole(journeys, "wait")[rows],
        whole(journeys, "contacts")[rows],
        category(journeys, "outcome", OUTCOMES)[rows].astype(np.int64),
        category(journeys, "segment", segments)[rows].astype(np.int64),
        rows,
    )


@dataclass(frozen=True, slots=True)
class Pairs:
    """The customers who come in both scenarios, and how they fare; arrays of shape (pairs,).

    Attributes
    ----------
    baseline, variant
        Everybody of each scenario.
    before, after
        Place of each pair among them.
    change
        Code of `CHANGES`.
    """

    baseline: People
    variant: People
    before: Codes
    after: Codes
    change: Codes

    @property
    def longer(self) -> Ticks:
        """Ticks in queues more than in the baseline."""
        return self.variant.wait[self.after] - self.baseline.wait[self.before]

    @property
    def rise(self) -> Codes:
        """How much better the outcome is; 0 where it is not known as well."""
        ranks = _ranks(self.baseline)[self.before], _ranks(self.variant)[self.after]
        known = (ranks[0] != _OPEN) & (ranks[1] != _OPEN)
        return np.where(known, ranks[1] - ranks[0], 0)


def pairs_of(baseline: People, variant: People) -> Pairs:
    """Return who comes in both scenarios, and who is better and worse off."""
    _, before, after = np.intersect1d(
        baseline.customer, variant.customer, assume_unique=True, return_indices=True
    )
    ranks = _ranks(baseline)[before], _ranks(variant)[after]
    longer = variant.wait[after] - baseline.wait[before]
    change = np.zeros(len(before), dtype=np.int64)
    change[longer <= -NOTICED] = CHANGES.index("better")
    change[longer >= NOTICED] = CHANGES.index("worse")
    change[ranks[1] > ranks[0]] = CHANGES.index("better")
    change[ranks[1] < ranks[0]] = CHANGES.index("worse")
    change[(ranks[0] == _OPEN) != (ranks[1] == _OPEN)] = CHANGES.index("not_known")
    return Pairs(baseline, variant, before, after, change)


def counts_of(pairs: Pairs, segments: int) -> Numbers:
    """Return what `COUNTED` counts, shape (counts, segments + 1); the last column is of all."""
    longer, rise = pairs.longer, pairs.rise
    resolved, lost = int(JourneyOutcome.RESOLVED), int(JourneyOutcome.LOST)
    was = pairs.baseline.outcome[pairs.before]
    now = pairs.variant.outcome[pairs.after]
    less, more = longer <= -NOTICED, longer >= NOTICED
    marked: dict[str, Flags] = {
        "paired": np.ones(len(longer), dtype=np.bool_),
        **{name: pairs.change == code for code, name in enumerate(CHANGES)},
        "ends_better": rise > 0,
        "ends_worse": rise < 0,
        "waits_less": less,
        "waits_longer": more,
        "resolved_now": (now == resolved) & (was != resolved),
        "resolved_before": (was == resolved) & (now != resolved),
        "lost_now": (now == lost) & (was != lost),
        "lost_before": (was == lost) & (now != lost),
    }
    segment = pairs.baseline.segment[pairs.before]
    found = {name: _by_segment(segment[where], segments) for name, where in marked.items()}
    for name, people, paired in (
        ("only_baseline", pairs.baseline, pairs.before),
        ("only_variant", pairs.variant, pairs.after),
    ):
        alone = np.ones(len(people.customer), dtype=np.bool_)
        alone[paired] = False
        found[name] = _by_segment(people.segment[alone], segments)
    found["seconds_less"] = _by_segment(segment[less], segments, -longer[less] / SECOND)
    found["seconds_longer"] = _by_segment(segment[more], segments, longer[more] / SECOND)
    return np.stack([found[name] for name in COUNTED])


def _by_segment(codes: Codes, segments: int, weights: Numbers | None = None) -> Numbers:
    counted = np.bincount(codes, weights=weights, minlength=segments).astype(np.float64)
    return np.append(counted, counted.sum())


def _ranks(people: People) -> Codes:
    ranks = np.array([_RANKS[outcome] for outcome in JourneyOutcome], dtype=np.int64)
    return ranks[people.outcome]


def middle_of(pairs: Pairs, change: Change) -> int | None:
    """Return the pair that stands for the better or worse off: neither the least nor the worst hit.

    Of those whose outcome changes (of all, if none does), the one with the middle change of the
    time in queues; of equals, the lower customer. None if there is nobody.
    """
    found = np.flatnonzero(pairs.change == CHANGES.index(change))
    if not len(found):
        return None
    rise = pairs.rise[found]
    strongest = found[np.abs(rise) == np.abs(rise).max()]
    order = strongest[np.argsort(pairs.longer[strongest], kind="stable")]
    return int(order[(len(order) - 1) // 2])


def table_of(pairs: Pairs, segments: tuple[str, ...], variant: str) -> pa.Table:
    """Return a row for each customer who is better or worse off, or of whom it is not known."""
    kept = np.flatnonzero(pairs.change != CHANGES.index("same"))
    before, after = pairs.before[kept], pairs.after[kept]
    columns = {
        "variant": pa.repeat(pa.scalar(variant), len(kept)).dictionary_encode(),
        "customer": pa.array(pairs.baseline.customer[before]),
        "segment": _coded(pairs.baseline.segment[before], segments),
        "change": _coded(pairs.change[kept], CHANGES),
        "outcome_baseline": _coded(pairs.baseline.outcome[before], OUTCOMES),
        "outcome_variant": _coded(pairs.variant.outcome[after], OUTCOMES),
        "wait_baseline": _times(pairs.baseline.wait[before]),
        "wait_variant": _times(pairs.variant.wait[after]),
        "contacts_baseline": pa.array(pairs.baseline.contacts[before]),
        "contacts_variant": pa.array(pairs.variant.contacts[after]),
    }
    return pa.table(columns)


def _coded(codes: Codes, names: tuple[str, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int16)), pa.array(names, pa.string())
    )


def _times(ticks: Ticks) -> pa.Array:
    return pa.array(ticks).view(pa.duration("us"))
