"""What a cell looks like: colors in all the ways a workbook names them, letters, alignment, conditional formats."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from perdiem_calc.errors import InputError
from perdiem_calc.workbook.comparing.display import unseen
from perdiem_calc.workbook.form.layout import Kind
from perdiem_calc.workbook.reading.looks import THEME, Changed, Font, Look, Looks, hides, theme_of, tinted
from perdiem_calc.workbook.reading.opening import OpenBook, open_book
from tests.support.hostile import BOOK_RELATIONS, MAIN, noise, relations_of, sheet, small

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def element(text: str) -> etree._Element:
    """An element of a part with styles."""
    return etree.fromstring(f'<a xmlns="{MAIN}">{text}</a>')[0]


def styles(inside: str) -> Looks:
    """The looks of a part with styles."""
    return Looks(etree.fromstring(f'<styleSheet xmlns="{MAIN}">{inside}</styleSheet>'))


@pytest.mark.parametrize(
    ("color", "named"),
    [
        ('rgb="FF1F3864"', "1F3864"),
        ('rgb="1f3864"', "1F3864"),
        ('rgb="00FFFFFF"', "FFFFFF"),
        ('rgb="FFF"', "000000"),
        ('rgb="GGGGGG"', "000000"),
        ('theme="0"', "FFFFFF"),
        ('theme="1"', "000000"),
        ('theme="4"', "4F81BD"),
        ('theme="12"', "000000"),
        ('theme="x"', "000000"),
        ('theme="0" tint="-0.5"', "808080"),
        ('theme="1" tint="0.5"', "808080"),
        ('theme="1" tint="x"', "000000"),
        ('indexed="8"', "000000"),
        ('indexed="9"', "FFFFFF"),
        ('indexed="10"', "FF0000"),
        ('indexed="63"', "333333"),
        ('indexed="64"', "000000"),
        ('indexed="65"', "FFFFFF"),
        ('indexed="99"', "000000"),
        ('auto="1"', "000000"),
    ],
)
def test_a_color_is_known_however_it_is_named(color: str, named: str) -> None:
    assert Looks().color(element(f"<color {color}/>"), "000000") == named


def test_a_workbook_may_have_a_palette_and_a_theme_of_its_own() -> None:
    own = styles('<colors><indexedColors><rgbColor rgb="00ABCDEF"/><rgbColor rgb="x"/></indexedColors></colors>')
    assert [own.palette(number) for number in (0, 1, 2)] == ["ABCDEF", "FFFFFF", "FF0000"]
    scheme = '<dk1><sysClr val="windowText" lastClr="FEFEFE"/></dk1><lt1><srgbClr val="101010"/></lt1><dk2><x/></dk2>'
    theme = theme_of(etree.fromstring(f'<theme xmlns="{DRAWING}"><clrScheme>{scheme}</clrScheme></theme>'))
    assert theme[:4] == ("101010", "FEFEFE", THEME[2], THEME[3])
    assert Looks(theme=theme).color(element('<color theme="1"/>'), "000000") == "FEFEFE"


@pytest.mark.parametrize(
    ("ink", "grounds", "is_hidden"),
    [
        ("FFFFFF", ("FFFFFF",), True),
        ("D9D9D9", ("FFFFFF",), True),  # contrast 1.4
        ("C0C0C0", ("FFFFFF",), False),  # 1.8
        ("000000", ("202020",), True),  # 1.3
        ("000000", ("404040",), False),  # 2.0
        ("FFF7DC", ("FFFFFF",), True),
        ("FF0000", ("FFFFFF",), False),
        ("FFFFFF", ("FFFFFF", "FEFEFE"), True),
        ("FFFFFF", ("FFFFFF", "808080"), False),
    ],
)
def test_ink_is_hidden_where_it_is_nearly_the_ground(ink: str, grounds: tuple[str, ...], is_hidden: bool) -> None:
    assert hides(ink, grounds) is is_hidden


def test_tints_stay_colors() -> None:
    assert [tinted("4F81BD", tint) for tint in (9.0, -9.0)] == ["FFFFFF", "000000"]


def test_a_style_has_the_font_fill_and_alignment_that_it_numbers() -> None:
    looks = styles(
        '<numFmts><numFmt numFmtId="170" formatCode="0.0"/></numFmts>'
        '<fonts><font><sz val="9"/></font>'
        '<font><sz val="2"/><color rgb="FF123456"/><name val="Webdings"/></font></fonts>'
        '<fills><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFABCDEF"/><bgColor indexed="64"/></patternFill></fill>'
        '<fill><patternFill patternType="gray125"/></fill><fill/><fill><patternFill/></fill></fills>'
        '<cellXfs><xf/><xf numFmtId="170" fontId="1" fillId="1"><alignment horizontal="fill" indent="3"/></xf>'
        '<xf numFmtId="10" fillId="2"/><xf numFmtId="999" fontId="7" fillId="9"/>'
        '<xf fillId="3"/><xf fillId="4"/></cellXfs>'
    )
    plain = Look(font=Font(size=9))
    assert looks.of("0") == plain
    assert looks.of("1") == Look("0.0", Font("123456", 2, "Webdings"), ("ABCDEF",), repeats=True, indent=3)
    assert looks.of("2") == plain._replace(code="0.00%", grounds=("FFFFFF", "FFFFFF"))
    assert looks.of("3") == Look()
    assert looks.of("4") == looks.of("5") == plain
    assert looks.of("6") == looks.of("x") == Look()
    assert looks.of("1") is looks.of("1")


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ('<cfRule dxfId="0"/>', Changed(ink="FFFFFF")),
        ('<cfRule dxfId="1"/>', Changed(code=";;;", grounds=("000000",))),
        ('<cfRule dxfId="2"/>', Changed()),
        ("<cfRule/>", Changed()),
        (
            '<cfRule><x:dxf xmlns:x="x"><x:font><x:color rgb="FFFFFFFF"/></x:font></x:dxf></cfRule>',
            Changed(ink="FFFFFF"),
        ),
        ('<cfRule><dataBar showValue="0"/></cfRule>', Changed(hides_value=True)),
        ('<cfRule><iconSet showValue="false"/></cfRule>', Changed(hides_value=True)),
        ("<cfRule><dataBar/></cfRule>", Changed()),
        (
            '<cfRule><colorScale><color rgb="FFFFFFFF"/><color rgb="FF000000"/></colorScale></cfRule>',
            Changed(grounds=("FFFFFF", "000000")),
        ),
    ],
)
def test_a_conditional_format_changes_what_it_states(rule: str, changed: Changed) -> None:
    looks = styles(
        '<dxfs><dxf><font><color rgb="FFFFFFFF"/></font></dxf><dxf><numFmt formatCode=";;;"/>'
        '<fill><patternFill><bgColor rgb="FF000000"/></patternFill></fill></dxf></dxfs>'
    )
    assert looks.changed(element(rule)) == changed


# --- whole workbooks ------------------------------------------------------------------------------------------------

STYLES = "<fonts><font/></fonts><fills><fill/></fills><cellXfs><xf/></cellXfs>"


def opened(content: bytes, folder: Path) -> OpenBook:
    """A workbook, opened from a file."""
    path = folder / "mail.xlsx"
    path.write_bytes(content)
    return open_book(path)


def seen(content: bytes, folder: Path, kind: Kind = Kind.TEXT) -> list[str]:
    """Why each cell of a small workbook is not seen; empty where it is."""
    book = opened(content, folder)
    return [unseen(cell, kind, book) for cell in book.cells["S"].values()]


@pytest.mark.parametrize(
    ("run", "why"),
    [
        ('<color rgb="FFFFFFFF"/>', "the text has the color of its ground"),
        ('<sz val="1"/>', "the letters are too small to read"),
        ('<rFont val="Wingdings 2"/>', "the font, Wingdings 2, shows signs instead of digits and letters"),
        ('<b/><color rgb="FFFF0000"/><sz val="9"/><rFont val="Arial"/>', ""),
    ],
)
@pytest.mark.parametrize("is_shared", [True, False])
def test_a_part_of_a_text_may_be_hidden(run: str, why: str, is_shared: bool, tmp_path: Path) -> None:
    text = f"<r><t>not </t></r><r><rPr>{run}</rPr><t>attached</t></r>"
    cell = '<c r="A1" t="s"><v>0</v></c>' if is_shared else f'<c r="A1" t="inlineStr"><is>{text}</is></c>'
    content = small(f'<row r="1">{cell}</row>', strings=f"<si>{text}</si>" if is_shared else "", styles=STYLES)
    assert seen(content, tmp_path) == [why]


@pytest.mark.parametrize(
    ("theme", "why"),
    [
        (b"<theme/>", ""),
        (
            b"<theme><clrScheme><dk1><srgbClr val='FFFFFF'/></dk1></clrScheme></theme>",
            "the text has the color of its ground",
        ),
        (b"<theme", ""),
        (None, ""),
    ],
)
def test_the_theme_counts_and_one_that_cannot_be_read_refuses_nothing(
    theme: bytes | None, why: str, tmp_path: Path
) -> None:
    relations = {
        "rId1": ("worksheet", "worksheets/sheet1.xml"),
        "rId3": ("styles", "styles.xml"),
        "rId4": ("theme", "theme/theme1.xml"),
    }
    font = '<fonts><font><color theme="1"/></font></fonts><cellXfs><xf/></cellXfs>'
    parts = {BOOK_RELATIONS: relations_of(relations)} | ({} if theme is None else {"xl/theme/theme1.xml": theme})
    content = small('<row r="1"><c r="A1"><v>98</v></c></row>', styles=font, parts=parts)
    assert seen(content, tmp_path) == [why]


def test_a_conditional_format_of_newer_programs_is_seen_too(tmp_path: Path) -> None:
    newer = (
        '<extLst><ext><x:conditionalFormattings xmlns:x="x"><x:conditionalFormatting><x:cfRule><x:dxf><x:font>'
        '<x:color rgb="FFFFFFFF"/></x:font></x:dxf></x:cfRule><f:sqref xmlns:f="f">A1 C1:D9</f:sqref>'
        "</x:conditionalFormatting></x:conditionalFormattings></ext></extLst>"
    )
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="D1"><v>2</v></c></row>'
    content = small(parts={"xl/worksheets/sheet1.xml": sheet(rows, after=newer)})
    hidden = "the text has the color of its ground, by a conditional format"
    assert seen(content, tmp_path) == [hidden, "", hidden]


@pytest.mark.parametrize(
    ("before", "row", "why"),
    [
        ("", "", ""),
        ("", 'ht="3.9"', "the row is too low to read"),
        ("", 'ht="4"', ""),
        ("", 'ht="x"', ""),
        ('<sheetFormatPr defaultRowHeight="1"/>', "", "the row is too low to read"),
        ('<sheetFormatPr defaultRowHeight="1"/>', 'ht="15"', ""),
        ('<sheetFormatPr defaultRowHeight="15" defaultColWidth="0.2"/>', "", "the column is too narrow to read"),
        ('<cols><col min="1" max="1" width="0.99"/></cols>', "", "the column is too narrow to read"),
        ('<cols><col min="1" max="1" width="1"/></cols>', "", ""),
        ('<cols><col min="1" max="16384" width="9" hidden="true"/></cols>', "", "the column is hidden"),
        ('<cols><col min="2" max="9" hidden="1"/></cols>', "", ""),
        ('<cols><col min="1" max="1" width="nan"/></cols>', "", ""),
        ('<cols><col min="x" max="1" width="0"/></cols>', "", "the column is hidden"),
    ],
)
def test_heights_and_widths_are_those_of_the_row_and_column_or_the_usual_ones(
    before: str, row: str, why: str, tmp_path: Path
) -> None:
    content = small(
        parts={"xl/worksheets/sheet1.xml": sheet(f'<row r="1" {row}><c r="A1"><v>1</v></c></row>', before)}
    )
    assert seen(content, tmp_path) == [why]


def test_joined_cells_are_as_wide_as_their_columns_together_and_show_the_first_alone(tmp_path: Path) -> None:
    columns = '<cols><col min="1" max="1" width="0.5"/></cols>'
    joined = '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A2:A3"/><mergeCell ref="x"/></mergeCells>'
    # The second row is low, and joined with the third one.
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2" ht="1"><c r="A2"><v>3</v></c></row>'
    )
    content = small(parts={"xl/worksheets/sheet1.xml": sheet(rows, columns, joined)})
    assert seen(content, tmp_path) == [
        "",
        "other cells are joined over it (A1:C1)",
        "the column is too narrow to read",
    ]


def test_far_more_joined_cells_or_conditional_formats_than_a_sheet_has_are_refused(tmp_path: Path) -> None:
    twice = "<mergeCells>" + '<mergeCell ref="A1:CV2000"/>' * 2 + "</mergeCells>"
    with pytest.raises(InputError, match="joined cells of the sheet S overlap"):
        opened(small(parts={"xl/worksheets/sheet1.xml": sheet("", after=twice)}), tmp_path)
    large = '<mergeCells><mergeCell ref="A1:A1048576"/><mergeCell ref="B1:XFD1"/></mergeCells>'
    assert opened(small(parts={"xl/worksheets/sheet1.xml": sheet("", after=large)}), tmp_path).cells["S"] == {}
    many = '<conditionalFormatting sqref="A1"><cfRule/></conditionalFormatting>' * 2_501
    with pytest.raises(InputError, match="far more conditional formats on the sheet S"):
        opened(small(parts={"xl/worksheets/sheet1.xml": sheet(noise(20_000), after=many)}), tmp_path)
