"""One pass over the contacts of each journey, block by block, that makes all built-in measures.

A block is small enough for what is between columns and measures to stay in the cache, and what is
not asked for is not computed. Nothing depends on where blocks begin.
"""

from __future__ import annotations

from journeysim.jit import compiled
from journeysim.scoring.experience.curves import logistics, saturations
from journeysim.scoring.experience.keeping import keep, keep_counted, keep_whole
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
    new_running,
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
    Running,
    add_sums,
    add_time_costs,
    take_keys,
    weigh_efforts,
)
from journeysim.scoring.experience.valence import Prospect, anger_block, take_anger
from journeysim.scoring.experience.waiting import (
    correct_announced,
    excess,
    keep_in_line,
    perceive,
    value_waits,
)
from journeysim.scoring.experience.walking import (
    deepen,
    end_up,
    recount_long,
    run_costs,
    run_endings,
    run_peaks,
    run_whole,
    sum_up,
    take_handling,
    take_signs,
    take_steps,
)

#: Journeys whose contacts are gone through together: all that is noted of them fits into a cache.
BLOCK = 2048
#: Journeys that are judged together, a multiple of BLOCK.
CHUNK = 4096


@compiled
def largest_block(offsets: Whole, block: int) -> int:
    """Return the most contacts that a block of journeys has."""
    most, journeys = 0, offsets.shape[0] - 1
    for first in range(0, journeys, block):
        most = max(most, offsets[min(first + block, journeys)] - offsets[first])
    return most


@compiled
def feel_block(
    offsets: Whole,
    rows: Rows,
    look: Lookups,
    factors: Factors,
    parts: Parts,
    scratch: Scratch,
    at: int,
) -> None:
    """Fill the scratch of a block: keys, perceived waits, anger, and what waits are worth."""
    first, size = offsets[0], offsets[-1] - offsets[0]
    keys, past, felt = scratch.keys[:size], scratch.past[:size], scratch.valence[:size]
    take_keys(rows, look, first, keys)
    if not parts.perceived:
        return
    announced = rows.announced[first : first + size] if rows.announced.shape[0] else rows.announced
    perceived = scratch.perceived[:size]
    perceive(rows.wait[first : first + size], factors.k, factors.beta, perceived)
    if announced.shape[0]:
        correct_announced(announced, factors.k, perceived)
    channel = rows.channel[first : first + size]
    if parts.valence or parts.anger:
        excess(perceived, channel, look.per_accept, past)
    if parts.anger:
        brought = scratch.brought[:size]
        anger_block(offsets, rows, keys, look, past, factors.anger, brought, scratch.anger, at)
    if parts.valence:
        places, late = scratch.places, scratch.late
        value_waits(past, announced, look.warmth, keys, factors.speed, places, late, felt)
        if parts.anger:
            take_anger(keys, look, scratch.brought[:size], factors.anger_valence, felt)
    if look.in_line.shape[0]:
        keep_in_line(channel, look.in_line, perceived)


@compiled
def walk_block(
    offsets: Whole,
    rows: Rows,
    look: Lookups,
    prospect: Prospect,
    factors: Factors,
    parts: Parts,
    scratch: Scratch,
    run: Running,
    counts: Counts,
    at: int,
) -> None:
    """Run through the contacts of a block and write the counts of its journeys from place `at`."""
    first, size = offsets[0], offsets[-1] - offsets[0]
    channel, firsts, signs = rows.channel[first : first + size], run.firsts, run.signs
    take_signs(offsets, scratch.keys[:size], look, run)
    take_steps(channel, firsts, signs, run.steps)
    take_handling(rows, look, first, run.handling[:size])
    run_whole(rows.wait[first : first + size], run, size)
    sum_up(offsets, run, counts, at)
    recount_long(offsets, rows, run, counts, at)
    run_costs(channel, firsts, look.cost, scratch.perceived, run)
    valence = scratch.valence[:size]
    if parts.valence:
        run_endings(firsts, signs, prospect, valence)
        deepen(offsets, signs, prospect, scratch.places, scratch.late, valence)
        run_peaks(firsts, valence, run.peaks)
    end_up(offsets, run, scratch.valence, factors.memory, counts, at)


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
        add_time_costs(offsets, rows, look.rates, counts.cost_to_serve)
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
def keep_counts(counts: Counts, first: int, size: int, out: Outputs) -> None:
    """Copy what was counted in a block to its places."""
    keep_counted(counts.contacts, first, size, out.contacts)
    keep_counted(counts.switches, first, size, out.switches)
    keep_counted(counts.retries, first, size, out.retries)
    keep_whole(counts.total_wait, first, size, out.total_wait)
    keep_whole(counts.total_handling, first, size, out.total_handling)
    keep(counts.effort, first, size, out.effort)
    keep(counts.cost_to_serve, first, size, out.cost_to_serve)
    keep(counts.peak_end, first, size, out.peak_end)
    if out.perceived_wait.shape[0]:
        for place in range(size):
            out.perceived_wait[first + place] = 60.0 * counts.minutes[place]


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
    experience, effort = counts.peak_end[:size], counts.effort[:size]
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
    offsets: Whole,
    first: int,
    factors: Factors,
    memories: Memories,
    scratch: Scratch,
    out: Outputs,
) -> None:
    """Copy memories, answers, anger and the valence of contacts to their places."""
    size = offsets.shape[0] - 1
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
    journeys, most = offsets.shape[0] - 1, largest_block(offsets, BLOCK)
    scratch, run = new_scratch(CHUNK, most), new_running(most)
    counts, memories = new_counts(CHUNK), new_memories(CHUNK)
    for first in range(0, journeys, CHUNK):
        last = min(first + CHUNK, journeys)
        for block in range(first, last, BLOCK):
            own, at = offsets[block : min(block + BLOCK, last) + 1], block - first
            feel_block(own, rows, look, factors, parts, scratch, at)
            walk_block(own, rows, look, prospect, factors, parts, scratch, run, counts, at)
            if parts.memories:
                valence = scratch.valence
                remember(own, valence, rows.wait, rows.talk, rows.wrap_up, memories, at)
            keep(scratch.valence, own[0], own[-1] - own[0], out.valence)
        own, size = offsets[first : last + 1], last - first
        complete(own, rows, look, factors, parts, scratch, counts)
        keep_counts(counts, first, size, out)
        judge(first, size, factors, extras, counts, scratch, out)
        keep_rest(own, first, factors, memories, scratch, out)
