"""Customers coming into the reference engine: one process per segment, one for a trace."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from journeysim.engine import order
from journeysim.engine.random import draws
from journeysim.engine.random.arrival_times import arrivals_of_day, interval_factors
from journeysim.engine.reference.entities import Keyed, Life, TickEnvironment
from journeysim.engine.reference.random_inputs import RandomInputs
from journeysim.scenario.flat.flat_model import FlatModel
from journeysim.units import DAY

#: Called when a customer comes: identity, segment, row of the trace or -1.
Begin = Callable[[int, int, int], None]

_REPORT_EVERY = 2048


class ArrivalProcesses:
    """Starts the processes that bring customers."""

    def __init__(
        self,
        model: FlatModel,
        inputs: RandomInputs,
        env: TickEnvironment,
        begin: Begin,
        progress: Callable[[float], None] | None,
    ) -> None:
        self.model = model
        self.inputs = inputs
        self.env = env
        self.begin = begin
        self.progress = progress
        self.count = 0

    def start(self) -> None:
        """Begin to bring customers."""
        for segment, gaps in enumerate(self.model.demand.gaps.tolist()):
            process = self._renewal(segment, gaps) if gaps >= 0 else self._poisson(segment)
            Life(process)
        if self.model.trace.arrival.size:
            Life(self._traced())

    def _poisson(self, segment: int) -> Generator[Any, None, None]:
        model, inputs, demand = self.model, self.inputs, self.model.demand
        for day in range((model.horizon + DAY - 1) // DAY):
            weekday = (model.weekday + day) % 7
            factors = interval_factors(demand, day, inputs.seed, inputs.replication)
            ticks = arrivals_of_day(
                demand, segment, day, weekday, inputs.seed, inputs.replication, factors
            )
            first = int(demand.identity[segment]) | day << draws.INDEX_BITS
            for index, tick in enumerate(ticks.tolist()):
                if tick >= model.horizon:
                    return
                yield self._come(tick, first + index)
                self.begin(first + index, segment, -1)

    def _renewal(self, segment: int, gaps: int) -> Generator[Any, None, None]:
        identity = int(self.model.demand.identity[segment])
        tick = 0
        while True:
            tick += self.inputs.duration(gaps, identity, 0, draws.ARRIVAL)
            if tick >= self.model.horizon:
                return
            yield self._come(tick, identity)
            self.begin(identity, segment, -1)
            identity += 1

    def _traced(self) -> Generator[Any, None, None]:
        trace = self.model.trace
        rows = zip(
            trace.customer.tolist(), trace.arrival.tolist(), trace.segment.tolist(), strict=True
        )
        for row, (customer, tick, segment) in enumerate(rows):
            if tick >= self.model.horizon:
                return
            yield self._come(tick, customer)
            self.begin(customer, max(segment, 0), row)

    def _come(self, tick: int, customer: int) -> Keyed:
        self.count += 1
        if self.progress is not None and self.count % _REPORT_EVERY == 0:
            self.progress(tick / self.model.horizon)
        return Keyed(self.env, order.key(order.ARRIVAL, customer), tick - self.env.tick)
