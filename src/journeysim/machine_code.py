"""Where machine code is kept between runs.

numba looks only at the file of the function itself to tell whether its code is old, not at the
functions it calls, which may be inlined in it. So the code lives in a folder named after the text
of all sources: an edit or an upgrade begins a new one, and every installation of the same sources,
in whatever folder and of whatever date, finds the same. Engine and scoring have a folder each, so
that an edit of one does not compile the other anew.
Nothing about keeping code may fail a run: where it cannot be kept it is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import numba

from journeysim.numba_internals import CodePlace

#: Where compiled functions, and the constants frozen into them, are written.
_SOURCES = (
    "jit.py",
    "numba_internals.py",
    "units.py",
    "scenario/flat/flat_model.py",
    "tables/batches.py",
    "tables/columns.py",
    "engine/**/*.py",
)
_SCORING_SOURCES = (
    "jit.py",
    "numba_internals.py",
    "units.py",
    "tables/columns.py",
    "measures/**/*.py",
)
#: A build for tests: who asks for what lies outside of an array gets an IndexError. It is slower.
CHECKS_BOUNDS: Final = os.environ.get("JOURNEYSIM_CHECK_BOUNDS") == "1"
#: Seconds after its last use until the code of other sources is removed: 30 days.
KEPT_FOR: Final = 30 * 86_400
#: Bytes that all code may take; beyond, what was used longest ago goes first.
KEPT_BYTES: Final = 2 * 10**9


def _sources_state(patterns: tuple[str, ...]) -> str:
    """Return what changes when the text of one of these sources or numba itself does."""
    build = numba.__version__ + (" with bounds checked" if CHECKS_BOUNDS else "")
    digest = hashlib.blake2b(build.encode(), digest_size=8)
    root = Path(__file__).parent
    for path in sorted(path for pattern in patterns for path in root.glob(pattern)):
        digest.update(f"{path.relative_to(root)} {_content_hash(str(path))}\n".encode())
    return digest.hexdigest()


def _content_hash(path: str) -> str:
    found = Path(path).stat()
    return _hash_of(path, found.st_mtime_ns, found.st_size)


@cache
def _hash_of(path: str, _modified: int, _size: int) -> str:
    # A file with many functions is read once, and again if it changes in the midst of a session.
    return hashlib.blake2b(Path(path).read_bytes(), digest_size=8).hexdigest()


def code_folder(state: str) -> Path | None:
    """Return where machine code is kept: by the state of the sources, in the user's cache.

    If it cannot be kept there, or others may write there, it is a folder of the user's among the
    temporary files; None if that will not do either. What is read from it is executed.
    """
    for base in _bases():
        folder = base / f"code-{state}"
        with contextlib.suppress(OSError):
            _make_own(base)
            is_new = not folder.exists()
            _make_own(folder)
            # The only sure answer to whether it can be written.
            tempfile.TemporaryFile(dir=folder).close()
            os.utime(folder)
            if is_new:
                prune(folder)
            return folder
    return None


def _bases() -> Iterator[Path]:
    base = os.environ.get("JOURNEYSIM_CACHE") or os.environ.get("XDG_CACHE_HOME")
    with contextlib.suppress(RuntimeError, OSError):
        # Who links the folder to another disk means it; nobody else can have, see `_make_own`.
        yield ((Path(base) if base else Path.home() / ".cache") / "journeysim").resolve()
    user = os.getuid() if hasattr(os, "getuid") else 0
    yield Path(tempfile.gettempdir()) / f"journeysim-{user}"


def _make_own(folder: Path) -> None:
    """Make sure that a folder is there which nobody else may write.

    Raises
    ------
    PermissionError
        If others own it or may write it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not hasattr(os, "getuid"):
        # Windows: what stands in a user's profile is the user's.
        return
    found = folder.lstat()
    others_write = stat.S_IMODE(found.st_mode) & 0o022
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or others_write:
        raise PermissionError(folder)


def prune(folder: Path) -> None:
    """Remove the code of other sources beside a folder if it is long unused, or too much."""
    used = []
    for other in folder.parent.glob("code-*"):
        with contextlib.suppress(OSError):
            if other != folder:
                used.append((other.stat().st_mtime, _bytes_in(other), other))
    allowed = KEPT_BYTES - _bytes_in(folder)
    for last_use, size, other in sorted(used, reverse=True):
        allowed -= size
        if allowed < 0 or last_use < time.time() - KEPT_FOR:
            shutil.rmtree(other, ignore_errors=True)


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


#: Where the code of engines is kept, and that of scoring; None where it cannot be kept.
CODE_FOLDER: Final = code_folder(_sources_state(_SOURCES))
SCORING_FOLDER: Final = code_folder(_sources_state(_SCORING_SOURCES))


def code_place(function: Callable[..., Any]) -> CodePlace | None:
    """Return where the machine code of a function is kept; None if nowhere.

    The place follows from what its source says, not from where it stands.
    """
    module, code = function.__module__, function.__code__
    is_engine = module.startswith(("journeysim.engine", "journeysim.tables"))
    folder = CODE_FOLDER if is_engine else SCORING_FOLDER
    if folder is None:
        return None
    try:
        stamp = _content_hash(code.co_filename)
    except OSError:
        # Typed in at a prompt.
        return None
    # A kernel of a user's own is kept with those of scoring, which it may call.
    name = module if module.startswith("journeysim.") else f"own-{stamp}"
    return CodePlace(folder / name, stamp, code.co_firstlineno)


def is_kept(compiled: Any) -> bool:
    """Return whether machine code of a function, for any arguments, is on disk."""
    function = compiled.py_func
    place = code_place(function)
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    name = f"*.{function.__name__}-{function.__code__.co_firstlineno}.{python}*.nbi"
    return place is not None and any(place.folder.glob(name))
