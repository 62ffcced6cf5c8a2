"""Planting a fault: a piece of syntax of one function is changed, wherever the function stands.

What a fault is called, where it is laid out and in which file has no meaning. A function is told by
its name; where that is not enough, names of its class, module or package go before it, from outside
in and with dots. Without a name the change is of what stands outside of functions and classes.
"""

from __future__ import annotations

import ast
import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import journeysim
from validation.syntax_patterns import Place, Rewriting

SOURCES = Path(journeysim.__file__).parent
COMPILED = SOURCES / "engine" / "compiled"
#: Function (or "" for what stands outside), pattern, what stands there instead.
Change = Sequence[str]


class LostPlaceError(Exception):
    """The pattern of a change does not fit exactly once in the functions of its name."""


def faults(path: Path | None = None) -> dict[str, dict[str, list[Change]]]:
    """Return the changes of each fault, by group and name."""
    path = path or Path(__file__).with_name("faults.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def is_test(group: str) -> bool:
    """Return whether a group of faults is to be noticed by a test, not by comparing engines."""
    return group.startswith("tests/")


def texts_of(folder: Path) -> dict[str, str]:
    """Return the sources in a folder, by path."""
    return {str(path): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}


def planted(changes: Iterable[Change], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that a fault changes, by path.

    Raises
    ------
    LostPlaceError
        If a pattern fits nowhere, or in several places.
    """
    changed: dict[str, ast.Module] = {}
    for function, pattern, other in changes:
        rewriting = Rewriting(pattern, other)
        trees = {path: changed.get(path) or _tree(text) for path, text in texts.items()}
        paths = [path for path in trees for _ in _places(function, rewriting, path, trees[path])]
        if len(paths) != 1:
            where = function or "what stands outside of functions"
            raise LostPlaceError(f"fits {len(paths)} times in {where}: {pattern.strip()}")
        # Trees that other faults are sought in stay as they are.
        tree = changed.setdefault(paths[0], ast.parse(texts[paths[0]]))
        for place in [*_places(function, rewriting, paths[0], tree)]:
            rewriting.apply(place)
    return {path: ast.unparse(tree) + "\n" for path, tree in changed.items()}


def _places(function: str, rewriting: Rewriting, path: str, tree: ast.Module) -> Iterator[Place]:
    """Yield where a change may be made in a file."""
    if not function:
        yield from _outside(rewriting, tree)
        return
    for part in _functions(tree, function.split("."), Path(path).with_suffix("").parts):
        yield from rewriting.places(part)


@functools.lru_cache(maxsize=1024)
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def _outside(rewriting: Rewriting, tree: ast.Module) -> list[Place]:
    """Return the places outside of functions and classes."""
    definitions = [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
    inside = {id(node) for definition in definitions for node in ast.walk(definition)}
    return [place for place in rewriting.places(tree) if id(place.parent) not in inside]


def _functions(
    within: ast.AST, wanted: Sequence[str], around: Sequence[str]
) -> Iterator[ast.FunctionDef]:
    """Yield the functions and methods of a name, with names that go before it around them."""
    for node in ast.iter_child_nodes(within):
        if isinstance(node, ast.FunctionDef):
            names = iter(around)
            if node.name == wanted[-1] and all(name in names for name in wanted[:-1]):
                yield node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, wanted, (*around, node.name))
