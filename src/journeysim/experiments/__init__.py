"""Many runs: designs over the factors of a scenario, made anywhere, resumed after anything."""

from journeysim.experiments.experiment import Experiment, open_experiment
from journeysim.experiments.experiment_run import ExperimentOptions, run_experiment
from journeysim.experiments.plan import Plan
from journeysim.experiments.plan_reading import load_plan

__all__ = [
    "Experiment",
    "ExperimentOptions",
    "Plan",
    "load_plan",
    "open_experiment",
    "run_experiment",
]
