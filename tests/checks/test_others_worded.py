"""What the checks that know other claims say: in whose words, with which effect, and what they leave unjudged.

The claim is the one to Moody, as in tests/checks/test_others.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from perdiem_calc.checks.finding import Finding, Outcome, Severity
from perdiem_calc.dated import Law
from perdiem_calc.history.records import EarlierClaim, History, NearMatch, Take
from perdiem_calc.rates.model import RateSource
from tests.support.checking import Desk, Edits, moody
from tests.support.known_claims import (
    BOOK,
    CORRECTED,
    FOLIO,
    OTHER_COURSE,
    OTHER_SRO,
    PAID,
    PLATES,
    STATED,
    asked,
    earlier,
    seen,
)

NEAR = NearMatch(7, "2026ULWX0021", "Avery Oneill", "same award, similar name")


def test_nobody_was_asked_of_everything(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    assert desk.unjudged(PLATES, known=asked()) == []
    assert desk.unjudged(PLATES, known=asked(on_roster=None)) == ["not-on-roster"]
    needs_ledger = [
        "payee-questioned",
        "officer-may-be-known",
        "earlier-payment-differs",
        "trips-overlap",
        "second-payee-vehicle",
        "duplicate-document",
        "claim-resubmitted",
    ]
    assert desk.unjudged(PLATES, known=asked(paid_before=None)) == needs_ledger
    assert desk.unjudged({"expenses": [], "lodging": []}, known=asked(paid_before=None)) == [
        "payee-questioned",
        "officer-may-be-known",
        "earlier-payment-differs",
        "trips-overlap",
        "claim-resubmitted",
    ]


def _messages(desk: Desk, edits: Edits, known: History, outcome: Outcome = Outcome.QUESTIONED) -> dict[str, str]:
    found: tuple[Finding, ...] = desk.findings(edits, known=known)
    return {one.check: one.message for one in found if one.outcome is outcome}


def test_who_it_may_be_is_said_and_nobody_is_taken_for_another(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    known = asked(standing="undecided", near=(NEAR,), sightings=seen(PLATES, "vehicle", _claim_of(NEAR)))
    said = _messages(desk, PLATES | STATED, known, Outcome.NOT_EVALUATED)
    who = "7: Avery Oneill, award 2026ULWX0021 (same award, similar name)"
    assert said == dict.fromkeys(
        ("earlier-payment-differs", "trips-overlap", "second-payee-vehicle", "claim-resubmitted"),
        f"Not judged: the officer may be {who}; a person decides who it is.",
    )
    itemized = desk.itemized(PLATES | STATED, known=known)
    # What is stated counts: 1,000.00 less 400.00.
    assert (str(itemized.totals.payable), itemized.blocks) == ("600.00", ())


def _claim_of(near: NearMatch) -> EarlierClaim:
    return earlier("N-1", officer=near.officer.upper(), award_number=near.award_number)


def test_one_of_the_same_batch_who_is_like_the_officer_leaves_the_payments_judged(
    law: Law, ratebook: RateSource
) -> None:
    desk = Desk(law, ratebook)
    known = asked(standing="undecided", near=(replace(NEAR, sro=0),))
    assert desk.unjudged(PLATES, known=known) == ["trips-overlap", "second-payee-vehicle", "claim-resubmitted"]
    assert desk.questioned(PLATES | STATED, known=known) == [
        "earlier-payment-differs adjusts previously_reimbursed: 600.00 to 898.68",
        "officer-may-be-known review officer.name",
    ]


def test_mileage_without_a_plate_cannot_be_compared(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    edits = {"expenses[0].plate": "GA 771-KX"}
    said = [f for f in desk.findings(edits, known=asked()) if f.outcome is Outcome.NOT_EVALUATED]
    assert [(f.check, str(f.where)) for f in said] == [("second-payee-vehicle", "expenses[1].plate")]
    assert "enter the plate" in said[0].message


def test_a_claim_that_goes_with_one_nobody_knows_is_not_judged(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    assert desk.questioned(CORRECTED, known=asked()) == []
    said = _messages(desk, CORRECTED | PLATES, asked(), Outcome.NOT_EVALUATED)
    assert said == {
        "claim-resubmitted": "Not judged: claim a-1, with which this one goes, is not recorded for the officer; "
        "record it first, or correct its id."
    }
    # $300.00 was paid before the ledger was begun, under a claim that it does not have.
    before = asked(paid_before=Decimal("300.00"))
    assert desk.unjudged(CORRECTED | PLATES, known=before) == []


def test_what_was_paid_before_the_ledger_is_taken_off_a_correction(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    opening = asked(paid_before=Decimal("300.00"))
    edits = {**CORRECTED, "previously_reimbursed": "300.00"}
    assert str(desk.itemized(edits, known=opening).totals.payable) == "598.68"
    of_it = [{"claim_id": "A-1", "paid_on": "2026-01-05", "amount": "120.00"},
             {"claim_id": "Z-9", "paid_on": "2025-01-05", "amount": "180.00"}]  # fmt: skip
    # 898.68 - 120.00 = 778.68, and 1,000.00 - 300.00 = 700.00 is left.
    assert str(desk.itemized({**edits, "previous_claims": of_it}, known=opening).totals.payable) == "700.00"


def test_the_other_claim_is_named_by_id_officer_and_day(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    other = "claim A-1 of Avery O'Neal (travel 2026-11-02 to 2026-11-06, recorded 2026-11-10)"
    said = _messages(desk, {}, asked(earlier()))["claim-resubmitted"]
    assert said == (
        f"The course of 2026-11-02 to 2026-11-06 was claimed for this officer before, by {other}: "
        "if this claim corrects or supplements that one, say so and name it."
    )
    given = asked(earlier(source="claims/a.xlsx", number=0))
    assert "2026-11-06, in claims/a.xlsx)" in _messages(desk, {}, given)["claim-resubmitted"]
    known = asked(on_roster=False, near_on_roster=("Avery Oneill, award 1", "A. O'Neal, award 2", "C", "D"))
    assert (
        "(near it: Avery Oneill, award 1; A. O'Neal, award 2; and 2 more)"
        in _messages(desk, {}, known)["not-on-roster"]
    )
    assert "near it" not in _messages(desk, {}, asked(on_roster=False))["not-on-roster"]


def test_what_is_said_of_a_claim_that_is_recorded(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    own = earlier("2026-MDY-0007", paid=Decimal("898.68"))
    known = asked(own, recorded=own, paid_before=Decimal("0.00"))
    assert _messages(desk, {}, known)["claim-resubmitted"] == (
        "This very claim is recorded already (2026-11-10 by Ann, $898.68 paid): no action needed, "
        "it is not counted twice."
    )
    assert str(desk.itemized({}, known=known).totals.payable) == "898.68"
    taken_over = replace(own, verdict="return", superseded_by="A-2")
    said = _messages(desk, {}, asked(taken_over, recorded=taken_over))["claim-resubmitted"]
    assert "sent back), and claim A-2 took its place" in said


def test_what_is_said_of_payments(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    own = earlier("2026-MDY-0007", paid=Decimal("100.00"), number=3)
    ledger = asked(replace(PAID, **OTHER_COURSE), own, recorded=own, paid_before=Decimal("400.00"))
    assert _messages(desk, {}, ledger)["earlier-payment-differs"] == (
        "The claim states $0.00 as paid before, and by NASRO's ledger $400.00 was paid for the officer (claim A-1): "
        "correct the amount, or the ledger if a payment is missing there."
    )
    assert _messages(desk, CORRECTED | STATED, asked(PAID))["earlier-payment-differs"] == (
        "$400.00 was paid under the claim that this one corrects: no action needed, "
        "this claim gives $498.68 beyond it."
    )
    more = asked(earlier(paid=Decimal("950.00")))
    assert _messages(desk, CORRECTED | {"previously_reimbursed": "950.00"}, more)["earlier-payment-differs"] == (
        "$950.00 was paid under the claim that this one corrects, which is $51.32 more than this claim gives: "
        "have the agency return it."
    )
    above = {"expenses[+]": {**BOOK["expenses[+]"], "amount": "200.00"}}
    said = _messages(desk, CORRECTED | STATED | above, asked(PAID))["cap-applied"]
    assert said.startswith("$698.68 is allowable beyond what was paid under the corrected claim, and the officer's")


def test_what_is_gone_of_the_limit_is_named_part_by_part(law: Law, ratebook: RateSource) -> None:
    """$200.00 was paid, $300.00 and $100.00 are taken in the batch: of $1,000.00 there are $400.00 left."""
    desk = Desk(law, ratebook)
    october = replace(PAID, paid=Decimal("200.00"), **OTHER_COURSE)
    takes = tuple(
        Take(earlier(claim_id, source=f"{claim_id}.xlsx", **OTHER_COURSE), Decimal(amount))
        for claim_id, amount in (("B-1", "300.00"), ("B-2", "100.00"))
    )
    said = _messages(desk, {"previously_reimbursed": "200.00"}, asked(october, takes=takes))["cap-applied"]
    assert said == (
        "$898.68 is allowable, and the officer's limit of $1,000.00 less $200.00 paid before, $300.00 taken by claim "
        "B-1 of Avery O'Neal (travel 2026-09-06 to 2026-09-11, in B-1.xlsx) in this batch and $100.00 taken by claim "
        "B-2 of Avery O'Neal (travel 2026-09-06 to 2026-09-11, in B-2.xlsx) in this batch leaves $400.00: no action "
        "needed, the agency bears the $498.68 above it."
    )


def test_by_how_much_too_much_was_paid_before_and_by_whose_word(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    stated = {"previously_reimbursed": "1200.00"}
    assert _messages(desk, stated, asked())["overpaid-before"] == (
        "As the claim states, $1,200.00 was paid for the officer before, $200.00 more than the limit of $1,000.00: "
        "correct the amount, or have the agency return it."
    )
    paid = asked(replace(PAID, paid=Decimal("1000.50"), **OTHER_COURSE))
    assert _messages(desk, {}, paid)["overpaid-before"].startswith(
        "As NASRO's ledger has, $1,000.50 was paid for the officer before, $0.50 more than the limit"
    )


def test_effects_on_the_payment_are_those_of_the_finding_alone(law: Law, ratebook: RateSource) -> None:
    """$300.00 of $898.68 stays within the limit of $300.00 that is left, with or without a night."""
    desk = Desk(law, ratebook)
    known = asked(replace(PAID, paid=Decimal("700.00"), **OTHER_COURSE), sightings=seen(FOLIO, "folio", OTHER_SRO))
    edits = {**FOLIO, "previously_reimbursed": "700.00"}
    (document,) = [f for f in desk.findings(edits, known=known) if f.check == "duplicate-document"]
    # 898.68 - 442.96 = 455.72 is still more than 300.00.
    assert (document.line_effect, document.payment_effect) == (Decimal("-442.96"), Decimal("0.00"))
    totals = desk.itemized(edits, known=known).totals
    assert (totals.previously_reimbursed, totals.payable) == (Decimal("700.00"), Decimal("300.00"))


def test_a_night_above_the_ceiling_that_is_barred_would_be_paid_up_to_it(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    edits = {"lodging": [{**moody()["lodging"][0], "room_rate": "150.00", "tax": "0.00", "receipt": "F-88213"}]}
    known = asked(sightings=seen(edits, "folio", OTHER_SRO))
    (document,) = [f for f in desk.findings(edits, known=known) if f.check == "duplicate-document"]
    assert (document.claimed, document.allowed, document.payment_effect) == (
        Decimal("113.00"),
        Decimal("0.00"),
        Decimal("-113.00"),
    )


def test_a_barred_ride_counts_no_more_against_the_comparable_cost(law: Law, ratebook: RateSource) -> None:
    """Driving costs 149.72 and is paid up to 100.00; without the second drive 74.86 is paid."""
    desk = Desk(law, ratebook)
    edits = {**PLATES, "expenses[0].comparable_cost": "100.00"}
    known = asked(sightings=seen(edits, "vehicle", OTHER_SRO)[1:])
    (second,) = [f for f in desk.findings(edits, known=known) if f.check == "second-payee-vehicle"]
    assert (second.line_effect, second.payment_effect) == (Decimal("-74.86"), Decimal("-25.14"))


def test_what_is_said_of_a_room_that_one_of_two_officers_halves(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    other = "claim B-1 of Dana Cole (travel 2026-11-02 to 2026-11-06, recorded 2026-11-10)"
    first_night = seen({}, "room", OTHER_SRO)[:2]
    assert _messages(desk, {}, asked(sightings=first_night))["shared-room-split"] == (
        f"Lodging of the night of 2026-11-02 is claimed as a whole room, and this claim or {other} says that both "
        "officers shared it: enter how many shared it and with whom, or have the mistaken claim corrected."
    )
    halved = {"lodging[0].sharers": 2, "lodging[0].shared_with": ["B-1"]}
    (said,) = [
        finding.message
        for finding in desk.findings(halved, known=asked(sightings=first_night))
        if (finding.check, finding.severity) == ("shared-room-split", Severity.REVIEW)
    ]
    assert said == (
        f"Lodging of the night of 2026-11-02 is shared, by this claim, with an officer for whom {other} states the "
        "whole room: correct the claim that is mistaken."
    )
    alone = [f for f in desk.findings(halved) if f.outcome is Outcome.NOT_EVALUATED and f.rule == "shared-room"]
    assert [f.message for f in alone] == ["Not judged: no claims of the officers named under Shared with were given."]


def test_many_others_are_not_all_named(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    overlapping = OTHER_COURSE | {"returned_on": date(2026, 11, 6)}
    others = [earlier(f"X-{n}", **overlapping) for n in range(5)]
    said = _messages(desk, {}, asked(*others))["trips-overlap"]
    assert said.count("claim X-") == 2
    assert "; and 3 more: correct the dates" in said
