"""From what stands in a cell to what the claim's field takes; what does not fit is refused with the fix.

>>> amount(159.0), miles(98.5), yes_or_no("Yes")
('159.00', '98.5', True)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from openpyxl.utils.datetime import from_excel

from perdiem_calc.claims.fields import is_no
from perdiem_calc.money import CENT
from perdiem_calc.text import on_one_line
from perdiem_calc.workbook.form.layout import NO, YES, Kind
from perdiem_calc.workbook.form.lists import from_list
from perdiem_calc.workbook.reading.arithmetic import plain_result, rounded
from perdiem_calc.workbook.reading.cells import ReadCell
from perdiem_calc.workbook.reading.stored_formulas import truth_of

PLACES = 9
NOISE = Decimal(1).scaleb(-PLACES)
"""What binary numbers add to a decimal one, at most."""
FAR = 10**12
"""So large a number is no amount of a claim, and is not rounded."""
LONGEST_COUNT = 9
TYPE_DATE = "type it as year-month-day, like 2026-10-04"
"""Excel takes it for a date wherever it runs, and a cell of text keeps it as it is read here."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?", re.ASCII)
_MILES = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?", re.ASCII)


Reader = Callable[[object], object]


class Unfit(ValueError):
    """What stands in a cell is not what is due there. Says what is wrong, and how to fix it."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


def text(value: object) -> str:
    """Text, also where Excel took it for a number, a date or a yes.

    >>> text(4417.0), text("  R1 ")
    ('4417', 'R1')
    """
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    return str(value).strip()


def amount(value: object) -> str:
    """Dollars and cents as the claim writes them; three decimals stay, to be refused.

    >>> amount(0.1 + 0.2), amount(12.345), amount("12.50")
    ('0.30', '12.345', '12.50')
    """
    number = _decimal(value, "must be an amount", "type dollars and cents, like 159.00")
    if isinstance(number, str):
        return number
    in_cents = abs(number) < FAR and number == number.quantize(CENT)
    return f"{number.quantize(CENT)}" if in_cents else f"{number:f}"


def miles(value: object) -> str:
    """Miles as the claim writes them.

    >>> miles(38.0)
    '38'
    """
    what, fix = "must be a number of miles", "type a number with at most two decimals, like 98.5"
    number = _decimal(value, what, fix)
    if isinstance(number, str):
        what, fix = is_no(number, "a number of miles"), "type only the number, like 192 or 98.5"
    said = number if isinstance(number, str) else f"{number.normalize():f}"
    if not _MILES.fullmatch(said):
        raise Unfit(what, fix)
    return said


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
    if reader in (day, moment, clock):
        try:
            return from_excel(float(result), epoch)
        except (ValueError, OverflowError):
            raise Unfit("must be a date", TYPE_DATE) from None
    if reader is amount:
        return f"{rounded(result, 2)}"
    return f"{rounded(result, PLACES).normalize() + 0:f}"


def _decimal(value: object, what: str, fix: str) -> Decimal | str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(what, fix)
    number = Decimal(repr(value))
    rounded = number.quantize(NOISE) if abs(number) < FAR else number
    return rounded.normalize() + 0


def day(value: object) -> object:
    """A date.

    >>> day(datetime(2026, 10, 4)), day(46299)
    (datetime.date(2026, 10, 4), datetime.date(2026, 10, 4))
    """
    found = moment(value)
    if isinstance(found, datetime):
        raise Unfit("holds a time as well", "type the date alone, like 2026-10-04")
    return found


def moment(value: object) -> object:
    """A date, or a date and time of day; text that reads like one as it stands.

    >>> moment("2026-10-04"), moment("Oct 4")
    Traceback (most recent call last):
    ...
    perdiem_calc.workbook.reading.values.Unfit: 'Oct 4' is not a date
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = _from_number(value)
    if isinstance(value, datetime):
        value = _to_the_minute(value)
        return value.date() if value.time() == time() else value
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        if not _DATE.fullmatch(value.strip()):
            raise Unfit(is_no(value, "a date"), TYPE_DATE)
        return value.strip()
    raise Unfit("must be a date", TYPE_DATE)


def _to_the_minute(value: datetime) -> datetime:
    """A date and time without what binary numbers add; seconds that a person typed stay, to be refused."""
    try:
        whole = (value + timedelta(seconds=30)).replace(second=0, microsecond=0)
    except OverflowError:
        raise Unfit("must be a date", TYPE_DATE) from None
    return whole if abs(whole - value) < timedelta(seconds=1) else value


def _from_number(value: float) -> object:
    try:
        return from_excel(value)
    except (ValueError, OverflowError):
        raise Unfit("must be a date", TYPE_DATE) from None


def clock(value: object) -> object:
    """A time of day; or, where the day is stated with it, both."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = _from_number(value)
    if isinstance(value, time):
        seconds = value.second + value.microsecond / 1e6
        return value.replace(second=0, microsecond=0) if seconds < 1 else value
    if isinstance(value, timedelta):
        raise Unfit("must be a time of day", "type it like 07:30 or 19:45")
    if isinstance(value, datetime):
        return _to_the_minute(value)
    if isinstance(value, str):
        return value.strip()
    raise Unfit("must be a time of day", "type it like 07:30 or 19:45")


def count(value: object) -> object:
    """A whole number.

    >>> count(40.0)
    40
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.strip().isdecimal() and len(value) <= LONGEST_COUNT:
        return int(value)
    raise Unfit("must be a whole number", "type digits only, like 2")


def yes_or_no(value: object) -> bool:
    """Whether a cell says yes.

    >>> yes_or_no("no"), yes_or_no(True)
    (False, True)
    """
    if isinstance(value, bool):
        return value
    answers = {YES: True, NO: False}
    said = str(value).strip().casefold()
    if said not in answers:
        raise Unfit("must be yes or no", "choose one of the two")
    return answers[said]


def choice(value: object) -> str:
    """One of a list, whatever its case."""
    return text(value).casefold()


def several(value: object) -> tuple[str, ...]:
    """Several texts with semicolons between them."""
    return from_list(text(value))


READERS: Mapping[Kind, Reader] = {
    Kind.TEXT: text,
    Kind.AMOUNT: amount,
    Kind.MILES: miles,
    Kind.DATE: day,
    Kind.MOMENT: clock,
    Kind.TIME: clock,
    Kind.COUNT: count,
    Kind.YES_NO: yes_or_no,
    Kind.CHOICE: choice,
    Kind.LIST: several,
}
"""What reads the cells of each kind: from a value that is not blank to what the claim's field takes; raises Unfit."""
