"""Fitted times as a scenario writes them."""

from __future__ import annotations


def in_seconds(seconds: float) -> str:
    """Return ``"41.25s"``: hundredths, never an exponent."""
    text = f"{max(seconds, 0.0):.2f}".rstrip("0").rstrip(".")
    return f"{text}s"
