"""`journeysim calibrate`: from a contact log to a scenario, and whether it fits."""

from __future__ import annotations

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


@click.command()
@click.argument("log", type=click.Path(path_type=Path))
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
@click.option("--unit", callback=in_ticks, metavar="TIME", help="Of bare durations; default: 1s.")
@click.option("--time-format", metavar="FORM", help="Of times, e.g. '%d/%m/%Y %H:%M'.")
@click.option("--opening", metavar="HOURS", help="E.g. 07:00-24:00; default: as the log shows.")
@click.option("-y", "--yes", is_flag=True, help="Take the columns that were guessed.")
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
    log: Path,
    out: Path | None,
    maps: Sequence[str],
    unit: int | None,
    time_format: str | None,
    opening: str | None,
    yes: bool,
    held_out: Path | None,
    replications: int,
    tables: Path | None,
    report: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Make a scenario from a contact log, and say how well it fits.

    LOG has a row per contact (CSV, Parquet or Arrow), per activity of a case, or per interval with
    a count. Nothing is dropped without being counted by reason.
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
    given = replace(given, **{name: value for name, value in changes.items() if value is not None})
    used = _confirmed(log, given, yes=yes, quiet=as_json)
    found = calibrated(log, map=used)
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
    _say_next(log, out, tables)


def _confirmed(log: Path, given: ColumnMap, *, yes: bool, quiet: bool) -> ColumnMap:
    """Return the whole map, once somebody has said that what was guessed is right."""
    from journeysim.calibration.column_map import completed
    from journeysim.calibration.log_files import log_columns
    from journeysim.cli.text_layout import Table

    used, guessed = completed(given, log_columns(log), log.name)
    if not quiet:
        rows = [
            (role, column, "guessed" if role in guessed else "given")
            for role, column in used.columns.items()
        ]
        print_table(Table(f"How {log.name} is read", ("part", "column", ""), rows, names=3))
        say()
    if not guessed or yes:
        return used
    if not sys.stdin.isatty():
        raise LogError(
            f"{log}: {len(guessed)} columns were guessed by name; look at them above and add --yes,"
            " or say which they are with --map"
        )
    if not click.confirm("Is this right?", default=True):
        raise LogError("say which column is what with --map, e.g. --map wait=q_time")
    return used


def _write_tables(folder: Path, found: Calibration, test: Backtest | None) -> None:
    import pyarrow as pa

    folder.mkdir(parents=True, exist_ok=True)
    made = {"figures": found.figures()}
    if test is not None:
        made |= {"backtest_days": test.days(), "backtest_intervals": test.intervals()}
        made["backtest"] = test.whole()
    for name, table in made.items():
        with (
            pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink,
            pa.ipc.new_file(sink, table.schema) as writer,
        ):
            writer.write_table(table)


def _say_next(log: Path, out: Path | None, tables: Path | None) -> None:
    say()
    if tables is not None:
        say(f"The tables are in {tables}.")
    if out is None:
        say("Nothing was written; keep the scenario with")
        command_line(f"journeysim calibrate {log} -o scenario.toml")
        return
    say_hanging("Wrote", f"{out}, with what every figure rests on. Next:", indent=6)
    command_line(f"journeysim check {out}")
    command_line(f"journeysim run {out}")
