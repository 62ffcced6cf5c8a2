"""Random small scenarios, dense with ties: every time is a few whole units."""

from __future__ import annotations

from typing import Any, NamedTuple

import pyarrow as pa
from hypothesis import strategies as st

from journeysim.engine.random.draws import segment_identity
from journeysim.scenario.channel_kinds import KINDS, NEEDED_BY_OUTCOME, USUAL_KIND, ChannelKind
from journeysim.scenario.flat.flat_model import FlatModel, Names
from journeysim.scenario.flat.flatten import flatten, names_of
from journeysim.scenario.scenario import Scenario
from tests.scenario_parts import PROBABILITIES, Document, Drawing


class Case(NamedTuple):
    """A random world: its document, and the rows of its trace, if any."""

    document: Document
    trace: pa.Table | None

    def model(self) -> tuple[FlatModel, Names]:
        world = Scenario.from_document(self.document).world
        return flatten(world, identity=segment_identity, trace=self.trace), names_of(world)


class Worlds(Drawing):
    """Draws the parts of one scenario."""

    def __init__(self, draw: st.DrawFn, *, exact: bool = False) -> None:
        super().__init__(draw, exact=exact)
        self.kinds: dict[str, ChannelKind] = {}
        self.needs: list[str] = []
        self.horizon = self.whole(30, 60) if self.unit == "h" else self.whole(10, 30)

    def document(self) -> Document:
        count = self.whole(1, 4)
        kinds = [self.pick([USUAL_KIND, *KINDS.values()]) for _ in range(count)]
        self.kinds = {f"c{index}": kind for index, kind in enumerate(kinds)}
        served = [name for name, kind in self.kinds.items() if kind.by_agents]
        self.needs = ["bill", "fraud"] if self.chance(40) else []
        pools = self.pools(served)
        time: Document = {"horizon": f"{self.horizon}{self.unit}", "interval": f"5{self.unit}"}
        if self.chance(70):
            time["run_out"] = self.time(0, 20)
        if self.chance(20):
            time["warm_up"] = self.time(0, 5)
        if self.unit == "h":
            time["starts_on"] = self.pick(["monday", "friday"])
        document: Document = {
            "max_contacts": self.pick([3, 1, 2, 5, 8]),
            "time": time,
            "needs": {need: self.need() for need in self.needs},
            "segments": {f"s{index}": self.segment() for index in range(self.whole(1, 3))},
            "channels": {
                name: self.channel(name, kind, pools) for name, kind in self.kinds.items()
            },
            "pools": pools,
        }
        drawn = ["gaps" not in part["arrivals"] for part in document["segments"].values()]
        if self.unit == "s" and any(drawn) and self.chance(20):
            document["demand"] = {
                "day_factor": {"cv": 0.5},
                "interval_factor": {"cv": 0.5, "correlation": 0.5, "every": "5m"},
            }
        return document

    def pools(self, served: list[str]) -> Document:
        """Return pools such that every channel has one that serves all needs."""
        if not served:
            return {}
        pools: Document = {}
        count = self.whole(1, 3)
        main = {channel: self.whole(0, count - 1) for channel in served}
        for index in range(count):
            own = [channel for channel in served if main[channel] == index]
            more = [channel for channel in served if channel not in own and self.chance(50)]
            if not own and not more:
                continue
            pools[f"p{index}"] = self.pool(own, more)
        return pools

    def pool(self, own: list[str], more: list[str]) -> Document:
        entries: list[Any] = list(own)
        for channel in more:
            some = self.needs and self.chance(50)
            item = {"channel": channel, "needs": [self.pick(self.needs)]} if some else channel
            entries.append(item)
        entries = self.shuffled(entries)
        serves: list[Any] = []
        for entry in entries:
            if serves and self.chance(40):
                last = serves.pop()
                serves.append([*last, entry] if isinstance(last, list) else [last, entry])
            else:
                serves.append(entry)
        at, counts = self.grid(lambda: self.pick([0, 1, 1, 2, 3]))
        pool: Document = {"serves": serves, "agents": self.pick([1, 1, 2])}
        if self.chance(50):
            pool["agents"] = {"at": at, "counts": counts}
        both = own + more
        if self.chance(60):
            pool["concurrency"] = {channel: self.whole(1, 3) for channel in self.some(both)}
        if self.chance(30):
            channel = self.pick(both)
            pool["channels"] = {channel: self.handling()}
            if self.needs and self.chance(50):
                pool["channels"][channel]["needs"] = {self.pick(self.needs): self.handling()}
        if self.chance(15):
            pool |= {"paid": True, "shrinkage": self.pick([0.3, 0.5])}
        return pool

    def handling(self) -> Document:
        part: Document = {"talk": self.distribution()}
        if self.chance(60):
            part["wrap_up"] = self.distribution(3)
        if self.chance(80):
            part["resolution"] = self.pick(PROBABILITIES)
        return part

    def channel(self, name: str, kind: ChannelKind, pools: Document) -> Document:
        channel: Document = {"kind": kind.name}
        if self.chance(25):
            start = 4 * self.whole(0, 2)
            channel["opening"] = f"{start}{self.unit}-{start + 4 * self.whole(1, 3)}{self.unit}"
            if self.chance(50):
                channel["opening"] = [channel["opening"], f"20{self.unit}-24{self.unit}"]
        if kind.by_machine:
            channel["time_spent"] = self.distribution()
            channel["stuck"] = self.pick(PROBABILITIES)
            channel["resolution"] = self.pick(PROBABILITIES)
        else:
            channel |= self.handling()
            channel["at_closing"] = self.pick(["serve", "send_away"])
            self.route(channel, name, pools)
        if kind.hangs_on:
            self.queue(channel)
        if kind.answered_later and self.chance(80):
            to = self.shares(self.kinds, closed=False)
            channel["chase"] = {"after": self.distribution(), "to": to}
        channel["after"] = self.after(kind)
        return channel

    def queue(self, channel: Document) -> None:
        if self.chance(60):
            channel["patience"] = self.distribution(6)
        if self.chance(30):
            channel["lines"] = self.whole(0, 4)
        if self.chance(60):
            channel["announce"] = {"handling": self.time(1, 5)}
        rule = self.pick(["none", "none", "queue", "wait"])
        if rule == "queue":
            channel["balking"] = {"queue": [[1, 0.5], [3, self.pick(PROBABILITIES)]]}
        if rule == "wait" and "announce" in channel:
            steps = [[self.time(1, 2), 0.5], [self.time(3, 9), self.pick(PROBABILITIES)]]
            channel["balking"] = {"announced_wait": steps}

    def route(self, channel: Document, name: str, pools: Document) -> None:
        serving = [pool for pool, part in pools.items() if _serves(part, name)]
        if self.chance(70):
            order = self.shuffled(serving)
            channel["pools"] = [
                {"pool": pool, "after": self.time(0, 3)} if self.chance(60) else pool
                for pool in order
            ]

    def after(self, kind: ChannelKind) -> Document:
        tables = {}
        for outcome, needed in NEEDED_BY_OUTCOME.items():
            if kind.has(needed) and self.chance(75):
                shares = self.shares([*self.kinds, *self.kinds, "lost", "give_up"], closed=False)
                tables[outcome] = {
                    to: self.step(to, share, outcome) for to, share in shares.items()
                }
        return tables

    def step(self, to: str, share: float, outcome: str) -> Any:
        if to in ("lost", "give_up"):
            return share
        step: Document = {"share": share}
        if self.chance(60):
            step["delay"] = self.distribution(4)
        if outcome == "unresolved" and self.chance(30):
            step["transfer"] = True
        if self.kinds[to].by_agents and self.chance(25):
            step["handling_factor"] = self.pick([0.5, 2.0])
        if self.kinds[to].hangs_on and self.chance(25):
            step["patience_factor"] = self.pick([0.5, 2.0])
        return step

    def need(self) -> Document:
        need: Document = {"first": self.shares(self.kinds)}
        if self.chance(30):
            channel = self.pick(list(self.kinds))
            kind = self.kinds[channel]
            own = self.handling() if kind.by_agents else {"stuck": self.pick(PROBABILITIES)}
            need["channels"] = {channel: {**own, "after": self.after(kind)}}
        return need

    def segment(self) -> Document:
        segment: Document = {"arrivals": self.arrivals()}
        if self.needs:
            segment["needs"] = self.shares(self.needs)
        if not self.needs or self.chance(20):
            segment["first"] = self.shares(self.kinds)
        if self.chance(50):
            segment["patience"] = self.distribution(6)
        segment["patience_rule"] = self.pick(["fresh", "same", "budget"])
        if segment["patience_rule"] == "budget":
            segment["patience_budget"] = self.distribution(8)
        if self.chance(50):
            segment |= {"priority": self.whole(-1, 2), "head_start": self.time(0, 3)}
        if self.chance(40):
            channel = self.pick(list(self.kinds))
            kind = self.kinds[channel]
            own: Document = {"after": self.after(kind)}
            if kind.waits:
                own |= {"priority": self.whole(-1, 2), "head_start": self.time(0, 3)}
            if kind.hangs_on:
                own["patience"] = self.distribution()
            segment["channels"] = {channel: own}
        return segment

    def arrivals(self) -> Document:
        kinds = ["nobody", "rate", "steps", "counts", "gaps", "linear"]
        kind = "nobody" if self.exact else self.pick(kinds)
        if kind == "gaps":
            return {"gaps": {"distribution": "empirical", "values": ["0s", self.time(1, 4)]}}
        if kind == "rate" and self.unit == "h":
            return {"rate": "0.5/h"}
        # Every table ends: a rate that holds to midnight means 10^11 customers by the microsecond.
        steps = self.whole(2, 4)
        table: Document = {"from": self.time(0, 4), "every": f"5{self.unit}"}
        if kind == "counts":
            table["counts"] = [self.pick([0.0, 2.5, 6.0]) for _ in range(steps)]
            if self.unit == "h":
                table[self.pick(["tuesday", "saturday"])] = self.pick([[], [3.0]])
            return table
        rates = ["0"] if kind == "nobody" else ["0", "0.5", "2"]
        table["rates"] = [f"{self.pick(rates)}/{self.unit}" for _ in range(steps)]
        table["shape"] = "linear" if kind == "linear" else "step"
        return table

    # The trace.

    def trace(self) -> pa.Table:
        rows = self.whole(1, 12)
        step = {"us": 1, "s": 10**6, "h": 3_600 * 10**6}[self.unit]
        segments = ["s0"]
        columns: dict[str, tuple[list[Any], pa.DataType]] = {
            "arrival": ([step * self.whole(0, 9) for _ in range(rows)], pa.int64()),
            "segment": ([self.pick(segments) for _ in range(rows)], pa.string()),
        }

        def cells(name: str, kind: pa.DataType, values: list[Any]) -> None:
            columns[name] = ([self.pick([None, *values]) for _ in range(rows)], kind)

        times = [step * count for count in range(5)]
        cells("channel", pa.string(), list(self.kinds))
        if self.needs:
            cells("need", pa.string(), self.needs)
        for number in range(1, self.pick([2, 1, 0]) + 1):
            for name in ("patience", "talk", "wrap_up", "delay"):
                if self.chance(50):
                    cells(f"{name}_{number}", pa.int64(), times)
            if self.chance(75):
                cells(f"resolved_{number}", pa.int8(), [0, 1])
            if self.chance(50):
                cells(f"next_{number}", pa.string(), [*self.kinds, "lost", "give_up"])
        return pa.table({name: pa.array(*column) for name, column in columns.items()})


def _serves(pool: Document, channel: str) -> bool:
    flat = [item for entry in pool["serves"] for item in _listed(entry)]
    return any((item if isinstance(item, str) else item["channel"]) == channel for item in flat)


def _listed(entry: Any) -> list[Any]:
    return entry if isinstance(entry, list) else [entry]


@st.composite
def cases(draw: st.DrawFn, *, exact: bool = False) -> Case:
    """Return random worlds; in exact ones all comes from a trace and is whole seconds."""
    worlds = Worlds(draw, exact=exact)
    document = worlds.document()
    return Case(document, worlds.trace() if exact or worlds.chance(50) else None)
