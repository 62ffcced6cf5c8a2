"""One pass over the contacts of each journey, block by block, that makes all built-in measures.

A block is small enough for what is between columns and measures to stay in the cache, and what is
not asked for is not computed. Nothing depends on where blocks begin.
"""

from __future__ import annotations

from journeysim.jit import borrowing, compiled
from journeysim.measures.experience.accumulate import (
    begin_empty,
    begin_journeys,
    deepen,
    recount_long,
    sum_up,
    take_agents,
    take_signs,
    take_steps,
    walk_felt,
    walk_whole,
)
from journeysim.measures.experience.contact_columns import (
    BlockCounts,
    Rows,
    take_handling,
    take_keys,
)
from journeysim.measures.experience.copy_back import keep
from journeysim.measures.experience.flags import take_present
from journeysim.measures.experience.lookups import Lookups
from journeysim.measures.experience.memory import (
    Memories,
    remember,
)
from journeysim.measures.experience.pass_records import (
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
from journeysim.measures.experience.perceived_waits import (
    excess,
    keep_in_line,
    perceive,
    value_waits,
)
from journeysim.measures.experience.scales import complete, judge, keep_rest
from journeysim.measures.experience.valence import Prospect, anger_block, take_anger

#: Journeys whose contacts are gone through together: all that is noted of them fits into a cache.
BLOCK = 1024


@compiled
def largest_block(offsets: Whole, block: int) -> int:
    """Return the most contacts that a block of journeys has."""
    most, journeys = 0, offsets.shape[0] - 1
    for first in range(0, journeys, block):
        most = max(most, offsets[min(first + block, journeys)] - offsets[first])
    return most


@borrowing
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


@borrowing
def walk_block(
    offsets: Whole,
    rows: Rows,
    look: Lookups,
    prospect: Prospect,
    factors: Factors,
    parts: Parts,
    scratch: Scratch,
    counts: BlockCounts,
    extras: Extras,
    out: Outputs,
    at: int,
) -> None:
    """Run through the contacts of a block and write the counts of its journeys.

    The first of them is journey `at` of all.
    """
    first, size = offsets[0], offsets[-1] - offsets[0]
    firsts, signs = scratch.firsts[: size + 1], scratch.signs[:size]
    channel, wait = rows.channel[first : first + size], rows.wait[first : first + size]
    steps, handling, valence = scratch.steps[:size], scratch.handling[:size], scratch.valence[:size]
    begin_journeys(offsets, counts.contacts, firsts)
    take_steps(channel, firsts, signs, steps)
    take_handling(rows, first, scratch.flags, handling)
    by_agents = scratch.by_agents[:size]
    take_agents(signs, handling, by_agents)
    walk_whole(firsts, wait, by_agents, steps, counts)
    if parts.valence:
        deepen(offsets, signs, prospect, scratch.longer, scratch.places, scratch.late, valence)
    perceived, tree, places = scratch.perceived[:size], prospect.tree, (at, offsets[-1])
    walk_felt(
        firsts,
        signs,
        channel,
        look.cost,
        perceived,
        tree,
        valence,
        counts,
        rows,
        extras,
        out,
        places,
    )
    begin_empty(counts)
    sum_up(counts, factors.memory)
    recount_long(offsets, rows, signs, counts)


@borrowing
def every_block(
    offsets: Whole,
    rows: Rows,
    extras: Extras,
    look: Lookups,
    prospect: Prospect,
    factors: Factors,
    parts: Parts,
    out: Outputs,
    scratch: Scratch,
    own: BlockCounts,
    memories: Memories,
) -> None:
    """Write the measures asked for, of every journey, block by block."""
    journeys = offsets.shape[0] - 1
    for first in range(0, journeys, BLOCK):
        last = min(first + BLOCK, journeys)
        block, size = offsets[first : last + 1], last - first
        # What is asked for is written to its places, the rest to places of the block.
        contacts = out.contacts[first:last] if out.contacts.shape[0] else own.contacts[:size]
        wait = out.total_wait[first:last] if out.total_wait.shape[0] else own.total_wait[:size]
        handling = own.total_handling[:size]
        if out.total_handling.shape[0]:
            handling = out.total_handling[first:last]
        switches = out.switches[first:last] if out.switches.shape[0] else own.switches[:size]
        retries = out.retries[first:last] if out.retries.shape[0] else own.retries[:size]
        effort = out.effort[first:last] if out.effort.shape[0] else own.effort[:size]
        cost = own.cost_to_serve[:size]
        if out.cost_to_serve.shape[0]:
            cost = out.cost_to_serve[first:last]
        peak_end = out.peak_end[first:last] if out.peak_end.shape[0] else own.peak_end[:size]
        counts = BlockCounts(
            contacts=contacts,
            total_wait=wait,
            total_handling=handling,
            counted=own.counted[:size],
            switches=switches,
            retries=retries,
            repeats=own.repeats[:size],
            hops=own.hops[:size],
            transfers=own.transfers[:size],
            stories=own.stories[:size],
            met=own.met[:size],
            abandoned=own.abandoned[:size],
            minutes=own.minutes[:size],
            effort=effort,
            cost_to_serve=cost,
            peaks=own.peaks[:size],
            ends=own.ends[:size],
            peak_end=peak_end,
        )
        feel_block(block, rows, look, factors, parts, scratch)
        walk_block(block, rows, look, prospect, factors, parts, scratch, counts, extras, out, first)
        complete(block, rows, look, factors, parts, scratch, counts)
        judge(first, size, factors, extras, counts, scratch, out)
        begin, end = block[0], block[-1]
        if parts.memories:
            remember(block, scratch.valence, rows.wait[begin:end], scratch.handling, memories)
        keep(scratch.valence, begin, end - begin, out.valence)
        keep_rest(first, factors, counts, memories, scratch, out)


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
    scratch = new_scratch(BLOCK, largest_block(offsets, BLOCK))
    own, memories = new_counts(BLOCK), new_memories(BLOCK)
    every_block(offsets, rows, extras, look, prospect, factors, parts, out, scratch, own, memories)
