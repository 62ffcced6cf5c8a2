"""A third engine, tiny and naive, written from section 4 of the design and the flat model alone.

A plain list of events, sorted at every step. It shares the draws and the scalar rules with the
other engines, and nothing else: two engines that misread the text alike do not fool a third.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from journeysim.engine import draws
from journeysim.engine.arrivals import arrivals_of_day, interval_factors
from journeysim.engine.rules import (
    announced_wait,
    balking_probability,
    cause_of_step,
    choose,
    scaled,
)
from journeysim.journeys.batches import CONTACT_ROW, JOURNEY_ROW
from journeysim.journeys.columns import Cause, ContactOutcome, JourneyOutcome, NextStep
from journeysim.model import flat
from journeysim.units import DAY

CHANGE, END, ENTRY, TIMER, ABANDONMENT = range(5)
AFTER = {
    ContactOutcome.ABANDONED: flat.AFTER_ABANDONED,
    ContactOutcome.BALKED: flat.AFTER_BALKED,
    ContactOutcome.BLOCKED: flat.AFTER_BLOCKED,
    ContactOutcome.CLOSED: flat.AFTER_CLOSED,
    ContactOutcome.SERVED_UNRESOLVED: flat.AFTER_UNRESOLVED,
    ContactOutcome.CONTAINED: flat.AFTER_CONTAINED,
    ContactOutcome.STUCK: flat.AFTER_STUCK,
}
LEAVING = {
    flat.GIVE_UP: (NextStep.GIVEN_UP, JourneyOutcome.GIVEN_UP),
    flat.LOST: (NextStep.LOST, JourneyOutcome.LOST),
}


@dataclass(eq=False)
class Contact:
    journey: Journey
    number: int
    channel: int
    cause: int
    handling_factor: float
    patience_factor: float
    entered: int
    pool: int = -1
    started: int = -1
    ended: int = -1
    wait: int = 0
    talk: int = -1
    wrap_up: int = -1
    outcome: int = -1
    resolved: int = 0
    next_step: int = NextStep.NONE
    announced_wait: int = -1

    @property
    def open(self) -> bool:
        return self.outcome in {ContactOutcome.WAITING, ContactOutcome.IN_SERVICE}


@dataclass(eq=False)
class Journey:
    customer: int
    number: int
    segment: int
    need: int
    arrived: int
    row: int
    ended: int = -1
    outcome: int = JourneyOutcome.OPEN
    pending: int = 0
    contacts: list[Contact] = field(default_factory=list)


class NaiveEngine:
    def __init__(self, model: flat.FlatModel, *, seed: int, replication: int) -> None:
        self.model, self.seed, self.replication = model, seed, replication
        pools, channels = model.units.size, model.kind.size
        self.no_pool = pools + channels
        self.agents, self.busy = [0] * pools, [0] * pools
        self.is_open = [False] * channels
        self.events: list[tuple[Any, ...]] = []
        self.contacts: list[Contact] = []  # all ever made, in order of entry
        self.journeys: list[Journey] = []
        self.complete: list[Journey] = []
        self.now = 0

    # Draws.

    def uniform(self, journey: Journey, contact: int, purpose: int) -> float:
        return draws.uniform(self.seed, self.replication, journey.customer, contact, purpose, 0)

    def draw(self, code: int, customer: int, contact: int, purpose: int) -> int:
        if code < 0:
            return 0
        model, seed, replication = self.model, self.seed, self.replication
        return int(
            draws.draw(model.distributions, code, seed, replication, customer, contact, purpose)
        )

    def given(self, column: str, journey: Journey, number: int) -> int | None:
        """Return a cell of the trace, or None where it is empty."""
        cells = getattr(self.model.trace, column)
        if journey.row < 0 or number >= cells.shape[1] or cells[journey.row, number] == -1:
            return None
        return int(cells[journey.row, number])

    # The list of events.

    def at(self, tick: int, rank: int, who: tuple[int, int, int], pool: int, do, *what) -> None:
        self.events.append((tick, rank, *who, pool, do, what))

    def run(self) -> tuple[np.ndarray, np.ndarray]:
        model = self.model
        for tick, pool, agents in zip(
            model.shift_tick, model.shift_pool, model.shift_agents, strict=True
        ):
            self.at(tick, CHANGE, (0, 0, 0), pool, self.change_shift, pool, agents)
        for tick, channel, is_open in zip(
            model.opening_tick, model.opening_channel, model.opening_open, strict=True
        ):
            place = model.units.size + channel
            self.at(tick, CHANGE, (0, 0, 0), place, self.change_opening, channel, is_open)
        arrivals = sorted(self.arrivals())
        for number, (tick, customer, segment, row) in enumerate(arrivals):
            what = (customer, number, segment, tick, row)
            self.at(tick, ENTRY, (customer, number, 0), self.no_pool, self.arrive, *what)
        while True:
            self.events.sort(key=lambda event: event[:6])
            if not self.events or self.events[0][0] > model.end:
                break
            self.now, *_, do, what = self.events.pop(0)
            do(*what)
        return self.rows()

    def arrivals(self):
        model, demand = self.model, self.model.demand
        for day in range(-(-model.horizon // DAY)):
            weekday = (model.weekday + day) % 7
            factors = interval_factors(demand, day, self.seed, self.replication)
            for segment, identity in enumerate(demand.identity):
                if demand.gaps[segment] >= 0:
                    continue
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

    # Shifts and opening hours.

    def change_shift(self, pool: int, agents: int) -> None:
        self.agents[pool] = int(agents)
        self.fill(pool)

    def change_opening(self, channel: int, is_open: int) -> None:
        self.is_open[channel] = bool(is_open)
        if not is_open and self.model.send_away[channel]:
            waiting = [contact for contact in self.waiting() if contact.channel == channel]
            for contact in sorted(waiting, key=lambda one: (one.journey.customer, one.number)):
                self.leave_queue(contact, ContactOutcome.CLOSED)

    # Entering a channel.

    def arrive(self, customer: int, number: int, segment: int, tick: int, row: int) -> None:
        model = self.model
        journey = Journey(customer, number, segment, -1, tick, row)
        need = channel = -1
        if row >= 0:
            need, channel = int(model.trace.need[row]), int(model.trace.channel[row])
        if need < 0:
            shares = model.need_shares[segment]
            need = choose(shares, 0, shares.size, self.uniform(journey, 0, draws.NEED))
        if channel < 0:
            shares = model.first_shares[segment, need]
            channel = choose(shares, 0, shares.size, self.uniform(journey, 0, draws.FIRST_CHANNEL))
        journey.need, journey.pending = need, 1
        self.journeys.append(journey)
        self.enter(journey, channel, Cause.FRESH, 1.0, 1.0)

    def enter(
        self, journey: Journey, channel: int, cause: int, handling: float, patience: float
    ) -> None:
        journey.pending -= 1
        if journey.outcome != JourneyOutcome.OPEN:
            return
        model = self.model
        number = len(journey.contacts)
        contact = Contact(journey, number, channel, cause, handling, patience, self.now)
        journey.contacts.append(contact)
        self.contacts.append(contact)
        talking = [
            one for one in self.contacts if one.channel == channel and one.open and one != contact
        ]
        if not self.is_open[channel]:
            self.end(contact, ContactOutcome.CLOSED)
        elif 0 <= model.lines[channel] <= len(talking):
            self.end(contact, ContactOutcome.BLOCKED)
        elif model.kind[channel] == flat.SELF_SERVICE:
            self.start(contact, -1)
        else:
            for route in range(model.route_first[channel], model.route_last[channel]):
                if self.may_take(contact, model.route_pool[route]):
                    self.start(contact, int(model.route_pool[route]))
                    return
            self.join(contact)

    def join(self, contact: Contact) -> None:
        model, journey, channel = self.model, contact.journey, contact.channel
        route = range(model.route_first[channel], model.route_last[channel])
        waiting = sum(one.channel == channel for one in self.waiting())
        pools = model.route_pool[route.start : route.stop]
        places = sum(
            self.agents[pool] * int(model.units[pool]) // int(model.share[pool, channel])
            for pool in pools
        )
        contact.announced_wait = announced_wait(waiting, int(model.announce[channel]), places)
        probability = balking_probability(
            model.balk_rule[channel],
            model.balk_bound,
            model.balk_share,
            model.balk_first[channel],
            model.balk_last[channel],
            waiting,
            contact.announced_wait,
        )
        if self.uniform(journey, contact.number, draws.BALK) < probability:
            self.end(contact, ContactOutcome.BALKED)
            return
        contact.outcome = ContactOutcome.WAITING
        who = (journey.customer, journey.number, contact.number)
        for step in route:
            pool, after = int(model.route_pool[step]), int(model.route_after[step])
            if after > 0 and model.level[pool, channel, journey.need] >= 0:
                self.at(self.now + after, TIMER, who, pool, self.overflow, contact, pool)
        if model.kind[channel] == flat.DEFERRED:
            if model.chase[channel] >= 0:
                after = self.draw(
                    model.chase[channel], journey.customer, contact.number, draws.CHASE_AFTER
                )
                self.at(self.now + after, TIMER, who, self.no_pool, self.chase, contact)
            return
        patience = self.patience(contact)
        if patience is not None:
            self.at(self.now + patience, ABANDONMENT, who, self.no_pool, self.abandon, contact)

    def patience(self, contact: Contact) -> int | None:
        """Return how long a contact would wait, or None for ever."""
        model, journey = self.model, contact.journey
        rule = model.patience_rule[journey.segment]
        code = model.patience[journey.segment, contact.channel]
        patience = self.given("patience", journey, contact.number)
        if patience is None and code >= 0:
            number = 0 if rule == flat.SAME_PATIENCE else contact.number
            patience = self.draw(code, journey.customer, number, draws.PATIENCE)
        if patience is not None:
            patience = scaled(patience, contact.patience_factor)
        if rule == flat.BUDGET_PATIENCE:
            budget = self.draw(model.budget[journey.segment], journey.customer, 0, draws.BUDGET)
            left = max(0, budget - sum(one.wait for one in journey.contacts))
            patience = left if patience is None else min(patience, left)
        return patience

    # Waiting.

    def waiting(self) -> list[Contact]:
        return [one for one in self.contacts if one.outcome == ContactOutcome.WAITING]

    def may_take(self, contact: Contact, pool: int) -> bool:
        """Return whether a pool has a place for a contact and may take it now."""
        model, channel = self.model, contact.channel
        if model.level[pool, channel, contact.journey.need] < 0:
            return False
        delays = [
            model.route_after[route]
            for route in range(model.route_first[channel], model.route_last[channel])
            if model.route_pool[route] == pool
        ]
        free = self.agents[pool] * model.units[pool] - self.busy[pool]
        in_time = any(self.now - contact.entered >= delay for delay in delays)
        return in_time and bool(free >= model.share[pool, channel])

    def fill(self, pool: int) -> None:
        """Let the free places of a pool take whom they may take, the best first."""
        model = self.model

        def place(one: Contact) -> tuple[int, ...]:
            segment, need = one.journey.segment, one.journey.need
            queued = self.now - one.entered + model.head_start[segment, one.channel]
            level = model.level[pool, one.channel, need]
            priority = model.priority[segment, one.channel]
            return (level, -priority, -queued, one.journey.customer, one.number)

        while allowed := [one for one in self.waiting() if self.may_take(one, pool)]:
            self.start(min(allowed, key=place), pool)

    def overflow(self, contact: Contact, pool: int) -> None:
        if contact.outcome == ContactOutcome.WAITING:
            self.fill(pool)

    def chase(self, contact: Contact) -> None:
        model, journey = self.model, contact.journey
        if contact.outcome != ContactOutcome.WAITING:
            return
        u = self.uniform(journey, contact.number, draws.CHASE_CHANNEL)
        shares = model.chase_shares[contact.channel]
        channel = choose(shares, 0, shares.size, u)
        made = len(journey.contacts) + journey.pending
        if channel < shares.size and made < model.max_contacts:
            self.go(journey, 0, channel, Cause.CHASE, 1.0, 1.0)

    def abandon(self, contact: Contact) -> None:
        if contact.outcome == ContactOutcome.WAITING:
            self.leave_queue(contact, ContactOutcome.ABANDONED)

    def leave_queue(self, contact: Contact, outcome: int) -> None:
        contact.wait = self.now - contact.entered
        self.end(contact, outcome)

    # Service.

    def start(self, contact: Contact, pool: int) -> None:
        model, journey, channel = self.model, contact.journey, contact.channel
        contact.outcome, contact.pool = ContactOutcome.IN_SERVICE, pool
        contact.started, contact.wait = self.now, self.now - contact.entered
        if pool >= 0:
            self.busy[pool] += int(model.share[pool, channel])
            code, purpose = model.talk[channel, journey.need, pool], draws.TALK
        else:
            code, purpose = model.time_spent[channel, journey.need], draws.TIME_SPENT
        talk = self.given("talk", journey, contact.number)
        if talk is None:
            talk = self.draw(code, journey.customer, contact.number, purpose)
        talk = scaled(talk, contact.handling_factor)
        who = (journey.customer, journey.number, contact.number)
        place = pool if pool >= 0 else self.no_pool
        self.at(self.now + talk, END, who, place, self.end_service, contact, talk)

    def end_service(self, contact: Contact, talk: int) -> None:
        model, journey, number = self.model, contact.journey, contact.number
        channel, pool = contact.channel, contact.pool
        contact.talk = talk
        resolved = self.given("resolved", journey, number)
        if resolved is None and self.given("next", journey, number) is not None:
            resolved = 0
        share = (
            model.contained_resolution[channel, journey.need]
            if pool < 0
            else model.resolution[channel, journey.need, pool]
        )
        stuck = self.uniform(journey, number, draws.STUCK) < model.stuck[channel, journey.need]
        if resolved is None:
            resolved = int(self.uniform(journey, number, draws.RESOLUTION) < share)
            resolved = 0 if pool < 0 and stuck else resolved
        contact.resolved = resolved
        if pool < 0:
            unresolved = ContactOutcome.STUCK if stuck else ContactOutcome.CONTAINED
            self.end(contact, ContactOutcome.CONTAINED if resolved else unresolved)
            return
        wrap_up = self.given("wrap_up", journey, number)
        if wrap_up is None:
            code = model.wrap_up[channel, journey.need, pool]
            wrap_up = self.draw(code, journey.customer, number, draws.WRAP_UP)
        contact.wrap_up = wrap_up
        served = ContactOutcome.SERVED_RESOLVED if resolved else ContactOutcome.SERVED_UNRESOLVED
        self.end(contact, served)

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
        if contact.pool >= 0 and contact.wrap_up > 0:
            who = (journey.customer, journey.number, contact.number)
            tick = self.now + contact.wrap_up
            self.at(tick, END, who, contact.pool, self.release, contact)
        elif contact.pool >= 0:
            self.release(contact)
        siblings = any(one.open for one in journey.contacts) or journey.pending
        if goes_on and not contact.resolved and not siblings:
            self.step(contact)
        still = any(one.open for one in journey.contacts)
        if journey.outcome != JourneyOutcome.OPEN and not still:
            self.complete.append(journey)

    def step(self, contact: Contact) -> None:
        """Send a customer whose need is unmet where the trace or the table says."""
        model, journey, number = self.model, contact.journey, contact.number
        table = model.after[journey.segment, contact.channel, AFTER[contact.outcome], journey.need]
        to, delay, transfer, factors = flat.GIVE_UP, 0, False, (1.0, 1.0)
        planned = self.given("next", journey, number)
        if planned is not None:
            to = planned if planned >= 0 else planned + 1
        elif table >= 0:
            first, last = model.after_first[table], model.after_last[table]
            u = self.uniform(journey, number, draws.NEXT_STEP)
            row = choose(model.step_share, first, last, u)
            if row < last:
                to, transfer = int(model.step_to[row]), bool(model.step_transfer[row])
                delay = self.draw(model.step_delay[row], journey.customer, number, draws.DELAY)
                factors = (float(model.step_handling[row]), float(model.step_patience[row]))
        given = self.given("delay", journey, number)
        delay = delay if given is None else given
        if to >= 0 and len(journey.contacts) < model.max_contacts:
            if transfer:
                contact.outcome = ContactOutcome.TRANSFERRED
            served = {
                ContactOutcome.SERVED_UNRESOLVED,
                ContactOutcome.TRANSFERRED,
                ContactOutcome.CONTAINED,
            }
            cause = cause_of_step(contact.outcome in served, to == contact.channel, transfer)
            contact.next_step = cause
            self.go(journey, delay, to, cause, *factors)
            return
        exhausted = (NextStep.EXHAUSTED, JourneyOutcome.EXHAUSTED)
        contact.next_step, journey.outcome = exhausted if to >= 0 else LEAVING[to]
        journey.ended = self.now

    def go(self, journey: Journey, delay: int, *what) -> None:
        journey.pending += 1
        who = (journey.customer, journey.number, len(journey.contacts))
        self.at(self.now + delay, ENTRY, who, self.no_pool, self.enter, journey, *what)

    # Rows.

    def rows(self) -> tuple[np.ndarray, np.ndarray]:
        left = [journey for journey in self.journeys if journey not in self.complete]
        contacts, journeys = [], []
        for journey in self.complete + left:
            first = len(contacts)
            contacts += [self.contact_row(contact) for contact in journey.contacts]
            journeys.append(self.journey_row(journey, first))
        return (
            np.array(contacts, np.int64).reshape(-1, len(CONTACT_ROW)),
            np.array(journeys, np.int64).reshape(-1, len(JOURNEY_ROW)),
        )

    def contact_row(self, contact: Contact) -> list[int]:
        model, journey = self.model, contact.journey
        if contact.outcome == ContactOutcome.WAITING:
            contact.wait = model.end - contact.entered
        cells = {
            "customer": journey.customer,
            "journey": journey.number,
            "contact": contact.number + 1,
            "segment": journey.segment,
            "need": journey.need,
            "head_start": model.head_start[journey.segment, contact.channel],
            "priority": model.priority[journey.segment, contact.channel],
            "scored": journey.arrived >= model.warm_up,
        }
        return [int(cells[n] if n in cells else getattr(contact, n)) for n in CONTACT_ROW]

    def journey_row(self, journey: Journey, first: int) -> list[int]:
        contacts = journey.contacts
        channels = [contact.channel for contact in contacts]
        pairs = zip(channels, channels[1:], strict=False)
        cells = {
            "journey": journey.number,
            "contacts": len(contacts),
            "first_contact": first,
            "first_channel": channels[0],
            "last_channel": channels[-1],
            "switches": sum(one != other for one, other in pairs),
            "wait": sum(one.wait for one in contacts),
            "handling": sum(one.talk + one.wrap_up for one in contacts if one.wrap_up >= 0),
            "scored": journey.arrived >= self.model.warm_up,
        }
        return [int(cells[n] if n in cells else getattr(journey, n)) for n in JOURNEY_ROW]


def run_naively(
    model: flat.FlatModel, *, seed: int, replication: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the contact rows and the journey rows of a replication."""
    return NaiveEngine(model, seed=seed, replication=replication).run()
