"""Designs: which points are made, in an order that never changes.

Samples are of the unit cube; each factor puts its coordinate through its own quantiles.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from journeysim.errors import Problem, did_you_mean
from journeysim.experiments.factors import CheckedFactor
from journeysim.experiments.plan_file import DESIGN_KEYS, NEEDED_KEYS, DesignPart
from journeysim.experiments.sensitivity import morris_sample, sobol_sample
from journeysim.measures.arrow_columns import Numbers

#: A point: a value for each factor, in their order.
Point = tuple[Any, ...]


def design_problems(design: DesignPart, factors: Sequence[CheckedFactor]) -> list[Problem]:
    """Return what is wrong with a design."""
    found = []
    for key in DesignPart.model_fields:
        if key in ("kind", *DESIGN_KEYS[design.kind]):
            if key in NEEDED_KEYS.get(design.kind, ()) and getattr(design, key) is None:
                found.append(Problem(f"design.{key}", f"is missing; {design.kind} needs it"))
        elif key in design.model_fields_set:
            found.append(Problem(f"design.{key}", f"has no effect with kind = {design.kind!r}"))
    points = design.points
    if design.kind in ("latin_hypercube", "sobol") and not (
        points is None or (isinstance(points, int) and points > 0)
    ):
        found.append(Problem("design.points", "must be how many points, e.g. 64"))
    if design.kind == "list" and points is not None:
        found += _listed_problems(points, factors)
    if design.base is not None and design.base & (design.base - 1):
        near = 2 ** round(math.log2(design.base))
        found.append(Problem("design.base", f"must be a power of 2, e.g. {near}"))
    if design.levels is not None and design.levels % 2:
        found.append(Problem("design.levels", f"must be even, e.g. {design.levels + 1}"))
    return found + _factor_problems(design, factors)


def _factor_problems(design: DesignPart, factors: Sequence[CheckedFactor]) -> list[Problem]:
    found = []
    by_name = {factor.name: factor for factor in factors}
    for factor in factors:
        place = f"factors.{factor.name}"
        part = factor.part
        if design.kind == "factorial" and part.distribution is not None:
            text = "has no steps; with kind = 'factorial' give values, or a range with steps"
            found.append(Problem(f"{place}.distribution", text))
        if design.kind != "factorial":
            found += [
                Problem(f"{place}.{key}", "is for kind = 'factorial' alone")
                for key in ("steps", "paired_with")
                if getattr(part, key) is not None
            ]
        elif part.paired_with in by_name:
            other = by_name[part.paired_with]
            if len(other.levels()) != len(factor.levels()):
                text = f"{other.name} takes {len(other.levels())} values; give as many"
                found.append(Problem(place, text))
    return found


def _listed_problems(points: Any, factors: Sequence[CheckedFactor]) -> list[Problem]:
    if isinstance(points, int):
        return [Problem("design.points", "must be a list of tables, e.g. [{ agents = 7 }]")]
    names = [factor.name for factor in factors]
    found = []
    for place, point in enumerate(points):
        for name in point:
            if name not in names:
                text = f"no factor {name!r}{did_you_mean(name, names)}"
                found.append(Problem(f"design.points[{place}]", text))
        found += [
            Problem(f"design.points[{place}].{name}", "is missing")
            for name in names
            if name not in point
        ]
    return found or ([] if points else [Problem("design.points", "holds no point")])


def design_points(design: DesignPart, factors: Sequence[CheckedFactor]) -> list[Point]:
    """Return the points of a design, in their order."""
    if design.kind == "factorial":
        return factorial(factors)
    if design.kind == "list":
        assert isinstance(design.points, list)
        return [tuple(point[factor.name] for factor in factors) for point in design.points]
    sample = unit_sample(design, len(factors))
    return [
        tuple(factor.at(float(share)) for factor, share in zip(factors, shares, strict=True))
        for shares in sample
    ]


def factorial(factors: Sequence[CheckedFactor]) -> list[Point]:
    """Return every combination; the last factor varies fastest, paired ones go together."""
    free = [factor for factor in factors if factor.part.paired_with is None]
    levels = {factor.name: factor.levels() for factor in factors}
    steps = itertools.product(*(range(len(levels[factor.name])) for factor in free))
    leader = {factor.name: factor.part.paired_with or factor.name for factor in factors}
    order = {factor.name: place for place, factor in enumerate(free)}
    return [
        tuple(levels[factor.name][step[order[leader[factor.name]]]] for factor in factors)
        for step in steps
    ]


def unit_sample(design: DesignPart, dimensions: int) -> Numbers:
    """Return a sample of the unit cube, shape (points, dimensions)."""
    from scipy.stats import qmc

    count = design.points if isinstance(design.points, int) else 0
    match design.kind:
        case "latin_hypercube":
            found = qmc.LatinHypercube(dimensions, seed=design.seed).random(count)
        case "sobol":
            # Powers of 2 keep its balance; of others the first so many are taken.
            power = max(count - 1, 0).bit_length()
            found = qmc.Sobol(dimensions, seed=design.seed).random_base2(power)[:count]
        case "morris":
            found = morris_sample(design, dimensions)
        case _:
            found = sobol_sample(design, dimensions)
    return np.asarray(found, dtype=np.float64)
