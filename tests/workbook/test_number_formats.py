"""A number format shows a cell's own value, or something else: as Excel writes it, and as a person reads it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from perdiem_calc.workbook.form.layout import NUMBER_FORMATS, Kind
from perdiem_calc.workbook.reading.number_formats import color_of, misleads, shown

ACCOUNTING = '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)'
LONG_DATE = "[$-F800]dddd\\, mmmm dd\\, yyyy"


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234.5, "0", "1235"),
        (1234.5, "0.00", "1234.50"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234567, "#,##0", "1,234,567"),
        (5, "000", "005"),
        (5, "???", "  5"),
        (0.5, "#.##", ".5"),
        (98, "#.##", "98."),
        (98.5, ".00", "98.50"),
        (0, "#", ""),
        (98.125, "0.0?", "98.13"),
        (98.1, "0.0?", "98.1 "),
        (12345, "0,", "12"),
        (12345678, "0.0,,", "12.3"),
        (0.25, "0%", "25%"),
        (0.00255, "0.00%%", "25.50%%"),
        (98, '"$"0.00', "$98.00"),
        (98, "\\$0", "$98"),
        (98, "0\\.00", "0.98"),
        (9812345, "000-0000", "981-2345"),
        (98, "0_)", "98 "),
        (98, "0* ", "98"),
        (98, "General", "98"),
        (98, '"about "General', "about 98"),
        (-98, "0", "-98"),
        (-98, "0;(0)", "(98)"),
        (-98, "0;0", "98"),
        (-98, "0;[Red]0", "-98"),
        (-98, "0;[Red]-0", "-98"),
        (0, '0;-0;"none"', "none"),
        (5, "[<10]0.0;0", "5.0"),
        (15, "[<10]0.0;0", "15"),
        (5, "[<10]0.0;[<20]0.00;0", "5.0"),
        (15, "[<10]0.0;[<20]0.00;0", "15.00"),
        (25, "[<10]0.0;[<20]0.00;0", "25"),
        (5, '[=5]"five";0', "five"),
        (5, '[<>5]0;"five"', "five"),
        (5, '[>=5]"much";0', "much"),
        (5, '[<=5]"little";0', "little"),
        (98, "[$€-407] 0", "€ 98"),
        (98, "@", "98"),
        ("R1", "0", "R1"),
        ("R1", "@", "R1"),
        ("R1", '0;0;0;"receipt "@', "receipt R1"),
        ("R1", '0;"receipt "@', "receipt R1"),
        ("R1", ";;;", ""),
        (98, "[DBNum1]0", None),
        (98, "[$-2000409]0", None),
        (98, "0.00E+00", "9.80E+1"),
    ],
)
def test_a_format_writes_a_value_as_a_spreadsheet_does(value: object, code: str, text: str | None) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "kind"),
    [
        *((value, ACCOUNTING, Kind.AMOUNT) for value in (98, 0, -98, 1234567.89, "98.00")),
        *(
            (98.5, code, Kind.AMOUNT)
            for code in ("General", "0.0", "#,##0.00", '0.00" USD"', "$0.00", "# ?/?", "0.00E+0")
        ),
        *((0, code, Kind.AMOUNT) for code in ("0;-0;", "#,###", '0;0;"-"', ";;")),
        (98, "0", Kind.AMOUNT),
        (99999980000001, "$#,##0.00", Kind.AMOUNT),
        (5262134567890, "General", Kind.TEXT),
        (98.004, "0.00", Kind.AMOUNT),
        (0.30000000000000004, "0.00", Kind.AMOUNT),
        (98.5, '0.0" miles"', Kind.MILES),
        (98.5, '0.0 "mi."', Kind.MILES),
        (40, '0" hours"', Kind.COUNT),
        (0.75, "0%", Kind.PERCENT),
        (0.725, "$0.000", Kind.MILEAGE_RATE),
        (30301, "00000", Kind.TEXT),
        (46315, "0", Kind.DATE),
        (True, "0", Kind.YES_NO),
        (False, '"yes";"yes";"no"', Kind.YES_NO),
        (True, '"yes";"yes";"no"', Kind.YES_NO),
        (date(2026, 10, 4), "mm/dd/yyyy", Kind.DATE),
        (datetime(2026, 10, 4, 7, 30), 'yyyy-mm-dd"T"hh:mm', Kind.DATE),
        (datetime(2026, 10, 4), LONG_DATE, Kind.DATE),
        (datetime(2026, 10, 4), "[$-409]d\\-mmm\\-yy;@", Kind.DATE),
        (time(7, 30), "[$-409]h:mm AM/PM;@", Kind.TIME),
        (time(7, 30), "[<1]hh:mm;mm/dd/yyyy hh:mm", Kind.TIME),
        (timedelta(hours=30), "[h]:mm", Kind.TIME),
        (datetime(2026, 10, 4), "mm/dd/yyyy", Kind.TEXT),
        ("attached", "General", Kind.CHOICE),
        ("attached", "@", Kind.CHOICE),
        ("attached ", "_(@_)", Kind.CHOICE),
    ],
)
def test_a_value_that_is_seen_as_it_is(value: object, code: str, kind: Kind) -> None:
    assert misleads(value, code, kind) == ""


@pytest.mark.parametrize(
    ("value", "code", "kind", "seen"),
    [
        (113, '"$98.00"', Kind.AMOUNT, '"$98.00" whatever it holds'),
        (98, '"$98.00"', Kind.AMOUNT, '"$98.00" whatever it holds'),
        (113, "\\9\\8", Kind.AMOUNT, '"98" whatever it holds'),
        (113, "[$98.00]", Kind.AMOUNT, '"98.00" whatever it holds'),
        (113, ";;;", Kind.AMOUNT, "nothing"),
        (113, ";-0;0", Kind.AMOUNT, "nothing"),
        (-113, "0;;0", Kind.AMOUNT, "nothing"),
        (113, "0,", Kind.AMOUNT, '"0"'),
        (113, "0%", Kind.AMOUNT, '"11300%"'),
        (113, '"1"0', Kind.AMOUNT, '"1113"'),
        (113, '0"0"', Kind.AMOUNT, '"1130"'),
        (113, '0"."00', Kind.AMOUNT, '"1.13"'),
        (113, "0\\,00", Kind.AMOUNT, '"1,13"'),
        (112.6, "0", Kind.AMOUNT, '"113"'),
        (112.61, "# ?/?", Kind.AMOUNT, '"about 563/5"'),
        (113, "-0.00", Kind.AMOUNT, '"-113.00"'),
        (113, "(0.00)", Kind.AMOUNT, '"(113.00)"'),
        (-113, "0.00;0.00", Kind.AMOUNT, '"113.00"'),
        (113, '0.00" paid"', Kind.AMOUNT, '"113.00 paid"'),
        (113, "€0.00", Kind.AMOUNT, '"€113.00"'),
        (113, '0.00" mi"', Kind.AMOUNT, '"113.00 mi"'),
        (113, "*90", Kind.AMOUNT, '"99113"'),
        (113, "[DBNum1]0", Kind.AMOUNT, "another calendar or other numerals"),
        (113, "[>100]0,;0", Kind.AMOUNT, '"0"'),
        (0, '"$98.00"', Kind.AMOUNT, '"$98.00"'),
        (0.725, "$0.00", Kind.MILEAGE_RATE, '"$0.73"'),
        (2e12, "0.00%", Kind.AMOUNT, '"200000000000000"'),
        (0.75, "0", Kind.PERCENT, '"1"'),
        (98.5, "0", Kind.MILES, '"99"'),
        (True, '"no"', Kind.YES_NO, '"no"'),
        (True, ";;;", Kind.YES_NO, "nothing"),
        ("missing", ';;;"attached"', Kind.CHOICE, '"attached" whatever it holds'),
        ("missing", '"not "@', Kind.CHOICE, '"not missing"'),
        ("R1", ";;;", Kind.TEXT, "nothing"),
        (datetime(2026, 10, 4), '"11/30/2026"', Kind.DATE, '"11/30/2026" whatever it holds'),
        (datetime(2026, 10, 4), ";;;", Kind.DATE, "nothing"),
        (datetime(2026, 10, 4), '"November "d', Kind.DATE, '"… November"'),
        (datetime(2026, 10, 4), 'd"1"', Kind.DATE, '"… 1"'),
        (datetime(2026, 10, 4), "[$-107041E]d mmm yyyy", Kind.DATE, "another calendar or other numerals"),
        (datetime(1900, 4, 7), "mm/dd/yyyy", Kind.AMOUNT, "a date or time"),
    ],
)
def test_a_value_that_is_seen_as_something_else(value: object, code: str, kind: Kind, seen: str) -> None:
    assert misleads(value, code, kind) == seen


@pytest.mark.parametrize("kind", list(Kind))
def test_our_own_formats_show_what_they_are_for(kind: Kind) -> None:
    values: dict[Kind, list[object]] = {
        Kind.AMOUNT: [0, 0.01, 98, 1018.5, -98.12],
        Kind.DATE: [datetime(2026, 10, 4)],
        Kind.TIME: [time(0, 0), time(7, 30)],
        Kind.COUNT: [0, 40],
        Kind.MILES: [98, 98.5, 1234.56],
        Kind.MILEAGE_RATE: [0.725, 0.7],
        Kind.PERCENT: [0, 0.75, 1],
    }
    for value in values.get(kind, ["R1", "attached", "yes"]):
        assert misleads(value, NUMBER_FORMATS.get(kind, "General"), kind) == "", value


@given(
    st.integers(0, 10**9), st.sampled_from([code for code in BUILTIN_FORMATS.values() if not is_date_format(code)])
)
def test_excels_own_formats_show_whole_dollars(value: int, code: str) -> None:
    """All but percent, which is for shares, and powers of ten, which round."""
    assert "%" in code or "E" in code or misleads(value, code, Kind.AMOUNT) == ""


@given(
    st.text(st.sampled_from('0#?.,%$;"\\_*[]()@-+ eE/dmyhsAP&General<>=19€'), max_size=40),
    st.integers(-(10**13), 10**13),
)
def test_any_format_is_judged(code: str, cents: int) -> None:
    for value in (cents / 100, cents, True, "R1", datetime(2026, 10, 4), time(7), timedelta(hours=30), 1e300):
        for kind in (Kind.AMOUNT, Kind.DATE, Kind.TEXT):
            assert isinstance(misleads(value, code, kind), str)
            assert isinstance(color_of(value, code), str | int | None)


@pytest.mark.parametrize(
    ("value", "code", "color"),
    [
        (98, "[White]0", "FFFFFF"),
        (98, "[WHITE]0;[Black]0", "FFFFFF"),
        (-98, "[White]0;[Black]0", "000000"),
        (98, "[Color 2]0", 9),
        (98, "[Color56]0", 63),
        (98, "0", None),
        ("R1", "[White]0", None),
        ("R1", "[White]@", "FFFFFF"),
    ],
)
def test_a_format_names_a_color(value: object, code: str, color: str | int | None) -> None:
    assert color_of(value, code) == color
