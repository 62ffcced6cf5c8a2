"""A run as one table: case, activity, start, end."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet


def write_csv(blocks: Iterable[pa.Table], path: Path) -> None:
    """Write contacts as CSV, block by block."""
    writer = None
    try:
        for block in blocks:
            if writer is None:
                writer = csv.CSVWriter(path, block.schema)
            writer.write_table(block)
    finally:
        if writer is not None:
            writer.close()


def write_parquet(blocks: Iterable[pa.Table], path: Path) -> None:
    """Write contacts as Parquet, block by block."""
    writer = None
    try:
        for block in blocks:
            if writer is None:
                writer = parquet.ParquetWriter(path, block.schema)
            writer.write_table(block)
    finally:
        if writer is not None:
            writer.close()
