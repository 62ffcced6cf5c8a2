"""What the words of a log's outcome column mean: whole words and phrases, never parts of words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from journeysim.tables.columns import ContactOutcome, words

Meaning = Literal["served", "abandoned", "left_out"]

_SERVED: Final = (
    "served|served resolved|served unresolved|answered|answer|agent|agent handled|handled|"
    "handled by agent|connected|"
    "connect|complete|completed|complete agent|complete caller|completeagent|completecaller|ok|"
    "done|contained|transferred|transfer|transferred out|success|successful|normal|"
    "normal clearing|caller disconnect|agent disconnect|contact answered|answered by agent|"
    "solved|handled contact|acd answered|beantwortet|angenommen|bedient"
)
_ABANDONED: Final = (
    "abandoned|abandon|aband|abd|abn|abandoned in queue|abandoned call|abandoned while waiting|"
    "abandoned by caller|abandoned before answer|abandoned after threshold|caller abandoned|"
    "abandoned before threshold|short abandon|hang|hang up|hangup|hung|hung up|caller hung up|"
    "customer hung up|hang up in queue|hung up in queue|lost|lost call|gave up|given up|reneged|"
    "not answered|unanswered|no answer|"
    "noanswer|missed|missed call|not connected|queue abandon|aufgelegt|nicht angenommen|"
    "verloren|unbeantwortet"
)
_LEFT_OUT: Final = (
    "phantom|test|test call|vru|ivr|left in ivr|left in the ivr|ivr abandon|abandoned in ivr|"
    "abandoned in the ivr|left in vru|closed|blocked|balked|superseded|waiting|in service|stuck|"
    "busy|failed|congestion|out of hours|after hours|overflow|exit with timeout|exitwithtimeout|"
    "exit with key|exitwithkey|exit empty|exitempty|voicemail|blocked number|left out"
)
_PHRASES: Final[dict[str, Meaning]] = {
    **dict.fromkeys(_SERVED.split("|"), "served"),
    **dict.fromkeys(_ABANDONED.split("|"), "abandoned"),
    **dict.fromkeys(_LEFT_OUT.split("|"), "left_out"),
}
#: Words that add where or when, and change no meaning.
_NEUTRAL: Final = frozenset(
    [
        "in",
        "the",
        "queue",
        "call",
        "calls",
        "caller",
        "by",
        "customer",
        "contact",
        "while",
        "waiting",
        "before",
        "after",
        "threshold",
        "short",
        "answer",
        "acd",
        "line",
        "phone",
        "chat",
        "agent",
        "at",
        "during",
        "on",
        "hold",
    ]
)
#: One of these, with neutral words alone beside it, says it all; the first that applies counts.
_TELLING: Final[tuple[tuple[Meaning, frozenset[str]], ...]] = (
    ("left_out", frozenset(("ivr", "vru", "menu", "phantom", "test"))),
    ("abandoned", frozenset(("abandoned", "abandon", "aband", "hangup"))),
    ("served", frozenset(("answered", "served", "handled", "connected"))),
)
_LEAVING: Final = frozenset(("left", "abandoned", "abandon", "ended"))
_YES: Final = ("true", "yes", "y", "1", "ja", "x")
_NO: Final = ("false", "no", "n", "0", "nein")
#: Headings of columns that hold yes or no.
_YES_MEANS: Final[dict[str, tuple[Meaning, Meaning]]] = {
    **dict.fromkeys(("abandoned", "isabandoned", "abandon", "aband"), ("abandoned", "served")),
    **dict.fromkeys(
        ("answered", "isanswered", "served", "handled", "connected"), ("served", "abandoned")
    ),
}


def outcome_of(word: str, mapped: Mapping[str, str], column: str = "") -> str | None:
    """Return what a word of the outcome column means; None if nobody knows.

    Parameters
    ----------
    mapped
        Words that the user's map gives a meaning.
    column
        The heading, without blanks and signs, which says what yes and no mean.
    """
    if word in mapped:
        return mapped[word]
    phrase = " ".join(re.findall(r"[^\W_]+", word.casefold()))
    if column in _YES_MEANS and phrase in (*_YES, *_NO):
        return _YES_MEANS[column][phrase in _NO]
    return _PHRASES.get(phrase) or _told_by_words(phrase.split())


def _told_by_words(spoken: list[str]) -> Meaning | None:
    """Return what a phrase means that has one telling word and neutral ones; else None."""
    others = set(spoken) - _NEUTRAL
    for meaning, telling in _TELLING:
        allowed = telling | _LEAVING if meaning == "left_out" else telling
        if others & telling and others <= allowed:
            return meaning
    return None


#: Every word of journeysim's own export has a meaning here.
OWN_WORDS: Final = words(ContactOutcome)
