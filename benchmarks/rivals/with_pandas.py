"""pandas: columns of a frame, then one sorted group-by. It works on one thread."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from journeysim.bench.backend import Scores, Work
from journeysim.bench.nine_measures import NINE
from journeysim.tables.columns import ContactOutcome

from .tabular import KEY, Tables, tables_of
from .weight_tables import Formulas

EXPRESSES: Final = NINE
PARALLEL: Final = False

_TRANSFERRED, _ABANDONED = int(ContactOutcome.TRANSFERRED), int(ContactOutcome.ABANDONED)


class Opened:
    """Frames in memory: pandas does not work on mapped columns."""

    def __init__(self, tables: Tables, measures: tuple[str, ...]) -> None:
        self._formulas = tables.formulas
        self._contacts: pd.DataFrame = tables.contacts.to_pandas()
        self._value = tables.values.column("value").to_numpy()
        self._measures = measures

    def run(self) -> object:
        """Compute columns, group, and judge the journeys."""
        grouped = _columns(self._contacts, self._formulas).groupby(KEY, sort=False)
        return _judged(grouped, self._value, self._formulas)

    def scores(self, found: Any) -> Scores:
        """Return the columns."""
        return {name: found[name].to_numpy() for name in self._measures}


def open_work(work: Work) -> Opened:
    """Read the tables into frames."""
    return Opened(tables_of(work), work.measures)


def _columns(contacts: pd.DataFrame, f: Formulas) -> pd.DataFrame:
    """Return what is summed up over the contacts of a journey."""
    channel, outcome = contacts["channel"], contacts["outcome"]
    place = contacts["contact"].to_numpy()
    later = place > 1
    same = channel.eq(channel.shift(1)) & later
    changed = ~same & later
    moved = outcome.shift(1).eq(_TRANSFERRED) & later
    served, agent = f.served[outcome], f.agent[channel]
    handling = contacts["talk"].fillna(0) + contacts["wrap_up"].fillna(0)
    told = contacts["announced_wait"].notna()
    felt = (contacts["wait"] / 60_000_000) ** f["wait.beta"] * np.where(told, 1.0, f["wait.k"])
    return pd.DataFrame(
        {
            KEY: contacts[KEY],
            "wait": contacts["wait"],
            "handling": handling.where(agent, 0.0).astype("int64"),
            "changed": changed,
            "repeats": same & ~moved,
            "hops": changed & ~moved,
            "moved": moved,
            "talked": served & agent,
            "felt": felt.where(f.in_line[channel], 0.0),
            "cost": f.cost[channel],
            "valence": _valence(contacts, f, felt, told.to_numpy(), served),
            "met": contacts["resolved"],
            "abandoned": outcome.eq(_ABANDONED),
        }
    )


def _valence(contacts: pd.DataFrame, f: Formulas, felt: Any, told: Any, served: Any) -> Any:
    channel, place = contacts["channel"], contacts["contact"].to_numpy()
    worth = np.where(contacts["resolved"], f.met, f.worth[contacts["outcome"]])
    # x <- x + g (outcome - x) as a running sum: see `numpy_valence`.
    scaled = worth * f.kept ** (-place.astype(float))
    before = pd.Series(np.cumsum(scaled) - scaled)
    before -= before.where(place == 1).ffill()
    gathered = f["valence.expectation"] + f["valence.adaptation"] * before
    delta = worth - f.kept ** (place - 1.0) * gathered
    sign = np.where(delta >= 0.0, 1.0, -f["valence.loss_aversion"])
    value = sign * delta.abs() ** f["valence.curvature"]
    past = felt / f.accept[channel] - 1.0
    slope = f["wait.slope"] * np.where(told, f["wait.announced_slope"], 1.0)
    late = slope * past.clip(lower=0.0) ** f["valence.curvature"]
    early = f["wait.early_slope"] * (-past).clip(0.0, f["wait.early_cap"])
    warmth = np.where(served, f.warmth[channel], 0.0)
    return f["valence.resolution"] * value + f["valence.speed"] * (early - late) + warmth


def _judged(grouped: Any, value: Any, f: Formulas) -> pd.DataFrame:
    """Return the measures from sums."""
    sums = grouped[
        [
            *("wait", "handling", "changed", "repeats", "hops"),
            *("moved", "talked", "felt", "cost", "met", "abandoned"),
        ]
    ].sum()
    high, low = grouped["valence"].max(), grouped["valence"].min()
    effort = (
        f["effort.repeat"] * sums["repeats"]
        + f["effort.switch"] * sums["hops"]
        + f["effort.transfer"] * sums["moved"]
        + f["effort.repeat_story"] * (sums["talked"] - 1).clip(lower=0)
        + f["effort.wait"] * sums["felt"]
    )
    peak = high.where(high > -low, low)
    peak_end = f["memory.peak"] * peak + f["memory.end"] * grouped["valence"].last()
    logit = (
        f.churn_start
        - f["churn.experience"] * peak_end
        + f["churn.effort"] * effort
        + f["churn.abandoned"] * (sums["abandoned"] > 0)
        + f["churn.unresolved"] * (sums["met"] == 0)
    )
    churn = 1.0 / (1.0 + np.exp(-logit))
    return pd.DataFrame(
        {
            "contacts": grouped.size(),
            "total_wait": sums["wait"],
            "total_handling": sums["handling"],
            "switches": sums["changed"],
            "effort": effort,
            "peak_end": peak_end,
            "cost_to_serve": sums["cost"],
            "churn_probability": churn,
            "value_at_risk": churn * value * f.lifetime,
        }
    )
