"""Measures that need what only some logs have: pages, mails, banners, and who came online first.

Each is a plain kernel, and an example of how one is written. Where a log lacks the column the
measure is absent, never zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled
from journeysim.measures.experience.journey_columns import Offsets
from journeysim.measures.experience.journey_measure import JourneyMeasure

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@compiled
def total(offsets: Offsets, amounts: Whole) -> Whole:
    """Return the sum of whole amounts of each journey; what is missing counts nothing."""
    found = np.zeros(offsets.shape[0] - 1, dtype=np.int64)
    for journey in range(found.shape[0]):
        for row in range(offsets[journey], offsets[journey + 1]):
            found[journey] += max(amounts[row], 0)
    return found


@compiled
def any_of(offsets: Offsets, flags: Flags) -> Flags:
    """Return whether a flag is set in any contact of each journey."""
    found = np.zeros(offsets.shape[0] - 1, dtype=np.bool_)
    for journey in range(found.shape[0]):
        for row in range(offsets[journey], offsets[journey + 1]):
            found[journey] |= flags[row]
    return found


@compiled
def in_last(offsets: Offsets, flags: Flags) -> Flags:
    """Return whether a flag is set in the last contact of each journey."""
    found = np.zeros(offsets.shape[0] - 1, dtype=np.bool_)
    for journey in range(found.shape[0]):
        if offsets[journey + 1] > offsets[journey]:
            found[journey] = flags[offsets[journey + 1] - 1]
    return found


@compiled
def clicks_of_leavers(offsets: Offsets, clicks: Whole, bought: Flags) -> NDArray[np.float64]:
    """Return the clicks of each journey in which nothing was bought; NaN for the others."""
    found = np.zeros(offsets.shape[0] - 1, dtype=np.float64)
    for journey in range(found.shape[0]):
        for row in range(offsets[journey], offsets[journey + 1]):
            found[journey] += max(clicks[row], 0)
            if bought[row]:
                found[journey] = np.nan
    return found


@compiled
def banners_before(offsets: Offsets, banners: Whole, bought: Flags) -> NDArray[np.float64]:
    """Return the banners seen up to the first purchase of each journey; NaN without one."""
    found = np.zeros(offsets.shape[0] - 1, dtype=np.float64)
    for journey in range(found.shape[0]):
        seen, has_bought = 0.0, False
        for row in range(offsets[journey], offsets[journey + 1]):
            if not has_bought:
                seen += max(banners[row], 0)
                has_bought = bought[row]
        found[journey] = seen if has_bought else np.nan
    return found


@compiled
def online_before_calling(offsets: Offsets, by_human: Flags) -> NDArray[np.float64]:
    """Return 1 where a machine was tried before the first human, 0 where not; NaN without one."""
    found = np.full(offsets.shape[0] - 1, np.nan)
    for journey in range(found.shape[0]):
        for row in range(offsets[journey], offsets[journey + 1]):
            if by_human[row]:
                found[journey] = 1.0 if row > offsets[journey] else 0.0
                break
    return found


WEB = (
    JourneyMeasure(
        name="tried_online_first",
        unit="share",
        meaning="Whether the customer tried a machine before the first human; none without one.",
        formula="first contact with a human is not the first of the journey",
        needs=("by_human",),
        kernel=online_before_calling,
    ),
    JourneyMeasure(
        name="dwell_time",
        unit="s",
        meaning="Time on pages.",
        formula="sum of dwell",
        needs=("dwell",),
        kernel=total,
    ),
    JourneyMeasure(
        name="clicks_before_leaving",
        unit="count",
        meaning="Clicks of those who left without buying; none for buyers.",
        formula="sum of clicks where nothing was bought",
        needs=("clicks", "bought"),
        kernel=clicks_of_leavers,
    ),
    JourneyMeasure(
        name="basket_left",
        unit="flag",
        meaning="Whether the journey ended with a basket that was not bought.",
        formula="basket of the last contact, not bought",
        needs=("basket_open",),
        kernel=in_last,
    ),
    JourneyMeasure(
        name="mail_opened",
        unit="flag",
        meaning="Whether a mail was opened.",
        formula="any contact with mail_opened",
        needs=("mail_opened",),
        kernel=any_of,
    ),
    JourneyMeasure(
        name="mail_clicked",
        unit="flag",
        meaning="Whether a link in a mail was clicked.",
        formula="any contact with mail_clicked",
        needs=("mail_clicked",),
        kernel=any_of,
    ),
    JourneyMeasure(
        name="banners_before_buying",
        unit="count",
        meaning="Banners seen up to the purchase; none for those who did not buy.",
        formula="sum of banners up to the first contact with bought",
        needs=("banners", "bought"),
        kernel=banners_before,
    ),
)
