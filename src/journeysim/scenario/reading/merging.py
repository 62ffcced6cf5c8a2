"""One scenario laid over another: what `extends` and the `change` of a variant do.

Tables merge key by key, everything else replaces. Where a table can say the same thing in
several forms, a form given by the overlay drops the forms that it contradicts.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final

from journeysim.scenario.changes.key_paths import Document, Path, fits
from journeysim.units import WEEKDAYS

_FORMS: Final = ("counts", "rates", "rate", "gaps", "file")
#: Keys that only make sense with counts or rates over steps of the day.
_STEPS: Final = ("from", "every", "at", "shape", *WEEKDAYS)


def merge_documents(base: Document, overlay: Mapping[str, Any], path: Path = ()) -> Document:
    """Return `base` with `overlay` laid over it; neither is changed."""
    merged = copy.copy(base)
    for key, value in overlay.items():
        place = (*path, key)
        below = opened(place, merged.get(key))
        if not isinstance(value, dict) or not isinstance(below, dict) or "distribution" in value:
            merged[key] = copy.deepcopy(value)
        elif is_interval_table(place):
            merged[key] = merge_documents(_without_other_forms(below, value), value, place)
        else:
            merged[key] = merge_documents(below, value, place)
    return merged


def is_interval_table(path: Path) -> bool:
    """Return whether a table over the day belongs at this path."""
    return fits(path, "segments.*.arrivals") or fits(path, "pools.*.agents")


def opened(path: Path, value: Any) -> Any:
    """Return the table that a shorthand at this path stands for, or the value as it is."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if fits(path, "pools.*.agents") and number:
        return {"counts": [value]}
    if fits(path, "channels.*.opening") and isinstance(value, str | list):
        return {"default": value}
    if len(path) > 2 and path[-3] == "after" and number:
        return {"share": value}
    return value


def _without_other_forms(base: Document, overlay: Mapping[str, Any]) -> Document:
    dropped: set[str] = set()
    given = [form for form in _FORMS if form in overlay]
    if given:
        dropped.update(_FORMS, ("column", "sheet"))
        if not any(form in base and form in given for form in ("counts", "rates")):
            # Weekdays of the other form mean something else; the grid may be kept.
            dropped.update(WEEKDAYS, ("shape",))
        if not any(form in given for form in ("counts", "rates")):
            dropped.update(_STEPS)
    if "at" in overlay:
        dropped.update(("from", "every"))
    if "every" in overlay or "from" in overlay:
        dropped.add("at")
    return {key: value for key, value in base.items() if key not in dropped}
