"""Writes the sheet Days: one row a calendar day, with its night's lodging and its M&IE."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from perdiem_calc.claims.model import LodgingNight
from perdiem_calc.rules.lines import Line
from perdiem_calc.rules.lodging import OVER_CEILING
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.columns import DAYS, MEAL_KEYS, NIGHT_COLUMNS
from perdiem_calc.workbook.form.contents import (
    Contents,
    DayRow,
    entitlement,
    in_words,
    is_personal,
    limit_of,
    over_ceiling,
)
from perdiem_calc.workbook.form.formulas import formulas_of_day
from perdiem_calc.workbook.form.layout import FIRST_ROW, YES, Role
from perdiem_calc.workbook.form.lists import as_list
from perdiem_calc.workbook.writing.book import Book
from perdiem_calc.workbook.writing.claim_sheet import put_value
from perdiem_calc.workbook.writing.sheet import Value
from perdiem_calc.workbook.writing.tables import (
    TOTALS_ROW,
    finish,
    fit_height,
    note_of_table,
    sum_formula,
    write_head,
)

WRAPPED = ("place", "locality", "rule", "reason", "citation")
CALENDAR_NAMES = {
    "day_dates": "date",
    "personal_days": "personal",
    "day_left_at": "left_at",
    "nights_in_a_row": "nights_in_a_row",
}
COLUMN_NAMES = {
    "day_lodging_claimed": "lodging_claimed",
    "day_lodging_allowed": "lodging_allowed",
    "day_room_tax_claimed": "room_tax_claimed",
    "day_flat_tax_claimed": "flat_tax_claimed",
    "day_tax_allowed": "tax_allowed",
    "day_mie_claimed": "mie_claimed",
    "day_mie_allowed": "mie_allowed",
    "day_over_ceiling": "over_ceiling",
}
"""Defined names of whole columns, for the formulas."""

_AMOUNTLESS: Value = ""


def write_days_sheet(book: Book, contents: Contents) -> None:
    """Fill the sheet Days."""
    sheet = book.sheets[layout.DAYS]
    rows = contents.day_rows
    write_head(book, sheet, DAYS, note_of_table(contents), beside=2)
    used: set[str] = set()
    before = 0
    for index, day_row in enumerate(rows):
        before = _write_row(book, contents, day_row, FIRST_ROW + index, before, used)
    _write_totals(book, contents, len(rows))
    for name, key in CALENDAR_NAMES.items():
        book.name(name, DAYS.area(key, contents.calendar_rows))
    for name, key in COLUMN_NAMES.items():
        book.name(name, DAYS.area(key, len(rows)))
    finish(sheet, DAYS, len(rows), used, frozen=2, pages_wide=2)


def _write_totals(book: Book, contents: Contents, rows: int) -> None:
    sheet, style = book.sheets[layout.DAYS], book.styles.plain("total")
    for key, amount in sums_of_days(contents).items():
        sheet.formula(TOTALS_ROW, DAYS.places[key], sum_formula(DAYS.area(key, rows)), style, amount)


def sums_of_days(contents: Contents) -> Mapping[str, Decimal]:
    """The totals above the columns, by column."""
    totals = contents.itemized.totals
    return {
        "lodging_allowed": totals.lodging,
        "tax_allowed": totals.lodging_tax,
        "mie_allowed": totals.mie,
        "day_total": totals.lodging + totals.lodging_tax + totals.mie,
    }


def _write_row(book: Book, contents: Contents, day_row: DayRow, row: int, before: int, used: set[str]) -> int:
    """Write one row; returns the number of its M&IE rate, which the row below may take."""
    sheet = book.sheets[layout.DAYS]
    stated = _stated(contents, day_row)
    said = said_of_day(contents, day_row)
    number = mie_rate_number(contents, day_row, before)
    computed = computed_of_day(contents, day_row, number)
    formulas = formulas_of_day(row + 1, is_first=row == FIRST_ROW, has_calendar=day_row.number > 0)
    for place, column in enumerate(DAYS.columns):
        key, style = column.key, book.styles.of(column.role, column.kind)
        if column.role is Role.INPUT:
            value = stated.get(key)
            put_value(sheet, row, place, value, column.kind, style)
        elif key in formulas:
            value = None
            sheet.formula(row, place, formulas[key], style, computed[key])
        else:
            value = said.get(key)
            put_value(sheet, row, place, value, column.kind, style)
        if value is not None:
            used.add(key)
    fit_height(sheet, row, ((said.get(key), DAYS.column(key).width) for key in WRAPPED))
    return number


def _stated(contents: Contents, day_row: DayRow) -> dict[str, Any]:
    """What the claim states of a day and its night, by column; nothing where it is the default."""
    stated: dict[str, Any] = {} if day_row.night is None else night_values(day_row.night.night)
    if day_row.day is None:
        return stated
    claim, on = contents.claim, day_row.on
    meals = claim.meals_on(on)
    if meals is not None:
        stated |= {key: getattr(meals, key) for key in MEAL_KEYS}
    stated["mie_paid"] = claim.mie_paid.get(on)
    stated["personal"] = YES if is_personal(day_row.day) and on in claim.trip.personal_days else None
    if day_row.day_trip is not None:
        stated["left_at"] = day_row.day_trip.left_at
        stated["returned_at"] = day_row.day_trip.returned_at
    return stated


def night_values(night: LodgingNight) -> dict[str, Any]:
    """What a night states, by column; nothing where it is the default and would only fill the sheet."""
    values: dict[str, Any] = {}
    for column in NIGHT_COLUMNS:
        value: Any = night
        for part in column.field.split("."):
            value = None if value is None else getattr(value, part)
        values[column.key] = value
    defaults = {"flat_tax": Decimal(0), "sharers": 1, "type": "hotel", "receipt_statement": False}
    for key, default in {**defaults, "lodging_paid_by": "agency"}.items():
        if values[key] == default:
            values[key] = None
    values["shared_with"] = as_list(night.shared_with) if night.shared_with else None
    return values


def said_of_day(contents: Contents, day_row: DayRow) -> dict[str, Any]:
    """What the program says of a row that no formula says."""
    lines = [line for line in (*_lodging_lines(contents, day_row), day_row.mie) if line is not None]
    said: dict[str, Any] = {
        "date": day_row.on,
        "weekday": f"{day_row.on:%a}",
        "night_line": day_row.night_line,
        "disallowed": bar_of(day_row),
        "rule": "\n".join(dict.fromkeys(line.rule for line in lines)),
        "citation": "\n".join(dict.fromkeys(line.citation for line in lines)),
        "reason": "\n".join(f"{line.id}: {line.reason}" for line in lines),
    }
    said |= _limits(contents, day_row)
    if day_row.day is None:
        return {**said, "rate_number": contents.rate_number(day_row.lodging_rate) or None}
    place = contents.claim.trip.stops[day_row.day.stop].place
    rate = day_row.day.lodging_rate or day_row.day.mie_rate
    said |= {
        "day_line": f"D{day_row.number}",
        "place": in_words(place),
        "county": place.county,
        "zip": place.zip,
        "rate_number": contents.rate_number(rate) or None,
        "locality": f"{rate.locality.name}, {rate.locality.state}" if rate else None,
    }
    night = day_row.night
    if night is not None and night.night.alternate_place and night.rate != day_row.day.lodging_rate and night.rate:
        said["alternate_ceiling"] = night.rate.lodging
        said["alternate_mie"] = night.rate.mie.total
    return said


def _limits(contents: Contents, day_row: DayRow) -> dict[str, Any]:
    """What the program carries of rules that no formula knows: what lines are paid, and changes of clocks."""
    limits: dict[str, Any] = {}
    if day_row.night is not None:
        room, tax = _lodging_lines(contents, day_row)
        receipt = day_row.night.night.receipt
        limits = {"lodging_limit": limit_of(room, receipt), "tax_limit": limit_of(tax, receipt)}
    if day_row.mie is not None:
        limits["mie_limit"] = limit_of(day_row.mie, None)
    if day_row.day_trip is not None:
        trip, day_trip = contents.claim.trip, day_row.day_trip
        clock = Decimal((day_trip.back - day_trip.out) // timedelta(minutes=1))
        shift = trip.hours_between(day_trip.out, day_trip.back) * 60 - clock
        limits["clock_shift"] = int(shift) or None
    return limits


def _lodging_lines(contents: Contents, day_row: DayRow) -> tuple[Line, ...]:
    if day_row.night is None:
        return ()
    number = day_row.night.index + 1
    return contents.lines[f"N{number}"], contents.lines[f"T{number}"]


def bar_of(day_row: DayRow) -> str | None:
    """The bar to a night that only a comparison with other nights, or the day of the build, can tell."""
    bar = day_row.night.bar if day_row.night else None
    return bar[0] if bar is not None and (day_row.day is None or bar[0] == "date-in-future") else None


def mie_rate_number(contents: Contents, day_row: DayRow, before: int) -> int:
    """The number of the rate that a row's M&IE takes; `before` is that of the row above."""
    if day_row.day is None or is_personal(day_row.day):
        return before
    return contents.rate_number(day_row.day.mie_rate)


def computed_of_day(contents: Contents, day_row: DayRow, number: int) -> dict[str, Value]:
    """The value of each formula of a row, by column."""
    values = _night_computed(contents, day_row)
    day, mie = day_row.day, day_row.mie
    total = sum(
        (v for v in (values["lodging_allowed"], values["tax_allowed"]) if isinstance(v, Decimal)), Decimal("0.00")
    )
    if day is None or mie is None:
        return {**values, "day_total": total}
    tier = day.mie_rate.mie if day.mie_rate is not None and not is_personal(day) else None
    on_trip = day.night_is_payable and not contents.claim.trip.day_trips
    trip = contents.claim.trip
    minutes = day_row.day_trip and trip.hours_between(day_row.day_trip.out, day_row.day_trip.back) * 60
    return {
        **values,
        "day_total": total + mie.amount_allowed,
        "day_type": str(day.kind),
        "day_trip_minutes": int(minutes or 0),
        "mie_rate_number": number,
        "mie_rate": tier.total if tier else "",
        "mie_percent": day.share,
        "breakfast_value": tier.breakfast if tier else "",
        "lunch_value": tier.lunch if tier else "",
        "dinner_value": tier.dinner if tier else "",
        "incidental": tier.incidental if tier else "",
        "nights_in_a_row": _nights_in_a_row(contents, day_row.number) if on_trip else 0,
        "mie_entitlement": entitlement(mie),
        "mie_claimed": mie.amount_claimed,
        "mie_allowed": mie.amount_allowed,
    }


def _nights_in_a_row(contents: Contents, number: int) -> int:
    run = 0
    for day in reversed(contents.itemized.days[:number]):
        if not day.night_is_payable:
            break
        run += 1
    return run


def _night_computed(contents: Contents, day_row: DayRow) -> dict[str, Value]:
    night, rate = day_row.night, day_row.lodging_rate
    ceiling: dict[str, Value] = {"lodging_ceiling": rate.lodging if rate else ""}
    if night is None:
        keys = ("lodging_claimed", "room_tax_claimed", "flat_tax_claimed", "ceiling_applied")
        return ceiling | dict.fromkeys((*keys, "lodging_allowed", "tax_allowed", "over_ceiling"), _AMOUNTLESS)
    room, tax = _lodging_lines(contents, day_row)
    return ceiling | {
        "lodging_claimed": night.room,
        "room_tax_claimed": night.tax,
        "flat_tax_claimed": night.flat_tax,
        "ceiling_applied": night.ceiling,
        "lodging_allowed": room.amount_allowed,
        "tax_allowed": tax.amount_allowed,
        "over_ceiling": over_ceiling((room, tax), OVER_CEILING),
    }
