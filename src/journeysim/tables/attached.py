"""What layers above do with a run, a comparison or a measure, reached as its own attribute.

Tables know nothing of charts, and yet there is `run.plot`. A package that knows every layer of its
own says here what such an attribute is; so no module imports from a row above its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

_MAKERS: Final[dict[str, Callable[[Any], Any]]] = {}


def attach(name: str, maker: Callable[[Any], Any]) -> None:
    """Say what an attribute is: called with what it is asked of."""
    _MAKERS[name] = maker


def attached(name: str, of: object) -> Any:
    """Return an attribute of a run, a comparison or a measure."""
    return _MAKERS[name](of)
