"""`perdiem estimate`: from a table of trips to a budget."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.support.command import Perdiem

TRIPS = """place,depart_on,return_on,officers,airfare,agency
"Orlando, FL",2026-10-04,2026-10-09,3,312.40,Peoria PD
"Orlando, FL",2026-11-01,2026-11-06,1,0,=1+1
"Moab, UT",2027-03-07,2027-03-12,2,0,Peoria PD
"""
BAD = '"Springfield",2026-10-04,2026-10-09,-1,abc,Peoria PD\n"Orlanda, FL",2026-10-04,2026-10-09,1,0,\n'


def trips(folder: Path, text: str = TRIPS) -> str:
    path = folder / "trips.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_budget_is_printed_and_written(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "budget.csv"))
    assert (run.code, run.err) == (0, "")
    # 3 x (725 + 440 + 312.40) + (725 + 440) + 2 x Moab
    budget = pd.read_csv(tmp_path / "budget.csv")
    assert budget["group_total"].to_list()[:2] == [4432.2, 1165.0]
    assert "3 of 3 rows priced; the limit binds in 3." in run.out
    assert f"6 officers, ${budget['group_total'].sum() / 6:,.2f} an officer; NASRO's part is 100.0%" in run.out
    assert f"${budget['group_total'].sum():,.2f}" in run.out
    assert "$6,000.00" in run.out


def test_json_has_the_sums_and_the_rows_that_could_not_be_priced(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("estimate", trips(tmp_path, TRIPS + BAD), "-o", str(tmp_path / "budget.parquet"), "--json")
    record = run.record
    assert run.code == 2
    assert (record["rows"], record["priced"], record["limit_binds"], record["planning_rate"]) == (5, 3, 3, 0)
    assert record["statuses"] == {"resolved": 3, "error": 1, "unresolved": 1}
    assert record["totals"]["group_reimbursable"] == "6000.00"
    assert [row["row"] for row in record["not_priced"]] == [5, 6]
    assert "officers: -1 is negative" in record["not_priced"][0]["reason"]
    assert "airfare: 'abc' is not a number" in run.err
    assert len(pd.read_parquet(tmp_path / "budget.parquet")) == 5


def test_places_alone_that_cannot_be_had_end_with_3(perdiem: Perdiem, tmp_path: Path) -> None:
    text = TRIPS + BAD.splitlines()[1] + "\n"
    run = perdiem("estimate", trips(tmp_path, text), "-o", str(tmp_path / "budget.csv"))
    assert run.code == 3
    assert "trips.csv, row 5: place: Orlanda is not known in Florida" in run.err


def test_only_the_first_bad_rows_are_reported(perdiem: Perdiem, tmp_path: Path) -> None:
    text = TRIPS + BAD.splitlines()[1].join(["", "\n"]) * 30
    run = perdiem("estimate", trips(tmp_path, text), "-o", str(tmp_path / "budget.csv"))
    assert len(run.err.splitlines()) == 21
    assert "and 10 more rows; the column reason of the output has all" in run.err


def test_json_says_how_many_more_rows_are_not_priced(perdiem: Perdiem, tmp_path: Path) -> None:
    # 20 of 31 are listed.
    text = TRIPS + BAD.splitlines()[1].join(["", "\n"]) * 31
    run = perdiem("estimate", trips(tmp_path, text), "-o", str(tmp_path / "budget.csv"), "--json")
    assert (len(run.record["not_priced"]), run.record["not_priced_more"]) == (20, 11)
    few = perdiem("estimate", trips(tmp_path, TRIPS + BAD), "-o", str(tmp_path / "few.csv"), "--json")
    assert few.record["not_priced_more"] == 0


def test_the_sums_of_the_workbook_count_the_rows_they_leave_out(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "budget.xlsx"
    soon = '"Moab, UT",soon,2026-10-09,1,0,Normal PD\n'
    assert perdiem("estimate", trips(tmp_path, TRIPS + BAD + soon), "-o", str(path)).code == 2
    book = openpyxl.load_workbook(path)
    counts = {
        sheet: {row[0]: (row[1], row[6]) for row in book[sheet].iter_rows(max_col=7, values_only=True)}
        for sheet in ("By locality", "By month", "By agency")
    }
    # Two of Peoria's three rows are priced, and none of Normal's and of the one without an agency.
    assert counts["By agency"] == {
        "Agency": ("Rows priced", "Rows not priced"),
        "Peoria PD": (2, 1),
        "=1+1": (1, None),
        "Normal PD": (0, 1),
        "(not stated)": (0, 1),
    }
    assert list(counts["By month"].items())[1:] == [
        ("2026-10", (1, 2)),
        ("2026-11", (1, None)),
        ("2027-03", (1, None)),
        ("(not stated)", (0, 1)),
    ]
    assert counts["By locality"]["(not priced)"] == (0, 3)


def test_a_workbook_without_a_priced_row_or_a_date_has_no_chart(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "budget.xlsx"
    text = "place,depart_on,return_on\nx,soon,later\n"
    assert perdiem("estimate", trips(tmp_path, text), "-o", str(path)).code == 2
    assert not [name for name in zipfile.ZipFile(path).namelist() if "chart" in name]
    assert openpyxl.load_workbook(path)["By month"]["A2"].value == "(not stated)"


@pytest.mark.parametrize(
    ("columns", "repeated"),
    [
        ("agency,place,depart_on,return_on", "$A:$B"),
        ("depart_on,return_on,place,agency", "$A:$D"),
        ("depart_on,return_on,officers,miles,place", "$A:$A"),
    ],
)
def test_every_page_of_the_workbook_says_what_and_whose_it_is(
    perdiem: Perdiem, tmp_path: Path, columns: str, repeated: str
) -> None:
    cells = {"agency": "Pekin PD", "place": "32801", "depart_on": "2026-10-04", "return_on": "2026-10-09"}
    row = ",".join(cells.get(name, "1") for name in columns.split(","))
    path = tmp_path / "budget.xlsx"
    assert perdiem("estimate", trips(tmp_path, f"{columns}\n{row}\n"), "-o", str(path)).code == 0
    book = openpyxl.load_workbook(path)
    for name in ("Trips", "By locality", "By month", "By agency"):
        assert book[name].print_title_rows == "$1:$1"
    assert book["Trips"].print_title_cols == repeated


def test_the_workbook_has_its_sheets_charts_and_no_formula(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "budget.xlsx"
    assert perdiem("estimate", trips(tmp_path, TRIPS + BAD), "-o", str(path)).code == 2
    book = openpyxl.load_workbook(path)
    groups = ["By state", "By locality", "By site", "By month", "By agency"]
    assert book.sheetnames == ["Summary", "Trips", *groups]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    summary = {row[0]: row[1] for row in book["Summary"].iter_rows(min_row=3, max_row=18, values_only=True)}
    assert summary["NASRO reimburses, all officers"] == 6000
    assert (summary["Rows"], summary["Rows priced"]) == (5, 3)
    assert summary["Of the rows priced, those where the limit binds"] == 3
    # 6,000 for six officers, whose limits are 6,000 together.
    assert (summary["Officers"], summary["NASRO reimburses an officer"]) == (6, 1000)
    assert summary["Average use of the limit of $1,000.00"] == 1
    assert [row[0] for row in book["By agency"].iter_rows(min_row=2, values_only=True)] == [
        "Peoria PD",
        "=1+1",
        "(not stated)",
    ]
    assert list(book["By locality"].iter_rows(min_row=2, max_row=2, max_col=5, values_only=True)) == [
        ("Orlando, FL", 2, 5597.2, 4000, 1597.2)
    ]
    assert [row[0] for row in book["By month"].iter_rows(min_row=2, values_only=True)] == [
        "2026-10",
        "2026-11",
        "2027-03",
    ]
    assert len([name for name in zipfile.ZipFile(path).namelist() if name.startswith("xl/charts/chart")]) == 6


def test_statuses_are_said_in_words_to_people_and_by_name_to_programs(perdiem: Perdiem, tmp_path: Path) -> None:
    hawaii = '"Honolulu, HI",2026-10-04,2026-10-09,1,0,\n'
    run = perdiem("estimate", trips(tmp_path, TRIPS + BAD + hawaii), "-o", str(tmp_path / "budget.xlsx"))
    assert "  1 not priced: GSA sets no rates for the place; the reason says who does, and how to get them" in run.out
    assert "oconus" not in run.out + run.err
    book = openpyxl.load_workbook(tmp_path / "budget.xlsx")
    rows = {row[0]: row[1:3] for row in book["Summary"].iter_rows(max_col=3, values_only=True)}
    assert rows["Not priced: a cell is blank, or cannot be right"] == (1, "correct the cell that the reason names")
    assert rows["Not priced: the place is not known"] == (1, "check its spelling, or give its ZIP")
    heads, *cells = book["Trips"].iter_rows(values_only=True)
    at = heads.index("status")
    assert [row[at] for row in cells] == [
        *["priced"] * 3,
        "a cell is blank, or cannot be right",
        "the place is not known",
        "GSA sets no rates for the place",
    ]
    as_json = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "budget.csv"), "--json")
    assert as_json.record["statuses"] == {"resolved": 3}
    assert pd.read_csv(tmp_path / "budget.csv")["status"].to_list() == ["resolved"] * 3


def test_the_headers_and_reasons_of_the_workbook_have_room(perdiem: Perdiem, tmp_path: Path) -> None:
    hawaii = '"Honolulu, HI",2026-10-04,2026-10-09,1,0,\n'
    perdiem("estimate", trips(tmp_path, TRIPS + hawaii), "-o", str(tmp_path / "budget.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "budget.xlsx")["Trips"]
    spans = sheet.column_dimensions.values()
    widths = [span.width for span in spans for _ in range(span.min or 0, (span.max or 0) + 1)]
    heads = [str(head.value) for head in sheet[1]]
    # The arrow of the filter takes the room of a few letters.
    assert [head for head, width in zip(heads, widths, strict=True) if width < len(head) + 4] == []
    reason = sheet[5][heads.index("reason")]
    assert reason.alignment.wrap_text
    # A line of text is 15 points high.
    assert (sheet.row_dimensions[5].height or 0) / 15 * widths[heads.index("reason")] >= len(str(reason.value))
    assert sheet.row_dimensions[2].height is None


def test_the_sources_and_the_planning_rate_stand_beside_the_figures(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "budget.xlsx"
    text = "place,depart_on,return_on,miles\n32801,2027-01-03,2027-01-08,100\n"
    run = perdiem("estimate", trips(tmp_path, text), "-o", str(path))
    assert "1 row uses a planning rate for mileage, since none is known for its days yet." in run.out
    said = [row[0] for row in openpyxl.load_workbook(path)["Summary"].iter_rows(values_only=True)]
    assert "Per diem rates: ratebook data/rates/2027/lodging.csv, retrieved 2026-11-23." in said


def test_a_workbook_can_be_the_input(perdiem: Perdiem, tmp_path: Path) -> None:
    table = pd.read_csv(trips(tmp_path), parse_dates=["depart_on", "return_on"])
    table.to_excel(tmp_path / "trips.xlsx", index=False)
    run = perdiem("estimate", str(tmp_path / "trips.xlsx"), "-o", str(tmp_path / "budget.xlsx"), "--json")
    assert (run.code, run.record["totals"]["group_reimbursable"]) == (0, "6000.00")
    trip_sheet = openpyxl.load_workbook(tmp_path / "budget.xlsx")["Trips"]
    assert trip_sheet["B2"].number_format == "yyyy-mm-dd"


def test_a_sheet_that_is_full_says_so_and_leaves_nothing(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perdiem_calc.planning.budget.MOST_ROWS", 2)
    run = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "budget.xlsx"))
    assert run.code == 2
    assert "an Excel sheet has room for 2 trips; write a .csv or .parquet file" in run.err
    assert [path.name for path in tmp_path.iterdir()] == ["trips.csv"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("place,depart_on\nx,y\n", "the column return_on is missing"),
        ("place,depart_on,return_on,total\nx,y,z,1\n", "the column total is one that an estimate writes"),
        ("place,depart_on,return_on\n", "has no rows; write a row for each planned trip"),
    ],
)
def test_a_table_that_is_no_table_of_trips_is_refused(
    perdiem: Perdiem, tmp_path: Path, text: str, message: str
) -> None:
    run = perdiem("estimate", trips(tmp_path, text), "-o", str(tmp_path / "budget.csv"))
    assert run.code == 2
    assert "trips.csv" in run.err
    assert message in run.err
    assert not (tmp_path / "budget.csv").exists()


def test_an_output_of_another_kind_is_refused(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "budget.pdf"))
    assert run.code == 2
    assert "budget.pdf: .pdf is not a kind of table that is written; give a name ending in .xlsx, .csv or" in run.err
    # Tables are read from .txt and .tsv, and not written there under a name that says nothing.
    for name in ("budget.txt", "budget.xlsm", "budget"):
        run = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / name))
        assert (run.code, run.out) == (2, "")
        assert f"{name}: " in run.err
        assert not (tmp_path / name).exists()


# ---- an analyst's questions


def test_another_limit(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "out.xlsx"), "--limit", "$1,400", "--json")
    # Orlando 1,477.40 for three and 1,165.00 for one; each of the two in Moab stays below.
    moab = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "plain.csv"), "--json").record["by"]
    assert moab == {}
    assert run.record["limit"] == "1400.00"
    assert run.record["supposed"] == ["a limit of $1,400.00 for each officer"]
    costs = pd.read_csv(tmp_path / "plain.csv")
    paid = 3 * 1400 + 1165 + min(costs["allowable"][2], 1400) * 2
    assert float(run.record["totals"]["group_reimbursable"]) == pytest.approx(paid)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    said = [row[0] for row in book["Summary"].iter_rows(values_only=True)]
    assert "Supposed: a limit of $1,400.00 for each officer." in said
    assert [text for text in said if "at most $1,400.00 for each officer" in str(text)]


def test_dearer_rooms(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "out.csv"), "--rooms", "+20%")
    assert "Supposed: every room 20% dearer." in run.out
    costs = pd.read_csv(tmp_path / "out.csv")
    # Five nights at 145.00 and a fifth: 870.00, of which 725.00 are within the ceiling.
    assert costs["lodging"].to_list()[:2] == [870.0, 870.0]
    assert costs["allowable"].to_list()[:2] == [1477.4, 1165.0]


YEARS = """place,depart_on,return_on,officers,agency
"Boston, MA",2026-10-04,2026-10-09,2,Peoria PD
"Orlando, FL",2027-01-10,2027-01-15,1,Pekin PD
"Springfield",2027-01-10,2027-01-15,1,Pekin PD
"""


def test_fiscal_years_side_by_side(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    run = perdiem(
        "estimate", trips(tmp_path, YEARS), "-o", str(path), "--fiscal-years", "2025,2027", "--by", "state", "--json"
    )
    assert run.code == 3
    assert len([line for line in run.err.splitlines() if "row 4" in line]) == 1
    rows = pd.read_csv(path)
    assert rows["fiscal_year"].to_list() == [2025] * 3 + [2027] * 3
    assert rows["depart_on"].to_list()[:2] == ["2024-10-04", "2025-01-10"]
    own = {}
    for year, first, second in (("FY2025", 2024, 2025), ("FY2027", 2026, 2027)):
        text = YEARS.replace("2026-10", f"{first}-10").replace("2027-01", f"{second}-01")
        alone = perdiem("estimate", trips(tmp_path, text), "-o", str(tmp_path / f"{year}.csv"), "--json").record
        assert run.record["fiscal_years"][year]["totals"] == alone["totals"]
        own[year] = alone["totals"]["group_total"]
    assert float(run.record["change"]["group_total"]) == pytest.approx(float(own["FY2027"]) - float(own["FY2025"]))
    states = {one["name"]: one for one in run.record["by"]["state"]}
    assert set(states) == {"MA", "FL", "(not priced)"}
    assert states["MA"]["FY2025"]["rows"] == 1
    assert states["(not priced)"]["FY2027"]["not_priced"] == 1


def test_fiscal_years_in_words_and_in_the_workbook(perdiem: Perdiem, tmp_path: Path) -> None:
    path, options = tmp_path / "out.xlsx", ("--fiscal-years", "2025,2027", "--by", "state,month")
    out = perdiem("estimate", trips(tmp_path, YEARS), "-o", str(path), *options).out
    lines = {line.split("  ")[1].strip(): line for line in out.splitlines() if line.startswith("  ")}
    assert "Supposed: every trip on the same month and day of FY2025 and FY2027." in out
    # Two officers in Boston: 5 nights at 349.00, then at 365.00, and 2 x 69 + 4 x 92 of M&IE.
    assert lines["MA"].split() == ["MA", "1", "$4,502.00", "$4,662.00", "+$160.00", "(+3.6%)"]
    # A month of several fiscal years is that of the calendar, from October on.
    months = [line.split()[:2] for line in out[out.index("By month") :].splitlines()[1:3]]
    assert months == [["October", "1"], ["January", "1"]]
    book = openpyxl.load_workbook(path)
    sheet = book["By state"]
    assert [cell.value for cell in sheet[1]][:4] == [
        "State",
        "Total cost, FY2025",
        "Total cost, FY2027",
        "Total cost, change FY2025 to FY2027",
    ]
    assert [cell.value for cell in sheet[2]][:4] == ["MA", 4502, 4662, 160]
    assert [row[0] for row in book["By month"].iter_rows(min_row=2, values_only=True)][:2] == ["October", "January"]
    assert [cell.value for cell in book["Summary"][2]][1:4] == ["FY2025", "FY2027", "Change"]
    summary = {row[0]: row[1:4] for row in book["Summary"].iter_rows(values_only=True)}
    assert summary["Officers"] == (3, 3, 0)
    assert summary["Rows priced"] == (2, 2, 0)


def test_groups_are_printed_the_dearest_first_and_no_more_than_forty(perdiem: Perdiem, tmp_path: Path) -> None:
    out = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "out.csv"), "--by", "state,site").out
    table = out[out.index("By state") :].splitlines()
    assert [line.split()[0] for line in table[1:3]] == ["FL", "UT"]
    assert "Orlando, FL" in out
    many = "place,depart_on,return_on,agency\n" + "".join(
        f'"Orlando, FL",2026-10-04,2026-10-09,Agency {number}\n' for number in range(43)
    )
    out = perdiem("estimate", trips(tmp_path, many), "-o", str(tmp_path / "many.csv"), "--by", "agency").out
    assert out.count("Agency 1") == 11  # 1, and 10 to 19
    assert out.count("\n  Agency ") == 41  # with "Agency pays"
    assert "  ... and 3 more; the workbook and --json have all" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--limit", "much"), "--limit: 'much' is no amount; write dollars, like 1500"),
        (("--rooms", "dear"), "--rooms: 'dear' is no change; write a percent, like +20%"),
        (("--rooms", "-100"), "--rooms: '-100' cannot be supposed; give a percent like 20 or -10, from -99 to"),
        (("--fiscal-years", "2025,2025"), "--fiscal-years: '2025,2025' names no years"),
        (("--fiscal-years", "soon"), "--fiscal-years: 'soon' names no years; write fiscal years, like 2025,2027"),
        (("--by", "color"), "--by: 'color' is no grouping; use state, agency, site, month, locality"),
        (("--chart", "map.gif"), "map.gif: '.gif' is not a kind of picture"),
    ],
)
def test_a_question_that_cannot_be_asked(
    perdiem: Perdiem, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    run = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "out.csv"), *options)
    assert run.code == 2
    assert said in run.err
    assert not (tmp_path / "out.csv").exists()


def test_one_fiscal_year(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "out.csv"), "--fiscal-years", "2026")
    assert "Supposed: every trip on the same month and day of FY2026." in run.out
    assert pd.read_csv(tmp_path / "out.csv")["depart_on"].to_list() == ["2025-10-04", "2025-11-01", "2026-03-07"]


def test_a_map_of_the_states(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "map.svg"
    assert perdiem("estimate", trips(tmp_path), "-o", str(tmp_path / "out.csv"), "--chart", str(path)).code == 0
    assert path.stat().st_size > 5000


def test_columns_are_named_on_the_terminal_in_the_json_and_in_the_summary(perdiem: Perdiem, tmp_path: Path) -> None:
    text = "Destination,Departs,Return date,SROs,Tax %,Room type,Remarks\n32801,10/4/2026,10/9/2026,3,12.5,king,Bob\n"
    path = tmp_path / "out.xlsx"
    run = perdiem("estimate", trips(tmp_path, text), "-o", str(path), "--json")
    understood = {
        "Destination": "place",
        "Departs": "depart_on",
        "Return date": "return_on",
        "SROs": "officers",
        "Tax %": "lodging_tax_percent",
    }
    assert run.record["columns"] == {
        "understood": understood,
        "not_read": [{"column": "Room type", "perhaps": "room_rate"}, {"column": "Remarks", "perhaps": None}],
    }
    first, *others = run.err.splitlines()
    assert first.endswith("Read as: " + ", ".join(f"{one} = {other}" for one, other in understood.items()) + ".")
    said = [line.partition(": ")[2] for line in others]
    assert said == ["Not read: Remarks.", "Not read: Room type; did you mean room_rate?"]
    # Three officers; 145.00 and an eighth a night is 163.13 (18.125 rounded up), five nights, and 440.00 of M&IE.
    assert run.record["totals"]["group_total"] == f"{3 * (5 * (145 + 18.13) + 440):.2f}"
    summary = [row[0] for row in openpyxl.load_workbook(path)["Summary"].iter_rows(values_only=True)]
    assert set(said) <= set(summary)
