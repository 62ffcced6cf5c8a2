"""Polars: one lazy query on its streaming engine, grouped by a key that is known to be sorted."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from journeysim.bench.backend import Scores, Work
from journeysim.bench.nine_measures import NINE
from journeysim.tables.columns import ContactOutcome

from .tabular import KEY, by_value, codes_of, scores_of, tables_of
from .weight_tables import Formulas

EXPRESSES: Final = NINE
PARALLEL: Final = True

_TRANSFERRED, _ABANDONED = int(ContactOutcome.TRANSFERRED), int(ContactOutcome.ABANDONED)
_same, _first, _moved = pl.col("same"), pl.col("first"), pl.col("moved")


class Opened:
    """A query that is made once and collected in every run."""

    def __init__(self, contacts: pl.LazyFrame, query: pl.LazyFrame) -> None:
        self.contacts = contacts
        self._query = query

    def run(self) -> object:
        """Collect the query."""
        return self._query.collect(engine="streaming")

    def scores(self, found: Any) -> Scores:
        """Return the columns."""
        return scores_of(found.to_arrow())


def open_work(work: Work) -> Opened:
    """Open the tables without a copy, and write the query."""
    tables = tables_of(work)
    frame = pl.from_arrow(tables.contacts, rechunk=False)
    assert isinstance(frame, pl.DataFrame)
    contacts = frame.lazy().with_columns(pl.col(KEY).set_sorted())
    value = pl.from_arrow(tables.values)
    assert isinstance(value, pl.DataFrame)
    felt = _with_valence(contacts, tables.formulas)
    return Opened(contacts, _scored(felt, tables.formulas, value["value"], work.measures))


def _with_valence(contacts: pl.LazyFrame, f: Formulas) -> pl.LazyFrame:
    """Add what is needed of each contact."""
    told = pl.col("announced_wait").is_not_null()
    kept, place = pl.lit(f.kept), pl.col("contact")
    first = place == 1
    known = contacts.with_columns(
        first=first,
        same=(pl.col("channel") == pl.col("channel").shift(1)) & ~first,
        moved=(pl.col("outcome").shift(1) == _TRANSFERRED) & ~first,
        served=pl.col("outcome").is_in(codes_of(f.served)),
        handling=pl.col("talk").fill_null(0) + pl.col("wrap_up").fill_null(0),
        worth=pl.when(pl.col("resolved")).then(f.met).otherwise(_looked_up("outcome", f.worth)),
        felt=(pl.col("wait") / 60_000_000).pow(f["wait.beta"])
        * pl.when(told).then(1.0).otherwise(f["wait.k"]),
    )
    # x <- x + g (outcome - x) as a running sum: see `numpy_valence`.
    weighed = known.with_columns(scaled=pl.col("worth") * kept.pow(-place))
    before = pl.col("scaled").cum_sum() - pl.col("scaled")
    summed = weighed.with_columns(before=before)
    at_first = pl.when(_first).then(pl.col("before")).otherwise(None).forward_fill()
    gathered = f["valence.expectation"] + f["valence.adaptation"] * (pl.col("before") - at_first)
    expected = summed.with_columns(
        delta=pl.col("worth") - kept.pow(place - 1) * gathered,
        past=pl.col("felt") / _looked_up("channel", f.accept) - 1,
    )
    return expected.with_columns(valence=_valence(f, told))


def _valence(f: Formulas, told: pl.Expr) -> pl.Expr:
    delta, past, curvature = pl.col("delta"), pl.col("past"), f["valence.curvature"]
    sign = pl.when(delta >= 0).then(1.0).otherwise(-f["valence.loss_aversion"])
    slope = f["wait.slope"] * pl.when(told).then(f["wait.announced_slope"]).otherwise(1.0)
    late = slope * pl.max_horizontal(past, 0.0).pow(curvature)
    early = f["wait.early_slope"] * pl.min_horizontal(
        f["wait.early_cap"], pl.max_horizontal(-past, 0.0)
    )
    warmth = pl.when(pl.col("served")).then(_looked_up("channel", f.warmth)).otherwise(0.0)
    value = f["valence.resolution"] * sign * delta.abs().pow(curvature)
    return value + f["valence.speed"] * (early - late) + warmth


def _scored(
    felt: pl.LazyFrame, f: Formulas, value: pl.Series, measures: tuple[str, ...]
) -> pl.LazyFrame:
    """Return the measures of every journey, in order."""
    changed, valence = ~_same & ~_first, pl.col("valence")
    agent, in_line = (pl.col("channel").is_in(codes_of(flags)) for flags in (f.agent, f.in_line))
    journeys = felt.group_by(KEY, maintain_order=True).agg(
        contacts=pl.len(),
        total_wait=pl.col("wait").sum(),
        total_handling=pl.col("handling").filter(agent).sum(),
        switches=changed.sum(),
        repeats=(_same & ~_moved).sum(),
        hops=(changed & ~_moved).sum(),
        transfers=_moved.sum(),
        talked=(pl.col("served") & agent).sum().cast(pl.Int32),
        felt=pl.col("felt").filter(in_line).sum(),
        high=valence.max(),
        low=valence.min(),
        end=valence.last(),
        cost_to_serve=_looked_up("channel", f.cost).sum(),
        met=pl.col("resolved").any(),
        abandoned=(pl.col("outcome") == _ABANDONED).any(),
    )
    peak = pl.when(pl.col("high") > -pl.col("low")).then(pl.col("high")).otherwise(pl.col("low"))
    judged = journeys.with_columns(
        effort=f["effort.repeat"] * pl.col("repeats")
        + f["effort.switch"] * pl.col("hops")
        + f["effort.transfer"] * pl.col("transfers")
        + f["effort.repeat_story"] * pl.max_horizontal(pl.col("talked") - 1, 0)
        + f["effort.wait"] * pl.col("felt"),
        peak_end=f["memory.peak"] * peak + f["memory.end"] * pl.col("end"),
    )
    logit = (
        f.churn_start
        - f["churn.experience"] * pl.col("peak_end")
        + f["churn.effort"] * pl.col("effort")
        + f["churn.abandoned"] * pl.col("abandoned").cast(pl.Float64)
        + f["churn.unresolved"] * (~pl.col("met")).cast(pl.Float64)
    )
    churn = judged.with_columns(churn_probability=1 / (1 + (-logit).exp()))
    at_risk = pl.col("churn_probability") * value * f.lifetime
    return churn.with_columns(value_at_risk=at_risk).select(measures)


def _looked_up(column: str, values: NDArray[np.float64]) -> pl.Expr:
    """Return what codes are worth, asked for value by value."""
    asked, rest = by_value(values)
    found: Any = pl
    for value, codes in asked.items():
        found = found.when(pl.col(column).is_in(codes)).then(value)
    expression: pl.Expr = found.otherwise(rest) if asked else pl.lit(rest)
    return expression
