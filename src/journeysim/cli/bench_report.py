"""The results of a benchmark as tables for people, or as one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from journeysim.bench.backend import COMPILED
from journeysim.bench.slowdown_test import TOLERANCE
from journeysim.cli.screen import plus_minus, print_table, say
from journeysim.cli.text_layout import Table

if TYPE_CHECKING:
    from journeysim.bench.history import Against
    from journeysim.bench.results import Results, Timing

_MILLION, _GIGABYTE, _MEGABYTE = 1e6, 1e9, 1e6
#: Above this share of the bandwidth, memory is what limits.
_BOUND_BY_MEMORY = 0.5


def print_results(results: Results) -> None:
    """Print what was measured, group by group."""
    data = results.data
    say(f"{results.machine}")
    say(
        f"{data.journeys:,} journeys with {data.contacts:,} contacts ({data.origin}); "
        "all contenders found the same scores."
    )
    together = [timing for timing in results.timings if not timing.alone]
    groups = dict.fromkeys(timing.group for timing in together)
    for group in groups:
        say()
        _print_group([timing for timing in together if timing.group == group])
    alone = [timing for timing in results.timings if timing.alone]
    if alone:
        say()
        _print_alone(alone)
    say()
    _print_notes(results, together)


def _print_group(timings: Sequence[Timing]) -> None:
    by_jobs: dict[int, list[Timing]] = {}
    for timing in timings:
        by_jobs.setdefault(timing.jobs, []).append(timing)
    rows = []
    for same in by_jobs.values():
        ours = next((timing for timing in same if timing.contender == COMPILED), None)
        rows += [_row(timing, ours) for timing in same]
    first = timings[0]
    listed = ", ".join(first.measures)
    say(
        f"{first.group}: {listed}"
        if len(listed) < 150
        else f"{first.group}: {len(first.measures)} measures"
    )
    headers = [
        *("contender", "threads", "million\njourneys/s", "spread\n%", "times\nas long"),
        *("by CPU\ntime", "GB/s", "memory\n%", "peak\nMB"),
    ]
    print_table(Table("", headers, rows))


def _row(timing: Timing, ours: Timing | None) -> list[str]:
    return [
        timing.contender,
        str(timing.jobs),
        f"{timing.rate / _MILLION:.2f}",
        f"{plus_minus()}{100 * timing.spread:.0f}",
        "" if ours is None or ours is timing else f"{timing.median / ours.median:.1f}",
        "" if ours is None or ours is timing else f"{timing.work / ours.work:.1f}",
        f"{timing.moved / _GIGABYTE:.2f}",
        f"{100 * timing.share:.1f}",
        "" if timing.peak is None else f"{timing.peak / _MEGABYTE:.0f}",
    ]


def _print_alone(timings: Sequence[Timing]) -> None:
    say(f"Each measure alone, {COMPILED}, one thread")
    headers = ["measure", "million\njourneys/s", "spread\n%", "GB/s", "memory\n%"]
    rows = [
        [
            timing.measures[0],
            f"{timing.rate / _MILLION:.1f}",
            f"{plus_minus()}{100 * timing.spread:.0f}",
            f"{timing.moved / _GIGABYTE:.2f}",
            f"{100 * timing.share:.1f}",
        ]
        for timing in timings
    ]
    print_table(Table("", headers, rows))


def _print_notes(results: Results, timings: Sequence[Timing]) -> None:
    for width in results.bandwidths:
        threads = f"{width.threads} thread{'s' if width.threads != 1 else ''}"
        say(
            f"Memory, {threads}: copy {width.copy / _GIGABYTE:.0f}, triad "
            f"{width.triad / _GIGABYTE:.0f}, read {width.read / _GIGABYTE:.0f} GB/s."
        )
    ours = [timing for timing in timings if timing.contender == COMPILED]
    for timing in ours[:1]:
        bound = "memory" if timing.share > _BOUND_BY_MEMORY else "computing"
        say(
            f"{COMPILED} is bound by {bound}: it takes {100 * timing.share:.0f} % of what the "
            "memory gives."
        )
        if timing.compile_seconds is not None:
            say(
                f"Compiling took {timing.compile_seconds:.1f} s of processor time, once after an "
                "installation; it is not in the times."
            )
        libraries = 0 if timing.libraries is None else timing.libraries / _MEGABYTE
        say(
            "Peak: memory beyond mapped files and scores, libraries included "
            f"({libraries:.0f} MB for {COMPILED})."
        )
    for text in results.cannot:
        say(f"{text}.")
    turns = len(timings[0].seconds) if timings else 0
    say(
        f"Medians of {turns} turn{'s' if turns != 1 else ''}; {plus_minus()} is half the distance "
        f"of their quartiles. Times as long: as {COMPILED} with as many threads, by the clock and "
        "by processor time; the latter hardly changes when others use the machine. Memory: share "
        "of the bytes that it gives."
    )


def print_against(found: Against) -> None:
    """Print how times stand beside earlier ones."""
    say()
    say(f"Beside the results of {found.date}")
    headers = ["kernels", "threads", "time now\nto then", "95 %\ninterval", "p", "turns", ""]
    rows = []
    for each in found.comparisons:
        name, _, jobs = each.name.rpartition(", ")
        rows.append(
            [
                name.partition(", ")[0],
                jobs,
                f"{each.ratio:.3f}",
                f"{each.lower:.3f} to {each.upper:.3f}",
                f"{each.p:.3f}",
                f"{each.turns_before}, {each.turns_now}",
                "SLOWER" if each.slower else "",
            ]
        )
    print_table(Table("", headers, rows))
    say(
        "Times are divided by that of a fixed piece of work measured beside them. p: rank-sum "
        f"test (Mann-Whitney) of more than {100 * TOLERANCE:.0f} % slower, one-sided, corrected "
        "for the number of comparisons (Holm); slower from p at most 0.05. Ratio and interval: "
        "Hodges-Lehmann."
    )
    if found.versions:
        say(f"Since then: {', '.join(found.versions)}.")
    if not found.slower:
        say("Nothing is slower beyond noise.")


def document(results: Results, found: Against | None) -> dict[str, Any]:
    """Return everything as one document."""
    said: dict[str, Any] = {"results": results.records(), "cannot": list(results.cannot)}
    if found is not None:
        said["against"] = {
            "date": found.date,
            "versions": list(found.versions),
            "comparisons": [_finite(asdict(each)) for each in found.comparisons],
        }
    return said


def _finite(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record that JSON can hold: an interval without an end has none there."""
    ends = {name: None for name in ("lower", "upper") if record[name] in (0.0, float("inf"))}
    return {**record, **ends}
