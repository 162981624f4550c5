"""Tables that hide something are refused by every command that reads one, and an import prints what it read."""

from __future__ import annotations

import os
import signal
import zipfile
from pathlib import Path

import pytest

from tests.support.command import Perdiem, Run
from tests.support.timed import in_time

AWARD = "15JCOPS-25-GG-01234-UHPX"
QUOTE = f'award,officer,agency,paid_before\n{AWARD},Jordan Vale,"PD,100.00\n{AWARD},Sam Tiller,PD,400.00\n'
"""A quote that is opened and never closed hides the second officer, and what was paid for both."""
SITES = ("sites", "--sites", "{}", "--weeks", "2027-01-04")
TITLE = 'FY2027 SRO training plan\n\nplace,depart_on,return_on,officers\n"Orlando, FL",2026-10-04,2026-10-09,3\n'


def import_roster(perdiem: Perdiem, roster: Path, *more: str) -> Run:
    ledger = roster.with_name("ledger.sqlite")
    return perdiem("ledger", "import-roster", roster, "--ledger", ledger, "--create", "--by", "R. Viewer", *more)


def saved(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_a_roster_whose_quote_hides_an_officer_is_refused_and_no_ledger_begun(
    perdiem: Perdiem, tmp_path: Path
) -> None:
    run = import_roster(perdiem, saved(tmp_path, QUOTE))
    assert run.code == 2
    assert f"{tmp_path}/table.csv: line 2: a cell in quotes does not end on its line; close the quote" in run.err
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (f'{AWARD},"Jordan\nVale",PD,1.00\n', "line 2: a cell in quotes does not end on its line"),
        (f"{AWARD},Jordan Vale,PD,1,000.00\n", "line 2: more cells than columns; put a cell with a comma in quotes"),
        (f"{AWARD},Jordan Vale,PD,1_45\n", "line 2: paid_before: '1_45' is not an amount"),
        (
            f"{AWARD},Jordan Vale,PD,\uff11\uff14\uff15\n",
            "line 2: paid_before: '\uff11\uff14\uff15' is not an amount",
        ),
        (f"{AWARD},Jordan Vale,PD,1.00\nAward,OFFICER,agency,paid before\n", "line 3: repeats the header"),
    ],
)
def test_a_roster_that_could_lose_money_is_refused(perdiem: Perdiem, tmp_path: Path, body: str, why: str) -> None:
    run = import_roster(perdiem, saved(tmp_path, f"award,officer,agency,paid_before\n{body}"))
    assert run.code == 2
    assert f"table.csv: {why}" in run.err


def test_an_import_prints_its_rows_officers_and_the_sum_of_the_amounts(perdiem: Perdiem, tmp_path: Path) -> None:
    roster = saved(tmp_path, QUOTE.replace('"', ""))
    run = import_roster(perdiem, roster)
    assert (run.code, run.out.splitlines()[0]) == (
        0,
        f"Read from {roster}: 2 rows, 2 officers, $500.00 paid before",
    )
    again = import_roster(perdiem, roster, "--json").record
    assert (again["rows"], again["officers"], again["paid_before"]) == (2, 2, "500.00")
    audited = perdiem("audit", "data/samples/2026-ORL-0001.json", "--roster", roster, "--as-of", "2026-11-23")
    assert audited.err == f"Read from {roster}: 2 rows, 2 officers, $500.00 paid before\n"


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (
            ("estimate", "{}", "-o", "{}.xlsx"),
            "the first row names no column of a table of trips; the header must be",
        ),
        (SITES, "the first row names no column of a table of sites"),
        (("forecast", "--sites", "{}", "--officers", "9"), "the first row names no column of a table of sites"),
        (("rate", "--batch", "{}"), "unknown columns: fy2027 sro training plan; use the columns place, county"),
        (("ledger", "import-roster", "{}"), "line 1: has no column 'award'; name the columns award, officer"),
    ],
)
def test_a_title_above_the_header_is_not_taken_for_one(
    perdiem: Perdiem, tmp_path: Path, command: tuple[str, ...], what: str
) -> None:
    path = saved(tmp_path, TITLE)
    run = perdiem(*(part.format(path) for part in command))
    assert run.code == 2
    assert run.err.startswith(f"perdiem: {path}: {what}")
    assert [one.name for one in tmp_path.iterdir()] == ["table.csv"]


WIDE = {
    "estimate": ("place,depart_on,return_on,", ("estimate", "{}", "-o", "{}.out.csv")),
    "sites": ("place,", SITES),
    "roster": ("award,officer,", ("ledger", "import-roster", "{}", "--ledger", "{}.ledger", "--create")),
    "rate": ("place,", ("rate", "--batch", "{}")),
}


@pytest.mark.parametrize("command", WIDE)
@pytest.mark.parametrize("columns", [1_000, 100_000])
def test_a_table_of_very_many_columns_is_refused_in_time(
    perdiem: Perdiem, tmp_path: Path, command: str, columns: int
) -> None:
    """Names were compared each with every other: 700 kB of them took minutes."""
    due, arguments = WIDE[command]
    path = saved(tmp_path, due + ",".join(f"c{number}" for number in range(columns)) + "\n")
    with in_time():
        run = perdiem(*(part.format(path) for part in arguments))
    named = columns + due.count(",")
    assert run.code == 2
    assert f"names {named:,} columns; give a table of at most 1,000" in run.err
    assert [one.name for one in tmp_path.iterdir()] == ["table.csv"]


PLANS = (
    'place,depart_on,return_on,name\n"Orlando, FL",2026-10-04,2026-10-09,A\n"Boise, ID",2026-10-04,2026-10-09,{}\n'
)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ('"B', "line 3: a cell in quotes does not end on its line"),
        ('"B\n"', "line 3: a cell in quotes does not end on its line"),
        ("B,C", "line 3: more cells than columns; put a cell with a comma in quotes"),
        ("B\nplace,depart_on,return_on,name", "line 4: repeats the header"),
        ('"B" C', "line 3: text follows a quote that ends a cell"),
        ("B\x00C", "line 3: character 36 is a control character or a line break (U+0000); remove it"),
    ],
)
@pytest.mark.parametrize("command", [("estimate", "{}", "-o", "{}.out.csv"), SITES])
def test_a_table_that_could_lose_a_row_is_refused_with_its_line(
    perdiem: Perdiem, tmp_path: Path, command: tuple[str, ...], cell: str, why: str
) -> None:
    path = saved(tmp_path, PLANS.format(cell))
    run = perdiem(*(part.format(path) for part in command))
    assert run.code == 2
    assert f"{path}: {why}" in run.err
    assert [one.name for one in tmp_path.iterdir()] == ["table.csv"]


@pytest.mark.parametrize("cell", ["4_6300", "\uff14\uff16\uff13\uff10\uff10", "9" * 5000, "\u0664"])
def test_a_day_that_is_no_date_is_the_fault_of_its_row(perdiem: Perdiem, tmp_path: Path, cell: str) -> None:
    path = saved(tmp_path, f"place,depart_on,return_on\nBoise ID,{cell},2026-10-09\n")
    run = perdiem("estimate", path, "-o", tmp_path / "out.csv")
    assert run.code == 2
    assert f"{path}, row 2: depart_on: {cell[:40]!r} is not a date; write year-month-day" in run.err


# ---- files that are no tables


def _sheet(rows: str) -> dict[str, str]:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>place</t></is></c></row>'


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (_sheet(HEAD + '<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>'), "lies far outside the table"),
        (
            _sheet(HEAD + "".join(f'<row r="{row}"><c r="XFD{row}"/></row>' for row in range(2, 9000))),
            "lies far outside the table",
        ),
        (_sheet(HEAD + f'<row r="2"><c r="A2"><v>{" " * (450 << 20)}1</v></c></row>'), "unpacks to 450 MB; save the"),
        (_sheet(HEAD + f'<row r="2"><c r="A2"><v>{" " * (30 << 20)}1</v></c></row>'), "unpacks to 30 MB; save the"),
        (_sheet(HEAD + '<row r="x"><c r="A2"/></row>'), "is not an Excel workbook, or is damaged (ValueError)"),
        (_sheet(HEAD + "<row"), "is not an Excel workbook, or is damaged (ParseError)"),
        (_sheet(HEAD) | {"xl/workbook.xml": "<x/>"}, "is not an Excel workbook, or is damaged ("),
        ({"a": "b"}, "is not an Excel workbook, or is damaged (KeyError)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [SITES, ("rate", "--batch", "{}")])
@pytest.mark.slow
def test_a_workbook_that_would_take_forever_or_is_none_is_refused(
    perdiem: Perdiem, tmp_path: Path, command: tuple[str, ...], parts: dict[str, str], why: str
) -> None:
    path = tmp_path / "trips.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    run = perdiem(*(part.format(path) for part in command))
    assert run.code == 2
    assert f"{path}: " in run.err
    assert why in run.err


def test_a_parquet_file_that_is_none_is_refused(perdiem: Perdiem, tmp_path: Path) -> None:
    path = saved(tmp_path, "PAR1" + "x" * 100 + "PAR1", "trips.parquet")
    run = perdiem("estimate", path, "-o", tmp_path / "out.csv")
    assert run.code == 2
    assert f"perdiem: {path}: is not a Parquet table, or is damaged (" in run.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize(
    ("suffix", "command"),
    [
        (".csv", ("estimate", "{}", "-o", "out.csv")),
        (".xlsx", ("estimate", "{}", "-o", "out.csv")),
        (".parquet", ("estimate", "{}", "-o", "out.csv")),
        (".csv", SITES),
        (".csv", ("rate", "--batch", "{}")),
        (".xlsx", ("rate", "--batch", "{}")),
        (".csv", ("ledger", "import-roster", "{}", "--ledger", "none.sqlite", "--create")),
        (".csv", ("audit", "data/samples", "--roster", "{}")),
        (".txt", ("ratebook", "import-dtmo", "{}")),
        (".csv", ("ratebook", "import-dtmo", "--meals", "{}")),
        (".json", ("claim", "check", "{}")),
        (".toml", ("claim", "check", "{}")),
        (".xlsx", ("claim", "check", "{}")),
        (".json", ("audit", "{}")),
        (".xlsx", ("audit", "{}")),
        (".sqlite", ("ledger", "verify", "--ledger", "{}")),
        (".sqlite", ("ledger", "restore", "{}", "--ledger", "new.sqlite")),
        (".sqlite", ("doctor", "--ledger", "{}")),
    ],
)
def test_a_pipe_is_refused_by_every_command_and_not_waited_for(
    perdiem: Perdiem, tmp_path: Path, suffix: str, command: tuple[str, ...]
) -> None:
    path = tmp_path / f"pipe{suffix}"
    os.mkfifo(path)
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it was waited for"))
    signal.alarm(20)
    try:
        run = perdiem(*(part.format(path) for part in command))
    finally:
        signal.alarm(0)
    assert run.code in (1, 2)
    assert "Traceback" not in run.err
    assert "is a pipe or a device" in run.out + run.err or "is not a file" in run.out + run.err
