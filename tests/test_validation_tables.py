"""What docs/validation-tables.md shows is what stands in validation/results."""

from __future__ import annotations

from validation import verdicts


def test_the_page_of_tables_is_up_to_date() -> None:
    written = verdicts.PAGE.read_text(encoding="utf-8")
    assert written == verdicts.page(), "write it anew: python -m validation.verdicts"


def test_no_verdict_is_bad() -> None:
    assert {row["verdict"] for row in verdicts.rows_of("theory")} == {"agrees"}
    assert {row["verdict"] for row in verdicts.rows_of("compare")} <= {"covers", "saves", "shown"}
    assert {row["disagreements"] for row in verdicts.rows_of("twins")} == {"0"}
    assert all(row["noticed_by"] for row in verdicts.rows_of("faults"))


def test_a_table_takes_the_farthest_figure_of_each_case() -> None:
    kept = {"case": "c", "exact": "1", "verdict": "agrees", "replications": "3", "seconds": "1"}
    rows = [
        kept | {"figure": "near", "simulated": "1.01", "z": "0.5"},
        kept | {"figure": "far", "simulated": "0.9", "z": "-2"},
    ]
    last = verdicts.theory(rows).splitlines()[-1]
    assert last == "| c (`c`) | 2 of 2 | 3 | far | 1 | 0.9 | -2.00 | 1 |"
