"""Files larger than memory: read by pieces of which few are mapped, they give the same journeys."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeysim.errors import RunError
from journeysim.measures.experience import file_pieces, pieces_of
from journeysim.measures.experience.file_pieces import pieces_of_files
from tests.measures.experience.journeys import journeys
from tests.measures.experience.test_arrow import tables
from tests.naive.experience import Contact


@settings(deadline=None, max_examples=40)
@given(
    st.lists(journeys(longest=4), min_size=1, max_size=12),
    st.lists(st.integers(0, 9), max_size=8),
    st.integers(1, 5),
    st.integers(1, 3),
)
def test_files_of_which_little_is_open_give_the_pieces_of_their_tables(
    drawn, batches, piece, at_once
):
    written = tables(drawn, batches)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_pieces, "AT_ONCE", at_once)
        paths = Path(folder) / "contacts.arrow", Path(folder) / "journeys.arrow"
        for path, table in zip(paths, written, strict=True):
            with pa.ipc.new_file(str(path), table.schema) as writer:
                writer.write_table(table)
        pieces = list(pieces_of_files(*paths, piece=piece))
    expected = list(pieces_of(*written, piece=piece))
    assert sum(len(each) for each in pieces) == len(drawn)
    for name in ("wait", "outcome", "channel"):
        found, whole = (
            np.concatenate([each[name][each.offsets[0] : each.offsets[-1]] for each in some])
            for some in (pieces, expected)
        )
        np.testing.assert_array_equal(found, whole)
    sizes, others = (
        np.concatenate([np.diff(each.offsets) for each in some]) for some in (pieces, expected)
    )
    np.testing.assert_array_equal(sizes, others)


def test_a_table_in_a_file_has_the_batches_of_the_table(tmp_path):
    contacts, _ = tables([[Contact()] * 3] * 5, [4, 1, 7])
    with pa.ipc.new_file(str(tmp_path / "contacts"), contacts.schema) as writer:
        writer.write_table(contacts)
    found = file_pieces.FileTable(tmp_path / "contacts")
    assert (found.schema, found.num_rows) == (contacts.schema, 15)
    assert pa.Table.from_batches(found.to_batches(2)).equals(contacts)
    some = found.select(["wait", "channel"])
    assert all(batch.num_rows <= 2 for batch in some.to_batches(2))
    assert pa.Table.from_batches(some.to_batches(2)).equals(contacts.select(["wait", "channel"]))


def test_files_that_do_not_fit_together_are_refused(tmp_path):
    contacts, said = tables([[Contact()], [Contact()]])
    for name, table in (("contacts", contacts.slice(0, 1)), ("journeys", said)):
        with pa.ipc.new_file(str(tmp_path / name), table.schema) as writer:
            writer.write_table(table)
    with pytest.raises(RunError, match="contacts are missing"):
        list(pieces_of_files(tmp_path / "contacts", tmp_path / "journeys"))
    (tmp_path / "contacts").write_text("nothing of the kind")
    with pytest.raises(RunError, match="not a readable Arrow file"):
        list(pieces_of_files(tmp_path / "contacts", tmp_path / "journeys"))
