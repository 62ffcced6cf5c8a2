"""The one place that knows numba's options and where its machine code is kept.

No fastmath: it reorders sums, so results would depend on the compiler. `error_model="numpy"`
spares a test for zero before every division; no division by zero is relied upon.

Machine code is kept on disk between runs. numba looks only at the file of the function itself to
tell whether that code is old, not at the functions it calls, which may be inlined in it. So the
code lives in a folder named after the state of all sources: an edit or an upgrade begins a new one.
Engine and scoring have a folder each, so that an edit of one does not compile the other anew.
Nothing about keeping code may fail a run: where it cannot be kept it is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numba.core import caching

P = ParamSpec("P")
R = TypeVar("R")


#: Where compiled functions, and the constants frozen into them, are written.
_SOURCES = (
    "jit.py",
    "units.py",
    "scenario/flat/flat_model.py",
    "tables/columns.py",
    "engine/**/*.py",
)
_SCORING_SOURCES = ("jit.py", "units.py", "tables/columns.py", "measures/**/*.py")
#: Folders of older sources that are left: other environments of the same user may want them.
_OLDER_KEPT: Final = 8
#: numba's cache has no types.
_FunctionCache: Any = caching.FunctionCache
_CacheOfResults: Any = caching.CompileResultCacheImpl


def _sources_state(patterns: tuple[str, ...]) -> str:
    """Return what changes when the text of one of these sources or numba itself does."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    root = Path(__file__).parent
    for path in sorted(path for pattern in patterns for path in root.glob(pattern)):
        digest.update(f"{path.relative_to(root)} {_content_hash(str(path))}\n".encode())
    return digest.hexdigest()


@cache
def _content_hash(path: str) -> str:
    return hashlib.blake2b(Path(path).read_bytes(), digest_size=8).hexdigest()


def code_folder(state: str) -> Path | None:
    """Return where machine code is kept: by the state of the sources, in the user's cache.

    If nothing can be written there it is a folder of the user's among the temporary files; None
    if that cannot be written either.
    """
    for base in _bases():
        folder = base / "journeysim" / f"code-{state}"
        with contextlib.suppress(OSError):
            is_new = not folder.exists()
            folder.mkdir(parents=True, exist_ok=True)
            # The only sure answer to whether it can be written; it also dates the folder.
            tempfile.TemporaryFile(dir=folder).close()
            if is_new:
                prune(folder)
            return folder
    return None


def _bases() -> Iterator[Path]:
    base = os.environ.get("JOURNEYSIM_CACHE") or os.environ.get("XDG_CACHE_HOME")
    if base:
        yield Path(base)
    else:
        with contextlib.suppress(RuntimeError):
            yield Path.home() / ".cache"
    with contextlib.suppress(OSError):
        yield _own_temporary_folder()


def _own_temporary_folder() -> Path:
    """Return a folder that nobody else can write: what is read from it is executed."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"journeysim-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    others_write = stat.S_IMODE(found.st_mode) & 0o022
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user or others_write:
        raise PermissionError(folder)
    return folder


def prune(folder: Path) -> None:
    """Remove the code of older sources beside a folder, but for what was begun last."""
    dated = []
    for other in folder.parent.glob("code-*"):
        with contextlib.suppress(OSError):
            if other != folder:
                dated.append((other.stat().st_mtime_ns, other))
    for _, old in sorted(dated)[:-_OLDER_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


CODE_FOLDER: Final = code_folder(_sources_state(_SOURCES))
SCORING_FOLDER: Final = code_folder(_sources_state(_SCORING_SOURCES))


class _Locator:
    """Where the machine code of a function is kept, by what its source says and not by its place.

    So every installation of the same sources, in whatever folder and of whatever date, finds it.
    """

    def __init__(self, function: Callable[..., Any], path: str) -> None:
        ours = function.__module__.startswith("journeysim.")
        is_engine = function.__module__.startswith(("journeysim.engine", "journeysim.tables"))
        folder = CODE_FOLDER if is_engine else SCORING_FOLDER
        # A kernel of a user's own is kept with those of scoring, which it may call.
        name = function.__module__ if ours else f"own-{_content_hash(path)}"
        self._path = str(cast("Path", folder) / name)
        self._stamp = _content_hash(path)
        self._line = str(function.__code__.co_firstlineno)

    @classmethod
    def from_function(cls, function: Callable[..., Any], path: str) -> _Locator:
        """Return the place of a function that stands in a file."""
        return cls(function, path)

    def ensure_cache_path(self) -> None:
        """Make the folder."""
        Path(self._path).mkdir(parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        """Return the folder."""
        return self._path

    def get_source_stamp(self) -> str:
        """Return what changes with the source."""
        return self._stamp

    def get_disambiguator(self) -> str:
        """Return what tells functions of one name apart."""
        return self._line


class _KeptResults(_CacheOfResults):  # type: ignore[misc]
    _locator_classes = (_Locator,)


class _KeptCode(_FunctionCache):  # type: ignore[misc]
    """The machine code of a function on disk, which may be damaged, or the disk full."""

    _impl_class = _KeptResults

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the code for a signature; None if there is none, or none that can be read."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:
            # An empty index in its place lets the function be compiled and kept anew.
            with contextlib.suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for a signature, if possible."""
        with contextlib.suppress(OSError):
            super().save_overload(sig, data)


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function on its first call and keep the machine code on disk."""
    return _compiled(function)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Do the same, and put its code wherever compiled code calls it.

    A call costs some nanoseconds; for what happens to every customer that adds up. Many callers
    of a long function make much code, and long compiling.
    """
    return _compiled(function, inlined=True)


def borrowing(function: Callable[P, R]) -> Callable[P, R]:
    """Do the same with a function whose arrays all belong to its caller.

    It may slice them, but neither make arrays nor return any: numba refuses to compile it then.
    Otherwise numba counts who holds each array, with an atomic instruction per array and call; for
    a block of journeys, records of some dozens of arrays through some dozens of functions, that
    takes longer than an eighth of the scoring itself.
    """
    made: Any = _compiled(function)
    made.targetoptions["_nrt"] = False
    return cast("Callable[P, R]", made)


def _compiled(function: Callable[P, R], *, inlined: bool = False) -> Callable[P, R]:
    compiler: Any = numba.njit(nogil=True, error_model="numpy", fastmath=False, forceinline=inlined)
    made = compiler(function)
    is_engine = function.__module__.startswith(("journeysim.engine", "journeysim.tables"))
    if (CODE_FOLDER if is_engine else SCORING_FOLDER) is not None:
        made._cache = cast("Callable[[Any], Any]", _KeptCode)(function)
    return cast("Callable[P, R]", made)


def number(value: int) -> int:
    """Return a whole number that compiled functions take like any other.

    Given a constant, numba compiles a function anew for that very number, with all that it calls.
    """
    return cast("int", np.int64(value))


def plain(function: Callable[P, R]) -> Callable[P, R]:
    """Return the Python function behind a compiled one: cheaper to call on Python lists."""
    return cast("Callable[P, R]", getattr(function, "py_func", function))
