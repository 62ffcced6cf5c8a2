import contextlib
import random
import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeysim.errors import ScenarioError
from journeysim.scenario.scenario import Scenario, load_scenario
from journeysim.scenario.toml_writing import to_toml
from tests.unit.documents import FULL, SMALLEST, full, smallest


def in_order(value):
    """Return tables as lists of pairs, so that comparing them compares the order of keys."""
    if isinstance(value, dict):
        return [(key, in_order(item)) for key, item in value.items()]
    return [in_order(item) for item in value] if isinstance(value, list) else value


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "bank.toml"
    file.write_text(FULL)
    return file


def test_a_file_and_its_document_are_the_same_scenario(path):
    from_file, from_document = load_scenario(path), Scenario.from_document(full())
    assert (from_file.name, from_file.source) == ("bank", str(path))
    assert (from_document.name, from_document.source) == ("scenario", "<python>")
    assert from_file.document == from_document.document
    assert from_file.world == from_document.world


def test_the_written_file_has_every_key_in_its_place(path):
    scenario = load_scenario(path)
    expected = full()
    del expected["variants"]
    assert in_order(tomllib.loads(scenario.to_toml())) == in_order(expected)


def test_the_written_file_is_a_scenario_of_the_same_world(path, tmp_path):
    scenario = load_scenario(path)
    again = tmp_path / "again.toml"
    again.write_text(scenario.to_toml())
    world = load_scenario(again).world
    assert world == scenario.world.model_copy(update={"variants": {}})


keys = st.text(st.characters(codec="utf-8"))
plain = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8"))
)
values = st.recursive(
    plain, lambda below: st.lists(below, max_size=3) | st.dictionaries(keys, below, max_size=4)
)


@given(st.dictionaries(keys, values))
def test_any_document_reads_back_from_toml_as_it_was(document):
    assert in_order(tomllib.loads(to_toml(document))) == in_order(document)


def test_changes_make_new_scenarios_and_leave_the_old_ones_alone():
    scenario = Scenario.from_document(full())
    before = scenario.to_toml()
    changed = scenario.change("pools.backup.agents", 18).set("pools.backup.agents-=3")
    assert changed.world.pools["backup"].agents.counts == [15]
    assert scenario.to_toml() == before


def test_a_change_is_checked():
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_document(smallest()).set("channels.phone.lines=-1", "channels.phone.kid=1")
    assert [str(problem) for problem in caught.value.problems] == [
        "channels.phone.lines: must be at least 0, got -1",
        "channels.phone.kid: unknown key; did you mean 'kind'?",
    ]


def test_all_changes_that_match_nothing_are_named_at_once():
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_document(smallest()).set("pools.agent.agents-=1", "seed+=1s", "x")
    assert [str(problem) for problem in caught.value.problems] == [
        "pools.agent: nothing is there; did you mean 'agents'?",
        "seed: nothing is there; known: channels, pools, segments",
        "'x' is not a change; write e.g. 'pools.phone.agents-=1'",
    ]
    with pytest.raises(ScenarioError, match="'a b' is not a path"):
        Scenario.from_document(smallest()).change("a b", 1)


def test_variants_change_and_set(path):
    scenario = load_scenario(path)
    assert scenario.variants == {"fewer": "Two agents fewer", "saturday_chat": ""}
    fewer = scenario.variant("fewer")
    assert (fewer.name, fewer.source) == ("fewer", str(path))
    assert fewer.world.pools["backup"].agents.counts == [0]
    chat = scenario.variant("saturday_chat").document["channels"]["chat"]
    assert chat["opening"] == {"default": "08:00-20:00", "saturday": "09:00-17:00"}


def test_a_variant_merges_first_and_then_sets_in_order():
    document = smallest()
    document["variants"] = {
        "both": {
            "change": {"pools": {"agents": {"agents": 10}}},
            "set": ["pools.agents.agents*=2", "pools.agents.agents+=1"],
        }
    }
    both = Scenario.from_document(document).variant("both")
    assert both.world.pools["agents"].agents.counts == [21]


def test_load_applies_a_variant_and_then_changes(path):
    scenario = load_scenario(path, variant="fewer", set=["pools.backup.agents+=5"])
    assert scenario.name == "fewer"
    assert scenario.world.pools["backup"].agents.counts == [5]


def test_an_unknown_variant_is_refused(path):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, variant="fever")
    assert str(caught.value) == (
        f"{path}: 1 problem\n  variants: no variant 'fever'; did you mean 'fewer'?"
    )


def test_every_variant_is_checked_when_the_file_is_read():
    document = smallest()
    document["variants"] = {
        "lost": {"set": ["pools.agent.agents-=1"]},
        "wrong": {"change": {"channels": {"phone": {"lines": -1}}}},
    }
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_document(document)
    assert [str(problem) for problem in caught.value.problems] == [
        "variants.lost.set: pools.agent: nothing is there; did you mean 'agents'?",
        "variants.wrong: makes channels.phone.lines: must be at least 0, got -1",
    ]


def test_files_named_in_changes_stand_beside_the_scenario(tmp_path):
    (tmp_path / "few.csv").write_text("time,x\n00:00,1\n12:00,2\n")
    file = tmp_path / "small.toml"
    table = "{ file = 'few.csv', column = 'x' }"
    file.write_text(f'{SMALLEST}\n[variants.few]\nset = ["segments.regular.arrivals={table}"]')
    variant = load_scenario(file).variant("few")
    assert variant.document["segments"]["regular"]["arrivals"]["counts"] == [1, 2]


def test_python_values_become_what_a_file_could_hold():
    document = smallest()
    document["pools"]["agents"]["agents"] = {
        "from": "00:00",
        "every": "12h",
        "counts": np.array([3, 4]),
    }
    document["channels"]["phone"]["lines"] = None
    document["segments"]["regular"]["value"] = np.float64(2.5)
    document["pools"]["agents"]["serves"] = ("phone",)
    scenario = Scenario.from_document(document)
    written = tomllib.loads(scenario.to_toml())
    assert written["pools"]["agents"]["agents"]["counts"] == [3, 4]
    assert written["segments"]["regular"]["value"] == 2.5
    assert "lines" not in written["channels"]["phone"]


JUNK = [
    *(0, 1, -1, 2.5, float("nan"), float("inf"), 1e308, 10**30, True, None, b"x", 1j),
    *("", "x", "5m", "-5m", "1e999/min", "07:30", "25:00", "lost", "phone", "extends"),
    *([], [1], ["x"], [[]], {}, {"a": 1}, {1: 2}, {"": 1}, {"*": 1.0}, {"counts": []}),
    *({"distribution": "exponential"}, {"distribution": ["x"]}, {"file": "x.csv", "column": "y"}),
]


def mutated(chance):
    """Return the full document with some of its values and keys spoiled."""
    document = full()
    for _ in range(chance.choice([1, 1, 2, 3])):
        places = [(document, key) for key in document]
        for container, key in places:
            below = container[key]
            keys = range(len(below)) if isinstance(below, list) else below
            if isinstance(below, list | dict):
                places += [(below, key) for key in keys]
        container, key = chance.choice(places)
        other, there = chance.choice(places)
        kind = chance.randrange(4)
        if kind == 0:
            container[key] = chance.choice(JUNK)
        elif kind == 1 and isinstance(container, dict):
            container[chance.choice(["talk", "x", 3, "file", "from"])] = chance.choice(JUNK)
        elif kind == 2:
            del container[key]
        elif not isinstance(other[there], dict | list):
            container[key] = other[there]
    return document


@pytest.mark.parametrize("seed", range(300))
def test_a_spoiled_document_is_a_scenario_or_an_error_and_nothing_else(seed):
    document = mutated(random.Random(seed))
    try:
        scenario = Scenario.from_document(document)
    except ScenarioError:
        return
    scenario.warnings()
    again = Scenario.from_document(tomllib.loads(scenario.to_toml()))
    assert again.world == scenario.world.model_copy(update={"variants": {}})


@pytest.mark.parametrize("seed", range(300))
def test_a_change_makes_a_scenario_or_an_error_and_nothing_else(seed):
    chance = random.Random(seed)
    words = [
        *[
            "pools",
            "channels",
            "segments",
            "*",
            "regular",
            "phone",
            "agents",
            "arrivals",
            "counts",
            "opening",
        ]
    ]
    words += ["after", "abandoned", "talk", "mean", "web", "[0]", "0", "-1", '"x"', "seed"]
    values = ["1", "-1", "1.1", "3m", "20/min", "[]", "[1]", "{}", "nan", "inf", "1e400", "'x'", ""]
    path = ".".join(chance.choices(words, k=chance.randint(1, 4))).replace(".[", "[")
    operator = chance.choice(["=", "+=", "-=", "*="])
    with contextlib.suppress(ScenarioError):
        Scenario.from_document(full()).set(path + operator + chance.choice(values))
