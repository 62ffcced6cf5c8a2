"""DuckDB: one SQL query over the Arrow tables, with running sums over each journey as a window."""

from __future__ import annotations

from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.bench.backend import Scores, Work
from journeysim.bench.nine_measures import NINE
from journeysim.tables.columns import ContactOutcome

from .tabular import KEY, by_value, codes_of, scores_of, tables_of
from .weight_tables import Formulas

EXPRESSES: Final = NINE
PARALLEL: Final = True

_TRANSFERRED, _ABANDONED = int(ContactOutcome.TRANSFERRED), int(ContactOutcome.ABANDONED)


class Opened:
    """A connection that knows the tables."""

    def __init__(self, contacts: pa.Table, values: pa.Table, query: str, jobs: int) -> None:
        self._connection = duckdb.connect(config={"threads": jobs})
        self._connection.register("contacts", contacts)
        self._connection.register("worths", values)
        self._query = query

    def run(self) -> object:
        """Run the query; it returns journeys in any order."""
        return self._connection.sql(self._query).to_arrow_table()

    def scores(self, found: Any) -> Scores:
        """Return the columns in the order of the journeys."""
        return scores_of(found.sort_by(KEY))


def open_work(work: Work) -> Opened:
    """Register the tables, and write the query."""
    tables = tables_of(work)
    rows = pa.array(np.arange(tables.values.num_rows))
    values = tables.values.append_column(KEY, rows)
    query = _query(tables.formulas, work.measures)
    return Opened(tables.contacts, values, query, work.jobs)


def _query(f: Formulas, measures: tuple[str, ...]) -> str:
    return f"""
    WITH known AS ({_known(f)}),
    expected AS (
        SELECT *,
            worth - {_real(f.kept)} ** (contact - 1) * (
                {_real(f["valence.expectation"])} + {_real(f["valence.adaptation"])} * gathered
            ) AS delta,
            felt / ({_looked_up("channel", f.accept)}) - 1 AS past,
            contact > 1 AND channel = channel_before AS same,
            contact > 1 AND channel <> channel_before AS changed,
            contact > 1 AND outcome_before = {_TRANSFERRED} AS moved
        FROM known
    ),
    valued AS (SELECT *, {_valence(f)} AS valence FROM expected),
    journeys AS ({_journeys(f)}),
    judged AS (
        SELECT *,
            {_real(f["effort.repeat"])} * repeats
            + {_real(f["effort.switch"])} * hops
            + {_real(f["effort.transfer"])} * transfers
            + {_real(f["effort.repeat_story"])} * greatest(talked - 1, 0)
            + {_real(f["effort.wait"])} * felt AS effort,
            {_real(f["memory.peak"])} * CASE WHEN high > -low THEN high ELSE low END
            + {_real(f["memory.end"])} * "end" AS peak_end
        FROM journeys
    ),
    churned AS (SELECT *, 1 / (1 + exp(-({_logit(f)}))) AS churn_probability FROM judged)
    SELECT {KEY}, {", ".join(name for name in measures if name != "value_at_risk")},
        churn_probability * value * {_real(f.lifetime)} AS value_at_risk
    FROM churned JOIN worths USING ({KEY})
    """


def _known(f: Formulas) -> str:
    """Select what is known of each contact, and a running sum: see `numpy_valence`."""
    worth = f"CASE WHEN resolved THEN {_real(f.met)} ELSE {_looked_up('outcome', f.worth)} END"
    return f"""
        SELECT {KEY}, contact, channel, outcome, resolved, wait,
            coalesce(talk, 0) + coalesce(wrap_up, 0) AS handling,
            announced_wait IS NOT NULL AS told,
            {worth} AS worth,
            lag(channel) OVER () AS channel_before,
            lag(outcome) OVER () AS outcome_before,
            (wait / 6e7) ** {_real(f["wait.beta"])}
            * CASE WHEN told THEN 1.0::DOUBLE ELSE {_real(f["wait.k"])} END AS felt,
            coalesce(sum(({worth}) * {_real(f.kept)} ** (-contact)) OVER (
                PARTITION BY {KEY} ORDER BY contact
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), 0) AS gathered
        FROM contacts
    """


def _valence(f: Formulas) -> str:
    curvature, aversion = f["valence.curvature"], f["valence.loss_aversion"]
    return f"""
        {_real(f["valence.resolution"])} * abs(delta) ** {_real(curvature)}
        * CASE WHEN delta >= 0 THEN 1.0::DOUBLE ELSE {_real(-aversion)} END
        + {_real(f["valence.speed"])} * (
            {_real(f["wait.early_slope"])}
            * least({_real(f["wait.early_cap"])}, greatest(-past, 0))
            - {_real(f["wait.slope"])}
            * CASE WHEN told THEN {_real(f["wait.announced_slope"])} ELSE 1.0::DOUBLE END
            * greatest(past, 0) ** {_real(curvature)}
        )
        + CASE WHEN outcome IN {_listed(f.served)}
            THEN {_looked_up("channel", f.warmth)} ELSE 0 END
    """


def _journeys(f: Formulas) -> str:
    return f"""
        SELECT {KEY},
            count(*)::INTEGER AS contacts,
            sum(wait)::BIGINT AS total_wait,
            coalesce(sum(handling) FILTER (channel IN {_listed(f.agent)}), 0)::BIGINT
                AS total_handling,
            count_if(changed)::INTEGER AS switches,
            count_if(same AND NOT moved) AS repeats,
            count_if(changed AND NOT moved) AS hops,
            count_if(moved) AS transfers,
            count_if(outcome IN {_listed(f.served)} AND channel IN {_listed(f.agent)}) AS talked,
            coalesce(sum(felt) FILTER (channel IN {_listed(f.in_line)}), 0) AS felt,
            max(valence) AS high,
            min(valence) AS low,
            arg_max(valence, contact) AS "end",
            sum({_looked_up("channel", f.cost)}) AS cost_to_serve,
            bool_or(resolved) AS met,
            bool_or(outcome = {_ABANDONED}) AS abandoned
        FROM valued GROUP BY {KEY}
    """


def _logit(f: Formulas) -> str:
    return f"""
        {_real(f.churn_start)} - {_real(f["churn.experience"])} * peak_end
        + {_real(f["churn.effort"])} * effort
        + {_real(f["churn.abandoned"])} * abandoned::INTEGER
        + {_real(f["churn.unresolved"])} * (NOT met)::INTEGER
    """


def _looked_up(column: str, values: NDArray[np.float64]) -> str:
    asked, rest = by_value(values)
    cases = [
        f"WHEN {column} IN ({', '.join(map(str, codes))}) THEN {_real(value)}"
        for value, codes in asked.items()
    ]
    return f"CASE {' '.join(cases)} ELSE {_real(rest)} END" if cases else _real(rest)


def _listed(flags: NDArray[np.bool_]) -> str:
    return f"({', '.join(map(str, codes_of(flags)))})"


def _real(number: float) -> str:
    """Return a number as a double: a bare one would be a decimal."""
    return f"({float(number)!r}::DOUBLE)"
