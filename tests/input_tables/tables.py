"""Columns of small input tables for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from journeysim.input_tables.column import UNKNOWN, InputColumn
from journeysim.input_tables.input_table import InputTable


def column_of(cells: Sequence[Any], name: str = "c") -> InputColumn:
    """A column of a file whose rows begin at 2, below the header."""
    numbers = np.arange(len(cells), dtype=np.int64) + 2
    cells_in_arrow = pa.chunked_array([pa.array(cells)])
    return InputColumn(
        InputTable("calls.csv", {name: cells_in_arrow}, numbers, [("calls.csv", 0)]), name
    )


def on_the_wall(ticks: np.ndarray) -> list[str | None]:
    """Moments as plain ISO texts, without a fraction that is zero."""
    return [
        None if tick == UNKNOWN else str(np.datetime64(int(tick), "us").astype(datetime))
        for tick in ticks
    ]
