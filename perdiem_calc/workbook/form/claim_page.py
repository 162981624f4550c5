"""The sheet Claim: which field stands where. One page of twelve equal columns, a caption above each cell.

>>> page = claim_page(stops=1, earlier=0, credits=0)
>>> page.area("agency.name").address, page.area("payable").address
('Claim!A8:E8', 'Claim!G5:I5')
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import get_args

from perdiem_calc.claims.model import AttachmentItem, AttachmentStatus, CourseOutcome, PayeeKind, Position
from perdiem_calc.claims.model import Kind as ClaimKind
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.layout import HEADER_ROW, NO, YES, Area, Kind, Role, name_of

COLUMNS = 12
COLUMN_WIDTH = 9.6
CREDITS_COLUMN = 4
"""Where the credits begin, beside the earlier claims."""
PAYMENT_TITLE = "How the payment comes about"
"""What stands below the lists of earlier claims and credits."""
SPARE_ROWS = 3
"""A list on the page has at least so many rows, and one more than it has entries."""


@dataclass(frozen=True, slots=True)
class Field:
    """A cell of the page. `path` is the claim's field, or for a computed cell its defined name; `span` in columns."""

    path: str
    label: str
    span: int
    kind: Kind = Kind.TEXT
    role: Role = Role.INPUT
    needed: bool = False
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The cell's defined name."""
        return name_of(self.path)


def _computed(name: str, label: str, span: int, kind: Kind = Kind.AMOUNT) -> Field:
    return Field(name, label, span, kind, Role.COMPUTED)


def _needed(path: str, label: str, span: int, kind: Kind = Kind.TEXT) -> Field:
    return Field(path, label, span, kind, needed=True)


def _choice(path: str, label: str, span: int, choices: tuple[str, ...]) -> Field:
    return Field(path, label, span, Kind.CHOICE, choices=choices)


def _yes_no(path: str, label: str, span: int) -> Field:
    return Field(path, label, span, Kind.YES_NO, choices=(YES, NO))


def _place(path: str, label: str, *, needed: bool = False) -> tuple[Field, ...]:
    """A place: city, state, county, ZIP; what is needed is the city and state, or the ZIP."""
    return (
        Field(f"{path}.city", f"{label}: city", 3, needed=needed),
        Field(f"{path}.state", "State", 1, needed=needed),
        Field(f"{path}.county", "County", 2),
        Field(f"{path}.zip", "ZIP", 1),
    )


Band = tuple[Field, ...]

HEADLINE: Band = (
    _computed("claimed_total", "Claimed", 3),
    _computed("allowable_total", "Allowable", 3),
    _computed("payable", "Payable by NASRO", 3),
    _computed("agency_share", "Agency's own share", 3),
)

SECTIONS: tuple[tuple[str, tuple[Band, ...]], ...] = (
    (
        "Claim and agency",
        (
            (
                _needed("agency.name", "Agency", 5),
                Field("agency.payee", "Payee (blank: the agency)", 4),
                _choice("agency.payee_kind", "The payee is", 3, get_args(PayeeKind)),
            ),
            (
                _needed("claim_id", "Claim id", 3),
                _choice("kind", "Kind", 2, get_args(ClaimKind)),
                Field("replaces", "Goes with claim", 3),
                _needed("prepared_on", "Prepared on", 2, Kind.DATE),
                Field("received_on", "Received by NASRO on", 2, Kind.DATE),
            ),
            (
                _needed("agency.remit_to", "Remit to", 4),
                Field("submitted_on", "Sent to NASRO on", 2, Kind.DATE),
                Field("agency.ori", "ORI", 2),
                Field("agency.uei", "UEI", 2),
                Field("agency.ein", "EIN", 2),
            ),
            (
                _needed("agency.contact.name", "Contact", 3),
                Field("agency.contact.email", "E-mail", 4),
                Field("agency.contact.phone", "Phone", 2),
                Field("agency.vendor_number", "Vendor number", 3),
            ),
        ),
    ),
    (
        "Award (Assistance Listing 16.710)",
        (
            (
                _needed("award.number", "Award number", 4),
                _needed("award.letter_date", "Congratulatory letter", 2, Kind.DATE),
                Field("award.award_date", "Award date", 2, Kind.DATE),
                Field("award.period_from", "Period from", 2, Kind.DATE),
                Field("award.period_to", "Period to", 2, Kind.DATE),
            ),
            (
                Field("award.program_manager", "CHP program manager", 3),
                Field("award.mou_on", "MOU submitted on", 2, Kind.DATE),
                Field("agency.accounting_code", "Accounting code", 3),
                Field("authorization", "Travel authorization", 4),
            ),
        ),
    ),
    (
        "Officer",
        (
            (
                _needed("officer.name", "Officer", 4),
                Field("officer.rank", "Rank", 2),
                Field("officer.employee_id", "Employee id (never an SSN)", 2),
                _needed("officer.sro_hired_on", "Hired as SRO on", 2, Kind.DATE),
                Field("officer.placed_on", "Placed in school on", 2, Kind.DATE),
            ),
            (
                _choice("officer.position", "Position", 2, get_args(Position)),
                _yes_no("officer.predecessor_completed_training", "Backfill: predecessor trained?", 3),
                _yes_no("officer.predecessor_left_agency", "Backfill: predecessor left the agency?", 4),
                Field("officer.prior_basic_course_on", "Earlier basic course on", 3, Kind.DATE),
            ),
        ),
    ),
    (
        "Course and coordination with NASRO",
        (
            (
                _needed("course.title", "Course", 5),
                _needed("course.hours", "Hours", 1, Kind.COUNT),
                Field("course.class_id", "Class id", 2),
                Field("course.host", "Host", 4),
            ),
            (
                *_place("course.place", "Course", needed=True),
                _needed("course.starts_on", "Starts", 2, Kind.DATE),
                _needed("course.ends_on", "Ends", 2, Kind.DATE),
                Field("course.ends_at", "Ends at", 1, Kind.TIME),
            ),
            (
                Field("course.outcome", "Outcome", 2, Kind.CHOICE, choices=get_args(CourseOutcome), needed=True),
                Field("course.completed_on", "Completed on", 2, Kind.DATE),
                _yes_no("course.coordinated", "Coordinated with NASRO?", 2),
                Field("course.coordinated_on", "Coordinated on", 2, Kind.DATE),
                Field("course.coordinated_with", "NASRO contact", 2),
                _yes_no("course.traveled", "If cancelled: traveled?", 2),
            ),
        ),
    ),
    (
        "Trip",
        (
            (
                *_place("trip.official_station", "Official station", needed=True),
                _needed("trip.departed_at", "Departed on", 2, Kind.DATE),
                Field("trip.departed_at_time", "at", 1, Kind.TIME),
                _computed("official_first", "First day", 1, Kind.DATE),
                _computed("trip_hours", "Hours", 1, Kind.HOURS),
            ),
            (
                *_place("trip.residence", "Residence"),
                _needed("trip.returned_at", "Returned on", 2, Kind.DATE),
                Field("trip.returned_at_time", "at", 1, Kind.TIME),
                _computed("official_last", "Last day", 1, Kind.DATE),
                _computed("longest_stay", "Nights", 1, Kind.COUNT),
            ),
        ),
    ),
)

EXTRA_NIGHTS: Band = (
    Field("trip.extra_night_reason", "Reason for nights beyond the course", 4),
    _choice("trip.station_approval.by", "Station: by", 1, ("nasro", "cops")),
    Field("trip.station_approval.on", "approved on", 1, Kind.DATE),
    Field("trip.station_approval.reason", "Reason of that approval", 2),
    _computed("due_on", "Due at NASRO by", 2, Kind.DATE),
    _computed("keep_until", "Keep documents until, or later", 2, Kind.DATE),
)

PAYMENT: tuple[Field, ...] = (
    _computed("cap_limit", "Limit for each officer", 2),
    Field("previously_reimbursed", "Paid by NASRO before", 2, Kind.AMOUNT),
    _computed("cap_left", "Left of the limit", 2),
    _computed("cap_adjustment", "Adjustment to the limit", 2),
    _computed("payable_if_mended", "Payable once nothing bars it", 2),
    _computed("over_ceiling_total", "Agency's share: over the lodging ceilings", 2),
    _computed("not_allowable_total", "Agency's share: not allowable or not payable", 2),
    _computed("over_cap_total", "Agency's share: over the limit", 2),
)

GROUPS: tuple[tuple[str, str, str], ...] = (
    ("Lodging", "lodging_claimed_total", "lodging_allowed_total"),
    ("Lodging tax", "lodging_tax_claimed_total", "lodging_tax_allowed_total"),
    ("Meals and incidentals (M&IE)", "mie_claimed_total", "mie_allowed_total"),
    ("Transportation", "transportation_claimed_total", "transportation_allowed_total"),
    ("   with what is above the authorized way", "", "pov_excess"),
    ("Other", "other_claimed_total", "other_allowed_total"),
    ("Credits off the total", "", "credits_off_total"),
)
"""Label, defined name of the amount claimed, and of the amount allowed."""

CARRIED_CELLS = (
    (8, "clock_shift", Kind.HOURS),
    (9, "credits_beyond", Kind.AMOUNT),
    (11, "layout_version", Kind.COUNT),
)
"""The cells of the last row that the program fills in, each with its column: no formula computes them."""
CARRIED = frozenset({"pov_excess"})
"""The amounts of the groups that the program fills in: no formula computes them."""

SIGNERS = (("officer", "Officer"), ("supervisor", "Supervisor"), ("fiscal", "Fiscal official"))

FOR_NASRO = "nasro."
REVIEW: Band = (
    Field("nasro.approved_amount", "Approved amount", 2, Kind.AMOUNT),
    Field("nasro.approved_by", "Approved by", 4),
    Field("nasro.approved_on", "Date", 2, Kind.DATE),
    Field("nasro.payment_number", "Payment number", 4),
)

ATTACHMENTS: tuple[tuple[AttachmentItem, str, str], ...] = (
    ("itemized_expenses", "Itemized expenses (this workbook)", "Always"),
    (
        "certificate",
        "Course certificate (a copy also goes to the CHP program manager and AskCopsRC@usdoj.gov)",
        "Always",
    ),
    ("folio", "Paid hotel folio", "With lodging"),
    ("carrier_receipt", "Carrier receipt with price and class", "With an air, rail or bus fare"),
    ("rental_agreement", "Rental agreement and bill", "With a rental car"),
    ("mileage_log", "Mileage map or log", "With mileage"),
    ("receipts_over_75", "Receipts of other expenses over the threshold", "With such an expense"),
    ("meals_statement", "Statement of furnished meals", "With a furnished meal that is deducted"),
    ("approvals", "Written approvals", "With an approval"),
    ("proof_of_payment", "Proof that the agency paid", "Always"),
    ("vendor_form", "W-9 or vendor form", "When NASRO asks for it"),
)
"""Item, what it is, and when it applies; in the order of the sheet Checklist."""

STATUSES: tuple[str, ...] = get_args(AttachmentStatus)
STATUS_COLUMN = 2


def checklist_area(item: AttachmentItem) -> Area:
    """The cell of the sheet Checklist with an item's status."""
    row = [name for name, _, _ in ATTACHMENTS].index(item)
    return Area.cell(layout.CHECKLIST, HEADER_ROW + 1 + row, STATUS_COLUMN)


EXPLANATION_ROWS = 6
"""Blank rows for explanations; there are that many more than a claim has."""
_EXPLANATIONS_ROW = HEADER_ROW + len(ATTACHMENTS) + 2


def explanation_areas(index: int) -> tuple[Area, Area]:
    """The cells of the sheet Checklist with the check that an explanation answers, and with the explanation."""
    row = _EXPLANATIONS_ROW + 1 + index
    return Area.cell(layout.CHECKLIST, row, 0), Area.cell(layout.CHECKLIST, row, 1)


def explanation_names(index: int) -> tuple[str, str]:
    """The defined names of those cells."""
    return f"explanations_{index}_check", f"explanations_{index}_text"


def stop_fields(index: int) -> Band:
    """The cells of one stop of the trip."""
    path = f"trip.stops[{index}]"
    return (
        *_place(f"{path}.place", "Stop"),
        Field(f"{path}.arrived_on", "Arrived", 2, Kind.DATE),
        Field(f"{path}.departed_on", "Left", 2, Kind.DATE),
        _choice(f"{path}.reason", "Reason", 1, ("course", "en_route")),
    )


def earlier_fields(index: int) -> Band:
    """The cells of one earlier claim that was paid."""
    path = f"previous_claims[{index}]"
    return (
        Field(f"{path}.claim_id", "Earlier claim", 2),
        Field(f"{path}.paid_on", "Paid on", 1, Kind.DATE),
        Field(f"{path}.amount", "Amount", 1, Kind.AMOUNT),
    )


def credit_fields(index: int) -> Band:
    """The cells of one credit."""
    path = f"credits[{index}]"
    return (
        Field(f"{path}.source", "Credit or refund from", 2),
        Field(f"{path}.on", "Date", 1, Kind.DATE),
        Field(f"{path}.amount", "Amount", 1, Kind.AMOUNT),
        Field(f"{path}.line", "Off line", 1),
        Field(f"{path}.note", "Note", 3),
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """A field and its cell; `caption` is what stands above it, if its caption is not that of a list."""

    field: Field
    area: Area
    caption: str


@dataclass(frozen=True)
class ClaimPage:
    """Where everything on the sheet Claim stands. Rows count from 0."""

    placed: tuple[Placed, ...]
    titles: tuple[tuple[int, str], ...]
    headline_row: int
    list_captions: tuple[tuple[int, int, Band], ...]
    groups_row: int
    blocked_row: int
    certify_row: int
    sign_row: int
    last_row: int
    stops: int
    earlier: int
    credits: int

    def area(self, path: str) -> Area:
        """The cell of a field, or of an amount by its defined name."""
        return self.areas[path]

    @cached_property
    def areas(self) -> dict[str, Area]:
        """Every cell, by the field's path."""
        return {placed.field.path: placed.area for placed in self.placed}


def label_of(field: Field) -> str:
    """What people see next to a cell of the page."""
    if field.label:
        return field.label
    for label, claimed, allowed in GROUPS:
        if field.path in (claimed, allowed):
            part = "" if not claimed else ", claimed" if field.path == claimed else ", allowed"
            return label.strip().removeprefix("of which ") + part
    return "Barred from payment?"


def claim_page(stops: int, earlier: int, credits: int) -> ClaimPage:
    """The page for a claim with so many stops, earlier claims and credits."""
    return page_of_rows(_rows_for(stops), _rows_for(max(earlier, credits)))


@lru_cache(maxsize=64)
def page_of_rows(stops: int, listed: int) -> ClaimPage:
    """The page that has so many rows for stops, and for earlier claims and credits."""
    return _Composer().compose(stops, listed)


def _rows_for(entries: int) -> int:
    return max(SPARE_ROWS, entries + 1)


class _Composer:
    """Puts the page together from top to bottom."""

    def __init__(self) -> None:
        self.row = 3
        self.placed: list[Placed] = []
        self.titles: list[tuple[int, str]] = []
        self.list_captions: list[tuple[int, int, Band]] = []

    def compose(self, stops: int, listed: int) -> ClaimPage:
        headline_row = self.row
        self._band(HEADLINE)
        for title, bands in SECTIONS:
            self._title(title)
            for band in bands:
                self._band(band)
        self._list(stops, ((0, stop_fields),))
        self._band(EXTRA_NIGHTS)
        self._title("Earlier payments for this officer, and credits (off a line like E1, else off the total)")
        self._list(listed, ((0, earlier_fields), (CREDITS_COLUMN, credit_fields)))
        self._title(PAYMENT_TITLE)
        groups_row = self.row
        self._payment()
        blocked_row = self.row
        self._put(_computed("claim_blocked", "", 1, Kind.TRUTH), self.row, 3, "")
        self._put(_computed("claim_blocked_by", "", 8, Kind.TEXT), self.row, 4, "")
        self.row += 1
        self._title("Certification")
        certify_row = self.row
        self.row += 1
        sign_row = self._signatures()
        self._title("For NASRO")
        self._band(REVIEW)
        for column, path, kind in CARRIED_CELLS:
            self._put(Field(path, "", 1, kind, Role.FIXED), self.row, column, "")
        return ClaimPage(
            placed=tuple(self.placed),
            titles=tuple(self.titles),
            headline_row=headline_row,
            list_captions=tuple(self.list_captions),
            groups_row=groups_row,
            blocked_row=blocked_row,
            certify_row=certify_row,
            sign_row=sign_row,
            last_row=self.row,
            stops=stops,
            earlier=listed,
            credits=listed,
        )

    def _put(self, field: Field, row: int, column: int, caption: str) -> None:
        area = Area(layout.CLAIM, row, column, row, column + field.span - 1)
        self.placed.append(Placed(field, area, caption))

    def _title(self, title: str) -> None:
        self.titles.append((self.row, title))
        self.row += 1

    def _band(self, band: Band) -> None:
        for field, column in columns_of(band):
            self._put(field, self.row + 1, column, field.label)
        self.row += 2

    def _list(self, rows: int, blocks: tuple[tuple[int, Callable[[int], Band]], ...]) -> None:
        for start, fields_of in blocks:
            self.list_captions.append((self.row, start, fields_of(0)))
            for index in range(rows):
                for field, column in columns_of(fields_of(index)):
                    self._put(field, self.row + 1 + index, start + column, "")
        self.row += 1 + rows

    def _payment(self) -> None:
        for offset, (_, claimed, allowed) in enumerate(GROUPS, start=1):
            if claimed:
                self._put(_computed(claimed, "", 1), self.row + offset, 4, "")
            field = _computed(allowed, "", 1)
            self._put(replace(field, role=Role.FIXED) if allowed in CARRIED else field, self.row + offset, 5, "")
        for offset, field in enumerate(PAYMENT):
            self._put(field, self.row + offset, 10, "")
        self.row += max(len(GROUPS) + 1, len(PAYMENT))

    def _signatures(self) -> int:
        sign_row = self.row
        for place, (signer, label) in enumerate(SIGNERS):
            column = place * 4
            name = Field(f"signatures.{signer}.name", f"{label}: name", 3, needed=signer == "fiscal")
            self._put(name, self.row + 1, column, name.label)
            signed = Field(f"signatures.{signer}.on", "Date", 1, Kind.DATE, needed=signer == "fiscal")
            self._put(signed, self.row + 1, column + 3, signed.label)
        self.row += 4
        return sign_row


def columns_of(band: Band) -> Iterator[tuple[Field, int]]:
    """The fields of a band, each with its first column."""
    column = 0
    for field in band:
        yield field, column
        column += field.span
