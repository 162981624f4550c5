"""Recording claims: once, within the limit, corrections as new entries. On SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.attendance import AttendanceList
from perdiem_calc.history.records import Attendance, Attendee
from perdiem_calc.history.roster import Roster, RosterEntry
from perdiem_calc.ledger import AlreadyRecorded, Ledger
from perdiem_calc.review.decisions import FindingDecision
from tests.support.ledgers import (
    AWARD,
    DRIVE,
    TAXI,
    TICKET,
    Order,
    claim,
    corrects,
    count,
    course_on,
    enter,
    entry,
    itemized,
    paid,
)

DAY = date(2026, 10, 20)


def test_a_ledger_in_a_file_may_be_named_by_its_path(tmp_path: Path, law: Law) -> None:
    Ledger.begin(tmp_path / "paid.sqlite", law, by="Ann").close()
    with Ledger.open(tmp_path / "paid.sqlite", by="Ann") as ledger:
        assert ledger.problems() == []


def test_what_is_paid_is_the_allowable_amount_up_to_what_is_left_of_the_limit(ledger: Ledger, law: Law) -> None:
    first = enter(ledger, entry("A-1", "700.00", fields=course_on("2026-10-05")), law)
    second = enter(ledger, entry("A-2", "700.00", fields=course_on("2026-11-05")), law)
    third = enter(ledger, entry("A-3", "700.00", fields=course_on("2026-11-16")), law)
    assert paid(first) == ("700.00", "700.00", "300.00")
    assert paid(second) == ("300.00", "300.00", "0.00")
    assert paid(third) == ("0.00", "0.00", "0.00")
    assert [row["amount"] for row in ledger.payments()] == ["700.00", "300.00"]


def test_each_officer_has_a_limit_of_their_own(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", "1000.00", officer="Jordan Reyes"), law)
    other = enter(ledger, entry("B-1", "1000.00", officer="Dana Cole"), law)
    assert paid(other) == ("1000.00", "1000.00", "0.00")


def test_each_entry_says_who_made_it_and_when(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry(), law)
    assert {(row["recorded_by"], row["recorded_at"]) for row in ledger.entries()} == {
        ("Ann", "2026-11-23T12:00:00.000000Z")
    }


def test_the_same_claim_is_recorded_once_however_it_was_written(ledger: Ledger, law: Law) -> None:
    first = entry("A-1", "700.00")
    enter(ledger, first, law)
    before = count(ledger)
    stated = first.itemized.claim
    same = stated.model_validate_json(stated.model_dump_json(by_alias=True, exclude_unset=True))
    with pytest.raises(
        AlreadyRecorded, match=r"A-1 was recorded by Ann at 2026-11-23T12:00:00.000000Z: accept, \$700"
    ):
        enter(ledger, Order(itemized(same, "700.00")), law)
    assert count(ledger) == before


def test_another_claim_under_a_recorded_id_is_refused(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1"), law)
    with pytest.raises(LedgerError, match="another content; a corrected claim has an id of its own"):
        enter(ledger, entry("a-1", fields=course_on("2026-11-05")), law)


def test_two_officers_may_use_the_same_claim_id(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", officer="Jordan Reyes"), law)
    assert paid(enter(ledger, entry("A-1", officer="Dana Cole"), law))[0] == "500.00"


def test_a_second_original_for_the_same_course_is_refused_unless_it_is_sent_back(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1"), law)
    with pytest.raises(LedgerError, match=r"A-1 of this officer is for the same course \(2026-10-05\)"):
        enter(ledger, entry("A-2"), law)
    back = entry("A-2", verdict="return", reason="claimed twice")
    assert paid(enter(ledger, back, law)) == ("0.00", "0.00", "500.00")
    with pytest.raises(AlreadyRecorded, match=r"return, \$0.00; nothing was written"):
        enter(ledger, back, law)


@pytest.mark.parametrize(
    ("allowable", "expected"),
    [
        pytest.param("800.00", ("200.00", "200.00", "200.00"), id="gives more"),
        pytest.param("600.00", ("0.00", "0.00", "400.00"), id="gives the same"),
        pytest.param("450.00", ("-150.00", "-150.00", "550.00"), id="gives less"),
        pytest.param("1742.00", ("400.00", "400.00", "0.00"), id="gives more than the limit"),
    ],
)
def test_a_correction_is_paid_what_it_gives_beyond_what_was_paid(
    ledger: Ledger, law: Law, allowable: str, expected: tuple[str, str, str]
) -> None:
    enter(ledger, entry("A-1", "600.00"), law)
    assert paid(enter(ledger, entry("A-2", allowable, fields=corrects("A-1")), law)) == expected
    (first, second) = ledger.claims(1)
    assert (first.superseded_by, first.stands, str(first.paid)) == ("A-2", False, "600.00")
    assert (second.replaces, second.stands, str(second.paid)) == ("A-1", True, expected[0])


def test_a_correction_of_a_correction_counts_both(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", "600.00"), law)
    enter(ledger, entry("A-2", "450.00", fields=corrects("A-1")), law)
    assert paid(enter(ledger, entry("A-3", "700.00", fields=corrects("A-2")), law)) == ("250.00", "250.00", "300.00")


def test_a_correction_names_the_claim_that_stands(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", "600.00"), law)
    enter(ledger, entry("A-2", "700.00", fields=corrects("A-1")), law)
    with pytest.raises(LedgerError, match="A-2 took the place of claim A-1; name A-2"):
        enter(ledger, entry("A-3", "800.00", fields=corrects("A-1")), law)


def test_a_correction_that_is_sent_back_changes_nothing(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", "600.00"), law)
    enter(ledger, entry("A-2", "100.00", verdict="return", reason="unsigned", fields=corrects("A-1")), law)
    assert str(ledger.balance(AWARD, "Jordan Reyes", DAY).used) == "600.00"
    assert [one.superseded_by for one in ledger.claims(1)] == ["", ""]
    assert paid(enter(ledger, entry("A-3", "700.00", fields=corrects("A-1")), law))[1] == "100.00"


def test_a_supplement_is_paid_on_top(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", "600.00"), law)
    supplement = {"kind": "supplemental", "replaces": "A-1"}
    assert paid(enter(ledger, entry("A-2", "150.00", fields=supplement), law)) == ("150.00", "150.00", "250.00")


def test_a_correction_of_an_unknown_claim_is_refused(ledger: Ledger, law: Law) -> None:
    with pytest.raises(LedgerError, match="claim A-0 is not recorded for this officer; record it first"):
        enter(ledger, entry("A-1", fields=corrects("A-0")), law)
    assert ledger.payments() == []


def roster(*officers: tuple[str, str | None]) -> Roster:
    entries = [
        RosterEntry(AWARD, officer, "", None if paid is None else Decimal(paid), line)
        for line, (officer, paid) in enumerate(officers, start=2)
    ]
    return Roster("roster.csv", repr(officers), tuple(entries))


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        pytest.param([], ("300.00", "300.00", "300.00"), id="which is unknown by its amount"),
        pytest.param(
            [{"claim_id": "A-0", "paid_on": "2026-10-12", "amount": "250.00"}],
            ("450.00", "450.00", "150.00"),
            id="whose amount is stated",
        ),
    ],
)
def test_a_claim_from_before_the_ledger_can_be_corrected(
    ledger: Ledger, law: Law, previous: list[dict[str, Any]], expected: tuple[str, str, str]
) -> None:
    ledger.import_roster(roster(("Jordan Reyes", "400.00")), law)
    stated = sum((Decimal(one["amount"]) for one in previous), Decimal("0.00"))
    fields = corrects("A-0", previous_claims=previous, previously_reimbursed=str(stated))
    assert paid(enter(ledger, entry("A-1", "700.00", fields=fields), law)) == expected


def test_adjust_pays_the_reviewers_amount_with_a_reason(ledger: Ledger, law: Law) -> None:
    adjusted = entry("A-1", "700.00", verdict="adjust", amount=Decimal("650.25"), reason="no receipt for E2")
    done = enter(ledger, adjusted, law)
    assert paid(done) == ("650.25", "650.25", "349.75")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"verdict": "adjust", "amount": Decimal(5)}, "the verdict adjust has no reason; say why"),
        ({"verdict": "return", "reason": "  "}, "the verdict return has no reason"),
        ({"verdict": "adjust", "reason": "so"}, "--amount: the verdict is adjust; give the amount to pay"),
        ({"amount": Decimal(5)}, "--amount: the verdict is accept; say --verdict adjust"),
        (
            {"verdict": "adjust", "reason": "so", "amount": Decimal("510.01")},
            r"\$510.01 is not between nothing and the",
        ),
        (
            {"verdict": "adjust", "reason": "so", "amount": Decimal("-0.01")},
            r"-\$0.01 is not between nothing and the",
        ),
    ],
)
def test_an_incomplete_decision_is_refused(ledger: Ledger, law: Law, options: dict[str, Any], why: str) -> None:
    before = count(ledger)
    with pytest.raises(LedgerError, match=why):
        enter(ledger, entry("A-1", "500.00", **options), law)
    assert count(ledger) == before


def test_more_than_is_left_is_refused(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", "700.00", fields=course_on("2026-10-05")), law)
    options: dict[str, Any] = {"verdict": "adjust", "reason": "so", "fields": course_on("2026-11-05")}
    with pytest.raises(LedgerError, match=r"\$300.01 is more than the \$300.00 left of this officer's limit"):
        enter(ledger, entry("A-2", "700.00", amount=Decimal("300.01"), **options), law)
    assert paid(enter(ledger, entry("A-2", "700.00", amount=Decimal("300.00"), **options), law))[2] == "0.00"


def test_a_decision_made_again_needs_a_reason_and_moves_the_difference(ledger: Ledger, law: Law) -> None:
    first = entry("A-1", "700.00")
    enter(ledger, first, law)
    with pytest.raises(LedgerError, match="the verdict return has no reason"):
        enter(ledger, replace(first, verdict="return"), law)
    assert paid(enter(ledger, replace(first, verdict="return", reason="a mistake"), law)) == (
        "0.00",
        "-700.00",
        "1000.00",
    )
    with pytest.raises(LedgerError, match="with the verdict return; say why it is decided again"):
        enter(ledger, replace(first, verdict="accept"), law)
    with pytest.raises(AlreadyRecorded, match=r"return, \$0.00; nothing was written, as nothing is new"):
        enter(ledger, first, law)  # Nobody decided anything new.
    again = replace(first, verdict="accept", reason="fixed")
    assert paid(enter(ledger, again, law)) == ("700.00", "700.00", "300.00")
    less = replace(first, verdict="adjust", amount=Decimal("650.00"), reason="E2 is personal")
    assert paid(enter(ledger, less, law)) == ("650.00", "-50.00", "350.00")
    with pytest.raises(AlreadyRecorded, match=r"adjust, \$650.00"):
        enter(ledger, less, law)
    assert [row["kind"] for row in ledger.payments(1)] == ["approved", "lowered", "approved", "lowered"]
    decisions = [row["verdict"] for row in ledger.entries() if row["entry"] == "decision"]
    assert decisions == ["accept", "return", "accept", "adjust"]


def test_a_superseded_claim_is_not_decided_again(ledger: Ledger, law: Law) -> None:
    first = entry("A-1", "700.00")
    enter(ledger, first, law)
    enter(ledger, entry("A-2", "800.00", fields=corrects("A-1")), law)
    with pytest.raises(LedgerError, match="and A-2 took its place; decide on A-2"):
        enter(ledger, replace(first, verdict="return", reason="a mistake"), law)


def test_a_claim_sent_back_does_not_stand_again_beside_another_for_its_course(ledger: Ledger, law: Law) -> None:
    sent_back = entry("A-1", verdict="return", reason="unsigned")
    enter(ledger, sent_back, law)
    enter(ledger, entry("A-2"), law)
    with pytest.raises(LedgerError, match="claim A-2 of this officer is for the same course"):
        enter(ledger, replace(sent_back, verdict="accept", reason="signed"), law)


def test_a_correction_sent_back_may_be_accepted_later(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", "600.00"), law)
    correction = entry("A-2", "700.00", verdict="return", reason="unsigned", fields=corrects("A-1"))
    enter(ledger, correction, law)
    assert paid(enter(ledger, replace(correction, verdict="accept", reason="signed"), law))[1] == "100.00"


def test_decisions_on_findings_are_kept_with_the_claim(ledger: Ledger, law: Law) -> None:
    about = (FindingDecision("resort-fee", "expenses[1].amount", "", "adjust", "not mandatory"),)
    enter(ledger, entry(decisions=about), law)
    rows = [row for row in ledger.entries() if row["entry"] == "decision"]
    assert [(row["check_id"], row["place"], row["verdict"], row["reason"], row["amount_cents"]) for row in rows] == [
        ("", "", "accept", "", 50000),
        ("resort-fee", "expenses[1].amount", "adjust", "not mandatory", 0),
    ]
    with pytest.raises(ValueError, match="names its check"):
        enter(ledger, entry("B-1", officer="Dana Cole", decisions=(FindingDecision("", "", "", "accept"),)), law)


def test_the_payment_has_its_day_and_number(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry(paid_on=date(2026, 12, 1), reference=" CK-7 "), law)
    approved, row = ledger.payments()
    assert (approved["kind"], approved["paid_on"], approved["reference"]) == ("approved", "", "")
    assert (row["kind"], row["amount"], row["paid_on"], row["reference"], row["counted_on"], row["claim_id"]) == (
        "scheduled", "500.00", "2026-12-01", "CK-7", "2026-10-09", "A-1"
    )  # fmt: skip


# --- who is who -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelled", ["REYES, Jordan", "jordan  reyes", "Jordán Reyes", "Reyes , Jordan"])
def test_one_officer_in_other_letters_is_one_officer(ledger: Ledger, law: Law, spelled: str) -> None:
    enter(ledger, entry("A-1", "700.00"), law)
    again = entry("A-2", "700.00", officer=spelled, fields=course_on("2026-11-05"))
    assert paid(enter(ledger, again, law))[1] == "300.00"


def test_a_close_name_is_for_a_person_to_decide(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", "700.00"), law)
    close = entry("A-2", "700.00", officer="Jordan Reyez", fields=course_on("2026-11-05"))
    before = count(ledger)
    with pytest.raises(
        LedgerError, match=rf"a person decides:\n  1: Jordan Reyes, award {AWARD} \(same award, similar"
    ):
        enter(ledger, close, law)
    assert count(ledger) == before
    same = enter(ledger, replace(close, sro=1), law)
    assert (same.sro, same.change) == (1, Decimal("300.00"))
    assert [one.name for one in ledger.spellings(1)] == ["Jordan Reyes", "Jordan Reyez"]
    assert ledger.balance(AWARD, "jordan reyez", DAY).sro == 1
    assert ledger.known(claim("A-9", "Jordan Reyez")).standing == "recorded"


def test_a_person_may_say_that_it_is_another_officer(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", "700.00"), law)
    other = enter(ledger, entry("A-2", "700.00", officer="Jordan Reyes Jr.", sro="new"), law)
    assert (other.sro, other.change) == (2, Decimal("700.00"))
    later = entry("A-3", "700.00", officer="Reyes, Jordan, Jr", fields=course_on("2026-11-05"))
    assert enter(ledger, later, law).sro == 2


def test_what_a_person_says_must_fit_the_ledger(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", officer="Jordan Reyes"), law)
    enter(ledger, entry("B-1", officer="Dana Cole"), law)
    again = entry("A-2", fields=course_on("2026-11-05"))
    with pytest.raises(LedgerError, match=r"Jordan Reyes of award .* is SRO 1, not 2; leave --sro out"):
        enter(ledger, replace(again, sro=2), law)
    with pytest.raises(LedgerError, match="--sro: there is no SRO 7"):
        enter(ledger, entry("C-1", officer="Sam Ito", sro=7), law)


def test_nobody_becomes_an_officer_who_is_nothing_like_them(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", officer="Jordan Reyes"), law)
    enter(ledger, entry("B-1", officer="Dana Cole"), law)
    stranger = entry("C-1", officer="Sam Ito", fields=course_on("2026-11-05"))
    with pytest.raises(LedgerError, match=r"Sam Ito of award .* is not like SRO 2, Dana Cole of award .*; check the"):
        enter(ledger, replace(stranger, sro=2), law)
    married = enter(ledger, entry("B-2", officer="Dana Ito", fields=course_on("2026-11-05"), sro=2), law)
    assert (married.sro, married.officer) == (2, "Dana Cole")


def test_a_mistyped_award_is_a_near_match_across_awards(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1"), law)
    found = ledger.balance("15JCOPS-25-GG-01243-UHPX", "Jordan Reyes", DAY)
    assert (found.standing, found.sro, [one.why for one in found.near]) == (
        "undecided", None, ["same name, similar award"]
    )  # fmt: skip
    assert ledger.balance(AWARD, "Dana Cole", DAY).standing == "new"


# --- the roster -----------------------------------------------------------------------------------------------------


def test_the_roster_imported_last_is_in_force(ledger: Ledger, law: Law) -> None:
    stated = claim("A-1", "Dana Cole")
    assert ledger.known(stated).on_roster is None
    first = ledger.import_roster(roster(("Jordan Reyes", None), ("Dana Cole", None)), law)
    assert (first.imported, first.officers, first.added, first.removed) == (True, 2, 2, 0)
    assert ledger.known(stated).on_roster is True
    second = ledger.import_roster(roster(("Jordan Reyes", None), ("Dana Colle", None)), law)
    assert (second.added, second.removed) == (1, 1)
    known = ledger.known(stated)
    assert (known.on_roster, known.near_on_roster) == (False, (f"Dana Colle, award {AWARD}",))
    before = count(ledger)
    again = ledger.import_roster(roster(("Jordan Reyes", None), ("Dana Colle", None)), law)
    assert (again.imported, count(ledger)) == (False, before)


LISTED = Attendee("NB-ORL-26", "Jordan Reyes", "Jacksonville PD", date(2026, 10, 9), 40)


def lists(*entries: Attendee) -> AttendanceList:
    return AttendanceList("class.csv", "x", entries)


def test_of_each_class_the_list_imported_last_is_in_force(ledger: Ledger) -> None:
    stated, other = claim("A-1"), replace(LISTED, class_id="NB-DAL-27")
    assert ledger.known(stated).attendance is None
    first = ledger.import_attendance(lists(LISTED, other))
    assert (first.imported, first.officers, first.classes, first.added, first.removed) == (True, 2, 2, 2, 0)
    assert ledger.known(stated).attendance == Attendance(True, (other, LISTED))
    # The class is held again in the ledger, without the officer; that of Dallas stays as it was.
    again = ledger.import_attendance(lists(replace(LISTED, class_id="nb-orl-26", officer="Jordan Reyez")))
    assert (again.added, again.removed) == (1, 1)
    attendance = ledger.known(stated).attendance
    assert attendance is not None
    assert (attendance.found, [one.officer for one in attendance.near]) == ((other,), ["Jordan Reyez"])
    before = count(ledger)
    assert not ledger.import_attendance(lists(other)).imported
    assert count(ledger) == before


def test_a_claim_without_a_class_is_compared_with_those_completed_on_its_day(ledger: Ledger) -> None:
    ledger.import_attendance(lists(replace(LISTED, officer="Jordan Reyez")))
    course = claim("A-1").course
    for completed_on, near in ((LISTED.completed_on, 1), (None, 0)):
        changed = course.model_copy(update={"class_id": None, "completed_on": completed_on})
        attendance = ledger.known(claim("A-1").model_copy(update={"course": changed})).attendance
        assert attendance is not None
        assert len(attendance.near) == near


def test_a_claim_audited_before_a_list_was_imported_is_audited_again(ledger: Ledger, law: Law) -> None:
    order = entry("A-1")
    known = ledger.known(order.itemized.claim)
    ledger.import_attendance(lists(LISTED))
    with (
        pytest.raises(LedgerError, match="was not audited with what this ledger holds now"),
        ledger.writer(law) as writer,
    ):
        writer.record(order.entry(known, law))


def test_an_officer_is_on_the_roster_under_any_confirmed_spelling(ledger: Ledger, law: Law) -> None:
    ledger.import_roster(roster(("Jordan Reyes", None)), law)
    enter(ledger, entry("A-1", officer="Jordan Reyes"), law)
    other = entry("A-2", officer="Jordan Reyez", fields=course_on("2026-11-05"), sro=1)
    assert ledger.known(other.itemized.claim).on_roster is False
    enter(ledger, other, law)
    assert ledger.known(other.itemized.claim).on_roster is True


def test_what_was_paid_before_the_ledger_counts_and_is_corrected_by_a_later_roster(ledger: Ledger, law: Law) -> None:
    assert ledger.import_roster(roster(("Jordan Reyes", "400.00"), ("Dana Cole", "0.00")), law).openings == 1
    assert str(ledger.balance(AWARD, "Jordan Reyes", DAY).remaining) == "600.00"
    assert ledger.import_roster(roster(("Jordan Reyes", "250.00")), law).openings == 1
    assert ledger.import_roster(roster(("Jordan Reyes", "250.00"), ("Lee Park", None)), law).openings == 0
    assert paid(enter(ledger, entry("A-1", "800.00"), law)) == ("750.00", "750.00", "0.00")
    # Nothing came back: the roster says anew what was paid before.
    assert [(row["kind"], row["amount"]) for row in ledger.payments()] == [
        ("opening", "400.00"),
        ("opening_lowered", "-150.00"),
        ("approved", "750.00"),
    ]


def test_an_amount_paid_before_that_does_not_fit_imports_nothing(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("A-1", "800.00"), law)
    before = count(ledger)
    with pytest.raises(
        LedgerError, match=r"line 2: Jordan Reyes: \$200.01 paid before does not fit .* \$200.00 is left"
    ):
        ledger.import_roster(roster(("Jordan Reyes", "200.01")), law)
    with pytest.raises(LedgerError, match=r"may be an officer on record under another spelling:\n  1: Jordan Reyes"):
        ledger.import_roster(roster(("Jordan Reyez", "10.00")), law)
    assert count(ledger) == before


def test_officers_that_the_roster_lists_apart_are_apart(ledger: Ledger, law: Law) -> None:
    done = ledger.import_roster(roster(("Jordan Reyes", "400.00"), ("Jordan Reyes Jr.", "100.00")), law)
    assert done.openings == 2
    assert str(ledger.balance(AWARD, "Jordan Reyes Jr", DAY).used) == "100.00"


# --- what is known around a claim -----------------------------------------------------------------------------------


def test_documents_and_vehicles_are_seen_in_other_claims_and_lines_within_one_officers(
    ledger: Ledger, law: Law
) -> None:
    enter(ledger, entry("A-1", fields={"expenses": [TICKET, TAXI, DRIVE]}), law)
    same = claim(
        "B-1", "Dana Cole", expenses=[TICKET | {"ticket": "0162345678901"}, TAXI, DRIVE | {"plate": "ILABC12"}]
    )
    seen = {(one.seen.kind, one.seen.lines, one.claim.claim_id, one.same_sro) for one in ledger.known(same).sightings}
    assert seen == {("ticket", ("E1",), "A-1", False), ("vehicle", ("E3",), "A-1", False)}
    own = claim("A-2", "Jordan Reyes", expenses=[TAXI])
    assert [(one.seen.kind, one.same_sro) for one in ledger.known(own).sightings] == [("line", True)]


def test_a_room_is_seen_whoever_of_two_officers_is_on_record(ledger: Ledger, law: Law) -> None:
    room = {"night": "2026-10-04", "room_rate": "150.00"}
    halved = {"lodging": [room | {"sharers": 2, "shared_with": ["Dana Cole"]}]}
    enter(ledger, entry("A-1", fields=halved), law)
    enter(ledger, entry("C-1", officer="Lee Park", fields={"lodging": [room]}), law)
    whole = claim("B-1", "Dana Cole", lodging=[room])
    naming = claim("D-1", "Kim Ray", lodging=[room | {"sharers": 2, "shared_with": ["c-1"]}])
    for stated, other in ((whole, "A-1"), (naming, "C-1")):
        seen = {(one.seen.kind, one.seen.lines, one.claim.claim_id) for one in ledger.known(stated).sightings}
        assert seen == {("room", ("N1",), other)}
    as_well = claim("B-1", "Dana Cole", lodging=[room | {"sharers": 2}])
    assert ledger.known(as_well).sightings == ()


def test_a_claim_is_not_seen_in_itself_nor_in_the_claim_it_corrects_nor_in_one_sent_back(
    ledger: Ledger, law: Law
) -> None:
    first = entry("A-1", fields={"expenses": [TICKET]})
    enter(ledger, first, law)
    assert ledger.known(first.itemized.claim).sightings == ()
    correction = entry("A-2", fields=corrects("A-1", expenses=[TICKET]))
    assert ledger.known(correction.itemized.claim).sightings == ()
    other = claim("B-1", "Dana Cole", expenses=[TICKET])
    enter(ledger, correction, law)
    assert [one.claim.claim_id for one in ledger.known(other).sightings] == ["A-2"]
    enter(ledger, replace(correction, verdict="return", reason="unsigned"), law)
    assert [one.claim.claim_id for one in ledger.known(other).sightings] == ["A-1"]


def test_known_before_and_after_recording(ledger: Ledger, law: Law) -> None:
    first = entry("A-1", "700.00", fields=course_on("2026-10-05"))
    assert ledger.known(first.itemized.claim).standing == "new"
    enter(ledger, first, law)
    itself = ledger.known(first.itemized.claim)
    assert (str(itself.paid_before), itself.recorded and itself.recorded.claim_id) == ("0.00", "A-1")
    later = ledger.known(claim("A-2", **course_on("2026-11-05")))
    assert (str(later.paid_before), later.recorded, [one.claim_id for one in later.claims]) == (
        "700.00",
        None,
        ["A-1"],
    )
    earlier = later.claims[0]
    assert earlier.is_for_same_course(first.itemized.claim)
    assert not earlier.is_for_same_course(claim("A-2", **course_on("2026-11-05")))
    near = ledger.known(claim("A-3", "J. Reyes"))
    assert (near.standing, [one.sro for one in near.near]) == ("undecided", [1])
