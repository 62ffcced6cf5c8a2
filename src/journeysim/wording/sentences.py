"""The answer in plain words, from the table of differences alone.

"Two agents fewer cost 3.1 points of service level (2.8 to 3.4) and lose 11 more customers a day for
good (8 to 14)."
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from journeysim.measures import catalogue
from journeysim.measures.catalogue_entry import DefaultTable
from journeysim.types import Row
from journeysim.wording.change_words import Words
from journeysim.wording.clauses import DifferenceClause, clause_of, span_words
from journeysim.wording.numbers import listed

#: What is told first: how well people are served, what becomes of them, what it costs.
_TOLD: Final[tuple[DefaultTable, ...]] = ("answer_service", "answer_customers", "answer_cost")


def sentences(record: Mapping[str, Any], rows: Sequence[Row]) -> list[str]:
    """Return the answer, a sentence for each variant.

    Parameters
    ----------
    record
        Of the comparison: its variants, level and span.
    rows
        What `headline_rows` gives.
    """
    span = span_words(record["span"])
    found = []
    for variant in record["variants"]:
        mine = [row for row in rows if row["variant"] == variant["name"]]
        words = Words(variant["words"], variant["grammar"])
        found.append(sentence(words, mine, level=record["level"], span=span))
    return found


def headline_rows(differences: Sequence[Row]) -> list[Row]:
    """Return differences by channel, which know whether several channels have a service level."""
    level = catalogue.with_role("in_time")
    levels = {
        row["channel"]
        for row in differences
        if row["measure"] == level and row["difference"] is not None
    }
    return [{**row, "several_channels": len(levels) > 1} for row in differences]


def sentence(words: Words, rows: Sequence[Row], *, level: float, span: str) -> str:
    """Return what differs in one variant.

    Parameters
    ----------
    words
        What stands for the variant.
    rows
        Its differences by channel.
    level, span
        Of the intervals; what one replication counts, as words.
    """
    clauses = [clause_of(row, level=level, span=span) for row in chosen_rows(rows)]
    known = [clause for clause in clauses if clause.certainty != "unknown"]
    if not known:
        return f"{words.text}: no difference can be computed, the scenarios share no such figures."
    sure = [clause for clause in known if clause.certainty == "sure"]
    unsure = [clause for clause in known if clause.certainty == "unsure"]
    unseen = [clause for clause in known if clause.certainty == "unseen"]
    text = _told(words, sure)
    if unsure:
        perhaps = " and ".join(clause.nominal for clause in unsure)
        text = _joined(text, words, f"perhaps {perhaps}, which may be chance among so many figures")
    if unseen:
        subjects = " or in ".join(clause.nominal for clause in unseen)
        text = _joined(text, words, f"no difference is seen in {subjects}")
    return f"{text}."


def chosen_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the few differences that the sentence tells."""
    busiest = _busiest_channel(rows)
    found: list[Row] = []
    for told in _TOLD:
        row = _first(rows, catalogue.in_table(told), busiest)
        if row is not None:
            found.append(row)
    if not found:
        found = [row for row in rows if row["difference"] is not None][:1]
    return found


def _busiest_channel(rows: Sequence[Row]) -> str | None:
    """Return the channel with a service level to which most come; the first without counts."""
    served, volume = catalogue.in_table("answer_service"), catalogue.with_role("volume")
    with_level = [
        row["channel"]
        for row in rows
        if row["measure"] in served and row["channel"] and row["difference"] is not None
    ]
    counts = {
        row["channel"]: row["baseline"] or 0.0
        for row in rows
        if row["measure"] == volume and row["channel"] in with_level
    }
    if counts:
        return str(max(counts, key=lambda channel: counts[channel]))
    return with_level[0] if with_level else None


def _first(rows: Sequence[Row], measures: Sequence[str], channel: str | None) -> Row | None:
    """Return the first of some measures that has anything to tell."""
    for measure in measures:
        for row in rows:
            mine = row["measure"] == measure and row["channel"] in (None, channel)
            if mine and row["difference"] is not None and not _empty(row):
                return row
    return None


def _empty(row: Row) -> bool:
    """Return whether there is nothing of a measure that counts, in either scenario."""
    return row["unit"] in ("count", "currency") and not row["baseline"] and not row["value"]


def _told(words: Words, sure: Sequence[DifferenceClause]) -> str:
    if not sure:
        return ""
    if words.grammar == "none":
        return f"{words.text}: {listed([clause.nominal for clause in sure])}"
    ending = "s" if words.singular else ""
    told = [clause.verbal.replace("{s}", ending) for clause in sure]
    return f"{words.text} {listed(told)}"


def _joined(text: str, words: Words, piece: str) -> str:
    return f"{text}; {piece}" if text else f"{words.text}: {piece}"
