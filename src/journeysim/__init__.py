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

from journeysim.tables.attached import attach

if TYPE_CHECKING:
    from journeysim.calibration import Backtest, Calibration, ColumnMap, backtest, calibrate
    from journeysim.comparison import Comparison
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
    from journeysim.experiments import Experiment
    from journeysim.experiments.calls import experiment, open_experiment
    from journeysim.exports import export
    from journeysim.measures.attribution.credit_table import credit_touchpoints
    from journeysim.measures.experience import (
        JourneyMeasure,
        Weights,
        emotion_curve,
        register_journey_measure,
        score_journeys,
    )
    from journeysim.reports import plot, write_report
    from journeysim.reports.plot import Plots
    from journeysim.scenario.scenario import Scenario
    from journeysim.study import (
        compare,
        load_scenario,
        open_comparison,
        open_run,
        scenario_of,
        score,
        simulate,
    )
    from journeysim.tables.run import Run
    from journeysim.touchpoint_effects.touchpoint_effects import touchpoints

__version__ = "0.1.0"

# Imported on first use: numba, SimPy and pyarrow take a second that `--help` need not wait for.
_HOME = {
    "Backtest": "calibration",
    "Calibration": "calibration",
    "ColumnMap": "calibration",
    "CompareError": "errors",
    "Comparison": "comparison.comparison",
    "ContactView": "engine.extension",
    "Experiment": "experiments.experiment",
    "ExperimentError": "errors",
    "Extension": "engine.extension",
    "Go": "engine.extension",
    "PoolView": "engine.extension",
    "JourneysimError": "errors",
    "LogError": "errors",
    "MeasureError": "errors",
    "RunError": "errors",
    "ScenarioError": "errors",
    "Run": "tables.run",
    "Scenario": "scenario.scenario",
    "backtest": "calibration",
    "calibrate": "calibration",
    "compare": "study",
    "credit_touchpoints": "measures.attribution.credit_table",
    "JourneyMeasure": "measures.experience",
    "Weights": "measures.experience",
    "emotion_curve": "measures.experience",
    "register_journey_measure": "measures.experience",
    "score_journeys": "measures.experience",
    "experiment": "experiments.calls",
    "export": "exports",
    "load_scenario": "study",
    "open_comparison": "study",
    "open_experiment": "experiments.calls",
    "open_run": "study",
    "plot": "reports",
    "scenario_of": "study",
    "score": "study",
    "simulate": "study",
    "touchpoints": "touchpoint_effects.touchpoint_effects",
    "write_report": "reports",
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


def _charts_of(what: Run | Comparison) -> Plots:
    from journeysim.reports.plot import Plots

    return Plots(what)


attach("plot", _charts_of)
