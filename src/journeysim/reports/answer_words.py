"""The words of the answer page: what happened, how sure that is, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from journeysim.measures import catalogue
from journeysim.measures.portrait.evidence_tables import FEW_INTERVIEWS
from journeysim.types import Row
from journeysim.wording.clauses import span_words
from journeysim.wording.numbers import interval_text, listed, number_text, percent

if TYPE_CHECKING:
    from journeysim.comparison import Comparison

_CHANCE: Final = (
    "These intervals cover chance in the simulation alone. How well the scenario's own figures are "
    "known is not in them: see the evidence."
)


def run_sentence(rows: Sequence[Row], *, customers: float, span: int) -> str:
    """Return what happened in a run, in a sentence.

    Parameters
    ----------
    rows
        Scores of the run by channel.
    customers
        Who came per replication.
    span
        What a replication counts, ticks.
    """
    found = {(row["measure"], row["channel"]): row for row in rows}
    pieces = []
    for measure, words in (
        (catalogue.with_role("need_met"), "{} have their need met"),
        (catalogue.with_role("given_up"), "{} give up with the need unmet"),
        (catalogue.with_role("lost"), "{} are lost for good"),
    ):
        row = found.get((measure, None))
        if row is not None and row["value"] is not None:
            pieces.append(words.format(_share(row)))
    text = f"Of {number_text(customers)} customers {span_words(span)}, {listed(pieces)}"
    level = catalogue.with_role("in_time")
    levels = [row for row in rows if row["measure"] == level and row["value"] is not None]
    if levels:
        busiest = max(levels, key=lambda row: row["denominator"])
        text += f"; {busiest['channel']} answers {_share(busiest)} in time"
    return f"{text}."


def _share(row: Row) -> str:
    value = percent(row["value"], 1)
    if row["lower"] is None:
        return value
    said = interval_text(
        *(100 * max(0.0, min(1.0, row[name])) for name in ("value", "lower", "upper")), fewest=1
    )
    return f"{said.value} % ({said.lower} to {said.upper})"


def certainty_of_comparison(comparison: Comparison, variant: str) -> tuple[str, ...]:
    """Return how sure the differences of a variant are."""
    record = comparison.record
    level = f"{100 * record['level']:g} %"
    pairs = (
        f"{record['replications']} pairs of replications, seed {record['seed']}: the same "
        "customers with the same luck in every scenario."
    )
    brackets = (
        f"Brackets hold {level} intervals of the paired differences (Student's t; jackknife for "
        "ratios and quantiles)."
    )
    found = [pairs, brackets]
    mine = [row for row in comparison.differences.to_pylist() if row["variant"] == variant]
    saved = [row["variance_reduction"] for row in mine if row["variance_reduction"] is not None]
    if saved:
        found.append(
            f"Pairing makes the variance of the differences {number_text(min(saved))} to "
            f"{number_text(max(saved))} times smaller."
        )
    every = comparison.differences.to_pylist()
    judged = [row for row in every if row["p_holm"] is not None]
    if len(judged) > 1:
        limit = 1 - record["level"]
        holds = sum(row["p_holm"] <= limit for row in judged)
        found.append(
            f"Of {len(judged)} differences that scatter, {holds} are beyond chance when all are "
            f"judged together (Holm, {100 * limit:g} %)."
        )
    for target in record["precision"]:
        reached = "reached" if target["reached"] else "NOT REACHED"
        found.append(f"Precision {target['target']}: {reached}.")
    inputs = comparison.input_uncertainty
    found.append(_CHANCE if inputs is None else _two_kinds(inputs.to_pylist(), variant))
    return tuple(found)


def input_rows(rows: Sequence[Row], variant: str) -> list[Row]:
    """Return the differences of a variant of which chance and inputs are told apart."""
    return [
        row
        for row in rows
        if row["scenario"] == variant and row["of"] == "difference" and row["value"] is not None
    ]


def _two_kinds(rows: Sequence[Row], variant: str) -> str:
    """Return what makes the differences of a variant uncertain, and what would help."""
    found = [row for row in input_rows(rows, variant) if row["dominates"] is not None]
    if not found:
        return "Inputs were drawn within the ranges of their evidence, and nothing moves with them."
    led = sum(row["dominates"] == "inputs" for row in found)
    helps = (
        "better figures would help more than more replications"
        if 2 * led > len(found)
        else "more replications would help more than better figures"
    )
    return (
        f"The inputs were drawn {found[0]['draws']} times within the ranges of their evidence. In "
        f"{led} of {len(found)} differences they make more of the uncertainty than chance does: "
        f"{helps}."
    )


def certainty_of_run(*, replications: int, seed: int, level: float) -> tuple[str, ...]:
    """Return how sure the scores of a run are."""
    if replications == 1:
        first = "One replication, so nothing can be said of how much days differ; simulate more."
    else:
        first = (
            f"{replications} replications, seed {seed}; brackets hold {100 * level:g} % intervals "
            "over replications (jackknife)."
        )
    return (
        first,
        _CHANCE,
    )


def ground(evidence: Sequence[Row], personas: Sequence[Row]) -> tuple[str, ...]:
    """Return what an answer rests on, from the tables of evidence and of personas."""
    found = []
    if evidence:
        counts = Counter(row["grade"] for row in evidence)
        graded = listed([f"{count} {grade}" for grade, count in counts.items()])
        found.append(f"Of the scenario's parameters, {len(evidence)} state a source: {graded}.")
    else:
        found.append(
            "The scenario states no source for any of its figures: take every one as an assumption."
        )
    known = [row for row in personas if row["interviews"] is not None]
    for row in known:
        people = "interview" if row["interviews"] == 1 else "interviews"
        found.append(f"Persona {row['segment']} rests on {row['interviews']} {people}.")
    if not known:
        found.append("No persona states how many interviews it rests on.")
    found.append("Everything that is not named there is an assumption as well.")
    return tuple(found)


def persona_warnings(personas: Sequence[Row]) -> tuple[str, ...]:
    """Return a warning for each persona that rests on too few interviews."""
    return tuple(
        f"Persona {row['segment']} rests on {row['interviews']} "
        f"{'interview' if row['interviews'] == 1 else 'interviews'}, fewer than {FEW_INTERVIEWS}: "
        "hold more before you rely on it."
        for row in personas
        if row["interviews"] is not None and row["interviews"] < FEW_INTERVIEWS
    )
