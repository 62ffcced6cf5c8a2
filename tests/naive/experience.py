"""Measures of one journey, straight from their formulas: plain Python, one contact after another.

Nothing is imported from the package; the weights are those of its table of defaults.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MINUTE = 60_000_000
SELF_SERVICE = ("web", "bot", "app")
DEFERRED = ("email",)
FAILED = ("abandoned", "balked", "blocked", "closed", "stuck")
UNMET = ("served_unresolved", "contained")
SERVED = ("served_resolved", "served_unresolved", "transferred", "contained")


@dataclass(frozen=True)
class Contact:
    channel: str = "phone"
    outcome: str = "served_resolved"
    resolved: bool = True
    wait: int = 0
    handling: int = 0
    entered: int = 0
    announced: int = -1
    pool: str | None = None
    steps: int = 0


Weights = Mapping[str, float]


def perceived(contact: Contact, w: Weights) -> float:
    """Return minutes that a wait feels like."""
    k = 1.0 if contact.announced >= 0 else w["wait.k"]
    return k * (contact.wait / MINUTE) ** w["wait.beta"]


def accept(channel: str, w: Weights) -> float:
    if channel in DEFERRED:
        return w["wait.accept_deferred"]
    return w["wait.accept_chat"] if channel == "chat" else w["wait.accept"]


def past(contact: Contact, w: Weights) -> float:
    return perceived(contact, w) / accept(contact.channel, w) - 1


def speed(contact: Contact, w: Weights) -> float:
    x = past(contact, w)
    slope = w["wait.slope"] * (w["wait.announced_slope"] if contact.announced >= 0 else 1.0)
    late = slope * max(0.0, x) ** w["valence.curvature"]
    return w["wait.early_slope"] * min(w["wait.early_cap"], max(0.0, -x)) - late


def prospect(delta: float, w: Weights) -> float:
    if delta >= 0:
        return delta ** w["valence.curvature"]
    return -w["valence.loss_aversion"] * (-delta) ** w["valence.curvature"]


def ending(contact: Contact) -> str:
    if contact.resolved:
        return "met"
    if contact.outcome in FAILED:
        return "failed"
    return "unmet" if contact.outcome in UNMET else "open"


def warmth(contact: Contact, w: Weights) -> float:
    return w["warmth.machine" if contact.channel in SELF_SERVICE else "warmth.human"]


def talked(contact: Contact) -> bool:
    return contact.outcome in SERVED and contact.channel not in SELF_SERVICE


def angers(journey: Sequence[Contact], w: Weights) -> tuple[list[float], float]:
    """Return the anger that each contact begins with, and that left at the end."""
    brought, a = [], 0.0
    for k, contact in enumerate(journey):
        before = journey[:k]
        if before:
            gap = max(0, contact.entered - before[-1].entered)
            a *= math.exp(-gap / (w["anger.tau"] * MINUTE))
        brought.append(a)
        a += w["anger.wait"] * max(0.0, past(contact, w))
        a += w["anger.hop"] * bool(before and before[-1].channel != contact.channel)
        a += w["anger.repeat_story"] * (talked(contact) and any(map(talked, before)))
        a += w["anger.unresolved"] * (ending(contact) in ("unmet", "failed"))
        a -= w["anger.warmth"] * warmth(contact, w) * (contact.outcome in SERVED)
        a = min(max(a, 0.0), 1.0)
    return brought, a


def valences(journey: Sequence[Contact], w: Weights, humanised: Sequence[str] = ()) -> list[float]:
    found, x = [], w["valence.expectation"]
    brought, _ = angers(journey, w)
    for contact, anger in zip(journey, brought, strict=True):
        outcome = w[f"outcome.{ending(contact)}"]
        v = w["valence.resolution"] * prospect(outcome - x, w)
        v += w["valence.speed"] * speed(contact, w)
        if contact.outcome in SERVED:
            v += w["valence.warmth"] * w["valence.stakes"] * (warmth(contact, w) - 0.5)
        if contact.channel in humanised:
            v -= w["valence.anger"] * anger
        found.append(v)
        x += w["valence.adaptation"] * (outcome - x)
    return found


def peak_end(v: Sequence[float], w: Weights) -> float:
    peak = v[0]
    for each in v:
        peak = each if abs(each) >= abs(peak) else peak
    return w["memory.peak"] * peak + w["memory.end"] * v[-1]


def mean(v: Sequence[float], durations: Sequence[float]) -> float:
    if sum(durations) == 0:
        return sum(v) / len(v)
    return sum(a * d for a, d in zip(v, durations, strict=True)) / sum(durations)


def trend(v: Sequence[float]) -> float:
    if len(v) < 2:
        return math.nan
    middle = (len(v) - 1) / 2
    top = sum((k - middle) * each for k, each in enumerate(v))
    return top / sum((k - middle) ** 2 for k in range(len(v)))


def counts(journey: Sequence[Contact]) -> dict[str, int]:
    pairs = list(itertools.pairwise(journey))
    moved = [a.outcome == "transferred" for a, _ in pairs]
    changed = [a.channel != b.channel for a, b in pairs]
    return {
        "switches": sum(changed),
        "hops": sum(c and not m for c, m in zip(changed, moved, strict=True)),
        "transfers": sum(moved),
        "repeats": sum(not c and not m for c, m in zip(changed, moved, strict=True)),
        "retries": sum(
            a.channel == b.channel and not a.resolved and a.outcome in FAILED for a, b in pairs
        ),
        "stories": sum(
            talked(each) and any(map(talked, journey[:k])) for k, each in enumerate(journey)
        ),
    }


def effort(journey: Sequence[Contact], w: Weights) -> float:
    counted = counts(journey)
    minutes = sum(perceived(each, w) for each in journey if each.channel not in DEFERRED)
    return (
        w["effort.repeat"] * counted["repeats"]
        + w["effort.switch"] * counted["hops"]
        + w["effort.transfer"] * counted["transfers"]
        + w["effort.repeat_story"] * counted["stories"]
        + w["effort.wait"] * minutes
        + w["effort.step"] * sum(each.steps for each in journey)
    )


def sigma(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def below(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def recommend(experience: float, w: Weights) -> tuple[float, float, float]:
    """Return the mean answer and the probabilities of promoters and detractors."""
    m, s = w["recommend.base"] + w["recommend.slope"] * experience, w["recommend.spread"]
    at_least = [1.0] + [below((m - (j - 0.5)) / s) for j in range(1, 11)] + [0.0]
    share = [at_least[j] - at_least[j + 1] for j in range(11)]
    return sum(j * p for j, p in enumerate(share)), sum(share[9:]), sum(share[:7])


def scores(
    journey: Sequence[Contact],
    w: Weights,
    *,
    value: float = 0.0,
    rates: Mapping[str, float] | None = None,
    humanised: Sequence[str] = (),
    extra_churn: float = 0.0,
) -> dict[str, Any]:
    """Return every measure of a journey with at least one contact; `rates` cost an hour."""
    v = valences(journey, w, humanised)
    durations = [each.wait + each.handling for each in journey]
    remembered, e = peak_end(v, w), effort(journey, w)
    met = any(each.resolved for each in journey)
    share = 1 - math.exp(-e / w["effort.scale"])
    parts = [w[f"satisfaction.{name}"] for name in ("emotion", "outcome", "effort")]
    felt = [remembered, 2 * met - 1, 1 - 2 * share]
    level = sum(a * b for a, b in zip(parts, felt, strict=True)) / sum(parts)
    likelihood, promoter, detractor = recommend(remembered, w)
    _, anger = angers(journey, w)
    logit = math.log(w["churn.base"] / (1 - w["churn.base"]))
    logit += w["churn.effort"] * e - w["churn.experience"] * remembered + extra_churn
    logit += w["churn.abandoned"] * any(each.outcome == "abandoned" for each in journey)
    logit += w["churn.unresolved"] * (not met)
    years = w["value.retention"] / (1 + w["value.discount"] - w["value.retention"])
    cost = sum(
        w["cost.self_service" if each.channel in SELF_SERVICE else "cost.live"]
        + (rates or {}).get(each.pool or "", 0.0) * each.handling / (60 * MINUTE)
        for each in journey
    )
    return {
        "contacts": len(journey),
        "switches": counts(journey)["switches"],
        "retries": counts(journey)["retries"],
        "total_wait": sum(each.wait for each in journey),
        "perceived_wait": 60
        * sum(perceived(each, w) for each in journey if each.channel not in DEFERRED),
        "total_handling": sum(
            each.handling for each in journey if each.channel not in SELF_SERVICE
        ),
        "peak_end": remembered,
        "mean_valence": mean(v, durations),
        "lowest_valence": min(v),
        "valence_trend": trend(v),
        "effort": e,
        "customer_effort": 1 + 4 * share,
        "ease": 7 - 6 * share,
        "satisfaction": min(max(3 + 2 * level, 1.0), 5.0),
        "likelihood_to_recommend": likelihood,
        "promoter": promoter,
        "detractor": detractor,
        "anger": anger,
        "lost_for_good": sigma(w["lost.base"] + w["lost.anger"] * anger),
        "churn_probability": sigma(logit),
        "cost_to_serve": cost,
        "value_at_risk": sigma(logit) * value * years,
    }
