"""What figures are measured on: what must be equal to compare times, and what may explain them."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

_PACKAGES: Final = (
    "journeysim",
    "numpy",
    "numba",
    "llvmlite",
    "pyarrow",
    "polars",
    "duckdb",
    "pandas",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine, as far as times of two runs are comparable only if all of it is equal.

    Attributes
    ----------
    processor
        Its name.
    target
        What compiled code is made for: the same processor may hide instructions in a virtual
        machine.
    cores
        Those that this program may use.
    system
        Operating system and architecture.
    """

    processor: str
    target: str
    cores: int
    system: str

    def __str__(self) -> str:
        cores = f"{self.cores} core{'s' if self.cores != 1 else ''}"
        return f"{self.processor}, {cores}, {self.system}"

    def as_record(self) -> dict[str, Any]:
        """Return it as it stands in a history."""
        return asdict(self)


def this_machine() -> Machine:
    """Return the machine that runs this."""
    # It has no types.
    binding: Any = import_module("llvmlite.binding")
    return Machine(
        processor=_processor(),
        target=binding.get_host_cpu_name(),
        cores=available_cores(),
        system=f"{platform.system()} {platform.machine()}",
    )


def available_cores() -> int:
    """Return how many cores this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def software() -> dict[str, str]:
    """Return the versions that may explain a difference, but do not forbid a comparison."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()
