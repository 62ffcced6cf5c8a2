"""Runs of an engine in memory, as the whole numbers that it emits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from journeysim.engine.reference.engine import ReferenceEngine
from journeysim.scenario.flat.flat_model import FlatModel, Names
from journeysim.tables.batches import CONTACT_ROW, JOURNEY_ROW

Rows = np.ndarray


class Collecting:
    """Takes the place of an `Emission`, and keeps the rows as they come."""

    def __init__(self, model: FlatModel) -> None:
        self.intervals = -(-model.end // model.interval)
        self.contact_rows = [np.empty((0, len(CONTACT_ROW)), np.int64)]
        self.journey_rows = [np.empty((0, len(JOURNEY_ROW)), np.int64)]

    def contacts(self, rows: Mapping[str, Rows]) -> None:
        self.contact_rows.append(np.stack([rows[name] for name in CONTACT_ROW], axis=1))

    def journeys(self, rows: Mapping[str, Rows]) -> None:
        self.journey_rows.append(np.stack([rows[name] for name in JOURNEY_ROW], axis=1))

    def finish(self, *times: Any) -> None:
        self.times = times


def run_reference(
    model: FlatModel, names: Names, *, seed: int = 1, replication: int = 0
) -> tuple[Rows, Rows]:
    """Return the contact rows and the journey rows of the reference engine."""
    kept: Any = Collecting(model)
    ReferenceEngine(model, names, seed=seed, replication=replication, emission=kept).run()
    return np.concatenate(kept.contact_rows), np.concatenate(kept.journey_rows)
