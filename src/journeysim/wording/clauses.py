"""What one difference says, as a piece of a sentence: "cost 3.1 points of service level (...)".

Three things can be said of a difference. It is *sure*: its interval leaves 0 out, and still does
when the number of comparisons is allowed for. It is *unsure*: the interval alone leaves 0 out. Or
none is *seen*: the interval holds 0. Nothing is said that the interval does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from journeysim.measures import catalogue
from journeysim.types import Row
from journeysim.units import DAY, HOUR, MINUTE
from journeysim.wording.numbers import interval_text
from journeysim.wording.scores import text_scale

Certainty = Literal["sure", "unsure", "unseen", "unknown"]


@dataclass(frozen=True, slots=True)
class DifferenceClause:
    """A piece of a sentence about one difference.

    Attributes
    ----------
    verbal, nominal
        After a subject that takes a verb (``{s}`` stands for its ending), and after a colon.
    certainty
        What the interval allows to say.
    subject
        What it is about: "service level".
    """

    verbal: str
    nominal: str
    certainty: Certainty
    subject: str


def certainty_of(row: Row, level: float) -> Certainty:
    """Return what may be said of a difference."""
    lower, upper = row["lower"], row["upper"]
    if row["difference"] is None or lower is None:
        return "unknown"
    if lower <= 0.0 <= upper:
        return "unseen"
    if row["p_holm"] is not None and row["p_holm"] > 1.0 - level:
        return "unsure"
    return "sure"


def clause_of(row: Row, *, level: float, span: str) -> DifferenceClause:
    """Return what a difference says.

    Parameters
    ----------
    row
        Of the table of differences.
    span
        What one replication counts, as words: "a day".
    """
    certainty, name = certainty_of(row, level), subject_of(row)
    if certainty == "unseen":
        none = f"{name} (between {_signed(row)}{_behind(row, span)})"
        if row["lower"] == row["upper"] == 0.0:
            none = f"{name} (the same in every replication)"
        return DifferenceClause(none, none, certainty, name)
    amount, unit, interval = _size(row)
    said = {
        "size": f"{amount}{unit}",
        "noun": name,
        "customers": "customer" if amount == "1" else "customers",
        "span": f" {span}" if _is_sum(row) else "",
        "s": "{s}",
    }
    told = catalogue.clause(row["measure"], rises=row["difference"] > 0)
    return DifferenceClause(
        f"{told.verbal.format(**said)} ({interval})",
        f"{told.nominal.format(**said)} ({interval})",
        certainty,
        name,
    )


def subject_of(row: Row) -> str:
    """Return what a row is about: "phone service level"."""
    words = catalogue.noun(row["measure"])
    channel = row.get("channel")
    return f"{channel} {words}" if channel and row.get("several_channels") else words


def span_words(ticks: int) -> str:
    """Return what a span of time is called behind a count: "a day", "a week", "in 22 hours"."""
    known = {DAY: "a day", 7 * DAY: "a week", HOUR: "an hour"}
    if ticks in known:
        return known[ticks]
    for word, size in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
        if ticks % size == 0 or ticks > 3 * size:
            return f"in {ticks / size:.3g} {word}"
    return "per replication"


def _is_sum(row: Row) -> bool:
    """Return whether a difference is of what one replication counts, not of a mean or a share."""
    return row["unit"] in ("count", "currency") and "per replication" in row["formula"]


def _scale(row: Row) -> tuple[float, str]:
    """Return how many units of a score make one that is shown, and what stands behind it."""
    size, unit = text_scale(row, "lower", "upper")
    if row["unit"] == "share":
        return size, " points"
    return size, f" {unit}" if unit and row["unit"] != "per hour" else ""


def _size(row: Row) -> tuple[str, str, str]:
    """Return how large a difference is, whichever way, what stands behind it, and its interval."""
    size, unit = _scale(row)
    ends = sorted((abs(row["lower"]), abs(row["upper"])))
    fewest = 1 if row["unit"] == "share" else 0
    found = interval_text(
        abs(row["difference"]) / size, ends[0] / size, ends[1] / size, fewest=fewest
    )
    unit = " point" if unit == " points" and found.value == "1.0" else unit
    if row["lower"] == row["upper"]:
        return found.value, unit, "in every replication"
    return found.value, unit, f"{found.lower} to {found.upper}"


def _signed(row: Row) -> str:
    size, _ = _scale(row)
    fewest = 1 if row["unit"] == "share" else 0
    ends = [row["difference"], row["lower"], row["upper"]]
    found = interval_text(*(end / size for end in ends), fewest=fewest, signed=True)
    return f"{found.lower} and {found.upper}"


def _behind(row: Row, span: str) -> str:
    return f" {span}" if _is_sum(row) else _scale(row)[1]
