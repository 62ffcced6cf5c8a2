"""Credits with their intervals, as one tidy Arrow table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from journeysim.arguments import checked_level, one_or_several_words, shown
from journeysim.errors import ArgumentError, MeasureError
from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.attribution.counts import JourneyCounts, count
from journeysim.measures.attribution.credit import CREDITS, REMOVAL, Method, shares_of
from journeysim.measures.attribution.journeys_in_blocks import ListedJourneys
from journeysim.measures.estimates import jackknife_half_width, student_quantile

#: A log from outside has no replications: it is cut into so many equal parts.
PARTS = 20

MEANINGS = {
    "touchpoint": "What the row is about: a channel, or a touchpoint.",
    "method": "How the credit was found.",
    "goal": "Journey outcomes that are counted.",
    "share": "Credit as a share of all journeys that met the goal; null if none did.",
    "lower": "Lower end of the interval of the share; null if it cannot be known.",
    "upper": "Upper end of the interval of the share; null if it cannot be known.",
    "half_width": "Half the width of that interval, by jackknife over replications.",
    "credit": "Credit in journeys per replication.",
    "credit_half_width": "Half the width of the interval of the credit.",
    "replications": "Replications, or equal parts of a log, that were compared.",
    "meaning": "What the method says.",
}


@dataclass(frozen=True, slots=True)
class Credit:
    """What one method gives each touchpoint.

    Attributes
    ----------
    method
        Which.
    goal
        Outcomes counted, as text.
    share, amount
        Of the goals, and in journeys per replication, shape (touchpoints,).
    shares_left, amounts_left
        The same without one replication each, shape (replications, touchpoints).
    """

    method: Method
    goal: str
    share: Numbers
    amount: Numbers
    shares_left: Numbers
    amounts_left: Numbers

    def minus(self, other: Credit, method: Method) -> Credit:
        """Return the difference of two credits from the same replications."""
        return Credit(
            method,
            self.goal,
            self.share - other.share,
            self.amount - other.amount,
            self.shares_left - other.shares_left,
            self.amounts_left - other.amounts_left,
        )


def log_credits(counts: Sequence[JourneyCounts], *, goal: str) -> list[Credit]:
    """Return the credits of all methods that read a log.

    Parameters
    ----------
    counts
        Of each replication.
    """
    total = sum(counts[1:], start=counts[0])
    alone = len(counts) == 1
    left = [] if alone else [total - one for one in counts]
    shares, met = shares_of(total), total.met / len(counts)
    shares_left = [shares_of(rest) for rest in left]
    met_left = np.array([rest.met / (len(counts) - 1) for rest in left]).reshape(-1, 1)
    credits_found = []
    for method in (*CREDITS, REMOVAL):
        share = shares[method.name]
        without = np.array([rest[method.name] for rest in shares_left]).reshape(-1, len(share))
        credits_found.append(Credit(method, goal, share, share * met, without, without * met_left))
    return credits_found


def simulated_credit(method: Method, goal: str, amounts: Numbers, goals: Numbers) -> Credit:
    """Return a credit that was simulated.

    Parameters
    ----------
    amounts
        Journeys that met the goal thanks to each touchpoint, shape (replications, touchpoints).
    goals
        Journeys that met the goal with all touchpoints, shape (replications,).
    """
    replications = len(amounts)
    whole = goals.reshape(-1, 1)
    left = amounts.sum(axis=0) - amounts
    rest = max(replications - 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = amounts.sum(axis=0) / whole.sum(axis=0)
        shares_left = left / (whole.sum(axis=0) - whole)
    some = slice(0 if replications == 1 else replications)
    return Credit(method, goal, share, amounts.mean(axis=0), shares_left[some], (left / rest)[some])


def credit_table(
    touchpoints: Sequence[str], found: Sequence[Credit], *, level: float, replications: int
) -> pa.Table:
    """Return credits as a table with a row per method and touchpoint; see `MEANINGS`."""
    student_quantile(level, 1)
    parts = []
    for credit in found:
        half_width = jackknife_half_width(credit.shares_left, level=level)
        amount_half_width = jackknife_half_width(credit.amounts_left, level=level)
        rows = len(touchpoints)
        columns = [
            pa.array(touchpoints, pa.string()),
            pa.repeat(credit.method.name, rows),
            pa.repeat(credit.goal, rows),
            _nullable(credit.share),
            _nullable(credit.share - half_width),
            _nullable(credit.share + half_width),
            _nullable(half_width),
            _nullable(credit.amount),
            _nullable(amount_half_width),
            pa.repeat(pa.scalar(replications, pa.int64()), rows),
            pa.repeat(credit.method.meaning, rows),
        ]
        parts.append(pa.table(columns, schema=_schema(level)))
    return pa.concat_tables(parts)


def credit_touchpoints(
    journeys: pa.Table,
    *,
    touchpoints: str = "touchpoints",
    outcome: str = "outcome",
    goal: str | Collection[str] = "resolved",
    order: int = 1,
    level: float = 0.95,
) -> pa.Table:
    """Return which touchpoint gets the credit in a log from outside, by every method.

    Parameters
    ----------
    journeys
        A row per journey.
    touchpoints
        Column with the list of touchpoints in order; ``contacts.channel`` is the field `channel`
        of a list of structs. Journeys with an empty list do not count.
    outcome
        Column that says how the journey ended: words, or true and false.
    goal
        Words that count as the goal; not used where the outcome is true or false.
    order
        How many touchpoints the Markov chain remembers.
    level
        Of the intervals, which come from 20 equal parts of the log, in its order.

    Raises
    ------
    MeasureError
        If a column is not there or is of another kind, or the order is not possible.
    """
    if not isinstance(journeys, pa.Table):
        if not hasattr(journeys, "__arrow_c_stream__"):
            raise ArgumentError(f"journeys must be an Arrow table, got {shown(journeys)}")
        journeys = pa.table(journeys)
    wanted = one_or_several_words("goal", goal)
    level = checked_level(level)
    source = ListedJourneys(journeys, path=touchpoints, outcome=outcome, goal=wanted)
    if not len(source):
        raise MeasureError("the log has no journeys")
    parts = PARTS if len(source) >= 2 * PARTS else 1
    edges = [len(source) * part // parts for part in range(parts + 1)]
    counts = [count(source, order=order, rows=span) for span in pairwise(edges)]
    found = log_credits(counts, goal=goal_text(wanted))
    return credit_table(source.touchpoints, found, level=level, replications=parts)


def goal_text(goal: Collection[str]) -> str:
    """Return outcomes as one text: ``resolved`` or ``lost or given_up``."""
    return " or ".join(goal)


def _nullable(numbers: Numbers) -> pa.Array:
    return pa.array(numbers, pa.float64(), mask=np.isnan(numbers))


def _schema(level: float) -> pa.Schema:
    texts = {"touchpoint", "method", "goal", "meaning"}
    fields = []
    for name, meaning in MEANINGS.items():
        kind = pa.string() if name in texts else pa.float64()
        kind = pa.int64() if name == "replications" else kind
        fields.append(pa.field(name, kind, metadata={"meaning": meaning}))
    return pa.schema(fields, metadata={"level": str(level)})
