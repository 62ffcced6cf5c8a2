"""What every run must satisfy, whatever was simulated; each violation is a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from math import lcm

import numpy as np

from journeysim.journeys.columns import Cause, ContactOutcome, JourneyOutcome, words
from journeysim.journeys.runs import Replication, Run
from journeysim.model.world import World
from journeysim.score.definitions import Definitions
from journeysim.score.rules import Rules, scoring_rules
from journeysim.score.run_columns import RunColumns

Check = Callable[[RunColumns, Rules], Iterator[str]]
