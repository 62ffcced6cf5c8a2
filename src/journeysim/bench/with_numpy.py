"""Plain NumPy: whole columns at a time, sums by `reduceat`, piece by piece so that caches help."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from journeysim.bench.contender import Scores, Work
from journeysim.bench.formulas import Formulas, formulas
from journeysim.bench.mapped import Mapped, Piece, as_array, mapped, pieces
from journeysim.bench.numpy_memories import CARRIED, REMEMBERED, carried, remembered
from journeysim.bench.numpy_valence import valences
from journeysim.journeys.columns import ContactOutcome

COUNTED: Final = ("contacts", "total_wait", "total_handling", "switches", "retries")
EXPRESSES: Final = (
    *COUNTED,
    *("perceived_wait", "effort", "customer_effort", "ease", "peak_end", "satisfaction"),
    *("cost_to_serve", "churn_probability", "value_at_risk"),
    "tried_online_first",
    *REMEMBERED,
    *CARRIED,
)
PARALLEL: Final = True
#: What is between columns and scores of so many journeys stays in the cache of a core.
_JOURNEYS: Final = 8_192
_WHOLE: Final = {
    "contacts": np.int32,
    "switches": np.int32,
    "retries": np.int32,
    "total_wait": np.int64,
    "total_handling": np.int64,
}

Numbers = NDArray[np.float64]


class Opened:
    """Mapped tables, and places for the scores, which every run fills again."""

    def __init__(self, tables: Mapped, measures: tuple[str, ...], jobs: int) -> None:
        self._formulas = formulas(tables.channels)
        self._pieces = list(pieces(tables, _JOURNEYS))
        self._jobs = jobs
        rows = tables.journeys.num_rows
        self._scores: dict[str, NDArray[Any]] = {
            name: np.zeros(rows, _WHOLE.get(name, np.float64)) for name in measures
        }

    def run(self) -> object:
        """Score all pieces."""
        with ThreadPoolExecutor(self._jobs) as crew:
            list(crew.map(self._score, self._pieces))
        return self._scores

    def scores(self, found: object) -> Scores:
        """Return the scores."""
        return self._scores

    def _score(self, piece: Piece) -> None:
        found = piece_scores(piece, self._formulas, frozenset(self._scores))
        rows = slice(piece.number, piece.number + piece.journeys.num_rows)
        for name, scores in self._scores.items():
            scores[rows] = found[name]


def open_work(work: Work) -> Opened:
    """Open the tables."""
    return Opened(mapped(work.directory, work.replication), work.measures, work.jobs)


def piece_scores(piece: Piece, f: Formulas, wanted: frozenset[str]) -> dict[str, NDArray[Any]]:
    """Return the measures of some journeys."""
    starts, counts = piece.offsets[:-1], np.diff(piece.offsets)
    last = piece.offsets[1:] - 1
    channel, outcome = piece.array("channel"), piece.array("outcome")
    wait = piece.array("wait")
    handling = piece.array("talk") + piece.array("wrap_up")
    announced = piece.array("announced_wait", -1) >= 0
    first = np.zeros(len(wait), np.bool_)
    first[starts] = True
    same = _with_before(channel, np.equal, first)
    changed = ~same & ~first
    moved = _after(outcome == ContactOutcome.TRANSFERRED, first)
    talked = _sums(f.agent[channel] & f.served[outcome], starts)
    perceived = (wait * (1 / 60_000_000)) ** f["wait.beta"]
    perceived *= np.where(announced, 1.0, f["wait.k"])
    felt = np.add.reduceat(perceived * f.in_line[channel], starts)
    effort = (
        f["effort.repeat"] * _sums(same & ~moved, starts)
        + f["effort.switch"] * _sums(changed & ~moved, starts)
        + f["effort.transfer"] * _sums(moved, starts)
        + f["effort.repeat_story"] * np.maximum(talked - 1, 0)
        + f["effort.wait"] * felt
    )
    resolved = piece.array("resolved")
    met = np.where(resolved, f.met, f.worth[outcome])
    past = perceived / f.accept[channel] - 1.0
    position = np.arange(len(wait)) - np.repeat(starts, counts)
    valence = valences(f, starts, position, met, past, announced)
    valence += np.where(f.served[outcome], f.warmth[channel], 0.0)
    peak_end = f["memory.peak"] * _peaks(valence, starts) + f["memory.end"] * valence[last]
    is_met = np.logical_or.reduceat(resolved, starts)
    logit = (
        f.churn_start
        - f["churn.experience"] * peak_end
        + f["churn.effort"] * effort
        + f["churn.abandoned"] * np.logical_or.reduceat(outcome == ContactOutcome.ABANDONED, starts)
        + f["churn.unresolved"] * ~is_met
    )
    churn = 1.0 / (1.0 + np.exp(-logit))
    saturated = 1.0 - np.exp(-effort / f["effort.scale"])
    found: dict[str, NDArray[Any]] = {
        "contacts": counts,
        "total_wait": np.add.reduceat(wait, starts),
        "total_handling": np.add.reduceat(handling * f.agent[channel], starts),
        "switches": _sums(changed, starts),
        "perceived_wait": 60.0 * felt,
        "effort": effort,
        "peak_end": peak_end,
        "cost_to_serve": np.add.reduceat(f.cost[channel], starts),
        "churn_probability": churn,
        "value_at_risk": churn * as_array(piece.journeys.column("value")) * f.lifetime,
    }
    if not wanted <= set(found):
        unserved = ~f.served[outcome] & (f.worth[outcome] == f["outcome.failed"])
        found["retries"] = _sums(same & _after(unserved & ~resolved, first), starts)
        found["customer_effort"] = 1.0 + 4.0 * saturated
        found["ease"] = 7.0 - 6.0 * saturated
        found |= remembered(f, starts, counts, position, valence, wait + handling, peak_end)
        found |= carried(piece, f, position, changed, past)
        found["tried_online_first"] = _tried_online_first(piece, f, counts)
        found["satisfaction"] = _satisfaction(f, peak_end, is_met, saturated)
    return found


def _tried_online_first(piece: Piece, f: Formulas, counts: NDArray[np.int64]) -> Numbers:
    if "handler" in piece.contacts.schema.names:
        names = piece.contacts.column("handler").dictionary.to_pylist()
        human = np.array([name == "human" for name in names])[piece.array("handler")]
    else:
        human = f.agent[piece.array("channel")]
    place = np.where(human, np.arange(len(human)), len(human))
    first = np.minimum.reduceat(place, piece.offsets[:-1]) - piece.offsets[:-1]
    return np.where(first >= counts, np.nan, np.minimum(first, 1))


def _satisfaction(
    f: Formulas, peak_end: Numbers, met: NDArray[np.bool_], saturated: Numbers
) -> Numbers:
    emotion, outcome, effort = (
        f[f"satisfaction.{name}"] for name in ("emotion", "outcome", "effort")
    )
    good = emotion * peak_end + outcome * (2.0 * met - 1.0) + effort * (1.0 - 2.0 * saturated)
    return np.clip(3.0 + 2.0 * good / (emotion + outcome + effort), 1.0, 5.0)


def _with_before(column: NDArray[Any], compare: Any, first: NDArray[np.bool_]) -> Any:
    """Compare each contact with the one before; False for first contacts."""
    found = np.zeros(len(column), np.bool_)
    compare(column[1:], column[:-1], out=found[1:])
    return found & ~first


def _after(flag: NDArray[np.bool_], first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what holds for the contact before; False for first contacts."""
    found = np.zeros_like(flag)
    found[1:] = flag[:-1]
    return found & ~first


def _sums(flag: NDArray[np.bool_], starts: NDArray[np.int64]) -> NDArray[np.int32]:
    found: NDArray[np.int32] = np.add.reduceat(flag, starts, dtype=np.int32)
    return found


def _peaks(valence: Numbers, starts: NDArray[np.int64]) -> Numbers:
    """Return the valence furthest from 0 of each journey, of equals the later."""
    high, low = np.maximum.reduceat(valence, starts), np.minimum.reduceat(valence, starts)
    peak = np.where(high > -low, high, low)
    ends = np.append(starts[1:], len(valence))
    for journey in np.flatnonzero((high == -low) & (high != low)):
        # As far above as below: whichever came later, which is hardly ever asked.
        part = valence[starts[journey] : ends[journey]]
        peak[journey] = part[np.flatnonzero(np.abs(part) == high[journey])[-1]]
    return peak
