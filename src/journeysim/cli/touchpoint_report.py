"""Credits of touchpoints for reading: pure functions of the rows of the credit table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from journeysim.cli.text_layout import Table
from journeysim.types import Row
from journeysim.wording.numbers import listed, plain_percent
from journeysim.wording.scores import score_column

_BY_LOG = {
    "first_touch": "first touch",
    "last_touch": "last touch",
    "linear": "linear",
    "shapley": "Shapley",
    "markov": "Markov",
}
_WITHOUT = {
    "removal_effect": "the log\nclaims",
    "true_effect": "true\neffect",
    "difference": "difference",
    "interventional_shapley": "all sets\n(Shapley)",
    "decisiveness": "well less\nbadly",
}


def credit_tables(rows: Sequence[Row], *, by: str, sign: str) -> list[Table]:
    """Return the tables: who gets the credit, and what is missing without each touchpoint."""
    goal = rows[0]["goal"]
    names = list(dict.fromkeys(row["touchpoint"] for row in rows))
    credit = _columns(rows, goal, _BY_LOG, sign=sign)
    without = _columns(rows, goal, _WITHOUT, sign=sign)
    kept = _more_lost(rows, goal, sign=sign)
    if kept:
        without.append(("more lost\nwithout it", kept))
    titles = (
        f"Who gets the credit for journeys that ended {goal}",
        f"Part of the {goal} journeys that would be missing without it",
    )
    return [
        Table(title, [by, *heads], [list(row) for row in zip(names, *cells, strict=True)])
        for title, columns in zip(titles, (credit, without), strict=True)
        for heads, cells in [([head for head, _ in columns], [cell for _, cell in columns])]
    ]


def the_point(rows: Sequence[Row]) -> str:
    """Return in a sentence where the log is most wrong; empty where nothing was simulated."""
    by_method: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row["goal"] == rows[0]["goal"]:
            by_method.setdefault(row["method"], {})[row["touchpoint"]] = row
    if all(row["share"] is None for row in by_method["removal_effect"].values()):
        return f"No journey ended {rows[0]['goal']}, so there is no credit to give."
    wrong = [row for row in by_method.get("difference", {}).values() if _is_told_from_zero(row)]
    if "difference" not in by_method:
        return ""
    if not wrong:
        return "The log and the simulation cannot be told apart for any touchpoint."
    name = max(wrong, key=lambda row: abs(row["share"]))["touchpoint"]
    claimed, true = by_method["removal_effect"][name], by_method["true_effect"][name]
    return (
        f"The log credits {name} with {plain_percent(claimed['share'])} of the {true['goal']} "
        f"journeys; switching it off {_what_it_does(true)}."
    )


def notes(
    rows: Sequence[Row], taken_from: Mapping[str, str | None], *, order: int, traced: bool
) -> list[str]:
    """Return what has to be known to read the tables."""
    methods = {row["method"] for row in rows}
    remembered = "the last touchpoint" if order == 1 else f"the last {order} touchpoints"
    claims = (
        f"The log claims: the part that a Markov chain which remembers {remembered} loses if "
        "this touchpoint leads nowhere. Markov: the same, scaled to 100 %."
    )
    found = ["Linear: equal parts per contact. Shapley: per different touchpoint.", claims]
    if "true_effect" in methods:
        found.append(
            "True effect: the same customers with the same luck, once more, with the touchpoint "
            "closed for good. A minus means that there would be more of them without it."
        )
        if any(row["goal"] != rows[0]["goal"] for row in rows):
            found.append("More lost: customers per replication.")
    if taken_from:
        found.append(f"At a closed door customers go on as {_doors(taken_from)}.")
    if "interventional_shapley" in methods:
        found.append("All sets: what the touchpoint adds, over all orders of switching on.")
    if "decisiveness" in methods:
        found.append(
            "Well less badly: with every contact there meeting the need, less with none; waits "
            "and who gives up waiting stay. More than 100 % is possible."
        )
    if taken_from and traced:
        found.append("What the trace says of next steps holds at closed doors as well.")
    return found


def _columns(
    rows: Sequence[Row], goal: str, heads: Mapping[str, str], *, sign: str
) -> list[tuple[str, list[str]]]:
    found = []
    for method, head in heads.items():
        like = [row for row in rows if row["method"] == method and row["goal"] == goal]
        if like:
            shown = [
                {"unit": "share", "value": row["share"], "half_width": row["half_width"]}
                for row in like
            ]
            unit, cells = score_column(shown, sign=sign)
            found.append((f"{head} {unit}" if "\n" in head else f"{head}\n{unit}", cells))
    return found


def _more_lost(rows: Sequence[Row], goal: str, *, sign: str) -> list[str]:
    """Return how many more customers are lost without each touchpoint, per replication."""
    shown = [
        {"unit": "count", "value": -row["credit"], "half_width": row["credit_half_width"]}
        for row in rows
        if row["method"] == "true_effect" and row["goal"] == "lost" != goal
    ]
    return score_column(shown, sign=sign)[1] if shown else []


def _is_told_from_zero(row: Row) -> bool:
    if row["share"] is None:
        return False
    # One replication has no interval; rounding alone is no difference.
    return bool(abs(row["share"]) > max(row["half_width"] or 0.0, 1e-9))


def _what_it_does(true: Row) -> str:
    if true["half_width"] is None:
        return f"changes them by {plain_percent(-true['share'])} (one replication, so no interval)"
    interval = f"({plain_percent(true['lower'])[:-2]} to {plain_percent(true['upper'])})"
    if true["lower"] <= 0.0 <= true["upper"]:
        return f"changes nothing {interval}"
    fewer, more = ("costs", "brings") if true["goal"] == "resolved" else ("prevents", "adds")
    if true["share"] > 0.0:
        return f"{fewer} {plain_percent(true['share'])} of them {interval}"
    gained = f"({plain_percent(-true['upper'])[:-2]} to {plain_percent(-true['lower'])})"
    return f"{more} {plain_percent(-true['share'])} more {gained}"


def _doors(taken_from: Mapping[str, str | None]) -> str:
    """Return whose steps are taken: ``after 'stuck' (web, bot), or give up (mail)``."""
    groups: dict[str | None, list[str]] = {}
    for channel, outcome in taken_from.items():
        groups.setdefault(outcome, []).append(channel)
    texts = [
        f"after {outcome!r} ({', '.join(names)})"
        for outcome, names in groups.items()
        if outcome is not None
    ]
    text = listed(texts)
    if None in groups:
        gives_up = f"they give up ({', '.join(groups[None])})"
        text = (
            f"{text}; without any next step {gives_up}"
            if text
            else f"if it led nowhere: {gives_up}"
        )
    return text
