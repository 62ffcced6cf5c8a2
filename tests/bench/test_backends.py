"""Backends and kernels make the same scores as plain Python, one journey after the other."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from journeysim.bench import backend
from journeysim.bench.agreement import TOLERANCE, agree, sample_of
from journeysim.bench.backend import Work, chosen_contenders, contender, installed
from journeysim.bench.mapped_tables import mapped
from journeysim.bench.nine_measures import NINE
from journeysim.bench.plain_scores import PLAIN, plain_scores
from journeysim.cli import bench
from journeysim.errors import BenchmarkError, MeasureError
from journeysim.tables.columns import INTERVALS, schema
from journeysim.tables.run import table_path
from journeysim.tables.synthetic_journeys import generated_journeys, write_generated_journeys
from tests.cli.program import process

JOURNEYS = 1_500


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    place = tmp_path_factory.mktemp("journeys")
    write_generated_journeys(place, JOURNEYS, seed=11)
    return place


@pytest.fixture(scope="module")
def plain(directory):
    return plain_scores(mapped(directory, 0), range(JOURNEYS))


def found_by(name, directory, measures, jobs):
    opened = contender(name).open_work(Work(directory, 0, measures, jobs))
    opened.run()
    # A second run writes over what the first one left.
    return opened.scores(opened.run())


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("name", installed())
def test_the_nine_are_those_of_plain_python(name, jobs, directory, plain):
    found = found_by(name, directory, NINE, jobs)
    assert set(found) == set(NINE)
    for measure in NINE:
        agree(name, measure, found[measure], np.array(plain[measure]))


@pytest.mark.parametrize("name", ["journeysim", "numpy"])
def test_all_measures_are_those_of_plain_python(name, directory, plain):
    found = found_by(name, directory, PLAIN, 1)
    for measure in PLAIN:
        agree(name, measure, found[measure], np.array(plain[measure]))


@pytest.mark.parametrize("name", installed())
def test_rows_that_are_not_in_the_order_of_their_numbers(name, tmp_path):
    made = generated_journeys(300, seed=2)
    backwards = 10_000 - np.arange(300)
    numbers = np.repeat(backwards, np.asarray(made.journeys["contacts"]))
    tables = {
        "journeys": made.journeys.set_column(1, "journey", pa.array(backwards)),
        "contacts": made.contacts.set_column(1, "journey", pa.array(numbers)),
        "intervals": schema(INTERVALS).empty_table(),
    }
    for kind, table in tables.items():
        path = table_path(tmp_path, kind, 0)
        path.parent.mkdir()
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table, max_chunksize=10_000)
    found = found_by(name, tmp_path, NINE, 1)
    expected = plain_scores(mapped(tmp_path, 0), range(300))
    for measure in NINE:
        agree(name, measure, found[measure], np.array(expected[measure]))


def test_a_score_that_is_off_is_refused(plain):
    wanted = np.array(plain["effort"])
    agree("kernel", "effort", wanted * (1 + TOLERANCE / 10), wanted)
    wrong = wanted.copy()
    wrong[7] += 1e-6
    with pytest.raises(BenchmarkError, match=r"kernel: effort of journey 7 is .* 1 of 1,500"):
        agree("kernel", "effort", wrong, wanted)


def test_counts_have_to_be_equal():
    wanted = np.array([5_000_000_000, 3])
    with pytest.raises(BenchmarkError, match="journey 0"):
        agree("kernel", "total_wait", wanted + np.array([1, 0]), wanted)


def test_a_missing_score_has_to_be_missing():
    with pytest.raises(BenchmarkError, match="journey 1"):
        agree("kernel", "trend", np.array([1.0, 0.0]), np.array([1.0, np.nan]))
    with pytest.raises(BenchmarkError, match="shape"):
        agree("kernel", "trend", np.zeros(3), np.zeros(2))


def test_samples_have_both_ends():
    assert sample_of(10).tolist() == list(range(10))
    rows = sample_of(1_000_000)
    assert rows[0] == 0
    assert rows[-1] == 999_999
    assert 4_000 < len(rows) <= 5_000


def test_unknown_backends_are_refused():
    with pytest.raises(MeasureError, match="did you mean 'polars'"):
        chosen_contenders(["polar"])
    assert chosen_contenders(["numpy", "journeysim"]) == ("journeysim", "numpy")


RIVAL = """\
import numpy as np

EXPRESSES = ("contacts",)
PARALLEL = False


class Opened:
    def __init__(self, tables):
        self.tables = tables

    def run(self):
        return self.tables.journeys.column("contacts").to_numpy() {mistake}

    def scores(self, found):
        return {{"contacts": found}}


def open_work(work):
    from journeysim.bench.mapped_tables import mapped

    return Opened(mapped(work.directory, work.replication))
"""


@pytest.mark.parametrize(("mistake", "code"), [("", 0), ("+ 1", 5)])
def test_a_folder_of_rivals_takes_the_place_of_the_checkout(tmp_path, mistake, code):
    folder = tmp_path / "rivals"
    folder.mkdir()
    (folder / "__init__.py").write_text('NAMES = ("json",)')
    (folder / "with_json.py").write_text(RIVAL.format(mistake=mistake))
    words = ("bench", "score", "-n", "2000", "--measures", "contacts", "--jobs", "1")
    quick = ("--runs", "1", "--no-compile-time", "--rivals", "rivals")
    done = process(tmp_path, *words, *quick)
    assert done.returncode == code, done.stderr
    if code:
        assert "json, 1 thread: contacts of journey 0" in " ".join(done.stderr.split())
    else:
        assert "json" in done.stdout
        assert "numpy" not in done.stdout


def test_where_there_are_no_rivals_the_kernels_are_measured_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(backend, "CHECKOUT", tmp_path)
    monkeypatch.setenv(backend.RIVALS, "")
    assert chosen_contenders(None) == ("journeysim",)
    with pytest.raises(MeasureError, match=r"no backend 'numpy'.*benchmarks/rivals of a checkout"):
        chosen_contenders(["numpy"])
    bench._use_rivals(None, wanted=True)
    said = capsys.readouterr().err
    assert "journeysim alone is measured" in said
    assert len(said.splitlines()) == 1
    with pytest.raises(MeasureError, match="it has no __init__"):
        bench._use_rivals(tmp_path, wanted=True)


def test_scores_do_not_depend_on_threads(directory):
    work = Work(directory, 0, ("effort", "peak_end"), 1)
    one = contender("journeysim").open_work(work)
    two = contender("journeysim").open_work(replace(work, jobs=2))
    for name in work.measures:
        first, second = one.scores(one.run())[name], two.scores(two.run())[name]
        assert first.tobytes() == second.tobytes()
