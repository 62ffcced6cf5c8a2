"""Axes of time: hours of a day, or days of a week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from journeysim.scenario.schema.world import Weekday
from journeysim.units import DAY, HOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DAYS: Final[tuple[str, ...]] = get_args(Weekday)


def mark_time(axes: Axes, begin: float, end: float, *, starts_on: str, wide: bool) -> None:
    """Mark hours, or weekdays if it is more than two days; times in hours since the start."""
    axes.set_xlim(begin, end)
    day = DAY / HOUR
    if end - begin > 2 * day:
        first = _DAYS.index(starts_on)
        days = range(int(begin // day), int(-(-end // day)))
        stride = max(len(days) // (14 if wide else 7), 1)
        shown = list(days)[::stride]
        axes.set_xticks([at * day for at in shown])
        letters = 3 if wide else 2
        axes.set_xticklabels([_DAYS[(first + at) % 7][:letters].title() for at in shown], ha="left")
    else:
        span = end - begin
        step = next(each for each in (1, 2, 3, 4, 6, 12) if span / each <= (13 if wide else 6))
        at = -(-begin // step) * step
        ticks = []
        while at <= end:
            ticks.append(at)
            at += step
        axes.set_xticks(ticks)
        axes.set_xticklabels([f"{int(tick % 24):02d}:00" for tick in ticks])
    axes.grid(axis="x")
