"""The random inputs of one replication: every draw of a contact, or what the trace says instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeysim.engine.random import draws
from journeysim.engine.random.arithmetic import whole_ticks
from journeysim.engine.reference.entities import Contact
from journeysim.engine.rules import (
    choose,
    happens,
    patience_address,
    patience_left,
    resolved_by_trace,
    scaled,
)
from journeysim.jit import plain
from journeysim.scenario.flat.flat_model import (
    BUDGET_PATIENCE,
    DETERMINISTIC,
    FlatModel,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_choose = plain(choose)
_happens = plain(happens)
_patience_address = plain(patience_address)
_patience_left = plain(patience_left)
_resolved_by_trace = plain(resolved_by_trace)
_scaled = plain(scaled)


class RandomInputs:
    """Draws by address for one replication of a model."""

    def __init__(self, model: FlatModel, *, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self.distributions = model.distributions
        kinds = model.distributions.kind.tolist()
        laws = [
            (kind, *law[:2])
            for kind, law in zip(kinds, model.distributions.parameters.tolist(), strict=True)
        ]
        # Without a draw: most wrap-ups and delays are constants.
        self.constant = [whole_ticks(a) if kind == DETERMINISTIC else -1 for kind, a, _ in laws]
        # Handing over a table of distributions costs more than a draw, three numbers nothing.
        self.frequent = [law if law[0] in draws.FREQUENT else None for law in laws]
        self.talk_code = model.talk.tolist()
        self.wrap_up_code = model.wrap_up.tolist()
        self.time_spent_code = model.time_spent.tolist()
        self.resolution = model.resolution.tolist()
        self.contained_resolution = model.contained_resolution.tolist()
        self.stuck_share = model.stuck.tolist()
        self.patience_code = model.patience.tolist()
        self.patience_rule = model.patience_rule.tolist()
        self.budget_code = model.budget.tolist()
        self.need_shares = model.need_shares.tolist()
        self.first_shares = model.first_shares.tolist()
        trace = model.trace
        self.traced = trace.patience.shape[1] if trace.arrival.size else 0
        self.trace_patience = trace.patience.tolist()
        self.trace_talk = trace.talk.tolist()
        self.trace_wrap_up = trace.wrap_up.tolist()
        self.trace_resolved = trace.resolved.tolist()
        self.trace_next = trace.next.tolist()
        self.trace_delay = trace.delay.tolist()

    def uniform(self, customer: int, contact: int, purpose: int, sub: int = 0) -> float:
        """Return the uniform number at an address."""
        return draws.uniform(self.seed, self.replication, customer, contact, purpose, sub)

    def duration(self, code: int, customer: int, contact: int, purpose: int) -> int:
        """Return a draw from a distribution, ticks; 0 for distribution -1."""
        if code < 0:
            return 0
        constant = self.constant[code]
        if constant >= 0:
            return constant
        law = self.frequent[code]
        if law is not None:
            kind, first, second = law
            return draws.draw_frequent(
                kind, first, second, self.seed, self.replication, customer, contact, purpose
            )
        return draws.draw(
            self.distributions, code, self.seed, self.replication, customer, contact, purpose
        )

    def chance(self, probability: float, contact: Contact, purpose: int) -> bool:
        """Return whether something of this probability happens to a contact."""
        customer = contact.journey.customer
        return _happens(probability, self.seed, self.replication, customer, contact.number, purpose)

    def need(self, customer: int, segment: int) -> int:
        """Return why a customer comes."""
        return self._pick(self.need_shares[segment], customer, draws.NEED)

    def first_channel(self, customer: int, segment: int, need: int) -> int:
        """Return where a customer goes first."""
        return self._pick(self.first_shares[segment][need], customer, draws.FIRST_CHANNEL)

    def _pick(self, cumulative: Sequence[float], customer: int, purpose: int) -> int:
        if cumulative[0] >= 1.0:
            return 0
        return _choose(cumulative, 0, len(cumulative), self.uniform(customer, 0, purpose))

    def patience(self, contact: Contact) -> int:
        """Return how long a contact would wait, ticks; -1 without end."""
        journey, number = contact.journey, contact.number
        given = self._traced(self.trace_patience, contact)
        if given >= 0:
            return given
        code = self.patience_code[journey.segment][contact.channel]
        rule = self.patience_rule[journey.segment]
        patience = -1
        if code >= 0:
            address = _patience_address(rule, number)
            drawn = self.duration(code, journey.customer, address, draws.PATIENCE)
            patience = _scaled(drawn, contact.patience_factor)
        if rule == BUDGET_PATIENCE and journey.budget < 0:
            code = self.budget_code[journey.segment]
            journey.budget = self.duration(code, journey.customer, 0, draws.BUDGET)
        return _patience_left(patience, journey.budget, journey.waited)

    def talk(self, contact: Contact) -> int:
        """Return how long the service of a contact takes its customer, ticks."""
        given = self._traced(self.trace_talk, contact)
        if given >= 0:
            return given
        journey = contact.journey
        code = self.talk_code[contact.channel][journey.need][contact.pool]
        drawn = self.duration(code, journey.customer, contact.number, draws.TALK)
        return _scaled(drawn, contact.handling_factor)

    def wrap_up(self, contact: Contact) -> int:
        """Return how long the agent goes on after the customer left, ticks."""
        given = self._traced(self.trace_wrap_up, contact)
        if given >= 0:
            return given
        journey = contact.journey
        code = self.wrap_up_code[contact.channel][journey.need][contact.pool]
        return self.duration(code, journey.customer, contact.number, draws.WRAP_UP)

    def time_spent(self, contact: Contact) -> int:
        """Return how long a contact with a machine takes, ticks."""
        given = self._traced(self.trace_talk, contact)
        if given >= 0:
            return given
        journey = contact.journey
        code = self.time_spent_code[contact.channel][journey.need]
        drawn = self.duration(code, journey.customer, contact.number, draws.TIME_SPENT)
        return _scaled(drawn, contact.handling_factor)

    def resolves(self, contact: Contact) -> bool:
        """Return whether a service meets the need."""
        resolved, following = self.trace_resolved, self.trace_next
        given = _resolved_by_trace(
            self._traced(resolved, contact), self._traced(following, contact)
        )
        if given >= 0:
            return given == 1
        need = contact.journey.need
        if contact.pool >= 0:
            share = self.resolution[contact.channel][need][contact.pool]
        else:
            share = self.contained_resolution[contact.channel][need]
        return self.chance(share, contact, draws.RESOLUTION)

    def gets_stuck(self, contact: Contact) -> bool:
        """Return whether a contact ends stuck in self-service."""
        if self._traced(self.trace_resolved, contact) == 1:
            return False
        share = self.stuck_share[contact.channel][contact.journey.need]
        return self.chance(share, contact, draws.STUCK)

    def traced_next(self, contact: Contact) -> tuple[int, int]:
        """Return what the trace says comes next and after which delay; -1 where it is silent."""
        return self._traced(self.trace_next, contact), self._traced(self.trace_delay, contact)

    def _traced(self, cells: list[list[int]], contact: Contact) -> int:
        row = contact.journey.row
        if row < 0 or contact.number >= self.traced:
            return -1
        return cells[row][contact.number]
