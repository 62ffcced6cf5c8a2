"""From a log as read to the contacts that are used, and the days on which they came."""

from __future__ import annotations

from journeysim.calibration.calendar import Calendar, calendar_of, dates, in_hours
from journeysim.calibration.contact_log import ContactLog, weekday_name
from journeysim.calibration.log_checks import checked
from journeysim.calibration.log_gate import refuse_misread
from journeysim.calibration.log_reading import Reading


def prepared(reading: Reading, *, every: int, anyway: bool = False) -> tuple[ContactLog, Calendar]:
    """Return the usable contacts of a log and its calendar; what is left out is counted.

    Parameters
    ----------
    anyway
        Go on with a log that was plainly misread.

    Raises
    ------
    LogError
        If it was.
    """
    log = checked(reading.log)
    if not anyway:
        refuse_misread(reading, log)
    calendar = calendar_of(log, every=every, opening=reading.map.opening)
    log = in_hours(log, calendar)
    notes = []
    if calendar.missing:
        notes.append(f"days missing: {dates(calendar.missing)}")
    if calendar.broken:
        notes.append(f"days on which the recording stopped: {dates(calendar.broken)}")
    closed = [weekday_name(day) for day in range(7) if day not in calendar.spans]
    if closed:
        notes.append(f"no contacts on {', '.join(closed)}: closed in the scenario")
    return log.noted(*notes), calendar
