"""Legal but suspicious: each warning names its remedy."""

from __future__ import annotations

from journeysim.errors import Problem
from journeysim.model.world import World


def suspicions(world: World) -> list[Problem]:
    """Return what a sceptical colleague would ask about."""
    return []
