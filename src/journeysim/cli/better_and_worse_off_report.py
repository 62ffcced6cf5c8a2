"""Who is better and worse off, in words, and one of them told side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from journeysim.cli.side_by_side import side_by_side
from journeysim.types import Row
from journeysim.units import SECOND, readable
from journeysim.wording.clauses import span_words
from journeysim.wording.numbers import decimal_text, interval_text
from journeysim.wording.story import tick_rows

if TYPE_CHECKING:
    from journeysim.comparison import Comparison


def people_lines(comparison: Comparison, variant: str) -> list[str]:
    """Return who is better and worse off in a variant, as paragraphs."""
    rows = [row for row in comparison.customers.to_pylist() if row["variant"] == variant]
    of_all = {row["counted"]: row for row in rows if row["segment"] is None}
    whole = span_words(comparison.record["span"])
    paired = of_all["paired"]["mean"]
    if not paired:
        return ["No customer comes in both scenarios."]
    first = (
        f"Of {_number(paired)} customers {whole}, {_with_interval(of_all['worse'])} are "
        f"worse off and {_with_interval(of_all['better'])} better off; for "
        f"{_number(of_all['same']['mean'])} nothing changes."
    )
    found = [first, _outcomes(of_all), _waits(of_all)]
    for name, text in (
        ("not_known", "are open at the end of one world only, and not judged"),
        ("only_baseline", "come in the baseline alone"),
        ("only_variant", "come in the variant alone"),
    ):
        if of_all[name]["total"]:
            found.append(f"{_number(of_all[name]['mean'])} customers {text}.")
    return [*(text for text in found if text), *_hit_hardest(rows)]


def _outcomes(of_all: Mapping[str, Row]) -> str:
    pieces = []
    for now, before, text in (
        ("resolved_before", "resolved_now", "need met only in the baseline {a}, only now {b}"),
        ("lost_now", "lost_before", "lost for good only now {a}, only in the baseline {b}"),
    ):
        if of_all[now]["total"] or of_all[before]["total"]:
            a, b = (_number(of_all[name]["mean"]) for name in (now, before))
            pieces.append(text.format(a=a, b=b))
    return f"How it ends: {'; '.join(pieces)}." if pieces else ""


def _waits(of_all: Mapping[str, Row]) -> str:
    pieces = []
    for many, seconds, text in (
        ("waits_longer", "seconds_longer", "wait longer"),
        ("waits_less", "seconds_less", "wait less"),
    ):
        total = of_all[many]["total"]
        if total:
            each = readable(of_all[seconds]["total"] / total * SECOND)
            pieces.append(f"{_number(of_all[many]['mean'])} {text}, by {each} on average")
    return f"In queues: {'; '.join(pieces)}." if pieces else ""


def _hit_hardest(rows: list[Row]) -> list[str]:
    """Return which segments are worse off most, where there are several."""
    shares = {}
    for segment in dict.fromkeys(row["segment"] for row in rows):
        mine = {row["counted"]: row["mean"] for row in rows if row["segment"] == segment}
        if segment is not None and mine["paired"]:
            shares[segment] = (
                mine["worse"] / mine["paired"],
                mine["better"] / mine["paired"],
            )
    if len(shares) < 2:
        return []
    ordered = sorted(shares, key=lambda segment: -sum(shares[segment]))
    told = [
        f"{name} {100 * shares[name][0]:.0f} % worse, {100 * shares[name][1]:.0f} % better"
        for name in ordered
    ]
    return [f"By segment: {'; '.join(told)}."]


def _number(value: float) -> str:
    return decimal_text(value, 0 if value >= 10 else 1)


def _with_interval(row: Row) -> str:
    if row["lower"] is None or row["lower"] == row["upper"]:
        return _number(row["mean"])
    found = interval_text(row["mean"], max(row["lower"], 0.0), row["upper"])
    return f"{found.value} ({found.lower} to {found.upper})"


def told_lines(
    comparison: Comparison, variant: str, width: int, *, change: str | None = None
) -> list[str]:
    """Return one customer side by side: of those worse off, or of the better off if more are.

    Parameters
    ----------
    change
        Whether one who is better or one who is worse off; None for who there are more of.
    """
    rows = {
        row["counted"]: row["total"]
        for row in comparison.customers.to_pylist()
        if row["variant"] == variant and row["segment"] is None
    }
    wanted = change or ("better" if rows["better"] > rows["worse"] else "worse")
    journeys = [
        row
        for row in tick_rows(comparison.told_journeys)
        if row["variant"] == variant and row["change"] == wanted
    ]
    if len(journeys) < 2:
        return []
    contacts = [
        row
        for row in tick_rows(comparison.told_contacts)
        if row["variant"] == variant and row["change"] == wanted
    ]
    by_side = {side: [row for row in contacts if row["side"] == side] for side in _SIDES}
    first, second = sorted(journeys, key=lambda row: _SIDES.index(row["side"]))
    titles = comparison.record["baseline"]["name"], variant
    who = (
        f"One of those who are {wanted} off: customer {first['customer']} of replication "
        f"{first['replication']},"
    )
    return [
        "",
        who,
        f"{first['segment']}, needs {first['need']}:",
        *side_by_side(
            titles,
            (first, second),
            (by_side["baseline"], by_side["variant"]),
            starts_on=comparison.record["starts_on"],
            width=width,
        ),
    ]


_SIDES = ("baseline", "variant")
