"""Worlds for what random ones hardly ever reach, each a document and the rows of its trace."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from tests.scenario_parts import Document
from tests.strategies import Case


def _case(document: Document, **columns: Any) -> Case:
    time = {"horizon": "20s", "run_out": "20s", "interval": "2s"} | document.pop("time", {})
    nobody = {"rates": ["0/s"], "every": "1h"}
    everybody = {"arrivals": nobody, "first": {next(iter(document["channels"])): 1.0}}
    everybody |= document.pop("all", {})
    trace = pa.table(columns) if columns else None
    return Case({"time": time, "segments": {"all": everybody}} | document, trace)


def _seconds(*values: int | None) -> pa.Array:
    return pa.array([None if value is None else 1_000_000 * value for value in values], pa.int64())


def chased_with_a_head_start() -> Case:
    """A mail and the call about it wait for one pool, and have waited equally long."""
    return _case(
        {
            "all": {"channels": {"phone": {"head_start": "2s"}}},
            "channels": {
                "phone": {"kind": "queue", "talk": "1s"},
                "mail": {"kind": "deferred", "talk": "1s", "chase": _chase("2s", "phone")},
            },
            "pools": {"desk": {"agents": 1, "serves": [["mail", "phone"]]}},
        },
        arrival=_seconds(0, 0),
        channel=["phone", "mail"],
        talk_1=_seconds(5, None),
    )


def chased_at_the_end() -> Case:
    """The world ends at the tick of a chase: the mail waits, the call is answered."""
    return _case(
        {
            "time": {"horizon": "4s", "run_out": "0s"},
            "channels": {
                "phone": {"kind": "queue", "talk": "1s"},
                "mail": {"kind": "deferred", "talk": "1s", "chase": _chase("3s", "phone")},
            },
            "pools": {
                "desk": {"agents": 1, "serves": ["phone"]},
                "letters": {"agents": 0, "serves": ["mail"]},
            },
        },
        arrival=_seconds(0, 1),
        channel=["mail", "mail"],
    )


def under_way_at_the_end() -> Case:
    """At the end of the world one would come again later, and one at that very tick."""
    again = {"phone": {"share": 1.0, "delay": "5s"}}
    return _case(
        {
            "time": {"horizon": "10s", "run_out": "0s"},
            "channels": {"phone": {"kind": "queue", "talk": "1s", "after": {"unresolved": again}}},
            "pools": {"desk": {"agents": 2, "serves": ["phone"]}},
        },
        arrival=_seconds(4, 5),
        resolved_1=pa.array([0, 0], pa.int8()),
    )


def taken_and_chased_at_one_tick() -> Case:
    """Of two mails chased at the tick at which an agent is free again, one is taken first."""
    return _case(
        {
            "channels": {
                "bot": {"kind": "self_service", "time_spent": "0s", "resolution": 1.0},
                "mail": {"kind": "deferred", "talk": "3s", "chase": _chase("3s", "bot")},
            },
            "pools": {"desk": {"agents": 1, "serves": ["mail"]}},
        },
        arrival=_seconds(0, 0, 0),
        channel=["mail"] * 3,
    )


def a_day_of_more_customers_than_a_block() -> Case:
    """Arrivals are made in blocks of 1,024; a day goes on in the next."""
    document: Document = {
        "time": {"horizon": "1510m", "run_out": "0s", "interval": "1h"},
        "all": {"arrivals": {"from": "1h", "every": "1h", "rates": ["1100/h", "0/h"]}},
        "channels": {"web": {"kind": "self_service", "time_spent": "1s"}},
    }
    return _case(document)


def thousands_at_once() -> Case:
    """Rows and events grow several times, and patience that ended is swept out of the events."""
    people = 900
    document: Document = {
        "time": {"horizon": "1h", "interval": "1h"},
        "channels": {
            "phone": {"kind": "queue", "talk": "1s", "wrap_up": "1s", "patience": "1h"},
            "bot": {"kind": "self_service", "time_spent": "1h"},
        },
        "pools": {"desk": {"agents": 3, "serves": ["phone"]}},
    }
    return _case(
        document,
        arrival=_seconds(*range(people)),
        channel=["bot" if place % 3 == 0 else "phone" for place in range(people)],
    )


def all_come_again() -> Case:
    """Everybody waits, leaves and comes again, many at one tick and many on their way at once."""
    people = 300
    document: Document = {
        "max_contacts": 4,
        "time": {"horizon": "1h", "interval": "1h"},
        "channels": {
            "phone": {
                "kind": "queue",
                "talk": "7s",
                "resolution": 0.5,
                "patience": "20s",
                "after": {"abandoned": {"phone": {"share": 1.0, "delay": "3m"}}},
            },
        },
        "pools": {"desk": {"agents": 1, "serves": ["phone"]}},
    }
    return _case(document, arrival=_seconds(*(place // 3 for place in range(people))))


def again_beside_a_newcomer() -> Case:
    """Who comes again meets, at one tick, a newcomer with a smaller number: he goes first."""
    document: Document = {
        "max_contacts": 2,
        "time": {"horizon": "1h", "interval": "1h"},
        "channels": {
            "phone": {
                "kind": "queue",
                "talk": "5s",
                "resolution": 0.0,
                "after": {"unresolved": {"phone": {"share": 1.0, "delay": "5s"}}},
            },
        },
        "pools": {"desk": {"agents": 1, "serves": ["phone"]}},
    }
    return _case(document, arrival=_seconds(10, 0))


def again_at_one_tick() -> Case:
    """Two come again at one tick, when one place is free: the smaller number goes first."""
    again = {"phone": {"share": 1.0}}
    document: Document = {
        "max_contacts": 2,
        "time": {"horizon": "1h", "interval": "1h"},
        "channels": {
            "phone": {
                "kind": "queue",
                "talk": "1s",
                "resolution": 0.0,
                "after": {"unresolved": again},
            }
        },
        "pools": {"desk": {"agents": 2, "serves": ["phone"]}},
    }
    return _case(
        document,
        arrival=_seconds(1, 0, 8),
        talk_1=_seconds(1, 1, 60),
        delay_1=_seconds(8, 9, None),
    )


def comes_when_another_goes_home() -> Case:
    """At one tick an agent who was free goes home and somebody comes: he has to wait."""
    return _case(
        {
            "time": {"horizon": "3h", "interval": "1h"},
            "channels": {"phone": {"kind": "queue", "talk": "1000s"}},
            "pools": {
                "desk": {
                    "agents": {"from": "00:00", "every": "1h", "counts": [2, 1, 1]},
                    "serves": ["phone"],
                }
            },
        },
        arrival=_seconds(3000, 3600),
    )


def a_line_with_many_agents() -> Case:
    """Thirty agents who are mostly busy: times at which they fall free lie three deep in a heap."""
    document: Document = {
        "time": {"horizon": "4m", "run_out": "5s", "interval": "1m"},
        "all": {"arrivals": {"every": "1m", "rates": ["90/m", "150/m", "90/m", "60/m"]}},
        "channels": {
            "phone": {
                "kind": "queue",
                "talk": {"distribution": "lognormal", "mean": "18s", "cv": 1.0},
                "patience": {"distribution": "exponential", "mean": "20s"},
            }
        },
        "pools": {"desk": {"agents": 30, "serves": ["phone"]}},
    }
    return _case(document)


def a_line_that_opens_late() -> Case:
    """Some find it closed, some hang up and try again, some have patience for a while in all."""
    exponential: Document = {"distribution": "exponential", "mean": "20s"}
    document: Document = {
        "time": {"horizon": "4m", "run_out": "1m", "interval": "1m"},
        "segments": {
            "all": {"arrivals": {"rates": ["60/m"], "every": "1h"}, "first": {"phone": 1.0}},
            "calm": {
                "arrivals": {"rates": ["30/m"], "every": "1h"},
                "first": {"phone": 1.0},
                "patience_rule": "budget",
                "patience_budget": exponential,
            },
        },
        "channels": {
            "phone": {
                "kind": "queue",
                "opening": "00:01-24:00",
                "talk": exponential,
                "patience": exponential,
                "after": {"abandoned": {"phone": {"share": 0.8, "delay": "5s"}}},
            }
        },
        "pools": {"desk": {"agents": 20, "serves": ["phone"]}},
    }
    return _case(document)


def _chase(after: str, channel: str) -> Document:
    return {"after": after, "to": {channel: 1.0}}


CORNERS = (
    chased_with_a_head_start,
    chased_at_the_end,
    under_way_at_the_end,
    taken_and_chased_at_one_tick,
    a_day_of_more_customers_than_a_block,
    thousands_at_once,
    all_come_again,
    again_beside_a_newcomer,
    again_at_one_tick,
    comes_when_another_goes_home,
    a_line_with_many_agents,
    a_line_that_opens_late,
)
