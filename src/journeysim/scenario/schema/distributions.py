"""Distributions of durations, as a scenario writes them: one of the kinds, or a bare duration."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

from pydantic import BeforeValidator, Discriminator, Tag

from journeysim.scenario.distribution_kinds.by_formula import (
    Deterministic,
    Erlang,
    Exponential,
    Gamma,
    LogLogistic,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)
from journeysim.scenario.distribution_kinds.distribution_kind import DistributionKind
from journeysim.scenario.distribution_kinds.from_parts import Hyperexponential, Mixture, ZeroOr
from journeysim.scenario.distribution_kinds.observed import Empirical

_KINDS: Final[tuple[type[DistributionKind], ...]] = (
    Deterministic,
    Exponential,
    Uniform,
    Triangular,
    Lognormal,
    Weibull,
    Gamma,
    Erlang,
    LogLogistic,
    Hyperexponential,
    Empirical,
    Mixture,
    ZeroOr,
)


def _written(kind: type[DistributionKind]) -> str:
    return str(get_args(kind.model_fields["distribution"].annotation)[0])


#: The kinds of distribution by the name under which a scenario may ask for them.
DISTRIBUTIONS: Final = {_written(kind): kind for kind in _KINDS}


def _constant(value: Any) -> Any:
    """Let a bare duration stand for a constant."""
    if isinstance(value, str) or (value == 0 and not isinstance(value, bool)):
        return {"distribution": "deterministic", "value": value}
    return value


def _discriminate(value: Any) -> str | None:
    kind = (
        value.get("distribution")
        if isinstance(value, dict)
        else getattr(value, "distribution", None)
    )
    return kind if isinstance(kind, str) else None


if TYPE_CHECKING:
    Distribution = DistributionKind
else:
    _tagged = (Annotated[kind, Tag(name)] for name, kind in DISTRIBUTIONS.items())
    Distribution = Annotated[
        reduce(or_, _tagged), Discriminator(_discriminate), BeforeValidator(_constant)
    ]

for _kind in (Mixture, ZeroOr):
    _kind.model_rebuild(_types_namespace={"Distribution": Distribution})
