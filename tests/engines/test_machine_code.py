"""Machine code on disk: missing, damaged, old, or not to be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from journeysim import machine_code
from journeysim.jit import compiled
from journeysim.machine_code import KEPT_FOR, code_place, is_kept

_USE = """
from journeysim import machine_code
from journeysim.engine.random.arithmetic import log
assert log(1.0) == 0.0
assert machine_code.is_kept(log) == (machine_code.CODE_FOLDER is not None)
print(machine_code.CODE_FOLDER)
"""
SOURCES = Path(machine_code.__file__).parent


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


def test_what_others_may_write_is_not_executed(tmp_path, compiled_log):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    own = tmp_path / "journeysim"
    state = compiled_log.name
    assert use(JOURNEYSIM_CACHE=str(tmp_path), TMPDIR=str(temporary)) == own / state
    assert own.stat().st_mode & 0o777 == 0o700
    for open_to_others in (own / state, own):
        open_to_others.chmod(0o770)
        elsewhere = use(JOURNEYSIM_CACHE=str(tmp_path), TMPDIR=str(temporary))
        assert elsewhere == temporary / f"journeysim-{os.getuid()}" / state
        open_to_others.chmod(0o700)
    assert use(JOURNEYSIM_CACHE=str(tmp_path), TMPDIR=str(temporary)) == own / state


def test_two_installations_of_the_same_sources_share_their_code(tmp_path):
    def installed(name: str) -> dict[str, str]:
        target = tmp_path / name / "journeysim"
        shutil.copytree(SOURCES, target, ignore=shutil.ignore_patterns("__pycache__"))
        age = 1000.0 * (1 + len(name))
        for path in target.rglob("*.py"):
            os.utime(path, (age, age))
        return {"PYTHONPATH": str(target.parent), "JOURNEYSIM_CACHE": str(tmp_path / "cache")}

    folder = use(**installed("one"))
    assert folder is not None
    first = {path: path.stat().st_mtime_ns for path in folder.rglob("*.nb?")}
    assert len(kept(folder)) == 2
    another = installed("another")
    assert use(**another) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.nb?")} == first
    # One letter more, in a function that is called by others: nothing old is used.
    with (tmp_path / "another/journeysim/engine/random/arithmetic.py").open("a") as source:
        source.write("#")
    assert use(**another) != folder


def test_code_is_removed_by_age_and_size_and_never_the_present_one(tmp_path, monkeypatch):
    now = time.time()
    folders = [tmp_path / f"code-{number:02d}" for number in range(13)]
    for number, folder in enumerate(folders):
        (folder / "engine").mkdir(parents=True)
        (folder / "engine/loop.nbc").write_bytes(bytes(10_000))
        os.utime(folder, (now - number, now - number))
    (tmp_path / "mine").mkdir()
    present = folders[12]
    # Many versions within minutes: none goes.
    machine_code.prune(present)
    assert len(list(tmp_path.iterdir())) == 14
    # Used long ago.
    for folder, age in ((folders[3], 1), (folders[4], -60), (present, 1)):
        os.utime(folder, (0, now - KEPT_FOR - age))
    machine_code.prune(present)
    left = [folder for folder in folders if folder != folders[3]]
    assert sorted(tmp_path.iterdir()) == [*left, tmp_path / "mine"]
    # Too much: those used last are left beside the present one.
    each = sum(path.stat().st_size for path in folders[0].rglob("*"))
    monkeypatch.setattr(machine_code, "KEPT_BYTES", 4 * each)
    machine_code.prune(present)
    assert sorted(tmp_path.iterdir()) == [*folders[:3], present, tmp_path / "mine"]


def test_use_keeps_code_young(tmp_path, compiled_log):
    cache = str(compiled_log.parents[1])
    os.utime(compiled_log, (0, 0))
    assert use(JOURNEYSIM_CACHE=cache) == compiled_log
    assert compiled_log.stat().st_mtime > time.time() - 3600


def test_a_function_typed_in_at_a_prompt_is_compiled_but_not_kept():
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile("def double(x):\n    return 2 * x\n", "<prompt>", "exec"), names)
    assert code_place(names["double"]) is None
    double = compiled(names["double"])
    assert double(21) == 42
    assert not is_kept(double)
