"""What the memory gives, and the yardstick."""

from journeysim.bench.bandwidth import Yardstick, measured_bandwidth
from journeysim.bench.machine import Machine, available_cores, software, this_machine
from journeysim.bench.memory_watch import MemoryWatch, own_bytes


def test_bandwidth_is_that_of_a_machine_of_this_century():
    found = measured_bandwidth(2, rows=2_000_000)
    assert found.threads == 2
    for rate in (found.copy, found.triad, found.read):
        assert 1e8 < rate < 1e13
    assert found.most == max(found.copy, found.triad, found.read)


def test_the_yardstick_is_work():
    # A thousand rounds over two thousand numbers: no machine does that in a tenth of a millisecond.
    assert 1e-4 < Yardstick(1).seconds() < 10


def test_memory_that_is_taken_is_noted():
    import numpy as np

    before = own_bytes()
    assert before is not None
    with MemoryWatch() as watch:
        held = np.ones(8_000_000)
        total = held.sum()
        del held
    assert total == 8_000_000
    assert 60e6 < watch.peak - before < 200e6


def test_a_machine_is_named_by_what_makes_times_comparable():
    here = this_machine()
    assert here == this_machine()
    assert here.cores == available_cores() >= 1
    assert here.processor
    assert str(Machine("CPU", "x", 1, "Linux")) == "CPU, 1 core, Linux"
    assert {"python", "numba", "journeysim"} <= set(software())
