"""The chapters about time: over the day, by hour, and staffing."""

from __future__ import annotations

from typing import Final

from journeysim.comparison.agent_hours import staffing_table
from journeysim.measures.portrait.portrait import made_of
from journeysim.reports import captions, plot
from journeysim.reports import page_tables as tables
from journeysim.reports.charts.day import main_pool, queue_channels
from journeysim.reports.charts.day import pools as pools_of
from journeysim.reports.page import Picture, Section, picture
from journeysim.reports.report_subject import Subject

#: Channels with a day of their own.
_MOST_CHANNELS: Final = 3


def day(subject: Subject) -> Section:
    """Return the day of each busy queue."""
    channels = queue_channels(subject.rows("day", None)[0])[:_MOST_CHANNELS]
    pictures = tuple(
        _day_of(subject, channel, variant) for channel in channels for variant in subject.drawn
    )
    lead = () if pictures else ("Nobody queues in this service.",)
    return Section("day", "Over the day", lead=lead, pictures=pictures)


def _day_of(subject: Subject, channel: str, variant: str | None) -> Picture:
    rows = subject.rows("day", None)[0]
    pool = main_pool(rows, channel)
    series = [(channel, "service_level"), (channel, "queue")]
    series += [(pool, "staffed"), (pool, "busy")] if pool else []
    return picture(
        subject.name(f"day-{channel}", variant),
        subject.heading(f"The day of {channel}", variant),
        plot.day,
        tables.day_table(subject.rows_by_name("day", variant), series, starts_on=subject.starts_on),
        words=captions.day_words(rows, channel),
        note=f"Mean by interval{subject.band}. {subject.note}",
        what=subject.source,
        variant=variant,
        channel=channel,
    )


def hours(subject: Subject) -> Section:
    """Return heat maps by hour."""
    columns = ("weekday", "hour", "channel", "offered", "wait", "service_level", "total")
    rows = subject.rows("hours", None)[0]
    if not rows:
        return Section("hours", "By hour", lead=("Nobody queues in this service.",))
    return Section(
        "hours",
        "By hour",
        pictures=tuple(
            picture(
                subject.name("hours", variant),
                subject.heading("How many come, and how long they wait", variant),
                plot.heat,
                tables.plain_table(
                    subject.tables("hours", variant), columns, named=subject.is_comparison
                ),
                words=captions.heat_words(rows),
                note=f"Wait of those who got in during the hour. {subject.note}",
                what=subject.source,
                variant=variant,
            )
            for variant in subject.drawn
        ),
    )


def staffing(subject: Subject) -> Section:
    """Return agents at work, and what they buy."""
    rows = subject.rows("day", None)[0]
    names = pools_of(rows)
    if not names:
        return Section("staffing", "Staffing", lead=("This service has no agents at work.",))
    series = [(name, measure) for name in names for measure in ("staffed", "busy")]
    pictures = []
    curve = None if subject.comparison is None else staffing_table(subject.comparison)
    if curve is not None and curve.num_rows:
        columns = ("scenario", "channel", "staffed_hours", "service_level", "replications")
        pictures.append(
            picture(
                "curve",
                "What hours at work buy",
                plot.staffing_curve,
                tables.plain_table({"": curve}, columns, named=False),
                words=captions.curve_words(curve.to_pylist()),
                note="Each mark is a scenario, with the 95 % interval of its service level. "
                f"n = {made_of(subject.baseline.steps, 'replications')} replications each.",
                comparison=subject.source,
            )
        )
    pictures += [
        picture(
            subject.name("staffing", variant),
            subject.heading("Agents at work and busy", variant),
            plot.staffing,
            tables.day_table(
                subject.rows_by_name("day", variant), series, starts_on=subject.starts_on
            ),
            words=captions.staffing_words(rows),
            note=f"Mean by interval{subject.band}. {subject.note}",
            what=subject.source,
            variant=variant,
        )
        for variant in subject.drawn
    ]
    return Section("staffing", "Staffing", pictures=tuple(pictures))
