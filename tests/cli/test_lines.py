"""What a person types with a command, and what files are called: nothing in it takes effect on a terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError, PerdiemError
from perdiem_calc.ledger import Ledger
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT
from tests.support.ledgers import AWARD, begun, enter, entry

ORLANDO = ROOT / "data" / "samples" / "2026-ORL-0001.json"
DAY = ("--as-of", "2026-11-23")
ESCAPE = "\x1b[2J"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger's file, named in the environment as people do."""
    file = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("PERDIEM_LEDGER", str(file))
    monkeypatch.setenv("PERDIEM_REVIEWER", "Ann")
    return file


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--by", "Ann\nPayable by NASRO $9,999.00", "--by: character 4 is a line break; write it on one line"),
        ("--by", f"Ann{ESCAPE}", "--by: character 4 is a control character (U+001B); type the text again"),
        ("--by", "x" * 101, "--by: has 101 characters; give at most 100"),
        (
            "--by",
            "J\u043ean Reese",
            "--by: mixes Latin and Cyrillic: character 2 is CYRILLIC SMALL LETTER O (U+043E)",
        ),
        ("--by", "Ann 078-05-1120", "--by: looks like a Social Security number; leave it out: a claim never needs"),
        ("--payment-number", "078 05 1120", "--payment-number: looks like a Social Security number; leave it out"),
        ("--reason", "of 078-05-1120", "--reason: looks like a Social Security number; leave it out: a claim never"),
        ("--payment-number", "P\u202e1", "--payment-number: character 2 turns the direction of writing (U+202E"),
        ("--payment-number", "7" * 101, "--payment-number: has 101 characters; give at most 100"),
        ("--reason", "late\u200b", "--reason: character 5 cannot be seen (U+200B ZERO WIDTH SPACE); type"),
    ],
)
def test_an_option_is_one_line(perdiem: Perdiem, ledger: Path, option: str, value: str, said: str) -> None:
    done = perdiem("ledger", "record", ORLANDO, "--create", option, value, *DAY)
    assert (done.code, done.err.startswith(f"perdiem: {said}")) == (2, True), done.err
    assert not ledger.exists()


def test_a_hundred_characters_and_other_blanks_are_taken(perdiem: Perdiem, ledger: Path) -> None:
    by = "R.\u00a0" + "x" * 97
    done = perdiem("ledger", "record", ORLANDO, "--create", "--by", by, "--payment-number", "7" * 100, *DAY)
    assert done.code == 0
    with Ledger.open(ledger, by="Ann") as opened:
        rows = [row for row in opened.payments() if row["reference"]]
    assert [(row["recorded_by"], row["reference"]) for row in rows] == [("R. " + "x" * 97, "7" * 100)]


def test_the_reviewer_named_in_the_environment_is_one_line(
    perdiem: Perdiem, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERDIEM_REVIEWER", f"Ann{ESCAPE}")
    done = perdiem("ledger", "record", ORLANDO, "--create", *DAY)
    assert (done.code, done.err[:40]) == (2, "perdiem: --by: character 4 is a control ")
    assert not ledger.exists()


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (("Orlando, F\nL",), "PLACE: character 11 is a line break"),
        (("--county", "Or\u200bange", "--state", "FL"), "--county: character 3 cannot be seen"),
        (("--county", "Orange", "--state", "F\tL"), "--state: character 2 is a tab"),
        (("--zip", "328\n01"), "--zip: character 4 is a line break"),
    ],
)
def test_a_place_that_is_asked_for_is_one_line(perdiem: Perdiem, options: tuple[str, ...], where: str) -> None:
    done = perdiem("rate", *options, "--on", "2026-10-04", "--source", "ratebook")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"perdiem: {where}")


def test_the_place_of_a_form_is_one_line(perdiem: Perdiem, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    asked = ("--place", "Orlando, F\nL", "--from", "2026-10-04", "--to", "2026-10-09", "-o", form)
    done = perdiem("claim", "new", *asked, "--source", "ratebook")
    assert (done.code, done.err) == (2, "perdiem: --place: character 11 is a line break; write it on one line\n")
    assert not form.exists()


@pytest.mark.parametrize("command", ["remaining", "show"])
def test_an_officer_and_an_award_are_one_line_and_a_name_one_alphabet(
    perdiem: Perdiem, ledger: Path, command: str
) -> None:
    assert perdiem("ledger", "record", ORLANDO, "--create", *DAY).code == 0
    mixed = perdiem("ledger", command, AWARD, "J\u043ean Reese")
    assert (mixed.code, mixed.err[:53]) == (2, "perdiem: OFFICER: mixes Latin and Cyrillic: character")
    hidden = perdiem("ledger", command, f"{AWARD}\u200b", "Jordan Reyes")
    assert (hidden.code, hidden.err[:32]) == (2, "perdiem: AWARD: character 25 can")
    assert perdiem("ledger", command, AWARD, "Jordan\u00a0Reyes").code == 0


def test_who_resumes_is_one_line(perdiem: Perdiem, ledger: Path) -> None:
    done = perdiem("audit", ORLANDO, "--resume", "--ledger", ledger, "--by", "Ann\u2028", "--by", "A\u2028B")
    assert (done.code, done.err) == (2, "perdiem: --by: character 2 is a line break; write it on one line\n")


def test_the_ledger_itself_takes_no_other_texts(tmp_path: Path, law: Law) -> None:
    place = str(tmp_path / "l.sqlite")
    for by in (f"Ann{ESCAPE}", "x" * 101):
        with pytest.raises(PerdiemError, match="--by: "):
            Ledger.begin(place, law, by=by)
    one = entry("A-1")
    with begun(place, law) as ledger, pytest.raises(PerdiemError, match="--by: character 4"):
        enter(ledger, one, law, by="Ann\nB")
    with begun(str(tmp_path / "m.sqlite"), law) as ledger:
        with pytest.raises(LedgerError, match="--payment-number: character 2 is a line break"):
            enter(ledger, replace(one, reference="1\n2"), law)
        with pytest.raises(LedgerError, match="--reason: character 2 is a control character"):
            enter(ledger, replace(one, reason="a\x07"), law)
        with pytest.raises(LedgerError, match="--reason: looks like a Social Security number"):
            enter(ledger, replace(one, reason="two lines\n078-05-1120"), law)
        assert str(enter(ledger, replace(one, reason="two\nlines"), law).paid) == "500.00"


def test_the_name_of_a_file_is_shown_without_its_effect(perdiem: Perdiem, tmp_path: Path) -> None:
    folder = tmp_path / "received"
    folder.mkdir()
    claim = json.loads(ORLANDO.read_text(encoding="utf-8"))
    (folder / f"a{ESCAPE}\nPayable by NASRO $9,999.00.json").write_text(json.dumps(claim), encoding="utf-8")
    (folder / f"b{ESCAPE}.json").write_text("{", encoding="utf-8")
    (folder / f"c{ESCAPE}.txt").write_text("", encoding="utf-8")
    for command in (("audit", folder, *DAY), ("claim", "check", folder, *DAY)):
        done = perdiem(*command)
        shown = done.out + done.err
        assert "\x1b[2J" not in shown
        assert "\nPayable by NASRO $9,999.00" not in shown
        assert r"c\x1b[2J.txt" in done.err
        assert r"b\x1b[2J.json" in done.err
    assert r"a\x1b[2J\nPayable by NASRO" in perdiem("audit", folder, *DAY).out
