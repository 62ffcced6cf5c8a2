"""From a TOML file to one self-contained document.

`extends` is followed, and tables that stand in other files are brought in.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from journeysim.errors import Problem, ScenarioError
from journeysim.scenario.changes.key_paths import Document
from journeysim.scenario.reading.merging import merge_documents


def read_document(path: str | FilePath) -> Document:
    """Return the document of a scenario file, with what it extends already below it.

    Paths to other files are made absolute, so the document means the same anywhere.

    Raises
    ------
    ScenarioError
        If a file is missing, is not TOML, or the chain of `extends` closes.
    """
    return _read_chain(FilePath(path), ())


def with_extended(document: Mapping[str, Any], directory: FilePath, source: str) -> Document:
    """Return a document with what it extends below it, paths made absolute from `directory`.

    What Python programs put into a document is turned into what a file could hold.
    """
    return _lay_over_base(_plain(document), directory, source, ())


def _read_chain(path: FilePath, above: tuple[FilePath, ...]) -> Document:
    document = _read_toml(path)
    return _lay_over_base(document, path.parent, str(path), (*above, path.resolve()))


def _lay_over_base(
    document: Document, directory: FilePath, source: str, chain: tuple[FilePath, ...]
) -> Document:
    own: Document = _with_absolute_files(document, directory)
    name = own.pop("extends", None)
    if name is None:
        return own
    if not isinstance(name, str):
        raise _error(source, "extends", f"must be the name of a file in quotes, got {name!r}")
    base = directory / name
    if base.resolve() in chain:
        loop = [file.name for file in chain[chain.index(base.resolve()) :]]
        circle = " extends ".join([*loop, base.name])
        raise _error(source, "extends", f"the files extend each other in a circle: {circle}")
    if not base.is_file():
        raise _error(source, "extends", f"there is no file '{base}'")
    return merge_documents(_read_chain(base, chain), own)


def _read_toml(path: FilePath) -> Document:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise _error(str(path), "", "there is no such file") from None
    except IsADirectoryError:
        raise _error(str(path), "", "is a folder; name a scenario file in it") from None
    except OSError as error:
        raise _error(str(path), "", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _error(str(path), "", "is not text in UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise _error(str(path), *_line_and_text(str(error))) from None
    except RecursionError:
        raise _error(str(path), "", "is nested too deeply") from None


def _line_and_text(message: str) -> tuple[str, str]:
    place = re.search(r" \(at (line \d+), column \d+\)$", message)
    if place is None:
        return "last line", message.removesuffix(
            " (at end of document)"
        ) + " at the end of the file"
    return place.group(1), message[: place.start()]


def _with_absolute_files(value: Any, directory: FilePath) -> Any:
    if isinstance(value, list):
        return [_with_absolute_files(item, directory) for item in value]
    if not isinstance(value, dict):
        return value
    absolute = {key: _with_absolute_files(item, directory) for key, item in value.items()}
    if isinstance(value.get("file"), str):
        absolute["file"] = str((directory / value["file"]).absolute())
    return absolute


def _plain(value: Any) -> Any:
    """Copy a value; tuples, arrays, numpy numbers and paths become lists, numbers and texts."""
    if isinstance(value, Mapping):
        # Python has no other way to leave a key out of a literal.
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, FilePath):
        return str(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _error(source: str, path: str, text: str) -> ScenarioError:
    return ScenarioError(source, [Problem(path, text)])
