"""What a letter promises: a limit once, nothing beside an open question, and no amount to who may be another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from perdiem_calc.checks.finding import Severity
from perdiem_calc.history.records import OFFICER_MAY_BE_KNOWN, History, NearMatch, Take
from perdiem_calc.review.decisions import FindingDecision
from perdiem_calc.rules.law import load_law
from tests.support.audited_claims import question
from tests.support.checking import Edits, moody
from tests.support.drafted_letters import NOTHING, ON, amounts, draft, final, flat, letter, of
from tests.support.known_claims import OTHER_COURSE, earlier

OF_BATCH = earlier("OWN-6", source="in/own.xlsx", award_number=moody()["award"]["number"], **OTHER_COURSE)
TAKES = History("new", takes=(Take(OF_BATCH, Decimal("898.68")),))


def test_what_another_claim_takes_is_not_promised_again_and_was_not_paid() -> None:
    text = draft({}, TAKES)
    assert "The audit suggests that NASRO pay $101.32 to Floyd County Police Department." in flat(text)
    assert (
        "$0.00 was paid before, as the claim states; $898.68 goes to other claims for this officer; $0.00 would be "
        "left after this claim."
    ) in flat(text)
    assert amounts(text)[1:] == [
        ("Above what is left of the officer's limit", Decimal("-797.36")),
        ("Suggested for payment", Decimal("101.32")),
    ]
    assert "own.xlsx" not in text
    other = replace(OF_BATCH, claim_id="XX-9", officer="Robin Hidden", award_number="2025ULWX0999")
    for secret in ("XX-9", "Robin", "2025ULWX0999"):
        assert secret not in draft({}, History("new", takes=(Take(other, Decimal("898.68")),)))


def test_a_letter_with_an_open_question_says_that_nasro_decides() -> None:
    prior = {"officer.prior_basic_course_on": "2026-05-04"}
    text = draft(prior)
    assert (
        "The audit leaves questions, listed below, on which NASRO decides. If it accepts, $898.68 is payable to "
        "Floyd County Police Department."
    ) in flat(text)
    assert amounts(text)[-1] == ("Payable if NASRO accepts", Decimal("898.68"))
    assert "suggests that NASRO pay" not in flat(text)
    after = final(of(prior), "accept", "898.68")
    assert "NASRO has approved $898.68" in after
    assert amounts(after)[-1] == ("Approved for payment", Decimal("898.68"))


NEAR = NearMatch(7, "2025ULWX0999", "Robin Hidden", "same name, another award", Decimal("350.00"))


@pytest.mark.parametrize("edits", [{}, {"officer.prior_basic_course_on": "2026-05-04"}])
def test_while_the_officer_may_be_another_no_amount_is_promised(edits: Edits) -> None:
    text = draft(edits, History("undecided", Decimal("0.00"), near=(NEAR,)))
    assert "NASRO must first find out whether an earlier claim is for the same officer." in flat(text)
    assert amounts(text) == [
        ("Claimed", Decimal("898.68")),
        ("Above what is left of the officer's limit", Decimal("-248.68")),
        ("Open until NASRO knows who the officer is", Decimal("-650.00")),
        ("Suggested for payment", NOTHING),
    ]
    assert "would be left" not in text
    for secret in ("Robin", "2025ULWX0999", "350.00"):
        assert secret not in text


def test_a_blocked_claim_of_an_officer_who_may_be_another_is_promised_nothing_either() -> None:
    known = History("undecided", Decimal("0.00"), near=(NEAR,))
    text = flat(draft({"attachments.certificate": "missing"}, known))
    assert "return this claim unpaid. The amounts" in text
    assert "Once everything" not in text
    assert "would be left" not in text


def test_who_the_other_officer_is_stays_with_nasro_whatever_the_finding_says() -> None:
    """The finding names both; the agency is told that NASRO finds out."""
    found = question(OFFICER_MAY_BE_KNOWN, Severity.REVIEW, message="It may be Robin Hidden of award 2025ULWX0999.")
    audited = replace(of({}, History("undecided", Decimal("0.00"), near=(NEAR,))), findings=(found,))
    decision = FindingDecision(OFFICER_MAY_BE_KNOWN, "officer.name", "Findings!I5", "return", "Send proof.", "Robin?")
    before = letter(audited, load_law(), ON)
    after = final(audited, "return", "0.00", (found, decision))
    besides = final(of({}), "return", "0.00", besides=(decision,))
    for text in (before, after, besides):
        assert "NASRO finds out whether an earlier claim is for the same officer." in flat(text)
        assert "Robin" not in text
    assert "Decided by NASRO: Send proof." in flat(after)
