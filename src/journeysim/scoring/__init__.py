"""How it went: the measures of a finished run, from its Arrow tables and the world's definitions.

Nothing here simulates, so another threshold is scored without another simulation.
"""

from journeysim.journeys.generated import generated_journeys
from journeysim.scoring.contact_rows import ContactRows
from journeysim.scoring.definitions import Definitions
from journeysim.scoring.groups import Groups
from journeysim.scoring.identities import identities
from journeysim.scoring.journey_rows import JourneyRows
from journeysim.scoring.journey_scores import journey_scores
from journeysim.scoring.measure import Measure, Quantile
from journeysim.scoring.pool_rows import PoolRows
from journeysim.scoring.registry import known_measures, register
from journeysim.scoring.tables import score_run

__all__ = [
    "ContactRows",
    "Definitions",
    "Groups",
    "JourneyRows",
    "Measure",
    "PoolRows",
    "Quantile",
    "generated_journeys",
    "identities",
    "journey_scores",
    "known_measures",
    "register",
    "score_run",
]
