"""Plain NumPy: whole columns at a time, sums by `reduceat`, piece by piece so that caches help."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from journeysim.bench.backend import Scores, Work
from journeysim.bench.mapped_tables import Mapped, mapped
from journeysim.tables.columns import ContactOutcome

from .numpy_memories import CARRIED, REMEMBERED, carried, remembered
from .numpy_valence import valences
from .table_pieces import Piece, as_array, pieces
from .weight_tables import Formulas, formulas

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


class _Contacts:
    """Columns of the contacts of a piece, and what is known of each.

    Attributes
    ----------
    perceived
        Waits as they feel, minutes.
    past
        How far they are past what is acceptable, in acceptable waits.
    same, changed, moved
        The channel of the contact before, another one, after a transfer; False for first contacts.
    """

    def __init__(self, piece: Piece, f: Formulas) -> None:
        self.starts, self.counts = piece.offsets[:-1], np.diff(piece.offsets)
        self.channel, self.outcome = piece.array("channel"), piece.array("outcome")
        self.wait, self.resolved = piece.array("wait"), piece.array("resolved")
        self.handling = piece.array("talk") + piece.array("wrap_up")
        self.first = np.zeros(len(self.wait), np.bool_)
        self.first[self.starts] = True
        self.same = _with_before(self.channel, np.equal, self.first)
        self.changed = ~self.same & ~self.first
        self.moved = _after(self.outcome == ContactOutcome.TRANSFERRED, self.first)
        self.served = f.served[self.outcome]
        self.announced = piece.array("announced_wait", -1) >= 0
        self.perceived = (self.wait * (1 / 60_000_000)) ** f["wait.beta"]
        self.perceived *= np.where(self.announced, 1.0, f["wait.k"])
        self.past = self.perceived / f.accept[self.channel] - 1.0
        self.position = np.arange(len(self.wait)) - np.repeat(self.starts, self.counts)

    def valence(self, f: Formulas) -> Numbers:
        """Return the valence of each contact."""
        worth = np.where(self.resolved, f.met, f.worth[self.outcome])
        found = valences(f, self.starts, self.position, worth, self.past, self.announced)
        return found + np.where(self.served, f.warmth[self.channel], 0.0)

    def effort(self, f: Formulas, felt: Numbers) -> Numbers:
        """Return the effort of each journey."""
        talked = _sums(f.agent[self.channel] & self.served, self.starts)
        found: Numbers = (
            f["effort.repeat"] * _sums(self.same & ~self.moved, self.starts)
            + f["effort.switch"] * _sums(self.changed & ~self.moved, self.starts)
            + f["effort.transfer"] * _sums(self.moved, self.starts)
            + f["effort.repeat_story"] * np.maximum(talked - 1, 0)
            + f["effort.wait"] * felt
        )
        return found

    def churn(self, f: Formulas, peak_end: Numbers, effort: Numbers) -> Numbers:
        """Return the probability of churn after each journey."""
        abandoned = self.outcome == ContactOutcome.ABANDONED
        logit = (
            f.churn_start
            - f["churn.experience"] * peak_end
            + f["churn.effort"] * effort
            + f["churn.abandoned"] * np.logical_or.reduceat(abandoned, self.starts)
            + f["churn.unresolved"] * ~np.logical_or.reduceat(self.resolved, self.starts)
        )
        return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def piece_scores(piece: Piece, f: Formulas, wanted: frozenset[str]) -> dict[str, NDArray[Any]]:
    """Return the measures of some journeys."""
    of = _Contacts(piece, f)
    valence = of.valence(f)
    felt = np.add.reduceat(of.perceived * f.in_line[of.channel], of.starts)
    effort = of.effort(f, felt)
    end = valence[piece.offsets[1:] - 1]
    peak_end = f["memory.peak"] * _peaks(valence, of.starts) + f["memory.end"] * end
    churn = of.churn(f, peak_end, effort)
    found: dict[str, NDArray[Any]] = {
        "contacts": of.counts,
        "total_wait": np.add.reduceat(of.wait, of.starts),
        "total_handling": np.add.reduceat(of.handling * f.agent[of.channel], of.starts),
        "switches": _sums(of.changed, of.starts),
        "perceived_wait": 60.0 * felt,
        "effort": effort,
        "peak_end": peak_end,
        "cost_to_serve": np.add.reduceat(f.cost[of.channel], of.starts),
        "churn_probability": churn,
        "value_at_risk": churn * as_array(piece.journeys.column("value")) * f.lifetime,
    }
    return found if wanted <= set(found) else found | _rest(piece, f, of, valence, found)


def _rest(
    piece: Piece, f: Formulas, of: _Contacts, valence: Numbers, known: dict[str, NDArray[Any]]
) -> dict[str, NDArray[Any]]:
    """Return the measures beyond those."""
    failed = ~of.served & (f.worth[of.outcome] == f["outcome.failed"]) & ~of.resolved
    saturated = 1.0 - np.exp(-known["effort"] / f["effort.scale"])
    met = np.logical_or.reduceat(of.resolved, of.starts)
    lasted = of.wait + of.handling
    return {
        "retries": _sums(of.same & _after(failed, of.first), of.starts),
        "customer_effort": 1.0 + 4.0 * saturated,
        "ease": 7.0 - 6.0 * saturated,
        "satisfaction": _satisfaction(f, known["peak_end"], met, saturated),
        "tried_online_first": _tried_online_first(piece, f, of.counts),
        **remembered(f, of.starts, of.counts, of.position, valence, lasted, known["peak_end"]),
        **carried(piece, f, of.position, of.changed, of.past),
    }


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
