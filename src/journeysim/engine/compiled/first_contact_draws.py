"""Draws of first contacts, made for a block of customers before they come.

A draw by address can be made at any time, and a thousand draws in one loop cost what fifty cost one
by one. What depends on the world (who serves, how much patience is left) is not drawn here.
"""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.contact_draws import duration
from journeysim.engine.compiled.first_contact_distributions import SEVERAL
from journeysim.engine.compiled.layout import GOT_STUCK, UNKNOWN, FirstDuration, WorldMemory
from journeysim.engine.random import draws
from journeysim.engine.random.arithmetic import exp, whole_ticks
from journeysim.engine.random.block_draws import lognormals, logs, normals, uniforms
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import (
    DETERMINISTIC,
    EXPONENTIAL,
    LOGNORMAL,
    Number,
    Whole,
)

_NEED = number(draws.NEED)
_FIRST_CHANNEL = number(draws.FIRST_CHANNEL)
_PATIENCE = number(draws.PATIENCE)
_TALK = number(draws.TALK)
_TIME_SPENT = number(draws.TIME_SPENT)
_WRAP_UP = number(draws.WRAP_UP)
_RESOLUTION = number(draws.RESOLUTION)
_STUCK = number(draws.STUCK)
# What no distribution makes of a patience and of other times.
_ENDLESS = number(-1)
_NOTHING = number(0)


@compiled
def draw_first_contacts(memory: WorldMemory, segment: int, identity: int, count: int) -> None:
    """Make the draws of the first contacts of customers in a row.

    Parameters
    ----------
    identity, count
        Of the first of them; how many.
    """
    drawn, first = memory.first_contacts, memory.first
    _draw_needs_and_channels(memory, segment, identity, count)
    patience, talk = first.patience_of[segment], first.talk_of[segment]
    wrap_up, time_spent = first.wrap_up_of[segment], first.time_spent_of[segment]
    if SEVERAL in (patience.code, talk.code, wrap_up.code, time_spent.code):
        _find_distributions(memory, segment, count)
    _draw_times(memory, drawn.patience[segment], patience, identity, count, _PATIENCE, _ENDLESS)
    _draw_times(memory, drawn.talk[segment], talk, identity, count, _TALK, _NOTHING)
    _draw_times(memory, drawn.wrap_up[segment], wrap_up, identity, count, _WRAP_UP, _NOTHING)
    _draw_resolution(memory, segment, identity, count)
    if (memory.model.by_agents == 0).any():
        spent = drawn.time_spent[segment]
        _draw_times(memory, spent, time_spent, identity, count, _TIME_SPENT, _NOTHING)
        _draw_stuck(memory, segment, identity, count)


@compiled
def _find_distributions(memory: WorldMemory, segment: int, count: int) -> None:
    """Put in which distributions the durations of a block's customers follow."""
    drawn, first = memory.first_contacts, memory.first
    for place in range(count):
        need, channel = drawn.need[segment, place], drawn.channel[segment, place]
        drawn.patience[segment, place] = first.patience[segment, channel]
        drawn.talk[segment, place] = first.talk[channel, need]
        drawn.time_spent[segment, place] = first.time_spent[channel, need]
        drawn.wrap_up[segment, place] = first.wrap_up[channel, need]


@compiled
def _uniforms(memory: WorldMemory, identity: int, count: int, purpose: int) -> Number:
    run = memory.run
    u: Number = memory.block.uniform[:count]
    uniforms(run.seed, run.replication, identity, 0, purpose, u)
    return u


@compiled
def _draw_needs_and_channels(memory: WorldMemory, segment: int, identity: int, count: int) -> None:
    """Draw why customers come, and where they go first."""
    needs, channels = memory.first_contacts.need[segment], memory.first_contacts.channel[segment]
    shares = memory.model.need_shares[segment]
    needs[:count] = 0
    if shares[0] < 1.0:
        u = _uniforms(memory, identity, count, _NEED)
        for place in range(count):
            needs[place] = _chosen(shares, u[place])
    channels[:count] = 0
    ways = memory.model.first_shares[segment]
    if ways[:, 0].min() < 1.0:
        u = _uniforms(memory, identity, count, _FIRST_CHANNEL)
        for place in range(count):
            way = ways[needs[place]]
            if way[0] < 1.0:
                channels[place] = _chosen(way, u[place])


@inlined
def _chosen(shares: Number, u: float) -> int:
    """Return what `rules.choose` does, without a branch that nobody could foresee."""
    found = 0
    for place in range(shares.size):
        found += int(u >= shares[place])
    return found


@compiled
def _draw_times(
    memory: WorldMemory,
    codes: Whole,
    law: FirstDuration,
    identity: int,
    count: int,
    purpose: int,
    none: int,
) -> None:
    """Put in durations, ticks.

    Parameters
    ----------
    codes
        Filled, shape (customers,). If the law is SEVERAL it has the distributions that they are
        drawn from, -1 or UNKNOWN.
    law
        What the segment's first contacts follow in this duration.
    none
        What distribution -1 makes.
    """
    block = memory.block
    u, e, z = block.uniform[:count], block.exponential[:count], block.normal[:count]
    if law.is_drawn == 1:
        _uniforms(memory, identity, count, purpose)
    if law.is_exponential == 1:
        logs(u, e)
    if law.is_lognormal == 1:
        normals(u, z)
    if law.code == SEVERAL:
        _draw_several(memory, codes, law, identity, count, purpose, none)
        return
    code = law.code
    parameters = memory.model.distributions.parameters[max(code, 0)]
    if law.is_exponential == 1:
        for place in range(count):
            codes[place] = whole_ticks(parameters[0] * e[place])
    elif law.is_lognormal == 1:
        lognormals(parameters[0], parameters[1], z, z)
        for place in range(count):
            codes[place] = whole_ticks(z[place])
    elif law.is_drawn == 1:
        for place in range(count):
            codes[place] = duration(memory, code, identity + place, 0, purpose)
    elif code >= 0:
        codes[:count] = whole_ticks(parameters[0])
    else:
        codes[:count] = none if code == -1 else code


@compiled
def _draw_several(
    memory: WorldMemory,
    codes: Whole,
    law: FirstDuration,
    identity: int,
    count: int,
    purpose: int,
    none: int,
) -> None:
    """Put durations in place of the distributions that they are drawn from; see `_draw_times`."""
    kind, parameters = memory.model.distributions.kind, memory.model.distributions.parameters
    e, z = memory.block.exponential[: codes.size], memory.block.normal[: codes.size]
    if law.is_lognormal == 1:
        for place in range(count):
            code = max(codes[place], 0)
            z[place] = parameters[code, 0] + parameters[code, 1] * z[place]
        for place in range(count):
            # What is not lognormal may be anything here; it is not looked at.
            z[place] = exp(min(max(z[place], -700.0), 700.0))
    for place in range(count):
        code = codes[place]
        if code == -1:
            codes[place] = none
        elif code < 0:
            continue
        elif kind[code] == EXPONENTIAL:
            codes[place] = whole_ticks(parameters[code, 0] * e[place])
        elif kind[code] == LOGNORMAL:
            codes[place] = whole_ticks(z[place])
        elif kind[code] == DETERMINISTIC:
            codes[place] = whole_ticks(parameters[code, 0])
        else:
            codes[place] = duration(memory, code, identity + place, 0, purpose)


@compiled
def _draw_resolution(memory: WorldMemory, segment: int, identity: int, count: int) -> None:
    """Draw whether the services would meet the needs."""
    drawn, shares, u = memory.first_contacts, memory.first.resolution, memory.block.uniform
    needs, channels = drawn.need[segment], drawn.channel[segment]
    if not ((shares <= 0.0) | (shares >= 1.0)).all():
        _uniforms(memory, identity, count, _RESOLUTION)
    for place in range(count):
        share = shares[channels[place], needs[place]]
        known = UNKNOWN if np.isnan(share) else int(u[place] < share)
        drawn.resolved[segment, place] = known


@compiled
def _draw_stuck(memory: WorldMemory, segment: int, identity: int, count: int) -> None:
    """Put in what is known of contacts with a machine: their time, and who gets stuck."""
    by_agents, shares, drawn = memory.model.by_agents, memory.model.stuck, memory.first_contacts
    u = _uniforms(memory, identity, count, _STUCK)
    for place in range(count):
        need, channel = drawn.need[segment, place], drawn.channel[segment, place]
        if not by_agents[channel]:
            drawn.talk[segment, place] = drawn.time_spent[segment, place]
            if u[place] < shares[channel, need]:
                drawn.resolved[segment, place] = GOT_STUCK
