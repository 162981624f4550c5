"""Who may be whom by more than the name: an employee id, a document, an award of the same agency; and that a person
decides it once. With a ledger and without one.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Finding
from perdiem_calc.claims.model import Claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.batch import Submitted, known_together
from perdiem_calc.history.conflicts import outside_of
from perdiem_calc.history.people import Person, agency_keys, agency_name_key, employee_key, resemblance, what_differs
from perdiem_calc.history.records import OFFICER_MAY_BE_KNOWN, History, content_sha256
from perdiem_calc.history.roster import Roster, RosterEntry
from perdiem_calc.ledger import Ledger
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import itemize
from tests.support.ledgers import AWARD, TICKET, begun, claim, course_on, enter, entry, itemized

OTHER_AWARD: dict[str, Any] = {"award": {"number": "2020UMWX0068", "letter_date": "2026-01-05"}}
ELSEWHERE: dict[str, Any] = {
    **OTHER_AWARD,
    "agency": {
        "name": "Dayton Police Department", "ori": "OH0570100", "remit_to": "1 Main St, Dayton, OH",
        "contact": {"name": "Accounts Payable"},
    },
}  # fmt: skip
LATER = course_on("2026-11-05")


def numbered(number: str) -> dict[str, Any]:
    return {"employee_id": number}


def why(known: History) -> list[str]:
    return [f"{match.officer}: {match.why}; differs: {match.differs}" for match in known.near]


def around(ledger_place: Path, law: Law, first: Claim, second: Claim) -> tuple[History, History]:
    """What is known around the second of two claims: given together, and with the first on record."""
    (_, together) = known_together([Submitted("a.json", first), Submitted("b.json", second)])
    with begun(str(ledger_place / "l.sqlite"), law) as ledger:
        enter(ledger, replace(entry("X"), itemized=itemized(first)), law)
        return together, ledger.known(second)


NEAR = [
    # One employee id in one agency, whatever the name; written in another way.
    (
        claim("A-1", "Kim Alvarez", **numbered("9056")),
        claim("B-1", "Lee Stone", **numbered("Badge #09056"), **LATER),
        "Kim Alvarez: same employee id 9056; differs: name",
    ),
    (
        claim("A-1", "William Hart", **numbered("9060")),
        claim("B-1", "Bill Hart", **numbered("9060"), **LATER),
        "William Hart: same award, nickname; same employee id 9060; differs: name",
    ),
    # The same agency by its ORI, under another award.
    (
        claim("A-1", "Kim Alvarez", **numbered("9056")),
        claim("B-1", "Lee Stone", **numbered("9056"), **LATER, **OTHER_AWARD),
        "Kim Alvarez: same employee id 9056; differs: name, award",
    ),
    # An equal name under another award of the agency.
    (
        claim("A-1", "Jordan Reyes", **numbered("1")),
        claim("B-1", "REYES, Jordan", **numbered("2"), **LATER, **OTHER_AWARD),
        "Jordan Reyes: same name, another award; differs: award, employee id",
    ),
    # One ticket for one course.
    (
        claim("A-1", "Kim Alvarez", expenses=[TICKET]),
        claim("B-1", "Lee Stone", expenses=[TICKET | {"ticket": "0162345678901"}], lodging=[]),
        "Kim Alvarez: same ticket 0162345678901 for the same course; differs: name",
    ),
]


@pytest.mark.parametrize(("first", "second", "said"), NEAR)
def test_who_may_be_known_already(tmp_path: Path, law: Law, first: Claim, second: Claim, said: str) -> None:
    together, recorded = around(tmp_path, law, first, second)
    if "ticket" in said:
        # Of one on record no employee id is named here, since the document is of a claim and not of the officer.
        said = said.replace("differs: name", "differs: name, employee id")
        assert why(together) == [said]
        assert [one.partition("; differs")[0] for one in why(recorded)] == [said.partition("; differs")[0]]
    else:
        assert why(together)[0].startswith(said.partition("; differs")[0])
        assert why(together) == why(recorded)
    assert (together.standing, recorded.standing) == ("undecided", "undecided")
    assert [match.sro for match in recorded.near] == [1]


FOLIO = {"night": "2026-10-04", "room_rate": "98.00", "receipt": "Folio 77001", "hotel": "Lake Inn"}
SHARED = FOLIO | {"sharers": 2}
OWN_BILL = {
    "date": "2026-10-05", "category": "tolls", "amount": "9.00", "receipt": "88-4471",
    "vendor": "Jacksonville Police Department",
}  # fmt: skip
FAR = [
    ("a placeholder", claim("A-1", "Kim Alvarez", **numbered("n/a")), claim("B-1", "Lee Stone", **numbered("N/A"))),
    ("zeros", claim("A-1", "Kim Alvarez", **numbered("0")), claim("B-1", "Lee Stone", **numbered("000"))),
    ("the id of another agency", claim("A-1", "Kim Alvarez", **numbered("9056")),
     claim("B-1", "Lee Stone", **numbered("9056"), **ELSEWHERE)),
    ("an equal name in another agency", claim("A-1", "Jordan Reyes"), claim("B-1", "Jordan Reyes", **ELSEWHERE)),
    ("father and son", claim("A-1", "John Smith Sr."), claim("B-1", "John Smith Jr.")),
    ("colleagues", claim("A-1", "Kim Alvarez"), claim("B-1", "Lee Stone")),
    ("one ticket at another course", claim("A-1", "Kim Alvarez", expenses=[TICKET]),
     claim("B-1", "Lee Stone", **LATER | {"expenses": [TICKET | {"date": "2026-11-05"}]})),
    ("an invoice of the agency", claim("A-1", "Kim Alvarez", lodging=[FOLIO | {"receipt": "Invoice 77001"}]),
     claim("B-1", "Lee Stone", lodging=[FOLIO | {"receipt": "Inv. 77001"}])),
    ("a bill of the agency's own", claim("A-1", "Kim Alvarez", expenses=[OWN_BILL], lodging=[]),
     claim("B-1", "Lee Stone", expenses=[OWN_BILL], lodging=[])),
    ("a room that both say they shared", claim("A-1", "Kim Alvarez", lodging=[SHARED | {"shared_with": ["B-1"]}]),
     claim("B-1", "Lee Stone", lodging=[SHARED | {"shared_with": ["Kim Alvarez"]}])),
]  # fmt: skip


@pytest.mark.parametrize(("what", "first", "second"), FAR)
def test_who_is_certainly_another(tmp_path: Path, law: Law, what: str, first: Claim, second: Claim) -> None:
    for known in around(tmp_path, law, first, second):
        assert (known.standing, known.near) == ("new", ()), what


def test_what_one_claim_alone_calls_an_invoice_speaks_for_one_officer(tmp_path: Path, law: Law) -> None:
    first = claim("A-1", "Kim Alvarez", lodging=[FOLIO])
    second = claim("B-1", "Lee Stone", lodging=[FOLIO | {"receipt": "Invoice 77001"}])
    for known in around(tmp_path, law, first, second):
        assert [match.why for match in known.near] == ["same folio 77001 for the same course"]


def test_a_room_of_which_one_says_it_was_shared_speaks_for_one_officer(tmp_path: Path, law: Law) -> None:
    first = claim("A-1", "Kim Alvarez", lodging=[FOLIO])
    second = claim("B-1", "Lee Stone", lodging=[SHARED | {"shared_with": ["Kim Alvarez"]}])
    for known in around(tmp_path, law, first, second):
        assert [match.why for match in known.near] == ["same folio 77001 for the same course"]


# --- a person decides, once -----------------------------------------------------------------------------------------


def refused(ledger: Ledger, law: Law, one: Any) -> str:
    with pytest.raises(LedgerError) as error:
        enter(ledger, one, law)
    return str(error.value)


def test_of_two_who_are_two_nobody_asks_again(tmp_path: Path, law: Law) -> None:
    alvarez = entry("A-1", "300.00", "Kim Alvarez", fields=numbered("9056"))
    stone = entry("B-1", "300.00", "Kim Stone", fields=numbered("9056"))
    with begun(str(tmp_path / "l.sqlite"), law, alvarez) as ledger:
        assert "1: Kim Alvarez" in refused(ledger, law, stone)
        assert enter(ledger, replace(stone, sro="new"), law).sro == 2
        for officer, number in (("Kim Stone", 2), ("Kim Alvarez", 1)):
            later = entry(f"{number}-2", "10.00", officer, fields=numbered("9056") | LATER)
            known = ledger.known(later.itemized.claim)
            assert (known.standing, known.near, known.sro) == ("recorded", (), number)
            assert enter(ledger, later, law).sro == number
        # Nor when claims of both come together.
        both = [claim("C-1", "Kim Alvarez", **numbered("9056")), claim("C-2", "Kim Stone", **numbered("9056"))]
        given = [Submitted(f"{one.claim_id}.json", one, ledger.known(one)) for one in both]
        assert [known.near for known in known_together(given)] == [(), ()]


def test_of_two_who_are_one_nobody_asks_again_and_one_limit_holds(tmp_path: Path, law: Law) -> None:
    alvarez = entry("A-1", "800.00", "Kim Alvarez", fields=numbered("9056"))
    stone = entry("B-1", "800.00", "Pat Stone", fields=numbered("9056") | LATER)
    with begun(str(tmp_path / "l.sqlite"), law, alvarez) as ledger:
        done = enter(ledger, replace(stone, sro=1), law)
        assert (done.sro, str(done.paid)) == (1, "200.00")
        again = claim("C-1", "Pat Stone", **numbered("9056"))
        assert (ledger.known(again).standing, ledger.known(again).near) == ("recorded", ())


def test_of_two_on_record_a_person_decides_when_an_id_speaks_for_one(tmp_path: Path, law: Law) -> None:
    first, second = (
        entry("A-1", "300.00", "Kim Alvarez", fields=numbered("9056")),
        entry("B-1", "300.00", "Lee Stone"),
    )
    later = entry("B-2", "300.00", "Lee Stone", fields=numbered("9056") | LATER)
    with begun(str(tmp_path / "l.sqlite"), law, first, second) as ledger:
        known = ledger.known(later.itemized.claim)
        assert (known.standing, known.sro, [match.sro for match in known.near]) == ("undecided", 2, [1])
        assert "1: Kim Alvarez" in refused(ledger, law, later)
        both = refused(ledger, law, replace(later, sro=1))
        assert "is SRO 2, not 1; leave --sro out, or give 2; where both are one person, return the claim" in both
        assert enter(ledger, replace(later, sro=2), law).sro == 2
        assert ledger.known(claim("B-3", "Lee Stone", **numbered("9056"))).near == ()


def test_in_a_batch_an_id_speaks_for_one_also_of_officers_on_record(tmp_path: Path, law: Law) -> None:
    first, second = entry("A-1", officer="Kim Alvarez", fields=numbered("1")), entry("B-1", officer="Lee Stone")
    given = [claim("A-2", "Kim Alvarez", **numbered("9056"), **LATER), claim("B-2", "Lee Stone", **numbered("9056"))]
    with begun(str(tmp_path / "l.sqlite"), law, first, second) as ledger:
        _, known = known_together([Submitted(f"{one.claim_id}.json", one, ledger.known(one)) for one in given])
    assert (known.standing, [(match.sro, match.officer) for match in known.near]) == (
        "undecided", [(1, "Kim Alvarez")]
    )  # fmt: skip


def test_a_recorded_claim_is_not_asked_about_again(tmp_path: Path, law: Law) -> None:
    alvarez = entry("A-1", "300.00", "Kim Alvarez", fields=numbered("9056"))
    stone = entry("B-1", "300.00", "Kim Stone", fields=numbered("9056"))
    with begun(str(tmp_path / "l.sqlite"), law, alvarez, replace(stone, sro="new")) as ledger:
        assert ledger.known(stone.itemized.claim).near == ()


# --- the finding, and one limit until a person decides --------------------------------------------------------------


def found(stated: Claim, known: History, law: Law, ratebook: RateSource) -> tuple[Finding, str]:
    around_it = itemize(stated, ratebook, law, outside=outside_of(stated, known, law))
    findings = audit(around_it, ratebook, law, known=known)
    (one,) = (finding for finding in findings if finding.check == OFFICER_MAY_BE_KNOWN)
    return one, str(around_it.totals.payable)


def test_until_a_person_decides_both_limits_count_as_one(tmp_path: Path, law: Law, ratebook: RateSource) -> None:
    """The claim to Orlando is worth more than $1,000.00; $700.00 was paid for the officer who may be the same."""
    alvarez = entry("A-1", "700.00", "Kim Alvarez", fields=numbered("9056"))
    stone = claim("B-1", "Kim Stone", **numbered("9056"))
    with begun(str(tmp_path / "l.sqlite"), law, alvarez) as ledger:
        finding, payable = found(stone, ledger.known(stone), law, ratebook)
    assert payable == "300.00"
    assert (finding.severity.value, str(finding.where), str(finding.payment_effect)) == (
        "review", "officer.name", "-700.00",
    )  # fmt: skip
    assert finding.message == (
        f"The officer may be one known already, 1: Kim Alvarez, award {AWARD} (same employee id 9056; differs: "
        "name): a person decides who it is before anything is paid; until then both count against one limit of "
        "$1,000.00."
    )


def test_what_was_paid_for_both_counts_where_both_are_on_record(
    tmp_path: Path, law: Law, ratebook: RateSource
) -> None:
    """$450.00 for one, $250.00 for the other: $300.00 of one limit is left."""
    first, second = (
        entry("A-1", "450.00", "Kim Alvarez", fields=numbered("9056")),
        entry("B-1", "250.00", "Lee Stone"),
    )
    later = claim(
        "B-2", "Lee Stone", **numbered("9056"), prepared_on="2026-10-21", kind="supplemental", replaces="B-1"
    )
    with begun(str(tmp_path / "l.sqlite"), law, first, second) as ledger:
        known = ledger.known(later)
        assert (known.paid_before, known.paid_for_near) == (Decimal("250.00"), Decimal("450.00"))
        outside = outside_of(later, known, law)
        assert (outside.paid_before, outside.taken) == (Decimal("250.00"), Decimal("450.00"))


# --- the roster -----------------------------------------------------------------------------------------------------


def test_a_roster_says_whom_it_lists_near_another(tmp_path: Path, law: Law) -> None:
    names = [
        (AWARD, "William Hart", "Rome PD"), (AWARD, "Bill Hart", "Rome PD"), (AWARD, "Dana Cole", "Rome PD"),
        ("2020UMWX0068", "HART, William", "Rome Police Department"), ("2020UMWX0070", "Dana Cole", "Dayton PD"),
        (AWARD, "Kim Alvares", "Rome PD"),
    ]  # fmt: skip
    entries = tuple(RosterEntry(award, name, agency, None, n) for n, (award, name, agency) in enumerate(names, 2))
    stated = Roster("roster.csv", content_sha256("roster"), entries)
    alvarez = entry("A-1", officer="Kim Alvarez")
    expected = (
        f"line 3: Bill Hart, award {AWARD}, may be William Hart of line 2, award {AWARD} (same award, nickname)",
        f"line 5: HART, William, award 2020UMWX0068, may be William Hart of line 2, award {AWARD} "
        "(same name, another award)",
        f"line 5: HART, William, award 2020UMWX0068, may be Bill Hart of line 3, award {AWARD} "
        "(nickname, another award)",
        f"line 7: Kim Alvares, award {AWARD}, may be SRO 1: Kim Alvarez, award {AWARD} "
        "(same award, similar name; differs: name)",
    )
    with begun(str(tmp_path / "l.sqlite"), law, alvarez) as ledger:
        assert ledger.import_roster(stated, law).near == expected
        assert ledger.import_roster(stated, law) == ledger.import_roster(stated, law)
        assert ledger.import_roster(stated, law).near == expected


# --- keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("9056", "9056"), ("009056", "9056"), ("90-56", "9056"), ("ID 9056", "9056"), ("Employee no. 9056", "9056"),
        ("e9056", "E9056"), ("0", ""), ("0000", ""), ("n/a", ""), ("N.A.", ""), ("none", ""), ("Unknown", ""),
        ("TBD", ""), ("not assigned", ""), ("-", ""), ("999", ""), ("9999", ""), ("99", "99"), ("x", ""),
        ("\u041590\uff1156", "E90156"),
        ("X12", "X12"),
    ],
)  # fmt: skip
def test_an_employee_id_is_compared_by_what_identifies(text: str, key: str) -> None:
    assert employee_key(text) == key


def test_an_agency_is_known_by_each_of_its_numbers_and_by_its_name_within_a_state() -> None:
    stated = claim("A-1")
    keys = agency_keys(stated)
    assert {key.partition(" ")[0] for key in keys} >= {"award", "ori", "uei", "name"}
    renamed = stated.model_copy(
        update={"agency": stated.agency.model_copy(update={"name": "The " + stated.agency.name})}
    )
    assert agency_keys(renamed) == keys
    station = stated.trip.official_station.model_copy(update={"state": "TX"})
    moved = stated.model_copy(update={"trip": stated.trip.model_copy(update={"official_station": station})})
    assert set(keys ^ agency_keys(moved)) == {
        f"name {agency_name_key(stated.agency.name)}, {state}" for state in (stated.trip.official_station.state, "TX")
    }
    by_zip = stated.trip.official_station.model_copy(update={"state": None, "zip": "30161"})
    unnamed = stated.model_copy(update={"trip": stated.trip.model_copy(update={"official_station": by_zip})})
    assert not any(key.startswith("name") for key in agency_keys(unnamed))


def test_what_differs_is_said_in_words() -> None:
    one = Person("A-1", "Kim Stone", employee_ids=frozenset({"1"}))
    other = Person("A-2", "Kim Alvarez", employee_ids=frozenset({"2"}))
    assert what_differs(one, other) == "name, award, employee id"
    assert what_differs(one, replace(one, officer="KIM STONE")) == "spelling"
    assert resemblance(one, other) is None
