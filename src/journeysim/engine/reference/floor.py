"""The floor of the reference engine: queues and agents, waiting and being served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from journeysim.engine import order
from journeysim.engine.extension import Extension
from journeysim.engine.random import draws
from journeysim.engine.reference.entities import Contact, ContactEvent, TickEnvironment
from journeysim.engine.reference.extension_views import Views
from journeysim.engine.reference.queue_and_pool import Pool, Queue
from journeysim.engine.reference.random_inputs import RandomInputs
from journeysim.engine.reference.routing import Routing
from journeysim.engine.rules import announced_wait, balking_probability
from journeysim.jit import plain
from journeysim.scenario.flat.flat_model import BALK_NEVER, FlatModel
from journeysim.tables.columns import ContactOutcome

_announced_wait = plain(announced_wait)
_balking_probability = plain(balking_probability)


class Floor:
    """Everything between coming to a channel and leaving it.

    Parameters
    ----------
    resolve
        Called when a service meets the need, before its place is filled again.
    chase
        Called when a waiting mail has been silent for too long.
    """

    def __init__(
        self,
        model: FlatModel,
        env: TickEnvironment,
        inputs: RandomInputs,
        views: Views,
        *,
        intervals: int,
        extension: Extension | None,
        resolve: Callable[[Contact], None],
        chase: Callable[[Contact], None],
    ) -> None:
        self.env = env
        self.inputs = inputs
        self.resolve = resolve
        self.chase_up = chase
        channels = len(views.names.channels)
        self.pools = [Pool(units, model.interval, intervals) for units in model.units.tolist()]
        self.queues = [Queue() for _ in range(channels)]
        self.routing = Routing(model, views, self.pools, self.queues, inputs, extension)
        self.is_open = [False] * channels
        #: Waiting and talking, by channel: what `lines` limits.
        self.present = [0] * channels
        self.no_pool = len(self.pools)
        self.by_agents = model.by_agents.tolist()
        self.hangs_on = model.hangs_on.tolist()
        self.lines = model.lines.tolist()
        self.send_away = model.send_away.tolist()
        self.announce = model.announce.tolist()
        self.balk_rule = model.balk_rule.tolist()
        self.balk_first = model.balk_first.tolist()
        self.balk_last = model.balk_last.tolist()
        self.balk_bound = model.balk_bound.tolist()
        self.balk_share = model.balk_share.tolist()
        self.chase = model.chase.tolist()
        self.priority = model.priority.tolist()
        self.head_start = model.head_start.tolist()
        self.share = model.share.tolist()

    def enter(self, contact: Contact) -> None:
        """Come to a channel: closed? no line left? a free place? balk? join."""
        channel = contact.channel
        if not self.is_open[channel]:
            self._leave(contact, ContactOutcome.CLOSED)
            return
        if not self.by_agents[channel]:
            contact.started = contact.entered
            self._serve(contact, self.inputs.time_spent(contact), self._left_alone, self.no_pool)
            return
        if 0 <= self.lines[channel] <= self.present[channel]:
            self._leave(contact, ContactOutcome.BLOCKED)
            return
        pool = self.routing.free_pool(contact)
        if pool >= 0:
            self.present[channel] += 1
            self._start(contact, pool)
            return
        if self.announce[channel] >= 0:
            contact.announced = self._announcement(contact)
        if self._balks(contact):
            self._leave(contact, ContactOutcome.BALKED)
            return
        self.present[channel] += 1
        self._join(contact)

    def _leave(self, contact: Contact, outcome: ContactOutcome) -> None:
        """Go without service."""
        contact.outcome = int(outcome)
        contact.ended = self.env.tick
        contact.wait = contact.ended - contact.entered

    def _announcement(self, contact: Contact) -> int:
        channel = contact.channel
        places = sum(
            self.pools[pool].capacity // self.share[pool][channel]
            for pool, _ in self.routing.route[channel]
        )
        return _announced_wait(len(self.queues[channel]), self.announce[channel], places)

    def _balks(self, contact: Contact) -> bool:
        channel = contact.channel
        rule = self.balk_rule[channel]
        if rule == BALK_NEVER:
            return False
        probability = _balking_probability(
            rule,
            self.balk_bound,
            self.balk_share,
            self.balk_first[channel],
            self.balk_last[channel],
            len(self.queues[channel]),
            contact.announced,
        )
        return self.inputs.chance(probability, contact, draws.BALK)

    # Waiting.

    def _join(self, contact: Contact) -> None:
        """Wait: for an agent, against patience, until others may help or a mail is too silent."""
        journey, channel = contact.journey, contact.channel
        segment = journey.segment
        contact.over = ContactEvent(self.env, contact)
        contact.place = (
            -self.priority[segment][channel],
            contact.entered - self.head_start[segment][channel],
            journey.customer,
            contact.number,
        )
        contact.waiting = True
        self.queues[channel].join(contact)
        patience = self.inputs.patience(contact) if self.hangs_on[channel] else -1
        if patience >= 0:
            self._timer(contact, order.ABANDONMENT, patience, self._patience_over)
        for pool, after in self.routing.overflow_delays(contact):
            self._timer(contact, order.TIMER, after, self._may_overflow, pool)
        if self.chase[channel] >= 0:
            customer, code = journey.customer, self.chase[channel]
            silence = self.inputs.duration(code, customer, contact.number, draws.CHASE_AFTER)
            self._timer(contact, order.TIMER, silence, self._too_silent, self.no_pool)

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
        self.env.happen(event, key, delay)

    def _patience_over(self, event: ContactEvent) -> None:
        if event.contact.waiting:
            self._give_way(event.contact, ContactOutcome.ABANDONED)

    def _may_overflow(self, event: ContactEvent) -> None:
        if event.contact.waiting:
            self.fill(event.pool)

    def _too_silent(self, event: ContactEvent) -> None:
        if event.contact.waiting:
            self.chase_up(event.contact)

    def _give_way(self, contact: Contact, outcome: ContactOutcome) -> None:
        """Leave the queue for good and let the customer go on."""
        self.drop(contact, outcome)
        assert contact.over is not None
        self.env.follow(contact.over)

    def drop(self, contact: Contact, outcome: ContactOutcome) -> None:
        """Take a contact out of its queue for good, without a next step of its own."""
        self._leave_queue(contact)
        self.present[contact.channel] -= 1
        self._leave(contact, outcome)

    def _leave_queue(self, contact: Contact) -> None:
        contact.waiting = False
        self.queues[contact.channel].leave(contact)
        if self.hangs_on[contact.channel]:
            # Nobody hangs on for a mail, so it uses up no patience.
            contact.journey.waited += self.env.tick - contact.entered

    # Service.

    def _start(self, contact: Contact, pool: int) -> None:
        contact.pool = pool
        contact.started = self.env.tick
        contact.wait = contact.started - contact.entered
        self.pools[pool].take(self.share[pool][contact.channel], contact.started)
        self._serve(contact, self.inputs.talk(contact), self._served, pool)

    def _serve(
        self, contact: Contact, talk: int, callback: Callable[[Any], None], pool: int
    ) -> None:
        over = contact.over
        if over is None:
            over = contact.over = ContactEvent(self.env, contact)
        # Before the customer's own next step: a freed place is filled first.
        over.callbacks.insert(0, callback)
        key = order.key(order.END, contact.journey.customer, contact.number, pool)
        self.env.happen(over, key, talk)

    def _end_service(self, contact: Contact, outcome: ContactOutcome, *, resolved: bool) -> None:
        contact.ended = self.env.tick
        contact.talk = contact.ended - contact.started
        contact.outcome = int(outcome)
        contact.resolved = resolved
        if resolved:
            self.resolve(contact)

    def _served(self, event: ContactEvent) -> None:
        contact = event.contact
        self.present[contact.channel] -= 1
        if self.inputs.resolves(contact):
            self._end_service(contact, ContactOutcome.SERVED_RESOLVED, resolved=True)
        else:
            self._end_service(contact, ContactOutcome.SERVED_UNRESOLVED, resolved=False)
        contact.wrap_up = self.inputs.wrap_up(contact)
        if contact.wrap_up == 0:
            self._release(contact)
        else:
            self._timer(contact, order.END, contact.wrap_up, self._wrapped_up, contact.pool)

    def _left_alone(self, event: ContactEvent) -> None:
        contact = event.contact
        if self.inputs.gets_stuck(contact):
            self._end_service(contact, ContactOutcome.STUCK, resolved=False)
        else:
            resolved = self.inputs.resolves(contact)
            self._end_service(contact, ContactOutcome.CONTAINED, resolved=resolved)

    def _wrapped_up(self, event: ContactEvent) -> None:
        self._release(event.contact)

    def _release(self, contact: Contact) -> None:
        pool = contact.pool
        self.pools[pool].release(self.share[pool][contact.channel], self.env.tick)
        self.fill(pool)

    def fill(self, pool: int) -> None:
        """Let the free places of a pool take whoever they may take now."""
        now = self.env.tick
        while (contact := self.routing.best_waiting(pool, now)) is not None:
            self._leave_queue(contact)
            self._start(contact, pool)

    # Shifts and doors.

    def staff(self, pool: int, agents: int) -> None:
        """Change how many agents are at work; those who come take waiting contacts at once."""
        self.pools[pool].staff(agents, self.env.tick)
        self.fill(pool)

    def set_open(self, channel: int, *, is_open: bool) -> None:
        """Open or close a channel; who waits at closing stays, or is sent away."""
        self.is_open[channel] = is_open
        if not is_open and self.send_away[channel]:
            queue = self.queues[channel]
            for place in list(queue.places):
                self._give_way(queue.contacts[place], ContactOutcome.CLOSED)
