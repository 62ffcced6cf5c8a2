"""The one total order of events, which both engines obey.

Events happen by (tick, rank, customer, journey, contact, pool). An event that is made at the
current tick takes its keyed place among those not yet processed; a step without delay is an event,
never done on the spot. So a freed agent takes a customer whose patience ends at that very
tick, and an agent whose shift ends at that tick takes nobody.

A customer has one journey, so the journey's place in the key decides nothing and is left out.
"""

from __future__ import annotations

from typing import Final

CHANGE: Final = 0  # of a shift or of opening hours, in order of pools, then channels
END: Final = 1  # of a contact, of wrap-up, of self-service
ARRIVAL: Final = 2  # or re-entry
TIMER: Final = 3  # overflow or chase
ABANDONMENT: Final = 4
WORLD_END: Final = 5

_CONTACT_BITS: Final = 14
_POOL_BITS: Final = 12
_CUSTOMER_BITS: Final = 62


def key(rank: int, customer: int = 0, contact: int = 0, pool: int = 0) -> int:
    """Return the place of an event within its tick, as one whole number: smaller comes first.

    Parameters
    ----------
    rank
        One of the constants above.
    customer
        Identity, below 2^62.
    contact
        Number within the journey, by entry, from 0.
    pool
        Code of the pool; channels follow after the pools, "no pool" is past both.
    """
    place = (rank + 1) << _CUSTOMER_BITS | customer
    return (place << _CONTACT_BITS | contact) << _POOL_BITS | pool
