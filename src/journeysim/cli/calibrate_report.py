"""A calibration on the terminal: what was left out, what was fitted, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from journeysim.cli.screen import print_json, print_table, say, say_hanging
from journeysim.cli.text_layout import Table
from journeysim.wording.numbers import count

if TYPE_CHECKING:
    from journeysim.calibration import Backtest, Calibration

_PARTS = {
    "arrivals": "fresh contacts",
    "swing": "swing",
    "handling": "handling",
    "patience": "patience",
    "wrap-up": "wrap-up",
    "pause": "pause after",
    "agents": "agents",
    "next": "comes back",
}


def print_calibration(found: Calibration) -> None:
    """Print what a log told."""
    log = found.log
    days = count(len(found.calendar.days), "day")
    say(f"{log.source}: {count(log.rows, 'row')}, {count(len(log), 'contact')} of {days} used")
    if log.excluded:
        say("Left out, by reason:")
        for reason, number in log.excluded.items():
            say_hanging(f"  {number}", reason, indent=10)
    if log.notes:
        say("To know about the log:")
        for note in log.notes:
            say_hanging("  -", note, indent=4)
    if found.returns.left_out:
        say("Left out of who comes back, by reason:")
        for reason, number in found.returns.left_out.items():
            say_hanging(f"  {number}", reason, indent=10)
    say()
    print_table(_estimates(found))
    say()
    _say_how(found)


def _estimates(found: Calibration) -> Table:
    rows = []
    for row in found.estimates().to_pylist():
        mark = " *" if row["little_data"] else ""
        rows.append(
            (
                f"{_PARTS[row['part']]}: {row['name']}{mark}",
                _number(row["value"], row["unit"]),
                f"{_number(row['low'], row['unit'])} to {_number(row['high'], row['unit'])}",
                row["unit"],
                f"{row['n']}",
                "" if row["law"] is None else _law(row),
            )
        )
    headers = ("figure", "value", "95 % interval", "unit", "n", "law")
    return Table("Fitted", headers, rows)


def _number(value: float, unit: str) -> str:
    if unit in ("share", "cv", "correlation"):
        return f"{value:.3f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def _law(row: dict[str, Any]) -> str:
    names = {
        "kaplan_meier": "Kaplan-Meier",
        "early_and_late": "early + Weibull",
        "quantiles": "quantiles",
    }
    return names.get(row["law"], str(row["law"]))


def _say_how(found: Calibration) -> None:
    little = any(row["little_data"] for row in found.estimates().to_pylist())
    if little:
        say("* rests on little data.")
    say("Intervals are by drawing whole days with replacement.")
    swing = found.swing
    if swing is not None:
        verdict = "is modelled" if swing.is_more_than_chance else "is chance"
        say(
            f"Counts vary {swing.dispersion:.1f} times as much as chance (p = {swing.chance:.2g}): "
            f"the swing {verdict}."
        )
    naive = [fit for (group, _), fit in found.patience.items() if group < 0]
    for fit in naive:
        say(
            f"Patience counts who was served as still patient: {fit.mean.mean:.0f} s on average; "
            f"those who gave up waited {fit.naive_mean:.0f} s, which is not patience."
        )
    for text in _what_it_lacks(found):
        say_hanging("-", text, indent=2)


def _what_it_lacks(found: Calibration) -> list[str]:
    """Return in plain words what this log cannot give."""
    columns = found.log.columns
    lacks = []
    if not found.patience:
        why = "the log has no waits" if "wait" not in columns else "nobody abandoned"
        lacks.append(f"Patience cannot be known: {why}. Nobody gives up in the scenario.")
    if not found.handling:
        lacks.append("Handling cannot be known: the log has no durations. 4 minutes are assumed.")
    if not found.staffing:
        lacks.append(
            "Agents cannot be known: the log does not show who worked. Enough are assumed."
        )
    if not found.returns.steps:
        lacks.append("Who comes back cannot be known: no customer or case is named.")
    if "outcome" not in columns and found.handling:
        lacks.append("The log has no outcomes: every contact is taken as served.")
    return lacks


def print_json_document(found: Calibration, test: Backtest | None) -> None:
    """Print the calibration, and the back-test if there is one, as one JSON document."""
    document: dict[str, Any] = {
        "command": "calibrate",
        "log": found.log.source,
        "map": dict(found.map.columns),
        "rows": found.log.rows,
        "contacts": len(found.log),
        "excluded": found.log.excluded,
        "notes": list(found.log.notes),
        "lacks": _what_it_lacks(found),
        "figures": found.estimates().to_pylist(),
    }
    if test is not None:
        from journeysim.calibration.verdicts import verdict_sentences

        document["backtest"] = {
            "log": test.source,
            "days": len(test.calendar.days),
            "figures": test.whole().to_pylist(),
            "coverage": {given: coverage(test, given) for given in test.simulations},
            "verdicts": {given: verdict_sentences(test, given) for given in test.simulations},
        }
    print_json(document)


def coverage(test: Backtest, given: str) -> dict[str, float]:
    """Return the shares of held-out days, and of intervals, inside their bands."""
    from journeysim.calibration.held_out_backtest import MEASURES

    found = {measure: test.day_coverage(given, measure) for measure in MEASURES}
    return found | {"offered_by_interval": test.cell_coverage(given)}
