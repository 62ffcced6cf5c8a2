"""What Python shows of a scenario."""

from __future__ import annotations

from collections.abc import Iterable

from journeysim.displays import Display, names_in_short
from journeysim.scenario.schema.world import World
from journeysim.units import format_duration


def scenario_display(name: str, source: str, world: World) -> Display:
    """Return what is shown of a scenario: its title, and who and what is in it."""
    time = world.time
    days = f"{format_duration(time.horizon)} from {time.starts_on.capitalize()}"
    times = "replication" if world.replications == 1 else "replications"
    kinds = (f"{channel} ({each.kind})" for channel, each in world.channels.items())
    return Display(
        title=f"Scenario {name}" + (f": {world.title}" if world.title else ""),
        sentence=f"{days}, seed {world.seed}, {world.replications} {times}.",
        rows=[
            ("segments", _names(world.segments)),
            ("needs", _names(world.needs)),
            ("channels", _names(kinds)),
            ("pools", _names(world.pools)),
            ("variants", _names(world.variants)),
        ],
        note=f"from {source}" if source != "<python>" else "",
    )


def _names(names: Iterable[str]) -> str:
    return names_in_short(list(names))
