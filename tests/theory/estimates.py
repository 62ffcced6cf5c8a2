"""From replications to a verdict: how far is a simulated figure from the exact one?

Controls are sums whose expectation is known to be 0 (arrivals less their mean, handling of the
served less its mean). A figure is regressed on them (Lavenberg and Welch 1981), which takes the
luck of the draw out of it: up to nine tenths of the variance. So that they cannot hide a fault
of a draw, controls are themselves tested against 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from journeysim import Scenario, simulate
from tests.theory.cases import EXACT
from tests.theory.observed import Figures, Observed

#: Beyond this many standard errors a figure is wrong; by chance 1 in 40,000.
FAR = 4.2
_PROPORTIONS = ("p_", "sl", "util", "longer_", "ab_by_")
#: A variance, or the number at one instant, takes a hundred times the customers of a mean; ten
#: times the tolerance holds for them.
_COARSE = ("variance_", "gamma_day_var", "lq_end", "busy_end")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A scenario with exact figures.

    Attributes
    ----------
    start, end
        Who comes in [start, end) counts, minutes.
    figures, controls
        Sums of one replication.
    replications
        As many as bring every standard error down to 1 %.
    """

    name: str
    document: Mapping[str, Any]
    start: float
    end: float
    figures: Callable[[Observed], Figures]
    controls: Callable[[Observed], Figures]
    replications: int = 40
    exact: Mapping[str, float] = field(default_factory=dict)

    def value(self, figure: str) -> float:
        """Return the exact value."""
        return self.exact[figure] if self.exact else EXACT[self.name][figure]

    def widest(self, figure: str, tolerance: float) -> float:
        """Return the largest standard error at which a figure counts as tested."""
        relative = tolerance * abs(self.value(figure))
        relative *= 10 if figure.startswith(_COARSE) else 1
        proportion = figure.startswith(_PROPORTIONS)
        return max(relative, 0.002) if proportion else relative


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A simulated figure beside the exact one."""

    case: str
    figure: str
    exact: float
    simulated: float
    error: float
    widest: float

    @property
    def z(self) -> float:
        """Distance in standard errors."""
        distance = self.simulated - self.exact
        if self.error <= 1e-12 * abs(self.exact):
            return 0.0 if abs(distance) <= 1e-9 * max(1.0, abs(self.exact)) else np.inf
        return distance / self.error

    @property
    def verdict(self) -> str:
        if abs(self.z) > FAR:
            return "differs"
        return "wide" if self.error > self.widest else "agrees"

    def __str__(self) -> str:
        return (
            f"{self.case:18} {self.figure:24} {self.exact:12.6g} {self.simulated:12.6g} "
            f"{self.error:10.3g} {self.z:6.2f}  {self.verdict}"
        )


def observe(case: Case, *, replications: int, seed: int) -> tuple[list[Figures], np.ndarray]:
    """Return the figures of each replication, and the controls, shape (replications, controls)."""
    scenario = Scenario.from_document(case.document, name=case.name)
    figures, controls = [], []
    for number in range(replications):
        # The reference engine gives the same journeys, as tests/engines shows, but takes minutes.
        run = simulate(scenario, replications=[number], seed=seed, engine="compiled")
        for replication in run:
            seen = Observed(replication, case.start, case.end)
            control = case.controls(seen)
            figures.append(case.figures(seen) | control)
            controls.append([numerator for numerator, _ in control.values()])
    return figures, np.array(controls).reshape(replications, -1)


def estimates(
    case: Case, *, replications: int, seed: int, tolerance: float = 0.01
) -> list[Estimate]:
    """Run a case; return its figures and then its controls, of which the exact value is 0."""
    figures, controls = observe(case, replications=replications, seed=seed)
    found = []
    for name in figures[0]:
        sums = np.array([figure[name] for figure in figures], dtype=float)
        control = name.startswith("control: ")
        exact = 0.0 if control else case.value(name)
        # Sums, not ratios, so that the expectation is exactly 0 if the figure is right.
        distance = sums[:, 0] - exact * sums[:, 1]
        centre, error = intercept(distance, np.empty((len(sums), 0)) if control else controls)
        scale = sums[:, 1].mean()
        widest = np.inf if control else case.widest(name, tolerance)
        found.append(
            Estimate(
                case=case.name,
                figure=name,
                exact=exact,
                simulated=exact + centre / scale,
                error=error / scale,
                widest=widest,
            )
        )
    return found


def intercept(values: np.ndarray, controls: np.ndarray) -> tuple[float, float]:
    """Return the regression's value where every control is 0, and its standard error."""
    scale = np.std(controls, axis=0)
    design = np.column_stack([np.ones(len(values)), controls[:, scale > 0] / scale[scale > 0]])
    solution, *_ = np.linalg.lstsq(design, values, rcond=None)
    left = values - design @ solution
    variance = left @ left / (len(values) - design.shape[1])
    return solution[0], float(np.sqrt(variance * np.linalg.inv(design.T @ design)[0, 0]))


def steady_controls(
    rates: Mapping[str, float], talks: Mapping[tuple[str, str], float]
) -> Callable[[Observed], Figures]:
    """Return the controls of a steady case.

    Parameters
    ----------
    rates
        Fresh arrivals per minute, by segment.
    talks
        Mean talk in minutes, by channel and pool.
    """

    def controls(seen: Observed) -> Figures:
        found: Figures = {}
        fresh = seen.rows.where("cause", "fresh")
        for segment, rate in rates.items():
            came = fresh.equal("segment", segment).sum()
            found[f"control: arrivals {segment}"] = came - rate * seen.span, rate * seen.span
        for (channel, pool), mean in talks.items():
            talk = seen.rows.where("channel", channel).where("pool", pool).minutes("talk")
            found[f"control: talk {channel} {pool}"] = (talk - mean).sum(), mean * len(talk)
        return found

    return controls
