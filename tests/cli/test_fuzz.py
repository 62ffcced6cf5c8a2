"""Damaged scenario files: never a traceback, whatever stands in them."""

import random
import tomllib

import pytest

from journeysim.cli import exit_code
from tests.cli.program import TINY

_SPLICES = [
    *("[", "]", "{", "}", '"', "=", "\n", ".", ",", "-", "\x00", "é", "[[x]]", "inf", "nan"),
    *("-1", "1e400", "99999999999999999999", "true", "[]", "{}", '""', '"1y"', '"25:00"'),
]


def _damaged(text, luck):
    kind = luck.randrange(4)
    lines = text.splitlines()
    at = luck.randrange(len(lines))
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, luck.choice(lines))
    elif kind == 2 and "=" in lines[at]:
        key = lines[at].partition("=")[0]
        lines[at] = f"{key}= {luck.choice(_SPLICES)}"
    else:
        place = luck.randrange(len(lines[at]) + 1)
        lines[at] = lines[at][:place] + luck.choice(_SPLICES) + lines[at][place:]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_are_refused_in_words(tmp_path, capsys, seed):
    luck = random.Random(seed)
    path = tmp_path / "damaged.toml"
    refused = 0
    for _ in range(60):
        text = TINY
        for _ in range(luck.randint(1, 3)):
            text = _damaged(text, luck)
        path.write_text(text, encoding="utf-8")
        code = exit_code(["check", str(path)])
        said = capsys.readouterr().err
        assert code in (0, 2), said
        assert "Traceback" not in said, text
        if code == 2:
            refused += 1
            assert "problem" in said
    assert refused > 20


def _leaves(value, path=()):
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _leaves(item, (*path, key))
        yield (*path, key)


@pytest.mark.parametrize(
    "wrong", [-1, 10**30, 0.5, True, "", "abc", "-5m", [], {}, [[1]], {"x": {"y": []}}, [None]]
)
def test_every_key_refuses_what_it_cannot_be(tmp_path, capsys, wrong):
    from journeysim.scenario.toml_writing import to_toml

    value = [{}] if wrong == [None] else wrong
    for path in _leaves(tomllib.loads(TINY)):
        document = tomllib.loads(TINY)
        place = document
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        file = tmp_path / "wrong.toml"
        file.write_text(to_toml(document), encoding="utf-8")
        code = exit_code(["check", str(file)])
        said = capsys.readouterr().err
        assert code in (0, 2), (path, said)
        assert "Traceback" not in said, path


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 100, b"", b"a = [" * 5000])
def test_files_that_are_not_scenarios(tmp_path, capsys, content):
    path = tmp_path / "binary.toml"
    path.write_bytes(content)
    assert exit_code(["run", str(path)]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_fault_of_the_program_exits_with_1(monkeypatch, capsys):
    monkeypatch.setattr("journeysim.study.load_scenario", lambda *_, **__: 1 / 0)
    assert exit_code(["check", "x.toml"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
