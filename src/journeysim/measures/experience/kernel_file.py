"""Own measures from a file of Python, and their naive twins."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from journeysim.errors import MeasureError
from journeysim.measures.experience.journey_measure import JourneyMeasure
from journeysim.measures.experience.journey_registry import (
    known_journey_measures,
    register_journey_measure,
)

#: A function of this name and that of the measure is its naive twin.
TWIN: Final = "naive_"


def measures_of_file(path: Path) -> dict[str, JourneyMeasure]:
    """Return the measures that a file makes, by name, whether it registers them or not.

    Raises
    ------
    MeasureError
        If it cannot be run, or makes none.
    """
    before = known_journey_measures()
    module = _module(path)
    registered = [
        measure for name, measure in known_journey_measures().items() if name not in before
    ]
    found = {measure.name: measure for measure in [*_held(module), *registered]}
    if not found:
        raise MeasureError(
            f"{path}: makes no JourneyMeasure; `journeysim init --kernel NAME` writes an example"
        )
    taken = [name for name in found if name in before and before[name] is not found[name]]
    if taken:
        raise MeasureError(f"{path}: there is a measure {taken[0]!r} already; choose another name")
    return found


def register_file(path: Path) -> None:
    """Add the measures that a file makes to those known by name.

    Raises
    ------
    MeasureError
        If it cannot be run, makes none, or one that cannot be.
    """
    for name, measure in measures_of_file(path).items():
        if name not in known_journey_measures():
            register_journey_measure(measure)


def twins_of_file(path: Path) -> dict[str, Callable[..., Any]]:
    """Return the naive twins in a file by name of the measure, for those that have one."""
    module = _module(path)
    named = {name: getattr(module, TWIN + name, None) for name in measures_of_file(path)}
    return {name: twin for name, twin in named.items() if callable(twin)}


def _module(path: Path) -> ModuleType:
    """Run a file as a module, once."""
    name = path.stem
    loaded = sys.modules.get(name)
    if loaded is not None and getattr(loaded, "__file__", None) == str(path):
        return loaded
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise MeasureError(f"{path}: no such file of Python")
    module = importlib.util.module_from_spec(spec)
    # What stands beside it can be imported, as when it is run itself.
    sys.path.insert(0, str(path.resolve().parent))
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except MeasureError as error:
        raise MeasureError(f"{path}: {error}") from error
    except Exception as error:
        del sys.modules[name]
        raise MeasureError(f"{path}: {said(error, path)}") from error
    return module


def said(error: BaseException, path: Path) -> str:
    """Return an error in one line, with the line of the file that it came from."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).name == path.name
    ]
    if isinstance(error, SyntaxError) and error.lineno is not None:
        lines.append(error.lineno)
    text = str(error).strip().splitlines()
    first = f"{type(error).__name__}: {text[0]}" if text else type(error).__name__
    return f"line {lines[-1]}: {first}" if lines else first


def _held(module: ModuleType) -> list[JourneyMeasure]:
    return [value for value in vars(module).values() if isinstance(value, JourneyMeasure)]
