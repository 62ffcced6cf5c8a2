"""What a scenario says, as plain lists and numbers: printed in words, or as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from journeysim.scenario.checks.known_names import needs_of
from journeysim.scenario.checks.routes import first_shares, pools_tried
from journeysim.scenario.expected_arrivals import arrivals_on, days_of
from journeysim.scenario.flat.time_tables import after_shrinkage, at_work, paid_heads
from journeysim.units import DAY, SECOND, WEEKDAYS

if TYPE_CHECKING:
    from journeysim.scenario.scenario import Scenario
    from journeysim.scenario.schema.channels import Behaviour, Channel, Resolution
    from journeysim.scenario.schema.distributions import Distribution
    from journeysim.scenario.schema.world import Pool, Segment, World

Facts = dict[str, Any]


def scenario_facts(scenario: Scenario) -> Facts:
    """Return the scenario's figures; times are seconds, shares are of 1."""
    world = scenario.world
    return {
        "scenario": scenario.name,
        "source": scenario.source,
        "title": world.title,
        "description": world.description,
        "seed": world.seed,
        "replications": world.replications,
        "max_contacts": world.max_contacts,
        "starts_on": world.time.starts_on,
        "horizon_s": world.time.horizon / SECOND,
        "run_out_s": world.time.run_out / SECOND,
        "warm_up_s": world.time.warm_up / SECOND,
        "trace": None if world.trace is None else world.trace.file,
        "segments": [_segment(world, name, part) for name, part in world.segments.items()],
        "channels": [_channel(world, name, part) for name, part in world.channels.items()],
        "pools": [_pool(name, part) for name, part in world.pools.items()],
        "next_steps": _next_steps(world),
        "evidence": [
            {"path": path, "grade": item.grade, "source": item.source, "n": item.n}
            for path, item in world.evidence.items()
        ],
        "variants": scenario.variants,
        "warnings": [
            {"path": warning.path, "text": warning.text} for warning in scenario.warnings()
        ],
    }


def _segment(world: World, name: str, segment: Segment) -> Facts:
    needs = segment.needs or dict.fromkeys(needs_of(world), 1.0)
    by_weekday = {
        weekday: _number(arrivals_on(segment.arrivals, weekday, DAY)) for weekday in WEEKDAYS
    }
    days = days_of(world)
    total = sum(arrivals_on(segment.arrivals, *day) for day in days)
    first: dict[str, float] = {}
    for need, share in needs.items():
        for channel, part in first_shares(world, name, need).items():
            first[channel] = first.get(channel, 0.0) + share * part
    return {
        "segment": name,
        "arrivals_per_day": _number(total / len(days)),
        "arrivals_by_weekday": by_weekday,
        "needs": needs,
        "first_channels": first,
        "patience_mean_s": _mean(segment.patience),
        "patience_rule": segment.patience_rule,
        "priority": segment.priority,
        "head_start_s": segment.head_start / SECOND,
        "value": segment.value,
        "interviews": segment.interviews,
    }


def _channel(world: World, name: str, channel: Channel) -> Facts:
    return {
        "channel": name,
        "kind": channel.kind,
        "opening": {
            weekday: [[start / SECOND, end / SECOND] for start, end in spans]
            for weekday in WEEKDAYS
            for spans in [channel.opening.spans(weekday)]
        },
        "pools": list(pools_tried(world, name)) if channel.capabilities.by_agents else [],
        "lines": channel.lines,
        "talk_mean_s": _mean(channel.talk),
        "wrap_up_mean_s": _mean(channel.wrap_up),
        "time_spent_mean_s": _mean(channel.time_spent),
        "patience_mean_s": _mean(channel.patience),
        "resolution": _resolution(world, name, channel),
        "stuck": channel.stuck,
    }


def _resolution(world: World, name: str, channel: Channel) -> float | None:
    """Return how likely a contact meets the need, or None where that differs by need or pool."""
    pools = [pool.channels[name] for pool in world.pools.values() if name in pool.channels]
    differing: list[Resolution] = [*pools]
    differing += [need.channels[name] for need in world.needs.values() if name in need.channels]
    differing += [part for pool in pools for part in pool.needs.values()]
    if any(part.resolution is not None for part in differing):
        return None
    return 1.0 if channel.resolution is None else channel.resolution


def _pool(name: str, pool: Pool) -> Facts:
    paid = {heads for weekday in WEEKDAYS for _, _, heads in paid_heads(pool, weekday)}
    return {
        "pool": name,
        "serves": [
            [{"channel": served.channel, "needs": served.needs} for served in level]
            for level in pool.levels()
        ],
        "concurrency": dict(pool.concurrency),
        "paid": pool.paid,
        "shrinkage": pool.shrinkage,
        "rounding": [
            {
                "paid": heads,
                "exact": heads * (1.0 - pool.shrinkage),
                "at_work": after_shrinkage(heads, pool.shrinkage),
            }
            for heads in sorted(paid if pool.paid else ())
        ],
        "at_work": {
            weekday: [
                {"from_s": start / SECOND, "to_s": end / SECOND, "agents": agents}
                for start, end, agents in _joined(at_work(pool, weekday))
            ]
            for weekday in WEEKDAYS
        },
        "cost_per_hour": pool.cost_per_hour,
    }


def _joined(steps: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return steps with neighbours of the same level made one, without those with nobody."""
    joined: list[tuple[int, int, int]] = []
    for start, end, agents in steps:
        if joined and joined[-1][1:] == (start, agents):
            joined[-1] = (joined[-1][0], end, agents)
        elif agents and start < end:
            joined.append((start, end, agents))
    return joined


def _next_steps(world: World) -> list[Facts]:
    found = []
    for name, channel in world.channels.items():
        found += _steps(name, channel.after)
        if channel.chase is not None:
            shares = {
                to: {"share": share, "delay_mean_s": _mean(channel.chase.after), "transfer": False}
                for to, share in channel.chase.to.items()
            }
            found.append(_step(name, "silence", shares))
    for name, segment in world.segments.items():
        for place, own in segment.channels.items():
            found += _steps(place, own.after, segment=name)
    for name, need in world.needs.items():
        for place, differing in need.channels.items():
            found += _steps(place, differing.after, need=name)
    return found


def _steps(
    channel: str, behaviour: Behaviour, *, segment: str | None = None, need: str | None = None
) -> list[Facts]:
    found = []
    for outcome in type(behaviour).model_fields:
        steps = getattr(behaviour, outcome)
        if steps is not None:
            shares = {
                to: {
                    "share": step.share,
                    "delay_mean_s": _mean(step.delay),
                    "transfer": step.transfer,
                }
                for to, step in steps.items()
            }
            found.append(_step(channel, outcome, shares, segment=segment, need=need))
    return found


def _step(
    channel: str,
    outcome: str,
    to: Facts,
    *,
    segment: str | None = None,
    need: str | None = None,
) -> Facts:
    return {"channel": channel, "outcome": outcome, "segment": segment, "need": need, "to": to}


def _mean(distribution: Distribution | None) -> float | None:
    return None if distribution is None else _number(distribution.mean_ticks() / SECOND)


def _number(value: float) -> float | None:
    # JSON has no infinity; a mean that does not exist is null.
    return value if math.isfinite(value) else None
