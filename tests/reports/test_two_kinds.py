"""Chance and inputs on the answer page."""

from __future__ import annotations

from journeysim.reports.answer_words import _two_kinds, input_rows
from journeysim.reports.page_tables import inputs_table


def row(measure: str, value: float | None, chance: float, inputs: float, **more: object) -> dict:
    larger = None if chance == inputs else "inputs" if inputs > chance else "chance"
    return {
        "measure": measure,
        "scenario": "fewer",
        "of": "difference",
        "channel": None,
        "value": value,
        "chance_half_width": chance,
        "input_half_width": inputs,
        "dominates": larger,
        "sure": True,
        "draws": 12,
        "unit": "share",
    } | more


ROWS = [
    row("service_level", -0.21, 0.01, 0.03),
    row("abandonment", 0.09, 0.02, 0.01, sure=False),
    row("resolved", 0.0, 0.0, 0.0),
    row("occupancy", None, 0.0, 0.0),
    row("service_level", 0.6, 0.01, 0.03, of="value"),
    row("service_level", -0.4, 0.01, 0.03, scenario="more"),
]


def test_only_known_differences_of_the_variant_count() -> None:
    found = input_rows(ROWS, "fewer")
    assert [each["measure"] for each in found] == ["service_level", "abandonment", "resolved"]


def test_sentence_counts_what_the_inputs_dominate() -> None:
    assert "drawn 12 times" in _two_kinds(ROWS, "fewer")
    assert "In 1 of 2 differences" in _two_kinds(ROWS, "fewer")
    assert "more replications would help more" in _two_kinds(ROWS, "fewer")
    assert "better figures would help more" in _two_kinds(ROWS, "more")
    assert "nothing moves" in _two_kinds(ROWS[2:3], "fewer")


def test_table_gives_both_widths_in_points_and_the_larger() -> None:
    table = inputs_table(input_rows(ROWS, "fewer"))
    assert table.rows[0] == ("service level, points", "\N{MINUS SIGN}21", "1.0", "3.0", "inputs")
    assert table.rows[1][4] == "perhaps chance"
    assert table.rows[2][4] == "\N{EN DASH}"
