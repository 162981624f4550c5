"""What the ledger takes of a decision: nothing that is blocked, and nothing questioned that nobody decided on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.records import History
from perdiem_calc.ledger import Entry, Ledger
from perdiem_calc.review.decisions import FindingDecision
from perdiem_calc.rules.chp import Block
from tests.support.audited_claims import question
from tests.support.ledgers import Order, claim, count, course_on, enter, entry, paid

BACKFILL = question("backfill", Severity.BLOCKS, path="officer.position", message="The agency pays for this itself.")
FOLIO = question("duplicate-document", Severity.BLOCKS, path="lodging[0].receipt", message="Folio 88213 again.")
LATE = question("claim-late", Severity.REVIEW, path="received_on", message="It came late.")
NOTE = question("retention-date", Severity.INFO, message="Keep the documents.")
DECIDED: dict[str, Any] = {"verdict": "adjust", "reason": "so", "amount": Decimal("650.00")}


def barred(*more: Finding, **options: Any) -> Order:
    """A claim of $700.00 that is blocked for a backfilled position."""
    block = Block("backfill", "chp-backfill", "officer.position", "The agency pays for this itself.")
    plain = entry("A-1", "700.00", findings=(BACKFILL, *more), **options)
    return replace(plain, itemized=replace(plain.itemized, blocks=(block,)))


@pytest.mark.parametrize("options", [{}, {"verdict": "accept", "reason": "so"}])
def test_a_claim_that_is_blocked_is_not_accepted(ledger: Ledger, law: Law, options: dict[str, Any]) -> None:
    before = count(ledger)
    with pytest.raises(LedgerError) as refused:
        enter(ledger, barred(**options), law)
    assert str(refused.value) == (
        "claim A-1 is blocked, and nothing is paid: backfill at officer.position, The agency pays for this itself; "
        "have the agency fix it; or return it: --verdict return, with the reason"
    )
    assert count(ledger) == before
    assert paid(enter(ledger, barred(verdict="return", reason="backfill"), law))[0] == "0.00"


def test_a_block_is_overridden_only_by_a_decision_on_it_with_a_reason(ledger: Ledger, law: Law) -> None:
    """A verdict on the whole claim is no decision on what blocks it; nor is a decision on another finding."""
    by_phone = FindingDecision("backfill", "officer.position", "Review!K5", "adjust", "NASRO agreed by phone.")
    others = (
        (),
        (replace(by_phone, reason=" "),),
        (replace(by_phone, verdict="accept"),),
        (replace(by_phone, check="claim-late"),),
    )
    for decisions in others:
        with pytest.raises(LedgerError, match=r"--amount: claim A-1 is blocked, and \$0.00 is payable: backfill at"):
            enter(ledger, barred(LATE, decisions=decisions, **DECIDED), law)
    nothing = DECIDED | {"amount": Decimal("0.00")}
    assert paid(enter(ledger, barred(LATE, **nothing), law))[0] == "0.00"
    assert paid(enter(ledger, barred(LATE, decisions=(by_phone,), **DECIDED), law))[0] == "650.00"


def test_a_blocked_line_counts_as_nothing_until_a_person_decides_on_it(ledger: Ledger, law: Law) -> None:
    """$500.00 is allowable without the blocked line. More is paid with a decision on that line, up to the claimed."""
    blocked = entry("A-1", "500.00", findings=(FOLIO,), verdict="adjust", reason="so")
    with pytest.raises(LedgerError, match=r"\$500.00 is payable: duplicate-document at lodging\[0\].receipt, Folio"):
        enter(ledger, replace(blocked, amount=Decimal("500.01")), law)
    shared = FindingDecision("duplicate-document", "lodging[0].receipt", "Review!K5", "adjust", "Shared room.")
    for amount, decisions in (("500.00", ()), ("499.99", ()), ("500.01", (shared,))):
        done = enter(ledger, replace(blocked, amount=Decimal(amount), decisions=decisions), law)
        assert str(done.paid) == amount
    accepted = replace(blocked, verdict="accept", reason="the folio is another's")
    assert str(enter(ledger, accepted, law).paid) == "500.00"


def test_what_is_questioned_waits_for_a_person_who_says_why(ledger: Ledger, law: Law) -> None:
    questioned = entry("A-1", findings=(LATE, NOTE))
    with pytest.raises(LedgerError) as refused:
        enter(ledger, questioned, law)
    assert str(refused.value) == (
        "--verdict: a person must decide on claim A-1, and nobody has: claim-late at received_on, It came late; look "
        "at each; then say accept, adjust or return, with --reason, or decide in a copy of the audit"
    )
    with pytest.raises(LedgerError, match="--reason: claim A-1 is accepted without a reason, and this is"):
        enter(ledger, replace(questioned, verdict="accept"), law)
    done = enter(ledger, replace(questioned, verdict="accept", reason="the mail was slow"), law)
    assert (done.verdict, str(done.paid)) == ("accept", "500.00")


def test_a_decision_on_each_finding_is_one_on_the_claim_and_information_needs_none(ledger: Ledger, law: Law) -> None:
    fine = FindingDecision("claim-late", "received_on", "Review!K5", "accept")
    questioned = entry("A-1", findings=(LATE, NOTE), verdict="accept", decisions=(fine,))
    assert str(enter(ledger, questioned, law).paid) == "500.00"
    done = enter(ledger, entry("B-1", officer="Dana Cole", findings=(NOTE,)), law)
    assert (done.verdict, str(done.paid)) == ("accept", "500.00")


def test_what_was_not_audited_with_this_ledger_as_it_is_now_is_not_recorded(ledger: Ledger, law: Law) -> None:
    """Without a ledger, or before another claim was recorded, an audit knows too little."""
    enter(ledger, entry("A-1", "700.00", fields=course_on("2026-10-05")), law)
    later = entry("A-2", "700.00", fields=course_on("2026-11-05"))
    stale, now = History("new", Decimal("0.00")), ledger.known(later.itemized.claim)
    audited = later.entry(now, law).audited
    for told in (None, stale, replace(now, of_ledger=stale)):
        with ledger.writer(law) as writer, pytest.raises(LedgerError, match="not audited with what this ledger"):
            writer.record(Entry(replace(audited, known=told)))
    with ledger.writer(law) as writer:
        assert str(writer.record(Entry(replace(audited, known=replace(now, of_ledger=now)))).paid) == "300.00"


def test_an_amount_that_is_not_the_ledgers_own_is_refused(ledger: Ledger, law: Law) -> None:
    """The ledger computes what is due itself: $500.00, whatever an audit says."""
    right = entry("A-1", "500.00")
    made = right.entry(ledger.known(right.itemized.claim), law)
    assert made.audited.itemized is not None
    wrong = replace(made.audited.itemized.totals, payable=Decimal("500.01"))
    itemized = replace(made.audited.itemized, totals=wrong)
    with ledger.writer(law) as writer, pytest.raises(LedgerError, match=r"\$500.00 is payable by the ledger, and"):
        writer.record(replace(made, audited=replace(made.audited, itemized=itemized)))


def test_a_claim_that_cannot_be_computed_is_not_recorded(ledger: Ledger, law: Law) -> None:
    made = entry("A-1").entry(ledger.known(claim("A-1")), law)
    found = question("malformed", Severity.BLOCKS, message="No date.")
    broken = replace(made.audited, itemized=None, findings=(found,))
    with ledger.writer(law) as writer, pytest.raises(LedgerError, match=r"nothing to record: No date\.; return it"):
        writer.record(replace(made, audited=broken))
