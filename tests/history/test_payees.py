"""Who is paid for an agency: itself, its city or county, as before; never the officer under the agency's name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.checks.finding import Finding
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.history.batch import Submitted, known_together
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.payees import PaidTo, differences, domain_of, resembles_officer
from perdiem_calc.history.records import Listed, with_roster
from perdiem_calc.history.roster import Roster, RosterEntry
from perdiem_calc.ledger import Ledger
from perdiem_calc.rates.model import RateSource
from tests.support.checking import Desk, Edits, edited, moody
from tests.support.known_claims import asked
from tests.support.ledgers import AWARD, begun, claim, course_on, enter, entry

CHECK = "payee-questioned"
BEFORE = PaidTo(
    "Floyd County Police Department",
    "3 Government Plaza, Rome, GA 30161",
    "floyd.example",
    "Floyd County Police Department",
)
ROSTER = PaidTo("Floyd County PD", agency="Floyd County PD")


def questioned(desk: Desk, edits: Edits, *before: PaidTo) -> dict[str, str]:
    """The findings on the payee of the claim to Moody, by field."""
    known = asked(paid_to=before) if before else None
    found: list[Finding] = [
        one for one in desk.findings(edits, known=known) if one.check == CHECK and one.severity.value == "review"
    ]
    return {str(one.where): one.message for one in found}


@pytest.mark.parametrize(
    ("payee", "is_like"),
    [
        ("Avery O'Neal", True), ("O'NEAL, AVERY", True), ("Avery O\u2019Neal Jr.", True), ("A. O'Neal", True),
        ("Officer Avery ONeal", True), ("Sgt Avery M. O'Neal", True), ("Avery O'Neil", True),
        ("Avery O'Neal LLC", True), ("O'Neal County", False), ("Avery County Sheriff", False), ("Lee Park", False),
        ("Avery", False), ("Floyd County Police Department", False),
    ],
)  # fmt: skip
def test_a_payee_that_is_or_resembles_the_officer_is_questioned(
    law: Law, ratebook: RateSource, payee: str, is_like: bool
) -> None:
    assert resembles_officer(payee, "Avery O'Neal") is is_like
    found = questioned(Desk(law, ratebook), {"agency.payee": payee})
    assert set(found) == ({"agency.payee"} if is_like else set())
    if is_like:
        assert found["agency.payee"].startswith(
            f'The payee "{payee}" is or resembles the officer, Avery O\'Neal: NASRO'
        )


def test_an_agency_called_like_the_officer_is_questioned_where_no_payee_is_stated(
    law: Law, ratebook: RateSource
) -> None:
    assert set(questioned(Desk(law, ratebook), {"agency.name": "Avery O'Neal"})) == {"agency.name"}


def test_a_person_as_payee_is_blocked_and_not_questioned_besides(law: Law, ratebook: RateSource) -> None:
    edits = {"agency.payee": "Avery O'Neal", "agency.payee_kind": "individual"}
    assert questioned(Desk(law, ratebook), edits) == {}


def test_of_one_word_the_whole_name_must_be_the_officers() -> None:
    assert resembles_officer("Madonna", "madonna")
    assert not resembles_officer("City of Madonna", "Madonna")
    assert not resembles_officer("?!", "?")


def test_an_officer_as_payee_is_one_question_though_the_officer_was_never_paid(
    law: Law, ratebook: RateSource
) -> None:
    edits: Edits = {"agency.payee": "Avery O'Neal", "agency.remit_to": "9 Elm Street, Rome, GA 30161"}
    known = asked(paid_to=(BEFORE,))
    found = [one for one in Desk(law, ratebook).findings(edits, known=known) if one.check == CHECK]
    assert [str(one.where) for one in found] == ["agency.payee", "agency.remit_to"]


def test_the_agency_is_not_given_the_address_that_it_was_paid_at(law: Law, ratebook: RateSource) -> None:
    """Whoever asks for another address may not be the agency."""
    edits: Edits = {"agency.remit_to": "9 Elm Street, Rome, GA 30161"}
    (found,) = [
        one for one in Desk(law, ratebook).findings(edits, known=asked(paid_to=(BEFORE,))) if one.check == CHECK
    ]
    assert "3 Government Plaza" in found.message
    assert found.agency_message == (
        'The remit address "9 Elm Street, Rome, GA 30161" is not the one that NASRO has for your agency: confirm the '
        "change in a signed letter of your agency, or correct it."
    )


SAME: list[Edits] = [
    {},
    {"agency.payee": "Floyd County"},
    {"agency.payee": "City of Rome"},
    {"agency.payee": "Floyd County Finance Department"},
    {"agency.payee": "Rome City Treasurer"},
    {"agency.payee": "Accounts Payable"},
    {"agency.payee": "FLOYD CO. PD"},
    {"agency.name": "The Floyd County Police Dept"},
    {"agency.name": "Floyd County Georgia Police Department"},
    {"agency.remit_to": "3 Government Plz, Rome GA 30161-1234"},
    {"agency.remit_to": "Floyd County Finance\n3 Government Plaza\nRome, GA 30161"},
    {"agency.contact.email": "other.person@FLOYD.example"},
    {"agency.contact.email": "ap@finance.floyd.example"},
    {"agency.contact.email": "by phone only"},
]


@pytest.mark.parametrize("edits", SAME)
def test_the_agency_its_city_and_county_as_before(law: Law, ratebook: RateSource, edits: Edits) -> None:
    for before in ((BEFORE,), (ROSTER,), (ROSTER, BEFORE)):
        assert questioned(Desk(law, ratebook), edits, *before) == {}


KNOWN_AS = '"Floyd County Police Department": ask the agency at its known address, or correct it.'
OTHER: list[tuple[Edits, dict[str, str]]] = [
    ({"agency.payee": "Acme Consulting"}, {"agency.payee": 'The payee "Acme Consulting" is none of'}),
    ({"agency.payee": "Floyd County Youth Club"}, {"agency.payee": 'The payee "Floyd County Youth Club" is'}),
    ({"agency.payee": "Dayton Police Department"}, {"agency.payee": 'The payee "Dayton Police Department" is'}),
    ({"agency.name": "Dayton Police Department"}, {"agency.name": 'The payee "Dayton Police Department" is'}),
    (
        {"agency.name": "Dayton Police Department", "agency.payee": "Floyd County"},
        {"agency.name": 'The agency "Dayton Police Department" is none'},
    ),
    (
        {"agency.remit_to": "4 Government Plaza, Rome, GA 30161"},
        {
            "agency.remit_to": 'The remit address "4 Government Plaza, Rome, GA 30161" is none of those known for '
            'this agency, such as "3 Government Plaza, Rome, GA 30161": ask'
        },
    ),
    ({"agency.remit_to": "PO Box 9, Rome, GA 30161"}, {"agency.remit_to": 'The remit address "PO Box 9'}),
    ({"agency.remit_to": "3 Elm Street, Rome, GA 30161"}, {"agency.remit_to": 'The remit address "3 Elm'}),
    (
        {"agency.contact.email": "ap@f1oyd.example"},
        {"agency.contact.email": 'The e-mail domain "f1oyd.example" is none of those known for this agency, such as '
         '"floyd.example": ask'},
    ),
    ({"agency.contact.email": "ap@notfloyd.example"}, {"agency.contact.email": "The e-mail domain"}),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "said"), OTHER)
def test_what_was_never_accepted_for_the_agency_is_questioned_with_both_values(
    law: Law, ratebook: RateSource, edits: Edits, said: dict[str, str]
) -> None:
    found = questioned(Desk(law, ratebook), edits, BEFORE)
    assert set(found) == set(said)
    assert all(found[path].startswith(beginning) for path, beginning in said.items()), found
    if "agency.payee" in found:
        assert found["agency.payee"].endswith(KNOWN_AS)


def test_without_a_roster_and_earlier_claims_nothing_is_compared(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    stated = {"agency.payee": "Acme Consulting", "agency.remit_to": "1 New St"}
    assert questioned(desk, stated) == {}
    assert CHECK in desk.unjudged(stated)
    assert CHECK in desk.unjudged(stated, known=asked(paid_before=None))
    assert CHECK not in desk.unjudged(stated, known=asked())


def test_a_second_payee_that_was_accepted_is_known_from_then_on() -> None:
    stated = parse_claim(edited(moody(), {"agency.payee": "Acme Consulting", "agency.remit_to": "1 New St"}))
    assert list(differences(stated, [PaidTo.of(stated), BEFORE])) == []
    assert len(list(differences(stated, [BEFORE]))) == 2


@pytest.mark.parametrize(
    ("email", "domain"),
    [("ap@rome.example", "rome.example"), ("AP <ap@Rome.Example>", "rome.example"), ("a@b@c.example", "c.example"),
     ("rome.example", ""), ("", "")],
)  # fmt: skip
def test_the_domain_of_an_address(email: str, domain: str) -> None:
    assert domain_of(email) == domain


# --- where it is known from -----------------------------------------------------------------------------------------

ELSEWHERE: dict[str, Any] = {
    "name": "Orlando Police Department",
    "remit_to": "9 New Street",
    "contact": {"name": "AP"},
}
LATER: Any = course_on("2026-11-05")


def paths(known: Any, stated: Any) -> list[str]:
    return [one.path for one in differences(stated, known.paid_to)]


def test_claims_of_the_agency_on_record_say_who_was_paid(tmp_path: Path, law: Law) -> None:
    first = claim("A-1")
    agency = first.agency.model_dump(mode="json", exclude_none=True)
    stated = claim("B-1", "Dana Cole", agency=agency | {"remit_to": "9 New Street"}, **LATER)
    returned = entry("R-1", officer="Lee Park", verdict="return", reason="no", fields={"agency": ELSEWHERE})
    with begun(str(tmp_path / "l.sqlite"), law) as ledger:
        assert ledger.known(stated).paid_to == ()
        enter(ledger, returned, law)
        assert ledger.known(stated).paid_to == ()
        enter(ledger, entry("A-1"), law)
        assert ledger.known(first).paid_to == ()
        known = ledger.known(stated)
        assert known.paid_to == (PaidTo.of(first),)
        assert paths(known, stated) == ["agency.remit_to"]
        other: Any = {"award": {"number": "2020UMWX0068", "letter_date": "2026-01-05"}, "agency": ELSEWHERE}
        assert ledger.known(claim("C-1", "Kim Ito", **other)).paid_to == ()


def test_earlier_claims_of_a_batch_say_it_too() -> None:
    first, second, third = claim("A-1", "Al Bo"), claim("B-1", "Cy Do"), claim("C-1", "Ed Fa")
    moved = second.model_copy(update={"agency": second.agency.model_copy(update={"remit_to": "9 New Street"})})
    known = known_together([Submitted(f"{one.claim_id}.json", one) for one in (first, moved, third)])
    assert [paths(its, one) for its, one in zip(known, (first, moved, third), strict=True)] == [
        [], ["agency.remit_to"], []
    ]  # fmt: skip


def test_the_roster_says_which_agency_it_is(tmp_path: Path, law: Law) -> None:
    stated = claim("A-1", agency=ELSEWHERE)
    key = OfficerKey.of(AWARD, "Jordan Reyes")
    known = with_roster(asked(), stated, {key: Listed("Jordan Reyes", "Dayton Police Department")})
    assert paths(known, stated) == ["agency.name"]
    assert with_roster(asked(), stated, {key: Listed("Jordan Reyes")}).paid_to == ()
    entries = (RosterEntry(AWARD, "REYES, Jordan", "Dayton PD", None, 2),)
    with Ledger.begin(str(tmp_path / "l.sqlite"), law, by="Ann") as ledger:
        ledger.import_roster(Roster("r.csv", "sha", entries), law)
        assert ledger.known(stated).paid_to == (PaidTo("Dayton PD", agency="Dayton PD"),)
        ledger.import_roster(Roster("r.csv", "sha2", (RosterEntry(AWARD, "Jordan Reyes", "", None, 2),)), law)
        assert ledger.known(stated).paid_to == ()
