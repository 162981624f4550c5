"""The columns of the tables Days, Expenses and Findings, in order; headers are stable, new columns come last.

>>> DAYS.letter("room_rate"), EXPENSES.letter("amount"), len(DAYS.columns) > 33
('K', 'J', True)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from perdiem_calc.claims.model import Approver, Category, FurnishedBy, LodgingType, MealStatement, PaidBy
from perdiem_calc.history.records import VERDICTS
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.layout import FIRST_ROW, LETTERS, NO, YES, Area, Kind, Role

CATEGORIES: tuple[str, ...] = get_args(Category)
YES_OR_NO = (YES, NO)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `width` is in characters. `rare` columns are folded away while nothing stands in them. `field`, for the columns
    that a person fills in, is the claim's field below the entry that a row stands for; `hint` says what is due.
    """

    key: str
    header: str
    width: float
    kind: Kind = Kind.TEXT
    role: Role = Role.FIXED
    rare: bool = False
    field: str = ""
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Table:
    """A table of a sheet: its columns, and where each of them is."""

    sheet: str
    columns: tuple[Column, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """The position of each column, by key, from 0."""
        return {column.key: place for place, column in enumerate(self.columns)}

    @cached_property
    def inputs(self) -> tuple[Column, ...]:
        """The columns that a person fills in."""
        return tuple(column for column in self.columns if column.role is Role.INPUT)

    def column(self, key: str) -> Column:
        """The column of that key."""
        return self.columns[self.places[key]]

    def letter(self, key: str) -> str:
        """The letter of a column, for formulas."""
        return LETTERS[self.places[key]]

    def cell(self, key: str, row: int) -> Area:
        """The cell of a column in a row."""
        return Area.cell(self.sheet, row, self.places[key])

    def area(self, key: str, rows: int, last_key: str = "") -> Area:
        """A column's first `rows` cells; with `last_key` up to that column."""
        last = self.places[last_key or key]
        return Area(self.sheet, FIRST_ROW, self.places[key], FIRST_ROW + max(rows, 1) - 1, last)


def _entry(
    key: str,
    header: str,
    width: float,
    kind: Kind = Kind.TEXT,
    *,
    field: str = "",
    rare: bool = False,
    choices: tuple[str, ...] = (),
    hint: str = "",
) -> Column:
    """A column that a person fills in."""
    if kind is Kind.YES_NO:
        choices = YES_OR_NO
    return Column(key, header, width, kind, Role.INPUT, rare, field or key, choices, hint)


def _result(key: str, header: str, width: float, kind: Kind = Kind.AMOUNT, *, rare: bool = False) -> Column:
    """A column that the workbook computes."""
    return Column(key, header, width, kind, Role.COMPUTED, rare)


def _describe(key: str, header: str, width: float, kind: Kind = Kind.TEXT, *, rare: bool = False) -> Column:
    """A column that the program fills in when it builds the workbook."""
    return Column(key, header, width, kind, Role.FIXED, rare)


MEALS_HINT = "Who furnished this meal? registration, government, host: deducted. hotel, carrier, refreshments: not."
RECEIPT_HINT = "The number you wrote on the receipt, like R1."
STATEMENT_HINT = "yes: the receipt is lost, and a signed missing-receipt statement is attached."
PAID_HINT = "Who bore the cost? Another payer than the agency or its officer: other."

DAYS = Table(
    layout.DAYS,
    (
        _describe("date", "Date", 9.5, Kind.DATE),
        _describe("weekday", "Weekday", 7),
        _describe("place", "Place", 10.5),
        _describe("county", "County", 11, rare=True),
        _describe("zip", "ZIP", 7, rare=True),
        _describe("locality", "Locality", 11.5),
        _result("day_type", "Day type", 9, Kind.TEXT),
        _entry(
            "personal", "Personal day", 8, Kind.YES_NO, hint="yes: a day of leave; it has no lodging and no M&IE."
        ),
        _result("lodging_ceiling", "Lodging ceiling", 9),
        _entry(
            "ceiling",
            "Approved ceiling",
            10,
            Kind.AMOUNT,
            field="approval.ceiling",
            rare=True,
            hint="The ceiling a night that NASRO or the COPS Office approved in writing before the trip.",
        ),
        _entry(
            "room_rate",
            "Room rate",
            9,
            Kind.AMOUNT,
            hint="What the whole room cost this night, before tax. 0.00 when it was free; blank without lodging.",
        ),
        _entry(
            "sharers",
            "Sharers",
            8,
            Kind.COUNT,
            rare=True,
            hint="How many officers shared the room, this one included.",
        ),
        _entry(
            "type",
            "Lodging type",
            11,
            Kind.CHOICE,
            rare=True,
            choices=get_args(LodgingType),
            hint="Blank means hotel.",
        ),
        _result("lodging_allowed", "Lodging allowed", 9),
        _entry("tax", "Tax paid", 8, Kind.AMOUNT, hint="The tax on the whole room this night, as on the folio."),
        _entry("flat_tax", "Flat tax", 8.5, Kind.AMOUNT, rare=True, hint="A charge by the night, not by the price."),
        _result("tax_allowed", "Tax allowed", 8),
        _entry("hotel", "Hotel", 18, rare=True, hint="The hotel's name."),
        _entry("receipt", "Lodging receipt", 8, hint=RECEIPT_HINT),
        _entry("receipt_statement", "Receipt statement", 10, Kind.YES_NO, rare=True, hint=STATEMENT_HINT),
        _result("mie_rate", "M&IE rate", 8),
        _result("mie_percent", "M&IE percent", 7.5, Kind.PERCENT),
        *(
            _entry(meal.lower(), meal, 10, Kind.CHOICE, choices=get_args(FurnishedBy), hint=MEALS_HINT)
            for meal in ("Breakfast", "Lunch", "Dinner")
        ),
        _entry(
            "meal_statement",
            "Meal statement",
            12,
            Kind.CHOICE,
            rare=True,
            choices=get_args(MealStatement),
            hint="Why full M&IE is due although a meal was furnished.",
        ),
        _entry(
            "mie_paid",
            "M&IE paid",
            9.5,
            Kind.AMOUNT,
            rare=True,
            hint="What the agency paid the officer for this day, if it paid less than the full amount.",
        ),
        _result("mie_allowed", "M&IE allowed", 9),
        _result("day_total", "Day total", 10),
        _describe("disallowed", "Disallowed", 11, rare=True),
        _describe("rule", "Rule", 23),
        _describe("reason", "Reason", 65),
        _describe("citation", "Citation", 28.5),
        _entry(
            "single_rate",
            "Single rate",
            9.5,
            Kind.AMOUNT,
            rare=True,
            hint="The rate for one person, when a companion who is not an officer shared the room.",
        ),
        _entry(
            "shared_with",
            "Shared with",
            16,
            Kind.LIST,
            rare=True,
            hint="Names or claim ids of the officers who shared the room, with a semicolon between them.",
        ),
        _entry(
            "lodging_paid_by",
            "Lodging paid by",
            10,
            Kind.CHOICE,
            field="paid_by",
            rare=True,
            choices=get_args(PaidBy),
            hint=PAID_HINT,
        ),
        _entry(
            "approved_by",
            "Approved by",
            10,
            Kind.CHOICE,
            field="approval.by",
            rare=True,
            choices=get_args(Approver),
            hint="Who approved lodging above the ceiling.",
        ),
        _entry(
            "approved_on",
            "Approved on",
            10.5,
            Kind.DATE,
            field="approval.on",
            rare=True,
            hint="The date of the written approval; it counts when it is before the trip.",
        ),
        _entry(
            "approval_reason",
            "Approval reason",
            20,
            field="approval.reason",
            rare=True,
            hint="Why more than the ceiling was approved.",
        ),
        _entry(
            "alternate_city",
            "Alternate city",
            12,
            field="alternate_place.city",
            rare=True,
            hint="The hotel's own city, when its rate is claimed with an approval.",
        ),
        _entry(
            "alternate_state",
            "Alternate state",
            9,
            field="alternate_place.state",
            rare=True,
            hint="Two letters, like FL.",
        ),
        _entry(
            "alternate_county",
            "Alternate county",
            12,
            field="alternate_place.county",
            rare=True,
            hint="The hotel's county.",
        ),
        _entry("alternate_zip", "Alternate ZIP", 9, field="alternate_place.zip", rare=True, hint="Five digits."),
        _entry(
            "left_at",
            "Left at",
            8,
            Kind.TIME,
            rare=True,
            hint="Day trips only: the time the officer left, like 06:30.",
        ),
        _entry(
            "returned_at",
            "Returned at",
            15,
            Kind.MOMENT,
            rare=True,
            hint="Day trips only: the time of return, like 19:45; past midnight with its date.",
        ),
        _describe("night_line", "Night line", 7, rare=True),
        _describe("day_line", "Day line", 7, rare=True),
        _describe("alternate_ceiling", "Alternate ceiling", 10, Kind.AMOUNT, rare=True),
        _describe("alternate_mie", "Alternate M&IE", 10, Kind.AMOUNT, rare=True),
        _describe("rate_number", "Rate number", 8, Kind.COUNT, rare=True),
        _result("mie_rate_number", "M&IE rate number", 8, Kind.COUNT, rare=True),
        _result("breakfast_value", "Breakfast value", 9.5, rare=True),
        _result("lunch_value", "Lunch value", 9.5, rare=True),
        _result("dinner_value", "Dinner value", 9.5, rare=True),
        _result("incidental", "Incidental", 9.5, rare=True),
        _result("day_trip_minutes", "Day trip minutes", 8, Kind.COUNT, rare=True),
        _result("nights_in_a_row", "Nights in a row", 8, Kind.COUNT, rare=True),
        _result("ceiling_applied", "Ceiling applied", 9.5, rare=True),
        _result("lodging_claimed", "Lodging claimed", 9.5, rare=True),
        _result("room_tax_claimed", "Room tax claimed", 9.5, rare=True),
        _result("flat_tax_claimed", "Flat tax claimed", 9.5, rare=True),
        _result("over_ceiling", "Over ceiling", 9.5, rare=True),
        _result("mie_entitlement", "M&IE entitlement", 9.5, rare=True),
        _result("mie_claimed", "M&IE claimed", 9.5, rare=True),
        _describe("lodging_limit", "Lodging limit", 9.5, Kind.AMOUNT, rare=True),
        _describe("tax_limit", "Tax limit", 9.5, Kind.AMOUNT, rare=True),
        _describe("mie_limit", "M&IE limit", 9.5, Kind.AMOUNT, rare=True),
        _describe("clock_shift", "Clock change, minutes", 9.5, Kind.COUNT, rare=True),
    ),
)

EXPENSES = Table(
    layout.EXPENSES,
    (
        _describe("line", "Line", 5),
        _entry("date", "Date", 9.5, Kind.DATE, hint="The day of the expense; for mileage the day driven."),
        _entry("category", "Category", 13.5, Kind.CHOICE, choices=CATEGORIES, hint="Choose what was paid for."),
        _entry("description", "Description", 22, hint="What it was, in a few words."),
        _entry("vendor", "Vendor", 13, hint="Who was paid."),
        _entry("from", "From", 13, hint="Mileage only: where the drive began."),
        _entry("to", "To", 13, hint="Mileage only: where the drive ended."),
        _entry("miles", "Miles", 7, Kind.MILES, hint="Mileage only: the miles of one drive, at most two decimals."),
        _result("mileage_rate", "Mileage rate", 8, Kind.MILEAGE_RATE),
        _entry(
            "amount",
            "Amount claimed",
            9.5,
            Kind.AMOUNT,
            hint="What was paid. For mileage leave the formula: it multiplies the miles by the rate of the day.",
        ),
        _entry("receipt", "Receipt", 8, hint=RECEIPT_HINT),
        _entry(
            "receipt_total",
            "Receipt total",
            10,
            Kind.AMOUNT,
            rare=True,
            hint="What the receipt shows, where that is not the amount claimed.",
        ),
        _entry("receipt_statement", "Receipt statement", 10, Kind.YES_NO, rare=True, hint=STATEMENT_HINT),
        _entry("ticket", "Ticket", 16, rare=True, hint="The ticket number."),
        _entry(
            "fare_class",
            "Class",
            9,
            Kind.CHOICE,
            rare=True,
            choices=("coach", "premium"),
            hint="The class of the fare. Blank means coach.",
        ),
        _entry("plate", "Plate", 10, rare=True, hint="The vehicle's license plate."),
        _entry(
            "comparable_cost",
            "Comparable cost",
            10.5,
            Kind.AMOUNT,
            rare=True,
            hint="Mileage and rental cars: what the authorized way would have cost the whole trip, both directions.",
        ),
        _entry(
            "taxi_equivalent",
            "Taxi equivalent",
            10.5,
            Kind.AMOUNT,
            rare=True,
            hint="Terminal parking: what a taxi both ways would have cost.",
        ),
        _entry("justification", "Justification", 22, rare=True, hint="Why it was needed, where a rule asks for it."),
        _entry("approval", "Approval", 16, rare=True, hint="Who approved it."),
        _entry("credit", "Credit", 9.5, Kind.AMOUNT, rare=True, hint="A refund or credit that reduces this line."),
        _entry("paid_by", "Paid by", 9, Kind.CHOICE, rare=True, choices=get_args(PaidBy), hint=PAID_HINT),
        _result("allowed", "Amount allowed", 9.5),
        _describe("disallowed", "Disallowed", 11, rare=True),
        _describe("rule", "Rule", 14),
        _describe("reason", "Reason", 24),
        _describe("citation", "Citation", 18),
        _entry("map_miles", "Map miles", 8, Kind.MILES, rare=True, hint="The miles a map shows for one drive."),
        _entry("passengers", "Passengers", 10, Kind.COUNT, rare=True, hint="How many officers rode along."),
        _entry(
            "agency_car_assigned",
            "Agency car assigned",
            10,
            Kind.YES_NO,
            rare=True,
            hint="yes: an agency car was assigned and declined, so the lower rate applies.",
        ),
        _entry(
            "round_trips",
            "Round trips",
            8,
            Kind.COUNT,
            rare=True,
            hint="How often the miles were driven. Blank: once.",
        ),
        _entry("one_way", "One way", 8, Kind.YES_NO, rare=True, hint="yes: the ticket is for one direction only."),
        _result("line_amount", "Line amount", 10, rare=True),
        _result("group", "Group", 14, Kind.TEXT, rare=True),
        _entry("approved_on", "Approved on", 10, Kind.DATE, rare=True, hint="The day of the approval."),
        _entry(
            "coach_fare",
            "Coach fare",
            10,
            Kind.AMOUNT,
            rare=True,
            hint="What coach would have cost, with premium class.",
        ),
        _entry(
            "direct_fare",
            "Direct fare",
            10,
            Kind.AMOUNT,
            rare=True,
            hint="Trips with personal days: what the fare would have been on the direct dates, one figure a trip.",
        ),
        _result("net_amount", "Net amount", 10, rare=True),
        _describe("line_limit", "Line limit", 10, Kind.AMOUNT, rare=True),
    ),
)

FINDINGS = Table(
    layout.FINDINGS,
    (
        _describe("check", "Check", 19),
        _describe("severity", "Severity", 9),
        _describe("where", "Where", 15),
        _describe("claimed", "Claimed", 10, Kind.AMOUNT),
        _describe("allowed", "Allowed", 10, Kind.AMOUNT),
        _describe("line_effect", "Line effect", 10, Kind.AMOUNT),
        _describe("payment_effect", "Payment effect", 10.5, Kind.AMOUNT),
        _describe("message", "How to fix", 46),
        _entry(
            "decision",
            "Decision",
            9,
            Kind.CHOICE,
            choices=VERDICTS,
            hint="For the reviewer: accept, adjust or return.",
        ),
        _entry("decision_reason", "Decision reason", 18, hint="For the reviewer: why."),
        _describe("citation", "Citation", 20),
        _describe("rule", "Rule", 22, rare=True),
        _describe("outcome", "Outcome", 11),
    ),
)

MEAL_KEYS = ("breakfast", "lunch", "dinner", "meal_statement")
DAY_KEYS = frozenset({*MEAL_KEYS, "personal", "mie_paid", "left_at", "returned_at"})
"""The columns of Days that belong to the calendar day; the other inputs belong to the night's lodging."""
NIGHT_COLUMNS = tuple(column for column in DAYS.inputs if column.key not in DAY_KEYS)
