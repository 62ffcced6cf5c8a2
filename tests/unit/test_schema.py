import copy
import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from journeysim.scenario.schema.json_schema import scenario_schema
from tests.unit.documents import full, problems, smallest

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def schema():
    return jsonschema.Draft202012Validator(scenario_schema())


def complaints(schema, document):
    return [list(error.absolute_path) for error in schema.iter_errors(document)]


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(scenario_schema())


def test_the_committed_schema_is_up_to_date():
    committed = json.loads((SCENARIOS / "scenario.schema.json").read_text(encoding="utf-8"))
    assert committed == scenario_schema()


@pytest.mark.parametrize("document", [smallest(), full()], ids=["smallest", "full"])
def test_it_accepts_what_is_valid(schema, document):
    assert problems(document) == []
    assert complaints(schema, document) == []


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.toml")), ids=lambda file: file.stem)
def test_it_accepts_the_scenarios_of_this_repository(schema, file):
    assert complaints(schema, tomllib.loads(file.read_text(encoding="utf-8"))) == []


def tables(value, path=()):
    """Return the paths of all tables in a document whose keys the format names."""
    named = path and path[-1] in ("needs", "segments", "channels", "pools", "evidence", "variants")
    if isinstance(value, dict):
        free = named or path[-1:] in (("first",), ("to",), ("concurrency",)) or "change" in path
        free = free or "after" in path[-2:-1] or path[-2:-1] == ("first",)
        if not free:
            yield path
        for key, item in value.items():
            yield from tables(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from tables(item, (*path, index))


PLACES = list(tables(full()))


def test_the_places_for_unknown_keys_cover_every_depth():
    assert len(PLACES) > 60
    assert {len(path) for path in PLACES} >= {0, 1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("path", PLACES, ids=str)
def test_it_refuses_an_unknown_key_wherever_the_program_does(schema, path):
    document = full()
    table = document
    for part in path:
        table = table[part]
    table["unheard_of"] = copy.deepcopy("x")
    assert any("unheard_of" in problem for problem in problems(document))
    assert complaints(schema, document) != []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("channels", "phone", "talk"), "5m"),
        (("channels", "phone", "talk"), 0),
        (("channels", "phone", "opening"), "07:00-12:00"),
        (("channels", "phone", "opening"), ["07:00-12:00", "13:00-17:00"]),
        (("channels", "phone", "opening"), {"default": [], "monday": "07:00-12:00"}),
        (("channels", "phone", "after"), {"abandoned": {"lost": 0.2}}),
        (("pools", "agents", "agents"), 4),
        (("segments", "regular", "first"), {"phone": 1.0}),
        (("segments", "regular", "first"), {"any": {"phone": 1.0}}),
        (("segments", "regular", "arrivals"), {"at": ["00:00"], "rates": ["1/h"], "friday": [0]}),
    ],
)
def test_it_accepts_what_may_be_written_in_short(schema, path, value):
    document = smallest()
    document[path[0]][path[1]][path[2]] = value
    assert problems(document) == []
    assert complaints(schema, document) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("channels", "phone", "talk"), 5),
        (("channels", "phone", "talk"), "5"),
        (("channels", "phone", "talk"), {"distribution": "expo", "mean": "5m"}),
        (("channels", "phone", "talk"), {"distribution": "exponential"}),
        (("channels", "phone", "opening"), "always"),
        (("channels", "phone", "kind"), "line"),
        (("channels", "phone", "lines"), -1),
        (("pools", "agents", "agents"), 2.5),
        (("pools", "agents", "serves"), []),
        (("segments", "regular", "first"), {"phone": 2.0}),
        (("segments", "regular", "arrivals"), {"rate": "20"}),
    ],
)
def test_it_refuses_what_the_program_refuses(schema, path, value):
    document = smallest()
    document[path[0]][path[1]][path[2]] = value
    assert problems(document) != []
    assert complaints(schema, document) != []


@pytest.mark.parametrize("missing", ["segments", "channels"])
def test_only_a_file_that_extends_another_may_leave_parts_to_it(schema, missing):
    document = smallest()
    del document[missing]
    assert complaints(schema, document) != []
    document["extends"] = "base.toml"
    assert complaints(schema, document) == []


def test_a_file_that_extends_another_may_change_parts_of_its_tables(schema):
    document = {
        "extends": "base.toml",
        "pools": {"agents": {"agents": 3}},
        "channels": {"phone": {"talk": {"mean": "3m"}}},
    }
    assert complaints(schema, document) == []
    del document["extends"]
    assert complaints(schema, document) != []
