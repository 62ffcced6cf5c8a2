"""Made-up journeys as the columns that a kernel gets: a fixture for tests and benchmarks."""

from __future__ import annotations

import numpy as np

from journeysim.measures.experience.arrow_views import columns_of
from journeysim.measures.experience.journey_columns import JourneyColumns
from journeysim.tables.synthetic_journeys import generated_journeys


def generated_columns(journeys: int, *, seed: int = 1) -> JourneyColumns:
    """Return the columns of made-up journeys, the same for the same seed.

    They have 3.5 contacts in the mean and up to some fifty, in eight channels, with every outcome
    and missing times; see `journeysim.tables.synthetic_journeys`.

    Parameters
    ----------
    journeys
        How many, at least 1.
    """
    made = generated_journeys(journeys, seed=seed)
    first = made.journeys.column("first_contact").to_numpy()
    offsets = np.append(first, made.contacts.num_rows)
    return columns_of(made.contacts, offsets, made.journeys)
