"""`check`, `journeys`, `init`, `schema` and `completion`, started as people start them."""

import json
import shutil
import subprocess
import tomllib
from importlib.resources import files

import pytest

from tests.cli.program import TINY, journeysim, process


def test_check_says_that_a_scenario_is_right(folder):
    done = journeysim(folder, "check", "tiny.toml")
    assert done.returncode == 0
    assert "no problems" in done.stdout
    assert "interviews" in done.stdout


def test_check_finds_all_problems_at_once(folder):
    broken = TINY.replace('"2h"', '"2x"').replace("resolution = 0.8", "resolution = 8")
    (folder / "broken.toml").write_text(broken, encoding="utf-8")
    done = journeysim(folder, "check", "broken.toml")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "broken.toml: 2 problems" in done.stderr
    as_json = journeysim(folder, "check", "broken.toml", "--json")
    assert as_json.returncode == 2
    paths = [problem["path"] for problem in json.loads(as_json.stdout)["problems"]]
    assert sorted(paths) == ["channels.phone.resolution", "time.horizon"]


def test_journeys_tells_stories_and_names_their_numbers(finished):
    done = journeysim(finished, "journeys", "runs/tiny")
    assert done.returncode == 0
    assert "the longest wait" in done.stdout
    assert "calls phone" in done.stdout
    document = json.loads(journeysim(finished, "journeys", "runs/tiny", "--json").stdout)
    one = document["journeys"][0]["journey"]
    told = journeysim(finished, "journeys", "runs/tiny", "--journey", str(one["journey"]))
    by_customer = journeysim(finished, "journeys", "runs/tiny", "--customer", str(one["customer"]))
    assert told.stdout == by_customer.stdout
    assert f"Journey {one['journey']} of customer {one['customer']}" in told.stdout
    lines = [line for line in told.stdout.splitlines() if line.startswith("  Sun ")]
    assert len(lines) == one["contacts"] + 1 - (one["outcome"] == "open")


def test_journeys_of_one_outcome(finished):
    document = json.loads(
        journeysim(finished, "journeys", "runs/tiny", "--outcome", "lost", "--json").stdout
    )
    assert {told["journey"]["outcome"] for told in document["journeys"]} == {"lost"}


def test_init_writes_a_scenario_that_runs_and_never_overwrites(folder):
    done = journeysim(folder, "init", "mine.toml")
    assert done.returncode == 0
    assert journeysim(folder, "check", "mine.toml").returncode == 0
    (folder / "mine.toml").write_text("precious", encoding="utf-8")
    again = journeysim(folder, "init", "mine.toml")
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert (folder / "mine.toml").read_text() == "precious"
    assert journeysim(folder, "init", "mine.toml", "--force").returncode == 0
    ran = journeysim(folder, "run", "mine.toml", "-n", "1")
    assert ran.returncode == 0


def test_template_labels_every_assumption():
    text = files("journeysim.cli").joinpath("template.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    for part in ("segments", "channels", "needs", "pools"):
        for name in document[part]:
            assert any(path.startswith(f"{part}.{name}") for path in document["evidence"])
    assert max(map(len, text.splitlines())) <= 100


def test_schema_describes_the_tiny_scenario(folder):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(journeysim(folder, "schema").stdout)
    jsonschema.validate(tomllib.loads(TINY), schema)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_says_how_to_install_it(folder, shell):
    done = journeysim(folder, "completion", shell)
    assert done.returncode == 0
    assert "_JOURNEYSIM_COMPLETE" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("# To install: ")


@pytest.mark.parametrize("shell", ["zsh", "fish", "bash"])
def test_completion_is_a_script_of_its_shell(folder, tmp_path, shell):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_text(journeysim(folder, "completion", shell).stdout, encoding="utf-8")
    assert subprocess.run([shell, "-n", script], capture_output=True, check=True).stderr == b""
    script.write_text("if then fi (", encoding="utf-8")
    assert subprocess.run([shell, "-n", script], capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    ("shell", "line"),
    [("zsh", "schema\n"), ("fish", "plain,schema\tPrint the JSON Schema of scenario files.")],
)
def test_completion_offers_commands_with_their_help(folder, shell, line):
    asked = {"_JOURNEYSIM_COMPLETE": f"{shell}_complete", "COMP_WORDS": "journeysim sch"}
    word = "1" if shell == "zsh" else "sch"
    assert line in process(folder, **asked, COMP_CWORD=word).stdout


def test_completion_completes(folder):
    environment = {"_JOURNEYSIM_COMPLETE": "bash_complete", "COMP_CWORD": "1"}
    done = process(folder, **environment, COMP_WORDS="journeysim sh")
    assert "plain,show" in done.stdout.splitlines()
