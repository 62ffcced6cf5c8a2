"""Machine code on disk: missing, damaged, old, or not to be written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from journeysim import jit

_USE = """
from journeysim import jit
from journeysim.engine.random.arithmetic import log
assert log(1.0) == 0.0
print(jit.CODE_FOLDER)
"""


def use(**environment: str) -> Path | None:
    """Compile or load one function in a process of its own; return where its code is kept."""
    known = {key: value for key, value in os.environ.items() if key != "XDG_CACHE_HOME"}
    known.pop("JOURNEYSIM_CACHE", None)
    done = subprocess.run(
        [sys.executable, "-c", _USE],
        env={**known, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    said = done.stdout.strip()
    return None if said == "None" else Path(said)


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("arithmetic.log-*.nb?")}


@pytest.mark.parametrize("size", [0, 5, 100])
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_damaged_code_is_made_anew(tmp_path, compiled_log, kind, size):
    state = compiled_log.name
    copy = tmp_path / "journeysim" / state
    for path in compiled_log.rglob("arithmetic.log-*"):
        target = copy / path.relative_to(compiled_log)
        target.parent.mkdir(parents=True, exist_ok=True)
        whole = path.read_bytes()
        target.write_bytes(whole[:size] if path.suffix == f".{kind}" else whole)
    assert use(JOURNEYSIM_CACHE=str(tmp_path)) == copy
    assert {name: len(code) for name, code in kept(copy).items()} == {
        name: len(code) for name, code in kept(compiled_log).items()
    }


@pytest.fixture(scope="module")
def compiled_log(tmp_path_factory):
    folder = use(JOURNEYSIM_CACHE=str(tmp_path_factory.mktemp("cache")))
    assert folder is not None
    assert len(kept(folder)) == 2
    return folder


def test_where_the_cache_cannot_be_written_a_folder_of_ones_own_is_used(tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for place in ({"JOURNEYSIM_CACHE": "/proc/x"}, {"HOME": "/proc/x"}):
        folder = use(**place, TMPDIR=str(temporary))
        assert folder is not None
        own = temporary / f"journeysim-{os.getuid()}"
        assert own in folder.parents
        assert own.stat().st_mode & 0o777 == 0o700
        assert len(kept(folder)) == 2
    # What others could have written is not executed.
    own.chmod(0o777)
    assert use(JOURNEYSIM_CACHE="/proc/x", TMPDIR=str(temporary)) is None


def test_old_code_is_removed_but_for_the_newest(tmp_path):
    folders = [tmp_path / f"code-{number:02d}" for number in range(13)]
    for number, folder in enumerate(folders):
        (folder / "engine").mkdir(parents=True)
        os.utime(folder, (number, number))
    (tmp_path / "mine").mkdir()
    jit.prune(folders[0])
    assert sorted(tmp_path.iterdir()) == [folders[0], *folders[5:], tmp_path / "mine"]
