"""Weights as small tables by code, which is all that kernels look up."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.errors import MeasureError, did_you_mean
from journeysim.measures.experience.journey_columns import JourneyColumns
from journeysim.measures.experience.weights import ChannelFacts, Weights
from journeysim.scenario.channel_kinds import KINDS, ChannelKind, kind_by_name
from journeysim.tables.columns import ContactOutcome, words
from journeysim.units import HOUR

Numbers = NDArray[np.float64]

#: How a contact ended for the customer; what `outcome.*` weighs.
MET, OPEN, UNMET, FAILED = range(4)
ENDINGS = ("met", "open", "unmet", "failed")
#: Bits of a sign: the lowest two are the ending.
ENDING = 3
TALKED = 4
UNSERVED = 8
TRANSFERRED = 16
ABANDONED = 32
HUMANISED = 64
RESOLVED = 128
IN_LINE = 256
AGENTS = 512

_FAILED = (
    ContactOutcome.ABANDONED,
    ContactOutcome.BALKED,
    ContactOutcome.BLOCKED,
    ContactOutcome.CLOSED,
    ContactOutcome.STUCK,
)
_UNMET = (ContactOutcome.SERVED_UNRESOLVED, ContactOutcome.CONTAINED)
_SERVED = (
    ContactOutcome.SERVED_RESOLVED,
    ContactOutcome.SERVED_UNRESOLVED,
    ContactOutcome.TRANSFERRED,
    ContactOutcome.CONTAINED,
)


class Lookups(NamedTuple):
    """What is looked up by key, (channel x outcomes + outcome) x 2 + resolved, and by code.

    Attributes
    ----------
    outcomes
        Codes of outcomes, the one for a missing outcome included.
    signs
        Ending and bits of a contact, by key.
    warmth
        Valence by warmth, by key.
    cost
        Of a contact, by channel.
    soothing
        Anger taken away, by key.
    per_accept
        1 / acceptable perceived wait, per minute, by channel.
    in_line
        Whether people wait in line in all channels.
    rates
        Cost of a tick of handling, by pool; shape (0,) if there is none.
    """

    outcomes: int
    signs: NDArray[np.uint16]
    warmth: Numbers
    cost: Numbers
    soothing: Numbers
    per_accept: Numbers
    in_line: bool
    rates: Numbers


def lookups(columns: JourneyColumns, weights: Weights) -> Lookups:
    """Return the tables for the words of some columns."""
    return _lookups(
        columns.words.get("channel", ()),
        columns.words.get("outcome", words(ContactOutcome)),
        columns.words.get("pool", ()),
        "resolved" if columns.has("resolved") else "outcome",
        weights,
    )


@lru_cache(maxsize=32)
def _lookups(
    channels: tuple[str, ...],
    outcomes: tuple[str, ...],
    pools: tuple[str, ...],
    met_by: str,
    weights: Weights,
) -> Lookups:
    """Return the tables; pieces of the same source have the same words."""
    facts = [_facts(name, weights) for name in (*channels, "")]
    ends = (*_known_outcomes(outcomes), None)
    keys = [(fact, end, flag) for fact in facts for end in ends for flag in (False, True)]
    has_flag = met_by == "resolved"
    signs = [
        _sign(fact, end, _is_met(end, resolved=flag, has_flag=has_flag)) for fact, end, flag in keys
    ]
    warmth = np.array([_warmth(fact, weights) for fact, _, _ in keys])
    served = np.array([end in _SERVED for _, end, _ in keys], dtype=np.float64)
    rates = [weights.pool_costs.get(name, 0.0) / HOUR for name in pools] + [0.0]
    weighed = weights["valence.warmth"] * weights["valence.stakes"]
    return Lookups(
        outcomes=len(ends),
        signs=np.array(signs, dtype=np.uint16),
        warmth=served * (warmth - 0.5) * weighed,
        cost=np.array([_cost(fact, weights) for fact in facts]),
        soothing=served * warmth * weights["anger.warmth"],
        per_accept=np.array([1.0 / _accept(fact, weights) for fact in facts]),
        in_line=not any(fact.kind.answered_later for fact in facts),
        rates=np.array(rates if any(rates) else []),
    )


def _known_outcomes(outcomes: tuple[str, ...]) -> list[ContactOutcome]:
    known = words(ContactOutcome)
    found = []
    for word in outcomes:
        if word not in known:
            raise MeasureError(f"column outcome: no outcome {word!r}{did_you_mean(word, known)}")
        found.append(ContactOutcome[word.upper()])
    return found


class _Facts(NamedTuple):
    name: str
    kind: ChannelKind
    said: ChannelFacts


def _facts(name: str, weights: Weights) -> _Facts:
    said = weights.channels.get(name, ChannelFacts())
    return _Facts(name, KINDS[said.kind] if said.kind else kind_by_name(name), said)


def _accept(facts: _Facts, weights: Weights) -> float:
    if facts.said.accept is not None:
        return facts.said.accept
    if facts.kind.answered_later:
        return weights["wait.accept_deferred"]
    return weights["wait.accept_chat" if facts.name.lower() == "chat" else "wait.accept"]


def _warmth(facts: _Facts, weights: Weights) -> float:
    if facts.said.warmth is not None:
        return facts.said.warmth
    return weights[f"warmth.{facts.kind.handler}"]


def _cost(facts: _Facts, weights: Weights) -> float:
    if facts.said.cost is not None:
        return facts.said.cost
    return weights["cost.live" if facts.kind.by_agents else "cost.self_service"]


def _is_met(outcome: ContactOutcome | None, *, resolved: bool, has_flag: bool) -> bool:
    return resolved if has_flag else outcome is ContactOutcome.SERVED_RESOLVED


def _sign(facts: _Facts, outcome: ContactOutcome | None, met: bool) -> int:  # noqa: FBT001
    if met:
        sign = MET | RESOLVED
    elif outcome in _FAILED:
        sign = FAILED | UNSERVED
    else:
        sign = UNMET if outcome in _UNMET else OPEN
    if facts.kind.by_agents and outcome in _SERVED:
        sign |= TALKED
    if outcome is ContactOutcome.TRANSFERRED:
        sign |= TRANSFERRED
    if outcome is ContactOutcome.ABANDONED:
        sign |= ABANDONED
    if not facts.kind.answered_later:
        sign |= IN_LINE
    if facts.kind.by_agents:
        sign |= AGENTS
    return sign | (HUMANISED if facts.said.humanised else 0)
