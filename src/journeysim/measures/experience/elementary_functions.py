"""Powers, exponentials and the logistic, as loops of + - * / and a fused a b + c alone.

Library calls stop a loop from running over several elements at a time, and differ in the last bit
between machines. These do neither; the error is a few units of the last place.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from journeysim.jit import compiled

Numbers = NDArray[np.float64]
# ln 2 in two parts, the first with trailing zeros, so that its product with an exponent is exact.
_PER_LN2 = 1.44269504088896340736
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
# The square root of 1/2, as its bits: mantissas lie between it and its double.
_HALF_ROOT_BITS = 0x3FE6A09E667F3BCD
# Added to a number below 2^51, the lowest bits of the sum are the nearest whole number.
_ROUNDING = 6755399441055744.0


def _fused(_: Any, a: Any, b: Any, c: Any) -> Any:
    def code(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), code


#: a b + c, rounded once, which is the same on every machine; for compiled functions alone.
fused: Any = intrinsic(_fused)


@compiled
def _four(x: float, x2: float, a: float, b: float, c: float, d: float) -> float:
    """Return a + b x + c x^2 + d x^3."""
    return float(fused(fused(d, x, c), x2, fused(b, x, a)))


@compiled
def _power_of_two(rounded: float, r: float) -> float:
    """Return 2^(k + r) with |r| <= 1/2; `rounded` is k + _ROUNDING.

    (2^r - 1) / r is interpolated at the 11 nodes of Chebyshev, within 2e-17. Pairs of terms, and
    pairs of pairs: they need not wait for each other.
    """
    r2 = r * r
    r4 = r2 * r2
    low = _four(
        r, r2, 0.6931471805599453, 0.24022650695910097, 0.0555041086648216, 0.009618129107606888
    )
    middle = _four(
        r,
        r2,
        0.0013333558146416936,
        0.0001540353044173605,
        1.525273382983612e-05,
        1.321544258792169e-06,
    )
    high = fused(
        4.4549605981865186e-10, r2, fused(7.072585949269223e-09, r, 1.0178062445845774e-07)
    )
    series = fused(r, fused(fused(high, r4, middle), r4, low), 1.0)
    exponent = np.float64(rounded).view(np.int64) << np.int64(52)
    return float(np.int64(np.float64(series).view(np.int64) + exponent).view(np.float64))


@compiled
def exponential(x: float) -> float:
    """Return e to the power x, for x within +-700; beyond, that of the bound."""
    x = min(max(x, -700.0), 700.0)
    rounded = fused(x, _PER_LN2, _ROUNDING)
    k = rounded - _ROUNDING
    r = fused(-k, _LN2_LOW, fused(-k, _LN2_HIGH, x))
    return _power_of_two(rounded, r * _PER_LN2)


@compiled
def power(x: float, exponent: float) -> float:
    """Return x to a positive power, if within 2^+-1000; 0 for what is not above 0.

    With x = m 2^e and s = (m - 1) / (m + 1), log2 m = 2 artanh(s) / ln 2; what stands beside s is
    interpolated in s^2 at the 8 nodes of Chebyshev, within 7e-18.
    """
    bits = np.float64(x).view(np.int64)
    e = (bits - _HALF_ROOT_BITS) >> 52
    m = np.int64(bits - (e << 52)).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    z2 = z * z
    low = _four(
        z, z2, 2.8853900817779268, 0.9617966939259898, 0.5770780163455203, 0.4121985858409005
    )
    high = _four(
        z, z2, 0.32059853491395984, 0.262334352504183, 0.2209130842311768, 0.2136589569431927
    )
    # e times the exponent, in two parts of which the sum is exact.
    whole = np.float64(e) * exponent
    rest = fused(np.float64(e), exponent, -whole)
    logarithm = s * fused(high, z2 * z2, low)
    rounded = fused(logarithm, exponent, whole) + _ROUNDING
    k = rounded - _ROUNDING
    found = _power_of_two(rounded, fused(logarithm, exponent, (whole - k) + rest))
    return found if x > 0.0 else 0.0


@compiled
def logistic(x: float) -> float:
    """Return 1 / (1 + e^-x)."""
    return 1.0 / (1.0 + exponential(-x))


@compiled
def logistics(values: Numbers) -> None:
    """Put the logistic of each value in its place; NaN stays NaN."""
    for place in range(values.shape[0]):
        # Nothing times NaN is NaN, which the exponential would not hand on.
        values[place] = logistic(values[place]) + 0.0 * values[place]


@compiled
def saturations(amounts: Numbers, scale: float, out: Numbers) -> None:
    """Write 1 - e^(-amount / scale): 0 for none, near 1 for much."""
    for place in range(out.shape[0]):
        out[place] = 1.0 - exponential(-amounts[place] / scale)


@compiled
def normals(values: Numbers, out: Numbers) -> None:
    """Write the probability that a standard normal number is below each value, within 4e-15."""
    for place in range(out.shape[0]):
        z = abs(values[place]) * 0.70710678118654752440
        beyond = 0.5 * _scaled_error(z) * exponential(-z * z)
        out[place] = 0.5 + math.copysign(0.5 - beyond, values[place])


@compiled
def _scaled_error(z: float) -> float:
    """Return e^(z^2) erfc(z) for z >= 0.

    A polynomial in u = 6 / (3 + z) - 1, interpolated at the 19 nodes of Chebyshev from -1 to 1.
    """
    u = 6.0 / (3.0 + z) - 1.0
    u2 = u * u
    u4 = u2 * u2
    u8 = u4 * u4
    first = _four(
        u, u2, 0.1790011511813899, 0.32623356004319193, 0.24560380171205282, 0.15011593649153374
    )
    second = _four(
        u,
        u2,
        0.07166583721508041,
        0.024392499480356114,
        0.004269136027590031,
        -0.0007077477196644784,
    )
    third = _four(
        u,
        u2,
        -0.0005970594660812811,
        -4.5249837702318476e-05,
        6.40455490952263e-05,
        1.2846978897958876e-05,
    )
    fourth = _four(
        u,
        u2,
        -7.949159441379473e-06,
        -2.1002860355685314e-06,
        1.20555490100646e-06,
        2.779421552795132e-07,
    )
    fifth = fused(
        1.923150480969956e-08, u2, fused(-2.3092740632005428e-08, u, -1.8784607834133656e-07)
    )
    rest = fused(fused(fifth, u4, fourth), u4, third)
    return float(fused(rest, u8, fused(second, u4, first)))
