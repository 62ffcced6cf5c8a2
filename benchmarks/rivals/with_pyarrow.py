"""pyarrow: compute functions on whole columns, then its hash aggregation."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.bench.backend import Scores, Work
from journeysim.bench.nine_measures import NINE
from journeysim.tables.columns import ContactOutcome

from .tabular import KEY, Tables, scores_of, tables_of
from .weight_tables import Formulas

EXPRESSES: Final = NINE
PARALLEL: Final = True

_TRANSFERRED, _ABANDONED = int(ContactOutcome.TRANSFERRED), int(ContactOutcome.ABANDONED)
_SUMS: Final = (
    "wait",
    "handling",
    "changed",
    "repeats",
    "hops",
    "moved",
    "talked",
    "felt",
    "cost",
)


class Opened:
    """The tables."""

    def __init__(self, tables: Tables, measures: tuple[str, ...], jobs: int) -> None:
        pa.set_cpu_count(jobs)
        self._tables = tables
        self._measures = measures
        self._threads = jobs > 1

    def run(self) -> object:
        """Compute columns, aggregate, and judge the journeys."""
        f = self._tables.formulas
        columns = _columns(self._tables.contacts, f)
        ends = pc.take(columns["valence"], pa.array(self._tables.ends))
        sums: list[Any] = [(name, "sum") for name in _SUMS]
        others = [(KEY, "count"), ("valence", "max"), ("valence", "min"), ("met", "any")]
        grouped = pa.table(columns).group_by(KEY, use_threads=self._threads)
        found = grouped.aggregate([*sums, *others, ("abandoned", "any")])
        # Threads hand on groups in any order; the last contacts and the values are in theirs.
        journeys = found.sort_by(KEY) if self._threads else found
        return _judged(journeys, ends, self._tables.values.column("value"), f)

    def scores(self, found: Any) -> Scores:
        """Return the columns."""
        return scores_of(found.select(self._measures))


def open_work(work: Work) -> Opened:
    """Open the tables."""
    return Opened(tables_of(work), work.measures, work.jobs)


def _columns(contacts: pa.Table, f: Formulas) -> dict[str, Any]:
    """Return what is summed up over the contacts of a journey."""
    channel, outcome, place = (contacts.column(name) for name in ("channel", "outcome", "contact"))
    first = pc.equal(place, 1)
    later = pc.invert(first)
    same = pc.and_(pc.equal(channel, _before(channel)), later)
    changed = pc.and_(pc.invert(same), later)
    moved = pc.and_(pc.equal(_before(outcome), _TRANSFERRED), later)
    unmoved = pc.invert(moved)
    served, agent = _looked_up(outcome, f.served), _looked_up(channel, f.agent)
    told = pc.is_valid(contacts.column("announced_wait"))
    minutes = pc.divide(contacts.column("wait").cast(pa.float64()), 60_000_000.0)
    factor = pc.if_else(told, 1.0, f["wait.k"])
    felt = pc.multiply(pc.power(minutes, f["wait.beta"]), factor)
    talk, wrap_up = (pc.fill_null(contacts.column(name), 0) for name in ("talk", "wrap_up"))
    return {
        KEY: contacts.column(KEY),
        "wait": contacts.column("wait"),
        "handling": pc.if_else(agent, pc.add(talk, wrap_up), 0),
        "changed": changed,
        "repeats": pc.and_(same, unmoved),
        "hops": pc.and_(changed, unmoved),
        "moved": moved,
        "talked": pc.and_(served, agent),
        "felt": pc.if_else(_looked_up(channel, f.in_line), felt, 0.0),
        "cost": _looked_up(channel, f.cost),
        "valence": _valence(contacts, f, felt, told, served, first),
        "met": contacts.column("resolved"),
        "abandoned": pc.equal(outcome, _ABANDONED),
    }


def _valence(contacts: pa.Table, f: Formulas, felt: Any, told: Any, served: Any, first: Any) -> Any:
    channel, place = contacts.column("channel"), contacts.column("contact")
    other = _looked_up(contacts.column("outcome"), f.worth)
    worth = pc.if_else(contacts.column("resolved"), f.met, other)
    # x <- x + g (outcome - x) as a running sum: see `numpy_valence`.
    scaled = pc.multiply(worth, pc.power(f.kept, pc.negate(place).cast(pa.float64())))
    before = pc.subtract(pc.cumulative_sum(scaled), scaled)
    at_first = pc.fill_null_forward(pc.if_else(first, before, None))
    gathered = pc.multiply(pc.subtract(before, at_first), f["valence.adaptation"])
    weight = pc.power(f.kept, pc.subtract(place, 1).cast(pa.float64()))
    expected = pc.multiply(weight, pc.add(gathered, f["valence.expectation"]))
    delta = pc.subtract(worth, expected)
    size = pc.power(pc.abs(delta), f["valence.curvature"])
    sign = pc.if_else(pc.greater_equal(delta, 0.0), 1.0, -f["valence.loss_aversion"])
    value = pc.multiply(pc.multiply(size, sign), f["valence.resolution"])
    past = pc.subtract(pc.divide(felt, _looked_up(channel, f.accept)), 1.0)
    excess = pc.power(pc.max_element_wise(past, 0.0), f["valence.curvature"])
    slope = pc.if_else(told, f["wait.slope"] * f["wait.announced_slope"], f["wait.slope"])
    gained = pc.min_element_wise(pc.max_element_wise(pc.negate(past), 0.0), f["wait.early_cap"])
    early = pc.multiply(gained, f["wait.early_slope"])
    speed = pc.multiply(pc.subtract(early, pc.multiply(excess, slope)), f["valence.speed"])
    warmth = pc.if_else(served, _looked_up(channel, f.warmth), 0.0)
    return pc.add(pc.add(value, speed), warmth)


def _judged(journeys: pa.Table, end: Any, value: Any, f: Formulas) -> pa.Table:
    """Return the measures from sums."""
    sums = {name: journeys.column(f"{name}_sum") for name in _SUMS}
    talked_again = pc.max_element_wise(pc.subtract(sums["talked"].cast(pa.int64()), 1), 0)
    effort = _weighed(
        (sums["repeats"], f["effort.repeat"]),
        (sums["hops"], f["effort.switch"]),
        (sums["moved"], f["effort.transfer"]),
        (talked_again, f["effort.repeat_story"]),
        (sums["felt"], f["effort.wait"]),
    )
    high, low = journeys.column("valence_max"), journeys.column("valence_min")
    peak = pc.if_else(pc.greater(high, pc.negate(low)), high, low)
    peak_end = _weighed((peak, f["memory.peak"]), (end, f["memory.end"]))
    met = journeys.column("met_any")
    logit = _weighed(
        (peak_end, -f["churn.experience"]),
        (effort, f["churn.effort"]),
        (journeys.column("abandoned_any"), f["churn.abandoned"]),
        (pc.invert(met), f["churn.unresolved"]),
    )
    odds = pc.exp(pc.negate(pc.add(logit, f.churn_start)))
    churn = pc.divide(1.0, pc.add(odds, 1.0))
    return pa.table(
        {
            "contacts": journeys.column(f"{KEY}_count"),
            "total_wait": sums["wait"],
            "total_handling": sums["handling"],
            "switches": sums["changed"],
            "effort": effort,
            "peak_end": peak_end,
            "cost_to_serve": sums["cost"],
            "churn_probability": churn,
            "value_at_risk": pc.multiply(pc.multiply(churn, value), f.lifetime),
        }
    )


def _weighed(*parts: tuple[Any, float]) -> Any:
    products = [pc.multiply(column.cast(pa.float64()), weight) for column, weight in parts]
    total = products[0]
    for product in products[1:]:
        total = pc.add(total, product)
    return total


def _before(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return each contact's predecessor, without a copy: 0 before the first."""
    head = pa.array([0], column.type)
    return pa.chunked_array([head, *column.slice(0, len(column) - 1).chunks])


def _looked_up(codes: pa.ChunkedArray, values: NDArray[Any]) -> Any:
    return pc.take(pa.array(np.asarray(values)), codes)
