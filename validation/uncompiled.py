"""The compiled engine as plain Python: its functions as they are read, without machine code.

Slower by a factor of 20, but there at once, where compiling takes most of a minute. So a fault can
be planted in the text of one module and looked for in hundreds of worlds within seconds.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from journeysim import jit

PACKAGE = "journeysim.engine.compiled"
#: Texts of a module, and what stands there instead.
Changes = Sequence[tuple[str, str]]


class LostPlaceError(Exception):
    """A text to be changed does not stand in its module exactly once."""


def changed(text: str, changes: Changes, place: str) -> str:
    """Return a text with each change made, in the one place where it fits."""
    for old, new in changes:
        if text.count(old) != 1:
            raise LostPlaceError(f"{place}: {text.count(old)} times in the text:\n{old}")
        text = text.replace(old, new)
    return text


def engine_of(module: str = "", changes: Changes = ()) -> Any:
    """Return the module `engine.compiled.engine` as plain Python, one module of it changed."""
    for name in [name for name in sys.modules if name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
    compiled, finder = jit.compiled, _Finder(f"{PACKAGE}.{module}", changes)
    jit.compiled = lambda function: function
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(f"{PACKAGE}.engine")
    finally:
        jit.compiled = compiled
        sys.meta_path.remove(finder)


class _Finder(PathFinder):
    """Finds modules of the compiled engine, and changes the text of one."""

    def __init__(self, module: str, changes: Changes) -> None:
        self.module = module
        self.changes = changes

    def find_spec(  # type: ignore[override]
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith(f"{PACKAGE}."):
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(name, spec.origin, self.changes if name == self.module else ())
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, changes: Changes) -> None:
        super().__init__(name, path)
        self.changes = changes

    def get_code(self, fullname: str) -> CodeType:
        text = self.get_data(self.path).decode()
        return compile(changed(text, self.changes, fullname), self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        for name in [name for name in vars(module) if name[:-1] in _KINDS]:
            if module.__name__ == f"{PACKAGE}.memory":
                setattr(module, name, _view(_KINDS[name[:-1]], int(name[-1])))


_KINDS: dict[str, tuple[Any, type]] = {
    "whole": (ctypes.c_int64, np.int64),
    "number": (ctypes.c_double, np.float64),
}


def _view(kind: tuple[Any, type], indices: int) -> Callable[[np.ndarray, int], np.ndarray]:
    """Return what `whole2` and its fellows do, for Python: a view of the memory at an address."""
    words = importlib.import_module(f"{PACKAGE}.memory")._WORDS

    def view(world: np.ndarray, place: int) -> np.ndarray:
        address, *shape = world[place * words : place * words + 1 + indices].tolist()
        size = int(np.prod(shape))
        if not size:
            return np.empty(shape, kind[1])
        return np.frombuffer((kind[0] * size).from_address(address), kind[1]).reshape(shape)

    return view
