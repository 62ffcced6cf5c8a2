"""Draws of many customers at once: the bits of `engine.random.draws`, much faster.

Customers of a segment have identities in a row, so a block of them is one loop without branches,
which a processor runs several at a time. What such a loop computes in vain costs less than
computing it later alone.
"""

from __future__ import annotations

import numpy as np

from journeysim.engine.random.arithmetic import (
    central_quantile,
    exp,
    is_central,
    log,
    normal_quantile,
)
from journeysim.jit import compiled
from journeysim.scenario.flat.flat_model import Number

_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLY_A = np.uint64(0xD2511F53)
_MULTIPLY_B = np.uint64(0xCD9E8D57)
_WEYL_A = np.uint64(0x9E3779B9)
_WEYL_B = np.uint64(0xBB67AE85)
_TOP = np.uint64(20)
_DROP = np.uint64(12)
_UNIT = 1.0 / 2.0**52
# The bits of 2^52, whose last place is 1: a whole number put below them is that many above 2^52.
_WHOLE = np.uint64(0x4330000000000000)


@compiled
def _round(
    a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64, key_a: np.uint64, key_b: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """One of the ten rounds of `engine.random.draws.philox`."""
    first = _MULTIPLY_A * (a & _LOW)
    second = _MULTIPLY_B * (c & _LOW)
    return (
        (second >> _SHIFT) ^ b ^ key_a,
        second & _LOW,
        (first >> _SHIFT) ^ d ^ key_b,
        first & _LOW,
    )


@compiled
def uniforms(
    seed: int, replication: int, identity: int, contact: int, purpose: int, out: Number
) -> None:
    """Fill with the uniform numbers of customers in a row, as `draws.uniform` draws them.

    Parameters
    ----------
    identity
        Of the first customer; the others follow it.
    out
        Filled, shape (customers,).
    """
    key_a, key_b = np.uint64(seed) & _LOW, np.uint64(seed) >> _SHIFT
    third = np.uint64(replication)
    fourth = np.uint64((contact << 18) | (purpose << 10))
    for place in range(out.size):
        who = np.uint64(identity + place)
        a, b, c, d = who & _LOW, who >> _SHIFT, third, fourth
        # Written out: a loop in the loop would keep the outer one from being run in parallel.
        a, b, c, d = _round(a, b, c, d, key_a, key_b)
        a, b, c, d = _round(a, b, c, d, _key(key_a, 1, _WEYL_A), _key(key_b, 1, _WEYL_B))
        a, b, c, d = _round(a, b, c, d, _key(key_a, 2, _WEYL_A), _key(key_b, 2, _WEYL_B))
        a, b, c, d = _round(a, b, c, d, _key(key_a, 3, _WEYL_A), _key(key_b, 3, _WEYL_B))
        a, b, c, d = _round(a, b, c, d, _key(key_a, 4, _WEYL_A), _key(key_b, 4, _WEYL_B))
        a, b, c, d = _round(a, b, c, d, _key(key_a, 5, _WEYL_A), _key(key_b, 5, _WEYL_B))
        a, b, c, d = _round(a, b, c, d, _key(key_a, 6, _WEYL_A), _key(key_b, 6, _WEYL_B))
        a, b, c, d = _round(a, b, c, d, _key(key_a, 7, _WEYL_A), _key(key_b, 7, _WEYL_B))
        a, b, c, d = _round(a, b, c, d, _key(key_a, 8, _WEYL_A), _key(key_b, 8, _WEYL_B))
        a, b, c, d = _round(a, b, c, d, _key(key_a, 9, _WEYL_A), _key(key_b, 9, _WEYL_B))
        bits = (a << _TOP) | (b >> _DROP)
        whole = np.uint64(bits | _WHOLE).view(np.float64) - 4503599627370496.0
        out[place] = (whole + 0.5) * _UNIT


@compiled
def _key(key: np.uint64, rounds: int, step: np.uint64) -> np.uint64:
    """Return a word of the key after some rounds."""
    return (key + np.uint64(rounds) * step) & _LOW


@compiled
def logs(u: Number, out: Number) -> None:
    """Fill with minus the natural logarithms: exponential numbers of mean 1."""
    for place in range(out.size):
        out[place] = -log(u[place])


@compiled
def normals(u: Number, out: Number) -> None:
    """Fill with standard normal quantiles; `out` must be another array than `u`."""
    for place in range(out.size):
        out[place] = central_quantile(u[place])
    # Every seventh lies further out, where that was in vain.
    for place in range(out.size):
        if not is_central(u[place]):
            out[place] = normal_quantile(u[place])


@compiled
def lognormals(mean: float, deviation: float, normal: Number, out: Number) -> None:
    """Fill with lognormal numbers; mean and deviation are those of their logarithms."""
    for place in range(out.size):
        # Below -700 `exp` branches off to 0, which is the same number of ticks.
        out[place] = exp(min(max(mean + deviation * normal[place], -700.0), 700.0))
