"""The table of CONTRIBUTING.md is true: its files exist, and nothing is named anywhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "src" / "journeysim"
#: Rows of the table, each with the words by which something that was added so is named.
EXAMPLES = {
    "a key of the scenario file": r"at_closing",
    "a distribution": r"hyper_?exponential",
    "a rule that both engines share": r"balking_probability",
    "a measure of services": r"answered_within_target",
    "a chart": r"journey_?map",
    "a command": r"completion",
}


class Row(NamedTuple):
    """Where something goes: the paths of the second column, and those of the third."""

    goes_to: list[Path]
    and_also: list[Path]


def table() -> dict[str, list[str]]:
    """Return the cells of the table by what is added."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split("\n## Where things go\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][2:]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return {cells[0]: cells[1:] for cells in rows}


def paths(cell: str) -> list[Path]:
    """Return the files and folders that a cell names, whether or not they exist."""
    named = re.findall(r"`([^` ]+)`", cell) + re.findall(r"\]\(([^)#]+)\)", cell)
    named = [name for name in named if "/" in name or re.search(r"\.(py|md|toml|json)$", name)]
    return [ROOT / name if (ROOT / name).exists() else SOURCES / name for name in named]


ROWS = {added: Row(*(paths(cell) for cell in cells)) for added, cells in table().items()}


def naming(words: str) -> set[Path]:
    """Return the source files that name something."""
    pattern = re.compile(rf"\b{words}\b", re.IGNORECASE)
    files = SOURCES.rglob("*.py")
    return {path for path in files if pattern.search(path.read_text(encoding="utf-8"))}


def is_in(file: Path, places: list[Path]) -> bool:
    return any(file == place or place in file.parents for place in places)


def test_every_path_of_the_table_exists():
    assert len(ROWS) > 9
    named = [path for row in ROWS.values() for path in (*row.goes_to, *row.and_also)]
    assert len(named) > 25
    assert [path for path in named if not path.exists()] == []


def test_the_count_of_files_for_a_kind_of_channel_is_theirs():
    count = re.search(r"(\d+) files in all", table()["a kind of channel"][0])
    assert count
    assert len(set(ROWS["a kind of channel"].goes_to)) == int(count[1])


@pytest.mark.parametrize("added", EXAMPLES)
def test_the_table_names_all_files_that_such_a_thing_is_in(added):
    row, files = ROWS[added], naming(EXAMPLES[added])
    assert [file for file in sorted(files) if not is_in(file, [*row.goes_to, *row.and_also])] == []


@pytest.mark.parametrize("added", EXAMPLES)
def test_such_a_thing_is_in_every_file_that_the_table_sends_it_to(added):
    files = naming(EXAMPLES[added])
    idle = [place for place in ROWS[added].goes_to if not any(is_in(f, [place]) for f in files)]
    assert idle == []
