"""A small line, quickly simulated, to compare with changes of it."""

from __future__ import annotations

from typing import Any

import journeysim as js


def line(**parts: Any) -> js.Scenario:
    """Return a phone line of two hours; who abandons tries again or is lost."""
    document: dict[str, Any] = {
        "seed": 5,
        "replications": 6,
        "time": {"horizon": "2h", "run_out": "1d"},
        "segments": {
            "regular": {
                "arrivals": {"rate": "40/h"},
                "patience": {"distribution": "exponential", "mean": "2m"},
                "first": {"phone": 1.0},
            },
            "gold": {"arrivals": {"rate": "5/h"}, "patience": "3m", "first": {"phone": 1.0}},
        },
        "channels": {
            "phone": {
                "kind": "queue",
                "talk": {"distribution": "exponential", "mean": "4m"},
                "resolution": 0.9,
                "after": {"abandoned": {"phone": {"share": 0.5, "delay": "5m"}, "lost": 0.2}},
            }
        },
        "pools": {"agents": {"agents": 3, "serves": ["phone"], "cost_per_hour": 30}},
        "variants": {"more": {"description": "One more", "set": ["pools.agents.agents+=1"]}},
    }
    return js.Scenario.from_document(document | parts, name="line")
