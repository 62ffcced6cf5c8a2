"""Which worlds the single-queue path can make: where each pool serves one queue in order of entry.

There nobody can overtake, so the instant at which a contact would be served follows from the times
at which the pool's agents fall free, and nothing that happens later can change it.
"""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.lanes import lanes_of
from journeysim.scenario.flat.flat_model import BALK_NEVER, FlatModel
from journeysim.scenario.flat.per_model_cache import once_per_model


@once_per_model
def why_not_single_queue(model: FlatModel) -> str | None:
    """Return what keeps a world from the single-queue path, or None if it can be made there."""
    served = model.by_agents == 1
    reasons = (
        (served & (model.lines >= 0), "a channel has a limit of lines"),
        (served & (model.balk_rule != BALK_NEVER), "customers balk"),
        (served & (model.announce >= 0), "waits are announced"),
        (served & (model.send_away == 1), "a channel sends away who waits at closing"),
        (served & (model.chase >= 0), "customers chase their mails"),
    )
    for found, reason in reasons:
        if np.any(found):
            return reason
    return _why_not_in_order(model)


def _why_not_in_order(model: FlatModel) -> str | None:
    """Return what keeps a queue from being served by one pool in order of entry."""
    lanes = lanes_of(model)
    served = np.flatnonzero(model.by_agents)
    if lanes.pool_lane.size != served.size or np.any(lanes.pool_last - lanes.pool_first != 1):
        return "a pool serves several queues, or a queue has several pools"
    if not np.array_equal(np.sort(lanes.channel[lanes.pool_lane]), served):
        return "a queue has contacts that are not served in order of entry"
    if np.any(lanes.pool_after > 0):
        return "a pool helps only after a delay"
    if np.any(model.level.max(axis=0, initial=-1)[served] < 0):
        return "a need is served by no pool"
    return None
