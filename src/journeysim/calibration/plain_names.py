"""Words of a log as names in a scenario: different words stay different."""

from __future__ import annotations

import re
from collections.abc import Iterable


def plain_names(words: Iterable[str]) -> list[str]:
    """Return a name of small letters, digits and underscores for each word.

    Other scripts are transliterated. Of words that come out alike, the second and later ones are
    numbered, in their order: `A&B` and `A-B` are ``a_b`` and ``a_b_2``.
    """
    from anyascii import anyascii

    names: list[str] = []
    taken: set[str] = set()
    for word in words:
        plain = re.sub(r"[^a-z0-9]+", "_", anyascii(word).lower()).strip("_") or "unnamed"
        name, number = plain, 1
        while name in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name)
        names.append(name)
    return names
