"""Logarithm, exponential and normal quantile from + - * / and square root alone.

Library versions of these differ in the last bit between NumPy, C libraries and processors (np.log
and math.log in 0.35 % of draws), and one bit is enough to make two engines part ways. IEEE 754
fixes the four operations and the square root to the bit, so these give the same bits everywhere.
"""

from __future__ import annotations

import math

import numpy as np

from journeysim.jit import compiled

# ln 2 in two parts; the first has trailing zeros, so that its product with an exponent is exact.
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
# The square root of 1/2, as its bits: mantissas lie between it and its double.
_HALF_ROOT_BITS = 0x3FE6A09E667F3BCD


@compiled
def log(x: float) -> float:
    """Return the natural logarithm of a positive, normal number, within 2 units of the last place.

    With x = m 2^e, ln m = 2 artanh((m - 1) / (m + 1)), whose series ends below 2^-53.
    """
    # Taken apart by its bits: without a call or a branch, loops over this run several at a time.
    bits = np.float64(x).view(np.int64)
    exponent = (bits - _HALF_ROOT_BITS) >> 52
    mantissa = np.int64(bits - (exponent << 52)).view(np.float64)
    s = (mantissa - 1.0) / (mantissa + 1.0)
    z = s * s
    # In halves of halves, which a processor computes side by side.
    z2 = z * z
    z4 = z2 * z2
    low = (1 / 3 + z * (1 / 5)) + z2 * (1 / 7 + z * (1 / 9))
    high = (1 / 11 + z * (1 / 13)) + z2 * (1 / 15 + z * (1 / 17))
    series = z * ((low + z4 * high) + (z4 * z4) * (1 / 19 + z * (1 / 21)))
    power = np.float64(exponent)
    return float(power * _LN2_HIGH + (power * _LN2_LOW + 2.0 * (s + s * series)))


@compiled
def exp(x: float) -> float:
    """Return e to the power x, within 2 units of the last place; 0 below -700, capped at 700.

    With x = k ln 2 + r and |r| <= ln 2 / 2, the Taylor series of e^r ends below 2^-53.
    """
    if x < -700.0:
        return 0.0
    x = min(x, 700.0)
    k = math.floor(x / 0.69314718055994530942 + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    first = (1.0 + r) + r2 * (1 / 2 + r * (1 / 6))
    second = (1 / 24 + r * (1 / 120)) + r2 * (1 / 720 + r * (1 / 5040))
    third = (1 / 40320 + r * (1 / 362880)) + r2 * (1 / 3628800 + r * (1 / 39916800))
    fourth = 1 / 479001600 + r * (1 / 6227020800) + r2 * (1 / 87178291200)
    r8 = r4 * r4
    total = first + (r4 * second + (r8 * third + (r8 * r4) * fourth))
    scale = np.int64((int(k) + 1023) << 52).view(np.float64)
    return float(total * scale)


@compiled
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of 0 < u < 1, relative error about 1e-16.

    Wichura (1988), Algorithm AS 241 (PPND16), Applied Statistics 37(3), 477-484.
    """
    q = u - 0.5
    if is_central(u):
        return central_quantile(u)
    r = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-log(r))
    if r <= 5.0:
        value = _ratio(r - 1.6, _MIDDLE_ABOVE, _MIDDLE_BELOW)
    else:
        value = _ratio(r - 5.0, _TAIL_ABOVE, _TAIL_BELOW)
    return -value if q < 0.0 else value


@compiled
def is_central(u: float) -> bool:
    """Return whether `central_quantile` gives the normal quantile of a number."""
    return abs(u - 0.5) <= 0.425


@compiled
def central_quantile(u: float) -> float:
    """Return the standard normal quantile of a number near a half, without a branch."""
    q = u - 0.5
    return q * _ratio(0.180625 - q * q, _CENTRE_ABOVE, _CENTRE_BELOW)


@compiled
def _ratio(x: float, above: tuple[float, ...], below: tuple[float, ...]) -> float:
    return _seventh(x, above) / _seventh(x, below)


@compiled
def _seventh(x: float, c: tuple[float, ...]) -> float:
    """Return a polynomial of the seventh degree, in halves that need not wait for each other."""
    x2 = x * x
    low = (c[0] + c[1] * x) + x2 * (c[2] + c[3] * x)
    high = (c[4] + c[5] * x) + x2 * (c[6] + c[7] * x)
    return low + (x2 * x2) * high


_CENTRE_ABOVE = (
    3.3871328727963666080e0,
    1.3314166789178437745e2,
    1.9715909503065514427e3,
    1.3731693765509461125e4,
    4.5921953931549871457e4,
    6.7265770927008700853e4,
    3.3430575583588128105e4,
    2.5090809287301226727e3,
)
_CENTRE_BELOW = (
    1.0,
    4.2313330701600911252e1,
    6.8718700749205790830e2,
    5.3941960214247511077e3,
    2.1213794301586595867e4,
    3.9307895800092710610e4,
    2.8729085735721942674e4,
    5.2264952788528545610e3,
)
_MIDDLE_ABOVE = (
    1.42343711074968357734e0,
    4.63033784615654529590e0,
    5.76949722146069140550e0,
    3.64784832476320460504e0,
    1.27045825245236838258e0,
    2.41780725177450611770e-1,
    2.27238449892691845833e-2,
    7.74545014278341407640e-4,
)
_MIDDLE_BELOW = (
    1.0,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)
_TAIL_ABOVE = (
    6.65790464350110377720e0,
    5.46378491116411436990e0,
    1.78482653991729133580e0,
    2.96560571828504891230e-1,
    2.65321895265761230930e-2,
    1.24266094738807843860e-3,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7,
)
_TAIL_BELOW = (
    1.0,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15,
)


@compiled
def whole_ticks(x: float) -> int:
    """Return a duration rounded half up to a tick, never negative, at most 2^62."""
    if x >= 4.0e18:
        return 2**62
    return math.floor(max(x, 0.0) + 0.5)
