"""Random worlds of the single-queue path: each pool serves one queue in order of entry.

What is left (patience, shifts, doors, concurrency, wrap-up, next steps, the trace) is as dense with
ties as in `tests.strategies`, but a service mostly takes some time: at one without length the fast
path gives way.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from journeysim.scenario.channel_kinds import KINDS, USUAL_KIND, ChannelKind
from tests.scenario_parts import Document
from tests.strategies import Case, Worlds


class SimpleWorlds(Worlds):
    """Draws scenarios in which each pool serves one queue, in order of entry."""

    def document(self) -> Document:
        served = [USUAL_KIND, USUAL_KIND, KINDS["deferred"]]
        more = [*served, KINDS["self_service"]]
        kinds = [self.pick(served), *(self.pick(more) for _ in range(2))]
        self.kinds = {f"c{index}": kind for index, kind in enumerate(kinds[: self.whole(1, 3)])}
        self.needs = ["bill", "fraud"] if self.chance(25) else []
        time: Document = {"horizon": f"{self.horizon}{self.unit}", "interval": f"5{self.unit}"}
        if self.chance(70):
            time["run_out"] = self.time(0, 20)
        if self.chance(20):
            time["warm_up"] = self.time(0, 5)
        by_agents = [name for name, kind in self.kinds.items() if kind.by_agents]
        return {
            "max_contacts": self.pick([3, 1, 2, 5, 8]),
            "time": time,
            "needs": {need: self.need() for need in self.needs},
            "segments": {f"s{index}": self.segment() for index in range(self.whole(1, 3))},
            "channels": {name: self.channel(name, kind, {}) for name, kind in self.kinds.items()},
            "pools": {f"for {name}": self.one_queue(name) for name in by_agents},
        }

    def one_queue(self, channel: str) -> Document:
        at, counts = self.grid(lambda: self.pick([0, 1, 1, 2, 3]))
        shift = {"at": at, "counts": counts} if self.chance(50) else self.pick([1, 1, 2])
        pool: Document = {"serves": [channel], "agents": shift}
        if self.chance(40):
            pool["concurrency"] = {channel: self.whole(1, 3)}
        return pool

    def handling(self) -> Document:
        part = super().handling()
        part["talk"] = self.service()
        return part

    def service(self) -> Any:
        """Return a distribution of times that are not zero, or only by rounding."""
        if self.chance(50):
            return self.time(1, 5)
        if self.chance(60):
            values = [self.time(1, 6) for _ in range(self.whole(1, 4))]
            return {"distribution": "empirical", "values": values}
        return {"distribution": "exponential", "mean": self.time(2, 5)}

    def channel(self, name: str, kind: ChannelKind, pools: Document) -> Document:
        channel = super().channel(name, kind, pools)
        channel.pop("chase", None)
        if kind.by_machine:
            channel["time_spent"] = self.service()
        elif self.chance(95):
            channel.pop("at_closing")
        return channel

    def queue(self, channel: Document) -> None:
        if self.chance(60):
            channel["patience"] = self.distribution(6)
        if self.chance(5):
            channel["lines"] = self.whole(0, 4)

    def route(self, channel: Document, name: str, pools: Document) -> None:
        """Leave the route as it is: the one pool that serves this channel."""

    def segment(self) -> Document:
        segment = super().segment()
        for part in (segment, *segment.get("channels", {}).values()):
            part.pop("priority", None)
            part.pop("head_start", None)
        return segment


@st.composite
def simple_cases(draw: st.DrawFn) -> Case:
    """Return random simple worlds."""
    worlds = SimpleWorlds(draw)
    document = worlds.document()
    return Case(document, worlds.trace() if worlds.chance(50) else None)
