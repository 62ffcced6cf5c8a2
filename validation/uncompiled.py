"""The compiled engine as plain Python: its functions as they are read, without machine code.

Slower by a factor of 20, but there at once, where compiling takes most of a minute. So a fault can
be planted in its text and looked for in hundreds of worlds within seconds.
"""

from __future__ import annotations

import ctypes
import importlib
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from journeysim import jit

PACKAGE = "journeysim.engine.compiled"


def engine_of(texts: Mapping[str, str]) -> Any:
    """Return `engine.compiled.single_queue.engine` as plain Python; it knows both engines.

    Parameters
    ----------
    texts
        What is read in place of a file, by its path.
    """
    (compiled, inlined), finder = (jit.compiled, jit.inlined), _Finder(texts)
    _forget()
    jit.compiled = jit.inlined = lambda function: function
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(f"{PACKAGE}.single_queue.engine")
    finally:
        jit.compiled, jit.inlined = compiled, inlined
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
        if module.__name__ == f"{PACKAGE}.layout":
            # What numba makes of an address, as Python can have it.
            vars(module).update(
                _as_whole=lambda address: (int(address), ctypes.c_int64, np.int64),
                _as_number=lambda address: (int(address), ctypes.c_double, np.float64),
                _word=lambda world, word: ctypes.c_int64.from_address(int(world) + 8 * word).value,
                carray=_view,
            )
        if module.__name__ == f"{PACKAGE}.output_buffers":
            kinds = ctypes.c_int8, ctypes.c_int16, ctypes.c_int32, ctypes.c_int64
            vars(module).update({f"put{ctypes.sizeof(kind)}": _writer(kind) for kind in kinds})


def _writer(kind: Any) -> Callable[[int, int, int], None]:
    """Return what writes a whole number of this type at a row of a column."""

    def put(address: int, row: int, value: int) -> None:
        kind.from_address(int(address) + int(row) * ctypes.sizeof(kind)).value = int(value)

    return put


def _view(pointer: tuple[int, Any, type], shape: tuple[int, ...]) -> np.ndarray:
    """Return the memory at an address as an array."""
    address, word, kind = pointer
    size = math.prod(int(length) for length in shape)
    if not size:
        return np.empty(shape, kind)
    return np.frombuffer((word * size).from_address(address), kind).reshape(shape)
