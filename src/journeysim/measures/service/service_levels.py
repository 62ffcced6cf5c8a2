"""Service level: five formulas that differ, by name, and what follows from the headline.

Notation: A accepted, S answered, L abandoned; T the threshold, s the short-abandon threshold. A is
offered to agents less blocked, balked and closed, so it holds superseded and open contacts too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from journeysim.measures.arrow_columns import Flags
from journeysim.measures.catalogue_entry import COSTS, GAINS, CatalogueEntry
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.contact_counts import Marked, share
from journeysim.measures.service.contact_rows import ContactRows
from journeysim.measures.service.measure import BY_CONTACT, Measure, Pair


@dataclass(frozen=True, slots=True)
class Formula:
    """One way to compute a service level: what counts, out of what."""

    text: str
    part: Marked
    whole: Marked


_ACCEPTED = "accepted (offered to agents, without blocked, balked, closed)"

FORMULAS = {
    "offered": Formula(
        "answered within {threshold} / (answered + abandoned); without blocked",
        lambda rows: rows.answered_within,
        lambda rows: rows.answered | rows.abandoned,
    ),
    "answered": Formula(
        "answered within {threshold} / answered; hides abandonment",
        lambda rows: rows.answered_within,
        lambda rows: rows.answered,
    ),
    "excluding_early": Formula(
        f"answered within {{threshold}} / ({_ACCEPTED} - abandoned within {{threshold}})",
        lambda rows: rows.answered_within,
        lambda rows: rows.accepted & ~rows.abandoned_within,
    ),
    "crediting_early": Formula(
        f"(answered within {{threshold}} + abandoned within {{threshold}}) / {_ACCEPTED}",
        lambda rows: rows.answered_within | rows.abandoned_within,
        lambda rows: rows.accepted,
    ),
    "short_abandons": Formula(
        "(answered within {threshold} + abandoned within {short_abandon}) / "
        "(answered + abandoned); without blocked",
        lambda rows: rows.answered_within | rows.abandoned_short,
        lambda rows: rows.answered | rows.abandoned,
    ),
}


def _headline(rows: ContactRows) -> tuple[Flags, Flags]:
    formula = FORMULAS[rows.rules.headline_formula]
    return formula.part(rows), formula.whole(rows)


def _headline_text(rules: Rules) -> str:
    return FORMULAS[rules.headline_formula].text


def _service_level(rows: ContactRows, groups: Groups) -> Pair:
    part, whole = _headline(rows)
    return groups.count(part), groups.count(whole)


def _mean_of_replications(rows: ContactRows, groups: Groups) -> Pair:
    part, whole = _service_level(rows, groups)
    defined = whole > 0
    shares = np.divide(part, whole, out=np.zeros_like(part), where=defined)
    return shares, defined.astype(np.float64)


def _attainment(rows: ContactRows, groups: Groups) -> Pair:
    """Count the replication if it reaches the target.

    Where channels are scored together, each counts by its own target: in time at least as many as
    the targets of all ask for.
    """
    part, whole = _headline(rows)
    counted = groups.count(whole)
    asked = groups.total(rows.rules.target[rows.channel], whole)
    # A share of exactly the target reaches it, however its sum was rounded.
    reached = groups.count(part) >= asked - 1e-9 * counted
    defined = counted > 0
    return (reached & defined).astype(np.float64), defined.astype(np.float64)


def _late_and_open(rows: ContactRows) -> Flags:
    return rows.open & ~rows.within


def _within_target(rows: ContactRows, groups: Groups) -> Pair:
    in_time = rows.answered_within & rows.deferred
    known = (rows.answered | _late_and_open(rows)) & rows.deferred
    return groups.count(in_time), groups.count(known)


def _within_staffed_hours(rows: ContactRows, groups: Groups) -> Pair:
    """Count as `_within_target`, by a clock that runs while the channel has agents at work."""
    in_time = np.zeros(len(rows), dtype=np.bool_)
    known = np.zeros(len(rows), dtype=np.bool_)
    for code, clock in rows.rules.staffed.items():
        here = np.flatnonzero((rows.channel == code) & (rows.answered | rows.open))
        entered = rows.entered[here]
        within = clock.elapsed(entered, entered + rows.wait[here]) <= rows.rules.threshold[code]
        answered = rows.answered[here]
        in_time[here] = answered & within
        known[here] = answered | ~within
    return groups.count(in_time), groups.count(known)


_LEVEL = CatalogueEntry(better="more", rises=GAINS, falls=COSTS)
_SHARE = CatalogueEntry(better="more")


def _named(name: str) -> Measure[ContactRows]:
    formula = FORMULAS[name]
    return share(
        f"service_level_{name}",
        f"Service level by the formula `{name}`.",
        part=formula.part,
        whole=formula.whole,
        formula=formula.text,
        entry=_LEVEL,
    )


SERVICE_LEVELS = (
    Measure(
        name="service_level",
        unit="share",
        meaning="Service level by the headline formula of the definitions.",
        table="contacts",
        pair=_service_level,
        formula=_headline_text,
        dimensions=BY_CONTACT,
        entry=CatalogueEntry(
            better="more",
            head="service\nlevel",
            rises=GAINS,
            falls=COSTS,
            tables={
                "channels": 70,
                "breakdown": 40,
                "day": 40,
                "definitions": 10,
                "comparison": 30,
                "forest": 10,
                "answer_service": 10,
            },
            role="in_time",
            needs="answered_live",
        ),
    ),
    *(_named(name) for name in FORMULAS),
    share(
        "service_level_of_all_offered",
        "Service level with everybody who was refused in the denominator.",
        part=lambda rows: rows.answered_within,
        whole=lambda rows: rows.by_agents,
        formula="answered within {threshold} / all offered to agents, "
        "with blocked, balked, closed, superseded and open",
        entry=_LEVEL,
    ),
    Measure(
        name="service_level_mean_of_replications",
        unit="share",
        meaning="Mean of the replications' service levels, each counting alike.",
        table="contacts",
        pair=_mean_of_replications,
        formula=lambda rules: f"mean over replications of {_headline_text(rules)}",
        dimensions=BY_CONTACT,
        entry=_LEVEL,
    ),
    Measure(
        name="attainment",
        unit="share",
        meaning="Share of replications (days) whose service level reaches the target.",
        table="contacts",
        pair=_attainment,
        formula=lambda rules: (
            f"replications with a service level of at least {{target}} / replications with one; "
            f"{_headline_text(rules)}"
        ),
        dimensions=BY_CONTACT,
        entry=_SHARE,
    ),
    Measure(
        name="answered_within_target",
        unit="share",
        meaning="Share of deferred contacts answered in time; overdue open ones count as late.",
        table="contacts",
        pair=_within_target,
        formula="deferred: answered within {threshold} / (answered + open that waited longer), "
        "by the clock",
        dimensions=BY_CONTACT,
        entry=CatalogueEntry(
            better="more",
            label="answered in time",
            head="answered\nin time",
            noun="share answered in time",
            tables={
                "channels": 80,
                "day": 50,
                "definitions": 20,
                "comparison": 60,
                "forest": 30,
                "answer_service": 20,
            },
            needs="answered_later",
        ),
    ),
    Measure(
        name="answered_within_staffed_hours",
        unit="share",
        meaning="The same in business hours: only time with agents of the channel at work counts.",
        table="contacts",
        pair=_within_staffed_hours,
        formula="deferred: answered within {threshold} / (answered + open that waited longer), "
        "in hours with agents of the channel at work by schedule",
        dimensions=BY_CONTACT,
        entry=_SHARE,
    ),
)
