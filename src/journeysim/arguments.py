"""Arguments as people give them, checked before anything is done with them.

Each function returns the argument in the one form that the program works with, or raises an
`ArgumentError` that names the argument, what was given, and what would do.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from journeysim.errors import ArgumentError, MeasureError, did_you_mean

Word = TypeVar("Word", bound=str)
#: Seeds are whole numbers below it.
SEEDS: Final = 2**63
MOST_REPLICATIONS: Final = 1_000_000
#: What to do with a place that is not on this machine, in order to read it.
COPY_FIRST: Final = "copy it to a folder of this machine first"
# One letter before the colon is a drive of Windows.
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def one_of(name: str, given: Any, known: Collection[Word]) -> Word:
    """Return a word that is one of those known."""
    if not isinstance(given, str) or given not in known:
        remedy = did_you_mean(given, known) if isinstance(given, str) else known_words(known)
        raise ArgumentError(f"{name}: no {given!r}{remedy}")
    return cast("Word", given)


def known_words(known: Iterable[str]) -> str:
    """Return the words that may be given, as the end of a message."""
    return f"; known: {', '.join(known)}"


def whole_number(name: str, given: Any, *, least: int, most: int | None = None) -> int:
    """Return a whole number, of Python or of NumPy; a flag is none."""
    wanted = f"a whole number of at least {least}" if most is None else _from_to(least, most)
    if type(given).__name__ in ("bool", "bool_"):
        raise ArgumentError(f"{name} must be {wanted}, got {given!r}")
    try:
        number = operator.index(given)
    except TypeError:
        raise ArgumentError(f"{name} must be {wanted}, got {shown(given)}") from None
    if number < least or (most is not None and number > most):
        raise ArgumentError(f"{name} must be {wanted}, got {number}")
    return number


def optional_number(name: str, given: Any, *, least: int, most: int | None = None) -> int | None:
    """Return a whole number, or None for None."""
    return None if given is None else whole_number(name, given, least=least, most=most)


def replication_numbers(given: Any, default: int) -> Sequence[int]:
    """Return the numbers of the replications to make, rising.

    Parameters
    ----------
    given
        How many, from number 0 on; or their numbers; or None.
    default
        How many for None.
    """
    if given is None:
        return range(default)
    if isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping):
        numbers = [
            whole_number("a number of replications", each, least=0, most=2**31 - 1)
            for each in given
        ]
        if not numbers:
            raise ArgumentError("replications names none; say how many, or their numbers")
        twice = [number for number in sorted(set(numbers)) if numbers.count(number) > 1]
        if twice:
            raise ArgumentError(f"replications names {twice[0]} twice; each is made once")
        return sorted(numbers)
    return range(whole_number("replications", given, least=1, most=MOST_REPLICATIONS))


def checked_seed(given: Any) -> int | None:
    """Return a seed, or None for None."""
    return optional_number("seed", given, least=0, most=SEEDS - 1)


def checked_jobs(given: Any) -> int | None:
    """Return how many things to do at once, or None for None."""
    return optional_number("jobs", given, least=1)


def checked_level(given: Any) -> float:
    """Return the level of intervals, between 0 and 1."""
    wanted = "level must be between 0 and 1, such as 0.95"
    if isinstance(given, str | bool):
        raise ArgumentError(f"{wanted}, got {given!r}")
    try:
        number = float(given)
    except (TypeError, ValueError):
        raise ArgumentError(f"{wanted}, got {shown(given)}") from None
    if not 0.0 < number < 1.0:
        raise MeasureError(f"{wanted}, got {number:g}")
    return number


def one_or_several_words(name: str, given: Any) -> tuple[str, ...]:
    """Return one or several words; a text is one word."""
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable) or isinstance(given, Mapping | bytes):
        raise ArgumentError(f"{name} must be a name or a sequence of names, got {shown(given)}")
    found = tuple(given)
    for each in found:
        if not isinstance(each, str):
            raise ArgumentError(f"{name} must hold names, and holds {shown(each)}")
    return found


def one_or_several(given: Any) -> Any:
    """Return one or several names or measures as a sequence; None for None, which means all."""
    if given is None:
        return None
    if isinstance(given, str) or not isinstance(given, Iterable):
        return (given,)
    return tuple(given)


def checked_function(name: str, given: Any) -> Callable[..., Any] | None:
    """Return a function, or None for None."""
    if given is not None and not callable(given):
        raise ArgumentError(f"{name} must be a function, got {shown(given)}")
    return cast("Callable[..., Any] | None", given)


def local_path(name: str, given: Any, *, instead: str = "") -> Path:
    """Return a path on this machine; a URI is refused.

    Parameters
    ----------
    instead
        What else would do for a URI, as a sentence part.
    """
    if not isinstance(given, str | Path):
        raise ArgumentError(f"{name} must be a path, got {shown(given)}")
    if not str(given).strip():
        raise ArgumentError(f"{name} is empty; name a path")
    if _URI.match(str(given)):
        remedy = instead or "name a path of this machine, and copy from there"
        raise ArgumentError(f"{name}: {_uri(str(given))} is not on this machine; {remedy}")
    return Path(given)


def _uri(text: str) -> str:
    """Return a URI without user, password and options, with both of its slashes."""
    scheme, _, rest = text.partition(":/")
    host, slash, path = rest.lstrip("/").partition("?")[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def shown(given: Any) -> str:
    """Return what was given, as it stands in a message: short, and with its type."""
    text = repr(given)
    short = text if len(text) <= 40 and "\n" not in text else ""
    kind = type(given).__name__
    return f"{short} ({kind})" if short else f"a {kind}"


def _from_to(least: int, most: int) -> str:
    return f"a whole number from {least} to {'2**63 - 1' if most == SEEDS - 1 else most}"
