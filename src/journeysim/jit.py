"""The one place that knows numba's options and where its machine code is kept.

No fastmath: it reorders sums, so results would depend on the compiler. `error_model="numpy"`
spares a test for zero before every division; no division by zero is relied upon.

Machine code is kept on disk between runs. numba looks only at the file of the function itself to
tell whether that code is old, not at the functions it calls, which may be inlined in it. So the
code lives in a folder named after the state of all sources: an edit or an upgrade begins a new one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


#: Where compiled functions, and the constants frozen into them, are written.
_SOURCES = ("jit.py", "units.py", "model/flat.py", "journeys/columns.py", "engine/**/*.py")
#: numba's settings have no types.
_settings: Any = numba.config


def _sources_state() -> str:
    """Return what changes when one of those sources or numba itself does."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    root = Path(__file__).parent
    for path in sorted(path for pattern in _SOURCES for path in root.glob(pattern)):
        stat = path.stat()
        digest.update(f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def code_folder() -> Path:
    """Return where machine code is kept: in the user's cache, by the state of the sources."""
    base = os.environ.get("JOURNEYSIM_CACHE") or os.environ.get("XDG_CACHE_HOME")
    folder = Path(base) if base else Path.home() / ".cache"
    return folder / "journeysim" / f"code-{_STATE}"


_STATE = _sources_state()
_FOLDER = str(code_folder())


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function on its first call and keep the machine code on disk."""
    before = _settings.CACHE_DIR
    # Read by numba while it decorates; where the folder cannot be written it chooses another.
    _settings.CACHE_DIR = _FOLDER
    try:
        decorate = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=False)
        return cast("Callable[P, R]", decorate(function))
    finally:
        _settings.CACHE_DIR = before


def plain(function: Callable[P, R]) -> Callable[P, R]:
    """Return the Python function behind a compiled one: cheaper to call on Python lists."""
    return cast("Callable[P, R]", getattr(function, "py_func", function))
