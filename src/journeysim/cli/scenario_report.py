"""A scenario in words: who comes, where to, who serves, what happens next, what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from journeysim.cli.screen import print_table, say, say_hanging
from journeysim.cli.text_layout import Table
from journeysim.scenario.channel_kinds import KINDS
from journeysim.units import SECOND, format_clock, readable
from journeysim.wording.clock import span, weekday_of
from journeysim.wording.numbers import count, listed, plain_percent

Facts = Mapping[str, Any]

_AFTER = {
    "abandoned": "who leaves the queue",
    "balked": "who does not join",
    "blocked": "who finds no line free",
    "closed": "who finds it closed",
    "unresolved": "who was served in vain",
    "contained": "whose visit met no need",
    "stuck": "who gets stuck",
    "silence": "who hears nothing",
}
_COLUMN = 14


def print_scenario(facts: Facts) -> None:
    """Print what `scenario_facts` found."""
    say(facts["title"] or facts["scenario"], style="bold")
    if facts["description"]:
        say(facts["description"])
    say(_span_sentence(facts))
    say()
    print_table(customers_table(facts))
    if facts["trace"]:
        say(f"Customers come from {facts['trace']}, one by one.")
    say()
    print_table(channels_table(facts))
    say()
    say("Who serves: agents at work over the day", style="bold")
    for pool in facts["pools"]:
        for label, text in pool_lines(pool):
            say_hanging(label, text, indent=_COLUMN)
    say()
    say("What they do next", style="bold")
    for step in facts["next_steps"]:
        say_hanging(f"{step['channel']}:", next_sentence(step), indent=_COLUMN)
    say("Wherever nothing is said, the journey ends: given up, the need unmet.")
    say()
    _print_evidence(facts)
    if facts["variants"]:
        say()
        say("What if (--variant)", style="bold")
        for name, description in facts["variants"].items():
            say_hanging(f"{name}:", description or "-", indent=_COLUMN)
    say()


def _span_sentence(facts: Facts) -> str:
    horizon = span(round(facts["horizon_s"] * SECOND))
    parts = [f"{horizon} from {weekday_of(0, facts['starts_on'])}"]
    if facts["run_out_s"]:
        parts.append(f"then {span(round(facts['run_out_s'] * SECOND))} to finish")
    if facts["warm_up_s"]:
        parts.append(f"the first {span(round(facts['warm_up_s'] * SECOND))} not scored")
    parts.append(f"{count(facts['replications'], 'replication')}, seed {facts['seed']}")
    return f"{'; '.join(parts)}."


def customers_table(facts: Facts) -> Table:
    """Return who comes, a row per segment."""
    rows = []
    for segment in facts["segments"]:
        mean = segment["arrivals_per_day"]
        varies = len(set(segment["arrivals_by_weekday"].values())) > 1
        rows.append(
            [
                segment["segment"],
                _shares(segment["needs"]),
                _shares(segment["first_channels"]),
                "-" if mean is None else f"{mean:.1f}" + ("*" if varies else ""),
                _time(segment["patience_mean_s"]),
            ]
        )
    several = " (* differs by weekday)" if any("*" in row[3] for row in rows) else ""
    headers = ["segment", "needs", "first channel", "a day", "patience\nmean"]
    return Table(f"Who comes: new journeys{several}", headers, rows, names=3)


def channels_table(facts: Facts) -> Table:
    """Return where they can go, a row per channel."""
    rows = []
    for channel in facts["channels"]:
        kind = KINDS[channel["kind"]].label
        rows.append(
            [
                channel["channel"],
                kind + (f", {count(channel['lines'], 'line')}" if channel["lines"] else ""),
                _opening(channel["opening"]),
                ", ".join(channel["pools"]) or KINDS[channel["kind"]].handler,
                _worked(channel),
                "by need"
                if channel["resolution"] is None
                else plain_percent(channel["resolution"], 0),
            ]
        )
    headers = ["channel", "kind", "open", "served by", "time\nmean", "need\nmet"]
    return Table("Where they can go", headers, rows, names=4)


def pool_lines(pool: Facts) -> list[tuple[str, str]]:
    """Return lines about a pool, each with a label that is empty but for the first."""
    serves = ", then ".join(_level(level) for level in pool["serves"])
    some = [f"{number} at once on {name}" for name, number in pool["concurrency"].items()]
    lines = [(pool["pool"], listed([f"serves {serves}", *some]))]
    by_day: dict[str, list[str]] = {}
    for weekday, steps in pool["at_work"].items():
        text = ", ".join(
            f"{_clock(step['from_s'])}-{_clock(step['to_s'])} {step['agents']}" for step in steps
        )
        by_day.setdefault(text or "nobody", []).append(weekday)
    for text, weekdays in by_day.items():
        days = "" if len(by_day) == 1 else f"{listed(_short(day) for day in weekdays)}: "
        lines.append(("", days + text))
    if pool["paid"]:
        kept = 1.0 - pool["shrinkage"]
        rounded = ", ".join(
            f"{row['paid']} x {kept:g} = {row['exact']:g} -> {row['at_work']}"
            for row in pool["rounding"]
        )
        lines.append(
            ("", f"paid heads less {plain_percent(pool['shrinkage'])} shrinkage: {rounded}")
        )
    return lines


def next_sentence(step: Facts) -> str:
    """Return who does what after a contact that met no need."""
    whose = ""
    if step["segment"]:
        whose = f" (segment {step['segment']})"
    elif step["need"]:
        whose = f" (need {step['need']})"
    parts = []
    for to, way in step["to"].items():
        delay = way["delay_mean_s"]
        when = f" after {_time(delay)}" if delay else ""
        parts.append(f"{plain_percent(way['share'])} {_direction(to, step['channel'], way)}{when}")
    rest = 1.0 - sum(way["share"] for way in step["to"].values())
    if rest > 0.0005:
        does = "wait on" if step["outcome"] == "silence" else "give up"
        parts.append(f"{plain_percent(rest)} {does}")
    return f"{_AFTER[step['outcome']]}{whose}: {', '.join(parts)}"


def _direction(to: str, channel: str, way: Facts) -> str:
    if to == "lost":
        return "leave for good"
    if to == "give_up":
        return "give up"
    if way["transfer"]:
        return f"are moved to {to}"
    return "try again" if to == channel else f"go to {to}"


def _print_evidence(facts: Facts) -> None:
    say("What it rests on", style="bold")
    if not facts["evidence"]:
        say("Nothing is said about any figure; add [evidence] to the file.")
    grades = Counter(item["grade"] for item in facts["evidence"])
    if grades:
        say(f"{listed(f'{number} {grade}' for grade, number in grades.items())}.")
    weak = [item for item in facts["evidence"] if item["grade"] in ("assumption", "convention")]
    for item in weak:
        say(f"{item['grade']}: {item['path']} ({item['source']})", indent=2)
    asked = [row for row in facts["segments"] if row["interviews"] is not None]
    if asked:
        held = listed(f"{row['segment']} {row['interviews']}" for row in asked)
        say(f"Interviews held: {held}.")


def _level(level: Sequence[Facts]) -> str:
    words = [
        served["channel"] + (f" ({', '.join(served['needs'])} only)" if served["needs"] else "")
        for served in level
    ]
    return " or ".join(words)


def _shares(shares: Mapping[str, float]) -> str:
    if len(shares) == 1:
        return next(iter(shares))
    return ", ".join(f"{name} {plain_percent(part, 0)}" for name, part in shares.items() if part)


def _worked(channel: Facts) -> str:
    """Return the mean time that a contact takes, where it is the same for all needs."""
    first = "talk_mean_s" if KINDS[channel["kind"]].by_agents else "time_spent_mean_s"
    if channel[first] is None:
        return "by need"
    return _time(channel[first] + (channel["wrap_up_mean_s"] or 0.0))


def _opening(opening: Mapping[str, Sequence[Sequence[float]]]) -> str:
    by_hours: dict[str, list[str]] = {}
    for weekday, spans in opening.items():
        hours = ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)
        by_hours.setdefault(hours or "closed", []).append(weekday)
    if len(by_hours) == 1:
        hours = next(iter(by_hours))
        return "always" if hours == "00:00-24:00" else hours
    return "; ".join(
        f"{', '.join(_short(day) for day in days)} {hours}" for hours, days in by_hours.items()
    )


def _short(weekday: str) -> str:
    return weekday[:3].capitalize()


def _clock(seconds: float) -> str:
    return format_clock(round(seconds * SECOND))


def _time(seconds: float | None) -> str:
    return "-" if seconds is None else readable(seconds * SECOND)
