"""What the compiled engine holds of a world while it runs: every record, and where it stands.

Contacts and journeys live in rows that are used again when they are over, so that memory follows
the number of customers who are there, not of all who ever came. Compiled functions are handed
`WorldMemory` and ask by name: ``memory.contacts[row].wait``, ``memory.model.lines[channel]``. What
a name means, and what it costs, is said in `engine.records`.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from journeysim.engine.compiled.lanes import Lanes
from journeysim.engine.records import Memory, Record, Records
from journeysim.scenario.flat.flat_model import FlatModel, Number, Whole
from journeysim.tables.batches import CONTACT_ROW, JOURNEY_ROW, types_of
from journeysim.tables.columns import CONTACTS, JOURNEYS, Column

#: In place of what was not drawn beforehand.
UNKNOWN = -2
#: In place of whether the need was met: the customer got stuck in self-service.
GOT_STUCK = 2


class Contact(Record):
    """A contact that is under way, or whose journey is.

    Attributes
    ----------
    journey
        Row of its journey.
    number
        Within the journey, from 0.
    ahead, behind
        Rows of its neighbours in its lane.
    sibling
        Row of the next contact of the journey; of the next free row, if free.
    drawn_patience, drawn_talk, drawn_wrap_up, drawn_resolved
        What was drawn beforehand, or UNKNOWN.
    handling_factor, patience_factor
        Of the step that led to it.
    """

    customer: int
    journey: int
    number: int
    channel: int
    pool: int
    cause: int
    entered: int
    started: int
    ended: int
    wait: int
    talk: int
    wrap_up: int
    outcome: int
    resolved: int
    next_step: int
    announced: int
    waiting: int
    lane: int
    ahead: int
    behind: int
    sibling: int
    drawn_patience: int
    drawn_talk: int
    drawn_wrap_up: int
    drawn_resolved: int
    handling_factor: float
    patience_factor: float


class Journey(Record):
    """A journey that is not over.

    A person's episode (decision 0010) gets its field here.

    Attributes
    ----------
    first, last
        Rows of its first and last contact.
    open
        Contacts not yet over, those on their way included.
    entering
        Chases on their way.
    waited
        Time in queues that used up patience.
    budget
        Of patience; -1 before it is drawn.
    trace_row
        Row of the trace, or -1.
    cause, handling_factor, patience_factor
        Of the contact on its way.
    live
        0 if the row is free; then `free` is the next free row.
    """

    customer: int
    number: int
    segment: int
    need: int
    arrived: int
    ended: int
    outcome: int
    contacts: int
    first: int
    last: int
    open: int
    entering: int
    waited: int
    budget: int
    trace_row: int
    cause: int
    live: int
    free: int
    handling_factor: float
    patience_factor: float


class Event(Record):
    """A coming event; its tick and rank are its key in the heap.

    Attributes
    ----------
    contact_and_pool
        Decides with `customer`, and after it, between equal keys; the pool has the lowest bits.
    row
        Of the contact, or of the journey for a contact on its way.
    what
        See `event_heap`: the lowest 4 bits say what happens, a channel stands above.
    """

    customer: int
    contact_and_pool: int
    row: int
    what: int


class LaneQueue(Record):
    """Who waits in a lane: rows of the first and last contact, or -1."""

    head: int
    tail: int


class Pool(Record):
    """A pool at work.

    Attributes
    ----------
    capacity, used
        Units.
    contacts
        Being served.
    since
        Tick of its last change; `cell` is the interval of that, and `cell_end` the interval's end,
        which the last has none of.
    """

    capacity: int
    agents: int
    used: int
    contacts: int
    since: int
    cell: int
    cell_end: int


class Channel(Record):
    """A channel: whether it is open (1), and how many are present and queued."""

    open: int
    present: int
    queued: int


class Stream(Record):
    """Customers of a segment on their way; after the last segment, those of the trace.

    Attributes
    ----------
    filled, taken
        Arrivals in the block of `stream_ticks`, and how many of them were taken; of the trace, the
        row.
    drawn_ahead
        1 if `first_contacts` holds what was drawn for them.
    """

    next_tick: int
    next_customer: int
    day: int
    filled: int
    taken: int
    drawn_ahead: int


class Run(Record):
    """Where the run has got to.

    Attributes
    ----------
    next_shift, next_opening
        Rows of the model's next changes of agents at work and of opening hours.
    sending_away
        Channel that is being emptied, or -1.
    contacts_before
        Rows of contacts in batches before this one.
    finished, finished_due, finished_written
        Single-queue path: ends of journeys noted; of them, put in order; of these, written.
    written_until
        Key below which all ends are written.
    """

    seed: int
    replication: int
    now: int
    heap_size: int
    free_contact: int
    free_journey: int
    next_shift: int
    next_opening: int
    journeys_made: int
    contacts_out: int
    journeys_out: int
    contacts_before: int
    sending_away: int
    waiting_contacts: int
    live_contacts: int
    finished: int
    finished_due: int
    finished_written: int
    written_until: int


class FirstDuration(Record):
    """What a segment's first contacts follow in one of their durations.

    Attributes
    ----------
    code
        The distribution of all, -1, UNKNOWN or SEVERAL.
    is_drawn, is_exponential, is_lognormal
        1 if any needs a draw, or is of that kind.
    """

    code: int
    is_drawn: int
    is_exponential: int
    is_lognormal: int


class FirstContactDistributions(NamedTuple):
    """What first contacts follow, whoever serves them; see `first_contact_distributions`."""

    talk: Annotated[Whole, "channels needs"]
    time_spent: Annotated[Whole, "channels needs"]
    wrap_up: Annotated[Whole, "channels needs"]
    resolution: Annotated[Number, "channels needs"]
    patience: Annotated[Whole, "segments channels"]
    patience_of: Records[FirstDuration]
    talk_of: Records[FirstDuration]
    time_spent_of: Records[FirstDuration]
    wrap_up_of: Records[FirstDuration]


class FirstContacts(NamedTuple):
    """What was drawn for a block of customers before they come: columns, for loops over them.

    `resolved` may be GOT_STUCK. `time_spent` stands there until it is put into `talk`.
    """

    need: Annotated[Whole, "segments customers"]
    channel: Annotated[Whole, "segments customers"]
    patience: Annotated[Whole, "segments customers"]
    talk: Annotated[Whole, "segments customers"]
    wrap_up: Annotated[Whole, "segments customers"]
    resolved: Annotated[Whole, "segments customers"]
    time_spent: Annotated[Whole, "segments customers"]


class BlockNumbers(NamedTuple):
    """Random numbers of a block of customers: uniform ones, and what is made of these."""

    uniform: Annotated[Number, "customers"]
    exponential: Annotated[Number, "customers"]
    normal: Annotated[Number, "customers"]


class PoolClock(Record):
    """A pool of the single-queue path, at a time of its own.

    Attributes
    ----------
    now
        Its time.
    serving
        Contacts being served.
    capacity, units, share
        Units: in all, of an agent, of a contact.
    shift, last_shift
        Rows of its next change in `clock_shifts`, and the one after its last.
    heap
        Where its heap stands in `releases`: the place of its top.
    releases
        Entries of the heap, the vacant top included; `vacant` is 1 if the top is vacant.
    cell, cell_end
        Interval of its time, and the interval's end, which the last has none of.
    waited_at, waited_customer
        When the last contact that had to wait entered, and whose it was.
    """

    now: int
    serving: int
    agents: int
    capacity: int
    units: int
    share: int
    shift: int
    last_shift: int
    heap: int
    releases: int
    vacant: int
    cell: int
    cell_end: int
    waited_at: int
    waited_customer: int


class ClockShift(Record):
    """A change of a pool's agents."""

    tick: int
    agents: int


class FinishedJourney(Record):
    """The end of a journey on the single-queue path, in the 64 bytes that are fetched at once.

    Attributes
    ----------
    key
        Tick and phase.
    row
        Of the journey; -1 if it had one contact, which is all here: what follows is of those alone.
    number
        Of the journey.
    """

    key: int
    customer: int
    number: int
    entered: int
    started: int
    wrap_up: int
    row: Annotated[int, np.int32]
    segment: Annotated[int, np.int16]
    pool: Annotated[int, np.int16]
    channel: Annotated[int, np.int8]
    need: Annotated[int, np.int8]
    outcome: Annotated[int, np.int8]
    next_step: Annotated[int, np.int8]
    journey_outcome: Annotated[int, np.int8]


def _rows(name: str, columns: tuple[str, ...], table: tuple[Column, ...]) -> Any:
    """Return a part with a buffer per column, of the type that Arrow holds."""
    kinds = types_of(table)
    made: Any = NamedTuple
    part = made(name, [(each, Annotated[Any, "rows", kinds[each]]) for each in columns])
    part.__module__, part.__qualname__ = __name__, name
    return part


#: Finished contacts and journeys of a batch.
ContactRows = _rows("ContactRows", CONTACT_ROW, CONTACTS)
JourneyRows = _rows("JourneyRows", JOURNEY_ROW, JOURNEYS)


class WorldMemory(Memory):
    """All that compiled functions see of a world."""

    model: FlatModel
    lanes: Lanes
    first: FirstContactDistributions
    run: Run
    contacts: Records[Contact]
    journeys: Records[Journey]
    heap_keys: Annotated[Whole, "places"]
    heap_slots: Annotated[Whole, "places"]
    events: Records[Event]
    queues: Records[LaneQueue]
    pools: Records[Pool]
    channels: Records[Channel]
    busy: Annotated[Whole, "pools intervals"]
    engaged: Annotated[Whole, "pools intervals"]
    overrun: Annotated[Whole, "pools intervals"]
    contact_rows: Annotated[Any, ContactRows]
    journey_rows: Annotated[Any, JourneyRows]
    # Arrivals. What `engine.random.arrival_times` keeps between calls stands in the first two.
    stream_places: Annotated[Whole, "segments 3"]
    stream_rates: Annotated[Number, "segments 3"]
    stream_ticks: Annotated[Whole, "segments customers"]
    interval_factors: Annotated[Number, "segments intervals"]
    streams: Records[Stream]
    first_contacts: FirstContacts
    block: BlockNumbers
    # The single-queue path.
    pool_clocks: Records[PoolClock]
    clock_shifts: Records[ClockShift]
    releases: Annotated[Whole, "places"]
    finished: Records[FinishedJourney]
    finished_order: Annotated[Whole, "2 rows"]
    digits: Annotated[Whole, "2 values"]
