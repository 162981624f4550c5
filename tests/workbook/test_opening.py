"""Opening a workbook that came by e-mail: its cells are those a spreadsheet shows, and nothing in it does harm."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from perdiem_calc.errors import InputError
from perdiem_calc.workbook.form.layout import Area
from perdiem_calc.workbook.reading import values
from perdiem_calc.workbook.reading.cells import ReadCell
from perdiem_calc.workbook.reading.opening import OpenBook, open_book
from perdiem_calc.workbook.reading.read import read_claim
from perdiem_calc.workbook.reading.stored_formulas import points_outside
from tests.support.command import Perdiem
from tests.support.hostile import (
    BOOK,
    CLAIM_ID,
    MAIN,
    OFFICE,
    PAGES,
    one_cell,
    own_parts,
    own_workbook,
    relations_of,
    repacked,
    sheet,
    small,
    with_tables,
    zipped,
)
from tests.support.hostile_files import HARMLESS, REFUSED


def opened(content: bytes, folder: Path, sheets: Collection[str] | None = None) -> OpenBook:
    """A workbook, opened from a file."""
    path = folder / "mail.xlsx"
    path.write_bytes(content)
    return open_book(path, sheets)


def refusal(content: bytes, folder: Path, sheets: Collection[str] | None = None) -> str:
    """Why a workbook is refused."""
    with pytest.raises(InputError) as refused:
        opened(content, folder, sheets)
    return str(refused.value)


def read_wholly(path: Path) -> None:
    """Read the pages of a workbook, and the claim in it."""
    open_book(path, PAGES)
    read_claim(path)


def only_cell(content: bytes, folder: Path) -> ReadCell:
    """The one cell of a small workbook."""
    (cell,) = opened(content, folder).cells["S"].values()
    return cell


# --- cells ---------------------------------------------------------------------------------------------------------

STYLED = (
    '<numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/><numFmt numFmtId="165" formatCode="&quot;day&quot; 0"/>'
    "</numFmts><cellXfs>" + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 164, 165, 20)) + "</cellXfs>"
)
"""Styles 0 to 4: general, a date, a duration, a number with a word, a time of day."""


@pytest.mark.parametrize(
    ("attributes", "inside", "value"),
    [
        ("", "<v>159</v>", 159),
        ("", "<v>159.25</v>", 159.25),
        ("", "<v>-12</v>", -12),
        ("", "<v>1.5E-3</v>", 0.0015),
        ("", "<v>\n 7 </v>", 7),
        ("", "<v>.5</v>", 0.5),
        ('s="1"', "<v>46299</v>", datetime(2026, 10, 4)),
        ('s="1"', "<v>46299.5</v>", datetime(2026, 10, 4, 12)),
        ('s="1"', "<v>59</v>", datetime(1900, 2, 28)),
        ('s="2"', "<v>1.25</v>", timedelta(hours=30)),
        ('s="3"', "<v>46299</v>", 46299),
        ('s="4"', "<v>0.3125</v>", time(7, 30)),
        ('t="b"', "<v>1</v>", True),
        ('t="b"', "<v>0</v>", False),
        ('t="b"', "<v>true</v>", True),
        ('t="s"', "<v>1</v>", "two"),
        ('t="s"', "<v>2</v>", "Fort Myers, FL"),
        ('t="s"', "<v>3</v>", ""),
        ('t="s"', "<v>4</v>", "課 "),
        ('t="str"', "<v>a &amp; b</v>", "a & b"),
        ('t="str"', "<v>a_x000D_\nb_x000A_c_x0009_d</v>", "a\nb\nc\td"),
        ('t="str"', "<v>_x005F_x000D_ _x0041_</v>", "_x000D_ _x0041_"),
        ('t="inlineStr"', "<is><t>in</t></is>", "in"),
        ('t="inlineStr"', "<is><r><t>in </t></r><r><rPr><b/></rPr><t>line</t></r></is>", "in line"),
        ('t="d"', "<v>2026-10-04T07:30:00</v>", datetime(2026, 10, 4, 7, 30)),
        ('t="d"', "<v>2026-10-04</v>", date(2026, 10, 4)),
    ],
)
def test_a_cell_has_the_value_that_a_spreadsheet_shows(
    attributes: str, inside: str, value: object, tmp_path: Path
) -> None:
    texts = (
        "<si><t>one</t></si><si><t>two</t></si>"
        '<si><r><t xml:space="preserve">Fort </t></r><r><rPr><b/></rPr><t>Myers, FL</t></r></si>'
        "<si/><si><t>課 </t><rPh sb='0' eb='1'><t>カ</t></rPh><phoneticPr fontId='1'/></si>"
    )
    content = small(f'<row r="5"><c r="K5" {attributes}>{inside}</c></row>', strings=texts, styles=STYLED)
    cell = only_cell(content, tmp_path)
    assert (cell.area.address, cell.value, type(cell.value)) == ("S!K5", value, type(value))
    assert (cell.formula, cell.is_error) == (None, False)


@pytest.mark.parametrize(("attributes", "inside"), [('t="e"', "<v>#N/A</v>"), ('s="1"', "<v>-800000</v>")])
def test_an_error_and_a_date_before_all_dates_are_errors(attributes: str, inside: str, tmp_path: Path) -> None:
    content = small(f'<row r="5"><c r="K5" {attributes}>{inside}</c></row>', styles=STYLED)
    cell = only_cell(content, tmp_path)
    assert cell.is_error
    assert cell.value in ("#N/A", "#VALUE!")


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1" s="1"><v>44837</v></c></row>'
    mac = small(row, styles=STYLED, book='<workbookPr date1904="1"/>')
    assert only_cell(mac, tmp_path).value == datetime(2026, 10, 4)
    windows = small(row, styles=STYLED, book='<workbookPr date1904="0"/>')
    assert only_cell(windows, tmp_path).value == datetime(2022, 10, 3)


def test_cells_and_rows_may_leave_out_where_they_stand(tmp_path: Path) -> None:
    rows = (
        '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r="4"><c r="AB4"><v>5</v></c><c><v>6</v></c></row><row/>'
    )
    found = opened(small(rows + "<row><c><v>7</v></c></row>"), tmp_path).cells["S"]
    assert {cell.area.address: cell.value for cell in found.values()} == {
        "S!A1": 1,
        "S!C1": 3,
        "S!AB4": 5,
        "S!AC4": 6,
        "S!A6": 7,
    }


def test_formatted_blank_cells_are_no_cells_and_elements_nobody_knows_are_passed_over(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1" s="1"/><c r="B1"><v/></c><c r="C1"><v>1</v><extLst/></c><extLst/></row>'
    found = opened(small(row, styles=STYLED), tmp_path).cells["S"]
    assert {cell.area.address: cell.value for cell in found.values()} == {"S!C1": 1}


def test_a_cell_that_is_not_there_is_blank(tmp_path: Path) -> None:
    book = opened(small(), tmp_path)
    assert book.cell("S", 4, 10) == ReadCell(Area.cell("S", 4, 10), None)
    assert book.cell("S", 4, 10).is_blank
    assert ReadCell(Area.cell("S", 4, 10), " ").is_blank
    assert not ReadCell(Area.cell("S", 4, 10), None, "=A1").is_blank
    assert not ReadCell(Area.cell("S", 4, 10), 0).is_blank


# --- formulas ------------------------------------------------------------------------------------------------------


def test_a_formula_keeps_its_text_and_the_value_that_was_stored_beside_it(tmp_path: Path) -> None:
    cell = only_cell(one_cell("<f>IF(B1&lt;2,&quot;a&quot;,3)</f><v>3</v>"), tmp_path)
    assert (cell.formula, cell.value) == ('=IF(B1<2,"a",3)', 3)
    cell = only_cell(one_cell("<f>B1</f>"), tmp_path)
    assert (cell.formula, cell.value, cell.is_blank) == ("=B1", None, False)
    cell = only_cell(one_cell("<f>B1</f><v>#REF!</v>", 't="e"'), tmp_path)
    assert (cell.formula, cell.value, cell.is_error) == ("=B1", "#REF!", True)
    cell = only_cell(one_cell('<f t="array" ref="A1">SUM(B1:B3*C1:C3)</f><v>6</v>'), tmp_path)
    assert cell.formula == "=SUM(B1:B3*C1:C3)"
    cell = only_cell(one_cell('<f t="dataTable" ref="A1" r1="B1"/><v>6</v>'), tmp_path)
    assert cell.formula == "=TABLE()"


def test_a_shared_formula_is_moved_to_each_cell_that_shares_it(tmp_path: Path) -> None:
    rows = (
        '<row r="5"><c r="C5"><f t="shared" si="0" ref="C5:C7">ROUND(A5*$B$1,2)+Rates!A$2+SUM(A$5:A5)</f></c></row>'
        '<row r="6"><c r="C6"><f t="shared" si="0"/><v>1</v></c>'
        '<c r="D6"><f t="shared" si="1" ref="D6">1+1</f></c></row>'
        '<row r="7"><c r="C7"><f t="shared" si="0"/></c><c r="E7"><f t="shared" si="1"/></c></row>'
    )
    found = opened(small(rows), tmp_path).cells["S"]
    assert {cell.area.address: cell.formula for cell in found.values()} == {
        "S!C5": "=ROUND(A5*$B$1,2)+Rates!A$2+SUM(A$5:A5)",
        "S!C6": "=ROUND(A6*$B$1,2)+Rates!A$2+SUM(A$5:A6)",
        "S!D6": "=1+1",
        "S!C7": "=ROUND(A7*$B$1,2)+Rates!A$2+SUM(A$5:A7)",
        "S!E7": "=1+1",
    }


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(Days[Day total])",
        "SUM(Expenses[[#This Row],[Amount claimed]])/Days!B2",
        "'Other costs'!A1+'It''s mine'!B2",
        "A1/'Other costs'!B2",
        '"[1]Sheet!A1|x"&A1',
        "Expenses[Driver''s name]&B1",
        "{1,2;3,4}",
    ],
)
def test_a_formula_inside_the_workbook_points_nowhere_else(formula: str) -> None:
    assert not points_outside(formula)


# --- what else is in the workbook ----------------------------------------------------------------------------------


def test_hidden_rows_are_those_in_which_something_stands(tmp_path: Path) -> None:
    rows = (
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="true"><c r="A2" s="0"/></row>'
        '<row r="3" ht="0" customHeight="1"><c r="A3"><v>1</v></c></row>'
        '<row r="4" ht="0.0"><c r="A4"><v>1</v></c></row>'
        '<row r="5" ht="15"><c r="A5"><v>1</v></c></row><row r="6" hidden="0"><c r="A6"><v>1</v></c></row>'
        '<row r="7" hidden="1"><c r="XFD7"><v>1</v></c></row>'
    )
    assert opened(small(rows), tmp_path).hidden_rows == {"S": frozenset({0, 2, 3})}
    flat = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="2" ht="15"><c r="A2"><v>1</v></c></row>')
    flat = flat.replace(b"<sheetData>", b'<sheetFormatPr defaultRowHeight="0"/><sheetData>')
    book = opened(small(parts={"xl/worksheets/sheet1.xml": flat}), tmp_path)
    assert book.hidden_rows == {"S": frozenset({0})}


def three_sheets() -> bytes:
    """A workbook with a hidden sheet, one that only a program can show, and a chart."""
    entries = (
        '<sheet name="Very" sheetId="7" state="veryHidden" r:id="b"/><sheet name="Chart" sheetId="8" r:id="c"/>'
        '<sheet name="S" sheetId="9" state="hidden" r:id="a"/>'
    )
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{entries}</sheets></workbook>'
    relations = {
        "a": ("worksheet", "/xl/worksheets/sheet1.xml"),
        "b": ("worksheet", "worksheets/sheet2.xml"),
        "c": ("chartsheet", "../xl/chartsheets/sheet1.xml"),
    }
    parts = {
        BOOK: book.encode(),
        "xl/_rels/workbook.xml.rels": relations_of(relations),
        "xl/worksheets/sheet2.xml": sheet('<row r="1"><c r="A1"><v>2</v></c></row>'),
        "xl/chartsheets/sheet1.xml": f'<chartsheet xmlns="{MAIN}"/>'.encode(),
    }
    return small('<row r="1"><c r="A1"><v>1</v></c></row>', parts=parts)


def test_all_sheets_are_told_and_the_cells_of_those_asked_for(tmp_path: Path) -> None:
    book = opened(three_sheets(), tmp_path, ("S", "Other"))
    assert book.sheets == ("Very", "Chart", "S")
    assert book.hidden_sheets == {"Very", "S"}
    assert list(book.cells) == ["S"]
    assert book.cell("S", 0, 0).value == 1
    assert list(opened(three_sheets(), tmp_path).cells) == ["Very", "S"]


def test_names_are_those_of_one_block_for_the_whole_workbook(tmp_path: Path) -> None:
    names = (
        '<definedName name="one">S!$B$2</definedName><definedName name="block">\'S\'!$A$1:$C$4</definedName>'
        "<definedName name=\"quoted\">'It''s'!B2</definedName><definedName name=\"far\">S!$XFD$1048576</definedName>"
        '<definedName name="own" localSheetId="0">S!$A$1</definedName><definedName name="lost">#REF!</definedName>'
        '<definedName name="sum">S!$A$1+S!$B$1</definedName><definedName name="number">5</definedName>'
        '<definedName name="macro" function="false" vbProcedure="0" xlm="0">S!$A$2</definedName>'
    )
    content = small('<row r="2"><c r="B2"><v>5</v></c></row>', after=f"<definedNames>{names}</definedNames>")
    book = opened(content, tmp_path)
    assert {name: area.address for name, area in book.names.items()} == {
        "one": "S!B2",
        "block": "S!A1:C4",
        "quoted": "It's!B2",
        "far": "S!XFD1048576",
        "macro": "S!A2",
    }
    assert [cell.value for cell in map(book.named, ("one", "block", "far")) if cell is not None] == [5, None, None]
    assert book.named("none") is None


def test_tables_are_told_by_their_names(tmp_path: Path) -> None:
    tables = opened(with_tables("Costs", "Days", at="A4:B9"), tmp_path).tables
    assert {name: area.address for name, area in tables.items()} == {"Costs": "S!A4:B9", "Days": "S!A4:B9"}
    assert opened(with_tables("Costs"), tmp_path, ()).tables == {}


def test_a_workbook_in_strict_open_xml_is_read_alike(tmp_path: Path) -> None:
    strict = {
        name: part.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, part in own_parts().items()
    }
    assert opened(zipped(strict.items()), tmp_path, PAGES) == opened(own_workbook(), tmp_path, PAGES)


def test_a_prefix_before_the_elements_changes_nothing(tmp_path: Path) -> None:
    data = '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row>'
    prefixed = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{data}</x:sheetData></x:worksheet>'
    content = small(parts={"xl/worksheets/sheet1.xml": b"\xef\xbb\xbf" + prefixed.encode()})
    assert only_cell(content, tmp_path).value == "a"


# --- what came by e-mail -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_claim_never_is_or_holds_is_refused_and_named(name: str, tmp_path: Path) -> None:
    make, said = REFUSED[name]
    path = tmp_path / "mail.xlsx"
    path.write_bytes(make())
    with pytest.raises(InputError) as refused:
        read_wholly(path)
    assert said in str(refused.value)
    assert refused.value.fix or "\n" in str(refused.value)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_odd_and_does_no_harm_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mail.xlsx"
    path.write_bytes(HARMLESS[name]())
    assert read_claim(path).claim_id == CLAIM_ID


def test_a_workbook_cut_off_at_any_kilobyte_is_refused(tmp_path: Path) -> None:
    content = own_workbook()
    said = {refusal(content[:size], tmp_path) for size in range(1024, len(content), 1024)}
    assert {line.partition(";")[0] for line in said} == {"is damaged: its ZIP cannot be read"}


def test_a_part_cut_off_at_any_kilobyte_is_refused(tmp_path: Path) -> None:
    part = own_parts()["xl/worksheets/sheet2.xml"]
    for size in range(1024, len(part), 4096):
        assert "is damaged" in refusal(repacked({"xl/worksheets/sheet2.xml": part[:size]}), tmp_path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("claim.xlsm", "is not an .xlsx workbook but .xlsm"),
        ("claim.xls", "is not an .xlsx workbook but .xls"),
        ("claim.csv", "is not an .xlsx workbook but .csv"),
        ("claim", "is not an .xlsx workbook but without a suffix"),
    ],
)
def test_another_name_is_refused_before_the_file_is_opened(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        open_book(tmp_path / name)


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    def said(path: Path) -> str:
        with pytest.raises(InputError) as refused:
            open_book(path)
        return refused.value.what

    folder, pipe, gone, loop, device = (tmp_path / f"{name}.xlsx" for name in ("f", "p", "g", "l", "d"))
    folder.mkdir()
    os.mkfifo(pipe)
    gone.symlink_to(tmp_path / "nothing.xlsx")
    loop.symlink_to(loop)
    device.symlink_to("/dev/zero")
    assert said(folder) == "cannot be read (Is a directory)"
    assert said(pipe) == said(device) == "is a pipe or a device, not a file"
    assert said(gone) == said(tmp_path / "none.xlsx") == "the file does not exist"
    assert said(loop) == "cannot be read (Too many levels of symbolic links)"
    real, link = tmp_path / "real.xlsx", tmp_path / "link.xlsx"
    real.write_bytes(own_workbook())
    link.symlink_to(real)
    assert read_claim(link).claim_id == CLAIM_ID


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(InputError, match=r"cannot be read \(Permission denied\); check the name and your rights"):
        open_book(tmp_path / "claim.xlsx")


def test_the_command_names_the_file_and_the_reason(perdiem: Perdiem, tmp_path: Path) -> None:
    for number, name in enumerate(("a zip bomb", "entities", "an old .xls")):
        make, said = REFUSED[name]
        path = tmp_path / f"mail {number}.xlsx"
        path.write_bytes(make())
        run = perdiem("claim", "check", path)
        assert (run.code, run.out) == (2, "")
        assert run.err.startswith(f"{path}: ")
        assert said in run.err
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    run = perdiem("claim", "check", pipe)
    assert (run.code, run.err) == (2, f"{pipe}: is a pipe or a device, not a file; give the file itself\n")


HEAVY = """
import resource, signal, sys
from pathlib import Path
from perdiem_calc.errors import InputError
from perdiem_calc.workbook.reading.read import read_claim


read_claim(Path(sys.argv[1]))
held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + (500 << 20),) * 2)
for name in sys.argv[2:]:
    signal.setitimer(signal.ITIMER_PROF, 5)
    try:
        read_claim(Path(name))
    except InputError as error:
        assert str(error)
    signal.setitimer(signal.ITIMER_PROF, 0)
    print(Path(name).stem)
"""
"""Reads a good workbook, then each of the others in at most 500 MB more and 5 seconds, or dies."""


@pytest.mark.slow
def test_the_worst_of_them_cost_little_time_and_memory(tmp_path: Path) -> None:
    good = tmp_path / "good.xlsx"
    good.write_bytes(own_workbook())
    everything: dict[str, Callable[[], bytes]] = {**{name: make for name, (make, _) in REFUSED.items()}, **HARMLESS}
    for name, make in everything.items():
        (tmp_path / f"{name}.xlsx").write_bytes(make())
    paths = [str(tmp_path / f"{name}.xlsx") for name in everything]
    run = subprocess.run(
        [sys.executable, "-c", HEAVY, str(good), *paths], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [Path(path).stem for path in paths]


LATEST = datetime(9999, 12, 31, 23, 59, 59, 999_999)

# --- what is read of it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "value", "said"),
    [
        (values.amount, 1e-300, "0.00"),
        (values.amount, 999_999_999_999.99, "999999999999.99"),
    ],
)
def test_an_amount_is_stated_to_the_cent(reader: Callable[[object], object], value: object, said: str) -> None:
    assert reader(value) == said


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        (values.amount, 1e300),
        (values.amount, 10**39),
        (values.day, 2958465.9999999),
        (values.clock, LATEST),
        (values.count, "9" * 5000),
    ],
)
def test_a_value_beyond_the_calendar_or_all_counting_is_refused(
    reader: Callable[[object], object], value: object
) -> None:
    with pytest.raises(values.Unfit, match="must be"):
        reader(value)


def test_an_address_far_to_the_right_can_be_stated() -> None:
    assert Area("Days", 4, 701, 8, 16_383).address == "Days!ZZ5:XFD9"
    assert Area("Days", 4, 701, 8, 16_383).absolute == "Days!$ZZ$5:$XFD$9"
