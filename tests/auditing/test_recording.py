"""One path to a payment: whatever is recorded was audited in the same call, whichever door it came through."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perdiem_calc.auditing.batch import Around, Basis, Batch
from perdiem_calc.auditing.recording import Office, Outcome, record
from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError
from perdiem_calc.ledger import Entry, Ledger
from perdiem_calc.review.result import AuditedClaim, Unreadable
from tests.golden import BUILT_ON
from tests.support.command import Perdiem
from tests.support.inbox import decide as decide_in
from tests.support.inbox import put_in, put_json, put_workbook, shifted
from tests.support.inbox import record as claim_of
from tests.support.ledgers import enter, entry

DAY = ("--as-of", "2026-11-28")
BASIS = Basis(BUILT_ON, "ratebook")
DECIDED = ("--verdict", "accept", "--reason", "looked at")
HALF = ("--verdict", "adjust", "--amount", "449.34", "--reason", "half of it")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, law: Law) -> str:
    """An empty ledger, named in the environment as people do."""
    url = str(tmp_path / "paid.sqlite")
    Ledger.begin(url, law, by="Ann").close()
    monkeypatch.setenv("PERDIEM_LEDGER", url)
    monkeypatch.setenv("PERDIEM_REVIEWER", "R. Viewer")
    return url


def payments(url: str) -> list[str]:
    """What was paid."""
    with Ledger.open(url, by="Ann") as ledger:
        assert ledger.problems() == []
        return [row["amount"] for row in ledger.payments()]


# --- what the audit blocks is not paid ------------------------------------------------------------------------------

UNSIGNED: dict[str, Any] = {"signatures.fiscal": {}}
BLOCKED: dict[str, dict[str, Any]] = {
    "no certificate": {"attachments.certificate": "missing"},
    "the payee is a person": {"agency.payee": "Gil Hurst", "agency.payee_kind": "individual"},
    "the agency's official has not signed": UNSIGNED,
    "the official's signature has no date": {"signatures.fiscal": {"name": "Dana Cole"}},
    "not coordinated": {"course.coordinated": False, "course.coordinated_on": None},
    "failed": {"course.outcome": "failed"},
    "dated after the day of the audit": {"prepared_on": "2026-11-29"},
}


@pytest.mark.parametrize("edits", BLOCKED.values(), ids=BLOCKED)
@pytest.mark.parametrize("decided", [(), DECIDED, HALF], ids=["nobody decided", "accepted", "adjusted"])
def test_a_blocked_claim_is_paid_by_no_verdict(
    perdiem: Perdiem, url: str, tmp_path: Path, edits: dict[str, Any], decided: tuple[str, ...]
) -> None:
    file = put_json(tmp_path, claim_of("J-1", edits))
    audited = perdiem("audit", file, "--json", *DAY).record
    assert (audited["totals"]["payable"], audited["suggested"]) == ("0.00", "return")
    run = perdiem("ledger", "record", file, "--json", *decided, *DAY)
    assert (run.code, run.record["claim_id"], run.record["status"]) == (2, "J-1", "refused")
    error = run.record["error"]
    assert error["code"] in {"ledger.claim.blocked", "ledger.amount.beyond-payable"}
    assert error["what"].startswith("claim J-1 is blocked, and ")
    assert error["what"] in run.err
    assert payments(url) == []
    back = perdiem("ledger", "record", file, "--verdict", "return", "--reason", "as the audit says", *DAY)
    assert (back.code, payments(url)) == (0, [])


@pytest.mark.parametrize(
    "edits",
    [
        {},
        {"attachments.vendor_form": "missing"},
        {"course.coordinated_on": "2026-11-01"},
        {"prepared_on": "2026-11-28"},
    ],
    ids=["as it came", "no vendor form, which is never required", "coordinated before departure", "dated that day"],
)
def test_a_claim_that_leaves_nothing_to_decide_is_paid_in_full(
    perdiem: Perdiem, url: str, tmp_path: Path, edits: dict[str, Any]
) -> None:
    for put in (put_json, put_workbook):
        file = put(tmp_path, claim_of("J-1", edits))
        audited = perdiem("audit", file, "--json", *DAY).record
        assert (audited["totals"]["payable"], audited["suggested"]) == ("898.68", "accept")
    run = perdiem("ledger", "record", file, *DAY)
    assert (run.code, payments(url)) == (0, ["898.68"])


def hide_row(sheet: str, row: int) -> Callable[[Any], None]:
    def hide(book: Any) -> None:
        book[sheet].row_dimensions[row].hidden = True

    return hide


def hide_sheet(book: Any) -> None:
    book["Expenses"].sheet_state = "hidden"


def delete_day(book: Any) -> None:
    book["Days"].delete_rows(9)


def repeat_day(book: Any) -> None:
    book["Days"]["A9"] = 2


def room_in_words(book: Any) -> None:
    put_in(book, "day_room", "ninety-eight dollars")


def below(row: int) -> Callable[[Any], None]:
    """An expense of $70.00 in a row of the sheet."""

    def put(book: Any) -> None:
        taxi = {"B": datetime(2026, 11, 4), "C": "Taxi, ride or shuttle", "D": "to the course", "I": 70.0}
        for column, value in taxi.items():
            book["Expenses"][f"{column}{row}"] = value

    return put


UNSEEN: dict[str, Callable[[Any], None]] = {
    "a hidden day": hide_row("Days", 8),
    "a hidden expense": hide_row("Expenses", 8),
    "a hidden sheet": hide_sheet,
    "an expense below the table": below(49),
    "an expense just below the table": below(47),
    "a deleted day": delete_day,
    "a day that appears twice, so that another one is not": repeat_day,
    "a room rate in words": room_in_words,
}


@pytest.mark.parametrize("edit", UNSEEN.values(), ids=UNSEEN)
def test_a_workbook_of_which_not_all_is_seen_is_neither_paid_nor_built_again(
    perdiem: Perdiem, url: str, tmp_path: Path, edit: Callable[[Any], None]
) -> None:
    file = put_workbook(tmp_path, claim_of("W-1"))
    book = openpyxl.load_workbook(file)
    edit(book)
    book.save(file)
    audited = perdiem("audit", file, "--json", *DAY).record
    assert (audited["totals"]["payable"], audited["suggested"]) == ("0.00", "return")
    for decided in ((), DECIDED, ("--verdict", "adjust", "--amount", "968.68", "--reason", "so")):
        assert perdiem("ledger", "record", file, *decided, *DAY).code == 2
    assert payments(url) == []
    places = next(one["where"] for one in audited["findings"] if one["severity"] == "blocks").split(", ")
    for command in (("claim", "check", file), ("claim", "build", file, "-o", tmp_path / "again.xlsx")):
        run = perdiem(*command, *DAY)
        assert (run.code, [place for place in places if place not in run.err]) == (2, [])
    assert not (tmp_path / "again.xlsx").exists()


@pytest.mark.parametrize(
    "edit", [hide_row("Days", 37), below(46), hide_row("Expenses", 20)], ids=["a blank row", "the last row", "spare"]
)
def test_a_workbook_of_which_all_is_seen_is_read_by_every_command(
    perdiem: Perdiem, url: str, tmp_path: Path, edit: Callable[[Any], None]
) -> None:
    file = put_workbook(tmp_path, claim_of("W-1"))
    book = openpyxl.load_workbook(file)
    edit(book)
    book.save(file)
    assert perdiem("claim", "check", file, *DAY).code == 0
    due = perdiem("audit", file, "--json", *DAY).record["totals"]["payable"]
    assert perdiem("ledger", "record", file, *DECIDED, *DAY).code == 0
    assert payments(url) == [due]


def test_an_officer_who_is_not_on_the_roster_is_not_paid(perdiem: Perdiem, url: str, tmp_path: Path) -> None:
    stated = claim_of("R-1")
    roster, other = tmp_path / "roster.csv", tmp_path / "other.csv"
    roster.write_text(f"award,officer\n{stated['award']['number']},Somebody Else\n", encoding="utf-8")
    other.write_text(f'award,officer\n{stated["award"]["number"]},"{stated["officer"]["name"]}"\n', encoding="utf-8")
    file = put_json(tmp_path, stated)
    assert perdiem("ledger", "import-roster", roster).code == 0
    for decided in ((), DECIDED, HALF):
        run = perdiem("ledger", "record", file, *decided, *DAY)
        assert (run.code, "not-on-roster at officer.name, The officer" in run.err) == (2, True)
    assert payments(url) == []
    assert perdiem("ledger", "record", file, "--roster", other, *DAY).code == 0
    assert payments(url) == ["898.68"]


def test_a_roster_file_blocks_whom_it_does_not_list(perdiem: Perdiem, url: str, tmp_path: Path) -> None:
    stated = claim_of("R-1")
    roster = tmp_path / "roster.csv"
    roster.write_text(f"award,officer\n{stated['award']['number']},Somebody Else\n", encoding="utf-8")
    run = perdiem("ledger", "record", put_json(tmp_path, stated), "--roster", roster, *DAY)
    assert (run.code, "not-on-roster" in run.err, payments(url)) == (2, True, [])


# --- what is questioned waits for a person --------------------------------------------------------------------------

QUESTIONED: dict[str, dict[str, Any]] = {
    "late": {"received_on": "2026-12-07"},
    "a course before": {"officer.prior_basic_course_on": "2026-05-04"},
    "overpaid": {"previously_reimbursed": "1200.00"},
    "another payment than the ledger's": {"previously_reimbursed": "50.00"},
}


@pytest.mark.parametrize("edits", QUESTIONED.values(), ids=QUESTIONED)
def test_what_is_questioned_is_recorded_only_with_a_verdict_and_its_reason(
    perdiem: Perdiem, url: str, tmp_path: Path, edits: dict[str, Any]
) -> None:
    file = put_json(tmp_path, claim_of("Q-1", edits))
    later = ("--as-of", "2026-12-08")
    for options, said in (
        ((), "--verdict: a person must decide on claim Q-1, and nobody has: "),
        (("--reason", "so"), "--verdict: a person must decide on claim Q-1"),
        (("--verdict", "accept"), "--reason: claim Q-1 is accepted without a reason, and this is questioned: "),
        (("--verdict", "accept", "--reason", "  "), "--reason: claim Q-1 is accepted without a reason"),
    ):
        run = perdiem("ledger", "record", file, *options, *later)
        assert (run.code, said in run.err) == (2, True)
    assert payments(url) == []
    done = perdiem("ledger", "record", file, *DECIDED, "--json", *later)
    assert (done.code, done.record["verdict"], done.record["paid"]) == (0, "accept", "898.68")


def test_a_line_that_is_blocked_counts_as_nothing(perdiem: Perdiem, url: str, tmp_path: Path) -> None:
    """A taxi of $90.00 without a receipt is not paid, unless a person decides on it in a copy."""
    taxi = {"date": "2026-11-02", "category": "taxi", "amount": "90.00", "description": "to the hotel"}
    file = put_json(tmp_path, claim_of("Q-1", {"expenses[+]": taxi}))
    more = ("--verdict", "adjust", "--amount", "988.68", "--reason", "so")
    for decided in ((), more):
        run = perdiem("ledger", "record", file, *decided, *DAY)
        assert (run.code, "receipt-missing at expenses[2]" in run.err) == (2, True)
    assert perdiem("ledger", "record", file, *DECIDED, "--json", *DAY).record["paid"] == "898.68"


# --- the function itself --------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path, law: Law) -> Iterator[Ledger]:
    """An empty ledger."""
    with Ledger.begin(tmp_path / "ledger.sqlite", law, by="Ann") as begun:
        yield begun


def test_the_claim_is_audited_with_what_was_recorded_since_the_batch_began(
    ledger: Ledger, law: Law, tmp_path: Path
) -> None:
    stated = claim_of("A-1", {"officer.name": "Jordan Reyes"})
    batch = Batch([put_json(tmp_path, stated)], BASIS, Around(ledger))
    seen = batch.audited(0)
    enter(ledger, entry("L-1", "950.00", fields={"award": stated["award"]}), law)
    audits: list[AuditedClaim] = []

    def decide(audited: AuditedClaim) -> Entry:
        audits.append(audited)
        return Entry(audited, "accept", reason="looked at")

    done: Outcome[None] = record(batch, 0, Office(ledger), decide)
    assert isinstance(seen, AuditedClaim)
    assert (str(seen.payable), str(audits[0].payable)) == ("898.68", "50.00")
    assert done.audited is audits[0]
    assert done.recorded is not None
    assert (str(done.recorded.paid), str(done.recorded.remaining)) == ("50.00", "0.00")


def test_nothing_is_recorded_where_the_decision_leaves_it(ledger: Ledger, tmp_path: Path) -> None:
    batch = Batch([put_json(tmp_path, claim_of("A-1"))], BASIS, Around(ledger))
    done = record(batch, 0, Office(ledger), lambda audited: "wait for the folio")
    assert (done.left, done.recorded, done.refused) == ("wait for the folio", None, None)
    assert [row for row in ledger.entries() if row["entry"] == "claim"] == []


def test_an_entry_of_another_audit_is_a_mistake_of_the_program(ledger: Ledger, tmp_path: Path) -> None:
    batch = Batch([put_json(tmp_path, claim_of("A-1"))], BASIS, Around(ledger))
    other = batch.audited(0)
    assert isinstance(other, AuditedClaim)
    with pytest.raises(ValueError, match="the claim that was audited for it"):
        record(batch, 0, Office(ledger), lambda audited: Entry(other))
    assert ledger.payments() == []


def test_a_file_that_cannot_be_read_is_refused_with_its_error(ledger: Ledger, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK")
    done: Outcome[None] = record(Batch([broken], BASIS, Around(ledger)), 0, Office(ledger), Entry)
    assert isinstance(done.audited, Unreadable)
    assert done.refused is done.audited.error


def test_a_ledger_that_is_gone_is_an_error_and_no_refusal(ledger: Ledger, tmp_path: Path) -> None:
    batch = Batch([put_json(tmp_path, claim_of("A-1"))], BASIS, Around(ledger))
    with ledger._store.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER payment_no_update")
    with pytest.raises(LedgerError, match="the ledger does not verify: trigger payment_no_update"):
        record(batch, 0, Office(ledger), Entry)


def test_a_batch_that_asked_no_ledger_is_asked_when_it_is_recorded(ledger: Ledger, law: Law, tmp_path: Path) -> None:
    stated = claim_of("A-1", {"officer.name": "Jordan Reyes"})
    enter(ledger, entry("L-1", "950.00", fields={"award": stated["award"]}), law)
    batch = Batch([put_json(tmp_path, stated)], BASIS)
    done: Outcome[None] = record(batch, 0, Office(ledger), lambda one: Entry(one, "accept", reason="so"))
    assert done.recorded is not None
    assert str(done.recorded.paid) == "50.00"


def test_in_whose_name_a_claim_is_recorded(ledger: Ledger, tmp_path: Path) -> None:
    files = [put_json(tmp_path, claim_of(f"A-{number}")) for number in range(3)]
    batch = Batch(files, BASIS, Around(ledger))
    record(batch, 0, Office(ledger), Entry)
    record(batch, 1, Office(ledger), Entry, by="R. Viewer")
    record(batch, 2, Office(ledger, "Eve"), Entry, by="R. Viewer")
    assert [row["recorded_by"] for row in ledger.payments() if row["kind"] == "approved"] == [
        "Ann",
        "R. Viewer",
        "Eve",
    ]


# --- a batch --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
def test_a_batch_is_recorded_in_the_order_of_receipt_within_one_limit(
    perdiem: Perdiem, url: str, tmp_path: Path, turned: bool
) -> None:
    """The first of November and the one of October are of one officer: $898.68 and $101.32, as the audit says."""
    pearl = {"officer.name": "Pearl Ray"}
    files = [put_json(tmp_path, claim_of("P-2", pearl)), put_json(tmp_path, claim_of("P-1", pearl, shifted(-14)))]
    given = files[::-1] if turned else files
    audited = {one["claim_id"]: one["totals"]["payable"] for one in perdiem("audit", *given, "--json", *DAY).records}
    done = perdiem("ledger", "record", *given, "--json", *DAY)
    assert done.code == 0
    assert [one["input"] for one in done.records] == [str(file) for file in given]
    assert {one["claim_id"]: one["paid"] for one in done.records} == audited == {"P-1": "898.68", "P-2": "101.32"}
    assert payments(url) == ["898.68", "101.32"]


def test_what_was_paid_in_the_same_run_and_what_still_waits_are_both_gone(
    perdiem: Perdiem, url: str, tmp_path: Path
) -> None:
    """October is paid $898.68. Half of the rest waits for a person, so that the last claim is paid the other half."""
    pearl = {"officer.name": "Pearl Ray"}
    toll = {"date": "2026-10-26", "category": "tolls", "amount": "50.66", "receipt": "TL-5533"}
    nothing = {"lodging": [], "furnished_meals": [], "mie_paid": {f"2026-10-{day}": "0.00" for day in range(26, 31)}}
    late = {"expenses": [toll], "officer.prior_basic_course_on": "2026-05-04"}
    claims = [
        claim_of("P-1", pearl, shifted(-14)),
        claim_of("P-2", pearl | nothing | late, shifted(-7)),
        claim_of("P-3", pearl),
    ]
    files = [put_json(tmp_path, one) for one in claims]
    done = perdiem("ledger", "record", *files, "--json", *DAY)
    assert [(one["status"], one.get("paid")) for one in done.records] == [
        ("recorded", "898.68"), ("refused", None), ("recorded", "50.66"),
    ]  # fmt: skip
    assert payments(url) == ["898.68", "50.66"]


def test_where_the_earlier_claim_is_blocked_the_later_one_is_paid_in_full(
    perdiem: Perdiem, url: str, tmp_path: Path
) -> None:
    pearl = {"officer.name": "Pearl Ray"}
    blocked = put_json(tmp_path, claim_of("P-1", pearl | {"attachments.certificate": "missing"}, shifted(-14)))
    done = perdiem("ledger", "record", blocked, put_json(tmp_path, claim_of("P-2", pearl)), "--json", *DAY)
    assert [(one["status"], one.get("paid")) for one in done.records] == [("refused", None), ("recorded", "898.68")]


def test_a_copy_of_a_claim_is_not_paid_again(perdiem: Perdiem, url: str, tmp_path: Path) -> None:
    files = [put_json(tmp_path, claim_of("P-1"), name) for name in ("a", "b")]
    done = perdiem("ledger", "record", *files, "--json", *DAY)
    assert [one["status"] for one in done.records] == ["recorded", "already_recorded"]
    assert payments(url) == ["898.68"]


def test_who_may_be_the_same_officer_is_not_paid_until_a_person_decides(
    perdiem: Perdiem, url: str, tmp_path: Path
) -> None:
    """Of the two names neither is on record, and the first claim is blocked: still nobody is taken for another."""
    blocked = {"officer.name": "Pearl Ray", "attachments.certificate": "missing"}
    files = [
        put_json(tmp_path, claim_of("P-1", blocked, shifted(-14))),
        put_json(tmp_path, claim_of("P-2", {"officer.name": "Pearl Rey"})),
    ]
    done = perdiem("ledger", "record", *files, "--json", *DAY)
    assert [one["status"] for one in done.records] == ["refused", "refused"]
    assert done.records[1]["error"]["what"].startswith("Pearl Rey of award")
    assert payments(url) == []


def test_the_record_of_a_claim_is_that_of_its_audit(perdiem: Perdiem, url: str, tmp_path: Path) -> None:
    """The day decides what lies in the future, for the record as for the audit."""
    file = put_json(tmp_path, claim_of("A-1", {"prepared_on": "2026-11-29"}))
    assert perdiem("ledger", "record", file, *DAY).code == 2
    assert perdiem("ledger", "record", file, "--as-of", "2026-11-29").code == 0
    assert payments(url) == ["898.68"]
    assert date.fromisoformat("2026-11-29") > BUILT_ON
    assert Decimal(json.loads(file.read_text())["previously_reimbursed"]) == 0


# --- copies of the audit --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "code"),
    [
        (None, 0),
        ({"by": ""}, 0),
        ({"by": "R. Viewer"}, 2),
        ({"by": "", "decisions": {"retention-date": ("return", "Not an officer of ours.")}}, 2),
    ],
    ids=["as it was written", "nobody decided", "approved", "sent back by nobody"],
)
def test_what_was_decided_in_a_copy_is_never_passed_over(
    perdiem: Perdiem, url: str, tmp_path: Path, decided: dict[str, Any] | None, code: int
) -> None:
    """The claim leaves nothing to decide; but a person may have sent it back in the copy."""
    sent = put_workbook(tmp_path, claim_of("C-1"))
    assert perdiem("audit", sent, "--copies", tmp_path / "copies", *DAY).code == 0
    copy = tmp_path / "copies" / "C-1.xlsx"
    if decided is not None:
        decide_in(copy, **decided)
    run = perdiem("ledger", "record", copy, *DAY)
    assert run.code == code
    said = "is a copy of an audit, with a decision in it; record what was decided in it: perdiem audit --resume"
    assert (said in run.err, payments(url)) == ((True, []) if code else (False, ["898.68"]))


def test_what_the_agency_itself_put_into_nasros_box_is_no_decision(
    perdiem: Perdiem, url: str, tmp_path: Path
) -> None:
    sent = put_workbook(tmp_path, claim_of("C-1"))
    decide_in(sent, by="The agency itself", approved_amount=950.0)
    assert perdiem("ledger", "record", sent, *DAY).code == 0
    assert payments(url) == ["898.68"]


def test_a_batch_that_asked_no_ledger_does_not_take_old_payments_for_new_ones(ledger: Ledger, tmp_path: Path) -> None:
    """P-1 was recorded before: the second claim should have stated its $898.68, and a person is told."""
    pearl = {"officer.name": "Pearl Ray"}
    first = put_json(tmp_path, claim_of("P-1", pearl, shifted(-14)))
    record(Batch([first], BASIS, Around(ledger)), 0, Office(ledger), Entry)
    batch = Batch([first, put_json(tmp_path, claim_of("P-2", pearl))], BASIS)
    done: Outcome[None] = record(batch, 1, Office(ledger), Entry)
    assert "earlier-payment-differs at previously_reimbursed" in str(done.refused)
