"""The one place that knows numba's options.

No fastmath: it reorders sums, so results would depend on the compiler. `error_model="numpy"`
spares a test for zero before every division; no division by zero is relied upon.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np

from journeysim.machine_code import CHECKS_BOUNDS, code_place
from journeysim.numba_internals import count_no_references, keep_code

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function on its first call and keep the machine code on disk."""
    return _compiled(function)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Do the same, and put its code wherever compiled code calls it.

    A call costs some nanoseconds; for what happens to every customer that adds up. Many callers
    of a long function make much code, and long compiling.
    """
    return _compiled(function, inlined=True)


def borrowing(function: Callable[P, R]) -> Callable[P, R]:
    """Do the same with a function whose arrays all belong to its caller.

    It may slice them, but neither make arrays nor return any: numba refuses to compile it then.
    Otherwise numba counts who holds each array, with an atomic instruction per array and call; for
    a block of journeys, records of some dozens of arrays through some dozens of functions, that
    takes longer than an eighth of the scoring itself.
    """
    made: Any = _compiled(function)
    count_no_references(made)
    return cast("Callable[P, R]", made)


def _compiled(function: Callable[P, R], *, inlined: bool = False) -> Callable[P, R]:
    compiler: Any = numba.njit(
        nogil=True,
        error_model="numpy",
        fastmath=False,
        forceinline=inlined,
        boundscheck=CHECKS_BOUNDS,
    )
    made = compiler(function)
    if place := code_place(function):
        keep_code(made, function, place)
    return cast("Callable[P, R]", made)


def number(value: int) -> int:
    """Return a whole number that compiled functions take like any other.

    Given a constant, numba compiles a function anew for that very number, with all that it calls.
    """
    return cast("int", np.int64(value))


def plain(function: Callable[P, R]) -> Callable[P, R]:
    """Return the Python function behind a compiled one: cheaper to call on Python lists."""
    return cast("Callable[P, R]", getattr(function, "py_func", function))
