"""A report: one file that tells what a run or a comparison says, and what it rests on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from journeysim.arguments import local_path
from journeysim.errors import RunError
from journeysim.reports.chapters import Chapters
from journeysim.reports.page import Page
from journeysim.reports.report_source import Reportable, source_of

#: Variants that are drawn if none is named; all of them have their answer.
MOST_DRAWN = 3


def write_report(
    what: Reportable, out: str | Path = "report.html", *, variants: Sequence[str] = ()
) -> Path:
    """Write a report of a run or a comparison: one HTML file that needs nothing else.

    Parameters
    ----------
    what
        A run, a comparison, or the directory of one. A comparison needs what it keeps when it is
        written with ``out=``, or made with ``portraits=True``.
    out
        Where to write it.
    variants
        Which variants are drawn; default: the first three. The answer is about all.

    Returns
    -------
    Where it was written.

    Raises
    ------
    RunError
        If a directory holds neither a run nor a comparison, or the file cannot be written.
    CompareError
        If a comparison lacks what is drawn, or has no such variant.
    """
    place = local_path("out", out)
    check_place(place)
    return write_page(place, report_html(what, variants=variants))


def report_html(what: Reportable, *, variants: Sequence[str] = ()) -> str:
    """Return the report as HTML; see `write_report`."""
    source = source_of(what)
    chapters = Chapters(source, variants)
    page = Page(
        title=chapters.title,
        subtitle=chapters.subtitle,
        sentences=chapters.sentences,
        sections=chapters.sections(),
        foot=chapters.foot,
    )
    return page.html()


def check_place(place: Path) -> None:
    """Raise RunError if a page cannot be written there."""
    if place.is_dir():
        raise RunError(f"{place}: is a directory; name a file, such as {place / 'report.html'}")


def write_page(place: Path, text: str) -> Path:
    """Write a file that is there as a whole or not at all; return where."""
    check_place(place)
    try:
        place.absolute().parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(
            prefix=f".{place.name}-", suffix=".partial", dir=place.absolute().parent
        )
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            umask = os.umask(0)
            os.umask(umask)
            Path(partial).chmod(0o666 & ~umask)
            Path(partial).replace(place)
        finally:
            Path(partial).unlink(missing_ok=True)
    except OSError as error:
        raise RunError(f"{place}: cannot be written ({error.strerror or error})") from error
    return place
