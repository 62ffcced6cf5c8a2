"""What the agents of a pool do with their time, by interval: one rule for all engines.

An engine says between which ticks nothing changed in a pool, and what it was doing then.
"""

from __future__ import annotations

from collections.abc import MutableSequence

from journeysim.jit import inlined
from journeysim.scenario.flat.flat_model import Whole
from journeysim.units import LONGEST

Times = MutableSequence[int] | Whole


@inlined
def engaged_agents(contacts: int, agents: int, used: int, units: int) -> int:
    """Return how many agents have a contact: as many as there are, before one has two.

    Parameters
    ----------
    contacts
        Contacts in service or in wrap-up.
    agents
        Agents at work by the schedule.
    used, units
        Units that contacts take, and units of an agent. Who stays past the shift's end is engaged.
    """
    if contacts <= agents:
        return contacts
    return min(contacts, max(agents, -(-used // units)))


@inlined
def units_over(used: int, capacity: int) -> int:
    """Return how many units are in use past the end of their agents' shifts."""
    return max(0, used - capacity)


@inlined
def add_times(
    busy: Times,
    engaged: Times,
    overrun: Times,
    levels: tuple[int, int, int],
    since: int,
    now: int,
    cell: int,
    cell_end: int,
    interval: int,
) -> tuple[int, int]:
    """Add a stretch in which nothing changes to the intervals it falls into.

    Parameters
    ----------
    busy, engaged, overrun
        Times by interval, ticks; the last interval takes what comes after it.
    levels
        What is to be added of each per tick.
    since, now
        The stretch, which is not empty.
    cell, cell_end
        An interval and its end that was added to last; an end not after `since` counts for nothing.
    interval
        Length of an interval, ticks.

    Returns
    -------
    The interval that the stretch ends in, and its end; the last has none.
    """
    last = len(busy) - 1
    if since >= cell_end:
        cell = min(since // interval, last)
        cell_end = LONGEST if cell == last else (cell + 1) * interval
    while True:
        until = min(now, cell_end)
        busy[cell] += (until - since) * levels[0]
        engaged[cell] += (until - since) * levels[1]
        overrun[cell] += (until - since) * levels[2]
        if until == now:
            return cell, cell_end
        since = until
        cell += 1
        cell_end = LONGEST if cell == last else (cell + 1) * interval
