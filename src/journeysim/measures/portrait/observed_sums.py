"""What one replication adds to a portrait: arrays of sums, and nothing of single customers."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.measures.arrow_columns import Codes, Flags, Numbers, category, flag, whole
from journeysim.measures.experience.journey_columns import JourneyColumns
from journeysim.measures.experience.run_source import pieces_of
from journeysim.measures.experience.scoring_pass import contact_valence, score_columns
from journeysim.measures.experience.weights import Weights
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import layout
from journeysim.measures.service.contact_rows import ContactRows
from journeysim.measures.service.service_levels import SERVICE_LEVELS
from journeysim.tables.columns import ContactOutcome, JourneyOutcome, words
from journeysim.tables.run import Replication
from journeysim.units import SECOND

#: Steps that are told apart; who makes more contacts is `more` after the last of them.
STEPS: Final = 8
#: Emotion is counted in steps of this size for its band; what is further out counts there.
EMOTION_STEP: Final = 0.02
FURTHEST: Final = 8.0
_BINS: Final = round(2 * FURTHEST / EMOTION_STEP) + 1
_NEEDED: Final = ("channel", "outcome", "resolved", "wait", "announced_wait", "entered")
_INTERVAL_SUMS: Final = {
    "channel": ("offered", "refused", "waited", "queued"),
    "pool": ("staffed", "busy"),
}


class Observed(NamedTuple):
    """The sums of one replication.

    Attributes
    ----------
    contacts, wait, effort, emotion
        Contacts and sums over them (wait in seconds), shape (steps, channels).
    bins
        Contacts by emotion, shape (steps, channels, bins).
    ends
        Journeys by their last contact and outcome, shape (steps, channels, outcomes).
    onward
        Journeys that went on to a channel, shape (steps - 1, channels, channels).
    more
        Journeys that made more contacts than there are steps, shape (channels,).
    outcomes
        Contacts that did not and did meet the need, shape (channels, outcomes, 2).
    day
        Sums by interval: of channels `offered`, `refused`, `waited`, `queued`, `in_time` and
        `counted`; of pools `staffed` and `busy`; each of shape (members, intervals), times in
        ticks.
    journeys
        How many journeys there were.
    """

    contacts: Numbers
    wait: Numbers
    effort: Numbers
    emotion: Numbers
    bins: Numbers
    ends: Numbers
    onward: Numbers
    more: Numbers
    outcomes: Numbers
    day: dict[str, Numbers]
    journeys: int


def observe(replication: Replication, rules: Rules, weights: Weights) -> Observed:
    """Return the sums of a replication, of customers who are scored."""
    contacts, journeys = replication.contacts, replication.journeys
    first, many = whole(journeys, "first_contact"), whole(journeys, "contacts")
    scored = np.repeat(flag(journeys, "scored"), many)
    step = np.arange(len(scored)) - np.repeat(first, many)
    channel = category(contacts, "channel", rules.channels).astype(np.int64)
    emotion, effort = _felt(replication, weights)
    sums = _Sums(step, channel, scored, len(rules.channels))
    last = first + many - 1
    return Observed(
        contacts=sums.by_step(None),
        wait=sums.by_step(whole(contacts, "wait") / SECOND),
        effort=sums.by_step(effort),
        emotion=sums.by_step(emotion),
        bins=sums.bins(emotion),
        ends=sums.ends(last, category(journeys, "outcome", words(JourneyOutcome))),
        onward=sums.onward(last),
        more=sums.more(last),
        outcomes=sums.outcomes(
            category(contacts, "outcome", words(ContactOutcome)), flag(contacts, "resolved")
        ),
        day=_day(replication, rules),
        journeys=int(np.count_nonzero(flag(journeys, "scored"))),
    )


class _Sums:
    """Sums over the scored contacts by step and channel."""

    def __init__(self, step: Codes, channel: Codes, scored: Flags, channels: int) -> None:
        self.step, self.channel, self.scored, self.channels = step, channel, scored, channels
        self.kept = np.flatnonzero(scored & (step < STEPS))
        self.cell = step[self.kept] * channels + channel[self.kept]

    def by_step(self, values: Numbers | None) -> Numbers:
        chosen = None if values is None else values[self.kept]
        found = np.bincount(self.cell, chosen, minlength=STEPS * self.channels)
        return found.astype(np.float64).reshape(STEPS, self.channels)

    def bins(self, emotion: Numbers) -> Numbers:
        clipped = np.clip(emotion[self.kept], -FURTHEST, FURTHEST)
        place = np.rint((clipped + FURTHEST) / EMOTION_STEP).astype(np.int64)
        return self._counted((STEPS, self.channels, _BINS), self.cell * _BINS + place)

    def ends(self, last: Codes, outcome: NDArray[Any]) -> Numbers:
        kept = self.scored[last] & (self.step[last] < STEPS)
        rows = last[kept]
        cell = self.step[rows] * self.channels + self.channel[rows]
        kinds = len(JourneyOutcome)
        return self._counted((STEPS, self.channels, kinds), cell * kinds + outcome[kept])

    def onward(self, last: Codes) -> Numbers:
        goes_on = self.scored & (self.step < STEPS - 1)
        goes_on[last] = False
        rows = np.flatnonzero(goes_on)
        cell = (self.step[rows] * self.channels + self.channel[rows]) * self.channels
        shape = (STEPS - 1, self.channels, self.channels)
        return self._counted(shape, cell + self.channel[rows + 1])

    def more(self, last: Codes) -> Numbers:
        beyond = self.scored & (self.step == STEPS - 1)
        beyond[last] = False
        return self._counted((self.channels,), self.channel[beyond])

    def outcomes(self, outcome: NDArray[Any], resolved: Flags) -> Numbers:
        scored = self.scored
        kinds = len(ContactOutcome)
        cell = self.channel[scored] * kinds + outcome[scored].astype(np.int64)
        return self._counted((self.channels, kinds, 2), cell * 2 + resolved[scored])

    @staticmethod
    def _counted(shape: tuple[int, ...], cell: Codes) -> Numbers:
        size = int(np.prod(shape))
        return np.bincount(cell, minlength=size).astype(np.float64).reshape(shape)


def _felt(replication: Replication, weights: Weights) -> tuple[Numbers, Numbers]:
    """Return emotion and effort of every contact, shape (contacts,)."""
    emotion, effort = [np.empty(0)], [np.empty(0)]
    for piece in pieces_of(replication.contacts, replication.journeys, columns=_NEEDED):
        emotion.append(np.asarray(contact_valence(piece, weights), dtype=np.float64))
        effort.append(contact_effort(piece, weights))
    return np.concatenate(emotion), np.concatenate(effort)


def contact_effort(columns: JourneyColumns, weights: Weights) -> Numbers:
    """Return the effort that each contact adds to its journey, shape (contacts,).

    That is the effort of the journey up to the contact, less its effort up to the contact before.
    Contacts beyond the steps that are told apart have 0.
    """
    begin = int(columns.offsets[0])
    sizes = np.diff(columns.offsets)
    starts = np.repeat(columns.offsets[:-1], sizes)
    step = np.arange(columns.contact_count) + begin - starts
    kept = np.flatnonzero(step < STEPS)
    lengths = step[kept] + 1
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    rows = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - starts[kept], lengths)
    names = [name for name in _NEEDED if columns.has(name)]
    up_to = JourneyColumns(
        offsets=offsets.astype(np.int64),
        contacts={name: np.ascontiguousarray(columns[name][rows]) for name in names},
        journeys={},
        words=columns.words,
    )
    total = np.zeros(columns.contact_count)
    total[kept] = score_columns(up_to, measures=["effort"], weights=weights)["effort"]
    added = total.copy()
    later = np.flatnonzero((step > 0) & (step < STEPS))
    added[later] -= total[later - 1]
    return added


def _day(replication: Replication, rules: Rules) -> dict[str, Numbers]:
    """Return sums by interval, from the warm-up on."""
    table, skipped = replication.intervals, rules.first_interval
    row = category(table, "row", ("channel", "pool"))
    place = whole(table, "start") // rules.interval - skipped
    found: dict[str, Numbers] = {}
    count = len(rules.interval_starts)
    for kind, names, code in (("channel", rules.channels, 0), ("pool", rules.pools, 1)):
        mine = (row == code) & (place >= 0) & (place < count)
        member = category(table, "name", (*dict.fromkeys((*rules.channels, *rules.pools)),))
        known = list(dict.fromkeys((*rules.channels, *rules.pools)))
        own = np.array([names.index(word) if word in names else -1 for word in known])
        for name in _INTERVAL_SUMS[kind]:
            sums = np.zeros((len(names), count))
            sums[own[member[mine]], place[mine]] = whole(table, name)[mine]
            found[name] = sums
    groups_of = layout(("channel", "interval"), rules)
    contacts = ContactRows(replication.contacts, rules)
    in_time, counted = SERVICE_LEVELS[0].pair(contacts, contacts.group(groups_of))
    shape = (len(rules.channels), count)
    found["in_time"], found["counted"] = in_time.reshape(shape), counted.reshape(shape)
    return found
