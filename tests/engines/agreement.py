"""Do two replications hold the same bytes? And if not, where do they part?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from journeysim.engine import emission
from journeysim.engine.compiled.engine import CompiledEngine
from journeysim.tables.run import TABLES, Replication


def disagreement(one: Replication, other: Replication) -> str:
    """Return the first place in which two replications differ, or nothing."""
    for name in TABLES:
        difference = _difference(getattr(one, name), getattr(other, name))
        if difference:
            return f"{name}: {difference}"
    return ""


def _difference(one: pa.Table, other: pa.Table) -> str:
    if not one.schema.equals(other.schema, check_metadata=True):
        return "schema"
    rows, others = one.to_pylist(), other.to_pylist()
    for place, (row, twin) in enumerate(zip(rows, others, strict=False)):
        for column, cell in row.items():
            if cell != twin[column]:
                return f"row {place}, {column}: {cell} and {twin[column]}"
    if len(rows) != len(others):
        return f"{len(rows)} and {len(others)} rows"
    batches, twins = ([len(part) for part in table.to_batches()] for table in (one, other))
    return "" if batches == twins else f"batches of {batches} and {twins} rows"


@contextmanager
def cramped(rows: int, batch: int) -> Iterator[None]:
    """Let the compiled engine begin with so many rows, and both engines write small batches."""
    engine = CompiledEngine
    before = engine.rows_at_first, engine.batch_rows, emission.BATCH_ROWS
    engine.rows_at_first, engine.batch_rows, emission.BATCH_ROWS = rows, batch, batch
    try:
        yield
    finally:
        engine.rows_at_first, engine.batch_rows, emission.BATCH_ROWS = before
