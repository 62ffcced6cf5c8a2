"""What precision is asked for: `"phone.service_level:0.5pp"`, and when it is reached.

Replications are added until every half-width asked for is small enough and stays so while a few
more are made, because a half-width that has just become small is often so by luck: Hoad, Robinson
and Davies (2010), "Automated selection of the number of replications for a discrete-event
simulation", Journal of the Operational Research Society 61(11):1632-1644.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from journeysim.errors import MeasureError, did_you_mean
from journeysim.scenario.changes.key_paths import parse_path
from journeysim.units import HOUR, SECOND, parse_duration

Of = Literal["difference", "value"]

#: Replications before any half-width is believed.
FEWEST: Final = 10
#: Replications for which a half-width has to stay small, up to 100 of them; then in proportion.
LOOK_AHEAD: Final = 5

_NUMBER: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*(%|pp)?\s*")


@dataclass(frozen=True, slots=True)
class Target:
    """A half-width that is asked for.

    Attributes
    ----------
    text
        As it was written.
    measure
        Name of the measure.
    members
        Names of channels, pools ... that a group has to belong to; none for every group.
    width
        Half-width to reach: in units of the measure, or a share of the estimate.
    relative
        Whether `width` is such a share.
    of
        The differences of all variants from the baseline, or the values of all scenarios.
    """

    text: str
    measure: str
    members: tuple[str, ...]
    width: float
    relative: bool
    of: Of

    def reached_by(self, half_width: float, estimate: float) -> bool:
        """Return whether a half-width is small enough; NaN never is."""
        return half_width <= self.asked(estimate)

    def asked(self, estimate: float) -> float:
        """Return the half-width that is asked for, in units of the measure."""
        return self.width * abs(estimate) if self.relative else self.width

    def excess(self, half_width: float, estimate: float) -> float:
        """Return how many times too wide an interval is, to find the worst of several."""
        asked = self.asked(estimate)
        return half_width / asked if asked > 0 else half_width * float("inf") if half_width else 0.0


def parse_target(text: str, units: Mapping[str, str]) -> Target:
    """Return what a text such as ``"phone.service_level:0.5pp"`` asks for.

    Parameters
    ----------
    text
        ``[MEMBER.]MEASURE:WIDTH``, and ``:value`` behind it where the levels are meant and not the
        differences. A width is ``0.5pp`` for shares, ``2s`` for times, a number for all else, or
        ``5%`` of the estimate.
    units
        Unit of each known measure.

    Raises
    ------
    MeasureError
        If it cannot be read, or the width does not fit the measure.
    """
    path, colon, rest = text.strip().partition(":")
    width, _, said = rest.partition(":")
    if not colon or said.strip() not in ("", "difference", "value"):
        raise _unreadable(text)
    try:
        parts = [str(part) for part in parse_path(path)]
    except ValueError:
        raise _unreadable(text) from None
    measure = parts[-1]
    if measure not in units:
        raise MeasureError(
            f"precision {text!r}: no measure {measure!r}{did_you_mean(measure, units)}"
        )
    size, relative = _width(width, units[measure], text)
    of: Of = "value" if said.strip() == "value" else "difference"
    return Target(text, measure, tuple(parts[:-1]), size, relative, of)


def _width(width: str, unit: str, text: str) -> tuple[float, bool]:
    """Return a width in units of its measure, and whether it is relative."""
    number = _NUMBER.fullmatch(width)
    if number is not None and float(number[1]) <= 0.0:
        raise MeasureError(f"precision {text!r}: a half-width must be above 0")
    if number is not None and number[2] == "%":
        return float(number[1]) / 100, True
    if unit == "share":
        if number is None or number[2] != "pp":
            raise MeasureError(
                f"precision {text!r}: of a share, write points such as 0.5pp, or 5% of the estimate"
            )
        return float(number[1]) / 100, False
    if unit in ("s", "h"):
        try:
            ticks = parse_duration(width.strip())
        except ValueError:
            ticks = 0
        if ticks <= 0:
            raise MeasureError(
                f"precision {text!r}: of a time, write a duration such as 2s, or 5% of the estimate"
            )
        return ticks / (SECOND if unit == "s" else HOUR), False
    if number is None or number[2]:
        raise MeasureError(
            f"precision {text!r}: of a {unit}, write a number such as 3, or 5% of the estimate"
        )
    return float(number[1]), False


def _unreadable(text: str) -> MeasureError:
    return MeasureError(
        f"precision {text!r} cannot be read; write e.g. phone.service_level:0.5pp, "
        "speed_of_answer:2s, journeys_lost:5%, or journeys_lost:3:value for the levels"
    )


def look_ahead(replications: int) -> int:
    """Return for how many more replications a half-width has to stay small (their f(kLimit, n))."""
    return LOOK_AHEAD if replications <= 100 else LOOK_AHEAD * replications // 100


def looked_at(replications: int) -> bool:
    """Return whether half-widths are computed after so many: each time, later every hundredth."""
    return replications >= FEWEST and replications % max(replications // 100, 1) == 0


class LookAhead:
    """Decides after each replication, in their order, whether enough are made.

    Attributes
    ----------
    small_since
        Replications after which every half-width was small, and has been since; 0 for none.
    """

    def __init__(self) -> None:
        self.small_since = 0

    def enough(self, replications: int, *, small: bool) -> bool:
        """Take note of whether all half-widths are small now; return whether to stop."""
        if not small:
            self.small_since = 0
            return False
        self.small_since = self.small_since or replications
        return replications >= self.small_since + look_ahead(self.small_since)
