"""One table says what each kind of channel is capable of, and nobody compares kinds by name."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest

from journeysim.scenario.channel_kinds import (
    KINDS,
    NEEDED_BY_KEY,
    NEEDED_BY_OUTCOME,
    Capability,
    KindName,
    kind_by_name,
    kind_by_part_of_name,
    kinds_with,
)
from journeysim.scenario.schema.channels import Behaviour, Channel
from journeysim.scenario.schema.world import SegmentInChannel
from journeysim.tables.columns import CONTACTS

ROOT = Path(__file__).parent.parent.parent
SOURCES = ROOT / "src" / "journeysim"
#: Where a kind may be named: its row, and nowhere else.
TABLE = "scenario/channel_kinds.py"
#: Made-up names of channels in logs, by rivals that share no code with journeysim on purpose.
RIVALS = {"bench/plain_scores.py"}
#: The names of kinds that are also those of measures, keys of files, or modules.
AMBIGUOUS = {"queue"}


def test_the_table_has_a_row_for_each_name_that_a_file_may_write():
    assert tuple(KINDS) == get_args(KindName)
    assert all(kind.name == name for name, kind in KINDS.items())


def test_every_capability_tells_kinds_apart():
    asked = {capability: set(kinds_with(capability)) for capability in get_args(Capability)}
    assert all(asked.values())
    assert all(len(having) < len(KINDS) for having in asked.values())
    rows = {tuple(kind.has(each) for each in asked) for kind in KINDS.values()}
    assert len(rows) == len(KINDS)


def test_keys_and_outcomes_of_the_table_are_those_of_files():
    assert set(NEEDED_BY_KEY) <= {*Channel.model_fields, *SegmentInChannel.model_fields}
    assert set(NEEDED_BY_OUTCOME) == set(Behaviour.model_fields)


def test_handlers_are_the_words_of_the_column():
    words = next(column.words for column in CONTACTS if column.name == "handler")
    assert {kind.handler for kind in KINDS.values()} == set(words)


@pytest.mark.parametrize(
    ("channel", "by_name", "by_part"),
    [
        ("phone", "queue", "queue"),
        ("Web", "self_service", "queue"),
        ("webchat", "queue", "self_service"),
        ("webmail", "queue", "deferred"),
        ("email", "deferred", "deferred"),
        ("outbound_calls", "queue", "deferred"),
    ],
)
def test_names_in_logs_give_kinds_away(channel, by_name, by_part):
    assert kind_by_name(channel).name == by_name
    assert kind_by_part_of_name(channel).name == by_part


def rows_of_the_document(columns: int) -> list[list[str]]:
    """Return the rows about channels in `docs/scenario-file.md` that have so many columns."""
    text = (ROOT / "docs" / "scenario-file.md").read_text(encoding="utf-8")
    section = text.split("\n## channels\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in rows if len(row) == columns]


def test_the_document_says_what_kinds_are_capable_of():
    said = {name.strip("`"): answers for name, *answers, _ in rows_of_the_document(5)}
    yes_or_no = {False: "no", True: "yes"}
    assert said == {
        name: [yes_or_no[each] for each in (kind.waits, kind.hangs_on, kind.by_agents)]
        for name, kind in KINDS.items()
    }
    assert list(said) == list(KINDS)


def test_the_document_says_in_which_kinds_a_key_has_a_meaning():
    rows = rows_of_the_document(4)
    said = {key.strip(" `"): kinds for keys, *_, kinds in rows for key in keys.split(",")}
    for key, capability in NEEDED_BY_KEY.items():
        if key in Channel.model_fields:
            assert said[key].replace("-", "_").split(", ") == list(kinds_with(capability)), key
    assert {said[key] for key in set(said) - set(NEEDED_BY_KEY)} <= {"all", ""}


def named_kinds(source: str) -> list[int]:
    """Return the lines of a source in which a kind of channel is told by its name."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value in set(KINDS) - AMBIGUOUS:
            found.append(node.lineno)
        compared = isinstance(node, ast.Compare | ast.MatchValue)
        if compared and any(
            isinstance(part, ast.Constant) and part.value in KINDS for part in ast.walk(node)
        ):
            found.append(node.lineno)
        if isinstance(node, ast.Name) and node.id in {name.upper() for name in KINDS}:
            found.append(node.lineno)
    return found


@pytest.mark.parametrize(
    "source",
    [
        'if channel.kind == "queue": pass',
        'found = kind != "self_service"',
        'found = {"deferred": 1}',
        'if own["kind"] in ("queue", "other"): pass',
        "if kind[channel] == DEFERRED: pass",
        'match kind:\n    case "queue": pass',
    ],
)
def test_a_comparison_with_a_name_would_be_noticed(source):
    assert named_kinds(source)


def test_kinds_are_named_in_their_table_only():
    found = {
        path.relative_to(SOURCES).as_posix(): lines
        for path in sorted(SOURCES.rglob("*.py"))
        if (lines := named_kinds(path.read_text(encoding="utf-8")))
    }
    assert set(found) <= {TABLE, *RIVALS}, found
