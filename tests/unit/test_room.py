"""Room on disk is a hint: whatever the system answers, the file is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from journeysim.tables import preallocation as room
from journeysim.tables.preallocation import LEAST_BYTES, Room
from journeysim.tables.replication_files import ReplicationWriter

LAYOUT = pa.schema([("number", pa.int64())])
BATCH = pa.record_batch([pa.array(np.arange(200_000))], schema=LAYOUT)
SMALL = pa.record_batch([pa.array([1, 2])], schema=LAYOUT)


class Asked:
    """Stands in for the system call, and keeps what it was asked."""

    def __init__(self, answer: int) -> None:
        self.answer = answer
        self.calls: list[tuple[int, int, int]] = []

    def __call__(self, _file: int, mode: int, start: int, length: int) -> int:
        self.calls.append((mode, start, length))
        return self.answer


def written(folder: Path) -> bytes:
    with ReplicationWriter(0, folder) as writer:
        for name in ("contacts", "journeys", "intervals"):
            writer.begin(name, LAYOUT)
        for batch in (BATCH, SMALL, BATCH):
            writer.write("contacts", batch)
        writer.finish()
    (file,) = folder.rglob("*contacts*/*.arrow")
    return file.read_bytes()


def fail(folder: Path) -> None:
    with ReplicationWriter(0, folder) as writer:
        writer.begin("contacts", LAYOUT)
        raise ZeroDivisionError


def open_files() -> set[Path]:
    return set(Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("answer", [0, -1])
def test_the_file_is_the_same_whatever_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: int
) -> None:
    real = written(tmp_path / "real")
    asked = Asked(answer)
    monkeypatch.setattr(room, "_fallocate", asked)
    assert written(tmp_path / "asked") == real
    # Once refused it is not asked again; for little it is not asked at all.
    assert len(asked.calls) == (2 if answer == 0 else 1)
    mode, start, length = asked.calls[0]
    assert mode == 1
    assert start == 0
    assert 200_000 * 8 < length < 200_000 * 8 + 2_000
    if answer == 0:
        assert asked.calls[1][1] >= start + length
    monkeypatch.setattr(room, "_fallocate", None)
    assert written(tmp_path / "unknown") == real


@pytest.mark.skipif(room._fallocate is None, reason="this system has no such call")
def test_room_beyond_the_end_does_not_change_the_size(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    own = Room(path)
    own.ask(3, LEAST_BYTES)
    own.close()
    own.close()
    own.ask(3, LEAST_BYTES)
    assert path.read_bytes() == b"abc"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files by /proc")
def test_no_file_stays_open(tmp_path: Path) -> None:
    before = open_files()
    written(tmp_path / "run")
    with pytest.raises(ZeroDivisionError):
        fail(tmp_path / "other")
    assert open_files() == before
    assert not list((tmp_path / "other").rglob("*.partial"))
