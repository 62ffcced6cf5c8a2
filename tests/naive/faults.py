"""The naive engine with a planted fault, to ask whether the tests would notice."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_TEXT = tomllib.loads((_FOLDER / "faults.toml").read_text(encoding="utf-8"))
#: By name: the module, a text of it, and what stands there in its place.
FAULTS = {
    name: (module, sound, faulty)
    for module, faults in _TEXT.items()
    for name, (sound, faulty) in faults.items()
}


def run_with_fault(name: str) -> Callable[..., Any]:
    """Return `run_naively` of an engine with this fault."""
    place, sound, faulty = FAULTS[name]
    spaces: dict[str, dict[str, Any]] = {}
    for module in ("random_inputs", "next_steps", "engine"):
        text = (_FOLDER / f"{module}.py").read_text(encoding="utf-8")
        if module == place:
            assert text.count(sound) == 1, f"the fault {name!r} has lost its place"
            text = text.replace(sound, faulty)
        spaces[module] = {"__name__": f"tests.naive.{module}"}
        exec(compile(text, f"{module}, with a fault: {name}", "exec"), spaces[module])
    spaces["engine"]["Luck"] = spaces["random_inputs"]["Luck"]
    spaces["engine"]["next_step"] = spaces["next_steps"]["next_step"]
    run: Callable[..., Any] = spaces["engine"]["run_naively"]
    return run
