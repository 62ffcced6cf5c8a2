"""One pass over the contacts of each journey, block by block, that makes all built-in measures.

A block is small enough for what is between columns and measures to stay in the cache, and what is
not asked for is not computed. Nothing depends on where blocks begin.
"""

from __future__ import annotations

from journeysim.jit import compiled
from journeysim.scoring.experience.curves import logistics, saturations
from journeysim.scoring.experience.flags import take_present
from journeysim.scoring.experience.keeping import keep, rooms
from journeysim.scoring.experience.lookups import Lookups
from journeysim.scoring.experience.pass_records import (
    Extras,
    Factors,
    Outputs,
    Parts,
    Scratch,
    Whole,
    new_counts,
    new_memories,
    new_scratch,
)
from journeysim.scoring.experience.remembering import (
    Memories,
    churn_logits,
    recommendations,
    remember,
    satisfactions,
)
from journeysim.scoring.experience.rows import (
    Counts,
    Rows,
    add_sums,
    add_time_costs,
    take_handling,
    take_keys,
    weigh_efforts,
)
from journeysim.scoring.experience.valence import Prospect, anger_block, take_anger
from journeysim.scoring.experience.waiting import excess, keep_in_line, perceive, value_waits
from journeysim.scoring.experience.walking import (
    begin_empty,
    begin_journeys,
    deepen,
    recount_long,
    sum_up,
    take_signs,
    take_steps,
    walk_felt,
    walk_whole,
)

#: Journeys whose contacts are gone through together: all that is noted of them fits into a cache.
BLOCK = 2048


@compiled
def largest_block(offsets: Whole, block: int) -> int:
    """Return the most contacts that a block of journeys has."""
    most, journeys = 0, offsets.shape[0] - 1
    for first in range(0, journeys, block):
        most = max(most, offsets[min(first + block, journeys)] - offsets[first])
    return most


@compiled
def feel_block(
    offsets: Whole, rows: Rows, look: Lookups, factors: Factors, parts: Parts, scratch: Scratch
) -> None:
    """Fill the scratch of a block: keys, signs, perceived waits, anger, what waits are worth."""
    first, size = offsets[0], offsets[-1] - offsets[0]
    keys, signs = scratch.keys[:size], scratch.signs[:size]
    take_keys(rows, look, first, scratch.flags, keys)
    take_signs(keys, look.signs, signs)
    if not parts.perceived:
        return
    announced = scratch.announced[: size if rows.announced.ticks.shape[0] else 0]
    if announced.shape[0]:
        take_present(rows.announced, first, size, scratch.announced)
    perceived, past = scratch.perceived[:size], scratch.past[:size]
    perceive(rows.wait[first : first + size], announced, factors.k, factors.beta, perceived)
    if parts.valence or parts.anger:
        excess(perceived, rows.channel[first : first + size], look.per_accept, past)
    if parts.anger:
        brought = scratch.brought[:size]
        anger_block(offsets, rows, keys, look, past, factors.anger, brought, scratch.anger)
    if parts.valence:
        places, late, felt = scratch.places, scratch.late, scratch.valence[:size]
        value_waits(past, announced, look.warmth, keys, factors.speed, places, late, felt)
        if parts.anger:
            take_anger(signs, scratch.brought[:size], factors.anger_valence, felt)
    if not look.in_line:
        keep_in_line(signs, perceived)


@compiled
def walk_block(
    offsets: Whole,
    rows: Rows,
    look: Lookups,
    prospect: Prospect,
    factors: Factors,
    parts: Parts,
    scratch: Scratch,
    counts: Counts,
) -> None:
    """Run through the contacts of a block and write the counts of its journeys."""
    first, size = offsets[0], offsets[-1] - offsets[0]
    firsts, signs = scratch.firsts[: size + 1], scratch.signs[:size]
    channel, wait = rows.channel[first : first + size], rows.wait[first : first + size]
    steps, handling, valence = scratch.steps[:size], scratch.handling[:size], scratch.valence[:size]
    begin_journeys(offsets, counts.contacts, firsts)
    take_steps(channel, firsts, signs, steps)
    take_handling(rows, first, scratch.flags, handling)
    walk_whole(firsts, wait, handling, signs, steps, counts)
    if parts.valence:
        deepen(offsets, signs, prospect, scratch.places, scratch.late, valence)
    perceived, tree = scratch.perceived[:size], prospect.tree
    walk_felt(firsts, signs, channel, look.cost, perceived, tree, valence, counts)
    begin_empty(counts)
    sum_up(counts, factors.memory)
    recount_long(offsets, rows, signs, counts)


@compiled
def complete(
    offsets: Whole,
    rows: Rows,
    look: Lookups,
    factors: Factors,
    parts: Parts,
    scratch: Scratch,
    counts: Counts,
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
            scratch.likelihood,
            scratch.promoter,
            scratch.detractor,
        )


@compiled
def judge(
    first: int,
    size: int,
    factors: Factors,
    extras: Extras,
    counts: Counts,
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


@compiled
def keep_rest(
    first: int,
    factors: Factors,
    counts: Counts,
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


@compiled
def fused_pass(
    offsets: Whole,
    rows: Rows,
    extras: Extras,
    look: Lookups,
    prospect: Prospect,
    factors: Factors,
    parts: Parts,
    out: Outputs,
) -> None:
    """Write the measures asked for, of every journey."""
    journeys = offsets.shape[0] - 1
    scratch = new_scratch(BLOCK, largest_block(offsets, BLOCK))
    own, memories = new_counts(BLOCK), new_memories(BLOCK)
    for first in range(0, journeys, BLOCK):
        block = offsets[first : min(first + BLOCK, journeys) + 1]
        size = block.shape[0] - 1
        counts = rooms(own, first, size, out)
        feel_block(block, rows, look, factors, parts, scratch)
        walk_block(block, rows, look, prospect, factors, parts, scratch, counts)
        complete(block, rows, look, factors, parts, scratch, counts)
        judge(first, size, factors, extras, counts, scratch, out)
        begin, end = block[0], block[-1]
        if parts.memories:
            remember(block, scratch.valence, rows.wait[begin:end], scratch.handling, memories)
        keep(scratch.valence, begin, end - begin, out.valence)
        keep_rest(first, factors, counts, memories, scratch, out)
