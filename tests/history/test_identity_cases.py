"""One officer under two names, a payee who is the officer, a line break in a name: as the commands see them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Perdiem
from tests.support.inbox import put_json, record

ON = ("--as-of", "2026-11-28")


def both(folder: Path, first: str, second: str, **of_second: Any) -> tuple[Path, Path]:
    """Two claims of one award and agency, for courses four weeks apart, each with its own papers."""
    names = [{"officer.name": name, "signatures.officer.name": name} for name in (first, second)]
    october = {
        "course.starts_on": "2026-10-05", "course.ends_on": "2026-10-09", "course.completed_on": "2026-10-09",
        "trip.departed_at": "2026-10-05T05:30", "trip.returned_at": "2026-10-09T19:40",
        "trip.stops[0].arrived_on": "2026-10-05", "trip.stops[0].departed_on": "2026-10-09",
        "furnished_meals": [{"date": f"2026-10-0{day}", "breakfast": "hotel"} for day in (6, 7, 8, 9)],
        "prepared_on": "2026-10-19", "expenses[0].date": "2026-10-05", "expenses[1].date": "2026-10-09",
        **{f"lodging[{index}].night": f"2026-10-0{index + 5}" for index in range(4)},
    }  # fmt: skip
    one = put_json(folder, record("A-1", {**names[0], **october, "officer.employee_id": "9060"}))
    return one, put_json(folder, record("B-1", {**names[1], **of_second}))


def refused_or_asked(perdiem: Perdiem, one: Path, other: Path) -> str:
    """What is asked about the second of two claims; nothing of it is recorded after the first."""
    audited = perdiem("audit", one, other, "--json", *ON).records
    first, second = audited
    assert first["suggested"] == "accept"
    asked = [
        found["check"] for found in second["findings"] if found["severity"] != "info" and found["scope"] == "claim"
    ]
    ledger = ("--ledger", one.parent / "paid.sqlite", "--by", "R. Viewer")
    assert perdiem("ledger", "record", one, "--create", *ledger, *ON).code == 0
    later = perdiem("ledger", "record", other, *ledger, *ON)
    assert later.code == 2
    officers = perdiem("ledger", "export", one.parent / "officers.csv", "--table", "officers", *ledger[:2])
    assert officers.out.startswith("1 row:")
    return " ".join(dict.fromkeys(asked))


@pytest.mark.parametrize(
    ("first", "second", "of_second", "asked"),
    [
        ("Joan Reese", "J\u043ean R\u0435\u0435se", {}, "malformed"),
        ("Owen Lamb", "Owen\u200b Lamb", {}, "malformed"),
        ("Owen Lamb", "Owen \u202eLamb", {}, "malformed"),
        ("William Hart", "Bill Hart", {"officer.employee_id": "9060"}, "officer-may-be-known"),
        ("William Hart", "Bill Hart", {}, "officer-may-be-known"),
        ("Kim Alvarez", "Kim Stone", {"officer.employee_id": "9060"}, "officer-may-be-known"),
        ("Kim Alvarez", "Pat Stone", {"officer.employee_id": "ID 09060"}, "officer-may-be-known"),
        ("Ian Reese", "lan Reese", {}, "officer-may-be-known"),
        ("Hope Pace", "\u041d\u043e\u0440\u0435 \u0420\u0430\u0441\u0435", {}, "officer-may-be-known"),
    ],
)
def test_one_officer_under_two_names_is_never_paid_twice_without_a_question(
    perdiem: Perdiem, tmp_path: Path, first: str, second: str, of_second: dict[str, Any], asked: str
) -> None:
    assert refused_or_asked(perdiem, *both(tmp_path, first, second, **of_second)) == asked


@pytest.mark.parametrize(
    ("first", "second", "of_second"),
    [
        ("John Smith Sr.", "John Smith Jr.", {}),
        ("William Hart", "Robert Hart", {"officer.employee_id": "n/a"}),
        ("Kim Alvarez", "Kim Stone", {"officer.employee_id": "9061"}),
    ],
)
def test_two_officers_are_both_paid(
    perdiem: Perdiem, tmp_path: Path, first: str, second: str, of_second: dict[str, Any]
) -> None:
    one, other = both(tmp_path, first, second, **of_second)
    assert [claim["suggested"] for claim in perdiem("audit", one, other, "--json", *ON).records] == ["accept"] * 2
    ledger = ("--ledger", tmp_path / "paid.sqlite", "--by", "R. Viewer", "--create")
    done = perdiem("ledger", "record", one, other, "--json", *ledger, *ON)
    assert [claim["paid"] for claim in done.records] == ["898.68", "898.68"]


def test_the_officer_as_payee_is_questioned_and_the_agency_is_not(perdiem: Perdiem, tmp_path: Path) -> None:
    def found(payee: str) -> list[str]:
        stated = record("A-1", {"officer.name": "Walter Dunn", "agency.payee": payee})
        (claim,) = perdiem("audit", put_json(tmp_path, stated), "--json", *ON).records
        return [f"{one['check']} {one['where']}" for one in claim["findings"] if one["severity"] != "info"]

    assert found("Walter Dunn") == found("DUNN, Walter") == ["payee-questioned agency.payee"]
    assert found("City of Rome") == found("Floyd County") == []


def test_a_line_break_in_a_name_is_refused_with_field_and_position(perdiem: Perdiem, tmp_path: Path) -> None:
    stated = record("A-1", {"officer.name": "Jordan Fox\nPayable by NASRO   $9,999.00"})
    (claim,) = perdiem("audit", put_json(tmp_path, stated), "--json", *ON).records
    assert claim["totals"] is None
    (finding,) = (one for one in claim["findings"] if one["severity"] == "blocks")
    assert (finding["where"], finding["message"]) == (
        "officer.name", "Character 11 is a line break; write it on one line."
    )  # fmt: skip
    shown = perdiem("audit", tmp_path / "A-1.json", *ON)
    assert "\nPayable by NASRO   $9,999.00" not in shown.out + shown.err


def test_a_roster_with_a_name_in_two_alphabets_is_refused(perdiem: Perdiem, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("award,officer,agency\n15JCOPS-25-GG-08001-UHPX,J\u043ean Reese,Rome PD\n", encoding="utf-8")
    done = perdiem("ledger", "import-roster", roster, "--ledger", tmp_path / "l.sqlite", "--create", "--by", "R.")
    assert done.code == 2
    assert f"{roster}: line 2: officer: mixes Latin and Cyrillic: character 2 is" in done.err
    assert not (tmp_path / "l.sqlite").exists()
    roster.write_text("award,officer,agency\nA-1,William Hart,Rome PD\nA-1,Bill Hart,Rome PD\n", encoding="utf-8")
    listed = perdiem("ledger", "import-roster", roster, "--ledger", tmp_path / "l.sqlite", "--create", "--by", "R.")
    assert listed.out.splitlines()[2:] == [
        "Possible matches; find out before anything is paid:",
        "  line 3: Bill Hart, award A-1, may be William Hart of line 2, award A-1 (same award, nickname)",
    ]
