"""Made-up journeys by the million, in the very tables of a run: a fixture for tests and benchmarks.

Nothing is simulated. Contacts and journeys are drawn in batches, each from the seed and its own
number, so that any amount is written in the memory of one batch, and more journeys begin with the
same ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from journeysim.tables.batches import BatchMaker, Standing
from journeysim.tables.columns import INTERVALS, schema
from journeysim.tables.replication_files import ReplicationWriter
from journeysim.tables.synthetic_batch import CATEGORIES, VALUE, draw_batch
from journeysim.types import Progress

#: Journeys drawn together: about 230,000 contacts, some 60 MB while they are made.
BATCH_JOURNEYS: Final = 65_536


class GeneratedJourneys(NamedTuple):
    """Made-up journeys: tables as a replication has them."""

    journeys: pa.Table
    contacts: pa.Table


def generated_journeys(journeys: int, *, seed: int = 1) -> GeneratedJourneys:
    """Return made-up journeys in the tables of a run, for tests of kernels.

    They have 3.5 contacts in the mean and up to some fifty, in eight channels, with every outcome
    and cause, missing times, and journeys still open. Journey n stands in row n.

    Parameters
    ----------
    journeys
        How many, at least 1.
    seed
        Equal seeds give equal journeys; more journeys begin with the same ones.

    Examples
    --------
    >>> made = generated_journeys(1000, seed=7)
    >>> made.journeys.num_rows
    1000
    """
    batches = list(_batches(journeys, seed))
    return GeneratedJourneys(
        pa.Table.from_batches([batch.journeys for batch in batches]),
        pa.Table.from_batches([batch.contacts for batch in batches]),
    )


def write_generated_journeys(
    directory: Path,
    journeys: int,
    *,
    seed: int = 1,
    columns: Collection[str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Write made-up journeys as replication 0 of a run directory, in the memory of one batch.

    Parameters
    ----------
    columns
        Of contacts and journeys that are written, the others are left out; by default all.

    Raises
    ------
    RunError
        If the files cannot be written. Nothing is left behind then.
    """
    done = 0
    with ReplicationWriter(0, directory) as writer:
        for batch in _batches(journeys, seed):
            for name, rows in zip(("journeys", "contacts"), batch, strict=True):
                kept = rows if columns is None else rows.select(_of(rows, columns))
                if not done:
                    writer.begin(name, kept.schema)
                writer.write(name, kept)
            done += batch.journeys.num_rows
            if progress is not None:
                progress(done, journeys, 0.0)
        writer.begin("intervals", schema(INTERVALS))
        writer.finish()


class _Batch(NamedTuple):
    journeys: pa.RecordBatch
    contacts: pa.RecordBatch


def _batches(journeys: int, seed: int) -> Iterator[_Batch]:
    """Yield journeys with their contacts, a batch at a time."""
    if journeys < 1:
        raise ValueError(f"journeys must be at least 1, got {journeys}")
    nobody_first = np.zeros((len(CATEGORIES.segments), len(CATEGORIES.channels)), np.int64)
    maker = BatchMaker(CATEGORIES, Standing(VALUE, nobody_first, nobody_first))
    contacts_before = 0
    for batch, number in enumerate(range(0, journeys, BATCH_JOURNEYS)):
        # A short last batch is the beginning of a whole one, so that prefixes are equal.
        contacts, rows = draw_batch(number, BATCH_JOURNEYS, seed=seed, batch=batch)
        kept = min(BATCH_JOURNEYS, journeys - number)
        made = int(rows["contacts"][:kept].sum())
        moved_on = {**rows, "first_contact": rows["first_contact"] + contacts_before}
        yield _Batch(
            maker.journeys({name: column[:kept] for name, column in moved_on.items()}),
            maker.contacts({name: column[:made] for name, column in contacts.items()}),
        )
        contacts_before += made


def _of(rows: pa.RecordBatch, columns: Collection[str]) -> list[str]:
    return [name for name in rows.schema.names if name in columns]
