"""What layers above do with a run or a comparison, reached as its own attribute: `run.plot`.

Tables know nothing of charts. The package itself, which knows every layer, says here what such an
attribute is; so no module imports from a row above its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

_MAKERS: Final[dict[str, Callable[[Any], Any]]] = {}


def attach(name: str, maker: Callable[[Any], Any]) -> None:
    """Say what an attribute is: called with the run or the comparison."""
    _MAKERS[name] = maker


def attached(name: str, of: object) -> Any:
    """Return an attribute of a run or a comparison."""
    return _MAKERS[name](of)
