"""The compiled engine as plain Python: its functions as they are read, without machine code.

Slower by a factor of 20, but there at once, where compiling takes most of a minute. So a fault can
be planted in its text and looked for in hundreds of worlds within seconds.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from journeysim import jit

PACKAGE = "journeysim.engine.compiled"
_KINDS: dict[str, tuple[Any, type]] = {
    "whole": (ctypes.c_int64, np.int64),
    "number": (ctypes.c_double, np.float64),
}


def engine_of(texts: Mapping[str, str]) -> Any:
    """Return the module `engine.compiled.engine` as plain Python.

    Parameters
    ----------
    texts
        What is read in place of a file, by its path.
    """
    compiled, finder = jit.compiled, _Finder(texts)
    _forget()
    jit.compiled = lambda function: function
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(f"{PACKAGE}.engine")
    finally:
        jit.compiled = compiled
        sys.meta_path.remove(finder)
        _forget()


def _forget() -> None:
    """Let modules of the compiled engine be imported anew."""
    for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[name]


class _Finder(PathFinder):
    """Finds modules of the compiled engine."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def find_spec(  # type: ignore[override]
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith(f"{PACKAGE}."):
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(name, spec.origin, self.texts)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, texts: Mapping[str, str]) -> None:
        super().__init__(name, path)
        self.texts = texts

    def get_code(self, fullname: str) -> CodeType:
        text = self.texts.get(self.path) or self.get_data(self.path).decode()
        return compile(text, self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if module.__name__ == f"{PACKAGE}.memory":
            for name in [name for name in vars(module) if name[:-1] in _KINDS]:
                view = _view(_KINDS[name[:-1]], int(name[-1]), module._WORDS)
                setattr(module, name, view)


def _view(
    kind: tuple[Any, type], indices: int, words: int
) -> Callable[[np.ndarray, int], np.ndarray]:
    """Return what `whole2` and its fellows do, for Python: a view of the memory at an address."""

    def view(world: np.ndarray, place: int) -> np.ndarray:
        address, *shape = world[place * words : place * words + 1 + indices].tolist()
        size = int(np.prod(shape))
        if not size:
            return np.empty(shape, kind[1])
        return np.frombuffer((kind[0] * size).from_address(address), kind[1]).reshape(shape)

    return view
