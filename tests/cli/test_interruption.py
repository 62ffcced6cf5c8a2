"""Ctrl-C in the middle of a run: what is finished is kept, and the same command goes on."""

import json
import signal

import pytest

import journeysim as js
from journeysim import cli
from journeysim.cli import program
from journeysim.runs import compile_ahead as readiness
from tests.cli.program import files_of, journeysim, start

_MANY = ("run", "tiny.toml", "-n", "40", "--jobs", "2", "--set", "time.horizon=3d")
# Nobody outside can tell when to interrupt on a busy machine, so the program does it itself.
#: When the fifth replication is about to be complete, of which at most two are at once under way.
_AMID = """
import os, signal, sys
begun = set()
def renaming(event, words):
    if event == "os.rename" and "intervals" in str(words[1]):
        begun.add(str(words[1]))
        if len(begun) == 5:
            os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(renaming)
"""
#: After a thousand events of the first replication.
_EARLY = """
import os, signal
from journeysim.engine.reference.entities import TickEnvironment
plain, events = TickEnvironment.happen, 0
def happen(self, *words):
    global events
    events += 1
    if events == 1000:
        os.kill(os.getpid(), signal.SIGINT)
    return plain(self, *words)
TickEnvironment.happen = happen
"""


def test_an_interrupted_run_goes_on_to_the_same_bytes(folder):
    running = start(folder, *_MANY, first=_AMID)
    directory = folder / "runs/tiny"
    output, errors = running.communicate(timeout=300)
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
    running = start(folder, "run", "tiny.toml", "-n", "1", *long, first=_EARLY)
    output, errors = running.communicate(timeout=300)
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
