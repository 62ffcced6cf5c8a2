"""Exact figures where demand and staff change: the finish rule, unlimited agents, counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.integrate import solve_ivp
from scipy.sparse.linalg import expm_multiply

from tests.theory.formulas import panels

Piece = tuple[float, float, int]


@dataclass(frozen=True, kw_only=True)
class FinishRule:
    """M_t/M/s_t+M, empty at the start, whose excess busy agents finish before anyone starts.

    A state is (busy, queue); busy may exceed the staff after a fall, and while it is not below
    the staff nobody starts. Forward (Kolmogorov) equations give the law, backward equations what
    becomes of a customer who arrives. (The textbook equation lets the excess contacts go back
    to the queue; see Green, Kolesar and Whitt 2007 on both.)
    """

    pieces: Sequence[Piece]
    service: float
    abandonment: float
    threshold: float
    places: int = 90

    @property
    def grid(self) -> tuple[np.ndarray, np.ndarray]:
        """Return busy and queue of every state."""
        most = max(staff for _, _, staff in self.pieces)
        busy, queue = np.meshgrid(np.arange(most + 1), np.arange(self.places + 1), indexing="ij")
        return busy.ravel(), queue.ravel()

    def number(self, busy: np.ndarray, queue: np.ndarray) -> np.ndarray:
        """Return the index of states."""
        return busy * (self.places + 1) + queue

    def _generator(
        self, moves: list[tuple[np.ndarray, np.ndarray, np.ndarray]]
    ) -> sparse.csr_matrix:
        size = len(self.grid[0])
        sources, targets, rates = (np.concatenate(part) for part in zip(*moves, strict=True))
        return sparse.csr_matrix((rates, (sources, targets)), shape=(size, size))

    def everyone(self, rate: float, staff: int) -> sparse.csr_matrix:
        """Return the generator of (busy, queue)."""
        busy, queue = self.grid
        here = self.number(busy, queue)
        legal = (busy >= staff) | (queue == 0)
        free, full = legal & (busy < staff), legal & (busy >= staff) & (queue < self.places)
        excess = (busy > staff) | ((busy > 0) & (queue == 0) & legal)
        pulls = (busy == staff) & (queue > 0) & (busy > 0)
        waits = legal & (queue > 0)
        flows = self._generator(
            [
                (here[free], self.number(busy + 1, queue)[free], np.full(free.sum(), rate)),
                (here[full], self.number(busy, queue + 1)[full], np.full(full.sum(), rate)),
                (here[excess], self.number(busy - 1, queue)[excess], self.service * busy[excess]),
                (here[pulls], self.number(busy, queue - 1)[pulls], self.service * busy[pulls]),
                (here[waits], here[waits] - 1, self.abandonment * queue[waits]),
            ]
        )
        return flows - sparse.diags(np.asarray(flows.sum(axis=1)).ravel())

    def one(self, staff: int) -> tuple[sparse.csr_matrix, np.ndarray]:
        """Return the generator of (busy, ahead) while someone waits, and the rates of a start."""
        busy, ahead = self.grid
        here = self.number(busy, ahead)
        waits = busy >= staff
        excess, pulls = busy > staff, (busy == staff) & (ahead > 0)
        leave = waits & (ahead > 0)
        flows = self._generator(
            [
                (here[excess], self.number(busy - 1, ahead)[excess], self.service * busy[excess]),
                (here[pulls], here[pulls] - 1, self.service * busy[pulls]),
                (here[leave], here[leave] - 1, self.abandonment * ahead[leave]),
            ]
        )
        starts = np.where((busy == staff) & (ahead == 0), self.service * busy, 0.0)
        out = np.asarray(flows.sum(axis=1)).ravel() + starts + self.abandonment * waits
        return flows - sparse.diags(out), starts

    def restaffed(self, staff: int) -> np.ndarray:
        """Return the state that each state becomes when `staff` agents are there from now on."""
        busy, queue = self.grid
        start = np.minimum(queue, np.maximum(staff - busy, 0))
        return self.number(busy + start, queue - start)

    def fate(self, staff: int, value: np.ndarray, gain: np.ndarray, span: float) -> np.ndarray:
        """Return what `value` after a span is worth before it, with `gain` on the way."""
        busy, _ = self.grid
        generator, _ = self.one(staff)
        size = len(value)
        column = sparse.csr_matrix(gain[:, None])
        bordered = sparse.bmat([[generator, column], [None, sparse.csr_matrix((1, 1))]]).tocsr()
        worth = expm_multiply(bordered * span, np.append(value, 1.0))[:size]
        return np.where(busy >= staff, worth, value)


def finish_rule(rule: FinishRule) -> dict[str, float]:
    """Return totals, and figures per piece (1, 2 ...), by the clock or by arrival."""
    busy, queue = rule.grid
    law = np.zeros(len(busy))
    law[0] = 1.0
    found: dict[str, float] = {}
    totals = {"arrivals": 0.0, "abandons": 0.0, "completions": 0.0}
    for piece, (length, rate, staff) in enumerate(rule.pieces):
        law = _moved(law, rule.restaffed(staff))
        early, late = _fates(rule, piece)
        generator = rule.everyone(rate, staff).T.tocsr()
        late_times = length - rule.threshold + late[0]
        spent, laws, law = _forward(generator, law, length, rule.threshold, late_times)
        served, abandoned = (
            (spent @ early[kind] + np.sum(late[1] * np.sum(laws * late[2][kind], axis=1))) / length
            for kind in (0, 1)
        )
        whole = spent + late[1] @ laws
        figures = {
            "lq_avg": whole @ queue / length,
            "busy_avg": whole @ busy / length,
            "abandons": rule.abandonment * (whole @ queue),
            "completions": rule.service * (whole @ busy),
            "lq_end": law @ queue,
            "busy_end": law @ busy,
            "sl_offered": served,
            "sl_noshort": served / (1 - abandoned),
            "ab_by_T": abandoned,
        }
        found |= {f"{name}_{piece + 1}": value for name, value in figures.items()}
        totals["arrivals"] += rate * length
        for name in ("abandons", "completions"):
            totals[name] += figures[name]
    return found | totals | {name: found[f"{name}_{piece + 1}"] for name in ("lq_end", "busy_end")}


def _moved(law: np.ndarray, target: np.ndarray) -> np.ndarray:
    return np.bincount(target, law, minlength=len(law))


def _forward(
    generator: sparse.csr_matrix,
    law: np.ndarray,
    length: float,
    threshold: float,
    late_times: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return time spent per state until the late times, laws at these, law at the end."""
    size = len(law)

    def change(_: float, both: np.ndarray) -> np.ndarray:
        return np.concatenate([generator @ both[:size], both[:size]])

    exact = {"method": "DOP853", "rtol": 1e-10, "atol": 1e-14}
    first = solve_ivp(change, (0, length - threshold), np.append(law, np.zeros(size)), **exact)
    law, spent = first.y[:size, -1], first.y[size:, -1]
    steps = np.diff(late_times, prepend=length - threshold)
    laws = []
    for step in steps:
        law = expm_multiply(generator * step, law)
        laws.append(law)
    return spent, np.array(laws), expm_multiply(generator * (length - late_times[-1]), law)


def _fates(rule: FinishRule, piece: int) -> tuple:
    """Return P(served by T) and P(abandoned by T) by the state found, early and late in a piece.

    Late means less than T before the staff changes: at nodes of a Gauss-Legendre rule.
    """
    busy, _ = rule.grid
    staff = rule.pieces[piece][2]
    following = rule.pieces[min(piece + 1, len(rule.pieces) - 1)][2]
    base, weights = np.polynomial.legendre.leggauss(16)
    since, weights = rule.threshold * (base + 1) / 2, weights * rule.threshold / 2

    def worth(kind: int, current: int, value: np.ndarray, span: float) -> np.ndarray:
        leaves = np.where(busy >= current, rule.abandonment, 0.0)
        gain = rule.one(current)[1] if kind == 0 else leaves
        return rule.fate(current, value, gain, span)

    early, late = [], []
    for kind in (0, 1):

        def none_yet(now: int, kind: int = kind) -> np.ndarray:
            return np.where(busy < now, 1.0 - kind, 0.0)

        early.append(worth(kind, staff, none_yet(staff), rule.threshold))
        rows = []
        for begun in since:
            left = rule.threshold - begun
            after = worth(kind, following, none_yet(following), begun)
            # A customer whom a rise lets start has (busy, ahead) mapped to busy below the staff.
            at_change = _after_change(rule, following, after, started=1.0 - kind)
            value = np.where(busy < staff, 1.0 - kind, at_change)
            rows.append(worth(kind, staff, value, left))
        late.append(np.array(rows))
    return early, (since, weights, late)


def _after_change(rule: FinishRule, staff: int, value: np.ndarray, *, started: float) -> np.ndarray:
    busy, ahead = rule.grid
    free = np.maximum(staff - busy, 0)
    moved = value[rule.number(np.maximum(busy, busy + free), np.maximum(ahead - free, 0))]
    return np.where(ahead < free, started, moved)


def unlimited_agents(
    rate: Callable[[np.ndarray], np.ndarray],
    longer: Callable[[np.ndarray], np.ndarray],
    time: float,
    *,
    breaks: Sequence[float] = (),
) -> float:
    """Return mean (= variance) busy in M_t/G/inf, empty at 0 (Eick, Massey and Whitt 1993)."""
    edges = [0.0, *(edge for edge in breaks if 0 < edge < time), time]
    nodes, weights = panels(edges)
    return float(weights @ (rate(nodes) * longer(time - nodes)))


def counts_by_piece(edges: Sequence[float], rates: Sequence[float]) -> np.ndarray:
    """Return mean and variance of the Poisson count in each piece of constant rate."""
    return np.diff(edges) * np.asarray(rates)


def linear_piece(start: float, end: float, first: float, last: float) -> tuple[float, float]:
    """Return the mean count of a piece of linear rate, and the mean arrival time in it."""
    length = end - start
    centre = start + length * (first + 2 * last) / (first + last) / 3
    return length * (first + last) / 2, centre
