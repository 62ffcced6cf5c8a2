"""What the memory of this machine can deliver, and how fast its processor is right now.

A kernel's bytes per second mean something only beside the most that the machine gives in the same
minutes, so both are measured by compiled loops on arrays that no cache holds.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled

#: Numbers in each of three arrays: 128 MB each, several times a large cache.
ROWS: Final = 16_000_000
_REPEATS: Final = 10
#: Numbers that the yardstick works on: they stay in the smallest cache.
_FEW: Final = 2_000

Numbers = NDArray[np.float64]
#: A loop over a slice of three arrays; what it returns is of no use, but keeps it from vanishing.
Pass = Callable[[Numbers, Numbers, Numbers], float]


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """Bytes per second from and to memory.

    Attributes
    ----------
    threads
        How many worked at once.
    copy, triad, read
        By ``a = b``, ``a = b + 2 c`` and a sum. A written number counts once, though the processor
        may have to read its line first.
    """

    threads: int
    copy: float
    triad: float
    read: float

    @property
    def most(self) -> float:
        """The highest of the three: a share of it cannot flatter."""
        return max(self.copy, self.triad, self.read)


@compiled
def _copy(to: Numbers, one: Numbers, other: Numbers) -> float:
    for row in range(to.size):
        to[row] = one[row]
    return 0.0


@compiled
def _triad(to: Numbers, one: Numbers, other: Numbers) -> float:
    for row in range(to.size):
        to[row] = one[row] + 2.0 * other[row]
    return 0.0


@compiled
def _read(to: Numbers, one: Numbers, other: Numbers) -> float:
    # Whole numbers may be added in any order, so several at once.
    bits = one.view(np.int64)
    total = 0
    for row in range(bits.size):
        total += bits[row]
    return float(total)


@compiled
def _work(numbers: Numbers, times: int) -> float:
    """Take some 12 dependent steps per number, all within the processor."""
    total = 0.0
    for _ in range(times):
        for row in range(numbers.size):
            x = numbers[row]
            power = 1.0 + x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x / 24.0)))
            total += x / (1.0 + power)
    return total


def measured_bandwidth(threads: int, *, rows: int = ROWS) -> Bandwidth:
    """Measure the bandwidth with some threads: the best of ten passes of each kind.

    Parameters
    ----------
    rows
        Numbers in each array; fewer than a cache holds measure the cache.
    """
    arrays = [np.empty(rows) for _ in range(3)]
    edges = np.linspace(0, rows, threads + 1).astype(np.int64).tolist()
    parts = [[array[first:last] for array in arrays] for first, last in itertools.pairwise(edges)]
    with ThreadPoolExecutor(threads) as crew:
        # Whoever works on memory later also touches it first, where that matters.
        list(crew.map(_fill, parts))
        rates = [
            size * rows * 8 / _best(crew, one_pass, parts)
            for one_pass, size in ((_copy, 2), (_triad, 3), (_read, 1))
        ]
    return Bandwidth(threads, *rates)


def _fill(part: list[Numbers]) -> None:
    for number, array in enumerate(part):
        array.fill(number + 1.0)


def _best(crew: ThreadPoolExecutor, one_pass: Pass, parts: list[list[Numbers]]) -> float:
    spent = []
    for _ in range(_REPEATS + 1):
        begun = time.perf_counter()
        list(crew.map(lambda part: one_pass(*part), parts))
        spent.append(time.perf_counter() - begun)
    # The first pass may have compiled.
    return min(spent[1:])


class Yardstick:
    """A piece of work that never changes: how long it takes says how fast the machine is just now.

    Parameters
    ----------
    threads
        How many do that work at once.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._numbers = np.linspace(-1.0, 1.0, _FEW)
        _work(self._numbers, 1)

    def seconds(self) -> float:
        """Return how long it takes, the middle of five: some 5 ms each."""
        with ThreadPoolExecutor(self._threads) as crew:
            return float(np.median([self._once(crew) for _ in range(5)]))

    def _once(self, crew: ThreadPoolExecutor) -> float:
        begun = time.perf_counter()
        work: Any = [crew.submit(_work, self._numbers, 1_000) for _ in range(self._threads)]
        for part in work:
            part.result()
        return time.perf_counter() - begun
