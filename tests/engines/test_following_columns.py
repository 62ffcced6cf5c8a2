"""Columns that follow from segment and channel say what the scenario says, row by row.

Both engines have them from the same place, so to compare engines would show nothing.
"""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from tests.scenario_parts import Document
from tests.strategies import Case
from validation.worlds import made_by

_NOBODY = {"rates": ["0/s"], "every": "1h"}


def world(hurried_phone: Document, loyal: Document) -> Case:
    document: Document = {
        "time": {"horizon": "1m", "run_out": "1m", "interval": "1m"},
        "segments": {
            "hurried": {
                "arrivals": _NOBODY,
                "first": {"phone": 1.0},
                "value": 5.5,
                "channels": {"phone": hurried_phone},
            },
            "loyal": {"arrivals": _NOBODY, "first": {"phone": 1.0}, **loyal},
        },
        "channels": {
            "web": {"kind": "self_service", "time_spent": "2s", "media": "paid"},
            "phone": {"kind": "queue", "talk": "3s"},
            "chat": {"kind": "queue", "talk": "1s", "control": "partner"},
        },
        "pools": {"desk": {"agents": 2, "serves": ["phone", "chat"]}},
    }
    ways = [(s, c) for s in ("hurried", "loyal") for c in ("web", "phone", "chat")]
    trace = pa.table(
        {
            "arrival": [1_000_000 * place for place in range(len(ways))],
            "segment": [segment for segment, _ in ways],
            "channel": [channel for _, channel in ways],
        }
    )
    return Case(document, trace)


@pytest.mark.parametrize("name", ["reference", "compiled"])
def test_each_row_has_what_its_segment_and_channel_have(name: str) -> None:
    loyal = {"value": 70.25, "priority": 1, "head_start": "4s"}
    run = made_by(name, *world({"priority": 3, "head_start": "9s"}, loyal).model())
    found = {
        (row["segment"], row["channel"]): (row["priority"], row["head_start"])
        for row in run.contacts.to_pylist()
    }
    none, four, nine = (timedelta(seconds=seconds) for seconds in (0, 4, 9))
    assert found == {
        ("hurried", "web"): (0, none),
        ("hurried", "phone"): (3, nine),
        ("hurried", "chat"): (0, none),
        ("loyal", "web"): (1, four),
        ("loyal", "phone"): (1, four),
        ("loyal", "chat"): (1, four),
    }
    values = {(row["segment"], row["value"]) for row in run.journeys.to_pylist()}
    assert values == {("hurried", 5.5), ("loyal", 70.25)}
    kinds = {
        (row["channel"], row["touchpoint"], row["handler"], row["media"], row["control"])
        for row in run.contacts.to_pylist()
    }
    assert kinds == {
        ("web", "web", "machine", "paid", "owned"),
        ("phone", "phone", "human", "owned", "owned"),
        ("chat", "chat", "human", "owned", "partner"),
    }


@pytest.mark.parametrize("name", ["reference", "compiled"])
def test_what_is_the_same_for_all_stands_in_every_row(name: str) -> None:
    everywhere = {"priority": 2, "head_start": "7s"}
    case = world(everywhere, {"value": 5.5, **everywhere})
    case.document["segments"]["hurried"] |= everywhere
    run = made_by(name, *case.model())
    assert run.contacts["priority"].to_pylist() == [2] * 6
    assert run.contacts["head_start"].to_pylist() == [timedelta(seconds=7)] * 6
    assert run.journeys["value"].to_pylist() == [5.5] * 6
