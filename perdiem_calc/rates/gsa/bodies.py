"""What the service's answers say: hostile until parsed, and a rate that is zero, negative or missing is no rate.

>>> body = b'[{"total":68,"breakfast":16,"lunch":19,"dinner":28,"incidental":5,"FirstLastDay":51}]'
>>> str(tiers(body)[0].first_last_day)
'51.00'
>>> tiers(b"<html>")
Traceback (most recent call last):
...
perdiem_calc.rates.gsa.bodies.BodyError: the answer is not JSON

Two shapes exist: an envelope (city, state, ZIP) whose months are numbered, and flat arrays (endpoints 4 to 6)
whose values are strings. Fields nobody knows are passed over; a known field of the wrong type refuses the whole
answer, because then it is not the answer we think it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, NoReturn, TypeVar

from perdiem_calc.money import CENT, ZERO
from perdiem_calc.rates.model import MieTier
from perdiem_calc.rates.places import STANDARD_NAME

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_DOLLARS = 9999
_LONGEST_NAME = 400
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}", re.ASCII)
T = TypeVar("T")


class BodyError(ValueError):
    """An answer that is not what the service's documentation promises. The message does not quote it."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """A locality's rates for a fiscal year as the service states them, dollars; January to December.

    None stands for a month or an M&IE that was missing, zero or negative; `faults` says which. `did` is the
    locality's id, which the envelopes do not give; `zip` has five digits or is blank.
    """

    city: str
    county: str
    state: str
    fiscal_year: int | None
    months: tuple[Decimal | None, ...]
    mie: Decimal | None
    did: int | None = None
    zip: str = ""
    faults: tuple[str, ...] = ()

    @property
    def is_standard(self) -> bool:
        """Whether this is the standard rate; the service's own field of that name is always false."""
        return self.city == STANDARD_NAME


class ZipRow(NamedTuple):
    """A ZIP (five digits, the stripped zeros put back) and a locality it lies in; `state` may be blank."""

    zip: str
    did: int
    state: str


def envelope(body: bytes) -> tuple[RateRow, ...]:
    """The rows of an answer by city, state or ZIP, in the service's order. Raises BodyError."""
    answer = _object(_json(body), "the answer")
    if answer.get("errors"):
        raise BodyError("the answer reports errors instead of rates")
    rows: list[RateRow] = []
    for group in _list(_field(answer, "rates"), "rates"):
        rates = _object(group, "rates[]")
        where = (_text(rates.get("state"), "state"), _year(rates.get("year")))
        outside = str(rates.get("isOconus", "false")).lower() == "true"
        rows += [_row(entry, *where, outside=outside) for entry in _list(_field(rates, "rate"), "rate")]
    return _agreeing(rows)


def lodging(body: bytes) -> tuple[RateRow, ...]:
    """The rows of endpoint 4: every locality of a fiscal year, once for each state that lists it."""
    return _agreeing(_each(body, _bulk_row))


def tiers(body: bytes) -> tuple[MieTier, ...]:
    """The M&IE tiers of endpoint 5. Raises BodyError also where meals do not add up, or 75 % is not 75 %."""
    found = tuple(dict.fromkeys(_each(body, _tier)))
    if len({tier.total for tier in found}) < len(found):
        raise BodyError("an M&IE tier is stated twice, with different meals")
    return found


def zipcodes(body: bytes) -> tuple[ZipRow, ...]:
    """The rows of endpoint 6; a ZIP may be there several times, the same row is kept once."""
    return tuple(dict.fromkeys(_each(body, _zip_row)))


def error_code(body: bytes) -> str:
    """The code of a JSON error answer (`API_KEY_INVALID`); blank for anything else, such as an HTML page."""
    try:
        answer = _json(body)
    except BodyError:
        return ""
    error = answer.get("error") if isinstance(answer, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _agreeing(rows: Iterable[RateRow]) -> tuple[RateRow, ...]:
    """The rows. Raises BodyError where a locality appears twice at different rates: nobody knows which are right."""
    found = tuple(rows)
    stated: dict[tuple[str, str, int | None], tuple[object, ...]] = {}
    for row in found:
        key, amounts = (row.city.casefold(), row.state, row.fiscal_year), (row.months, row.mie)
        if stated.setdefault(key, amounts) != amounts:
            raise BodyError("a locality is stated twice, at different rates")
    return found


def _each(body: bytes, read: Callable[[Mapping[str, Any]], T]) -> Iterable[T]:
    for item in _list(_json(body), "the answer"):
        yield read(_object(item, "a row"))


def _row(entry: object, state: str, year: int | None, *, outside: bool) -> RateRow:
    row = _object(entry, "rate[]")
    listed = _object(_field(row, "months"), "months")
    stated: dict[int, object] = {}
    for item in _list(_field(listed, "month"), "month"):
        month = _object(item, "month[]")
        number = month.get("number")
        if type(number) is not int or not 1 <= number <= len(MONTHS) or number in stated:
            raise BodyError("a month has no number of its own from 1 to 12")
        stated[number] = month.get("value")
    amounts: tuple[Decimal | None, ...] = tuple(
        _amount(stated.get(number), "a month's rate") for number in range(1, len(MONTHS) + 1)
    )
    mie = _amount(row.get("meals"), "meals")
    faults = _faults(amounts, mie)
    if outside:
        amounts, mie, faults = (None,) * len(MONTHS), None, ("it is outside the contiguous states",)
    city, county = _text(_field(row, "city"), "city"), _text(row.get("county"), "county")
    zip5 = _zip5(row.get("zip")) if row.get("zip") is not None else ""
    return RateRow(city, county, state, year, amounts, mie, zip=zip5, faults=faults)


def _bulk_row(row: Mapping[str, Any]) -> RateRow:
    amounts = tuple(_amount(row.get(month), month) for month in MONTHS)
    mie = _amount(row.get("Meals"), "Meals")
    return RateRow(
        city=_text(_field(row, "City"), "City"),
        county=_text(row.get("County"), "County"),
        state=_text(row.get("State"), "State"),
        fiscal_year=None,
        months=amounts,
        mie=mie,
        did=_whole(_field(row, "DID"), "DID"),
        faults=_faults(amounts, mie),
    )


def _zip_row(row: Mapping[str, Any]) -> ZipRow:
    return ZipRow(_zip5(_field(row, "Zip")), _whole(_field(row, "DID"), "DID"), _text(row.get("ST"), "ST"))


def _tier(row: Mapping[str, Any]) -> MieTier:
    names = ("total", "breakfast", "lunch", "dinner", "incidental", "FirstLastDay")
    amounts = [_amount(_field(row, name), name) for name in names]
    if any(amount is None for amount in amounts):
        raise BodyError("an M&IE tier has an amount of zero, or none")
    total, breakfast, lunch, dinner, incidental, first_last_day = (amount or ZERO for amount in amounts)
    tier = MieTier(total, breakfast, lunch, dinner, incidental, first_last_day)
    if tier.breakfast + tier.lunch + tier.dinner + tier.incidental != tier.total:
        raise BodyError(f"the meals of M&IE tier {tier.total} do not add up to it")
    if tier.first_last_day * 4 != tier.total * 3:
        raise BodyError(f"the first and last day of M&IE tier {tier.total} is not 75 % of it")
    return tier


def _faults(amounts: tuple[Decimal | None, ...], mie: Decimal | None) -> tuple[str, ...]:
    without = [name for name, amount in zip(MONTHS, amounts, strict=True) if amount is None]
    missing = without + (["M&IE"] if mie is None else [])
    return (f"no rate above zero for {', '.join(missing)}",) if missing else ()


def _amount(value: object, what: str) -> Decimal | None:
    """Dollars of a number or of digits; None for nothing, zero and less. Raises BodyError for anything else."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            raise BodyError(f"{what} is not a number")
        if isinstance(value, str) and not _NUMBER.fullmatch(value):
            raise BodyError(f"{what} is not a number")  # Python itself takes 1_45 and digits of other scripts
        amount = Decimal(value)
        exact = amount.quantize(CENT)
    except InvalidOperation:
        raise BodyError(f"{what} is not a number") from None
    if amount != exact or exact > MOST_DOLLARS:
        raise BodyError(f"{what} is not an amount of dollars and cents up to {MOST_DOLLARS}")
    return exact if exact > 0 else None


def _whole(value: object, what: str) -> int:
    if type(value) is int and value >= 0:
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise BodyError(f"{what} is not a whole number")


def _zip5(value: object) -> str:
    """A ZIP with its leading zeros, which the service strips. Raises BodyError for more than five digits."""
    number = _whole(value, "a ZIP")
    if number > 99999:
        raise BodyError("a ZIP has more than five digits")
    return f"{number:05d}"


def _year(value: object) -> int | None:
    return None if value is None else _whole(value, "year")


def _text(value: object, what: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _LONGEST_NAME or not value.replace("\xa0", " ").isprintable():
        raise BodyError(f"{what} is not a line of text")
    return " ".join(value.split())


def _field(row: Mapping[str, Any], name: str) -> object:
    if name not in row:
        raise BodyError(f"{name} is missing")
    return row[name]


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BodyError(f"{what} is not a JSON object")
    return value


def _list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise BodyError(f"{what} is not a JSON array")
    return value


def _json(body: bytes) -> object:
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_not_a_number, object_pairs_hook=_once_each)
    except BodyError:
        raise
    except (ValueError, RecursionError, InvalidOperation):
        raise BodyError("the answer is not JSON") from None


def _not_a_number(constant: str) -> NoReturn:
    raise BodyError(f"the answer has {constant} for a number")


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BodyError("a field is stated twice")
    return found
