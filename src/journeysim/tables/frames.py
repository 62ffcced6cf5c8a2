"""Arrow tables as frames of pandas or Polars, which need not be installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from journeysim.errors import FrameError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def pandas_frame(table: pa.Table) -> pd.DataFrame:
    """Return a table as a pandas frame.

    Raises
    ------
    FrameError
        If pandas is not installed.
    """
    try:
        import pandas  # noqa: F401
    except ImportError:
        raise _missing("pandas") from None
    return table.to_pandas()


def polars_frame(table: pa.Table) -> pl.DataFrame:
    """Return a table as a Polars frame.

    Raises
    ------
    FrameError
        If Polars is not installed.
    """
    try:
        import polars as pl
    except ImportError:
        raise _missing("polars") from None
    found = pl.from_arrow(table)
    assert isinstance(found, pl.DataFrame)
    return found


def arrow_stream(table: pa.Table, requested_schema: Any = None) -> Any:
    """Return a table as the Arrow C stream protocol hands it over."""
    return table.__arrow_c_stream__(requested_schema)


def _missing(library: str) -> FrameError:
    return FrameError(
        f"a frame of {library} needs {library}, which is not installed: pip install {library}; "
        "the tables themselves are Arrow and need nothing"
    )
