"""The page on the data model says what the columns say, and other tools read a run as it is.

`python -m tests.test_data_model` writes the tables of docs/data-model.md anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

import journeysim
from journeysim.scenario.scenario import load_scenario
from journeysim.tables.columns import CONTACTS, INTERVALS, JOURNEYS, Column
from journeysim.tables.run import read_table

ROOT = Path(__file__).parent.parent
TABLES = {"contacts": CONTACTS, "journeys": JOURNEYS, "intervals": INTERVALS}


@pytest.fixture(scope="module")
def run_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run in which some contacts have no pool, no talk and no end."""
    place = tmp_path_factory.mktemp("runs") / "day"
    scenario = load_scenario(
        ROOT / "scenarios/omnichannel.toml", set=["time.horizon=3d", "time.run_out=0s"]
    )
    journeysim.simulate(scenario, replications=2, out=place)
    return place


@pytest.mark.parametrize("name", TABLES)
def test_pandas_polars_and_duckdb_read_a_run_as_it_is(run_directory: Path, name: str) -> None:
    files = sorted((run_directory / name).glob("rep=*.arrow"))
    expected = pa.concat_tables(read_table(path) for path in files)
    by_pandas = pd.concat([pd.read_feather(path) for path in files])
    by_polars = pl.read_ipc(run_directory / name / "*.arrow")
    dataset = ds.dataset(run_directory / name, format="ipc")
    by_duckdb = duckdb.sql("select * from dataset").df()
    assert dataset.count_rows() == expected.num_rows
    for read in (by_pandas, by_polars.to_pandas(), by_duckdb):
        assert len(read) == expected.num_rows
        assert list(read.columns) == expected.column_names
    for column in expected.column_names:
        missing = expected[column].null_count
        assert by_pandas[column].isna().sum() == missing
        assert by_polars[column].null_count() == missing
        assert by_duckdb[column].isna().sum() == missing
    words = [field.name for field in expected.schema if pa.types.is_dictionary(field.type)]
    for column in words:
        plain = expected[column].cast(pa.string()).to_pylist()
        assert by_polars[column].cast(pl.String).to_list() == plain
        assert [None if pd.isna(word) else word for word in by_pandas[column]] == plain


def data_model() -> dict[str, str]:
    """Return the tables of docs/data-model.md, as the program has them."""
    return {name: column_table(columns) for name, columns in TABLES.items()}


def column_table(columns: tuple[Column, ...]) -> str:
    rows = ["| column | type | may be missing | meaning |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{column.name}` | {type_of(column.field().type)} | {'yes' if column.missing else ''} "
        f"| {column.meaning}{words_of(column)} |"
        for column in columns
    ]
    return "\n".join(rows)


def type_of(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        return "category"
    return {"double": "float64", "bool": "boolean"}.get(str(kind), str(kind))


def words_of(column: Column) -> str:
    if column.words is None:
        return ""
    return f" One of {', '.join(f'`{word}`' for word in column.words)}."


def between(text: str, name: str) -> re.Match[str]:
    found = re.search(f"<!-- columns: {name} -->\n(.*?)\n<!-- end -->", text, re.S)
    assert found is not None, f"docs/data-model.md has no table of {name}"
    return found


@pytest.mark.parametrize("name", TABLES)
def test_data_model_says_what_the_columns_say(name: str) -> None:
    text = (ROOT / "docs/data-model.md").read_text(encoding="utf-8")
    found = between(text, name)[1]
    assert found == data_model()[name], "write it anew: python -m tests.test_data_model"


def write_data_model() -> None:
    """Write the tables of docs/data-model.md anew."""
    path = ROOT / "docs/data-model.md"
    text = path.read_text(encoding="utf-8")
    for name, table in data_model().items():
        found = between(text, name)
        text = f"{text[: found.start(1)]}{table}{text[found.end(1) :]}"
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_data_model()
