"""The luck of first contacts, drawn for a block of customers before they come.

A draw by address can be made at any time, and a thousand draws in one loop cost what fifty cost one
by one. What depends on the world (who serves, how much patience is left) is not drawn here.
"""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.contact_draws import duration
from journeysim.engine.compiled.first_contact_distributions import (
    LAW_CODE,
    LAW_DRAWN,
    LAW_EXPONENTIAL,
    LAW_LOGNORMAL,
    LAW_PATIENCE,
    LAW_TALK,
    LAW_TIME_SPENT,
    LAW_WRAP_UP,
    SEVERAL,
)
from journeysim.engine.compiled.layout import (
    AT,
    World,
    number2,
    number3,
    row_of,
    whole1,
    whole2,
    whole3,
)
from journeysim.engine.compiled.state import REPLICATION, SEED, STUCK_ALONE, UNKNOWN
from journeysim.engine.random import draws
from journeysim.engine.random.arithmetic import exp, whole_ticks
from journeysim.engine.random.block_draws import lognormals, logs, normals, uniforms
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import (
    DETERMINISTIC,
    EXPONENTIAL,
    LOGNORMAL,
    SELF_SERVICE,
    Number,
    Whole,
)

# Columns of `fresh`.
F_NEED = 0
F_CHANNEL = 1
F_PATIENCE = 2
F_TALK = 3
F_WRAP_UP = 4
F_RESOLVED = 5  # or STUCK_ALONE
F_TIME_SPENT = 6  # until it is put into F_TALK
FRESH_FIELDS = 7

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
def draw_fresh(world: World, stream: int, identity: int, count: int) -> None:
    """Draw the luck of the first contacts of customers in a row.

    Parameters
    ----------
    stream
        Their segment.
    identity, count
        Of the first of them; how many.
    """
    fresh = whole3(world, AT.fresh)[stream]
    laws = whole3(world, AT.first_laws)[stream]
    _draw_ways(world, stream, identity, count)
    if (laws[:, LAW_CODE] == SEVERAL).any():
        _find_laws(world, stream, count)
    _draw_times(world, fresh[F_PATIENCE], laws[LAW_PATIENCE], identity, count, _PATIENCE, _ENDLESS)
    _draw_times(world, fresh[F_TALK], laws[LAW_TALK], identity, count, _TALK, _NOTHING)
    _draw_times(world, fresh[F_WRAP_UP], laws[LAW_WRAP_UP], identity, count, _WRAP_UP, _NOTHING)
    _draw_resolution(world, fresh, identity, count)
    if (whole1(world, AT.kind) == SELF_SERVICE).any():
        law = laws[LAW_TIME_SPENT]
        _draw_times(world, fresh[F_TIME_SPENT], law, identity, count, _TIME_SPENT, _NOTHING)
        _draw_stuck(world, fresh, identity, count)


@compiled
def _find_laws(world: World, segment: int, count: int) -> None:
    """Put in which distributions the durations of a block's customers follow."""
    fresh = whole3(world, AT.fresh)[segment]
    patience = row_of(world, AT.first_patience, segment)
    sure_talk, sure_wrap_up = whole2(world, AT.sure_talk), whole2(world, AT.sure_wrap_up)
    sure_time_spent = whole2(world, AT.sure_time_spent)
    for place in range(count):
        need, channel = fresh[F_NEED, place], fresh[F_CHANNEL, place]
        fresh[F_PATIENCE, place] = patience[channel]
        fresh[F_TALK, place] = sure_talk[channel, need]
        fresh[F_TIME_SPENT, place] = sure_time_spent[channel, need]
        fresh[F_WRAP_UP, place] = sure_wrap_up[channel, need]


@compiled
def _uniforms(world: World, identity: int, count: int, purpose: int) -> Number:
    settings = whole1(world, AT.settings)
    u: Number = number2(world, AT.luck)[0][:count]
    uniforms(settings[SEED], settings[REPLICATION], identity, 0, purpose, u)
    return u


@compiled
def _draw_ways(world: World, segment: int, identity: int, count: int) -> None:
    """Draw why customers come, and where they go first."""
    fresh = whole3(world, AT.fresh)[segment]
    shares = number2(world, AT.need_shares)[segment]
    fresh[F_NEED, :count] = 0
    if shares[0] < 1.0:
        u = _uniforms(world, identity, count, _NEED)
        for place in range(count):
            fresh[F_NEED, place] = _chosen(shares, u[place])
    fresh[F_CHANNEL, :count] = 0
    ways = number3(world, AT.first_shares)[segment]
    if ways[:, 0].min() < 1.0:
        u = _uniforms(world, identity, count, _FIRST_CHANNEL)
        for place in range(count):
            way = ways[fresh[F_NEED, place]]
            if way[0] < 1.0:
                fresh[F_CHANNEL, place] = _chosen(way, u[place])


@inlined
def _chosen(shares: Number, u: float) -> int:
    """Return what `rules.choose` does, without a branch that nobody could foresee."""
    found = 0
    for place in range(shares.size):
        found += int(u >= shares[place])
    return found


@compiled
def _draw_times(
    world: World, codes: Whole, law: Whole, identity: int, count: int, purpose: int, none: int
) -> None:
    """Put in durations, ticks.

    Parameters
    ----------
    codes
        Filled, shape (customers,). If the law is SEVERAL it has the distributions that they are
        drawn from, -1 or UNKNOWN.
    law
        A row of `first_laws`.
    none
        What distribution -1 makes.
    """
    # Taken apart at once they would count as arrays with gaps, and no loop over those runs several
    # at a time.
    luck = number2(world, AT.luck)
    u, e, z = luck[0][:count], luck[1][:count], luck[2][:count]
    if law[LAW_DRAWN] == 1:
        _uniforms(world, identity, count, purpose)
    if law[LAW_EXPONENTIAL] == 1:
        logs(u, e)
    if law[LAW_LOGNORMAL] == 1:
        normals(u, z)
    if law[LAW_CODE] == SEVERAL:
        _draw_several(world, codes, law, identity, count, purpose, none)
        return
    code = law[LAW_CODE]
    parameters = number2(world, AT.law_parameters)[max(code, 0)]
    if law[LAW_EXPONENTIAL] == 1:
        for place in range(count):
            codes[place] = whole_ticks(parameters[0] * e[place])
    elif law[LAW_LOGNORMAL] == 1:
        lognormals(parameters[0], parameters[1], z, z)
        for place in range(count):
            codes[place] = whole_ticks(z[place])
    elif law[LAW_DRAWN] == 1:
        for place in range(count):
            codes[place] = duration(world, code, identity + place, 0, purpose)
    elif code >= 0:
        codes[:count] = whole_ticks(parameters[0])
    else:
        codes[:count] = none if code == -1 else code


@compiled
def _draw_several(
    world: World, codes: Whole, law: Whole, identity: int, count: int, purpose: int, none: int
) -> None:
    """Put durations in place of the distributions that they are drawn from; see `_draw_times`."""
    kind, parameters = whole1(world, AT.law_kind), number2(world, AT.law_parameters)
    luck = number2(world, AT.luck)
    e, z = luck[1][: codes.size], luck[2][: codes.size]
    if law[LAW_LOGNORMAL] == 1:
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
            codes[place] = duration(world, code, identity + place, 0, purpose)


@compiled
def _draw_resolution(world: World, fresh: Whole, identity: int, count: int) -> None:
    """Draw whether the services would meet the needs."""
    shares = number2(world, AT.sure_resolution)
    u = number2(world, AT.luck)[0]
    if not ((shares <= 0.0) | (shares >= 1.0)).all():
        _uniforms(world, identity, count, _RESOLUTION)
    for place in range(count):
        share = shares[fresh[F_CHANNEL, place], fresh[F_NEED, place]]
        known = UNKNOWN if np.isnan(share) else int(u[place] < share)
        fresh[F_RESOLVED, place] = known


@compiled
def _draw_stuck(world: World, fresh: Whole, identity: int, count: int) -> None:
    """Put in what is known of contacts with a machine: their time, and who gets stuck."""
    kind, shares = whole1(world, AT.kind), number2(world, AT.stuck)
    u = _uniforms(world, identity, count, _STUCK)
    for place in range(count):
        need, channel = fresh[F_NEED, place], fresh[F_CHANNEL, place]
        if kind[channel] == SELF_SERVICE:
            fresh[F_TALK, place] = fresh[F_TIME_SPENT, place]
            if u[place] < shares[channel, need]:
                fresh[F_RESOLVED, place] = STUCK_ALONE
