"""One customer who is worse off, and one who is better off, kept to be told side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from journeysim.comparison.better_and_worse_off import Change, Pairs, middle_of
from journeysim.tables.columns import CONTACTS, JOURNEYS, schema
from journeysim.tables.run import Replication

TOLD: tuple[Change, ...] = ("worse", "better")


@dataclass(frozen=True, slots=True)
class Told:
    """A customer's journey in the baseline and in a variant.

    Attributes
    ----------
    change
        Whether the customer is better or worse off.
    journeys, contacts
        Rows of the tables of a run, of the baseline and of the variant.
    """

    variant: str
    change: Change
    replication: int
    customer: int
    journeys: tuple[pa.Table, pa.Table]
    contacts: tuple[pa.Table, pa.Table]


def told_of(pairs: Pairs, baseline: Replication, variant: Replication, *, name: str) -> list[Told]:
    """Return the middle one of those who are worse off, and of those who are better off."""
    found = []
    for change in TOLD:
        pair = middle_of(pairs, change)
        if pair is not None:
            rows = pairs.baseline.row[pairs.before[pair]], pairs.variant.row[pairs.after[pair]]
            both = [
                journey_of(side, int(row))
                for side, row in zip((baseline, variant), rows, strict=True)
            ]
            customer = int(pairs.baseline.customer[pairs.before[pair]])
            journeys, contacts = zip(*both, strict=True)
            found.append(Told(name, change, baseline.number, customer, journeys, contacts))
    return found


def journey_of(replication: Replication, row: int) -> tuple[pa.Table, pa.Table]:
    """Return one row of the journeys table and its contacts."""
    journey = replication.journeys.slice(row, 1)
    first, many = journey["first_contact"][0].as_py(), journey["contacts"][0].as_py()
    return journey, replication.contacts.slice(first, many)


def told_tables(told: Mapping[tuple[str, str], Told]) -> tuple[pa.Table, pa.Table]:
    """Return the journeys and the contacts of all who can be told, each with whose they are."""
    journeys, contacts = [], []
    for one in told.values():
        for place, side in enumerate(("baseline", "variant")):
            journeys.append(_labelled(one.journeys[place], one, side))
            contacts.append(_labelled(one.contacts[place], one, side))
    if not journeys:
        return _empty(schema(JOURNEYS)), _empty(schema(CONTACTS))
    return pa.concat_tables(journeys), pa.concat_tables(contacts)


_LABELS = {
    "variant": "What is compared with the baseline.",
    "side": "Whether the row is of the baseline or of the variant.",
    "change": "Whether the customer is better or worse off in the variant.",
    "replication": "Number of the replication.",
}


def _label_fields() -> list[pa.Field]:
    return [
        pa.field(
            name,
            pa.int64() if name == "replication" else pa.string(),
            metadata={"meaning": meaning},
        )
        for name, meaning in _LABELS.items()
    ]


def _labelled(table: pa.Table, told: Told, side: str) -> pa.Table:
    said = (told.variant, side, told.change, told.replication)
    for place, (field, value) in enumerate(zip(_label_fields(), said, strict=True)):
        column = pa.repeat(pa.scalar(value, field.type), table.num_rows)
        table = table.add_column(place, field, column)
    return table


def _empty(layout: pa.Schema) -> pa.Table:
    return pa.schema([*_label_fields(), *layout]).empty_table()
