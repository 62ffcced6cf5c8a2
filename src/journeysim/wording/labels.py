"""What a row of scores or differences is about: "phone: service level"."""

from __future__ import annotations

from journeysim.measures import catalogue
from journeysim.types import Row


def label_of(row: Row, *, several_channels: bool = True) -> str:
    """Return what a row of scores or differences is about: "phone service level"."""
    words = catalogue.label(row["measure"])
    channel = row.get("channel")
    pool = row.get("pool")
    if pool:
        return f"{pool}: {words}"
    return f"{channel}: {words}" if channel and several_channels else words
