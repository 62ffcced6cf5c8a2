"""A third engine, tiny and naive, written from section 4 of the design and the flat model alone.

A plain list of events, sorted at every step. It shares the draws and the scalar rules with the
other engines, and nothing else: two engines that misread the text alike do not fool a third.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from journeysim.engine.random import draws
from journeysim.engine.rules import announced_wait, balking_probability, cause_of_step, choose
from journeysim.scenario.flat import flat_model as flat
from journeysim.tables.columns import Cause, ContactOutcome, JourneyOutcome, NextStep
from tests.naive.entities import Contact, Journey, rows_of
from tests.naive.next_steps import EXHAUSTED, LEAVING, next_step
from tests.naive.random_inputs import RandomInputs

CHANGE, END, ENTRY, TIMER, ABANDONMENT = range(5)


class NaiveEngine:
    def __init__(self, model: flat.FlatModel, *, seed: int, replication: int) -> None:
        self.model, self.inputs = model, RandomInputs(model, seed, replication)
        pools, channels = model.units.size, model.lines.size
        self.no_pool = pools + channels
        self.agents, self.busy = [0] * pools, [0] * pools
        self.is_open = [False] * channels
        self.events: list[tuple[Any, ...]] = []
        self.contacts: list[Contact] = []
        self.journeys: list[Journey] = []
        self.complete: list[Journey] = []
        self.now = 0

    # The list of events.

    def at(self, tick: int, rank: int, who: tuple[int, int, int], pool: int, do, *what) -> None:
        self.events.append((tick, rank, *who, pool, do, what))

    def run(self) -> tuple[np.ndarray, np.ndarray]:
        model, nobody = self.model, (0, 0, 0)
        for change in zip(model.shift_tick, model.shift_pool, model.shift_agents, strict=True):
            tick, pool, agents = (int(cell) for cell in change)
            self.at(tick, CHANGE, nobody, pool, self.change_shift, pool, agents)
        openings = model.opening_tick, model.opening_channel, model.opening_open
        for change in zip(*openings, strict=True):
            tick, channel, is_open = (int(cell) for cell in change)
            place = model.units.size + channel
            self.at(tick, CHANGE, nobody, place, self.change_opening, channel, is_open)
        for number, arrival in enumerate(sorted(self.inputs.arrivals())):
            tick, customer, *_ = arrival
            self.at(tick, ENTRY, (customer, number, 0), self.no_pool, self.arrive, number, arrival)
        while True:
            self.events.sort(key=lambda event: event[:6])
            if not self.events or self.events[0][0] > model.end:
                return self.rows()
            self.now, *_, do, what = self.events.pop(0)
            do(*what)

    # Shifts and opening hours.

    def change_shift(self, pool: int, agents: int) -> None:
        self.agents[pool] = agents
        self.fill(pool)

    def change_opening(self, channel: int, is_open: int) -> None:
        self.is_open[channel] = bool(is_open)
        if not is_open and self.model.send_away[channel]:
            for contact in sorted(self.waiting(channel), key=self.place):
                self.leave_queue(contact, ContactOutcome.CLOSED)

    # Entering a channel.

    def arrive(self, number: int, arrival: tuple[int, int, int, int]) -> None:
        model, (tick, customer, segment, row) = self.model, arrival
        journey = Journey(customer, number, segment, -1, tick, row)
        need = int(model.trace.need[row]) if row >= 0 else -1
        if need < 0:
            shares = model.need_shares[segment]
            need = choose(shares, 0, shares.size, self.inputs.uniform(journey, 0, draws.NEED))
        channel = int(model.trace.channel[row]) if row >= 0 else -1
        if channel < 0:
            shares = model.first_shares[segment, need]
            u = self.inputs.uniform(journey, 0, draws.FIRST_CHANNEL)
            channel = choose(shares, 0, shares.size, u)
        journey.need = need
        self.journeys.append(journey)
        self.enter(journey, channel, Cause.FRESH, 1.0, 1.0)

    def enter(
        self, journey: Journey, channel: int, cause: int, handling: float, patience: float
    ) -> None:
        # Nothing can end a journey while a contact of it is on its way, chases included: what
        # chases enters next of all, and any other step is taken when no sibling is open.
        assert journey.outcome == JourneyOutcome.OPEN
        model, number = self.model, len(journey.contacts)
        contact = Contact(journey, number, channel, cause, handling, patience, self.now)
        lines = sum(one.open for one in self.contacts if one.channel == channel)
        journey.contacts.append(contact)
        self.contacts.append(contact)
        if not self.is_open[channel]:
            self.end(contact, ContactOutcome.CLOSED)
        elif 0 <= model.lines[channel] <= lines:
            self.end(contact, ContactOutcome.BLOCKED)
        elif not model.by_agents[channel]:
            self.start(contact, -1)
        else:
            pools = [pool for pool, _ in self.route(channel) if self.may_take(contact, pool)]
            if pools:
                self.start(contact, pools[0])
            elif self.balks(contact):
                self.end(contact, ContactOutcome.BALKED)
            else:
                self.join(contact)

    def route(self, channel: int) -> list[tuple[int, int]]:
        """Return the pools of a channel in order, each with its overflow delay."""
        model = self.model
        steps = slice(model.route_first[channel], model.route_last[channel])
        pools, delays = model.route_pool[steps].tolist(), model.route_after[steps].tolist()
        return list(zip(pools, delays, strict=True))

    def balks(self, contact: Contact) -> bool:
        model, channel = self.model, contact.channel
        waiting = len(self.waiting(channel))
        places = 0
        for pool, _ in self.route(channel):
            places += self.agents[pool] * int(model.units[pool]) // int(model.share[pool, channel])
        contact.announced_wait = announced_wait(waiting, int(model.announce[channel]), places)
        rule, shares = model.balk_rule[channel], (model.balk_bound, model.balk_share)
        steps = model.balk_first[channel], model.balk_last[channel]
        seen = waiting, contact.announced_wait
        probability = balking_probability(rule, *shares, *steps, *seen)
        return self.inputs.uniform(contact.journey, contact.number, draws.BALK) < probability

    def join(self, contact: Contact) -> None:
        model, journey, channel = self.model, contact.journey, contact.channel
        contact.outcome = ContactOutcome.WAITING
        for pool, after in self.route(channel):
            if after > 0 and model.level[pool, channel, journey.need] >= 0:
                self.at(self.now + after, TIMER, contact.key, pool, self.overflow, contact, pool)
        if not model.hangs_on[channel]:
            if model.chase[channel] >= 0:
                silence = self.inputs.draw(
                    model.chase[channel], journey.customer, contact.number, draws.CHASE_AFTER
                )
                self.at(self.now + silence, TIMER, contact.key, self.no_pool, self.chase, contact)
            return
        patience = self.inputs.patience(contact)
        if patience is not None:
            tick = self.now + patience
            self.at(tick, ABANDONMENT, contact.key, self.no_pool, self.abandon, contact)

    # Waiting.

    def waiting(self, channel: int) -> list[Contact]:
        present = [one for one in self.contacts if one.channel == channel]
        return [one for one in present if one.outcome == ContactOutcome.WAITING]

    def may_take(self, contact: Contact, pool: int) -> bool:
        """Return whether a pool has a place for a contact and may take it now."""
        model, channel = self.model, contact.channel
        if model.level[pool, channel, contact.journey.need] < 0:
            return False
        free = self.agents[pool] * model.units[pool] - self.busy[pool]
        queued = self.now - contact.entered
        return bool(
            free >= model.share[pool, channel] and queued >= dict(self.route(channel))[pool]
        )

    def place(self, contact: Contact) -> tuple[int, ...]:
        """Return where a contact stands in its queue; who is less comes first."""
        model, journey, channel = self.model, contact.journey, contact.channel
        queued = self.now - contact.entered + model.head_start[journey.segment, channel]
        priority = model.priority[journey.segment, channel]
        return (-priority, -queued, journey.customer, contact.number)

    def fill(self, pool: int) -> None:
        """Let the free places of a pool take whom they may take, the best first."""

        def merit(one: Contact) -> tuple[int, ...]:
            return (self.model.level[pool, one.channel, one.journey.need], *self.place(one))

        while True:
            waiting = [one for one in self.contacts if one.outcome == ContactOutcome.WAITING]
            allowed = [one for one in waiting if self.may_take(one, pool)]
            if not allowed:
                return
            self.start(min(allowed, key=merit), pool)

    def overflow(self, contact: Contact, pool: int) -> None:
        if contact.outcome == ContactOutcome.WAITING:
            self.fill(pool)

    def chase(self, contact: Contact) -> None:
        journey = contact.journey
        if contact.outcome != ContactOutcome.WAITING:
            return
        u = self.inputs.uniform(journey, contact.number, draws.CHASE_CHANNEL)
        shares = self.model.chase_shares[contact.channel]
        channel = choose(shares, 0, shares.size, u)
        if channel < shares.size and len(journey.contacts) < self.model.max_contacts:
            self.go(journey, 0, channel, Cause.CHASE, 1.0, 1.0)

    def abandon(self, contact: Contact) -> None:
        if contact.outcome == ContactOutcome.WAITING:
            self.leave_queue(contact, ContactOutcome.ABANDONED)

    def leave_queue(self, contact: Contact, outcome: int) -> None:
        contact.wait = self.now - contact.entered
        self.end(contact, outcome)

    # Service.

    def start(self, contact: Contact, pool: int) -> None:
        contact.outcome, contact.pool = ContactOutcome.IN_SERVICE, pool
        contact.started, contact.wait = self.now, self.now - contact.entered
        if pool >= 0:
            self.busy[pool] += int(self.model.share[pool, contact.channel])
        place = pool if pool >= 0 else self.no_pool
        talk = self.inputs.talk(contact)
        self.at(self.now + talk, END, contact.key, place, self.end_service, contact, talk)

    def end_service(self, contact: Contact, talk: int) -> None:
        contact.talk = talk
        if contact.pool < 0 and self.inputs.stuck(contact):
            self.end(contact, ContactOutcome.STUCK)
            return
        contact.resolved = self.inputs.resolves(contact)
        if contact.pool < 0:
            self.end(contact, ContactOutcome.CONTAINED)
            return
        contact.wrap_up = self.inputs.wrap_up(contact)
        unresolved = ContactOutcome.SERVED_UNRESOLVED
        self.end(contact, ContactOutcome.SERVED_RESOLVED if contact.resolved else unresolved)

    def release(self, contact: Contact) -> None:
        self.busy[contact.pool] -= int(self.model.share[contact.pool, contact.channel])
        self.fill(contact.pool)

    # After a contact.

    def end(self, contact: Contact, outcome: int) -> None:
        """End a contact: supersede its siblings, free its place, and only then go on."""
        journey = contact.journey
        contact.outcome, contact.ended = outcome, self.now
        goes_on = journey.outcome == JourneyOutcome.OPEN
        if goes_on and contact.resolved:
            contact.next_step = NextStep.RESOLVED
            journey.outcome, journey.ended = JourneyOutcome.RESOLVED, self.now
            for sibling in journey.contacts:
                if sibling.outcome == ContactOutcome.WAITING:
                    sibling.outcome, sibling.ended = ContactOutcome.SUPERSEDED, self.now
                    sibling.wait = self.now - sibling.entered
        if contact.wrap_up > 0:
            tick = self.now + contact.wrap_up
            self.at(tick, END, contact.key, contact.pool, self.release, contact)
        elif contact.wrap_up == 0:
            self.release(contact)
        if goes_on and not contact.resolved and not journey.busy:
            self.step(contact)
        if journey.outcome != JourneyOutcome.OPEN and not journey.busy:
            self.complete.append(journey)

    def step(self, contact: Contact) -> None:
        """Send a customer whose need is unmet to another channel, or end the journey."""
        journey = contact.journey
        to, delay, transfer, *factors = next_step(self.model, self.inputs, contact)
        if to < 0 or len(journey.contacts) >= self.model.max_contacts:
            contact.next_step, journey.outcome = LEAVING[to] if to < 0 else EXHAUSTED
            journey.ended = self.now
            return
        served = contact.outcome in {ContactOutcome.SERVED_UNRESOLVED, ContactOutcome.CONTAINED}
        contact.next_step = cause_of_step(served, to == contact.channel, transfer)
        if transfer:
            contact.outcome = ContactOutcome.TRANSFERRED
        self.go(journey, delay, to, contact.next_step, *factors)

    def go(self, journey: Journey, delay: int, *what) -> None:
        who = (journey.customer, journey.number, len(journey.contacts))
        self.at(self.now + delay, ENTRY, who, self.no_pool, self.enter, journey, *what)

    def rows(self) -> tuple[np.ndarray, np.ndarray]:
        for contact in self.contacts:
            if contact.outcome == ContactOutcome.WAITING:
                contact.wait = self.model.end - contact.entered
        left = [journey for journey in self.journeys if journey not in self.complete]
        return rows_of(self.model, self.complete + left)


def run_naively(
    model: flat.FlatModel, *, seed: int = 1, replication: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return the contact rows and the journey rows of a replication."""
    return NaiveEngine(model, seed=seed, replication=replication).run()
