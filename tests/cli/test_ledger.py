"""`perdiem ledger`, as people and programs call it."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.ledger import Ledger
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT
from tests.support.ledgers import AWARD, enter, entry

SAMPLES = ROOT / "data" / "samples"
ORLANDO = SAMPLES / "2026-ORL-0001.json"
DAY = ("--as-of", "2026-11-23")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger's URL, named in the environment as people do."""
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    monkeypatch.setenv("PERDIEM_LEDGER", url)
    monkeypatch.setenv("PERDIEM_REVIEWER", "Ann")
    return url


def test_a_claim_is_recorded_once(perdiem: Perdiem, url: str, tmp_path: Path) -> None:
    missing = perdiem("ledger", "record", ORLANDO, *DAY)
    assert (missing.code, missing.err) == (
        2,
        f"perdiem: {tmp_path}/ledger.sqlite: there is no ledger; "
        "check the name; `perdiem ledger record` and `import-roster` begin a new ledger with --create\n",
    )
    first = perdiem("ledger", "record", ORLANDO, "--create", *DAY)
    assert (first.code, first.out) == (
        0,
        "2026-ORL-0001: accept, to pay $1,000.00; SRO 1, Jordan Reyes, has $0.00 of $1,000.00 left\n",
    )
    assert first.err == f"A new ledger: {tmp_path}/ledger.sqlite\n"
    again = perdiem("ledger", "record", ORLANDO, "--json", *DAY)
    assert (again.code, again.record["status"]) == (2, "already_recorded")
    assert again.record["error"]["code"] == "ledger.claim.already-recorded"
    assert "2026-ORL-0001 was recorded by Ann at" in again.record["error"]["what"]


def test_a_claim_and_its_workbook_are_one_claim(perdiem: Perdiem, url: str, tmp_path: Path) -> None:
    for name in ("2026-ORL-0001.json", "2026-MDY-0007.json"):
        assert perdiem("claim", "build", SAMPLES / name, "-o", tmp_path / "claim.xlsx", "--force").code == 0
        assert perdiem("ledger", "record", tmp_path / "claim.xlsx", "--create", *DAY).code == 0
        assert perdiem("ledger", "record", SAMPLES / name, "--json", *DAY).record["status"] == "already_recorded"


def test_many_claims_are_recorded_and_one_refusal_does_not_stop_the_others(perdiem: Perdiem, url: str) -> None:
    done = perdiem("ledger", "record", SAMPLES, "--create", "--json", *DAY)
    assert done.code == 2
    assert [(one["status"], one.get("paid")) for one in done.records] == [
        ("refused", None),
        ("recorded", "898.68"),
        ("refused", None),
    ]
    # Two agencies send claims under one award, so that a person decides who is paid.
    assert "a person must decide on claim 2026-ORL-0001" in done.records[2]["error"]["what"]
    assert "claim 2026-DCA-0001 is not recorded for this officer" in done.records[0]["error"]["what"]
    assert done.records[1] == {
        "input": str(SAMPLES / "2026-MDY-0007.json"),
        "claim_id": "2026-MDY-0007",
        "status": "recorded",
        "sro": 1,
        "verdict": "accept",
        "paid": "898.68",
        "change": "898.68",
        "paid_before": "0.00",
        "limit": "1000.00",
        "remaining": "101.32",
    }


def test_what_of_a_folder_is_no_claim_is_said_to_be_passed_over(perdiem: Perdiem, url: str, tmp_path: Path) -> None:
    folder = tmp_path / "received"
    folder.mkdir()
    (folder / ORLANDO.name).write_bytes(ORLANDO.read_bytes())
    (folder / "notes.txt").write_text("call them", encoding="utf-8")
    done = perdiem("ledger", "record", folder, "--create", *DAY)
    assert done.code == 0
    assert done.err.splitlines()[0] == f"passed over, not a claim: {folder}/notes.txt"


def test_the_corrected_sample_pays_what_its_workbook_says_once_the_earlier_payment_is_known(
    perdiem: Perdiem, url: str, tmp_path: Path
) -> None:
    sample = json.loads((SAMPLES / "2026-DCA-0003.json").read_text())
    roster = tmp_path / "roster.csv"
    award, officer = sample["award"]["number"], sample["officer"]["name"]
    roster.write_text(f'award,officer,paid_before,badge\n{award},"{officer}",400.00,7\n')
    imported = perdiem("ledger", "import-roster", roster, "--create")
    assert imported.out == (
        f"Read from {roster}: 1 row, 1 officer, $400.00 paid before\n"
        "1 officer on the roster: 1 added, 0 removed; earlier payments entered or corrected for 1\n"
        "Columns passed over: badge\n"
    )
    expected = json.loads((ROOT / "tests" / "contract" / "itemized.washington.json").read_text())
    done = perdiem("ledger", "record", SAMPLES / "2026-DCA-0003.json", "--json", *DAY)
    assert done.record["paid"] == expected["totals"]["payable"] == "600.00"
    again = perdiem("ledger", "import-roster", roster, "--json")
    assert again.record == {
        "input": str(roster), "status": "already_imported", "rows": 1, "paid_before": "400.00",
        "officers": 1, "added": 0, "removed": 0, "openings": 0,
        "near": [], "passed_over": ["badge"],
    }  # fmt: skip
    assert "is in force already; nothing was written" in perdiem("ledger", "import-roster", roster).out
    roster.write_text(f'award,officer,paid_before\n{award},"{officer}",350.00\n')
    assert perdiem("ledger", "import-roster", roster).out.endswith("entered or corrected for 1\n")
    shown = perdiem("ledger", "show", award, officer).out
    assert [line.split()[1:4] for line in shown.splitlines()[-1:]] == [["opening", "lowered", "-50.00"]]


def test_attendance_lists_are_kept_and_what_is_on_none_waits_for_a_person(
    perdiem: Perdiem, url: str, tmp_path: Path
) -> None:
    attended = tmp_path / "class.csv"
    header = "Class ID,Officer,Agency,Completed on,Hours,Badge\n"
    attended.write_text(f'{header}nb-orl-26,"REYES, Jordan",City of Jacksonville,10/9/2026,40,7\n')
    imported = perdiem("ledger", "import-attendance", attended, "--create")
    assert imported.out == (
        f"Read from {attended}: 1 officer who attended 1 class\n"
        "1 officer on the lists: 1 added, 0 removed\n"
        "Columns passed over: badge\n"
    )
    assert perdiem("ledger", "import-attendance", attended, "--json").record == {
        "input": str(attended), "status": "already_imported", "officers": 1, "classes": 1, "added": 0, "removed": 0,
        "passed_over": ["badge"],
    }  # fmt: skip
    assert "in force already; nothing was written" in perdiem("ledger", "import-attendance", attended).out
    moody = SAMPLES / "2026-MDY-0007.json"
    assert perdiem("ledger", "record", ORLANDO, *DAY).code == 0
    refused = perdiem("ledger", "record", moody, "--json", *DAY)
    assert (refused.code, refused.record["status"]) == (2, "refused")
    assert "not-on-attendance" in refused.record["error"]["what"]
    # A list that is given replaces what the ledger keeps.
    attended.write_text(f"{header}NB-MOO-26,Avery O'Neal,Floyd County PD,2026-11-06,40,\n")
    done = perdiem("ledger", "record", moody, "--attendance", attended, *DAY)
    assert (done.code, done.err) == (0, f"Read from {attended}: 1 officer who attended 1 class\n")


def test_a_supplement_is_paid_what_was_not_claimed_before(perdiem: Perdiem, url: str, tmp_path: Path) -> None:
    """The claim to Moody pays $898.68. The same again pays nothing, $5.00 of tolls pay $5.00."""
    claim = json.loads((SAMPLES / "2026-MDY-0007.json").read_text())
    goes_with = {"kind": "supplemental", "replaces": "2026-MDY-0007", "previously_reimbursed": "898.68"}
    tolls = {
        "lodging": [], "mie_paid": {f"2026-11-0{day}": "0.00" for day in (2, 3, 4, 5, 6)},
        "expenses": [{"date": "2026-11-02", "category": "tolls", "amount": "5.00"}],
    }  # fmt: skip
    again, supplement = tmp_path / "again.json", tmp_path / "tolls.json"
    again.write_text(json.dumps(claim | goes_with | {"claim_id": "S-1"}))
    supplement.write_text(json.dumps(claim | goes_with | tolls | {"claim_id": "S-2"}))
    perdiem("ledger", "record", SAMPLES / "2026-MDY-0007.json", "--create", *DAY)
    told = perdiem("audit", again, supplement, "--json", *DAY)
    audited = {one["claim_id"]: one["totals"]["payable"] for one in told.records if "totals" in one}
    asked, paid = perdiem("ledger", "record", again, supplement, "--json", *DAY).records
    assert (asked["status"], "claim-resubmitted" in asked["error"]["what"]) == ("refused", True)
    decided = ("--verdict", "accept", "--reason", "what the rules give")
    nothing = perdiem("ledger", "record", again, *decided, "--json", *DAY).record
    assert {one["claim_id"]: one["paid"] for one in (nothing, paid)} == audited == {"S-1": "0.00", "S-2": "5.00"}


def test_a_decision_is_changed_with_a_reason(perdiem: Perdiem, url: str) -> None:
    perdiem("ledger", "record", ORLANDO, "--create", *DAY)
    back = perdiem("ledger", "record", ORLANDO, "--verdict", "return", "--reason", "wrong officer", *DAY)
    assert back.out == (
        "2026-ORL-0001: return, $1,000.00 less to pay; SRO 1, Jordan Reyes, has $1,000.00 of $1,000.00 left\n"
    )
    options = ("--verdict", "adjust", "--amount", "12.50", "--reason", "so", "--paid-on", "2026-11-20")
    paid = perdiem("ledger", "record", ORLANDO, *options, "--payment-number", "CK-7", *DAY)
    assert paid.out == "2026-ORL-0001: adjust, to pay $12.50; SRO 1, Jordan Reyes, has $987.50 of $1,000.00 left\n"
    shown = perdiem("ledger", "show", AWARD, "Reyes, Jordan", "--json").record
    assert [(one["kind"], one["amount"], one["paid_on"], one["reference"]) for one in shown["payments"]] == [
        ("approved", "1000.00", "", ""),
        ("lowered", "-1000.00", "", ""),
        ("approved", "12.50", "", ""),
        ("paid", "12.50", "2026-11-20", "CK-7"),
    ]
    (claim,) = shown["claims"]
    assert (claim["verdict"], claim["paid"], claim["claimed"], claim["recorded_by"]) == (
        "adjust", "12.50", "1820.56", "Ann"
    )  # fmt: skip


def test_a_file_of_payments_is_recorded_or_refused(perdiem: Perdiem, url: str, tmp_path: Path, law: Law) -> None:
    with Ledger.begin(url, law, by="Ann") as ledger:
        enter(ledger, entry("A-1", "700.00"), law)
        enter(ledger, entry("B-1", "100.00", "Dana Cole"), law)
    file = tmp_path / "checks.csv"
    file.write_text("claim_id,number,date,method\nA-1,CK-1,2026-11-20,check\nB-2,CK-1,2026-11-20,check\n")
    wrong = perdiem("ledger", "pay", file)
    assert (wrong.code, wrong.err.startswith("perdiem: line 3: claim B-2 is not recorded; check the id")) == (2, True)
    file.write_text("claim_id,number,date,method\nA-1,CK-1,2026-11-20,check\nB-1,CK-1,2026-11-20,check\n")
    assert perdiem("ledger", "pay", file, "--json").records == [
        {"claim_id": "A-1", "status": "paid", "sro": 1, "number": "CK-1", "amount": "700.00", "still_due": "0.00",
         "remaining": "300.00"},
        {"claim_id": "B-1", "status": "paid", "sro": 2, "number": "CK-1", "amount": "100.00", "still_due": "0.00",
         "remaining": "900.00"},
    ]  # fmt: skip
    both = perdiem("ledger", "pay", file, "--number", "CK-2")
    assert both.err == "perdiem: number given with a file; write it into the file\n"
    file.write_text("claim_id,number,date,method\nA-1,CK-1,x,check\n")
    assert perdiem("ledger", "pay", file).err.startswith(f"perdiem: {file}: line 2: date: 'x' is not a date")


def test_what_is_left_is_told_or_whom_it_may_be(perdiem: Perdiem, url: str, law: Law) -> None:
    with Ledger.begin(url, law, by="Ann") as ledger:
        enter(ledger, entry("A-1", "700.00"), law)
        enter(ledger, entry("A-2", "650.00", fields={"kind": "corrected", "replaces": "A-1"}), law)
    known = perdiem("ledger", "remaining", AWARD, "jordan REYES", "--on", "2026-11-23")
    assert known.out == f"Jordan Reyes, award {AWARD}: $350.00 of $1,000.00 left, $650.00 used, $0.00 paid\n"
    close = perdiem("ledger", "remaining", AWARD, "Jordan Reyez")
    assert close.out == (
        f"Jordan Reyez, award {AWARD}: nothing is recorded; the limit is $1,000.00\n"
        "Whom it may be, for you to decide:\n"
        f"  1: Jordan Reyes, award {AWARD} (same award, similar name; differs: name)\n"
    )
    assert perdiem("ledger", "remaining", AWARD, "Jordan Reyez", "--json").record == {
        "sro": None, "award_number": AWARD, "officer": "Jordan Reyez", "standing": "undecided", "limit": "1000.00",
        "used": None, "paid": None, "remaining": None,
        "near": [{"sro": 1, "award_number": AWARD, "officer": "Jordan Reyes", "why": "same award, similar name"}],
    }  # fmt: skip
    new = perdiem("ledger", "remaining", AWARD, "Dana Cole", "--json").record
    assert (new["standing"], new["remaining"]) == ("new", "1000.00")
    before = perdiem("ledger", "remaining", AWARD, "Dana Cole", "--on", "2018-12-31")
    assert (before.code, before.err) == (
        2,
        "perdiem: no limit was in force on 2018-12-31; check the date of the trip\n",
    )


def test_show_prints_claims_and_payments(perdiem: Perdiem, url: str, law: Law) -> None:
    with Ledger.begin(url, law, by="Ann") as ledger:
        enter(ledger, entry("A-1", "700.00"), law)
        options = ("--number", "CK-1", "--on", "2026-11-20", "--method", "check", "--by", "Bob")
        done = perdiem("ledger", "pay", "a-1", *options)
        assert done.out == "A-1: paid, $700.00; SRO 1, Jordan Reyes; $300.00 of the limit left\n"
        enter(ledger, entry("A-2", "650.00", fields={"kind": "corrected", "replaces": "A-1"}), law)
    lines = [" ".join(line.split()) for line in perdiem("ledger", "show", AWARD, "Jordan Reyes").out.splitlines()]
    today = datetime.now(UTC).date().isoformat()
    assert lines == [
        f"SRO 1: Jordan Reyes, award {AWARD}",
        "$350.00 of $1,000.00 left; $650.00 used, $700.00 paid",
        "",
        "claim verdict claimed allowable counted",
        "A-1 accept 710.00 700.00 700.00 superseded by A-2",
        "A-2 accept 660.00 650.00 -50.00",
        "",
        "when what claim amount by, and why",
        f"{today} accept A-1 700.00 Ann",
        f"{today} approved A-1 700.00 Ann",
        f"{today} paid A-1 700.00 Bob; number CK-1; on 2026-11-20; by check",
        f"{today} accept A-2 -50.00 Ann",
        f"{today} lowered A-2 -50.00 Ann",
    ]
    unknown = perdiem("ledger", "show", AWARD, "Jordan Reyez")
    assert (unknown.code, "whom it may be:\n  1: Jordan Reyes" in unknown.err) == (2, True)
    nobody = perdiem("ledger", "show", AWARD, "Dana Cole")
    assert nobody.err == f"perdiem: nothing is recorded for Dana Cole of award {AWARD}; check the spelling\n"


def test_export_writes_payments_for_excel_and_entries_for_programs(
    perdiem: Perdiem, url: str, tmp_path: Path, law: Law
) -> None:
    with Ledger.begin(url, law, by="=HYPERLINK(1)") as ledger:
        enter(ledger, entry("A-1", "700.00", paid_on=date(2026, 11, 20), reference="-5+5"), law)
    table, entries = tmp_path / "payments.csv", tmp_path / "entries.jsonl"
    assert perdiem("ledger", "export", table, "--json").record["rows"] == 1
    header, row = table.read_text().splitlines()
    assert header == (
        "payment,paid_on,fiscal_year,quarter,status,number,method,payee,agency,award_number,officer,claim_id,amount,"
        "reason,recorded_at,recorded_by"
    )
    assert row.startswith("2,2026-11-20,2027,1,paid,'-5+5,,Jacksonville Police Department,Jackson")
    assert ",Jordan Reyes,A-1,700.00,," in row
    assert row.endswith(",'=HYPERLINK(1)")
    assert perdiem("ledger", "export", entries).code == 0
    kinds = [json.loads(line)["entry"] for line in entries.read_text().splitlines()]
    assert {"ledger_version", "cap_limit", "award", "sro", "claim", "decision", "payment"} <= set(kinds)
    kept = perdiem("ledger", "export", table)
    assert (kept.code, kept.err) == (2, f"perdiem: {table}: already exists; choose another name, or add --force\n")
    assert perdiem("ledger", "export", table, "--force").code == 0
    assert perdiem("ledger", "export", tmp_path / "x.pdf").err.endswith(
        "is neither .xlsx, .csv nor .jsonl; end the name in one of them\n"
    )
    nowhere = perdiem("ledger", "export", tmp_path / "missing" / "x.csv")
    assert (nowhere.code, "cannot be written (No such file or directory)" in nowhere.err) == (2, True)
    book = tmp_path / "book.xlsx"
    assert perdiem("ledger", "export", book, "--table", "reconciliation").out.startswith(f"1 row: {book}\n")
    unknown = perdiem("ledger", "export", table, "--table", "all")
    assert unknown.err == (
        "perdiem: --table: 'all' is no table of the ledger; "
        "use one of: payables, payments, reconciliation, officers\n"
    )


def test_verify_says_whether_the_ledger_is_whole(perdiem: Perdiem, url: str, tmp_path: Path, law: Law) -> None:
    with Ledger.begin(url, law, by="Ann") as ledger:
        enter(ledger, entry("A-1", "700.00"), law)
    head = perdiem("ledger", "head").out
    assert re.fullmatch(r"Head of the ledger: [0-9]+ entries, [0-9a-f]{64}\n", head)
    assert perdiem("ledger", "verify").out == f"The ledger is whole: {tmp_path}/ledger.sqlite\n{head}"
    noted = head.split()[-1]
    found = perdiem("ledger", "verify", "--head", noted.upper())
    assert found.out.endswith(f"The hash noted is that of entry {head.split()[4]}\n")
    lost = perdiem("ledger", "verify", "--head", "0" * 64)
    assert (lost.code, lost.out.startswith(f"--head {'0' * 64}: no entry has this hash: entries that were")) == (
        1,
        True,
    )
    with Ledger.open(url, by="Eve") as ledger, ledger._store.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER payment_no_update")
    broken = perdiem("ledger", "verify", "--json")
    assert (broken.code, broken.record["whole"]) == (1, False)
    assert broken.record["problems"] == [
        {"what": "is missing, or switched off", "where": "trigger payment_no_update"}
    ]
    assert perdiem("ledger", "verify").out == "trigger payment_no_update: is missing, or switched off\n"


def test_a_backup_is_restored(perdiem: Perdiem, url: str, tmp_path: Path, law: Law) -> None:
    with Ledger.begin(url, law, by="Ann") as ledger:
        enter(ledger, entry("A-1", "700.00"), law)
    backup, restored = tmp_path / "backup.sqlite", tmp_path / "restored.sqlite"
    head = perdiem("ledger", "head").out
    assert perdiem("ledger", "backup", backup).out == f"The backup is ready: {backup}\n{head}"
    assert perdiem("ledger", "restore", backup, "--ledger", restored).out == (
        f"The ledger is restored: {restored}\nRead from {backup}: 1 officer, 1 claim, $700.00 used of the limits; "
        "0 payments, $0.00 paid\n"
    )
    left = perdiem("ledger", "remaining", AWARD, "Jordan Reyes", "--ledger", restored, "--json").record
    assert left["remaining"] == "300.00"
    assert perdiem("ledger", "restore", backup, "--ledger", restored).code == 2


def test_without_a_name_the_ledger_is_in_the_users_data_folder(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("PERDIEM_LEDGER", raising=False)
    assert perdiem("ledger", "record", ORLANDO, "--create", *DAY).code == 0
    assert (tmp_path / "perdiem_calc" / "ledger.sqlite").is_file()
    again = perdiem("ledger", "record", ORLANDO, "--create", *DAY)
    assert (again.code, "A new ledger" in again.err) == (2, False)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--verdict", "pay"], "--verdict: 'pay' is not a verdict; use accept, adjust or return"),
        (["--sro", "1", "--new-sro"], "--sro and --new-sro contradict each other; give one of them"),
        ([str(SAMPLES), "--amount", "5.00"], "one amount or officer for several claims; record such a claim alone"),
        (
            ["--amount", "5"],
            f"{ORLANDO}: --amount: the verdict is accept; say --verdict adjust, or leave the amount out",
        ),
        (["--amount", "5,00"], "'5,00' is not an amount; write dollars and cents like 159.00"),
        (["--paid-on", "12/1/2026"], "--paid-on: '12/1/2026' is not a date; write year-month-day, like 2026-10-04"),
        (
            ["--new-sro", "--ledger", "mysql://a:hunter2@b/c"],
            "--ledger: 'mysql' is not a kind of ledger; name a file, like",
        ),
    ],
)
def test_options_that_make_no_sense_are_refused(perdiem: Perdiem, url: str, options: list[str], why: str) -> None:
    run = perdiem("ledger", "record", ORLANDO, "--create", *DAY, *options)
    assert run.code == 2
    assert f"perdiem: {why}" in run.err
    assert "hunter2" not in run.err


@pytest.mark.parametrize(
    "command",
    [
        "record",
        "pay",
        "remaining",
        "show",
        "export",
        "import-roster",
        "import-attendance",
        "verify",
        "head",
        "backup",
        "restore",
    ],
)
def test_each_command_explains_itself_with_an_example(perdiem: Perdiem, command: str) -> None:
    run = perdiem("ledger", command, "--help")
    assert f"Example: perdiem ledger {command} " in run.out
    assert "--json" in run.out


def test_what_was_paid_to_another_officer_before_is_not_paid_again(
    perdiem: Perdiem, url: str, tmp_path: Path
) -> None:
    """Two officers' claims carry one parking bill of $20.00: it is paid with the first, 898.68 + 20.00 = 918.68."""
    stated = json.loads((SAMPLES / "2026-MDY-0007.json").read_text(encoding="utf-8"))
    bill = {"date": "2026-11-04", "category": "parking", "amount": "20.00", "vendor": "City", "receipt": "INV-88213"}
    stated["expenses"].append(bill)
    done = []
    for claim_id, officer in (("ONE", "Avery O'Neal"), ("TWO", "Jordan Reyes")):
        stated["claim_id"], stated["officer"]["name"] = claim_id, officer
        file = tmp_path / f"{claim_id}.json"
        file.write_text(json.dumps(stated), encoding="utf-8")
        done.append(perdiem("ledger", "record", file, "--create", "--new-sro", "--json", *DAY))
    assert (done[0].record["paid"], done[1].code) == ("918.68", 2)
    assert "a person must decide on claim TWO, and nobody has: duplicate-document at" in done[1].err
    decided = ("--verdict", "accept", "--reason", "it is the other officer's bill")
    again = perdiem("ledger", "record", file, "--new-sro", *decided, "--json", *DAY)
    assert again.record["paid"] == "898.68"
