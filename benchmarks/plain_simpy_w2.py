"""Three channels as one would write them with SimPy in an afternoon.

    python -m benchmarks.plain_simpy_w2 [days]

Phone, chat (three at once) and e-mail, rates and staff by half hour, customers who retry, switch
and come back; a row for each contact and for each journey that is over, kept in lists.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Generator
from itertools import pairwise

import simpy

from benchmarks.workloads import (
    BACK_AFTER,
    CHATS_AT_ONCE,
    COMES_BACK,
    DAY,
    FIRST,
    FROM_CHAT_TO_PHONE,
    FROM_PHONE_TO_CHAT,
    HALF_HOUR,
    HANDLING,
    MOST_CONTACTS,
    OPENS,
    PATIENCE,
    RATES,
    RETRIES,
    RETRY_AFTER,
    lognormal,
    staff,
)

#: journey, number, channel, cause, entered, started, ended, outcome
Contact = tuple[int, int, str, str, float, float | None, float, str]
#: journey, arrived, ended, outcome, contacts, wait, handling
Journey = tuple[int, float, float, str, int, float, float]
Steps = Generator[simpy.Event, object, None]


class Pool(simpy.Resource):
    """A resource whose capacity changes; who is being served then is served to the end."""

    def staff(self, agents: int) -> None:
        """Set the capacity, 0 included, and let those in who wait."""
        self._capacity = agents
        self._trigger_put(None)


class World:
    """What all customers share."""

    def __init__(self, seed: int) -> None:
        self.env = simpy.Environment()
        self.luck = random.Random(seed)
        self.pools = {name: Pool(self.env, 1) for name in FIRST}
        self.laws = {name: lognormal(name) for name in FIRST}
        self.contacts: list[Contact] = []
        self.journeys: list[Journey] = []


def customer(world: World, journey: int) -> Steps:
    """Live a journey."""
    env, luck = world.env, world.luck
    channel: str | None = luck.choices(list(FIRST), list(FIRST.values()))[0]
    cause, delay, number, waited, handled = "fresh", 0.0, 0, 0.0, 0.0
    arrived, outcome = env.now, ""
    while channel is not None and number < MOST_CONTACTS:
        if delay:
            yield env.timeout(delay)
        number += 1
        entered, started = env.now, None
        with world.pools[channel].request() as request:
            if channel in PATIENCE:
                yield request | env.timeout(luck.expovariate(1 / PATIENCE[channel]))
            else:
                yield request
            if request.triggered:
                started = env.now
                yield env.timeout(luck.lognormvariate(*world.laws[channel]))
        before = channel
        channel, cause_then, delay, outcome = next_step(luck, channel, served=started is not None)
        row = (journey, number, before, cause, entered, started, env.now, outcome)
        world.contacts.append(row)
        waited += (env.now if started is None else started) - entered
        handled += 0.0 if started is None else env.now - started
        cause = cause_then
    world.journeys.append((journey, arrived, env.now, outcome, number, waited, handled))


def next_step(
    luck: random.Random, channel: str, *, served: bool
) -> tuple[str | None, str, float, str]:
    """Return the next channel, why it is used, after what delay, and how this contact ended."""
    u = luck.random()
    if served:
        if u < COMES_BACK:
            return "phone", "recontact", BACK_AFTER, "served_unresolved"
        return None, "", 0.0, "served_resolved"
    if channel == "chat":
        return ("phone" if u < FROM_CHAT_TO_PHONE else None), "switch", 0.0, "abandoned"
    if u < FROM_PHONE_TO_CHAT:
        return "chat", "switch", 0.0, "abandoned"
    if u < FROM_PHONE_TO_CHAT + RETRIES:
        return "phone", "retry", RETRY_AFTER, "abandoned"
    return None, "", 0.0, "abandoned"


def arrivals(world: World, days: int) -> Steps:
    """Let customers come, half hour by half hour."""
    journey = 0
    for day in range(days):
        for place, rate in enumerate(RATES):
            begins = day * DAY + OPENS + place * HALF_HOUR
            tick = begins + world.luck.expovariate(rate)
            while tick < begins + HALF_HOUR:
                yield world.env.timeout(tick - world.env.now)
                world.env.process(customer(world, journey))
                journey += 1
                tick += world.luck.expovariate(rate)


def shifts(world: World, channel: str, days: int) -> Steps:
    """Change the agents of a channel, half hour by half hour."""
    at_once = CHATS_AT_ONCE if channel == "chat" else 1
    plan = [0, *staff(channel), 0]
    edges = [0.0, *(OPENS + place * HALF_HOUR for place in range(len(plan) - 1)), DAY]
    for _ in range(days):
        for agents, (begins, ends) in zip(plan, pairwise(edges), strict=True):
            world.pools[channel].staff(agents * at_once)
            yield world.env.timeout(ends - begins)


def run(days: int, *, seed: int = 1) -> World:
    """Simulate so many days."""
    world = World(seed)
    for channel in HANDLING:
        world.env.process(shifts(world, channel, days))
    world.env.process(arrivals(world, days))
    world.env.run(until=days * DAY)
    return world


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    begun = time.perf_counter()
    made = run(wanted)
    seconds = time.perf_counter() - begun
    print(f"{len(made.journeys) / seconds:,.0f} customers/s")
    for line in HANDLING:
        ends = [row[-1] for row in made.contacts if row[2] == line]
        print(f"{line}: {len(ends)} contacts, {ends.count('abandoned') / len(ends):.2%} abandoned")
