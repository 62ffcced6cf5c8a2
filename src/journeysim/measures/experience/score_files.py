"""Scores as Arrow files, written batch by batch: complete, or absent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from journeysim.errors import RunError
from journeysim.measures.experience.file_pieces import pieces_of_files
from journeysim.measures.experience.score_journeys import (
    Measures,
    columns_needed,
    scored_batches,
    weights_of_run,
)
from journeysim.measures.experience.weights import Weights
from journeysim.tables.replication_files import TableFile
from journeysim.tables.run import Run, read_table, table_path
from journeysim.types import Progress

#: Folder of the scores in a run directory.
SCORES = "scores"


def write_batches(
    path: Path, batches: Iterable[pa.RecordBatch], *, categories: bool = False
) -> pa.Table:
    """Write batches to a file, which appears when it is complete, and return it mapped.

    Parameters
    ----------
    categories
        Whether the words of categories are the same in all batches, and may stand once in the
        file; else categories are written as texts.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial")
    writer: TableFile | None = None
    try:
        for batch in batches:
            plain = batch if categories else in_texts(batch)
            if writer is None:
                writer = TableFile(partial, plain.schema)
            writer.write(plain)
        if writer is None:
            raise RunError(f"{path}: there are no journeys to score")
        writer.close()
        partial.replace(path)
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        if writer is not None:
            with contextlib.suppress(OSError, pa.ArrowInvalid):
                writer.close()
        with contextlib.suppress(OSError):
            partial.unlink()
    return read_table(path)


def table_of(batches: Iterable[pa.RecordBatch], source: str) -> pa.Table:
    """Return batches as a table in memory.

    Raises
    ------
    RunError
        If there are none.
    """
    found = list(batches)
    if not found:
        raise RunError(f"{source}: there are no journeys to score")
    return pa.Table.from_batches([in_texts(batch) for batch in found])


def write_scores(
    run: Run,
    *,
    measures: Measures | None = None,
    weights: Weights | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> list[pa.Table]:
    """Score a run into ``scores/rep=*.arrow`` of its directory, and return the mapped tables.

    Raises
    ------
    MeasureError
        If a measure is unknown or cannot be computed.
    RunError
        If the run is only in memory, or the scores cannot be written.
    """
    if run.directory is None:
        raise RunError("this run is only in memory; simulate it with a directory to write to")
    weights = weights or weights_of_run(run)
    numbers = run.replications
    tables = []
    for done, number in enumerate(numbers):
        journeys = read_table(table_path(run.directory, "journeys", number)).num_rows

        def report(scored: int, done: int = done, journeys: int = journeys) -> None:
            if progress is not None:
                progress(done, len(numbers), scored / max(journeys, 1))

        tables.append(
            write_batches(
                table_path(run.directory, SCORES, number),
                scored_batches(
                    pieces_of_files(
                        table_path(run.directory, "contacts", number),
                        table_path(run.directory, "journeys", number),
                        columns=columns_needed(measures),
                    ),
                    measures=measures,
                    weights=weights,
                    jobs=jobs,
                    progress=report,
                ),
                categories=True,
            )
        )
    return tables


def in_texts(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch with texts in place of categories."""
    fields, columns = [], []
    for place, field in enumerate(batch.schema):
        column = batch.column(place)
        if pa.types.is_dictionary(field.type):
            column = column.dictionary_decode()
            field = field.with_type(column.type)
        fields.append(field)
        columns.append(column)
    schema = pa.schema(fields, metadata=batch.schema.metadata)
    return pa.RecordBatch.from_arrays(columns, schema=schema)
