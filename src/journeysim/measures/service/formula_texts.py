"""The definition of a measure as the result prints it, with the thresholds that were used."""

from __future__ import annotations

from journeysim.measures.definitions import ChannelDefinitions, spoken
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Layout
from journeysim.measures.service.measure import Formula

_OF_CHANNEL = ("{threshold}", "{short_abandon}", "{target}")


def formula_texts(formula: Formula, layout: Layout, rules: Rules) -> list[str]:
    """Return the formula of each group, with its channel's thresholds filled in."""
    text = formula if isinstance(formula, str) else formula(rules)
    text = text.replace("{window}", spoken(rules.window))
    if not any(placeholder in text for placeholder in _OF_CHANNEL):
        return [text] * layout.groups
    if "channel" not in layout.dimensions:
        return [_filled_together(text, rules)] * layout.groups
    texts = [_filled(text, _words(definitions)) for definitions in rules.definitions]
    return [texts[code] for code in layout.members("channel")]


def _words(definitions: ChannelDefinitions) -> dict[str, str]:
    return {
        "{threshold}": spoken(definitions.threshold),
        "{short_abandon}": spoken(definitions.short_abandon),
        "{target}": f"{100 * definitions.target:g} %",
    }


def _filled(text: str, words: dict[str, str]) -> str:
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text


def _filled_together(text: str, rules: Rules) -> str:
    """Fill in what holds for all channels of agents; where they differ, name each one's."""
    by_channel = {
        name: _words(definitions)
        for name, definitions, served in zip(
            rules.channels, rules.definitions, rules.by_agents, strict=True
        )
        if served or not rules.by_agents.any()
    }
    words = {}
    for placeholder in _OF_CHANNEL:
        found = {name: said[placeholder] for name, said in by_channel.items()}
        if len(set(found.values())) == 1:
            words[placeholder] = next(iter(found.values()))
        else:
            each = ", ".join(f"{name} {word}" for name, word in found.items())
            words[placeholder] = f"that of its channel ({each})"
    return _filled(text, words)
