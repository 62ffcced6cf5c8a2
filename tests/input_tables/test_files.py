"""Files as people have them: encodings, delimiters, workbooks, totals, several at once."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from journeysim.errors import LogError
from journeysim.input_tables.files import read_table, read_tables

ROWS = "entered,wait,need\n2023-03-06 09:01:43,5,Größe\n2023-03-06 09:02:00,,Ä\n"


def cells(path: Path, **how: Any) -> dict[str, list[Any]]:
    table = read_table(path, **how)
    return {name: column.to_pylist() for name, column in table.columns.items()}


WANTED = {
    "entered": ["2023-03-06 09:01:43", "2023-03-06 09:02:00"],
    "wait": ["5", None],
    "need": ["Größe", "Ä"],
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_make_one_table(tmp_path: Path, encoding: str, delimiter: str):
    text = ROWS.replace(",", delimiter)
    if encoding == "utf-16-le":
        text = "\ufeff" + text
    file = tmp_path / "calls.csv"
    file.write_bytes(text.encode(encoding))
    assert cells(file) == WANTED


def test_a_line_that_names_the_delimiter_is_obeyed_and_is_no_data(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text("sep=;\n" + ROWS.replace(",", ";"), encoding="utf-8")
    assert cells(file) == WANTED
    assert read_table(file).place(0) == "calls.csv, row 3"


def test_lines_above_the_header_are_no_data(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text("Queue report\nMarch 2023\n\n" + ROWS, encoding="utf-8")
    table = read_table(file)
    assert cells(file) == WANTED
    assert table.place(0) == "calls.csv, row 5"
    assert table.notes == ["calls.csv: 3 lines above the header are no data"]


@pytest.mark.parametrize("last", ["Total,412,", "Grand total:,412,7", "Summe;412"])
def test_a_total_at_the_end_is_left_out_and_said(tmp_path: Path, last: str):
    file = tmp_path / "calls.csv"
    if ";" in last:
        file.write_text(ROWS.replace(",", ";") + last + "\n\n", encoding="utf-8")
    else:
        file.write_text(ROWS + last + "\n", encoding="utf-8")
    assert cells(file) == WANTED
    (said,) = read_table(file).left_out
    assert last[:8] in said


def test_a_total_that_is_a_word_of_the_data_stays(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text("need,wait\nTotal loss,4\nTotal loss,5\n", encoding="utf-8")
    assert cells(file)["need"] == ["Total loss", "Total loss"]


def test_packed_text(tmp_path: Path):
    file = tmp_path / "calls.csv.gz"
    file.write_bytes(gzip.compress(ROWS.encode()))
    assert cells(file) == WANTED


def test_cells_that_hold_the_delimiter_or_a_line_end(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text('need,wait\n"a, b",1\n"two\nlines",2\n', encoding="utf-8")
    assert cells(file) == {"need": ["a, b", "two\nlines"], "wait": ["1", "2"]}


def test_a_row_of_another_length_is_named(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text("entered,wait\n1,2\n1,2,3\n1,2\n", encoding="utf-8")
    with pytest.raises(LogError, match=r"calls.csv, row 3: 3 cells where the header has 2"):
        read_table(file)


def test_a_row_of_another_length_is_named_below_a_title_too(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text("Report\nMarch\nentered,wait\n1,2\n1,2,3\n1,2\n", encoding="utf-8")
    with pytest.raises(LogError, match=r"calls.csv, row 5: 3 cells where the header has 2"):
        read_table(file)


def test_a_heading_may_hold_a_line_end(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text('"Call\nstart","wait\n(s)"\n1,2\n3,4\n', encoding="utf-8")
    assert cells(file) == {"Call\nstart": ["1", "3"], "wait\n(s)": ["2", "4"]}
    assert read_table(file).place(0) == "calls.csv, row 4"


def test_rows_of_delimiters_alone_are_no_data(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text("entered,wait\n1,2\n,\n3,\n,\n", encoding="utf-8")
    table = read_table(file)
    assert cells(file) == {"entered": ["1", "3"], "wait": ["2", None]}
    assert table.place(1) == "calls.csv, row 4"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_of_all_systems(tmp_path: Path, ending: str):
    file = tmp_path / "calls.csv"
    file.write_bytes(("Title\n" + ROWS).replace("\n", ending).encode())
    assert cells(file) == WANTED


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path):
    for text in ("entered,wait", "entered,wait\n"):
        (tmp_path / "calls.csv").write_text(text, encoding="utf-8")
        assert cells(tmp_path / "calls.csv") == {"entered": [], "wait": []}


def test_utf_16_without_a_mark_is_found_out(tmp_path: Path):
    (tmp_path / "calls.csv").write_bytes((ROWS * 9).encode("utf-16-le"))
    assert "Größe" in cells(tmp_path / "calls.csv")["need"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\x00\x01\x02" * 200, "is no text"), (b"\xff\xfea\x00,\x00b", "begins as utf-16")],
)
def test_what_is_no_text_says_so(tmp_path: Path, content: bytes, said: str):
    (tmp_path / "calls.csv").write_bytes(content)
    with pytest.raises(LogError, match=said):
        read_table(tmp_path / "calls.csv")


def test_columns_of_one_name_are_refused(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text("wait,wait\n1,2\n", encoding="utf-8")
    with pytest.raises(LogError, match="2 columns are named 'wait'"):
        read_table(file)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe"])
def test_an_empty_file_says_what_it_lacks(tmp_path: Path, content: bytes):
    file = tmp_path / "calls.csv"
    file.write_bytes(content)
    with pytest.raises(LogError, match="is empty"):
        read_table(file)


def test_files_of_several_months_are_one_table(tmp_path: Path):
    for name in ("jan", "feb"):
        (tmp_path / f"{name}.csv").write_text(ROWS, encoding="utf-8")
    table = read_tables([tmp_path / "jan.csv", tmp_path / "feb.csv"])
    assert table.rows == 4
    assert table.place(2) == "feb.csv, row 2"
    (tmp_path / "mar.csv").write_text("entered,talk\n1,2\n", encoding="utf-8")
    with pytest.raises(LogError, match=r"mar.csv: other columns than jan.csv"):
        read_tables([tmp_path / "jan.csv", tmp_path / "mar.csv"])


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


NINE = datetime(2023, 3, 6, 9, 1, 43)  # noqa: DTZ001 (the clock on the wall)
BODY = [["entered", "wait", "need"], [NINE, 5, "A"], [NINE, None, "B"]]


def test_a_workbook_with_title_rows_and_a_total(tmp_path: Path):
    file = workbook(tmp_path / "a.xlsx", Calls=[["Report"], [], *BODY, ["Total", 5, None]])
    table = read_table(file)
    assert cells(file) == {"entered": [NINE, NINE], "wait": [5, None], "need": ["A", "B"]}
    assert table.place(0) == "a.xlsx, row 4"
    assert len(table.left_out) == 1


def test_of_several_sheets_one_must_be_named_unless_the_others_are_empty(tmp_path: Path):
    file = workbook(tmp_path / "a.xlsx", Read=[["notes only"]], Calls=BODY)
    assert cells(file)["wait"] == [5, None]
    file = workbook(tmp_path / "b.xlsx", Jan=BODY, Feb=BODY)
    with pytest.raises(LogError, match=r"several sheets hold tables \('Jan', 'Feb'\).*--sheet"):
        read_table(file)
    assert cells(file, sheet="Feb")["wait"] == [5, None]
    with pytest.raises(LogError, match="no sheet 'Feb2'; did you mean 'Feb'"):
        read_table(file, sheet="Feb2")


def test_merged_headers_give_their_names_to_columns_of_one_name(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        [None, "Voice", None, "Chat", None],
        ["date", "offered", "answered", "offered", "answered"],
        [NINE, 5, 4, 3, 2],
    ):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("D1:E1")
    book.save(tmp_path / "a.xlsx")
    found = cells(tmp_path / "a.xlsx")
    assert list(found)[1:] == ["Voice offered", "Voice answered", "Chat offered", "Chat answered"]


def test_formulas_without_a_stored_value_are_refused_with_their_place(tmp_path: Path):
    file = workbook(tmp_path / "a.xlsx", Calls=[*BODY, [NINE, "=B2*2", "C"]])
    with pytest.raises(LogError, match=r"a.xlsx, row 4, column 'wait': the formula =B2\*2"):
        read_table(file)


def test_what_is_no_workbook_says_so(tmp_path: Path):
    (tmp_path / "a.xlsx").write_text("no workbook", encoding="utf-8")
    with pytest.raises(LogError, match="no readable workbook"):
        read_table(tmp_path / "a.xlsx")
    (tmp_path / "a.doc").write_text("no table", encoding="utf-8")
    with pytest.raises(LogError, match="a table is a file in CSV"):
        read_table(tmp_path / "a.doc")
