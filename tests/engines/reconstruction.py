"""What must have been so on the floor, worked out from the rows alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from journeysim.scenario.flat.flat_model import FlatModel
from journeysim.tables.batches import CONTACT_ROW, JOURNEY_ROW
from journeysim.tables.columns import ContactOutcome
from tests.engines.running import Rows

Row = dict[str, int]


def contact_rows(rows: Rows) -> list[Row]:
    """Return contacts as mappings from column to whole number."""
    return [dict(zip(CONTACT_ROW, row, strict=True)) for row in rows.tolist()]


def journey_rows(rows: Rows) -> list[Row]:
    """Return journeys as mappings from column to whole number."""
    return [dict(zip(JOURNEY_ROW, row, strict=True)) for row in rows.tolist()]


class Floor:
    """Queues and pools of a finished run, as they were after all events of a tick."""

    def __init__(self, model: FlatModel, contacts: Rows) -> None:
        self.model = model
        self.contacts = [row for row in contact_rows(contacts) if self._by_agents(row)]
        self.never = model.end + 1

    def _by_agents(self, row: Row) -> bool:
        return row["pool"] >= 0 or row["wait"] > 0 or row["outcome"] == ContactOutcome.WAITING

    def queue_left(self, row: Row) -> int:
        """Return the first tick at which a contact no longer waits."""
        waits = row["outcome"] == ContactOutcome.WAITING
        return self.never if waits else row["entered"] + row["wait"]

    def released(self, row: Row) -> int:
        """Return the first tick at which the place of a contact is free again."""
        return self.never if row["ended"] < 0 else row["ended"] + row["wrap_up"]

    def agents(self, pool: int, tick: int) -> int:
        """Return agents at work from a tick on."""
        model, agents = self.model, 0
        for when, which, count in zip(
            model.shift_tick, model.shift_pool, model.shift_agents, strict=True
        ):
            if which == pool and when <= tick:
                agents = int(count)
        return agents

    def used(self, pool: int, tick: int) -> int:
        """Return the units that contacts take in a pool from a tick on."""
        shares = self.model.share[pool]
        return sum(
            int(shares[row["channel"]])
            for row in self.contacts
            if row["pool"] == pool and row["started"] <= tick < self.released(row)
        )

    def capacity(self, pool: int, tick: int) -> int:
        """Return the units that are at work in a pool from a tick on."""
        return self.agents(pool, tick) * int(self.model.units[pool])

    def moments(self) -> list[int]:
        """Return every tick at which something may have changed."""
        model = self.model
        ticks = set(model.shift_tick.tolist())
        for row in self.contacts:
            delays = model.route_after[self._steps(row)].tolist()
            ticks |= {row["entered"], *(row["entered"] + delay for delay in delays)}
            ticks |= {self.queue_left(row), self.released(row) if row["pool"] >= 0 else 0}
        return sorted(tick for tick in ticks if tick <= model.end)

    def _steps(self, row: Row) -> slice:
        channel = row["channel"]
        return slice(self.model.route_first[channel], self.model.route_last[channel])

    def entitled(self, tick: int) -> Iterator[tuple[Row, int]]:
        """Return who waits after a tick, with each pool that may take them by then."""
        model = self.model
        for row in self.contacts:
            if row["entered"] <= tick < self.queue_left(row):
                pools, delays = model.route_pool[self._steps(row)], model.route_after
                for pool, after in zip(pools, delays[self._steps(row)], strict=True):
                    served = model.level[pool, row["channel"], row["need"]] >= 0
                    if served and tick - row["entered"] >= after:
                        yield row, int(pool)

    def started(self, pool: int, tick: int) -> bool:
        """Return whether a contact began at a tick and kept its place beyond it."""
        return any(
            row["pool"] == pool and row["started"] == tick < self.released(row)
            for row in self.contacts
        )


def same_but(rows: Rows, others: Rows, columns: tuple[str, ...], ignored: tuple[str, ...]) -> None:
    """Demand that two matrices are equal in all columns but those ignored."""
    kept = [place for place, name in enumerate(columns) if name not in ignored]
    np.testing.assert_array_equal(rows[:, kept], others[:, kept])
