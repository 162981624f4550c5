"""`perdiem rate` and `perdiem ratebook`: what is printed, where, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from perdiem_calc.rates.ratebook import Ratebook, text
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT


def test_a_place_on_a_day_as_json(perdiem: Perdiem) -> None:
    run = perdiem("rate", "Orlando, FL", "--on", "2026-10-04", "--json")
    assert (run.code, run.err) == (0, "")
    record = run.record
    assert record == record | {
        "status": "resolved",
        "locality": {"id": 98, "name": "Orlando", "state": "FL"},
        "fiscal_year": 2027,
        "on": "2026-10-04",
        "lodging": "145.00",
        "mie": "80.00",
        "first_last_day": "60.00",
        "meals": {"breakfast": "20.00", "lunch": "22.00", "dinner": "33.00", "incidental": "5.00"},
    }
    assert record["source"] == {
        "kind": "ratebook",
        "publisher": "U.S. General Services Administration",
        "document": "FY2027_PerDiemRates_Validated090126.xlsx",
        "url": "https://www.gsa.gov/system/files/FY2027_PerDiemRates_Validated090126.xlsx",
        "published": None,
        "sha256": "818af7d0e568228804f6e8d3d475504cf0c22562544f4d808509fc4aa8790618",
        "retrieved_at": record["source"]["retrieved_at"],
        "file": "data/rates/2027/lodging.csv",
        "file_sha256": text.sha256_of(ROOT / "data" / "rates" / "2027" / "lodging.csv"),
    }
    date.fromisoformat(record["source"]["retrieved_at"])


@pytest.mark.parametrize(
    "asked",
    [
        ["--zip", "32801"],
        ["32801"],
        ["--county", "Orange", "--state", "FL"],
        ["--county", "Orange County", "--state", "Florida"],
        ["--county", "Orange, FL"],
        ["Orlando, FL", "--county", "Orange"],
        ["Orlando", "--state", "FL", "--zip", "32801-0001"],
        ["Orlando, FL 32801", "--zip", "32801"],
    ],
)
def test_the_ways_to_name_a_place(perdiem: Perdiem, asked: list[str]) -> None:
    run = perdiem("rate", *asked, "--on", "2026-10-04", "--json")
    assert (run.code, run.record["locality"]["id"], run.record["lodging"]) == (0, 98, "145.00")


@pytest.mark.parametrize(
    ("place", "state", "locality"),
    [
        ("Washington", "DC", 75),
        ("New York", "NY", 266),
        ("Nevada", "MO", 0),
        ("Fort Washington", "MD", 75),
        ("Orlando FL", "Florida", 98),
    ],
)
def test_a_city_may_be_called_like_a_state_where_the_state_stands_apart(
    perdiem: Perdiem, place: str, state: str, locality: int
) -> None:
    run = perdiem("rate", place, "--state", state, "--on", "2026-10-04", "--json")
    assert (run.code, run.record["locality"]["id"]) == (0, locality)


def test_a_place_on_a_day_to_read(perdiem: Perdiem) -> None:
    run = perdiem("rate", "Orlando, FL", "--on", "2026-10-04")
    assert (run.code, run.err) == (0, "")
    assert "Sun 2026-10-04           $145.00    $80.00          $60.00" in run.out
    assert "Meals of $80.00: breakfast $20.00, lunch $22.00, dinner $33.00, incidental $5.00" in run.out
    assert "Source: U.S. General Services Administration, https://www.gsa.gov/system/files/FY2027_PerDiem" in run.out
    assert "Read from: data/rates/2027/lodging.csv, retrieved " in run.out


def test_several_days_across_the_fiscal_year(perdiem: Perdiem) -> None:
    asked = ("rate", "Orlando, FL", "--on", "2026-09-29", "--until", "2026-10-02")
    run = perdiem(*asked, "--json")
    assert run.code == 0
    assert (run.record["status"], run.record["on"], run.record["until"]) == ("resolved", "2026-09-29", "2026-10-02")
    days = [(day["on"], day["fiscal_year"], day["lodging"]) for day in run.record["dates"]]
    assert days == [
        ("2026-09-29", 2026, "140.00"),
        ("2026-09-30", 2026, "140.00"),
        ("2026-10-01", 2027, "145.00"),
        ("2026-10-02", 2027, "145.00"),
    ]
    readable = perdiem(*asked).out
    assert readable.count("$140.00") == 2
    assert "data/rates/2026/lodging.csv" in readable


def test_days_beyond_the_rates_known_do_not_take_the_others_with_them(perdiem: Perdiem) -> None:
    run = perdiem("rate", "Orlando, FL", "--on", "2027-09-30", "--until", "2027-10-01", "--json")
    assert (run.code, run.record["status"]) == (3, "unavailable")
    assert [day["status"] for day in run.record["dates"]] == ["resolved", "unavailable"]
    assert run.record["dates"][0]["lodging"] == "145.00"
    assert "no rates of fiscal year 2028" in run.err
    assert "Thu 2027-09-30" in perdiem("rate", "Orlando, FL", "--on", "2027-09-30", "--until", "2027-10-01").out


def test_without_a_day_it_is_today(perdiem: Perdiem, ratebook: Ratebook) -> None:
    run = perdiem("rate", "Orlando, FL", "--json")
    assert run.record["on"] == str(date.today())  # noqa: DTZ011 - the clerk's own day


def test_an_ambiguous_place_lists_its_candidates_by_county(perdiem: Perdiem) -> None:
    run = perdiem("rate", "Bothell, WA", "--on", "2026-10-04", "--json")
    assert (run.code, run.record["status"]) == (3, "ambiguous")
    assert [(one["county"], one["locality"]["id"]) for one in run.record["candidates"]] == [
        ("King", 389),
        ("Snohomish", 384),
    ]
    assert {"lodging", "mie"} <= run.record["candidates"][0].keys()
    assert 'add the county: "Bothell, King County, WA"' in run.err
    assert "King: Seattle, WA, lodging $" in run.err


def test_an_unknown_place_offers_close_names(perdiem: Perdiem) -> None:
    run = perdiem("rate", "Orlndo, FL", "--on", "2026-10-04", "--json")
    assert (run.code, run.record["status"], run.record["suggestions"]) == (3, "unresolved", ["Orlando, FL"])
    readable = perdiem("rate", "Orlndo, FL", "--on", "2026-10-04")
    assert (readable.code, readable.out) == (3, "")
    assert "close names: Orlando, FL" in readable.err
    nothing = perdiem("rate", "Xyzzyville, VA", "--on", "2026-10-04", "--json")
    assert (nothing.code, nothing.record["suggestions"]) == (3, [])


def test_alaska_says_whose_rates_they_are(perdiem: Perdiem) -> None:
    run = perdiem("rate", "Anchorage, AK", "--on", "2026-10-04", "--json")
    assert (run.code, run.record["status"]) == (3, "oconus")
    assert "Department of Defense" in run.record["reason"]


def test_localities_at_equal_rates_are_resolved_with_the_candidates(perdiem: Perdiem) -> None:
    run = perdiem("rate", "Ardmore, PA", "--on", "2026-10-04", "--json")
    assert (run.code, run.record["status"]) == (0, "resolved")
    assert [one["locality"]["id"] for one in run.record["candidates"]] == [309, 435]


def test_the_standard_rate_says_so(perdiem: Perdiem) -> None:
    run = perdiem("rate", "Abingdon, VA", "--on", "2026-10-04", "--json")
    assert run.record["locality"] == {"id": 0, "name": "Standard Rate", "state": "VA"}
    assert "the standard rate applies" in run.record["reason"]


@pytest.mark.parametrize("day", [" ", "2026-10-4", "20261004", "10/04/2026", "tomorrow", "2026-02-30", "2026-13-01"])
def test_a_date_is_year_month_day_and_exists(perdiem: Perdiem, day: str) -> None:
    run = perdiem("rate", "Orlando, FL", "--on", day)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("perdiem: --on: ")
    assert day in run.err


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (["Orlando, FL", "--on", "2026-10-04", "--until", "2026-10-01"], 2, "2026-10-01 is before 2026-10-04"),
        (["Orlando, FL", "--on", "2026-10-04", "--until", ""], 2, "an argument is empty: the one after --until"),
        (["Orlando, FL", "--on", "2021-10-04", "--until", "2026-10-04"], 2, "ask for 1 to 366"),
        (["Orlando, FL", "--on", "2028-10-04"], 3, "no rates of fiscal year 2029"),
        (["Orlando, FL", "--on", "2026-10-04", "--zip", "33101"], 2, "contradict each other"),
        (["Orlando, FL 32801", "--on", "2026-10-04", "--zip", "33101"], 2, "two ZIPs"),
        (["Orlando, FL", "--on", "2026-10-04", "--state", "GA"], 2, "'Orlando, FL' is not in GA"),
        (["Orlando", "--on", "2026-10-04", "--state", "FX"], 3, "'FX' is not a state"),
        (["--on", "2026-10-04", "--zip", "8544"], 2, "'8544' is not a ZIP"),
        (["--on", "2026-10-04"], 2, "no place is named"),
        (["Orlando, FL", "--batch", "x.csv"], 2, "a file and a place are given"),
        (["--batch", "missing.csv"], 2, "missing.csv: the file does not exist"),
    ],
)
def test_what_is_wrong_is_said_with_its_exit_code(perdiem: Perdiem, asked: list[str], code: int, said: str) -> None:
    run = perdiem("rate", *asked)
    assert (run.code, run.out) == (code, "")
    assert said in run.err


def test_json_is_plain_text_in_any_encoding(perdiem: Perdiem) -> None:
    run = perdiem("rate", "Łódź, NM", "--on", "2026-10-04", "--json")
    assert run.out.isascii()
    assert run.record["input"] == "Łódź, NM"


def test_an_error_is_json_too(perdiem: Perdiem) -> None:
    run = perdiem("rate", "Orlando, FL", "--on", "2028-10-04", "--json")
    assert (run.code, run.record["status"]) == (3, "unavailable")
    run = perdiem("rate", "Orlando, FL", "--zip", "33101", "--on", "2026-10-04", "--json")
    assert (run.code, run.record["status"]) == (2, "error")
    error = run.record["error"]
    assert (error["code"], error["where"]) == ("place.zip.contradictory", "")
    assert f"{error['what']}; {error['fix']}" in run.err


# ---- batches


BATCH = """\ufeffPlace,county,zip,on
"Orlando, FL",,,2026-10-04
,"Orange, FL",,2026-09-30
,,32801,
,,8544,2026-10-04
"Bothell, WA",,,2026-10-04
"Bothell, WA",King,,2026-10-04
"Orlando, FL",,,2026-02-30
Orlando, FL,,2026-10-04,
"Abingdon, VA",,,2026-10-04
"""


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    path = tmp_path / "courses.csv"
    path.write_text(BATCH, encoding="utf-8")
    return path


def test_every_row_of_a_batch_is_answered_in_order(perdiem: Perdiem, batch: Path) -> None:
    run = perdiem("rate", "--batch", str(batch), "--on", "2027-01-15", "--json")
    assert run.code == 2
    assert [record["status"] for record in run.records] == [
        "resolved",
        "resolved",
        "resolved",
        "error",
        "ambiguous",
        "resolved",
        "error",
        "error",
        "resolved",
    ]
    lodging = [record.get("lodging") for record in run.records]
    assert lodging[:3] == ["145.00", "140.00", "178.00"]
    assert [record["on"] for record in run.records][:3] == ["2026-10-04", "2026-09-30", "2027-01-15"]
    assert "courses.csv, line 5: '8544' is not a ZIP" in run.err
    assert "courses.csv, line 6: Bothell, WA is in more than one locality" in run.err
    assert "line 8 (on): 2026-02-30 does not exist" in run.err
    assert [record["line"] for record in run.records] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert "line 9: more cells than columns; put a cell with a comma in quotes" in run.err


FAILING = ("status", "input", "fiscal_year", "on", "reason", "fix", "error")


def test_whatever_fails_has_the_same_fields(perdiem: Perdiem, tmp_path: Path) -> None:
    """A program reads them without asking for the kind of failure; `line` says whose it is."""
    path = tmp_path / "places.csv"
    path.write_text(
        'place,zip,on\n"Bothell, WA",,2026-10-04\n\n"Orlndo, FL",,2026-10-04\n"Anchorage, AK",,2026-10-04\n'
        ',8544,2026-10-04\n"Orlando, FL",,2028-10-04\n"Orlando, FL",,10/4/2026\n',
        encoding="utf-8",
    )
    records = perdiem("rate", "--batch", str(path), "--json").records
    said = [(record["line"], record["status"], record["fiscal_year"]) for record in records]
    assert said == [
        (2, "ambiguous", 2027),
        (4, "unresolved", 2027),
        (5, "oconus", 2027),
        (6, "error", None),
        (7, "unavailable", 2029),
        (8, "error", None),
    ]
    for record in records:
        assert set(FAILING) <= record.keys()
        error = record["error"]
        assert (error["what"], error["fix"]) == (record["reason"], record["fix"])
        assert error["where"].startswith(f"{path}, line {record['line']}")
    assert records[5]["fix"] == "write year-month-day, like 2026-10-04, or give an .xlsx table whose cells are dates"
    days = perdiem("rate", "Bothell, WA", "--on", "2026-10-04", "--until", "2026-10-05", "--json").record
    assert [days[name] for name in ("reason", "fix", "error")] == [
        days["dates"][0][name] for name in ("reason", "fix", "error")
    ]
    assert "line" not in days


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_batch_has_any_of_the_usual_separators(perdiem: Perdiem, tmp_path: Path, separator: str, mark: str) -> None:
    path = tmp_path / "places.csv"
    rows = [
        ["place", "county", "zip", "on"],
        ['"Orlando, FL"', "", "", "2026-10-04"],
        ["", "", "32801", "2026-09-30"],
    ]
    path.write_text(mark + "".join(separator.join(row) + "\r\n" for row in rows), encoding="utf-8", newline="")
    run = perdiem("rate", "--batch", str(path), "--json")
    assert (run.code, [record["lodging"] for record in run.records]) == (0, ["145.00", "140.00"])


def test_a_first_line_that_states_the_separator_is_no_row(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text('sep=;\nplace;on\n"Orlando, FL";2026-10-04\n', encoding="utf-8")
    (record,) = perdiem("rate", "--batch", str(path), "--json").records
    assert (record["lodging"], record["line"]) == ("145.00", 3)


def test_a_cell_too_many_names_the_separator_of_the_file(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("place;on\nOrlando; FL;2026-10-04\n", encoding="utf-8")
    run = perdiem("rate", "--batch", str(path))
    assert (run.code, run.err) == (
        2,
        f"perdiem: {path}, line 2: more cells than columns; put a cell with a semicolon in quotes\n",
    )


def _workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def test_a_batch_may_be_a_workbook_whose_dates_are_dates(perdiem: Perdiem, tmp_path: Path) -> None:
    """A ZIP that is a number keeps no leading zero: 8544 is 08544, Princeton in New Jersey."""
    rows: list[list[object]] = [
        ["Place", "ZIP", "On"],
        ["Orlando, FL", None, datetime(2026, 10, 4)],
        [None, 32801, date(2026, 9, 30)],
        [None, None, None],
        [None, 8544, "2026-10-04"],
        ["Orlando, FL", None, datetime(2026, 10, 4, 12)],
        ["Orlando, FL", "32801", None],
    ]
    run = perdiem("rate", "--batch", str(_workbook(tmp_path / "p.xlsx", rows)), "--on", "2027-01-15", "--json")
    said = [(one["line"], one["on"], one.get("lodging")) for one in run.records]
    assert said[:2] == [(2, "2026-10-04", "145.00"), (3, "2026-09-30", "140.00")]
    assert (said[2][:2], run.records[2]["locality"]["name"]) == ((5, "2026-10-04"), "Princeton / Trenton")
    assert (run.code, said[3]) == (2, (6, "2026-10-04 12:00:00", None))
    assert said[4] == (7, "2027-01-15", "178.00")


def test_a_column_without_a_name_in_a_workbook_may_be_blank(perdiem: Perdiem, tmp_path: Path) -> None:
    rows: list[list[object]] = [["place", None, "on"], ["Boise, ID", None, "2026-10-04"], ["Boise, ID", "x", None]]
    path = _workbook(tmp_path / "p.xlsx", rows)
    run = perdiem("rate", "--batch", str(path), "--on", "2026-10-04", "--json")
    assert [record["status"] for record in run.records] == ["resolved", "error"]
    assert (run.code, run.records[1]["error"]) == (
        2,
        {
            "code": "table.column.nameless",
            "where": f"{path}, line 3",
            "what": "'x' is in a column without a name",
            "fix": "name the column, or clear the cell",
        },
    )


def test_a_workbook_that_cannot_be_read_is_refused(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    path.write_bytes(b"place,on\n")
    run = perdiem("rate", "--batch", str(path))
    assert (run.code, run.err) == (2, f"perdiem: {path}: is not an Excel workbook; save it as .xlsx\n")
    run = perdiem("rate", "--batch", str(_workbook(path, [["city"], ["Orlando, FL"]])))
    assert run.err == f"perdiem: {path}: unknown columns: city; use the columns place, county, zip, state, on\n"


def test_a_batch_to_read_has_a_line_for_every_row(perdiem: Perdiem, batch: Path) -> None:
    run = perdiem("rate", "--batch", str(batch), "--on", "2027-01-15")
    lines = run.out.splitlines()
    assert len(lines) == 9
    assert lines[0].split() == ["Orlando,", "FL", "2026-10-04", "Orlando,", "FL", "$145.00", "$80.00"]
    assert lines[4].endswith("2026-10-04  ambiguous")


def test_a_batch_without_malformed_rows_ends_with_3_where_a_rate_is_missing(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text('place,on\n"Bothell, WA",2026-10-04\n"Orlando, FL",2026-10-04\n', encoding="utf-8")
    assert perdiem("rate", "--batch", str(path)).code == 3
    path.write_text('place,on\n"Orlando, FL",2026-10-04\n', encoding="utf-8")
    assert perdiem("rate", "--batch", str(path)).code == 0
    assert len(perdiem("rate", "--batch", str(path), "--until", "2026-10-05").out.splitlines()) == 2


def test_what_a_spreadsheet_leaves_behind_is_no_question(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(
        'place,zip,,\r\n"Orlando, FL", ,,\r\n\r\n,,,\r\n  ,\r\n"Boise, ID", "83702"\r\n', encoding="utf-8"
    )
    run = perdiem("rate", "--batch", str(path), "--on", "2026-10-04")
    assert (run.code, run.err) == (0, "")
    assert [line.split("  ")[0] for line in run.out.splitlines()] == ["Orlando, FL", "Boise, ID, 83702"]


def test_a_cell_without_a_column_is_not_dropped(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("place,,\nBoise ID,,32801\nBoise ID,,,\n", encoding="utf-8")
    run = perdiem("rate", "--batch", str(path), "--on", "2026-10-04")
    assert run.code == 2
    assert "line 2: '32801' is in a column without a name; " in run.err
    assert "line 3: more cells than columns; put a cell with a comma in quotes" in run.err


def test_quotes_that_are_not_closed_drop_no_row(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    path.write_text('place,zip\nBoise ID,\n"Orlando\n,32801\n', encoding="utf-8")
    run = perdiem("rate", "--batch", str(path), "--on", "2026-10-04", "--json")
    answered, refused = run.records
    assert (run.code, answered["input"], refused["error"]["code"]) == (2, "Boise ID", "table.cell.quotes")
    assert f"{path}: line 3: a cell in quotes does not end on its line; close the quote" in run.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"place,place\nx,y\n", "the column place appears twice"),
        (
            b"place;zipcode\nx;1\n",
            "unknown columns: zipcode; use the columns place, county, zip, state, on",
        ),
        (b"place,,zipcode\nx,,1\n", "unknown columns: zipcode"),
        (b"place,zipcode\nx,1\n", "unknown columns: zipcode"),
        (b"on,state\n2026-10-04,FL\n", "no column names a place"),
        (b"", "no column names a place"),
        (b"place\n\xff\xfe\n", 'is not text in UTF-8; save it as "CSV UTF-8" or .xlsx'),
        ("place,on\nBoise,\n".encode("utf-16"), 'is not text in UTF-8; save it as "CSV UTF-8" or .xlsx'),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused(perdiem: Perdiem, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    run = perdiem("rate", "--batch", str(path))
    assert (run.code, run.out) == (2, "")
    assert said in run.err


# ---- the ratebook


def test_the_status_of_the_ratebook(perdiem: Perdiem) -> None:
    run = perdiem("ratebook", "status", "--json")
    assert run.code == 0
    years = {year["fiscal_year"]: year for year in run.record["years"]}
    assert set(years) == set(range(2021, 2028))
    assert years[2027]["standard"] == {"lodging": "113.00", "mie": "68.00"}
    assert (years[2027]["localities"], years[2027]["tiers"]) == (295, 5)
    for year in years.values():
        for source in year["sources"]:
            assert source["file_sha256"] == text.sha256_of(ROOT / source["file"])
            assert len(source["sha256"]) == 64


def test_the_status_to_read(perdiem: Perdiem) -> None:
    run = perdiem("ratebook", "status")
    assert run.code == 0
    assert "2027          295      5" in run.out
    assert "data/rates/2027/lodging.csv" in run.out


# ---- the program itself


def test_help_gives_an_example(perdiem: Perdiem) -> None:
    assert 'perdiem rate "Orlando, FL" --on 2026-10-04' in perdiem("rate", "--help").out
    assert "perdiem ratebook status" in perdiem("ratebook", "status", "--help").out
    assert "rate" in perdiem("--help").out


def test_python_m_is_the_same_program() -> None:
    command = [sys.executable, "-m", "perdiem_calc", "rate", "Orlando, FL", "--on", "2026-10-04", "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)["lodging"] == "145.00"


def test_looking_up_a_rate_loads_no_large_library() -> None:
    program = (
        "import sys; sys.argv = ['perdiem', 'rate', 'Orlando, FL', '--on', '2026-10-04']\n"
        "from perdiem_calc.cli import main\n"
        "try: main()\n"
        "finally: print([name for name in ('pydantic', 'rich', 'pandas', 'numpy', 'openpyxl', 'requests') "
        "if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stderr.strip() == "[]"
