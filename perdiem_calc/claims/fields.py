"""The kinds of value a claim's field can hold, each read strictly and refused with the fix.

>>> from pydantic import TypeAdapter
>>> TypeAdapter(Amount).validate_python("159.00")
Decimal('159.00')
>>> TypeAdapter(Moment).validate_python("2026-10-04T12:30")
datetime.datetime(2026, 10, 4, 12, 30)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from perdiem_calc.errors import InputError
from perdiem_calc.money import CENT, dollars
from perdiem_calc.text import SSN, readable, why_no_line, why_no_name, why_no_text, with_blanks

_NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)")
_MILES = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:00)?")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(:00)?")

YEARS = range(1900, 2200)
"""The years a claim's dates can lie in; any other is a slip of the pen."""

LONGEST_SHOWN = 40
"""Of what was given, at most so many characters are shown."""

AS_RECORDED = "as recorded"
"""The validation context of a claim on record: characters that no line may hold are left out, not refused."""

T = TypeVar("T")
D = TypeVar("D", bound=date)


def without_ssn(text: str) -> str:
    """A text in which everything shaped like a Social Security number is struck out, so that it can be shown.

    >>> without_ssn("'123-45-6789' is not an amount"), without_ssn("id 123456789")
    ("'(nine digits)' is not an amount", 'id (nine digits)')
    """
    return _NINE_DIGITS.sub("(nine digits)", SSN.sub("(nine digits)", text))


def shown(value: object) -> str:
    """What was given, so that a person finds it again: short, and without any Social Security number.

    >>> shown("Oct 4"), shown(159), shown(["159.00"])
    ("'Oct 4'", '159', 'what is there')
    """
    if not isinstance(value, str | int | float | Decimal):
        return "what is there"
    if isinstance(value, int) and value.bit_length() > LONGEST_SHOWN:
        return "so long a number"
    # Far more than is shown, so that no number that must be struck out is cut in two.
    text = without_ssn(repr(value[: 5 * LONGEST_SHOWN])) if isinstance(value, str) else str(value)
    return shortened(text)


def shortened(text: str) -> str:
    """The beginning of a text that is longer than what is shown of one."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def is_no(value: object, due: str) -> str:
    """The message that a value is not of the kind `due`; it quotes the value if that is a text."""
    return f"{shown(value)} is not {due}" if isinstance(value, str) else f"must be {due}"


def _line(value: str, info: ValidationInfo) -> str:
    if info.context == AS_RECORDED:
        return readable(value).strip() or "-"
    line = with_blanks(value)
    if why := why_no_line(line):
        raise ValueError(why)
    return line


def _lines(value: str, info: ValidationInfo) -> str:
    text = with_blanks(value.replace("\r\n", "\n").replace("\r", "\n"))
    if info.context == AS_RECORDED:
        return "\n".join(map(readable, text.split("\n"))).strip() or "-"
    if why := why_no_text(text):
        raise ValueError(why)
    return text


def _name(value: str, info: ValidationInfo) -> str:
    if info.context != AS_RECORDED and (why := why_no_name(value)):
        raise ValueError(why)
    return value


def _identity(value: str) -> str:
    if _NINE_DIGITS.search(value):
        raise ValueError("nine digits look like a Social Security number; use a badge or payroll number")
    return value


def _amount(value: object) -> Decimal:
    if isinstance(value, Decimal):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError('must be an amount; write it as text with two decimals, like "159.00"')
    try:
        return dollars(value)
    except InputError as error:
        raise ValueError(str(error)) from None


def _above_zero(value: Decimal) -> Decimal:
    if value == 0:
        raise ValueError("an amount of zero claims nothing; leave the entry out or write what was paid")
    return value


def _miles(value: object) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(Decimal(value))
    if not isinstance(value, str) or not _MILES.fullmatch(value):
        raise ValueError('must be a number of miles; write it as text with at most two decimals, like "98.5"')
    if Decimal(value) == 0:
        raise ValueError("zero miles claim nothing; leave the entry out or write what was driven")
    return Decimal(value).quantize(CENT).normalize() + 0


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return _in_years(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return _in_years(_in_calendar(date.fromisoformat, value))
    raise ValueError(f"{is_no(value, 'a date')}; write year-month-day, like 2026-10-04")


def _moment(value: object) -> date:
    if isinstance(value, datetime) and (value.tzinfo or value.second or value.microsecond):
        raise ValueError("must be local hours and minutes, like 2026-10-04T12:30")
    if isinstance(value, date):
        return _in_years(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return _in_years(_in_calendar(date.fromisoformat, value))
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return _in_years(_in_calendar(datetime.fromisoformat, value))
    raise ValueError(f"{is_no(value, 'a date and local time')}; write it like 2026-10-04T12:30")


def _clock(value: object) -> time:
    if isinstance(value, time) and not (value.second or value.microsecond or value.tzinfo):
        return value
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        return _in_calendar(time.fromisoformat, value)
    raise ValueError(f"{is_no(value, 'a time')}; write hours and minutes, like 07:30")


def _clock_or_moment(value: object) -> time | datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return _in_years(_in_calendar(datetime.fromisoformat, value))
    if isinstance(value, datetime):
        return _in_years(datetime.combine(value.date(), _clock(value.timetz())))
    return _clock(value)


def _in_calendar(parse: Callable[[str], T], value: str) -> T:
    try:
        return parse(value)
    except ValueError:
        raise ValueError(f"{value} does not exist; check the day, month and hour") from None


def _in_years(day: D) -> D:
    if day.year not in YEARS:
        raise ValueError(f"{day.year:04} is not a year of a claim; write the year with four digits, like 2026")
    return day


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("must be yes or no; write true or false, without quotation marks")


def _count(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("must be a whole number, without quotation marks")


def _iso(value: date | time) -> str:
    if isinstance(value, datetime | time):
        return value.isoformat(timespec="minutes")
    return value.isoformat()


def _plain(value: Decimal) -> str:
    return f"{value:f}"


_AMOUNT_SHAPE = WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,7}(\.[0-9]{2})?$"})

_TYPED = StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=1000)

Text = Annotated[str, _TYPED, AfterValidator(_line)]
"""A line of text: not empty, no line breaks, control characters, direction marks or invisible letters, and nothing
shaped like a Social Security number.
"""

MultilineText = Annotated[str, _TYPED, AfterValidator(_lines)]
"""Text of one line or more, with line breaks and tabs; otherwise as a line of text."""

Name = Annotated[Text, AfterValidator(_name)]
"""A line of text that names a person or an agency: written in one alphabet."""

IdentityText = Annotated[Text, AfterValidator(_identity)]
"""Text that says who a person is: nine digits in a row are refused as well."""

OfficerName = Annotated[Name, AfterValidator(_identity)]
"""An officer's name: in one alphabet, and without nine digits in a row."""

Amount = Annotated[Decimal, PlainValidator(_amount), PlainSerializer(_plain), _AMOUNT_SHAPE]
"""Dollars and cents, zero or more."""

PositiveAmount = Annotated[Amount, AfterValidator(_above_zero)]
"""Dollars and cents, more than zero."""

Miles = Annotated[
    Decimal,
    PlainValidator(_miles),
    PlainSerializer(_plain),
    WithJsonSchema({"type": "string", "pattern": _MILES.pattern}),
]
"""Statute miles, with at most two decimals, more than zero."""

Day = Annotated[
    date,
    PlainValidator(_day),
    PlainSerializer(_iso),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A calendar day."""

Moment = Annotated[
    date,
    PlainValidator(_moment),
    PlainSerializer(_iso),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$"}),
]
"""A day (`date`), or a day with its local time to the minute (`datetime`)."""

Clock = Annotated[
    time,
    PlainValidator(_clock),
    PlainSerializer(_iso),
    WithJsonSchema({"type": "string", "pattern": r"^\d{2}:\d{2}$"}),
]
"""A local time of day, to the minute."""

ClockOrMoment = Annotated[
    time | datetime,
    PlainValidator(_clock_or_moment),
    PlainSerializer(_iso),
    WithJsonSchema({"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2}T)?\d{2}:\d{2}$"}),
]
"""A local time of day, or a day with its time where the day is not the one before it."""

YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
"""True or false, and nothing that merely looks like it."""

WHOLE = BeforeValidator(_count)
"""Accept whole numbers only; this follows the limits, so that the schema has them, too."""
