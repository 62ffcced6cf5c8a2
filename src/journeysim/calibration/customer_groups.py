"""Who comes: the groups of customers that become segments of the scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from journeysim.calibration.calendar import Calendar, Counts
from journeysim.calibration.column_map import ColumnMap
from journeysim.calibration.contact_log import UNKNOWN, Codes, ContactLog, Flags
from journeysim.calibration.plain_names import plain_names

#: A segment within a need stands alone if it has this share of it and so many contacts.
_SHARE = 0.05
_CONTACTS = 200
#: Rarer needs are put together.
_MOST_NEEDS = 12
ANY = "any"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class CustomerGroup:
    """Customers with one need and, where the log tells, of one segment.

    Attributes
    ----------
    name
        Name of the scenario's segment.
    need
        Name of its need.
    segment
        The log's word; empty where a need is not split.
    """

    name: str
    need: str
    segment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Contacts by group.

    Attributes
    ----------
    groups
        The groups, in the order of their codes.
    member
        Code of the group, shape (contacts,); UNKNOWN where the segment was not recorded.
    need
        Code of the first group with the contact's need, shape (contacts,).
    split
        By that code: codes of the groups of the need, and their shares, shape (groups, slots).
    merged
        What was put together for want of data, in words.
    """

    groups: tuple[CustomerGroup, ...]
    member: Codes
    need: Codes
    split: dict[int, tuple[Codes, Counts]]
    merged: tuple[str, ...] = ()

    def volumes(self, log: ContactLog, calendar: Calendar, chosen: Flags | None = None) -> Counts:
        """Return contacts by group, day and interval; unknown ones by the shares of their need."""
        chosen = np.ones(len(log), bool) if chosen is None else chosen
        found = np.zeros((len(self.groups), len(calendar.days), calendar.slots))
        for group in range(len(self.groups)):
            found[group] = calendar.cells(log, rows=chosen & (self.member == group))
        for need, (codes, shares) in self.split.items():
            rest = calendar.cells(log, rows=chosen & (self.member == UNKNOWN) & (self.need == need))
            for code, share in zip(codes, shares, strict=True):
                found[code] += rest * share
        return found

    def drawn(self, log: ContactLog, calendar: Calendar, seed: int) -> Codes:
        """Return a group for every contact; where it is unknown, by lot and the shares."""
        found = self.member.copy()
        lots = np.random.default_rng(seed).random(len(log))
        slot = log.clock // calendar.every
        for need, (codes, shares) in self.split.items():
            rows = np.flatnonzero((found == UNKNOWN) & (self.need == need))
            running = np.cumsum(shares[:, slot[rows]], axis=0)
            place = (lots[rows] >= running).sum(axis=0)
            found[rows] = codes[np.minimum(place, len(codes) - 1)]
        return found


def group_contacts(
    log: ContactLog,
    calendar: Calendar,
    used: ColumnMap,
    like: tuple[CustomerGroup, ...] | None = None,
) -> Grouping:
    """Return contacts by need, split by segment where enough are of each.

    Parameters
    ----------
    like
        Groups of another log, which are to be used for this one.
    """
    needs, need_names = _needs(log, like)
    names = plain_names(log.words["segment"])
    known = log.queued if used.segment_known == "queued" else np.ones(len(log), bool)
    known = known & (log.segment != UNKNOWN)
    groups: list[CustomerGroup] = []
    member = np.full(len(log), UNKNOWN, np.int64)
    need = np.full(len(log), UNKNOWN, np.int64)
    split: dict[int, tuple[Codes, Counts]] = {}
    for code, name in enumerate(need_names):
        rows = needs == code
        if not rows.any():
            continue
        first = len(groups)
        parts = _parts(log, rows & known, names, name, like)
        groups += parts
        need[rows] = first
        own_codes = np.arange(first, len(groups))
        if len(parts) == 1:
            member[rows] = first
            split[first] = own_codes, np.ones((1, calendar.slots))
            continue
        for group, part in zip(own_codes, parts, strict=True):
            own = np.array([word == part.segment for word in names] + [False])
            member[rows & known & own[log.segment]] = group
        members = [rows & (member == group) for group in own_codes]
        split[first] = own_codes, _shares(log, calendar, members)
    merged = (
        () if like else (*_merged_needs(log, needs, need_names), *_merged_segments(log, groups))
    )
    return Grouping(groups=tuple(groups), member=member, need=need, split=split, merged=merged)


def _merged_needs(log: ContactLog, needs: Codes, names: list[str]) -> list[str]:
    """Say which needs are `other`, and how many contacts they have."""
    if OTHER not in names or not log.words["need"]:
        return []
    rows = needs == names.index(OTHER)
    codes = np.unique(log.need[rows & (log.need >= 0)])
    words = [log.words["need"][int(code)] for code in codes]
    if not words:
        return []
    more = f" and {len(words) - 3} more" if len(words) > 3 else ""
    what = f"needs {', '.join(words[:3])}{more} are put together as {OTHER!r}"
    return [f"{what}: {int(rows.sum())} contacts, each fewer than the {_MOST_NEEDS} largest"]


def _merged_segments(log: ContactLog, groups: list[CustomerGroup]) -> list[str]:
    """Say which segments stand nowhere alone."""
    alone = {group.segment for group in groups if group.name.endswith(group.segment)}
    words = log.words["segment"]
    counts = np.bincount(log.segment[log.segment >= 0], minlength=len(words))
    few = [
        f"{word} ({count})"
        for word, name, count in zip(words, plain_names(words), counts, strict=True)
        if count and name not in alone
    ]
    if not few or len(words) < 2:
        return []
    what = f"segments {', '.join(few[:5])} stand nowhere alone"
    return [f"{what}: they take {_CONTACTS} contacts of a need, and {_SHARE:.0%} of it"]


def _needs(log: ContactLog, like: tuple[CustomerGroup, ...] | None) -> tuple[Codes, list[str]]:
    """Return contacts by need, and names of needs; rare ones, or new ones, are `other`."""
    if not log.words["need"] or (like and all(group.need == ANY for group in like)):
        return np.zeros(len(log), np.int64), [ANY]
    words = [*plain_names(log.words["need"]), OTHER]
    counts = np.bincount(log.need[log.need >= 0], minlength=len(words) - 1)
    if like is not None:
        known = {group.need for group in like}
        rest = OTHER if OTHER in known else like[0].need
        words = [word if word in known else rest for word in words]
    else:
        for rare in np.argsort(-counts, kind="stable")[_MOST_NEEDS:]:
            words[int(rare)] = OTHER
    names = list(dict.fromkeys(words))
    return np.array([names.index(word) for word in words])[log.need], names


def _parts(
    log: ContactLog,
    rows: Flags,
    names: list[str],
    need: str,
    like: tuple[CustomerGroup, ...] | None,
) -> list[CustomerGroup]:
    if like is not None:
        return [group for group in like if group.need == need]
    plain = "customers" if need == ANY else need
    counts = np.bincount(log.segment[rows], minlength=len(names)) if names else np.zeros(0)
    total = counts.sum()
    big = [
        name
        for name, count in zip(names, counts, strict=True)
        if total and count >= max(_SHARE * total, _CONTACTS)
    ]
    if len(big) < 2:
        largest = names[int(np.argmax(counts))] if total else ""
        return [CustomerGroup(plain, need, largest)]
    return [CustomerGroup(name if need == ANY else f"{need}_{name}", need, name) for name in big]


def _shares(log: ContactLog, calendar: Calendar, members: list[Flags]) -> Counts:
    """Return the share of each group by interval of the day, shape (groups, slots)."""
    counts = np.array([calendar.cells(log, rows=rows).sum(axis=0) for rows in members])
    whole = counts.sum(axis=1, keepdims=True) / max(counts.sum(), 1.0)
    # Twenty contacts of the day's mix steady the shares of intervals with few.
    steadied = counts + 20.0 * whole
    shares: Counts = steadied / steadied.sum(axis=0)
    return shares
