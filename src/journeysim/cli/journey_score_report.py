"""Scores of journeys on the terminal: measures with their quantiles, and the emotion curve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from journeysim.cli.screen import plus_minus, print_json, print_table, say, say_hanging
from journeysim.cli.text_layout import Table
from journeysim.types import Row
from journeysim.wording.numbers import count
from journeysim.wording.scores import aligned, scale_of, score_text

if TYPE_CHECKING:
    import pyarrow as pa

    from journeysim.measures.experience import Weights
    from journeysim.measures.experience.summaries import Scores

QUANTILES = ("p50", "p90", "p99")
_PLOT = 28


def print_scores(
    tables: Sequence[Scores],
    title: str,
    *,
    options: Mapping[str, Any],
) -> None:
    """Print the summary of scored journeys, or one JSON document."""
    from journeysim.measures import catalogue
    from journeysim.measures.experience import summary

    by, asked = options["by"] or (), options["measures"]
    known = tables[0].schema.names
    chosen = asked
    if asked is None and by:
        parts = {"net_promoter_score": "promoter"}
        chosen = [
            name for name in catalogue.in_table("journey_scores") if parts.get(name, name) in known
        ]
    found = summary(tables, by=by, measures=chosen, level=options["level"])
    rows = found.to_pylist()
    if options["as_json"]:
        print_json({"command": "score", "title": title, "scores": rows})
        return
    say(title, style="bold")
    journeys = sum(table.num_rows for table in tables)
    replications = f" of {count(len(tables), 'replication')}" if len(tables) > 1 else ""
    say(f"{count(journeys, 'journey')}{replications} scored")
    say()
    for table in _by_group(rows, by) if by else [_of_all(rows)]:
        print_table(table)
        say()
    _print_notes(rows, replications=len(tables), level=options["level"])


def _of_all(rows: Sequence[Row]) -> Table:
    body = []
    for row in rows:
        unit, cells = _cells([row])
        body.append([_named(row), unit, *cells[0]])
    headers = ["", "unit", f"mean {plus_minus()}", *QUANTILES]
    return Table("Measures of a journey", headers, _in_line(body, 2), names=2)


def _by_group(rows: Sequence[Row], by: Sequence[str]) -> list[Table]:
    tables = []
    for name in dict.fromkeys(row["measure"] for row in rows):
        own = [row for row in rows if row["measure"] == name]
        unit, cells = _cells(own)
        title = _named(own[0]).capitalize() + (f", {unit}" if unit else "")
        body = [
            [*(str(row[each] or "none") for each in by), str(row["journeys"]), *cell]
            for row, cell in zip(own, cells, strict=True)
        ]
        headers = [*by, "journeys", f"mean {plus_minus()}", *QUANTILES]
        tables.append(Table(title, headers, _in_line(body, len(by) + 1), names=len(by)))
    return tables


def _cells(rows: Sequence[Row]) -> tuple[str, list[list[str]]]:
    """Return the unit of some rows of one measure, and their means and quantiles in it."""
    means = [{**row, "value": row["mean"]} for row in rows]
    scale = scale_of(means)
    if rows[0]["unit"] == "count":
        scale = type(scale)(scale.unit, scale.size, 2)
    found = []
    for row in means:
        quantiles = [{"value": row[name], "half_width": None} for name in QUANTILES]
        found.append(
            [score_text(row, scale, sign=plus_minus())]
            + [score_text(each, scale) for each in quantiles]
        )
    return scale.unit, found


def _in_line(body: list[list[str]], column: int) -> list[list[str]]:
    """Return rows in which the signs of a column stand below each other."""
    cells = aligned([row[column] for row in body], sign=plus_minus())
    return [
        [*row[:column], cell, *row[column + 1 :]] for row, cell in zip(body, cells, strict=True)
    ]


def _named(row: Row) -> str:
    from journeysim.measures import catalogue

    star = " *" if row["assumptions"] else ""
    return catalogue.label(row["measure"]) + star


def _print_notes(rows: Sequence[Row], *, replications: int, level: float) -> None:
    over = f"{replications} replications" if replications > 1 else "journeys"
    say(f"{plus_minus()} is half of a {100 * level:g} % interval over {over}.")
    if any(row["assumptions"] for row in rows):
        print_assumption_note(row["assumptions"] for row in rows)
    say()


def print_assumption_note(assumed: Iterable[str | None]) -> None:
    """Say what the figures with a star rest on: texts such as ``churn.base = 0.05 (K)``."""
    found = {text for texts in assumed if texts for text in texts.split(", ")}
    conventions = sum(text.endswith(("(K)", "(convention)", "(assumption)")) for text in found)
    say(
        f"* rests on assumptions: {count(len(found), 'weight')} without measured evidence, "
        f"{conventions} of them by convention. Compare scenarios by such figures rather than "
        "believe one of them; `journeysim score --assumptions` lists every weight."
    )


def print_assumptions(weights: Weights, *, as_json: bool) -> None:
    """List every weight with its value, range, grade and source."""
    if as_json:
        listed = [
            {
                "weight": path,
                "value": each.value,
                "range": [each.low, each.high],
                "grade": each.grade,
                "source": each.source,
                "meaning": each.meaning,
            }
            for path, each in weights.known.items()
        ]
        print_json({"command": "score", "weights": listed})
        return
    rows = [
        [path, f"{each.value:g}", f"{each.low:g} to {each.high:g}", each.grade]
        for path, each in weights.known.items()
    ]
    print_table(Table("Weights; times in minutes", ["", "value", "range", "grade"], rows, names=1))
    say()
    for path, each in weights.known.items():
        say_hanging(f"{path} ", f"{each.meaning} Source: {each.source}.", indent=26)
    say()
    say(
        "Grades: A meta-analysis or field experiment, B single study, C vendor or practitioner, "
        "D computed, M from memory, K convention; set: by the scenario or a file of weights."
    )


def print_curve(curve: pa.Table, title: str, *, weights: Weights, as_json: bool) -> None:
    """Print the emotion curve: figures, and a band from p10 to p90 with the mean in it."""
    from journeysim.measures.experience.measure_weights import VALENCE_WEIGHTS

    rows = curve.to_pylist()
    if as_json:
        print_json({"command": "score", "title": title, "curve": rows})
        return
    say(title, style="bold")
    for kind, heading in (("position", "by contact"), ("touchpoint", "by touchpoint")):
        own = [row for row in rows if row["by"] == kind]
        say()
        headers = [kind, "contacts", f"mean {plus_minus()}", "p10 to p90", "bad   good"]
        low = min([row["p10"] for row in rows] + [-1.0])
        high = max([row["p90"] for row in rows] + [1.0])
        body = [
            [
                str(row[kind]),
                str(row["contacts"]),
                _mean(row),
                f"{row['p10']:.2f} to {row['p90']:.2f}",
                _plot(row, low, high),
            ]
            for row in own
        ]
        print_table(Table(f"Emotion curve {heading}", headers, _in_line(body, 2), names=1))
    say()
    say(
        "Valence of contacts: 0 is neutral, 1 a need met that nobody expected to be. The band "
        "holds eight tenths of the contacts, ':' is neutral and 'o' the mean."
    )
    print_assumption_note([", ".join(weights.assumptions(VALENCE_WEIGHTS))])


def _mean(row: Row) -> str:
    half = row["half_width"]
    return f"{row['mean']:.2f}" + (f" {plus_minus()} {half:.2f}" if half is not None else "")


def _plot(row: Row, low: float, high: float) -> str:
    def place(value: float) -> int:
        return round((min(max(value, low), high) - low) / (high - low) * (_PLOT - 1))

    cells = [" "] * _PLOT
    for at in range(place(row["p10"]), place(row["p90"]) + 1):
        cells[at] = "-"
    cells[place(0.0)] = ":"
    cells[place(row["mean"])] = "o"
    return "".join(cells)
