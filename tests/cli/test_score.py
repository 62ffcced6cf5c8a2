"""`journeysim score`: of a run, of a log, the curve, the weights, and what is refused."""

import json
import shutil

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import journeysim as js
from journeysim.measures.experience import known_journey_measures
from tests.cli.program import journeysim, start

LOG = """\
cust,channel,result,wait,segment
a,web,stuck,0,gold
a,phone,ABN,95,gold
a,phone,served_resolved,30,gold
b,chat,served_resolved,12,basic
"""
MAPS = ("--map", "customer=cust", "--map", "outcome=result", "--map", "outcome.abandoned=ABN")


@pytest.fixture
def own(finished, tmp_path):
    """A copy of the finished run, to be written to."""
    shutil.copytree(finished / "runs" / "tiny", tmp_path / "tiny")
    return tmp_path


def document(place, *arguments):
    done = journeysim(place, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_run_is_scored_into_its_directory(own):
    done = journeysim(own, "score", "tiny")
    assert done.returncode == 0, done.stderr
    assert "churn probability *" in done.stdout
    assert "* rests on assumptions" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    run = js.open_run(own / "tiny")
    for number in run.replications:
        place = own / "tiny" / "scores" / f"rep={number:04d}.arrow"
        with pa.memory_map(str(place)) as source:
            scores = pa.ipc.open_file(source).read_all()
        journeys = run.replication(number).journeys
        assert scores.column("journey").equals(journeys.column("journey"))
        waited = scores.column("total_wait").cast(pa.int64())
        assert waited.to_pylist() == journeys.column("wait").cast(pa.int64()).to_pylist()
    assert not list(own.rglob(".*partial"))
    assert 1 <= len(list((own / "tiny").glob("scores/rep=*.arrow"))) < 60
    again = journeysim(own, "score", "tiny", "--jobs", "1", "--no-out")
    assert again.stdout.split("Next:")[0].strip() in done.stdout


def test_scores_do_not_disturb_the_run(own):
    before = journeysim(own, "show", "tiny")
    journeysim(own, "score", "tiny")
    assert journeysim(own, "show", "tiny").stdout == before.stdout


def test_groups_have_a_table_each_measure(finished):
    arguments = ("--no-out", "--by", "segment,channel", "--measure", "peak_end,net_promoter_score")
    found = document(finished, "score", "runs/tiny", *arguments)["scores"]
    groups = {(row["measure"], row["segment"], row["channel"]) for row in found}
    assert groups == {
        (measure, "regular", channel)
        for measure in ("peak_end", "net_promoter_score")
        for channel in ("phone", "web")
    }
    shown = journeysim(finished, "score", "runs/tiny", *arguments).stdout
    assert "Peak end *" in shown
    assert "phone" in shown
    assert "Net promoter score *" in shown


def test_means_are_those_of_show(finished):
    [scored] = document(finished, "score", "runs/tiny", "--no-out", "--measure", "effort")["scores"]
    table = js.score(finished / "runs" / "tiny", by=(), measures=["effort"]).to_pylist()[0]
    assert scored["mean"] == pytest.approx(table["value"], rel=1e-12)
    assert scored["half_width"] == pytest.approx(table["half_width"], rel=1e-9)


def test_the_emotion_curve(finished):
    done = journeysim(finished, "score", "runs/tiny", "--curve")
    assert done.returncode == 0, done.stderr
    assert "Emotion curve by contact" in done.stdout
    assert "Emotion curve by touchpoint" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    rows = document(finished, "score", "runs/tiny", "--curve")["curve"]
    contacts = sum(row["contacts"] for row in rows if row["by"] == "touchpoint")
    assert contacts == js.open_run(finished / "runs" / "tiny").contacts.num_rows


def test_every_weight_is_listed_with_what_it_rests_on(folder):
    done = journeysim(folder, "score", "--assumptions")
    assert "lost.base" in done.stdout
    assert "Grades: A meta-analysis" in done.stdout
    weights = document(folder, "score", "--assumptions")["weights"]
    assert {"weight", "value", "range", "grade", "source", "meaning"} == set(weights[0])


def test_other_weights_give_other_scores(finished, tmp_path):
    place = tmp_path / "weights.toml"
    place.write_text("[churn]\nbase = 0.2\n", encoding="utf-8")
    plain = ("score", "runs/tiny", "--no-out", "--measure", "churn_probability")
    [before] = document(finished, *plain)["scores"]
    [after] = document(finished, *plain, "--weights", str(place))["scores"]
    assert after["mean"] > before["mean"]
    assert "churn.base" not in after["assumptions"]
    place.write_text("[churn]\nbsae = 0.2\n", encoding="utf-8")
    done = journeysim(finished, *plain, "--weights", str(place))
    assert done.returncode == 2
    assert "churn.bsae: unknown key; did you mean 'base'?" in done.stderr


def test_a_log_is_scored_with_the_same_kernels(tmp_path):
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    done = journeysim(tmp_path, "score", "--log", "log.csv", *MAPS, "--out", "scores.arrow")
    assert done.returncode == 0, done.stderr
    assert "2 journeys scored" in done.stdout
    assert "dwell" not in done.stdout
    with pa.memory_map(str(tmp_path / "scores.arrow")) as source:
        scores = pa.ipc.open_file(source).read_all()
    assert scores.column("customer").to_pylist() == ["a", "b"]
    assert pc.sum(scores.column("contacts")).as_py() == 4
    curve = journeysim(tmp_path, "score", "--log", "log.csv", *MAPS, "--curve")
    assert "chat" in curve.stdout
    grouped = journeysim(tmp_path, "score", "--log", "log.csv", *MAPS, "--by", "segment")
    assert "basic" in grouped.stdout


REFUSED = [
    ((), 2, "name a run directory, or a log with --log"),
    (("runs/none",), 3, "no such run directory"),
    (("runs/tiny", "--log", "log.csv"), 2, "not both"),
    (("runs/tiny", "--map", "a=b"), 2, "--map needs --log"),
    (("runs/tiny", "--by", "agent"), 2, "no breakdown by 'agent'"),
    (("runs/tiny", "--measure", "peak_ent", "--no-out"), 2, "did you mean 'peak_end'"),
    (("runs/tiny", "--measure", "dwell_time", "--no-out"), 2, "needs the column dwell"),
    (("--log", "none.csv"), 3, "there is no such file"),
    (("--log", "none.csv", "--map", "customer"), 2, "write OURS=THEIRS"),
    (("--log", "none.csv", "--map", "outcome.gone=X"), 2, "no outcome 'gone'"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), REFUSED)
def test_what_is_wrong_is_said_in_a_sentence(finished, arguments, code, message):
    done = journeysim(finished, "score", *arguments)
    assert done.returncode == code
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not (finished / "runs" / "tiny" / "scores").exists()


#: Lines that interrupt the program when it is about to complete a third file of scores.
AT_THE_THIRD_SCORE = """
import os, signal, sys
seen = set()
def renaming(event, words):
    if event == "os.rename" and "scores" in str(words[1]):
        seen.add(str(words[1]))
        if len(seen) == 3:
            os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(renaming)
"""


def test_an_interrupted_score_keeps_no_half_file(own):
    journeysim(own, "score", "tiny", "--no-out")  # Compiled, so that only scoring is interrupted.
    places = own / "tiny"
    for table in ("journeys", "contacts", "intervals"):
        for number in range(4, 60):
            shutil.copy(
                places / table / "rep=0000.arrow", places / table / f"rep={number:04d}.arrow"
            )
    running = start(own, "score", "tiny", first=AT_THE_THIRD_SCORE)
    output, errors = running.communicate(timeout=300)
    assert running.returncode == 130, errors
    assert output == ""
    assert "stopped" in errors
    assert "Traceback" not in errors
    assert not list(own.rglob(".*partial"))


def test_measures_are_listed_for_runs_as_well(folder):
    listed = {row["measure"] for row in document(folder, "show", "--measures")["measures"]}
    assert set(known_journey_measures()) <= listed
