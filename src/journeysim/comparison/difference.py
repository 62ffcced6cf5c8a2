"""One difference of a comparison, by name: ``answer.difference("phone.service_level")``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from journeysim.errors import CompareError, MeasureError, did_you_mean
from journeysim.measures.row_lookup import members_of, named_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs in one measure between the baseline and a variant.

    Attributes
    ----------
    measure, unit, formula
        What it is, in which unit, and how it is defined.
    variant
        What is compared with the baseline.
    of
        What it is about, by dimension: ``{"channel": "phone"}``; empty for all.
    baseline, value
        The measure in the baseline and in the variant; None where there is nothing to divide by.
    estimate
        The variant less the baseline.
    lower, upper, half_width, level
        Its interval, over pairs of replications.
    p, p_holm
        Probability of so large a difference if there were none; the same adjusted for all others.
    better
        Which way is better for customers and payer: ``more``, ``less`` or None.
    replications
        Pairs of replications.
    """

    measure: str
    unit: str
    formula: str
    variant: str
    of: Mapping[str, Any]
    baseline: float | None
    value: float | None
    estimate: float | None
    lower: float | None
    upper: float | None
    half_width: float | None
    level: float
    p: float | None
    p_holm: float | None
    better: Literal["more", "less"] | None
    replications: int


def difference_named(
    tables: Sequence[pa.Table], name: str, *, variants: Sequence[str], variant: str | None
) -> Difference:
    """Return a difference by its name, from the first of the tables that has its measure.

    Raises
    ------
    CompareError
        If there is no such variant, or there are several and none is named.
    MeasureError
        If there is no such measure or group, or there are several.
    """
    chosen = _variant(variants, variant)
    errors = []
    for table in tables:
        try:
            row = named_row(table, name, variant=chosen)
        except MeasureError as error:
            errors.append(error)
            continue
        own = ("measure", "unit", "formula", "baseline", "value", "lower", "upper", "half_width")
        return Difference(
            **{key: row[key] for key in (*own, "p", "p_holm", "better", "replications")},
            variant=chosen,
            of=members_of(row),
            estimate=row["difference"],
            level=float(table.schema.metadata[b"level"]),
        )
    raise errors[0]


def _variant(variants: Sequence[str], variant: str | None) -> str:
    if variant is None:
        if len(variants) > 1:
            known = ", ".join(map(repr, variants))
            raise CompareError(f"there are {len(variants)} variants, name one: {known}")
        return variants[0]
    if variant not in variants:
        raise CompareError(f"no variant {variant!r}{did_you_mean(str(variant), variants)}")
    return variant
