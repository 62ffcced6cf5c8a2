"""What a scenario file says, part by part, with the meaning of every key.

The classes are the file format: the JSON Schema for editors is made from them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from journeysim.scenario.schema.channels import (
    Behaviour,
    Channel,
    FirstShares,
    Handling,
    Resolution,
)
from journeysim.scenario.schema.distributions import Distribution
from journeysim.scenario.schema.fields import (
    Clock,
    Count,
    Duration,
    NotNegative,
    Part,
    Share,
    total_one,
)
from journeysim.scenario.schema.interval_tables import AgentTable, Arrivals
from journeysim.scenario.schema.scoring_weights import Scoring
from journeysim.units import DAY, MINUTE, SECOND, WEEK

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ServiceLevel = Literal[
    "offered", "answered", "excluding_early", "crediting_early", "short_abandons"
]


class Time(Part):
    """The simulated span."""

    horizon: Duration = Field(default=DAY, gt=0, description="Customers arrive before this time.")
    run_out: Duration = Field(default=0, description="Time after the horizon to finish journeys.")
    warm_up: Duration = Field(default=0, description="Who arrives before this is not scored.")
    starts_on: Weekday = Field(default="monday", description="Weekday of the first day.")
    interval: Duration = Field(
        default=30 * MINUTE, gt=0, description="Length of a row of the interval tables."
    )


class ChannelMeasures(Part):
    """Thresholds of one channel, where they differ."""

    threshold: Duration | None = None
    target: Share | None = None
    short_abandon: Duration | None = None


class Measures(Part):
    """Definitions that score a run; they never change what happens in it."""

    threshold: Duration = Field(default=20 * SECOND, description="Longest wait that is in time.")
    target: Share = Field(default=0.8, description="Service level to reach.")
    short_abandon: Duration = Field(default=5 * SECOND, description="Abandoning by then is short.")
    service_level: ServiceLevel = Field(default="offered", description="The headline formula.")
    recontact_window: Duration = Field(
        default=WEEK, description="Window of first-contact resolution."
    )
    channels: dict[str, ChannelMeasures] = Field(default_factory=dict)


class DayFactor(Part):
    """A gamma factor of mean 1 that makes whole days busy or quiet."""

    cv: NotNegative


class IntervalFactor(Part):
    """A lognormal factor of mean 1 per stretch of the day, correlated from one to the next."""

    cv: NotNegative
    correlation: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.0
    every: Duration = Field(default=30 * MINUTE, gt=0, le=DAY)


class Demand(Part):
    """What all segments share about busy and quiet days."""

    day_factor: DayFactor | None = None
    interval_factor: IntervalFactor | None = None


class NeedInChannel(Handling, Resolution):
    """What differs for a need in one channel."""

    stuck: Share | None = None
    after: Behaviour = Field(default_factory=Behaviour)


class Need(Part):
    """Why a journey starts."""

    first: FirstShares = Field(default_factory=dict, description="First channel, by share.")
    channels: dict[str, NeedInChannel] = Field(default_factory=dict)


class SegmentInChannel(Part):
    """What differs for a segment in one channel."""

    patience: Distribution | None = None
    priority: int | None = Field(default=None, ge=-1000, le=1000, strict=True)
    head_start: Duration | None = None
    after: Behaviour = Field(default_factory=Behaviour)


def _first_for_the_only_need(value: Any) -> Any:
    """Read ``first = {phone = 1.0}`` as the first channels of every need."""
    if isinstance(value, dict) and value and not any(isinstance(v, dict) for v in value.values()):
        return {"*": value}
    return value


class Segment(Part):
    """A group of customers who behave alike: a persona."""

    arrivals: Arrivals | None = Field(default=None, description="Fresh demand over the day.")
    needs: Annotated[dict[str, Share], AfterValidator(total_one)] = Field(
        default_factory=dict, description="Share of each need among the arrivals."
    )
    first: Annotated[dict[str, FirstShares], BeforeValidator(_first_for_the_only_need)] = Field(
        default_factory=dict, description="First channels, by need, where they differ."
    )
    patience: Distribution | None = Field(default=None, description="Would wait, in any channel.")
    patience_rule: Literal["fresh", "same", "budget"] = Field(
        default="fresh",
        description="fresh: drawn again at each contact; same: one uniform number per journey; "
        "budget: a fresh draw, but never more than is left of `patience_budget`.",
    )
    patience_budget: Distribution | None = None
    priority: int = Field(
        default=0, ge=-1000, le=1000, strict=True, description="Higher is served first."
    )
    head_start: Duration = Field(default=0, description="Counted as time already waited.")
    value: NotNegative = Field(default=0.0, description="Worth of a customer; lost if lost.")
    interviews: Count | None = Field(default=None, description="Evidence behind the persona.")
    day_factor: DayFactor | None = None
    channels: dict[str, SegmentInChannel] = Field(default_factory=dict)


class Break(Part):
    """Agents away for a stretch of the day."""

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    agents: Count


class ServesNeeds(Part):
    """A channel, for some needs only."""

    channel: str
    needs: list[str] | None = None


class PoolInChannelForNeed(Handling, Resolution):
    """What differs when a pool serves one need in one channel."""


class PoolInChannel(Handling, Resolution):
    """What differs when a pool serves one channel."""

    needs: dict[str, PoolInChannelForNeed] = Field(default_factory=dict)


Served = str | ServesNeeds


class Pool(Part):
    """A group of agents who serve the same channels alike."""

    agents: AgentTable = Field(description="Agents at work (or paid, with `paid`), over the day.")
    paid: bool = Field(
        default=False, strict=True, description="True: `agents` are paid; shrinkage is taken off."
    )
    shrinkage: Share = Field(default=0.0, description="Share of paid time not at work.")
    serves: list[Served | list[Served]] = Field(
        min_length=1, description="Channels in order of preference; an inner list is one level."
    )
    concurrency: dict[str, Annotated[int, Field(ge=1, le=64, strict=True)]] = Field(
        default_factory=dict, description="Contacts per agent at once, by channel; else 1."
    )
    breaks: list[Break] = Field(default_factory=list)
    cost_per_hour: NotNegative = Field(default=0.0, description="Cost of one paid hour.")
    channels: dict[str, PoolInChannel] = Field(default_factory=dict)

    def levels(self) -> list[list[ServesNeeds]]:
        """Return the preference levels, each with its channels and needs."""
        wrapped = [entry if isinstance(entry, list) else [entry] for entry in self.serves]
        return [
            [ServesNeeds(channel=item) if isinstance(item, str) else item for item in level]
            for level in wrapped
        ]


class Trace(Part):
    """Customers given one by one, in place of draws."""

    file: str
    sheet: str | None = None
    unit: Duration = Field(default=SECOND, gt=0, description="Unit of bare numbers.")


class Evidence(Part):
    """What a parameter rests on."""

    source: str
    grade: Literal["measured", "published", "convention", "assumption"]
    n: Count | None = None
    range: list[Any] | None = Field(default=None, min_length=2, max_length=2)
    spread: Literal["uniform", "triangular", "normal"] = Field(
        default="uniform",
        description="How it lies in its range; normal: the range is the middle 95 %.",
    )
    bootstrap: list[Any] | None = Field(
        default=None, min_length=2, description="Estimates from resampled data, for the range."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.range is not None and self.bootstrap is not None:
            raise ValueError("give a range or bootstrap values, not both")
        return self


class Variant(Part):
    """A what-if, as a small difference."""

    description: str = ""
    set: list[str] = Field(default_factory=list, description='e.g. "pools.phone.agents-=1"')
    change: dict[str, Any] = Field(default_factory=dict, description="Merged over the scenario.")


class World(Part):
    """A whole scenario file."""

    title: str = ""
    description: str = ""
    extends: str | None = Field(default=None, description="A file that this one changes.")
    seed: int = Field(default=1, ge=0, lt=2**63, strict=True)
    replications: int = Field(default=20, ge=1, le=1_000_000, strict=True)
    max_contacts: int = Field(
        default=20, ge=1, le=16_000, strict=True, description="Cap per journey."
    )
    time: Time = Field(default_factory=Time)
    measures: Measures = Field(default_factory=Measures)
    scoring: Scoring = Field(default_factory=Scoring)
    demand: Demand = Field(default_factory=Demand)
    needs: dict[str, Need] = Field(default_factory=dict)
    segments: dict[str, Segment] = Field(min_length=1)
    channels: dict[str, Channel] = Field(min_length=1)
    pools: dict[str, Pool] = Field(default_factory=dict)
    trace: Trace | None = None
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    variants: dict[str, Variant] = Field(default_factory=dict)
