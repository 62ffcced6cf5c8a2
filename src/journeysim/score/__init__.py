"""How it went: the measures of a finished run, from its Arrow tables and the world's definitions.

Nothing here simulates, so another threshold is scored without another simulation.
"""

from journeysim.score.contact_rows import ContactRows
from journeysim.score.definitions import Definitions
from journeysim.score.groups import Groups
from journeysim.score.identities import identities
from journeysim.score.journey_rows import JourneyRows
from journeysim.score.measure import Measure, Quantile
from journeysim.score.pool_rows import PoolRows
from journeysim.score.registry import known_measures, register
from journeysim.score.tables import score_run

__all__ = [
    "ContactRows",
    "Definitions",
    "Groups",
    "JourneyRows",
    "Measure",
    "PoolRows",
    "Quantile",
    "identities",
    "known_measures",
    "register",
    "score_run",
]
