"""Whether it differs: paired comparisons of scenarios, with how sure they are.

The same customers, with the same luck, come in every scenario, so a difference is taken
replication by replication, and customer by customer.
"""

from journeysim.comparison.comparison import Comparison, is_comparison, open_comparison
from journeysim.comparison.paired_comparison import compare_runs, compare_scenarios
from journeysim.comparison.question import USUAL, Question
from journeysim.comparison.scenarios import run_contenders, scenario_contenders

__all__ = [
    "USUAL",
    "Comparison",
    "Question",
    "compare_runs",
    "compare_scenarios",
    "is_comparison",
    "open_comparison",
    "run_contenders",
    "scenario_contenders",
]
