"""What people type into a form, understood: US dates, 12-hour times, dollars, states by name, words of a list.

Each function takes what stands in a cell that is not blank and gives what the claim's field takes. It raises Unfit
for what it cannot understand, with what to type instead.

>>> day("Oct 4, 2026"), clock("6:30 am"), clock("0530"), amount("$1,018.00")
(datetime.date(2026, 10, 4), datetime.time(6, 30), datetime.time(5, 30), '1018.00')
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from difflib import get_close_matches

from perdiem_calc.claims.fields import shown
from perdiem_calc.rates.places import state_code
from perdiem_calc.text import with_blanks
from perdiem_calc.workbook.form.layout import Kind
from perdiem_calc.workbook.form2.table import CHOICES
from perdiem_calc.workbook.reading import values
from perdiem_calc.workbook.reading.values import Unfit

DATE_FIX = "type it like 10/4/2026"
TIME_FIX = "type it like 6:30 AM"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_US = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", re.ASCII)
_NAMED = re.compile(r"([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})", re.ASCII)
_NAMED_AFTER = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})\.?,?[ -](\d{4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?::?(\d{2}))?(?::00)? *(?:([ap])\.?m?\.?)?", re.ASCII)
_DOLLARS = re.compile(r"\$? *(\d{1,3}(?:,\d{3})+|\d+)(\.\d*)?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def text(value: object) -> str:
    """Text without blanks around it, no-break blanks included; also where a program took it for a number."""
    return " ".join(with_blanks(values.text(value)).strip().split(" "))


def lines(value: object) -> str:
    """Text of several lines."""
    return with_blanks(values.text(value)).strip()


def day(value: object) -> object:
    """A day.

    >>> day("10/4/2026"), day("4 Oct 2026"), day(46299)
    (datetime.date(2026, 10, 4), datetime.date(2026, 10, 4), datetime.date(2026, 10, 4))
    """
    if not isinstance(value, str):
        try:
            return values.day(value)
        except Unfit as error:
            raise Unfit(error.what, DATE_FIX) from None
    said = text(value).casefold()
    found = _parts(said)
    if found is None:
        raise Unfit(f"{shown(text(value))} is not a date", DATE_FIX)
    try:
        return date(*found)
    except ValueError:
        raise Unfit(
            f"{shown(text(value))} is no day of the calendar", f"{DATE_FIX}: the month, the day, the year"
        ) from None


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


def clock(value: object) -> time:
    """A time of day.

    >>> clock(0.25), clock(1845), clock("6 pm")
    (datetime.time(6, 0), datetime.time(18, 45), datetime.time(18, 0))
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 1 and value == int(value):
        value = f"{int(value):04}"
    if isinstance(value, str):
        return _clock_of(text(value).casefold(), value)
    try:
        found = values.clock(value)
    except Unfit as error:
        raise Unfit(error.what, TIME_FIX) from None
    if isinstance(found, datetime) and found.date() <= date(1900, 1, 1):
        found = found.time()
    if not isinstance(found, time) or found.second or found.microsecond:
        raise Unfit("is not a time of day", TIME_FIX)
    return found


def _clock_of(said: str, typed: str) -> time:
    if said == "noon":
        return time(12)
    found = _CLOCK.fullmatch(said)
    if found is None or (found[2] is None and found[3] is None):
        raise Unfit(f"{shown(text(typed))} is not a time", TIME_FIX)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        raise Unfit(f"{shown(text(typed))} is not a time", TIME_FIX)
    if half:
        hour = hour % 12 + 12 * (half == "p")
    if hour > 23 or minute > 59:
        raise Unfit(f"{shown(text(typed))} is not a time", TIME_FIX)
    return time(hour, minute)


def amount(value: object) -> str:
    """Dollars and cents as the claim writes them.

    >>> amount(159.0), amount(" 34.5 ")
    ('159.00', '34.50')
    """
    fix = "type dollars and cents, like 159.00"
    if isinstance(value, str):
        said = text(value)
        if said.endswith("%"):
            raise Unfit(f"{shown(said)} is a percentage, and an amount is due", fix)
        found = _DOLLARS.fullmatch(said)
        if found is None:
            raise Unfit(f"{shown(said)} is not an amount", fix)
        decimals = (found[2] or ".")[1:]
        value = f"{found[1].replace(',', '')}.{decimals:0<2}"
        if len(decimals) > 2:
            raise Unfit(f"{shown(said)} has more than two decimals", fix)
        return value
    said = values.amount(value)
    if said.startswith("-"):
        raise Unfit(f"{said} is below zero", fix)
    if len(said.partition(".")[2]) != 2:
        raise Unfit(f"{said} is not dollars and cents", fix)
    return said


def miles(value: object) -> str:
    """Miles, with a comma or without.

    >>> miles("1,024.5")
    '1024.5'
    """
    return values.miles(text(value).replace(",", "") if isinstance(value, str) else value)


def count(value: object) -> object:
    """A whole number."""
    return values.count(text(value) if isinstance(value, str) else value)


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


READERS: dict[Kind, Callable[[object], object]] = {
    Kind.TEXT: text,
    Kind.AMOUNT: amount,
    Kind.MILES: miles,
    Kind.DATE: day,
    Kind.TIME: clock,
    Kind.COUNT: count,
    Kind.YES_NO: yes_or_no,
    Kind.LIST: several,
    Kind.CHOICE: text,
}
MULTILINE = frozenset({"agency_remit_to", "extra_night_reason", "approval_reason"})
MULTILINE_COLUMNS = frozenset({"reason", "why", "note", "answer"})


def reader_of(name: str, kind: Kind, choices: str) -> Callable[[object], object]:
    """What reads a box or a column, by its name or key, kind and list."""
    if choices == "states":
        return state
    if choices:
        return choice(choices)
    if name == "zip" or name.endswith("_zip"):
        return zip5
    if name in MULTILINE or name in MULTILINE_COLUMNS:
        return lines
    return READERS[kind]
