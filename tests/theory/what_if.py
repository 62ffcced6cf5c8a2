"""What changes with one agent more, 5 % more customers, 5 % longer handling, under equal luck."""

from __future__ import annotations

import numpy as np

from tests.theory.cases import EXACT
from tests.theory.estimates import Case, Estimate, intercept, observe, steady_controls
from tests.theory.formulas import erlang_a
from tests.theory.observed import queue_figures
from tests.theory.single_queues import THIRD, exponential, one_queue

NAME = "whatif_open"
FIGURES = ("p_ab", "ew", "sl_offered")
#: Rate, service rate and agents, before and after.
BEFORE = (48.0, 1.0, 49)
AFTER = {"agents": (48.0, 1.0, 50), "rate": (50.4, 1.0, 49), "service": (48.0, 0.95, 49)}


def exact(rate: float, service: float, agents: int) -> dict[str, float]:
    """Return Erlang-A's figures of a variant."""
    found = erlang_a(rate, service, 0.5, agents, threshold=THIRD)
    return {figure: found[figure] for figure in FIGURES}


def _case(rate: float, service: float, agents: int) -> Case:
    start, span = 40, 60
    document = one_queue(
        rate=rate,
        agents=agents,
        talk=exponential(service),
        patience=exponential(0.5),
        start=start,
        span=span,
    )
    return Case(
        name=NAME,
        document=document,
        start=start,
        end=start + span,
        figures=lambda seen: queue_figures(seen.rows, THIRD),
        controls=steady_controls({"all": rate}, {("phone", "agents"): 1 / service}),
        exact=exact(rate, service, agents),
    )


def differences(*, replications: int, seed: int, tolerance: float) -> list[Estimate]:
    """Return the paired differences, replication by replication under the same seed."""
    runs = {
        change: _distances(_case(*world), replications=replications, seed=seed)
        for change, world in {"": BEFORE, **AFTER}.items()
    }
    before, controls = runs.pop("")
    found = []
    for change, (after, _) in runs.items():
        for figure in FIGURES:
            value = EXACT[NAME][f"{change}: {figure}"]
            centre, error = intercept(after[figure] - before[figure], controls)
            estimate = Estimate(
                case=NAME,
                figure=f"{change}: {figure}",
                exact=value,
                simulated=value + centre,
                error=error,
                widest=tolerance * abs(value),
            )
            found.append(estimate)
    return found


def _distances(
    case: Case, *, replications: int, seed: int
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return how far each replication is from the exact figures, and its controls."""
    figures, controls = observe(case, replications=replications, seed=seed)
    found = {}
    for figure in FIGURES:
        top, bottom = np.array([sums[figure] for sums in figures], dtype=float).T
        found[figure] = (top - case.value(figure) * bottom) / bottom.mean()
    return found, controls
