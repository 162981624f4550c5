"""The Federal Travel Regulation as this programme applies it: one function a rule, facts in, an amount out.

Amounts are dollars as exact decimals. Each rule is named by its id; its citation in force on a day is
`law.citation(rule_id, day)`.

>>> lodging_allowed(room_rate=Decimal("159.00"), ceiling=Decimal("145.00"))
Decimal('145.00')
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from perdiem_calc.money import ZERO, cents, floor_cents


def counts_as_full_trip(hours: Decimal | None, nights_away: int, full_from: int) -> bool:
    """Whether a trip lasts 24 hours or more: by its hours, or without times by a night away.

    Rule `entitlement-12-hours`. `hours` of travel or None where not stated; `full_from` in hours.

    >>> counts_as_full_trip(Decimal(24), 1, full_from=24), counts_as_full_trip(Decimal("23.9"), 1, full_from=24)
    (True, False)
    >>> counts_as_full_trip(None, 1, full_from=24), counts_as_full_trip(None, 0, full_from=24)
    (True, False)
    """
    return nights_away > 0 if hours is None else hours >= full_from


def short_trip_is_entitled(hours: Decimal | None, more_than: int) -> bool:
    """Whether a trip below 24 hours earns M&IE: only when it lasts more than 12 hours, and says so.

    Rule `entitlement-12-hours`. `hours` of travel or None where not stated; `more_than` in hours.

    >>> short_trip_is_entitled(Decimal("12.5"), more_than=12)
    True
    >>> short_trip_is_entitled(Decimal(12), more_than=12), short_trip_is_entitled(None, more_than=12)
    (False, False)
    """
    return hours is not None and hours > more_than


def lodging_ceiling(lodging_rate: Decimal, approved: Decimal | None, limit: Decimal) -> Decimal:
    """The ceiling of a night: the locality's rate, or an approved one above it, at most `limit`.

    Rule `lodging-ceiling`; dollars. `approved` counts only when it is accepted (see `approval_is_accepted`).

    >>> lodging_ceiling(Decimal("145.00"), None, Decimal("595.00"))
    Decimal('145.00')
    >>> lodging_ceiling(Decimal("145.00"), Decimal("700.00"), Decimal("595.00"))
    Decimal('595.00')
    """
    if approved is None:
        return lodging_rate
    return max(lodging_rate, min(approved, limit))


def actual_expense_limit(lodging_rate: Decimal, mie_rate: Decimal, multiple: int) -> Decimal:
    """The most that lodging can be approved at: `multiple` times the per diem, less the M&IE.

    Rule `actual-expense-300`; dollars a night.

    >>> actual_expense_limit(Decimal("145.00"), Decimal("80.00"), multiple=3)
    Decimal('595.00')
    >>> actual_expense_limit(Decimal("113.00"), Decimal("68.00"), multiple=3)
    Decimal('475.00')
    """
    return multiple * (lodging_rate + mie_rate) - mie_rate


def approval_is_accepted(by: str, on: date | None, departed_on: date) -> bool:
    """Whether an approval of lodging above the ceiling counts: by NASRO or the COPS Office, no later than departure.

    Rule `actual-expense-300`. `by` is nasro, cops or agency; `on` its date, None where undated. One of the day of
    departure counts too, and is reviewed.

    >>> approval_is_accepted("nasro", date(2026, 9, 28), date(2026, 10, 4))
    True
    >>> approval_is_accepted("agency", date(2026, 9, 28), date(2026, 10, 4))
    False
    >>> approval_is_accepted("cops", date(2026, 10, 4), date(2026, 10, 4))
    True
    >>> approval_is_accepted("cops", date(2026, 10, 5), date(2026, 10, 4))
    False
    """
    return by in ("nasro", "cops") and on is not None and on <= departed_on


def lodging_allowed(room_rate: Decimal, ceiling: Decimal) -> Decimal:
    """Lodging of one night: what was paid, up to the ceiling of that night.

    Rule `lodging-ceiling`; dollars. What one night leaves unused serves no other night.

    >>> lodging_allowed(Decimal("98.00"), Decimal("113.00"))
    Decimal('98.00')
    >>> lodging_allowed(Decimal("0.00"), Decimal("113.00"))
    Decimal('0.00')
    """
    return min(room_rate, ceiling)


def lodging_tax_allowed(tax: Decimal, lodging: Decimal, room_rate: Decimal) -> Decimal:
    """The tax on the reimbursable part of a night's lodging.

    Rule `lodging-tax-share`; dollars, rounded to the cent. `tax` and `room_rate` as the folio states them, before
    credits. Tax on a free room is not reimbursable lodging's tax.

    >>> lodging_tax_allowed(Decimal("19.88"), Decimal("145.00"), Decimal("159.00"))
    Decimal('18.13')
    >>> lodging_tax_allowed(Decimal("18.85"), Decimal("113.00"), Decimal("145.00"))
    Decimal('14.69')
    >>> lodging_tax_allowed(Decimal("5.00"), Decimal("0.00"), Decimal("0.00"))
    Decimal('0.00')
    """
    if room_rate == 0:
        return ZERO
    return cents(tax * lodging / room_rate)


def shared(amount: Decimal, sharers: int) -> Decimal:
    """One officer's share of a room, or of its tax: rounded down, so that the shares never exceed the bill.

    Rule `shared-room`; dollars.

    >>> shared(Decimal("180.00"), 2), shared(Decimal("100.01"), 2)
    (Decimal('90.00'), Decimal('50.00'))
    >>> shared(Decimal("100.00"), 3)
    Decimal('33.33')
    """
    return floor_cents(amount / sharers)


def shared_tax_allowed(tax: Decimal, sharers: int, share: Decimal, ceiling: Decimal, room_rate: Decimal) -> Decimal:
    """One officer's share of the tax on a room that officers share, from the whole bill in one step.

    Rule `shared-room`; dollars, rounded down. `share` is the officer's share of the room; where it is above the
    ceiling, the tax on the reimbursable part counts.

    >>> shared_tax_allowed(Decimal("13.00"), 2, Decimal("50.00"), Decimal("113.00"), Decimal("100.01"))
    Decimal('6.50')
    >>> shared_tax_allowed(Decimal("24.00"), 2, Decimal("120.00"), Decimal("113.00"), Decimal("240.00"))
    Decimal('11.30')
    """
    if room_rate == 0:
        return ZERO
    return shared(tax, sharers) if share <= ceiling else floor_cents(tax * ceiling / room_rate)


def mie_base(mie_rate: Decimal, share: Decimal) -> Decimal:
    """M&IE of a day before meals: the rate, or the first-and-last-day share of it.

    Rule `mie-first-last-day`; dollars. `share` is a fraction of one.

    >>> mie_base(Decimal("80.00"), Decimal("0.75"))
    Decimal('60.00')
    >>> mie_base(Decimal("74.00"), Decimal("0.75"))
    Decimal('55.50')
    """
    return cents(mie_rate * share)


def mie_less_furnished(base: Decimal, meals: Iterable[Decimal], incidental: Decimal) -> Decimal:
    """M&IE of a day less the whole value of each furnished meal, but not below the incidental amount.

    Rule `furnished-meal-deduction`; dollars. The floor does not create entitlement on a day that has none.

    >>> mie_less_furnished(Decimal("60.00"), [Decimal("20.00")], Decimal("5.00"))
    Decimal('40.00')
    >>> mie_less_furnished(Decimal("60.00"), [Decimal("20.00"), Decimal("22.00"), Decimal("33.00")], Decimal("5.00"))
    Decimal('5.00')
    >>> mie_less_furnished(Decimal("0.00"), [Decimal("20.00")], Decimal("5.00"))
    Decimal('0.00')
    """
    return min(base, max(incidental, base - sum(meals, ZERO)))


def pov_mileage(miles: Decimal, round_trips: int, rate: Decimal) -> Decimal:
    """Mileage of one line: the miles of all its round trips, times the rate of the day driven.

    Rule `pov-mileage`; dollars, rounded to the cent; `rate` in dollars a mile.

    >>> pov_mileage(Decimal("98.5"), 1, Decimal("0.76"))
    Decimal('74.86')
    >>> pov_mileage(Decimal("123"), 1, Decimal("0.725"))
    Decimal('89.18')
    """
    return cents(miles * round_trips * rate)


def constructive_excess(actual: Decimal, constructive: Decimal) -> Decimal:
    """What another way of travel by choice cost above the authorized way, per diem included.

    Rule `constructive-cost`; dollars, zero where it cost less.

    >>> constructive_excess(Decimal("1996.00"), Decimal("1640.00"))
    Decimal('356.00')
    >>> constructive_excess(Decimal("300.00"), Decimal("412.00"))
    Decimal('0.00')
    """
    return max(ZERO, actual - constructive)


def receipt_is_required(amount: Decimal, threshold: Decimal) -> bool:
    """Whether an expense needs a receipt: only above the threshold, not at it.

    Rule `receipts`; dollars. Lodging always needs one, mileage and M&IE never.

    >>> receipt_is_required(Decimal("75.01"), Decimal("75.00"))
    True
    >>> receipt_is_required(Decimal("75.00"), Decimal("75.00"))
    False
    """
    return amount > threshold


def lodging_tax_is_high(tax: Decimal, room_rate: Decimal, high_share: Decimal) -> bool:
    """Whether a night's tax asks for a look: above the share of the room rate, or on a free room.

    Rule `lodging-tax-share`; dollars and a fraction of one.

    >>> lodging_tax_is_high(Decimal("20.01"), Decimal("100.00"), Decimal("0.20"))
    True
    >>> lodging_tax_is_high(Decimal("20.00"), Decimal("100.00"), Decimal("0.20"))
    False
    """
    return tax > room_rate * high_share


def miles_exceed_map(miles: Decimal, map_miles: Decimal, share: Decimal, tolerance: Decimal) -> bool:
    """Whether the miles driven exceed the map's by more than the share *and* by more than `tolerance` miles.

    Rule `pov-mileage`.

    >>> miles_exceed_map(Decimal(120), Decimal(100), Decimal("0.10"), Decimal(10))
    True
    >>> miles_exceed_map(Decimal(210), Decimal(200), Decimal("0.10"), Decimal(10))
    False
    """
    over = miles - map_miles
    return over > map_miles * share and over > tolerance


def drive_needs_comparison(miles: Decimal, above: int, *, is_round_trip: bool) -> bool:
    """Whether driving so far asks for the cost of the authorized carrier: above so many miles one way.

    Rule `constructive-cost`. `miles` there and back where `is_round_trip`.

    >>> drive_needs_comparison(Decimal("400.5"), above=400, is_round_trip=False)
    True
    >>> drive_needs_comparison(Decimal(800), above=400, is_round_trip=True)
    False
    """
    return miles > above * (1 + is_round_trip)
