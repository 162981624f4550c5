"""Single edits of what a workbook looks like: a cell that does not show what it holds is questioned, on that cell.

Rooms cost $98.00 a night in day_room[0] to K8, with $12.74 tax in day_tax[0] to O8; M&IE of the first day is $51.00 in
day_mie_ok[0]; $898.68 is payable in payable.
"""

from __future__ import annotations

from tests.support.edits import Edit, both, typed
from tests.support.look_edits import column_width, conditional, ground, ink, joined, look, row_height
from tests.support.single_edits import Case, case
from tests.workbook.single_edits.expenses import TAXI

WHITE, BLACK = 'rgb="FFFFFFFF"', 'rgb="FF000000"'
ROOMS = ("day_room[0]", "day_room[1]", "day_room[2]", "day_room[3]")


def hides(name: str, edit: Edit, cells: str = "day_room[0]") -> Case:
    """An edit after which a person does not see what cells hold."""
    return case(name, edit, f"cell-display review {cells}")


FORMATS = [
    hides("another amount", look("day_room[0]", code='"$90.00"')),
    hides("the same amount, as a text", look("day_room[0]", code='"$98.00"')),
    hides("nothing", look("day_room[0]", code=";;;")),
    hides("nothing above zero", look("day_room[0]", code=";-0.00;0.00")),
    hides("thousands", look("day_room[0]", code="0.00,")),
    hides("percent", look("day_room[0]", code="0%")),
    hides("a digit before it", look("day_room[0]", code='"1"0.00')),
    hides("a digit behind it", look("day_room[0]", code="0\\0")),
    hides("a point between the digits", look("day_room[0]", code='0"."00')),
    hides("a word behind it", look("day_room[0]", code='0.00" refunded"')),
    hides("a minus sign before it", look("day_room[0]", code='"-"0.00')),
    hides("another currency", look("day_room[0]", code="[$€-407] 0.00")),
    hides("another amount above a limit", look("day_room[0]", code='[>90]"$90.00";0.00')),
    hides("other numerals", look("day_room[0]", code="[DBNum1]0")),
    hides("digits repeated", look("day_room[0]", code="*9")),
    hides("white by the format", look("day_room[0]", code="[White]0.00")),
    hides("white of the palette by the format", look("day_room[0]", code="[Color2]0.00")),
    hides("whole dollars of a tax", look("day_tax[0]", code="$0"), "day_tax[0]"),
    hides("rooms all alike", look(ROOMS, code='"$90.00"'), "day_room[0]:day_room[3]"),
    hides("another day", look("prepared_on", code='"11/30/2026"'), "prepared_on"),
    hides("another word", look("doc_status[1]", code=';;;"missing"'), "doc_status[1]"),
    hides("a word behind a text", look("day_receipt[0]", code='@" (lost)"'), "day_receipt[0]"),
    hides("M&IE", look("day_mie_ok[0]", code='"$68.00"'), "day_mie_ok[0]"),
    hides("what is payable", look("payable", code='"$1,000.00"'), "payable"),
    hides("the sum above a column", look("day_total[-2]", code='"$1,000.00"'), "day_total[-2]"),
    *(
        case(f"as it is: {code}", look("day_room[0]", code=code))
        for code in (
            "General",
            "0",
            "0.00",
            "#,##0.00",
            '"$"#,##0.00_);\\("$"#,##0.00\\)',
            '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
            "[$$-409]#,##0.00_);\\-[$$-409]#,##0.00_)",
            "[>90]0.00;0",
            '0.00 "USD"',
            "[Red]0.00",
            "0.00E+00",
            "0;;;",
            "@",
        )
    ),
    case("hours with a unit", look("course_hours", code='0" hours"')),
    case("a day without its year", look("prepared_on", code="d-mmm")),
    case("a long day", look("prepared_on", code="[$-F800]dddd\\, mmmm dd\\, yyyy")),
    case("a text as a text", look("day_receipt[0]", code="General;General;General;@")),
    case("no amount of a blank cell", look("day_room[4]", code='"$98.00"')),
    case("no amount of a blank row", look("exp_amount[15]", code='"$98.00"')),
    # Nobody sees a helper column that the program folded away.
    case("a helper column", look("?Days!BG5:lodging_claimed", code='"$90.00"')),
]

COLORS = [
    hides("white on white", look("day_room[0]", font=ink(WHITE), fill=ground(WHITE))),
    hides("white on our own shade", look("day_room[0]", font=ink(WHITE))),
    hides("nearly white", look("day_room[0]", font=ink('rgb="FFF0F0F0"'))),
    hides("white of the theme", look("day_room[0]", font=ink('theme="0"'))),
    hides("black made lighter", look("day_room[0]", font=ink('theme="1" tint="0.98"'))),
    hides("white of the palette", look("day_room[0]", font=ink('indexed="9"'))),
    hides("the system's ground", look("day_room[0]", font=ink('indexed="65"'))),
    hides("black on black", look("day_room[0]", fill=ground(BLACK))),
    hides("white without a fill", look("day_room[0]", font=ink(WHITE), fill='<patternFill patternType="none"/>')),
    hides(
        "white on a gradient",
        look(
            "day_room[0]",
            font=ink(WHITE),
            fill=f'<gradientFill><stop position="0"><color {WHITE}/></stop><stop position="1"><color rgb="FFEEEEEE"/>'
            "</stop></gradientFill>",
        ),
    ),
    hides("a navy total on navy", look("payable", fill=ground('rgb="FF1F3864"')), "payable"),
    hides("rooms in white", look(ROOMS, font=ink(WHITE)), "day_room[0]:day_room[3]"),
    hides(
        "many cells in white",
        look(
            (
                "day_room[0]",
                "day_tax[1]",
                "day_receipt[2]",
                "day_breakfast[0]",
                "day_lunch[1]",
                "day_dinner[2]",
                "day_room[3]",
            ),
            font=ink(WHITE),
        ),
        "day_room[0], day_room[3], day_tax[1], day_receipt[2], day_breakfast[0], day_lunch[1], day_dinner[2]",
    ),
    case("gray", look("day_room[0]", font=ink('rgb="FF999999"'))),
    case("white on navy", look("day_room[0]", font=ink(WHITE), fill=ground('rgb="FF1F3864"'))),
    case("black on yellow", look("day_room[0]", fill=ground('rgb="FFFFFF00"'))),
    case("red on white", look("day_room[0]", font=ink('rgb="FFFF0000"'), fill=ground(WHITE))),
    case("black made a little lighter", look("day_room[0]", font=ink('theme="1" tint="0.35"'))),
    case("a blank cell in white", look("day_room[4]", font=ink(WHITE))),
    case(
        "white on stripes of white and black",
        look(
            "day_room[0]",
            font=ink(WHITE),
            fill=f'<patternFill patternType="darkUp"><fgColor {BLACK}/><bgColor {WHITE}/></patternFill>',
        ),
    ),
]

SIZES = [
    hides("letters of one point", look("day_room[0]", font=ink(BLACK, 1))),
    hides("letters of three points", look("day_room[0]", font=ink(BLACK, 3))),
    case("letters of six points", look("day_room[0]", font=ink(BLACK, 6))),
    hides("signs instead of digits", look("day_room[0]", font=ink(BLACK, 9, "Wingdings"))),
    case("another font", look("day_room[0]", font=ink(BLACK, 9, "Arial"))),
    hides("a row of half a point", row_height("Days", 7, 0.5), "day_day[0]:day_total[0]"),
    hides("a row of three points", row_height("Days", 7, 3), "day_day[0]:day_total[0]"),
    case("a row of twelve points", row_height("Days", 7, 12)),
    hides("the row of the totals", row_height("Claim", 5, 1), "claimed_total:agency_share"),
    hides("the row of the totals hidden", row_height("Claim", 5, 0), "claimed_total:agency_share"),
    case("a low row without anything", row_height("Claim", 63, 0.5)),
    hides("a column of a third of a letter", column_width("Days", "H", 0.3), "day_room[0]:day_room[3]"),
    hides("a column of nearly a letter", column_width("Days", "H", 0.9), "day_room[0]:day_room[3]"),
    case("a column of six letters", column_width("Days", "H", 6)),
    hides("a column hidden", column_width("Days", "H", None), "day_room[0]:day_room[3]"),
    hides(
        "a column of amounts hidden", column_width("Days", "R", None), "day_mie_ok[-2], day_mie_ok[0]:day_mie_ok[4]"
    ),
    case("a column hidden that is blank", column_width("Days", "AA", None)),
    # Sharers, an input, are folded away again; 1 is what a blank cell means.
    hides(
        "a rare column folded over its input",
        both(typed({"room_sharers[0]": 1}), column_width("Days", "L", None)),
        "room_sharers[0]",
    ),
    case("a column of labels hidden", column_width("Days", "D", None)),
    hides(
        "a general number rounded",
        both(look("day_tax[0]", code="General"), column_width("Days", "I", 4)),
        "day_tax[0]",
    ),
    case("a general number with room", both(look("day_tax[0]", code="General"), column_width("Days", "I", 5))),
]

PLACES = [
    hides("joined with the cell above", joined("Days", "H7:H8"), "day_room[1]"),
    case("joined with a blank cell", joined("Days", "H10:H11")),
    hides("repeated across the cell", look("day_room[0]", alignment='horizontal="fill"')),
    case("in the middle", look("day_room[0]", alignment='horizontal="center"')),
    hides("pushed out of the cell", look("day_room[0]", alignment='horizontal="right" indent="15"')),
    case("pushed a little", look("day_room[0]", alignment='horizontal="right" indent="2"')),
]

CONDITIONS = [
    hides(
        "white by a condition",
        conditional("Days", "H7:H10", f"<font><color {WHITE}/></font>"),
        "day_room[0]:day_room[3]",
    ),
    hides(
        "another amount by a condition",
        conditional("Days", "H7", '<numFmt numFmtId="801" formatCode="&quot;$90.00&quot;"/>'),
    ),
    hides(
        "the color of the text by a condition",
        conditional("Days", "H7", f"<fill><patternFill><bgColor {BLACK}/></patternFill></fill>"),
    ),
    hides(
        "a bar instead of the amount",
        conditional(
            "Days",
            "K5",
            "",
            '<cfRule type="dataBar" priority="91"><dataBar showValue="0"><cfvo type="min"/><cfvo type="max"/>'
            f"<color {BLACK}/></dataBar></cfRule>",
        ),
    ),
    hides(
        "shades down to black",
        conditional(
            "Days",
            "K5",
            "",
            '<cfRule type="colorScale" priority="91"><colorScale><cfvo type="min"/><cfvo type="max"/>'
            f"<color {WHITE}/><color {BLACK}/></colorScale></cfRule>",
        ),
    ),
    case(
        "a light fill by a condition",
        conditional("Days", "H7:H10", '<fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill>'),
    ),
    case("red by a condition", conditional("Days", "H7:H10", '<font><color rgb="FF9C0006"/></font>')),
    case("white by a condition, elsewhere", conditional("Days", "H22:H32", f"<font><color {WHITE}/></font>")),
    case(
        "a bar with the amount",
        conditional(
            "Days",
            "K5",
            "",
            '<cfRule type="dataBar" priority="91"><dataBar><cfvo type="min"/><cfvo type="max"/>'
            '<color rgb="FF638EC6"/></dataBar></cfRule>',
        ),
    ),
]

EXPENSES = [
    case("a taxi in white", look("exp_amount[2]", font=ink(WHITE)), "cell-display review exp_amount[2]", claim=TAXI),
    case(
        "a taxi's category in white",
        look("exp_category[2]", font=ink(WHITE)),
        "cell-display review exp_category[2]",
        claim=TAXI,
    ),
    case("another amount allowed", look("exp_allowed[0]", code='"$90.00"'), "cell-display review exp_allowed[0]"),
]

CASES = FORMATS + COLORS + SIZES + PLACES + CONDITIONS + EXPENSES
