"""Attendance lists: what a file may hold, who is on it, and what the check asks where a claim is not as listed.

The claim is the one to Moody: Avery O'Neal of the Floyd County Police Department in Rome, GA, class NB-MOO-26,
completed on November 6 in 40 hours.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from perdiem_calc.auditing.claim_file import read_attendance
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.history.attendance import attendance_of, with_attendance
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.records import Attendee, History
from perdiem_calc.rates.model import RateSource
from tests.support.checking import GONE, Desk, Edits
from tests.support.known_claims import ATTENDED, asked, stated

HEADER = "class_id,officer,agency,completed_on,hours\n"


def read(folder: Path, rows: str, header: str = HEADER) -> tuple[Attendee, ...]:
    path = folder / "class.csv"
    path.write_text(header + rows, encoding="utf-8")
    return read_attendance(path).entries


# --- the file ------------------------------------------------------------------------------------------------------


def test_a_list_has_class_officer_agency_day_and_hours_in_any_order(tmp_path: Path) -> None:
    rows = '40,10/9/2026,B-1,"Cole, Dana",Rome PD\n\n36,2026-10-09,B-1,Lee Park,Rome PD\n'
    assert read(tmp_path, rows, "Hours,Completed On,Class ID,Officer,Agency\n") == (
        Attendee("B-1", "Cole, Dana", "Rome PD", date(2026, 10, 9), 40),
        Attendee("B-1", "Lee Park", "Rome PD", date(2026, 10, 9), 36),
    )


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("", "lists no officer"),
        ("B-1,Dana Cole,Rome PD,2026-10-09,\n", "line 2: hours: is empty"),
        ("B-1,Dana Cole,Rome PD,9 Oct,40\n", "line 2: completed_on: '9 Oct' is not a date; write year-month-day"),
        ("B-1,Dana Cole,Rome PD,2026-02-30,40\n", "line 2: completed_on: '2026-02-30' is not a date"),
        ("B-1,Dana Cole,Rome PD,2026-10-09,0\n", "line 2: hours: '0' is no number of course hours"),
        ("B-1,Dana Cole,Rome PD,2026-10-09,401\n", "line 2: hours: '401' is no number of course hours"),
        ("B-1,Dana Cole,Rome PD,2026-10-09,39.5\n", "line 2: hours: '39.5' is no number of course hours"),
        ("B-1,Dana Cole,Rome PD,2026-10-09,4\u0660\n", "is no number of course hours"),
        ("B-1,J\u043ean Reese,Rome PD,2026-10-09,40\n", "line 2: officer: mixes Latin and Cyrillic"),
        ("B-1,Owen\u200b Lamb,Rome PD,2026-10-09,40\n", "line 2: officer: character 5 cannot be seen"),
        ("B-1,123-45-6789,Rome PD,2026-10-09,40\n", "line 2: officer: looks like a Social Security number"),
        ("B-1,Dana Cole,...,2026-10-09,40\n", "line 2: class, officer or agency has no letter or digit"),
        (
            'B-1,Dana Cole,Rome PD,2026-10-09,40\nb-1,"COLE, Dana",Rome Police Dept.,2026-10-08,40\n',
            "line 3: COLE, Dana is on line 2 too; leave one out",
        ),
        ("B-1,Dana Cole,Rome PD,2026-10-09,40,x\n", "line 2: more cells than columns"),
    ],
)
def test_what_is_wrong_with_a_row_is_reported_with_its_line(tmp_path: Path, rows: str, why: str) -> None:
    with pytest.raises(InputError, match=r".") as refused:
        read(tmp_path, rows)
    assert why in str(refused.value)
    assert "class.csv" in str(refused.value)


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1: has no column 'hours'; name the columns class_id, officer"):
        read(tmp_path, "", "class_id,officer,agency,completed_on\n")


def test_one_name_in_two_agencies_or_two_classes_is_no_repetition(tmp_path: Path) -> None:
    rows = "".join(
        f"{group},Dana Cole,{agency},2026-10-09,40\n" for group in "AB" for agency in ("Rome PD", "Troy PD")
    )
    assert len(read(tmp_path, rows)) == 4


# --- who is on it ---------------------------------------------------------------------------------------------------

OTHERS = (
    replace(ATTENDED, agency="Dayton Police Department"),
    replace(ATTENDED, officer="Avery Oneill"),
    replace(ATTENDED, officer="Kim Ray"),
)


def test_the_officer_is_found_by_name_and_agency_and_who_is_alike_is_near() -> None:
    found = attendance_of(stated({}), (), [*OTHERS, ATTENDED])
    assert (found.has_class, found.found, found.near) == (True, (ATTENDED,), OTHERS[:2])


@pytest.mark.parametrize(
    ("entry", "is_found"),
    [
        (replace(ATTENDED, officer="O'NEAL, Avery"), True),
        (replace(ATTENDED, agency="Floyd County"), True),
        (replace(ATTENDED, agency="City of Rome"), True),
        (replace(ATTENDED, agency="Dayton PD"), False),
        (replace(ATTENDED, officer="Averie ONeal"), False),
    ],
)
def test_spelling_order_and_the_agencys_city_or_county_make_no_difference(entry: Attendee, is_found: bool) -> None:
    assert bool(attendance_of(stated({}), (), [entry]).found) is is_found


def test_a_confirmed_spelling_counts_as_the_name() -> None:
    known = History("recorded", spellings=(OfficerKey.of("2026ULWX0021", "Averie ONeal"),))
    listed = replace(ATTENDED, officer="Averie ONeal")
    attendance = with_attendance(known, stated({}), [listed]).attendance
    assert attendance is not None
    assert attendance.found == (listed,)


def test_without_a_class_in_the_claim_the_day_says_which_one_it_is() -> None:
    claim = stated({"course.class_id": GONE})
    near = replace(ATTENDED, officer="Avery Oneill")
    another_day = replace(near, completed_on=date(2026, 11, 13))
    assert attendance_of(claim, (), [near, another_day]).near == (near,)
    assert attendance_of(claim, (), [another_day]).has_class is False


# --- what the check asks -------------------------------------------------------------------------------------------

WHERE = "or attach the host's confirmation."
ASKED: list[tuple[Edits, tuple[Attendee, ...], str, str]] = [
    ({}, (ATTENDED,), "", ""),
    ({"course.class_id": "nb-moo-26 "}, (ATTENDED,), "", ""),
    ({"course.class_id": GONE}, (ATTENDED,), "", ""),
    (
        {},
        OTHERS[2:],
        "officer.name",
        f"Avery O'Neal is not on the attendance list of class NB-MOO-26: correct the name or the class, {WHERE}",
    ),
    (
        {},
        OTHERS[1:],
        "officer.name",
        "Avery O'Neal is not on the attendance list of class NB-MOO-26 (near it: Avery Oneill, Floyd County Police "
        f"Department): correct the name or the class, {WHERE}",
    ),
    (
        {"course.class_id": GONE},
        (replace(OTHERS[2], completed_on=date(2026, 11, 13)),),
        "officer.name",
        "Avery O'Neal is not on the attendance list of a class completed on 2026-11-06: correct the name or the "
        f"class, {WHERE}",
    ),
    (
        {"course.class_id": "NB-MOO-27"},
        (ATTENDED,),
        "course.class_id",
        "No attendance list has the class NB-MOO-27; the officer is on the list of class NB-MOO-26, completed on "
        f"2026-11-06: correct the class, {WHERE}",
    ),
    (
        {},
        (replace(ATTENDED, completed_on=date(2026, 11, 5)),),
        "course.completed_on",
        "The claim states that the course was completed on 2026-11-06, and the attendance list has 2026-11-05: "
        f"correct the date, {WHERE}",
    ),
    (
        {},
        (replace(ATTENDED, hours=32),),
        "course.hours",
        f"The claim states 40 course hours, and the attendance list has 32: correct the hours, {WHERE}",
    ),
    ({}, (replace(ATTENDED, hours=44),), "", ""),
    # Barred already, or nothing that a list could show.
    ({"course.outcome": "failed"}, (), "", ""),
    ({"course.completed_on": GONE}, (), "", ""),
    ({"course.outcome": "cancelled", "course.completed_on": GONE}, (), "", ""),
]


@pytest.mark.parametrize(("edits", "entries", "where", "message"), ASKED)
def test_what_is_not_as_listed_is_one_review_at_its_field(
    law: Law, ratebook: RateSource, edits: Edits, entries: tuple[Attendee, ...], where: str, message: str
) -> None:
    known = with_attendance(asked(), stated(edits), entries)
    found = [one for one in Desk(law, ratebook).findings(edits, known=known) if one.check == "not-on-attendance"]
    assert [(str(one.where), one.message, one.severity.value, str(one.payment_effect)) for one in found] == (
        [(where, message, "review", "0.00")] if where else []
    )


def test_day_and_hours_are_two_questions(law: Law, ratebook: RateSource) -> None:
    known = with_attendance(asked(), stated({}), [replace(ATTENDED, hours=39, completed_on=date(2026, 11, 7))])
    found = [str(one.where) for one in Desk(law, ratebook).findings({}, known=known)]
    assert found.count("course.completed_on") == found.count("course.hours") == 1
