"""Draws at fixed addresses: `python -m tests.engines.golden` prints them as they are now."""

from __future__ import annotations

import json

from journeysim.engine.random import draws
from tests.engines.laws import ALL_LAWS, flat_law

ADDRESSES = [
    (1, 0, 0, 0, draws.TALK),
    (1, 0, 1, 0, draws.TALK),
    (2**63 - 1, 2**32 - 1, 2**62 - 1, 2**14 - 1, draws.EXTENSION),
    (1999, 7, 123_456_789_012_345, 3, draws.PATIENCE),
]


def golden_draws() -> dict[str, list[int]]:
    """Return a draw of every law at every address, and the bits of its uniform numbers."""
    found = {
        "uniform number": [int(draws.uniform(*address, 5) * 2**53) for address in ADDRESSES],
    }
    for name, law in ALL_LAWS.items():
        arrays, code = flat_law(law)
        found[name] = [int(draws.draw(arrays, code, *address)) for address in ADDRESSES]
    return found


if __name__ == "__main__":
    print(json.dumps(golden_draws()))  # noqa: T201
