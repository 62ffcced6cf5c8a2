"""Whether a log is what it was taken for, asked before anything is fitted to it.

A column that was guessed wrong gives figures that look like others. What such a log looks like is
known, so it stops, and says what to map.
"""

from __future__ import annotations

import numpy as np

from journeysim.calibration.contact_log import UNKNOWN, ContactLog
from journeysim.calibration.log_reading import Reading
from journeysim.errors import LogError
from journeysim.input_tables.moments import is_date_only
from journeysim.units import DAY

#: More of a log's rows than this cannot be left out unseen.
_MOST_LEFT_OUT = 0.05
_MOST_REPEATED = 0.45
#: A worded column in which nearly every row has a word of its own names people, not kinds.
_MOST_DISTINCT = 0.5
_FEW = 20
_WORDED = ("channel", "need", "segment")
#: Reasons that are the user's own words for what is no contact, and no fault of the reading.
_BY_WORD = ("outcome ", "no outcome")


def refuse_misread(reading: Reading, checked: ContactLog) -> None:
    """Refuse a log that was plainly misread.

    Parameters
    ----------
    checked
        The log without what cannot be, which is counted by reason.

    Raises
    ------
    LogError
        With all that is suspicious, and what to map.
    """
    problems = [
        *_midnights(reading),
        *_too_many_words(reading),
        *_left_out(checked),
        *_long_waits(reading.log),
    ]
    if not problems:
        return
    lines = "\n".join(f"  - {text}" for text in problems)
    raise LogError(
        f"{reading.log.source}: is not what it was taken for\n{lines}\n"
        "Say what is what with --map, or go on all the same with --anyway."
    )


def _midnights(reading: Reading) -> list[str]:
    log = reading.log
    if len(log) < 2 or not is_date_only(log.entered):
        return []
    column = reading.map.columns.get("entered", "the date")
    if "count" in log.columns:
        gaps = np.diff(np.unique(log.day))
        what = "monthly" if len(gaps) and np.median(gaps) > 20 else "daily"
        problem = f"{column!r} holds dates without times: {what} totals do not say at what time"
        return [f"{problem} of day people come; give counts by half hour"]
    what = f"every contact came at midnight: {column!r} holds dates without times"
    return [f"{what}; map the time, e.g. --map clock=COLUMN"]


def _too_many_words(reading: Reading) -> list[str]:
    found = []
    for role in _WORDED:
        words = reading.log.words[role]
        if len(words) > _FEW and len(words) > _MOST_DISTINCT * len(reading.log):
            column = reading.map.columns[role]
            found.append(
                f"{column!r} was taken for the {role} and holds {len(words)} words in "
                f"{len(reading.log)} contacts; map another with --map {role}=COLUMN, or none with "
                f"--map {role}="
            )
    return found


def _left_out(log: ContactLog) -> list[str]:
    found = []
    faults = {
        reason: rows for reason, rows in log.excluded.items() if not reason.startswith(_BY_WORD)
    }
    repeated = faults.pop("duplicate row", 0)
    if repeated > _MOST_REPEATED * log.rows:
        found.append(f"{repeated} of {log.rows} rows are duplicates of others")
    if sum(faults.values()) > _MOST_LEFT_OUT * log.rows:
        reasons = ", ".join(f"{rows} {reason}" for reason, rows in faults.items())
        found.append(f"{sum(faults.values())} of {log.rows} rows would be left out: {reasons}")
    return found


def _long_waits(log: ContactLog) -> list[str]:
    found = []
    for name, ticks in (("wait", log.wait), ("talk", log.talk)):
        known = ticks[ticks > UNKNOWN]
        if len(known) > _FEW and float(np.median(known)) > DAY / 4:
            hours = float(np.median(known)) / DAY * 24
            found.append(f"half of all contacts have a {name} of over {hours:.0f} hours")
    return found
