"""What bars a whole claim, each bar in full: the field that a clerk goes to, and what the clerk reads.

The claim is the week in Orlando of case_files.py: October 4 to 9, 2026, completed on the 9th, prepared on the 20th.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.rules.chp import Block, blocks
from perdiem_calc.text import Worded, worded
from tests.support.case_files import claim_of, law_of


def bars(law: Law, as_of: date | None = None, **changes: Any) -> list[Block]:
    """What bars the week in Orlando with fields set otherwise."""
    return list(blocks(parse_claim(claim_of({"claim": changes})), law, as_of))


def test_the_claim_itself_is_barred_by_nothing(law: Law) -> None:
    assert bars(law, date(2026, 10, 20)) == []


@pytest.mark.parametrize(
    ("changes", "bar"),
    [
        (
            {"course": {"title": "NASRO Advanced SRO Course"}},
            Block(
                "wrong-course",
                "chp-course",
                "course.title",
                '"NASRO Advanced SRO Course" is not the NASRO Basic SRO Course: only that course is reimbursed; '
                "if the title is mistaken, write it as on the certificate.",
            ),
        ),
        (
            {"course": {"hours": 39}},
            Block(
                "wrong-course",
                "chp-course",
                "course.hours",
                "The course had 39 hours; the programme requires 40: "
                "if the hours are mistaken, write them as on the certificate.",
            ),
        ),
        (
            {"course": {"outcome": "withdrawn", "completed_on": None}},
            Block(
                "course-not-completed",
                "chp-completed",
                "course.outcome",
                "The course was not completed (withdrawn), so nothing can be paid; "
                "a retake may be claimed within the same limit.",
                fixable=False,
            ),
        ),
        (
            {"course": {"completed_on": None}},
            Block(
                "course-not-completed",
                "chp-completed",
                "course.completed_on",
                "The course has no completion date: give the date on the certificate.",
            ),
        ),
        (
            {"course": {"completed_on": "2026-10-21"}},
            Block(
                "course-not-completed",
                "chp-completed",
                "course.completed_on",
                "The course was completed on 2026-10-21, after the claim of 2026-10-20: "
                "submit the claim after completion, or correct the date.",
            ),
        ),
        (
            {"attachments": {"certificate": "missing"}},
            Block(
                "certificate-missing",
                "chp-certificate",
                "attachments.certificate",
                "The course certificate is not attached: attach it and mark it attached.",
            ),
        ),
        (
            {
                "officer": {
                    "position": "backfill",
                    "predecessor_completed_training": True,
                    "predecessor_left_agency": True,
                }
            },
            Block(
                "backfill",
                "chp-backfill",
                "officer.position",
                "The officer backfills one who left after completing the training: "
                "the agency pays for this training itself.",
                fixable=False,
            ),
        ),
        (
            {"agency": {"payee_kind": "individual"}},
            Block(
                "payee-not-agency",
                "chp-payee",
                "agency.payee_kind",
                "The payee is a person: NASRO pays the agency, its city or county; name that as the payee.",
            ),
        ),
        (
            {"course": {"coordinated": False, "coordinated_on": None}},
            Block(
                "not-coordinated",
                "chp-coordination",
                "course.coordinated",
                "The agency did not coordinate with NASRO: contact NASRO's COPS grant coordinator "
                "(888-31-NASRO) and enter the date.",
            ),
        ),
        (
            {"signatures": {"fiscal": {"name": "Dana Cole", "on": None}}},
            Block(
                "signature-missing",
                "chp-itemized-claim",
                "signatures.fiscal",
                "The agency's fiscal official has not signed: enter the name and the date of the signature.",
            ),
        ),
    ],
    ids=lambda value: value.path if isinstance(value, Block) else "",
)
def test_a_bar_says_what_is_wrong_where_and_what_to_do(changes: dict[str, Any], bar: Block, law: Law) -> None:
    assert bars(law, **changes) == [bar]
    assert [type(found.fixable) for found in bars(law, **changes)] == [bool]


def test_a_date_after_the_day_of_checking_bars_and_is_named(law: Law) -> None:
    received: dict[str, Any] = {"received_on": "2026-10-22"}
    assert bars(law, date(2026, 10, 22), **received) == []
    late = Block(
        "date-in-future",
        "chp-itemized-claim",
        "received_on",
        "The claim was received on 2026-10-22, after 2026-10-21: correct the date.",
    )
    assert bars(law, date(2026, 10, 21), **received) == [late]
    prepared = Block(
        "date-in-future",
        "chp-itemized-claim",
        "prepared_on",
        "The claim is dated 2026-10-20, after 2026-10-19: correct the date.",
    )
    assert bars(law, date(2026, 10, 19)) == [prepared]
    submitted = Block(
        "date-in-future",
        "chp-itemized-claim",
        "submitted_on",
        "The claim was submitted on 2026-10-22, after 2026-10-21: correct the date.",
    )
    assert bars(law, date(2026, 10, 21), submitted_on="2026-10-22") == [submitted]
    assert [bar.path for bar in bars(law, date(2026, 10, 19), **received)] == ["prepared_on", "received_on"]


def test_a_bar_is_worded_for_the_agency_only_where_it_must_be() -> None:
    named = worded("It was claimed before, in ", Worded("claim B-1", "another claim"), ".")
    before = Block.worded("claim-resubmitted", "chp-cap", "claim_id", named)
    assert before == Block(
        "claim-resubmitted",
        "chp-cap",
        "claim_id",
        "It was claimed before, in claim B-1.",
        to_agency="It was claimed before, in another claim.",
    )
    assert Block.worded("no", "chp-cap", "claim_id", "The same.") == Block("no", "chp-cap", "claim_id", "The same.")


@pytest.mark.parametrize("field", ["prepared_on", "received_on"])
def test_a_late_claim_bars_where_the_setting_says_so_and_nothing_mends_it(field: str, law: Law) -> None:
    strict = law_of({"law": {"late_claim": "blocks"}}, law)
    changes: dict[str, Any] = {field: "2026-11-09"}  # day 31
    assert bars(law, **changes) == []
    in_time: dict[str, Any] = {field: "2026-11-08"}
    assert bars(strict, **in_time) == []
    assert bars(strict, **changes) == [
        Block(
            "claim-late",
            "chp-30-days",
            field,
            "The claim of 2026-11-09 came too late after the course was completed on 2026-10-09: "
            "correct the date if it is mistaken.",
            fixable=False,
        )
    ]


def test_each_thing_that_bars_is_told_in_the_order_of_the_claim(law: Law) -> None:
    changes: dict[str, Any] = {
        "course": {"hours": 39, "coordinated": False, "completed_on": None},
        "agency": {"payee_kind": "individual"},
        "attachments": {"certificate": "missing"},
    }
    assert [bar.path for bar in bars(law, **changes)] == [
        "course.hours",
        "course.completed_on",
        "attachments.certificate",
        "agency.payee_kind",
        "course.coordinated",
    ]
