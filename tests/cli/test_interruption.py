"""Ctrl-C in the middle of a run: what is finished is kept, and the same command goes on."""

import json
import signal
import time

import psutil
import pytest

import journeysim as js
from journeysim import cli
from journeysim.cli import program
from journeysim.runs import compile_ahead as readiness
from tests.cli.program import files_of, journeysim, start

# Long enough that an interruption after three replications comes in the middle.
_MANY = ("run", "tiny.toml", "-n", "40", "--set", "time.horizon=3d")


def test_an_interrupted_run_goes_on_to_the_same_bytes(folder):
    running = start(folder, *_MANY)
    directory = folder / "runs/tiny"
    limit = time.monotonic() + 60
    while len(list(directory.glob("intervals/rep=*.arrow"))) < 3:
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < limit
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=60)
    assert running.returncode == 130, errors
    assert output == ""
    assert "Traceback" not in errors
    kept = len(js.open_run(directory).replications)
    assert 3 <= kept < 40
    said = " ".join(errors.split())
    assert f"stopped: {kept} of 40 replications are kept in runs/tiny" in said
    assert not list(directory.rglob(".*partial"))
    assert json.loads((directory / "run.json").read_text())["status"] == "interrupted"
    shown = journeysim(folder, "show", "runs/tiny")
    assert "interrupted: 40 were wanted" in shown.stdout
    again = journeysim(folder, *_MANY)
    assert f"already held {kept} of 40" in again.stdout
    whole = journeysim(folder, *_MANY, "--out", "whole", "-q")
    assert whole.returncode == 0
    assert files_of(directory) == files_of(folder / "whole")
    assert json.loads((directory / "run.json").read_text())["status"] == "complete"


def test_an_interruption_before_anything_is_finished(folder):
    # The compiled engine would be done by then.
    long = ("--set", "time.horizon=3650d", "--engine", "reference", "--no-out")
    running = start(folder, "run", "tiny.toml", "-n", "1", *long)
    # In its own time, not by the clock: reading the program takes long on a busy machine.
    spent = psutil.Process(running.pid).cpu_times
    while spent().user < 3.0:
        assert running.poll() is None, running.communicate()
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=60)
    assert running.returncode == 130, errors
    assert output == ""
    assert "nothing is kept" in errors
    assert "Traceback" not in errors


def test_an_interruption_while_the_program_is_read(monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "exit_code", interrupted)
    with pytest.raises(SystemExit) as leaving:
        cli.main()
    assert leaving.value.code == 130


@pytest.mark.parametrize("what", ["swallowed", "turned into another error"])
def test_an_interruption_while_compiling_is_one(monkeypatch, what):
    def compiling(*_):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            if what != "swallowed":
                raise RuntimeError("no compiled object yet") from None

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(readiness, "is_compiled", lambda _: False)
    monkeypatch.setattr(readiness, "_begin", compiling)
    with pytest.raises(KeyboardInterrupt):
        readiness.get_ready(None, None)
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_on_the_way_out_of_an_interruption_is_one(monkeypatch, capsys):
    def interrupted(_arguments):
        try:
            raise KeyboardInterrupt
        finally:
            raise RuntimeError("cannot release un-acquired lock")

    monkeypatch.setattr(program, "_invoke", interrupted)
    assert program.exit_code([]) == 130
    assert capsys.readouterr().err == "stopped\n"
