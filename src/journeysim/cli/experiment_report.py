"""What is printed about an experiment; computes nothing but words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from journeysim.cli import screen
from journeysim.cli.text_layout import Table
from journeysim.cli.uncertainty_table import larger
from journeysim.measures import catalogue
from journeysim.types import Row
from journeysim.wording.clock import moment
from journeysim.wording.numbers import count, listed
from journeysim.wording.scores import aligned, scale_of, score_column

if TYPE_CHECKING:
    import pyarrow as pa

    from journeysim.experiments import Experiment, Plan

_DESIGNS: Final = {
    "factorial": "a full factorial",
    "latin_hypercube": "a Latin hypercube",
    "sobol": "a Sobol' sequence",
    "list": "a list",
    "morris": "a screening by Morris",
    "sobol_indices": "a design for Sobol' indices",
}
#: Points that are printed; all of them are in the table.
_SHOWN: Final = 16


class ExperimentReport:
    """Prints an experiment.

    Parameters
    ----------
    experiment
        A finished one.
    where
        Where it is kept, or None.
    """

    def __init__(self, experiment: Experiment, where: str | None) -> None:
        self.experiment = experiment
        self.record = experiment.record
        self.where = where
        self.rows = [_plain(row) for row in experiment.summary.to_pylist()]

    def print(self) -> None:
        """Print what it is, what matters or came out, and how sure that is."""
        screen.say(self.record["title"] or self.record["scenario"], style="bold")
        screen.say(self._what())
        screen.say()
        if self.experiment.sensitivity is not None:
            self._print_sensitivity()
        else:
            self._print_points()
        if self.record["input_draws"]:
            self._print_two_kinds()
        if self.record["replications"] is None:
            self._print_not_reached()
        if self.where is not None:
            screen.say()
            screen.say(f"Kept in {self.where}: results.arrow, summary.arrow, points.arrow ...")

    def print_json(self) -> None:
        """Print everything but the single replications as one JSON document."""
        sensitivity = self.experiment.sensitivity
        screen.print_json(
            {
                "command": "experiment",
                "place": self.where,
                **{key: self.record[key] for key in self.record if key != "definitions"},
                "summary": self.rows,
                "sensitivity": None if sensitivity is None else sensitivity.to_pylist(),
            }
        )

    def _what(self) -> str:
        record = self.record
        design = _DESIGNS[record["design"]]
        factors = listed(record["factors"])
        each = f"{count(record['replications'], 'replication')} each"
        if record["replications"] is None:
            each = "replications until the precision was reached"
        if record["input_draws"]:
            each = f"{count(record['input_draws'], 'draw')} of the inputs with {each}"
        customers = (
            "the same customers at every point"
            if record["customers"] == "same"
            else "other customers at every point"
        )
        return (
            f"{count(record['points'], 'point')}, {design} over {factors}; {each}; {customers}, "
            f"seed {record['seed']}. ± is half the width of a {100 * record['level']:g} % "
            "interval by chance in the simulation."
        )

    def _print_points(self) -> None:
        groups = _groups(self.rows, self.record["by"])
        numbers = list(dict.fromkeys(row["point"] for row in self.rows))
        shown = numbers[:_SHOWN]
        first = [row for rows in groups[:1] for row in rows[1]][: len(shown)]
        headers = ["point", *self.record["factors"]]
        columns = [[str(point) for point in shown]]
        columns += [[_value(row[name]) for row in first] for name in self.record["factors"]]
        for label, rows in groups:
            unit, cells = score_column(rows[: len(shown)], sign=screen.plus_minus())
            headers.append(f"{label}\n{unit}")
            columns.append(cells)
        body = [list(line) for line in zip(*columns, strict=True)]
        screen.print_table(Table("", headers, body, names=1))
        if len(numbers) > len(shown):
            rest = len(numbers) - len(shown)
            place = "in summary.arrow" if self.where else "with --out, in summary.arrow"
            screen.say(f"... and {count(rest, 'point')} more, {place}.")

    def _print_not_reached(self) -> None:
        """Say at how many points the precision may not have been reached before the cap."""
        most = self.experiment.plan.replications
        stopped = {row["point"] for row in self.rows if row["replications"] == most}
        if stopped:
            screen.say()
            screen.say(
                f"{count(len(stopped), 'point')} of {self.record['points']} stopped at the cap of "
                f"{most} replications: the precision may NOT be reached there. See "
                "max_replications."
            )

    def _print_sensitivity(self) -> None:
        sensitivity = self.experiment.sensitivity
        assert sensitivity is not None
        rows = [_plain(row) for row in sensitivity.to_pylist()]
        morris = self.record["design"] == "morris"
        for place, (label, mine) in enumerate(_groups(rows, self.record["by"], known="factor")):
            if place:
                screen.say()
            table = _morris_table if morris else _sobol_table
            screen.print_table(table(label, mine, self._unit(mine[0]["measure"])))
        screen.say()
        if morris:
            screen.say(
                "Importance is the mean size of the effect of taking a factor from one end of its "
                "spread to the other; effect is the same with its sign; interaction is high where "
                "the effect depends on the other factors, or bends."
            )
        else:
            screen.say(
                "Shares of the variance over all points: what a factor makes by itself, and "
                "together with all others. ± is bootstrapped."
            )

    def _unit(self, measure: str) -> str:
        return next(str(row["unit"]) for row in self.rows if row["measure"] == measure)

    def _print_two_kinds(self) -> None:
        """Say of each measure which kind of uncertainty is the larger, and how large both are."""
        screen.say()
        screen.say("Two kinds of uncertainty", style="bold")
        level = f"{100 * self.record['level']:g} %"
        body = []
        for label, rows in _groups(self.rows, self.record["by"]):
            scale = scale_of(rows)
            middle = sorted(rows, key=lambda row: row["total_half_width"] or 0.0)[len(rows) // 2]
            widths = [middle[name] for name in ("half_width", "input_half_width")]
            body.append(
                [
                    label,
                    scale.unit,
                    *("-" if each is None else f"{each / scale.size:.3g}" for each in widths),
                    _verdicts(rows),
                ]
            )
        headers = ["", "unit", "by chance\n±", "by inputs\n±", "the larger is"]
        screen.print_table(Table("", headers, body, names=2))
        screen.say(
            f"Half-widths at {level}, at the point in the middle. More replications make the one "
            "by chance narrower; only better figures under evidence the one by inputs."
        )


def print_rows(
    plan: Plan, rows: pa.Table, point: int, replication: int, out: str | None, *, as_json: bool
) -> None:
    """Print the rows of one replication."""
    found = [_plain(row) for row in rows.to_pylist()]
    if as_json:
        screen.print_json({"command": "experiment", "directory": out, "rows": found})
        return
    values = zip(plan.factors, plan.points[point], strict=True)
    said = listed(f"{factor.name} {value}" for factor, value in values)
    screen.say(f"Point {point} ({said}), replication {replication}", style="bold")
    units = {measure.name: getattr(measure, "unit", "s") for measure in plan.measures}
    body = []
    for row in found:
        whole = {**row, "half_width": None, "unit": units[row["measure"]]}
        unit, cells = score_column([whole])
        body.append([_label(row, plan.by), f"{cells[0]} {unit}".rstrip()])
    screen.print_table(Table("", ["", "value"], body, names=1))
    if out is not None:
        screen.say(f"The run is in {out}; look at it with: journeysim journeys {out}")


def _groups(
    rows: Sequence[Row], by: Sequence[str], *, known: str = "value"
) -> list[tuple[str, list[Row]]]:
    """Return the rows of each measure and member, by what they are called; none that is unknown."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(_label(row, by), []).append(row)
    return [
        (label, mine)
        for label, mine in found.items()
        if any(row[known] is not None for row in mine)
    ]


def _label(row: Row, by: Sequence[str]) -> str:
    members = [_member(row[name]) for name in by if row[name] is not None]
    return " ".join([*members, catalogue.label(row["measure"])])


def _member(member: Any) -> str:
    return moment(member, "monday", seconds=False)[4:] if isinstance(member, int) else str(member)


def _verdicts(rows: Sequence[Row]) -> str:
    """Return at how many points each kind is the larger."""
    words = [larger(row) for row in rows if row["dominates"] is not None]
    if len(rows) == 1:
        return words[0] if words else "-"
    return ", ".join(f"{word} at {number}" for word, number in Counter(words).most_common())


def _morris_table(label: str, rows: Sequence[Row], unit: str) -> Table:
    ordered = sorted(rows, key=lambda row: -(row["importance"] or 0.0))
    scale = scale_of(
        [
            {"unit": unit, "measure": "", "value": r["importance"], "half_width": None}
            for r in ordered
        ]
    )
    sign = screen.plus_minus()
    cells = [
        [
            row["factor"],
            _with_width(row["importance"], row["importance_half_width"], scale.size, sign),
            _number(row["effect"], scale.size, sign="+"),
            _number(row["interaction"], scale.size),
        ]
        for row in ordered
    ]
    padded = aligned([row[1] for row in cells], sign=sign)
    body = [[row[0], wide, *row[2:]] for row, wide in zip(cells, padded, strict=True)]
    headers = [f"{label} {scale.unit}".rstrip(), "importance", "effect", "interaction"]
    return Table("", headers, body, names=1)


def _sobol_table(label: str, rows: Sequence[Row], _: str) -> Table:
    ordered = sorted(rows, key=lambda row: -(row["total"] or 0.0))
    sign = screen.plus_minus()
    columns = [
        aligned(
            [_with_width(row[name], row[f"{name}_half_width"], 1.0, sign) for row in ordered],
            sign=sign,
        )
        for name in ("first_order", "total")
    ]
    names = [row["factor"] for row in ordered]
    body = [list(line) for line in zip(names, *columns, strict=True)]
    return Table("", [label, "by itself", "with others"], body, names=1)


def _with_width(value: float | None, half_width: float | None, size: float, sign: str) -> str:
    return f"{_number(value, size)} {sign} {_number(half_width, size)}"


def _number(value: float | None, size: float, *, sign: str = "") -> str:
    return "-" if value is None else f"{value / size:{sign}.2f}"


def _value(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with an interval of the day as ticks."""
    return {
        key: value // timedelta(microseconds=1) if isinstance(value, timedelta) else value
        for key, value in row.items()
    }
