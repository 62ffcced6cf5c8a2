"""The program as people start it, and a scenario small enough to run often."""

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from journeysim.cli import exit_code

TINY = """\
title = "A tiny line"
seed = 3
replications = 4

[time]
horizon = "2h"
run_out = "1d"
starts_on = "sunday"

[segments.regular]
patience = { distribution = "exponential", mean = "2m" }
value = 10
first = { phone = 0.8, web = 0.2 }
interviews = 3
[segments.regular.arrivals]
rate = "20/h"

[channels.phone]
kind = "queue"
talk = { distribution = "exponential", mean = "4m" }
resolution = 0.8
[channels.phone.after.abandoned]
phone = { share = 0.4, delay = "10m" }
mail = { share = 0.1, delay = "1m" }
lost = 0.2
[channels.phone.after.unresolved]
phone = { share = 0.5, delay = "1h" }

[channels.mail]
kind = "deferred"
talk = { distribution = "exponential", mean = "5m" }
chase = { after = "30m", to = { phone = 0.5 } }

[channels.web]
kind = "self_service"
time_spent = "3m"
stuck = 0.3
resolution = 0.9
[channels.web.after.stuck]
phone = { share = 0.7, delay = "2m" }

[pools.agents]
agents = 3
paid = true
shrinkage = 0.5
serves = ["phone", "mail"]
cost_per_hour = 30

[evidence]
"channels.phone.talk" = { source = "made up", grade = "assumption" }

[variants.three_more]
description = "Three paid agents more"
set = ["pools.agents.agents+=3"]
"""

# As a user's shell would have it, not as pytest's terminal happens to be.
_SHELL = {
    key: value
    for key, value in os.environ.items()
    if key not in ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR")
}


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "journeysim", *map(str, arguments)]


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def journeysim(folder: Path, *arguments: str | Path) -> Done:
    """Run the program in this process, which is a second faster."""
    out, err = io.StringIO(), io.StringIO()
    redirected = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
    with contextlib.chdir(folder), redirected[0], redirected[1]:
        code = exit_code([*map(str, arguments)])
    return Done(code, out.getvalue(), err.getvalue())


def process(
    folder: Path, *arguments: str | Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the program as a shell does."""
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env={**_SHELL, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def start(folder: Path, *arguments: str | Path, first: str = "") -> subprocess.Popen[str]:
    """Start the program and go on.

    Parameters
    ----------
    first
        Lines of Python that it runs before anything else.
    """
    words = command(*arguments)
    if first:
        code = f"{first}\nfrom journeysim.cli import main\nmain()\n"
        words = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(
        words,
        cwd=folder,
        env=_SHELL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def files_of(directory: Path) -> dict[str, bytes]:
    """Return what stands in a directory, by path, run.json aside."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }
