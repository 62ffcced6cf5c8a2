"""How it went: the measures of a finished run, from its Arrow tables and the world's definitions.

Nothing here simulates, so another threshold is scored without another simulation.
"""

from journeysim.score.definitions import Definitions
from journeysim.score.identities import identities
from journeysim.score.measure import Measure, Quantile
from journeysim.score.registry import known_measures, register
from journeysim.score.tables import score_run

__all__ = [
    "Definitions",
    "Measure",
    "Quantile",
    "identities",
    "known_measures",
    "register",
    "score_run",
]
