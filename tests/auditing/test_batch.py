"""A batch of files: audited in order, knowing each other, the same with any number of processes."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path, PosixPath
from typing import Any

import openpyxl
import pytest

from perdiem_calc import pool
from perdiem_calc.auditing import batch as auditing
from perdiem_calc.auditing.batch import Around, Basis, Run, audit_files
from perdiem_calc.auditing.intake import Taken, examine
from perdiem_calc.checks.finding import Outcome
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.records import Listed
from perdiem_calc.ledger import Ledger
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.rules.itemize import Totals
from tests.golden import BUILT_ON, itemized_of
from tests.support.inbox import put_in, put_json, put_workbook, record
from tests.support.ledgers import AWARD, Order, enter, entry

BASIS = Basis(BUILT_ON, "ratebook")
TAXI = {
    "expenses[+]": {
        "date": "2026-11-02",
        "category": "taxi",
        "amount": "20.00",
        "receipt": "TX-553311",
        "vendor": "Moody Cab",
        "description": "station to hotel",
    }
}


def checks(run: Run, number: int = 0) -> list[str]:
    """What is questioned of one claim beside the date to keep documents."""
    questioned = run.audited[number].questioned
    return [finding.check for finding in questioned if finding.check != "retention-date"]


def unjudged(run: Run, check: str, number: int = 0) -> str:
    """Why a check of a claim could not be made."""
    unmade = (one for one in run.audited[number].findings if one.outcome is Outcome.NOT_EVALUATED)
    return next((one.message for one in unmade if one.check == check), "")


def test_files_come_in_the_order_given_and_a_bad_one_does_not_stop_the_others(tmp_path: Path) -> None:
    second = put_workbook(tmp_path, record("B-2"))
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(second.read_bytes()[:5000])
    first = put_json(tmp_path, record("A-1"))
    steps: list[tuple[str, int]] = []
    files = [second, broken, tmp_path / "gone.json", first]
    run = audit_files(files, BASIS, watch=lambda phase, count: steps.append((phase, count)))
    assert [one.source for one in run.results] == [str(path) for path in files]
    assert [one.claim_id for one in run.audited] == ["B-2", "A-1"]
    assert [one.source for one in run.unreadable] == [str(broken), str(tmp_path / "gone.json")]
    assert run.unreadable[1].reason.endswith("the file does not exist; check the name and the folder")
    assert [checks(run, number) for number in (0, 1)] == [[], []]
    assert [str(one.payable) for one in run.audited] == ["898.68", "898.68"]
    assert steps == [("read", 1)] * 4 + [("audited", 1)] * 4


def test_a_file_that_is_named_twice_is_audited_once(tmp_path: Path) -> None:
    path = put_json(tmp_path, record("A-1"))
    again = tmp_path / "." / "sub" / ".." / "A-1.json"
    (tmp_path / "sub").mkdir()
    run = audit_files([path, again, path], BASIS)
    assert [one.source for one in run.results] == [str(path)]
    other = put_json(tmp_path, record("A-2"))
    assert [one.source for one in audit_files([path, other, again], BASIS).results] == [str(path), str(other)]


def test_names_that_lead_nowhere_do_not_stop_the_others(tmp_path: Path) -> None:
    """A link to itself, and a name longer than any file's."""
    loop, long = tmp_path / "loop.xlsx", tmp_path / f"{'x' * 300}.json"
    loop.symlink_to(loop)
    run = audit_files([loop, long, put_json(tmp_path, record("A-1"))], BASIS)
    assert [one.claim_id for one in run.audited] == ["A-1"]
    assert [Path(one.source).name for one in run.unreadable] == [loop.name, long.name]


def test_a_fault_of_the_program_is_said_of_its_file_and_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(taken: Taken, *about: Any) -> AuditedClaim:
        if taken.source.endswith("A-1.json"):
            raise KeyError("Rates!A49")
        return examine(taken, *about)

    monkeypatch.setattr(auditing, "examine", faulty)
    run = audit_files([put_json(tmp_path, record("A-1")), put_json(tmp_path, record("A-2"))], BASIS)
    assert [one.claim_id for one in run.audited] == ["A-2"]
    (fault,) = run.unreadable
    assert fault.reason.startswith("the program failed on this file (KeyError), and did not audit it; send")


def test_of_thousands_of_refused_fields_the_first_hundred_are_told_and_how_many_more(tmp_path: Path) -> None:
    claim = record("A-1") | {f"field_{number:04}": 1 for number in range(5_000)}
    (found,) = audit_files([put_json(tmp_path, claim)], BASIS).audited
    assert len(found.questioned) == 101
    assert sum("4,900 more fields are wrong" in finding.message for finding in found.questioned) == 1


def test_a_claim_alone_is_told_nothing_of_others_and_one_of_several_is(tmp_path: Path) -> None:
    one, two = put_json(tmp_path, record("A-1")), put_json(tmp_path, record("A-2"))
    assert "no other claims were given" in unjudged(audit_files([one], BASIS), "claim-resubmitted")
    assert "only the claims given together" in unjudged(audit_files([one, two], BASIS), "claim-resubmitted")


def test_a_receipt_in_two_claims_of_a_batch_bars_the_later_line(tmp_path: Path) -> None:
    one = put_json(tmp_path, record("A-1", {**TAXI, "prepared_on": "2026-11-16"}))
    two = put_workbook(tmp_path, record("A-2", {**TAXI, "prepared_on": "2026-11-17"}))
    run = audit_files([two, one], BASIS)
    # One receipt for one course: a person also decides whether the officers are one.
    # Until then both count against one limit, of which the first takes $918.68.
    found = ["cap-applied", "duplicate-document", "officer-may-be-known"]
    assert [checks(run, number) for number in (0, 1)] == [found, []]
    barred = next(finding for finding in run.audited[0].questioned if finding.check == "duplicate-document")
    assert (str(barred.payment_effect), barred.where.cells) == ("0.00", ("Expenses!J9",))
    assert [str(claim.payable) for claim in run.audited] == ["81.32", "918.68"]


def test_what_the_ledger_paid_before_counts_and_what_it_has_seen_is_found(tmp_path: Path, law: Law) -> None:
    reyes = {"officer.name": "Jordan Reyes", "award.number": AWARD}
    path = put_json(tmp_path, record("A-2", {**TAXI, **reyes, "prepared_on": "2026-11-17"}))
    with Ledger.begin(str(tmp_path / "ledger.sqlite"), law, by="Ann") as ledger:
        enter(ledger, entry("L-1", "350.00", officer="Reyes, Jordan"), law)
        run = audit_files([path], BASIS, Around(ledger))
        # The ledger knows the award as another agency's: payee, address and e-mail are new.
        assert sorted(checks(run)) == ["cap-applied", "earlier-payment-differs", *["payee-questioned"] * 3]
        assert str(run.audited[0].payable) == "650.00"
        enter(ledger, Order(itemized_of(record("A-1", TAXI))), law)
        run = audit_files([path], BASIS, Around(ledger))
    # The receipt's other claim may be the same officer's, so that the ledger's payments are not compared.
    # So far as the payee goes, it was paid for this agency under the other award.
    assert sorted(checks(run)) == ["cap-applied", "duplicate-document", "officer-may-be-known"]


def test_what_a_supplement_claims_again_is_questioned_once_for_nights_days_and_drives(tmp_path: Path) -> None:
    """The cells are those of the workbook as it was built, which knows no other claim: they state nothing wrong."""
    first = put_workbook(tmp_path, record("A-1"))
    fields = {"claim_id": "S-1", "kind": "supplemental", "replaces": "A-1", "prepared_on": "2026-11-17"}
    fields |= {f"lodging[{number}].receipt": "R1" for number in range(4)}
    again = put_workbook(tmp_path, record("A-1", fields), "S-1")
    one, other = audit_files([first, again], BASIS).audited
    assert (str(one.payable), str(other.payable)) == ("898.68", "0.00")
    found = [(finding.check, ", ".join(finding.where.cells)) for finding in other.questioned]
    assert [check for check in found if check[0] not in ("retention-date", "earlier-payment-differs")] == [
        ("claim-resubmitted", "Days!A7:A10"),
        ("claim-resubmitted", "Days!R7:R11"),
        ("claim-resubmitted", "Expenses!H7:H8"),
    ]


def test_a_higher_amount_that_is_typed_for_a_day_claimed_before_would_pay_nothing(tmp_path: Path) -> None:
    first = put_json(tmp_path, record("A-1"))
    fields = {"claim_id": "S-1", "kind": "supplemental", "replaces": "A-1", "prepared_on": "2026-11-17"}
    again = put_workbook(tmp_path, record("A-1", fields), "S-1")
    book = openpyxl.load_workbook(again)
    book["Days"]["R8"] = 80.0
    book.save(again)
    _, other = audit_files([first, again], BASIS).audited
    (typed,) = (one for one in other.questioned if one.check == "mie-day-percent")
    assert (typed.where.cells, typed.line_effect, typed.payment_effect) == (("Days!R8",), Decimal(0), Decimal(0))


def test_the_roster_bars_whom_it_does_not_list_and_asks_nothing_of_whom_it_does(tmp_path: Path) -> None:
    claim = record("A-1", {"officer.name": "Kim Doyle"})
    path = put_json(tmp_path, claim)
    award = claim["award"]["number"]
    listed = {OfficerKey.of(award, "DOYLE, Kim"): Listed(f"Kim Doyle, award {award}")}
    assert checks(audit_files([path], BASIS, Around(roster=listed))) == []
    near = {OfficerKey.of(award, "Kim Doyle-Reed"): Listed(f"Kim Doyle-Reed, award {award}")}
    run = audit_files([path], BASIS, Around(roster=near))
    assert checks(run) == ["not-on-roster"]
    assert f"near it: Kim Doyle-Reed, award {award}" in run.audited[0].questioned[0].message


def test_the_totals_that_a_workbook_states_are_told_as_it_states_them(tmp_path: Path) -> None:
    claim = record("A-1")
    path = put_workbook(tmp_path, claim)
    book = openpyxl.load_workbook(path)
    put_in(book, "payable", 1250.5)
    put_in(book, "agency_share", 1e300)
    book.save(path)
    edited, from_json = audit_files([path, put_json(tmp_path, claim)], BASIS).audited
    assert edited.stated is not None
    assert (edited.stated_payable, edited.stated["agency_share"]) == (Decimal("1250.50"), None)
    assert edited.stated["claimed"] is None  # which nothing has computed
    assert (from_json.stated, from_json.stated_payable) == (None, None)
    whole = audit_files([put_workbook(tmp_path, claim)], BASIS).audited[0]
    assert whole.itemized is not None
    # What would be payable once all is fixed is a sentence of the workbook, and no total.
    stated = {name: getattr(whole.itemized.totals, name) for name in Totals.__slots__ if name != "payable_if_mended"}
    assert whole.stated == stated


@pytest.mark.parametrize("number", [1e300, -1e12])
@pytest.mark.parametrize("name", ["payable", "day_ceiling", "day_share", "rate_lodging", "tier_lunch"])
def test_a_number_beyond_all_amounts_in_a_computed_cell_is_a_finding_and_no_crash(
    tmp_path: Path, name: str, number: float
) -> None:
    path = put_workbook(tmp_path, record("A-1"))
    book = openpyxl.load_workbook(path)
    put_in(book, name, number)
    book.save(path)
    assert checks(audit_files([path], BASIS)) != []


def test_a_claim_that_cannot_be_computed_is_audited_beside_the_others(tmp_path: Path) -> None:
    path = put_json(tmp_path, record("A-1", {"trip.stops[0].place": {"city": "Xyzzyville", "state": "VA"}}))
    unread = put_json(tmp_path, record("A-2", {"lodging[0].tax": "1.234"}))
    run = audit_files([path, unread, put_json(tmp_path, record("A-3"))], BASIS)
    assert [checks(run, number) for number in range(3)] == [["rate-unresolved"], ["malformed"], []]
    assert [one.suggested for one in run.audited] == ["return", "return", "accept"]
    assert [one.known is None for one in run.audited] == [False, True, False]


def test_the_same_comes_out_with_any_number_of_processes(tmp_path: Path) -> None:
    files = [put_json(tmp_path, record(f"A-{number}")) for number in range(5)]
    files.append(put_workbook(tmp_path, record("A-9", {"prepared_on": "2026-11-18", "claim_id": "A-1"})))
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 nothing")
    files.append(tmp_path / "bad.xlsx")
    alone, together = audit_files(files, BASIS, jobs=1), audit_files(files, BASIS, jobs=2)
    assert repr(alone) == repr(together)
    assert len(alone.audited) == 6
    assert len(alone.unreadable) == 1


class Deadly(PosixPath):
    """A file that ends the process which it is given to."""

    def __reduce__(self) -> Any:
        return os._exit, (9,)


@pytest.mark.slow
def test_a_file_with_which_a_process_dies_is_unreadable_and_the_others_are_audited(tmp_path: Path) -> None:
    files = [put_json(tmp_path, record(f"A-{number}")) for number in range(3)]
    deadly = Deadly(put_json(tmp_path, record("A-9")))
    run = audit_files([*files[:2], deadly, files[2]], BASIS, jobs=2)
    assert [one.claim_id for one in run.audited] == ["A-0", "A-1", "A-2"]
    (dead,) = run.unreadable
    assert (dead.source, dead.error.file) == (str(deadly), str(deadly))
    assert "the process that read this file was stopped, perhaps because memory ran out" in dead.reason


def test_few_files_are_read_here_and_many_by_as_many_processes_as_pay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    def in_processes(work: Any, items: Any, jobs: int, **options: Any) -> list[Any]:
        started.append(jobs)
        return [one for item in items for one in work([item])]

    monkeypatch.setattr(pool, "in_processes", in_processes)
    monkeypatch.setattr(pool, "processors", lambda: 8)
    monkeypatch.setattr(auditing, "WORTH_A_PROCESS", 2)
    files = [put_json(tmp_path, record(f"A-{number}")) for number in range(6)]
    for count, jobs in ((3, None), (4, None), (6, None), (6, 8), (6, 1)):
        assert len(audit_files(files[:count], BASIS, jobs=jobs).audited) == count
    assert started == [2, 3, 8]


def test_rates_that_cannot_be_had_are_an_error_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'gsa' is not a source of rates"):
        audit_files([tmp_path / "gone.json"], Basis(BUILT_ON, "gsa"))


def test_what_went_wrong_with_the_source_of_rates_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [put_json(tmp_path, record(f"A-{number}")) for number in range(2)]
    said = ("the cache cannot be written",)
    monkeypatch.setattr(auditing.Desk, "problems", lambda desk: said)
    assert audit_files(files, BASIS).problems == said


def test_the_day_decides_what_lies_in_the_future(tmp_path: Path) -> None:
    path = put_json(tmp_path, record("A-1"))
    assert checks(audit_files([path], Basis(date(2026, 11, 15), "ratebook"))) == ["date-in-future"]
