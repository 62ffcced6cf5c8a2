"""Who serves whom: the pool for an arriving contact, the contact for a freed place."""

from __future__ import annotations

from dataclasses import dataclass

from journeysim.engine.extension import Extension, PoolView
from journeysim.engine.reference.entities import Contact
from journeysim.engine.reference.extension_views import Views
from journeysim.engine.reference.queue_and_pool import Pool, Queue
from journeysim.engine.reference.random_inputs import RandomInputs
from journeysim.scenario.flat.flat_model import FlatModel


@dataclass(frozen=True, slots=True)
class Served:
    """A channel that a pool serves.

    Attributes
    ----------
    channel
        Its code.
    share
        Units that a contact takes.
    after
        Real time in queue from which the pool may help, ticks.
    levels
        Preference level by need; -1 where the pool may not serve.
    best_level
        The best of them.
    """

    channel: int
    share: int
    after: int
    levels: tuple[int, ...]
    best_level: int


class Routing:
    """The routing rules of the scenario, or of an extension."""

    def __init__(
        self,
        model: FlatModel,
        views: Views,
        pools: list[Pool],
        queues: list[Queue],
        inputs: RandomInputs,
        extension: Extension | None,
    ) -> None:
        self.pools = pools
        self.queues = queues
        self.inputs = inputs
        self.views = views
        self.share = model.share.tolist()
        self.level = model.level.tolist()
        first, last = model.route_first.tolist(), model.route_last.tolist()
        rows = list(zip(model.route_pool.tolist(), model.route_after.tolist(), strict=True))
        self.route = [rows[a:b] for a, b in zip(first, last, strict=True)]
        self.served = [self._served(pool) for pool in range(len(pools))]
        self.extension = extension
        own = Extension if extension is None else type(extension)
        self.own_route = own.route is not Extension.route
        self.own_pick = own.pick is not Extension.pick

    def _served(self, pool: int) -> list[Served]:
        found = []
        for channel, entries in enumerate(self.route):
            levels = self.level[pool][channel]
            for entry, after in entries:
                if entry == pool and max(levels) >= 0:
                    best = min(level for level in levels if level >= 0)
                    share = self.share[pool][channel]
                    found.append(Served(channel, share, after, tuple(levels), best))
        return sorted(found, key=lambda served: served.best_level)

    def free_pool(self, contact: Contact) -> int:
        """Return the pool that serves an arriving contact at once, or -1."""
        channel, need = contact.channel, contact.journey.need
        free = []
        for code, after in self.route[channel]:
            pool = self.pools[code]
            if (
                after == 0
                and self.level[code][channel][need] >= 0
                and pool.used + self.share[code][channel] <= pool.capacity
            ):
                if not self.own_route:
                    return int(code)
                free.append(code)
        return self._own_choice(contact, free) if free else -1

    def _own_choice(self, contact: Contact, free: list[int]) -> int:
        assert self.extension is not None
        names = self.views.names.pools
        pools = [self._pool_view(code) for code in free]
        name = self.extension.route(self.views.contact(contact), pools)
        if name is None:
            return -1
        if name not in [pool.name for pool in pools]:
            raise ValueError(f"route() returned {name!r}, which is not one of the pools offered")
        return names.index(name)

    def _pool_view(self, code: int) -> PoolView:
        pool = self.pools[code]
        busy = pool.used / pool.capacity if pool.capacity else 1.0
        return PoolView(self.views.names.pools[code], pool.agents, busy)

    def overflow_delays(self, contact: Contact) -> list[tuple[int, int]]:
        """Return the pools that may help a waiting contact later: code and delay, ticks."""
        channel, need = contact.channel, contact.journey.need
        return [
            (code, after)
            for code, after in self.route[channel]
            if after > 0 and self.level[code][channel][need] >= 0
        ]

    def best_waiting(self, code: int, now: int) -> Contact | None:
        """Return the contact that a pool takes next, or None.

        Among the contacts that fit into its free units and that it may take now, the best by
        preference of the pool, then by place (priority, time in queue, customer, contact).
        """
        pool = self.pools[code]
        free = pool.capacity - pool.used
        if self.own_pick:
            return self._own_pick(code, free, now)
        best: Contact | None = None
        level = -1
        for served in self.served[code]:
            queue = self.queues[served.channel]
            if served.share > free or not queue.places:
                continue
            if best is not None and served.best_level > level:
                break
            for place in queue.places:
                contact = queue.contacts[place]
                own = served.levels[contact.journey.need]
                if own < 0 or now - contact.entered < served.after:
                    continue
                if best is None or (own, place) < (level, best.place):
                    best, level = contact, own
                if own == served.best_level:
                    # Places rise: nobody further back is better.
                    break
        return best

    def _own_pick(self, code: int, free: int, now: int) -> Contact | None:
        assert self.extension is not None
        entitled = [
            (served.levels[contact.journey.need], contact.place, contact)
            for served in self.served[code]
            if served.share <= free
            for contact in self.queues[served.channel].contacts.values()
            if served.levels[contact.journey.need] >= 0 and now - contact.entered >= served.after
        ]
        if not entitled:
            return None
        contacts = [contact for _, _, contact in sorted(entitled, key=lambda item: item[:2])]
        views = [self.views.contact(contact, now=now) for contact in contacts]
        chosen = self.extension.pick(self._pool_view(code), views)
        if chosen is None:
            return None
        if not 0 <= chosen < len(contacts):
            raise ValueError(f"pick() returned {chosen}; there are {len(contacts)} contacts")
        return contacts[chosen]
