"""How well the inputs are known, and what that makes of an answer.

Chance in the simulation and ignorance of its inputs are two kinds of uncertainty: more
replications cure the one, only more data cures the other. So they are kept apart.
"""

from journeysim.uncertainty.declared_ranges import Declared, declared_uncertainty
from journeysim.uncertainty.input_draws import drawn_scenario, drawn_values
from journeysim.uncertainty.variance_components import TwoKinds, two_kinds

__all__ = [
    "Declared",
    "TwoKinds",
    "declared_uncertainty",
    "drawn_scenario",
    "drawn_values",
    "two_kinds",
]
