"""Simulate customers moving between service channels, and ask what changes if the service does.

import journeysim as js

scenario = js.load_scenario("scenarios/bank_1999.toml")
run = js.simulate(scenario)
table = js.score(run)
answer = js.compare(scenario, {"fewer": "pools.regular.agents-=2"})

Twelve calls, in the order in which they are used:

load_scenario      a scenario from its file, or from a mapping
simulate           a run of it
open_run           a run that was written before
score              the measures of a run, with intervals
compare            what differs between a scenario and variants of it
open_comparison    a comparison that was written before
experiment         many points of a design
open_experiment    an experiment that was written before
score_journeys     what each journey was like
touchpoints        which touchpoint matters
calibrate          a scenario from a log of contacts
write_report       one HTML file of a run or a comparison

They give a `Scenario`, a `Run`, a `Comparison`, an `Experiment`; whatever goes wrong is a
`JourneysimError`. `dir(journeysim)` names the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from journeysim.tables.attached import attach

if TYPE_CHECKING:
    from journeysim.calibration import (
        Backtest as Backtest,
    )
    from journeysim.calibration import (
        Calibration as Calibration,
    )
    from journeysim.calibration import (
        ColumnMap as ColumnMap,
    )
    from journeysim.calibration import (
        backtest as backtest,
    )
    from journeysim.calibration import (
        calibrate as calibrate,
    )
    from journeysim.comparison.comparison import (
        Comparison as Comparison,
    )
    from journeysim.comparison.difference import (
        Difference as Difference,
    )
    from journeysim.engine.extension import (
        ContactView as ContactView,
    )
    from journeysim.engine.extension import (
        Extension as Extension,
    )
    from journeysim.engine.extension import (
        Go as Go,
    )
    from journeysim.engine.extension import (
        PoolView as PoolView,
    )
    from journeysim.errors import (
        ArgumentError as ArgumentError,
    )
    from journeysim.errors import (
        BenchmarkError as BenchmarkError,
    )
    from journeysim.errors import (
        CompareError as CompareError,
    )
    from journeysim.errors import (
        ExperimentError as ExperimentError,
    )
    from journeysim.errors import (
        FrameError as FrameError,
    )
    from journeysim.errors import (
        JourneysimError as JourneysimError,
    )
    from journeysim.errors import (
        LogError as LogError,
    )
    from journeysim.errors import (
        MeasureError as MeasureError,
    )
    from journeysim.errors import (
        RunError as RunError,
    )
    from journeysim.errors import (
        ScenarioError as ScenarioError,
    )
    from journeysim.experiments.calls import (
        experiment as experiment,
    )
    from journeysim.experiments.calls import (
        open_experiment as open_experiment,
    )
    from journeysim.experiments.experiment import (
        Experiment as Experiment,
    )
    from journeysim.experiments.experiment import (
        PointValue as PointValue,
    )
    from journeysim.experiments.factors_and_designs import (
        Factor as Factor,
    )
    from journeysim.experiments.factors_and_designs import (
        Factorial as Factorial,
    )
    from journeysim.experiments.factors_and_designs import (
        LatinHypercube as LatinHypercube,
    )
    from journeysim.experiments.factors_and_designs import (
        Morris as Morris,
    )
    from journeysim.experiments.factors_and_designs import (
        PointList as PointList,
    )
    from journeysim.experiments.factors_and_designs import (
        Sobol as Sobol,
    )
    from journeysim.experiments.factors_and_designs import (
        SobolIndices as SobolIndices,
    )
    from journeysim.exports import (
        export as export,
    )
    from journeysim.measures.attribution.credit_table import (
        credit_touchpoints as credit_touchpoints,
    )
    from journeysim.measures.experience import (
        JourneyMeasure as JourneyMeasure,
    )
    from journeysim.measures.experience import (
        Weights as Weights,
    )
    from journeysim.measures.experience import (
        emotion_curve as emotion_curve,
    )
    from journeysim.measures.experience import (
        register_journey_measure as register_journey_measure,
    )
    from journeysim.measures.experience import (
        score_journeys as score_journeys,
    )
    from journeysim.reports import (
        plot as plot,
    )
    from journeysim.reports import (
        write_report as write_report,
    )
    from journeysim.reports.plot import (
        Plots as Plots,
    )
    from journeysim.results.run import (
        Run as Run,
    )
    from journeysim.results.scores import (
        Score as Score,
    )
    from journeysim.results.scores import (
        Scores as Scores,
    )
    from journeysim.scenario.scenario import (
        Scenario as Scenario,
    )
    from journeysim.study import (
        compare as compare,
    )
    from journeysim.study import (
        load_scenario as load_scenario,
    )
    from journeysim.study import (
        open_comparison as open_comparison,
    )
    from journeysim.study import (
        open_run as open_run,
    )
    from journeysim.study import (
        scenario_of as scenario_of,
    )
    from journeysim.study import (
        score as score,
    )
    from journeysim.study import (
        simulate as simulate,
    )
    from journeysim.touchpoint_effects.touchpoint_effects import (
        touchpoints as touchpoints,
    )

__version__ = "0.1.0"

#: Where each name comes from, in order of use. Imported on first use: numba, SimPy and pyarrow take
#: a second that `--help` need not wait for.
_HOME = {
    "load_scenario": "study",
    "simulate": "study",
    "open_run": "study",
    "score": "study",
    "compare": "study",
    "open_comparison": "study",
    "experiment": "experiments.calls",
    "open_experiment": "experiments.calls",
    "score_journeys": "measures.experience",
    "touchpoints": "touchpoint_effects.touchpoint_effects",
    "calibrate": "calibration",
    "write_report": "reports",
    "Scenario": "scenario.scenario",
    "Run": "results.run",
    "Comparison": "comparison.comparison",
    "Experiment": "experiments.experiment",
    "Factor": "experiments.factors_and_designs",
    "Factorial": "experiments.factors_and_designs",
    "LatinHypercube": "experiments.factors_and_designs",
    "Sobol": "experiments.factors_and_designs",
    "PointList": "experiments.factors_and_designs",
    "Morris": "experiments.factors_and_designs",
    "SobolIndices": "experiments.factors_and_designs",
    "Difference": "comparison.difference",
    "Score": "results.scores",
    "Scores": "results.scores",
    "PointValue": "experiments.experiment",
    "scenario_of": "study",
    "plot": "reports",
    "export": "exports",
    "emotion_curve": "measures.experience",
    "credit_touchpoints": "measures.attribution.credit_table",
    "backtest": "calibration",
    "Backtest": "calibration",
    "Calibration": "calibration",
    "ColumnMap": "calibration",
    "JourneyMeasure": "measures.experience",
    "Weights": "measures.experience",
    "register_journey_measure": "measures.experience",
    "Extension": "engine.extension",
    "ContactView": "engine.extension",
    "Go": "engine.extension",
    "PoolView": "engine.extension",
    "JourneysimError": "errors",
    "ScenarioError": "errors",
    "ExperimentError": "errors",
    "RunError": "errors",
    "MeasureError": "errors",
    "CompareError": "errors",
    "ArgumentError": "errors",
    "FrameError": "errors",
    "LogError": "errors",
    "BenchmarkError": "errors",
}

#: What `help` shows. The rest is in `dir`.
__all__ = [  # noqa: RUF022 (in order of use)
    "load_scenario",
    "simulate",
    "open_run",
    "score",
    "compare",
    "open_comparison",
    "experiment",
    "open_experiment",
    "score_journeys",
    "touchpoints",
    "calibrate",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*_HOME, "__version__"]


def _charts_of(what: Run | Comparison) -> Plots:
    from journeysim.reports.plot import Plots

    return Plots(what)


attach("plot", _charts_of)
