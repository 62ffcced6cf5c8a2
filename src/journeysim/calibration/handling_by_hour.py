"""Hours of the day at which handling is not what the mix of needs says."""

from __future__ import annotations

from typing import Final

import numpy as np

from journeysim.calibration.bootstrap import ratio
from journeysim.calibration.calendar import Calendar
from journeysim.calibration.contact_log import UNKNOWN, ContactLog
from journeysim.calibration.customer_groups import Grouping
from journeysim.calibration.handling_fit import FittedHandling
from journeysim.units import HOUR, SECOND, format_clock

#: Smaller differences are not worth a note.
_WORTH_A_NOTE: Final = 0.1


def handling_by_hour(
    log: ContactLog,
    calendar: Calendar,
    grouping: Grouping,
    handling: dict[tuple[str, int], FittedHandling],
) -> list[str]:
    """Return a note if handling depends on the hour, which a scenario cannot have.

    Compared is the sum of handling of an hour with what its needs and channels let expect; an hour
    counts if the 95 % interval over days leaves out 1 and the difference is over 10 %.
    """
    rows = np.flatnonzero(log.served & (log.talk != UNKNOWN))
    channel = np.maximum(log.channel[rows], 0)
    expected = np.zeros(len(rows))
    for first in np.flatnonzero(np.bincount(grouping.need[rows])):
        for own in np.flatnonzero(np.bincount(channel)):
            fit = handling.get((grouping.groups[first].need, int(own)), handling["", int(own)])
            chosen = (grouping.need[rows] == first) & (channel == own)
            expected[chosen] = fit.mean.mean
    days = len(calendar.days)
    flat = np.searchsorted(calendar.days, log.day[rows]) * 24 + log.clock[rows] // HOUR
    talk = np.bincount(flat, log.talk[rows] / SECOND, minlength=24 * days).astype(float)
    usual = np.bincount(flat, expected, minlength=24 * days).astype(float).reshape(days, 24)
    talk = talk.reshape(days, 24)
    found = []
    for hour in np.flatnonzero(usual.any(axis=0)):
        figure = ratio(talk[:, hour], usual[:, hour], len(rows))
        if abs(figure.mean - 1) > _WORTH_A_NOTE and not figure.low <= 1 <= figure.high:
            found.append(f"{format_clock(int(hour) * HOUR)} {figure.mean - 1:+.0%}")
    if not found:
        return []
    listed = ", ".join(found)
    return [f"handling depends on the hour ({listed}); the scenario has one all day"]
