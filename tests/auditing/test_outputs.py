"""The files of an audit: safe names, all checked before one is written, each complete or absent."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perdiem_calc import pool
from perdiem_calc.auditing import outputs as dossier
from perdiem_calc.auditing.batch import Basis, Run, audit_files
from perdiem_calc.auditing.outputs import Item, Places, items_of, safe_name, write
from perdiem_calc.auditing.receiving import received
from perdiem_calc.errors import OutputError
from perdiem_calc.review.letters import Sender
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.workbook.reading.read import read_claim
from tests.golden import BUILT_ON
from tests.support.inbox import put_json, put_workbook, record
from tests.support.mails import gmail

BASIS = Basis(BUILT_ON, "ratebook")


def audited(*files: Path) -> Run:
    """The audit of some files."""
    return audit_files(files, BASIS)


def below(folder: Path) -> list[str]:
    """The files in a folder, in order."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def out(tmp_path: Path) -> Places:
    """A report and two folders, none of which is there yet."""
    return Places(tmp_path / "report.xlsx", tmp_path / "copies", tmp_path / "letters")


def test_report_copies_and_letters_are_written_and_read_back(tmp_path: Path, out: Places) -> None:
    run = audited(put_workbook(tmp_path, record("A-1")), put_json(tmp_path, record("A-2")))
    out.check()
    steps: list[int] = []
    assert write(items_of(run.audited, out), run.unreadable, out, as_of=BUILT_ON, step=steps.append) == []
    assert sum(steps) == 5
    assert (below(tmp_path / "copies"), below(tmp_path / "letters")) == (
        ["A-1.xlsx", "A-2.xlsx"],
        ["Floyd-County-Police-Department.txt"],
    )
    assert (
        (tmp_path / "letters" / "Floyd-County-Police-Department.txt")
        .read_text("utf-8")
        .startswith("DRAFT of 2026-11-23")
    )
    assert openpyxl.load_workbook(tmp_path / "report.xlsx")["Summary"].max_row > 4
    assert read_claim(tmp_path / "copies" / "A-2.xlsx").claim_id == "A-2"


def test_nothing_ordered_writes_nothing(tmp_path: Path) -> None:
    run = audited(put_json(tmp_path, record("A-1")))
    places = Places()
    places.check()
    assert write(items_of(run.audited, places), (), places, as_of=BUILT_ON) == []
    assert below(tmp_path) == ["A-1.json"]


def test_what_was_sent_is_never_written_over_though_it_cannot_be_read(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "A-1.xlsx").write_bytes(b"%PDF-1.7")
    run = audited(inbox / "A-1.xlsx", put_json(tmp_path, record("A-1")))
    for places in (Places(copies=inbox, force=True), Places(report=inbox / "A-1.xlsx", force=True)):
        with pytest.raises(OutputError, match=r"A-1\.xlsx: is a claim to audit"):
            items_of(run.audited, places, run.unreadable)
    assert (inbox / "A-1.xlsx").read_bytes() == b"%PDF-1.7"


def test_the_report_is_not_written_over_a_copy(tmp_path: Path) -> None:
    run = audited(put_json(tmp_path, record("A-1")))
    places = Places(tmp_path / "copies" / "a-1.XLSX", tmp_path / "copies", force=True)
    with pytest.raises(OutputError, match="would be written twice; name another file for the report"):
        items_of(run.audited, places)


@pytest.mark.parametrize("there", ["report.xlsx", "copies/A-2.xlsx", "letters/Floyd-County-Police-Department.txt"])
def test_one_file_that_is_there_stops_them_all_unless_forced(tmp_path: Path, out: Places, there: str) -> None:
    run = audited(put_json(tmp_path, record("A-1")), put_json(tmp_path, record("A-2")))
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / there).write_text("mine")
    with pytest.raises(OutputError, match=f"{there}: already exists; .* --force"):
        items_of(run.audited, out)
    assert (tmp_path / there).read_text() == "mine"
    forced = Places(out.report, out.copies, out.letters, force=True)
    assert write(items_of(run.audited, forced), (), forced, as_of=BUILT_ON) == []
    assert (tmp_path / there).read_bytes() != b"mine"


@pytest.mark.parametrize("force", [False, True])
def test_a_claim_that_was_sent_is_never_written_over(tmp_path: Path, force: bool) -> None:
    path = put_workbook(tmp_path, record("A-1"))
    before = path.read_bytes()
    for places in (Places(copies=tmp_path, force=force), Places(report=path, force=force)):
        with pytest.raises(OutputError, match=r"A-1.xlsx: is a claim to audit; name another folder or file"):
            items_of(audited(path).audited, places)
    assert path.read_bytes() == before


def test_places_that_cannot_be_had_are_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    refused = {
        "the report is a workbook; write --report .*report.xlsx": Places(report=tmp_path / "report.pdf"),
        "its folder does not exist; make the folder .*missing first": Places(report=tmp_path / "missing" / "r.xlsx"),
        "letters: its folder does not exist": Places(letters=tmp_path / "missing" / "letters"),
        "file: is a file; name a folder": Places(copies=tmp_path / "file"),
    }
    for why, places in refused.items():
        with pytest.raises(OutputError, match=why):
            places.check()


def test_a_report_that_is_there_is_refused_before_the_audit(tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").write_text("mine")
    with pytest.raises(OutputError, match="already exists"):
        Places(report=tmp_path / "report.xlsx").check()
    Places(report=tmp_path / "report.xlsx", force=True).check()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, **options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    run = audited(put_json(tmp_path, record("A-1")))
    places = Places(letters=tmp_path / "letters")
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError, match=r"letters: the folder cannot be made \(Permission denied\)"):
        write(items_of(run.audited, places), (), places, as_of=BUILT_ON)


def test_what_cannot_be_written_is_told_and_the_others_are_written(tmp_path: Path, out: Places) -> None:
    lost = put_json(tmp_path, record("A-1", {"trip.stops[0].place": {"city": "Xyzzyville", "state": "VA"}}))
    run = audited(lost, put_json(tmp_path, record("A-2")))
    (failed,) = write(items_of(run.audited, out), (), out, as_of=BUILT_ON)
    assert failed.source == str(lost)
    assert "the claim cannot be computed, so there is no workbook to mark" in str(failed.error)
    assert below(tmp_path / "copies") == ["A-2.xlsx"]
    assert below(tmp_path / "letters") == ["Floyd-County-Police-Department.txt"]


def test_a_letter_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = audited(put_json(tmp_path, record("A-1")))
    places = Places(letters=tmp_path / "letters")

    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (failed,) = write(items_of(run.audited, places), (), places, as_of=BUILT_ON)
    assert "the letter cannot be written (No space left on device); make room" in str(failed.error)
    assert below(tmp_path / "letters") == []


class Deadly(str):
    """A file's name that ends the process which it is given to."""

    __slots__ = ()

    def __reduce__(self) -> Any:
        return os._exit, (9,)


@pytest.mark.slow
def test_copies_come_out_the_same_of_several_processes_and_one_that_dies_is_told(tmp_path: Path) -> None:
    files = [put_workbook(tmp_path, record(f"A-{number}")) for number in range(3)]
    run = audited(*files)
    one, two = Places(copies=tmp_path / "one"), Places(copies=tmp_path / "two")
    assert write(items_of(run.audited, one), (), one, as_of=BUILT_ON, jobs=1) == []
    dead = AuditedClaim(Deadly("dead.xlsx"), None, None, ())
    items = [*items_of(run.audited, two), Item(dead, tmp_path / "two" / "dead.xlsx")]
    (failed,) = write(items, (), two, as_of=BUILT_ON, jobs=2)
    assert (failed.source, "the process that wrote its copy was stopped" in str(failed.error)) == ("dead.xlsx", True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()
    }


def test_a_copy_that_was_written_or_begun_when_its_process_was_ended_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_processes(work: Any, items: Any, jobs: int, *, again: Any, died: Any, **_: Any) -> list[Any]:
        assert work(items[:1]) == [None]
        for name in (b"A-0.xlsx", b"A-1.xlsx"):
            (tmp_path / "copies" / f".perdiem-{sha256(name).hexdigest()[:8]}.0123456789ab").touch()
        return [*again(items[:1]), died(items[1])]

    monkeypatch.setattr(pool, "in_processes", in_processes)
    run = audited(*[put_json(tmp_path, record(f"A-{number}")) for number in range(2)])
    places = Places(copies=tmp_path / "copies")
    (failed,) = write(items_of(run.audited, places), (), places, as_of=BUILT_ON, jobs=2)
    assert Path(failed.source).name == "A-1.json"
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["A-0.xlsx"]


def test_many_copies_are_written_by_as_many_processes_as_pay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    def in_processes(work: Any, items: Any, jobs: int, **options: Any) -> list[Any]:
        started.append(jobs)
        return [one for item in items for one in work([item])]

    monkeypatch.setattr(pool, "in_processes", in_processes)
    monkeypatch.setattr(pool, "processors", lambda: 8)
    monkeypatch.setattr(dossier, "WORTH_A_PROCESS", 2)
    run = audited(*[put_json(tmp_path, record(f"A-{number}")) for number in range(4)])
    for count in (2, 4):
        places = Places(copies=tmp_path / f"copies-{count}")
        assert write(items_of(run.audited[:count], places), (), places, as_of=BUILT_ON) == []
        assert len(below(tmp_path / f"copies-{count}")) == count
    assert started == [2]


@pytest.mark.parametrize(
    ("claim_id", "source", "name"),
    [
        ("2026-ORL-0001", "in/whatever.xlsx", "2026-ORL-0001"),
        ("../../etc/passwd", "in/claim.xlsx", "claim"),
        ("a/b", "in/week 47 (final).xlsx", "week-47-final"),
        ("", "in/Núñez.xlsx", "N-ez"),
        ("", "in/...xlsx", "claim"),
        ("", "in/.xlsx", "xlsx"),
        ("", "in/~$..xlsx", "claim"),
        ("A\n", "in/b.xlsx", "b"),
        ("NUL", "in/b.xlsx", "claim-NUL"),
        ("com1.txt", "in/b.xlsx", "claim-com1.txt"),
        ("console", "in/b.xlsx", "console"),
        ("", f"in/{'x' * 200}.xlsx", "x" * 80),
        ("A-1.", "in/b.xlsx", "A-1"),
    ],
)
def test_names_are_safe_on_every_system(claim_id: str, source: str, name: str) -> None:
    assert safe_name(claim_id, source) == name


def test_names_are_unique_whatever_the_case_and_stay_in_the_order_of_the_files(tmp_path: Path) -> None:
    files = [
        put_json(tmp_path, record("a-1"), "z"),
        put_json(tmp_path, record("A-1", {"officer.name": "Kim Doyle"}), "y"),
        put_json(tmp_path, record("B-1"), "x"),
    ]
    items = items_of(audited(*files).audited, Places(copies=tmp_path / "copies"))
    assert [item.copy.name for item in items if item.copy] == ["a-1_2.xlsx", "A-1.xlsx", "B-1.xlsx"]
    assert [item.letter for item in items] == [None, None, None]


def test_each_agency_gets_one_letter_and_so_does_whoever_sent_a_file_that_nobody_can_read(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    put_json(inbox, record("A-1"))
    put_json(inbox, record("A-2"))
    put_json(inbox, record("A-3", {"agency.ori": "AL0010000"}))
    (inbox / "mail.eml").write_bytes(gmail({"a.csv": b"x", "b.xls": b"x"}))
    (inbox / "notes.txt").write_text("x")
    places = Places(letters=tmp_path / "letters", sender=Sender("Awards Office"))
    with received([inbox, tmp_path / "gone.json"]) as intake:
        results = intake.accounted(audit_files(intake.files, BASIS).results)
        run = Run(results)
        assert write(items_of(run.audited, places, run.unreadable), run.unreadable, places, as_of=BUILT_ON) == []
    # A file that is not there is nobody's to send again.
    assert below(tmp_path / "letters") == [
        "Floyd-County-Police-Department.txt",
        "Floyd-County-Police-Department_2.txt",
        "dcole-town.example.txt",
        "notes.txt",
    ]
    text = {path.stem: path.read_text() for path in (tmp_path / "letters").iterdir()}
    assert [name in text["Floyd-County-Police-Department"] for name in ("A-1", "A-2", "A-3")] == [True, True, False]
    assert [name in text["dcole-town.example"] for name in ("a.csv", "b.xls", "notes.txt")] == [True, True, False]
    assert all("\nAwards Office\n" in one for one in text.values())
