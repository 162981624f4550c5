"""Everything that a page asks: one table, a row a question, in the order of the pages.

Forms, reading, display, and the links from a finding to its field are loops over this table.

>>> question_at("trip.departed_at").label
'Which day did the officer leave home or the station?'
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from perdiem_calc.workbook.form.table import CHOICES, DOCUMENT_NAMES

Kind = Literal[
    "text", "lines", "amount", "miles", "day", "time", "count", "yes_no", "choice", "names", "zip", "state"
]
Width = Literal["short", "medium", "long"]

DAY_OF, TIME_OF = ":day", ":time"
"""The two boxes of a moment."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the claim's field it fills, its words, and how an answer is read.

    A moment is asked in two boxes, so its path ends in `:day` or `:time`. `default` is the answer when none is given.
    A question that `joins` is on the line of the one before it.
    """

    path: str
    label: str
    kind: Kind = "text"
    choices: str = ""
    hint: str = ""
    needed: bool = False
    width: Width = "medium"
    default: str = ""
    joins: bool = False

    @property
    def field(self) -> str:
        """The claim's field."""
        return self.path.partition(":")[0]

    @property
    def options(self) -> Mapping[str, str]:
        """What can be chosen: what the claim stores, and its words."""
        return OPTIONS[self.choices or "yes_no"] if self.kind in ("choice", "yes_no") else {}


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together on a page; `rare` ones are folded away until one is answered."""

    title: str
    questions: tuple[Question, ...]
    rare: bool = False
    hint: str = ""


Sections = tuple[Section, ...]


def _words(name: str, **other: str) -> dict[str, str]:
    return {stored: other.get(stored, words) for words, stored in CHOICES[name].items()}


OPTIONS: Mapping[str, Mapping[str, str]] = {
    "yes_no": {"yes": "Yes", "no": "No"},
    "kinds": _words(
        "kinds",
        original="The first claim for this trip",
        corrected="A correction of a claim that was sent",
        supplemental="An addition to a claim that was sent",
    ),
    "payees": _words("payees", agency="The agency itself"),
    "outcomes": _words(
        "outcomes",
        completed="Yes, completed",
        failed="No, did not pass",
        withdrawn="No, left the course",
        cancelled="The course was cancelled",
    ),
    "positions": _words("positions"),
    "purposes": _words("purposes", course="The course", en_route="A night on the way"),
    "meals": _words("meals"),
    "open_meals": {"unanswered": "Not answered", **_words("meals")},
    "rooms": _words(
        "rooms",
        hotel="In a hotel",
        government="In government quarters",
        dormitory="In a dormitory",
        home_sharing="In a rented home",
        friends_family="With friends or relatives",
        own_home="At home",
        in_transit="On a plane, train or bus",
        not_claimed="In a room that is not claimed",
    ),
    "approvers": _words("approvers", agency="The agency"),
    "station_approvers": _words("station_approvers"),
    "payers": _words("payers", agency="The agency", officer="The officer"),
    "excuses": _words("excuses"),
    "fares": _words("fares"),
    "statuses": {"attached": "Attached, or sent with it", "missing": "Not there yet", "not_needed": "Not needed"},
    "categories": _words("categories"),
}


def _place(path: str, city: str, *, of: str = "", needed: bool = False, city_hint: str = "") -> tuple[Question, ...]:
    """The boxes of a place; `of` says which, where a page has several."""
    return (
        Question(f"{path}.city", city, hint=city_hint, needed=needed),
        Question(
            f"{path}.state",
            f"State{of}",
            "state",
            hint="Like FL.",
            needed=needed,
            width="short",
            joins=True,
        ),
        Question(f"{path}.zip", "ZIP, if you know it", "zip", width="short", joins=True),
        Question(f"{path}.county", "County, only if we ask for it", joins=True),
    )


_TRAVEL = (
    Question(
        "trip.departed_at:day",
        "Which day did the officer leave home or the station?",
        "day",
        hint="Like 10/4/2026.",
        needed=True,
        width="short",
    ),
    Question("trip.departed_at:time", "At what time?", "time", hint="Like 12:30 PM.", width="short", joins=True),
    Question(
        "trip.returned_at:day",
        "Which day was the officer back?",
        "day",
        hint="Like 10/9/2026.",
        needed=True,
        width="short",
    ),
    Question("trip.returned_at:time", "At what time?", "time", hint="Like 6:45 PM.", width="short", joins=True),
)
_COURSE_DAYS = (
    Question(
        "course.starts_on", "First day of the course", "day", hint="Like 10/5/2026.", needed=True, width="short"
    ),
    Question(
        "course.ends_on",
        "Last day of the course",
        "day",
        hint="Like 10/9/2026.",
        needed=True,
        width="short",
        joins=True,
    ),
)

NEW: Sections = (
    Section(
        "The officer",
        (
            Question("officer.name", "Who traveled?", hint="First and last name, like Jordan Reyes.", needed=True),
            Question(
                "trip.official_station.city",
                "In which city does the officer work?",
                hint="The official station, like Jacksonville.",
                needed=True,
            ),
            Question(
                "trip.official_station.state",
                "State of the station",
                "state",
                hint="Like IL.",
                needed=True,
                width="short",
                joins=True,
            ),
        ),
    ),
    Section(
        "The course",
        (
            Question(
                "course.place.city",
                "In which city was the course?",
                hint="As on the certificate, like Orlando.",
                needed=True,
            ),
            Question(
                "course.place.state",
                "State of the course",
                "state",
                hint="Like FL.",
                needed=True,
                width="short",
                joins=True,
            ),
            *_COURSE_DAYS,
        ),
    ),
    Section("The trip", (_TRAVEL[0], _TRAVEL[1], _TRAVEL[2], _TRAVEL[3])),
)

AGENCY: Sections = (
    Section(
        "The agency",
        (
            Question("agency.name", "What is the name of the agency?", needed=True, width="long"),
            Question(
                "agency.remit_to",
                "Where should NASRO send the payment?",
                "lines",
                hint="Name and address, like 200 W Douglas Ave, Jacksonville, IL 62650.",
                needed=True,
                width="long",
            ),
            Question("agency.contact.name", "Whom should NASRO call about this claim?", needed=True),
            Question("agency.contact.email", "Their e-mail", width="long"),
            Question("agency.contact.phone", "Their phone", joins=True),
        ),
    ),
    Section(
        "The award",
        (
            Question(
                "award.number",
                "What is the number of the CHP award?",
                hint="On the award letter, like 15JCOPS-25-GG-01234-UHPX.",
                needed=True,
            ),
            Question(
                "award.letter_date",
                "What is the date of the award letter?",
                "day",
                hint="The congratulatory letter of the COPS Office, like 3/2/2026.",
                needed=True,
                width="short",
            ),
        ),
    ),
    Section(
        "The officer",
        (
            Question("officer.name", "Who traveled?", hint="First and last name, like Jordan Reyes.", needed=True),
            Question(
                "officer.sro_hired_on",
                "When was the officer hired as a school resource officer?",
                "day",
                hint="Into this position, like 5/18/2026.",
                needed=True,
                width="short",
            ),
            Question("officer.placed_on", "When was the officer placed in a school?", "day", width="short"),
            Question(
                "officer.employee_id",
                "Badge or payroll number",
                hint="Never a Social Security number.",
                width="short",
            ),
            Question("officer.rank", "Rank", width="short", joins=True),
            Question(
                "officer.position",
                "Is the position new, or did the officer replace an SRO who left?",
                "choice",
                "positions",
                default="original",
            ),
        ),
    ),
    Section(
        "If the officer replaced an SRO",
        (
            Question("officer.predecessor_completed_training", "Had that SRO finished this training?", "yes_no"),
            Question("officer.predecessor_left_agency", "Has that SRO left the agency?", "yes_no"),
        ),
        rare=True,
    ),
    Section(
        "If someone else receives the payment, or the officer took the course before",
        (
            Question("agency.payee", "To whom is the payment made, if not to the agency?", width="long"),
            Question("agency.payee_kind", "The payee is", "choice", "payees", default="agency"),
            Question(
                "officer.prior_basic_course_on",
                "When did the officer take a basic SRO course before?",
                "day",
                width="short",
            ),
        ),
        rare=True,
    ),
    Section(
        "More numbers and dates, if you have them",
        (
            Question("agency.ori", "ORI", hint="7 or 9 characters.", width="short"),
            Question("agency.uei", "UEI", hint="12 characters.", width="short", joins=True),
            Question("agency.ein", "EIN", width="short", joins=True),
            Question("agency.vendor_number", "Vendor number", width="short", joins=True),
            Question("agency.accounting_code", "Accounting code"),
            Question("award.award_date", "Award date, if it is not the date of the letter", "day", width="short"),
            Question("award.period_from", "The award runs from", "day", width="short"),
            Question("award.period_to", "until", "day", width="short", joins=True),
            Question("award.program_manager", "CHP program manager"),
            Question("award.mou_on", "When was the memorandum with the school submitted?", "day", width="short"),
            Question("authorization", "Number of the travel authorization"),
        ),
        rare=True,
    ),
)

COURSE: Sections = (
    Section(
        "The course",
        (
            Question("course.title", "What is the title of the course?", needed=True, width="long"),
            Question("course.hours", "How many hours did it have?", "count", needed=True, width="short"),
            *_place(
                "course.place",
                "In which city was it?",
                of=" of the course",
                needed=True,
                city_hint="As on the certificate.",
            ),
            *_COURSE_DAYS,
            Question("course.outcome", "Did the officer complete it?", "choice", "outcomes", default="completed"),
            Question(
                "course.completed_on",
                "What is the date on the certificate?",
                "day",
                hint="Like 10/9/2026.",
                width="short",
            ),
            Question(
                "course.coordinated",
                "Was the travel agreed with NASRO or the COPS Office before it began?",
                "yes_no",
            ),
            Question("course.coordinated_on", "On which day?", "day", width="short"),
            Question("course.coordinated_with", "With whom?", joins=True),
            Question("course.class_id", "Class number"),
            Question("course.host", "Who hosted the course?", width="long"),
        ),
    ),
    Section(
        "The trip",
        (
            *_TRAVEL,
            *_place(
                "trip.official_station", "In which city does the officer work?", of=" of the station", needed=True
            ),
            Question(
                "trip.extra_night_reason",
                "Why did the trip begin more than a day before the course, or end after it?",
                "lines",
                hint="Only if it did. A reviewer reads this.",
                width="long",
            ),
        ),
    ),
    Section(
        "If the officer lives in another city than the station",
        _place("trip.residence", "In which city does the officer live?"),
        rare=True,
    ),
    Section(
        "If the course was cancelled, or the trip ended in days of leave",
        (
            Question("course.traveled", "If the course was cancelled: did the officer travel?", "yes_no"),
            Question(
                "course.ends_at", "At what time did the course end?", "time", hint="Like 3:00 PM.", width="short"
            ),
        ),
        rare=True,
    ),
    Section(
        "If NASRO approved meals and lodging in the officer's own city",
        (
            Question("trip.station_approval.by", "Who approved it?", "choice", "station_approvers"),
            Question("trip.station_approval.on", "On which day?", "day", width="short", joins=True),
            Question("trip.station_approval.reason", "For what reason?", "lines", width="long"),
        ),
        rare=True,
    ),
    Section(
        "If this is not the first claim for this trip",
        (
            Question("kind", "What kind of claim is this?", "choice", "kinds", default="original"),
            Question("replaces", "What is the number of the claim it corrects or adds to?"),
            Question(
                "previously_reimbursed", "How much has NASRO paid for this officer before?", "amount", width="short"
            ),
        ),
        rare=True,
    ),
)

_RECEIPT = Question(
    "receipt", "What is the number of the receipt?", hint="Number your papers R1, R2, R3.", width="short"
)
_LOST = Question(
    "receipt_statement",
    "Is the receipt lost, and a signed statement attached instead?",
    "yes_no",
)
_PAID_BY = Question("paid_by", "Who paid?", "choice", "payers", default="agency")
_APPROVAL = (
    Question("justification", "Why was it needed?", "lines", hint="A reviewer reads this.", width="long"),
    Question("approval", "Who approved it?"),
    Question("approved_on", "When?", "day", width="short", joins=True),
)
_REFUND = Question("credit", "How much of it was refunded?", "amount", width="short")
_COMPARABLE = Question(
    "comparable_cost",
    "What would the authorized way have cost, both ways?",
    "amount",
    hint="Only if the officer drove or rented a car by choice: fares, bags, taxis and parking together.",
    width="short",
)
COST: Sections = (
    Section(
        "The expense",
        (
            Question("category", "What was paid for?", "choice", "categories", needed=True),
            Question("date", "On which day?", "day", hint="Like 10/4/2026.", needed=True, width="short"),
            Question(
                "amount", "How much was paid?", "amount", hint="Like 412.60.", needed=True, width="short", joins=True
            ),
            Question("vendor", "To whom?", hint="Like Delta Air Lines."),
            Question("description", "In a few words: what was it?", width="long"),
            _RECEIPT,
        ),
    ),
    Section(
        "If it was a plane, train or bus",
        (
            Question("ticket", "Ticket number"),
            Question("fare_class", "Which class?", "choice", "fares", default="coach"),
            Question("one_way", "Was it one way only?", "yes_no"),
            Question("coach_fare", "For a premium fare: what would coach have cost?", "amount", width="short"),
            Question(
                "direct_fare", "With days of leave: what was the fare on the direct dates?", "amount", width="short"
            ),
        ),
        rare=True,
    ),
    Section(
        "If it was a rental car, or parking at the airport",
        (
            _COMPARABLE,
            Question("taxi_equivalent", "Parking: what would taxis both ways have cost?", "amount", width="short"),
        ),
        rare=True,
    ),
    Section("If it needed a reason or an approval", _APPROVAL, rare=True),
    Section(
        "If something about the receipt or the payment is unusual",
        (
            _LOST,
            Question(
                "receipt_total",
                "What is the total on the receipt, if it is not this amount?",
                "amount",
                width="short",
            ),
            _REFUND,
            _PAID_BY,
        ),
        rare=True,
    ),
)
MILEAGE: Sections = (
    Section(
        "The drive",
        (
            Question("date", "On which day?", "day", hint="Like 10/4/2026.", needed=True, width="short"),
            Question("from", "From where?", hint="Like home, station, or a city.", needed=True),
            Question("to", "To where?", needed=True, joins=True),
            Question(
                "miles",
                "How many miles?",
                "miles",
                hint="One way, or the whole round trip. Like 98.5.",
                needed=True,
                width="short",
            ),
            Question(
                "round_trips", "How many times was it driven?", "count", hint="Leave blank for once.", width="short"
            ),
            Question("description", "In a few words: what for?", width="long"),
            Question("plate", "License plate", width="short", joins=True),
        ),
    ),
    Section(
        "If the officer drove by choice, or an agency car was there",
        (
            _COMPARABLE,
            Question("agency_car_assigned", "Was an agency car assigned, and not used?", "yes_no"),
            Question("map_miles", "How many miles does a map show?", "miles", width="short"),
            Question("passengers", "How many officers rode along?", "count", width="short"),
        ),
        rare=True,
    ),
    Section("If it needed a reason or an approval", (*_APPROVAL, Question("vendor", "Paid to"), _RECEIPT), rare=True),
    Section("If something was refunded, or someone else paid", (_REFUND, _PAID_BY), rare=True),
)
REFUND: Sections = (
    Section(
        "The refund",
        (
            Question("source", "Who gave the money back?", hint="Like Delta Air Lines.", needed=True),
            Question("amount", "How much?", "amount", needed=True, width="short"),
            Question("on", "On which day?", "day", width="short"),
            Question(
                "line",
                "Which line does it reduce?",
                hint="N2 for the second night, T2 for its tax, E1 for the first expense. Blank: the whole claim.",
                width="short",
            ),
            Question("note", "What for?", "lines", width="long"),
        ),
    ),
)
PAYMENT: Sections = (
    Section(
        "The earlier payment",
        (
            Question("claim_id", "What was the number of that claim?", needed=True),
            Question("paid_on", "When did NASRO pay?", "day", needed=True, width="short"),
            Question("amount", "How much?", "amount", needed=True, width="short"),
        ),
    ),
)
PLACE: Sections = (
    Section(
        "The place",
        (
            Question("reason", "What was the officer there for?", "choice", "purposes", default="course"),
            *_place("place", "In which city?", needed=True),
            Question("arrived_on", "First night there", "day", needed=True, width="short"),
            Question(
                "departed_on",
                "Day the officer left",
                "day",
                hint="The morning after the last night.",
                needed=True,
                width="short",
                joins=True,
            ),
        ),
    ),
)
NIGHT: Sections = (
    Section(
        "The room",
        (
            Question("type", "Where did the officer sleep?", "choice", "rooms", default="hotel"),
            Question(
                "room_rate",
                "What did the room cost, before tax?",
                "amount",
                hint="The whole room, like 145.00.",
                width="short",
            ),
            Question("tax", "How much tax on the room?", "amount", width="short", joins=True),
            Question("hotel", "Name of the hotel"),
            Question(
                "receipt",
                "What is the number of the hotel bill?",
                hint="The number you wrote on it, like R1.",
                width="short",
            ),
        ),
    ),
    Section(
        "If the room was shared",
        (
            Question(
                "sharers", "How many officers slept in it?", "count", hint="This officer included.", width="short"
            ),
            Question("shared_with", "Who?", "names", hint="Names, with a semicolon between them.", width="long"),
            Question(
                "single_rate",
                "With a companion who is not an officer: what is the price for one person?",
                "amount",
                width="short",
            ),
        ),
        rare=True,
    ),
    Section(
        "If a higher price was approved",
        (
            Question("approval.by", "Who approved it?", "choice", "approvers"),
            Question("approval.on", "On which day?", "day", width="short", joins=True),
            Question("approval.ceiling", "Up to which price a night?", "amount", width="short"),
            Question("approval.reason", "For what reason?", "lines", width="long"),
        ),
        rare=True,
    ),
    Section(
        "If the rates of the hotel's own city were approved",
        _place("alternate_place", "In which city is the hotel?"),
        rare=True,
    ),
    Section(
        "If something about the bill is unusual",
        (
            Question("flat_tax", "A charge by the night, not by the price", "amount", width="short"),
            Question("receipt_statement", "Is the bill lost, and a signed statement attached instead?", "yes_no"),
            _PAID_BY,
        ),
        rare=True,
    ),
)
DAY: Sections = (
    Section(
        "The day",
        (
            Question("personal", "Was this a day of leave?", "yes_no", hint="No room and no meals are paid for it."),
            Question(
                "mie_paid",
                "How much did the agency pay the officer for meals, if less than the full amount?",
                "amount",
                width="short",
            ),
            Question(
                "meal_statement",
                "Was a furnished meal not taken, for one of these reasons?",
                "choice",
                "excuses",
            ),
        ),
    ),
    Section(
        "If the officer drove home every evening",
        (
            Question("left_at", "When did the officer leave home?", "time", hint="Like 6:30 AM.", width="short"),
            Question(
                "returned_at",
                "When was the officer back?",
                "time",
                hint="Like 7:00 PM. A time before it left counts as the next morning.",
                width="short",
            ),
        ),
        rare=True,
    ),
)
LINES: Mapping[str, str] = {
    "lodging": "Room",
    "lodging_tax": "Tax on the room",
    "mie": "Meals and incidentals",
    "cap": "Limit for each officer",
    "credit": "Refund",
    "over_constructive_cost": "Above the authorized way",
}
"""What a line of the itemized claim is called, where it is no expense."""
CERTIFY: Sections = (
    Section(
        "The claim",
        (
            Question(
                "claim_id", "What is the number of this claim?", hint="Any number your agency uses once.", needed=True
            ),
            Question("prepared_on", "On which day was it prepared?", "day", needed=True, width="short"),
            Question(
                "submitted_on",
                "On which day do you send it to NASRO?",
                "day",
                hint="It is due 30 days after the course.",
                width="short",
            ),
        ),
    ),
    Section(
        "Who certifies it",
        (
            Question("signatures.fiscal.name", "Fiscal official: name", needed=True),
            Question("signatures.fiscal.on", "Date", "day", needed=True, width="short", joins=True),
            Question("signatures.supervisor.name", "Supervisor: name"),
            Question("signatures.supervisor.on", "Date", "day", width="short", joins=True),
            Question("signatures.officer.name", "Officer: name"),
            Question("signatures.officer.on", "Date", "day", width="short", joins=True),
        ),
        hint="By entering a name you state that this person has read the claim and certifies it. They sign the "
        "printed sheet as well.",
    ),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a claim: its address, title, and the claim's fields it holds, by the beginning of their paths."""

    slug: str
    title: str
    sections: Sections
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of the claim whose entries have a page each: its field, address, words, and questions.

    `page` is the task it belongs to.
    """

    path: str
    slug: str
    page: str
    one: str
    title: str
    sections: Sections

    def sections_of(self, entry: Mapping[str, object]) -> Sections:
        """The questions about an entry: a drive has its own."""
        return MILEAGE if entry.get("category") == "pov_mileage" else self.sections


PAGES: Mapping[str, Page] = {
    page.slug: page
    for page in (
        Page("agency", "Agency, award and officer", AGENCY, ("agency", "award", "officer", "authorization")),
        Page(
            "course",
            "Course and trip",
            COURSE,
            ("course", "trip", "kind", "replaces", "previously_reimbursed", "previous_claims"),
        ),
        Page(
            "nights",
            "Nights and meals",
            NIGHT,
            ("lodging", "furnished_meals", "mie_paid", "trip.personal_days", "trip.day_trips"),
        ),
        Page("expenses", "Expenses", COST, ("expenses", "credits")),
        Page("documents", "Documents", (), ("attachments",)),
        Page("check", "Check", (), ("explanations",)),
        Page(
            "certify",
            "Certify and download",
            CERTIFY,
            ("signatures", "claim_id", "prepared_on", "submitted_on", "received_on"),
        ),
    )
}
ITEMS: Mapping[str, Items] = {
    items.slug: items
    for items in (
        Items("expenses", "expenses", "expenses", "expense", "Expenses", COST),
        Items("credits", "refunds", "expenses", "refund", "Refunds", REFUND),
        Items("trip.stops", "places", "course", "place", "Places of the trip", PLACE),
        Items("previous_claims", "payments", "course", "earlier payment", "Earlier payments", PAYMENT),
    )
}
DOCUMENTS: Mapping[str, str] = DOCUMENT_NAMES
_INDEX = re.compile(r"^(.+?)\[(\d+)\]\.?(.*)$")


def page_of(path: str) -> Page:
    """The page that holds a field of the claim.

    >>> page_of("lodging[0].tax").slug, page_of("trip.stops[0].place").slug, page_of("trip.day_trips[0]").slug
    ('nights', 'course', 'nights')
    """
    found = [
        (len(held), page)
        for page in PAGES.values()
        for held in page.holds
        if path == held or path.startswith((f"{held}.", f"{held}["))
    ]
    return max(found, key=lambda one: one[0])[1] if found else PAGES["course"]


def entry_of(path: str) -> tuple[str, int, str] | None:
    """The list, the index and the rest of a path into a list; None for another path.

    >>> entry_of("expenses[2].amount"), entry_of("officer.name")
    (('expenses', 2, 'amount'), None)
    """
    found = _INDEX.match(path)
    return (found[1], int(found[2]), found[3]) if found else None


def questions_in(sections: Sections) -> Iterator[Question]:
    """The questions of some sections, in order."""
    for section in sections:
        yield from section.questions


def question_at(path: str) -> Question | None:
    """The question that fills a field of the claim, or the first that fills a part of it."""
    sections, name = _asked_about(path)
    every = list(questions_in(sections))
    exact = [question for question in every if question.field == name]
    parts = [question for question in every if question.field.startswith(f"{name}.")]
    return next(iter(exact or parts), None)


def _asked_about(path: str) -> tuple[Sections, str]:
    entry = entry_of(path)
    if entry is None:
        return page_of(path).sections, path
    for items in ITEMS.values():
        if items.path == entry[0]:
            return (*items.sections, *(MILEAGE if items.path == "expenses" else ())), entry[2]
    if entry[0] == "lodging":
        return NIGHT, entry[2]
    return DAY, entry[2] or "personal"
