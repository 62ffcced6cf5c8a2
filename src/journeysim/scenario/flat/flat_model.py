"""The flat model: a scenario as integer-coded arrays, which is all an engine ever sees.

Codes are positions in the file: segment 0 is the first segment. Every array is indexed by codes
in the order its name suggests; -1 stands for "none" throughout.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Number = NDArray[np.float64]

# Kinds of distribution.
DETERMINISTIC = 0
EXPONENTIAL = 1
UNIFORM = 2
TRIANGULAR = 3
LOGNORMAL = 4
WEIBULL = 5
GAMMA = 6
ERLANG = 7
LOG_LOGISTIC = 8
HYPEREXPONENTIAL = 9
VALUES = 10
QUANTILES = 11
MIXTURE = 12

QUEUE, SELF_SERVICE, DEFERRED = 0, 1, 2
FRESH_PATIENCE, SAME_PATIENCE, BUDGET_PATIENCE = 0, 1, 2
BALK_NEVER, BALK_BY_QUEUE, BALK_BY_ANNOUNCED_WAIT = 0, 1, 2

#: Where a step leads if not to a channel.
GIVE_UP, LOST = -1, -2

#: Rows of `after` by the outcome of a contact.
AFTER_ABANDONED, AFTER_BALKED, AFTER_BLOCKED, AFTER_CLOSED = 0, 1, 2, 3
AFTER_UNRESOLVED, AFTER_CONTAINED, AFTER_STUCK = 4, 5, 6


class FlatDistributions(NamedTuple):
    """Every distribution of the scenario; a code is a row.

    Attributes
    ----------
    kind
        What it is, shape (distributions,); see DETERMINISTIC and its fellows.
    parameters
        Up to three numbers, in ticks where they are times, shape (distributions, 3).
    first, last
        Half-open range of its rows in `values` and `weights`, shape (distributions,).
    values
        Observed values, quantiles, stage means or codes of mixed parts.
    weights
        Cumulative probabilities that belong to `values`.
    """

    kind: Whole
    parameters: Number
    first: Whole
    last: Whole
    values: Number
    weights: Number


class FlatDemand(NamedTuple):
    """Who arrives when.

    Attributes
    ----------
    identity
        Identity of customer 0 of day 0, shape (segments,); see `engine.random.draws`.
    gaps
        Distribution of renewal gaps, or -1, shape (segments,).
    piece_first, piece_last
        Half-open range of the pieces of a day, shape (segments, weekdays); Monday is 0.
    piece_start, piece_end
        Ticks since midnight, shape (pieces,).
    rate_start, rate_end
        Arrivals per tick at both ends of a piece, straight between them, shape (pieces,).
    day_cv
        Coefficient of variation of the day factor, shape (segments,).
    day_stream
        Which day factor a segment shares: 0 is everybody's, shape (segments,).
    interval_cv, interval_correlation
        Of the interval factor.
    interval_every
        Length of its intervals, ticks.
    """

    identity: Whole
    gaps: Whole
    piece_first: Whole
    piece_last: Whole
    piece_start: Whole
    piece_end: Whole
    rate_start: Number
    rate_end: Number
    day_cv: Number
    day_stream: Whole
    interval_cv: float
    interval_correlation: float
    interval_every: int


class FlatTrace(NamedTuple):
    """Customers given one by one; rows in order of arrival, -1 where a cell is empty.

    Attributes
    ----------
    customer
        Row of the file, from 0, which is the customer's identity, shape (rows,).
    arrival, segment, need, channel
        Shape (rows,).
    patience, talk, wrap_up, delay, resolved
        By contact, shape (rows, contacts); `next` holds channels, or -2 give up, -3 lost.
    """

    customer: Whole
    arrival: Whole
    segment: Whole
    need: Whole
    channel: Whole
    patience: Whole
    talk: Whole
    wrap_up: Whole
    resolved: Whole
    next: Whole
    delay: Whole


class FlatModel(NamedTuple):
    """A whole scenario. Indices: s segment, n need, c channel, p pool; P = pools.

    Attributes
    ----------
    horizon, end, warm_up, interval
        Ticks; `end` is the last instant of the world and still part of it.
    weekday
        Weekday of day 0; Monday is 0.
    max_contacts
        Contacts a journey may have.
    need_shares
        Cumulative, shape (s, n).
    first_shares
        Cumulative, shape (s, n, c).
    patience
        Distribution, or -1 for endless patience, shape (s, c).
    patience_rule, budget
        Rule and distribution of the budget, shape (s,).
    priority, head_start
        Shape (s, c); head start in ticks.
    value
        Worth of a customer, shape (s,).
    by_agents, hangs_on
        What channels are capable of, shape (c,); see `ChannelKind`.
    kind, lines, send_away
        Of channels, shape (c,); `lines` is -1 without a limit.
    balk_rule, balk_first, balk_last
        Shape (c,); the half-open range is that of `balk_bound` and `balk_share`.
    announce
        Handling time that announcements assume, ticks, or -1, shape (c,).
    talk, wrap_up, resolution
        Shape (c, n, P); -1 or 0.0 where the pool does not serve there.
    time_spent, stuck, contained_resolution
        Of self-service, shape (c, n).
    route_first, route_last
        Shape (c,); the half-open range is that of `route_pool` and `route_after` (ticks).
    level
        Preference level of a pool, or -1 where it may not serve, shape (p, c, n); 0 comes first.
    units, share
        Units of an agent, shape (p,), and of a contact, shape (p, c).
    shift_tick, shift_pool, shift_agents
        Changes of agents at work, by tick, then pool, from tick 0 on.
    paid_tick, paid_pool, paid_agents
        Changes of paid agents, likewise.
    opening_tick, opening_channel, opening_open
        Changes of opening, by tick, then channel, from tick 0 on.
    after
        Table of steps, or -1, shape (s, c, 7, n); see AFTER_ABANDONED and its fellows.
    after_first, after_last
        Half-open range of a table's rows in the `step_` arrays, shape (tables,).
    step_share, step_to, step_delay, step_transfer, step_handling, step_patience
        Cumulative share, channel (or -1, -2), distribution of the delay, flag, factors.
    chase, chase_shares
        Distribution, or -1, shape (c,); cumulative shares, shape (c, c).
    pool_cost, channel_cost
        Per paid hour, per contact.
    """

    horizon: int
    end: int
    warm_up: int
    interval: int
    weekday: int
    max_contacts: int
    need_shares: Number
    first_shares: Number
    patience: Whole
    patience_rule: Whole
    budget: Whole
    priority: Whole
    head_start: Whole
    value: Number
    by_agents: Whole
    hangs_on: Whole
    kind: Whole
    lines: Whole
    send_away: Whole
    balk_rule: Whole
    balk_first: Whole
    balk_last: Whole
    balk_bound: Whole
    balk_share: Number
    announce: Whole
    talk: Whole
    wrap_up: Whole
    resolution: Number
    time_spent: Whole
    stuck: Number
    contained_resolution: Number
    route_first: Whole
    route_last: Whole
    route_pool: Whole
    route_after: Whole
    level: Whole
    units: Whole
    share: Whole
    shift_tick: Whole
    shift_pool: Whole
    shift_agents: Whole
    paid_tick: Whole
    paid_pool: Whole
    paid_agents: Whole
    opening_tick: Whole
    opening_channel: Whole
    opening_open: Whole
    after: Whole
    after_first: Whole
    after_last: Whole
    step_share: Number
    step_to: Whole
    step_delay: Whole
    step_transfer: Whole
    step_handling: Number
    step_patience: Number
    chase: Whole
    chase_shares: Number
    pool_cost: Number
    channel_cost: Number
    distributions: FlatDistributions
    demand: FlatDemand
    trace: FlatTrace


class Names(NamedTuple):
    """The words behind the codes."""

    segments: tuple[str, ...]
    needs: tuple[str, ...]
    channels: tuple[str, ...]
    pools: tuple[str, ...]
    touchpoints: tuple[str, ...]
    handlers: tuple[str, ...]
    media: tuple[str, ...]
    controls: tuple[str, ...]
    initiators: tuple[str, ...]
    receivers: tuple[str, ...]
