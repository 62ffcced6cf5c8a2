"""Journeys and contacts while they last, as the reference engine holds them."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from heapq import heappop
from typing import TYPE_CHECKING, Any

from simpy import Environment
from simpy.events import NORMAL, Event

if TYPE_CHECKING:
    from collections.abc import Callable


class TickEnvironment(Environment):
    """A SimPy environment whose clock counts whole ticks and whose priorities are keys.

    Attributes
    ----------
    tick
        The time now, ticks.
    """

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self.tick = 0

    def happen(self, event: Event, key: int, delay: int) -> None:
        """Let an event happen after a delay, at its place in the total order of events."""
        self.schedule(event, key, delay)  # type: ignore[arg-type]

    def follow(self, event: Event) -> None:
        """Let an event happen as the very next thing: it belongs to what is happening now."""
        self.schedule(event, NORMAL)

    def run_to(self, end: Event) -> None:
        """Let events happen up to and with `end`.

        SimPy's own loop, less what it does for events that fail, which none of ours can.
        """
        coming = self._queue
        while True:
            now, _, _, event = heappop(coming)
            self._now = self.tick = now  # type: ignore[assignment]
            callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
            for callback in callbacks:
                callback(event)
            if event is end:
                return


class Life:
    """Drives a process (a generator of events) from event to event.

    What `simpy.Process` does, less its two events of its own: a customer's life begins in the place
    of the arrival, not in an event after it, and nobody waits for its end.
    """

    __slots__ = ("generator",)

    def __init__(self, generator: Generator[Any, Any, None]) -> None:
        self.generator = generator
        self(None)

    def __call__(self, _event: Event | None) -> None:
        """Go on until the next event that the process waits for."""
        waits_for = next(self.generator, None)
        if waits_for is not None:
            waits_for.callbacks.append(self)


class Keyed(Event):
    """A SimPy event at its place in the total order of events."""

    __slots__ = ()

    def __init__(self, env: TickEnvironment, key: int, delay: int) -> None:
        self.env = env
        self.callbacks = []
        self._ok = True
        self._value = None
        env.happen(self, key, delay)


class ContactEvent(Event):
    """A SimPy event that knows its contact; it is scheduled when its time is known."""

    __slots__ = ("contact", "pool")

    def __init__(
        self,
        env: TickEnvironment,
        contact: Contact,
        callback: Callable[[Any], None] | None = None,
        pool: int = -1,
    ) -> None:
        self.env = env
        self.callbacks = [] if callback is None else [callback]
        self._ok = True
        self._value = None
        self.contact = contact
        self.pool = pool


@dataclass(slots=True, eq=False)
class Journey:
    """One customer's attempt to get one need met."""

    customer: int
    number: int
    segment: int
    need: int
    arrived: int
    row: int = -1
    contacts: list[Contact] = field(default_factory=list)
    open_contacts: int = 0
    entering: int = 0
    outcome: int = -1
    ended: int = -1
    waited: int = 0
    budget: int = -1


@dataclass(slots=True, eq=False)
class Contact:
    """One attempt at one channel."""

    journey: Journey
    number: int
    channel: int
    cause: int
    entered: int
    handling_factor: float = 1.0
    patience_factor: float = 1.0
    over: ContactEvent | None = None
    place: tuple[int, int, int, int] = (0, 0, 0, 0)
    waiting: bool = False
    pool: int = -1
    started: int = -1
    ended: int = -1
    wait: int = 0
    talk: int = -1
    wrap_up: int = -1
    outcome: int = -1
    resolved: bool = False
    next_step: int = 0
    announced: int = -1


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """Where a customer goes next.

    Attributes
    ----------
    to
        Code of the channel, or GIVE_UP, or LOST.
    delay
        Time until then, ticks.
    transfer
        Whether the company moves the customer.
    handling_factor, patience_factor
        How much longer the next talk, how much shorter the next patience is.
    """

    to: int
    delay: int = 0
    transfer: bool = False
    handling_factor: float = 1.0
    patience_factor: float = 1.0
