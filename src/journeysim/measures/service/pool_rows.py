"""The rows of pools in the interval table of one replication, as arrays."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.measures.arrow_columns import Numbers, Ticks, category, whole
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Groups, Layout, interval_codes
from journeysim.units import HOUR


class PoolRows:
    """Pools by interval, by the clock: intervals that begin from the warm-up on to the horizon.

    In the run-out nobody comes any more, so its idle hours would say nothing about the service.
    Arrays have the shape (rows,).

    Attributes
    ----------
    rules
        Names, thresholds and spans.
    """

    def __init__(self, intervals: pa.Table, rules: Rules) -> None:
        self.rules = rules
        of_pool = category(intervals, "row", ("channel", "pool")) == 1
        start = whole(intervals, "start")
        counts = (start >= rules.warm_up) & (start < rules.horizon)
        self.table = intervals.filter(pa.array(of_pool & counts))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def group(self, layout: Layout) -> Groups:
        """Return the groups of the rows."""
        codes = [
            self.pool
            if dimension == "pool"
            else interval_codes(whole(self.table, "start"), self.rules)
            for dimension in layout.dimensions
        ]
        return layout.group(codes, len(self))

    def ticks(self, name: str) -> Ticks:
        """Return a column of times, ticks."""
        return whole(self.table, name)

    @cached_property
    def pool(self) -> NDArray[np.integer[Any]]:
        """Code of the pool."""
        return category(self.table, "name", self.rules.pools)

    @cached_property
    def available(self) -> Ticks:
        """Staffed time, and time past the end of a shift to finish, ticks."""
        return self.ticks("staffed") + self.ticks("overrun")

    @cached_property
    def cost(self) -> Numbers:
        """Cost of the paid time."""
        return np.asarray(self.ticks("paid") * (self.rules.pool_cost[self.pool] / HOUR))
