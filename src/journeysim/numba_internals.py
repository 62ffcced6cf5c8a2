"""What numba does not promise to keep, hence its upper bound in pyproject.

No file but this and `engine.records_in_numba` uses it.

Three things: where machine code is kept on disk and by what it is recognised, functions that count
no references, and asking memory for what will soon be read. `tests/unit/test_numba_internals.py`
fails when numba changes any of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, cast

from numba import types
from numba.core import caching, cgutils
from numba.extending import intrinsic

# None of them has types.
_FunctionCache: Any = caching.FunctionCache
_CacheOfResults: Any = caching.CompileResultCacheImpl
_ir: Any = import_module("llvmlite.ir")
_tools: Any = cgutils


class CodePlace(NamedTuple):
    """Where the machine code of a function is kept, and what tells whether it is still right."""

    folder: Path
    #: Changes with the source of the function.
    stamp: str
    #: Tells functions of one name in one file apart.
    line: int


class _Locator:
    """A place, in the form in which numba asks for it."""

    def __init__(self, place: CodePlace) -> None:
        self._place = place

    def ensure_cache_path(self) -> None:
        self._place.folder.mkdir(parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        return str(self._place.folder)

    def get_source_stamp(self) -> str:
        return self._place.stamp

    def get_disambiguator(self) -> str:
        return str(self._place.line)


class _KeptCode(_FunctionCache):  # type: ignore[misc]
    """The machine code of a function on disk, which may be damaged, or the disk full."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the code for a signature; None if there is none, or none that can be read."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:
            # An empty index in its place lets the function be compiled and kept anew.
            with contextlib.suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for a signature, if possible."""
        with contextlib.suppress(OSError):
            super().save_overload(sig, data)


def keep_code(compiled: Any, function: Callable[..., Any], place: CodePlace) -> None:
    """Let numba keep the machine code of a function in a place, and look for it there."""

    class Finder:
        @staticmethod
        def from_function(_function: Callable[..., Any], _path: str) -> _Locator:
            return _Locator(place)

    class Results(_CacheOfResults):  # type: ignore[misc]
        _locator_classes = (Finder,)

    class Code(_KeptCode):
        _impl_class = Results

    compiled._cache = cast("Callable[[Any], Any]", Code)(function)


def count_no_references(compiled: Any) -> None:
    """Have a function compiled without counting who holds its arrays.

    numba refuses to compile it then if it makes arrays or returns any.
    """
    compiled.targetoptions["_nrt"] = False


def _prefetch(_: Any, column: Any, row: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.bitcast(builder.gep(array.data, [arguments[1]]), _tools.voidptr_t)
        kind = _ir.FunctionType(_ir.VoidType(), [_tools.voidptr_t, *[_ir.IntType(32)] * 3])
        prefetch = _tools.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        to_read, nearness, of_data = (_ir.Constant(_ir.IntType(32), each) for each in (0, 2, 1))
        builder.call(prefetch, [place, to_read, nearness, of_data])
        return context.get_dummy_value()

    return types.void(column, types.int64), code


#: Ask memory for one element of an array, which may lie behind the last: nothing is read.
prefetch_element: Any = intrinsic(_prefetch)
