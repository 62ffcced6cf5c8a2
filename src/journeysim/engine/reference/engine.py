"""The reference engine: a SimPy model in which a customer is a process.

What happens when is meant to be read here: a customer's life in this file, queues and agents in
`engine.reference.floor`. `engine.order` says what comes first when things happen together,
`engine.reference.random_inputs` what everybody draws, `engine.reference.routing` who serves whom,
`engine.reference.next_steps` where people go next.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from journeysim.engine import order
from journeysim.engine.emission import Emission, FinishedJourneys
from journeysim.engine.extension import Extension
from journeysim.engine.random import draws
from journeysim.engine.reference.arrival_processes import ArrivalProcesses
from journeysim.engine.reference.entities import (
    Contact,
    Journey,
    Keyed,
    Life,
    PlannedStep,
    TickEnvironment,
)
from journeysim.engine.reference.extension_views import Views
from journeysim.engine.reference.floor import Floor
from journeysim.engine.reference.next_steps import NextSteps
from journeysim.engine.reference.random_inputs import RandomInputs
from journeysim.engine.rules import cause_of_step, choose, end_of_journey, was_served
from journeysim.jit import plain
from journeysim.scenario.flat.flat_model import FlatModel, Names
from journeysim.tables.columns import Cause, ContactOutcome, JourneyOutcome, NextStep

_FRESH = int(Cause.FRESH)
_cause_of_step = plain(cause_of_step)
_choose = plain(choose)
_end_of_journey = plain(end_of_journey)
_was_served = plain(was_served)

Process = Generator[Any, Any, None]


class ReferenceEngine:
    """One replication of a world.

    Parameters
    ----------
    model, names
        The scenario as arrays, and the words behind its codes.
    seed, replication
        The address of all its draws.
    emission
        Where finished journeys go.
    extension
        Own rules in Python, or None.
    progress
        Called now and then with the share of the horizon that has passed.
    """

    def __init__(
        self,
        model: FlatModel,
        names: Names,
        *,
        seed: int,
        replication: int,
        emission: Emission,
        extension: Extension | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.model = model
        self.extended = extension is not None
        self.env = TickEnvironment()
        self.emission = emission
        self.rows = FinishedJourneys(model, emission)
        self.inputs = RandomInputs(model, seed=seed, replication=replication)
        views = Views(names, self.inputs)
        self.next_steps = NextSteps(model, views, self.inputs, extension)
        self.floor = Floor(
            model,
            self.env,
            self.inputs,
            views,
            intervals=emission.intervals,
            extension=extension,
            resolve=self._resolve,
            chase=self._chase,
        )
        self.arrivals = ArrivalProcesses(model, self.inputs, self.env, self._arrive, progress)
        self.live: dict[int, Journey] = {}
        self.journeys = 0

    def run(self) -> None:
        """Run the world to its end, which is inclusive, and write what happened."""
        collecting = gc.isenabled()
        if not self.extended:
            # What is over holds no cycles (`FinishedJourneys.add`): looking for some is idle work.
            gc.disable()
        try:
            Life(self._shifts())
            Life(self._doors())
            self.arrivals.start()
            self.env.run_to(self._at(self.model.end, order.key(order.WORLD_END)))
            self._close_the_books()
        finally:
            if collecting:
                gc.enable()

    def _at(self, tick: int, key: int) -> Keyed:
        return Keyed(self.env, key, tick - self.env.tick)

    def _shifts(self) -> Process:
        model = self.model
        columns = model.shift_tick, model.shift_pool, model.shift_agents
        for tick, pool, agents in zip(*(column.tolist() for column in columns), strict=True):
            yield self._at(tick, order.key(order.CHANGE, pool=pool))
            self.floor.staff(pool, agents)

    def _doors(self) -> Process:
        model = self.model
        columns = model.opening_tick, model.opening_channel, model.opening_open
        pools = len(self.floor.pools)
        for tick, channel, is_open in zip(*(column.tolist() for column in columns), strict=True):
            yield self._at(tick, order.key(order.CHANGE, pool=pools + channel))
            self.floor.set_open(channel, is_open=bool(is_open))

    # A customer's life.

    def _arrive(self, customer: int, segment: int, row: int) -> None:
        need, channel = self._traced_start(row)
        if need < 0:
            need = self.inputs.need(customer, segment)
        if channel < 0:
            channel = self.inputs.first_channel(customer, segment, need)
        journey = Journey(customer, self.journeys, segment, need, self.env.tick, row)
        self.journeys += 1
        self.live[journey.number] = journey
        journey.open_contacts = 1
        Life(self._live(journey, PlannedStep(channel), _FRESH))

    def _traced_start(self, row: int) -> tuple[int, int]:
        if row < 0:
            return -1, -1
        trace = self.model.trace
        return int(trace.need[row]), int(trace.channel[row])

    def _live(self, journey: Journey, step: PlannedStep, cause: int) -> Process:
        """Make one contact after another, until the journey is over or another contact leads it."""
        while True:
            contact = self._make_contact(journey, step, cause)
            if contact.outcome < 0:
                assert contact.over is not None
                yield contact.over
            going_on = self._settle(contact)
            if going_on is None:
                return
            step, cause = going_on, contact.next_step
            yield self._reentry(journey, len(journey.contacts), step.delay)

    def _reentry(self, journey: Journey, number: int, delay: int) -> Keyed:
        return Keyed(self.env, order.key(order.ARRIVAL, journey.customer, number), delay)

    def _make_contact(self, journey: Journey, step: PlannedStep, cause: int) -> Contact:
        contact = Contact(
            journey,
            len(journey.contacts),
            step.to,
            cause,
            self.env.tick,
            step.handling_factor,
            step.patience_factor,
        )
        journey.contacts.append(contact)
        self.floor.enter(contact)
        return contact

    def _settle(self, contact: Contact) -> PlannedStep | None:
        """Close a contact; return the next step, or None if this contact leads nowhere."""
        journey = contact.journey
        journey.open_contacts -= 1
        if journey.outcome >= 0:
            self._emit_if_over(journey)
            return None
        if journey.open_contacts > 0:
            # A sibling is open: what comes next is decided when the last one closes.
            return None
        step = self.next_steps.step(contact)
        follows, outcome = _end_of_journey(step.to, len(journey.contacts), self.model.max_contacts)
        if outcome >= 0:
            contact.next_step = follows
            self._end_journey(journey, outcome)
            self._emit_if_over(journey)
            return None
        same, served = step.to == contact.channel, _was_served(contact.outcome)
        contact.next_step = _cause_of_step(served, same, step.transfer)
        if step.transfer:
            contact.outcome = int(ContactOutcome.TRANSFERRED)
        journey.open_contacts += 1
        return step

    def _end_journey(self, journey: Journey, outcome: int) -> None:
        journey.outcome = outcome
        journey.ended = self.env.tick

    def _resolve(self, contact: Contact) -> None:
        """Meet the need: the first contact that does ends the journey, siblings stop waiting."""
        journey = contact.journey
        if journey.outcome >= 0:
            return
        contact.next_step = int(NextStep.RESOLVED)
        self._end_journey(journey, int(JourneyOutcome.RESOLVED))
        for sibling in journey.contacts:
            if sibling.waiting:
                self.floor.drop(sibling, ContactOutcome.SUPERSEDED)
                journey.open_contacts -= 1

    # Chasing: the mail stays where it is, and a second line of contacts begins beside it.

    def _chase(self, mail: Contact) -> None:
        journey = mail.journey
        number = len(journey.contacts) + journey.entering
        if number >= self.model.max_contacts:
            return
        shares = self.model.chase_shares[mail.channel].tolist()
        u = self.inputs.uniform(journey.customer, mail.number, draws.CHASE_CHANNEL)
        channel = _choose(shares, 0, len(shares), u)
        if channel < len(shares):
            journey.open_contacts += 1
            journey.entering += 1
            Life(self._live_beside(journey, number, channel))

    def _live_beside(self, journey: Journey, number: int, channel: int) -> Process:
        yield self._reentry(journey, number, 0)
        journey.entering -= 1
        if journey.outcome >= 0:
            # The need was met between the thought and the call.
            journey.open_contacts -= 1
            self._emit_if_over(journey)
            return
        yield from self._live(journey, PlannedStep(channel), int(Cause.CHASE))

    # Leaving a record.

    def _emit_if_over(self, journey: Journey) -> None:
        if journey.open_contacts == 0:
            del self.live[journey.number]
            self.rows.add(journey, journey.outcome)

    def _close_the_books(self) -> None:
        """Record who is still there, by number, and what the agents did."""
        end = self.model.end
        for journey in self.live.values():
            for contact in journey.contacts:
                if contact.waiting:
                    contact.outcome = int(ContactOutcome.WAITING)
                    contact.wait = end - contact.entered
                elif contact.outcome < 0:
                    contact.outcome = int(ContactOutcome.IN_SERVICE)
            outcome = journey.outcome if journey.outcome >= 0 else int(JourneyOutcome.OPEN)
            self.rows.add(journey, outcome)
        self.rows.flush()
        pools = self.floor.pools
        for pool in pools:
            pool.record(end)
        times = [pool.times() for pool in pools]
        shape = len(pools), self.emission.intervals
        busy, engaged, overrun = (
            np.array([time[part] for time in times], np.int64).reshape(shape) for part in range(3)
        )
        self.emission.finish(busy, engaged, overrun)
