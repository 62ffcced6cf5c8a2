"""What the compiled engine holds of a world while it runs: rows of whole numbers.

Contacts and journeys live in rows that are used again when they are over, so that memory follows
the number of customers who are there, not of all who ever came.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Columns of `contacts`.
CUSTOMER = 0
JOURNEY = 1  # row in `journeys`
NUMBER = 2
CHANNEL = 3
POOL = 4
CAUSE = 5
ENTERED = 6
STARTED = 7
ENDED = 8
WAIT = 9
TALK = 10
WRAP_UP = 11
OUTCOME = 12
RESOLVED = 13
NEXT_STEP = 14
ANNOUNCED = 15
WAITING = 16
LANE = 17
AHEAD = 18  # row of the contact ahead in its lane
BEHIND = 19
SIBLING = 20  # row of the next contact of the journey; of the next free row, if free
# Luck drawn beforehand, or UNKNOWN of `compiled.fresh`.
DRAWN_PATIENCE = 21
DRAWN_TALK = 22
DRAWN_WRAP_UP = 23
DRAWN_RESOLVED = 24
CONTACT_FIELDS = 25

# Columns of `journeys`; the first is the customer as well.
J_NUMBER = 1
J_SEGMENT = 2
J_NEED = 3
J_ARRIVED = 4
J_ENDED = 5
J_OUTCOME = 6
J_CONTACTS = 7
J_FIRST = 8  # row of its first contact
J_LAST = 9
J_OPEN = 10  # contacts not yet over, those on their way included
J_ENTERING = 11  # chases on their way
J_WAITED = 12
J_BUDGET = 13
J_TRACE = 14  # row of the trace, or -1
J_CAUSE = 15  # of the contact on its way
J_LIVE = 16
J_FREE = 17  # next free row
JOURNEY_FIELDS = 18

# Columns of `factors`, by row of a journey: of the contact on its way.
HANDLING_FACTOR = 0
PATIENCE_FACTOR = 1

#: In place of luck that was not drawn beforehand.
UNKNOWN = -2
#: In place of whether the need was met: the customer got stuck in self-service.
STUCK_ALONE = 2

# Columns of `queues` (one row per lane), `pools` and `channels`.
HEAD = 0
TAIL = 1
CAPACITY = 0
AGENTS = 1
USED = 2
CONTACTS = 3
SINCE = 4
CELL = 5  # interval of the pool's last change
CELL_END = 6  # its end; the last has none
POOL_FIELDS = 7
OPEN = 0
PRESENT = 1
QUEUED = 2

# Places of `scalars`.
HEAP_SIZE = 0
FREE_CONTACT = 1
FREE_JOURNEY = 2
NEXT_SHIFT = 3
NEXT_DOOR = 4
JOURNEYS_MADE = 5
CONTACTS_OUT = 6
JOURNEYS_OUT = 7
CONTACTS_BEFORE = 8
SENDING_AWAY = 9  # channel that is being emptied, or -1
NOW = 10
WAITING_CONTACTS = 11
CONTACTS_LIVE = 12
# Of the fast path; see `engine.compiled.single_queue.finished_journeys`.
ENDS = 13  # noted
ENDS_DUE = 14  # of them, put in order
ENDS_WRITTEN = 15  # of these, written
WRITTEN_UNTIL = 16  # key below which all are written
SCALARS = 17


# Places of `settings`: what does not change while a world runs.
HORIZON = 0
END = 1
WARM_UP = 2
INTERVAL = 3
WEEKDAY = 4
MAX_CONTACTS = 5
INTERVAL_EVERY = 6
SEED = 7
REPLICATION = 8
SETTINGS = 9


def free_rows(rows: NDArray[np.int64], first: int, link: int) -> int:
    """Chain rows from `first` on as free, and return the head of the chain."""
    rows[first:, link] = np.arange(first + 1, rows.shape[0] + 1)
    rows[-1, link] = -1
    return first
