"""What every rival needs of the weights: small tables by code, and a few numbers.

Written from the formulas once more, not taken from the kernels, so that both cannot be wrong in the
same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journeysim.measures.experience import Weights
from journeysim.scenario.channel_kinds import kind_by_name
from journeysim.tables.columns import ContactOutcome

FAILED: Final = (
    ContactOutcome.ABANDONED,
    ContactOutcome.BALKED,
    ContactOutcome.BLOCKED,
    ContactOutcome.CLOSED,
    ContactOutcome.STUCK,
)
UNMET: Final = (ContactOutcome.SERVED_UNRESOLVED, ContactOutcome.CONTAINED)
SERVED: Final = (*UNMET, ContactOutcome.SERVED_RESOLVED, ContactOutcome.TRANSFERRED)

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Formulas:
    """The default weights as the backends use them.

    Attributes
    ----------
    accept
        Acceptable perceived wait by channel, minutes.
    cost
        Of a contact, by channel.
    warmth
        What warmth adds to the valence of a served contact, by channel.
    agent
        Whether an agent serves, by channel.
    in_line
        Whether people wait in line, by channel: they do not while a mail lies there.
    worth
        What an outcome that did not meet the need is worth, by outcome.
    served
        Whether there was service, by outcome.
    met
        What an outcome is worth that did meet the need.
    """

    weights: Weights
    accept: Numbers
    cost: Numbers
    warmth: Numbers
    agent: NDArray[np.bool_]
    in_line: NDArray[np.bool_]
    worth: Numbers
    served: NDArray[np.bool_]
    met: float

    def __getitem__(self, path: str) -> float:
        return self.weights[path]

    @property
    def kept(self) -> float:
        """Share of an expectation that is left after another outcome."""
        return 1.0 - self["valence.adaptation"]

    @property
    def churn_start(self) -> float:
        """Logit of churn after a neutral journey."""
        base = self["churn.base"]
        return float(np.log(base / (1.0 - base)))

    @property
    def lifetime(self) -> float:
        """Years of margin that a customer is worth: r / (1 + d - r)."""
        retention = self["value.retention"]
        return retention / (1.0 + self["value.discount"] - retention)


def formulas(channels: tuple[str, ...]) -> Formulas:
    """Return the default weights for these channels."""
    weights = Weights.default()
    kinds = [kind_by_name(name) for name in channels]
    agent = np.array([kind.by_agents for kind in kinds])
    warm = np.where(agent, weights["warmth.human"], weights["warmth.machine"])
    accept = [
        weights["wait.accept_deferred"]
        if kind.answered_later
        else weights["wait.accept_chat" if name.lower() == "chat" else "wait.accept"]
        for name, kind in zip(channels, kinds, strict=True)
    ]
    outcomes = list(ContactOutcome)
    worth = [
        weights["outcome.failed"]
        if outcome in FAILED
        else weights["outcome.unmet" if outcome in UNMET else "outcome.open"]
        for outcome in outcomes
    ]
    return Formulas(
        weights=weights,
        accept=np.array(accept),
        cost=np.where(agent, weights["cost.live"], weights["cost.self_service"]),
        warmth=(warm - 0.5) * weights["valence.warmth"] * weights["valence.stakes"],
        agent=agent,
        in_line=np.array([not kind.answered_later for kind in kinds]),
        worth=np.array(worth),
        served=np.array([outcome in SERVED for outcome in outcomes]),
        met=weights["outcome.met"],
    )
