"""Types that many modules speak in, each defined once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: A row of a table, by the names of its columns.
Row = Mapping[str, Any]
#: Called with how many things are done, how many there are in all, and the summed share of those
#: under way.
Progress = Callable[[int, int, float], None]
#: Called with the share of one thing that is done, from 0 to 1; an exception that it raises stops
#: the thing.
ReportShare = Callable[[float], None]
