"""Waits, handling, load and backlog."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from journeysim.measures.arrow_columns import Flags, Ticks
from journeysim.measures.catalogue_entry import PLAIN, CatalogueEntry
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.contact_counts import Marked, share
from journeysim.measures.service.contact_rows import ContactRows
from journeysim.measures.service.measure import BY_CONTACT, BY_SERVED, Measure, Pair, Quantile
from journeysim.tables.columns import ContactOutcome
from journeysim.units import SECOND


def _mean_time(
    name: str,
    meaning: str,
    *,
    of: Marked,
    time: Callable[[ContactRows], Ticks],
    formula: str,
    dimensions: tuple[str, ...] = BY_CONTACT,
    entry: CatalogueEntry = PLAIN,
) -> Measure[ContactRows]:
    def pair(rows: ContactRows, groups: Groups) -> Pair:
        marked = of(rows)
        return groups.seconds(time(rows), marked), groups.count(marked)

    return Measure(
        name=name,
        unit="s",
        meaning=meaning,
        table="contacts",
        pair=pair,
        formula=formula,
        dimensions=dimensions,
        entry=entry,
    )


def _answered(rows: ContactRows) -> Flags:
    return rows.answered


def _waited(rows: ContactRows) -> Flags:
    return rows.answered | rows.abandoned


def _backlog(rows: ContactRows) -> Flags:
    return rows.deferred & rows.ended_as(ContactOutcome.WAITING)


def _effort(rows: ContactRows, groups: Groups) -> Pair:
    """Share the handling time of a contact among the places of its agent."""
    answered = rows.answered
    handling = rows.handling[answered] / SECOND
    places = rows.rules.places[rows.pool[answered], rows.channel[answered]]
    effort = np.zeros(len(rows))
    effort[answered] = handling / places
    return groups.total(effort), groups.count(answered)


def _offered_load(rows: ContactRows, groups: Groups) -> Pair:
    """Return the load of the replication; where nobody was handled, it is not known."""
    answered = rows.answered
    accepted, handled = groups.count(rows.accepted), groups.count(answered)
    time = accepted * groups.total(rows.handling, answered)
    spans = handled * groups.layout.span
    known = (spans > 0) | ((accepted == 0) & (groups.layout.span > 0))
    load = np.divide(time, spans, out=np.zeros_like(time), where=spans > 0)
    return load, known.astype(np.float64)


def _accepted_waits(rows: ContactRows) -> tuple[Flags, Ticks]:
    return rows.accepted, rows.wait


_LESS = CatalogueEntry(better="less")


def _wait_quantile(percent: int) -> Quantile:
    return Quantile(
        name=f"wait_p{percent}",
        meaning=f"Wait that {percent} % of the accepted contacts did not exceed.",
        share=percent / 100,
        values=_accepted_waits,
        formula=f"smallest wait that at least {percent} % of the accepted contacts of all "
        "replications did not exceed; waits still running count as they stand",
        entry=_LESS,
    )


_by_agents = partial(_mean_time, of=_answered, dimensions=BY_SERVED)

TIMES: tuple[Measure[ContactRows] | Quantile, ...] = (
    _by_agents(
        "speed_of_answer",
        "Mean wait of the answered contacts.",
        time=lambda rows: rows.wait,
        formula="wait of answered / answered",
        entry=CatalogueEntry(
            better="less",
            head="speed of\nanswer",
            tables={"channels": 90, "breakdown": 50, "comparison": 50, "forest": 60},
            needs="by_agents",
        ),
    ),
    _mean_time(
        "time_to_abandon",
        "Mean wait of the abandoned contacts; not the customers' patience.",
        of=lambda rows: rows.abandoned,
        time=lambda rows: rows.wait,
        formula="wait of abandoned / abandoned",
    ),
    _mean_time(
        "mean_wait",
        "Mean wait, answered or abandoned.",
        of=_waited,
        time=lambda rows: rows.wait,
        formula="wait of answered and abandoned / (answered + abandoned)",
        entry=_LESS,
    ),
    _mean_time(
        "excess_wait",
        "Mean time waited beyond the threshold.",
        of=_waited,
        time=lambda rows: np.maximum(rows.wait - rows.threshold, 0),
        formula="wait beyond {threshold} of answered and abandoned / (answered + abandoned)",
        entry=_LESS,
    ),
    share(
        "share_queued",
        "Share of the accepted contacts that had to wait.",
        part=lambda rows: rows.accepted & (rows.wait > 0),
        whole=lambda rows: rows.accepted,
        formula="accepted with a wait above 0 / accepted "
        "(offered to agents - blocked - balked - closed)",
        entry=_LESS,
    ),
    *(_wait_quantile(percent) for percent in (50, 90, 99)),
    _by_agents(
        "handling_time",
        "Mean talk and wrap-up of a handled contact.",
        time=lambda rows: rows.handling,
        formula="talk + wrap-up of answered / answered",
        entry=CatalogueEntry(tables={"breakdown": 70}),
    ),
    _by_agents(
        "talk_time",
        "Mean time of an agent with the customer.",
        time=lambda rows: rows.ticks("talk"),
        formula="talk of answered / answered",
    ),
    _by_agents(
        "wrap_up_time",
        "Mean work after the customer left.",
        time=lambda rows: rows.ticks("wrap_up"),
        formula="wrap-up of answered / answered",
    ),
    Measure(
        name="agent_effort",
        unit="s",
        meaning="Mean time of an agent that a contact takes; on chat it is not the session.",
        table="contacts",
        pair=_effort,
        formula="(talk + wrap-up) / contacts served at once, of answered / answered",
        dimensions=BY_SERVED,
    ),
    Measure(
        name="offered_load",
        unit="erlang",
        meaning="Work that the accepted contacts bring, in contacts in service at once.",
        table="contacts",
        pair=_offered_load,
        formula="mean over replications of accepted per time (from warm-up to horizon, or of the "
        "interval) x (talk + wrap-up) of answered / answered",
        dimensions=BY_CONTACT,
    ),
    Measure(
        name="backlog_open",
        unit="count",
        meaning="Deferred contacts waiting at the end of the world.",
        table="contacts",
        pair=lambda rows, groups: (groups.count(_backlog(rows)), groups.ones),
        formula="deferred with outcome waiting, contacts per replication",
        dimensions=BY_CONTACT,
        entry=CatalogueEntry(
            better="less",
            label="open at the end",
            head="open at\nthe end",
            tables={"channels": 140},
            needs="answered_later",
        ),
    ),
    _mean_time(
        "backlog_age",
        "Mean age of the deferred contacts waiting at the end of the world.",
        of=_backlog,
        time=lambda rows: rows.wait,
        formula="wait so far of deferred with outcome waiting / their number",
        entry=_LESS,
    ),
)
