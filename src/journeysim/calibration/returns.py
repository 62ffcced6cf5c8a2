"""Who comes back after a contact, through which channel and how soon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journeysim.calibration.bootstrap import Estimate, day_weights, interval
from journeysim.calibration.calendar import Calendar, Counts
from journeysim.calibration.contact_log import (
    ABANDONED,
    SERVED,
    UNKNOWN,
    Codes,
    ContactLog,
    Flags,
    Ticks,
)
from journeysim.calibration.log_checks import catch_all
from journeysim.units import DAY, HOUR, MINUTE

#: After losing patience people try again within this, or do not: later ones are new needs.
RETRY_WINDOW: Final = 2 * HOUR
#: A case goes on within this; who has been followed for less is not counted.
CASE_WINDOW: Final = 7 * DAY
_EDGES: Final = np.array(
    [
        *(0, MINUTE // 2, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE),
        *(HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, CASE_WINDOW),
    ]
)
_FEW: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedStep:
    """A next contact after an outcome.

    Attributes
    ----------
    channel, outcome
        After which: code of the channel, SERVED or ABANDONED.
    to
        Code of the channel of the next contact.
    share
        Who does so.
    running
        Share back by each of the edges, given that they come back.
    window
        How long people were followed, ticks.
    """

    channel: int
    outcome: int
    to: int
    share: Estimate
    running: Counts
    window: int

    def delay(self) -> dict[str, object]:
        """Return the delay as a scenario writes it."""
        points: list[list[object]] = [[0.0, "0s"]]
        for share, edge in zip(self.running[1:], _EDGES[1:], strict=True):
            rounded = round(float(share), 4)
            if edge <= self.window and rounded > float(str(points[-1][0])):
                points.append([rounded, f"{edge // 1_000_000}s"])
        points[-1][0] = 1.0
        return {"distribution": "empirical", "quantiles": points}


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """Next contacts of a log, and why some were not looked at."""

    steps: tuple[FittedStep, ...]
    left_out: dict[str, int]
    by_case: bool


def fit_returns(log: ContactLog, calendar: Calendar) -> Returns:
    """Fit who comes next where, from cases if the log has them, else from customers."""
    if "case" in log.columns:
        return _of_cases(log, calendar)
    if "customer" in log.columns and log.abandoned.any():
        return _of_customers(log, calendar)
    return Returns(steps=(), left_out={}, by_case=False)


def _following(log: ContactLog, ids: Codes) -> tuple[Codes, Codes]:
    """Return contacts with a known id, and the next contact of that id; UNKNOWN if none."""
    rows = np.flatnonzero(ids != UNKNOWN)
    # The log stands in order of entering, so a stable sort by id keeps that within an id.
    order = rows[np.argsort(ids[rows], kind="stable")]
    after = np.full(len(order), UNKNOWN, np.int64)
    same = ids[order][1:] == ids[order][:-1]
    after[:-1][same] = order[1:][same]
    return order, after


def _channels(log: ContactLog) -> Codes:
    return np.maximum(log.channel, 0)


def _of_cases(log: ContactLog, calendar: Calendar) -> Returns:
    """Return next contacts within a case: the company's own word for the same need."""
    order, after = _following(log, log.case)
    last = int(log.entered[-1])
    followed = log.ended[order] + CASE_WINDOW <= last
    left_out = {"contact followed for less than 7 days": int((~followed).sum())}
    return Returns(
        steps=tuple(_tables(log, calendar, order[followed], after[followed], CASE_WINDOW)),
        left_out={reason: count for reason, count in left_out.items() if count},
        by_case=True,
    )


def _of_customers(log: ContactLog, calendar: Calendar) -> Returns:
    """Return next contacts after losing patience, less those that come for other reasons.

    The same share after a service is taken off: people call again for other needs too. Where ids
    are known mostly for those who queued, a return weighs 1 / (share queued about then).
    """
    many = np.isin(log.customer, catch_all(log))
    weights = _visibility(log)
    # Where ids are known for the queued, the odd other one would weigh as much as twenty.
    seen = ~many if weights is None else ~many & log.queued
    order, after = _following(log, np.where(seen, log.customer, UNKNOWN))
    followed = log.ended[order] + RETRY_WINDOW <= int(log.entered[-1])
    order, after = order[followed], after[followed]
    lost = log.abandoned[order]
    steps = _tables(log, calendar, order[lost], after[lost], RETRY_WINDOW, weights)
    others = _tables(log, calendar, order[~lost], after[~lost], RETRY_WINDOW, weights)
    background = {(step.channel, step.to): step for step in others}
    left_out = {
        "contact without a customer id": int((log.customer == UNKNOWN).sum()),
        "contact of an id that stands for many people": int(many.sum()),
        "contact followed for less than 2 hours": int((~followed).sum()),
    }
    return Returns(
        steps=tuple(_less(step, background.get((step.channel, step.to))) for step in steps),
        left_out={reason: count for reason, count in left_out.items() if count},
        by_case=False,
    )


def _visibility(log: ContactLog) -> Counts | None:
    """Return 1 / (share queued within five minutes) per contact, where only the queued have ids."""
    if not log.queued.any() or log.queued.all():
        return None
    known = log.customer != UNKNOWN
    if known[log.queued].mean() <= 2 * known[~log.queued].mean():
        return None
    # Contacts stand in order of entering. Minutes matter: people come back while it is still busy.
    running = np.concatenate(([0], np.cumsum(log.queued)))
    first = np.searchsorted(log.entered, log.entered - 5 * MINUTE, side="left")
    last = np.searchsorted(log.entered, log.entered + 5 * MINUTE, side="right")
    near = (running[last] - running[first]) / (last - first)
    return np.asarray(1 / np.maximum(near, 0.05))


def _tables(
    log: ContactLog,
    calendar: Calendar,
    order: Codes,
    after: Codes,
    window: int,
    weights: Counts | None = None,
) -> list[FittedStep]:
    """Return the next steps of each channel and outcome with enough contacts."""
    channels = _channels(log)
    steps = []
    delay = np.where(after == UNKNOWN, -1, log.entered[after] - log.ended[order])
    back = (after != UNKNOWN) & (delay >= 0) & (delay <= window)
    to = np.where(back, channels[after], UNKNOWN)
    weight = np.ones(len(order)) if weights is None else weights[after]
    for channel in np.flatnonzero(np.bincount(channels[order])):
        for outcome in (SERVED, ABANDONED):
            rows = (channels[order] == channel) & (log.outcome[order] == outcome)
            if np.count_nonzero(rows) < _FEW:
                continue
            for target in np.flatnonzero(np.bincount(to[rows & back])):
                chosen = rows & back & (to == target)
                share = _share(log, calendar, order, rows, chosen, weight)
                running = _running(delay[chosen], weight[chosen])
                steps.append(
                    FittedStep(
                        channel=int(channel),
                        outcome=outcome,
                        to=int(target),
                        share=share,
                        running=running,
                        window=window,
                    )
                )
    return steps


def _share(
    log: ContactLog,
    calendar: Calendar,
    order: Codes,
    rows: Flags,
    chosen: Flags,
    weight: NDArray[np.float64],
) -> Estimate:
    days = np.searchsorted(calendar.days, log.day[order])
    size = len(calendar.days)
    upper = np.bincount(days[chosen], weight[chosen], minlength=size)
    lower = np.bincount(days[rows], minlength=size).astype(float)
    draws = day_weights(size)
    below = np.maximum(draws @ lower, 1.0)
    mean = min(float(upper.sum() / lower.sum()), 1.0)
    low, high = interval((draws @ upper) / below, mean, size)
    return Estimate(mean=mean, low=max(low, 0.0), high=min(high, 1.0), n=int(rows.sum()))


def _running(delays: Ticks, weights: NDArray[np.float64]) -> Counts:
    """Return the share back by each edge."""
    place = np.clip(np.searchsorted(_EDGES, delays, side="left"), 1, len(_EDGES) - 1)
    counts = np.bincount(place, weights, minlength=len(_EDGES))
    running: Counts = np.cumsum(counts) / max(counts.sum(), 1e-12)
    return running


def _less(step: FittedStep, background: FittedStep | None) -> FittedStep:
    """Return a step less what comes for other reasons."""
    if background is None:
        return step
    gone, usual = step.share.mean, background.share.mean
    excess = np.maximum(np.diff(step.running) * gone - np.diff(background.running) * usual, 0.0)
    running = np.concatenate(([0.0], np.cumsum(excess))) / max(excess.sum(), 1e-12)
    share = Estimate(
        mean=max(gone - usual, 0.0),
        low=max(step.share.low - usual, 0.0),
        high=max(step.share.high - usual, 0.0),
        n=step.share.n,
    )
    return FittedStep(
        channel=step.channel,
        outcome=step.outcome,
        to=step.to,
        share=share,
        running=running,
        window=step.window,
    )


def landing(log: ContactLog, calendar: Calendar, chosen: Flags, step: FittedStep) -> Counts:
    """Return the returns that chosen contacts are expected to make, by day and interval."""
    edges = np.arange(calendar.slots + 1) * calendar.every
    found = np.zeros((len(calendar.days), calendar.slots))
    rows = np.flatnonzero(chosen)
    ended = log.ended[rows] - log.day[rows] * DAY
    day = np.searchsorted(calendar.days, log.day[rows])
    # Contacts are taken together by five minutes: what lands is spread over hours.
    when = np.minimum(ended // (5 * MINUTE), 12 * 24)
    cells, counts = np.unique(day * 300 + when, return_counts=True)
    for first in range(0, len(cells), 20_000):
        part = slice(first, first + 20_000)
        moment = (cells[part] % 300 + 0.5) * 5 * MINUTE
        by = np.interp(edges[None, :] - moment[:, None], _EDGES, step.running)
        parts = np.diff(by, axis=1) * counts[part, None] * step.share.mean
        np.add.at(found, cells[part] // 300, parts)
    return found
