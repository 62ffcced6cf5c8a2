"""The reference engine against a plain SimPy script, on the same phone line.

    python -m benchmarks.reference [--customers 1000000] [--rounds 3]

Both run in processes of their own, alternately, one round after the other; compiling, importing
and reading the scenario are outside the clock. The rate in processor time is there because it
hardly changes when others use the machine. The engine writes its Arrow files, the script
keeps a row per customer in a list. What was simulated is checked against Erlang-A.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SCENARIO = Path(__file__).parents[1] / "scenarios" / "erlang_a.toml"
RATE = 20.0  # customers per minute
#: Bars: share of the plain script's rate, and megabytes.
SLOWEST, LARGEST = 0.7, 600.0
MEGABYTE = 1024.0  # of what getrusage counts, kilobytes


def plain(customers: int) -> dict[str, Any]:
    """Run the plain script."""
    from benchmarks import plain_simpy

    plain_simpy.run(1000)
    begun = clocks()
    rows = plain_simpy.run(customers)
    spent = since(begun)
    abandoned = [started is None for _, started, _ in rows]
    waits = [(end if start is None else start) - arrived for arrived, start, end in rows]
    return spent | {
        "customers": len(rows),
        "peak": peak(),
        "abandoned": sum(abandoned) / len(rows),
        "wait": 60 * sum(waits) / len(rows),
    }


def engine(customers: int) -> dict[str, Any]:
    """Run the reference engine into a temporary directory."""
    from journeysim import load_scenario, simulate

    scenario = load_scenario(SCENARIO).change("time.warm_up", "0s")
    scenario = scenario.change("time.horizon", f"{round(60 * customers / RATE)}s")
    simulate(scenario.change("time.horizon", "1h"), replications=1, engine="reference")
    with tempfile.TemporaryDirectory() as folder:
        begun = clocks()
        run = simulate(scenario, replications=1, engine="reference", out=Path(folder) / "run")
        spent = since(begun) | {"peak": peak()}
        return spent | beside_erlang_a(run)


def beside_erlang_a(run: Any) -> dict[str, Any]:
    """Return what happened, and how far it is from Erlang-A, in standard errors too.

    Batches of two hours; arrivals and talk less their expectation are controls, since a million
    customers alone would leave abandonment uncertain by 2 %.
    """
    import numpy as np
    import pyarrow.compute as pc

    from tests.theory.estimates import intercept
    from tests.theory.formulas import erlang_a
    from tests.theory.observed import minutes

    table = run.replication(0).contacts
    entered, wait, talk = (minutes(table[name]) for name in ("entered", "wait", "talk"))
    abandoned = pc.equal(table["outcome"], "abandoned").to_numpy(zero_copy_only=False)
    batch = (entered // 120).astype(int)
    # The first batch starts empty, the last may be short.
    whole = slice(1, int(minutes(run.replication(0).intervals["start"]).max() // 120))

    def sums(values: Any) -> Any:
        return np.bincount(batch, values)[whole]

    arrived = sums(np.ones(len(batch)))
    controls = np.stack([arrived - 120 * RATE, sums(np.nan_to_num(talk - 5.0))], axis=1)
    exact = erlang_a(RATE, 0.2, 1 / 3, 100, threshold=1 / 3)
    found: dict[str, Any] = {
        "customers": table.num_rows,
        "abandoned": float(abandoned.mean()),
        "wait": 60 * float(wait.mean()),
    }
    for name, values in ("p_ab", abandoned), ("ew", wait):
        centre, error = intercept(sums(values) - exact[name] * arrived, controls)
        scale = arrived.mean() * exact[name]
        found[f"{name}_distance"] = float(centre / scale)
        found[f"{name}_error"] = float(error / scale)
    return found


def clocks() -> tuple[float, float]:
    """Return the time by the wall and by the processor, seconds."""
    return time.perf_counter(), time.process_time()


def since(begun: tuple[float, float]) -> dict[str, Any]:
    """Return the seconds since then, by both clocks."""
    wall, processor = (now - then for now, then in zip(clocks(), begun, strict=True))
    return {"wall": wall, "processor": processor}


def peak() -> float:
    """Return the most memory this process has held, megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def child(who: str, customers: int) -> dict[str, Any]:
    """Run one of them in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.reference", "--only", who]
    command += ["--customers", str(customers)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def machine() -> str:
    """Return what the figures were measured on."""
    name = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            name = line.partition(":")[2].strip()
            break
    return f"{name}, Python {platform.python_version()}, {platform.system()}"


def compare(customers: int, rounds: int) -> bool:
    """Print the table; return whether every bar is passed."""
    results: dict[str, list[dict[str, Any]]] = {"plain": [], "engine": []}
    for _ in range(rounds):
        for who, kept in results.items():
            kept.append(child(who, customers))
    rates = {
        (who, clock): statistics.median(each["customers"] / each[clock] for each in kept)
        for who, kept in results.items()
        for clock in ("wall", "processor")
    }
    print(f"{customers:,} customers, median of {rounds}; {machine()}")
    print("customers    a second   a processor second   peak MB   abandoned   mean wait")
    for who, kept in results.items():
        last, most = kept[-1], max(each["peak"] for each in kept)
        print(
            f"{who:9} {rates[who, 'wall']:11,.0f} {rates[who, 'processor']:20,.0f} "
            f"{most:9.0f} {last['abandoned']:11.3%} {last['wait']:9.3f} s"
        )
    ratios = [rates["engine", clock] / rates["plain", clock] for clock in ("wall", "processor")]
    last = results["engine"][-1]
    largest = max(each["peak"] for each in results["engine"])
    checks = [
        (
            f"engine / plain {ratios[0]:.2f} (in processor time {ratios[1]:.2f})",
            ratios[0] >= SLOWEST,
            f"at least {SLOWEST}",
        ),
        (f"peak memory {largest:.0f} MB", largest < LARGEST, f"under {LARGEST:.0f} MB"),
    ]
    for name, what in ("p_ab", "abandonment"), ("ew", "mean wait"):
        distance, error = last[f"{name}_distance"], last[f"{name}_error"]
        text = f"{what} {distance:+.2%} from Erlang-A (standard error {error:.2%})"
        checks.append((text, abs(distance) < max(0.01, 4.2 * error), "1 % or 4.2 errors"))
    for text, passed, bar in checks:
        print(f"{'ok  ' if passed else 'MISS'}  {text}; bar: {bar}")
    return all(passed for _, passed, _ in checks)


def main(arguments: list[str]) -> int:
    """Compare, or run one of the two as a child."""
    parser = argparse.ArgumentParser(description="The reference engine against plain SimPy.")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("plain", "engine"), help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.only:
        print(json.dumps((plain if chosen.only == "plain" else engine)(chosen.customers)))
        return 0
    return 0 if compare(chosen.customers, chosen.rounds) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
