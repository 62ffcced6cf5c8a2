"""The `[scoring]` part of a scenario: weights that differ from the defaults.

Its keys are those of `scoring_defaults.toml`, so that a weight is written once, with its evidence.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, create_model

from journeysim.scenario.schema.fields import Duration, NotNegative, Part, Share
from journeysim.units import MINUTE

Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]
#: Beyond these a formula has no meaning.
_BOUNDS: dict[str, dict[str, Any]] = {
    "wait.k": {"gt": 0.0},
    "wait.beta": {"gt": 0.0, "le": 4.0},
    "wait.early_cap": {"ge": 0.0, "le": 1.0},
    "valence.curvature": {"gt": 0.0, "le": 4.0},
    "valence.adaptation": {"ge": 0.0, "le": 1.0},
    "effort.scale": {"gt": 0.0},
    "recommend.spread": {"gt": 0.0},
    "churn.base": {"gt": 0.0, "lt": 1.0},
    "value.retention": {"ge": 0.0, "le": 1.0},
    "value.discount": {"gt": 0.0},
}


@cache
def scoring_defaults() -> dict[str, dict[str, dict[str, Any]]]:
    """Return every weight by section and name, with value, range, grade, source and meaning."""
    text = (
        files("journeysim.scenario.schema")
        .joinpath("scoring_defaults.toml")
        .read_text(encoding="utf-8")
    )
    return tomllib.loads(text)


class ScoredChannel(Part):
    """What differs for one channel when journeys are scored."""

    accept: Duration | None = Field(
        default=None, gt=0, description="Perceived wait that is acceptable here."
    )
    warmth: Share | None = Field(default=None, description="Warmth of a contact; 0.5 is neutral.")
    cost_per_contact: NotNegative | None = Field(
        default=None, description="Cost of a contact, beside that of agents' time."
    )
    humanised: bool = Field(
        default=False, strict=True, description="A bot that poses as a person: anger counts more."
    )


def _field(path: str, weight: dict[str, Any]) -> tuple[Any, Any]:
    low, high = weight["range"]
    meaning = f"{weight['meaning']} Range {low:g} to {high:g}, grade {weight['grade']}."
    if weight.get("unit") == "min":
        return Duration, Field(default=round(weight["value"] * MINUTE), gt=0, description=meaning)
    return Number, Field(default=weight["value"], description=meaning, **_BOUNDS.get(path, {}))


def _section(name: str, weights: dict[str, dict[str, Any]]) -> Any:
    fields: dict[str, Any] = {
        key: _field(f"{name}.{key}", weight) for key, weight in weights.items()
    }
    made = create_model(
        f"Scoring{name.title()}",
        __base__=Part,
        __module__=__name__,
        __doc__=f"Weights of {name}; whatever is left out keeps its default.",
        **fields,
    )
    return made, Field(default_factory=made)


def _scoring() -> Any:
    sections = {name: _section(name, weights) for name, weights in scoring_defaults().items()}
    channels: Any = (dict[str, ScoredChannel], Field(default_factory=dict))
    value_is = (
        Literal["margin", "worth"],
        Field(
            default="margin",
            description="What a customer's value is: a margin per year, or a worth for life.",
        ),
    )
    fields: dict[str, Any] = {"value_is": value_is, **sections, "channels": channels}
    return create_model(
        "Scoring",
        __base__=Part,
        __module__=__name__,
        __doc__="Weights that score journeys; they never change what happens in them.",
        **fields,
    )


if TYPE_CHECKING:

    class Scoring(Part):
        """Weights that score journeys; its sections are those of `scoring_defaults.toml`."""

        value_is: Literal["margin", "worth"] = "margin"
        channels: dict[str, ScoredChannel] = Field(default_factory=dict)

else:
    Scoring = _scoring()
