"""The reference engine: a SimPy model in which a customer is a process.

What happens when is written here in full and is meant to be read. `engine.order` says what comes
first when things happen together, `engine.luck` what luck everybody has, `engine.routing` who
serves whom, `engine.after` where people go next.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy
from simpy.events import NORMAL

from journeysim.engine import draws, order
from journeysim.engine.after import NextSteps
from journeysim.engine.arrival_process import ArrivalProcesses
from journeysim.engine.emission import Emission, JourneyRows
from journeysim.engine.extension import Extension
from journeysim.engine.luck import Luck
from journeysim.engine.people import Contact, ContactEvent, Journey, Keyed, Step
from journeysim.engine.places import Pool, Queue
from journeysim.engine.routing import Routing
from journeysim.engine.rules import announced_wait, balking_probability, cause_of_step, choose
from journeysim.engine.views import Views
from journeysim.jit import plain
from journeysim.journeys.columns import Cause, ContactOutcome, JourneyOutcome, NextStep
from journeysim.model.flat import BALK_NEVER, DEFERRED, LOST, SELF_SERVICE, FlatModel, Names

_SERVED = (int(ContactOutcome.SERVED_UNRESOLVED), int(ContactOutcome.CONTAINED))
_announced_wait = plain(announced_wait)
_balking_probability = plain(balking_probability)
_cause_of_step = plain(cause_of_step)
_choose = plain(choose)
Process = Generator[Any, Any, None]


class ReferenceEngine:
    """One replication of a world.

    Parameters
    ----------
    model, names
        The scenario as arrays, and the words behind its codes.
    seed, replication
        The address of all its luck.
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
        self.emission = emission
        self.env = simpy.Environment()
        self.rows = JourneyRows(model, emission)
        self.luck = Luck(model, seed=seed, replication=replication)
        views = Views(names, self.luck)
        self.next_steps = NextSteps(model, views, self.luck, extension)
        self.pools = [Pool(units, model.interval, emission.intervals) for units in model.units.tolist()]
        self.queues = [Queue() for _ in names.channels]
        self.routing = Routing(model, views, self.pools, self.queues, self.luck, extension)
        self.arrivals = ArrivalProcesses(model, self.luck, self.env, self._arrive, progress)
        self.is_open = [False] * len(names.channels)
        self.present = [0] * len(names.channels)
        self.live: dict[int, Journey] = {}
        self.journeys = 0
        self.no_pool = len(self.pools)
        self.kind = model.kind.tolist()
        self.lines = model.lines.tolist()
        self.announce = model.announce.tolist()
        self.balk_rule = model.balk_rule.tolist()
        self.chase = model.chase.tolist()
        self.priority = model.priority.tolist()
        self.head_start = model.head_start.tolist()
        self.share = model.share.tolist()

    def run(self) -> None:
        """Run the world to its end, which is inclusive, and write what happened."""
        self.env.process(self._shifts())
        self.env.process(self._openings())
        self.arrivals.start()
        self.env.run(until=self._at(self.model.end, order.key(order.WORLD_END)))
        self._close_the_books()

    def _at(self, tick: int, key: int) -> Keyed:
        return Keyed(self.env, key, tick - self.env.now)

    # Agents come and go, doors open and close.

    def _shifts(self) -> Process:
        model = self.model
        changes = zip(
            model.shift_tick.tolist(),
            model.shift_pool.tolist(),
            model.shift_agents.tolist(),
            strict=True,
        )
        for tick, pool, agents in changes:
            yield self._at(tick, order.key(order.CHANGE, pool=pool))
            self.pools[pool].staff(agents, tick)
            self._fill(pool)

    def _openings(self) -> Process:
        model = self.model
        changes = zip(
            model.opening_tick.tolist(),
            model.opening_channel.tolist(),
            model.opening_open.tolist(),
            strict=True,
        )
        for tick, channel, is_open in changes:
            yield self._at(tick, order.key(order.CHANGE, pool=self.no_pool + channel))
            self.is_open[channel] = bool(is_open)
            if not is_open and model.send_away[channel]:
                for contact in list(self.queues[channel].contacts.values()):
                    self._leave_queue(contact)
                    self._refuse(contact, ContactOutcome.CLOSED)
                    self.env.schedule(contact.over, NORMAL)

    # A customer's life.

    def _arrive(self, customer: int, segment: int, row: int) -> None:
        now = self.env.now
        need, channel = self._traced_start(row)
        need = self.luck.need(customer, segment) if need < 0 else need
        if channel < 0:
            channel = self.luck.first_channel(customer, segment, need)
        journey = Journey(customer, self.journeys, segment, need, now, row)
        self.journeys += 1
        self.live[journey.number] = journey
        journey.open_contacts = 1
        self.env.process(self._live(journey, Step(channel), int(Cause.FRESH)))

    def _traced_start(self, row: int) -> tuple[int, int]:
        if row < 0:
            return -1, -1
        trace = self.model.trace
        return int(trace.need[row]), int(trace.channel[row])

    def _live(self, journey: Journey, step: Step, cause: int) -> Process:
        """Make one contact after another, until the journey is over or another contact leads it."""
        while True:
            contact = self._enter(journey, step, cause)
            if contact.outcome < 0:
                yield contact.over
            going_on = self._settle(contact)
            if going_on is None:
                return
            step, cause = going_on, contact.next_step
            yield self._reentry(journey, step.delay)

    def _reentry(self, journey: Journey, delay: int) -> Keyed:
        key = order.key(order.ARRIVAL, journey.customer, len(journey.contacts))
        return Keyed(self.env, key, delay)

    def _enter(self, journey: Journey, step: Step, cause: int) -> Contact:
        """Come to a channel: closed? no line left? a free place? balk? join."""
        channel = step.to
        contact = Contact(
            journey,
            len(journey.contacts),
            channel,
            cause,
            self.env.now,
            step.handling_factor,
            step.patience_factor,
        )
        journey.contacts.append(contact)
        if not self.is_open[channel]:
            return self._refuse(contact, ContactOutcome.CLOSED)
        if self.kind[channel] == SELF_SERVICE:
            self._start_alone(contact)
            return contact
        if 0 <= self.lines[channel] <= self.present[channel]:
            return self._refuse(contact, ContactOutcome.BLOCKED)
        pool = self.routing.free_pool(contact)
        if pool >= 0:
            self.present[channel] += 1
            self._start(contact, pool)
            return contact
        if self.announce[channel] >= 0:
            contact.announced = self._announcement(contact)
        if self._balks(contact):
            return self._refuse(contact, ContactOutcome.BALKED)
        self.present[channel] += 1
        self._join(contact)
        return contact

    def _refuse(self, contact: Contact, outcome: ContactOutcome) -> Contact:
        contact.outcome = int(outcome)
        contact.ended = self.env.now
        contact.wait = self.env.now - contact.entered
        return contact

    def _announcement(self, contact: Contact) -> int:
        channel = contact.channel
        places = sum(
            pool.capacity // self.share[code][channel]
            for code, pool in enumerate(self.pools)
            if any(entry == code for entry, _ in self.routing.route[channel])
        )
        return _announced_wait(len(self.queues[channel]), self.announce[channel], places)

    def _balks(self, contact: Contact) -> bool:
        channel, model = contact.channel, self.model
        rule = self.balk_rule[channel]
        if rule == BALK_NEVER:
            return False
        probability = _balking_probability(
            rule,
            model.balk_bound,
            model.balk_share,
            model.balk_first[channel],
            model.balk_last[channel],
            len(self.queues[channel]),
            contact.announced,
        )
        return self.luck.chance(float(probability), contact, draws.BALK)

    def _join(self, contact: Contact) -> None:
        """Wait: for an agent, against patience, until others may help or a mail is too silent."""
        journey, channel, now = contact.journey, contact.channel, self.env.now
        segment = journey.segment
        contact.over = ContactEvent(self.env, contact)
        contact.place = (
            -self.priority[segment][channel],
            now - self.head_start[segment][channel],
            journey.customer,
            contact.number,
        )
        contact.waiting = True
        self.queues[channel].join(contact)
        patience = self.luck.patience(contact) if self.kind[channel] != DEFERRED else -1
        if patience >= 0:
            self._timer(contact, order.ABANDONMENT, patience, self._abandon)
        for pool, after in self.routing.overflow_delays(contact):
            self._timer(contact, order.TIMER, after, self._overflow, pool)
        if self.chase[channel] >= 0:
            silence = self.luck.duration(
                self.chase[channel], journey.customer, contact.number, draws.CHASE_AFTER
            )
            self._timer(contact, order.TIMER, silence, self._chase, self.no_pool)

    def _timer(
        self,
        contact: Contact,
        rank: int,
        delay: int,
        callback: Callable[[Any], None],
        pool: int = 0,
    ) -> None:
        event = ContactEvent(self.env, contact, callback, pool)
        key = order.key(rank, contact.journey.customer, contact.number, pool)
        self.env.schedule(event, key, delay)

    def _abandon(self, event: ContactEvent) -> None:
        contact = event.contact
        if contact.waiting:
            self._leave_queue(contact)
            self._refuse(contact, ContactOutcome.ABANDONED)
            self.env.schedule(contact.over, NORMAL)

    def _leave_queue(self, contact: Contact) -> None:
        contact.waiting = False
        self.queues[contact.channel].leave(contact)
        self.present[contact.channel] -= 1
        contact.wait = self.env.now - contact.entered
        contact.journey.waited += contact.wait

    def _overflow(self, event: ContactEvent) -> None:
        if event.contact.waiting:
            self._fill(event.pool)

    def _chase(self, event: ContactEvent) -> None:
        """Try another channel about a mail nobody answers; the mail stays where it is."""
        mail = event.contact
        journey = mail.journey
        entered = len(journey.contacts) + journey.entering
        if not mail.waiting or entered >= self.model.max_contacts:
            return
        shares = self.model.chase_shares[mail.channel]
        u = self.luck.uniform(journey.customer, mail.number, draws.CHASE_CHANNEL)
        channel = _choose(shares, 0, len(shares), u)
        if channel < len(shares):
            journey.open_contacts += 1
            journey.entering += 1
            self.env.process(self._chasing(journey, channel))

    def _chasing(self, journey: Journey, channel: int) -> Process:
        yield self._reentry(journey, 0)
        journey.entering -= 1
        if journey.outcome >= 0:
            # The need was met between the thought and the call.
            journey.open_contacts -= 1
            self._emit_if_over(journey)
            return
        yield from self._live(journey, Step(channel), int(Cause.CHASE))

    # Service.

    def _start(self, contact: Contact, pool: int) -> None:
        now = self.env.now
        contact.pool = pool
        contact.started = now
        contact.wait = now - contact.entered
        self.pools[pool].take(self.share[pool][contact.channel], now)
        self._serve(contact, self.luck.talk(contact), self._served, pool)

    def _start_alone(self, contact: Contact) -> None:
        contact.started = self.env.now
        self._serve(contact, self.luck.time_spent(contact), self._left_alone, self.no_pool)

    def _serve(
        self, contact: Contact, talk: int, callback: Callable[[Any], None], pool: int
    ) -> None:
        if contact.over is None:
            contact.over = ContactEvent(self.env, contact)
        # Before the customer's own next step: a freed place is filled first.
        assert contact.over.callbacks is not None
        contact.over.callbacks.insert(0, callback)
        key = order.key(order.END, contact.journey.customer, contact.number, pool)
        self.env.schedule(contact.over, key, talk)

    def _served(self, event: ContactEvent) -> None:
        contact = event.contact
        self._end_service(contact)
        self.present[contact.channel] -= 1
        resolved = self.luck.resolves(contact)
        outcome = ContactOutcome.SERVED_RESOLVED if resolved else ContactOutcome.SERVED_UNRESOLVED
        contact.outcome = int(outcome)
        if resolved:
            self._resolve(contact)
        contact.wrap_up = self.luck.wrap_up(contact)
        if contact.wrap_up == 0:
            self._release(contact)
        else:
            self._timer(contact, order.END, contact.wrap_up, self._wrapped_up, contact.pool)

    def _left_alone(self, event: ContactEvent) -> None:
        contact = event.contact
        self._end_service(contact)
        if self.luck.gets_stuck(contact):
            contact.outcome = int(ContactOutcome.STUCK)
            return
        contact.outcome = int(ContactOutcome.CONTAINED)
        if self.luck.resolves(contact):
            self._resolve(contact)

    def _end_service(self, contact: Contact) -> None:
        contact.ended = self.env.now
        contact.talk = self.env.now - contact.started

    def _wrapped_up(self, event: ContactEvent) -> None:
        self._release(event.contact)

    def _release(self, contact: Contact) -> None:
        self.pools[contact.pool].release(self.share[contact.pool][contact.channel], self.env.now)
        self._fill(contact.pool)

    def _fill(self, pool: int) -> None:
        """Let free places take whoever they may take now."""
        now = self.env.now
        while (contact := self.routing.best_waiting(pool, now)) is not None:
            self._leave_queue(contact)
            self.present[contact.channel] += 1
            self._start(contact, pool)

    # Ends.

    def _resolve(self, contact: Contact) -> None:
        """Meet the need: the first contact that does ends the journey, siblings stop waiting."""
        contact.resolved = True
        journey = contact.journey
        if journey.outcome >= 0:
            return
        contact.next_step = int(NextStep.RESOLVED)
        self._end_journey(journey, JourneyOutcome.RESOLVED)
        for sibling in journey.contacts:
            if sibling.waiting:
                self._leave_queue(sibling)
                self._refuse(sibling, ContactOutcome.SUPERSEDED)
                journey.open_contacts -= 1

    def _end_journey(self, journey: Journey, outcome: JourneyOutcome) -> None:
        journey.outcome = int(outcome)
        journey.ended = self.env.now

    def _settle(self, contact: Contact) -> Step | None:
        """Close a contact; return the next step, or None if this contact leads nowhere."""
        journey = contact.journey
        journey.open_contacts -= 1
        if journey.outcome >= 0:
            self._emit_if_over(journey)
            return None
        if journey.open_contacts > 0:
            return None
        step = self.next_steps.step(contact)
        if step.to < 0:
            lost = step.to == LOST
            contact.next_step = int(NextStep.LOST if lost else NextStep.GIVEN_UP)
            self._end_journey(journey, JourneyOutcome.LOST if lost else JourneyOutcome.GIVEN_UP)
        elif len(journey.contacts) >= self.model.max_contacts:
            contact.next_step = int(NextStep.EXHAUSTED)
            self._end_journey(journey, JourneyOutcome.EXHAUSTED)
        else:
            same = step.to == contact.channel
            served = contact.outcome in _SERVED
            contact.next_step = _cause_of_step(served, same, step.transfer)
            if step.transfer:
                contact.outcome = int(ContactOutcome.TRANSFERRED)
            journey.open_contacts += 1
            return step
        self._emit_if_over(journey)
        return None

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
        for pool in self.pools:
            pool.record(end)
        times = [pool.times() for pool in self.pools]
        shape = len(self.pools), self.emission.intervals
        busy, engaged, overrun = (
            np.array([time[part] for time in times], np.int64).reshape(shape) for part in range(3)
        )
        self.emission.finish(busy, engaged, overrun)
