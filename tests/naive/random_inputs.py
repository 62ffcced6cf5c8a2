"""What chance or the trace decides in the naive engine; the draws are those of all engines."""

from __future__ import annotations

from collections.abc import Iterator

from journeysim.engine.random import draws
from journeysim.engine.random.arrival_times import arrivals_of_day, interval_factors
from journeysim.engine.rules import scaled
from journeysim.scenario.flat import flat_model as flat
from journeysim.units import DAY
from tests.naive.entities import Contact, Journey


class RandomInputs:
    def __init__(self, model: flat.FlatModel, seed: int, replication: int) -> None:
        self.model, self.seed, self.replication = model, seed, replication

    def uniform(self, journey: Journey, contact: int, purpose: int) -> float:
        return draws.uniform(self.seed, self.replication, journey.customer, contact, purpose, 0)

    def draw(self, code: int, customer: int, contact: int, purpose: int) -> int:
        if code < 0:
            return 0
        shapes, seed, replication = self.model.distributions, self.seed, self.replication
        return int(draws.draw(shapes, code, seed, replication, customer, contact, purpose))

    def given(self, column: str, journey: Journey, number: int) -> int | None:
        """Return a cell of the trace, or None where it is empty."""
        cells = getattr(self.model.trace, column)
        if journey.traced < 0 or number >= cells.shape[1] or cells[journey.traced, number] == -1:
            return None
        return int(cells[journey.traced, number])

    def arrivals(self) -> Iterator[tuple[int, int, int, int]]:
        """Return who comes: tick, customer, segment, row of the trace or -1."""
        model, demand = self.model, self.model.demand
        for day in range(-(-model.horizon // DAY)):
            weekday = (model.weekday + day) % 7
            factors = interval_factors(demand, day, self.seed, self.replication)
            for segment, identity in enumerate(demand.identity):
                if demand.gaps[segment] < 0:
                    ticks = arrivals_of_day(
                        demand, segment, day, weekday, self.seed, self.replication, factors
                    )
                    for index, tick in enumerate(ticks[ticks < model.horizon]):
                        customer = int(identity) | day << draws.INDEX_BITS | index
                        yield int(tick), customer, segment, -1
        for segment, identity in enumerate(demand.identity):
            tick, customer = 0, int(identity)
            while demand.gaps[segment] >= 0:
                tick += self.draw(demand.gaps[segment], customer, 0, draws.ARRIVAL)
                if tick >= model.horizon:
                    break
                yield tick, customer, segment, -1
                customer += 1
        for row, customer in enumerate(model.trace.customer):
            if model.trace.arrival[row] < model.horizon:
                segment = max(0, int(model.trace.segment[row]))
                yield int(model.trace.arrival[row]), int(customer), segment, row

    def patience(self, contact: Contact) -> int | None:
        """Return how long a contact would wait, or None for ever."""
        model, journey = self.model, contact.journey
        rule = model.patience_rule[journey.segment]
        code = model.patience[journey.segment, contact.channel]
        patience = self.given("patience", journey, contact.number)
        if patience is not None:
            return patience
        if code >= 0:
            number = 0 if rule == flat.SAME_PATIENCE else contact.number
            patience = self.draw(code, journey.customer, number, draws.PATIENCE)
            patience = scaled(patience, contact.patience_factor)
        if rule == flat.BUDGET_PATIENCE:
            budget = self.draw(model.budget[journey.segment], journey.customer, 0, draws.BUDGET)
            hung_on = (one for one in journey.contacts if model.hangs_on[one.channel])
            left = max(0, budget - sum(one.wait for one in hung_on))
            patience = left if patience is None else min(patience, left)
        return patience

    def talk(self, contact: Contact) -> int:
        """Return how long service takes, by an agent or by a machine."""
        model, need = self.model, contact.journey.need
        given = self.given("talk", contact.journey, contact.number)
        if given is not None:
            return given
        code, purpose = model.time_spent[contact.channel, need], draws.TIME_SPENT
        if contact.pool >= 0:
            code, purpose = model.talk[contact.channel, need, contact.pool], draws.TALK
        drawn = self.draw(code, contact.journey.customer, contact.number, purpose)
        return scaled(drawn, contact.handling_factor)

    def wrap_up(self, contact: Contact) -> int:
        given = self.given("wrap_up", contact.journey, contact.number)
        if given is not None:
            return given
        code = self.model.wrap_up[contact.channel, contact.journey.need, contact.pool]
        return self.draw(code, contact.journey.customer, contact.number, draws.WRAP_UP)

    def stuck(self, contact: Contact) -> bool:
        share = self.model.stuck[contact.channel, contact.journey.need]
        resolved = self.given("resolved", contact.journey, contact.number) == 1
        u = self.uniform(contact.journey, contact.number, draws.STUCK)
        return bool(u < share) and not resolved

    def resolves(self, contact: Contact) -> int:
        """Return 1 if a service that came to its end meets the need, else 0."""
        model, journey, number = self.model, contact.journey, contact.number
        given = self.given("resolved", journey, number)
        if given is not None:
            return given
        if self.given("next", journey, number) is not None:
            return 0
        share = model.contained_resolution[contact.channel, journey.need]
        if contact.pool >= 0:
            share = model.resolution[contact.channel, journey.need, contact.pool]
        return int(self.uniform(journey, number, draws.RESOLUTION) < share)
