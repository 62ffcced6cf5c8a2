"""Whether everybody found the same: asked before any time is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from journeysim.bench.mapped_tables import Mapped
from journeysim.bench.plain_scores import PLAIN, plain_scores
from journeysim.errors import BenchmarkError, JourneysimError
from journeysim.measures.experience import JourneyMeasure, Weights, pieces_of
from journeysim.measures.experience.kernel_file import said, twins_of_file

#: Numbers may differ by this share of the larger one, or of 1; whole numbers not at all.
TOLERANCE: Final = 1e-9
#: Journeys that are compared with the plain reference.
SAMPLE: Final = 5_000


def sample_of(journeys: int, *, most: int = SAMPLE) -> NDArray[np.int64]:
    """Return rows of journeys to look at: all of them, or first, last, and evenly in between."""
    if journeys <= most:
        return np.arange(journeys)
    return np.unique(np.linspace(0, journeys - 1, most).astype(np.int64))


def agree(
    who: str,
    measure: str,
    found: NDArray[Any],
    wanted: NDArray[Any],
    rows: NDArray[np.int64] | None = None,
) -> None:
    """Compare scores with what they have to be.

    Parameters
    ----------
    rows
        Rows of the journeys that `wanted` is about; by default all.

    Raises
    ------
    BenchmarkError
        If a count or time is not equal, or a number differs by more than the tolerance.
    """
    if found.ndim != 1 or (rows is None and found.shape != wanted.shape):
        raise BenchmarkError(
            f"{who}: {measure} has shape {found.shape}, and there are {len(wanted)} journeys"
        )
    looked_at = found if rows is None else found[rows]
    wrong = np.flatnonzero(~_equal(looked_at, wanted))
    if wrong.size:
        first = int(wrong[0])
        row = first if rows is None else int(rows[first])
        raise BenchmarkError(
            f"{who}: {measure} of journey {row} is {looked_at[first].item()!r} and should be "
            f"{wanted[first].item()!r}; {wrong.size:,} of {len(wanted):,} journeys looked at "
            "differ. No times are given for what is wrong"
        )


def _equal(found: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.bool_]:
    if found.dtype.kind in "iub" and wanted.dtype.kind in "iub":
        return np.asarray(found == wanted)
    # NaN where there is no score, on both sides.
    return np.isclose(
        found.astype(np.float64),
        wanted.astype(np.float64),
        rtol=TOLERANCE,
        atol=TOLERANCE,
        equal_nan=True,
    )


def check_with_plain(who: str, scores: Path, tables: Mapped, measures: tuple[str, ...]) -> None:
    """Compare the scores in a folder with the plain reference, on a sample of journeys.

    Raises
    ------
    BenchmarkError
        If they differ.
    """
    if not set(measures) & set(PLAIN):
        return
    rows = sample_of(tables.journeys.num_rows)
    plain = plain_scores(tables, rows.tolist())
    for name in measures:
        if name in plain:
            found = np.load(scores / f"{name}.npy", mmap_mode="r")
            agree(who, name, found, np.array(plain[name]), rows)


def check_with_each_other(
    who: str, scores: Path, reference: Path, measures: tuple[str, ...]
) -> None:
    """Compare the scores in a folder with those in another, journey by journey.

    Raises
    ------
    BenchmarkError
        If they differ.
    """
    for name in measures:
        found = np.load(scores / f"{name}.npy", mmap_mode="r")
        wanted = np.load(reference / f"{name}.npy", mmap_mode="r")
        agree(who, name, found, wanted)


def check_own(
    path: Path, measures: Mapping[str, JourneyMeasure], scores: Path, tables: Mapped
) -> tuple[str, ...]:
    """Compare own kernels with their naive twins, and with themselves on other pieces.

    Returns
    -------
    Names of those that have no twin: nobody can say whether they are right.

    Raises
    ------
    BenchmarkError
        If a kernel differs from its twin, or from itself if journeys are cut differently.
    """
    twins = twins_of_file(path)
    weights, at, left = Weights.default(), 0, SAMPLE
    for piece in pieces_of(tables.contacts, tables.journeys, piece=997):
        for name, measure in measures.items():
            whole = np.load(scores / f"{name}.npy", mmap_mode="r")
            rows = np.arange(at, at + len(piece))
            alone = _called(path, name, lambda: measure.call(piece, weights))  # noqa: B023 (called at once)
            agree(f"{path}: a piece of the journeys alone", name, whole, alone, rows)
            if name in twins:
                twin, arguments = twins[name], measure.arguments(piece, weights)
                wanted = _called(path, f"naive_{name}", lambda: twin(*arguments))  # noqa: B023
                agree(f"{path}: beside its naive twin", name, whole, np.array(wanted), rows)
        at += len(piece)
        left -= len(piece)
        if left <= 0:
            break
    return tuple(name for name in measures if name not in twins)


def _called(path: Path, name: str, call: Callable[[], Any]) -> NDArray[Any]:
    try:
        return np.asarray(call())
    except JourneysimError:
        raise
    except Exception as error:
        raise BenchmarkError(f"{path}: {name} failed, {said(error, path)}") from error
