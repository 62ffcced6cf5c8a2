"""Small logs for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np

HEAD = "entered,customer,agent,wait,talk,outcome"


def write_log(path: Path, rows: list[str], head: str = HEAD) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def steady_log(path: Path, *, days: int = 14, per_day: int = 200, seed: int = 1) -> Path:
    """Contacts from 09:00 to 17:00 from Monday 1 January 2024 on; a tenth abandons."""
    luck = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        for at in np.sort(luck.integers(9 * 3600, 17 * 3600, luck.poisson(per_day))):
            lost = luck.random() < 0.1
            wait = int(luck.integers(1, 60)) if lost or luck.random() < 0.3 else 0
            talk = 0 if lost else int(luck.lognormal(4.8, 0.7))
            agent = "" if lost else f"A{luck.integers(5)}"
            clock = f"2024-01-{day + 1:02d} {at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}"
            outcome = "abandoned" if lost else "served"
            rows.append(f"{clock},C{luck.integers(10_000)},{agent},{wait},{talk},{outcome}")
    return write_log(path, rows)
