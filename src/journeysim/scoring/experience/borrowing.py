"""Compiling of functions that only look at arrays and write into them, and make none.

Otherwise numba counts who holds each array, with an atomic instruction per array and call: for a
block of journeys, records of some dozens of arrays through some dozens of functions, that takes
longer than an eighth of the scoring itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from journeysim.jit import compiled

P = ParamSpec("P")
R = TypeVar("R")


def borrowing(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function whose arrays all belong to its caller.

    It may slice them, but neither make arrays nor return any; numba refuses to compile it then.
    """
    made: Any = compiled(function)
    made.targetoptions["_nrt"] = False
    found: Callable[P, R] = made
    return found
