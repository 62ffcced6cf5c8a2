"""Everything the log tells about the Sunday-to-Thursday day, together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from scenarios.bank_1999.bootstrap import Estimate, ratio
from scenarios.bank_1999.erlang import day_abandonment
from scenarios.bank_1999.handling import Handling, estimate_handling
from scenarios.bank_1999.log import (
    SEGMENTS,
    by_day,
    is_cut,
    need_of,
    per_day,
    read_requests,
    segment_requests,
)
from scenarios.bank_1999.patience import Patience, estimate_patience
from scenarios.bank_1999.presence import late_agents, presence
from scenarios.bank_1999.retries import Return, estimate_return, identified_with_next
from scenarios.bank_1999.variation import Variation, fit_variation, variation_ranges
from scenarios.bank_1999.volumes import Demand, estimate_demand, fresh_by_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """All figures of the Sunday-to-Thursday day."""

    days: list[str]
    broken: list[str]
    requests: pd.DataFrame
    offered: np.ndarray
    agents: dict[str, np.ndarray]
    agent_hours: Estimate
    late_agents: float
    erlang_a: dict[str, float]
    measured_abandonment: Estimate
    retry: Return
    recontact: Return
    demand: dict[str, Demand]
    variation: Variation
    variation_ranges: np.ndarray
    patience: dict[str, Patience]
    handling: dict[str, Handling]


def losses_by_rule(
    requests: pd.DataFrame, agents: dict[str, np.ndarray], load_cv: float
) -> dict[str, float]:
    """Return the share abandoned by Erlang-A under each rule of presence."""
    served, offered = requests[~requests["abandoned"]], by_day(requests).mean(axis=0)
    handling = by_day(served, "service_s").sum(axis=0) / by_day(served).sum(axis=0)
    patience = float(requests["wait_s"].sum() / requests["abandoned"].sum())
    losses = {
        rule: day_abandonment(offered, handling, present, patience=patience)
        for rule, present in agents.items()
    }
    rule = "gaps over 15 minutes"
    varying = day_abandonment(offered, handling, agents[rule], patience=patience, cv=load_cv)
    return losses | {f"{rule}, load varying with cv {load_cv:.2f}": varying}


def estimate_centre(folder: Path) -> Centre:
    """Read both months and estimate everything."""
    calls, broken = read_requests(folder)
    requests, days = calls[calls["is_open"]], list(calls["day"].cat.categories)
    counts, all_served = by_day(requests), calls[~calls["abandoned"]]
    agents, agent_hours = presence(all_served)
    seen = identified_with_next(calls)
    retry, recontact = (estimate_return(seen, f) for f in (seen["abandoned"], is_cut(seen)))
    fresh = fresh_by_day(requests, retry=retry, recontact=recontact)
    weekdays = pd.to_datetime(days).day_name().to_numpy()
    variation = fit_variation(fresh, weekdays)
    return Centre(
        days=days,
        broken=broken,
        requests=requests,
        offered=counts.mean(axis=0),
        agents=agents,
        agent_hours=agent_hours,
        late_agents=late_agents(all_served),
        erlang_a=losses_by_rule(requests, agents, float(np.sqrt(variation.covariance[0]))),
        measured_abandonment=ratio(per_day(requests, "abandoned"), counts.sum(axis=1)),
        retry=retry,
        recontact=recontact,
        demand=estimate_demand(requests, retry=retry, recontact=recontact),
        variation=variation,
        variation_ranges=variation_ranges(fresh, weekdays),
        patience={s: estimate_patience(segment_requests(requests, s)) for s in SEGMENTS},
        handling={
            need: estimate_handling(requests[requests["need"] == need])
            for need in dict.fromkeys(need_of(segment) for segment in SEGMENTS)
        },
    )
