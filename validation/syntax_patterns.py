"""Patterns of syntax: an expression or some statements, found in a tree.

In a pattern a single capital letter stands for any expression, and for the same one wherever it
stands; alone on a line it stands for any statements in a row. `...` stands for any arguments
(without keywords), items or statements in a row; that of another text is the one at its place in
order. All else stands for itself: names of functions, fields and constants, numbers, operators.
Layout has no meaning.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

#: What a hole of a pattern stands for: an expression, or some nodes in a row.
Holes = Mapping[str, Any]
_RUN = "run "
#: Fields of a node that say nothing about what it does.
_SILENT = {"ctx", "kind", "type_comment"}


class Place(NamedTuple):
    """Where a pattern fits: nodes of a field of a parent, or one node."""

    parent: ast.AST
    field: str
    begin: int
    end: int
    holes: Holes


class Rewriting:
    """What is to be found, and what stands there instead.

    If both are one expression, it is sought among expressions; else among statements of a block.
    """

    def __init__(self, pattern: str, text: str) -> None:
        self.pattern, self.text = (_Numbered().visit(ast.parse(each)) for each in (pattern, text))
        self.of_expressions = all(
            len(each.body) == 1 and isinstance(each.body[0], ast.Expr)
            for each in (self.pattern, self.text)
        )

    def places(self, within: ast.AST) -> Iterator[Place]:
        """Yield all places below a node where the pattern fits."""
        for node in ast.walk(within):
            for field, value in ast.iter_fields(node):
                nodes = value if isinstance(value, list) else [value]
                found = self._expressions(nodes) if self.of_expressions else self._blocks(nodes)
                for begin, end, holes in found:
                    yield Place(node, field, begin, end, holes)

    def apply(self, place: Place) -> None:
        """Put the other text where the pattern fits."""
        body = _Filling(place.holes).visit(copy.deepcopy(self.text)).body
        nodes = [body[0].value] if self.of_expressions else body
        old = getattr(place.parent, place.field)
        if isinstance(old, list):
            old[place.begin : place.end] = nodes
        else:
            setattr(place.parent, place.field, nodes[0])

    def _expressions(self, nodes: Sequence[Any]) -> Iterator[tuple[int, int, Holes]]:
        for at, node in enumerate(nodes):
            if isinstance(node, ast.expr):
                holes = next(_fits(self.pattern.body[0].value, node, {}), None)
                if holes is not None:
                    yield at, at + 1, holes

    def _blocks(self, nodes: Sequence[Any]) -> Iterator[tuple[int, int, Holes]]:
        if not all(isinstance(node, ast.stmt) for node in nodes):
            return
        for begin in range(len(nodes)):
            for end in range(begin + 1, len(nodes) + 1):
                holes = next(_row(self.pattern.body, nodes[begin:end], {}), None)
                if holes is not None:
                    yield begin, end, holes
                    break


def _hole(node: Any) -> str | None:
    """Return the hole that a node of a pattern is."""
    if isinstance(node, ast.Expr) and (name := _hole(node.value)):
        return name if name.startswith(_RUN) else f"{_RUN}{name}"
    if isinstance(node, ast.Name) and (node.id.startswith(_RUN) or _is_capital(node.id)):
        return node.id
    return None


def _is_capital(name: str) -> bool:
    return len(name) == 1 and "A" <= name <= "Z"


def _fits(pattern: Any, node: Any, holes: Holes) -> Iterator[Holes]:
    """Yield each way in which a node is what a pattern says."""
    if name := _hole(pattern):
        if isinstance(node, ast.expr):
            yield from _bound(name, node, holes)
    elif isinstance(pattern, list):
        if isinstance(node, list):
            yield from _row(pattern, node, holes)
    elif isinstance(pattern, ast.AST):
        if type(pattern) is type(node):
            fields = [field for field in pattern._fields if field not in _SILENT]
            yield from _fields(pattern, node, fields, holes)
    elif type(pattern) is type(node) and pattern == node:
        yield holes


def _fields(pattern: ast.AST, node: ast.AST, fields: list[str], holes: Holes) -> Iterator[Holes]:
    if not fields:
        yield holes
        return
    first, *rest = fields
    for more in _fits(getattr(pattern, first), getattr(node, first), holes):
        yield from _fields(pattern, node, rest, more)


def _row(pattern: Sequence[Any], nodes: Sequence[Any], holes: Holes) -> Iterator[Holes]:
    """Yield each way in which nodes in a row are what a pattern says."""
    if not pattern:
        if not nodes:
            yield holes
        return
    first, *rest = pattern
    name = _hole(first)
    if name and name.startswith(_RUN):
        for length in range(len(nodes) + 1):
            for more in _bound(name, list(nodes[:length]), holes):
                yield from _row(rest, nodes[length:], more)
    elif nodes:
        for more in _fits(first, nodes[0], holes):
            yield from _row(rest, nodes[1:], more)


def _bound(name: str, found: Any, holes: Holes) -> Iterator[Holes]:
    if name not in holes:
        yield {**holes, name: found}
    elif _said(holes[name]) == _said(found):
        yield holes


def _said(node: Any) -> Any:
    """Return what a node says, whether it is read or written."""
    if isinstance(node, list):
        return [_said(each) for each in node]
    if not isinstance(node, ast.AST):
        return node
    fields = ((name, value) for name, value in ast.iter_fields(node) if name not in _SILENT)
    return type(node).__name__, [(name, _said(value)) for name, value in fields]


class _Numbered(ast.NodeTransformer):
    """Gives each `...` of a text the number of its place."""

    def __init__(self) -> None:
        self.count = 0

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Make a hole of `...`."""
        if node.value is not ...:
            return node
        self.count += 1
        return ast.Name(f"{_RUN}{self.count}", ast.Load())


class _Filling(ast.NodeTransformer):
    def __init__(self, holes: Holes) -> None:
        self.holes = holes

    def visit_Expr(self, node: ast.Expr) -> Any:
        """Put in statements, or an expression for a hole that stands alone."""
        name = _hole(node)
        if name in self.holes:
            return copy.deepcopy(self.holes[name])
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> Any:
        """Put in what a hole stands for."""
        name = _hole(node)
        if name is None:
            return node
        if name not in self.holes:
            raise ValueError(f"{name.removeprefix(_RUN)} stands for nothing")
        return copy.deepcopy(self.holes[name])
