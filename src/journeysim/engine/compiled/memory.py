"""What a model says and what follows from it, as the memory that replications begin with."""

from __future__ import annotations

from journeysim.engine import (
    records_in_numba,  # noqa: F401  # numba learns of records here.
)
from journeysim.engine.compiled.first_contact_distributions import first_contact_distributions
from journeysim.engine.compiled.lanes import lanes_of
from journeysim.engine.compiled.layout import WorldMemory
from journeysim.scenario.flat.flat_model import FlatModel
from journeysim.scenario.flat.per_model_cache import once_per_model


def memory_of(model: FlatModel) -> WorldMemory:
    """Return a memory with what no run changes, to which the rest can be added."""
    memory = WorldMemory()
    memory.take_over(_memory_of(model))
    return memory


@once_per_model
def _memory_of(model: FlatModel) -> WorldMemory:
    memory = WorldMemory()
    memory.model = model
    memory.lanes = lanes_of(model)
    memory.first = first_contact_distributions(model)
    return memory
