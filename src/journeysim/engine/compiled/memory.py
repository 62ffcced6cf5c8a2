"""Keeping the arrays of a world, and telling compiled code where they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from journeysim.engine.compiled.first_contact_distributions import sure_laws
from journeysim.engine.compiled.lanes import Lanes, lanes_of
from journeysim.engine.compiled.layout import AT, WORDS, WORDS_IN_ALL, Places, World
from journeysim.scenario.flat.flat_model import FlatModel
from journeysim.scenario.flat.per_model_cache import once_per_model


class Memory:
    """The arrays of a world, and the array that says where they are."""

    def __init__(self) -> None:
        self._words = np.zeros(WORDS_IN_ALL, np.int64)
        self._arrays: dict[str, NDArray[Any]] = {}

    @property
    def world(self) -> World:
        """What compiled functions take; good as long as this object lives."""
        return int(self._words.ctypes.data)

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def put(self, name: str, array: NDArray[Any]) -> None:
        """Keep an array under a name of `Places`, in place of the one before."""
        kind = np.float64 if array.dtype.kind == "f" else np.int64
        kept = np.ascontiguousarray(array, kind).reshape(array.shape)
        self._arrays[name] = kept
        word = getattr(AT, name) * WORDS
        self._words[word] = kept.__array_interface__["data"][0]
        self._words[word + 1 : word + 1 + kept.ndim] = kept.shape

    def copy(self) -> Memory:
        """Return a memory with the same arrays, to which others can be added."""
        other = Memory()
        other._words[:] = self._words
        other._arrays.update(self._arrays)
        return other

    def put_lanes(self, lanes: Lanes) -> None:
        """Keep the lanes of a model."""
        self.put("lane", lanes.lane)
        self.put("lane_priority", lanes.priority)
        self.put("lane_head_start", lanes.head_start)
        for name in Lanes._fields[4:]:
            self.put(name, getattr(lanes, name))

    def put_model(self, model: FlatModel) -> None:
        """Keep all arrays of a model."""
        for name, value in model._asdict().items():
            if isinstance(value, np.ndarray) and name in Places._fields:
                self.put(name, value)
        parts = (
            ("law_", model.distributions),
            ("", model.demand),
            ("trace_", model.trace),
        )
        for prefix, part in parts:
            for name, value in part._asdict().items():
                if isinstance(value, np.ndarray):
                    self.put(prefix + name, value)


def memory_of(model: FlatModel) -> Memory:
    """Return a memory with what a model says and what follows from it, which no run changes."""
    return _memory_of(model).copy()


@once_per_model
def _memory_of(model: FlatModel) -> Memory:
    memory = Memory()
    memory.put_model(model)
    memory.put_lanes(lanes_of(model))
    for name, laws in sure_laws(model).items():
        memory.put(name, laws)
    return memory
