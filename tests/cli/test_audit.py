"""`perdiem audit`, as reviewers and programs call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from perdiem_calc.dated import Law
from perdiem_calc.ledger import Ledger
from tests.support.claim_data import CONTRACT, sample
from tests.support.command import Perdiem, loaded_by
from tests.support.house_rules import ROOT
from tests.support.inbox import DAY, decide, officer, put_in, put_json, put_workbook, record, rows
from tests.support.ledgers import AWARD, begun, entry
from tests.support.mails import PDF, gmail

SAMPLES = ROOT / "data" / "samples"
ORLANDO = SAMPLES / "2026-ORL-0001.json"
LATE = {"received_on": "2026-12-07"}
LATER = ("--as-of", "2026-12-08")

pytestmark = pytest.mark.usefixtures("terminal")


def flat(text: str) -> str:
    """What is printed, on one line."""
    return " ".join(text.split())


# --- one claim -----------------------------------------------------------------------------------------------------


def test_a_claim_is_shown_with_its_amounts_what_the_workbook_says_and_the_findings(
    perdiem: Perdiem, inbox: Path
) -> None:
    path = put_workbook(inbox, sample("2026-ORL-0001"))
    book = openpyxl.load_workbook(path)
    put_in(book, "payable", 1250.0)
    book.save(path)
    run = perdiem("audit", path, *DAY)
    assert (run.code, run.err) == (0, "")
    lines = [line.rstrip() for line in run.out.splitlines()]
    assert lines[:9] == [
        "Claim 2026-ORL-0001: Jordan Reyes, Jacksonville Police Department",
        f"In {path}",
        "Claimed           $1,820.56",
        "Allowable         $1,741.81  the limit is $1,000.00",
        "Payable by NASRO  $1,000.00",
        "Agency share        $820.56  over the ceilings $78.75, not allowable $0.00, over the cap $741.81",
        "Paid before           $0.00  as the claim states; $1,000.00 of the $1,000.00 is left for this claim",
        "Stated payable    $1,250.00  as the workbook itself says",
        "Suggested: adjust. Pay $1,000.00 to Jacksonville Police Department instead of $1,250.00, and tell the "
        "agency",
    ]
    assert [line.split()[1:] for line in lines if line.startswith("  adjusts")] == [
        ["-$250.00", "cap-applied", "at", "Claim!K43"]
    ]
    assert any(one.startswith("Not evaluated (--json says why): not-on-roster,") for one in lines)


def test_what_was_paid_before_comes_from_the_ledger(perdiem: Perdiem, inbox: Path, tmp_path: Path, law: Law) -> None:
    place = tmp_path / "ledger.sqlite"
    begun(str(place), law, entry("L-1", "350.00", officer="Reyes, Jordan")).close()
    path = put_json(inbox, record("A-1", {"officer.name": "Jordan Reyes", "award.number": AWARD}))
    run = perdiem("audit", path, "--ledger", place, *DAY)
    assert "Paid before $350.00 by the ledger; $650.00 of the $1,000.00 is left for this claim" in flat(run.out)
    assert "Payable by NASRO $650.00" in flat(run.out)
    assert perdiem("audit", path, "--ledger", place, "--json", *DAY).record["standing"] == "recorded"


def test_a_claim_that_cannot_be_computed_says_why(perdiem: Perdiem, inbox: Path) -> None:
    path = put_json(inbox, record("A-1", {"trip.stops[0].place": {"city": "Mody", "state": "AL"}}))
    run = perdiem("audit", path, *DAY)
    assert run.code == 0
    assert "Suggested: return. Pay nothing. Send it back and say why (rate-unresolved)." in run.out
    assert "Mody is not known in Alabama" in run.out
    assert "Claimed" not in run.out
    unread = put_json(inbox, record("A-2", {"lodging[0].tax": "1.234"}))
    # Whose claim it is can be read all the same.
    whose = f"Claim A-2: {officer('A-2')}, Floyd County Police Department"
    lines = perdiem("audit", unread, *DAY).out.splitlines()
    assert lines[:3] == [whose, f"In {unread}", "It cannot be read as a claim: the findings say where."]
    nobodys = inbox / "nobodys.json"
    nobodys.write_text("[]")
    assert perdiem("audit", nobodys, *DAY).out.startswith(f"A claim\nIn {nobodys}\n")


@pytest.mark.parametrize("claim_id", CONTRACT)
def test_the_contract_claims_give_their_figures_as_json_and_as_workbook(
    perdiem: Perdiem, inbox: Path, claim_id: str
) -> None:
    expected = json.loads((ROOT / f"tests/contract/itemized.{CONTRACT[claim_id]}.json").read_text())
    path = put_workbook(inbox, sample(claim_id))
    both = [SAMPLES / f"{claim_id}.json", path]
    from_json, from_workbook = [perdiem("audit", source, "--json", *DAY).record for source in both]
    for one, source in zip((from_json, from_workbook), both, strict=True):
        assert (one["input"], one["claim_id"], one["readable"], one["error"]) == (str(source), claim_id, True, None)
        assert set(one["totals"]) == {
            "lodging", "lodging_tax", "mie", "transportation", "other", "claimed", "allowable", "cap",
            "previously_reimbursed", "payable", "payable_if_mended", "agency_share", "over_ceiling", "not_allowable",
            "over_cap",
        }  # fmt: skip
    assert from_json["totals"] | expected["totals"] == from_json["totals"]
    questioned = {one["check"] for one in from_json["findings"] if one["outcome"] == "questioned"}
    assert questioned == set(expected["checks_questioned"])
    assert from_json["stated"] is None
    # What would be payable once all is fixed is a sentence of the workbook, and no total.
    totals = {**expected["totals"], "payable_if_mended": None}
    assert from_workbook["stated"] | totals == from_workbook["stated"]


def test_a_finding_of_a_workbook_names_its_cell_and_of_json_its_field(perdiem: Perdiem, inbox: Path) -> None:
    claim = record("A-1", {"lodging[0].room_rate": "200.00"})
    for path, where in ((put_workbook(inbox, claim), "Days!H7"), (put_json(inbox, claim), "lodging[0].room_rate")):
        found = perdiem("audit", path, "--json", *DAY).record["findings"]
        (over,) = [one for one in found if one["check"] == "lodging-over-ceiling"]
        assert over["where"] == where
        assert set(over) == {
            "check", "rule", "severity", "outcome", "scope", "where", "claimed", "allowed", "line_effect",
            "payment_effect", "citation", "message",
        }  # fmt: skip


# --- many ----------------------------------------------------------------------------------------------------------


def test_many_claims_give_a_row_each_their_sums_and_the_files_that_could_not_be_read(
    perdiem: Perdiem, inbox: Path
) -> None:
    put_workbook(inbox, record("A-1"))
    put_json(inbox, record("A-2", {"attachments.certificate": "missing"}))
    put_json(inbox, record("A-3", {"lodging[0].receipt": None}))
    put_json(inbox, record("A-4"))
    (inbox / "broken.xlsx").write_bytes(b"PK\x03\x04")
    (inbox / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    (inbox / "notes.txt").write_text("ask Ann")
    run = perdiem("audit", inbox, *DAY)
    assert run.code == 2
    table = rows(run.out)
    assert table[:8] == [
        ["Suggested", "Claims", "Claimed", "Allowable", "Payable", "Agency", "share"],
        ["accept", "2", "$1,797.36", "$1,797.36", "$1,797.36", "$0.00"],
        ["decide", "0", "$0.00", "$0.00", "$0.00", "$0.00"],
        ["adjust", "1", "$898.68", "$787.94", "$787.94", "$110.74"],
        ["return", "1", "$898.68", "$898.68", "$0.00", "$898.68"],
        ["all", "4", "$3,594.72", "$3,483.98", "$2,585.30", "$1,009.42"],
        ["3", "of", "7", "files", "could", "not", "be", "read."],
        [],
    ]
    # What needs a person comes next, and then what nobody could read.
    assert [[row[0], *row[3:]] for row in table[8:11]] == [
        ["Claim", "Allowable", "Payable", "Suggested", "Because", "of"],
        ["A-2", "$898.68", "$898.68", "$0.00", "return", "certificate-missing"],
        ["A-3", "$898.68", "$787.94", "$787.94", "adjust", "lodging-receipt-missing"],
    ]
    assert [" ".join(row) for row in table[11:13]] == [
        "2 more claims leave nothing to decide; --all lists every claim.",
        "",
    ]
    assert [" ".join(row[1:4]) for row in table[13:]] == [
        "read What it",
        "is damaged: its",
        "is a text",
        "is a workbook",
    ]
    every = rows(perdiem("audit", inbox, "--all", *DAY).out)
    assert [row[0] for row in every[8:13]] == ["Claim", "A-1", "A-2", "A-3", "A-4"]
    said = run.err.splitlines()
    assert [line.partition(": ")[0] for line in said] == [
        f"{inbox}/broken.xlsx",
        f"{inbox}/notes.txt",
        f"{inbox}/old.xls",
    ]


@pytest.mark.parametrize("width", [80, 110])
def test_the_ids_of_checks_are_whole_however_narrow_the_terminal(
    width: int, perdiem: Perdiem, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for number in (1, 2, 3):
        put_json(inbox, record(f"2026-MDY-000{number}"))
    outside = {"officer.name": "Bartholomew Featherstonehaugh", "lodging[0].night": "2026-11-06"}
    put_json(inbox, record("2026-MDY-0004", outside))
    run = perdiem("audit", inbox, "--all", *DAY)
    assert all(len(line.rstrip()) <= width for line in run.out.splitlines())
    # Every claim has one line; on a narrow terminal the name is cut, and of the amounts the payable one is left.
    line = next(line for line in run.out.splitlines() if "lodging-night-not-in-trip" in line)
    assert {"2026-MDY-0004", "$787.94", "adjust"} <= set(line.split())
    assert ("Featherstonehau" in line, "$898.68" in line) == (width == 110, width == 110)


def test_json_has_a_line_for_each_file_in_order_and_nothing_else(perdiem: Perdiem, inbox: Path) -> None:
    files = [put_json(inbox, record("A-2")), inbox / "gone.xlsx", put_json(inbox, record("A-1"))]
    run = perdiem("audit", *files, "--json", *DAY)
    assert run.code == 2
    assert [(one["input"], one["claim_id"], one["readable"]) for one in run.records] == [
        (str(files[0]), "A-2", True),
        (str(files[1]), None, False),
        (str(files[2]), "A-1", True),
    ]
    assert run.records[1]["error"] == {
        "code": "file.missing",
        "where": str(files[1]),
        "what": "the file does not exist",
        "fix": "check the name and the folder",
    }


def test_json_says_how_each_file_came_in(perdiem: Perdiem, inbox: Path) -> None:
    claim = json.dumps(record("A-1")).encode()
    (inbox / "mail.eml").write_bytes(gmail({"a.json": claim, "b.pdf": PDF}))
    (inbox / "none.eml").write_bytes(gmail({"c.csv": b"x"}))
    (inbox / "z.json").write_bytes(claim)
    run = perdiem("audit", inbox, "--json", *DAY)
    assert run.code == 2
    mail = {
        "sender": "Dana Cole <dcole@town.example>",
        "received_on": "2026-11-20",
        "message_id": "<20261119.7@town.example>",
    }
    one, other = run.records
    assert {name: one[name] for name in mail} == mail == {name: other[name] for name in mail}
    assert (one["input"], one["documents"], one["same_as"]) == (
        f"{inbox}/mail.eml/a.json",
        [f"{inbox}/mail.eml/b.pdf"],
        [f"{inbox}/z.json"],
    )
    assert (other["input"], other["readable"], other["documents"]) == (f"{inbox}/none.eml/c.csv", False, [])
    assert set(one) == set(other)


def test_full_shows_every_claim(perdiem: Perdiem, inbox: Path) -> None:
    for number in range(4):
        put_json(inbox, record(f"A-{number}"))
    assert perdiem("audit", inbox, *DAY).out.count("Suggested: accept.") == 0
    assert perdiem("audit", inbox, "--full", *DAY).out.count("Suggested: accept.") == 4


def test_claims_of_one_id_are_told_apart_by_their_files(perdiem: Perdiem, inbox: Path) -> None:
    for number in range(3):
        put_json(inbox, record(f"A-{number}"))
    again = put_json(inbox, record("A-1"), "again")
    again.write_text(f"{again.read_text()}\n")  # With the very same bytes it would be the same file twice.
    put_json(inbox, record("A-9", {"lodging[0].tax": "1.234"}), "unread")
    labels = [line.split("  ")[0] for line in perdiem("audit", inbox, "--all", *DAY).out.splitlines()]
    assert labels[labels.index("Claim") + 1 :] == ["A-0", "A-1 in A-1.json", "A-2", "A-1 in again.json", "A-9"]


@pytest.mark.parametrize(
    ("severity", "codes"), [("blocks", [0, 0, 1]), ("adjusts", [0, 0, 1]), ("review", [0, 1, 1])]
)
def test_fail_on_ends_with_1_at_a_finding_of_that_weight(
    perdiem: Perdiem, inbox: Path, severity: str, codes: list[int]
) -> None:
    late = put_json(inbox, record("A-2", LATE))
    barred = put_json(inbox, record("A-3", {"attachments.certificate": "missing"}))
    for path, code in zip((put_json(inbox, record("A-1")), late, barred), codes, strict=True):
        assert perdiem("audit", path, "--fail-on", severity, *LATER).code == code


def test_the_roster_is_read_before_the_audit(perdiem: Perdiem, inbox: Path, tmp_path: Path) -> None:
    path = put_json(inbox, record("A-1"))
    roster = tmp_path / "roster.csv"
    roster.write_text(f"award,officer\n{record('A-1')['award']['number']},{officer('A-1')}\n")
    assert perdiem("audit", path, "--roster", roster, "--fail-on", "blocks", *DAY).code == 0
    roster.write_text("award,officer\n2020UMWX0068,Kim Doyle\n")
    run = perdiem("audit", path, "--roster", roster, "--fail-on", "blocks", *DAY)
    assert (run.code, "not-on-roster" in run.out) == (1, True)
    missing = perdiem("audit", inbox / "gone.json", "--roster", tmp_path / "none.csv")
    assert (missing.code, missing.err.count("\n")) == (2, 1)
    assert "none.csv" in missing.err


def test_a_ledger_that_is_not_there_is_an_error_and_none_is_begun(
    perdiem: Perdiem, inbox: Path, tmp_path: Path
) -> None:
    run = perdiem("audit", put_json(inbox, record("A-1")), "--ledger", tmp_path / "none.sqlite", *DAY)
    assert (run.code, run.out) == (2, "")
    assert "none.sqlite: there is no ledger" in run.err
    assert not (tmp_path / "none.sqlite").exists()


def test_the_rates_are_chosen_as_elsewhere(perdiem: Perdiem, inbox: Path) -> None:
    path = put_workbook(inbox, record("A-1"))
    run = perdiem("audit", path, "--source", "api", *DAY)
    assert (run.code, run.out) == (2, "")
    assert "GSA_API_KEY: no API key is set" in run.err


def test_what_went_wrong_with_the_rates_without_harm_is_a_note(
    perdiem: Perdiem, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from perdiem_calc.auditing import batch as auditing

    monkeypatch.setattr(auditing.Desk, "problems", lambda desk: ("the cache cannot be written",))
    run = perdiem("audit", put_json(inbox, record("A-1")), *DAY)
    assert (run.code, run.err) == (0, "perdiem: note: the cache cannot be written\n")


# --- files ---------------------------------------------------------------------------------------------------------


def test_report_copies_and_letters_are_written_and_named(perdiem: Perdiem, inbox: Path, tmp_path: Path) -> None:
    put_workbook(inbox, record("A-1"))
    put_json(inbox, record("A-2"))
    (inbox / "broken.xlsx").write_bytes(b"PK")
    out = ("--report", tmp_path / "r.xlsx", "--copies", tmp_path / "copies", "--letters", tmp_path / "letters")
    run = perdiem("audit", inbox, *out, *DAY)
    assert run.out.splitlines()[-3:] == [
        f"2 copies to decide in: {tmp_path}/copies",
        f"Draft letters, one for each agency: {tmp_path}/letters",
        f"The report is ready: {tmp_path}/r.xlsx",
    ]
    again = perdiem("audit", inbox, *out, *DAY)
    assert (again.code, again.out) == (2, "")
    assert (
        again.err
        == f"perdiem: {tmp_path}/r.xlsx: already exists; choose another name, or add --force to replace it\n"
    )
    forced = perdiem("audit", inbox, *out, "--force", "--json", *DAY)
    assert [(one.get("copy"), one.get("letter")) for one in forced.records] == [
        (f"{tmp_path}/copies/A-1.xlsx", f"{tmp_path}/letters/Floyd-County-Police-Department.txt"),
        (f"{tmp_path}/copies/A-2.xlsx", f"{tmp_path}/letters/Floyd-County-Police-Department.txt"),
        (None, None),
    ]


def test_a_copy_that_cannot_be_written_is_said_once_and_ends_with_2(
    perdiem: Perdiem, inbox: Path, tmp_path: Path
) -> None:
    path = put_json(inbox, record("A-1", {"trip.stops[0].place": {"city": "Mody", "state": "AL"}}))
    run = perdiem("audit", path, "--copies", tmp_path / "copies", *DAY)
    assert run.code == 2
    assert run.err.startswith(f"{path}: the claim cannot be computed, so there is no workbook to mark;")
    assert run.out.endswith(f"0 copies to decide in: {tmp_path}/copies\n")


# --- decisions -----------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, law: Law) -> Path:
    """An empty ledger."""
    Ledger.begin(str(tmp_path / "ledger.sqlite"), law, by="Ann").close()
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def copies(perdiem: Perdiem, inbox: Path, tmp_path: Path, place: Path) -> Path:
    """Three audited copies: a clean claim, a late one, and one without its certificate; nothing decided."""
    put_workbook(inbox, record("A-1"))
    put_workbook(inbox, record("A-2", LATE))
    put_workbook(inbox, record("A-3", {"attachments.certificate": "missing"}))
    folder = tmp_path / "copies"
    assert perdiem("audit", inbox, "--ledger", place, "--copies", folder, *LATER).code == 0
    return folder


def test_decisions_are_recorded_said_and_recorded_once(perdiem: Perdiem, copies: Path, place: Path) -> None:
    decide(copies / "A-1.xlsx")
    decide(copies / "A-3.xlsx", decisions={"certificate-missing": ("return", "Send it.")})
    run = perdiem("audit", "--resume", copies, "--ledger", place, *LATER)
    assert (run.code, run.err) == (0, "")
    table = [" ".join(row) for row in rows(run.out)]
    assert [table[number] for number in (0, 1, 2, -1)] == [
        "Claim Ledger What",
        f"A-1 recorded accept, to pay $898.68; SRO 1, {officer('A-1')}, has $101.32 of $1,000.00 left",
        "A-2 open Nobody is named in NASRO's box on the sheet Claim.",
        f"A-3 recorded return, to pay $0.00; SRO 2, {officer('A-3')}, has $1,000.00 of $1,000.00 left",
    ]
    assert table[3].startswith("Decide on claim-late at Claim!K8: The claim")
    decide(copies / "A-2.xlsx")
    again = perdiem("audit", "--resume", copies, "--ledger", place, "--json", *LATER)
    assert [(one["claim_id"], one["status"]) for one in again.records] == [
        ("A-1", "already_recorded"),
        ("A-2", "recorded"),
        ("A-3", "already_recorded"),
    ]
    assert again.records[1] == {
        "input": str(copies / "A-2.xlsx"),
        "claim_id": "A-2",
        "status": "recorded",
        "why": [],
        "verdict": "accept",
        "paid": "898.68",
        "remaining": "101.32",
        "change": "898.68",
        "sro": 3,
    }
    with Ledger.open(str(place), by="Ann") as ledger:
        assert [payment["amount"] for payment in ledger.payments()] == ["898.68", "898.68"]


def test_where_nothing_was_decided_yet_it_is_said_what_to_do(perdiem: Perdiem, copies: Path, place: Path) -> None:
    order = ("audit", "--resume", copies, "--ledger", place, *LATER)
    hint = "Nothing was recorded. Open each copy, choose a Decision for each finding on the sheet Review"
    assert hint in flat(perdiem(*order).out)
    assert hint not in flat(perdiem(*order, "--json").out)
    decide(copies / "A-1.xlsx")
    assert hint not in flat(perdiem(*order).out)


def test_letters_on_what_was_decided_replace_no_letter_that_is_there(
    perdiem: Perdiem, copies: Path, place: Path, tmp_path: Path
) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    name = "Floyd-County-Police-Department"
    (letters / f"{name}.txt").write_text("a draft")
    decide(copies / "A-1.xlsx", payment_number="CK-7")
    order = ("audit", "--resume", copies, "--ledger", place, "--letters", letters, *LATER)
    first = perdiem(*order).out
    said = f"1 letter on what was decided: {letters}\n{perdiem('ledger', 'head', '--ledger', place).out}"
    assert first.endswith(said)
    assert (letters / f"{name}.txt").read_text() == "a draft"
    own = (letters / f"{name}_2.txt").read_text()
    again = perdiem(*order, "--json").records[0]
    assert (again["status"], "letter" in again) == ("already_recorded", False)
    assert sorted(path.name for path in letters.iterdir()) == [f"{name}.txt", f"{name}_2.txt"]
    assert perdiem(*order, "--force").out.endswith(said)
    assert (letters / f"{name}.txt").read_text() == own
    text = " ".join(own.split())
    assert text.startswith("Decision of 2026-12-08. NASRO December 8, 2026 Accounts Payable Floyd County Police")
    assert "NASRO has approved $898.68 for payment to Floyd County Police Department (payment number CK-7)." in text
    assert perdiem(*order, "--force", "--json").records[0]["letter"] == str(letters / f"{name}.txt")


def test_a_copy_that_changed_or_contradicts_itself_ends_with_2(
    perdiem: Perdiem, copies: Path, place: Path, tmp_path: Path
) -> None:
    for path in sorted(copies.iterdir()):
        decide(path, decisions={"certificate-missing": ("accept", "")})
    book = openpyxl.load_workbook(copies / "A-1.xlsx")
    put_in(book, "day_room", 159.0)
    book.save(copies / "A-1.xlsx")
    (copies / "broken.xlsx").write_bytes(b"PK")
    run = perdiem("audit", "--resume", copies, "--ledger", place, "--json", *LATER)
    assert run.code == 2
    assert [one["status"] for one in run.records] == ["changed", "recorded", "refused", "unreadable"]
    assert run.err.startswith(f"{copies}/broken.xlsx: ")


def test_who_records_and_which_officer_it_is_can_be_stated(perdiem: Perdiem, copies: Path, place: Path) -> None:
    decide(copies / "A-1.xlsx")
    run = perdiem("audit", "--resume", copies / "A-1.xlsx", "--ledger", place, "--by", "Eve", "--new-sro", *LATER)
    assert run.code == 0
    with Ledger.open(str(place), by="Ann") as ledger:
        assert [payment["recorded_by"] for payment in ledger.payments()] == ["Eve"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--resume"], "--ledger: is missing; name the ledger in which the decisions are recorded"),
        (["--resume", "--report", "r.xlsx"], "--report: goes without --resume; leave it out"),
        (["--resume", "--copies", "c"], "--copies: goes without --resume; leave it out"),
        (["--resume", "--fail-on", "blocks"], "--fail-on: goes without --resume; leave it out"),
        (["--resume", "--all"], "--all: goes without --resume; leave it out"),
        (["--resume", "--full"], "--full: goes without --resume; leave it out"),
        (["--accept-unquestioned"], "--accept-unquestioned: goes with --resume; leave it out"),
        (["--resume", "--accept-unquestioned"], "--by: is missing; name who accepts the claims that leave nothing"),
        (["--by", "Ann"], "--by: goes with --resume; leave it out"),
        (["--sro", "1"], "--ledger: is missing; name the ledger that has the officer"),
        (["--resume", "--sro", "1", "--new-sro"], "--sro and --new-sro contradict each other"),
        (["--fail-on", "info"], "--fail-on: 'info' is not a severity; use blocks, adjusts or review"),
        (["--as-of", "20261123"], "--as-of: '20261123' is not a date; write year-month-day, like 2026-10-04"),
        (["--report", "r.pdf"], "r.pdf: the report is a workbook; write --report r.xlsx"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    perdiem: Perdiem, inbox: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], why: str
) -> None:
    monkeypatch.chdir(inbox)
    run = perdiem("audit", put_json(inbox, record("A-1")), *options)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"perdiem: {why}")
    assert [path.name for path in inbox.iterdir()] == ["A-1.json"]


def test_one_officer_for_several_copies_is_refused(perdiem: Perdiem, copies: Path, place: Path) -> None:
    run = perdiem("audit", "--resume", copies, "--ledger", place, "--sro", 1)
    assert (run.code, run.err) == (2, "perdiem: one officer for several claims; audit such a claim alone\n")


def test_a_folder_without_a_file_is_an_error(perdiem: Perdiem, inbox: Path) -> None:
    run = perdiem("audit", inbox)
    assert (run.code, "the folder holds no claim" in run.err) == (2, True)


def test_many_files_have_a_bar_on_a_terminal(
    perdiem: Perdiem, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        put_json(inbox, record(f"A-{number}"))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    run = perdiem("audit", inbox, "--json", "--letters", tmp_path / "letters", *DAY)
    assert len(run.records) == 10
    assert all(phase in run.err for phase in ("read", "audited", "written"))


def test_the_command_is_there_at_once_and_loads_no_large_library_to_say_so() -> None:
    assert set(loaded_by("import perdiem_calc.cli.audit")) == {"sqlite3", "typer"}


def test_ctrl_c_ends_the_audit_without_a_word_of_the_inside(tmp_path: Path) -> None:
    """The first file never ends: a pipe that nobody writes to would be refused, so the process itself is stopped."""
    program = (
        "import os, signal, sys\n"
        "from perdiem_calc.auditing import batch\n"
        "def interrupt(*arguments): os.kill(os.getpid(), signal.SIGINT)\n"
        "batch.take = interrupt\n"
        "sys.argv = ['perdiem', 'audit', sys.argv[1], '--report', 'r.xlsx']\n"
        "from perdiem_calc.cli import main\n"
        "main()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(ORLANDO)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert (run.stdout, "Traceback" in run.stderr) == ("", False)
    assert list(tmp_path.iterdir()) == []


def test_the_help_has_an_example(perdiem: Perdiem) -> None:
    run = perdiem("audit", "--help")
    assert "Example: perdiem audit data/samples --report report.xlsx" in run.out
