"""What calls give back, as its users know it: a run that can be scored and written, and scores."""

from journeysim.results.run import Run, open_run, scenario_of
from journeysim.results.scores import Score, Scores

__all__ = ["Run", "Score", "Scores", "open_run", "scenario_of"]
