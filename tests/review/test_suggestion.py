"""Why a decision is suggested, and what comes next, in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.history.records import History, NearMatch
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.review.suggestion import because, checks_of, deciding, main_reason, next_step, promised
from tests.support.audited_claims import audited_of, not_computed, question
from tests.support.checking import edited, moody
from tests.support.claim_data import sample
from tests.support.known_claims import earlier


def claim(*more: Finding, stated: str | None = None, **edits: object) -> AuditedClaim:
    """The claim to Moody that questions nothing, of which $898.68 is payable, with findings made up beside it.

    Edits name fields with two underscores for a point.
    """
    record = edited(moody(), {path.replace("__", "."): value for path, value in edits.items()})
    return audited_of(record, "claim.xlsx", more, stated)


def test_a_claim_that_questions_nothing_is_paid_to_the_agency() -> None:
    audited = claim()
    assert (audited.suggested, deciding(audited)) == ("accept", None)
    assert main_reason(audited) == "Everything is paid as claimed: nothing is questioned."
    assert next_step(audited) == "Pay $898.68 to Floyd County Police Department."


def test_a_payee_of_its_own_is_the_one_who_is_paid() -> None:
    assert next_step(claim(agency__payee="City of Lee")) == "Pay $898.68 to City of Lee."


def test_the_limit_is_the_reason_where_it_alone_changes_the_payment() -> None:
    audited = audited_of(sample("2026-ORL-0001"), "claim.xlsx")
    assert main_reason(audited).startswith("$1,741.81 is allowable, and the officer's limit of $1,000.00")
    assert next_step(audited) == "Pay $1,000.00 to Jacksonville Police Department."


def test_what_a_person_must_look_at_comes_before_paying() -> None:
    audited = claim(question("prior-course", Severity.REVIEW, message="Look at it."))
    assert (audited.suggested, main_reason(audited)) == ("decide", "Look at it.")
    assert next_step(audited) == (
        "Decide on prior-course. If you accept, pay $898.68 to Floyd County Police Department."
    )


def test_an_officer_who_may_be_another_is_looked_at_first() -> None:
    known = History("undecided", near=(NearMatch(0, "A", "Avery O'Neil", "same award, similar name"),))
    audited = replace(claim(), known=known)
    assert next_step(audited) == "Find out whether the officer is Avery O'Neil. Nothing is paid until then."
    assert main_reason(audited) == "The officer may be Avery O'Neil: a person must find out."
    assert (because(audited), because(claim())) == ("officer-may-be-known", "")
    looked = replace(claim(question("prior-course", Severity.REVIEW, message="Look at it.")), known=known)
    assert next_step(looked) == (
        "Find out whether the officer is Avery O'Neil, and decide on prior-course. Nothing is paid until then."
    )
    assert (main_reason(looked), because(looked)) == ("Look at it.", "prior-course")


def test_nobody_promises_an_amount_while_the_officer_may_be_another() -> None:
    """Fixed, the claim would pay $898.68; but of the limit that may be another's."""
    known = History("undecided", near=(NearMatch(0, "A", "Avery O'Neil", "same award, similar name"),))
    barred = claim(attachments__certificate="missing")
    assert promised(barred) == Decimal("898.68")
    assert promised(replace(barred, known=known)) == Decimal("0.00")
    assert next_step(replace(barred, known=known)) == "Pay nothing. Send it back and say why (certificate-missing)."


def test_a_claim_on_record_is_said_to_be() -> None:
    recorded = earlier("2026-MDY-0007", verdict="adjust", paid=Decimal("700.00"))
    audited = replace(claim(), known=History("recorded", recorded=recorded))
    assert next_step(audited) == (
        "It is recorded already: adjust $700.00. Nothing is left to do, unless it is decided otherwise."
    )


def test_an_adjusted_amount_names_both_amounts_and_the_checks() -> None:
    typed = question("formula-overwritten", Severity.ADJUSTS, "Claim!G5", message="Typed over.")
    looked = question("duplicate-line", Severity.REVIEW, effect="-20.00", message="Twice?")
    audited = claim(typed, looked, stated="950.00")
    assert (audited.suggested, main_reason(audited)) == ("adjust", "Typed over.")
    assert next_step(audited) == (
        "Decide on duplicate-line. If you accept, pay $898.68 to Floyd County Police Department instead of $950.00, "
        "and tell the agency why (formula-overwritten)."
    )


def test_an_amount_that_is_stated_rightly_is_not_named_twice() -> None:
    typed = question("lodging-rate-not-in-force", Severity.ADJUSTS, "Days!I5")
    said = "Pay $898.68 to Floyd County Police Department, and tell the agency why (lodging-rate-not-in-force)."
    assert [next_step(claim(typed, stated=stated)) for stated in (None, "898.68")] == [said, said]


def test_what_bars_the_claim_is_the_reason_before_any_other() -> None:
    typed = question("formula-overwritten", Severity.ADJUSTS, "Claim!G5", effect="-2000.00")
    barred = question("receipt-missing", Severity.BLOCKS, "Expenses!K5", effect="-1500.00")
    audited = claim(typed, barred, attachments__certificate="missing")
    assert (audited.suggested, deciding(audited)) == ("return", audited.findings[2])
    assert audited.findings[2].check == "certificate-missing"
    assert next_step(audited) == (
        "Pay nothing. Send it back and say why (receipt-missing, certificate-missing). Once everything is fixed, "
        "$898.68 is payable."
    )


def test_what_was_cut_for_lack_of_a_document_is_not_in_what_is_payable_once_nothing_bars_it() -> None:
    """A taxi of $90.00 without a receipt: it is cut, and with one $988.68 would be payable."""
    taxi = {"date": "2026-11-02", "category": "taxi", "amount": "90.00"}
    stated = edited(moody(), {"attachments.certificate": "missing", "expenses[+]": taxi})
    assert next_step(audited_of(stated, "claim.xlsx")).endswith(
        "Once nothing bars it, $898.68 is payable by what is documented so far."
    )


def test_a_claim_that_nothing_can_mend_promises_nothing() -> None:
    audited = claim(course__outcome="failed", course__completed_on=None)
    assert audited.itemized is not None
    assert audited.itemized.totals.payable_if_mended == Decimal("0.00")
    assert next_step(audited) == "Pay nothing. Send it back and say why (course-not-completed)."


def test_a_claim_that_cannot_be_computed_is_returned_for_what_cannot_be_read() -> None:
    audited = not_computed("claim.xlsx")
    assert main_reason(audited) == "Room rate is no amount: type it like 159.00."
    assert next_step(audited) == "Pay nothing. Send it back and say why (malformed)."
    assert next_step(replace(audited, findings=())) == "Pay nothing. Send it back."
    assert deciding(replace(audited, findings=())) is None


def test_nothing_is_paid_where_the_limit_is_used_up() -> None:
    audited = claim(previously_reimbursed="1000.00")
    assert (audited.suggested, next_step(audited)) == ("accept", "Pay nothing.")


def test_of_many_checks_the_first_four_are_named_once_each() -> None:
    checks = ["a", "b", "a", "c", "d", "e", "f"]
    assert checks_of(question(check, Severity.REVIEW) for check in checks) == "a, b, c, d and 2 more"
