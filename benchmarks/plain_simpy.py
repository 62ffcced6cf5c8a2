"""The phone line as one would write it with SimPy in ten minutes: the yardstick for the engine.

    python benchmarks/plain_simpy.py 100000

20 calls a minute, 100 agents, talk 5 minutes, patience 3 minutes on average, all exponential.
One row per customer is kept: arrival, start of service (None: abandoned), end.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Generator

import simpy

RATE, TALK, PATIENCE, AGENTS = 20.0, 5.0, 3.0, 100  # per minute, minutes, minutes

Row = tuple[float, float | None, float]


def customer(
    env: simpy.Environment, agents: simpy.Resource, luck: random.Random, rows: list[Row]
) -> Generator[simpy.Event, object, None]:
    """Wait for an agent or until patience ends; talk; leave a row."""
    arrived = env.now
    with agents.request() as request:
        yield request | env.timeout(luck.expovariate(1 / PATIENCE))
        if not request.triggered:
            rows.append((arrived, None, env.now))
            return
        started = env.now
        yield env.timeout(luck.expovariate(1 / TALK))
        rows.append((arrived, started, env.now))


def arrivals(
    env: simpy.Environment,
    agents: simpy.Resource,
    luck: random.Random,
    rows: list[Row],
    customers: int,
) -> Generator[simpy.Event, object, None]:
    """Let customers come."""
    for _ in range(customers):
        yield env.timeout(luck.expovariate(RATE))
        env.process(customer(env, agents, luck, rows))


def run(customers: int, *, seed: int = 1) -> list[Row]:
    """Return a row per customer."""
    env, luck, rows = simpy.Environment(), random.Random(seed), []
    agents = simpy.Resource(env, AGENTS)
    env.process(arrivals(env, agents, luck, rows, customers))
    env.run()
    return rows


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    begun = time.perf_counter()
    made = run(wanted)
    seconds = time.perf_counter() - begun
    abandoned = sum(started is None for _, started, _ in made)
    wait = sum((end if start is None else start) - arrived for arrived, start, end in made)
    print(f"{len(made) / seconds:,.0f} customers/s")
    print(f"abandoned {abandoned / len(made):.2%}, mean wait {60 * wait / len(made):.2f} s")
