"""Fresh demand: measured calls less those that are somebody's second attempt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.bank_1999.bootstrap import Estimate, ratio
from scenarios.bank_1999.log import EDGES, SEGMENTS, SLOTS, by_day, is_cut, need_of
from scenarios.bank_1999.retries import RETURN_EDGES, Return


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A segment's mean calls per half hour: measured, and returns among them."""

    measured: np.ndarray
    retries: np.ndarray
    recontacts: np.ndarray
    total: Estimate

    @property
    def fresh(self) -> np.ndarray:
        """Measured calls less the returns among them."""
        return np.clip(self.measured - self.retries - self.recontacts, 0, None)


def privileged_share(requests: pd.DataFrame, need: str) -> np.ndarray:
    """Return the share of privileged customers among the queued, per half hour.

    The priority is recorded only for those who are queued (95 % of the banking customers served
    at once carry 0), and whether one is queued does not depend on it.
    """
    queued = requests[(requests["need"] == need) & (requests["queued"] == 1)]
    privileged = by_day(queued[queued["priority"] == 2]).sum(axis=0)
    return privileged / by_day(queued).sum(axis=0)


def landing(failed: pd.DataFrame, back: Return) -> np.ndarray:
    """Return the expected returns that failed calls make, shape (days, half hours)."""
    delay = EDGES[None, :] - failed["ended"].to_numpy()[:, None]
    back_by = np.interp(delay, RETURN_EDGES, back.cumulative)
    returns = np.zeros((len(failed["day"].cat.categories), len(SLOTS)))
    np.add.at(returns, failed["day"].cat.codes, back.share.mean * np.diff(back_by, axis=1))
    return returns


def estimate_demand(
    requests: pd.DataFrame, *, retry: Return, recontact: Return
) -> dict[str, Demand]:
    """Return the demand per segment; banking calls are split by the privileged share."""
    share = privileged_share(requests, "banking")
    demands = {}
    for segment in SEGMENTS:
        own = requests[requests["need"] == need_of(segment)]
        lost, cut = own[own["abandoned"]], own[is_cut(own)]
        part = np.ones(len(SLOTS))
        if need_of(segment) == "banking":
            privileged = segment == "privileged"
            part = share if privileged else 1 - share
            lost = lost[(lost["priority"] == 2) == privileged]
        retries, recontacts = landing(lost, retry), landing(cut, recontact) * part
        measured = by_day(own) * part
        demands[segment] = Demand(
            measured=measured.mean(axis=0),
            retries=retries.mean(axis=0),
            recontacts=recontacts.mean(axis=0),
            total=ratio((measured - retries - recontacts).sum(axis=1), np.ones(len(measured))),
        )
    return demands


def fresh_by_day(requests: pd.DataFrame, *, retry: Return, recontact: Return) -> np.ndarray:
    """Return measured calls less expected returns, shape (days, half hours)."""
    lost, cut = requests[requests["abandoned"]], requests[is_cut(requests)]
    return by_day(requests) - landing(lost, retry) - landing(cut, recontact)
