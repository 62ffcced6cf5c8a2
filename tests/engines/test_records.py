"""Records and parts of memory: the same for compiled code and plain Python, and within bounds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import pytest

from journeysim.engine import records_in_numba  # noqa: F401  # numba learns of records here.
from journeysim.engine.compiled.layout import FinishedJourney, WorldMemory
from journeysim.engine.records import Memory, Record, Records, dtype_of, fields_of, single, table
from journeysim.jit import compiled, plain
from journeysim.scenario.flat.flat_model import FlatModel, Number, Whole


class Parcel(Record):
    weight: int
    price: float
    zone: Annotated[int, np.int8]


class Depot(NamedTuple):
    opens: int
    factor: float
    shelves: Annotated[Whole, "aisles shelves"]
    tariff: Annotated[Number, "zones"]


class Warehouse(Memory):
    depot: Depot
    parcels: Records[Parcel]
    last: Parcel


def warehouse() -> Warehouse:
    memory = Warehouse()
    memory.depot = Depot(7, 0.5, np.arange(6).reshape(2, 3), np.array([1.0, 2.5]))
    memory.parcels = table(Parcel, 3)
    memory.last = single(Parcel)
    return memory


@compiled
def fill(memory: Warehouse, row: int) -> float:
    """Write and read a row, a record and all kinds of fields of a part."""
    parcel, depot = memory.parcels[row], memory.depot
    parcel.weight += depot.shelves[1, 2] + depot.opens
    parcel.zone = -1
    parcel.price = depot.tariff[1] * depot.factor + memory.parcels.size
    memory.parcels[0] = parcel
    memory.last.weight = depot.shelves.shape[0]
    return parcel.price + memory.last.weight + parcel.zone


@pytest.mark.parametrize("run", [fill, plain(fill)], ids=["compiled", "plain"])
def test_compiled_code_and_python_see_the_same_memory(run) -> None:
    memory = warehouse()
    assert run(memory, 2) == 1.25 + 3 + 2 - 1
    assert memory.parcels["weight"].tolist() == [12, 0, 12]
    assert memory.parcels["zone"].tolist() == [-1, 0, -1]
    assert memory.parcels[0].price == 4.25
    assert memory.last.weight == 2


def test_what_is_set_anew_is_seen_by_the_next_call() -> None:
    memory = warehouse()
    fill(memory, 1)
    before = memory.parcels
    memory.parcels = table(Parcel, 5)
    assert fill(memory, 1) == 1.25 + 5 + 2 - 1
    assert before["weight"].tolist() == [12, 12, 0]
    other = Warehouse()
    other.take_over(memory)
    other.parcels = table(Parcel, 9)
    assert fill(memory, 1) == 1.25 + 5 + 2 - 1
    assert fill(other, 1) == 1.25 + 9 + 2 - 1


def test_the_arrays_of_the_model_follow_from_the_flat_model() -> None:
    fields = fields_of(FlatModel)
    assert list(fields) == list(FlatModel._fields)
    assert fields["after"].axes == 4
    assert fields["resolution"].dtype == np.float64
    assert fields_of(WorldMemory)["model"].words == sum(field.words for field in fields.values())


def test_a_field_that_plain_python_could_not_read_is_refused() -> None:
    record = type("Box", (Record,), {"__annotations__": {"trace": int}})
    with pytest.raises(TypeError, match=r"Box\.trace: rows of numpy have"):
        dtype_of(record)


def test_the_end_of_a_journey_fits_into_what_is_fetched_at_once() -> None:
    assert dtype_of(FinishedJourney).itemsize == 64


_PROGRAM = """
import sys
from tests.engines.test_records import fill, warehouse
fill(warehouse(), int(sys.argv[1]))
"""


@pytest.mark.parametrize("row", [3, -1])
def test_a_build_that_checks_bounds_names_the_table(row: int, tmp_path: Path) -> None:
    environment = {"JOURNEYSIM_CHECK_BOUNDS": "1", "JOURNEYSIM_CACHE": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(row)],
        env=os.environ | environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "IndexError: no such row of parcels" in run.stderr


def test_a_build_that_checks_bounds_keeps_its_code_apart() -> None:
    states = {_state({}), _state({"JOURNEYSIM_CHECK_BOUNDS": "1"})}
    assert len(states) == 2


def _state(environment: dict[str, str]) -> str:
    program = "from journeysim import machine_code; print(machine_code._sources_state(()))"
    return subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
