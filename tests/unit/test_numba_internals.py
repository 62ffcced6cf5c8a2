"""What is used of numba without a promise: a new numba that changes it fails here, by name."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numba
import numpy as np
import pytest
from numba import njit
from numba.core.errors import TypingError

from journeysim import numba_internals
from journeysim.numba_internals import CodePlace, count_no_references, keep_code, prefetch_element

SOURCES = Path(numba_internals.__file__).parent
NEW_NUMBA = f"numba {numba.__version__} has changed what journeysim.numba_internals uses: "


def _double(x):
    return 2.0 * x


def test_code_is_kept_where_it_is_said(tmp_path):
    place = CodePlace(tmp_path / "kept", "stamp", 7)
    made = njit(_double)
    keep_code(made, _double, place)
    assert made(4.0) == 8.0
    names = sorted(path.suffix for path in place.folder.iterdir() if "_double-7" in path.name)
    assert names == [".nbc", ".nbi"], NEW_NUMBA + "Dispatcher._cache, CacheImpl._locator_classes"
    again = njit(_double)
    keep_code(again, _double, place)
    assert again(4.0) == 8.0
    assert sum(again.stats.cache_hits.values()) == 1, NEW_NUMBA + "FunctionCache.load_overload"
    # Another source: what was kept is not used.
    changed = njit(_double)
    keep_code(changed, _double, place._replace(stamp="other"))
    assert changed(4.0) == 8.0
    assert not changed.stats.cache_hits, NEW_NUMBA + "the stamp of a locator"


def test_references_are_not_counted():
    def first(x):
        part = x[1:]
        return part[0]

    made, counting = njit(first), njit(first)
    count_no_references(made)
    array = np.arange(3.0)
    assert made(array) == counting(array) == 1.0
    counted = "NRT_incref", "NRT_decref"
    assert any(name in code for name in counted for code in counting.inspect_llvm().values())
    assert not any(name in code for name in counted for code in made.inspect_llvm().values()), (
        NEW_NUMBA + "the option _nrt"
    )

    def new(size):
        return np.zeros(size)

    array_maker = njit(new)
    count_no_references(array_maker)
    with pytest.raises(TypingError, match="returning of array passed"):
        array_maker(3)


def test_memory_is_asked_for():
    @njit
    def ask(array, index):
        prefetch_element(array, index)

    ask(np.arange(3.0), 10**6)
    (code,) = ask.inspect_llvm().values()
    assert re.search(r"call void @llvm\.prefetch", code), NEW_NUMBA + "get_or_insert_function"


def test_nothing_else_uses_what_numba_does_not_promise():
    private = re.compile(r"numba\.core|numba\.np|\b_nrt\b|\._cache\b|llvmlite\.ir|targetoptions")
    users = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if private.search(path.read_text(encoding="utf-8"))
    }
    # How compiled code sees records has tests of its own, in tests/engines.
    assert users == {"numba_internals.py", "engine/records_in_numba.py"}


def test_numba_has_an_upper_bound_that_holds():
    project = tomllib.loads((SOURCES.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    (stated,) = (each for each in project["project"]["dependencies"] if each.startswith("numba"))
    bound = re.search(r"<(\d+)\.(\d+)", stated)
    assert bound
    assert tuple(map(int, numba.__version__.split(".")[:2])) < tuple(map(int, bound.groups()))
