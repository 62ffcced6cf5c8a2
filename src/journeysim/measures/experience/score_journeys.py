"""Scores of journeys as Arrow: of a run, its directory, a log, or columns; streamed or whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from journeysim.arguments import checked_jobs, one_or_several
from journeysim.measures.experience.fused_pass import fused_pass
from journeysim.measures.experience.journey_columns import Array, JourneyColumns
from journeysim.measures.experience.journey_measure import JourneyMeasure
from journeysim.measures.experience.journey_registry import chosen_journey_measures
from journeysim.measures.experience.run_source import pieces_of
from journeysim.measures.experience.scoring_pass import refuse_missing, score_columns
from journeysim.measures.experience.weights import Weights
from journeysim.scenario.schema.world import World
from journeysim.tables.run import Replication, Run, open_run

Measures = Sequence[str | JourneyMeasure]
#: What a row of scores says of its journey, before the measures.
WHO = ("customer", "journey", "segment", "need", "first_channel", "scored")
#: Columns of contacts that the fused pass takes where they are there.
_TAKEN = (
    "channel",
    "outcome",
    "resolved",
    "wait",
    "handling",
    "talk",
    "wrap_up",
    "pool",
    "announced_wait",
    "entered",
    "steps",
    "policy_obstacles",
)


def score_journeys(
    source: Run | Replication | JourneyColumns | str | Path,
    *,
    measures: Measures | None = None,
    weights: Weights | None = None,
    jobs: int | None = None,
) -> pa.Table:
    """Return one row per journey, with a column per measure.

    Parameters
    ----------
    source
        A run or its directory (the rows then begin with `replication`), one replication, or
        columns.
    measures
        Names, or measures, or one of them; default: all known ones that the source allows.
    weights
        Default: those of the run's scenario, or the defaults.
    jobs
        Threads; default: one per processor. The values are the same for any number.

    Raises
    ------
    MeasureError
        If a measure is unknown or cannot be computed from this source.
    RunError
        If the run cannot be read.
    """
    jobs = checked_jobs(jobs)
    measures = one_or_several(measures)
    if isinstance(source, JourneyColumns | Replication):
        pieces = [source] if isinstance(source, JourneyColumns) else _pieces(source, measures)
        batches = scored_batches(pieces, measures=measures, weights=weights, jobs=jobs)
        return pa.Table.from_batches(list(batches))
    run = source if isinstance(source, Run) else open_run(source)
    if weights is None:
        weights = weights_of_run(run)
    parts = []
    for replication in run:
        found = score_journeys(replication, measures=measures, weights=weights, jobs=jobs)
        number = pa.repeat(pa.scalar(replication.number, pa.int64()), found.num_rows)
        field = pa.field("replication", pa.int64(), False, {"meaning": "Number under the seed."})
        parts.append(found.add_column(0, field, number))
    return pa.concat_tables(parts).unify_dictionaries()


def _pieces(replication: Replication, measures: Measures | None) -> Iterator[JourneyColumns]:
    needed = columns_needed(measures)
    return pieces_of(replication.contacts, replication.journeys, columns=needed)


def weights_of_run(run: Run) -> Weights:
    """Return the weights of the scenario that a run was made from."""
    import tomllib

    from journeysim.measures.experience.weights import weights_of

    return weights_of(World.model_validate(tomllib.loads(run.scenario_toml)))


def scored_batches(
    pieces: Iterator[JourneyColumns] | Sequence[JourneyColumns],
    *,
    measures: Measures | None = None,
    weights: Weights | None = None,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield the scores of pieces of journeys, in their order; few pieces are held at a time.

    Parameters
    ----------
    jobs
        Pieces that are scored at once, in threads; default: one per processor.
    progress
        Called with how many journeys are done.
    """
    weights = weights or Weights.default()
    threads = jobs or os.cpu_count() or 1
    chosen: list[JourneyMeasure] | None = None
    done = 0
    waiting: list[Future[pa.RecordBatch]] = []
    source = iter(pieces)
    with ThreadPoolExecutor(threads) as pool:
        while True:
            for piece in islice(source, threads + 1 - len(waiting)):
                if chosen is None:
                    chosen = possible_measures(piece, measures)
                waiting.append(pool.submit(_scored, piece, chosen, weights))
            if not waiting:
                return
            batch = waiting.pop(0).result()
            done += batch.num_rows
            if progress is not None:
                progress(done)
            yield batch


def is_compiled() -> bool:
    """Return whether the machine code of the fused pass is on disk; it takes a quarter minute."""
    path = fused_pass.stats.cache_path  # type: ignore[attr-defined]
    return path is not None and any(Path(path).glob("fused.fused_pass-*.nbi"))


def possible_measures(columns: JourneyColumns, measures: Measures | None) -> list[JourneyMeasure]:
    """Return the measures asked for, or all known ones that the columns allow.

    Raises
    ------
    MeasureError
        If one that was asked for needs a column that is not there.
    """
    chosen = chosen_journey_measures(measures)
    if measures is None:
        return [measure for measure in chosen if not measure.missing(columns)]
    for measure in chosen:
        refuse_missing(measure, columns)
    return chosen


def columns_needed(measures: Measures | None) -> list[str] | None:
    """Return the columns of contacts that some measures look at; None for all."""
    if measures is None:
        return None
    chosen = chosen_journey_measures(measures)
    needed = {name for measure in chosen for name in measure.needs}
    if any(measure.kernel is None for measure in chosen):
        needed |= set(_TAKEN)
    if "handling" in needed:
        needed |= {"talk", "wrap_up"}
    if "by_human" in needed:
        needed |= {"handler", "channel"}
    return sorted(needed)


def _scored(
    columns: JourneyColumns, measures: Sequence[JourneyMeasure], weights: Weights
) -> pa.RecordBatch:
    arrays = score_columns(columns, measures=measures, weights=weights)
    fields, cells = [], []
    for name in WHO:
        if name in columns.journeys:
            cells.append(_arrow(columns, name))
            fields.append(pa.field(name, cells[-1].type, True, {"meaning": f"The {name}."}))
    for measure in measures:
        cells.append(as_arrow(arrays[measure.name], measure))
        said = {"meaning": measure.meaning, "formula": measure.formula, "unit": measure.unit}
        rests = weights.assumptions(weights.used(measure.weights))
        if rests:
            said["rests on assumptions"] = ", ".join(rests)
        fields.append(pa.field(measure.name, cells[-1].type, True, said))
    return pa.RecordBatch.from_arrays(cells, schema=pa.schema(fields))


def _arrow(columns: JourneyColumns, name: str) -> pa.Array:
    column: Any = columns.journeys[name]
    words = columns.words.get(f"journey.{name}")
    if words is None:
        return pa.array(column)
    missing = column == len(words)
    indices = pa.array(column.astype(np.int32), mask=missing if missing.any() else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def as_arrow(values: Array, measure: JourneyMeasure) -> pa.Array:
    """Return the values of a measure as Arrow: NaN as null, ticks as durations."""
    if values.dtype.kind == "f":
        missing = np.isnan(values)
        return pa.array(values, mask=missing if missing.any() else None)
    found = pa.array(values)
    if measure.unit == "s":
        return found.cast(pa.int64()).view(pa.duration("us"))
    return found
