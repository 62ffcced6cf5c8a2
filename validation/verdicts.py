"""The tables of docs/validation-tables.md, written from the files in validation/results.

python -m validation.verdicts
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

Row = dict[str, str]

ROOT: Final = Path(__file__).parents[1]
RESULTS: Final = ROOT / "validation" / "results"
PAGE: Final = ROOT / "docs" / "validation-tables.md"

_INTRODUCTION: Final = """\
Written by `python -m validation.verdicts` from `validation/results`; what they mean is in
[validation.md](validation.md)."""
_FARTHEST: Final = """\
The farthest figure of each case: z is its distance in standard errors. "Control" figures have a
known mean of 0: they guard the draws themselves."""
_CASES: Final = {
    "erlangC_open": "M/M/s (Erlang C)",
    "erlangB_open": "M/G/s/s, lognormal service (Erlang B)",
    "erlangA_open": "M/M/s+M (Erlang A)",
    "mmsnM_open": "M/M/s/N+M, limited lines",
    "mmsG_det_open": "M/M/s+G, patience all alike",
    "mmsG_logn_open": "M/M/s+G, lognormal patience",
    "mPHsM_open": "M/E2/s+M",
    "mDs_open": "M/D/s",
    "prio_open": "two priorities",
    "prio_ab_open": "two priorities, abandonment",
    "jackson_open": "two stations, feedback",
    "retrial_open": "retrial of the blocked",
    "redial_open": "redial and recontact",
    "nmodel_open": "two pools, overflow at once",
    "switch_open": "abandoners switch channel",
    "tv_finish_open": "rates and staff over the day, finish rule",
    "mtginf_open": "infinitely many servers, changing rate",
    "nhpp_counts_open": "counts of arrivals, day factor",
    "whatif_open": "differences under equal luck",
}
_CHANGES: Final = {
    "agents": "one agent more",
    "rate": "5 % more customers",
    "service": "5 % longer handling",
}
_NOTICED: Final = {
    "world": "a random world full of ties",
    "simple world": "a random world of single queues",
    "corner": "a world made for a corner",
    "tests/": "a test",
}
_OUTCOMES: Final = {
    "p_ab": "abandonment",
    "ew": "mean wait",
    "sl_offered": "service level",
}


def page() -> str:
    """Return the page."""
    parts = (
        "# Tables of the validation",
        _INTRODUCTION,
        "## Theory",
        _FARTHEST,
        theory(rows_of("theory")),
        "## Twins",
        twins(rows_of("twins")),
        "## Planted faults",
        faults(rows_of("faults")),
        "## Differences under equal luck",
        "Of 200 intervals of 95 %, how many hold the exact difference.",
        coverage(rows_of("compare")),
        "How many times smaller pairing makes the variance.",
        savings(rows_of("compare")),
    )
    return "\n\n".join(parts) + "\n"


def rows_of(name: str) -> list[Row]:
    """Return the rows of a file of results."""
    with (RESULTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def theory(rows: Sequence[Row]) -> str:
    """Return a line per case, with its farthest figure."""
    lines = []
    for case in dict.fromkeys(row["case"] for row in rows):
        mine = [row for row in rows if row["case"] == case]
        far = max(mine, key=lambda row: abs(float(row["z"])))
        values = (f"{float(far[name]):.5g}" for name in ("exact", "simulated"))
        agree = sum(row["verdict"] == "agrees" for row in mine)
        lines.append(
            (
                f"{_CASES.get(case, case)} (`{case}`)",
                f"{agree} of {len(mine)}",
                far["replications"],
                far["figure"],
                *values,
                f"{float(far['z']):+.2f}",
                f"{float(far['seconds']):.0f}",
            )
        )
    header = "case|figures that agree|replications|farthest figure|exact|simulated|z|seconds"
    return table(header, "l r r l r r r r", lines)


def twins(rows: Sequence[Row]) -> str:
    """Return a line per state of the engines."""
    names = ("worlds", "simple_worlds", "cramped_worlds", "journeys", "contacts")
    lines = [
        (
            row["date"],
            f"`{row['engine']}`",
            *(f"{int(row[name]):,}" for name in names),
            row["disagreements"],
        )
        for row in rows
    ]
    words = (name.replace("_", " ") for name in names)
    return table("|".join(("date", "engine", *words, "disagreements")), "l l r r r r r r", lines)


def faults(rows: Sequence[Row]) -> str:
    """Return what notices how many of the faults that were planted."""
    counts: dict[str, int] = {}
    for row in rows:
        by = next(
            (words for begin, words in _NOTICED.items() if row["noticed_by"].startswith(begin)),
            row["noticed_by"] or "NOTHING",
        )
        counts[by] = counts.get(by, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [(by, str(count)) for by, count in (*ordered, ("together", len(rows)))]
    return table("noticed by|faults", "l r", lines)


def coverage(rows: Sequence[Row]) -> str:
    """Return how many intervals hold the exact difference, by change and measure."""
    found = {row["figure"]: row["found"] for row in rows if row["case"] == "whatif_open"}
    lines = [
        (words, *(found[f"{change}: {outcome}"] for outcome in _OUTCOMES))
        for change, words in _CHANGES.items()
    ]
    return table("|".join(("change", *_OUTCOMES.values())), "l r r r", lines)


def savings(rows: Sequence[Row]) -> str:
    """Return the ratios of variances, by case and figure."""
    ending = ", variance reduction"
    lines = [
        (row["case"], row["figure"].removesuffix(ending), row["pairs"], row["found"])
        for row in rows
        if row["figure"].endswith(ending)
    ]
    return table("case|figure|pairs|times smaller", "l l r r", lines)


def table(header: str, sides: str, lines: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown; sides are `l` or `r` for each column."""
    marks = {"l": "---", "r": "---:"}
    ruled = [header.split("|"), [marks[side] for side in sides.split()], *lines]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in ruled)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
