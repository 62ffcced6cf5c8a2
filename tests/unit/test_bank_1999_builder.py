"""The bank's scenario and figures are what its builder makes of the log of calls."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = os.environ.get("JOURNEYSIM_DATA")


def build(directory, **environment):
    names = ("--out", "bank_1999.toml", "--figures", "bank_1999_figures.json")
    return subprocess.run(
        [sys.executable, "-m", "scenarios.bank_1999", *names],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(DATA is None, reason="JOURNEYSIM_DATA is not set: the log is not at hand")
def test_builder_writes_the_scenario_and_figures_byte_for_byte(tmp_path):
    done = build(tmp_path, JOURNEYSIM_DATA=str(Path(DATA).resolve()))
    assert done.returncode == 0, done.stderr
    for name in ("bank_1999.toml", "bank_1999_figures.json"):
        assert (tmp_path / name).read_bytes() == (ROOT / "scenarios" / name).read_bytes(), name


@pytest.mark.parametrize("data", ["", "nowhere"])
def test_builder_without_the_log_says_so_in_one_line_and_exits_with_2(data, tmp_path):
    done = build(tmp_path, JOURNEYSIM_DATA=data)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
