"""One officer's claim, field by field, as the agency states it.

The models are strict: an unknown field, a number where text is due, or a date that does not exist is refused
with its path. Whether the claim is *right* is not judged here.

>>> Expense.model_validate({"date": "2026-10-04", "category": "taxi", "amount": "34.00"}).amount
Decimal('34.00')
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from perdiem_calc.claims.check_ids import CHECK_IDS
from perdiem_calc.claims.fields import (
    WHOLE,
    Amount,
    Clock,
    Day,
    IdentityText,
    Miles,
    MultilineText,
    Name,
    OfficerName,
    PositiveAmount,
    Text,
    YesNo,
    shown,
)
from perdiem_calc.claims.trip import ClaimPlace, DayTrip, Model, Trip, refuse
from perdiem_calc.money import ZERO, in_dollars

SCHEMA = "perdiem-claim/1"

Kind = Literal["original", "corrected", "supplemental"]
PayeeKind = Literal["agency", "government", "individual"]
Position = Literal["original", "backfill"]
CourseOutcome = Literal["completed", "failed", "withdrawn", "cancelled"]
LodgingType = Literal[
    "hotel", "government", "dormitory", "home_sharing", "friends_family", "own_home", "in_transit", "not_claimed"
]
Approver = Literal["nasro", "cops", "agency"]
PaidBy = Literal["agency", "officer", "other"]
FurnishedBy = Literal["none", "registration", "government", "host", "hotel", "carrier", "refreshments"]
MealStatement = Literal["official_business", "medical", "religious"]
Meal = Literal["breakfast", "lunch", "dinner"]
AttachmentStatus = Literal["attached", "not_needed", "missing"]
AttachmentItem = Literal[
    "itemized_expenses",
    "certificate",
    "proof_of_payment",
    "folio",
    "carrier_receipt",
    "rental_agreement",
    "mileage_log",
    "receipts_over_75",
    "meals_statement",
    "approvals",
    "vendor_form",
]
Transportation = Literal[
    "airfare",
    "rail_bus",
    "baggage",
    "seat_fee",
    "pov_mileage",
    "pov_fuel",
    "agency_vehicle_fuel",
    "rental_car",
    "rental_fuel",
    "rental_insurance",
    "taxi",
    "parking",
    "tolls",
]
OtherCategory = Literal[
    "laundry",
    "lodging_fee",
    "resort_fee",
    "registration",
    "meals",
    "alcohol",
    "tips",
    "fine",
    "entertainment",
    "other",
]
Category = Literal[Transportation, OtherCategory]
TRANSPORTATION: frozenset[str] = frozenset(get_args(Transportation))
CARRIERS: frozenset[str] = frozenset({"airfare", "rail_bus"})
DRIVES: frozenset[str] = frozenset({"pov_mileage", "rental_car"})
"""The categories that can state what the authorized way would have cost."""
NO_ROOM: frozenset[str] = frozenset({"in_transit", "not_claimed"})
WITHOUT_ROOM: frozenset[str] = NO_ROOM | {"friends_family", "own_home"}
"""The kinds of lodging for which nothing need be paid: without a room rate, a night at no cost."""
MEALS: tuple[Meal, ...] = ("breakfast", "lunch", "dinner")

_ID, _LINE = r"^[A-Za-z0-9][A-Za-z0-9._-]*$", r"^[NTE][1-9][0-9]{0,3}$"


def _known_check(check: str) -> str:
    if check not in CHECK_IDS:
        near = get_close_matches(check, CHECK_IDS, n=1)
        hint = f"did you mean {near[0]}?" if near else "copy the id from the finding, like extra-night"
        raise ValueError(f"{shown(check)} is not the id of a check; {hint}")
    return check


ClaimId = Annotated[
    Text,
    StringConstraints(max_length=60, pattern=_ID),
    WithJsonSchema({"type": "string", "maxLength": 60, "pattern": _ID}),
]
"""The id of a claim, from which a file's name can be made."""

CheckId = Annotated[str, AfterValidator(_known_check), WithJsonSchema({"type": "string", "enum": list(CHECK_IDS)})]
"""The id of a check of the catalogue."""

LineId = Annotated[Text, StringConstraints(pattern=_LINE), WithJsonSchema({"type": "string", "pattern": _LINE})]
"""The id of a line that a credit can reduce."""


class Contact(Model):
    """Whom NASRO asks at the agency."""

    name: Name
    email: Text | None = None
    phone: Text | None = None


class Agency(Model):
    """The law enforcement agency, which is paid."""

    name: Name
    remit_to: MultilineText
    contact: Contact
    payee: Name | None = None
    payee_kind: PayeeKind = "agency"
    ori: Text | None = None
    uei: Text | None = None
    ein: Text | None = None
    vendor_number: Text | None = None
    accounting_code: Text | None = None


class Award(Model):
    """The COPS Hiring Program award that funds the position."""

    number: Text
    letter_date: Day
    award_date: Day | None = None
    period_from: Day | None = None
    period_to: Day | None = None
    program_manager: Text | None = None
    mou_on: Day | None = None

    @model_validator(mode="after")
    def _period(self) -> Self:
        if self.period_from and self.period_to and self.period_to < self.period_from:
            refuse(
                "claim.award.period-reversed",
                "period_to",
                f"{self.period_to} is before period_from {self.period_from}; swap the two dates",
            )
        return self

    @property
    def awarded_on(self) -> date:
        """The award date; the letter's date where none is stated."""
        return self.award_date or self.letter_date


class Officer(Model):
    """The school resource officer who travelled."""

    name: OfficerName
    sro_hired_on: Day
    rank: Text | None = None
    employee_id: IdentityText | None = None
    placed_on: Day | None = None
    position: Position = "original"
    predecessor_completed_training: YesNo | None = None
    predecessor_left_agency: YesNo | None = None
    prior_basic_course_on: Day | None = None


class Course(Model):
    """The course attended. `hours` are course hours."""

    title: Text
    hours: Annotated[int, Field(ge=1, le=400), WHOLE]
    place: ClaimPlace
    starts_on: Day
    ends_on: Day
    ends_at: Clock | None = None
    class_id: Text | None = None
    host: Text | None = None
    outcome: CourseOutcome = "completed"
    traveled: YesNo = True
    completed_on: Day | None = None
    coordinated: YesNo | None = None
    coordinated_on: Day | None = None
    coordinated_with: Text | None = None

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.ends_on < self.starts_on:
            refuse(
                "claim.course.dates-reversed",
                "ends_on",
                f"{self.ends_on} is before starts_on {self.starts_on}; swap the two dates",
            )
        return self

    @property
    def was_coordinated(self) -> bool | None:
        """Whether the agency coordinated with NASRO: a date means yes, None that the claim does not state it."""
        if self.coordinated is None and self.coordinated_on is not None:
            return True
        return self.coordinated


class Approval(Model):
    """A written approval of lodging above the ceiling; `ceiling` in dollars a night."""

    by: Approver
    on: Day | None = None
    ceiling: Amount | None = None
    reason: MultilineText | None = None


class LodgingNight(Model):
    """One night's lodging. `room_rate`, `tax` and `flat_tax` are the whole room's, in dollars.

    A night of one of the kinds WITHOUT_ROOM may leave its room rate out: it is then 0.00.
    """

    night: Day
    room_rate: Amount
    tax: Amount = ZERO
    flat_tax: Amount = ZERO
    sharers: Annotated[int, Field(ge=1, le=20), WHOLE] = 1
    shared_with: tuple[Name, ...] = ()
    single_rate: Amount | None = None
    type: LodgingType = "hotel"
    hotel: Text | None = None
    receipt: Text | None = None
    receipt_statement: YesNo = False
    approval: Approval | None = None
    alternate_place: ClaimPlace | None = None
    paid_by: PaidBy = "agency"

    @model_validator(mode="before")
    @classmethod
    def _room_rate_of_a_night_without_room(cls, data: object) -> object:
        if isinstance(data, dict) and str(data.get("type")) in WITHOUT_ROOM and data.get("room_rate") is None:
            return {**data, "room_rate": ZERO}
        return data

    @property
    def costs_nothing(self) -> bool:
        """Whether the entry only says why there is no room: nothing was paid, and no receipt is needed."""
        return self.type in WITHOUT_ROOM and not self.room_rate and not self.tax and not self.flat_tax

    @model_validator(mode="after")
    def _no_room_no_cost(self) -> Self:
        if self.type in NO_ROOM and (self.room_rate or self.tax or self.flat_tax):
            refuse(
                "claim.night.no-vacancy-with-cost",
                "type",
                f"{self.type} says that there was no room, and a cost is stated; change one of the two",
            )
        return self

    @model_validator(mode="after")
    def _one_way_of_sharing(self) -> Self:
        if self.single_rate is not None and self.sharers > 1:
            refuse(
                "claim.night.shared-twice",
                "single_rate",
                "goes with a companion who is not an officer, sharers with officers; state one of them",
            )
        return self


class FurnishedMeals(Model):
    """Who furnished the meals of one day. A meal that is null was not answered."""

    date: Day
    breakfast: FurnishedBy | None = "none"
    lunch: FurnishedBy | None = "none"
    dinner: FurnishedBy | None = "none"
    meal_statement: MealStatement | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether no meal was furnished, which is so for every day that is not named."""
        return self.meal_statement is None and set(self.by_meal().values()) == {"none"}

    @property
    def is_unanswered(self) -> bool:
        """Whether nothing was answered for the day."""
        return self.meal_statement is None and set(self.by_meal().values()) == {None}

    def by_meal(self) -> dict[Meal, FurnishedBy | None]:
        """Each meal and who furnished it."""
        return {"breakfast": self.breakfast, "lunch": self.lunch, "dinner": self.dinner}


def _instead_of(amount: Decimal, miles: Decimal | None, missing: Sequence[str]) -> str:
    """What to state of a drive in place of an amount."""
    give = f" and give {', '.join(missing)}" if missing else ""
    follows = f"; it is computed from the {miles:f} miles" if miles is not None else ""
    return f"leave the amount out ({in_dollars(amount)} is stated){give}{follows}"


class Expense(Model):
    """One expense line. `amount` and what relates to it in dollars; `miles` only for `pov_mileage`."""

    date: Day
    category: Category
    amount: PositiveAmount | None = None
    description: Text | None = None
    vendor: Text | None = None
    receipt: Text | None = None
    receipt_total: Amount | None = None
    receipt_statement: YesNo = False
    justification: MultilineText | None = None
    approval: Text | None = None
    approved_on: Day | None = None
    credit: Amount = ZERO
    paid_by: PaidBy = "agency"
    miles: Miles | None = None
    from_: Text | None = Field(default=None, alias="from")
    to: Text | None = None
    map_miles: Miles | None = None
    plate: Text | None = None
    passengers: Annotated[int, Field(ge=0, le=50), WHOLE] | None = None
    agency_car_assigned: YesNo = False
    round_trips: Annotated[int, Field(ge=1, le=400), WHOLE] = 1
    ticket: Text | None = None
    fare_class: Literal["coach", "premium"] = "coach"
    one_way: YesNo = False
    coach_fare: Amount | None = None
    direct_fare: Amount | None = None
    comparable_cost: Amount | None = None
    taxi_equivalent: Amount | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.category == "pov_mileage":
            driven = {"miles": self.miles, "from": self.from_, "to": self.to}
            missing = [name for name, value in driven.items() if value is None]
            if self.amount is not None:
                refuse(
                    "claim.mileage.amount",
                    "amount",
                    f"mileage is paid by the mile; {_instead_of(self.amount, self.miles, missing)}",
                )
            if missing:
                refuse("claim.mileage.missing", missing[0], "is missing; mileage needs miles, from and to")
        else:
            if self.amount is None:
                refuse("claim.expense.amount-missing", "amount", "is missing; write what was paid, like 34.00")
            if self.miles is not None or self.round_trips != 1:
                refuse(
                    "claim.mileage.misplaced",
                    "miles",
                    f"miles and round_trips go with pov_mileage, not with {self.category}",
                )
        self._check_what_goes_with_the_category()
        return self

    def _check_what_goes_with_the_category(self) -> None:
        """Refuse a figure that no rule of the category reads: it would be ignored in silence."""
        of_fares = "; the coach fare goes into coach_fare, the fare on the direct dates into direct_fare"
        for field, categories, hint in (
            ("comparable_cost", DRIVES, of_fares if self.category in CARRIERS else ""),
            ("coach_fare", CARRIERS, ""),
            ("direct_fare", CARRIERS, ""),
            ("taxi_equivalent", frozenset({"parking"}), ""),
        ):
            if getattr(self, field) is not None and self.category not in categories:
                refuse(
                    "claim.expense.field-misplaced",
                    field,
                    f"goes with {' or '.join(sorted(categories))}, not with {self.category}{hint}",
                )

    @property
    def group(self) -> Literal["transportation", "other"]:
        """The group of totals this expense counts in."""
        return "transportation" if self.category in TRANSPORTATION else "other"


class Credit(Model):
    """A refund, e-credit or other payer's share, off `line` (an id like E1) or, without one, off the total."""

    source: Text
    amount: PositiveAmount
    on: Day | None = None
    line: LineId | None = None
    note: MultilineText | None = None


class PreviousClaim(Model):
    """A claim for the same officer that NASRO has paid. `amount` in dollars."""

    claim_id: Text
    paid_on: Day
    amount: Amount


class Signature(Model):
    """A name under the certification, and the day."""

    name: Name | None = None
    on: Day | None = None

    @property
    def complete(self) -> bool:
        """Whether both the name and the day are there."""
        return self.name is not None and self.on is not None


class Signatures(Model):
    """Who certifies the claim."""

    officer: Signature = Signature()
    supervisor: Signature = Signature()
    fiscal: Signature = Signature()


class Claim(Model):
    """One officer's claim for one course, as the agency states it."""

    schema_: Literal["perdiem-claim/1"] = Field(alias="schema")
    claim_id: ClaimId
    kind: Kind = "original"
    replaces: Text | None = None
    prepared_on: Day
    submitted_on: Day | None = None
    received_on: Day | None = None
    authorization: Text | None = None
    agency: Agency
    award: Award
    officer: Officer
    course: Course
    trip: Trip
    lodging: Annotated[tuple[LodgingNight, ...], Field(max_length=400)] = ()
    furnished_meals: Annotated[tuple[FurnishedMeals, ...], Field(max_length=400)] | None = None
    mie_paid: dict[Day, Amount] = Field(default_factory=dict)
    expenses: Annotated[tuple[Expense, ...], Field(max_length=1000)] = ()
    credits: Annotated[tuple[Credit, ...], Field(max_length=50)] = ()
    previously_reimbursed: Amount = ZERO
    previous_claims: Annotated[tuple[PreviousClaim, ...], Field(max_length=50)] = ()
    explanations: dict[CheckId, MultilineText] = Field(default_factory=dict)
    attachments: dict[AttachmentItem, AttachmentStatus] = Field(default_factory=dict)
    signatures: Signatures = Signatures()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        self._check_kind()
        self._check_days_of_the_claim()
        self._check_earlier_payments()
        self._check_meals()
        return self

    def _check_kind(self) -> None:
        if self.kind == "original" and self.replaces is not None:
            refuse(
                "claim.replaces.misplaced",
                "replaces",
                "an original claim replaces none; leave it out, or say corrected or supplemental",
            )
        if self.kind != "original" and self.replaces is None:
            refuse(
                "claim.replaces.missing", "replaces", f"is missing; a {self.kind} claim names the claim it goes with"
            )
        if self.replaces is not None and same_id(self.replaces, self.claim_id):
            refuse(
                "claim.replaces.itself",
                "replaces",
                f"{self.replaces} is this claim itself; name the claim that this one goes with",
            )

    def _check_days_of_the_claim(self) -> None:
        if self.submitted_on and self.received_on and self.submitted_on > self.received_on:
            refuse(
                "claim.date.received-before-sent",
                "submitted_on",
                f"{self.submitted_on} is after received_on {self.received_on}; a claim is sent before it arrives: "
                "correct one of the two dates",
            )

    def _check_earlier_payments(self) -> None:
        paid = sum((claim.amount for claim in self.previous_claims), ZERO)
        if self.previous_claims and paid != self.previously_reimbursed:
            refuse(
                "claim.payments.sum",
                "previously_reimbursed",
                f"{in_dollars(self.previously_reimbursed)} is not the sum of previous_claims, "
                f"{in_dollars(paid)}; make the two agree",
            )

    def _check_meals(self) -> None:
        days = [meals.date for meals in self.furnished_meals or ()]
        for index, day in enumerate(days):
            if not self.trip.covers(day):
                refuse(
                    "claim.date.outside-trip",
                    f"furnished_meals[{index}].date",
                    f"{day} is not within the trip; check the date",
                )
            if day in days[:index]:
                refuse(
                    "claim.date.repeated",
                    f"furnished_meals[{index}].date",
                    f"{day} appears twice; put its meals in one entry",
                )
        for day in self.mie_paid:
            if not self.trip.covers(day):
                refuse("claim.date.outside-trip", f"mie_paid.{day}", f"{day} is not within the trip; check the date")

    def __eq__(self, other: object) -> bool:
        """Whether two claims say the same, whatever the order in which they name days.

        A day of furnished meals that are all `none` says nothing that the list itself does not say; a list in which
        no meal was answered says what no list says.
        """
        if not isinstance(other, Claim):
            return NotImplemented
        return self.in_order().__dict__ == other.in_order().__dict__

    __hash__ = None  # type: ignore[assignment]  # the fields hold dictionaries

    def in_order(self) -> Self:
        """The same claim with its days by date, without days that say nothing: alike for claims that say the same."""
        trip = self.trip
        by_date = {
            "personal_days": tuple(sorted(trip.personal_days)),
            "day_trips": tuple(sorted(trip.day_trips, key=_date_of)),
        }
        meals: tuple[FurnishedMeals, ...] | None = None
        if self.furnished_meals is not None:
            meals = tuple(sorted((day for day in self.furnished_meals if not day.says_nothing), key=_date_of))
            unanswered = [day for day in meals if day.is_unanswered]
            if len(unanswered) == len(meals) == len(list(trip.days())):
                meals = None
        return self.model_copy(update={"trip": trip.model_copy(update=by_date), "furnished_meals": meals})

    def meals_on(self, day: date) -> FurnishedMeals | None:
        """The answer about a day's meals: an entry, all `none` where other days were answered, else None."""
        if self.furnished_meals is None:
            return None
        for meals in self.furnished_meals:
            if meals.date == day:
                return meals
        return FurnishedMeals(date=day)

    def attachment(self, item: AttachmentItem) -> AttachmentStatus:
        """The status of a checklist item; `missing` if the claim does not state one."""
        return self.attachments.get(item, "missing")

    @property
    def counted_on(self) -> date:
        """The day that counts for deadlines: submitted, else received, else prepared."""
        return self.submitted_on or self.received_on or self.prepared_on

    @property
    def counted_path(self) -> str:
        """The field that states `counted_on`."""
        return next(name for name in ("submitted_on", "received_on", "prepared_on") if getattr(self, name))


def same_id(one: str, other: str) -> bool:
    """Whether two claim ids are the same, whatever their case.

    >>> same_id("2026-orl-0001", "2026-ORL-0001 ")
    True
    """
    return claim_key(one) == claim_key(other)


def claim_key(claim_id: str) -> str:
    """A claim id as it is compared."""
    return claim_id.strip().casefold()


def _date_of(entry: FurnishedMeals | DayTrip) -> date:
    return entry.date
