"""How a user changes what happens, in Python: own routing, own behaviour after a contact.

    class CallBackTheAngry(Extension):
        def next_step(self, contact, planned):
            if contact.outcome == "abandoned" and contact.wait > 5 * MINUTE:
                return Go(to="phone", delay=30 * MINUTE)
            return planned

    js.simulate(scenario, extension=CallBackTheAngry())

A scenario with an extension runs on the reference engine. What an extension draws at random it
should draw by `contact.uniform()`, so that customers keep their luck in every scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactView:
    """What an extension may know about a contact; times are ticks.

    Attributes
    ----------
    customer
        Identity of the customer.
    number
        Number of the contact within its journey, from 1.
    segment, need, channel
        Their names.
    outcome
        How it ended, e.g. ``"abandoned"``; empty while it is being routed.
    entered, wait
        When the customer came, and how long the wait was.
    uniform
        Gives this contact's uniform number for a question, numbered from 0.
    """

    customer: int
    number: int
    segment: str
    need: str
    channel: str
    outcome: str
    entered: int
    wait: int
    uniform: Callable[[int], float]


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool that has a free place for a contact.

    Attributes
    ----------
    name
        Its name.
    agents
        Agents at work.
    busy
        Share of its capacity taken.
    """

    name: str
    agents: int
    busy: float


@dataclass(frozen=True, slots=True)
class Go:
    """Where a customer goes next: a channel, ``"give_up"`` or ``"lost"``; the delay in ticks."""

    to: str
    delay: int = 0
    transfer: bool = False


class Extension:
    """Own rules; every method may be overridden, and keeps the scenario's rule if it is not."""

    def route(self, contact: ContactView, pools: Sequence[PoolView]) -> str | None:
        """Return the pool that serves an arriving contact, or None to let it wait.

        Parameters
        ----------
        contact
            Who has just come to the channel.
        pools
            Pools with a free place for it, in the channel's order; at least one.
        """
        del contact
        return pools[0].name

    def pick(self, pool: PoolView, waiting: Sequence[ContactView]) -> int | None:
        """Return which waiting contact a free place takes, or None to leave it free.

        Parameters
        ----------
        pool
            The pool with the free place.
        waiting
            Contacts that it may take now, in the order of the scenario's rules; at least one.
        """
        del pool, waiting
        return 0

    def next_step(self, contact: ContactView, planned: Go) -> Go:
        """Return what the customer does after a contact that met no need.

        Parameters
        ----------
        contact
            The contact that has just ended.
        planned
            What the scenario's tables say.
        """
        del contact
        return planned
