"""What can go wrong for a user, each with a place, a problem and a remedy.

JourneysimError
|-- ScenarioError      a scenario file, or a change to one, is not right
|   `-- ExperimentError    the same of the file of an experiment
|-- RunError           a run directory is missing, unfinished or not a run
|-- MeasureError       a measure was asked for that does not exist or does not apply
|-- CompareError       scenarios or runs cannot be compared, or there is nothing to compare
|-- ArgumentError      an argument of a call is of the wrong kind or size (also a ValueError)
|-- FrameError         pandas or Polars is asked for and not installed (also an ImportError)
|-- BenchmarkError     a benchmark found something wrong, so there are no times
`-- LogError           a contact log cannot be read, understood or calibrated from
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at one place of a scenario.

    Attributes
    ----------
    path
        The key as the user would write it, e.g. ``channels.chat.pools[0]``.
    text
        What is wrong and what would be right.
    """

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


class JourneysimError(Exception):
    """Base of every error that a user can cause; the text is the whole message."""


class ScenarioError(JourneysimError):
    """One or more problems in a scenario, all of them at once.

    Parameters
    ----------
    source
        The file, or another name of where the scenario came from.
    problems
        What is wrong, in the order of the file where that is known.
    """

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        lines = [f"{source}: {count}", *(f"  {problem}" for problem in self.problems)]
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[str, tuple[Problem, ...]]]:
        # Raised in another process, it arrives whole.
        return type(self), (self.source, self.problems)


class ExperimentError(ScenarioError):
    """One or more problems in the file of an experiment, all of them at once."""


class RunError(JourneysimError):
    """A run directory cannot be read or written."""


class MeasureError(JourneysimError):
    """A measure does not exist, or cannot be computed from this run."""


class CompareError(JourneysimError):
    """Scenarios or runs cannot be compared; the text says why, and what would do."""


class ArgumentError(JourneysimError, ValueError):
    """An argument of a call is of the wrong kind or size; the text says what would do."""


class FrameError(JourneysimError, ImportError):
    """A table is to become a frame of a library that is not installed."""


class BenchmarkError(JourneysimError):
    """A contender of a benchmark failed, or found other scores than the reference."""


class LogError(JourneysimError):
    """A contact log cannot be read, understood or calibrated from; the text names the remedy."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest known word, or the choices, or nothing."""
    choices = sorted(set(known))
    near = difflib.get_close_matches(str(word), choices, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    if 0 < len(choices) <= 12:
        return f"; known: {', '.join(choices)}"
    return ""
