"""What first contacts follow, known before anybody comes: the distributions of their draws.

It follows from the model alone, so it is found once and not for every customer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeysim.engine.compiled.layout import (
    UNKNOWN,
    FirstContactDistributions,
    FirstDuration,
)
from journeysim.engine.records import Records, table
from journeysim.scenario.flat.flat_model import (
    BUDGET_PATIENCE,
    DETERMINISTIC,
    EXPONENTIAL,
    LOGNORMAL,
    FlatModel,
    Whole,
)

#: In place of a distribution: not all first contacts of the segment follow the same.
SEVERAL = -3


def first_contact_distributions(model: FlatModel) -> FirstContactDistributions:
    """Return what a contact's service follows whoever serves, and what first contacts follow.

    Codes of talk and wrap-up are UNKNOWN where pools differ or a machine serves, those of time with
    a machine where pools serve; shares of resolution are NaN where pools differ.
    """
    channels, needs = model.stuck.shape
    talk = np.full((channels, needs), UNKNOWN, np.int64)
    wrap_up = np.full((channels, needs), UNKNOWN, np.int64)
    is_alone = model.by_agents == 0
    time_spent = np.where(is_alone[:, None], model.time_spent, UNKNOWN)
    resolution = np.where(is_alone[:, None], model.contained_resolution, np.nan)
    for channel in range(channels):
        routed = model.route_pool[model.route_first[channel] : model.route_last[channel]]
        for need in range(needs):
            pools = [pool for pool in routed.tolist() if model.level[pool, channel, need] >= 0]
            for all_of, of_service in (
                (model.talk, talk),
                (model.wrap_up, wrap_up),
                (model.resolution, resolution),
            ):
                found = set(all_of[channel, need, pools].tolist())
                if len(found) == 1:
                    of_service[channel, need] = found.pop()
    patience = _first_patience(model)
    return FirstContactDistributions(
        talk,
        time_spent,
        wrap_up,
        resolution,
        patience,
        *_first_durations(model, patience, talk, time_spent, wrap_up),
    )


def _first_patience(model: FlatModel) -> Whole:
    """Return the distributions of patience at first contacts, shape (segments, channels).

    They are UNKNOWN where nobody hangs up, and where patience is a budget.
    """
    waits = (model.hangs_on == 1)[None, :] & (model.patience_rule != BUDGET_PATIENCE)[:, None]
    return np.where(waits, model.patience, UNKNOWN)


def _first_durations(
    model: FlatModel, patience: Whole, talk: Whole, time_spent: Whole, wrap_up: Whole
) -> list[Records[FirstDuration]]:
    """Return what each segment's first contacts follow in each of these durations."""
    segments = patience.shape[0]
    tables = [table(FirstDuration, segments) for _ in range(4)]
    for segment in range(segments):
        possible = _possible(model, segment)
        of_patience = np.broadcast_to(patience[segment][:, None], possible.shape)
        for duration, codes in zip(tables, (of_patience, talk, time_spent, wrap_up), strict=True):
            found = np.unique(codes[possible])
            kinds = model.distributions.kind[found[found >= 0]]
            row = duration[segment]
            row.code = found[0] if found.size == 1 else SEVERAL
            row.is_drawn = int(np.any(kinds != DETERMINISTIC))
            row.is_exponential = int(np.any(kinds == EXPONENTIAL))
            row.is_lognormal = int(np.any(kinds == LOGNORMAL))
    return tables


def _possible(model: FlatModel, segment: int) -> NDArray[np.bool_]:
    """Return for which channels and needs a segment makes first contacts."""
    of_need = np.diff(model.need_shares[segment], prepend=0.0) > 0.0
    of_channel = np.diff(model.first_shares[segment], prepend=0.0, axis=1) > 0.0
    possible: NDArray[np.bool_] = of_need[:, None] & of_channel
    return possible.T
