"""Decisions in audited copies: recorded after a fresh audit, once, and only for what the reviewer saw."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.auditing.batch import Around, Basis, Batch
from perdiem_calc.auditing.outputs import Places, items_of, write
from perdiem_calc.auditing.recording import Office
from perdiem_calc.auditing.resuming import Resumed, resume
from perdiem_calc.dated import Law
from perdiem_calc.history.records import Chosen
from perdiem_calc.ledger import Ledger
from perdiem_calc.review.result import Unreadable
from tests.golden import BUILT_ON
from tests.support.copying import at
from tests.support.drafted_letters import letter
from tests.support.edits import Value, after, typed
from tests.support.inbox import Record, decide, officer, put_json, put_workbook, record, shifted
from tests.support.ledgers import course_on, enter, entry, noon

BASIS = Basis(BUILT_ON, "ratebook")
RECEIVED = at("received_on")
LATE = {"received_on": "2026-12-07"}
"""31 days after the course was completed: a person decides."""
PRIOR = {"officer.prior_basic_course_on": "2026-05-04"}
"""After the award: a person decides."""
OF_A_1 = {"officer.name": officer("A-1")}
TAXI = {"expenses[+]": {"date": "2026-11-02", "category": "taxi", "amount": "20.00", "receipt": "TX-553311"}}


@pytest.fixture
def ledger(tmp_path: Path, law: Law) -> Iterator[Ledger]:
    """An empty ledger."""
    with Ledger.begin(str(tmp_path / "ledger.sqlite"), law, by="Ann", now=noon) as begun:
        yield begun


def edit(workbook: Path, cells: dict[str, Value]) -> None:
    """Type into cells of a workbook, by their defined names."""
    workbook.write_bytes(after(workbook.read_bytes(), typed(cells)))


class Reviewing:
    """A folder of submissions, their copies, and the ledger."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.inbox, self.copies, self.ledger = folder / "inbox", folder / "copies", ledger
        self.inbox.mkdir()

    def audit(self, *claims: Record, as_of: date = date(2026, 12, 8), sro: Chosen = None) -> list[Path]:
        """Audit the workbooks of some claims; the copies to decide in."""
        files = [put_workbook(self.inbox, claim) for claim in claims]
        batch = Batch(files, Basis(as_of, "ratebook"), Around(self.ledger, sro=sro))
        return self.copied(batch, as_of)

    def copied(self, batch: Batch, as_of: date) -> list[Path]:
        """The copies of a batch."""
        places = Places(copies=self.copies, force=True)
        items = items_of([one for one in batch.results() if not isinstance(one, Unreadable)], places)
        assert write(items, (), places, as_of=as_of) == []
        return [item.copy for item in items if item.copy]

    def resume(
        self,
        *copies: Path,
        as_of: date = date(2026, 12, 8),
        sro: Chosen = None,
        by: str = "",
        accepts_unquestioned: bool = False,
    ) -> list[Resumed]:
        """Record what was decided in some copies, or in all."""
        paths = copies or tuple(sorted(self.copies.iterdir()))
        batch = Batch(paths, Basis(as_of, "ratebook"), Around(self.ledger, sro=sro))
        results = resume(batch, Office(self.ledger, by), accepts_unquestioned=accepts_unquestioned)
        assert not [one for one in results if isinstance(one, Unreadable)]
        return [one for one in results if not isinstance(one, Unreadable)]

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """The ledger's entries of one kind."""
        return [one for one in self.ledger.entries() if one["entry"] == kind]


@pytest.fixture
def reviewing(tmp_path: Path, ledger: Ledger) -> Reviewing:
    """A reviewer's desk."""
    return Reviewing(tmp_path, ledger)


def test_an_accepted_claim_is_recorded_with_name_payment_and_decisions(reviewing: Reviewing) -> None:
    (copy,) = reviewing.audit(record("A-1", LATE))
    decide(
        copy,
        approved_on=date(2026, 12, 8),
        payment_number="CK-7",
        decisions={"claim-late": ("accept", "Mail was slow.")},
    )
    (one,) = reviewing.resume()
    assert (one.status, one.why) == ("recorded", ())
    assert one.recorded is not None
    assert str(one.recorded) == f"accept, to pay $898.68; SRO 1, {officer('A-1')}, has $101.32 of $1,000.00 left"
    assert one.decided is not None
    assert (one.decided.verdict, one.decided.amount, one.decided.remaining) == (
        "accept",
        Decimal("898.68"),
        Decimal("101.32"),
    )
    approved, payment = reviewing.ledger.payments()
    assert (approved["kind"], approved["amount"]) == ("approved", "898.68")
    assert (payment["amount"], payment["paid_on"], payment["reference"], payment["recorded_by"]) == (
        "898.68", "2026-12-08", "CK-7", "R. Viewer"
    )  # fmt: skip
    decisions = reviewing.entries("decision")
    assert [(one["check_id"], one["verdict"], one["reason"]) for one in decisions] == [
        ("", "accept", "Mail was slow."),
        ("claim-late", "accept", "Mail was slow."),
    ]
    assert decisions[1]["place"] == RECEIVED


def test_copies_that_leave_nothing_to_decide_are_accepted_together(reviewing: Reviewing) -> None:
    """Only A-1 is untouched and unquestioned; the others are questioned, decided by a person, begun or changed."""
    names = ("A-1", "A-2", "A-3", "A-4", "A-5", "A-6")
    edits: dict[str, dict[str, Any]] = {"A-2": LATE, "A-6": {"attachments.certificate": "missing"}}
    first, _, third, fourth, fifth, _ = reviewing.audit(*(record(name, edits.get(name)) for name in names))
    decide(third, by="Rita", payment_number="P-3")
    decide(fourth, by="", approved_amount=1)
    edit(fifth, {"officer_rank": "Sergeant"})
    nobody = [one.status for one in reviewing.resume(first)]
    results = reviewing.resume(by="Eve", accepts_unquestioned=True)
    assert nobody == ["open"]
    assert [one.status for one in results] == ["recorded", "open", "recorded", "open", "changed", "open"]
    made = [(one["verdict"], one["recorded_by"], one["reason"]) for one in reviewing.entries("decision")]
    assert made == [
        ("accept", "Eve", "nothing was questioned; accepted together with others"),
        ("accept", "Eve", "approved by Rita"),
    ]
    assert [one["claim_id"] for one in reviewing.entries("claim")] == ["A-1", "A-3"]
    again = reviewing.resume(by="Eve", accepts_unquestioned=True)
    assert [one.status for one in again][:3] == ["already_recorded", "open", "already_recorded"]
    with pytest.raises(ValueError, match="is named"):
        reviewing.resume(accepts_unquestioned=True)


def test_to_resume_twice_changes_nothing(reviewing: Reviewing) -> None:
    for copy in reviewing.audit(record("A-1"), record("A-2", {"attachments.certificate": "missing"})):
        decide(copy, decisions={"certificate-missing": ("return", "")})
    assert [one.status for one in reviewing.resume()] == ["recorded", "recorded"]
    before = reviewing.ledger.entries()
    again = reviewing.resume()
    assert [one.status for one in again] == ["already_recorded", "already_recorded"]
    assert again[0].why == ("It was recorded on 2026-11-23 by R. Viewer: accept, $898.68.",)
    assert again[1].why == ("It was recorded on 2026-11-23 by R. Viewer: return, sent back.",)
    assert [one.decided and (one.decided.amount, one.decided.remaining) for one in again] == [
        (Decimal("898.68"), Decimal("101.32")),
        (Decimal("0.00"), Decimal("1000.00")),
    ]
    assert reviewing.ledger.entries() == before


def test_what_is_not_decided_is_not_recorded_and_reported(reviewing: Reviewing) -> None:
    nobody, undecided, neither = reviewing.audit(record("A-1"), record("A-2", LATE), record("A-3", LATE))
    decide(nobody, by="")
    decide(undecided, decisions={"claim-late": ("", "")})
    results = reviewing.resume()
    assert [one.status for one in results] == ["open", "open", "open"]
    unnamed = "Nobody is named in NASRO's box on the sheet Claim."
    assert results[0].why == (unnamed,)
    assert [why.partition(": ")[0] for why in results[1].why] == [f"Decide on claim-late at {RECEIVED}"]
    assert [why.partition(": ")[0] for why in results[2].why] == [unnamed, f"Decide on claim-late at {RECEIVED}"]
    assert neither.exists()
    assert reviewing.entries("claim") == []


def test_a_return_needs_no_other_decision(reviewing: Reviewing) -> None:
    (copy,) = reviewing.audit(record("A-1", {**LATE, "attachments.certificate": "missing"}))
    decide(copy, decisions={"certificate-missing": ("return", "Send it."), "claim-late": ("", "")})
    (one,) = reviewing.resume()
    assert one.status == "recorded"
    assert reviewing.entries("decision")[0]["reason"] == "Send it."
    assert reviewing.ledger.payments() == []


def test_an_approved_amount_adjusts_for_the_reasons_given(reviewing: Reviewing) -> None:
    (copy,) = reviewing.audit(record("A-1", LATE))
    decide(copy, decisions={"claim-late": ("adjust", "Half of it.")}, approved_amount=449.34)
    (one,) = reviewing.resume()
    assert one.recorded is not None
    assert (one.recorded.verdict, one.recorded.paid) == ("adjust", Decimal("449.34"))
    assert reviewing.entries("decision")[0]["reason"] == "Half of it."
    assert [again.status for again in reviewing.resume()] == ["already_recorded"]


def test_decisions_that_contradict_each_other_are_refused_and_the_others_recorded(reviewing: Reviewing) -> None:
    bad, good = reviewing.audit(record("A-1", LATE), record("A-2"))
    decide(bad, decisions={"claim-late": ("accept", "")}, approved_amount=500.0)
    decide(good)
    results = reviewing.resume()
    assert [one.status for one in results] == ["refused", "recorded"]
    assert "the approved amount is not the payable $898.68, and no finding is decided adjust" in results[0].why[0]


def test_a_copy_with_a_cell_that_is_no_decision_is_unreadable_with_file_and_cell(reviewing: Reviewing) -> None:
    (copy,) = reviewing.audit(record("A-1", LATE))
    decide(copy, decisions={"claim-late": ("maybe", "")})
    (one,) = resume(Batch([copy], BASIS, Around(reviewing.ledger)), Office(reviewing.ledger))
    assert isinstance(one, Unreadable)
    cell = at("review_decision[0]")
    assert str(one.error) == f"{copy}: {cell}: 'maybe' is not a decision; choose Accept, Adjust or Return"


def test_a_file_that_is_no_copy_is_unreadable(reviewing: Reviewing, tmp_path: Path) -> None:
    plain = put_json(tmp_path, record("A-1"))
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK")
    results = resume(Batch([plain, broken], BASIS, Around(reviewing.ledger)), Office(reviewing.ledger))
    assert [isinstance(one, Unreadable) for one in results] == [True, True]


def supplement_of_tolls() -> Record:
    """A second claim of the officer of A-1: $140.00 of tolls, of which the limit leaves $101.32."""
    fields = {
        "officer.name": officer("A-1"), "claim_id": "A-2", "kind": "supplemental", "replaces": "A-1",
        "prepared_on": "2026-11-18", "lodging": [], "furnished_meals": [],
        "mie_paid": {f"2026-11-0{day}": "0.00" for day in (2, 3, 4, 5, 6)},
        "expenses": [{"date": "2026-11-02", "category": "tolls", "amount": "140.00", "receipt": "TL-5533"}],
    }  # fmt: skip
    return record("A-2", fields)


def test_what_an_earlier_claim_of_the_batch_takes_is_gone_before_and_after_it_is_recorded(
    reviewing: Reviewing,
) -> None:
    """The second was decided at $101.32, knowing the first; so recording the first changes nothing of it."""
    for copy in reviewing.audit(record("A-1"), supplement_of_tolls()):
        decide(copy)
    results = reviewing.resume()
    assert [(one.status, one.why) for one in results] == [("recorded", ()), ("recorded", ())]
    assert [payment["amount"] for payment in reviewing.ledger.payments()] == ["898.68", "101.32"]
    assert [one.status for one in reviewing.resume()] == ["already_recorded", "already_recorded"]


def test_the_later_claim_is_looked_at_again_where_the_earlier_one_is_decided_otherwise(
    reviewing: Reviewing,
) -> None:
    """A-1 goes back, so that all of $140.00 is payable of A-2, and not the $101.32 that was seen."""
    first, second = reviewing.audit(record("A-1"), supplement_of_tolls())
    decide(first, decisions={"retention-date": ("return", "Not an officer of ours.")})
    decide(second)
    assert [one.status for one in reviewing.resume()] == ["recorded", "changed"]
    assert reviewing.ledger.payments() == []


def test_an_earlier_claim_that_nobody_decided_on_keeps_what_it_takes(reviewing: Reviewing) -> None:
    """A-2 is paid the $101.32 that its reviewer saw; A-1 is still open, and can be paid its $898.68."""
    october = OF_A_1 | {"received_on": "2026-10-30"}
    first, second = reviewing.audit(record("A-1", october | PRIOR, shifted(-14)), record("A-2", OF_A_1))
    decide(first, by="")
    decide(second)
    assert [one.status for one in reviewing.resume()] == ["open", "recorded"]
    (first,) = reviewing.audit(record("A-1", october | PRIOR, shifted(-14)))
    decide(first)
    assert [one.status for one in reviewing.resume(first)] == ["recorded"]
    assert [payment["amount"] for payment in reviewing.ledger.payments()] == ["101.32", "898.68"]


def test_a_payment_recorded_meanwhile_is_said_and_stops_the_record(reviewing: Reviewing, law: Law) -> None:
    """Two copies of one officer, decided apart, before either was recorded: the second is looked at again."""
    (first,) = reviewing.audit(record("A-1"))
    (second,) = reviewing.audit(supplement_of_tolls())
    decide(first)
    decide(second)
    assert [one.status for one in reviewing.resume(first)] == ["recorded"]
    (late,) = reviewing.resume(second)
    assert late.status == "changed"
    assert "its findings have changed (cap-applied, earlier-payment-differs, mie-over-paid)" in late.why[0]
    assert len(reviewing.ledger.payments()) == 1
    (again,) = reviewing.audit(supplement_of_tolls())
    decide(again)
    assert [one.status for one in reviewing.resume(again)] == ["recorded"]
    assert [payment["amount"] for payment in reviewing.ledger.payments()] == ["898.68", "101.32"]


@pytest.mark.parametrize("change", [{"day_room[0]": 159}, {"day_room[0]": 112}, {"agency_name": "Rome Police"}])
def test_a_cell_of_the_claim_that_was_changed_in_the_copy_is_noticed(
    change: dict[str, Value], reviewing: Reviewing
) -> None:
    """The second room stays below the ceiling, and another agency is no question of amounts: no finding tells."""
    (copy,) = reviewing.audit(record("A-1"))
    decide(copy)
    edit(copy, change)
    (one,) = reviewing.resume()
    assert one.status == "changed"
    assert one.why[0].startswith("What the agency claims is not what was audited")
    assert reviewing.entries("claim") == []


def test_a_workbook_that_no_audit_wrote_is_not_recorded_whoever_filled_in_the_box(reviewing: Reviewing) -> None:
    sent = put_workbook(reviewing.inbox, record("A-1"))
    decide(sent, by="The agency itself")
    (one,) = reviewing.resume(sent)
    assert (one.status, one.decided) == ("refused", None)
    assert "No audit wrote this copy" in one.why[0]
    assert reviewing.entries("claim") == []


def test_two_copies_of_one_claim_decided_otherwise_are_both_refused(reviewing: Reviewing) -> None:
    (copy,) = reviewing.audit(record("A-1", LATE))
    other = copy.with_name("B.xlsx")
    shutil.copy(copy, other)
    decide(copy)
    decide(other, decisions={"claim-late": ("return", "Too late.")})
    results = reviewing.resume()
    assert [one.status for one in results] == ["refused", "refused"]
    assert all("decided otherwise in" in one.why[0] for one in results)
    assert reviewing.entries("claim") == []
    shutil.copy(copy, other)
    assert [one.status for one in reviewing.resume()] == ["recorded", "same_claim"]


def test_a_supplement_that_goes_back_for_what_was_claimed_before_is_no_mere_copy(reviewing: Reviewing) -> None:
    """It claims all of A-1 again; one reviewer sends it back for that, the other one accepts nothing of it."""
    supplement = {"officer.name": officer("A-1"), "claim_id": "A-2", "kind": "supplemental", "replaces": "A-1"}
    first, second = reviewing.audit(record("A-1"), record("A-2", supplement))
    decide(first)
    other = second.with_name("B.xlsx")
    shutil.copy(second, other)
    decide(second)
    decide(other, decisions={"claim-resubmitted": ("return", "")})
    assert [one.status for one in reviewing.resume()] == ["recorded", "refused", "refused"]


def test_a_copy_that_goes_back_as_a_copy_leaves_the_decision_to_the_other(reviewing: Reviewing) -> None:
    first = put_workbook(reviewing.inbox, record("A-1"))
    second = first.with_name("B.xlsx")
    shutil.copy(first, second)
    on = date(2026, 12, 8)
    copies = reviewing.copied(Batch([first, second], Basis(on, "ratebook"), Around(reviewing.ledger)), on)
    for copy in copies:
        decide(copy)
    decide(copies[1], decisions={"claim-resubmitted": ("return", "")})
    assert [one.status for one in reviewing.resume()] == ["recorded", "same_claim"]


def test_the_claim_that_was_received_first_is_recorded_first_whatever_its_copy_is_called(
    reviewing: Reviewing,
) -> None:
    """Two officers with one car: B-1 came first and has the drive, of A-1 it is barred: $74.86."""
    plate = "expenses[0].plate"
    first = record("B-1", {"received_on": "2026-11-17", plate: "HX-4471"})
    later = record("A-1", {"received_on": "2026-11-18", plate: "HX-4471"})
    for copy in reviewing.audit(first, later):
        decide(copy)
    results = reviewing.resume()
    assert [one.audited.claim_id for one in results] == ["A-1", "B-1"]
    assert [(one.status, one.why) for one in results] == [("recorded", ()), ("recorded", ())]
    assert [payment["amount"] for payment in reviewing.ledger.payments()] == ["898.68", "823.82"]


def test_a_letter_written_again_says_what_was_decided(reviewing: Reviewing, law: Law) -> None:
    """A-1 goes back since A-2 corrects it. Once both are recorded, that is no finding any more, but the reason."""
    correction = {"officer.name": officer("A-1"), "kind": "corrected", "replaces": "A-1", "received_on": "2026-11-20"}
    first, second = reviewing.audit(record("A-1"), record("A-2", correction))
    decide(first, decisions={"claim-resubmitted": ("return", "Both came at once.")})
    decide(second)
    for status in ("recorded", "already_recorded"):
        one = reviewing.resume()[0]
        text = " ".join(letter(one.audited, law, BUILT_ON, one.decided).split())
        assert one.status == status
        assert "NASRO returns this claim unpaid. The amounts" in text
        assert "nothing to do, NASRO decides on that one." in text
        assert "Decided by NASRO: Both came at once." in text
        assert "Nothing needs to be sent in answer to this letter: NASRO decides on the other one." in text


def test_a_claim_that_goes_back_for_what_was_mere_information_says_so(reviewing: Reviewing, law: Law) -> None:
    (copy,) = reviewing.audit(record("A-1"))
    decide(copy, decisions={"retention-date": ("return", "Not an officer of ours.")})
    (one,) = reviewing.resume()
    text = " ".join(letter(one.audited, law, BUILT_ON, one.decided).split())
    assert "Decided by NASRO: Not an officer of ours." in text
    assert "Once everything below" not in text


def test_an_old_copy_does_not_undo_what_was_decided_later(reviewing: Reviewing) -> None:
    (copy,) = reviewing.audit(record("A-1", LATE))
    old, new = copy.with_name("old.xlsx"), copy.with_name("new.xlsx")
    for path, amount in ((old, 900.0 - 100.0), (new, 500.0)):
        shutil.copy(copy, path)
        decide(path, decisions={"claim-late": ("adjust", f"{amount} of it.")}, approved_amount=amount)
    assert [one.status for one in reviewing.resume(old)] == ["recorded"]
    assert [one.status for one in reviewing.resume(new)] == ["changed"]
    (later,) = reviewing.audit(record("A-1", LATE))
    decide(later, decisions={"claim-late": ("adjust", "500.00 of it.")}, approved_amount=500.0)
    assert [one.status for one in reviewing.resume(later)] == ["recorded"]
    assert [one.status for one in reviewing.resume(old)] == ["changed"]
    assert [payment["amount"] for payment in reviewing.ledger.payments()] == ["800.00", "-300.00"]


def test_a_payment_between_the_audit_and_the_record_stops_it_too(
    reviewing: Reviewing, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another reviewer is faster by a moment: the claim is audited with the ledger to itself, and so notices it."""
    claim = record("A-1")
    (copy,) = reviewing.audit(claim)
    decide(copy)
    other = entry("L-1", "350.00", officer=officer("A-1"), fields={"award": claim["award"]})
    writer_now = Ledger.writer

    def overtaken(ledger: Ledger, law: Law, *, by: str = "") -> Any:
        with writer_now(ledger, law, by="Eve") as writer:
            writer.record(other.entry(writer.known(other.itemized.claim), law))
        return writer_now(ledger, law, by=by)

    monkeypatch.setattr(Ledger, "writer", overtaken)
    (one,) = reviewing.resume()
    assert (one.status, one.decided) == ("changed", None)
    # The ledger then knows the award as another agency's, too.
    assert "its findings have changed (cap-applied, earlier-payment-differs, payee-questioned)" in one.why[0]
    assert [payment["recorded_by"] for payment in reviewing.ledger.payments()] == ["Eve"]


def test_somebody_else_may_record_and_the_approver_is_not_lost(reviewing: Reviewing) -> None:
    first, second = reviewing.audit(record("A-1"), record("A-2", {"attachments.certificate": "missing"}))
    decide(first)
    decide(second, by="Ann", decisions={"certificate-missing": ("return", "Send it.")})
    assert [one.status for one in reviewing.resume(by="Ann")] == ["recorded", "recorded"]
    decisions = reviewing.entries("decision")
    assert [(one["recorded_by"], one["reason"]) for one in decisions if not one["check_id"]] == [
        ("Ann", "approved by R. Viewer"),
        ("Ann", "Send it."),
    ]


def test_a_decision_made_again_says_why(reviewing: Reviewing) -> None:
    (copy,) = reviewing.audit(record("A-1"))
    decide(copy)
    assert [one.status for one in reviewing.resume()] == ["recorded"]
    decide(copy, decisions={"retention-date": ("return", "Recorded for the wrong officer.")})
    (old,) = reviewing.resume()
    assert (old.status, old.why[0].partition(": ")[0]) == (
        "changed",
        "Since the copy was written something was decided on the claim (accept $898.68)",
    )
    (copy,) = reviewing.audit(record("A-1"))
    decide(copy, decisions={"retention-date": ("return", "Recorded for the wrong officer.")})
    assert [one.status for one in reviewing.resume()] == ["recorded"]
    assert [payment["amount"] for payment in reviewing.ledger.payments()] == ["898.68", "-898.68"]
    (copy,) = reviewing.audit(record("A-1"))
    decide(copy, decisions={"retention-date": ("accept", "")})
    (refused,) = reviewing.resume()
    assert refused.status == "refused"
    assert refused.why[0].startswith("Decision reason: claim A-1 was recorded by")
    assert "say why it is decided again" in refused.why[0]
    decide(copy, decisions={"retention-date": ("accept", "It was the right one.")})
    assert [one.status for one in reviewing.resume()] == ["recorded"]


def test_a_copy_that_nobody_signed_of_a_claim_on_record_is_on_record(reviewing: Reviewing) -> None:
    (copy,) = reviewing.audit(record("A-1"))
    decide(copy)
    reviewing.resume()
    decide(copy, by="")
    assert [one.status for one in reviewing.resume()] == ["already_recorded"]


def test_the_claim_of_two_copies_is_recorded_once(reviewing: Reviewing) -> None:
    claim = record("A-1")
    put_workbook(reviewing.inbox, claim, "z again")
    files = [reviewing.inbox / "z again.xlsx", put_workbook(reviewing.inbox, claim)]
    copies = reviewing.copied(Batch(files, BASIS, Around(reviewing.ledger)), BUILT_ON)
    assert [copy.name for copy in copies] == ["A-1_2.xlsx", "A-1.xlsx"]
    decide(reviewing.copies / "A-1.xlsx")
    decide(reviewing.copies / "A-1_2.xlsx", decisions={"claim-resubmitted": ("return", "")})
    results = reviewing.resume(as_of=BUILT_ON)
    assert [one.status for one in results] == ["recorded", "same_claim"]
    assert results[1].why == (f"It is the claim of {reviewing.copies}/A-1.xlsx, and is decided there.",)


def test_what_cannot_be_computed_goes_back_without_a_record(reviewing: Reviewing) -> None:
    path = put_workbook(reviewing.inbox, record("A-1"))
    edit(path, {"stop_city[0]": "Xyzzyville", "stop_state[0]": "VA", "stop_area[0]": None, "stop_zip[0]": None})
    (copy,) = reviewing.copied(Batch([path], BASIS, Around(reviewing.ledger)), BUILT_ON)
    decide(copy, decisions={"rate-unresolved": ("return", "Which city?")})
    (one,) = reviewing.resume(as_of=BUILT_ON)
    assert (one.status, one.decided, reviewing.entries("claim")) == ("not_computed", None, [])


def test_an_officer_like_one_on_record_is_for_a_person_to_decide(reviewing: Reviewing, law: Law) -> None:
    claim = record("A-1", {"officer.name": "Jordan Reyez"})
    enter(reviewing.ledger, entry("L-1", "350.00", fields={"award": claim["award"]}), law)
    (copy,) = reviewing.audit(claim)
    decide(copy)
    (asked,) = reviewing.resume()
    assert asked.status == "refused"
    assert "Jordan Reyez of award" in asked.why[0]
    assert "say --sro NUMBER for the same officer, --new-sro for another" in asked.why[0]
    # Until then both limits count as one: $650.00 was seen, of another officer $898.68 would be payable.
    (changed,) = reviewing.resume(sro="new")
    assert (changed.status, "(cap-applied)" in changed.why[0]) == ("changed", True)
    (copy,) = reviewing.audit(claim, sro="new")
    decide(copy)
    (new,) = reviewing.resume(sro="new")
    assert (new.status, new.recorded and new.recorded.sro) == ("recorded", 2)
    assert new.decided is not None
    assert new.decided.amount == Decimal("898.68")


def test_an_officer_whom_a_person_knows_again_is_paid_what_is_left_of_that_limit(
    reviewing: Reviewing, law: Law
) -> None:
    """$350.00 was paid for SRO 1, as the claim could not say; so a copy that knows the officer is decided on."""
    claim = record("A-1", {"officer.name": "Jordan Reyez"})
    enter(reviewing.ledger, entry("L-1", "350.00", fields={"award": claim["award"]} | course_on("2026-09-08")), law)
    (copy,) = reviewing.audit(claim)
    decide(copy)
    (changed,) = reviewing.resume(sro=1)
    assert (changed.status, "(earlier-payment-differs)" in changed.why[0]) == ("changed", True)
    (copy,) = reviewing.audit(claim, sro=1)
    decide(copy)
    (one,) = reviewing.resume(sro=1)
    assert (one.status, one.recorded and one.recorded.sro) == ("recorded", 1)
    assert [payment["amount"] for payment in reviewing.ledger.payments()] == ["350.00", "650.00"]
