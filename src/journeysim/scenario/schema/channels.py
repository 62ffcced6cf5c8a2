"""Channels: where contacts happen, and what customers do after each."""

from __future__ import annotations

import itertools
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from journeysim.scenario.channel_kinds import KINDS, NEEDED_BY_OUTCOME, ChannelKind, KindName
from journeysim.scenario.distribution_kinds.by_formula import Deterministic
from journeysim.scenario.schema.distributions import Distribution
from journeysim.scenario.schema.fields import (
    Count,
    Duration,
    NotNegative,
    Part,
    Positive,
    Share,
    shown,
    total_at_most_one,
    total_one,
)
from journeysim.units import DAY, parse_clock

#: What a table of next steps may follow: each is the outcome of a contact that met no need.
CLOSING_OUTCOMES = tuple(NEEDED_BY_OUTCOME)

FirstShares = Annotated[dict[str, Share], AfterValidator(total_one)]


class Step(Part):
    """One way to go on after a contact."""

    share: Share = Field(description="Probability; what is left of 1 gives up.")
    delay: Distribution = Field(
        default=Deterministic(value=0), description="Time until the next contact is tried."
    )
    transfer: bool = Field(
        default=False, strict=True, description="The company moves the customer."
    )
    handling_factor: Positive = Field(default=1.0, description="Makes the next talk longer.")
    patience_factor: Positive = Field(default=1.0, description="Makes the next patience shorter.")


def _share(value: Any) -> Any:
    """Let a bare number stand for a share without delay."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"share": value}
    return value


def _shares_fit(steps: dict[str, Step]) -> dict[str, Step]:
    total_at_most_one({name: step.share for name, step in steps.items()})
    return steps


Steps = Annotated[dict[str, Annotated[Step, BeforeValidator(_share)]], AfterValidator(_shares_fit)]


class Behaviour(Part):
    """Where next, by the outcome of a contact: a channel, `give_up` or `lost`."""

    abandoned: Steps | None = Field(default=None, description="Lost patience in the queue.")
    balked: Steps | None = Field(default=None, description="Refused to join.")
    blocked: Steps | None = Field(default=None, description="No line was free.")
    closed: Steps | None = Field(default=None, description="Came outside opening hours.")
    unresolved: Steps | None = Field(default=None, description="Served, but the need is not met.")
    contained: Steps | None = Field(default=None, description="Left self-service, need not met.")
    stuck: Steps | None = Field(default=None, description="Got stuck in self-service.")


class Handling(Part):
    """Work on one contact: talk, then wrap-up (the customer has gone, the agent has not)."""

    talk: Distribution | None = None
    wrap_up: Distribution | None = None
    time_spent: Distribution | None = Field(default=None, description="Time in self-service.")


class Resolution(Part):
    """How likely a service meets the need."""

    resolution: Share | None = Field(default=None, description="Probability that the need is met.")


Span = tuple[int, int]


def _span(value: Any) -> Span:
    if not isinstance(value, str) or value.count("-") != 1:
        raise ValueError(f"must be a span such as '07:00-17:30', got {shown(value)}")
    start, end = (parse_clock(part) for part in value.split("-"))
    if start >= end:
        raise ValueError(f"{value!r} must open before it closes; split a night at 24:00")
    return start, end


def _spans(value: Any) -> list[Span]:
    texts = value if isinstance(value, list) else [value]
    spans = [span if isinstance(span, tuple) else _span(span) for span in texts]
    for (_, end), (start, _) in itertools.pairwise(spans):
        if start < end:
            raise ValueError("spans must rise and not overlap")
    return spans


Spans = Annotated[list[Span], BeforeValidator(_spans)]


class Opening(Part):
    """Hours at which customers may enter, by weekday."""

    default: Spans = Field(default_factory=lambda: [(0, DAY)])
    monday: Spans | None = None
    tuesday: Spans | None = None
    wednesday: Spans | None = None
    thursday: Spans | None = None
    friday: Spans | None = None
    saturday: Spans | None = None
    sunday: Spans | None = None

    def spans(self, weekday: str) -> list[Span]:
        """Return the open spans of a weekday, ticks since midnight."""
        own: list[Span] | None = getattr(self, weekday)
        return self.default if own is None else own


def _opening(value: Any) -> Any:
    return {"default": value} if isinstance(value, str | list) else value


class Balking(Part):
    """Who refuses to join on seeing the queue, or on hearing the announced wait.

    Pairs of a bound and a probability: at the bound or above it the probability holds.
    """

    queue: list[tuple[Count, Share]] | None = None
    announced_wait: list[tuple[Duration, Share]] | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if (self.queue is None) == (self.announced_wait is None):
            raise ValueError("give either queue or announced_wait")
        bounds = [bound for bound, _ in (self.queue or self.announced_wait or [])]
        if bounds != sorted(set(bounds)):
            raise ValueError("bounds must rise")
        return self


class Announce(Part):
    """Tells who joins a wait: (waiting + 1) x `handling` / places staffed."""

    handling: Duration = Field(gt=0)


class Chase(Part):
    """Who has heard nothing for `after` tries another channel; the rest waits on."""

    after: Distribution
    to: Annotated[dict[str, Share], AfterValidator(total_at_most_one)]


class Overflow(Part):
    """A pool that may help once a contact has waited."""

    pool: str
    after: Duration = 0


class Channel(Handling, Resolution):
    """A medium with its queue and its pools."""

    kind: KindName = Field(
        description=" ".join(f"{kind.name}: {kind.meaning}" for kind in KINDS.values())
    )
    patience: Distribution | None = Field(default=None, description="For segments that name none.")
    lines: Count | None = Field(default=None, description="Waiting and talking at once.")
    opening: Annotated[Opening, BeforeValidator(_opening)] = Field(default_factory=Opening)
    at_closing: Literal["serve", "send_away"] = "serve"
    balking: Balking | None = None
    announce: Announce | None = None
    pools: list[str | Overflow] | None = Field(
        default=None, description="Order in which pools are tried; default: all that serve it."
    )
    stuck: Share | None = Field(default=None, description="Probability of ending stuck.")
    chase: Chase | None = None
    cost_per_contact: NotNegative = 0.0
    touchpoint: str | None = Field(default=None, description="Default: the channel's name.")
    media: Literal["owned", "paid", "earned"] = "owned"
    control: Literal["owned", "partner", "none"] = "owned"
    initiator: str = "customer"
    receiver: str = "company"
    after: Behaviour = Field(default_factory=Behaviour)

    @property
    def capabilities(self) -> ChannelKind:
        """What a channel of this kind is capable of."""
        return KINDS[self.kind]
