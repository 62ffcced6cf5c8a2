"""Definitions that score a run: thresholds, targets, the headline formula, windows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar, get_args

from journeysim.errors import MeasureError, did_you_mean
from journeysim.scenario.schema.world import ChannelMeasures, ServiceLevel, World
from journeysim.units import format_duration, parse_duration

#: The definition that names the headline formula, in scenarios, calls and records.
HEADLINE_FORMULA: Final = "service_level"
IntervalOf = Literal["arrival", "answer"]
#: Ticks, or text with a unit such as ``"30s"``.
Time = int | str
T = TypeVar("T")
Times = Time | Mapping[str, Time]
Shares = float | Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Definitions of the measures; whatever is left None is what the scenario says.

    Attributes
    ----------
    threshold
        Longest wait that is in time, for all channels or by channel; equality counts.
    target
        Service level to reach, for all channels or by channel.
    short_abandon
        Who abandons by then does so early, for all channels or by channel; equality counts.
    service_level
        Which of the five formulas is the headline.
    recontact_window
        Time without a further contact that first-contact resolution asks for.
    interval_of
        Interval that a contact counts for: that of its arrival, or that in which its wait ended.
    """

    threshold: Times | None = None
    target: Shares | None = None
    short_abandon: Times | None = None
    service_level: ServiceLevel | None = None
    recontact_window: Time | None = None
    interval_of: IntervalOf = "arrival"

    def __post_init__(self) -> None:
        for word, known, key in (
            (self.interval_of, get_args(IntervalOf), "interval_of"),
            (self.service_level, get_args(ServiceLevel), HEADLINE_FORMULA),
        ):
            if word is not None and word not in known:
                raise MeasureError(f"definitions.{key}: no {word!r}{did_you_mean(word, known)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDefinitions:
    """What scores one channel: ticks, a share, ticks."""

    threshold: int
    target: float
    short_abandon: int


def channel_definitions(world: World, definitions: Definitions) -> dict[str, ChannelDefinitions]:
    """Return what scores each channel, by its name.

    An override counts before what the scenario says of the channel, and that before what it says
    of all channels.

    Raises
    ------
    MeasureError
        If an override names a channel that the world lacks, or is not a duration or a share.
    """
    said = world.measures
    thresholds: Mapping[str, Time] = _by_channel(definitions.threshold, world, "threshold")
    targets: Mapping[str, float] = _by_channel(definitions.target, world, "target")
    short_abandons: Mapping[str, Time] = _by_channel(
        definitions.short_abandon, world, "short_abandon"
    )
    found = {}
    for name in world.channels:
        own = said.channels.get(name, ChannelMeasures())
        found[name] = ChannelDefinitions(
            threshold=ticks(_first(thresholds, name, own.threshold, said.threshold)),
            target=_share(_first(targets, name, own.target, said.target)),
            short_abandon=ticks(
                _first(short_abandons, name, own.short_abandon, said.short_abandon)
            ),
        )
    return found


def ticks(time: Time) -> int:
    """Return a time in ticks, whether it came as ticks or as text with a unit."""
    try:
        found = parse_duration(time) if isinstance(time, str) else int(time)
    except TypeError:
        raise MeasureError(
            f"definitions: a time must be a text such as '30s', or whole ticks, got {time!r}"
        ) from None
    except ValueError as error:
        raise MeasureError(f"definitions: {error}") from error
    if found < 0:
        raise MeasureError(f"definitions: a time must be at least 0, got {found} ticks")
    return found


def spoken(time: int) -> str:
    """Return ticks as a formula prints them: ``"1 m 30 s"``."""
    return re.sub(r"(\d)([a-z])", r"\1 \2", format_duration(time))


def _share(share: Any) -> float:
    if isinstance(share, str) or not 0.0 <= share <= 1.0:
        raise MeasureError(f"definitions.target must be from 0 to 1, got {share}")
    return float(share)


def _first(overrides: Mapping[str, T], name: str, own: T | None, general: T) -> T:
    return overrides.get(name, general if own is None else own)


def _by_channel(override: T | Mapping[str, T] | None, world: World, key: str) -> Mapping[str, T]:
    if override is None:
        return {}
    if not isinstance(override, Mapping):
        return dict.fromkeys(world.channels, override)
    for name in override:
        if name not in world.channels:
            remedy = did_you_mean(name, world.channels)
            raise MeasureError(f"definitions.{key}: no channel {name!r}{remedy}")
    return override
