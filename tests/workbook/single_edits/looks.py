"""Single edits of what a workbook looks like: a cell that does not show what it holds is questioned, on that cell.

Rooms cost $98.00 a night in Days!K5 to K8, with $12.74 tax in Days!O5 to O8; M&IE of the first day is $51.00 in
Days!AB5; $898.68 is payable in Claim!G5.
"""

from __future__ import annotations

from tests.support.edits import Edit, both, typed
from tests.support.look_edits import column_width, conditional, ground, ink, joined, look, row_height
from tests.support.single_edits import Case, case
from tests.workbook.single_edits.expenses import TAXI

WHITE, BLACK = 'rgb="FFFFFFFF"', 'rgb="FF000000"'
ROOMS = ("Days!K5", "Days!K6", "Days!K7", "Days!K8")


def hides(name: str, edit: Edit, cells: str = "Days!K5") -> Case:
    """An edit after which a person does not see what cells hold."""
    return case(name, edit, f"cell-display review {cells}")


FORMATS = [
    hides("another amount", look("Days!K5", code='"$90.00"')),
    hides("the same amount, as a text", look("Days!K5", code='"$98.00"')),
    hides("nothing", look("Days!K5", code=";;;")),
    hides("nothing above zero", look("Days!K5", code=";-0.00;0.00")),
    hides("thousands", look("Days!K5", code="0.00,")),
    hides("percent", look("Days!K5", code="0%")),
    hides("a digit before it", look("Days!K5", code='"1"0.00')),
    hides("a digit behind it", look("Days!K5", code="0\\0")),
    hides("a point between the digits", look("Days!K5", code='0"."00')),
    hides("a word behind it", look("Days!K5", code='0.00" refunded"')),
    hides("a minus sign before it", look("Days!K5", code='"-"0.00')),
    hides("another currency", look("Days!K5", code="[$€-407] 0.00")),
    hides("another amount above a limit", look("Days!K5", code='[>90]"$90.00";0.00')),
    hides("other numerals", look("Days!K5", code="[DBNum1]0")),
    hides("digits repeated", look("Days!K5", code="*9")),
    hides("white by the format", look("Days!K5", code="[White]0.00")),
    hides("white of the palette by the format", look("Days!K5", code="[Color2]0.00")),
    hides("whole dollars of a tax", look("Days!O5", code="$0"), "Days!O5"),
    hides("rooms all alike", look(ROOMS, code='"$90.00"'), "Days!K5:K8"),
    hides("another day", look("prepared_on", code='"11/30/2026"'), "Claim!I10"),
    hides("another word", look("Checklist!C6", code=';;;"missing"'), "Checklist!C6"),
    hides("a word behind a text", look("Days!S5", code='@" (lost)"'), "Days!S5"),
    hides("M&IE", look("Days!AB5", code='"$68.00"'), "Days!AB5"),
    hides("what is payable", look("payable", code='"$1,000.00"'), "Claim!G5"),
    hides("the sum above a column", look("Days!AC3", code='"$1,000.00"'), "Days!AC3"),
    *(
        case(f"as it is: {code}", look("Days!K5", code=code))
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
    case("a text as a text", look("Days!S5", code="General;General;General;@")),
    case("no amount of a blank cell", look("Days!K9", code='"$98.00"')),
    case("no amount of a blank row", look("Expenses!J20", code='"$98.00"')),
    # Nobody sees a helper column that the program folded away.
    case("a helper column", look("Days!BG5", code='"$90.00"')),
]

COLORS = [
    hides("white on white", look("Days!K5", font=ink(WHITE), fill=ground(WHITE))),
    hides("white on our own shade", look("Days!K5", font=ink(WHITE))),
    hides("nearly white", look("Days!K5", font=ink('rgb="FFF0F0F0"'))),
    hides("white of the theme", look("Days!K5", font=ink('theme="0"'))),
    hides("black made lighter", look("Days!K5", font=ink('theme="1" tint="0.98"'))),
    hides("white of the palette", look("Days!K5", font=ink('indexed="9"'))),
    hides("the system's ground", look("Days!K5", font=ink('indexed="65"'))),
    hides("black on black", look("Days!K5", fill=ground(BLACK))),
    hides("white without a fill", look("Days!K5", font=ink(WHITE), fill='<patternFill patternType="none"/>')),
    hides(
        "white on a gradient",
        look(
            "Days!K5",
            font=ink(WHITE),
            fill=f'<gradientFill><stop position="0"><color {WHITE}/></stop><stop position="1"><color rgb="FFEEEEEE"/>'
            "</stop></gradientFill>",
        ),
    ),
    hides("a navy total on navy", look("payable", fill=ground('rgb="FF1F3864"')), "Claim!G5"),
    hides("rooms in white", look(ROOMS, font=ink(WHITE)), "Days!K5:K8"),
    hides(
        "many cells in white",
        look(("Days!K5", "Days!O6", "Days!S7", "Days!W5", "Days!X6", "Days!Y7", "Days!K8"), font=ink(WHITE)),
        "Days!K5, Days!K8, Days!O6, Days!S7, Days!W5, Days!X6, Days!Y7",
    ),
    case("gray", look("Days!K5", font=ink('rgb="FF999999"'))),
    case("white on navy", look("Days!K5", font=ink(WHITE), fill=ground('rgb="FF1F3864"'))),
    case("black on yellow", look("Days!K5", fill=ground('rgb="FFFFFF00"'))),
    case("red on white", look("Days!K5", font=ink('rgb="FFFF0000"'), fill=ground(WHITE))),
    case("black made a little lighter", look("Days!K5", font=ink('theme="1" tint="0.35"'))),
    case("a blank cell in white", look("Days!K9", font=ink(WHITE))),
    case(
        "white on stripes of white and black",
        look(
            "Days!K5",
            font=ink(WHITE),
            fill=f'<patternFill patternType="darkUp"><fgColor {BLACK}/><bgColor {WHITE}/></patternFill>',
        ),
    ),
]

SIZES = [
    hides("letters of one point", look("Days!K5", font=ink(BLACK, 1))),
    hides("letters of three points", look("Days!K5", font=ink(BLACK, 3))),
    case("letters of six points", look("Days!K5", font=ink(BLACK, 6))),
    hides("signs instead of digits", look("Days!K5", font=ink(BLACK, 9, "Wingdings"))),
    case("another font", look("Days!K5", font=ink(BLACK, 9, "Arial"))),
    hides("a row of half a point", row_height("Days", 5, 0.5), "Days!A5:AC5"),
    hides("a row of three points", row_height("Days", 5, 3), "Days!A5:AC5"),
    case("a row of twelve points", row_height("Days", 5, 12)),
    hides("the row of the totals", row_height("Claim", 5, 1), "Claim!A5:J5"),
    hides("the row of the totals hidden", row_height("Claim", 5, 0), "Claim!A5:J5"),
    case("a low row without anything", row_height("Claim", 63, 0.5)),
    hides("a column of a third of a letter", column_width("Days", "K", 0.3), "Days!K5:K8"),
    hides("a column of nearly a letter", column_width("Days", "K", 0.9), "Days!K5:K8"),
    case("a column of six letters", column_width("Days", "K", 6)),
    hides("a column hidden", column_width("Days", "K", None), "Days!K5:K8"),
    hides("a column of amounts hidden", column_width("Days", "AB", None), "Days!AB3, Days!AB5:AB9"),
    case("a column hidden that is blank", column_width("Days", "AA", None)),
    # Sharers, an input, are folded away again; 1 is what a blank cell means.
    hides(
        "a rare column folded over its input", both(typed({"Days!L5": 1}), column_width("Days", "L", None)), "Days!L5"
    ),
    case("a column of labels hidden", column_width("Days", "B", None)),
    hides("a general number rounded", both(look("Days!O5", code="General"), column_width("Days", "O", 4)), "Days!O5"),
    case("a general number with room", both(look("Days!O5", code="General"), column_width("Days", "O", 5))),
]

PLACES = [
    hides("joined with the cell above", joined("Days", "K5:K6"), "Days!K6"),
    case("joined with a blank cell", joined("Days", "K8:K9")),
    hides("repeated across the cell", look("Days!K5", alignment='horizontal="fill"')),
    case("in the middle", look("Days!K5", alignment='horizontal="center"')),
    hides("pushed out of the cell", look("Days!K5", alignment='horizontal="right" indent="15"')),
    case("pushed a little", look("Days!K5", alignment='horizontal="right" indent="2"')),
]

CONDITIONS = [
    hides("white by a condition", conditional("Days", "K5:K8", f"<font><color {WHITE}/></font>"), "Days!K5:K8"),
    hides(
        "another amount by a condition",
        conditional("Days", "K5", '<numFmt numFmtId="801" formatCode="&quot;$90.00&quot;"/>'),
    ),
    hides(
        "the color of the text by a condition",
        conditional("Days", "K5", f"<fill><patternFill><bgColor {BLACK}/></patternFill></fill>"),
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
        conditional("Days", "K5:K8", '<fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill>'),
    ),
    case("red by a condition", conditional("Days", "K5:K8", '<font><color rgb="FF9C0006"/></font>')),
    case("white by a condition, elsewhere", conditional("Days", "K20:K30", f"<font><color {WHITE}/></font>")),
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
    case("a taxi in white", look("Expenses!J7", font=ink(WHITE)), "cell-display review Expenses!J7", claim=TAXI),
    case(
        "a taxi's category in white",
        look("Expenses!C7", font=ink(WHITE)),
        "cell-display review Expenses!C7",
        claim=TAXI,
    ),
    case("another amount allowed", look("Expenses!W5", code='"$90.00"'), "cell-display review Expenses!W5"),
]

CASES = FORMATS + COLORS + SIZES + PLACES + CONDITIONS + EXPENSES
