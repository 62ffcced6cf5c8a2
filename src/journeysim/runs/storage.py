"""Where results are kept: a folder, or any filesystem that pyarrow knows by its URI.

A file appears when it is complete, or not at all. Object stores do so by themselves; elsewhere a
file is written under another name, and renamed.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.fs as pafs

from journeysim.arguments import shown
from journeysim.errors import ArgumentError, RunError

_OBJECT_STORES: Final = ("s3", "gcs", "abfs")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder somewhere.

    Attributes
    ----------
    filesystem
        Of pyarrow; another process can use it as well.
    root
        The folder in it.
    name
        What it is called in messages, without any key that its URI may hold.
    """

    filesystem: Any
    root: str
    name: str

    @property
    def local(self) -> Path | None:
        """The folder on this machine, if it is on it."""
        return Path(self.root) if self.filesystem.type_name == "local" else None

    def path(self, name: str) -> str:
        """Return the full path of a file."""
        return f"{self.root}/{name}"

    def names(self, folder: str = "") -> list[str]:
        """Return the names of the files in a folder below, sorted; none if there is no folder."""
        base = f"{self.root}/{folder}" if folder else self.root
        with self._said(base):
            found = self.filesystem.get_file_info(pafs.FileSelector(base, allow_not_found=True))
            return sorted(info.base_name for info in found if info.type == pafs.FileType.File)

    def is_empty(self) -> bool:
        """Return whether nothing is there, hidden files aside."""
        with self._said(self.root):
            selector = pafs.FileSelector(self.root, allow_not_found=True)
            found = self.filesystem.get_file_info(selector)
        return all(info.base_name.startswith(".") for info in found)

    def has(self, name: str) -> bool:
        """Return whether a file is there."""
        with self._said(name):
            info = self.filesystem.get_file_info(self.path(name))
        return bool(info.type == pafs.FileType.File)

    def read(self, name: str) -> bytes:
        """Return what a file holds."""
        with self._said(name), self.filesystem.open_input_stream(self.path(name)) as file:
            return bytes(file.read())

    def write(self, name: str, content: bytes | pa.Buffer) -> None:
        """Write a file, complete or not at all."""
        with self.writing(name) as file:
            file.write(content)

    @contextlib.contextmanager
    def writing(self, name: str) -> Iterator[Any]:
        """Have a stream to write a file to, which appears when all went well."""
        target = self.path(name)
        folder, _, last = target.rpartition("/")
        whole = self.filesystem.type_name in _OBJECT_STORES
        written = target
        if not whole:
            written = f"{folder}/.{last}.{os.getpid()}-{uuid.uuid4().hex[:8]}.partial"
        with self._said(name):
            if not whole:
                self.filesystem.create_dir(folder, recursive=True)
            try:
                with self.filesystem.open_output_stream(written) as file:
                    yield file
                if not whole:
                    self.filesystem.move(written, target)
            except BaseException:
                with contextlib.suppress(OSError):
                    self.filesystem.delete_file(written)
                raise

    @contextlib.contextmanager
    def reading(self, name: str) -> Iterator[pa.RecordBatchFileReader]:
        """Have a reader of an Arrow file."""
        with self._said(name), self.filesystem.open_input_file(self.path(name)) as file:
            try:
                yield pa.ipc.open_file(file)
            except pa.ArrowInvalid as error:
                raise RunError(
                    f"{self.name}/{name}: not a readable Arrow file ({error}); delete it and "
                    "start the experiment again"
                ) from error

    def table(self, name: str) -> pa.Table:
        """Return an Arrow file as a table; of this machine it is memory-mapped."""
        if self.local is not None:
            with self._said(name), pa.memory_map(self.path(name)) as file:
                return pa.ipc.open_file(file).read_all()
        with self.reading(name) as reader:
            return reader.read_all()

    def write_table(self, name: str, table: pa.Table) -> None:
        """Write a table as an Arrow file."""
        with self.writing(name) as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table.unify_dictionaries().combine_chunks())

    def remove(self, folder: str) -> None:
        """Remove a folder below, with all that is in it."""
        with self._said(folder), contextlib.suppress(FileNotFoundError):
            self.filesystem.delete_dir(self.path(folder))

    def remove_partial(self, folder: str = "") -> None:
        """Remove what somebody who was killed had begun."""
        base = f"{folder}/" if folder else ""
        for name in self.names(folder):
            if name.startswith(".") and name.endswith(".partial"):
                with contextlib.suppress(OSError):
                    self.filesystem.delete_file(self.path(base + name))

    @contextlib.contextmanager
    def _said(self, what: str) -> Iterator[None]:
        try:
            yield
        except (OSError, pa.ArrowInvalid) as error:
            lines = str(error).strip().splitlines() or [type(error).__name__]
            raise RunError(f"{self.name}: {what} cannot be read or written ({lines[0]})") from error


def place_of(where: str | Path) -> Place:
    """Return a place from a path, or a URI such as ``s3://bucket/folder``.

    Raises
    ------
    RunError
        If it is no place that pyarrow knows.
    """
    if not isinstance(where, str | Path):
        raise ArgumentError(f"a place must be a path or a URI, got {shown(where)}")
    text = str(where)
    if "://" not in text:
        path = Path(where).absolute()
        return Place(pafs.LocalFileSystem(), path.as_posix().rstrip("/"), text)
    name = _without_keys(text)
    try:
        filesystem, root = pafs.FileSystem.from_uri(text)
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).replace(text, name).strip().splitlines()[0]
        raise RunError(f"{name}: no place to write to ({reason})") from None
    if not root.strip("/"):
        raise RunError(f"{name}: no place to write to; name a folder in it")
    return Place(filesystem, root.rstrip("/"), name)


def _without_keys(uri: str) -> str:
    """Return a URI without user, password and options."""
    scheme, _, rest = uri.partition("://")
    rest = rest.partition("?")[0]
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"
