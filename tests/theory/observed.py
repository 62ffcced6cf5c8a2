"""What a replication shows, as sums: each figure is a numerator over a denominator."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from journeysim.tables.run import Replication
from journeysim.units import MINUTE

#: Numerator and denominator of one replication.
Ratio = tuple[float, float]
Figures = dict[str, Ratio]


def minutes(column: pa.ChunkedArray) -> np.ndarray:
    """Return times in minutes; missing is NaN."""
    ticks = column.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return np.asarray(ticks, dtype=float) / MINUTE


class Rows:
    """Contacts as plain arrays."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __len__(self) -> int:
        return self.table.num_rows

    def minutes(self, name: str) -> np.ndarray:
        return minutes(self.table[name])

    def equal(self, name: str, *words: object) -> np.ndarray:
        """Return where a column holds one of `words`."""
        found = np.zeros(len(self), dtype=bool)
        for word in words:
            same = pc.fill_null(pc.equal(self.table[name], word), False)
            found |= same.to_numpy(zero_copy_only=False)
        return found

    def where(self, name: str, *words: object) -> Rows:
        return Rows(self.table.filter(pa.array(self.equal(name, *words))))

    @cached_property
    def wait(self) -> np.ndarray:
        return self.minutes("wait")

    @cached_property
    def served(self) -> np.ndarray:
        return ~np.isnan(self.minutes("started"))

    @cached_property
    def abandoned(self) -> np.ndarray:
        return self.equal("outcome", "abandoned")

    @cached_property
    def blocked(self) -> np.ndarray:
        return self.equal("outcome", "blocked")


class Observed:
    """One replication, of which those who came in [start, end) minutes count."""

    def __init__(self, replication: Replication, start: float, end: float) -> None:
        self.replication, self.start, self.end = replication, start, end
        entered = minutes(replication.contacts["entered"])
        inside = (entered >= start) & (entered < end)
        self.rows = Rows(replication.contacts.filter(pa.array(inside)))
        assert not self.rows.equal("outcome", "waiting", "in_service").any(), "too short a run-out"
        assert self.rows.where("cause", "fresh").equal("scored", True).all(), "still warming up"

    @property
    def span(self) -> float:
        return self.end - self.start

    def clock(self, row: str, name: str, column: str) -> tuple[np.ndarray, np.ndarray]:
        """Return begins of the intervals within the window, and a column of them, minutes."""
        table = self.replication.intervals
        table = table.filter(pc.and_(pc.equal(table["row"], row), pc.equal(table["name"], name)))
        begins, ends = minutes(table["start"]), minutes(table["end"])
        inside = (begins >= self.start) & (ends <= self.end)
        return begins[inside], minutes(table[column])[inside]

    def queue_length(self, channel: str) -> Ratio:
        """Return the time average of the number in queue."""
        return self.clock("channel", channel, "queued")[1].sum(), self.span

    def occupancy(self, pool: str) -> Ratio:
        """Return the busy share of staffed time."""
        return tuple(self.clock("pool", pool, name)[1].sum() for name in ("busy", "staffed"))

    def away(self, cause: str) -> Ratio:
        """Return the mean number who are away between two contacts, by Little's law."""
        table = self.replication.contacts
        journey, contact = (table[name].to_numpy() for name in ("journey", "contact"))
        order = np.lexsort((contact, journey))
        entered, ended = (minutes(table[name])[order] for name in ("entered", "ended"))
        came = Rows(table).equal("cause", cause)[order] & (entered >= self.start)
        came &= entered < self.end
        delay = entered - np.roll(ended, 1)
        return delay[came].sum(), self.span


def queue_figures(rows: Rows, threshold: float | None = None) -> Figures:
    """Return the figures of a queue, by arrival; blocked customers count as offered."""
    wait, served, abandoned = rows.wait, rows.served, rows.abandoned
    offered, accepted = len(rows), len(rows) - rows.blocked.sum()
    found = {
        "p_wait": ((wait > 0).sum(), offered),
        "p_block": (rows.blocked.sum(), offered),
        "p_ab": (abandoned.sum(), offered),
        "p_served": (served.sum(), offered),
        "ew": (wait.sum(), accepted),
        "ew_served": (wait[served].sum(), served.sum()),
        "ew_ab": (wait[abandoned].sum(), abandoned.sum()),
        "ew_given_wait": (wait.sum(), (wait > 0).sum()),
    }
    if threshold is not None:
        early = wait <= threshold
        in_time = (served & early).sum()
        found |= {
            "sl_offered": (in_time, offered),
            "sl_answered": (in_time, served.sum()),
            "sl_noshort": (in_time, accepted - (abandoned & early).sum()),
            "sl_wait": ((early & ~rows.blocked).sum(), accepted),
        }
    return found


def named(figures: Figures, suffix: str) -> Figures:
    """Return figures with a suffix to their names."""
    return {f"{name}_{suffix}": ratio for name, ratio in figures.items()}
