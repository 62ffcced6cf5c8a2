"""Summaries of scored journeys: mean and quantiles of each measure, by group, as a tidy table."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import NormalDist
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.errors import MeasureError, did_you_mean
from journeysim.measures.estimates import ratio_of_sums
from journeysim.measures.experience.arrow_views import view_of
from journeysim.measures.experience.exact_quantiles import quantiles
from journeysim.measures.experience.file_pieces import FileTable
from journeysim.units import SECOND

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
#: Scores of a replication; those in a file may be larger than memory.
Scores: TypeAlias = "pa.Table | FileTable"
#: Breakdowns by name, and the columns of the scores that they go by.
DIMENSIONS = {"segment": "segment", "need": "need", "channel": "first_channel"}
SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
NPS = "net_promoter_score"
_ROWS = 1 << 18
_TEXTS = ("measure", "unit", "formula", "assumptions", *DIMENSIONS)


class NetPromoterScore(NamedTuple):
    """From -100 to 100, with its standard error."""

    score: float
    error: float


def net_promoter_score(promoter: Numbers, detractor: Numbers) -> NetPromoterScore:
    """Return the score of customers who answer so with these probabilities.

    100 (p - d), and the error 100 sqrt((p + d - (p - d)^2) / n) of one answer of each.
    """
    known = ~np.isnan(promoter)
    customers = int(known.sum())
    if customers == 0:
        return NetPromoterScore(np.nan, np.nan)
    p, d = float(promoter[known].mean()), float(detractor[known].mean())
    spread = max(p + d - (p - d) ** 2, 0.0)
    return NetPromoterScore(100.0 * (p - d), 100.0 * float(np.sqrt(spread / customers)))


def summary(
    scores: Sequence[Scores],
    *,
    by: Sequence[str] = (),
    measures: Sequence[str] | None = None,
    level: float = 0.95,
) -> pa.Table:
    """Return a row per measure and group, of scored journeys only.

    Parameters
    ----------
    scores
        What `score_journeys` gives, one table per replication; or files of it.
    by
        Any of ``segment``, ``need``, ``channel`` (that of the first contact).
    measures
        Names; default: all that the tables have.
    level
        Of the intervals: over replications by jackknife, or over the journeys of a single table.

    Returns
    -------
    Columns measure, the breakdown, journeys, mean, half_width, p50, p90, p99, unit, formula and
    assumptions; times in seconds. With promoters and detractors there is `net_promoter_score`.

    Raises
    ------
    MeasureError
        If a breakdown or measure is not there.
    """
    groups = _Groups(scores, by)
    known = [field.name for field in scores[0].schema if b"formula" in (field.metadata or {})]
    chosen = known if measures is None else [name for name in measures if name != NPS]
    for name in chosen:
        if name not in known:
            raise MeasureError(f"these scores have no {name!r}{did_you_mean(name, known)}")
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        found = threads.map(lambda name: _of_measure(scores, name, groups, level), chosen)
        rows = [row for of_measure in found for row in of_measure]
    asked = measures is None or NPS in measures
    if asked and {"promoter", "detractor"} <= set(known):
        rows += _of_recommending(scores, groups, level)
    names = ["measure", *by, "journeys", "mean", "half_width", *SHARES]
    names += ["unit", "formula", "assumptions"]
    kinds = {name: pa.string() for name in _TEXTS} | {"journeys": pa.int64()}
    fields = [pa.field(name, kinds.get(name, pa.float64())) for name in names]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields, metadata={"level": str(level)}))


def refuse_unknown(by: Sequence[str]) -> None:
    """Raise MeasureError if journeys have no such breakdown."""
    for name in by:
        if name not in DIMENSIONS:
            raise MeasureError(f"no breakdown by {name!r}{did_you_mean(name, DIMENSIONS)}")
    if len(set(by)) < len(by):
        raise MeasureError(f"a breakdown names each dimension once, got {list(by)}")


class _Groups:
    """The groups of a breakdown, in the order in which they are met."""

    def __init__(self, scores: Sequence[Scores], by: Sequence[str]) -> None:
        refuse_unknown(by)
        for name in by:
            if DIMENSIONS[name] not in scores[0].schema.names:
                raise MeasureError(f"these journeys have no {name} to break down by")
        self.by = tuple(by)
        self.places: dict[tuple[str | None, ...], int] = {}
        for table in scores:
            for batch in table.to_batches(_ROWS):
                self.codes(batch)
        if not by:
            self.places.setdefault((), 0)
        ordered = sorted(self.places, key=lambda group: [str(part) for part in group])
        self.places = {group: place for place, group in enumerate(ordered)}

    def __len__(self) -> int:
        return len(self.places)

    def codes(self, batch: pa.RecordBatch) -> Codes:
        """Return the group of each row; -1 for journeys that are not scored."""
        codes = np.zeros(batch.num_rows, dtype=np.int64)
        labels: list[tuple[str | None, ...]] = [()]
        for name in self.by:
            column = batch.column(DIMENSIONS[name])
            if not pa.types.is_dictionary(column.type):
                column = column.cast(pa.string()).dictionary_encode()
            view = view_of(column)
            words = [*column.dictionary.to_pylist(), None]
            codes = codes * len(words) + view
            labels = [(*label, word) for label in labels for word in words]
        if not self.by:
            return self._scored(batch, codes)
        met = np.flatnonzero(np.bincount(codes, minlength=len(labels)))
        places = np.full(len(labels), -1, dtype=np.int64)
        for code in met.tolist():
            places[code] = self.places.setdefault(labels[code], len(self.places))
        return self._scored(batch, places[codes])

    @staticmethod
    def _scored(batch: pa.RecordBatch, codes: Codes) -> Codes:
        if "scored" in batch.schema.names:
            codes[~batch.column("scored").to_numpy(zero_copy_only=False)] = -1
        return codes


def _values(batch: pa.RecordBatch, name: str) -> Numbers:
    column = batch.column(name)
    if pa.types.is_duration(column.type):
        return np.asarray(column.view(pa.int64()).to_numpy() / SECOND)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    if column.null_count:
        column = column.cast(pa.float64()).fill_null(np.nan)
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _parts(scores: Sequence[Scores], name: str, groups: _Groups) -> Iterator[tuple[Numbers, Codes]]:
    for table in scores:
        columns = [name, *{DIMENSIONS[each] for each in groups.by}]
        columns += ["scored"] if "scored" in table.schema.names else []
        for batch in table.select(columns).to_batches(_ROWS):
            yield _values(batch, name), groups.codes(batch)


def _sums(table: Scores, name: str, groups: _Groups) -> tuple[Numbers, Numbers, Numbers]:
    """Return values, their sum and their sum of squares by group, each of shape (groups,)."""
    count, total, squares = (np.zeros(len(groups)) for _ in range(3))
    for values, codes in _parts([table], name, groups):
        known = ~np.isnan(values) & (codes >= 0)
        if not known.all():
            values, codes = values[known], codes[known]
        size = len(groups)
        count += np.bincount(codes, minlength=size)
        total += np.bincount(codes, values, size)
        squares += np.bincount(codes, values * values, size)
    return count, total, squares


def _of_measure(
    scores: Sequence[Scores], name: str, groups: _Groups, level: float
) -> list[dict[str, Any]]:
    sums = [_sums(table, name, groups) for table in scores]
    counts, totals = (np.array([each[place] for each in sums]) for place in (0, 1))
    found = ratio_of_sums(totals, counts, level=level)
    half = found.half_width if len(scores) > 1 else _over_journeys(*sums[0], level)
    of_group = counts.sum(axis=0).astype(np.int64)
    bounds = quantiles(lambda: _parts(scores, name, groups), of_group, list(SHARES.values()))
    said = scores[0].schema.field(name).metadata
    texts = {
        "measure": name,
        "unit": said[b"unit"].decode(),
        "formula": said[b"formula"].decode(),
        "assumptions": said.get(b"rests on assumptions", b"").decode() or None,
    }
    return [
        texts
        | dict(zip(groups.by, group, strict=True))
        | {"journeys": int(of_group[place]), "mean": _nullable(found.value[place])}
        | {"half_width": _nullable(half[place])}
        | {share: _nullable(bounds[place, at]) for at, share in enumerate(SHARES)}
        for group, place in groups.places.items()
    ]


def _of_recommending(
    scores: Sequence[Scores], groups: _Groups, level: float
) -> list[dict[str, Any]]:
    good = [_sums(table, "promoter", groups) for table in scores]
    bad = [_sums(table, "detractor", groups) for table in scores]
    counts = np.array([count for count, _, _ in good])
    totals = 100.0 * np.array([g[1] - b[1] for g, b in zip(good, bad, strict=True)])
    found = ratio_of_sums(totals, counts, level=level)
    half = found.half_width
    whole = counts.sum(axis=0)
    if len(scores) == 1:
        with np.errstate(invalid="ignore", divide="ignore"):
            p, d = good[0][1] / whole, bad[0][1] / whole
            spread = np.maximum(p + d - (p - d) ** 2, 0.0) / whole
        half = _quantile(level) * 100.0 * np.sqrt(spread)
    said = scores[0].schema.field("promoter").metadata
    assumed = said.get(b"rests on assumptions", b"").decode() or None
    return [
        {"measure": NPS, "unit": "score", "formula": "100 x (promoters - detractors)"}
        | dict(zip(groups.by, group, strict=True))
        | {"journeys": int(whole[place]), "mean": _nullable(found.value[place])}
        | {"half_width": _nullable(half[place]), "assumptions": assumed}
        for group, place in groups.places.items()
    ]


def _over_journeys(count: Numbers, total: Numbers, squares: Numbers, level: float) -> Numbers:
    """Return half-widths for journeys that do not depend on each other."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        variance = np.maximum(squares / count - mean * mean, 0.0) * count / (count - 1)
        return np.asarray(_quantile(level) * np.sqrt(variance / count))


def _quantile(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 2)


def _nullable(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
