"""What a reviewer's decisions come to: the verdict, the amount, the reason, and what is still open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from perdiem_calc.checks.finding import Severity
from perdiem_calc.errors import InputError
from perdiem_calc.history.records import Verdict
from perdiem_calc.review.decisions import FindingDecision, ReviewedClaim, concluded, not_overridden, open_findings
from perdiem_calc.review.result import AuditedClaim
from tests.support.audited_claims import audited_of, not_computed, question
from tests.support.checking import edited, moody

RATE = question("lodging-rate-not-in-force", Severity.ADJUSTS, "Days!I6")
TWICE = question("duplicate-line", Severity.REVIEW, "Expenses!J5")
ALSO = question("duplicate-line", Severity.REVIEW, "Expenses!J6")
NOTE = question("fiscal-year-return", Severity.INFO, "Days!A9")


@pytest.fixture
def audited() -> AuditedClaim:
    """The claim to Moody, of which $898.68 is payable, with four findings made up."""
    return replace(audited_of(moody(), "claim.xlsx"), findings=(RATE, TWICE, ALSO, NOTE))


def barred() -> AuditedClaim:
    """The same without its certificate."""
    return audited_of(edited(moody(), {"attachments.certificate": "missing"}), "claim.xlsx")


def decision(check: str, where: str, verdict: Verdict, reason: str = "", row: int = 5) -> FindingDecision:
    """A decision in a row of Findings."""
    return FindingDecision(check, where, f"Findings!I{row}", verdict, reason, f"What {check} says.")


def reviewed(*decisions: FindingDecision, **box: Any) -> ReviewedClaim:
    """A copy of the claim as the reviewer left it."""
    return ReviewedClaim("copy.xlsx", "2026-mdy-0007", decisions, amount_cell="Claim!A68", **box)


ACCEPTED = (
    decision("lodging-rate-not-in-force", "Days!I6", "accept"),
    decision("duplicate-line", "Expenses!J5", "accept"),
    decision("duplicate-line", "Expenses!J6", "accept"),
)


def test_what_is_accepted_pays_what_the_rules_give(audited: AuditedClaim) -> None:
    for box in ({}, {"approved_amount": Decimal("898.68"), "approved_by": "R. Viewer"}):
        found = concluded(audited, reviewed(*ACCEPTED, **box))
        assert (found.verdict, found.amount, found.reason, found.open) == ("accept", Decimal("898.68"), "", ())


def test_findings_beyond_information_stay_open_until_decided(audited: AuditedClaim) -> None:
    assert concluded(audited, reviewed()).open == (RATE, TWICE, ALSO)
    assert concluded(audited, reviewed(ACCEPTED[1])).open == (RATE, ALSO)


def test_one_return_sends_the_claim_back_with_its_reasons(audited: AuditedClaim) -> None:
    decided = (
        decision("lodging-rate-not-in-force", "Days!I6", "return", "The folio is of another hotel."),
        decision("duplicate-line", "Expenses!J5", "return"),
        decision("duplicate-line", "Expenses!J6", "return"),
    )
    found = concluded(audited, reviewed(*decided, ACCEPTED[1]))
    assert (found.verdict, found.amount) == ("return", Decimal("0.00"))
    assert found.reason == "The folio is of another hotel.; What duplicate-line says."


def test_a_return_besides_an_approved_amount_contradicts_itself(audited: AuditedClaim) -> None:
    decided = decision("duplicate-line", "Expenses!J6", "return", row=7)
    with pytest.raises(InputError) as refused:
        concluded(audited, reviewed(decided, approved_amount=Decimal("500.00")))
    assert str(refused.value) == (
        "Claim!A68: $500.00 is approved, and duplicate-line is decided return in Findings!I7; clear the amount, or "
        "decide otherwise there"
    )
    assert concluded(audited, reviewed(decided, approved_amount=Decimal("0.00"))).verdict == "return"


def test_another_amount_is_an_adjustment_for_the_reasons_of_what_is_adjusted(audited: AuditedClaim) -> None:
    decided = (
        decision("lodging-rate-not-in-force", "Days!I6", "adjust", "Approved by phone."),
        decision("duplicate-line", "Expenses!J5", "accept", "Two rides."),
    )
    found = concluded(audited, reviewed(*decided, approved_amount=Decimal("880.00")))
    assert (found.verdict, found.amount, found.reason) == ("adjust", Decimal("880.00"), "Approved by phone.")
    assert found.open == (ALSO,)


def test_another_amount_without_an_adjusted_finding_has_no_reason(audited: AuditedClaim) -> None:
    with pytest.raises(InputError, match=r"Claim!A68: the approved amount is not the payable \$898\.68"):
        concluded(audited, reviewed(*ACCEPTED, approved_amount=Decimal("898.69")))


def test_an_adjusted_finding_needs_an_amount_which_may_be_what_the_rules_give(audited: AuditedClaim) -> None:
    decided = decision("lodging-rate-not-in-force", "Days!I6", "adjust", "The rate of October.", row=5)
    with pytest.raises(InputError) as refused:
        concluded(audited, reviewed(decided))
    assert str(refused.value) == (
        "Claim!A68: lodging-rate-not-in-force is decided adjust in Findings!I5, and no amount is approved; write the "
        "amount to pay ($898.68 is payable by the audit)"
    )
    found = concluded(audited, reviewed(decided, approved_amount=Decimal("898.68")))
    assert (found.verdict, found.amount) == ("accept", Decimal("898.68"))


def test_a_barred_claim_is_not_accepted_but_returned_or_adjusted() -> None:
    for claim in (barred(), not_computed("copy.xlsx")):
        mine = replace(reviewed(), claim_id=claim.claim_id)
        with pytest.raises(InputError, match="barred from payment, and no finding is decided return"):
            concluded(claim, mine)
        with pytest.raises(InputError, match="barred from payment"):
            concluded(claim, replace(mine, approved_amount=Decimal("0.00")))
    elsewhere = decision("lodging-rate-not-in-force", "Days!I6", "adjust", "Half of it.")
    with pytest.raises(InputError, match="barred from payment by certificate-missing, which is not decided adjust"):
        concluded(barred(), reviewed(elsewhere, approved_amount=Decimal("449.34")))
    decided = decision("certificate-missing", "attachments.certificate", "adjust", "It came by e-mail.")
    found = concluded(barred(), reviewed(decided, approved_amount=Decimal("898.68")))
    assert (found.verdict, found.amount, found.reason) == ("adjust", Decimal("898.68"), "It came by e-mail.")


def test_of_two_findings_that_bar_the_claim_each_is_decided_on() -> None:
    """Two cells that cannot be read: who pays for one of them has said nothing of the other."""
    cells = [question("certificate-missing", Severity.BLOCKS, f"Checklist!C{row}") for row in (6, 7)]
    audited = replace(barred(), findings=tuple(cells))
    one, other = (decision("certificate-missing", f"Checklist!C{row}", "adjust", "By e-mail.", row) for row in (6, 7))
    accepted = replace(other, verdict="accept", reason="")
    for second in (accepted, replace(other, reason=" ")):
        with pytest.raises(InputError, match="barred from payment by certificate-missing, which is not decided"):
            concluded(audited, reviewed(one, second, approved_amount=Decimal("898.68")))
        assert not_overridden(audited, [one, second]) == (cells[1],)
    assert concluded(audited, reviewed(one, other, approved_amount=Decimal("898.68"))).verdict == "adjust"


def test_a_line_that_is_barred_needs_a_decision_whichever_it_is(audited: AuditedClaim) -> None:
    folio = question("duplicate-document", Severity.BLOCKS, "Days!O5")
    found = replace(audited, findings=(folio, RATE))
    assert not_overridden(found, [decision("lodging-rate-not-in-force", "Days!I6", "accept")]) == (folio,)
    assert not_overridden(found, [decision("duplicate-document", "Days!O5", "accept")]) == ()
    assert not_overridden(not_computed("claim.xlsx"), []) == not_computed("claim.xlsx").questioned


def test_decisions_on_another_claim_are_refused(audited: AuditedClaim) -> None:
    with pytest.raises(InputError, match="the decisions are on claim 'X-1', not on '2026-MDY-0007'"):
        concluded(audited, replace(reviewed(), claim_id="X-1"))


def test_a_decision_follows_its_finding_to_another_place_only_where_neither_can_be_another() -> None:
    moved = [decision("lodging-rate-not-in-force", "Days!I7", "accept")]
    assert open_findings([RATE], moved) == ()
    assert open_findings([TWICE, ALSO], [decision("duplicate-line", "Expenses!J9", "accept")]) == (TWICE, ALSO)
    several = [decision("duplicate-line", f"Expenses!J{row}", "accept") for row in (5, 8, 9)]
    assert open_findings([TWICE, ALSO], several) == (ALSO,)
    assert open_findings([TWICE, TWICE], several[:1]) == (TWICE,)


def test_a_copy_is_approved_once_somebody_put_their_name_to_it() -> None:
    assert not reviewed(approved_amount=Decimal("1.00")).is_approved
    assert reviewed(approved_by="R. Viewer").is_approved
