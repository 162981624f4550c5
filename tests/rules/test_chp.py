"""The programme's deadlines and states, on both sides of each limit. What they bar: tests/cases/programme.yaml."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.rules.chp import (
    add_months,
    attachments_due,
    backfill_state,
    coordination_state,
    deadline_of,
    due_on,
    has_usual_shape,
    is_outside_award_period,
    keep_until,
    mou_is_late,
    prior_course_counts,
    timeliness_of,
    training_deadline,
)
from tests.support.case_files import claim_of


def claim(**changes: Any) -> Claim:
    """The week in Orlando, with fields of the claim set otherwise."""
    return parse_claim(claim_of({"case": "", "claim": changes}))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-08-31", 6, "2027-02-28"),  # no February 31
        ("2027-08-31", 6, "2028-02-29"),  # a leap year
        ("2026-08-28", 6, "2027-02-28"),
        ("2026-05-31", 9, "2027-02-28"),
        ("2026-12-15", 9, "2027-09-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2028-02-29", -12, "2027-02-28"),
        ("2026-12-31", 12, "2027-12-31"),
    ],
)
def test_months_are_added_by_the_calendar_and_clipped_to_the_months_end(day: str, months: int, then: str) -> None:
    assert str(add_months(date.fromisoformat(day), months)) == then


@pytest.mark.parametrize(
    ("letter", "hired", "deadline"),
    [
        ("2026-03-02", "2026-05-18", "2026-11-18"),  # six months from hire come first
        ("2026-03-02", "2026-06-01", "2026-12-01"),  # one day before nine months from the letter
        ("2026-03-02", "2026-06-02", "2026-12-02"),  # both on one day
        ("2026-03-02", "2026-06-03", "2026-12-02"),  # nine months from the letter come first
        ("2026-03-02", "2026-03-02", "2026-09-02"),  # hired on the day of the letter
        ("2026-03-02", "2026-03-01", "2026-12-02"),  # hired before the letter: only the letter counts
        ("2026-02-01", "2026-08-31", "2026-11-01"),
        ("2026-08-31", "2026-08-31", "2027-02-28"),
    ],
)
def test_the_training_deadline_is_the_earlier_of_letter_and_hire(letter: str, hired: str, deadline: str) -> None:
    assert str(training_deadline(date.fromisoformat(letter), date.fromisoformat(hired), 9, 6)) == deadline


def test_the_deadline_of_a_claim(law: Law) -> None:
    award = {"letter_date": "2026-03-02"}
    hired = {"sro_hired_on": "2026-05-18"}
    assert deadline_of(claim(award=award, officer=hired), law) == date(2026, 11, 18)
    backfill = hired | {"position": "backfill", "predecessor_completed_training": False}
    assert deadline_of(claim(award=award, officer=backfill | {"placed_on": "2026-05-31"}), law) == date(2027, 2, 28)
    assert deadline_of(claim(award=award, officer=backfill), law) is None


@pytest.mark.parametrize(
    ("completed", "left", "state"),
    [
        (True, True, "recipient pays"),
        (True, False, "unclear"),
        (True, None, "unclear"),
        (False, True, "payable"),
        (False, None, "payable"),
        (None, True, "unclear"),
        (None, None, "unclear"),
    ],
)
def test_who_pays_for_a_backfill(completed: bool | None, left: bool | None, state: str) -> None:
    answers = {"predecessor_completed_training": completed, "predecessor_left_agency": left}
    assert backfill_state(claim(officer={"position": "backfill"} | answers).officer) == state
    assert backfill_state(claim(officer=answers).officer) == "payable"


@pytest.mark.parametrize(
    ("prior", "counts"),
    [("2025-03-01", False), ("2025-03-02", True), ("2026-03-01", True), ("2026-03-02", True), ("2026-05-01", True)],
)
def test_a_basic_course_of_the_twelve_months_before_the_award_counts(prior: str, counts: bool) -> None:
    assert prior_course_counts(date.fromisoformat(prior), date(2026, 3, 2), 12) is counts


@pytest.mark.parametrize(
    ("received", "state"),
    [
        ("2026-10-28", "in time"),  # 11 days left
        ("2026-10-29", "due soon"),  # 10 days left
        ("2026-11-08", "due soon"),  # the 30th day
        ("2026-11-09", "late"),
    ],
)
def test_a_claim_is_due_thirty_days_after_completion(received: str, state: str, law: Law) -> None:
    assert due_on(date(2026, 10, 9), 30) == date(2026, 11, 8)
    assert timeliness_of(claim(received_on=received), law) == state
    assert timeliness_of(claim(prepared_on=received), law) == state
    assert timeliness_of(claim(prepared_on="2027-05-01", received_on=received), law) == state


def test_without_a_completion_date_no_claim_is_late(law: Law) -> None:
    assert timeliness_of(claim(course={"completed_on": None}), law) is None


@pytest.mark.parametrize(
    ("course", "state"),
    [
        ({"coordinated_on": "2026-08-24"}, "coordinated"),
        ({"coordinated_on": "2026-10-04"}, "coordinated"),  # the day of departure
        ({"coordinated_on": "2026-10-05"}, "after departure"),
        ({"coordinated_on": None}, "not answered"),
        ({"coordinated_on": None, "coordinated": "true"}, "undated"),
        ({"coordinated": "false"}, "refused"),  # whatever date stands beside it
    ],
)
def test_what_is_said_of_the_coordination_with_nasro(course: dict[str, Any], state: str) -> None:
    stated = claim(course=course)
    assert coordination_state(stated.course, stated.trip.departed_on) == state


@pytest.mark.parametrize(
    ("period", "day", "outside"),
    [
        (("2026-10-05", None), "2026-10-04", True),
        (("2026-10-05", None), "2026-10-05", False),
        ((None, "2026-10-05"), "2026-10-05", False),
        ((None, "2026-10-05"), "2026-10-06", True),
        ((None, None), "1999-01-01", False),
    ],
)
def test_a_day_outside_the_award_period(period: tuple[str | None, str | None], day: str, outside: bool) -> None:
    award = claim(award={"period_from": period[0], "period_to": period[1]}).award
    assert is_outside_award_period(award, date.fromisoformat(day)) is outside


@pytest.mark.parametrize(("submitted", "late"), [("2026-05-31", False), ("2026-06-01", True), (None, False)])
def test_the_mou_is_due_ninety_days_after_the_letter(submitted: str | None, late: bool) -> None:
    assert mou_is_late(claim(award={"letter_date": "2026-03-02", "mou_on": submitted}).award, 90) is late


def test_documents_are_kept_three_years() -> None:
    assert keep_until(date(2028, 2, 29), 36) == date(2031, 2, 28)
    assert keep_until(date(2026, 10, 20), 36) == date(2029, 10, 20)


@pytest.mark.parametrize(
    ("number", "usual"),
    [
        ("15JCOPS-24-GG-03715-UHPX", True),
        ("2020UMWX0068", True),
        ("15JCOPS-24-GG-0371X-UHPX", False),
        ("15JCOPS-24-GG-03715", False),
        ("16JCOPS-24-GG-03715-UHPX", False),
        ("2020UMWX006", False),
        ("2020U1WX0068", False),
        ("UMWX20200068", False),
    ],
)
def test_the_usual_shapes_of_an_award_number(number: str, usual: bool, law: Law) -> None:
    shapes = law.words("chp-identifiers", "award_number_shapes", date(2026, 10, 9))
    assert has_usual_shape(number, shapes) is usual


def test_what_must_be_attached_follows_from_what_is_claimed() -> None:
    always = ("itemized_expenses", "proof_of_payment")
    assert attachments_due(claim(), over_threshold=False, deducted_meal=False) == always
    night = {"night": "2026-10-04", "room_rate": "100.00", "receipt": "R1"}
    drive = {"date": "2026-10-04", "category": "pov_mileage", "miles": "5", "from": "A", "to": "B"}
    bought = [{"date": "2026-10-04", "category": name, "amount": "9.00"} for name in ("rail_bus", "rental_car")]
    full = claim(lodging=[night], expenses=[drive, *bought])
    assert attachments_due(full, over_threshold=True, deducted_meal=True) == (
        "itemized_expenses",
        "proof_of_payment",
        "folio",
        "carrier_receipt",
        "rental_agreement",
        "mileage_log",
        "receipts_over_75",
        "meals_statement",
    )
    for approved in (
        claim(lodging=[night | {"approval": {"by": "nasro"}}]),
        claim(expenses=[bought[0] | {"approval": "memo"}]),
    ):
        assert attachments_due(approved, over_threshold=False, deducted_meal=False)[-1] == "approvals"


@pytest.mark.parametrize(
    ("category", "item"),
    [
        ("airfare", "carrier_receipt"),
        ("rail_bus", "carrier_receipt"),
        ("rental_car", "rental_agreement"),
        ("pov_mileage", "mileage_log"),
        ("taxi", None),
    ],
)
def test_one_kind_of_expense_asks_for_its_own_document(category: str, item: str | None) -> None:
    amount = {"miles": "5", "from": "A", "to": "B"} if category == "pov_mileage" else {"amount": "9.00"}
    one = claim(lodging=[], expenses=[{"date": "2026-10-04", "category": category} | amount])
    due = attachments_due(one, over_threshold=False, deducted_meal=False)
    assert due == ("itemized_expenses", "proof_of_payment", *([item] if item else []))
