"""The funnel of contacts in each channel: who came, got in, was served, had the need met."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.estimates import ratio_of_sums
from journeysim.measures.portrait.portrait import table_of
from journeysim.measures.portrait.portrait_sums import PortraitGathering
from journeysim.tables.columns import ContactOutcome

FUNNEL_MEANINGS: Final = {
    "channel": "Name of the channel.",
    "row": "stage, or exit: a way out on the way to the next stage.",
    "stage": "Number of the stage, from 1; of an exit, that of the stage it leaves from.",
    "name": "What the stage is, or why people leave.",
    "contacts": "Contacts per replication.",
    "half_width": "Half the width of its interval.",
    "share": "Share of the contacts that came to the channel.",
    "total": "Contacts in all replications.",
    "replications": "Replications.",
}
_O = ContactOutcome
STAGES: Final = ("came", "got in", "was served", "need met")
#: Ways out by the stage they leave from: outcomes of contacts that did not meet the need.
EXITS: Final[tuple[dict[str, tuple[ContactOutcome, ...]], ...]] = (
    {"closed": (_O.CLOSED,), "no line free": (_O.BLOCKED,), "balked": (_O.BALKED,)},
    {"abandoned": (_O.ABANDONED,), "superseded": (_O.SUPERSEDED,), "still waiting": (_O.WAITING,)},
    {
        "need not met": (_O.SERVED_UNRESOLVED, _O.SERVED_RESOLVED, _O.CONTAINED),
        "got stuck": (_O.STUCK,),
        "transferred": (_O.TRANSFERRED,),
        "still in service": (_O.IN_SERVICE,),
    },
)


def funnel_table(gathering: PortraitGathering) -> pa.Table:
    """Return stages and ways out of every channel to which anybody came."""
    outcomes = gathering.of("outcomes")
    rows: list[dict[str, Any]] = []
    for code, channel in enumerate(gathering.rules.channels):
        mine = outcomes[:, code]
        came = mine.sum(axis=(1, 2))
        if not came.sum():
            continue
        inside = came
        for stage, name in enumerate(STAGES):
            rows.append(_row(gathering, (channel, "stage", stage, name), inside, came))
            if stage == len(EXITS):
                break
            for word, ways in EXITS[stage].items():
                # Whoever met the need is not on the way out, however the contact ended.
                gone = mine[:, [int(way) for way in ways], 0].sum(axis=1)
                inside = inside - gone
                if gone.sum():
                    rows.append(_row(gathering, (channel, "exit", stage, word), gone, came))
    return table_of(FUNNEL_MEANINGS, rows, gathering.metadata)


def _row(
    gathering: PortraitGathering, what: tuple[str, str, int, str], counts: Numbers, came: Numbers
) -> dict[str, Any]:
    channel, row, stage, name = what
    found = ratio_of_sums(counts[:, None], np.ones((len(counts), 1)), level=gathering.level)
    return {
        "channel": channel,
        "row": row,
        "stage": stage + 1,
        "name": name,
        "contacts": found.value[0],
        "half_width": found.half_width[0],
        "share": counts.sum() / came.sum(),
        "total": int(counts.sum()),
        "replications": len(counts),
    }
