"""A run as CJML 2.0: an actual journey per journey, a communication point per contact.

The element names are those of the example on cjml.no; it has none for times, so they stand in the
labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

from journeysim.exports.xes import journeys_of

_COMPANY = "company"


def write_cjml(blocks: Iterable[pa.Table], path: Path) -> None:
    """Write contacts as CJML."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<CJML version="2.0">\n')
        for case, rows in journeys_of(blocks):
            customer = f"customer {rows[0]['customer']}"
            file.write(
                f"<actualJourney><journeyID>{escape(case)}</journeyID>\n"
                f"<actors><endUser actorID={quoteattr(customer)}>"
                f"<actorName>{escape(rows[0]['segment'])}</actorName></endUser>"
                f"<serviceProvider actorID={quoteattr(_COMPANY)}>"
                f"<companyName>{_COMPANY}</companyName></serviceProvider></actors>\n"
                "<touchpoints>\n"
            )
            for row in rows:
                file.write(_point(case, customer, row))
            file.write("</touchpoints></actualJourney>\n")
        file.write("</CJML>\n")


def _point(case: str, customer: str, row: dict[str, Any]) -> str:
    ended = "" if row["end"] is None else f" {row['end'].isoformat(timespec='seconds')}"
    comes = f"{row['cause']} {row['start'].isoformat(timespec='seconds')}"
    return (
        "<actualCommunicationPoint>"
        f"<touchpointID>{escape(case)}-{row['contact']}</touchpointID>"
        f"<initiator><refersTo actorIDref={quoteattr(customer)}/>"
        f"<initiatorLabel>{escape(comes)}</initiatorLabel></initiator>"
        f"<receiver><refersTo actorIDref={quoteattr(_COMPANY)}/>"
        f"<receiverLabel>{escape(row['outcome'] + ended)}</receiverLabel></receiver>"
        f"<channel><channelName>{escape(row['activity'])}</channelName></channel>"
        "</actualCommunicationPoint>\n"
    )
