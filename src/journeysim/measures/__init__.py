"""How it went: the measures of a finished run, from its Arrow tables and the world's definitions.

Nothing here simulates, so another threshold is scored without another simulation.
"""

from journeysim.measures.catalogue_entry import CatalogueEntry
from journeysim.measures.definitions import HEADLINE_FORMULA, Definitions
from journeysim.measures.identities import identities
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.contact_rows import ContactRows
from journeysim.measures.service.journey_rows import JourneyRows
from journeysim.measures.service.journey_scores import journey_scores
from journeysim.measures.service.measure import Measure, Quantile
from journeysim.measures.service.pool_rows import PoolRows
from journeysim.measures.service.registry import known_measures, register
from journeysim.measures.service.score_table import score_run
from journeysim.tables.synthetic_journeys import generated_journeys

__all__ = [
    "HEADLINE_FORMULA",
    "CatalogueEntry",
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
