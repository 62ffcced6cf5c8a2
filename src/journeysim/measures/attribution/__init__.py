"""Which touchpoint gets the credit: first, last, linear, Shapley, Markov, all from one pass.

These methods read a log. None of them knows what would have happened without the touchpoint;
`journeysim.touchpoint_effects` simulates that.
"""

from journeysim.measures.attribution.chain import Removal, removal_effects
from journeysim.measures.attribution.counts import JourneyCounts, count
from journeysim.measures.attribution.credit import CREDITS, REMOVAL, Method, shares_of
from journeysim.measures.attribution.journeys_in_blocks import ListedJourneys, ReplicationJourneys
from journeysim.measures.attribution.shapley import shapley_values, sums_over_subsets

__all__ = [
    "CREDITS",
    "REMOVAL",
    "JourneyCounts",
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
