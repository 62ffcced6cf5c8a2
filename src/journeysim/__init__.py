"""Simulate customers moving between service channels, and ask what changes if the service does.

import journeysim as js

scenario = js.load_scenario("scenarios/bank_1999.toml")
run = js.simulate(scenario)
table = js.score(run)
answer = js.compare(scenario, set=["pools.regular.agents-=2"])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from journeysim.calibrating import Backtest, Calibration, ColumnMap, backtest, calibrate
    from journeysim.comparing import Comparison
    from journeysim.effects.weighing import touchpoints
    from journeysim.engine.extension import ContactView, Extension, Go, PoolView
    from journeysim.errors import (
        CompareError,
        ExperimentError,
        JourneysimError,
        LogError,
        MeasureError,
        RunError,
        ScenarioError,
    )
    from journeysim.experimenting import Experiment
    from journeysim.experimenting.calls import experiment, open_experiment
    from journeysim.exporting import export
    from journeysim.journeys.runs import Run
    from journeysim.model.scenario import Scenario
    from journeysim.reporting import plot, write_report
    from journeysim.scoring.attribution.credit_table import credit_touchpoints
    from journeysim.scoring.experience import (
        JourneyMeasure,
        Weights,
        emotion_curve,
        register_journey_measure,
        score_journeys,
    )
    from journeysim.study import (
        compare,
        load_scenario,
        open_comparison,
        open_run,
        scenario_of,
        score,
        simulate,
    )

__version__ = "0.1.0"

# Imported on first use: numba, SimPy and pyarrow take a second that `--help` need not wait for.
_HOME = {
    "Backtest": "calibrating",
    "Calibration": "calibrating",
    "ColumnMap": "calibrating",
    "CompareError": "errors",
    "Comparison": "comparing.comparison",
    "ContactView": "engine.extension",
    "Experiment": "experimenting.experiment",
    "ExperimentError": "errors",
    "Extension": "engine.extension",
    "Go": "engine.extension",
    "PoolView": "engine.extension",
    "JourneysimError": "errors",
    "LogError": "errors",
    "MeasureError": "errors",
    "RunError": "errors",
    "ScenarioError": "errors",
    "Run": "journeys.runs",
    "Scenario": "model.scenario",
    "backtest": "calibrating",
    "calibrate": "calibrating",
    "compare": "study",
    "credit_touchpoints": "scoring.attribution.credit_table",
    "JourneyMeasure": "scoring.experience",
    "Weights": "scoring.experience",
    "emotion_curve": "scoring.experience",
    "register_journey_measure": "scoring.experience",
    "score_journeys": "scoring.experience",
    "experiment": "experimenting.calls",
    "export": "exporting",
    "load_scenario": "study",
    "open_comparison": "study",
    "open_experiment": "experimenting.calls",
    "open_run": "study",
    "plot": "reporting",
    "scenario_of": "study",
    "score": "study",
    "simulate": "study",
    "touchpoints": "effects.weighing",
    "write_report": "reporting",
}

__all__ = [
    "Backtest",
    "Calibration",
    "ColumnMap",
    "CompareError",
    "Comparison",
    "ContactView",
    "Experiment",
    "ExperimentError",
    "Extension",
    "Go",
    "JourneyMeasure",
    "JourneysimError",
    "LogError",
    "MeasureError",
    "PoolView",
    "Run",
    "RunError",
    "Scenario",
    "ScenarioError",
    "Weights",
    "backtest",
    "calibrate",
    "compare",
    "credit_touchpoints",
    "emotion_curve",
    "experiment",
    "export",
    "load_scenario",
    "open_comparison",
    "open_experiment",
    "open_run",
    "plot",
    "register_journey_measure",
    "scenario_of",
    "score",
    "score_journeys",
    "simulate",
    "touchpoints",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
