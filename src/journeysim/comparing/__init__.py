"""Whether it differs: paired comparisons of scenarios, with how sure they are.

The same customers, with the same luck, come in every scenario, so a difference is taken
replication by replication, and customer by customer.
"""

from journeysim.comparing.answering import compare_runs, compare_scenarios
from journeysim.comparing.comparison import Comparison, is_comparison, open_comparison
from journeysim.comparing.contenders import run_contenders, scenario_contenders
from journeysim.comparing.question import USUAL, Question

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
