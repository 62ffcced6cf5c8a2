"""Many differences at once: among twenty of nothing, one looks like something by chance."""

from __future__ import annotations

import numpy as np

from journeysim.measures.arrow_columns import Numbers


def holm(p_values: Numbers) -> Numbers:
    """Return p-values adjusted for being many (Holm 1979, Scand. J. Statistics 6:65-70).

    Who calls different what has an adjusted value of at most 0.05 is wrong about any of them in at
    most 5 of 100 comparisons, however the differences hang together.

    Parameters
    ----------
    p_values
        The family, shape (family,); NaN is not of it and stays NaN.
    """
    adjusted = np.full(p_values.shape, np.nan)
    family = np.flatnonzero(~np.isnan(p_values))
    order = family[np.argsort(p_values[family], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1.0)
    return adjusted


def joint_level(level: float, family: int) -> float:
    """Return the level of each interval at which all of a family hold at once (Bonferroni)."""
    return 1.0 - (1.0 - level) / max(family, 1)
