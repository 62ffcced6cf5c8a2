"""What one difference says, as a piece of a sentence: "cost 3.1 points of service level (...)".

Three things can be said of a difference. It is *sure*: its interval leaves 0 out, and still does
when the number of comparisons is reckoned with. It is *unsure*: the interval alone leaves 0 out. Or
none is *seen*: the interval holds 0. Nothing is said that the interval does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from journeysim.types import Row
from journeysim.units import DAY, HOUR, MINUTE
from journeysim.wording.numbers import interval_text

Certainty = Literal["sure", "unsure", "unseen", "unknown"]

#: Measures that count customers, and what happens to them: with a verb, and without.
_PEOPLE: Final = {
    "journeys_lost": (
        "lose{s} {many} {more} {customers}{span} for good",
        "{many} {more} {customers}{span} lost for good",
        "customers lost for good",
    ),
    "journeys_given_up": (
        "leave{s} {many} {more} {customers}{span} with their need unmet",
        "{many} {more} {customers}{span} with their need unmet",
        "customers whose need stays unmet",
    ),
}
_WORDS: Final = {
    "service_level": "service level",
    "abandonment": "share of callers who abandon",
    "speed_of_answer": "speed of answer",
    "journey_wait": "time in queues per customer",
    "answered_within_target": "share answered in time",
    "resolved": "share of needs met",
    "cost_total": "cost",
    "agent_cost": "cost of agents",
    "value_lost": "worth of the customers lost",
}


@dataclass(frozen=True, slots=True)
class Clause:
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


def clause_of(row: Row, *, level: float, span: str) -> Clause:
    """Return what a difference says.

    Parameters
    ----------
    row
        Of the table of differences.
    span
        What one replication counts, as words: "a day".
    """
    certainty = certainty_of(row, level)
    name = subject_of(row)
    if certainty == "unseen":
        none = f"{name} (between {_signed(row)}{_behind(row, span)})"
        if row["lower"] == row["upper"] == 0.0:
            none = f"{name} (the same in every replication)"
        return Clause(none, none, certainty, name)
    if row["measure"] in _PEOPLE:
        return _people(row, certainty, span)
    if row["unit"] == "share":
        return _points(row, certainty, name)
    return _amount(row, certainty, name, span)


def subject_of(row: Row) -> str:
    """Return what a row is about: "phone service level"."""
    if row["measure"] in _PEOPLE:
        return _PEOPLE[row["measure"]][2]
    words = _WORDS.get(row["measure"], row["measure"].replace("_", " "))
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


def _people(row: Row, certainty: Certainty, span: str) -> Clause:
    verbal, nominal, name = _PEOPLE[row["measure"]]
    text, interval = _size(row, 1.0)
    filled = {
        "many": text,
        "more": "more" if row["difference"] > 0 else "fewer",
        "customers": "customer" if text == "1" else "customers",
        "span": f" {span}",
        "s": "{s}",
    }
    return Clause(
        f"{verbal.format(**filled)} ({interval})",
        f"{nominal.format(**filled)} ({interval})",
        certainty,
        name,
    )


def _points(row: Row, certainty: Certainty, name: str) -> Clause:
    text, interval = _size(row, 0.01, fewest=1)
    points = "point" if text == "1.0" else "points"
    if row["measure"].startswith("service_level") or row["measure"] == "resolved":
        verb = "gain{s}" if row["difference"] > 0 else "cost{s}"
        more = "more" if row["difference"] > 0 else "less"
        return Clause(
            f"{verb} {text} {points} of {name} ({interval})",
            f"{text} {points} {more} {name} ({interval})",
            certainty,
            name,
        )
    return _moved(row, certainty, name, f"{text} {points} ({interval})")


def _amount(row: Row, certainty: Certainty, name: str, span: str) -> Clause:
    size, unit = _shown(row)
    text, interval = _size(row, size)
    if row["measure"] == "cost_total":
        less = row["difference"] < 0
        verb, way = ("save{s}", "down") if less else ("cost{s}", "up")
        more = "" if less else " more"
        return Clause(
            f"{verb} {text}{more} {span} ({interval})",
            f"cost {way} by {text} {span} ({interval})",
            certainty,
            name,
        )
    counted = f" {span}" if row["unit"] in ("count", "currency") and _is_sum(row) else ""
    return _moved(row, certainty, name, f"{text}{unit}{counted} ({interval})")


def _moved(row: Row, certainty: Certainty, name: str, size: str) -> Clause:
    up = row["difference"] > 0
    return Clause(
        f"{'raise{s}' if up else 'lower{s}'} the {name} by {size}",
        f"{name} {'up' if up else 'down'} by {size}",
        certainty,
        name,
    )


def _is_sum(row: Row) -> bool:
    return "per replication" in row["formula"]


def _shown(row: Row) -> tuple[float, str]:
    """Return how many units of a score make one that is shown, and its name."""
    if row["unit"] == "s":
        largest = max(abs(row["lower"]), abs(row["upper"]))
        return (60.0, " min") if largest >= 300 else (1.0, " s")
    plain = {"share": (0.01, " points"), "h": (1.0, " h"), "erlang": (1.0, " erlangs")}
    return plain.get(row["unit"], (1.0, ""))


def _size(row: Row, size: float, *, fewest: int = 0) -> tuple[str, str]:
    """Return how large a difference is, whichever way, and its interval."""
    ends = sorted((abs(row["lower"]), abs(row["upper"])))
    found = interval_text(
        abs(row["difference"]) / size, ends[0] / size, ends[1] / size, fewest=fewest
    )
    if row["lower"] == row["upper"]:
        return found.value, "in every replication"
    return found.value, f"{found.lower} to {found.upper}"


def _signed(row: Row) -> str:
    size, _ = _shown(row)
    fewest = 1 if row["unit"] == "share" else 0
    ends = [row["difference"], row["lower"], row["upper"]]
    found = interval_text(*(end / size for end in ends), fewest=fewest, signed=True)
    return f"{found.lower} and {found.upper}"


def _behind(row: Row, span: str) -> str:
    if row["measure"] in _PEOPLE or (row["unit"] in ("count", "currency") and _is_sum(row)):
        return f" {span}"
    return _shown(row)[1]
