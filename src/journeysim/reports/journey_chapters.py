"""The chapters about journeys: the map, where people go, who falls out."""

from __future__ import annotations

from typing import Final

from journeysim.reports import captions, plot
from journeysim.reports import page_tables as tables
from journeysim.reports.page import Section, picture
from journeysim.reports.report_subject import Subject

_MAP: Final = (
    "From left to right, the touchpoints where most of those go who go on. Wait is the time in "
    "queues; effort and emotion follow the weights named in the evidence. The dotted line is a "
    "contact that is neither good nor bad; the band holds 8 of 10 contacts."
)
_FLOW: Final = (
    "Each column is a further contact, or the end after the contact before. The height is the "
    "share of all journeys."
)


def journey_map(subject: Subject) -> Section:
    """Return the journey map."""
    columns = (
        *("step", "touchpoint", "path_place", "handler", "control", "contacts", "share"),
        *("wait", "effort", "emotion", "emotion_p10", "emotion_p90", "left", "total"),
    )
    return Section(
        "map",
        "The journey map",
        lead=(_MAP,),
        pictures=tuple(
            picture(
                subject.name("map", variant),
                subject.heading("Journey map", variant),
                plot.journey_map,
                tables.plain_table(
                    subject.tables("steps", variant), columns, named=subject.is_comparison
                ),
                words=captions.map_words(*subject.rows("steps", variant)),
                note="Contacts at each step, of all who get there; lines at the ends of bars "
                f"are 95 % intervals. {subject.note}",
                what=subject.source,
                variant=variant,
            )
            for variant in subject.drawn
        ),
    )


def flow(subject: Subject) -> Section:
    """Return where people go."""
    columns = ("step", "source", "target", "journeys", "total")
    names = [subject.names[0], *subject.variants]
    return Section(
        "flow",
        "Where people go",
        lead=(_FLOW,),
        pictures=tuple(
            picture(
                subject.name("flow", None if place == 0 else name),
                f"Flow between channels: {name}",
                plot.flow,
                tables.plain_table(
                    {name: subject.source.portraits[name].flows}, columns, named=False
                ),
                words=captions.flow_words(subject.source.rows(name, "flows")),
                note=f"Flows of less than 1 in 125 journeys have no name. {subject.note}",
                what=subject.source,
                scenario=name,
            )
            for place, name in enumerate(names)
        ),
    )


def funnel(subject: Subject) -> Section:
    """Return who falls out."""
    columns = ("channel", "row", "stage", "name", "contacts", "share", "total")
    return Section(
        "funnel",
        "Who falls out, and why",
        pictures=tuple(
            picture(
                subject.name("funnel", variant),
                subject.heading("Contacts of each channel", variant),
                plot.funnel,
                tables.plain_table(
                    subject.tables("funnel", variant), columns, named=subject.is_comparison
                ),
                words=captions.funnel_words(subject.rows("funnel", None)[0]),
                note="Contacts per replication, and their share of all that came. Whose need "
                f"was not met may come again. {subject.note}",
                what=subject.source,
                variant=variant,
            )
            for variant in subject.drawn
        ),
    )
