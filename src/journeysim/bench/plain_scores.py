"""The reference: all built-in measures, one journey after the other, from words.

Nothing here is shared with the kernels but the default weights. It is as slow as it is plain, so a
benchmark compares a sample of its journeys with it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from journeysim.bench.mapped_tables import Mapped
from journeysim.measures.experience import Weights

_SELF_SERVICE: Final = {"web", "website", "app", "bot", "chatbot", "ivr", "self_service", "portal"}
_DEFERRED: Final = {"email", "e-mail", "mail", "ticket", "letter", "form", "message", "deferred"}
_FAILED: Final = {"abandoned", "balked", "blocked", "closed", "stuck"}
_UNMET: Final = {"served_unresolved", "contained"}
_SERVED: Final = {"served_resolved", "served_unresolved", "contained", "transferred"}

#: The measures that it knows.
PLAIN: Final = (
    *("contacts", "switches", "retries", "total_wait", "total_handling", "perceived_wait"),
    *("effort", "peak_end", "cost_to_serve", "churn_probability", "value_at_risk"),
    *("tried_online_first", "mean_valence", "lowest_valence", "valence_trend"),
    *("customer_effort", "ease", "satisfaction", "likelihood_to_recommend", "promoter"),
    *("detractor", "anger", "lost_for_good"),
)

#: A contact with its words, times in minutes, and None where there is nothing.
Contact = Mapping[str, Any]


def plain_scores(tables: Mapped, rows: Sequence[int]) -> dict[str, list[float]]:
    """Return the built-in measures of some journeys, by row of the journeys' table."""
    weights = Weights.default()
    found = [plain_measures(*_journey(tables, row), weights) for row in rows]
    return {name: [each[name] for each in found] for name in found[0]} if found else {}


def _journey(tables: Mapped, row: int) -> tuple[list[Contact], float]:
    journey = tables.journeys.slice(row, 1).select(["first_contact", "contacts", "value"])
    said = journey.to_pylist()[0]
    contacts = tables.contacts.slice(said["first_contact"], said["contacts"])
    times = ("entered", "wait", "talk", "wrap_up", "announced_wait")
    for place, name in enumerate(contacts.column_names):
        if name in times:
            ticks = contacts.column(name).cast(pa.int64())
            contacts = contacts.set_column(place, name, ticks)
    return contacts.to_pylist(), said["value"]


def plain_measures(contacts: Sequence[Contact], value: float, weights: Weights) -> dict[str, float]:
    """Return the built-in measures of one journey."""
    w = weights
    felt = [_perceived(contact, w) for contact in contacts]
    valences = _valences(contacts, felt, w)
    # Nobody stands in line while a mail lies there.
    minutes = sum(
        perceived
        for each, perceived in zip(contacts, felt, strict=True)
        if each["channel"] not in _DEFERRED
    )
    switches = hops = repeats = retries = transfers = 0
    for before, contact in itertools.pairwise(contacts):
        moved = before["outcome"] == "transferred"
        switched = contact["channel"] != before["channel"]
        switches += switched
        hops += switched and not moved
        repeats += not switched and not moved
        retries += not switched and before["outcome"] in _FAILED and not before["resolved"]
        transfers += moved
    effort = (
        w["effort.repeat"] * repeats
        + w["effort.switch"] * hops
        + w["effort.transfer"] * transfers
        + w["effort.repeat_story"] * sum(_told_again(contacts))
        + w["effort.wait"] * minutes
    )
    peak = max(enumerate(valences), key=lambda each: (abs(each[1]), each[0]))[1]
    peak_end = w["memory.peak"] * peak + w["memory.end"] * valences[-1]
    met = any(contact["resolved"] for contact in contacts)
    churn = _logistic(
        math.log(w["churn.base"] / (1 - w["churn.base"]))
        - w["churn.experience"] * peak_end
        + w["churn.effort"] * effort
        + w["churn.abandoned"] * any(each["outcome"] == "abandoned" for each in contacts)
        + w["churn.unresolved"] * (not met)
    )
    retention = w["value.retention"]
    handling = [(each["talk"] or 0) + (each["wrap_up"] or 0) for each in contacts]
    return {
        "contacts": len(contacts),
        "switches": switches,
        "retries": retries,
        "total_wait": sum(contact["wait"] for contact in contacts),
        "total_handling": sum(
            time
            for each, time in zip(contacts, handling, strict=True)
            if each["channel"] not in _SELF_SERVICE
        ),
        "perceived_wait": 60 * minutes,
        "effort": effort,
        "peak_end": peak_end,
        "cost_to_serve": sum(
            _by_service(each, "cost.self_service", "cost.live", w) for each in contacts
        ),
        "churn_probability": churn,
        "value_at_risk": churn * value * retention / (1 + w["value.discount"] - retention),
        "tried_online_first": _tried_online_first(contacts),
        **_memories(contacts, valences, handling),
        **_said(peak_end, effort, w, met=met),
        **_anger(contacts, felt, w),
    }


def _tried_online_first(contacts: Sequence[Contact]) -> float:
    humans = [
        contact["handler"] == "human"
        if "handler" in contact
        else contact["channel"] not in _SELF_SERVICE
        for contact in contacts
    ]
    return float(humans.index(True) > 0) if any(humans) else math.nan


def _by_service(contact: Contact, machine: str, human: str, w: Weights) -> float:
    return w[machine if contact["channel"] in _SELF_SERVICE else human]


def _accept(contact: Contact, w: Weights) -> float:
    channel = contact["channel"]
    if channel in _DEFERRED:
        return w["wait.accept_deferred"]
    return w["wait.accept_chat" if channel == "chat" else "wait.accept"]


def _perceived(contact: Contact, w: Weights) -> float:
    factor = w["wait.k"] if contact["announced_wait"] is None else 1.0
    return float(factor * (contact["wait"] / 60_000_000) ** w["wait.beta"])


def _valences(contacts: Sequence[Contact], felt: Sequence[float], w: Weights) -> list[float]:
    expected = w["valence.expectation"]
    found = []
    for contact, perceived in zip(contacts, felt, strict=True):
        delta = _outcome(contact, w) - expected
        expected += w["valence.adaptation"] * delta
        value = abs(delta) ** w["valence.curvature"]
        if delta < 0:
            value *= -w["valence.loss_aversion"]
        late = perceived / _accept(contact, w) - 1
        told = contact["announced_wait"] is not None
        slope = w["wait.slope"] * (w["wait.announced_slope"] if told else 1.0)
        speed = -slope * max(0.0, late) ** w["valence.curvature"]
        speed += w["wait.early_slope"] * min(w["wait.early_cap"], max(0.0, -late))
        valence = w["valence.resolution"] * value + w["valence.speed"] * speed
        if contact["outcome"] in _SERVED:
            warmth = _by_service(contact, "warmth.machine", "warmth.human", w)
            valence += w["valence.warmth"] * w["valence.stakes"] * (warmth - 0.5)
        found.append(valence)
    return found


def _outcome(contact: Contact, w: Weights) -> float:
    if contact["resolved"]:
        return w["outcome.met"]
    if contact["outcome"] in _FAILED:
        return w["outcome.failed"]
    return w["outcome.unmet" if contact["outcome"] in _UNMET else "outcome.open"]


def _told_again(contacts: Sequence[Contact]) -> list[bool]:
    """Return where an agent has to be told what another agent was told."""
    talked = [
        contact["outcome"] in _SERVED and contact["channel"] not in _SELF_SERVICE
        for contact in contacts
    ]
    return [here and any(talked[:place]) for place, here in enumerate(talked)]


def _memories(
    contacts: Sequence[Contact], valences: Sequence[float], handling: Sequence[int]
) -> dict[str, float]:
    size = len(valences)
    lasted = [each["wait"] + time for each, time in zip(contacts, handling, strict=True)]
    if not sum(lasted):
        lasted = [1] * size
    middle = (size - 1) / 2
    rise = sum((place - middle) * valence for place, valence in enumerate(valences))
    squares = sum((place - middle) ** 2 for place in range(size))
    weighed = sum(valence * time for valence, time in zip(valences, lasted, strict=True))
    return {
        "mean_valence": weighed / sum(lasted),
        "lowest_valence": min(valences),
        "valence_trend": rise / squares if size > 1 else math.nan,
    }


def _said(peak_end: float, effort: float, w: Weights, *, met: bool) -> dict[str, float]:
    """Return what the customer would answer when asked."""
    saturated = 1 - math.exp(-effort / w["effort.scale"])
    parts = [w[f"satisfaction.{name}"] for name in ("emotion", "outcome", "effort")]
    good = parts[0] * peak_end + parts[1] * (1 if met else -1) + parts[2] * (1 - 2 * saturated)
    mean = w["recommend.base"] + w["recommend.slope"] * peak_end

    def at_least(answer: int) -> float:
        return _normal((mean - (answer - 0.5)) / w["recommend.spread"])

    return {
        "customer_effort": 1 + 4 * saturated,
        "ease": 7 - 6 * saturated,
        "satisfaction": min(5.0, max(1.0, 3 + 2 * good / sum(parts))),
        "likelihood_to_recommend": sum(at_least(answer) for answer in range(1, 11)),
        "promoter": at_least(9),
        "detractor": 1 - at_least(7),
    }


def _anger(contacts: Sequence[Contact], felt: Sequence[float], w: Weights) -> dict[str, float]:
    anger, before = 0.0, None
    again = _told_again(contacts)
    for place, contact in enumerate(contacts):
        if before is not None:
            minutes = max(0, contact["entered"] - before["entered"]) / 60_000_000
            anger *= math.exp(-minutes / w["anger.tau"])
            anger += w["anger.hop"] * (contact["channel"] != before["channel"])
        anger += w["anger.wait"] * max(0.0, felt[place] / _accept(contact, w) - 1)
        anger += w["anger.repeat_story"] * again[place]
        unmet = contact["outcome"] in _FAILED | _UNMET and not contact["resolved"]
        anger += w["anger.unresolved"] * unmet
        if contact["outcome"] in _SERVED:
            warmth = _by_service(contact, "warmth.machine", "warmth.human", w)
            anger -= w["anger.warmth"] * warmth
        anger = min(1.0, max(0.0, anger))
        before = contact
    return {"anger": anger, "lost_for_good": _logistic(w["lost.base"] + w["lost.anger"] * anger)}


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))
