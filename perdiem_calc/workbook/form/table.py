"""The one table of the form: every box (`Field`) and every column of its tables, in the order of the pages.

Writer, defined names, validations and reader are loops over it. Rows and columns count from 0.

>>> BOXES["officer_name"].area.address, TABLES["day"].area("room").address
('Claim!A15:D15', 'Days!H7:H37')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from perdiem_calc.checks.finding import Severity
from perdiem_calc.workbook.form.layout import Area, Kind

LAYOUT_VERSION = 2
CLAIM, DAYS, EXPENSES, SPECIAL, DOCUMENTS = "Claim", "Days", "Expenses", "Special", "Documents"
CHECK, REVIEW, WORKINGS, RATES, LISTS, ZIPS = "Check", "Review", "Workings", "Rates", "Lists", "ZIP"
SHEETS = (CLAIM, DAYS, EXPENSES, SPECIAL, DOCUMENTS, CHECK, REVIEW, WORKINGS, RATES, LISTS, ZIPS)
MOST_DAYS, MOST_EXPENSES, MOST_STOPS = 31, 40, 4
STANDARD = "Not listed: standard rate"
NEVER_A_ROOM = ("in_transit", "not_claimed", "friends_family", "own_home")

Choices = Mapping[str, str]
"""The words that a person chooses from, each with what the claim stores."""

CHOICES: Mapping[str, Choices] = {
    "yes_no": {"Yes": "yes", "No": "no"},
    "kinds": {"First claim": "original", "Corrected claim": "corrected", "Additional claim": "supplemental"},
    "payees": {
        "The agency": "agency",
        "City, county or finance office": "government",
        "A person": "individual",
    },
    "outcomes": {"Completed": "completed", "Failed": "failed", "Withdrawn": "withdrawn", "Cancelled": "cancelled"},
    "positions": {"New position": "original", "Replaces an SRO who left": "backfill"},
    "purposes": {"Course": "course", "Overnight on the way": "en_route"},
    "meals": {
        "Not furnished": "none",
        "In the course fee": "registration",
        "By the course host": "host",
        "By a government agency": "government",
        "Free at the hotel": "hotel",
        "On the plane or train": "carrier",
        "Snacks only": "refreshments",
    },
    "rooms": {
        "Hotel": "hotel",
        "Government quarters": "government",
        "Dormitory": "dormitory",
        "Rented home": "home_sharing",
        "Friends or relatives": "friends_family",
        "Own home": "own_home",
        "On a plane, train or bus": "in_transit",
        "No room claimed": "not_claimed",
    },
    "approvers": {"NASRO": "nasro", "COPS Office": "cops", "Agency": "agency"},
    "station_approvers": {"NASRO": "nasro", "COPS Office": "cops"},
    "payers": {"Agency": "agency", "Officer": "officer", "Someone else": "other"},
    "excuses": {
        "Official business": "official_business",
        "Medical reasons": "medical",
        "Religious reasons": "religious",
    },
    "fares": {"Coach": "coach", "Premium": "premium"},
    "statuses": {"Attached": "attached", "Missing": "missing", "Not needed": "not_needed"},
    "credit_for": {"Whole claim": "", "Room": "N", "Tax on the room": "T", "Expense line": "E"},
    "decisions": {"Accept": "accept", "Adjust": "adjust", "Return": "return"},
    "categories": {
        "Airfare": "airfare",
        "Train or bus": "rail_bus",
        "Checked bag": "baggage",
        "Seat fee": "seat_fee",
        "Own car mileage": "pov_mileage",
        "Gas for own car": "pov_fuel",
        "Gas for agency vehicle": "agency_vehicle_fuel",
        "Rental car": "rental_car",
        "Gas for rental car": "rental_fuel",
        "Rental insurance": "rental_insurance",
        "Taxi, ride or shuttle": "taxi",
        "Parking": "parking",
        "Tolls": "tolls",
        "Laundry": "laundry",
        "Hotel charge, not a night": "lodging_fee",
        "Resort fee": "resort_fee",
        "Course fee": "registration",
        "Meals": "meals",
        "Alcohol": "alcohol",
        "Tips": "tips",
        "Fine": "fine",
        "Entertainment": "entertainment",
        "Other": "other",
    },
}
DOCUMENT_NAMES: Mapping[str, str] = {
    "itemized_expenses": "Itemized list of expenses (this workbook)",
    "certificate": "Course certificate",
    "folio": "Paid hotel bill",
    "carrier_receipt": "Airline, train or bus receipt with price and class",
    "rental_agreement": "Rental agreement and bill",
    "mileage_log": "Map or log of the miles driven",
    "receipts_over_75": "Receipts for other expenses over $75",
    "meals_statement": "Statement of furnished meals",
    "approvals": "Approvals",
    "proof_of_payment": "Proof that the agency paid",
    "vendor_form": "W-9 or vendor form",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One box: its defined name, where it stands, the claim's field, the label above it, and what is due there.

    `needed` is marked with a star; `formula` makes it a box that nobody fills in.
    """

    name: str
    area: Area
    path: str
    label: str
    kind: Kind = Kind.TEXT
    choices: str = ""
    hint: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its key, header, and what is due there.

    `span` is how many columns of the sheet it takes, `width` that of one in characters. A column with a `formula` is
    computed, and `stated_as` is the engine's amount that it must equal; `aside` are the columns that are not printed.
    What is `fixed` nobody fills in, what is `of_nasro` NASRO alone, so that it is not yellow.
    """

    key: str
    header: str
    width: float = 10
    kind: Kind = Kind.TEXT
    choices: str = ""
    hint: str = ""
    span: int = 1
    formula: str = ""
    stated_as: str = ""
    aside: bool = False
    fixed: bool = False
    of_nasro: bool = False


@dataclass(frozen=True)
class Table:
    """A table of a sheet: `rows` rows below the header at `header` (from 0), named by prefix and key."""

    sheet: str
    prefix: str
    header: int
    rows: int
    columns: tuple[Column, ...]
    first: int = 0
    gap: int = 0

    @cached_property
    def places(self) -> Mapping[str, tuple[int, int]]:
        """The first and last column of the sheet that each column takes, by key."""
        found, place = {}, self.first
        for column in self.columns:
            found[column.key] = (place, place + column.span - 1)
            place += column.span
        return found

    @cached_property
    def inputs(self) -> tuple[Column, ...]:
        """The columns that a person fills in."""
        return tuple(column for column in self.columns if not column.formula and not column.fixed)

    @property
    def first_row(self) -> int:
        """Its first row."""
        return self.header + 1 + self.gap

    def column(self, key: str) -> Column:
        """The column of that key."""
        return next(column for column in self.columns if column.key == key)

    def area(self, key: str) -> Area:
        """All cells of a column."""
        place = self.places[key][0]
        return Area(self.sheet, self.first_row, place, self.first_row + self.rows - 1, place)

    def name(self, key: str) -> str:
        """The defined name of a column."""
        return f"{self.prefix}_{key}"


_Box = tuple[int, str, str, str, Kind, str, str, bool]


def _box(
    span: int,
    name: str,
    path: str,
    label: str,
    kind: Kind = Kind.TEXT,
    *,
    choices: str = "",
    hint: str = "",
    needed: bool = False,
) -> _Box:
    return span, name, path, label, Kind.CHOICE if choices else kind, choices, hint, needed


def _row(sheet: str, row: int, *boxes: _Box) -> Iterator[Field]:
    """The boxes of a row, from the left; `row` is the label's, the box stands below it."""
    place = 0
    for span, name, path, label, kind, choices, hint, needed in boxes:
        yield Field(
            name, Area(sheet, row + 1, place, row + 1, place + span - 1), path, label, kind, choices, hint, needed
        )
        place += span


_D, _T, _A = Kind.DATE, Kind.TIME, Kind.AMOUNT
WHO = (("officer", "Officer"), ("supervisor", "Supervisor"), ("fiscal", "Fiscal official"))
SIGN_ROW = 47
FIELDS: tuple[Field, ...] = (
    *_row(
        CLAIM,
        6,
        _box(
            3,
            "claim_id",
            "claim_id",
            "Claim number",
            hint="Any number that your agency uses once, like 2026-ORL-0001.",
            needed=True,
        ),
        _box(2, "kind", "kind", "This is a", choices="kinds", hint="Blank means a first claim."),
        _box(2, "replaces", "replaces", "Corrects or adds to", hint="The number of the earlier claim."),
        _box(2, "prepared_on", "prepared_on", "Prepared on", _D, needed=True),
        _box(1, "submitted_on", "submitted_on", "Sent on", _D, hint="The day you send it to NASRO."),
        _box(2, "received_on", "received_on", "Received by NASRO", _D, hint="NASRO fills this in."),
    ),
    *_row(
        CLAIM,
        8,
        _box(4, "agency_name", "agency.name", "Law enforcement agency", needed=True),
        _box(4, "agency_remit_to", "agency.remit_to", "Send the payment to (name and address)", needed=True),
        _box(2, "agency_payee", "agency.payee", "Payee, if not the agency"),
        _box(
            2,
            "agency_payee_kind",
            "agency.payee_kind",
            "The payee is",
            choices="payees",
            hint="Blank means the agency. A person cannot be paid.",
        ),
    ),
    *_row(
        CLAIM,
        10,
        _box(4, "agency_contact_name", "agency.contact.name", "Contact person", needed=True),
        _box(4, "agency_contact_email", "agency.contact.email", "E-mail"),
        _box(2, "agency_contact_phone", "agency.contact.phone", "Phone"),
        _box(2, "award_letter_date", "award.letter_date", "Award letter dated", _D, needed=True),
    ),
    *_row(
        CLAIM,
        13,
        _box(4, "officer_name", "officer.name", "Officer", needed=True),
        _box(
            4, "award_number", "award.number", "CHP award number", hint="Like 15JCOPS-25-GG-01234-UHPX.", needed=True
        ),
        _box(
            2,
            "officer_sro_hired_on",
            "officer.sro_hired_on",
            "Hired as SRO on",
            _D,
            hint="Into this position.",
            needed=True,
        ),
        _box(2, "officer_placed_on", "officer.placed_on", "Placed in school on", _D),
    ),
    *_row(
        CLAIM,
        15,
        _box(4, "course_title", "course.title", "Course", needed=True),
        _box(
            1,
            "course_hours",
            "course.hours",
            "Hours",
            Kind.COUNT,
            hint="The NASRO Basic SRO Course has 40 hours.",
            needed=True,
        ),
        _box(2, "course_class_id", "course.class_id", "Class number"),
        _box(3, "course_host", "course.host", "Host"),
        _box(2, "course_outcome", "course.outcome", "Outcome", choices="outcomes", hint="Blank means completed."),
    ),
    *_row(
        CLAIM,
        17,
        _box(1, "course_starts_on", "course.starts_on", "Starts", _D, needed=True),
        _box(1, "course_ends_on", "course.ends_on", "Ends", _D, needed=True),
        _box(
            1,
            "course_ends_at",
            "course.ends_at",
            "Ends at",
            _T,
            hint="The time the course ended, like 3:00 PM. Only for a trip that ends in personal days.",
        ),
        _box(
            2, "course_completed_on", "course.completed_on", "Completed on", _D, hint="The date on the certificate."
        ),
        _box(
            2,
            "course_traveled",
            "course.traveled",
            "If cancelled: traveled?",
            Kind.YES_NO,
            hint="Only for a cancelled course: did the officer travel?",
        ),
        _box(
            2,
            "course_coordinated",
            "course.coordinated",
            "Agreed with NASRO?",
            Kind.YES_NO,
            hint="Was the travel agreed with NASRO before it began? A date says yes.",
        ),
        _box(1, "course_coordinated_on", "course.coordinated_on", "on", _D),
        _box(2, "course_coordinated_with", "course.coordinated_with", "With whom"),
    ),
    *_row(
        CLAIM,
        20,
        _box(
            2,
            "station_city",
            "trip.official_station.city",
            "Officer's station: city",
            hint="Where the officer works.",
        ),
        _box(1, "station_state", "trip.official_station.state", "State", choices="states"),
        _box(2, "station_county", "trip.official_station.county", "County"),
        _box(1, "station_zip", "trip.official_station.zip", "ZIP"),
        _box(
            2,
            "residence_city",
            "trip.residence.city",
            "Lives in: city",
            hint="Only if it is not the city of the station.",
        ),
        _box(1, "residence_state", "trip.residence.state", "State", choices="states"),
        _box(2, "residence_county", "trip.residence.county", "County"),
        _box(1, "residence_zip", "trip.residence.zip", "ZIP"),
    ),
    *_row(
        CLAIM,
        22,
        _box(
            2,
            "trip_departed_on",
            "trip.departed_at",
            "Left on",
            _D,
            hint="The day the officer left home or the station.",
            needed=True,
        ),
        _box(1, "trip_departed_time", "trip.departed_at", "at (time)", _T, hint="Like 6:30 AM."),
        _box(2, "trip_returned_on", "trip.returned_at", "Back on", _D, needed=True),
        _box(1, "trip_returned_time", "trip.returned_at", "at (time)", _T, hint="Like 7:45 PM."),
        _box(
            6,
            "extra_night_reason",
            "trip.extra_night_reason",
            "Reason for extra nights",
            hint="When the officer came more than a day early or stayed longer.",
        ),
    ),
    *(
        field
        for who, (key, said) in enumerate(WHO)
        for field in (
            Field(
                f"signatures_{key}_name",
                Area(CLAIM, SIGN_ROW + 1, 4 * who, SIGN_ROW + 1, 4 * who + 2),
                f"signatures.{key}.name",
                f"{said}: name",
                needed=key == "fiscal",
            ),
            Field(
                f"signatures_{key}_on",
                Area(CLAIM, SIGN_ROW + 1, 4 * who + 3, SIGN_ROW + 1, 4 * who + 3),
                f"signatures.{key}.on",
                "Date",
                _D,
                needed=key == "fiscal",
            ),
        )
    ),
    *_row(
        SPECIAL,
        41,
        _box(2, "agency_ori", "agency.ori", "ORI"),
        _box(2, "agency_uei", "agency.uei", "UEI"),
        _box(2, "agency_ein", "agency.ein", "EIN"),
        _box(2, "agency_vendor_number", "agency.vendor_number", "Vendor number"),
        _box(2, "agency_accounting_code", "agency.accounting_code", "Accounting code"),
        _box(2, "authorization", "authorization", "Travel authorization"),
        _box(2, "officer_rank", "officer.rank", "Rank"),
        _box(3, "officer_employee_id", "officer.employee_id", "Employee ID"),
    ),
    *_row(
        SPECIAL,
        43,
        _box(2, "award_award_date", "award.award_date", "Award date", _D),
        _box(2, "award_period_from", "award.period_from", "Award from", _D),
        _box(2, "award_period_to", "award.period_to", "Award to", _D),
        _box(2, "award_program_manager", "award.program_manager", "Program manager"),
        _box(2, "award_mou_on", "award.mou_on", "MOU submitted", _D),
        _box(2, "officer_prior", "officer.prior_basic_course_on", "Earlier basic course on", _D),
        _box(
            5, "officer_position", "officer.position", "Position", choices="positions", hint="Blank: a new position."
        ),
    ),
    *_row(
        SPECIAL,
        45,
        _box(
            4,
            "officer_pred_completed",
            "officer.predecessor_completed_training",
            "Did the SRO who left finish the training?",
            Kind.YES_NO,
        ),
        _box(2, "officer_pred_left", "officer.predecessor_left_agency", "Did that SRO leave?", Kind.YES_NO),
        _box(2, "course_state", "course.place.state", "Course held elsewhere: state", choices="states"),
        _box(
            2,
            "course_area",
            "",
            "its rate area",
            Kind.CHOICE,
            hint="Only when the course was not held at a place on the sheet Claim.",
        ),
        _box(2, "course_city", "course.place.city", "its city"),
        _box(2, "course_county", "course.place.county", "its county"),
        _box(3, "course_zip", "course.place.zip", "its ZIP"),
    ),
    *_row(
        SPECIAL,
        47,
        _box(
            4,
            "approval_by",
            "trip.station_approval.by",
            "Course at the station: approved by",
            choices="station_approvers",
            hint="NASRO's approval of meals and lodging for a course in the officer's own city.",
        ),
        _box(2, "approval_on", "trip.station_approval.on", "Approved on", _D),
        _box(11, "approval_reason", "trip.station_approval.reason", "Reason"),
    ),
)
BOXES: Mapping[str, Field] = {field.name: field for field in FIELDS}


def _w(key: str) -> str:
    """A cell of Days that shows what Workings has for its day."""
    return f'=IF(N($B{{r}})=0,"",INDEX(w_{key},$A{{r}}))'


def _x(key: str) -> str:
    """A cell of Expenses that shows what Workings has for its line."""
    return f'=IF(TRIM($C{{r}})="","",INDEX(x_{key},ROW()-ROW(exp_head)))'


_WHY_MEAL = "Who paid for this meal? In the fee, by the host, by a government: taken off."
_PLACE_HINT = "Choose from the list of this state. A town that is not in it has the standard rate."
_LOST = "Yes: the receipt is lost and a signed statement is attached."

STOPS = Table(
    CLAIM,
    "stop",
    25,
    MOST_STOPS,
    (
        Column("reason", "Purpose", choices="purposes", span=2, hint="Blank means course."),
        Column("state", "State", choices="states"),
        Column("area", "Rate area", kind=Kind.CHOICE, hint=_PLACE_HINT, span=2),
        Column("city", "City or town", span=2, hint="As on the certificate."),
        Column("county", "County", span=2),
        Column("zip", "ZIP", hint="Five digits. Finds the rate area when you do not choose one."),
        Column("arrived", "Arrived", kind=_D, hint="Blank: the day the officer left home."),
        Column("left", "Left", kind=_D, hint="Blank: the next arrival, or the day back."),
    ),
)
PAYMENTS = Table(
    CLAIM,
    "payment",
    40,
    4,
    (
        Column("claim_id", "Paid before: claim number", span=3),
        Column("paid_on", "Paid on", kind=_D, span=1),
        Column("amount", "Amount", kind=_A, hint="What NASRO paid for this officer before.", span=1),
    ),
)
DAY = Table(
    DAYS,
    "day",
    4,
    MOST_DAYS,
    (
        Column("day", "No.", 4, Kind.COUNT, fixed=True),
        Column("date", "Date", 9.6, _D, formula='=IF(N($A{r})=0,"",INDEX(w_date,$A{r}))'),
        Column("weekday", "Day", 5, formula='=IF(N($B{r})=0,"",TEXT($B{r},"ddd"))'),
        Column("place", "Rates of", 18, formula=_w("place")),
        Column("kind", "Kind of day", 10.5, formula=_w("kind"), stated_as="day_type"),
        Column(
            "personal",
            "Personal day?",
            8.5,
            Kind.YES_NO,
            hint="Yes: a day of leave. No room and no M&IE are paid.",
        ),
        Column("ceiling", "Room limit", 9, _A, formula=_w("shown_ceiling"), stated_as="lodging_ceiling"),
        Column(
            "room",
            "Room, before tax",
            9,
            _A,
            hint="What the whole room cost this night, before tax. 0.00 when it was free.",
        ),
        Column("tax", "Tax on the room", 9, _A, hint="As on the hotel bill."),
        Column("receipt", "Receipt no.", 8.5, hint="The number you wrote on the hotel bill, like R1."),
        Column("room_ok", "Room allowed", 9, _A, formula=_w("shown_room"), stated_as="lodging_allowed"),
        Column("tax_ok", "Tax allowed", 9, _A, formula=_w("shown_tax"), stated_as="tax_allowed"),
        Column("mie", "M&IE a day", 8, _A, formula=_w("shown_mie"), stated_as="mie_rate"),
        Column("share", "Share", 6.2, Kind.PERCENT, formula=_w("share"), stated_as="mie_percent"),
        Column("breakfast", "Breakfast", 13.5, Kind.CHOICE, "meals", _WHY_MEAL),
        Column("lunch", "Lunch", 13.5, Kind.CHOICE, "meals", _WHY_MEAL),
        Column("dinner", "Dinner", 13.5, Kind.CHOICE, "meals", _WHY_MEAL),
        Column("mie_ok", "M&IE allowed", 9, _A, formula=_w("mie_ok"), stated_as="mie_allowed"),
        Column("total", "Day total", 9.6, _A, formula=_w("total"), stated_as="day_total"),
    ),
    gap=1,
)
EVERY = ("room", "tax", "receipt", "breakfast", "lunch", "dinner")
"""The columns of Days that can be typed once for every day."""

EXPENSE = Table(
    EXPENSES,
    "exp",
    5,
    MOST_EXPENSES,
    (
        Column("line", "Line", 5, Kind.COUNT, fixed=True),
        Column("date", "Date", 10, _D, hint="The day it was paid; for mileage the day driven."),
        Column("category", "What", 19, Kind.CHOICE, "categories", "Choose what was paid for."),
        Column("description", "Details", 20, hint="In a few words."),
        Column("vendor", "Paid to", 14),
        Column("from", "Driven from", 13, hint="Mileage only."),
        Column("to", "Driven to", 13, hint="Mileage only."),
        Column("miles", "Miles", 8, Kind.MILES, hint="Mileage only."),
        Column("amount", "Amount paid", 10, _A, hint="Leave blank for mileage."),
        Column("receipt", "Receipt no.", 9, hint="Needed above $75."),
        Column("rate", "Per mile", 8, Kind.MILEAGE_RATE, formula=_x("shown_rate"), stated_as="mileage_rate"),
        Column("claimed", "Claimed", 10, _A, formula=_x("claimed"), stated_as="line_amount"),
        Column("allowed", "Allowed", 10, _A, formula=_x("allowed"), stated_as="allowed"),
        Column("why", "Note", 40, formula=_x("why")),
        Column(
            "receipt_total",
            "Receipt shows",
            10,
            _A,
            hint="When the receipt shows another total than the amount.",
            aside=True,
        ),
        Column("statement", "Signed lost-receipt statement?", 12, Kind.YES_NO, hint=_LOST, aside=True),
        Column("ticket", "Ticket number", 15, aside=True),
        Column("fare_class", "Fare class", 9, Kind.CHOICE, "fares", "Blank means coach.", aside=True),
        Column("one_way", "One way?", 8, Kind.YES_NO, aside=True),
        Column(
            "coach_fare", "Coach fare", 10, _A, hint="For a premium fare: what coach would have cost.", aside=True
        ),
        Column("direct_fare", "Fare on the direct dates", 11, _A, hint="For a trip with personal days.", aside=True),
        Column(
            "comparable",
            "What the authorized way would have cost",
            14,
            _A,
            hint="Only when the officer drove or rented by choice: fares, bags, taxis and parking, both ways.",
            aside=True,
        ),
        Column("taxi", "Taxi fares saved", 10, _A, hint="For parking at the terminal.", aside=True),
        Column("plate", "License plate", 10, aside=True),
        Column(
            "declined",
            "Agency car declined?",
            10,
            Kind.YES_NO,
            hint="Yes: an agency car was assigned, and the lower rate applies.",
            aside=True,
        ),
        Column("times", "Times driven", 8, Kind.COUNT, hint="Blank: once.", aside=True),
        Column("map_miles", "Miles on a map", 9, Kind.MILES, aside=True),
        Column("passengers", "Passengers", 10, Kind.COUNT, aside=True),
        Column("reason", "Reason", 24, hint="Why it was needed.", aside=True),
        Column("approval", "Approved by", 16, aside=True),
        Column("approved_on", "Approved on", 10, _D, aside=True),
        Column("credit", "Refund", 9, _A, hint="What came back of this cost.", aside=True),
        Column("paid_by", "Paid by", 12, Kind.CHOICE, "payers", "Blank means the agency.", aside=True),
    ),
)
ROOM = Table(
    SPECIAL,
    "room",
    4,
    8,
    (
        Column("from", "First night", 10, _D),
        Column("to", "Last night", 10, _D, hint="Blank: one night."),
        Column("sharers", "Officers in the room", 9, Kind.COUNT, hint="This officer included."),
        Column("with", "Shared with", 15, Kind.LIST, hint="Names, with a semicolon between them."),
        Column(
            "single", "Price for one person", 9, _A, hint="When a companion who is not an officer shared the room."
        ),
        Column("type", "Kind of lodging", 15, Kind.CHOICE, "rooms", "Blank means hotel."),
        Column("hotel", "Hotel", 15),
        Column("flat", "Flat tax a night", 8.5, _A, hint="A charge by the night, not by the price."),
        Column("statement", "Lost-receipt statement?", 10, Kind.YES_NO, hint=_LOST),
        Column("ceiling", "Approved price a night", 9.5, _A, hint="Approved in writing before the trip."),
        Column("by", "Approved by", 11, Kind.CHOICE, "approvers"),
        Column("on", "Approved on", 10, _D),
        Column("why", "Reason", 16),
        Column(
            "state", "Hotel's state", 7, choices="states", hint="Only when the hotel's own rate area was approved."
        ),
        Column("area", "Hotel's rate area", 15, Kind.CHOICE),
        Column("city", "Hotel's city; ZIP", 13, hint="City, or ZIP, or both with a semicolon: Kissimmee; 34741."),
        Column("paid_by", "Paid by", 11, Kind.CHOICE, "payers", "Blank means the agency."),
    ),
)
MIE = Table(
    SPECIAL,
    "miex",
    15,
    5,
    (
        Column("from", "First day", kind=_D),
        Column("to", "Last day", kind=_D, hint="Blank: one day."),
        Column("paid", "Agency paid a day", kind=_A, hint="When it paid the officer less than the full amount."),
        Column("excuse", "Full M&IE in spite of a furnished meal", choices="excuses"),
    ),
)
DAY_TRIP = Table(
    SPECIAL,
    "dtrip",
    23,
    7,
    (
        Column("date", "Day", kind=_D),
        Column("left", "Left home at", kind=_T),
        Column("back", "Back home at", kind=_T, hint="Past midnight: the time of the next morning."),
    ),
)
CREDIT = Table(
    SPECIAL,
    "credit",
    33,
    4,
    (
        Column("source", "From whom", span=2),
        Column("on", "Date", kind=_D),
        Column("amount", "Amount", kind=_A),
        Column("note", "What for", span=3),
        Column("for", "It reduces", choices="credit_for", hint="Blank means the whole claim.", span=2),
        Column("night", "the night of", kind=_D, hint="For a room or its tax: which night.", span=2),
        Column("line", "expense line", kind=Kind.COUNT, hint="For an expense: its line number."),
    ),
)
DOCUMENT = Table(
    DOCUMENTS,
    "doc",
    3,
    len(DOCUMENT_NAMES),
    (
        Column("name", "Document", 50, fixed=True),
        Column("needed", "Needed?", 12, formula="{needed}"),
        Column("status", "Status", 14, Kind.CHOICE, "statuses", "Attached, Missing or Not needed."),
        Column("note", "Note", 34),
    ),
)
REVIEWED = Table(
    REVIEW,
    "review",
    3,
    12,
    (
        Column("no", "No.", 5, fixed=True),
        Column("check", "Question", 23, fixed=True),
        Column("result", "Kind", 12, fixed=True),
        Column("asks", "What NASRO asks", 54, fixed=True),
        Column("where", "Where", 14, fixed=True),
        Column("claimed", "Claimed", 11, _A, fixed=True),
        Column("allowed", "Allowed", 11, _A, fixed=True),
        Column("change", "Change in payment", 11, _A, fixed=True),
        Column("citation", "Rule", 22, fixed=True),
        Column("answer", "Agency's answer", 30),
        Column("decision", "Decision", 11, Kind.CHOICE, "decisions", of_nasro=True),
        Column("reason", "Reason", 24, of_nasro=True),
    ),
)
RESULTS: Mapping[Severity, str] = {
    Severity.BLOCKS: "Not payable",
    Severity.ADJUSTS: "Amount",
    Severity.REVIEW: "To decide",
    Severity.INFO: "To know",
}
"""The words of Review for the severity of a finding."""
NOT_CHECKED = "Not checked"
FOR_NASRO: Sequence[tuple[str, str, Kind]] = (
    ("nasro_amount", "Approved amount", _A),
    ("nasro_by", "Approved by", Kind.TEXT),
    ("nasro_on", "Date", _D),
    ("nasro_payment", "Payment number", Kind.TEXT),
)
"""The box that NASRO fills in: defined name, label, kind."""
AUDIT_MARK = "audit_mark"
"""The defined name of the cell of Review, beside what is printed, that says which claim was audited."""
TABLES: Mapping[str, Table] = {
    table.prefix: table for table in (STOPS, PAYMENTS, DAY, EXPENSE, ROOM, MIE, DAY_TRIP, CREDIT, DOCUMENT, REVIEWED)
}


def every_area(key: str) -> Area:
    """The cell of Days where something is typed once for every day."""
    return Area.cell(DAYS, DAY.header + 1, DAY.places[key][0])


def words_for(choices: str, code: str) -> str:
    """The words for what a claim stores.

    >>> words_for("meals", "registration")
    'In the course fee'
    """
    return next(words for words, stored in CHOICES[choices].items() if stored == code)
