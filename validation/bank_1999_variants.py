"""What-ifs that test why the simulated bank day differs from the log; none changes the scenario.

Each function returns a plan: scenarios, each with the replications to simulate it for.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import journeysim as js
from scenarios.bank_1999.centre import Centre
from scenarios.bank_1999.log import (
    EDGES,
    HALF_HOUR,
    OPENS,
    SEGMENTS,
    by_day,
    segment_requests,
)
from scenarios.bank_1999.presence import OTHER_GAP, PRESENCE_GAP, half_up, mean_present, stretches
from scenarios.bank_1999.volumes import privileged_share
from validation.bank_1999_availability import available_agents

Plan = list[tuple[js.Scenario, list[int]]]
STEP = 300  # seconds; agents of one day are followed this closely
NEEDS = ("banking", "prospect", "stock_exchange", "internet_help")


@dataclass(frozen=True, slots=True)
class Source:
    """The scenario, the log (requests, and all calls of agents) and how often to simulate."""

    scenario: js.Scenario
    centre: Centre
    calls: pd.DataFrame
    replications: int
    directory: Path

    @property
    def served(self) -> pd.DataFrame:
        """Return the calls that agents took."""
        return self.calls[~self.calls["abandoned"]]


def plain(source: Source, *assignments: str) -> Plan:
    """Return the scenario with changes as on the command line."""
    changed = source.scenario.set(*assignments) if assignments else source.scenario
    return [(changed, list(range(source.replications)))]


def with_agents(scenario: js.Scenario, agents: np.ndarray, every: str = "30m") -> js.Scenario:
    """Return the scenario with other whole numbers of agents from 07:00 on."""
    table = {"from": "07:00", "every": every, "counts": [int(count) for count in agents]}
    return scenario.change("pools.regular.agents", table)


def at_random(source: Source, agents: np.ndarray) -> Plan:
    """Return fractions of an agent rounded up or down by lot, anew in each replication."""
    lots = np.random.default_rng(1999).random((source.replications, len(agents)))
    return [
        (with_agents(source.scenario, np.floor(agents + lot)), [number])
        for number, lot in enumerate(lots)
    ]


def by_rule(source: Source, rule: str) -> Plan:
    """Return the agents of another rule of presence, halves rounded up."""
    agents = half_up(source.centre.agents[rule])
    return [(with_agents(source.scenario, agents), list(range(source.replications)))]


def day_numbers(source: Source) -> list[tuple[str, list[int]]]:
    """Return the days of the log, each with its own replications."""
    days = source.centre.days
    each = -(-source.replications // len(days))
    return [(day, list(range(at * each, (at + 1) * each))) for at, day in enumerate(days)]


def agents_of(source: Source, day: str, agents: str) -> np.ndarray:
    """Return the agents of a day in steps of five minutes: present or available, or by a gap."""
    if agents == "available":
        return half_up(available_agents(source.calls[source.calls["day"] == day], STEP))
    gap = OTHER_GAP if agents == "present, 5 minutes" else PRESENCE_GAP
    edges = np.arange(EDGES[0], EDGES[-1] + 1, STEP)
    spans = stretches(source.served[source.served["day"] == day], gap)
    return half_up(mean_present(spans, 1, edges) * HALF_HOUR / STEP)


def own_agents(source: Source) -> Plan:
    """Return each day's own agents under the scenario's demand."""
    return [
        (with_agents(source.scenario, agents_of(source, day, "present"), "5m"), numbers)
        for day, numbers in day_numbers(source)
    ]


def traced(source: Source, day: str, *, talk: str) -> js.Scenario:
    """Return a day with the log's own requests, retries among them, so that none is simulated.

    Who is privileged is drawn by the half hour's share where the log does not know.
    """
    requests = source.centre.requests
    rows = requests[requests["day"] == day].sort_values("entered")
    share = privileged_share(requests, "banking")[rows["slot"] - OPENS]
    drawn = np.random.default_rng(int(day.replace("-", ""))).random(len(rows)) < share
    privileged = np.where(rows["queued"] == 1, rows["priority"] == 2, drawn)
    banking = np.where(privileged, "privileged", "regular")
    table = pd.DataFrame({"arrival": rows["entered"].to_numpy()})
    table["segment"] = np.where(rows["need"] == "banking", banking, rows["need"])
    if talk == "logged":
        table["talk_1"] = np.where(rows["abandoned"], np.nan, rows["service_s"])
    file = source.directory / f"{day}_{talk}.csv"
    table.to_csv(file, index=False)
    document = copy.deepcopy(dict(source.scenario.document))
    for segment in SEGMENTS:
        del document["segments"][segment]["arrivals"]
    for name in ("demand", "evidence", "variants"):
        document.pop(name)
    document["channels"]["phone"]["after"] = {}
    document["trace"] = {"file": str(file)}
    return js.Scenario.from_document(document, name=day)


def own_arrivals(source: Source, *assignments: str, agents: str, talk: str = "logged") -> Plan:
    """Return each day's own requests, with the scenario's agents or the day's."""
    plan = []
    for day, numbers in day_numbers(source):
        scenario = traced(source, day, talk=talk)
        if agents != "mean":
            scenario = with_agents(scenario, agents_of(source, day, agents), "5m")
        plan.append((scenario.set(*assignments), numbers))
    return plan


def waves(source: Source) -> Plan:
    """Return days with the prospects' wave, and days without, in the proportion three to two."""
    requests = source.centre.requests
    prospects = requests[requests["need"] == "prospect"]
    fresh = source.centre.demand["prospect"].fresh
    measured, plan, first = by_day(prospects), [], 0
    weekdays = pd.to_datetime(source.centre.days).day_name()
    for named, share in ((("Sunday", "Tuesday", "Thursday"), 0.6), (("Monday", "Wednesday"), 0.4)):
        factor = measured[weekdays.isin(named)].mean(axis=0) / measured.mean(axis=0)
        counts = [round(float(count), 2) for count in fresh * factor]
        scenario = source.scenario.change("segments.prospect.arrivals.counts", counts)
        last = first + round(share * source.replications)
        plan.append((scenario, list(range(first, last))))
        first = last
    return plan


def skills(served: pd.DataFrame) -> pd.Series:
    """Return for every agent the needs taken.

    A need is taken if its share of the agent's calls is at least a quarter of its share of all.
    """
    own = served.groupby("server_id")["need"].value_counts(normalize=True).unstack(fill_value=0)
    everyone = served["need"].value_counts(normalize=True)
    return own.apply(
        lambda row: tuple(need for need in NEEDS if row[need] >= everyone[need] / 4), axis=1
    )


def apportioned(parts: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return whole numbers near `parts`, shape (groups, half hours), with the totals of `whole`."""
    scaled = parts * whole / parts.sum(axis=0)
    counts = np.floor(scaled).astype(int)
    for at in range(len(whole)):
        missing = int(whole[at]) - counts[:, at].sum()
        counts[np.argsort(counts[:, at] - scaled[:, at], kind="stable")[:missing], at] += 1
    return counts


def partial_skills(source: Source) -> Plan:
    """Return the same agents in pools that take what their agents took; narrow pools first."""
    served, taken = source.served, skills(source.served)
    groups = sorted(set(taken), key=lambda needs: (len(needs), needs))
    days = len(source.centre.days)
    parts = [
        mean_present(
            stretches(served[served["server_id"].map(taken) == needs], PRESENCE_GAP), days, EDGES
        )
        for needs in groups
    ]
    whole = half_up(source.centre.agents["gaps over 15 minutes"])
    document = copy.deepcopy(dict(source.scenario.document))
    for name in ("evidence", "variants"):
        document.pop(name)
    closing = document["pools"].pop("closing")
    del document["pools"]["regular"]
    for needs, counts in zip(groups, apportioned(np.array(parts), whole), strict=True):
        document["pools"]["_".join(needs)] = {
            "serves": [{"channel": "phone", "needs": list(needs)}],
            "agents": {"from": "07:00", "every": "30m", "counts": counts.tolist()},
        }
    document["pools"]["closing"] = closing
    scenario = js.Scenario.from_document(document, name="partial_skills")
    return [(scenario, list(range(source.replications)))]


def exponential_patience(source: Source) -> Plan:
    """Return exponential patience, its mean all waiting over all abandonments of the segment."""
    scenario = source.scenario
    for segment in SEGMENTS:
        own = segment_requests(source.centre.requests, segment)
        mean = own["wait_s"].sum() / own["abandoned"].sum()
        law = {"distribution": "exponential", "mean": f"{mean:.0f}s"}
        scenario = scenario.change(f"segments.{segment}.patience", law)
    return [(scenario, list(range(source.replications)))]


def no_returns(source: Source) -> Plan:
    """Return measured counts in place of fresh ones, and nobody who calls again."""
    scenario = source.scenario.set(
        "channels.phone.after.abandoned.phone.share=0",
        "channels.phone.after.unresolved.phone.share=0",
    )
    for segment in SEGMENTS:
        measured = source.centre.demand[segment].measured
        counts = [round(float(count), 2) for count in measured]
        scenario = scenario.change(f"segments.{segment}.arrivals.counts", counts)
    return [(scenario, list(range(source.replications)))]


def handling_by_half_hour(source: Source) -> float:
    """Return the largest distance of a half hour's mean handling from the mix of its needs."""
    served = source.centre.requests[~source.centre.requests["abandoned"]]
    expected = sum(
        by_day(served[served["need"] == need]).sum(axis=0) * source.centre.handling[need].talk.mean
        for need in NEEDS
    )
    return float(np.abs(by_day(served, "service_s").sum(axis=0) / expected - 1).max())


def variants(source: Source, available: float) -> dict[str, Callable[[], Plan]]:
    """Return every what-if by name; `available` is the share of present agents who can be had."""
    exact = source.centre.agents["gaps over 15 minutes"]
    no_interval, no_day = "demand.interval_factor.cv=0", "demand.day_factor.cv=0"
    changeover = "channels.phone.wrap_up=5s"
    replayed = functools.partial(own_arrivals, source)
    return {
        "the scenario as it stands": lambda: plain(source),
        "no interval factor": lambda: plain(source, no_interval),
        "no day factor": lambda: plain(source, no_day),
        "neither factor": lambda: plain(source, no_interval, no_day),
        "prospects' waves on three weekdays of five": lambda: waves(source),
        "measured counts, nobody calls again": lambda: no_returns(source),
        "exponential patience": lambda: exponential_patience(source),
        "agents rounded by lot, so that the mean is exact": lambda: at_random(source, exact),
        "pauses over 5 minutes split presence": lambda: by_rule(source, "gaps over 5 minutes"),
        "every agent seen in the half hour": lambda: by_rule(source, "distinct agents seen"),
        "agents take only what they took in the log": lambda: partial_skills(source),
        "5 s between two calls": lambda: plain(source, changeover),
        f"{available:.0%} of the agents": lambda: at_random(source, exact * available),
        "each day's own agents": lambda: own_agents(source),
        "replay 1: each day's own requests": lambda: replayed(agents="mean", talk="drawn"),
        "replay 2: and its own agents": lambda: replayed(agents="present", talk="drawn"),
        "replay 3: and its own handling": lambda: replayed(agents="present"),
        "replay 3, 5 s between two calls": lambda: replayed(changeover, agents="present"),
        "replay 3, pauses over 5 minutes": lambda: replayed(agents="present, 5 minutes"),
        "replay 3, less idle while somebody waits": lambda: replayed(agents="available"),
    }
