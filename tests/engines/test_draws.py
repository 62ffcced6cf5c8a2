"""Random draws: the generator, the laws, and that a draw depends on its address alone."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from journeysim.engine.random import draws
from journeysim.engine.random.arithmetic import exp, log, normal_quantile
from journeysim.scenario.flat import flat_model as flat
from journeysim.scenario.schema.distributions import DISTRIBUTIONS
from journeysim.units import SECOND
from tests.engines.golden import golden_draws
from tests.engines.laws import ALL_LAWS, CONTINUOUS, MOMENTS, flat_law

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text(encoding="utf-8"))
DRAWS = 40_000
#: By chance 4 standard errors come once in 16,000 comparisons; fixed seeds cannot flicker.
LIMIT = 4.0


#: A number in use fixes the draws of every run ever made.
PURPOSES = {
    "ARRIVAL": 1,
    "NEED": 2,
    "FIRST_CHANNEL": 3,
    "BALK": 4,
    "PATIENCE": 5,
    "BUDGET": 6,
    "TALK": 7,
    "WRAP_UP": 8,
    "RESOLUTION": 9,
    "STUCK": 10,
    "NEXT_STEP": 11,
    "DELAY": 12,
    "CHASE_AFTER": 13,
    "CHASE_CHANNEL": 14,
    "DAY_FACTOR": 15,
    "INTERVAL_FACTOR": 16,
    "TIME_SPENT": 17,
    "EXTENSION": 18,
}


def random_numbers(count: int, **address: int) -> np.ndarray:
    """Return uniform numbers of consecutive identities."""
    place = {"seed": 3, "replication": 1, "contact": 0, "purpose": draws.TALK, "sub": 0} | address
    first = place.pop("identity", 0)
    seed, replication, *rest = place.values()
    return np.array(
        [draws.uniform(seed, replication, first + index, *rest) for index in range(count)]
    )


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ("00000000 " * 4, "00000000 " * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff " * 4, "ffffffff " * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            "243f6a88 85a308d3 13198a2e 03707344",
            "a4093822 299f31d0",
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_generator_gives_its_published_answers(counter: str, key: str, answer: str) -> None:
    words = [np.uint64(int(word, 16)) for word in (counter + " " + key).split()]
    assert [int(word) for word in draws.philox(*words)] == [
        int(word, 16) for word in answer.split()
    ]


def test_draws_are_those_of_every_earlier_release() -> None:
    assert golden_draws() == GOLDEN


def test_plain_python_draws_the_same_numbers_bit_for_bit() -> None:
    shown = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.engines.golden"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(shown.stdout) == GOLDEN


def test_every_purpose_keeps_its_number() -> None:
    found = {name: value for name, value in vars(draws).items() if name.isupper()}
    bits = {"INDEX_BITS", "DAY_BITS", "WORLD", "FREQUENT"}
    kinds = {name for name in found if hasattr(flat, name)}
    public = {name for name in found if not name.startswith("_")} - bits - kinds
    assert {name: found[name] for name in public} == PURPOSES


# Arithmetic.


def test_logarithm_and_exponential_are_right_to_two_units_of_the_last_place() -> None:
    generator = np.random.default_rng(1)
    numbers = [
        *generator.uniform(0.0, 1.0, 5000),
        *np.exp(generator.uniform(-700, 700, 5000)),
        *(1.0 + generator.normal(0.0, 1e-6, 1000)),
        2.3e-308,
        2.0**-53,
        1.0,
    ]
    for x in map(float, numbers):
        assert abs(log(x) - math.log(x)) <= 2 * math.ulp(math.log(x))
    for x in map(float, generator.uniform(-700, 700, 5000)):
        assert abs(exp(x) - math.exp(x)) <= 2 * math.ulp(math.exp(x))
    assert exp(-701.0) == 0.0
    assert exp(1e9) == exp(700.0)


def test_normal_quantile_is_right_over_the_whole_range_of_a_uniform_number() -> None:
    numbers = np.concatenate(
        [np.linspace(0.001, 0.999, 3000), np.logspace(-16, -2, 500), 1 - np.logspace(-15, -2, 500)]
    )
    found = np.array([normal_quantile(float(u)) for u in numbers])
    np.testing.assert_allclose(found, special.ndtri(numbers), rtol=1e-14, atol=1e-15)


# Laws.


@pytest.mark.statistical
@pytest.mark.parametrize("name", CONTINUOUS)
def test_draws_follow_their_law(name: str) -> None:
    law, known = CONTINUOUS[name]
    arrays, code = flat_law(law)
    seconds = np.array(
        [draws.draw(arrays, code, 5, 2, index, 1, draws.TALK) for index in range(DRAWS)]
    )
    seconds = seconds / SECOND
    error = known.std() / math.sqrt(DRAWS)
    assert abs(seconds.mean() - known.mean()) < LIMIT * error
    for share in (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99):
        below = np.mean(seconds <= known.ppf(share))
        assert abs(below - share) < LIMIT * math.sqrt(share * (1 - share) / DRAWS)


@pytest.mark.statistical
@pytest.mark.parametrize("name", MOMENTS)
def test_draws_have_the_mean_and_spread_of_their_law(name: str) -> None:
    law, mean, deviation = MOMENTS[name]
    arrays, code = flat_law(law)
    ticks = [draws.draw(arrays, code, 5, 2, index, 1, draws.TALK) for index in range(DRAWS)]
    seconds = np.array(ticks) / SECOND
    assert abs(seconds.mean() - mean) <= LIMIT * deviation / math.sqrt(DRAWS)
    fourth = np.mean((seconds - mean) ** 4)
    error = math.sqrt(max(0.0, fourth - deviation**4) / DRAWS)
    assert abs(np.mean((seconds - mean) ** 2) - deviation**2) <= LIMIT * error + 1e-9


def test_every_kind_of_distribution_has_a_law_to_follow() -> None:
    assert {law["distribution"] for law in ALL_LAWS.values()} == set(DISTRIBUTIONS)


@pytest.mark.parametrize("name", ALL_LAWS)
def test_a_draw_is_a_whole_number_of_ticks_and_never_negative(name: str) -> None:
    arrays, code = flat_law(ALL_LAWS[name])
    for index in range(200):
        ticks = draws.draw(arrays, code, 9, 0, index, 0, draws.TALK)
        assert isinstance(ticks, int)
        assert ticks >= 0


# Addresses.


@pytest.mark.statistical
def test_numbers_are_uniform_and_consecutive_ones_unrelated() -> None:
    numbers = random_numbers(DRAWS)
    assert numbers.min() > 0.0
    assert numbers.max() < 1.0
    assert stats.kstest(numbers, "uniform").pvalue > 1e-4
    counts = np.histogram(numbers, bins=256, range=(0, 1))[0]
    assert stats.chisquare(counts).pvalue > 1e-4
    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) * math.sqrt(DRAWS) < LIMIT


@pytest.mark.statistical
@pytest.mark.parametrize(
    "other",
    [
        {"seed": 4},
        {"seed": 3 + 2**32},
        {"replication": 2},
        {"identity": 2**42},
        {"identity": 2**62},
        {"contact": 1},
        {"purpose": draws.WRAP_UP},
        {"sub": 1},
    ],
    ids=str,
)
def test_a_change_anywhere_in_the_address_gives_an_unrelated_number(other: dict[str, int]) -> None:
    numbers, others = random_numbers(5000), random_numbers(5000, **other)
    assert not np.any(numbers == others)
    assert abs(np.corrcoef(numbers, others)[0, 1]) * math.sqrt(5000) < LIMIT


def test_parts_of_an_address_do_not_run_into_each_other() -> None:
    # The largest of one part beside the smallest of the next: 6 contacts x purposes x sub-draws.
    numbers = {
        draws.uniform(1, 0, 77, contact, purpose, sub)
        for contact in (0, 1, 2, 2**13, 2**14 - 2, 2**14 - 1)
        for purpose in (0, 1, 2, 2**8 - 1)
        for sub in (0, 1, 2, 2**10 - 1)
    }
    assert len(numbers) == 6 * 4 * 4


def test_identities_of_segments_never_change_and_leave_room_for_days_and_customers() -> None:
    assert draws.segment_identity("regular") == 2873591231378620416
    names = [f"segment {index}" for index in range(300)]
    found = [draws.segment_identity(name) for name in names]
    step = 2 ** (draws.INDEX_BITS + draws.DAY_BITS)
    assert len(set(found)) == len(names)
    assert all(step <= identity < draws.WORLD and identity % step == 0 for identity in found)
