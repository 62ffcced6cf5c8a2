"""Every code block of the documents runs, every link leads somewhere, every key is explained.

How a block is treated, by the words behind its fence:
    python            run, in order, with what the blocks before it left in the file
    console           each `$ ` line goes through a shell and must exit 0; lines below it are its
                      output, `...` stands for any lines; nothing below it: not compared
    toml              a whole scenario, or a piece that is laid over `BASE`
    toml, csv file=x  written to x for the blocks that follow; a whole scenario is checked as well
    text, json        shown, not run
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import journeysim
from journeysim.measures.experience import journey_registry, known_journey_measures
from journeysim.measures.service import registry
from journeysim.scenario.reading.merging import merge_documents
from journeysim.scenario.scenario import Scenario, load_scenario
from journeysim.scenario.schema.world import World

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("scenarios/*.md")))
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<words>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```$", re.M | re.S
)

#: What pieces of scenarios in the documents are laid over.
BASE = """
[needs.billing]
first = { web = 0.5, phone = 0.4, email = 0.1 }
[needs.fault]
first = { phone = 0.7, chat = 0.2, shop = 0.1 }
[segments.regular]
needs = { billing = 0.6, fault = 0.4 }
arrivals = { from = "08:00", every = "1h", counts = [20, 30, 20] }
[segments.privileged]
needs = { fault = 1.0 }
arrivals = { from = "08:00", every = "1h", counts = [4, 6, 4] }
[channels.web]
kind = "self_service"
time_spent = "4m"
[channels.bot]
kind = "self_service"
time_spent = "2m"
stuck = 0.4
[channels.phone]
kind = "queue"
talk = "4m"
patience = "5m"
[channels.chat]
kind = "queue"
talk = "9m"
patience = "3m"
[channels.shop]
kind = "queue"
talk = "8m"
patience = "15m"
[channels.email]
kind = "deferred"
talk = "7m"
[channels.back_office]
kind = "deferred"
talk = "12m"
[pools.regular]
serves = ["phone"]
agents = 6
[pools.desk]
serves = ["chat", "email"]
agents = 3
[pools.shop]
serves = ["shop"]
agents = 2
[pools.experts]
serves = ["back_office", "phone"]
agents = 1
"""


@dataclass(frozen=True)
class Block:
    """A code block: the words behind its fence, its text, and the line on which the text begins."""

    words: tuple[str, ...]
    text: str
    line: int

    @property
    def language(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def file(self) -> str | None:
        named = [word.removeprefix("file=") for word in self.words if word.startswith("file=")]
        return named[0] if named else None


def blocks_of(document: Path) -> list[Block]:
    text = document.read_text(encoding="utf-8")
    found = []
    for fence in FENCE.finditer(text):
        line = text.count("\n", 0, fence.start()) + 2
        indent = len(fence["indent"])
        lines = "".join(part[indent:] for part in fence["text"].splitlines(keepends=True))
        found.append(Block(tuple(fence["words"].split()), lines, line))
    return found


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_code_block_runs(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios", ignore=chosen)
    monkeypatch.chdir(tmp_path)
    # What a document registers is known to that document alone.
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry.known_measures()))
    monkeypatch.setattr(journey_registry, "_REGISTRY", dict(known_journey_measures()))
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks_of(document):
        place = f"{name_of(document)}:{block.line}"
        if block.file is not None:
            Path(block.file).write_text(block.text, encoding="utf-8")
        match block.language:
            case "python":
                exec(compile("\n" * (block.line - 1) + block.text, place, "exec"), names)
            case "console":
                run_console(block, place)
            case "toml":
                check_toml(block, place)
            case "csv" | "text" | "json":
                pass
            case _:
                pytest.fail(f"{place}: no such kind of block: {block.language!r}")


def run_console(block: Block, place: str) -> None:
    """Run the commands of a block; compare what is shown of their output."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    for command, shown in commands_of(block, place):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"{place}: {command}\n{done.stdout}{done.stderr}"
        printed = [line.rstrip() for line in done.stdout.splitlines()]
        if shown:
            assert matches(shown, printed), f"{place}: {command} printed\n{done.stdout}"


def commands_of(block: Block, place: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command with the lines that are shown below it."""
    command, shown = "", list[str]()
    for line in block.text.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, shown
            command, shown = line[2:], []
        elif command.endswith("\\"):
            command = f"{command[:-1]} {line.strip()}"
        else:
            assert command, f"{place}: begins with {line!r} and not with a command"
            shown.append(line.rstrip())
    yield command, shown


def matches(shown: list[str], printed: list[str]) -> bool:
    """Return whether lines are as shown, where `...` stands for any number of lines."""
    parts = ["(?:.*\n)*" if line == "..." else re.escape(line) + "\n" for line in shown]
    return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in printed)) is not None


def check_toml(block: Block, place: str) -> None:
    """Check a scenario; a piece of one is laid over the base first."""
    document = tomllib.loads(block.text)
    if "extends" not in document and not {"segments", "channels", "pools"} <= set(document):
        document = merge_documents(tomllib.loads(BASE), document)
    Scenario.from_document(document, name=place)


def test_every_key_of_a_scenario_file_is_explained() -> None:
    text = (ROOT / "docs/scenario-file.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([a-z_]+)`", text))
    assert keys_of(World, set()) <= explained


def keys_of(part: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    """Return all keys that may stand in a part of a scenario, or below it."""
    if part in seen:
        return set()
    seen.add(part)
    keys = {field.alias or name for name, field in part.model_fields.items()}
    for field in part.model_fields.values():
        for below in parts_in(field.annotation):
            keys |= keys_of(below, seen)
    return keys


def parts_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from parts_in(argument)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(document: Path) -> None:
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = (document.parent / path).resolve() if path else document
        assert linked.exists(), f"{name_of(document)}: there is no {path}"
        if anchor:
            assert anchor in anchors_of(linked), f"{name_of(document)}: no heading #{anchor}"


def anchors_of(document: Path) -> set[str]:
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in headings}


def test_every_document_is_on_the_map() -> None:
    text = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    missing = [path for path in (ROOT / "docs").rglob("*.md") if path.name not in text]
    assert [path for path in missing if path.name != "index.md"] == []


def test_every_scenario_has_its_line() -> None:
    text = (ROOT / "scenarios/README.md").read_text(encoding="utf-8")
    assert [path.name for path in SCENARIOS if f"`{path.name}`" not in text] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=name_of)
def test_a_scenario_begins_with_what_it_teaches(path: Path) -> None:
    first, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
    assert first.startswith("# What this teaches: ")
    assert "Where the figures come from" in first
    assert rest


@pytest.mark.parametrize("path", SCENARIOS, ids=name_of)
def test_a_scenario_is_right_in_every_variant(path: Path) -> None:
    scenario = load_scenario(path)
    assert scenario.world.evidence
    for name, described in scenario.variants.items():
        assert described
        assert scenario.variant(name).world != scenario.world


def test_the_changelog_knows_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {journeysim.__version__}" in text
