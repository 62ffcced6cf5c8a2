"""Many processes that start at once, while no machine code is on disk.

    python -m validation.startup [--rounds 50] [--processes 8] [--what draws|engine]

Each round begins with an empty cache and lets all processes go at one moment. ``draws`` has each
compile and call two functions of the draws, without the lock that spares processes the engine's
compiling: they all write the same files at once. ``engine`` has each run a small scenario with the
compiled engine, as a user would who starts many runs. A round passes if every process ends well,
with the expected bytes, and if one more process, after them, finds code that it can load.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DRAWS = """
from journeysim.engine.random.draws import gamma, uniform
values = [uniform(1, 2, customer, 3, 4, 5) for customer in range(1000)]
values += [gamma(0.7, 1, 2, customer, 3, 4, 5) for customer in range(1000)]
made = repr(values).encode()
"""

ENGINE = '''
import journeysim as js
from journeysim.scenario.scenario import Scenario
import tomllib
scenario = Scenario.from_document(tomllib.loads("""
[time]
horizon = "8h"
[segments.all]
patience = { distribution = "exponential", mean = "2m" }
[segments.all.arrivals]
rate = "60/h"
[channels.phone]
kind = "queue"
talk = { distribution = "exponential", mean = "4m" }
[pools.agents]
agents = 4
serves = ["phone"]
"""), name="small", directory=None)
run = js.simulate(scenario, replications=4, seed=1, engine=ENGINE, jobs=2)
tables = run.contacts, run.journeys, run.intervals
made = "".join(str(table.to_pydict()) for table in tables).encode()
'''

# Imports first, then all go at the moment named in the argument.
FRAME = """
import hashlib, sys, time
import journeysim.runs.scenario_run
while time.time() < float(sys.argv[1]):
    time.sleep(0.001)
{work}
print(hashlib.sha256(made).hexdigest())
"""


def code_of(what: str, engine: str = "compiled") -> str:
    """Return the Python code of one process."""
    work = DRAWS if what == "draws" else ENGINE.replace("ENGINE", repr(engine))
    return FRAME.format(work=work)


def expected(what: str) -> str:
    """Return the hash of what every process must make: one process alone, the reference engine."""
    with tempfile.TemporaryDirectory() as cache:
        made, errors = finish(start(code_of(what, "reference"), 0.0, {"JOURNEYSIM_CACHE": cache}))
    if not made:
        raise SystemExit(errors)
    return made


def start(code: str, moment: float, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start a process that begins at a moment."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, str(moment)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Return what a process made, and what went wrong."""
    output, errors = process.communicate()
    ended = process.returncode
    if ended:
        name = signal.Signals(-ended).name if ended < 0 else f"exit code {ended}"
        return "", f"{name}\n{errors}"
    return output.strip(), errors


def trouble_in_round(what: str, wanted: str, processes: int) -> str:
    """Run a round; return what went wrong, empty if nothing did."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {"JOURNEYSIM_CACHE": cache}
        moment = time.time() + 1.0 + 0.5 * processes
        together = [start(code_of(what), moment, environment) for _ in range(processes)]
        ends = [finish(process) for process in together]
        before = _code_in(Path(cache))
        ends.append(finish(start(code_of(what), 0.0, environment)))
        trouble = [errors or f"made {made}" for made, errors in ends if made != wanted or errors]
        if not before:
            trouble.append("no code was kept")
        if _code_in(Path(cache)) != before:
            trouble.append("the process after them compiled again")
        return "\n".join(trouble)


def _code_in(cache: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in cache.rglob("*.nb?")
    }


def main() -> int:
    """Run all rounds and say how they went."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--what", choices=["draws", "engine"], default="draws")
    options = parser.parse_args()
    wanted = expected(options.what)
    failed = 0
    for number in range(options.rounds):
        begun = time.perf_counter()
        trouble = trouble_in_round(options.what, wanted, options.processes)
        failed += bool(trouble)
        verdict = trouble or "passed"
        print(f"round {number}: {verdict} ({time.perf_counter() - begun:.1f} s)", flush=True)
    print(
        f"{options.what}: {options.rounds - failed} of {options.rounds} rounds passed, "
        f"{options.processes} processes each"
    )
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
