"""Patterns of syntax: what they find, and what they put there."""

from __future__ import annotations

import ast

import pytest

from validation.syntax_patterns import Rewriting

_TEXT = """
def wait(one, other):
    if one.tick < other.tick and one.tick < limit:
        note(one, 1, 2, kind=3)
        return one
    total = one.tick
    total += 1  # a comment
    return total
"""


def _rewritten(pattern: str, text: str) -> str:
    tree, rewriting = ast.parse(_TEXT), Rewriting(pattern, text)
    (place,) = rewriting.places(tree)
    rewriting.apply(place)
    return ast.unparse(tree)


def _count(pattern: str, text: str = "0") -> int:
    return len(list(Rewriting(pattern, text).places(ast.parse(_TEXT))))


def test_a_letter_stands_for_one_expression() -> None:
    assert _count("A < B") == 2
    assert _count("A.tick < B.tick") == 1
    assert "other.tick <= one.tick and" in _rewritten("A.tick < B.tick", "B.tick <= A.tick")


def test_a_letter_that_stands_twice_is_the_same_expression_twice() -> None:
    assert _count("A < B and A < C") == 1
    assert _count("A < B and B < C") == 0


def test_layout_and_brackets_have_no_meaning() -> None:
    assert _count("((A)\n   .tick < B . tick)") == 1


def test_dots_stand_for_arguments_in_a_row_or_none() -> None:
    assert _count("note(..., kind=A)") == 1
    assert _count("note(...)") == 0
    assert _count("note(A, ..., 2, kind=3)") == 1
    assert _count("note(A, 2, ..., kind=3)") == 0
    assert "note(0, 1, 2, kind=3)" in _rewritten("note(A, ..., kind=B)", "note(0, ..., kind=B)")


def test_a_letter_alone_stands_for_statements() -> None:
    pattern = "if A and B:\n    S\n    return C\n"
    assert "if True:\n        note(one, 1, 2, kind=3)\n    total" in _rewritten(
        pattern, "if True: S"
    )


def test_statements_are_found_in_a_row() -> None:
    assert _count("A = B\nA += 1", "pass") == 1
    assert _count("A = B\nreturn A", "pass") == 0
    assert "total = one.tick\n    return 5" in _rewritten("A += 1\nreturn A", "return 5")


def test_a_call_that_gives_way_to_a_statement_is_a_statement() -> None:
    assert "kind" not in _rewritten("note(..., kind=A)", "pass")


def test_a_letter_that_stands_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="B stands for nothing"):
        _rewritten("A += 1", "A += B")
