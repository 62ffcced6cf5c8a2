"""What was fitted to a log: who comes, how long things take, who serves, who comes back."""

from __future__ import annotations

from dataclasses import dataclass

from journeysim.calibration.arrivals_fit import Profile
from journeysim.calibration.bootstrap import Estimate
from journeysim.calibration.calendar import Calendar, Counts
from journeysim.calibration.column_map import ColumnMap
from journeysim.calibration.contact_log import ContactLog
from journeysim.calibration.customer_groups import Grouping
from journeysim.calibration.handling_fit import FittedHandling
from journeysim.calibration.log_reading import Reading
from journeysim.calibration.patience_fit import FittedPatience
from journeysim.calibration.pools import Staffing
from journeysim.calibration.returns import Returns
from journeysim.calibration.swing_fit import Swing
from journeysim.calibration.unseen_work import Readiness


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedLog:
    """What a log tells.

    Attributes
    ----------
    reading
        The log as read, with its map.
    log
        The contacts that were used.
    calendar, grouping
        Days and hours; who comes.
    channels
        Names of channels by code.
    offered, expected
        Fresh contacts by group, day and interval; by group, weekday and interval.
    profiles, totals
        By group: how the expected counts were found; contacts a day.
    swing
        Of all fresh contacts together; None for a log of a few days.
    handling
        By need and channel.
    patience
        By group and channel code; group -1 is everybody in the channel.
    staffing, readiness, wrap_up, returns
        Agents at work; their pause after a contact, by channel, or the wrap-up where it is
        recorded; who comes back.
    first
        By need: share of each channel code among first contacts.
    """

    reading: Reading
    log: ContactLog
    calendar: Calendar
    grouping: Grouping
    channels: tuple[str, ...]
    offered: Counts
    profiles: tuple[Profile, ...]
    totals: tuple[Estimate, ...]
    swing: Swing | None
    handling: dict[tuple[str, int], FittedHandling]
    patience: dict[tuple[int, int], FittedPatience]
    staffing: tuple[Staffing, ...]
    readiness: dict[int, Readiness]
    wrap_up: dict[int, FittedHandling]
    returns: Returns
    first: dict[str, Counts]

    @property
    def map(self) -> ColumnMap:
        """Return the map with which the log was read."""
        return self.reading.map

    @property
    def needs(self) -> list[str]:
        """Return the names of the needs."""
        return list(dict.fromkeys(group.need for group in self.grouping.groups))
