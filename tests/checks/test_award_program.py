"""The checks of the programme: each just found and just not, from one edit of a claim that questions nothing."""

from __future__ import annotations

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from tests.support.checking import GONE, Desk, Edits

BACKFILL = {"officer.position": "backfill"}
TRAINED = {**BACKFILL, "officer.predecessor_completed_training": True}
REGISTRATION = {"date": "2026-11-02", "category": "registration", "amount": "550.00", "receipt": "R9"}
BOOK = {"date": "2026-11-02", "category": "other", "amount": "60.00", "description": "course book"}
TO_THE_LIMIT = {**BOOK, "amount": "101.32", "receipt": "R9"}
BARRED = "898.68 to 0.00"
LOOKED_AT = "other-expense review expenses[2].description"
"""Every other expense is looked at. Rule `miscellaneous`."""

CASES: list[tuple[str, Edits, list[str]]] = [
    ("nothing is questioned in the claim as it is", {}, []),
    ("a course of 39 hours", {"course.hours": 39}, [f"wrong-course blocks course.hours: {BARRED}"]),
    ("a course of 41 hours", {"course.hours": 41}, []),
    (
        "NASRO's advanced course",
        {"course.title": "NASRO Advanced SRO Course"},
        [f"wrong-course blocks course.title: {BARRED}"],
    ),
    ("a failed course", {"course.outcome": "failed"}, [f"course-not-completed blocks course.outcome: {BARRED}"]),
    (
        "no completion date",
        {"course.completed_on": GONE},
        [f"course-not-completed blocks course.completed_on: {BARRED}"],
    ),
    (
        "completed the day after the claim",
        {"course.completed_on": "2026-11-17"},
        [f"course-not-completed blocks course.completed_on: {BARRED}"],
    ),
    ("completed on the day of the claim", {"course.completed_on": "2026-11-16"}, []),
    ("cancelled by the host", {"course.outcome": "cancelled"}, ["course-cancelled review course.outcome"]),
    (
        "no certificate",
        {"attachments.certificate": "missing"},
        [f"certificate-missing blocks attachments.certificate: {BARRED}"],
    ),
    (
        "the predecessor left after the training",
        {**TRAINED, "officer.predecessor_left_agency": True},
        [f"backfill blocks officer.position: {BARRED}"],
    ),
    ("the predecessor was never trained", {**BACKFILL, "officer.predecessor_completed_training": False}, []),
    (
        "the predecessor is still there",
        {**TRAINED, "officer.predecessor_left_agency": False},
        ["backfill-unclear review officer.predecessor_left_agency"],
    ),
    (
        "nothing said of the predecessor's leaving",
        TRAINED,
        ["backfill-unclear review officer.predecessor_left_agency"],
    ),
    (
        "nothing said of the predecessor",
        BACKFILL,
        ["backfill-unclear review officer.predecessor_completed_training"],
    ),
    (
        "an earlier course 12 months before the award",
        {"officer.prior_basic_course_on": "2025-04-15"},
        ["prior-course review officer.prior_basic_course_on"],
    ),
    ("an earlier course a day older than that", {"officer.prior_basic_course_on": "2025-04-14"}, []),
    (
        "an earlier course after the award",
        {"officer.prior_basic_course_on": "2026-05-01"},
        ["prior-course review officer.prior_basic_course_on"],
    ),
    ("completed on the last day of six months from hire", {"officer.sro_hired_on": "2026-05-06"}, []),
    (
        "completed a day after six months from hire",
        {"officer.sro_hired_on": "2026-05-05"},
        ["training-deadline-missed review course.completed_on"],
    ),
    (
        "completed on the last day of nine months from the letter, hired before it",
        {"officer.sro_hired_on": "2020-01-06", "award.letter_date": "2026-02-06"},
        [],
    ),
    (
        "completed a day after nine months from the letter, hired before it",
        {"officer.sro_hired_on": "2020-01-06", "award.letter_date": "2026-02-05"},
        ["training-deadline-missed review course.completed_on"],
    ),
    (
        "a payable backfill a day after nine months in the school",
        {**BACKFILL, "officer.predecessor_completed_training": False, "officer.placed_on": "2026-02-05"},
        ["training-deadline-missed review course.completed_on"],
    ),
    ("11 days left to submit", {"prepared_on": "2026-11-25"}, []),
    ("10 days left to submit", {"prepared_on": "2026-11-26"}, ["claim-due-soon info prepared_on"]),
    ("the last day to submit", {"prepared_on": "2026-12-06"}, ["claim-due-soon info prepared_on"]),
    ("a day too late", {"prepared_on": "2026-12-07"}, ["claim-late review prepared_on"]),
    ("received a day too late", {"received_on": "2026-12-07"}, ["claim-late review received_on"]),
    ("received on the last day", {"received_on": "2026-12-06"}, ["claim-due-soon info received_on"]),
    (
        "the agency says it did not coordinate",
        {"course.coordinated": False},
        [f"not-coordinated blocks course.coordinated: {BARRED}"],
    ),
    (
        "coordination not answered",
        {"course.coordinated_on": GONE},
        ["coordination-undated review course.coordinated"],
    ),
    (
        "coordination without a date",
        {"course.coordinated_on": GONE, "course.coordinated": True},
        ["coordination-undated review course.coordinated_on"],
    ),
    ("coordinated on the day of departure", {"course.coordinated_on": "2026-11-02"}, []),
    (
        "coordinated after departure",
        {"course.coordinated_on": "2026-11-03"},
        ["coordination-undated review course.coordinated_on"],
    ),
    (
        "the payee is a person",
        {"agency.payee_kind": "individual"},
        [f"payee-not-agency blocks agency.payee_kind: {BARRED}"],
    ),
    ("the payee is the county", {"agency.payee_kind": "government"}, []),
    (
        "the course fee, which would take the claim to the limit",
        {"expenses[+]": REGISTRATION},
        ["registration-not-claimable info expenses[2].category: 550.00 to 0.00, payment -101.32"],
    ),
    (
        "tuition as another expense",
        {"expenses[+]": {**BOOK, "description": "NASRO tuition"}},
        [LOOKED_AT, "registration-not-claimable review expenses[2].description"],
    ),
    ("a book", {"expenses[+]": BOOK}, [LOOKED_AT]),
    ("a drive to the registration desk", {"expenses[0].description": "station to course registration"}, []),
    ("exactly the limit", {"expenses[+]": TO_THE_LIMIT}, [LOOKED_AT]),
    (
        "a cent above the limit",
        {"expenses[+]": {**TO_THE_LIMIT, "amount": "101.33"}},
        ["cap-applied info previously_reimbursed: 1000.01 to 1000.00", LOOKED_AT],
    ),
    (
        "$200.00 paid before",
        {"previously_reimbursed": "200.00"},
        ["cap-applied info previously_reimbursed: 898.68 to 800.00"],
    ),
    (
        "exactly the limit was paid before",
        {"previously_reimbursed": "1000.00"},
        ["cap-applied info previously_reimbursed: 898.68 to 0.00"],
    ),
    (
        "a cent above the limit was paid before",
        {"previously_reimbursed": "1000.01"},
        ["cap-applied info previously_reimbursed: 898.68 to 0.00", "overpaid-before review previously_reimbursed"],
    ),
    (
        "above the limit, and barred: the limit takes nothing",
        {"previously_reimbursed": "200.00", "course.hours": 39},
        [
            "cap-applied info previously_reimbursed: 898.68 to 800.00, payment 0.00",
            "wrong-course blocks course.hours: 800.00 to 0.00",
        ],
    ),
    (
        "barred twice: fixing one alone changes nothing",
        {"course.hours": 39, "agency.payee_kind": "individual"},
        [
            f"payee-not-agency blocks agency.payee_kind: {BARRED}, payment 0.00",
            f"wrong-course blocks course.hours: {BARRED}, payment 0.00",
        ],
    ),
    ("the award period begins with the trip", {"award.period_from": "2026-11-02"}, []),
    (
        "the award period begins a day later",
        {"award.period_from": "2026-11-03"},
        ["outside-award-period review trip.departed_at"],
    ),
    ("the award period ends with the trip", {"award.period_to": "2026-11-06"}, []),
    (
        "the award period ends a day earlier",
        {"award.period_to": "2026-11-05"},
        ["outside-award-period review trip.returned_at"],
    ),
    ("the MOU on the 90th day", {"award.mou_on": "2026-07-14"}, []),
    ("the MOU on the 91st day", {"award.mou_on": "2026-07-15"}, ["mou-late info award.mou_on"]),
    ("an award number of no usual shape", {"award.number": "GRANT-7"}, ["identifier-shape info award.number"]),
    ("an ORI of eight characters", {"agency.ori": "GA057010"}, ["identifier-shape info agency.ori"]),
    ("an ORI of seven characters", {"agency.ori": "GA05701"}, []),
    ("no ORI", {"agency.ori": GONE}, []),
    ("a UEI of eleven characters", {"agency.uei": "L2RHK9N4P6Q"}, ["identifier-shape info agency.uei"]),
]


@pytest.mark.parametrize(("edits", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_questioned(edits: Edits, expected: list[str], law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned(edits, as_of="2026-12-31") == expected


def test_late_claims_are_barred_where_the_setting_says_so(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook).with_setting("late_claim", "blocks")
    assert desk.questioned({"prepared_on": "2026-12-06"}, as_of="2026-12-31") == ["claim-due-soon info prepared_on"]
    late = {"prepared_on": "2026-12-07"}
    assert desk.questioned(late, as_of="2026-12-31") == [f"claim-late blocks prepared_on: {BARRED}"]
    assert desk.itemized(late, as_of="2026-12-31").totals.payable_if_mended == 0
    received = desk.questioned({"received_on": "2026-12-07"}, as_of="2026-12-31")
    assert received == [f"claim-late blocks received_on: {BARRED}"]


def test_documents_are_kept_three_years_from_the_claim(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    for edits, where, until in (
        ({}, "prepared_on", "2029-11-16"),
        ({"received_on": "2026-11-20"}, "received_on", "2029-11-20"),
    ):
        (finding,) = [f for f in desk.findings(edits) if f.check == "retention-date"]
        assert str(finding.where) == where
        assert f"not before {until}" in finding.message


def test_what_one_claim_cannot_tell(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    assert {"not-on-roster", "earlier-payment-differs"} <= set(desk.unjudged({}))
    assert "mou-late" not in desk.unjudged({})
    assert "mou-late" in desk.unjudged({"award.mou_on": GONE})
    assert desk.questioned({"award.mou_on": GONE}) == []
    backfill: Edits = {**BACKFILL, "officer.predecessor_completed_training": False, "officer.placed_on": GONE}
    assert "training-deadline-missed" in desk.unjudged(backfill)
    assert "training-deadline-missed" not in desk.unjudged({**backfill, "officer.placed_on": "2026-03-02"})
