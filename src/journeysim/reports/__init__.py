"""What to tell: charts of Arrow tables, and a report that is one file.

Nothing is computed here: a number that appears only in a report is a bug.
"""

from journeysim.reports import plot
from journeysim.reports.report import write_report

__all__ = ["plot", "write_report"]
