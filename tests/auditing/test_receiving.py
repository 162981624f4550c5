"""What came in: folders, mails and archives, and every file in them accounted for."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from perdiem_calc.auditing import receiving
from perdiem_calc.auditing.batch import Basis, audit_files
from perdiem_calc.auditing.outputs import Places, items_of, write
from perdiem_calc.auditing.receiving import Intake, received
from perdiem_calc.checks.finding import Severity
from perdiem_calc.review.result import AuditedClaim, Unreadable
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.report.write import report_bytes
from tests.support.drafted_letters import letter
from tests.support.hostile import CENTRAL, LOCAL, patched
from tests.support.inbox import officer, put_in, put_json, put_workbook, record
from tests.support.mails import PDF, PNG, Files, apple, archive, forwarded, gmail, outlook

BASIS = Basis(date(2026, 11, 28), "ratebook")
Results = tuple[AuditedClaim | Unreadable, ...]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def claim(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook of claim A-1, built on 2026-11-23 and never dated as received."""
    return put_workbook(tmp_path_factory.mktemp("built"), record("A-1", {"received_on": None})).read_bytes()


def audited(*inputs: Path, basis: Basis = BASIS) -> Results:
    with received(inputs) as intake:
        return intake.accounted(audit_files(intake.files, basis).results)


def names(results: Results, root: Path) -> dict[str, str]:
    """What became of each file: the claim's id, or why it could not be read."""
    return {
        one.source.removeprefix(f"{root}/"): one.claim_id if isinstance(one, AuditedClaim) else one.reason
        for one in results
    }


def only(results: Results) -> AuditedClaim:
    (one,) = results
    assert isinstance(one, AuditedClaim)
    return one


def passed_over(*inputs: Path, own: tuple[Path, ...] = (), copies: bool = False) -> dict[str, str]:
    with received(inputs, own, copies=copies) as intake:
        return {Path(name).name: what for name, what in intake.passed_over}


# --- folders -------------------------------------------------------------------------------------------------------


def test_folders_are_read_to_any_depth_and_in_order(inbox: Path) -> None:
    deep = inbox.joinpath("2026", "november", *(f"d{number}" for number in range(60)))
    deep.mkdir(parents=True)
    put_json(deep, record("A-3"))
    put_json(inbox, record("A-1"))
    (inbox / "b").mkdir()
    put_json(inbox / "b", record("A-2"))
    results = audited(inbox)
    assert [one.claim_id for one in results if isinstance(one, AuditedClaim)] == ["A-1", "A-3", "A-2"]
    assert results[1].source == f"{deep}/A-3.json"


def test_a_link_in_a_circle_is_followed_once(inbox: Path) -> None:
    put_json(inbox, record("A-1"))
    (inbox / "sub").mkdir()
    (inbox / "sub" / "up").symlink_to(inbox)
    (inbox / "sub" / "self").symlink_to(inbox / "sub")
    (inbox / "again.json").symlink_to(inbox / "A-1.json")
    assert only(audited(inbox, inbox / "sub", inbox / "A-1.json")).claim_id == "A-1"


def test_a_folder_that_cannot_be_read_is_one_unread_entry(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_json(inbox, record("A-1"))
    (inbox / "locked").mkdir()
    listdir = os.listdir

    def refuse(path: Path) -> list[str]:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refuse)
    assert names(audited(inbox), inbox) == {
        "A-1.json": "A-1",
        "locked": "the folder cannot be read (Permission denied); check your rights",
    }


def test_an_empty_folder_does_not_stop_the_others(inbox: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    put_json(inbox, record("A-1"))
    found = names(audited(empty, inbox), tmp_path)
    assert list(found) == ["empty", "inbox/A-1.json"]
    assert found["empty"].startswith("the folder holds no claim; put claims into it")


# --- mails and archives --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [gmail, outlook, apple])
def test_a_claim_in_a_mail_is_audited_and_knows_how_it_came(
    inbox: Path, claim: bytes, made: Callable[[Files], bytes]
) -> None:
    (inbox / "mail.eml").write_bytes(made({"Claim Peña.xlsx": claim, "certificate.pdf": PDF}))
    one = only(audited(inbox))
    assert (one.source, one.claim_id) == (f"{inbox}/mail.eml/Claim Peña.xlsx", "A-1")
    assert (one.origin.sender, one.origin.message_id) == (
        "Dana Cole <dcole@town.example>",
        "<20261119.7@town.example>",
    )
    # The newest Received header counts, as NASRO's server wrote it, and not the sender's Date of the day before.
    assert one.origin.received_on == date(2026, 11, 20)
    assert one.claim is not None
    assert one.claim.received_on == one.claim.counted_on == date(2026, 11, 20)
    logo = (f"{inbox}/mail.eml/image001.png",) if made is outlook else ()
    assert one.origin.documents == (*logo, f"{inbox}/mail.eml/certificate.pdf")
    assert all(finding.severity is Severity.INFO for finding in one.questioned)


def test_without_a_server_header_the_date_of_the_mail_counts(inbox: Path, claim: bytes) -> None:
    (inbox / "mail.eml").write_bytes(gmail({"a.xlsx": claim}, received=()))
    assert only(audited(inbox)).origin.received_on == date(2026, 11, 19)
    nonsense = gmail({"a.xlsx": claim}, received=("from a by b; no day at all",))
    (inbox / "mail.eml").write_bytes(nonsense.replace(b"Thu, 19 Nov 2026 23:57:41 -0500", b"yesterday"))
    one = only(audited(inbox))
    assert one.origin.received_on is None
    assert one.claim is not None
    assert one.claim.received_on is None


@pytest.mark.parametrize(
    ("edits", "as_of", "received_on"),
    [
        ({"received_on": "2026-11-24"}, date(2026, 11, 28), date(2026, 11, 24)),
        ({"submitted_on": "2026-11-25"}, date(2026, 11, 28), None),
        ({}, date(2026, 11, 19), None),
    ],
    ids=["stated by the claim", "submitted after the mail", "in the future"],
)
def test_the_day_of_the_mail_counts_only_where_the_claim_states_none_and_it_can_be_right(
    inbox: Path, edits: dict[str, str], as_of: date, received_on: date | None
) -> None:
    stated = {"received_on": None, **edits}
    content = json.dumps(record("A-1", {name: value for name, value in stated.items() if value})).encode()
    (inbox / "mail.eml").write_bytes(gmail({"claim.json": content}))
    one = only(audited(inbox, basis=Basis(as_of, "ratebook")))
    assert one.claim is not None
    assert (one.claim.received_on, one.origin.received_on) == (received_on, date(2026, 11, 20))


def test_a_mail_in_a_mail_has_its_own_sender_and_the_day_of_the_outer_one(inbox: Path, claim: bytes) -> None:
    """Only the outermost mail's headers were written by NASRO's own server."""
    (inbox / "fwd.eml").write_bytes(forwarded(gmail({"a.xlsx": claim, "b.pdf": PDF})))
    one = only(audited(inbox))
    assert one.source == f"{inbox}/fwd.eml/message.eml/a.xlsx"
    assert (one.origin.sender, one.origin.received_on) == (
        "Dana Cole <dcole@town.example>",
        date(2026, 11, 23),
    )
    assert one.origin.documents == (f"{inbox}/fwd.eml/message.eml/b.pdf",)


def test_an_archive_is_read_with_what_is_in_it(inbox: Path, claim: bytes) -> None:
    inner = archive({"deep/mail.eml": gmail({"a.xlsx": claim})})
    content = archive({"Town PD/../../notes/inner.zip": inner, "scan.jpg": PNG, "__MACOSX/._a.xlsx": b"0"})
    (inbox / "claims.zip").write_bytes(content)
    one = only(audited(inbox))
    assert one.source == f"{inbox}/claims.zip/Town PD/notes/inner.zip/deep/mail.eml/a.xlsx"
    assert one.origin.documents == (f"{inbox}/claims.zip/scan.jpg",)
    assert passed_over(inbox) == {"._a.xlsx": "a file of the system"}


def test_attachments_of_one_name_are_told_apart(inbox: Path) -> None:
    first, second = (json.dumps(record(name)).encode() for name in ("A-1", "A-2"))
    mail = gmail({"claim.json": first, "CLAIM.json": second})
    (inbox / "mail.eml").write_bytes(mail)
    assert names(audited(inbox), inbox) == {"mail.eml/claim.json": "A-1", "mail.eml/CLAIM (2).json": "A-2"}


def test_names_from_a_mail_are_harmless_and_never_a_place(inbox: Path, claim: bytes) -> None:
    hostile = {"../../etc/\x1b[31mpasswd\n.xlsx": claim, "x" * 500 + ".xlsx": b"PK"}
    (inbox / "a.zip").write_bytes(archive(hostile))
    found = list(names(audited(inbox), inbox))
    assert found[0] == "a.zip/etc/[31mpasswd .xlsx"
    assert (len(Path(found[1]).name), Path(found[1]).suffix) == (100, ".xlsx")


def test_what_is_unpacked_is_gone_afterwards(inbox: Path, claim: bytes) -> None:
    (inbox / "mail.eml").write_bytes(gmail({"a.xlsx": claim}))
    with received([inbox]) as intake:
        (file,) = intake.files
        assert file.path.read_bytes() == claim
        assert file.path.parent.stat().st_mode & 0o077 == 0
    assert not file.path.parent.exists()


def test_the_same_content_twice_is_one_claim_and_the_mail_says_when_it_came(inbox: Path, claim: bytes) -> None:
    (inbox / "a.xlsx").write_bytes(claim)
    (inbox / "b.xlsx").write_bytes(claim)
    (inbox / "mail.eml").write_bytes(gmail({"c.xlsx": claim}))
    one = only(audited(inbox))
    assert (one.source, one.file) == (f"{inbox}/a.xlsx", f"{inbox}/a.xlsx")
    assert one.origin.same == (f"{inbox}/b.xlsx", f"{inbox}/mail.eml/c.xlsx")
    assert one.origin.received_on == date(2026, 11, 20)
    assert one.copy_of == ""


def test_the_copy_of_a_claim_from_a_mail_holds_the_day_it_came(inbox: Path, tmp_path: Path, claim: bytes) -> None:
    """So that the copy, audited by itself, is the claim that was audited."""
    (inbox / "mail.eml").write_bytes(gmail({"a.xlsx": claim}))
    places = Places(copies=tmp_path / "copies")
    with received([inbox]) as intake:
        run = audit_files(intake.files, BASIS)
        assert write(items_of(run.audited, places), (), places, as_of=BASIS.as_of) == []
    copy = only(audited(tmp_path / "copies" / "A-1.xlsx"))
    assert copy.claim is not None
    assert copy.claim.received_on == date(2026, 11, 20)
    assert copy.content == run.audited[0].content
    assert [one.check for one in copy.questioned] == [one.check for one in run.audited[0].questioned]


def test_whose_a_broken_claim_is_can_be_read(inbox: Path) -> None:
    """One bad date drops neither agency nor officer nor id from the table and the letter."""
    import openpyxl

    path = put_workbook(inbox, record("A-1"))
    book = openpyxl.load_workbook(path)
    put_in(book, "prepared_on", "soon")
    book.save(path)
    put_json(inbox, record("A-2", {"prepared_on": "soon", "officer.name": "Ann 123-45-6789"}))
    workbook, stated = audited(inbox)
    for one, claim_id in ((workbook, "A-1"), (stated, "A-2")):
        assert isinstance(one, AuditedClaim)
        assert one.claim is None
        assert (one.claim_id, one.whose.agency) == (claim_id, "Floyd County Police Department")
        text = letter(one, load_law(), BASIS.as_of)
        assert "Floyd County Police Department\nap@floyd.example\n" in text
        assert f"\nClaim    {claim_id}, in " in text
    assert isinstance(workbook, AuditedClaim)
    assert isinstance(stated, AuditedClaim)
    assert (workbook.whose.officer, stated.whose.officer) == (officer("A-1"), "Ann (nine digits)")


def test_the_report_says_how_files_came_in_where_there_is_something_to_say(inbox: Path, claim: bytes) -> None:
    import openpyxl

    put_json(inbox, record("A-2"))
    plain = openpyxl.load_workbook(BytesIO(report_bytes(*split(audited(inbox)), BASIS.as_of)))
    assert "Received" not in plain.sheetnames
    (inbox / "mail.eml").write_bytes(gmail({"a.xlsx": claim, "b.pdf": PDF}))
    (inbox / "none.eml").write_bytes(gmail({}))
    book = openpyxl.load_workbook(BytesIO(report_bytes(*split(audited(inbox)), BASIS.as_of)))
    rows = [[cell.value for cell in row] for row in book["Received"].iter_rows(min_row=4)]
    sender, number = "Dana Cole <dcole@town.example>", "<20261119.7@town.example>"
    day = datetime(2026, 11, 20)
    assert rows == [
        ["File", "Claim id", "From", "Received", "Message id", "Came with it, not read", "Also in"],
        [f"{inbox}/mail.eml/a.xlsx", "A-1", sender, day, number, f"{inbox}/mail.eml/b.pdf", None],
        [f"{inbox}/none.eml", None, sender, day, number, None, None],
    ]


def split(results: Results) -> tuple[list[AuditedClaim], list[Unreadable]]:
    claims = [one for one in results if isinstance(one, AuditedClaim)]
    return claims, [one for one in results if isinstance(one, Unreadable)]


# --- what is no claim ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("a.msg", "is a mail in Outlook's own format (.msg); save it from Outlook as .eml, or save its attachments"),
        ("winmail.dat", "is attachments that Outlook packed in its own format (winmail.dat); ask the sender"),
        ("a.p7m", "is encrypted (.p7m); ask for it again without encryption or password"),
        ("a.xls", "is a workbook of the old kind (.xls); ask for it as .xlsx"),
        ("a.ods", "is a workbook of LibreOffice's own kind (.ods); ask for it as .xlsx"),
        (
            "a.csv",
            "is a table of text, not a workbook (.csv); if it is a claim, send the agency the blank claim form",
        ),
        ("a.rar", "is an archive of another kind (.rar); unpack it, or ask for a .zip"),
        ("a.docx", "is a text document (.docx); if it is a claim, send the agency the blank claim form"),
        ("a.exe", "is a file of kind .exe; if it is a claim"),
        ("README", "is a file without a suffix; if it is a claim"),
    ],
)
def test_every_other_file_is_named_with_what_it_is_and_what_to_ask_for(inbox: Path, name: str, what: str) -> None:
    (inbox / name).write_bytes(b"\0")
    (inbox / "mail.eml").write_bytes(gmail({name: b"\0"}))
    assert [reason[: len(what)] for reason in names(audited(inbox), inbox).values()] == [what, what]
    assert names(audited(inbox / name), inbox)[name].startswith(what)


def test_a_voucher_of_the_agencys_own_is_not_our_form(inbox: Path) -> None:
    import openpyxl

    openpyxl.Workbook().save(inbox / "voucher.xlsx")
    assert names(audited(inbox), inbox) == {
        "voucher.xlsx": "is not our claim form; send the agency the blank claim form, and ask for it filled in"
    }


def test_a_mail_or_archive_without_a_claim_is_one_unread_entry_with_its_documents(inbox: Path) -> None:
    (inbox / "a.eml").write_bytes(outlook({"scan.pdf": PDF}))
    (inbox / "b.eml").write_bytes(gmail({}))
    (inbox / "c.zip").write_bytes(archive({"folder/1.pdf": PDF, "folder/2.png": PNG}))
    results = audited(inbox)
    ask = "if it is a claim, send the agency the blank claim form, and ask for it filled in"
    assert names(results, inbox) == {
        "a.eml": f"is a mail without a claim; {ask}",
        "b.eml": f"is a mail without a claim; {ask}",
        "c.zip": f"is an archive without a claim; {ask}",
    }
    assert [len(one.origin.documents) for one in results] == [2, 0, 2]
    assert results[0].origin.sender == "Dana Cole <dcole@town.example>"


def test_documents_go_to_the_claim_of_their_name_else_to_the_only_one(inbox: Path) -> None:
    put_json(inbox, record("A-1"))
    (inbox / "scan.pdf").write_bytes(PDF)
    assert only(audited(inbox)).origin.documents == (f"{inbox}/scan.pdf",)
    put_json(inbox, record("A-10"), "second")
    for name in ("A-1 folio.pdf", "A-10.png", "second_receipts.jpg"):
        (inbox / name).write_bytes(PDF)
    results = audited(inbox)
    ask = "if it is a claim, send the agency the blank claim form, and ask for it filled in"
    why = f"is a PDF, and no claim next to it has its name; give it the claim's name; {ask}"
    assert names(results, inbox) == {"A-1.json": "A-1", "scan.pdf": why, "second.json": "A-10"}
    documents = {Path(one.source).name: [Path(name).name for name in one.origin.documents] for one in results}
    assert documents == {
        "A-1.json": ["A-1 folio.pdf"],
        "scan.pdf": [],
        "second.json": ["A-10.png", "second_receipts.jpg"],
    }


def test_documents_of_a_mail_with_several_claims_are_listed_with_each(inbox: Path) -> None:
    files = {f"{name}.json": json.dumps(record(name)).encode() for name in ("A-1", "A-2")}
    (inbox / "mail.eml").write_bytes(gmail({**files, "both.pdf": PDF, "A-2 folio.pdf": PDF}))
    assert [len(one.origin.documents) for one in audited(inbox)] == [1, 2]


# --- our own files -------------------------------------------------------------------------------------------------


def test_what_the_program_wrote_itself_is_passed_over_by_name(inbox: Path, tmp_path: Path) -> None:
    put_workbook(inbox, record("A-1"))
    out = Places(inbox / "report.xlsx", inbox / "copies", inbox / "letters")
    with received([inbox]) as intake:
        run = audit_files(intake.files, BASIS)
        write(items_of(run.audited, out), (), out, as_of=BASIS.as_of)
    (inbox / "paid.sqlite").write_bytes(b"SQLite format 3\0" + bytes(100))
    (inbox / "~$A-1.xlsx").write_bytes(b"0")
    (inbox / ".hidden").mkdir()
    (inbox / "Thumbs.db").write_bytes(b"0")
    (inbox / "smime.p7s").write_bytes(b"0")
    said = {
        "report.xlsx": "an audit report",
        "A-1.xlsx": "an audited copy",
        "Floyd-County-Police-Department.txt": "a letter of an audit",
        "paid.sqlite": "a database, such as a ledger",
        "~$A-1.xlsx": "a temporary or hidden file",
        ".hidden": "a temporary or hidden file",
        "Thumbs.db": "a file of the system",
        "smime.p7s": "a mail's signature",
    }
    assert passed_over(inbox) == said
    assert only(audited(inbox)).source == f"{inbox}/A-1.xlsx"
    used = "a file or folder that this run itself uses"
    own = passed_over(inbox, own=(inbox / "copies", inbox / "letters", inbox / "report.xlsx"))
    assert {name: own[name] for name in ("copies", "letters", "report.xlsx")} == dict.fromkeys(
        ("copies", "letters", "report.xlsx"), used
    )
    assert "A-1.xlsx" not in own
    # Copies that are asked for are read, also in a folder below.
    assert "A-1.xlsx" not in passed_over(inbox, copies=True)
    assert passed_over(inbox / "copies") == {}


def test_a_broken_workbook_and_a_pipe_are_left_to_the_reader(inbox: Path) -> None:
    (inbox / "broken.xlsx").write_bytes(b"PK\x03\x04")
    os.mkfifo(inbox / "pipe.xlsx")
    found = names(audited(inbox), inbox)
    assert found["broken.xlsx"].startswith("is damaged")
    assert found["pipe.xlsx"].startswith("is a pipe or a device")


# --- hostile -------------------------------------------------------------------------------------------------------


def test_an_archive_is_refused_as_a_workbook_is_where_it_is_not_safe(
    inbox: Path, claim: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "LARGEST_UNPACKED", 100_000)
    monkeypatch.setattr(receiving._Budget.__init__, "__defaults__", (100_000, 1_000))
    bomb, size = archive({"a.xlsx": bytes(90_000)}), (50_000).to_bytes(4, "little")
    made = {
        "bomb.zip": bomb,
        "bomb that says it is packed less.zip": patched(bomb, "a.xlsx", (LOCAL, 18, size), (CENTRAL, 20, size)),
        "cut.zip": archive({"a.xlsx": claim[:50_000]})[:-30],
        "large.zip": archive({f"{number}.bin": os.urandom(60_000) for number in range(2)})[:99_000],
        "many.zip": archive({f"{number}.txt": b"" for number in range(1_001)}),
        "no.zip": b"PK",
    }
    for name, content in made.items():
        (inbox / name).write_bytes(content)
    found = {name: reason.partition(";")[0] for name, reason in names(audited(inbox), inbox).items()}
    assert found == {
        "bomb.zip": "is packed too tightly to hold claims",
        "bomb that says it is packed less.zip": "is a damaged archive",
        "cut.zip": "is a damaged archive",
        "large.zip": "is a damaged archive",
        "many.zip": "holds more than 1,000 files",
        "no.zip": "is a damaged archive",
    }


def test_what_is_inside_each_other_counts_together(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving._Budget.__init__, "__defaults__", (100_000, 5))
    random = os.urandom(60_000)
    (inbox / "a.zip").write_bytes(archive({"1.bin": random[:30_000], "2.zip": archive({"3.bin": random})}))
    assert names(audited(inbox), inbox)["a.zip/2.zip"].startswith("unpacks to more than")
    (inbox / "a.zip").unlink()
    (inbox / "b.zip").write_bytes(archive({f"{number}.zip": archive({"a": b"", "b": b""}) for number in range(3)}))
    assert names(audited(inbox), inbox)["b.zip/1.zip"].startswith("holds more than 1,000 files")


def test_mails_and_archives_are_opened_to_a_depth(inbox: Path, claim: bytes) -> None:
    content = gmail({"a.xlsx": claim})
    for _ in range(3):
        content = archive({"in.eml": content}) if content[:2] != b"PK" else gmail({"in.zip": content})
    (inbox / "ok.zip").write_bytes(content)
    assert only(audited(inbox)).claim_id == "A-1"
    (inbox / "ok.zip").rename(inbox / "ok.bin")
    (inbox / "deep.eml").write_bytes(gmail({"in.zip": content}))
    (inbox / "ok.bin").unlink()
    found = names(audited(inbox), inbox)
    assert list(found.values()) == ["is inside 4 mails or archives; save it, and audit it by itself"]
    (inbox / "deep.eml").unlink()
    mail = gmail({"a.xlsx": claim})
    for _ in range(5):
        mail = forwarded(mail)
    (inbox / "deep.eml").write_bytes(mail)
    found = names(audited(inbox), inbox)
    assert list(found.values()) == ["is inside 4 mails or archives; save it, and audit it by itself"]


def test_an_encrypted_or_oddly_packed_member_does_not_hide_the_others(inbox: Path, claim: bytes) -> None:
    content = bytearray(archive({"locked.xlsx": claim, "a.xlsx": claim}, zipfile.ZIP_STORED))
    content[content.rindex(b"locked.xlsx") - 46 + 8] |= 1  # The flag of its entry in the directory.
    (inbox / "a.zip").write_bytes(bytes(content))
    odd = archive({"odd.xlsx": claim}, zipfile.ZIP_BZIP2)
    (inbox / "b.zip").write_bytes(odd)
    assert names(audited(inbox), inbox) == {
        "a.zip/locked.xlsx": "is encrypted; ask for it again without encryption or password",
        "a.zip/a.xlsx": "A-1",
        "b.zip/odd.xlsx": "is packed in an unusual way; unpack it, or ask for a .zip of Windows",
    }


def test_what_is_no_mail_or_has_far_too_many_parts_is_refused(inbox: Path) -> None:
    (inbox / "a.eml").write_bytes(b"\x00\x01")
    (inbox / "b.eml").write_bytes(gmail({}) + b"\n--x" * 5_001)
    (inbox / "c.eml").write_bytes(b"From: a\n" + b"Content-Type: multipart/mixed; boundary=x\n\n" * 60)
    found = {name: reason.partition(";")[0] for name, reason in names(audited(inbox), inbox).items()}
    assert found == {
        "a.eml": "is not a mail",
        "b.eml": "is a mail of far too many parts",
        "c.eml": "is a mail of far too many parts",
    }


def test_headers_that_no_program_writes_do_not_stop_a_mail(inbox: Path, claim: bytes) -> None:
    mail = gmail({"a.xlsx": claim})
    for name, value in (
        (b"From", b"From: =?utf-8?b?\xff\xff?= <@@>"),
        (b"Message-ID", b"Message-ID: <[[[>"),
        (b"Date", b"Date: Thu, 99 Foo 20266 99:99:99 +9999"),
    ):
        lines = [value if line.startswith(name + b":") else line for line in mail.split(b"\n")]
        mail = b"\n".join(lines)
    (inbox / "a.eml").write_bytes(mail)
    assert only(audited(inbox)).claim_id == "A-1"


def test_a_workbook_without_a_name_is_known_by_its_type(inbox: Path, claim: bytes) -> None:
    mail = gmail({"a.xlsx": claim, "b.pdf": PDF})
    for name in (b"a.xlsx", b"b.pdf"):
        mail = mail.replace(b'Content-Disposition: attachment; filename="' + name + b'"', b"X-None: 1")
    (inbox / "a.eml").write_bytes(mail)
    one = only(audited(inbox))
    assert (Path(one.source).name, [Path(name).name for name in one.origin.documents]) == (
        "attachment.xlsx",
        ["attachment.pdf"],
    )
    (inbox / "a.eml").write_bytes(gmail({"a.xlsx": claim}).replace(b"a.xlsx", b"claim"))
    assert Path(only(audited(inbox)).source).name == "claim.xlsx"


def test_forty_mails_and_folders_are_all_accounted_for(inbox: Path) -> None:
    """Every file is a claim, a document, unread, or passed over; with two processes as with one."""
    makers = (gmail, outlook, apple)
    for number in range(40):
        name = f"M-{number:02}"
        files = {f"{name}.json": json.dumps(record(name)).encode()}
        (inbox / f"{name}.eml").write_bytes(gmail(files) if number % 4 else forwarded(makers[0](files)))
    with received([inbox]) as intake:
        assert isinstance(intake, Intake)
        runs = [intake.accounted(audit_files(intake.files, BASIS, jobs=jobs).results) for jobs in (1, 2)]
    assert [one.claim_id for one in runs[0] if isinstance(one, AuditedClaim)] == [f"M-{n:02}" for n in range(40)]
    assert [(one.source, one.origin.received_on) for one in runs[0]] == [
        (one.source, one.origin.received_on) for one in runs[1]
    ]


def test_a_file_that_is_not_there_is_said_by_its_name(tmp_path: Path) -> None:
    gone = [tmp_path / name for name in ("a.json", "b.eml", "c.bin")]
    reasons = set(names(audited(*gone), tmp_path).values())
    assert reasons == {"the file does not exist; check the name and the folder"}
