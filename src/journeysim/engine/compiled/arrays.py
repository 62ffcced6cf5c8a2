"""Keeping the arrays of a world, and telling compiled code where they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from journeysim.engine.compiled.lanes import Lanes
from journeysim.engine.compiled.memory import AT, WORDS, WORDS_IN_ALL, Places, World
from journeysim.model.flat import FlatModel


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
