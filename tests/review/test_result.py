"""What the audit of one claim comes to: what its suggestion rests on, sums of several, claims refused as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from perdiem_calc.checks.auditor import audit_refused
from perdiem_calc.checks.finding import Finding, Outcome, Severity
from perdiem_calc.checks.submission import Refused
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.history.records import History, NearMatch
from perdiem_calc.review.result import AuditedClaim, Suggestion, Sum, Unreadable, summed, tally
from tests.support.audited_claims import audited_of, not_computed, question, small
from tests.support.checking import edited, moody
from tests.support.known_claims import asked, earlier

NOTE = question("fiscal-year-return", Severity.INFO)
LOOK = question("duplicate-line", Severity.REVIEW)
TYPED = question("formula-overwritten", Severity.ADJUSTS)
BARRED = question("receipt-missing", Severity.BLOCKS)
NOT_JUDGED = replace(BARRED, outcome=Outcome.NOT_EVALUATED)


@pytest.fixture(scope="module")
def audited() -> AuditedClaim:
    """The claim to Moody, of which $898.68 is payable."""
    return audited_of(moody(), "claim.xlsx")


@pytest.mark.parametrize(
    ("findings", "worst", "to_decide", "suggested"),
    [
        ((), Severity.INFO, (), "accept"),
        ((NOTE, NOT_JUDGED), Severity.INFO, (), "accept"),
        ((NOTE, LOOK), Severity.REVIEW, (LOOK,), "decide"),  # Never accept next to an open question.
        ((TYPED, NOTE, LOOK), Severity.ADJUSTS, (TYPED, LOOK), "adjust"),
        ((LOOK, BARRED), Severity.BLOCKS, (LOOK, BARRED), "adjust"),
    ],
    ids=["nothing", "a note", "a look", "an amount", "a line"],
)
def test_the_gravest_finding_decides_what_is_suggested(
    findings: tuple[Finding, ...],
    worst: Severity,
    to_decide: tuple[Finding, ...],
    suggested: Suggestion,
    audited: AuditedClaim,
) -> None:
    """What could not be judged weighs nothing."""
    found = replace(audited, findings=findings)
    assert (found.worst, found.to_decide, found.suggested) == (worst, to_decide, suggested)


def test_an_officer_who_may_be_another_is_decided_on_before_anything_is_accepted(audited: AuditedClaim) -> None:
    near = (NearMatch(1, "A", "Avery O'Neil", "same award, similar name"),)
    found = replace(audited, findings=(), known=asked(standing="undecided", near=near))
    assert (found.is_identity_open, found.suggested) == (True, "decide")
    certain = replace(found, known=asked(standing="new"))
    assert (certain.is_identity_open, certain.suggested) == (False, "accept")


def test_copies_of_one_claim_count_once_in_every_sum(audited: AuditedClaim) -> None:
    copy = replace(audited, known=History("new", copy_of="claim.xlsx"))
    assert summed([audited, copy]) == summed([audited])
    assert summed([copy]).claims == 0
    assert tally([audited, copy, copy]) == tally([audited])


def test_a_claim_that_cannot_be_computed_or_is_barred_is_returned() -> None:
    broken = not_computed("claim.xlsx")
    assert (broken.claim_id, broken.payable, broken.suggested) == ("", Decimal("0.00"), "return")
    barred = audited_of(edited(moody(), {"attachments.certificate": "missing"}), "claim.xlsx")
    assert (barred.claim_id, barred.payable, barred.suggested) == ("2026-MDY-0007", Decimal("0.00"), "return")


def test_a_claim_that_was_changed_is_another_and_one_that_cannot_be_read_has_its_own_mark(
    audited: AuditedClaim,
) -> None:
    again = audited_of(moody(), "other.xlsx")
    changed = audited_of(edited(moody(), {"expenses[0].miles": "98"}), "claim.xlsx")
    assert audited.content == again.content != changed.content
    assert (len(audited.content), len(changed.content)) == (16, 16)
    assert not_computed("claim.xlsx").content == "e3b0c44298fc1c14", "the SHA-256 digest of no text begins so"


def test_what_the_ledger_decided_on_this_very_claim(audited: AuditedClaim) -> None:
    own = earlier("2026-MDY-0007", verdict="adjust", paid=Decimal("1880.00"))
    assert audited.on_record == ""
    assert replace(audited, known=asked(earlier())).on_record == ""
    assert replace(audited, known=History("recorded", recorded=own)).on_record == "adjust $1,880.00"


def test_what_a_workbook_states_itself(audited: AuditedClaim) -> None:
    assert audited.stated_payable is None
    assert replace(audited, stated={"claimed": Decimal(5)}).stated_payable is None
    assert replace(audited, stated={"claimed": Decimal(5), "payable": Decimal(7)}).stated_payable == Decimal(7)


def test_a_file_that_cannot_be_read_says_where_what_and_the_mend() -> None:
    error = InputError("file.unreadable", "is not a date", where="Claim!B7", fix="write it like 2026-11-02")
    error.file = "claim.xlsx"
    assert Unreadable("claim.xlsx", error).reason == "Claim!B7: is not a date; write it like 2026-11-02"
    assert Unreadable("claim.xlsx", InputError("file.unreadable", "is empty")).reason == "is empty"


def test_the_amounts_of_several_claims_together() -> None:
    """Moody 898.68 throughout; Orlando 1,820.56 claimed, 1,741.81 allowable, 1,000.00 payable; Washington 2,752.05
    claimed, 2,065.22 allowable and barred; one not computed. What is claimed and not paid the agency bears.
    """
    assert summed(iter(small())) == Sum(
        claims=4,
        claimed=Decimal("5471.29"),
        allowable=Decimal("4705.71"),
        payable=Decimal("1898.68"),
        agency_share=Decimal("3572.61"),
    )
    assert [str(amount) for amount in summed([])] == ["0", "0.00", "0.00", "0.00", "0.00"]


def test_how_many_claims_each_decision_is_suggested_for(audited: AuditedClaim) -> None:
    assert tally(small()) == {"accept": 1, "decide": 0, "adjust": 1, "return": 2}
    looked_at = replace(audited, findings=(LOOK,))
    assert tally([audited, audited, looked_at]) == {"accept": 2, "decide": 1, "adjust": 0, "return": 0}
    assert list(tally([])) == ["accept", "decide", "adjust", "return"]


def test_of_a_claim_that_is_refused_it_is_said_what_is_refused_and_that_nothing_else_was_judged(law: Law) -> None:
    room = Refused("malformed", "Days!K5", "room rate is no amount", "type it like 159.00")
    place = Refused("rate-unresolved", "Claim!B9", "Nowhere, FL is no place", "correct its spelling")
    on = date(2026, 11, 2)
    rest = "Not judged: everything else, since the claim cannot be computed until this is fixed."
    found = audit_refused([room, place], law, on)
    assert [(one.check, one.severity, one.outcome, str(one.where), one.message) for one in found] == [
        (
            "malformed",
            Severity.BLOCKS,
            Outcome.QUESTIONED,
            "Days!K5",
            "Room rate is no amount; type it like 159.00.",
        ),
        (
            "rate-unresolved",
            Severity.BLOCKS,
            Outcome.QUESTIONED,
            "Claim!B9",
            "Nowhere, FL is no place; correct its spelling.",
        ),
        ("malformed", Severity.INFO, Outcome.NOT_EVALUATED, "Days!K5", rest),
    ]
    of_claim, of_place = (
        law.citation(rule, date(2026, 11, 2)) for rule in ("chp-itemized-claim", "per-diem-locality")
    )
    assert [one.citation for one in found] == [of_claim, of_place, of_claim]
