"""Other names for the locals of all functions of a text, and other files for its functions."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath


def renamed(text: str, name: Callable[[int], str]) -> str:
    """Return a text in which the n-th local of each function, arguments included, is `name(n)`."""
    tree = ast.parse(text)
    for function in _functions(tree):
        locals_ = _locals_of(function)
        used = dict.fromkeys(word for word in _words(function) if word in locals_)
        names = {old: name(at) for at, old in enumerate(used)}
        _Renaming(names).generic_visit(function)
    return ast.unparse(tree)


def apart(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts in which each function and class stands in a file of its own."""
    found: dict[str, str] = {}
    for path, text in texts.items():
        tree = ast.parse(text)
        moved = [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
        for definition in moved:
            place = PurePath(path).parent / f"part_{len(found)}.py"
            found[str(place)] = ast.unparse(definition)
        rest = [one for one in tree.body if one not in moved]
        found[path] = ast.unparse(ast.Module(rest, []))
    return found


@functools.cache
def definitions(text: str) -> list[str]:
    """Return the statements of a text, laid out alike."""
    return [ast.unparse(statement) for statement in ast.parse(text).body]


def _functions(within: ast.AST) -> Iterator[ast.FunctionDef]:
    """Yield the functions of a module and the methods of its classes, not those inside them."""
    for node in ast.iter_child_nodes(within):
        if isinstance(node, ast.FunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node)


def _locals_of(function: ast.FunctionDef) -> set[str]:
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef) and node is not function:
            found.add(node.name)
    return found


def _words(within: ast.AST) -> Iterator[str]:
    """Yield names in the order in which they stand."""
    for node in ast.iter_child_nodes(within):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef):
            yield node.name
        yield from _words(node)


class _Renaming(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self.names.get(node.arg, node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self.names.get(node.name, node.name)
        self.generic_visit(node)
        return node
