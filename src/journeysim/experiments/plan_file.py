"""What the file of an experiment says, part by part."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from journeysim.scenario.schema.fields import Part

Operator = Literal["=", "+=", "-=", "*="]
DesignKind = Literal["factorial", "latin_hypercube", "sobol", "list", "morris", "sobol_indices"]


class Law(Part):
    """How a factor is spread where points are sampled; times and rates carry units."""

    law: Literal["normal", "lognormal", "triangular", "gamma", "beta"]
    mean: Any = None
    sd: Any = None
    cv: float | None = Field(default=None, gt=0)
    low: Any = None
    mode: Any = None
    high: Any = None
    a: float | None = Field(default=None, gt=0)
    b: float | None = Field(default=None, gt=0)


class FactorPart(Part):
    """What is varied: a path of the scenario, or several, and the values it takes."""

    path: str | list[str]
    change: Operator = Field(default="=", description="How a value changes what stands there.")
    values: list[Any] | None = Field(default=None, min_length=1)
    range: list[Any] | None = Field(default=None, min_length=2, max_length=2)
    steps: int | None = Field(default=None, ge=2, strict=True, description="Of a range.")
    scale: Literal["linear", "log"] = "linear"
    whole: bool = Field(default=False, description="Whole numbers only.")
    distribution: Law | None = None
    paired_with: str | None = Field(default=None, description="A factor whose steps it follows.")


class DesignPart(Part):
    """Which points are made."""

    kind: DesignKind
    points: int | list[dict[str, Any]] | None = None
    seed: int = Field(default=1, ge=0, lt=2**32, strict=True)
    trajectories: int | None = Field(default=None, ge=2, strict=True)
    levels: int | None = Field(default=None, ge=2, strict=True)
    base: int | None = Field(default=None, ge=2, strict=True)


class PlanFile(Part):
    """The whole file of an experiment."""

    title: str = ""
    description: str = ""
    scenario: str = Field(description="File of the scenario, from where this file is.")
    variant: str | None = None
    set: list[str] = Field(default_factory=list, description="Changes made to it first.")
    seed: int | None = Field(default=None, ge=0, lt=2**63, strict=True)
    customers: Literal["same", "independent"] = Field(
        default="same", description="Whether the same customers come to every point."
    )
    replications: int | None = Field(default=None, ge=1, le=1_000_000, strict=True)
    precision: list[str] = Field(default_factory=list)
    max_replications: int = Field(default=1000, ge=10, le=1_000_000, strict=True)
    input_draws: int | None = Field(
        default=None, ge=2, le=100_000, strict=True, description="Draws of uncertain inputs."
    )
    measures: list[str] = Field(min_length=1)
    by: list[str] = Field(default_factory=list)
    definitions: dict[str, Any] = Field(default_factory=dict)
    level: float = Field(default=0.95, gt=0, lt=1)
    keep_runs: bool = False
    design: DesignPart
    factors: dict[str, FactorPart] = Field(min_length=1)


#: Keys of a design beside `kind`, by kind; another has no effect and is refused.
DESIGN_KEYS: dict[str, tuple[str, ...]] = {
    "factorial": (),
    "latin_hypercube": ("points", "seed"),
    "sobol": ("points", "seed"),
    "list": ("points",),
    "morris": ("trajectories", "levels", "seed"),
    "sobol_indices": ("base", "seed"),
}
NEEDED_KEYS: dict[str, tuple[str, ...]] = {
    "latin_hypercube": ("points",),
    "sobol": ("points",),
    "list": ("points",),
    "morris": ("trajectories",),
    "sobol_indices": ("base",),
}
#: Columns of the results that a factor may not be called.
RESERVED: frozenset[str] = frozenset(
    (
        *("point", "draw", "replication", "measure", "value", "numerator", "denominator", "unit"),
        *("half_width", "channel", "segment", "need", "interval", "pool", "replications"),
        *(
            "chance_half_width",
            "input_half_width",
            "total_half_width",
            "dominates",
            "sure",
            "factor",
        ),
    )
)
