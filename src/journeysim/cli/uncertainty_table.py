"""Chance and inputs side by side: pure functions of the rows of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from journeysim.cli.text_layout import Table
from journeysim.measures import catalogue
from journeysim.types import Row
from journeysim.wording.numbers import decimal_text
from journeysim.wording.scores import scale_of


def two_kinds_table(rows: Sequence[Row], by: Sequence[str], *, several: bool) -> Table:
    """Return a line for each difference that anything is known of.

    Parameters
    ----------
    several
        Whether there are several variants, so that they have to be named.
    """
    body = []
    for row in told(rows):
        scale = scale_of([{**row, "half_width": row["input_half_width"]}])
        members = [str(row[name]) for name in by if row[name] is not None]
        named = [row["scenario"]] if several else []
        label = " ".join([*named, *members, catalogue.label(row["measure"])])
        widths = (row["chance_half_width"], row["input_half_width"])
        body.append(
            [
                f"{label} {scale.unit}".rstrip(),
                decimal_text(row["value"] / scale.size, scale.decimals, signed=True),
                *(decimal_text(width / scale.size, scale.decimals + 1) for width in widths),
                larger(row),
            ]
        )
    headers = ["", "difference", "by chance\n±", "by inputs\n±", "larger"]
    return Table("", headers, body, names=1)


def larger(row: Row) -> str:
    """Return which kind of uncertainty is the larger, in words."""
    if row["dominates"] is None:
        return "-"
    return str(row["dominates"]) if row["sure"] else f"perhaps {row['dominates']}"


def told(rows: Sequence[Row]) -> list[Row]:
    """Return the differences that are known and not always 0."""
    return [
        row
        for row in rows
        if row["of"] == "difference"
        and row["value"] is not None
        and (row["value"] or row["chance_half_width"] or row["input_half_width"])
    ]


def two_kinds_notes(rows: Sequence[Row], level: float) -> list[str]:
    """Return what the table rests on, and what would help."""
    found = told(rows)
    if not found:
        return ["Nothing differs, whatever the inputs are."]
    draws, pairs = found[0]["draws"], found[0]["replications"]
    led = [row for row in found if row["dominates"] == "inputs"]
    helps = (
        "More replications would help little: better figures under [evidence] would."
        if 2 * len(led) > len(found)
        else "More replications make what chance does narrower; better figures under [evidence] "
        "what the inputs do."
    )
    text = (
        f"{draws} draws of the inputs within the ranges of [evidence], the same for all scenarios, "
        f"with {pairs} pairs of replications each. Half-widths at {100 * level:g} %, separated by "
        "the analysis of variance. By chance: of the mean of all of them. By inputs: of the band "
        f"in which the true difference lies as they vary. {helps}"
    )
    return [text]
