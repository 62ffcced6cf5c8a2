"""The tables of a portrait, from sums over the replications of a run."""

from __future__ import annotations

import tomllib

from journeysim.measures.definitions import Definitions
from journeysim.measures.portrait.day_table import day_table, hours_table
from journeysim.measures.portrait.funnel_table import funnel_table
from journeysim.measures.portrait.portrait import Portrait
from journeysim.measures.portrait.portrait_sums import PortraitGathering
from journeysim.measures.portrait.steps_table import flows_table, steps_table
from journeysim.measures.scoring_context import scoring_rules
from journeysim.scenario.schema.world import World
from journeysim.tables.run import Run


def portrait_from(gathering: PortraitGathering) -> Portrait:
    """Return the tables of what was gathered."""
    return Portrait(
        steps=steps_table(gathering),
        flows=flows_table(gathering),
        day=day_table(gathering),
        hours=hours_table(gathering),
        funnel=funnel_table(gathering),
    )


def portrait_of(run: Run, world: World | None = None, *, level: float = 0.95) -> Portrait:
    """Return the portrait of a finished run.

    Parameters
    ----------
    world
        Its scenario; default: as the run says.
    level
        Of the intervals of means.
    """
    if world is None:
        world = World.model_validate(tomllib.loads(run.scenario_toml))
    gathering = PortraitGathering(world, scoring_rules(world, Definitions()), level=level)
    for replication in run:
        gathering.keep(gathering.observe(replication))
    return portrait_from(gathering)
