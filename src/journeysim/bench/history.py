"""Results kept from run to run, one JSON record per line, and what may be compared with what.

Two times may be compared if the machine, the journeys, the measures, the contender and its threads
are the same. Versions may differ: a new compiler that makes slower code is worth a flag.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from journeysim.bench.results import Results, Timing
from journeysim.bench.slowdown_test import TOLERANCE, TimesCompared, can_tell, compared, decided
from journeysim.errors import MeasureError, RunError

#: What every record has to have, so that it can be compared.
_NEEDED: Final = (
    "date",
    "machine",
    "software",
    "data",
    "contender",
    "jobs",
    "measures",
    "seconds",
    "yardstick",
)

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Against:
    """How the times of a benchmark stand beside earlier ones.

    Attributes
    ----------
    date
        Of the latest results that could be compared.
    comparisons
        One per timing that has an earlier one.
    versions
        What has another version now: ``numba 0.61.0 -> 0.68.1``.
    """

    date: str
    comparisons: tuple[TimesCompared, ...]
    versions: tuple[str, ...]

    @property
    def slower(self) -> tuple[TimesCompared, ...]:
        """Those that are slower beyond noise."""
        return tuple(each for each in self.comparisons if each.slower)


def remember(path: Path, results: Results) -> None:
    """Add results to a history.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    lines = "".join(json.dumps(record, allow_nan=False) + "\n" for record in results.records())
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(lines)
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror or error})") from error


def read_history(path: Path) -> list[Record]:
    """Return the records of a history, oldest first.

    Raises
    ------
    RunError
        If it cannot be read, or a line is no record.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(
            f"{path}: cannot be read ({error}); write one with --history {path}"
        ) from error
    records = []
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
            missing = [name for name in _NEEDED if name not in record]
        except (json.JSONDecodeError, TypeError) as error:
            raise RunError(f"{path}, line {number}: no record of a benchmark ({error})") from error
        if missing:
            raise RunError(f"{path}, line {number}: the record has no {missing[0]!r}")
        records.append(record)
    return records


def against(
    path: Path,
    records: Sequence[Record],
    results: Results,
    *,
    contender: str,
    tolerance: float = TOLERANCE,
) -> Against:
    """Compare the times of one contender with the latest comparable ones.

    Raises
    ------
    MeasureError
        If there is nothing to compare with, or there are too few turns to ever tell.
    """
    pairs = []
    for timing in results.timings:
        if timing.contender == contender:
            earlier = [each for each in records if _comparable(each, results, timing)]
            if earlier:
                pairs.append((timing, earlier[-1]))
    if not pairs:
        raise MeasureError(f"{path}: {_why_not(records, results)}")
    comparisons = [
        compared(timing.name, _relative(record), timing.relative, tolerance=tolerance)
        for timing, record in pairs
    ]
    for each in comparisons:
        if not can_tell(each.turns_before, each.turns_now, len(comparisons)):
            raise MeasureError(
                f"{path}: {each.turns_before} turns then and {each.turns_now} now can never show "
                f"a slowdown among {len(comparisons)} comparisons; raise --runs"
            )
    latest = pairs[-1][1]
    return Against(latest["date"], tuple(decided(comparisons)), _moved(latest, results))


def _comparable(record: Record, results: Results, timing: Timing) -> bool:
    return (
        _same_machine(record, results)
        and _same_data(record, results)
        and record["contender"] == timing.contender
        and record["jobs"] == timing.jobs
        and record["measures"] == list(timing.measures)
    )


def _same_machine(record: Record, results: Results) -> bool:
    return bool(record["machine"] == results.machine.as_record())


def _same_data(record: Record, results: Results) -> bool:
    return bool(record["data"].get("fingerprint") == results.data.fingerprint)


def _relative(record: Record) -> list[float]:
    pairs = zip(record["seconds"], record["yardstick"], strict=True)
    return [seconds / measured for seconds, measured in pairs]


def _why_not(records: Sequence[Record], results: Results) -> str:
    """Return why nothing can be compared, by what is nearest."""
    here = [record for record in records if _same_machine(record, results)]
    if not records:
        return "holds no results"
    if not here:
        return f"holds no results of this machine ({results.machine})"
    if not any(_same_data(record, results) for record in here):
        sizes = sorted({f"{record['data'].get('journeys'):,}" for record in here})
        return (
            f"holds no results for these {results.data.journeys:,} journeys; it has "
            f"{' and '.join(sizes)}: choose the same --journeys and --seed, or --data"
        )
    return "holds no results for these measures and threads"


def _moved(record: Record, results: Results) -> tuple[str, ...]:
    before = record["software"]
    return tuple(
        f"{name} {before.get(name, 'none')} -> {now}"
        for name, now in results.software.items()
        if before.get(name) != now
    )
