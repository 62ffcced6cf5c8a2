"""A world in which every setting matters, and for every setting a change that shows it."""

from __future__ import annotations

from typing import Any

from tests.scenario_parts import Document

#: By setting ("class.key"): where it stands in BASE, and what to put there. Keys are split by "/".
Changes = dict[str, list[tuple[str, Any]]]

BASE: Document = {
    "seed": 7,
    "max_contacts": 4,
    "time": {
        "horizon": "1d 2h",
        "run_out": "1h",
        "warm_up": "2h",
        "starts_on": "monday",
        "interval": "30m",
    },
    "demand": {
        "day_factor": {"cv": 0.3},
        "interval_factor": {"cv": 0.3, "correlation": 0.3, "every": "30m"},
    },
    "needs": {
        "bill": {"first": {"phone": 0.6, "web": 0.2, "mail": 0.2}},
        "fraud": {
            "first": {"phone": 0.4, "chat": 0.4, "web": 0.2},
            "channels": {
                "phone": {"after": {"abandoned": {"chat": {"share": 0.8, "delay": "1m"}}}},
                "chat": {"talk": "3m", "wrap_up": "10s", "resolution": 0.8},
                "web": {"time_spent": "3m", "stuck": 0.5},
            },
        },
    },
    "segments": {
        "regular": {
            "arrivals": {
                "from": "00:00",
                "every": "1h",
                "counts": [40.0, 90.0, 60.0],
                "tuesday": [50.0, 50.0],
            },
            "needs": {"bill": 0.6, "fraud": 0.4},
            "patience": {"distribution": "exponential", "mean": "3m"},
            "patience_rule": "budget",
            "patience_budget": {"distribution": "exponential", "mean": "6m"},
        },
        "loyal": {
            "arrivals": {"from": "00:30", "every": "1h", "rates": ["10/h", "20/h", "10/h"]},
            "needs": {"bill": 1.0},
            "first": {"bill": {"phone": 0.5, "chat": 0.2, "web": 0.3}},
            "priority": 1,
            "head_start": "1m",
            "patience_rule": "same",
            "day_factor": {"cv": 0.2},
            "channels": {
                "phone": {
                    "patience": {"distribution": "exponential", "mean": "5m"},
                    "priority": 2,
                    "head_start": "2m",
                    "after": {"abandoned": {"phone": {"share": 0.9, "delay": "2m"}}},
                }
            },
        },
    },
    "channels": {
        "web": {
            "kind": "self_service",
            "time_spent": "2m",
            "stuck": 0.3,
            "resolution": 0.5,
            "opening": "00:10-24:00",
            "after": {
                "closed": {"phone": 1.0},
                "contained": {"phone": {"share": 0.7, "delay": "5m"}},
                "stuck": {
                    "phone": {"share": 0.6, "handling_factor": 1.5, "patience_factor": 0.5},
                    "lost": 0.3,
                },
            },
        },
        "phone": {
            "kind": "queue",
            "talk": {"distribution": "exponential", "mean": "6m"},
            "wrap_up": "30s",
            "resolution": 0.7,
            "lines": 7,
            "opening": {"default": "00:05-02:30", "tuesday": "00:10-24:00"},
            "at_closing": "send_away",
            "balking": {"announced_wait": [["1m", 0.3], ["4m", 0.6]]},
            "announce": {"handling": "4m"},
            "pools": ["desk", {"pool": "back", "after": "30s"}],
            "after": {
                "abandoned": {"chat": {"share": 0.5, "delay": "30s"}},
                "balked": {"chat": {"share": 0.8}},
                "blocked": {"web": {"share": 0.8, "delay": "1m"}},
                "closed": {"mail": {"share": 0.7, "delay": "1m"}},
                "unresolved": {
                    "mail": {"share": 0.4, "transfer": True},
                    "phone": {"share": 0.4, "delay": "10m"},
                },
            },
        },
        "chat": {
            "kind": "queue",
            "talk": "5m",
            "resolution": 0.6,
            "patience": {"distribution": "exponential", "mean": "2m"},
            "balking": {"queue": [[1, 0.3], [4, 0.8]]},
            "announce": {"handling": "2m"},
        },
        "mail": {
            "kind": "deferred",
            "talk": "4m",
            "chase": {"after": "5m", "to": {"phone": 0.6, "chat": 0.2}},
        },
    },
    "pools": {
        "desk": {
            "agents": {"at": ["00:00", "01:00", "02:00"], "counts": [5, 6, 4]},
            "paid": True,
            "shrinkage": 0.2,
            "serves": ["chat", "phone"],
            "concurrency": {"chat": 2},
            "breaks": [{"from": "01:20", "to": "01:40", "agents": 1}],
            "channels": {
                "phone": {
                    "talk": {"distribution": "exponential", "mean": "5m"},
                    "wrap_up": "25s",
                    "resolution": 0.6,
                    "needs": {"fraud": {"talk": "6m", "wrap_up": "35s", "resolution": 0.4}},
                }
            },
        },
        "back": {
            "agents": {
                "from": "00:00",
                "every": "1h",
                "counts": [1, 2, 1],
                "tuesday": [2],
            },
            "serves": [{"channel": "phone", "needs": ["bill"]}, "mail"],
        },
    },
}

_REGULAR, _LOYAL = "segments/regular/", "segments/loyal/"
_PHONE, _DESK, _BACK = "channels/phone/", "pools/desk/", "pools/back/"
_NEED, _POOLED = "needs/fraud/channels/chat/", "pools/desk/channels/phone/"
_STUCK, _NEEDED = "channels/web/after/stuck/phone/", "pools/desk/channels/phone/needs/fraud/"
_NOBODY: Document = {"lost": 1.0}

CHANGES: Changes = {
    "World.seed": [("seed", 8)],
    "World.max_contacts": [("max_contacts", 2)],
    "Time.horizon": [("time/horizon", "1d 1h")],
    "Time.run_out": [("time/run_out", "0s")],
    "Time.warm_up": [("time/warm_up", "1h")],
    "Time.starts_on": [("time/starts_on", "friday")],
    "DayFactor.cv": [("demand/day_factor/cv", 0.5), (_LOYAL + "day_factor/cv", 0.5)],
    "IntervalFactor.cv": [("demand/interval_factor/cv", 0.5)],
    "IntervalFactor.correlation": [("demand/interval_factor/correlation", 0.9)],
    "IntervalFactor.every": [("demand/interval_factor/every", "10m")],
    "Need.first": [("needs/bill/first", {"phone": 0.2, "web": 0.8})],
    "NeedInChannel.talk": [(_NEED + "talk", "9m")],
    "NeedInChannel.wrap_up": [(_NEED + "wrap_up", "9m")],
    "NeedInChannel.resolution": [(_NEED + "resolution", 0.1)],
    "NeedInChannel.time_spent": [("needs/fraud/channels/web/time_spent", "9m")],
    "NeedInChannel.stuck": [("needs/fraud/channels/web/stuck", 0.0)],
    "NeedInChannel.after": [("needs/fraud/channels/phone/after/abandoned", _NOBODY)],
    "Segment.arrivals": [(_REGULAR + "arrivals", {"rate": "9/h"})],
    "Segment.needs": [(_REGULAR + "needs", {"bill": 0.2, "fraud": 0.8})],
    "Segment.first": [(_LOYAL + "first/bill", {"chat": 1.0})],
    "Segment.patience": [(_REGULAR + "patience", "1s")],
    "Segment.patience_rule": [(_LOYAL + "patience_rule", "fresh")],
    "Segment.patience_budget": [(_REGULAR + "patience_budget", "10s")],
    "Segment.priority": [(_LOYAL + "priority", -1)],
    # Where one comes first anyway a head start changes nothing.
    "Segment.head_start": [(_LOYAL + "priority", 0), (_LOYAL + "head_start", "30m")],
    "SegmentInChannel.patience": [(_LOYAL + "channels/phone/patience", "10s")],
    "SegmentInChannel.priority": [(_LOYAL + "channels/phone/priority", -1)],
    "SegmentInChannel.head_start": [
        (_LOYAL + "channels/phone/priority", 0),
        (_LOYAL + "channels/phone/head_start", "30m"),
    ],
    "SegmentInChannel.after": [(_LOYAL + "channels/phone/after/abandoned", _NOBODY)],
    "Arrivals.start": [(_REGULAR + "arrivals/from", "00:20")],
    "Arrivals.every": [(_REGULAR + "arrivals/every", "30m")],
    "Arrivals.at": [
        (_LOYAL + "arrivals", {"at": ["00:30", "03:30"], "rates": ["10/h", "0/h"]}),
        (_LOYAL + "arrivals", {"at": ["00:30", "02:30"], "rates": ["10/h", "0/h"]}),
    ],
    "Arrivals.counts": [(_REGULAR + "arrivals/counts", [30.0, 20.0])],
    "Arrivals.rates": [(_LOYAL + "arrivals/rates", ["20/h", "10/h"])],
    "Arrivals.rate": [(_LOYAL + "arrivals", {"rate": "5/h"})],
    "Arrivals.gaps": [(_REGULAR + "arrivals", {"gaps": "9m"})],
    "Arrivals.shape": [(_LOYAL + "arrivals/shape", "linear")],
    "Arrivals.monday": [(_REGULAR + "arrivals/monday", [])],
    "Arrivals.tuesday": [(_REGULAR + "arrivals/tuesday", [])],
    "Channel.kind": [
        ("channels/chat", {"kind": "queue", "talk": "5m"}),
        ("channels/chat", {"kind": "deferred", "talk": "5m"}),
    ],
    "Channel.talk": [("channels/chat/talk", "9m")],
    "Channel.wrap_up": [("channels/chat/wrap_up", "9m")],
    "Channel.resolution": [("channels/chat/resolution", 0.0)],
    "Channel.time_spent": [("channels/web/time_spent", "9m")],
    "Channel.stuck": [("channels/web/stuck", 1.0)],
    "Channel.patience": [("channels/chat/patience", "1s")],
    "Channel.lines": [(_PHONE + "lines", 2)],
    "Channel.at_closing": [(_PHONE + "at_closing", "serve")],
    "Channel.pools": [(_PHONE + "pools", ["desk", "back"]), (_PHONE + "pools", ["back", "desk"])],
    "Opening.default": [(_PHONE + "opening/default", "00:05-02:00")],
    "Opening.monday": [(_PHONE + "opening/monday", [])],
    "Opening.tuesday": [(_PHONE + "opening/tuesday", "00:30-01:00")],
    "Balking.queue": [("channels/chat/balking/queue", [[1, 0.9]])],
    "Balking.announced_wait": [(_PHONE + "balking/announced_wait", [["1s", 0.9]])],
    "Announce.handling": [(_PHONE + "announce/handling", "15m")],
    "Chase.after": [("channels/mail/chase/after", "1m")],
    "Chase.to": [("channels/mail/chase/to", {"web": 1.0})],
    "Overflow.pool": [(_PHONE + "pools", [{"pool": "desk", "after": "30s"}, "back"])],
    "Overflow.after": [(_PHONE + "pools", ["desk", {"pool": "back", "after": "5m"}])],
    "Behaviour.abandoned": [(_PHONE + "after/abandoned", _NOBODY)],
    "Behaviour.balked": [(_PHONE + "after/balked", _NOBODY)],
    "Behaviour.blocked": [(_PHONE + "after/blocked", _NOBODY)],
    "Behaviour.closed": [(_PHONE + "after/closed", _NOBODY)],
    "Behaviour.unresolved": [(_PHONE + "after/unresolved", _NOBODY)],
    "Behaviour.contained": [("channels/web/after/contained", _NOBODY)],
    "Behaviour.stuck": [("channels/web/after/stuck", _NOBODY)],
    "Step.share": [(_STUCK + "share", 0.1)],
    "Step.delay": [(_STUCK + "delay", "7m")],
    "Step.transfer": [(_PHONE + "after/unresolved/mail/transfer", False)],
    "Step.handling_factor": [(_STUCK + "handling_factor", 3.0)],
    "Step.patience_factor": [(_STUCK + "patience_factor", 0.01)],
    "Pool.agents": [(_DESK + "agents", 3)],
    "Pool.paid": [(_BACK + "paid", True), (_BACK + "shrinkage", 0.6)],
    "Pool.shrinkage": [(_DESK + "shrinkage", 0.6)],
    "Pool.serves": [(_DESK + "serves", ["phone", "chat"])],
    "Pool.concurrency": [(_DESK + "concurrency/chat", 1)],
    "Break.start": [(_DESK + "breaks", [{"from": "01:05", "to": "01:40", "agents": 1}])],
    "Break.end": [(_DESK + "breaks", [{"from": "01:20", "to": "02:30", "agents": 1}])],
    "Break.agents": [(_DESK + "breaks/0/agents", 4)],
    "ServesNeeds.channel": [(_BACK + "serves", [{"channel": "chat"}, "mail", "phone"])],
    "ServesNeeds.needs": [(_BACK + "serves/0/needs", ["fraud"])],
    "PoolInChannel.talk": [(_POOLED + "talk", "9m")],
    "PoolInChannel.wrap_up": [(_POOLED + "wrap_up", "9m")],
    "PoolInChannel.resolution": [(_POOLED + "resolution", 0.0)],
    "PoolInChannelForNeed.talk": [(_NEEDED + "talk", "12m")],
    "PoolInChannelForNeed.wrap_up": [(_NEEDED + "wrap_up", "9m")],
    "PoolInChannelForNeed.resolution": [(_NEEDED + "resolution", 1.0)],
    "Schedule.start": [(_BACK + "agents/from", "00:30")],
    "Schedule.every": [(_BACK + "agents/every", "20m")],
    "Schedule.at": [(_DESK + "agents/at", ["00:00", "01:00", "01:10"])],
    "Schedule.counts": [(_BACK + "agents/counts", [0, 0, 0])],
    "Schedule.monday": [(_BACK + "agents/monday", [0])],
    "Schedule.tuesday": [(_BACK + "agents/tuesday", [0])],
}  # fmt: skip

#: The other weekdays are read by the same lines.
WEEKDAYS = ("wednesday", "thursday", "friday", "saturday", "sunday")
#: What never changes what happens: it names, scores, costs, finds files or holds other parts.
NOT_ABOUT_OUTCOMES = {
    "World": "title description extends replications time measures demand needs segments channels "
    "pools trace evidence variants scoring",
    "Time": "interval",
    "Demand": "day_factor interval_factor",
    "Need": "channels",
    "Segment": "value interviews day_factor channels",
    "Arrivals": "file column sheet",
    "Schedule": "file column sheet",
    "Channel": "opening balking announce chase cost_per_contact touchpoint media control "
    "initiator receiver after",
    "NeedInChannel": "",
    "Pool": "breaks cost_per_hour channels",
    "PoolInChannel": "needs time_spent",
    "PoolInChannelForNeed": "time_spent",
}

_MINUTE = 60_000_000
#: Columns of a trace, each with a cell that changes what happens to a customer.
TRACE_CELLS: dict[str, Any] = {
    "segment": "loyal",
    "need": "fraud",
    "channel": "mail",
    "patience_1": 0,
    "talk_1": 30 * _MINUTE,
    "wrap_up_1": 30 * _MINUTE,
    "resolved_1": 0,
    "next_1": "web",
    "delay_1": 20 * _MINUTE,
    "talk_2": 30 * _MINUTE,
}
