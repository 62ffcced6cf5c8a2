"""What a kernel of journeys gets: offsets, and the flat columns of contacts and of journeys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journeysim.errors import MeasureError, did_you_mean
from journeysim.scenario.channel_kinds import kind_by_name

Array = NDArray[Any]
Offsets = NDArray[np.int64]
#: How a column of the journeys is named among those of contacts.
OF_JOURNEY = "journey."
#: Columns that others make, and which: any one of the sets is enough.
_DERIVED = {
    "handling": ({"talk", "wrap_up"},),
    "by_human": ({"handler"}, {"channel"}),
}


@dataclass(frozen=True, slots=True)
class JourneyColumns:
    """Journeys and their contacts as arrays, views of Arrow memory wherever nothing is missing.

    Times are ticks (int64), categories unsigned codes, flags bool, numbers float64. What is missing
    is -1 as a time or whole number, NaN as a number, False as a flag, and as a category the code
    after the last word.

    Attributes
    ----------
    offsets
        Rows of a journey: those of journey j are ``offsets[j]:offsets[j + 1]``; int64, shape
        (journeys + 1,). The first need not be 0.
    contacts
        Columns of contacts by name, which `offsets` index.
    journeys
        Columns of journeys by name, shape (journeys,).
    words
        Words of the category columns, by name; those of journeys begin with ``journey.``.
    """

    offsets: Offsets
    contacts: Mapping[str, Array]
    journeys: Mapping[str, Array] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def contact_count(self) -> int:
        """Contacts of all journeys together."""
        return int(self.offsets[-1] - self.offsets[0])

    @property
    def names(self) -> list[str]:
        """Names of all columns, those of journeys as ``journey.value``."""
        derived = [name for name in _DERIVED if name not in self.contacts and self.has(name)]
        return [*self.contacts, *derived, *(OF_JOURNEY + name for name in self.journeys)]

    def has(self, name: str) -> bool:
        """Return whether there is a column: ``wait``, ``journey.value``."""
        if name.startswith(OF_JOURNEY):
            return name.removeprefix(OF_JOURNEY) in self.journeys
        sources = _DERIVED.get(name, ())
        return name in self.contacts or any(each <= set(self.contacts) for each in sources)

    def __getitem__(self, name: str) -> Array:
        """Return a column: ``wait`` of the contacts, ``journey.value`` of the journeys.

        `handling`, where there is none, is talk and wrap-up together, 0 where they are missing;
        `by_human` tells where a human serves, by `handler` or else by the name of the channel.

        Raises
        ------
        MeasureError
            If there is no such column.
        """
        if not self.has(name):
            remedy = did_you_mean(name, self.names)
            raise MeasureError(f"these journeys have no column {name!r}{remedy}")
        if name.startswith(OF_JOURNEY):
            return self.journeys[name.removeprefix(OF_JOURNEY)]
        if name in self.contacts:
            return self.contacts[name]
        return self._handling() if name == "handling" else self._by_human()

    def slice(self, first: int, last: int) -> JourneyColumns:
        """Return the journeys from `first` to before `last`; nothing is copied."""
        return JourneyColumns(
            self.offsets[first : last + 1],
            self.contacts,
            {name: column[first:last] for name, column in self.journeys.items()},
            self.words,
        )

    def _handling(self) -> Array:
        talk, wrap_up = self.contacts["talk"], self.contacts["wrap_up"]
        return np.asarray(np.maximum(talk, 0) + np.maximum(wrap_up, 0))

    def _by_human(self) -> Array:
        if "handler" in self.contacts:
            codes, names = self.contacts["handler"], self.words["handler"]
            is_human = [name == "human" for name in names]
        else:
            codes, names = self.contacts["channel"], self.words["channel"]
            is_human = [kind_by_name(name).by_agents for name in names]
        return np.array([*is_human, False])[codes]
