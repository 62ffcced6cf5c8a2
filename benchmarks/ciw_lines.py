"""The same lines in Ciw, as its guides would have them written.

Chat has three places an agent, and who comes back later spends the time until then at a node with
room for everybody. Ciw has no next steps by outcome, so a router of our own sends who abandons on.
"""

from __future__ import annotations

from typing import Any

import ciw

from benchmarks import plain_simpy
from benchmarks.workloads import (
    BACK_AFTER,
    CHATS_AT_ONCE,
    COMES_BACK,
    DAY,
    FIRST,
    FROM_CHAT_TO_PHONE,
    FROM_PHONE_TO_CHAT,
    HALF_HOUR,
    OPENS,
    PATIENCE,
    RATES,
    RETRIES,
    RETRY_AFTER,
    lognormal,
    staff,
)

PHONE, CHAT, EMAIL, RETRY, BACK = range(1, 6)
CHANNELS = {PHONE: "phone", CHAT: "chat", EMAIL: "email"}


def phone_line(customers: int, *, seed: int = 1) -> list[Any]:
    """Run W1; return a record per customer."""
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(plain_simpy.RATE)],
        service_distributions=[ciw.dists.Exponential(1 / plain_simpy.TALK)],
        reneging_time_distributions=[ciw.dists.Exponential(1 / plain_simpy.PATIENCE)],
        number_of_servers=[plain_simpy.AGENTS],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(customers / plain_simpy.RATE)
    records: list[Any] = simulation.get_all_records()
    return records


class After(ciw.routing.Probabilistic):  # type: ignore[misc]
    """Sends on who was served and who abandoned, each with shares of their own."""

    def __init__(self, served: dict[int, float], abandoned: dict[int, float]) -> None:
        super().__init__(list(served), list(served.values()))
        self.abandoned = [*abandoned, -1]
        self.shares = [*abandoned.values(), 1 - sum(abandoned.values())]

    def next_node_for_jockeying(self, _individual: Any) -> Any:
        """Choose where who abandons goes."""
        return self.simulation.nodes[ciw.random_choice(self.abandoned, self.shares)]


def three_channels(days: int, *, seed: int = 1) -> list[Any]:
    """Run W2; return a record per contact, and per pause between contacts."""
    ciw.seed(seed)
    edges = [OPENS + place * HALF_HOUR for place in range(len(RATES) + 1)] + [DAY]

    def coming(channel: str) -> Any:
        rates = [0.0, *(rate * FIRST[channel] for rate in RATES), 0.0]
        return ciw.dists.PoissonIntervals(rates, edges, days * DAY)

    def serving(channel: str) -> Any:
        at_once = CHATS_AT_ONCE if channel == "chat" else 1
        return ciw.Schedule([0, *(agents * at_once for agents in staff(channel)), 0], edges)

    back = {BACK: COMES_BACK}
    names = list(CHANNELS.values())
    network = ciw.create_network(
        arrival_distributions=[*(coming(name) for name in names), None, None],
        service_distributions=[
            *(ciw.dists.Lognormal(*lognormal(name)) for name in names),
            ciw.dists.Deterministic(RETRY_AFTER),
            ciw.dists.Deterministic(BACK_AFTER),
        ],
        reneging_time_distributions=[
            *(ciw.dists.Exponential(1 / PATIENCE[n]) if n in PATIENCE else None for n in names),
            None,
            None,
        ],
        number_of_servers=[*(serving(name) for name in names), float("inf"), float("inf")],
        routing=ciw.routing.NetworkRouting(
            routers=[
                After(back, {CHAT: FROM_PHONE_TO_CHAT, RETRY: RETRIES}),
                After(back, {PHONE: FROM_CHAT_TO_PHONE}),
                After(back, {}),
                ciw.routing.Direct(PHONE),
                ciw.routing.Direct(PHONE),
            ]
        ),
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(days * DAY)
    records: list[Any] = simulation.get_all_records()
    return records
