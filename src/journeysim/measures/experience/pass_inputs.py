"""Columns and weights in the groups and types that the fused pass takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from journeysim.measures.experience.arrow_views import flags_as_bits, times_with_bits
from journeysim.measures.experience.contact_columns import Rows
from journeysim.measures.experience.flags import Flags, Times
from journeysim.measures.experience.journey_columns import Array, JourneyColumns
from journeysim.measures.experience.pass_records import Extras, Factors, Parts
from journeysim.measures.experience.valence import Anger
from journeysim.measures.experience.weights import Weights
from journeysim.units import MINUTE


def rows_of(columns: JourneyColumns, weights: Weights, parts: Parts) -> Rows:
    """Return the columns of contacts as the pass takes them; (0,) for what is not there."""
    rows = int(columns.offsets[-1]) if len(columns.offsets) else 0
    pools = weights.pool_costs and columns.has("pool")
    has_parts = "handling" not in columns.contacts and columns.has("handling")
    handled = "talk" if has_parts else "handling"
    return Rows(
        channel=_codes(columns, "channel", rows),
        outcome=_codes(columns, "outcome", rows),
        resolved=_flags(columns, "resolved"),
        wait=_whole(columns, "wait") if columns.has("wait") else _none(rows),
        talk=_times(columns, handled) if columns.has("handling") else _nothing_took(rows),
        wrap_up=_times(columns, "wrap_up", needed=has_parts),
        pool=_codes(columns, "pool", 0 if not pools else rows),
        announced=_times(columns, "announced_wait", needed=parts.perceived),
        entered=_whole(columns, "entered", needed=parts.anger),
        trouble=_trouble(columns, weights),
    )


def _none(rows: int) -> Array:
    return fixed(np.zeros(rows), np.int64)


def _nothing_took(rows: int) -> Times:
    return Times(_none(rows), fixed(np.empty(0), np.uint8), 0)


def _whole(columns: JourneyColumns, name: str, *, needed: bool = True) -> Array:
    is_there = needed and columns.has(name)
    return fixed(columns[name], np.int64) if is_there else _none(0)


def _times(columns: JourneyColumns, name: str, *, needed: bool = True) -> Times:
    if not (needed and columns.has(name)):
        return _nothing_took(0)
    held = times_with_bits(columns.contacts, name)
    if held is None:
        return Times(fixed(columns[name], np.int64), fixed(np.empty(0), np.uint8), 0)
    ticks, bits, shift = held
    return Times(fixed(ticks, np.int64), fixed(bits, np.uint8), shift)


def _flags(columns: JourneyColumns, name: str) -> Flags:
    nothing = fixed(np.empty(0), np.uint8)
    if not columns.has(name):
        return Flags(nothing, nothing, 0)
    held = flags_as_bits(columns.contacts, name)
    if held is None:
        return Flags(fixed(columns[name].view(np.uint8), np.uint8), nothing, 0)
    bits, shift = held
    return Flags(nothing, fixed(bits, np.uint8), shift)


def _codes(columns: JourneyColumns, name: str, rows: int) -> Array:
    if not columns.has(name) or not rows:
        return fixed(np.zeros(rows), np.uint8)
    codes = columns[name]
    small = len(columns.words.get(name, ())) < 256
    return fixed(codes, np.uint8 if small else np.uint16)


def _trouble(columns: JourneyColumns, weights: Weights) -> Array:
    found = [
        np.maximum(np.nan_to_num(columns[name]), 0.0) * weights[path]
        for name, path in (("steps", "effort.step"), ("policy_obstacles", "effort.policy"))
        if columns.has(name)
    ]
    return fixed(np.sum(found, axis=0) if found else np.empty(0), np.float64)


def extras_of(columns: JourneyColumns, weights: Weights, *, wanted: Sequence[str]) -> Extras:
    """Return what the pass takes of the journeys themselves; (0,) for what is not there."""
    churn = [
        factor * np.nan_to_num(columns[f"journey.{name}"].astype(np.float64))
        for name, factor in (
            ("trust", -weights["churn.trust"]),
            ("proactive", weights["churn.proactive"]),
            ("switching_cost", -weights["churn.switching_cost"]),
        )
        if columns.has(f"journey.{name}")
    ]
    at_risk = "value_at_risk" in wanted
    value = columns["journey.value"] if at_risk else np.empty(0)
    return Extras(
        value=fixed(value, np.float64),
        churn=fixed(np.sum(churn, axis=0) if churn else np.empty(0), np.float64),
    )


@lru_cache(maxsize=32)
def factors_of(weights: Weights) -> Factors:
    """Return the weights in the groups of the pass."""
    w = weights
    speed = w["valence.speed"]
    years = w["value.retention"] / (1.0 + w["value.discount"] - w["value.retention"])
    base = w["churn.base"]
    return Factors(
        k=w["wait.k"],
        beta=w["wait.beta"],
        efforts=(
            w["effort.repeat"],
            w["effort.switch"],
            w["effort.transfer"],
            w["effort.repeat_story"],
            w["effort.wait"],
        ),
        effort_scale=w["effort.scale"],
        speed=(
            speed * w["wait.slope"],
            w["valence.curvature"],
            speed * w["wait.early_slope"],
            w["wait.early_cap"],
            w["wait.announced_slope"],
        ),
        memory=(w["memory.peak"], w["memory.end"]),
        anger=Anger(
            tau=w["anger.tau"] * MINUTE,
            wait=w["anger.wait"],
            hop=w["anger.hop"],
            repeat_story=w["anger.repeat_story"],
            unresolved=w["anger.unresolved"],
        ),
        anger_valence=w["valence.anger"],
        recommend=(w["recommend.base"], w["recommend.slope"], w["recommend.spread"]),
        churn=(
            math.log(base / (1.0 - base)),
            w["churn.experience"],
            w["churn.effort"],
            w["churn.abandoned"],
            w["churn.unresolved"],
        ),
        satisfaction=(
            w["satisfaction.emotion"],
            w["satisfaction.outcome"],
            w["satisfaction.effort"],
        ),
        lost=(w["lost.base"], w["lost.anger"]),
        lifetime=years if weights.value_is == "margin" else 1.0,
    )


def fixed(column: Array, kind: type[np.generic]) -> Array:
    """Return a column as one that kernels may only read: one type, whoever made it."""
    view = np.ascontiguousarray(column, dtype=kind).view()
    view.flags.writeable = False
    return view
