"""What people type into a workbook, understood: US dates, 12-hour times, dollars, states by name, words of a list.

Each reader takes what stands in a cell that is not blank and gives what the claim's field takes. It raises Unfit for
what it cannot understand, with what to type instead.

>>> day("Oct 4, 2026"), clock("6:30 am"), clock("0530"), amount("$1,018.00")
(datetime.date(2026, 10, 4), datetime.time(6, 30), datetime.time(5, 30), '1018.00')
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches

from openpyxl.utils.datetime import from_excel

from perdiem_calc.claims.fields import shown
from perdiem_calc.rates.places import state_code
from perdiem_calc.text import on_one_line, with_blanks
from perdiem_calc.workbook.form.layout import Kind
from perdiem_calc.workbook.form.table import CHOICES
from perdiem_calc.workbook.reading.arithmetic import plain_result, rounded
from perdiem_calc.workbook.reading.cells import ReadCell
from perdiem_calc.workbook.reading.stored_formulas import truth_of

PLACES = 9
NOISE = Decimal(1).scaleb(-PLACES)
"""What binary numbers add to a decimal one, at most."""
FAR = 10**12
"""A number this large is no amount of a claim, and is not rounded."""
LONGEST_COUNT = 9
DATE_FIX = "type it like 10/4/2026"
TIME_FIX = "type it like 6:30 AM"
AMOUNT_FIX = "type dollars and cents, like 159.00"
MILES_FIX = "type a number with at most two decimals, like 98.5"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_US = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", re.ASCII)
_NAMED = re.compile(r"([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})", re.ASCII)
_NAMED_AFTER = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})\.?,?[ -](\d{4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?::?(\d{2}))?(?::00)? *(?:([ap])\.?m?\.?)?", re.ASCII)
_DOLLARS = re.compile(r"\$? *(\d{1,3}(?:,\d{3})+|\d+)(\.\d*)?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MILES = re.compile(r"\d{1,5}(\.\d{1,2})?", re.ASCII)

Reader = Callable[[object], object]


class Unfit(ValueError):
    """What stands in a cell is not what is due there. Says what is wrong, and how to fix it."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


def text(value: object) -> str:
    """Text without blanks around it, no-break blanks included; also where a program took it for another kind.

    >>> text(4417.0), text("  R1 "), text(datetime(2026, 10, 4))
    ('4417', 'R1', '2026-10-04')
    """
    return " ".join(lines(value).split(" "))


def lines(value: object) -> str:
    """Text of several lines."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    return with_blanks(str(value)).strip()


def typed_in(cell: ReadCell, reader: Reader, epoch: datetime) -> object:
    """What a person typed into a cell that is not blank, for a reader to take: a value, or plain arithmetic.

    A formula counts with what it gives by itself, of an amount the cents, half up; never with the value kept with it.
    Raises Unfit for an error, and for a formula that uses other cells, functions or texts.
    """
    if cell.formula is None:
        if cell.is_error:
            raise Unfit(f"holds the error {cell.value}", "type the value itself")
        return cell.value
    truth = truth_of(cell.formula)
    if truth is not None:
        return truth
    result = plain_result(cell.formula)
    if result is None:
        raise Unfit(f'holds a formula, "{on_one_line(cell.formula, 40)}"', "type the value itself")
    if reader in (day, clock):
        try:
            return from_excel(float(result), epoch)
        except (ValueError, OverflowError):
            raise Unfit("must be a date", DATE_FIX) from None
    if reader is amount:
        return f"{rounded(result, 2)}"
    return f"{rounded(result, PLACES).normalize() + 0:f}"


def day(value: object) -> object:
    """A day.

    >>> day("10/4/2026"), day("4 Oct 2026"), day(46299)
    (datetime.date(2026, 10, 4), datetime.date(2026, 10, 4), datetime.date(2026, 10, 4))
    """
    if isinstance(value, str):
        return _day_of(text(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = _from_number(value)
    if isinstance(value, datetime):
        found = _to_the_minute(value)
        if found.time() != time():
            raise Unfit("holds a time as well", DATE_FIX)
        return found.date()
    if isinstance(value, date):
        return value
    raise Unfit("must be a date", DATE_FIX)


def _day_of(said: str) -> date:
    found = _parts(said.casefold())
    if found is None:
        raise Unfit(f"{shown(said)} is not a date", DATE_FIX)
    try:
        return date(*found)
    except ValueError:
        raise Unfit(f"{shown(said)} is no day of the calendar", f"{DATE_FIX}: the month, the day, the year") from None


def _parts(said: str) -> tuple[int, int, int] | None:
    """Year, month and day of a text."""
    if iso := _ISO.fullmatch(said):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if us := _US.fullmatch(said):
        return int(us[3]) + 2000 * (len(us[3]) == 2), int(us[1]), int(us[2])
    if named := _NAMED.fullmatch(said):
        month, on, year = named[1], named[2], named[3]
    elif named := _NAMED_AFTER.fullmatch(said):
        month, on, year = named[2], named[1], named[3]
    else:
        return None
    return (int(year), _MONTHS.index(month[:3]) + 1, int(on)) if month[:3] in _MONTHS else None


def _to_the_minute(value: datetime) -> datetime:
    """A date and time without what binary numbers add; seconds that a person typed stay, to be refused."""
    try:
        whole = (value + timedelta(seconds=30)).replace(second=0, microsecond=0)
    except OverflowError:
        raise Unfit("must be a date", DATE_FIX) from None
    return whole if abs(whole - value) < timedelta(seconds=1) else value


def _from_number(value: float) -> object:
    try:
        return from_excel(value)
    except (ValueError, OverflowError):
        raise Unfit("must be a date", DATE_FIX) from None


def clock(value: object) -> time:
    """A time of day.

    >>> clock(0.25), clock(1845), clock("6 pm")
    (datetime.time(6, 0), datetime.time(18, 45), datetime.time(18, 0))
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{int(value):04}" if value >= 1 and value == int(value) else _from_number(value)
    if isinstance(value, str):
        return _clock_of(text(value))
    if isinstance(value, datetime):
        value = _to_the_minute(value)
        value = value.time() if value.date() <= date(1900, 1, 1) else value
    if isinstance(value, time) and value.second + value.microsecond / 1e6 < 1:
        return value.replace(second=0, microsecond=0)
    raise Unfit("is not a time of day", TIME_FIX)


def _clock_of(said: str) -> time:
    unfit = Unfit(f"{shown(said)} is not a time", TIME_FIX)
    if said.casefold() == "noon":
        return time(12)
    found = _CLOCK.fullmatch(said.casefold())
    if found is None or (found[2] is None and found[3] is None):
        raise unfit
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        raise unfit
    if half:
        hour = hour % 12 + 12 * (half == "p")
    if hour > 23 or minute > 59:
        raise unfit
    return time(hour, minute)


def amount(value: object) -> str:
    """Dollars and cents as the claim writes them.

    >>> amount(159.0), amount(" 34.5 "), amount(0.1 + 0.2)
    ('159.00', '34.50', '0.30')
    """
    if isinstance(value, str):
        said = text(value)
        if said.endswith("%"):
            raise Unfit(f"{shown(said)} is a percentage, and an amount is due", AMOUNT_FIX)
        found = _DOLLARS.fullmatch(said)
        if found is None:
            raise Unfit(f"{shown(said)} is not an amount", AMOUNT_FIX)
        decimals = (found[2] or ".")[1:]
        if len(decimals) > 2:
            raise Unfit(f"{shown(said)} has more than two decimals", AMOUNT_FIX)
        return f"{found[1].replace(',', '')}.{decimals:0<2}"
    number = _decimal(value, "must be an amount", AMOUNT_FIX)
    if number < 0:
        raise Unfit(f"{number:f} is below zero", AMOUNT_FIX)
    if number >= FAR:
        raise Unfit("must be an amount of a claim", AMOUNT_FIX)
    if number != round(number, 2):
        raise Unfit(f"{number:f} is not dollars and cents", AMOUNT_FIX)
    return f"{number:.2f}"


def _decimal(value: object, what: str, fix: str) -> Decimal:
    """A number without what binary numbers add to a decimal one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(what, fix)
    number = Decimal(repr(value))
    return (number.quantize(NOISE) if abs(number) < FAR else number).normalize() + 0


def miles(value: object) -> str:
    """Miles, with a comma or without.

    >>> miles("1,024.5"), miles(38.0)
    ('1024.5', '38')
    """
    if isinstance(value, str):
        said = text(value).replace(",", "")
        what = f"{shown(text(value))} is not a number of miles"
    else:
        said, what = f"{_decimal(value, 'must be a number of miles', MILES_FIX):f}", "must be a number of miles"
    if not _MILES.fullmatch(said):
        raise Unfit(what, MILES_FIX)
    return said


def count(value: object) -> object:
    """A whole number.

    >>> count(40.0), count("2 ")
    (40, 2)
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    said = text(value) if isinstance(value, str) else ""
    if said.isascii() and said.isdecimal() and len(said) <= LONGEST_COUNT:
        return int(said)
    raise Unfit("must be a whole number", "type digits only, like 2")


def yes_or_no(value: object) -> bool:
    """Whether a cell says yes.

    >>> yes_or_no("Y"), yes_or_no("no ")
    (True, False)
    """
    if isinstance(value, bool):
        return value
    said = text(value).casefold()
    if said in ("yes", "y", "true"):
        return True
    if said in ("no", "n", "false"):
        return False
    raise Unfit(f"{shown(text(value))} is neither yes nor no", "choose Yes or No")


def several(value: object) -> tuple[str, ...]:
    """Several texts with semicolons between them."""
    return tuple(part.strip() for part in text(value).split(";") if part.strip())


def zip5(value: object) -> str:
    """A ZIP, also where a program took it for a number and dropped its zeros.

    >>> zip5(2139), zip5("32801 ")
    ('02139', '32801')
    """
    said = text(value)
    return said.zfill(5) if isinstance(value, int | float) else said


def state(value: object) -> str:
    """A state's code, by code or name.

    >>> state("florida"), state("FL")
    ('FL', 'FL')
    """
    said = text(value)
    found = state_code(said)
    if found is None:
        raise Unfit(f"{shown(said)} is no state", "type its name or two letters, like FL")
    return found


def choice(choices: str) -> Callable[[object], str]:
    """What reads a choice of a list: its words, or what the claim stores.

    >>> choice("meals")("in the course fee"), choice("meals")("registration")
    ('registration', 'registration')
    """
    known = {words.casefold(): stored for words, stored in CHOICES[choices].items()}
    known |= {stored: stored for stored in CHOICES[choices].values() if stored}

    def read(value: object) -> str:
        said = text(value)
        if said.casefold() in known:
            return known[said.casefold()]
        words = list(CHOICES[choices])
        near = get_close_matches(said.casefold(), [word.casefold() for word in words], n=1)
        meant = next((word for word in words if near and word.casefold() == near[0]), words[0])
        raise Unfit(f"{shown(said)} is not in the list", f"choose from it, like {meant}")

    return read


_READERS: dict[Kind, Reader] = {
    Kind.AMOUNT: amount,
    Kind.MILES: miles,
    Kind.DATE: day,
    Kind.TIME: clock,
    Kind.COUNT: count,
    Kind.YES_NO: yes_or_no,
    Kind.LIST: several,
}
MULTILINE = frozenset({"agency_remit_to", "extra_night_reason", "approval_reason"})
MULTILINE_COLUMNS = frozenset({"reason", "why", "note", "answer"})


def reader_of(name: str, kind: Kind, choices: str) -> Reader:
    """What reads a box or a column, by its name or key, kind and list."""
    if choices == "states":
        return state
    if choices:
        return choice(choices)
    if name == "zip" or name.endswith("_zip"):
        return zip5
    if name in MULTILINE or name in MULTILINE_COLUMNS:
        return lines
    return _READERS.get(kind, text)
