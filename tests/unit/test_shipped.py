"""Scenarios that come with the program, by name: in a checkout, and in a wheel."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

import journeysim as js
from journeysim.errors import ScenarioError
from journeysim.experiments import load_plan
from journeysim.scenario.shipped import (
    find_experiment,
    find_scenario,
    shipped_experiments,
    shipped_scenarios,
)
from tests.cli.program import TINY, journeysim

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"


def test_all_scenarios_of_the_checkout_are_known_and_say_what_they_teach():
    known = [*shipped_scenarios(), *shipped_experiments()]
    files = [*FOLDER.glob("*.toml"), *FOLDER.glob("experiments/*.toml")]
    assert sorted(each.path for each in known) == sorted(files)
    assert [each.name for each in known] == [each.path.stem for each in known]
    for each in known:
        assert each.title
        assert each.title != each.name
        assert each.teaches.endswith(".")
        assert not each.teaches.startswith("What this")


def test_the_wheel_takes_all_of_them_along():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for source, target in included.items():
        assert (ROOT / source).exists()
        assert target == source.replace("scenarios", "journeysim/shipped_scenarios", 1)
    wanted = {f"scenarios/{path.name}" for path in FOLDER.glob("*.toml")}
    assert wanted | {"scenarios/experiments"} <= set(included)


def test_a_name_is_found_and_a_file_of_that_name_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_scenario("bank_1999") == FOLDER / "bank_1999.toml"
    assert find_experiment("bank_staffing") == FOLDER / "experiments/bank_staffing.toml"
    assert js.load_scenario("bank_1999") == js.load_scenario(FOLDER / "bank_1999.toml")
    # A folder of that name is no scenario, a file is.
    (tmp_path / "bank_1999").mkdir()
    assert find_scenario("bank_1999") == FOLDER / "bank_1999.toml"
    (tmp_path / "bank_1999.toml").write_text(TINY, encoding="utf-8")
    assert find_scenario("bank_1999") == Path("bank_1999.toml")
    (tmp_path / "erlang_a").write_text(TINY, encoding="utf-8")
    assert find_scenario("erlang_a") == Path("erlang_a")
    for path in ("none.toml", "folder/erlang_a", FOLDER / "erlang_a.toml"):
        assert find_scenario(path) == Path(path)
    with pytest.raises(ScenarioError, match="no shipped scenario 'bank'; did you mean"):
        js.load_scenario("bank")
    with pytest.raises(ScenarioError, match="no shipped experiment 'staffing'"):
        load_plan("staffing")


def test_a_plan_may_name_a_shipped_scenario(tmp_path):
    plan = tmp_path / "plan.toml"
    text = (FOLDER / "experiments/bank_staffing.toml").read_text(encoding="utf-8")
    plan.write_text(text.replace('"../bank_1999.toml"', '"bank_1999"'), encoding="utf-8")
    named, in_place = load_plan(plan).scenario, load_plan("bank_staffing").scenario
    assert named.document == in_place.document


def test_commands_take_names_anywhere(tmp_path):
    for command in (
        ("run", "erlang_a", "-n", "1", "-q"),
        ("check", "erlang_a"),
        ("show", "erlang_a"),
        ("compare", "erlang_a", "--set", "pools.*.agents-=1", "-n", "2", "-q"),
        ("touchpoints", "banner", "--variant", "none", "-n", "2"),
    ):
        done = journeysim(tmp_path, *command)
        if "--variant" in command:
            assert "no variant 'none'" in done.stderr
        else:
            assert done.returncode == 0, done.stderr
    assert js.open_run(tmp_path / "runs/erlang_a").replications == [0]


def test_they_are_listed(tmp_path):
    shown = journeysim(tmp_path, "scenarios").stdout
    listed = json.loads(journeysim(tmp_path, "scenarios", "--json").stdout)
    for each in shipped_scenarios():
        assert f"  {each.name} " in shown
        assert each.title in " ".join(shown.split())
    assert [each["name"] for each in listed["scenarios"]] == [
        each.name for each in shipped_scenarios()
    ]
    assert [each["file"] for each in listed["experiments"]] == [
        str(each.path) for each in shipped_experiments()
    ]
