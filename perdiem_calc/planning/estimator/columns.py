"""From a column of a table, as people and libraries write it, to exact whole numbers; never a guess.

Dates become days since 1970-01-01, amounts cents. A text is read once however often it occurs. What cannot be
read is blamed on its row, with the column's name, what stands there, and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator.faults import Faults, Ints

EPOCH = date(1970, 1, 1)
FIRST_DAY, LAST_DAY = (date.min - EPOCH).days, (date.max - EPOCH).days
_NO_YEAR = "a year has four digits"
# Day 0 of the numbers that spreadsheets store for dates (right from 1 March 1900 on).
_SHEET_EPOCH = date(1899, 12, 30)
_SHEET_DAYS = range(367, 109_575)
_SHEET_DAY = re.compile(r"[0-9]{1,6}")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.0+)?)?)?", re.ASCII)
# No double has more digits before its point, and Python reads as many.
_PLAIN = re.compile(r"(-?)(\d{1,309})(?:\.(\d+))?", re.ASCII)
_DOLLARS_OR_PERCENT = re.compile(r"(-?)\$? ?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)? ?(%?)", re.ASCII)
_US = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: 0?0:00(?::00)?)?", re.ASCII)
_IN_WORDS = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})|(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[/-](?:\d{1,2}|[A-Za-z]{3})[/-]\d{2}", re.ASCII)
_MONTHS = [f"{date(2000, month, 1):%B}".lower() for month in range(1, 13)]
_COMPUTE = "open and save the file in Excel, or type its value"
_WRITE_DATE = "write year-month-day, like 2026-10-04"


@dataclass(frozen=True, slots=True)
class Quantity:
    """How a column of numbers is read: `scale` steps to one (100 for cents), from `least` to `most` (in ones).

    `blank` is what an empty cell means, in steps; `like` is what to write.
    """

    name: str
    scale: int
    most: int
    blank: int
    like: str
    least: int = 0


PERCENT = "lodging_tax_percent"
"""The column of tax in percent; what a spreadsheet shows as 12.5% it stores as 0.125, which is read as the same."""
_MOST_TAX = 0.3
_DOLLARS = "dollars and cents like 159.00"
QUANTITIES = {
    quantity.name: quantity
    for quantity in (
        Quantity("officers", 1, 1_000_000, 1, "a whole number like 3", least=1),
        Quantity("room_rate", 100, 9_999_999, -1, _DOLLARS),
        Quantity("lodging_tax_rate", 1_000_000, 1, 0, "a fraction of one like 0.125"),
        Quantity(PERCENT, 10_000, 100, 0, "a percent like 12.5"),
        Quantity("breakfasts", 1, 1000, 0, "a whole number like 3"),
        Quantity("lunches", 1, 1000, 0, "a whole number like 3"),
        Quantity("dinners", 1, 1000, 0, "a whole number like 3"),
        Quantity("miles", 100, 99_999, 0, "miles with at most two decimals like 98.5"),
        Quantity("airfare", 100, 9_999_999, 0, _DOLLARS),
        Quantity("other", 100, 9_999_999, 0, _DOLLARS),
        Quantity("paid_before", 100, 9_999_999, 0, _DOLLARS),
        Quantity("hours", 10_000, 24 * 367, -1, "hours like 13.5"),
    )
}

MONEY_IN = tuple(name for name, quantity in QUANTITIES.items() if quantity.like == _DOLLARS)
"""The columns of dollars that an estimate reads."""


def is_blank(value: object) -> bool:
    """Whether a cell is empty: nothing, not a number, or only spaces.

    >>> is_blank(None), is_blank(float("nan")), is_blank("  "), is_blank(0)
    (True, True, True, False)
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, float) and value != value


def text_of(value: object) -> str:
    """A cell as text; a whole number that a library made a float loses its point.

    >>> text_of(32801.0), text_of(" Orlando, FL "), text_of(None)
    ('32801', 'Orlando, FL', '')
    """
    if is_blank(value):
        return ""
    if isinstance(value, float | np.floating) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def refuse_formula(text: str) -> None:
    """Raise InputError where a cell is a formula, not what it comes to: a program wrote it, and none computed it."""
    if text.startswith("="):
        raise InputError("estimate.formula.no-value", f"{text[:40]} is a formula without a value", fix=_COMPUTE)


def read_days(column: pd.Series[Any], name: str, faults: Faults) -> Ints:
    """The days of a column of dates, counted from 1970-01-01; 0 where a fault is blamed."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype) and not isinstance(column.dtype, pd.ArrowDtype):
        stamps = column.dt.tz_localize(None)
        blank = stamps.isna().to_numpy()
        days: Ints = stamps.to_numpy().astype("datetime64[D]").astype(np.int64)
        faults.blame_rows(blank, f"{name}: blank; {_WRITE_DATE}")
        beyond = ~blank & ((days < FIRST_DAY) | (days > LAST_DAY))
        faults.blame_rows(beyond, f"{name}: {_NO_YEAR}; {_WRITE_DATE}")
        return np.where(blank | beyond, 0, days)
    return _read_distinct(column, name, faults, _day, f"blank; {_WRITE_DATE}")


def read_quantity(column: pd.Series[Any], quantity: Quantity, faults: Faults) -> Ints:
    """A column of numbers in steps of the quantity; what a blank cell means where it is blank."""
    kinds = pd.api.types
    dtype = column.dtype
    if kinds.is_bool_dtype(dtype) or kinds.is_complex_dtype(dtype) or not kinds.is_numeric_dtype(dtype):
        return _read_distinct(column, quantity.name, faults, lambda value: _steps(value, quantity), quantity.blank)
    values = column.to_numpy(dtype=np.float64)
    if quantity.name == PERCENT:
        values = np.where((values > 0) & (values <= _MOST_TAX), values * 100, values)
    blank = np.isnan(values)
    with np.errstate(over="ignore", invalid="ignore"):
        steps = np.rint(values * quantity.scale)
        # A double near 10,000,000.00 is within a millionth of a cent of its decimal; a third decimal is a tenth off.
        exact = np.abs(values * quantity.scale - steps) < 1e-3
        wrong = ~blank & ~(
            exact & (steps >= quantity.least * quantity.scale) & (steps <= quantity.most * quantity.scale)
        )
        if quantity.name == PERCENT:
            wrong |= (values > 0) & (values < 1)
    if wrong.any():
        _read_distinct(pd.Series(np.where(wrong, values, np.nan)), quantity.name, faults, _refusing(quantity), 0)
    steps[blank | wrong] = quantity.blank
    whole: Ints = steps.astype(np.int64)
    return whole


def place_codes(trips: pd.DataFrame, columns: Sequence[str]) -> tuple[Ints, list[tuple[object, ...]]]:
    """A number for each row's place, and for each number the cells that name it, in the order of `columns`."""
    codes, found = cell_codes(trips[columns[0]])
    if len(columns) == 1:
        return codes, [(value,) for value in found]
    for name in columns[1:]:
        more, distinct = cell_codes(trips[name])
        codes = pd.factorize(codes * len(distinct) + more)[0].astype(np.int64)
    first = np.unique(codes, return_index=True)[1]
    cells = zip(*(trips[name].iloc[first] for name in columns), strict=True)
    return codes, list(cells)


def group_codes(column: pd.Series[Any], faults: Faults) -> Ints:
    """A number for each row's group; rows with a blank cell are groups of their own. Blames formulas."""
    codes, found = cell_codes(column)
    formulas = np.array([isinstance(value, str) and value.startswith("=") for value in found])[codes]
    faults.blame_rows(formulas, f"{column.name}: is a formula without a value; {_COMPUTE}")
    blanks = np.array([is_blank(value) for value in found])[codes]
    codes[blanks] = len(found) + np.arange(int(blanks.sum()))
    return codes


def cell_codes(column: pd.Series[Any]) -> tuple[Ints, list[object]]:
    """A number for each row's cell, and the cells by number."""
    # To Python, TRUE and 1 are the same cell.
    if column.dtype == object and pd.api.types.infer_dtype(column).startswith("mixed"):
        column = pd.Series([_told_apart(cell) for cell in column], dtype=object)
    codes, found = pd.factorize(column, use_na_sentinel=False)
    return codes.astype(np.int64), list(found)


def _told_apart(cell: object) -> object:
    """A cell that is not taken for the number that it equals; a list, which cannot be compared, as text."""
    if isinstance(cell, bool | np.bool_ | complex):
        return str(cell)
    try:
        hash(cell)
    except TypeError:
        return str(cell)
    return cell


def _read_distinct(
    column: pd.Series[Any],
    name: str,
    faults: Faults,
    read: Callable[[object], int],
    blank: int | str,
) -> Ints:
    """Read each distinct cell once; `blank` is an empty cell's value, or what is wrong with one."""
    codes, found = cell_codes(column)
    values, wrong, texts = [], [], [""]
    for cell in found:
        value, fault = 0, ""
        if is_blank(cell):
            value, fault = (0, blank) if isinstance(blank, str) else (blank, "")
        else:
            try:
                value = read(cell)
            except InputError as error:
                fault = str(error)
        values.append(value)
        wrong.append(len(texts) if fault else 0)
        if fault:
            texts.append(f"{name}: {fault}")
    if len(texts) > 1:
        faults.blame(np.array(wrong, dtype=np.int64)[codes], texts)
    return np.array(values, dtype=np.int64)[codes]


def stated_day(text: str) -> date | None:
    """The day that a text states, as an estimate reads it; None where it states none.

    >>> stated_day("10/4/2026"), stated_day("soon")
    (datetime.date(2026, 10, 4), None)
    """
    try:
        return EPOCH + timedelta(days=_day(text))
    except InputError:
        return None


def _day(value: object) -> int:
    """A cell that states a date, as days since 1970-01-01. Raises InputError."""
    if isinstance(value, datetime | np.datetime64):
        stamp = pd.Timestamp(value)
        if not date.min.year <= stamp.year <= date.max.year:
            raise InputError("estimate.date.no-year", _NO_YEAR, fix=_WRITE_DATE)
        value = stamp.date()
    if isinstance(value, date):
        return (value - EPOCH).days
    text = text_of(value)
    match = _ISO.fullmatch(text)
    if match:
        try:
            return (date.fromisoformat(match[1]) - EPOCH).days
        except ValueError:
            raise InputError(
                "estimate.date.impossible", f"{match[1]} does not exist", fix="check the month and the day"
            ) from None
    if (stated := _day_in_words(text)) is not None:
        return (stated - EPOCH).days
    refuse_formula(text)
    if _SHORT_YEAR.fullmatch(text):
        raise InputError("estimate.date.no-year", f"{text}: {_NO_YEAR}", fix=_WRITE_DATE)
    if _SHEET_DAY.fullmatch(text) and int(text) in _SHEET_DAYS:
        meant = _SHEET_EPOCH + timedelta(days=int(text))
        fix = f"format the column as dates, or write {meant}"
        raise InputError("estimate.date.spreadsheet-number", f"{text} is a spreadsheet's number for {meant}", fix=fix)
    raise InputError("estimate.date.invalid", f"{text[:40]!r} is not a date", fix=_WRITE_DATE)


def _day_in_words(text: str) -> date | None:
    """The day of an American date, 10/4/2026 or Oct 4, 2026; None for another text. Raises InputError for no day.

    >>> _day_in_words("10/04/2026"), _day_in_words("October 4, 2026"), _day_in_words("4-Oct-2026")
    (datetime.date(2026, 10, 4), datetime.date(2026, 10, 4), datetime.date(2026, 10, 4))
    """
    if match := _US.fullmatch(text):
        month, day, year = (int(part) for part in match.groups())
    elif match := _IN_WORDS.fullmatch(text):
        name, day, year = (match[1] or match[5]).lower(), int(match[2] or match[4]), int(match[3] or match[6])
        month = next((number for number, full in enumerate(_MONTHS, start=1) if full.startswith(name)), 0)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        fix = "the month comes first, like 10/04/2026; or write 2026-10-04"
        raise InputError("estimate.date.impossible", f"{text} does not exist", fix=fix) from None


def _steps(value: object, quantity: Quantity) -> int:
    """A cell that states a number, in steps of its quantity. Raises InputError."""
    written = f"{value:f}" if isinstance(value, Decimal) and value.is_finite() else text_of(value)
    refuse_formula(written)
    match = _PLAIN.fullmatch(plain_number(written, quantity))
    if match is None or isinstance(value, bool | np.bool_):
        raise InputError("estimate.number.invalid", f"{written[:40]!r} is not a number", fix=f"write {quantity.like}")
    sign, whole, decimals = match[1], match[2], (match[3] or "").rstrip("0")
    if sign and (int(whole) or decimals):
        raise InputError("estimate.number.negative", f"{written[:40]} is negative", fix=f"write {quantity.like}")
    places = len(str(quantity.scale)) - 1
    if len(decimals) > places:
        raise InputError(
            "estimate.number.decimals", f"{written[:40]} has too many decimals", fix=f"write {quantity.like}"
        )
    steps = int(whole) * quantity.scale + int(decimals.ljust(places, "0") or 0)
    if quantity.name == PERCENT and 0 < steps < quantity.scale:
        fix = "write 12.5 or 12.5% for an eighth, or 0.125 in the column lodging_tax_rate"
        raise InputError("estimate.percent.small", f"{written[:40]} may be a percent or a part of one", fix=fix)
    if steps < quantity.least * quantity.scale:
        raise InputError(
            "estimate.number.too-small",
            f"{written[:40]} is too few",
            fix=f"write {quantity.like}, at least {quantity.least}",
        )
    if steps > quantity.most * quantity.scale:
        raise InputError(
            "estimate.number.too-large",
            f"{written[:40]} is too much",
            fix=f"write {quantity.like}, at most {quantity.most:,}",
        )
    return steps


def plain_number(written: str, quantity: Quantity) -> str:
    """A number as people write it without its dollar sign, thousands separators and percent sign.

    >>> plain_number("$1,234.50", QUANTITIES["airfare"]), plain_number("12.5%", QUANTITIES["lodging_tax_rate"])
    ('1234.50', '0.125')
    >>> plain_number("1,23", QUANTITIES["airfare"]), plain_number("0.125", QUANTITIES[PERCENT])
    ('1,23', '12.500')
    """
    match = _DOLLARS_OR_PERCENT.fullmatch(written)
    if match is None or ("$" in written and quantity.name not in MONEY_IN):
        return written
    sign, whole, decimals, percent = match.groups(default="")
    number = f"{sign}{whole.replace(',', '')}{decimals}"
    if percent and quantity.name != PERCENT:
        return f"{Decimal(number) / 100:f}" if quantity.name == "lodging_tax_rate" else written
    if quantity.name == PERCENT and not percent and 0 < Decimal(number) <= Decimal(str(_MOST_TAX)):
        return f"{Decimal(number) * 100:f}"
    return number


def _refusing(quantity: Quantity) -> Callable[[object], int]:
    """A reader of floats already known to be wrong."""

    def read(value: object) -> int:
        number = float(str(value))
        return _steps(f"{number:.12f}".rstrip("0").rstrip("."), quantity)

    return read
