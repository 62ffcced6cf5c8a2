"""Arrow files of a comparison."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from journeysim.errors import CompareError, RunError


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as an Arrow file, with the folder it is in.

    A column of words has one dictionary in a file, whatever the parts of the table have.
    """
    whole = table.unify_dictionaries().combine_chunks()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with pa.ipc.new_file(str(path), whole.schema) as writer:
            writer.write_table(whole)
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror or error})") from error


def read_file(path: Path) -> pa.Table:
    """Return a memory-mapped Arrow file as a table."""
    try:
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise CompareError(f"{path}: not a readable Arrow file ({error}); compare again") from error
