import openpyxl
import pytest

from journeysim.errors import ScenarioError
from journeysim.scenario.reading.documents import read_document
from journeysim.scenario.scenario import Scenario, load_scenario
from tests.unit.documents import SMALLEST, smallest


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / f"{next(iter(files))}.toml"


def refusal(path, **options):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, **options)
    return [str(problem) for problem in caught.value.problems]


def test_a_broken_file_is_named_with_its_line(tmp_path):
    path = write(tmp_path, broken='title = "a"\n\n[time\n')
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert str(caught.value) == (
        f"{path}: 1 problem\n  line 3: Expected ']' at the end of a table declaration"
    )


def test_a_file_that_ends_too_early_says_so(tmp_path):
    path = write(tmp_path, broken="seeds = [1, 2")
    assert refusal(path) == ["last line: Unclosed array at the end of the file"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'title = "\xff"', "is not text in UTF-8; save it as UTF-8"),
        (b"a = " + b"[" * 20_000, "is nested too deeply"),
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path, content, problem):
    path = tmp_path / "odd.toml"
    path.write_bytes(content)
    assert refusal(path) == [problem]


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert refusal(tmp_path / "nowhere.toml") == ["there is no such file"]
    assert refusal(tmp_path) == ["is a folder; name a scenario file in it"]


def test_a_byte_order_mark_is_no_problem(tmp_path):
    path = tmp_path / "mark.toml"
    path.write_text(SMALLEST, encoding="utf-8-sig")
    assert load_scenario(path).name == "mark"


def test_extends_merges_tables_and_replaces_the_rest(tmp_path):
    path = write(
        tmp_path,
        top='extends = "middle.toml"\n[pools.agents]\nagents = 5',
        middle='extends = "bottom.toml"\n[channels.phone]\nlines = 9\n[pools.agents]\nagents = 4',
        bottom=SMALLEST,
    )
    expected = smallest()
    expected["channels"]["phone"]["lines"] = 9
    expected["pools"]["agents"]["agents"] = 5
    assert read_document(path) == expected


def test_files_that_extend_each_other_are_refused(tmp_path):
    path = write(tmp_path, a='extends = "b.toml"', b='extends = "c.toml"', c='extends = "b.toml"')
    assert refusal(path) == [
        "extends: the files extend each other in a circle: b.toml extends c.toml extends b.toml"
    ]


def test_a_missing_base_is_named(tmp_path):
    path = write(tmp_path, a='extends = "b.toml"')
    assert refusal(path) == [f"extends: there is no file '{tmp_path / 'b.toml'}'"]


@pytest.mark.parametrize(
    ("overlay", "arrivals"),
    [
        ('rates = ["4/h"]', {"from": "07:00", "every": "1h", "rates": ["4/h"]}),
        ('rate = "2/h"', {"rate": "2/h"}),
        ('gaps = "5m"', {"gaps": "5m"}),
        ("counts = [9]", {"from": "07:00", "every": "1h", "counts": [9], "friday": [1]}),
        ("friday = [2]", {"from": "07:00", "every": "1h", "counts": [3], "friday": [2]}),
        ('at = ["06:00"]\ncounts = [7]', {"at": ["06:00"], "counts": [7], "friday": [1]}),
    ],
)
def test_a_form_of_arrivals_drops_the_forms_it_contradicts(tmp_path, overlay, arrivals):
    base = """
[segments.regular.arrivals]
from = "07:00"
every = "1h"
counts = [3]
friday = [1]
"""
    rest = SMALLEST.partition("[channels")[2]
    path = write(
        tmp_path,
        top=f'extends = "base.toml"\n[segments.regular.arrivals]\n{overlay}',
        base=f"{base}\n[channels{rest}",
    )
    assert load_scenario(path).document["segments"]["regular"]["arrivals"] == arrivals


def test_a_distribution_in_the_overlay_replaces_the_whole_table(tmp_path):
    change = '[channels.phone]\ntalk = { distribution = "weibull", shape = 2.0, scale = "1m" }'
    path = write(tmp_path, top=f'extends = "base.toml"\n{change}', base=SMALLEST)
    talk = load_scenario(path).document["channels"]["phone"]["talk"]
    assert talk == {"distribution": "weibull", "shape": 2.0, "scale": "1m"}


def test_a_table_without_distribution_changes_only_its_keys(tmp_path):
    change = '[channels.phone]\ntalk = { mean = "9m" }'
    path = write(tmp_path, top=f'extends = "base.toml"\n{change}', base=SMALLEST)
    talk = load_scenario(path).document["channels"]["phone"]["talk"]
    assert talk == {"distribution": "exponential", "mean": "9m"}


def test_an_overlay_opens_what_the_base_wrote_in_short(tmp_path):
    change = "[channels.phone.opening]\nsunday = []\n[pools.agents.agents]\nsunday = [0]"
    path = write(tmp_path, top=f'extends = "base.toml"\n{change}', base=SMALLEST)
    agents = load_scenario(path).document["pools"]["agents"]["agents"]
    assert agents == {"counts": [3], "sunday": [0]}


def with_arrivals(tmp_path, table):
    document = smallest()
    document["segments"]["regular"]["arrivals"] = table
    return Scenario.from_document(document, directory=tmp_path)


def test_arrivals_come_from_a_csv_file_beside_the_scenario(tmp_path):
    (tmp_path / "volumes.csv").write_text("time,regular\n07:00,3.2\n07:30,5.1\n08:00,4\n")
    scenario = with_arrivals(tmp_path, {"file": "volumes.csv", "column": "regular"})
    assert scenario.document["segments"]["regular"]["arrivals"] == {
        "from": "07:00",
        "every": "30m",
        "counts": [3.2, 5.1, 4],
    }


def test_uneven_times_become_points(tmp_path):
    (tmp_path / "volumes.csv").write_text("time;a;b\n07:00;1;2\n07:30;3;4\n09:00;5;6\n")
    scenario = with_arrivals(tmp_path, {"file": "volumes.csv", "column": "b"})
    assert scenario.document["segments"]["regular"]["arrivals"] == {
        "at": ["07:00", "07:30", "09:00"],
        "counts": [2, 4, 6],
    }


def test_weekdays_of_a_file_become_lists_and_missing_hours_are_empty(tmp_path):
    rows = ["mon,07:00,1", "mon,08:00,2", "mon,09:00,3", "Friday,07:00,4", "Friday,08:00,5"]
    (tmp_path / "volumes.csv").write_text("\n".join(["weekday,time,calls", *rows]))
    scenario = with_arrivals(tmp_path, {"file": "volumes.csv", "column": "calls"})
    assert scenario.document["segments"]["regular"]["arrivals"] == {
        "from": "07:00",
        "every": "1h",
        "counts": [],
        "monday": [1, 2, 3],
        "friday": [4, 5, 0],
    }
    assert scenario.world.segments["regular"].arrivals.pieces("tuesday") == []


def test_agents_come_from_a_sheet_of_an_excel_file(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["not", "this"])
    sheet = book.create_sheet("Shifts")
    sheet.append(["time", "night"])
    sheet.append(["00:00", 2.0])
    sheet.append(["12:00", 3])
    book.save(tmp_path / "plan.xlsx")
    document = smallest()
    document["pools"]["agents"]["agents"] = {
        "file": "plan.xlsx",
        "sheet": "Shifts",
        "column": "night",
    }
    scenario = Scenario.from_document(document, directory=tmp_path)
    assert scenario.document["pools"]["agents"]["agents"] == {
        "from": "00:00",
        "every": "12h",
        "counts": [2, 3],
    }


def test_observations_come_from_a_file_in_their_unit(tmp_path):
    (tmp_path / "talks.csv").write_text("talk\n90\n\n0.1\n2m\n")
    document = smallest()
    document["channels"]["phone"]["talk"] = {
        "distribution": "empirical",
        "file": "talks.csv",
        "column": "talk",
    }
    scenario = Scenario.from_document(document, directory=tmp_path)
    assert scenario.document["channels"]["phone"]["talk"] == {
        "distribution": "empirical",
        "values": ["1m 30s", "100ms", "2m"],
    }


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("time,regulr\n07:00,1\n", "no column 'regular'; did you mean 'regulr'?"),
        ("regular\n1\n", "no column 'time'; known: regular"),
        ("time,regular\n07:00,many\n", "row 2, regular: must be a number, got 'many'"),
        ("time,regular\n7 o'clock,1\n", 'row 2, regular: "7 o\'clock" is not a duration'),
        ("time,regular\n07:00,1\n07:00,2\n", "row 3, regular: 07:00 occurs twice"),
        ("time,regular\n07:00,\n", "row 2, regular: must be a number, got an empty cell"),
        ("time,regular\n", "has no rows below its header"),
        ("time,time\n07:00,1\n", "has two columns named 'time'"),
        ("", "is empty; its first row must name the columns"),
        ("time,regular\n07:00,1,2\n", "row 2: more cells than the 2 columns"),
        ("time,weekday,regular\n07:00,someday,1\n", "row 2, regular: 'someday' is not a weekday"),
        (
            "time,weekday,regular\n07:00,mon,1\n08:00,mon,1\n10:00,mon,1\n07:00,tue,1\n",
            "tuesday has no row at 08:00; uneven times must be the same on every day",
        ),
    ],
)
def test_a_file_that_is_no_table_of_the_day_is_refused(tmp_path, content, problem):
    (tmp_path / "volumes.csv").write_text(content)
    with pytest.raises(ScenarioError) as caught:
        with_arrivals(tmp_path, {"file": "volumes.csv", "column": "regular"})
    (found,) = caught.value.problems
    assert found.path == "segments.regular.arrivals.file"
    assert problem in found.text


@pytest.mark.parametrize("key", ["counts", "rates", "rate", "gaps", "from", "every", "at"])
def test_what_the_file_gives_may_not_be_given_besides(tmp_path, key):
    (tmp_path / "volumes.csv").write_text("time,x\n00:00,1\n12:00,2\n")
    with pytest.raises(ScenarioError) as caught:
        with_arrivals(tmp_path, {"file": "volumes.csv", "column": "x", key: "1h"})
    assert f"segments.regular.arrivals.file: the file gives the values, so leave out '{key}'" in [
        str(problem) for problem in caught.value.problems
    ]


@pytest.mark.parametrize(
    ("besides", "problem"),
    [
        ({"unit": 5}, "talk.file: its unit must be a duration in quotes, e.g. '1s', got 5"),
        ({"unit": "0s"}, "talk.file: its unit must be a duration in quotes, e.g. '1s', got '0s'"),
        ({"values": ["1m"]}, "talk: give one of values, quantiles, or file with column"),
    ],
)
def test_observations_have_one_source_and_a_unit(tmp_path, besides, problem):
    (tmp_path / "talks.csv").write_text("talk\n90\n")
    document = smallest()
    talk = {"distribution": "empirical", "file": "talks.csv", "column": "talk", **besides}
    document["channels"]["phone"]["talk"] = talk
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_document(document, directory=tmp_path)
    assert f"channels.phone.{problem}" in [str(found) for found in caught.value.problems]


def test_all_files_that_are_missing_are_named_at_once(tmp_path):
    document = smallest()
    document["segments"]["regular"]["arrivals"] = {"file": "a.csv", "column": "x"}
    document["pools"]["agents"]["agents"] = {"file": "b.docx", "column": "x"}
    (tmp_path / "b.docx").write_text("no table")
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_document(document, directory=tmp_path)
    assert [problem.path for problem in caught.value.problems] == [
        "segments.regular.arrivals.file",
        "pools.agents.agents.file",
    ]


def test_a_damaged_excel_file_is_refused(tmp_path):
    (tmp_path / "volumes.xlsx").write_bytes(b"PK but no zip")
    with pytest.raises(ScenarioError, match="is not a readable Excel file"):
        with_arrivals(tmp_path, {"file": "volumes.xlsx", "column": "regular"})


def test_a_missing_sheet_is_named(tmp_path):
    openpyxl.Workbook().save(tmp_path / "volumes.xlsx")
    with pytest.raises(ScenarioError, match="no sheet 'Shets'; did you mean 'Sheet'"):
        with_arrivals(tmp_path, {"file": "volumes.xlsx", "column": "regular", "sheet": "Shets"})
