"""What is wrong with a log, before anything is fitted to it; nothing is dropped without a count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from journeysim.calibration.contact_log import (
    UNKNOWN,
    Codes,
    ContactLog,
    Flags,
    date_of,
)
from journeysim.calibration.inferred_presence import by_agent
from journeysim.units import DAY, HOUR, MINUTE

#: An id with more contacts than this, and two in three days, stands for several people.
_MANY = 20
#: What cannot be; a row is left out for the first of these.
_IMPOSSIBLE: Final[dict[str, Callable[[ContactLog], Flags]]] = {
    "negative wait": lambda log: log.wait < UNKNOWN,
    "negative talk": lambda log: (log.talk < UNKNOWN) & log.served,
    "wait of more than a day": lambda log: log.wait > DAY,
    "talk of more than a day": lambda log: log.talk > DAY,
    "abandoned without a wait on record": lambda log: log.abandoned & (log.wait == UNKNOWN),
}
#: A file that was written twice repeats half of its rows.
_WHOLE_FILE_TWICE = 0.45
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_FOLD = np.uint64(29)


def checked(log: ContactLog) -> ContactLog:
    """Return the log without impossible and duplicate rows, with notes on what is odd."""
    for reason, rows in _IMPOSSIBLE.items():
        log = log.without(rows(log), reason)
    log = log.without(duplicates(log), "duplicate row")
    return log.noted(*_missing_ids(log), *_clock_changes(log), *_catch_all_note(log))


def duplicates(log: ContactLog) -> Flags:
    """Return rows that repeat an earlier one in every column.

    Only where somebody is named: two strangers can come in the same second, one cannot twice.
    """
    named = (log.customer != UNKNOWN) | (log.agent != UNKNOWN) | (log.case != UNKNOWN)
    repeated = np.zeros(len(log), bool)
    # Contacts stand in order of entering, so equal rows are among those that entered together.
    tied = log.entered[1:] == log.entered[:-1]
    rows = np.flatnonzero(np.append(tied, False) | np.append(False, tied))
    print_of = np.zeros(len(rows), np.uint64)
    for column in (
        *(log.entered, log.wait, log.talk, log.outcome, log.customer, log.agent),
        *(log.channel, log.need, log.case),
    ):
        print_of = (print_of ^ column[rows].astype(np.uint64)) * _PRIME
        print_of ^= print_of >> _FOLD
    order = np.lexsort((print_of, log.entered[rows]))
    same = (print_of[order][1:] == print_of[order][:-1]) & (
        log.entered[rows][order][1:] == log.entered[rows][order][:-1]
    )
    repeated[rows[order[1:]]] = same
    if named.any() and float(repeated[named].mean()) >= _WHOLE_FILE_TWICE:
        # Nearly every named row stands twice, so the file does, unnamed rows and all.
        return repeated
    return np.asarray(repeated & named)


def catch_all(log: ContactLog) -> Codes:
    """Return ids of customers that stand for many people: switchboards, companies, blanks."""
    known = log.customer[log.customer != UNKNOWN]
    if not len(known):
        return np.zeros(0, np.int64)
    ids, counts = np.unique(known, return_counts=True)
    days = max(int(log.day[-1] - log.day[0]) + 1, 1)
    return np.asarray(ids[(counts > _MANY) & (counts > 2 / 3 * days)])


def _catch_all_note(log: ContactLog) -> list[str]:
    ids = catch_all(log)
    if not len(ids):
        return []
    count = int(np.isin(log.customer, ids).sum())
    what = f"{len(ids)} customer ids with {count} contacts stand for many people each"
    return [f"{what}; they are counted as demand, and left out of who comes back"]


def _missing_ids(log: ContactLog) -> list[str]:
    notes = []
    for role, column in (("customer", log.customer), ("agent", log.agent)):
        rows = log.served if role == "agent" else np.ones(len(log), bool)
        if role in log.columns and rows.any():
            share = float((column[rows] == UNKNOWN).mean())
            if share > 0.001:
                of_whom = "served contacts" if role == "agent" else "contacts"
                notes.append(f"{share:.1%} of {of_whom} have no {role} id")
    if "customer" in log.columns and log.queued.any() and not log.queued.all():
        seen, unseen = (
            float((log.customer[rows] != UNKNOWN).mean()) for rows in (log.queued, ~log.queued)
        )
        if seen > 2 * unseen:
            text = f"ids are known for {seen:.0%} of those who queued and {unseen:.0%} of the rest"
            notes.append(f"{text}: who comes back and is served at once goes unseen")
    return notes


def _clock_changes(log: ContactLog) -> list[str]:
    """Return notes on hours that vanish, or on contacts that end after the next begins."""
    notes = []
    if "agent" in log.columns:
        order, follows = by_agent(log)
        same = follows[1:]
        overlap = log.ended[order][:-1] - log.started[order][1:]
        long = same & (overlap > MINUTE)
        if long.any():
            share = float(long.mean())
            notes.append(
                f"{int(long.sum())} contacts ({share:.2%}) begin over a minute before the same "
                "agent's last one ends: a wrong clock, or two at once"
            )
        hour = same & (np.abs(overlap - HOUR) < MINUTE)
        days, counts = np.unique(log.day[order][1:][hour], return_counts=True)
        notes += [
            f"{date_of(day)}: {count} agents overlap by an hour; the clock may have changed"
            for day, count in zip(days, counts, strict=True)
            if count >= 3
        ]
    return notes
