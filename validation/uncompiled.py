"""The compiled engine as plain Python: its functions as they are read, without machine code.

Slower by a factor of 20, but there at once, where compiling takes most of a minute. So a fault can
be planted in its text and looked for in hundreds of worlds within seconds.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

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
