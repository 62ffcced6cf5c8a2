"""`journeysim calibrate`: from a contact log to a scenario, and whether it fits."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from journeysim.cli.options import in_ticks, json_option
from journeysim.cli.progress import ProgressBar
from journeysim.cli.screen import command_line, print_table, say, say_hanging
from journeysim.errors import LogError

if TYPE_CHECKING:
    from journeysim.calibration import Backtest, Calibration, ColumnMap
    from journeysim.calibration.log_reading import Reading

#: Words of a part that are shown; a log has hundreds of needs.
_MOST_WORDS = 12


@click.command()
@click.argument("logs", metavar="LOG...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the scenario there.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="PART=COLUMN",
    help="Which column is what, e.g. wait=q_time; or what words mean, e.g. "
    "outcome.abandoned=HANG,AB; or a TOML file that says both. May be repeated.",
)
@click.option(
    "--unit",
    callback=in_ticks,
    metavar="TIME",
    help="Of bare durations; default: as the column's name ends, else 1s.",
)
@click.option("--time-format", metavar="FORM", help="Of times, e.g. '%d/%m/%Y %H:%M'.")
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    help="Order in dates such as 3/4/2024; default: as the days show.",
)
@click.option(
    "--zone",
    metavar="ZONE",
    help="Whose clock counts where times have an offset, e.g. Europe/Berlin; default: their own.",
)
@click.option(
    "--decimal", type=click.Choice([".", ","]), help="Sign before a fraction; default: as shown."
)
@click.option("--sheet", metavar="NAME", help="Of a workbook with several.")
@click.option("--opening", metavar="HOURS", help="E.g. 07:00-24:00; default: as the log shows.")
@click.option("-y", "--yes", is_flag=True, help="Take the columns that were guessed.")
@click.option("--anyway", is_flag=True, help="Go on with a log that was plainly misread.")
@click.option(
    "--backtest",
    "held_out",
    type=click.Path(path_type=Path),
    metavar="LOG",
    help="Simulate the days of another log and lay them beside it.",
)
@click.option(
    "-n",
    "--replications",
    type=click.IntRange(10, 10_000),
    default=100,
    show_default=True,
    metavar="COUNT",
    help="Of every day of the back-test.",
)
@click.option(
    "--tables",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the figures and the back-test there as Arrow files.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the back-test there as a page to show (HTML).",
)
@click.option("--force", is_flag=True, help="Replace the scenario file if it exists.")
@json_option
def calibrate(
    *,
    logs: Sequence[Path],
    out: Path | None,
    maps: Sequence[str],
    unit: int | None,
    time_format: str | None,
    opening: str | None,
    dates: str | None,
    zone: str | None,
    decimal: str | None,
    sheet: str | None,
    yes: bool,
    anyway: bool,
    held_out: Path | None,
    replications: int,
    tables: Path | None,
    report: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Make a scenario from a contact log, and say how well it fits.

    LOG has a row per contact, per activity of a case, or per interval with a count: CSV, Excel,
    Parquet or Arrow; several files with the same columns are one log. Nothing is dropped without
    being counted by reason.
    """
    from journeysim.calibration import backtest, read_map
    from journeysim.calibration import calibrate as calibrated
    from journeysim.cli.calibrate_report import print_calibration, print_json_document

    if out is not None and out.exists() and not force:
        raise click.UsageError(f"{out} exists; name another, or replace it with --force")
    if report is not None and held_out is None:
        raise click.UsageError("--report shows a back-test: name its log with --backtest")
    given = read_map(maps)
    changes: dict[str, Any] = {"unit": unit, "time_format": time_format, "opening": opening}
    changes |= {"dates": dates, "zone": zone, "decimal": decimal, "sheet": sheet}
    given = replace(given, **{name: value for name, value in changes.items() if value is not None})
    reading = _confirmed(logs, given, yes=yes, quiet=as_json)
    found = calibrated(reading, anyway=anyway)
    if out is not None:
        out.write_text(found.to_toml(), encoding="utf-8")
    test = None
    if not as_json:
        print_calibration(found)
    if held_out is not None:
        with ProgressBar(wanted=True, of="days") as bar:
            test = backtest(
                found,
                held_out,
                replications=replications,
                progress=bar.report,
            )
    if tables is not None:
        _write_tables(tables, found, test)
    if report is not None and test is not None:
        from journeysim.calibration.backtest_page import write_backtest_report

        write_backtest_report(test, report)
    if as_json:
        print_json_document(found, test)
        return
    if test is not None:
        from journeysim.cli.backtest_report import print_backtest

        print_backtest(test)
    if report is not None:
        say()
        say(f"The back-test to show is in {report}.")
    _say_next(logs, out, tables)


def _confirmed(logs: Sequence[Path], given: ColumnMap, *, yes: bool, quiet: bool) -> Reading:
    """Return the log as read, once somebody has said that what was guessed is right."""
    from journeysim.calibration.log_reading import read_log

    reading = read_log(logs, given)
    if not quiet:
        _show_reading(reading)
    if not reading.guessed or yes:
        return reading
    if not sys.stdin.isatty():
        raise LogError(
            f"{reading.log.source}: {len(reading.guessed)} guessed columns; look at them above and "
            "add --yes, or say which they are with --map"
        )
    if not click.confirm("Is this right?", default=True):
        raise LogError("say which column is what with --map, e.g. --map wait=q_time")
    return reading


def _show_reading(reading: Reading) -> None:
    """Print which column was taken for what, and what each word was taken for."""
    from journeysim.cli.text_layout import Table

    rows = [
        (role, column, "guessed" if role in reading.guessed else "given")
        for role, column in reading.map.columns.items()
        if column
    ]
    print_table(Table(f"How {reading.log.source} is read", ("part", "column", ""), rows, names=3))
    say()
    shown = []
    for part in dict.fromkeys(word.part for word in reading.words):
        own = [word for word in reading.words if word.part == part]
        shown += [(part, word.word, word.meaning, str(word.rows)) for word in own[:_MOST_WORDS]]
        if len(own) > _MOST_WORDS:
            rest = sum(word.rows for word in own[_MOST_WORDS:])
            shown.append((part, f"{len(own) - _MOST_WORDS} more", "", str(rest)))
    if shown:
        headers = ("part", "word", "taken for", "rows")
        print_table(Table("What its words were taken for", headers, shown, names=3))
        say()


def _write_tables(folder: Path, found: Calibration, test: Backtest | None) -> None:
    import pyarrow as pa

    folder.mkdir(parents=True, exist_ok=True)
    made = {"figures": found.estimates()}
    if test is not None:
        made |= {"backtest_days": test.days(), "backtest_intervals": test.intervals()}
        made["backtest"] = test.whole()
    for name, table in made.items():
        with (
            pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink,
            pa.ipc.new_file(sink, table.schema) as writer,
        ):
            writer.write_table(table)


def _say_next(logs: Sequence[Path], out: Path | None, tables: Path | None) -> None:
    say()
    if tables is not None:
        say(f"The tables are in {tables}.")
    if out is None:
        say("Nothing was written; keep the scenario with")
        command_line(f"journeysim calibrate {shlex.join(map(str, logs))} -o scenario.toml")
        return
    say_hanging("Wrote", f"{out}, with what every figure rests on. Next:", indent=6)
    command_line(f"journeysim check {out}")
    command_line(f"journeysim run {out}")
