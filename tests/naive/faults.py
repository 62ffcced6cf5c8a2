"""The naive engine with a planted fault, to ask whether the tests would notice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from validation.planting import faults, planted, texts_of

_FOLDER = Path(__file__).parent
_MODULES = ("random_inputs", "next_steps", "engine")
TEXTS = texts_of(_FOLDER)
#: Changes by name.
FAULTS = {
    name: changes
    for members in faults(_FOLDER / "faults.toml").values()
    for name, changes in members.items()
}


def run_with_fault(name: str) -> Callable[..., Any]:
    """Return `run_naively` of an engine with this fault."""
    texts = TEXTS | planted(FAULTS[name], TEXTS)
    spaces: dict[str, dict[str, Any]] = {}
    for module in _MODULES:
        text = texts[str(_FOLDER / f"{module}.py")]
        spaces[module] = {"__name__": f"tests.naive.{module}"}
        exec(compile(text, f"{module}, with a fault: {name}", "exec"), spaces[module])
    spaces["engine"]["RandomInputs"] = spaces["random_inputs"]["RandomInputs"]
    spaces["engine"]["next_step"] = spaces["next_steps"]["next_step"]
    run: Callable[..., Any] = spaces["engine"]["run_naively"]
    return run
