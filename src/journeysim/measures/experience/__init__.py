"""What a journey was like for the customer, and what it is worth: measures journey by journey."""

from journeysim.measures.experience.arrow_views import columns_of, columns_of_lists
from journeysim.measures.experience.emotion_curve import emotion_curve
from journeysim.measures.experience.generated_columns import generated_columns
from journeysim.measures.experience.journey_columns import JourneyColumns
from journeysim.measures.experience.journey_measure import JourneyMeasure
from journeysim.measures.experience.journey_registry import (
    chosen_journey_measures,
    known_journey_measures,
    register_journey_measure,
)
from journeysim.measures.experience.log_columns import LogMap
from journeysim.measures.experience.log_source import log_pieces
from journeysim.measures.experience.run_source import pieces_of
from journeysim.measures.experience.score_files import write_scores
from journeysim.measures.experience.score_journeys import score_journeys, scored_batches
from journeysim.measures.experience.scoring_pass import (
    contact_valence,
    score_by,
    score_columns,
)
from journeysim.measures.experience.summaries import net_promoter_score, summary
from journeysim.measures.experience.weights import WeightEvidence, Weights, weights_of
from journeysim.tables.attached import attach

__all__ = [
    "JourneyColumns",
    "JourneyMeasure",
    "LogMap",
    "WeightEvidence",
    "Weights",
    "chosen_journey_measures",
    "columns_of",
    "columns_of_lists",
    "contact_valence",
    "emotion_curve",
    "generated_columns",
    "known_journey_measures",
    "log_pieces",
    "net_promoter_score",
    "pieces_of",
    "register_journey_measure",
    "score_columns",
    "score_journeys",
    "scored_batches",
    "summary",
    "weights_of",
    "write_scores",
]

# A measure knows nothing of the pass over contacts in which most of them are made.
attach("score", score_by)
