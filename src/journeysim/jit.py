"""The one place that knows numba's options.

No fastmath: it reorders sums, so results would depend on the compiler. `error_model="numpy"`
spares a test for zero before every division; no division by zero is relied upon.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function on its first call and keep the machine code on disk."""
    return cast(
        "Callable[P, R]",
        numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=False)(function),
    )


def plain(function: Callable[P, R]) -> Callable[P, R]:
    """Return the Python function behind a compiled one: cheaper to call on Python lists."""
    return cast("Callable[P, R]", getattr(function, "py_func", function))
