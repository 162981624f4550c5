"""The roster file, and what is refused in it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from perdiem_calc.auditing.claim_file import read_roster
from perdiem_calc.errors import InputError
from perdiem_calc.files import LARGEST_FILE
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.roster import MOST_OFFICERS


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "roster.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_roster_lists_award_officer_agency_and_what_was_paid_before(tmp_path: Path) -> None:
    lines = [
        "\ufeffAward,Officer,Phone,Paid Before,Agency",
        'A-1,"Reyes, Jordan",1,400.00,PD',
        "",
        ",,,",
        "A-2,Dana Cole",
    ]
    text = "\r\n".join(lines)
    roster = read_roster(write(tmp_path, text))
    found = [(one.award_number, one.officer, one.agency, one.paid_before, one.line) for one in roster.entries]
    assert found == [("A-1", "Reyes, Jordan", "PD", Decimal("400.00"), 2), ("A-2", "Dana Cole", "", None, 5)]
    assert (roster.name, roster.passed_over) == ("roster.csv", ("phone",))
    assert roster.entries[0].key.name == "jordan reyes"


def test_semicolons_part_the_cells_too(tmp_path: Path) -> None:
    roster = read_roster(write(tmp_path, "award;officer\nA-1;Reyes, Jordan\n"))
    assert roster.entries[0].officer == "Reyes, Jordan"
    stated = read_roster(write(tmp_path, "sep=;\r\naward;officer\r\nA-1;Reyes, Jordan\r\n"))
    assert [(one.officer, one.line) for one in stated.entries] == [("Reyes, Jordan", 3)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        ("a" * (LARGEST_FILE + 1), "is larger than 10 MB"),
        (b"award,officer\nA-1,Jos\xe9\n", "is not UTF-8 text; save it as UTF-8 (in Excel: CSV UTF-8)"),
        ("award,name\nA-1,X\n", "line 1: has no column 'officer'; name the columns award, officer"),
        ("award,officer,Award\nA-1,X,A\n", "line 1: the column award appears twice"),
        ("award,officer\n", "lists no officer"),
        ("award,officer\nA-1,X,Y\n", "line 2: more cells than columns; put a cell with a comma in quotes"),
        ("award,officer\nA-1,\n", "line 2: officer: is empty"),
        ("award,officer\nA-1,123-45-6789\n", "line 2: officer: looks like a Social Security number"),
        ("award,officer,agency\nA-1,X,078-05-1120\n", "line 2: agency: looks like a Social Security number"),
        ("award,officer\nA-1,J\u043ean Reese\n", "line 2: officer: mixes Latin and Cyrillic: character 2 is"),
        ("award,officer\nA-1,Owen\u200b Lamb\n", "line 2: officer: character 5 cannot be seen (U+200B ZERO WIDTH"),
        ("award,officer,agency\nA-1,Lee Park,R\u043eme PD\n", "line 2: agency: mixes Latin and Cyrillic: char"),
        ("award,officer\nA\u202e1,Lee Park\n", "line 2: award: character 2 turns the direction of writing (U+202E"),
        ("award,officer\nA-1,123456789\n", "line 2: officer: nine digits look like a Social Security number"),
        ("award,officer,paid_before\nA-1,X,1e3\n", "line 2: paid_before: '1e3' is not an amount"),
        ("award,officer\nA-1,...\n", "line 2: award or officer has no letter or digit"),
        ("award,officer\nA-1,Jordan Reyes\nA1,\"REYES, Jordan\"\n", "line 3: REYES, Jordan is on line 2 too"),
        ("award,officer\nA-1," + "x" * 140_000 + "\n", "line 2: a cell is longer than 131,072 characters"),
        ("x" * 140_000 + "\n", "line 1: a cell is longer than 131,072 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, content: str | bytes, why: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(InputError) as refused:
        read_roster(path)
    assert str(refused.value).startswith(f"{path}: {why}")


def test_every_refusal_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"(?s)line 2: officer: is empty.*line 4: award: is empty"):
        read_roster(write(tmp_path, "award,officer\nA-1,\nA-2,X\n,Y\n"))


def test_so_many_officers_and_no_more_are_read(tmp_path: Path) -> None:
    lines = ["award,officer", *(f"A-{number},Officer {number}" for number in range(MOST_OFFICERS))]
    assert len(read_roster(write(tmp_path, "\n".join(lines))).entries) == MOST_OFFICERS == 5_000
    with pytest.raises(InputError, match=r"line 5002: is the first line beyond 5,000 officers"):
        read_roster(write(tmp_path, "\n".join([*lines, "B-1,Lee Park", "B-2,Dana Cole"])))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"roster\.csv: the file does not exist"):
        read_roster(tmp_path / "roster.csv")


def test_the_officers_of_a_roster_by_key_as_people_read_them(tmp_path: Path) -> None:
    roster = read_roster(write(tmp_path, 'award,officer\nA-1,"Reyes, Jordan"\nA-2,Dana Cole'))
    assert roster.listed() == {
        OfficerKey("A1", "jordan reyes"): ("Reyes, Jordan, award A-1", ""),
        OfficerKey("A2", "dana cole"): ("Dana Cole, award A-2", ""),
    }
