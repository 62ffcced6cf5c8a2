"""The way through touchpoints, step by step: what happens there, and where people go next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.estimates import Estimates, ratio_of_sums
from journeysim.measures.portrait.observed_sums import EMOTION_STEP, FURTHEST, STEPS
from journeysim.measures.portrait.portrait import table_of
from journeysim.measures.portrait.portrait_sums import PortraitGathering
from journeysim.tables.columns import JourneyOutcome, words

#: The modal path goes on while at least this share of all journeys takes it.
_SHARE_ON_PATH: Final = 0.005
#: Steps of the modal path at most.
_LONGEST_PATH: Final = 6
BEGIN: Final = "begin"
#: End of a flow that goes on beyond the steps that are told apart.
MORE: Final = "more contacts"

STEPS_MEANINGS: Final = {
    "step": "Number of the contact in its journey, from 1.",
    "touchpoint": "Where the contact happened.",
    "channel": "Channel of the touchpoint.",
    "handler": "Who serves there: human or machine.",
    "control": "Who steers the channel: owned, partner or none.",
    "path_place": "Place on the modal path, from 1; null if it is not on it.",
    "contacts": "Contacts per replication.",
    "contacts_half_width": "Half the width of its interval.",
    "share": "The same as a share of all journeys.",
    "wait": "Mean time in queue, s.",
    "wait_half_width": "Half the width of its interval.",
    "effort": "Mean effort that a contact adds to its journey.",
    "effort_half_width": "Half the width of its interval.",
    "emotion": "Mean valence of the contacts: above 0 is better than nothing happening.",
    "emotion_half_width": "Half the width of its interval.",
    "emotion_p10": "A tenth of the contacts was at most as good, to 0.02.",
    "emotion_p90": "Nine tenths of the contacts were at most as good, to 0.02.",
    "resolved": "Journeys per replication that end here with the need met.",
    "given_up": "Journeys per replication that end here with the need unmet.",
    "lost": "Journeys per replication whose customer leaves for good here.",
    "exhausted": "Journeys per replication that end here at the cap on contacts.",
    "open": "Journeys per replication that are still open here when the world ends.",
    "left": "Share of the contacts after which the customer has left, the need unmet.",
    "left_half_width": "Half the width of its interval.",
    "total": "Contacts in all replications.",
    "replications": "Replications.",
}
FLOWS_MEANINGS: Final = {
    "step": "Number of the contact that people come from, from 1; 0 is the start.",
    "source": "Channel that people come from; `begin` for those who begin.",
    "target": "Channel that they go to next, or how their journey ends.",
    "leads_to": "contact, or end.",
    "journeys": "Journeys per replication.",
    "half_width": "Half the width of its interval.",
    "total": "Journeys in all replications.",
    "replications": "Replications.",
}


def steps_table(gathering: PortraitGathering) -> pa.Table:
    """Return a row per step and touchpoint that occurs."""
    contacts, ends = gathering.of("contacts"), gathering.of("ends")
    level, ones = gathering.level, np.ones_like(contacts)
    means = {
        name: _ratio(gathering.of(name), contacts, level) for name in ("wait", "effort", "emotion")
    }
    volume = _ratio(contacts, ones, level)
    unmet = [int(JourneyOutcome.GIVEN_UP), int(JourneyOutcome.LOST), int(JourneyOutcome.EXHAUSTED)]
    left = _ratio(ends[..., unmet].sum(axis=-1), contacts, level)
    journeys = max(contacts[:, 0].sum() / len(contacts), 1e-300)
    path = modal_path(contacts.sum(axis=0), gathering.of("onward").sum(axis=0))
    rows: list[dict[str, Any]] = []
    for step, code in np.argwhere(contacts.sum(axis=0) > 0):
        here = (step, code)
        name = gathering.rules.channels[code]
        channel = gathering.world.channels[name]
        row: dict[str, Any] = {
            "step": step + 1,
            "touchpoint": channel.touchpoint or name,
            "channel": name,
            "handler": channel.capabilities.handler,
            "control": channel.control,
            "path_place": step + 1 if step < len(path) and path[step] == code else None,
            "contacts": volume.value[here],
            "contacts_half_width": volume.half_width[here],
            "share": volume.value[here] / journeys,
            "left": left.value[here],
            "left_half_width": left.half_width[here],
            "total": int(contacts[(slice(None), *here)].sum()),
            "replications": len(contacts),
        }
        for measure, found in means.items():
            row[measure] = found.value[here]
            row[f"{measure}_half_width"] = found.half_width[here]
        assert gathering.bins is not None
        row |= _band(gathering.bins[here])
        for outcome, word in enumerate(words(JourneyOutcome)):
            row[word] = ends[(slice(None), *here, outcome)].mean()
        rows.append(row)
    return table_of(STEPS_MEANINGS, rows, gathering.metadata)


def modal_path(contacts: Numbers, onward: Numbers) -> list[int]:
    """Return the channels of the modal path.

    It begins where most journeys begin. From there it goes where most of those who go on go, step
    by step, as long as at least 1 of 200 journeys takes that very step.

    Parameters
    ----------
    contacts
        Contacts by step, shape (steps, channels).
    onward
        Journeys that went from channel to channel, shape (steps - 1, channels, channels).
    """
    journeys = contacts[0].sum()
    if not journeys:
        return []
    path = [int(np.argmax(contacts[0]))]
    for step in range(min(_LONGEST_PATH, STEPS) - 1):
        to = onward[step, path[-1]]
        if to.max(initial=0.0) < max(_SHARE_ON_PATH * journeys, 1.0):
            break
        path.append(int(np.argmax(to)))
    return path


def flows_table(gathering: PortraitGathering) -> pa.Table:
    """Return a row per step, channel and next channel or end that occurs."""
    rows = []
    for step, source, target, leads_to, counts in _flows(gathering):
        if not counts.sum():
            continue
        found = ratio_of_sums(counts[:, None], np.ones((len(counts), 1)), level=gathering.level)
        rows.append(
            {
                "step": step,
                "source": source,
                "target": target,
                "leads_to": leads_to,
                "journeys": found.value[0],
                "half_width": found.half_width[0],
                "total": int(counts.sum()),
                "replications": len(counts),
            }
        )
    return table_of(FLOWS_MEANINGS, rows, gathering.metadata)


def _flows(gathering: PortraitGathering) -> Iterator[tuple[int, str, str, str, Numbers]]:
    """Yield every flow with its counts by replication."""
    names = gathering.rules.channels
    contacts, ends, onward = (gathering.of(name) for name in ("contacts", "ends", "onward"))
    more = gathering.of("more")
    outcomes = words(JourneyOutcome)
    for code, name in enumerate(names):
        yield 0, BEGIN, name, "contact", contacts[:, 0, code]
    for step in range(STEPS):
        for code, name in enumerate(names):
            if step < STEPS - 1:
                for to, other in enumerate(names):
                    yield step + 1, name, other, "contact", onward[:, step, code, to]
            else:
                yield step + 1, name, MORE, "end", more[:, code]
            for outcome, word in enumerate(outcomes):
                yield step + 1, name, word, "end", ends[:, step, code, outcome]


def _ratio(numerators: Numbers, denominators: Numbers, level: float) -> Estimates:
    """Return ratios of sums over the first axis, with any further axes."""
    shape = numerators.shape[1:]
    flat = (each.reshape(len(each), -1) for each in (numerators, denominators))
    found = ratio_of_sums(*flat, level=level)
    return Estimates(found.value.reshape(shape), found.half_width.reshape(shape))


def _band(bins: Numbers) -> dict[str, float]:
    up_to = np.cumsum(bins)
    return {
        name: float(np.searchsorted(up_to, share * up_to[-1] - 1e-9) * EMOTION_STEP - FURTHEST)
        for name, share in (("emotion_p10", 0.1), ("emotion_p90", 0.9))
    }
