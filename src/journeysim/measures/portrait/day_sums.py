"""Sums by interval of the day, over replications and of the first ones one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from journeysim.measures.arrow_columns import Numbers

#: Bands are of so many replications, the first ones.
_BANDED: Final = 400


class DaySums:
    """Sums by interval, over replications and of the first ones one by one."""

    def __init__(self) -> None:
        self.total: dict[str, Numbers] = {}
        self.alone: dict[str, list[Numbers]] = {}

    def add(self, day: Mapping[str, Numbers]) -> None:
        """Add those of a replication."""
        for name, sums in day.items():
            self.total[name] = self.total[name] + sums if name in self.total else sums
            kept = self.alone.setdefault(name, [])
            if len(kept) < _BANDED:
                kept.append(sums.astype(np.float32))
