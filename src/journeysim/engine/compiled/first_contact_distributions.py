"""What is sure of first contacts before anybody comes: the distributions that their luck follows.

It follows from the model alone, so it is found once and not for every customer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeysim.engine.compiled.state import UNKNOWN
from journeysim.scenario.flat.flat_model import (
    BUDGET_PATIENCE,
    DETERMINISTIC,
    EXPONENTIAL,
    LOGNORMAL,
    QUEUE,
    SELF_SERVICE,
    FlatModel,
    Number,
    Whole,
)

# Rows of a segment in `first_laws`: durations of its first contacts.
LAW_PATIENCE = 0
LAW_TALK = 1
LAW_TIME_SPENT = 2
LAW_WRAP_UP = 3
# Columns.
LAW_CODE = 0  # the distribution of all, -1, UNKNOWN or SEVERAL
LAW_DRAWN = 1  # 1 if any needs luck
LAW_EXPONENTIAL = 2  # 1 if any is
LAW_LOGNORMAL = 3
#: In place of a distribution: not all first contacts of the segment follow the same.
SEVERAL = -3


def sure_laws(model: FlatModel) -> dict[str, Whole | Number]:
    """Return what a contact's service follows whoever serves, shape (channels, needs) each.

    Codes of talk and wrap-up are UNKNOWN where pools differ or a machine serves, those of time with
    a machine where pools serve; shares of resolution are NaN where pools differ. `first_patience`
    is of shape (segments, channels), `first_laws`, described above, of shape (segments, 4, 4).
    """
    channels, needs = model.stuck.shape
    talk = np.full((channels, needs), UNKNOWN, np.int64)
    wrap_up = np.full((channels, needs), UNKNOWN, np.int64)
    is_alone = model.kind == SELF_SERVICE
    time_spent = np.where(is_alone[:, None], model.time_spent, UNKNOWN)
    resolution = np.where(is_alone[:, None], model.contained_resolution, np.nan)
    for channel in range(channels):
        routed = model.route_pool[model.route_first[channel] : model.route_last[channel]]
        for need in range(needs):
            pools = [pool for pool in routed.tolist() if model.level[pool, channel, need] >= 0]
            for all_of, sure in (
                (model.talk, talk),
                (model.wrap_up, wrap_up),
                (model.resolution, resolution),
            ):
                laws = set(all_of[channel, need, pools].tolist())
                if len(laws) == 1:
                    sure[channel, need] = laws.pop()
    return {
        "sure_talk": talk,
        "sure_time_spent": time_spent,
        "sure_wrap_up": wrap_up,
        "sure_resolution": resolution,
        "first_patience": _first_patience(model),
        "first_laws": _first_laws(model, talk, time_spent, wrap_up),
    }


def _first_patience(model: FlatModel) -> Whole:
    """Return the distributions of patience at first contacts, shape (segments, channels).

    They are UNKNOWN where nobody hangs up, and where patience is a budget.
    """
    waits = (model.kind == QUEUE)[None, :] & (model.patience_rule != BUDGET_PATIENCE)[:, None]
    return np.where(waits, model.patience, UNKNOWN)


def _first_laws(model: FlatModel, talk: Whole, time_spent: Whole, wrap_up: Whole) -> Whole:
    segments = model.patience.shape[0]
    patience = _first_patience(model)
    laws = np.zeros((segments, 4, 4), np.int64)
    for segment in range(segments):
        way = _possible(model, segment)
        of_patience = np.broadcast_to(patience[segment][:, None], way.shape)
        for row, codes in (
            (LAW_PATIENCE, of_patience),
            (LAW_TALK, talk),
            (LAW_TIME_SPENT, time_spent),
            (LAW_WRAP_UP, wrap_up),
        ):
            found = np.unique(codes[way])
            kinds = model.distributions.kind[found[found >= 0]]
            laws[segment, row] = (
                found[0] if found.size == 1 else SEVERAL,
                np.any(kinds != DETERMINISTIC),
                np.any(kinds == EXPONENTIAL),
                np.any(kinds == LOGNORMAL),
            )
    return laws


def _possible(model: FlatModel, segment: int) -> NDArray[np.bool_]:
    """Return for which channels and needs a segment makes first contacts."""
    of_need = np.diff(model.need_shares[segment], prepend=0.0) > 0.0
    of_channel = np.diff(model.first_shares[segment], prepend=0.0, axis=1) > 0.0
    possible: NDArray[np.bool_] = of_need[:, None] & of_channel
    return possible.T
