"""What follows from what was counted and felt: effort, satisfaction, answers, churn."""

from __future__ import annotations

from journeysim.jit import borrowing
from journeysim.measures.experience.contact_columns import (
    BlockCounts,
    Rows,
    add_sums,
    add_time_costs,
    weigh_efforts,
)
from journeysim.measures.experience.copy_back import keep
from journeysim.measures.experience.elementary_functions import logistics, saturations
from journeysim.measures.experience.lookups import Lookups
from journeysim.measures.experience.memory import (
    Memories,
    churn_logits,
    recommendations,
    satisfactions,
)
from journeysim.measures.experience.pass_records import (
    Extras,
    Factors,
    Outputs,
    Parts,
    Scratch,
    Whole,
)


@borrowing
def complete(
    offsets: Whole,
    rows: Rows,
    look: Lookups,
    factors: Factors,
    parts: Parts,
    scratch: Scratch,
    counts: BlockCounts,
) -> None:
    """Complete the counts of some journeys with costs of time, effort, and likely answers."""
    if look.rates.shape[0]:
        add_time_costs(offsets, rows, scratch.handling, look.rates, counts.cost_to_serve)
    weigh_efforts(counts, factors.efforts)
    if rows.trouble.shape[0]:
        add_sums(offsets, rows.trouble, counts.effort)
    if parts.recommend:
        base, slope, spread = factors.recommend
        recommendations(
            counts.peak_end,
            base,
            slope,
            spread,
            scratch.logits,
            scratch.shares,
            scratch.likelihood,
            scratch.promoter,
            scratch.detractor,
        )


@borrowing
def judge(
    first: int,
    size: int,
    factors: Factors,
    extras: Extras,
    counts: BlockCounts,
    scratch: Scratch,
    out: Outputs,
) -> None:
    """Write what follows from counts and memories: scales of effort, satisfaction, churn."""
    experience, effort = counts.peak_end, counts.effort
    if out.customer_effort.shape[0] or out.ease.shape[0] or out.satisfaction.shape[0]:
        share = scratch.shares[:size]
        saturations(effort, factors.effort_scale, share)
        if out.satisfaction.shape[0]:
            kept = out.satisfaction[first : first + size]
            satisfactions(experience, counts.met, share, factors.satisfaction, kept)
        if out.customer_effort.shape[0]:
            for place in range(size):
                out.customer_effort[first + place] = 1.0 + 4.0 * share[place]
        if out.ease.shape[0]:
            for place in range(size):
                out.ease[first + place] = 7.0 - 6.0 * share[place]
    if out.churn_probability.shape[0] or out.value_at_risk.shape[0]:
        logits = scratch.logits[:size]
        churn_logits(experience, effort, counts.abandoned, counts.met, factors.churn, logits)
        if extras.churn.shape[0]:
            for place in range(size):
                logits[place] += extras.churn[first + place]
        logistics(logits)
        keep(logits, first, size, out.churn_probability)
        if out.value_at_risk.shape[0]:
            for place in range(size):
                lifetime = factors.lifetime * extras.value[first + place]
                out.value_at_risk[first + place] = logits[place] * lifetime


@borrowing
def keep_rest(
    first: int,
    factors: Factors,
    counts: BlockCounts,
    memories: Memories,
    scratch: Scratch,
    out: Outputs,
) -> None:
    """Copy perceived waits, memories, answers and anger to their places."""
    size = counts.contacts.shape[0]
    if out.perceived_wait.shape[0]:
        for place in range(size):
            out.perceived_wait[first + place] = 60.0 * counts.minutes[place]
    keep(memories.mean_valence, first, size, out.mean_valence)
    keep(memories.lowest_valence, first, size, out.lowest_valence)
    keep(memories.valence_trend, first, size, out.valence_trend)
    keep(scratch.likelihood, first, size, out.recommendation)
    keep(scratch.promoter, first, size, out.promoter)
    keep(scratch.detractor, first, size, out.detractor)
    keep(scratch.anger, first, size, out.anger)
    if out.lost_for_good.shape[0]:
        base, slope = factors.lost
        logits = scratch.logits[:size]
        for place in range(size):
            logits[place] = base + slope * scratch.anger[place]
        logistics(logits)
        keep(logits, first, size, out.lost_for_good)
