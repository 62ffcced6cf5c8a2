"""The naive engine with a planted fault, to ask whether the tests would notice."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
#: By name: the module, its text, and what stands there in its place.
FAULTS: dict[str, dict[str, str]] = {
    fault["name"]: fault
    for fault in tomllib.loads((_FOLDER / "faults.toml").read_text(encoding="utf-8"))["fault"]
}


def run_with_fault(name: str) -> Callable[..., Any]:
    """Return `run_naively` of an engine with this fault."""
    fault = FAULTS[name]
    spaces: dict[str, dict[str, Any]] = {}
    for module in ("luck", "after", "engine"):
        text = (_FOLDER / f"{module}.py").read_text(encoding="utf-8")
        if module == fault["module"]:
            assert text.count(fault["sound"]) == 1, f"the fault {name!r} has lost its place"
            text = text.replace(fault["sound"], fault["faulty"])
        spaces[module] = {"__name__": f"tests.naive.{module}"}
        exec(compile(text, f"{module}, with a fault: {name}", "exec"), spaces[module])
    spaces["engine"]["Luck"] = spaces["luck"]["Luck"]
    spaces["engine"]["next_step"] = spaces["after"]["next_step"]
    run: Callable[..., Any] = spaces["engine"]["run_naively"]
    return run
