"""`journeysim score`: what journeys were like for customers, and what they are worth."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from journeysim.cli.options import in_ticks, in_words, json_option, level_option
from journeysim.cli.progress import ProgressBar
from journeysim.cli.screen import command_line, complain, say

if TYPE_CHECKING:
    import pyarrow as pa

    from journeysim.measures.experience import LogMap, Weights
    from journeysim.measures.experience.summaries import Scores


@click.command()
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path), required=False)
@click.option(
    "--log",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Score a log of contacts instead: CSV, Parquet or Arrow.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="OURS=THEIRS",
    help="Column of the log, e.g. customer=cust_id; or a word, e.g. outcome.abandoned=ABN.",
)
@click.option(
    "--unit", callback=in_ticks, default="1s", metavar="TIME", help="Of bare times in the log."
)
@click.option("--sort", is_flag=True, help="Sort the log by journey and time first, in memory.")
@click.option(
    "--by", callback=in_words, metavar="WORDS", help="Break down by segment, need, channel."
)
@click.option(
    "--measure",
    "measures",
    callback=in_words,
    multiple=True,
    metavar="NAME",
    help="Score this measure only. May be repeated.",
)
@click.option(
    "--weights",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Weights in TOML; default: those of the run's scenario.",
)
@click.option(
    "--kernel",
    type=click.Path(path_type=Path),
    metavar="FILE.py",
    help="Score the measures in a file of your own as well.",
)
@click.option("--curve", is_flag=True, help="Show the emotion curve instead.")
@click.option("--assumptions", is_flag=True, help="List every weight with what it rests on.")
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="COUNT", help="Threads.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write the scores of a log, as Arrow.",
)
@click.option("--no-out", is_flag=True, help="Write nothing into the run directory.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@level_option
@json_option
@click.pass_context
def score(context: click.Context, /, **options: Any) -> None:
    """Score journeys: effort, experience, anger, churn, cost and value.

    DIR is a run directory; the scores of its journeys are written to DIR/scores.
    """
    try:
        _score(**options)
    except KeyboardInterrupt:
        complain("stopped: scores that were not complete are not kept")
        context.exit(130)


def _score(
    *,
    place: Path | None,
    log: Path | None,
    kernel: Path | None,
    assumptions: bool,
    curve: bool,
    **options: Any,
) -> None:
    from journeysim.cli.journey_score_report import print_assumptions
    from journeysim.measures.experience.kernel_file import register_file
    from journeysim.measures.experience.score_journeys import is_compiled
    from journeysim.measures.experience.summaries import refuse_unknown

    if place is not None and log is not None:
        raise click.UsageError("name a run directory or --log, not both")
    if place is None:
        _refuse(options, ("no_out",), "a run directory")
    if log is None:
        _refuse(options, ("maps", "sort", "out"), "--log")
    if place is None and log is None and not assumptions:
        raise click.UsageError("name a run directory, or a log with --log")
    if assumptions:
        print_assumptions(_weights(options["weights"], place), as_json=options["as_json"])
        return
    # Before anything is written.
    if kernel is not None:
        register_file(kernel)
    refuse_unknown(options["by"] or ())
    if not (options["quiet"] or is_compiled()):
        complain("compiling the kernels first, once per version: a quarter of a minute")
    if curve:
        _curve(place, log, options)
    elif place is not None:
        _score_run(place, options)
    else:
        assert log is not None
        _score_log(log, options)


def _refuse(options: dict[str, Any], names: Sequence[str], needed: str) -> None:
    for name in names:
        if options[name]:
            option = {"maps": "map"}.get(name, name).replace("_", "-")
            raise click.UsageError(f"--{option} needs {needed}")


def _weights(path: Path | None, place: Path | None) -> Weights:
    from dataclasses import replace

    from journeysim.measures.experience import Weights, weights_of

    if place is None:
        return Weights.default() if path is None else Weights.read(path)
    from journeysim.cli.open_run import opened

    _, scenario = opened(place)
    own = weights_of(scenario.world)
    if path is None:
        return own
    # Weights of a file, with the kinds and costs of the scenario's channels.
    read = Weights.read(path)
    channels = {
        name: replace(
            read.channels.get(name, facts),
            kind=facts.kind,
            cost=read.channels[name].cost if _has_cost(read, name) else facts.cost,
        )
        for name, facts in own.channels.items()
    }
    return replace(read, channels=channels, pool_costs=own.pool_costs)


def _has_cost(weights: Weights, channel: str) -> bool:
    return channel in weights.channels and weights.channels[channel].cost is not None


def _score_run(place: Path, options: dict[str, Any]) -> None:
    from journeysim.cli.journey_score_report import print_scores
    from journeysim.cli.open_run import opened
    from journeysim.measures.experience import score_journeys, write_scores
    from journeysim.measures.experience.file_pieces import FileTable
    from journeysim.measures.experience.score_files import SCORES
    from journeysim.tables.run import table_path

    run, scenario = opened(place)
    weights = _weights(options["weights"], place)
    chosen: Any = {"measures": _with_parts(options["measures"]), "weights": weights}
    tables: list[Scores]
    with ProgressBar(wanted=not options["quiet"], doing="scoring") as bar:
        if options["no_out"]:
            tables = [score_journeys(each, jobs=options["jobs"], **chosen) for each in run]
        else:
            write_scores(run, jobs=options["jobs"], progress=bar.report, **chosen)
            tables = [FileTable(table_path(place, SCORES, number)) for number in run.replications]
    title = scenario.world.title or scenario.name
    print_scores(tables, title, options=options)
    if options["as_json"]:
        return
    if not options["no_out"]:
        say(f"The scores of all journeys are in {place / 'scores'}.")
    say("Next:")
    quoted = shlex.quote(str(place))
    command_line(f"journeysim score {quoted} " + ("--curve" if options["by"] else "--by segment"))
    command_line("journeysim score --assumptions")


def _with_parts(measures: Sequence[str] | None) -> list[str] | None:
    """Return the names to compute: the net promoter score is made of two."""
    from journeysim.measures.experience.summaries import NPS

    if measures is None:
        return None
    names = [name for name in measures if name != NPS]
    parts = ["promoter", "detractor"] if NPS in measures else []
    return list(dict.fromkeys([*names, *parts]))


def _score_log(log: Path, options: dict[str, Any]) -> None:
    from journeysim.cli.journey_score_report import print_scores
    from journeysim.measures.experience import log_pieces, scored_batches
    from journeysim.measures.experience.score_files import table_of, write_batches

    weights = _weights(options["weights"], None)
    pieces = log_pieces(log, log_map(options["maps"], options["unit"]), sort=options["sort"])
    batches = scored_batches(
        pieces,
        measures=_with_parts(options["measures"]),
        weights=weights,
        jobs=options["jobs"],
    )
    out: Path | None = options["out"]
    table: pa.Table = table_of(batches, str(log)) if out is None else write_batches(out, batches)
    print_scores([table], log.name, options=options)
    if out is not None and not options["as_json"]:
        say(f"The scores of all journeys are in {out}.")


def log_map(maps: Sequence[str], unit: int) -> LogMap:
    """Return the names and words that ``--map`` gives.

    Raises
    ------
    click.UsageError
        If one is not OURS=THEIRS.
    """
    from journeysim.measures.experience import LogMap

    columns, words = {}, {}
    for text in maps:
        own, sign, other = text.partition("=")
        if not (own and sign and other):
            raise click.UsageError(f"--map {text}: write OURS=THEIRS, e.g. customer=cust_id")
        if own.startswith("outcome."):
            words[other] = own.removeprefix("outcome.")
        else:
            columns[own] = other
    return LogMap(columns=columns, words=words, unit=unit)


def _curve(place: Path | None, log: Path | None, options: dict[str, Any]) -> None:
    from journeysim.cli.journey_score_report import print_curve
    from journeysim.measures.experience import emotion_curve, log_pieces

    weights = _weights(options["weights"], place)
    if place is not None:
        from journeysim.cli.open_run import opened

        run, scenario = opened(place)
        source: Any = run
        title = scenario.world.title or scenario.name
    else:
        assert log is not None
        maps = log_map(options["maps"], options["unit"])
        source, title = [log_pieces(log, maps, sort=options["sort"])], log.name
    curve = emotion_curve(source, weights=weights, level=options["level"])
    print_curve(curve, title, weights=weights, as_json=options["as_json"])
