"""Other tools that score the same journeys, for `journeysim bench score`.

Each has a module `with_NAME` of the form of `journeysim.bench.backend.Contender`, and needs the
package NAME. Another folder of the same form takes their place: `--rivals DIR`.
"""

from typing import Final

#: In this order they stand in tables.
NAMES: Final = ("numpy", "pyarrow", "polars", "duckdb", "pandas")
