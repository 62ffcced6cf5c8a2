"""What figures show, in words: for who cannot see them, and for who reads fast."""

from __future__ import annotations

from collections.abc import Sequence

from journeysim.reports.charts.flow import ENDS
from journeysim.reports.charts.forest import drawn_rows, verdict_of
from journeysim.reports.charts.journey_map import on_path
from journeysim.types import Row
from journeysim.wording.labels import label_of
from journeysim.wording.numbers import number_text, percent, seconds_text
from journeysim.wording.scores import difference_text

Rows = Sequence[Row]


def forest_words(rows: Rows) -> str:
    """Return the differences, with which way they are."""
    several = len({row["channel"] for row in rows} - {None}) > 1
    said = {"better": ", better", "worse": ", worse", "unseen": ", no difference seen", "moved": ""}
    return "; ".join(
        f"{label_of(row, several_channels=several)} {difference_text(row)}{said[verdict_of(row)]}"
        for row in drawn_rows(rows)
    )


def people_words(rows: Rows) -> str:
    """Return how many are better and worse off."""
    mean = {row["counted"]: row["mean"] for row in rows if row["segment"] is None}
    return (
        f"Per replication, {number_text(mean['worse'])} customers are worse off, "
        f"{number_text(mean['better'])} better off, and for {number_text(mean['same'])} nothing "
        "changes."
    )


def map_words(baseline: Rows, variant: Rows | None) -> str:
    """Return each touchpoint of the path with its wait, emotion and who leaves."""
    columns = on_path(baseline, variant)
    said = []
    for place, row in enumerate(columns[0]):
        assert row is not None
        other = columns[1][place] if len(columns) > 1 else None
        text = (
            f"contact {row['step']}, {row['touchpoint']} ({row['control']}): "
            f"{percent(row['share'])} of journeys, wait {seconds_text(row['wait'])}, emotion "
            f"{row['emotion']:+.2f}, {percent(row['left'])} leave"
        )
        if other is not None:
            text += (
                f"; in the variant wait {seconds_text(other['wait'])}, emotion "
                f"{other['emotion']:+.2f}, {percent(other['left'])} leave"
            )
        said.append(text)
    return ". ".join(said)


def flow_words(rows: Rows) -> str:
    """Return where journeys begin and how they end."""
    begin = {row["target"]: row["journeys"] for row in rows if row["step"] == 0}
    total = sum(begin.values()) or 1.0
    ends: dict[str, float] = {}
    for row in rows:
        if row["leads_to"] == "end":
            ends[row["target"]] = ends.get(row["target"], 0.0) + row["journeys"]
    first = ", ".join(
        f"{name} {percent(count / total)}"
        for name, count in sorted(begin.items(), key=lambda item: -item[1])
    )
    last = ", ".join(
        f"{ENDS[name][0]} {percent(count / total)}"
        for name, count in sorted(ends.items(), key=lambda item: -item[1])
    )
    return f"Journeys begin in: {first}. They end: {last}."


def day_words(rows: Rows, channel: str) -> str:
    """Return the least service level and the longest queue of a day."""
    said = [f"Over the day in {channel}"]
    for measure, words in (("service_level", "service level"), ("queue", "contacts waiting")):
        mean = [
            row["mean"]
            for row in rows
            if (row["name"], row["measure"]) == (channel, measure) and row["mean"] is not None
        ]
        if mean:
            show = percent if measure == "service_level" else number_text
            said.append(f"{words} between {show(min(mean))} and {show(max(mean))} by interval")
    return ", ".join(said) + "."


def staffing_words(rows: Rows) -> str:
    """Return how many agents of each pool are at work at most."""
    most: dict[str, float] = {}
    for row in rows:
        if row["measure"] == "staffed":
            most[row["name"]] = max(most.get(row["name"], 0.0), row["mean"] or 0.0)
    said = ", ".join(f"{name} {number_text(count)}" for name, count in most.items())
    return f"Agents at work at most: {said}."


def heat_words(rows: Rows) -> str:
    """Return the hours with most contacts and the longest wait."""
    busiest = max(rows, key=lambda row: row["offered"])
    waited = [row for row in rows if row["wait"] is not None]
    text = (
        f"Most come to {busiest['channel']} on {busiest['weekday'].title()} at {busiest['hour']}: "
        f"{number_text(busiest['offered'])} in the hour."
    )
    if waited:
        longest = max(waited, key=lambda row: row["wait"])
        text += (
            f" They wait longest for {longest['channel']} on {longest['weekday'].title()} at "
            f"{longest['hour']}: {seconds_text(longest['wait'])}."
        )
    return text


def funnel_words(rows: Rows) -> str:
    """Return for each channel who came and had the need met, and the largest way out."""
    said = []
    for channel in dict.fromkeys(row["channel"] for row in rows):
        mine = [row for row in rows if row["channel"] == channel]
        stages = [row for row in mine if row["row"] == "stage"]
        exits = sorted((row for row in mine if row["row"] == "exit"), key=lambda row: -row["share"])
        text = (
            f"{channel}: {number_text(stages[0]['contacts'])} came, "
            f"{percent(stages[-1]['share'])} had the need met"
        )
        if exits:
            text += f", most others: {exits[0]['name']} {percent(exits[0]['share'])}"
        said.append(text)
    return ". ".join(said) + "."


def curve_words(rows: Rows) -> str:
    """Return hours and service level of each scenario."""
    return "; ".join(
        f"{row['scenario']}: {number_text(row['staffed_hours'])} agent hours, service level "
        f"{percent(row['service_level'])}"
        for row in rows
    )
