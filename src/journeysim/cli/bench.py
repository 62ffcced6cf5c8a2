"""`journeysim bench`: how fast things are on this machine, and whether they are right."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from journeysim.cli.bench_progress import BenchProgress
from journeysim.cli.options import in_words, json_option
from journeysim.cli.screen import complain, print_json, say

if TYPE_CHECKING:
    import pyarrow as pa

    from journeysim.bench.benchmark_journeys import BenchmarkJourneys
    from journeysim.bench.history import Against, Record
    from journeysim.bench.results import Results

#: Fewer turns can hardly ever show a slowdown.
_FEWEST_TURNS = 4


@click.group()
def bench() -> None:
    """Measure how fast this machine does what it does."""


@bench.command()
@click.option(
    "-n",
    "--journeys",
    type=click.IntRange(1, 1_000_000_000),
    default=1_000_000,
    show_default=True,
    metavar="COUNT",
    help="Made-up journeys to score.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=1,
    show_default=True,
    metavar="NUMBER",
    help="Of the made-up journeys.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Score the journeys of a run instead.",
)
@click.option(
    "--kernel",
    type=click.Path(path_type=Path),
    metavar="FILE.py",
    help="Measure the kernels in a file of your own.",
)
@click.option("--measures", callback=in_words, metavar="WORDS", help="Score these, together.")
@click.option(
    "--backends",
    callback=in_words,
    metavar="WORDS",
    help="Who takes part; default: journeysim and whoever is installed of the rivals.",
)
@click.option(
    "--rivals",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the other tools' modules; default: benchmarks/rivals of a checkout.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 1024),
    metavar="COUNT",
    help="Most threads; default: one per processor. One thread is always measured.",
)
@click.option(
    "--runs",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    metavar="COUNT",
    help="Turns of each, in processes of their own.",
)
@click.option("--no-compile-time", is_flag=True, help="Do not measure how long compiling takes.")
@click.option(
    "--history", type=click.Path(path_type=Path), metavar="FILE", help="Add the results to it."
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with a history; exit code 5 if slower beyond noise.",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write them as Arrow."
)
@json_option
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def score(
    *,
    journeys: int,
    seed: int,
    data: Path | None,
    kernel: Path | None,
    measures: Sequence[str] | None,
    backends: Sequence[str] | None,
    rivals: Path | None,
    jobs: int | None,
    runs: int,
    no_compile_time: bool,
    history: Path | None,
    against: Path | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Time the kernels that score journeys, beside other tools.

    Everybody scores the same mapped files, and no time is printed before all agree.
    """
    from journeysim.bench.benchmark_journeys import BenchmarkJourneys
    from journeysim.bench.history import remember

    records = _records(against, runs)
    _use_rivals(rivals, wanted=backends is None and kernel is None)
    results = _measured(
        BenchmarkJourneys(data, journeys, seed),
        measures,
        kernel,
        backends=backends,
        jobs=jobs,
        runs=runs,
        compiling=not no_compile_time,
        quiet=quiet,
    )
    # Compared before they are kept, or they would be compared with themselves.
    found = None if against is None else _compared(against, records, results)
    if out is not None:
        _write(out, results.table())
    if history is not None:
        remember(history, results)
    _show(results, found, [path for path in (out, history) if path is not None], as_json=as_json)
    if found is not None and found.slower:
        raise click.exceptions.Exit(5)


def _use_rivals(folder: Path | None, *, wanted: bool) -> None:
    """Let the processes of the benchmark know where the other tools' modules are."""
    from journeysim.bench.backend import RIVALS, WHERE_RIVALS_ARE, rivals_folder

    if folder is not None:
        os.environ[RIVALS] = str(folder.absolute())
    if rivals_folder() is None and wanted:
        complain(f"journeysim alone is measured: {WHERE_RIVALS_ARE}")


def _measured(
    source: BenchmarkJourneys,
    measures: Sequence[str] | None,
    kernel: Path | None,
    *,
    backends: Sequence[str] | None,
    jobs: int | None,
    runs: int,
    compiling: bool,
    quiet: bool,
) -> Results:
    from journeysim.bench.benchmark import Benchmark, measure
    from journeysim.bench.machine import available_cores

    groups = source.groups(measures, kernel)
    with (
        BenchProgress(wanted=not quiet) as progress,
        source.opened(groups, progress.report) as directory,
    ):
        wanted = Benchmark(
            directory=directory,
            replication=source.replication,
            origin=source.origin,
            groups=groups,
            backends=backends,
            jobs=jobs or available_cores(),
            runs=runs,
            kernel=kernel,
            alone=measures is None and kernel is None,
            compiling=compiling,
        )
        results, untwinned = measure(wanted, progress.report)
    if untwinned:
        names = ", ".join(untwinned)
        complain(f"warning: {names}: no naive twin, so nobody can say whether it is right")
    return results


def _show(
    results: Results, found: Against | None, written: Sequence[Path], *, as_json: bool
) -> None:
    from journeysim.cli.bench_report import document, print_against, print_results

    if as_json:
        print_json(document(results, found))
        return
    print_results(results)
    if found is not None:
        print_against(found)
    for path in written:
        say(f"The results are in {path}.")


def _records(path: Path | None, runs: int) -> list[Record]:
    """Read the history first: nobody likes to wait for an error."""
    from journeysim.bench.history import read_history

    if path is None:
        return []
    if runs < _FEWEST_TURNS:
        remedy = f"take {_FEWEST_TURNS} or more"
        raise click.UsageError(f"--runs {runs} can never show a slowdown; {remedy}")
    return read_history(path)


def _compared(path: Path, records: list[Record], results: Results) -> Against:
    from journeysim.bench.backend import COMPILED
    from journeysim.bench.history import against as compared

    return compared(path, records, results, contender=COMPILED)


def _write(path: Path, table: pa.Table) -> None:
    import pyarrow as pa

    from journeysim.errors import RunError

    try:
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error})") from error
