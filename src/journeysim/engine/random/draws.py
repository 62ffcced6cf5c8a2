"""Random draws by address: a draw is a pure function of who, when and what for.

The address is (seed, replication, identity, contact, purpose, sub-draw). There is no stream, no
state and no order of calls, so the same customer draws the same in every scenario, on any number
of threads. The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers:
as easy as 1, 2, 3", SC 2011); its published known answers are a test.

An identity is a number below 2^62: 20 bits of a hash of the segment's name, 14 bits of the day,
28 bits of the index in that segment's stream of the day. Draws of the world (busy days) set
bit 62 instead. Adding a segment, or an agent, renumbers nobody.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np

from journeysim.engine.random.arithmetic import exp, log, normal_quantile, whole_ticks
from journeysim.jit import compiled, inlined
from journeysim.scenario.flat.flat_model import (
    DETERMINISTIC,
    ERLANG,
    EXPONENTIAL,
    GAMMA,
    HYPEREXPONENTIAL,
    LOGNORMAL,
    MIXTURE,
    QUANTILES,
    TRIANGULAR,
    UNIFORM,
    VALUES,
    WEIBULL,
    FlatDistributions,
)

# Purposes: append only, never renumber; a number in use fixes the draws of every run ever made.
ARRIVAL = 1
NEED = 2
FIRST_CHANNEL = 3
BALK = 4
PATIENCE = 5
BUDGET = 6
TALK = 7
WRAP_UP = 8
RESOLUTION = 9
STUCK = 10
NEXT_STEP = 11
DELAY = 12
CHASE_AFTER = 13
CHASE_CHANNEL = 14
DAY_FACTOR = 15
INTERVAL_FACTOR = 16
TIME_SPENT = 17
EXTENSION = 18

#: Kinds of distribution that nearly all durations have.
FREQUENT = DETERMINISTIC, EXPONENTIAL, LOGNORMAL

#: Bits of the index within a day, and of the day, in an identity.
INDEX_BITS = 28
DAY_BITS = 14
WORLD = 2**62

_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLY_A = np.uint64(0xD2511F53)
_MULTIPLY_B = np.uint64(0xCD9E8D57)
_WEYL_A = np.uint64(0x9E3779B9)
_WEYL_B = np.uint64(0xBB67AE85)
_TOP = np.uint64(20)
_DROP = np.uint64(12)
_UNIT = 1.0 / 2.0**52


def segment_identity(name: str) -> int:
    """Return the identity of customer 0 of day 0 of the segment with this name."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    hashed = int.from_bytes(digest, "big") % (2**20 - 1) + 1
    return hashed << (INDEX_BITS + DAY_BITS)


@inlined
def philox(
    a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64, key_a: np.uint64, key_b: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return Philox4x32-10 of a counter (four words) under a key (two words), 32 bits each."""
    for _ in range(10):
        first = _MULTIPLY_A * a
        second = _MULTIPLY_B * c
        a = (second >> _SHIFT) ^ b ^ key_a
        b = second & _LOW
        c = (first >> _SHIFT) ^ d ^ key_b
        d = first & _LOW
        key_a = (key_a + _WEYL_A) & _LOW
        key_b = (key_b + _WEYL_B) & _LOW
    return a, b, c, d


@inlined
def uniform(
    seed: int, replication: int, identity: int, contact: int, purpose: int, sub: int
) -> float:
    """Return the uniform number at an address: a multiple of 2^-53 strictly between 0 and 1.

    Parameters
    ----------
    seed, replication
        Of the run; the seed is below 2^63, the replication below 2^32.
    identity
        Of the customer, below 2^62, or of the world.
    contact
        Number of the contact within the journey, from 0, below 2^14.
    purpose, sub
        What the draw is for, below 2^8, and which of several numbers, below 2^10.
    """
    who = np.uint64(identity)
    key = np.uint64(seed)
    place = np.uint64((contact << 18) | (purpose << 10) | sub)
    high, low, _, _ = philox(
        who & _LOW,
        who >> _SHIFT,
        np.uint64(replication),
        place,
        key & _LOW,
        key >> _SHIFT,
    )
    # 52 bits, so that the half step that keeps 0 and 1 away is exact.
    bits = (high << _TOP) | (low >> _DROP)
    return (np.float64(bits) + 0.5) * _UNIT


@inlined
def draw_frequent(
    kind: int,
    a: float,
    b: float,
    seed: int,
    replication: int,
    identity: int,
    contact: int,
    purpose: int,
) -> int:
    """Return a duration drawn at an address, ticks, from one of the kinds in FREQUENT.

    Parameters
    ----------
    kind, a, b
        The distribution and its first two parameters.
    """
    if kind == DETERMINISTIC:
        return whole_ticks(a)
    u = uniform(seed, replication, identity, contact, purpose, 0)
    if kind == EXPONENTIAL:
        return whole_ticks(-a * log(u))
    return whole_ticks(exp(a + b * normal_quantile(u)))


@compiled
def draw(
    distributions: FlatDistributions,
    code: int,
    seed: int,
    replication: int,
    identity: int,
    contact: int,
    purpose: int,
) -> int:
    """Return the duration drawn from distribution `code` at an address, ticks."""
    kind = distributions.kind[code]
    if kind in FREQUENT:
        # Nearly all draws are of these, so they come first.
        a, b = distributions.parameters[code, 0], distributions.parameters[code, 1]
        return draw_frequent(kind, a, b, seed, replication, identity, contact, purpose)
    if kind == MIXTURE:
        first, last = distributions.first[code], distributions.last[code]
        u = uniform(seed, replication, identity, contact, purpose, 0)
        part = first
        while part < last - 1 and distributions.weights[part] <= u:
            part += 1
        code = int(distributions.values[part])
        return whole_ticks(
            _sample(distributions, code, seed, replication, identity, contact, purpose, 1)
        )
    return whole_ticks(
        _sample(distributions, code, seed, replication, identity, contact, purpose, 0)
    )


@compiled
def _sample(
    distributions: FlatDistributions,
    code: int,
    seed: int,
    replication: int,
    identity: int,
    contact: int,
    purpose: int,
    sub: int,
) -> float:
    kind = distributions.kind[code]
    a, b, c = distributions.parameters[code]
    if kind == DETERMINISTIC:
        return float(a)
    if kind == GAMMA:
        return float(b) * gamma(a, seed, replication, identity, contact, purpose, sub)
    u = uniform(seed, replication, identity, contact, purpose, sub)
    if kind == ERLANG:
        total = -log(u)
        for stage in range(1, int(b)):
            total -= log(uniform(seed, replication, identity, contact, purpose, sub + stage))
        return float(a / b) * total
    first, last = distributions.first[code], distributions.last[code]
    if kind == HYPEREXPONENTIAL:
        part = first
        while part < last - 1 and distributions.weights[part] <= u:
            part += 1
        u = uniform(seed, replication, identity, contact, purpose, sub + 1)
        return -float(distributions.values[part]) * log(u)
    if kind == VALUES:
        return float(distributions.values[first + int(u * (last - first))])
    if kind == QUANTILES:
        return _between_quantiles(distributions, first, last, u)
    return _inverse(kind, a, b, c, u)


@compiled
def _inverse(kind: int, a: float, b: float, c: float, u: float) -> float:
    """Return the quantile at u of the kinds that one number decides."""
    if kind == EXPONENTIAL:
        return -a * log(u)
    if kind == UNIFORM:
        return a + (b - a) * u
    if kind == TRIANGULAR:
        if c <= a:
            return a
        if u * (c - a) < b - a:
            return a + math.sqrt(u * (c - a) * (b - a))
        return c - math.sqrt((1.0 - u) * (c - a) * (c - b))
    if kind == LOGNORMAL:
        return exp(a + b * normal_quantile(u))
    if kind == WEIBULL:
        return b * exp(log(-log(u)) / a)
    # Log-logistic: the odds of u to the power 1 / shape.
    return a * exp(log(u / (1.0 - u)) / b)


@compiled
def _between_quantiles(distributions: FlatDistributions, first: int, last: int, u: float) -> float:
    row = first + 1
    while row < last - 1 and distributions.weights[row] <= u:
        row += 1
    left, right = distributions.weights[row - 1], distributions.weights[row]
    low, high = distributions.values[row - 1], distributions.values[row]
    if right <= left:
        return float(low)
    return float(low + (high - low) * (u - left) / (right - left))


@compiled
def gamma(
    shape: float,
    seed: int,
    replication: int,
    identity: int,
    contact: int,
    purpose: int,
    sub: int,
) -> float:
    """Return a gamma number of scale 1.

    Marsaglia and Tsang (2000), "A simple method for generating gamma variables", with their
    boost for shapes below 1. Each try costs two sub-draws and succeeds with probability > 0.95.
    """
    boost = 1.0
    if shape < 1.0:
        boost = exp(log(uniform(seed, replication, identity, contact, purpose, sub)) / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / (3.0 * math.sqrt(d))
    for attempt in range(200):
        place = sub + 1 + 2 * attempt
        z = normal_quantile(uniform(seed, replication, identity, contact, purpose, place))
        v = 1.0 + c * z
        if v > 0.0:
            v = v * v * v
            u = uniform(seed, replication, identity, contact, purpose, place + 1)
            if log(u) < 0.5 * z * z + d - d * v + d * log(v):
                return d * v * boost
    return d * boost
