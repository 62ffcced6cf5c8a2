"""Small random parts of scenarios: times, shares, distributions, tables of the day."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]

SHARES = ((1.0,), (0.5, 0.5), (0.25, 0.75), (0.5, 0.25, 0.25), (0.75, 0.0, 0.25))
PROBABILITIES = (0.5, 0.0, 0.25, 0.75, 1.0)


class Drawing:
    """Draws small parts; `unit` is what its whole numbers count."""

    def __init__(self, draw: st.DrawFn, *, exact: bool = False) -> None:
        self.draw = draw
        #: Whole seconds only, and nobody but the trace's customers: scales without rounding.
        self.exact = exact
        self.unit = "s" if exact else self.pick(["s", "s", "us", "us", "h"])

    def pick(self, items: Any) -> Any:
        return self.draw(st.sampled_from(items))

    def whole(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def some(self, items: Any, least: int = 0) -> list[Any]:
        chosen = self.draw(st.lists(st.sampled_from(list(items)), min_size=least, unique=True))
        return list(chosen)

    def shuffled(self, items: Any) -> list[Any]:
        return list(self.draw(st.permutations(items)))

    def chance(self, percent: int) -> bool:
        return self.whole(0, 99) >= 100 - percent

    def time(self, low: int = 0, high: int = 5) -> str:
        return f"{self.whole(low, high)}{self.unit}"

    def distribution(self, high: int = 5) -> Any:
        kinds = ["constant", "constant", "values", "values", "exponential", "other"]
        kind = self.pick(kinds[:4] if self.exact else kinds)
        if kind == "constant":
            return self.time(0, high)
        if kind == "values":
            values = [self.time(0, high) for _ in range(self.whole(1, 4))]
            return {"distribution": "empirical", "values": values}
        if kind == "exponential":
            return {"distribution": "exponential", "mean": self.time(1, high)}
        return self.pick(
            [
                {"distribution": "zero_or", "zero": 0.5, "otherwise": self.time(1, high)},
                {"distribution": "uniform", "low": self.time(0, 1), "high": self.time(1, high)},
                {"distribution": "gamma", "mean": self.time(1, high), "cv": 0.5},
                {"distribution": "erlang", "stages": 2, "mean": self.time(1, high)},
            ]
        )

    def shares(self, names: Any, *, closed: bool = True) -> dict[str, float]:
        chosen = self.some(names, least=1)[:3]
        shares = self.pick([row for row in SHARES if len(row) == len(chosen)])
        part = 1.0 if closed else self.pick([0.5, 1.0])
        return {name: share * part for name, share in zip(chosen, shares, strict=True)}

    def grid(self, value: Any, least: int = 1) -> tuple[list[str], list[Any]]:
        """Return times of day and a value for each; few times, so that many coincide."""
        last = 23 if self.unit == "h" else 20
        points = self.some(range(last // 4 + 1), least)[:4]
        at = [f"{4 * point}{self.unit}" for point in sorted(points or [0])]
        return at, [value() for _ in at]
