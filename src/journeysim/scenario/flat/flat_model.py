"""The flat model: a scenario as integer-coded arrays, which is all an engine ever sees.

Codes are positions in the file: segment 0 is the first segment. Every array is indexed by codes
in the order its name suggests; -1 stands for "none" throughout.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

# In the classes below a type names the axes of an array besides; the compiled engine reads from it
# how many there are.
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

    kind: Annotated[Whole, "distributions"]
    parameters: Annotated[Number, "distributions parameters"]
    first: Annotated[Whole, "distributions"]
    last: Annotated[Whole, "distributions"]
    values: Annotated[Number, "values"]
    weights: Annotated[Number, "values"]


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

    identity: Annotated[Whole, "segments"]
    gaps: Annotated[Whole, "segments"]
    piece_first: Annotated[Whole, "segments weekdays"]
    piece_last: Annotated[Whole, "segments weekdays"]
    piece_start: Annotated[Whole, "pieces"]
    piece_end: Annotated[Whole, "pieces"]
    rate_start: Annotated[Number, "pieces"]
    rate_end: Annotated[Number, "pieces"]
    day_cv: Annotated[Number, "segments"]
    day_stream: Annotated[Whole, "segments"]
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

    customer: Annotated[Whole, "rows"]
    arrival: Annotated[Whole, "rows"]
    segment: Annotated[Whole, "rows"]
    need: Annotated[Whole, "rows"]
    channel: Annotated[Whole, "rows"]
    patience: Annotated[Whole, "rows contacts"]
    talk: Annotated[Whole, "rows contacts"]
    wrap_up: Annotated[Whole, "rows contacts"]
    resolved: Annotated[Whole, "rows contacts"]
    next: Annotated[Whole, "rows contacts"]
    delay: Annotated[Whole, "rows contacts"]


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
    lines, send_away
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
    need_shares: Annotated[Number, "segments needs"]
    first_shares: Annotated[Number, "segments needs channels"]
    patience: Annotated[Whole, "segments channels"]
    patience_rule: Annotated[Whole, "segments"]
    budget: Annotated[Whole, "segments"]
    priority: Annotated[Whole, "segments channels"]
    head_start: Annotated[Whole, "segments channels"]
    value: Annotated[Number, "segments"]
    by_agents: Annotated[Whole, "channels"]
    hangs_on: Annotated[Whole, "channels"]
    lines: Annotated[Whole, "channels"]
    send_away: Annotated[Whole, "channels"]
    balk_rule: Annotated[Whole, "channels"]
    balk_first: Annotated[Whole, "channels"]
    balk_last: Annotated[Whole, "channels"]
    balk_bound: Annotated[Whole, "bounds"]
    balk_share: Annotated[Number, "bounds"]
    announce: Annotated[Whole, "channels"]
    talk: Annotated[Whole, "channels needs pools"]
    wrap_up: Annotated[Whole, "channels needs pools"]
    resolution: Annotated[Number, "channels needs pools"]
    time_spent: Annotated[Whole, "channels needs"]
    stuck: Annotated[Number, "channels needs"]
    contained_resolution: Annotated[Number, "channels needs"]
    route_first: Annotated[Whole, "channels"]
    route_last: Annotated[Whole, "channels"]
    route_pool: Annotated[Whole, "routes"]
    route_after: Annotated[Whole, "routes"]
    level: Annotated[Whole, "pools channels needs"]
    units: Annotated[Whole, "pools"]
    share: Annotated[Whole, "pools channels"]
    shift_tick: Annotated[Whole, "changes"]
    shift_pool: Annotated[Whole, "changes"]
    shift_agents: Annotated[Whole, "changes"]
    paid_tick: Annotated[Whole, "changes"]
    paid_pool: Annotated[Whole, "changes"]
    paid_agents: Annotated[Whole, "changes"]
    opening_tick: Annotated[Whole, "changes"]
    opening_channel: Annotated[Whole, "changes"]
    opening_open: Annotated[Whole, "changes"]
    after: Annotated[Whole, "segments channels outcomes needs"]
    after_first: Annotated[Whole, "tables"]
    after_last: Annotated[Whole, "tables"]
    step_share: Annotated[Number, "steps"]
    step_to: Annotated[Whole, "steps"]
    step_delay: Annotated[Whole, "steps"]
    step_transfer: Annotated[Whole, "steps"]
    step_handling: Annotated[Number, "steps"]
    step_patience: Annotated[Number, "steps"]
    chase: Annotated[Whole, "channels"]
    chase_shares: Annotated[Number, "channels channels"]
    pool_cost: Annotated[Number, "pools"]
    channel_cost: Annotated[Number, "channels"]
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
