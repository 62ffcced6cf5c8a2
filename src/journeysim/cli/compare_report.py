"""What is printed about a comparison: the answer, the figures, the people, how sure it is."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journeysim.cli import screen
from journeysim.cli.better_and_worse_off_report import people_lines, told_lines
from journeysim.cli.compare_tables import DOUBT, difference_table, shown_rows
from journeysim.cli.text_layout import Table
from journeysim.cli.uncertainty_table import two_kinds_notes, two_kinds_table
from journeysim.types import Row
from journeysim.wording.clauses import certainty_of, span_words, subject_of
from journeysim.wording.clock import span, weekday_of
from journeysim.wording.numbers import count, decimal_text, listed
from journeysim.wording.sentences import chosen_rows, headline_rows

if TYPE_CHECKING:
    import pyarrow as pa

    from journeysim.comparison import Comparison


class ComparisonReport:
    """Prints a comparison; computes nothing but words."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.record = comparison.record
        self.rows = [_plain(row) for row in comparison.differences.to_pylist()]
        self.headline = headline_rows(comparison.headline.to_pylist())

    def print(self) -> None:
        """Print the answer first, then what it rests on."""
        for sentence in self.comparison.sentences:
            screen.say(sentence, style="bold")
        several = len(self.record["variants"]) > 1
        for variant in self.record["variants"]:
            screen.say()
            screen.print_table(self._table(variant, title=variant["words"] if several else ""))
            screen.say()
            for line in people_lines(self.comparison, variant["name"]):
                screen.say(line)
        for line in told_lines(self.comparison, self.comparison.variants[0], screen.width()):
            screen.say_as_it_is(line)
        if several:
            self._print_best()
        self._print_certainty()
        if self.comparison.input_uncertainty is not None:
            self._print_two_kinds(self.comparison.input_uncertainty)

    def print_json(self, out: Path | None) -> None:
        """Print everything as one JSON document."""
        comparison = self.comparison
        screen.print_json(
            {
                "command": "compare",
                "sentences": comparison.sentences,
                "directory": None if out is None else str(out),
                **{key: self.record[key] for key in self.record if key != "definitions"},
                "differences": self.rows,
                "best": [_plain(row) for row in comparison.best.to_pylist()],
                "customers": comparison.customers.to_pylist(),
                "input_uncertainty": self._inputs(),
            }
        )

    def _table(self, variant: Mapping[str, Any], *, title: str) -> Table:
        name = variant["name"]
        return difference_table(
            shown_rows([row for row in self.rows if row["variant"] == name]),
            self.record["by"],
            names=("baseline", "variant"),
            level=self.record["level"],
            weekday=self.record["starts_on"],
            whole=span_words(self.record["span"]),
            title=title,
        )

    def _inputs(self) -> list[Row] | None:
        table = self.comparison.input_uncertainty
        return None if table is None else [_plain(row) for row in table.to_pylist()]

    def _print_two_kinds(self, table: pa.Table) -> None:
        """Say how far the differences depend on inputs that are not well known."""
        screen.say()
        screen.say("Two kinds of uncertainty", style="bold")
        rows = [_plain(row) for row in table.to_pylist()]
        several = len(self.comparison.variants) > 1
        screen.print_table(two_kinds_table(rows, self.record["by"], several=several))
        for line in two_kinds_notes(rows, self.record["level"]):
            screen.say(line)

    def _certainty(self, row: Row) -> str:
        return certainty_of(row, self.record["level"])

    def _print_best(self) -> None:
        """Say which scenarios may be the best in what the sentences are about first."""
        mine = [row for row in self.headline if row["variant"]]
        chosen = chosen_rows([r for r in mine if r["variant"] == self.comparison.variants[0]])
        best = [_plain(row) for row in self.comparison.best.to_pylist()]
        for row in chosen[:1]:
            same = [
                each
                for each in best
                if each["measure"] == row["measure"]
                and all(each[key] in (row.get(key), None) for key in self.record["by"])
            ]
            leading = [each["scenario"] for each in same if each["verdict"] in _MAY_BE_BEST]
            if not leading:
                return
            screen.say()
            text = (
                f"{leading[0]!r} is the best"
                if len(leading) == 1
                else f"{listed(map(repr, leading), last='or')} may be the best"
            )
            screen.say(
                f"Of {count(len(same), 'scenario')}, in {subject_of(row)}: {text} (multiple "
                f"comparisons with the best, {100 * self.record['level']:g} %)."
            )

    def _print_certainty(self) -> None:
        record = self.record
        screen.say()
        screen.say("How sure", style="bold")
        first = weekday_of(0, record["starts_on"])
        screen.say(
            f"{record['replications']} pairs of replications of {span(record['horizon'])} from "
            f"{first}, seed {record['seed']}: the same customers with the same luck in all "
            f"scenarios. Brackets hold {100 * record['level']:g} % intervals of the paired "
            "differences (Student's t; jackknife for ratios and quantiles)."
        )
        for text in (*self._pairing(), *self._family(), *self._precision()):
            screen.say(text)
        if any(self._certainty(row) == "unsure" for row in self.rows):
            screen.say(f"A {DOUBT} marks a difference that does not hold among so many.")
        screen.say(
            "These intervals cover chance alone: more replications make them narrower. How well "
            "the scenario's own figures are known is not in them."
        )

    def _pairing(self) -> list[str]:
        """Return what pairing the customers has saved."""
        known = [row for row in self.rows if row["variance_reduction"] is not None]
        if not known:
            return []
        found = []
        variant = self.comparison.variants[0]
        rows = [row for row in self.headline if row["variant"] == variant]
        main = [row for row in chosen_rows(rows) if row["variance_reduction"] is not None]
        if main:
            found.append(f"{_times(main[0]['variance_reduction'])} in {subject_of(main[0])}")
        all_of_them = [row["variance_reduction"] for row in known]
        if len(all_of_them) > 1:
            middle = _times(statistics.median(all_of_them))
            found.append(f"{middle} in the middle, {_times(min(all_of_them))} at least")
        return [
            "Pairing cuts the variance of the differences: "
            + "; ".join(found)
            + ". Without it, so many times the replications would be needed."
        ]

    def _family(self) -> list[str]:
        """Return how many differences hold when all are judged together."""
        judged = [row for row in self.rows if row["p_holm"] is not None]
        if len(judged) < 2:
            return []
        limit = 1.0 - self.record["level"]
        alone = sum(row["p"] <= limit for row in judged)
        holds = sum(row["p_holm"] <= limit for row in judged)
        whose = " of all variants" if len(self.record["variants"]) > 1 else ""
        text = (
            f"Of {len(judged)} differences{whose} that scatter, {alone} are beyond chance one by "
            f"one, and {holds} when all are judged together (Holm, {100 * limit:g} %)."
        )
        return [text]

    def _precision(self) -> list[str]:
        """Return which precision was asked for, and what there is."""
        found = []
        for target in self.record["precision"]:
            reached = "reached" if target["reached"] else "NOT REACHED"
            if target["half_width"] is None:
                found.append(f"Precision {target['target']}: {reached}, nothing is known of it.")
                continue
            size, unit = (0.01, " points") if target["unit"] == "share" else (1.0, "")
            unit = f" {target['unit']}" if target["unit"] in ("s", "h") else unit
            half, asked = target["half_width"] / size, target["asked"] / size
            found.append(
                f"Precision {target['target']}: {reached}; half-width {half:.3g}{unit}, "
                f"{asked:.3g} asked."
            )
        return found


_MAY_BE_BEST = ("best", "may be best", "as good")


def _times(ratio: float) -> str:
    return f"{decimal_text(ratio, 0 if ratio >= 10 else 1)} x"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with an interval of the day as ticks."""
    return {
        key: value // timedelta(microseconds=1) if isinstance(value, timedelta) else value
        for key, value in row.items()
    }
