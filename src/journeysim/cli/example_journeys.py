"""Choosing a few journeys that tell most about a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Choice:
    """A journey, by its row in the journeys table, and why it was chosen."""

    row: int
    reason: str


def telling_journeys(journeys: pa.Table, *, limit: int) -> list[Choice]:
    """Return journeys that stand out, each once: the same ones for the same table.

    Parameters
    ----------
    journeys
        The journeys table of one replication, or a part of it.
    limit
        How many at most.
    """
    import numpy as np

    wait = _whole(journeys, "wait")
    contacts = _whole(journeys, "contacts")
    outcome = journeys["outcome"].combine_chunks().cast("string").to_numpy(zero_copy_only=False)
    orders = [
        ("the longest wait", wait, np.ones(len(wait), bool)),
        ("the most contacts", contacts, contacts > 1),
        ("lost for good", wait, outcome == "lost"),
        ("the most switches of channel", _whole(journeys, "switches"), contacts > 1),
        ("given up after the longest wait", wait, outcome == "given_up"),
        ("resolved, but not at once", wait, (outcome == "resolved") & (contacts > 1)),
        ("still open at the end", wait, outcome == "open"),
    ]
    found: dict[int, Choice] = {}
    for reason, size, eligible in orders:
        rows = [row for row in np.flatnonzero(eligible & (size > 0)) if row not in found]
        if rows:
            # The first of equals, so that the choice does not depend on sorting.
            chosen = int(max(rows, key=lambda row: size[row]))
            found[chosen] = Choice(chosen, reason)
    plain = np.argsort(wait, kind="stable")
    for row in plain[len(plain) // 2 :]:
        if len(found) >= limit:
            break
        found.setdefault(int(row), Choice(int(row), "one of the others"))
    return list(found.values())[:limit]


def _whole(journeys: pa.Table, name: str) -> NDArray[np.int64]:
    import numpy as np

    column = journeys[name].combine_chunks().cast("int64")
    return np.asarray(column.to_numpy(zero_copy_only=False), np.int64)
