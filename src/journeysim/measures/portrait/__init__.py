"""What a run looked like, as a few small tables: its way through touchpoints, and its day.

They hold sums over customers, so that they are small however many came, and everything that a
report draws is in them.
"""

from journeysim.measures.portrait.evidence_tables import (
    evidence_table,
    personas_table,
    weights_table,
)
from journeysim.measures.portrait.portrait import PORTRAIT_TABLES, Portrait
from journeysim.measures.portrait.portrait_sums import PortraitGathering
from journeysim.measures.portrait.portrait_tables import portrait_of

__all__ = [
    "PORTRAIT_TABLES",
    "Portrait",
    "PortraitGathering",
    "evidence_table",
    "personas_table",
    "portrait_of",
    "weights_table",
]
