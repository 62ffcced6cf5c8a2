"""The charts of reports, one by one: `js.plot.forest(answer)` gives a matplotlib figure.

Each takes a run, a comparison, or the directory of one. Of a comparison, the baseline is drawn with
its first variant, or the one that is named. `width` is in inches: from 5.5 on things stand beside
each other, below that one under the other, as on a telephone.

`run.plot.day()` and `comparison.plot.forest()` are the same.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from journeysim.errors import did_you_mean
from journeysim.reports.charts.chart_style import WIDE
from journeysim.reports.charts.registry import CHARTS
from journeysim.reports.charts.source_charts import SourceChart
from journeysim.reports.report_source import Reportable, ReportSource, source_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KINDS: Final = {kind.name: kind for kind in CHARTS}


class Plots:
    """The charts of one run or one comparison, each as a matplotlib figure.

    Parameters
    ----------
    what
        A run, a comparison, or the directory of one.
    """

    def __init__(self, what: Reportable | ReportSource) -> None:
        self._what = what

    def __getattr__(self, name: str) -> Callable[..., Figure]:
        """Return what draws a chart of it."""
        if name not in _KINDS:
            raise AttributeError(_no_such_chart(name))
        function = _function_of(_KINDS[name])

        def draw(*, width: float = WIDE, **chosen: Any) -> Figure:
            return function(self._what, width=width, **chosen)

        return _seeming(draw, _KINDS[name], first=0)

    def __dir__(self) -> list[str]:
        return sorted(_KINDS)

    def __repr__(self) -> str:
        width = max(map(len, _KINDS))
        lines = [f"  {name:{width}}  {_summary(kind)}" for name, kind in _KINDS.items()]
        return "\n".join(["charts:", *lines])


def __getattr__(name: str) -> Callable[..., Figure]:
    """Return what draws a chart."""
    if name not in _KINDS:
        raise AttributeError(_no_such_chart(name))
    found = globals()[name] = _function_of(_KINDS[name])
    return found


def __dir__() -> list[str]:
    return sorted(_KINDS)


def _no_such_chart(name: str) -> str:
    return f"no chart {name!r}{did_you_mean(name, list(_KINDS))}"


def _function_of(kind: type[SourceChart]) -> Callable[..., Figure]:
    """Return the function that draws charts of a kind, with the signature it seems to have."""

    def draw(what: Reportable | ReportSource, *, width: float = WIDE, **chosen: Any) -> Figure:
        return kind.of(source_of(what), **chosen).figure(width)

    return _seeming(draw, kind, first=1)


def _seeming(
    draw: Callable[..., Figure], kind: type[SourceChart], *, first: int
) -> Callable[..., Figure]:
    """Return a function with the name, the words and the signature of a kind of chart.

    Parameters
    ----------
    first
        How many of its own parameters come before what is chosen.
    """
    own = list(inspect.signature(draw).parameters.values())[:-1]
    _, *chosen = inspect.signature(kind.of).parameters.values()
    parameters = [*own[:first], *chosen, *own[first:]]
    draw.__name__ = draw.__qualname__ = kind.name
    draw.__doc__ = f"{_summary(kind)}\n\n{inspect.getdoc(kind.of)}"
    draw.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return draw


def _summary(kind: type[SourceChart]) -> str:
    return (inspect.getdoc(kind) or "").partition("\n")[0]
