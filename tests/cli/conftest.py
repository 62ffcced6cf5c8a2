"""Folders with the tiny scenario, and with a finished run of it."""

from pathlib import Path

import pytest

from tests.cli.program import TINY, journeysim


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tiny.toml").write_text(TINY, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished run, to be looked at only."""
    place = tmp_path_factory.mktemp("finished")
    (place / "tiny.toml").write_text(TINY, encoding="utf-8")
    done = journeysim(place, "run", "tiny.toml")
    assert done.returncode == 0, done.stderr
    return place
