"""How long after a contact an agent takes no other although somebody waits: unseen work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from journeysim.calibration.bootstrap import REFITS, Estimate, day_weights, interval
from journeysim.calibration.contact_log import ContactLog
from journeysim.calibration.inferred_presence import by_agent, longest_yet, waiting_spans
from journeysim.calibration.patience_fit import Curve, kaplan_meier
from journeysim.units import DAY, SECOND

_POINTS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 300)
_LATER: Final = (420, 600, 900, 1200, 1800)
_FEW: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Time after a contact before an agent takes the next.

    Attributes
    ----------
    law
        The distribution, as a scenario writes it.
    mean
        Seconds.
    """

    law: dict[str, object]
    mean: Estimate


def fit_readiness(log: ContactLog, *, gap: int) -> Readiness | None:
    """Fit the pause after a contact; None where too few ended while somebody waited.

    A ready agent takes who waits. So where a contact ends while somebody waits, the time until the
    same agent's next contact is time in which the agent was not ready: wrap-up, a note, a walk. If
    the queue empties first, the pause was longer than that (censored). Pauses over `gap` are
    absences, which the rule of presence takes care of.
    """
    pauses, seen, day = _pauses(log, gap)
    if np.count_nonzero(seen) < _FEW:
        return None
    longest = gap // SECOND
    rows = np.searchsorted(np.unique(day), day)
    size = int(rows.max()) + 1 if len(rows) else 0
    place = np.minimum(pauses // SECOND, longest)

    def by_day(chosen: np.ndarray) -> Curve:
        flat = rows[chosen] * (longest + 1) + place[chosen]
        counts = np.bincount(flat, minlength=size * (longest + 1))
        return counts.reshape(size, longest + 1).astype(float)

    ready, gone = by_day(seen), by_day(np.ones(len(seen), bool))
    survival = kaplan_meier(ready.sum(axis=0), gone.sum(axis=0))
    draws = day_weights(size, REFITS)
    means = [_mean(kaplan_meier(weights @ ready, weights @ gone)) for weights in draws]
    mean = _mean(survival)
    low, high = interval(np.array(means), mean, size)
    figure = Estimate(mean=mean, low=max(low, 0.0), high=high, n=len(seen))
    return Readiness(law=_law(survival, longest), mean=figure)


def _pauses(log: ContactLog, gap: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pauses after contacts that end while somebody waits, whether their end was seen."""
    order, same = by_agent(log)
    started = log.started[order]
    ended = longest_yet(log.ended[order], same)
    follows = same[1:] & (started[1:] - ended[:-1] <= gap)
    free, taken = ended[:-1][follows], started[1:][follows]
    begin, end = waiting_spans(log)
    if not len(begin):
        return free[:0], free[:0] > 0, free[:0]
    place = np.searchsorted(begin, free, side="right") - 1
    is_waited = (place >= 0) & (free < end[np.maximum(place, 0)])
    free, taken, until = free[is_waited], taken[is_waited], end[place[is_waited]]
    seen = taken <= until
    pauses = np.maximum(np.where(seen, taken, until) - free, 0)
    return pauses, seen, free // DAY


def _mean(survival: Curve) -> float:
    """Return the mean pause; who is not ready at the longest counts as ready then."""
    return float(survival[:-1].sum() + 0.5 * (1 - survival[0]))


def _law(survival: Curve, longest: int) -> dict[str, object]:
    points: list[list[object]] = [[0.0, "0s"]]
    for second in (*_POINTS, *_LATER):
        share = round(1 - float(survival[second]), 4) if second < longest else 1.0
        if share > float(str(points[-1][0])):
            points.append([share, f"{min(second + 1, longest)}s"])
        if second >= longest:
            break
    if points[-1][0] != 1.0:
        points.append([1.0, f"{longest}s"])
    return {"distribution": "empirical", "quantiles": points}
