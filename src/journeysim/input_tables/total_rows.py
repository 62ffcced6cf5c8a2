"""Rows at the end of a table that add up the others, and are no data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

_TOTAL: Final = re.compile(
    r"(grand |sub|over ?all )?(totals?|sums?|summe|gesamt(summe)?|insgesamt|totale|totaal|average|"
    r"mean|mittelwert|durchschnitt|moyenne|promedio)( of .*)?[:.]?",
    re.IGNORECASE,
)


def is_total(cells: Sequence[Any]) -> bool:
    """Return whether a row says of itself that it is a total: its first word does."""
    first = next((cell for cell in cells if cell is not None and str(cell).strip()), None)
    return isinstance(first, str) and _TOTAL.fullmatch(first.strip()) is not None
