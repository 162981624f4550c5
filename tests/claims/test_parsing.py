"""What a claim refuses, and that every refusal names the field and the fix."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perdiem_calc.claims.model import Category
from perdiem_calc.claims.parsing import parse_claim, path_of
from perdiem_calc.errors import InputErrors
from tests.support.claim_data import (
    DEPARTED,
    FARE,
    MILES,
    PREPARED,
    ROOM,
    Path,
    changed,
    complete,
    leaves,
    orlando,
    refusals,
)

SSN = "123-45-6789"

ARABIC = "\u0661\u0665\u0669.\u0660\u0660"
AMOUNT = "write dollars and cents like 159.00"
DUE = 'must be an amount; write it as text with two decimals, like "159.00"'

ONE_REFUSAL: list[tuple[Path, object, str]] = [
    # amounts
    (ROOM, "-1.00", f"lodging[0].room_rate: '-1.00' is not an amount; {AMOUNT}"),
    (ROOM, "159.005", f"lodging[0].room_rate: '159.005' is not an amount; {AMOUNT}"),
    (ROOM, "159.5", f"lodging[0].room_rate: '159.5' is not an amount; {AMOUNT}"),
    (ROOM, "159.", f"lodging[0].room_rate: '159.' is not an amount; {AMOUNT}"),
    (ROOM, "1e3", f"lodging[0].room_rate: '1e3' is not an amount; {AMOUNT}"),
    (ROOM, "NaN", f"lodging[0].room_rate: 'NaN' is not an amount; {AMOUNT}"),
    (ROOM, "Infinity", f"lodging[0].room_rate: 'Infinity' is not an amount; {AMOUNT}"),
    (ROOM, "1,590.00", f"lodging[0].room_rate: '1,590.00' is not an amount; {AMOUNT}, without $ or comma"),
    (ROOM, "$159.00", f"lodging[0].room_rate: '$159.00' is not an amount; {AMOUNT}, without $ or comma"),
    (ROOM, "10000000.00", f"lodging[0].room_rate: '10000000.00' is not an amount; {AMOUNT}"),
    (ROOM, ARABIC, f"lodging[0].room_rate: '{ARABIC}' is not an amount; {AMOUNT}"),
    (ROOM, "", f"lodging[0].room_rate: '' is not an amount; {AMOUNT}"),
    (ROOM, " 159.00", f"lodging[0].room_rate: ' 159.00' is not an amount; {AMOUNT}"),
    (ROOM, "159.00\n", f"lodging[0].room_rate: '159.00\\n' is not an amount; {AMOUNT}"),
    (ROOM, 159, f"lodging[0].room_rate: {DUE}"),
    (ROOM, 159.0, f"lodging[0].room_rate: {DUE}"),
    (ROOM, float("nan"), f"lodging[0].room_rate: {DUE}"),
    (ROOM, True, f"lodging[0].room_rate: {DUE}"),
    (ROOM, None, f"lodging[0].room_rate: {DUE}"),
    (ROOM, ["159.00"], f"lodging[0].room_rate: {DUE}"),
    (ROOM, Decimal("1E+3"), f"lodging[0].room_rate: '1E+3' is not an amount; {AMOUNT}"),
    (ROOM, Decimal("NaN"), f"lodging[0].room_rate: 'NaN' is not an amount; {AMOUNT}"),
    (ROOM, Decimal("-1.00"), f"lodging[0].room_rate: '-1.00' is not an amount; {AMOUNT}"),
    (
        FARE,
        "0.00",
        "expenses[0].amount: an amount of zero claims nothing; leave the entry out or write what was paid",
    ),
    (FARE, None, "expenses[0].amount: is missing; write what was paid, like 34.00"),
    (
        ("expenses", 5, "amount"),
        "20.00",
        "expenses[5].amount: mileage is paid by the mile; leave the amount out ($20.00 is stated); "
        "it is computed from the 38 miles",
    ),
    (("expenses", 5, "from"), None, "expenses[5].from: is missing; mileage needs miles, from and to"),
    (("expenses", 5, "to"), "", "expenses[5].to: is empty; fill it in, or leave the field out"),
    (("expenses", 0, "miles"), "5", "expenses[0].miles: miles and round_trips go with pov_mileage, not with airfare"),
    (("expenses", 0, "round_trips"), 2, "expenses[0].miles: miles and round_trips go with pov_mileage"),
    # miles
    (MILES, "0", "expenses[5].miles: zero miles claim nothing; leave the entry out or write what was driven"),
    (
        MILES,
        "-3",
        'expenses[5].miles: must be a number of miles; write it as text with at most two decimals, like "98.5"',
    ),
    (MILES, "98.555", "expenses[5].miles: must be a number of miles; write it as text"),
    (MILES, "1e2", "expenses[5].miles: must be a number of miles; write it as text"),
    (MILES, 98.5, "expenses[5].miles: must be a number of miles; write it as text"),
    (MILES, True, "expenses[5].miles: must be a number of miles; write it as text"),
    (MILES, 10**30, "expenses[5].miles: must be a number of miles; write it as text"),
    (MILES, Decimal("1E+2"), "expenses[5].miles: must be a number of miles; write it as text"),
    (MILES, Decimal("Infinity"), "expenses[5].miles: must be a number of miles; write it as text"),
    # dates and times
    (PREPARED, "2026-02-30", "prepared_on: 2026-02-30 does not exist; check the day, month and hour"),
    (PREPARED, "2026-13-01", "prepared_on: 2026-13-01 does not exist; check the day, month and hour"),
    (PREPARED, "2027-02-29", "prepared_on: 2027-02-29 does not exist; check the day, month and hour"),
    (PREPARED, "10/20/2026", "prepared_on: '10/20/2026' is not a date; write year-month-day, like 2026-10-04"),
    (PREPARED, "2026-10-20T08:00", "prepared_on: '2026-10-20T08:00' is not a date; write year-month-day"),
    (PREPARED, "x" * 60, f"prepared_on: '{'x' * 36}... is not a date; write year-month-day, like 2026-10-04"),
    (PREPARED, SSN, "prepared_on: '(nine digits)' is not a date; write year-month-day, like 2026-10-04"),
    (PREPARED, "20261020", "prepared_on: '20261020' is not a date; write year-month-day, like 2026-10-04"),
    (PREPARED, 20261020, "prepared_on: must be a date; write year-month-day, like 2026-10-04"),
    (PREPARED, datetime(2026, 10, 20, 8), "prepared_on: must be a date; write year-month-day, like 2026-10-04"),
    (PREPARED, None, "prepared_on: must be a date; write year-month-day, like 2026-10-04"),
    (
        PREPARED,
        "9999-12-31",
        "prepared_on: 9999 is not a year of a claim; write the year with four digits, like 2026",
    ),
    (
        PREPARED,
        date(26, 10, 20),
        "prepared_on: 0026 is not a year of a claim; write the year with four digits, like 2026",
    ),
    (
        DEPARTED,
        "2026-10-04T25:00",
        "trip.departed_at: 2026-10-04T25:00 does not exist; check the day, month and hour",
    ),
    (
        DEPARTED,
        "2026-10-04 12:30 pm",
        "trip.departed_at: '2026-10-04 12:30 pm' is not a date and local time; write it like 2026-10-04T12:30",
    ),
    (DEPARTED, "2026-10-04T12:30Z", "trip.departed_at: '2026-10-04T12:30Z' is not a date and local time"),
    (DEPARTED, "2026-10-04T12:30:15", "trip.departed_at: '2026-10-04T12:30:15' is not a date and local time"),
    (DEPARTED, "0001-01-01T00:00", "trip.departed_at: 0001 is not a year of a claim"),
    (DEPARTED, "9999-12-31", "trip.departed_at: 9999 is not a year of a claim"),
    (DEPARTED, 5, "trip.departed_at: must be a date and local time; write it like 2026-10-04T12:30"),
    (
        DEPARTED,
        datetime(2026, 10, 4, 12, 30, tzinfo=UTC),
        "trip.departed_at: must be local hours and minutes, like 2026-10-04T12:30",
    ),
    (DEPARTED, datetime(2026, 10, 4, 12, 30, 5), "trip.departed_at: must be local hours and minutes"),
    (DEPARTED, datetime(1, 1, 1), "trip.departed_at: 0001 is not a year of a claim"),
    (("course", "ends_at"), "3 pm", "course.ends_at: '3 pm' is not a time; write hours and minutes, like 07:30"),
    (("course", "ends_at"), "24:00", "course.ends_at: 24:00 does not exist; check the day, month and hour"),
    (("course", "ends_at"), time(15, 0, 5), "course.ends_at: must be a time; write hours and minutes, like 07:30"),
    (("trip", "returned_at"), "2026-10-03T18:00", "trip.returned_at: the return 2026-10-03 18:00 is not after"),
    (("trip", "stops"), [], "trip.stops: is an empty list; add at least one entry"),
    (("trip", "stops", 0, "place", "zip"), "3280", "trip.stops[0].place.zip: '3280' has the wrong shape"),
    (("trip", "stops"), "Orlando", "trip.stops: is not a list; write the entries in square brackets"),
    (
        ("course", "ends_on"),
        "2026-10-01",
        "course.ends_on: 2026-10-01 is before starts_on 2026-10-05; swap the two dates",
    ),
    # text
    (("claim_id",), "../etc", "claim_id: '../etc' has the wrong shape; use letters, digits, points, hyphens"),
    (("claim_id",), "x" * 61, "claim_id: is too long; shorten it"),
    (("claim_id",), 7, "claim_id: is not text; write it in quotation marks"),
    (("claim_id",), "", "claim_id: is empty; fill it in, or leave the field out"),
    (("agency", "name"), "   ", "agency.name: is empty; fill it in, or leave the field out"),
    (("agency", "name"), "a\x00b", "agency.name: character 2 is a control character (U+0000); type the text again"),
    (("agency", "name"), "x" * 1001, "agency.name: is too long; shorten it"),
    (("agency", "contact", "name"), None, "agency.contact.name: is not text; write it in quotation marks"),
    (("agency", "contact"), "Finance", "agency.contact: is not a group of fields; write its fields in braces"),
    (
        ("course", "place", "zip"),
        "3280",
        "course.place.zip: '3280' has the wrong shape; write five digits, like 32801",
    ),
    (
        ("course", "place"),
        {"city": "Orlando"},
        "course.place: a city and state, or a ZIP, are needed to know the place",
    ),
    (("course", "place"), {"state": "FL"}, "course.place: a city and state, or a ZIP, are needed to know the place"),
    (
        ("officer", "name"),
        "Reyes 123456789",
        "officer.name: nine digits look like a Social Security number; use a badge",
    ),
    (("officer", "employee_id"), "123456789", "officer.employee_id: nine digits look like a Social Security number"),
    # values of a list, yes or no, whole numbers
    (
        ("kind",),
        "final",
        "kind: 'final' is none of the possible values; write 'original', 'corrected' or 'supplemental'",
    ),
    (
        ("schema",),
        "perdiem-claim/2",
        "schema: 'perdiem-claim/2' is none of the possible values; write 'perdiem-claim/1'",
    ),
    (("lodging", 0, "type"), 3, "lodging[0].type: 3 is none of the possible values; write 'hotel'"),
    (
        ("lodging", 0, "type"),
        ["hotel"],
        "lodging[0].type: what is there is none of the possible values; write 'hotel'",
    ),
    (("lodging", 0, "type"), "h" * 99, f"lodging[0].type: '{'h' * 36}... is none of the possible values"),
    (
        ("lodging", 0, "receipt_statement"),
        "yes",
        "lodging[0].receipt_statement: must be yes or no; write true or false",
    ),
    (("lodging", 0, "receipt_statement"), 1, "lodging[0].receipt_statement: must be yes or no; write true or false"),
    (("course", "hours"), "40", "course.hours: must be a whole number, without quotation marks"),
    (("course", "hours"), 40.0, "course.hours: must be a whole number, without quotation marks"),
    (("course", "hours"), True, "course.hours: must be a whole number, without quotation marks"),
    (("course", "hours"), 0, "course.hours: 0 is not possible: should be greater than or equal to 1"),
    (
        ("course", "hours"),
        10**5000,
        "course.hours: so long a number is not possible: should be less than or equal to 400",
    ),
    (("lodging", 0, "sharers"), 0, "lodging[0].sharers: 0 is not possible: should be greater than or equal to 1"),
    (("attachments", "certificate"), "sent", "attachments.certificate: 'sent' is none of the possible values"),
    (("attachments", "diploma"), "attached", "attachments.diploma: 'diploma' is none of the possible values"),
    (("attachments",), "all", "attachments: is not a group of fields; write its fields in braces"),
    (("mie_paid",), {"2026-10-04": "x"}, "mie_paid.2026-10-04: 'x' is not an amount"),
    (
        ("mie_paid",),
        {"Sunday": "60.00"},
        "mie_paid.Sunday: 'Sunday' is not a date; write year-month-day, like 2026-10-04",
    ),
    (
        ("mie_paid",),
        {"2026-10-10": "60.00"},
        "mie_paid.2026-10-10: 2026-10-10 is not within the trip; check the date",
    ),
    (
        ("furnished_meals", 1, "date"),
        "2026-10-07",
        "furnished_meals[1].date: 2026-10-07 appears twice; put its meals in one entry",
    ),
    (
        ("credits",),
        [{"source": "x", "amount": "1.00", "line": "CAP"}],
        "credits[0].line: 'CAP' has the wrong shape; write",
    ),
    (
        ("trip", "personal_days"),
        ["2026-10-05"] * 2,
        "trip.personal_days[1]: 2026-10-05 is named twice; leave one out",
    ),
    # fields that are missing, or that nobody knows
    (("expences",), [], "expences: is not a field of a claim; check the spelling, or leave it out"),
    (("lodging", 0, "rate"), "1.00", "lodging[0].rate: is not a field of a claim; check the spelling"),
    (("award", "number"), None, "award.number: is not text; write it in quotation marks"),
    (
        ("award",),
        {"number": "1", "letter_date": "2026-03-02", "period_from": "2027-01-01", "period_to": "2026-01-01"},
        "award.period_to: 2026-01-01 is before period_from 2027-01-01; swap the two dates",
    ),
]


@pytest.mark.parametrize(("path", "value", "message"), ONE_REFUSAL, ids=[message[:70] for *_, message in ONE_REFUSAL])
def test_one_wrong_value_is_one_refusal(path: Path, value: object, message: str) -> None:
    (said,) = refusals(changed(orlando(), path, value))
    assert said.startswith(message)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (
            {"miles": "192"},
            "; leave the amount out ($139.20 is stated) and give from, to; it is computed from the 192",
        ),
        ({"from": "A", "to": "B"}, "; leave the amount out ($139.20 is stated) and give miles"),
    ],
)
def test_an_amount_for_a_drive_is_answered_by_what_is_there(stated: dict[str, str], said: str) -> None:
    drive = {"date": "2026-10-04", "category": "pov_mileage", "amount": "139.20", **stated}
    (refused,) = refusals(orlando() | {"expenses": [drive]})
    assert refused.startswith(f"expenses[0].amount: mileage is paid by the mile{said}")


@pytest.mark.parametrize("path", [("claim_id",), ("agency", "remit_to"), ("trip", "stops"), ("lodging", 2, "night")])
def test_a_missing_field_is_named(path: Path) -> None:
    claim = orlando()
    holder: Any = claim
    for part in path[:-1]:
        holder = holder[part]
    del holder[path[-1]]
    assert refusals(claim) == [f"{path_of(path)}: is missing; add it"]


@pytest.mark.parametrize("data", [None, [], "a claim", 7, 1.5, True])
def test_what_is_no_group_of_fields_is_no_claim(data: object) -> None:
    assert refusals(data) == ["the claim: is not a group of fields; write its fields in braces"]


def test_every_refusal_is_told_at_once() -> None:
    claim = changed(changed(orlando(), ROOM, "-1.00"), PREPARED, "2026-02-30")
    assert [said.partition(":")[0] for said in refusals(claim)] == ["prepared_on", "lodging[0].room_rate"]


def test_a_path_with_odd_characters_stays_on_one_line() -> None:
    assert refusals(orlando() | {"a\nb": 1}) == [
        "'a\\nb': is not a field of a claim; check the spelling, or leave it out",
    ]


TEXTS = [path for path, value in leaves(complete()) if isinstance(value, str)]


SHAPES = (SSN, "123 45 6789", "123.45.6789", "123\u201345\u20136789", "123 - 45 - 6789")


@pytest.mark.parametrize("path", TEXTS, ids=path_of)
def test_no_text_holds_a_social_security_number(path: Path) -> None:
    for shape in SHAPES:
        for text in (shape, f"SSN {shape}."):
            said = "\n".join(refusals(changed(complete(), path, text)))
            assert said.startswith(path_of(path))
            assert shape not in said


def test_a_social_security_number_as_a_field_is_not_repeated() -> None:
    said = refusals(orlando() | {SSN: "x"}) + refusals(changed(orlando(), ("attachments", SSN), "attached"))
    assert [line for line in said if SSN in line] == []
    assert said[0] == "(nine digits): is not a field of a claim; check the spelling, or leave it out"


@pytest.mark.parametrize(
    "text",
    ["217-555-0100", "15JCOPS-25-GG-01234-UHPX", "ticket 0012345678901", "62650-1234", "37-1234567", "1-23-45-67890"],
)
def test_other_numbers_are_no_social_security_numbers(text: str) -> None:
    assert parse_claim(changed(orlando(), ("agency", "remit_to"), text)).agency.remit_to == text


def test_nine_digits_are_an_employer_number_where_no_person_is_named() -> None:
    assert parse_claim(changed(complete(), ("agency", "ein"), "371234567")).agency.ein == "371234567"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["0.00", "1e3", "2026-10-05", "9999-12-31", "2026-10-04T12:30", "hotel", SSN, "N1", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.just(SSN), inner, max_size=3)
    ),
    max_leaves=6,
)
PLACES = [path for path, _ in leaves(complete())] + [
    path[:depth] for path, _ in leaves(complete()) for depth in range(1, len(path))
]


@given(data=JSON)
def test_no_json_whatever_is_met_by_another_error(data: object) -> None:
    with pytest.raises(InputErrors):
        parse_claim(data)


@given(
    path=st.sampled_from(PLACES), value=JSON, second=st.sampled_from(["", *get_args(Category), "0.00", "2026-10-05"])
)
def test_a_spoilt_claim_is_read_or_refused(path: Path, value: object, second: str) -> None:
    for spoilt in (value, second):
        refused = None
        try:
            parse_claim(changed(complete(), path, spoilt))
        except InputErrors as error:
            refused = error
        if refused is not None:
            said = str(refused)
            assert said.encode()
            assert SSN not in said
