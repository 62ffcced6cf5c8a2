"""Which touchpoint gets the credit: first, last, linear, Shapley, Markov, all from one pass.

These methods read a log. None of them knows what would have happened without the touchpoint;
`journeysim.effects` simulates that.
"""

from journeysim.scoring.attribution.chain import Removal, removal_effects
from journeysim.scoring.attribution.counts import Counts, count
from journeysim.scoring.attribution.credit import CREDITS, REMOVAL, Method, shares_of
from journeysim.scoring.attribution.journeys_in_blocks import ListedJourneys, ReplicationJourneys
from journeysim.scoring.attribution.shapley import shapley_values, sums_over_subsets

__all__ = [
    "CREDITS",
    "REMOVAL",
    "Counts",
    "ListedJourneys",
    "Method",
    "Removal",
    "ReplicationJourneys",
    "count",
    "removal_effects",
    "shapley_values",
    "shares_of",
    "sums_over_subsets",
]
