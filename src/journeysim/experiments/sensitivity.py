"""Which factors matter: elementary effects (Morris) and variance shares (Sobol'), by SALib.

Morris 1991, Technometrics 33(2):161-174, with the absolute means of Campolongo et al. 2007,
Environmental Modelling & Software 22(10):1509-1518. Sobol' indices as Saltelli et al. 2010,
Computer Physics Communications 181(2):259-270. The package is Herman and Usher 2017, Journal of
Open Source Software 2(9):97.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from journeysim.errors import RunError
from journeysim.experiments.plan_file import DesignPart
from journeysim.measures.arrow_columns import Numbers

#: Columns of the sensitivity table by kind of design, with what they mean.
MORRIS_COLUMNS = {
    "effect": "Mean of the effects of taking the factor from one end of its spread to the other.",
    "importance": "Mean of the sizes of those effects, whatever their sign (mu*).",
    "importance_half_width": "Half the width of its interval, by bootstrap.",
    "interaction": "Standard deviation of the effects: high where others matter, or curves bend.",
}
SOBOL_COLUMNS = {
    "first_order": "Share of the variance over all points that the factor makes by itself.",
    "first_order_half_width": "Half the width of its interval, by bootstrap.",
    "total": "Share of the variance that it makes by itself and together with others.",
    "total_half_width": "Half the width of its interval, by bootstrap.",
}


def morris_sample(design: DesignPart, dimensions: int) -> Numbers:
    """Return trajectories through a grid of the unit cube, each moving one factor at a time."""
    sample = _salib("sample.morris")
    found = sample.sample(
        _problem(dimensions),
        N=design.trajectories,
        num_levels=design.levels or 4,
        seed=design.seed,
    )
    return np.asarray(found, dtype=np.float64)


def sobol_sample(design: DesignPart, dimensions: int) -> Numbers:
    """Return Saltelli's extension of a scrambled Sobol' sequence."""
    sample = _salib("sample.sobol")
    found = sample.sample(
        _problem(dimensions),
        N=design.base,
        calc_second_order=False,
        seed=design.seed,
    )
    return np.asarray(found, dtype=np.float64)


def sensitivity(
    design: DesignPart, sample: Numbers, values: Numbers, *, level: float
) -> dict[str, Numbers]:
    """Return what each factor does to a measure, as columns of shape (factors,).

    Parameters
    ----------
    sample
        The points in the unit cube, shape (points, factors).
    values
        The measure at each of them; if one is unknown, nothing is known.
    """
    factors = sample.shape[1]
    columns = sensitivity_columns(design)
    if np.isnan(values).any() or np.ptp(values) == 0:
        unknown = np.nan if np.isnan(values).any() else 0.0
        return {name: np.full(factors, unknown) for name in columns}
    if design.kind == "morris":
        return _morris(design, sample, values, level=level)
    return _sobol(design, factors, values, level=level)


def sensitivity_columns(design: DesignPart) -> dict[str, str]:
    """Return the columns of the sensitivity table of a design, with their meanings."""
    return MORRIS_COLUMNS if design.kind == "morris" else SOBOL_COLUMNS


def _morris(
    design: DesignPart, sample: Numbers, values: Numbers, *, level: float
) -> dict[str, Numbers]:
    found = _salib("analyze.morris").analyze(
        _problem(sample.shape[1]),
        sample,
        values,
        num_levels=design.levels or 4,
        conf_level=level,
        seed=design.seed,
    )
    names = ("mu", "mu_star", "mu_star_conf", "sigma")
    return _renamed(found, names, MORRIS_COLUMNS)


def _sobol(
    design: DesignPart, factors: int, values: Numbers, *, level: float
) -> dict[str, Numbers]:
    found = _salib("analyze.sobol").analyze(
        _problem(factors),
        values,
        calc_second_order=False,
        conf_level=level,
        seed=design.seed,
    )
    return _renamed(found, ("S1", "S1_conf", "ST", "ST_conf"), SOBOL_COLUMNS)


def _renamed(found: Any, names: Sequence[str], columns: dict[str, str]) -> dict[str, Numbers]:
    return {
        column: np.ma.filled(np.ma.asarray(found[name], dtype=np.float64), np.nan)
        for column, name in zip(columns, names, strict=True)
    }


def _problem(dimensions: int) -> dict[str, Any]:
    names = [f"factor {place}" for place in range(dimensions)]
    return {"num_vars": dimensions, "names": names, "bounds": [[0.0, 1.0]] * dimensions}


def _salib(module: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"SALib.{module}")
    except ModuleNotFoundError as error:
        raise RunError(
            "sensitivity needs the package SALib: pip install 'journeysim[sensitivity]'"
        ) from error
