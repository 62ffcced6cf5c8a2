"""All charts of runs and comparisons: a chart is its file, and a line here."""

from __future__ import annotations

from typing import Final

from journeysim.reports.charts.better_and_worse_off import People
from journeysim.reports.charts.day import Day
from journeysim.reports.charts.flow import Flow
from journeysim.reports.charts.forest import Forest
from journeysim.reports.charts.funnel import Funnel
from journeysim.reports.charts.heat import Heat
from journeysim.reports.charts.journey_map import JourneyMap
from journeysim.reports.charts.source_charts import SourceChart
from journeysim.reports.charts.staffing import Staffing
from journeysim.reports.charts.staffing_curve import StaffingCurve

#: In the order in which a chapter of a report has them.
CHARTS: Final[tuple[type[SourceChart], ...]] = (
    Forest,
    People,
    JourneyMap,
    Flow,
    Day,
    Heat,
    Funnel,
    StaffingCurve,
    Staffing,
)
