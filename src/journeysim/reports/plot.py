"""The figures of reports, one by one: `js.plot.forest(answer)` gives a matplotlib figure.

Each takes a run, a comparison, or the directory of one. Of a comparison, the baseline is drawn with
its first variant, or the one that is named. `width` is in inches: from 5.5 on things stand beside
each other, below that one under the other, as on a telephone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from journeysim.errors import CompareError
from journeysim.reports.charts.chart_style import WIDE, styled
from journeysim.reports.report_source import Reportable, Source, source_of

if TYPE_CHECKING:
    import pyarrow as pa
    from matplotlib.figure import Figure

    from journeysim.comparison import Comparison

__all__ = [
    "day",
    "flow",
    "forest",
    "funnel",
    "heat",
    "journey_map",
    "people",
    "staffing",
    "staffing_curve",
]


def forest(
    comparison: Reportable | Source, *, variant: str | None = None, width: float = WIDE
) -> Figure:
    """Draw the paired differences with their intervals, a panel per unit (`headline`)."""
    from journeysim.reports.charts.forest import draw_forest

    found, name = _compared(comparison, variant)
    with styled():
        return draw_forest(rows_of(found.headline, variant=name), width=width)


def people(
    comparison: Reportable | Source, *, variant: str | None = None, width: float = WIDE
) -> Figure:
    """Draw how many customers are better and worse off (`customers`)."""
    from journeysim.reports.charts.better_and_worse_off import draw_people

    found, name = _compared(comparison, variant)
    with styled():
        return draw_people(rows_of(found.customers, variant=name), width=width)


def journey_map(
    what: Reportable | Source, *, variant: str | None = None, width: float = WIDE
) -> Figure:
    """Draw touchpoints along the modal path as columns, and what they are like (`steps`)."""
    from journeysim.reports.charts.journey_map import draw_journey_map

    return _of_two(draw_journey_map, "steps", what, variant, width)


def flow(what: Reportable | Source, *, scenario: str | None = None, width: float = WIDE) -> Figure:
    """Draw how customers move between channels and how it ends (`flows`).

    Parameters
    ----------
    scenario
        The baseline or a variant; default: the baseline.
    """
    from journeysim.reports.charts.flow import draw_flow

    source = source_of(what)
    name = source.names[0] if scenario is None else scenario
    if name != source.names[0]:
        source.variant(name)
    with styled():
        channels = list(source.world.channels)
        return draw_flow(source.rows(name, "flows"), title=name, channels=channels, width=width)


def day(
    what: Reportable | Source,
    *,
    channel: str | None = None,
    variant: str | None = None,
    width: float = WIDE,
) -> Figure:
    """Draw service level, queue and agents over the day, with bands (`day`).

    Parameters
    ----------
    channel
        A channel where people queue; default: the busiest.
    """
    from journeysim.reports.charts.day import draw_day, queue_channels

    source = source_of(what)
    channels = queue_channels(source.rows(source.names[0], "day"))
    if not channels or (channel is not None and channel not in channels):
        known = ", ".join(channels) or "none"
        raise CompareError(f"no queue {channel or ''!r} that anybody came to; there are: {known}")
    how = {"channel": channel or channels[0], "starts_on": source.world.time.starts_on}
    return _of_two(draw_day, "day", source, variant, width, **how)


def staffing(
    what: Reportable | Source, *, variant: str | None = None, width: float = WIDE
) -> Figure:
    """Draw agents at work and busy over the day, a panel for each pool (`day`)."""
    from journeysim.reports.charts.day import draw_staffing

    source = source_of(what)
    starts_on = source.world.time.starts_on
    return _of_two(draw_staffing, "day", source, variant, width, starts_on=starts_on)


def heat(
    what: Reportable | Source,
    *,
    channel: str | None = None,
    variant: str | None = None,
    width: float = WIDE,
) -> Figure:
    """Draw how many come and how long they wait, by hour and weekday (`hours`).

    Parameters
    ----------
    channel
        Default: the busiest; of a single day, all stand below each other.
    """
    from journeysim.reports.charts.heat import draw_heat

    return _of_two(draw_heat, "hours", what, variant, width, channel=channel)


def funnel(what: Reportable | Source, *, variant: str | None = None, width: float = WIDE) -> Figure:
    """Draw who came, got in, was served and had the need met, and who fell out why (`funnel`)."""
    from journeysim.reports.charts.funnel import draw_funnel

    return _of_two(draw_funnel, "funnel", what, variant, width)


def staffing_curve(comparison: Reportable | Source, *, width: float = WIDE) -> Figure:
    """Draw service level by agent hours, a mark for each scenario (`staffing_table`)."""
    from journeysim.comparison.agent_hours import staffing_table
    from journeysim.reports.charts.staffing_curve import draw_staffing_curve

    found, _ = _compared(comparison, None)
    rows = staffing_table(found).to_pylist()
    if not rows:
        raise CompareError(
            "no staffing curve: compare by channel, with service_level and staffed_hours"
        )
    with styled():
        return draw_staffing_curve(rows, width=width)


def rows_of(table: pa.Table, **where: Any) -> list[dict[str, Any]]:
    """Return the rows of a table in which columns have these values."""
    return [
        row for row in table.to_pylist() if all(row[name] == value for name, value in where.items())
    ]


def _compared(what: Reportable | Source, variant: str | None) -> tuple[Comparison, str]:
    source = source_of(what)
    if source.comparison is None:
        raise CompareError("this is drawn of a comparison, and a run is none")
    names = source.comparison.variants
    if variant is not None and variant not in names:
        source.variant(variant)
    return source.comparison, variant or names[0]


def _of_two(
    draw: Callable[..., Figure],
    table: str,
    what: Reportable | Source,
    variant: str | None,
    width: float,
    **how: Any,
) -> Figure:
    """Draw a table of the baseline, or of the run, with that of a variant if there is one."""
    source = source_of(what)
    other = source.variant(variant)
    baseline = source.rows(source.names[0], table)
    with styled():
        if other is None:
            return draw(baseline, width=width, **how)
        rows = source.rows(other[0], table)
        return draw(baseline, rows, names=(source.names[0], other[0]), width=width, **how)
