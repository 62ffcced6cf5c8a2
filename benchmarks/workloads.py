"""The worlds that engines are measured on, and how much of each a contender gets.

W1  one phone line: 20 customers a minute, 100 agents, one contact each.
W2  five days of ten hours: phone, chat and e-mail, staff by half hour, customers who come again.
W3  scenarios/omnichannel.toml, twenty days: everything the engine knows, switched on.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from journeysim.scenario.scenario import Scenario

SCENARIOS = Path(__file__).parents[1] / "scenarios"

#: Customers in W1, days in W2 and W3; the rate of who gets less is as fair, and its run shorter.
AMOUNTS = {
    "W1": {"plain": 200_000, "ciw": 40_000, "reference": 200_000, "general": 1_000_000},
    "W2": {"plain": 5, "ciw": 1, "reference": 5, "general": 5},
    "W3": {"reference": 20, "general": 20},
}
QUICK = {
    "W1": {"plain": 40_000, "ciw": 40_000, "reference": 40_000, "general": 200_000},
    "W2": {"plain": 2, "ciw": 1, "reference": 2, "general": 2},
    "W3": {"reference": 2, "general": 2},
}
#: Enough for compiled code to have seen everything that it will be called with.
WARMING = {"W1": 2_000, "W2": 1, "W3": 2}

# W2, minutes and customers a minute. The day begins at eight and has twenty half hours.
OPENS, HALF_HOUR, DAY = 480.0, 30.0, 1440.0
SHAPE = (4, 6, 8, 10, 11, 11, 10, 9, 9, 10, 11, 12, 12, 12, 11, 11, 10, 9, 8, 6)
RATES = tuple(100.0 * part * len(SHAPE) / sum(SHAPE) for part in SHAPE)
FIRST = {"phone": 0.6, "chat": 0.25, "email": 0.15}
#: Mean and coefficient of variation; where a mail has none, it is 1.
HANDLING = {"phone": (5.0, 0.8), "chat": (9.0, 0.7), "email": (4.0, 1.0)}
PATIENCE = {"phone": 3.0, "chat": 5.0}
CHATS_AT_ONCE = 3
COMES_BACK, BACK_AFTER = 0.12, 60.0
RETRIES, RETRY_AFTER = 0.2, 10.0
FROM_PHONE_TO_CHAT, FROM_CHAT_TO_PHONE = 0.3, 0.4
MOST_CONTACTS = 20


def staff(channel: str) -> list[int]:
    """Return the agents of each half hour: load and its square root.

    Those who come back an hour later by phone are part of its load.
    """
    at_once = CHATS_AT_ONCE if channel == "chat" else 1
    back = int(BACK_AFTER / HALF_HOUR)
    agents = []
    for place, rate in enumerate(RATES):
        offered = rate * FIRST[channel]
        if channel == "phone" and place >= back:
            offered += COMES_BACK * RATES[place - back]
        load = offered * HANDLING[channel][0] / at_once
        agents.append(math.ceil(load + math.sqrt(load)))
    return agents


def lognormal(channel: str) -> tuple[float, float]:
    """Return location and scale of the logarithm of a channel's handling time in minutes."""
    mean, cv = HANDLING[channel]
    variance = math.log(1 + cv * cv)
    return math.log(mean) - variance / 2, math.sqrt(variance)


def scenario(workload: str, amount: int, *, agents: int = 100) -> Scenario:
    """Return a workload as the scenario that journeysim runs; `agents` is for W1."""
    from journeysim import load_scenario
    from journeysim.scenario.scenario import Scenario

    if workload == "W1":
        line = load_scenario(SCENARIOS / "erlang_a.toml").change("time.warm_up", "0s")
        line = line.change("pools.agents.agents", agents)
        line = line.change("segments.callers.arrivals.rate", f"{agents / 5}/min")
        return line.change("time.horizon", f"{round(60 * amount * 5 / agents)}s")
    if workload == "W3":
        return load_scenario(SCENARIOS / "omnichannel.toml").change("time.horizon", f"{amount}d")
    return Scenario.from_document(three_channels(amount), name="three_channels")


def three_channels(days: int) -> dict[str, Any]:
    """Return W2 as a scenario document."""

    def by_half_hour(**values: list[Any]) -> dict[str, Any]:
        return {"from": "08:00", "every": "30m", **values}

    channels: dict[str, Any] = {}
    for name, (mean, cv) in HANDLING.items():
        channels[name] = {
            "kind": "deferred" if name == "email" else "queue",
            "talk": {"distribution": "lognormal", "mean": f"{mean:g}m", "cv": cv},
            "resolution": 1 - COMES_BACK,
            "after": {"unresolved": {"phone": {"share": 1.0, "delay": f"{BACK_AFTER:g}m"}}},
        }
    for name, mean in PATIENCE.items():
        channels[name]["patience"] = {"distribution": "exponential", "mean": f"{mean:g}m"}
    channels["phone"]["after"]["abandoned"] = {
        "chat": FROM_PHONE_TO_CHAT,
        "phone": {"share": RETRIES, "delay": f"{RETRY_AFTER:g}m"},
    }
    channels["chat"]["after"]["abandoned"] = {"phone": FROM_CHAT_TO_PHONE}
    pools: dict[str, Any] = {
        name: {"serves": [name], "agents": by_half_hour(counts=staff(name))} for name in channels
    }
    pools["chat"]["concurrency"] = {"chat": CHATS_AT_ONCE}
    return {
        "title": "Three channels",
        "seed": 1957,
        "max_contacts": MOST_CONTACTS,
        "time": {"horizon": f"{days}d", "interval": "30m"},
        "needs": {"any": {"first": FIRST}},
        "segments": {
            "customers": {"arrivals": by_half_hour(rates=[f"{rate}/min" for rate in RATES])}
        },
        "channels": channels,
        "pools": pools,
    }
