"""Powers, exponentials and the logistic, as loops of + - * / and square root alone.

Library calls stop a loop from running over several elements at a time, and differ in the last bit
between machines. These do neither; the error is a few units of the last place.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled

Numbers = NDArray[np.float64]
# ln 2 in two parts, the first with trailing zeros, so that its product with an exponent is exact.
_LN2 = 0.69314718055994530942
_PER_LN2 = 1.44269504088896340736
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
# The square root of 1/2, as its bits: mantissas lie between it and its double.
_HALF_ROOT_BITS = 0x3FE6A09E667F3BCD


@compiled
def exponential(x: float) -> float:
    """Return e to the power x, for x within +-700; beyond, that of the bound.

    With x = k ln 2 + r and |r| <= ln 2 / 2, the Taylor series of e^r ends below 2^-53.
    """
    x = min(max(x, -700.0), 700.0)
    k = np.floor(x * _PER_LN2 + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    # Pairs of terms, and pairs of pairs: they need not wait for each other.
    r2 = r * r
    r4 = r2 * r2
    low = (1 / 2 + r * (1 / 6)) + r2 * (1 / 24 + r * (1 / 120))
    middle = (1 / 720 + r * (1 / 5040)) + r2 * (1 / 40320 + r * (1 / 362880))
    high = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600)
    series = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)))
    scale = np.int64((np.int64(k) + 1023) << 52).view(np.float64)
    return float(series * scale)


@compiled
def power(x: float, exponent: float) -> float:
    """Return x to a positive power, for x >= 0; 0 for what is not above 0.

    With x = m 2^e, ln m = 2 artanh((m - 1) / (m + 1)), whose series ends below 2^-53.
    """
    bits = np.float64(x).view(np.int64)
    e = (bits - _HALF_ROOT_BITS) >> 52
    m = np.int64(bits - (e << 52)).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    low = (1 / 3 + z * (1 / 5)) + z2 * (1 / 7 + z * (1 / 9))
    high = (1 / 11 + z * (1 / 13)) + z2 * (1 / 15 + z * (1 / 17))
    series = z * (low + z4 * (high + z4 * (1 / 19 + z * (1 / 21))))
    logarithm = np.float64(e) * _LN2 + 2.0 * (s + s * series)
    found = exponential(logarithm * exponent)
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
    first = (0.1790011511813899 + u * 0.32623356004319193) + u2 * (
        0.24560380171205282 + u * 0.15011593649153374
    )
    second = (0.07166583721508041 + u * 0.024392499480356114) + u2 * (
        0.004269136027590031 + u * -0.0007077477196644784
    )
    third = (-0.0005970594660812811 + u * -4.5249837702318476e-05) + u2 * (
        6.40455490952263e-05 + u * 1.2846978897958876e-05
    )
    fourth = (-7.949159441379473e-06 + u * -2.1002860355685314e-06) + u2 * (
        1.20555490100646e-06 + u * 2.779421552795132e-07
    )
    fifth = (-1.8784607834133656e-07 + u * -2.3092740632005428e-08) + u2 * 1.923150480969956e-08
    return (first + u4 * second) + u8 * ((third + u4 * fourth) + u8 * fifth)
