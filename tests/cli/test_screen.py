"""What is printed: help, its width, terminals of all kinds, and readers who stop."""

import os
import subprocess
import sys

import pytest

from journeysim.cli.screen import command_line, complain, say
from tests.cli.program import command, journeysim, process, start


@pytest.mark.parametrize(
    "arguments", [[], ["run"], ["show"], ["check"], ["journeys"], ["init"], ["completion"]]
)
def test_help_fits_into_80_columns(folder, arguments):
    done = journeysim(folder, *arguments, "--help")
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_help_needs_no_heavy_library():
    heavy = "numba", "numpy", "pyarrow", "pydantic", "simpy", "rich", "scipy"
    check = f"import sys, journeysim.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_names_the_exit_codes(folder):
    done = journeysim(folder, "--help")
    for words in ("0  fine", "2  bad input", "3  a run directory", "130  interrupted"):
        assert words in done.stdout
    assert journeysim(folder).stdout == done.stdout


def test_nothing_printed_is_wider_than_80_columns(finished):
    for arguments in (
        ["run", "tiny.toml", "--no-out", "--by", "segment,need,channel,interval"],
        ["show", "runs/tiny"],
        ["show", "runs/tiny", "--by", "interval"],
        ["show", "runs/tiny", "--by", "channel,pool"],
        ["show", "runs/tiny", "--by", "channel", "--measure", "agent_effort,excess_wait,fresh"],
        ["show", "tiny.toml"],
        ["show", "--measures"],
        ["check", "tiny.toml"],
        ["journeys", "runs/tiny", "--limit", "30"],
        ["show", "runs/tiny", "--threshold", "soon"],
        ["completion", "tcsh"],
    ):
        done = journeysim(finished, *arguments)
        lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
        assert lines
        assert max(map(len, lines)) <= 80, arguments


def test_output_that_is_not_a_terminal_has_no_escape_codes(finished):
    done = process(finished, "run", "tiny.toml", "--no-out", TERM="xterm-256color")
    assert "\x1b" not in done.stdout + done.stderr


def test_a_terminal_without_the_letters_gets_others(finished):
    done = process(finished, "show", "runs/tiny", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "+-" in done.stdout


def test_whoever_stops_reading_is_no_error(finished):
    reading = start(finished, "show", "runs/tiny", "--by", "interval,channel,segment,need")
    reading.stdout.readline()
    reading.stdout.close()
    errors = reading.stderr.read()
    reading.stderr.close()
    assert reading.wait(60) == 0
    assert errors == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_disk_is_said_in_one_line(finished):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        broken = subprocess.run(
            command("show", "runs/tiny"),
            cwd=finished,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert broken.returncode == 3
    assert broken.stderr == "error: the output: No space left on device\n"


def test_names_from_files_move_no_cursor(capsys: pytest.CaptureFixture[str]):
    say("a \x1b[31mred\x07 name")
    complain("another\x9b2J")
    command_line("journeysim run '\x1b]0;title\x07.toml'")
    found = capsys.readouterr()
    assert not set("\x1b\x07\x9b") & set(found.out + found.err)
    assert "[31mred" in found.out
