"""Many runs: designs over the factors of a scenario, made anywhere, resumed after anything."""

from journeysim.experimenting.experiment import Experiment, open_experiment
from journeysim.experimenting.loading import load_plan
from journeysim.experimenting.plan import Plan
from journeysim.experimenting.running import How, run_experiment

__all__ = ["Experiment", "How", "Plan", "load_plan", "open_experiment", "run_experiment"]
