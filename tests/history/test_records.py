"""What is known around a claim: documents that tell themselves again, and claims as one canonical text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from perdiem_calc.claims.documents import Fingerprint, fingerprints, is_label
from perdiem_calc.claims.model import same_id
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.records import (
    EarlierClaim,
    History,
    Listed,
    NearMatch,
    canonical,
    content_sha256,
    paid_for_same,
    paid_under_corrected,
    with_roster,
)
from tests.support.house_rules import COSTLY
from tests.support.ledgers import claim, corrects, night
from tests.support.strategies import claims

DAY = {"date": "2026-10-05"}


Mark = tuple[str, str, str, tuple[str, ...], str]


def every_mark(**fields: Any) -> set[Mark]:
    found = fingerprints(claim(**({"expenses": [], "lodging": []} | fields)))
    return {(one.kind, one.value, one.vendor, one.lines, str(one.amount)) for one in found}


def marks(**fields: Any) -> set[Mark]:
    """Those of documents, vehicles and lines."""
    return {mark for mark in every_mark(**fields) if mark[0] != "room"}


def expense(category: str = "taxi", amount: str = "34.00", **fields: Any) -> dict[str, Any]:
    return {**DAY, "category": category, "amount": amount, **fields}


@pytest.mark.parametrize(
    ("number", "label"),
    [("R1", True), ("receipt 12", True), ("#3", True), ("attached", True), ("12", True), ("", True), ("123", False),
     ("1234", False), ("A-12-34", False), ("Folio no. 88213", False), ("R1B", False)],
)  # fmt: skip
def test_a_label_numbers_the_papers_of_one_claim(number: str, label: bool) -> None:
    assert is_label(number) is label


def test_a_folio_over_several_nights_is_one_document() -> None:
    nights = [
        {"night": f"2026-10-0{day}", "room_rate": "150.00", "tax": "18.00", "flat_tax": "2.00", "hotel": "Lake Inn",
         "receipt": "Folio #88-213"}
        for day in (4, 5, 6)
    ]  # fmt: skip
    assert marks(lodging=nights) == {("folio", "88213", "lake inn", ("N1", "N2", "N3"), "510.00")}


def test_a_room_is_told_by_who_slept_there_and_the_night_with_or_without_a_folio() -> None:
    who = ["a-1", "jordan reyes", "dana cole", "b-1"]
    assert every_mark(lodging=[night(shared_with=["Cole, DANA", "B-1"])]) == {
        ("room", f"{one} 2026-10-04", "", ("N1",), "150.00") for one in who
    }
    # A name without a letter tells nobody.
    stated = claim("A-1", "?!", lodging=[night()], expenses=[])
    assert [mark.value for mark in fingerprints(stated)] == ["a-1 2026-10-04"]


def test_an_airlines_receipt_is_its_ticket_unless_it_has_one() -> None:
    assert marks(expenses=[expense("airfare", receipt="016-2345678901")]) == {
        ("ticket", "0162345678901", "", ("E1",), "34.00")
    }
    assert marks(expenses=[expense("airfare", ticket="016-1", receipt="X-55512")]) == {
        ("ticket", "0161", "", ("E1",), "34.00"),
        ("receipt", "X55512", "", ("E1",), "34.00"),
    }


def test_an_unnumbered_line_is_told_by_vendor_day_and_amount() -> None:
    lines = [expense(vendor="Yellow Cab", receipt="R3"), expense(vendor="YELLOW CAB")]
    assert marks(expenses=lines) == {("line", "yellow cab 2026-10-05 $34.00", "yellow cab", ("E1", "E2"), "68.00")}


def test_without_a_vendor_it_is_told_by_category_and_words() -> None:
    lines = [expense(), expense(vendor="-"), expense(description="To  course."), expense(description="to course")]
    assert marks(expenses=lines) == {
        ("line", "taxi 2026-10-05 $34.00", "", ("E1", "E2"), "68.00"),
        ("line", "taxi to course 2026-10-05 $34.00", "", ("E3", "E4"), "68.00"),
    }


def test_a_vehicle_is_told_by_plate_and_day() -> None:
    drive = {**DAY, "category": "pov_mileage", "miles": "38", "from": "A", "to": "B"}
    assert marks(expenses=[drive | {"plate": "il abc-12"}, drive | {"plate": "--"}, drive]) == {
        ("vehicle", "ILABC12 2026-10-05", "", ("E1",), "0.00"),
        ("plate", "ILABC12 2026-10-05", "", ("E1",), "0.00"),
        ("plate", "ABC12 2026-10-05", "IL", ("E1",), "0.00"),
    }


def test_labels_leave_no_fingerprint_of_a_document() -> None:
    assert {mark[0] for mark in marks(expenses=[expense(receipt="R1")])} == {"line"}


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"vendor": ""}, True),
        ({"lines": ("E9",), "amount": Decimal(1)}, True),
        ({"vendor": "other inn"}, False),
        ({"value": "88214"}, False),
        ({"kind": "receipt"}, False),
    ],
)
def test_the_same_number_of_another_vendor_is_another_document(change: dict[str, Any], same: bool) -> None:
    folio = Fingerprint("folio", "88213", "lake inn", ("N1",), date(2026, 10, 4), Decimal("170.00"))
    assert folio.is_of_same_document(replace(folio, **change)) is same
    ticket = replace(folio, kind="ticket")
    assert ticket.is_of_same_document(replace(ticket, vendor="other"))


def test_a_claim_is_one_text_however_it_was_written() -> None:
    stated = claim()
    text = canonical(stated)
    fields = json.loads(text)
    assert "kind" not in fields  # original is the default
    backwards = dict(reversed(fields.items())) | {"kind": "original", "mie_paid": {}}
    assert canonical(parse_claim(backwards)) == text
    changed = parse_claim(fields | {"prepared_on": "2026-10-21"})
    assert content_sha256(canonical(changed)) != content_sha256(text)


def test_the_order_of_days_does_not_count_nor_does_a_day_that_says_nothing() -> None:
    text = canonical(claim())
    (lunch, breakfast) = json.loads(claim().model_dump_json(by_alias=True))["furnished_meals"]
    assert canonical(claim(furnished_meals=[breakfast, {"date": "2026-10-06"}, lunch])) == text
    assert canonical(claim(furnished_meals=[lunch])) != text
    assert canonical(claim(furnished_meals=None)) != canonical(claim(furnished_meals=[]))


@COSTLY
@given(claims())
def test_a_claim_read_from_its_canonical_text_is_the_same_claim(data: dict[str, Any]) -> None:
    stated = parse_claim(data)
    again = parse_claim(json.loads(canonical(stated)) | {"schema": "perdiem-claim/1"})
    assert again == stated
    assert canonical(again) == canonical(stated)


def earlier(claim_id: str, paid: str, replaces: str = "", kind: Any = "original") -> EarlierClaim:
    return EarlierClaim(
        claim_id=claim_id, kind=kind, replaces=replaces, officer="Jordan Reyes", award_number="A", agency="B",
        course_title="C", course_starts_on=date(2026, 10, 5), course_ends_on=date(2026, 10, 9), class_id="",
        departed_on=date(2026, 10, 4), returned_on=date(2026, 10, 9), claimed=Decimal(900), allowable=Decimal(900),
        verdict="accept", paid=Decimal(paid), superseded_by="", content_sha256=claim_id, recorded_at="",
        recorded_by="",
    )  # fmt: skip


def test_what_was_paid_under_the_corrected_claim_goes_back_along_corrections() -> None:
    claims = [
        earlier("A-1", "400.00"),
        earlier("A-2", "100.00", "a-1", "corrected"),
        earlier("A-3", "30.00", "A-2", "supplemental"),
        earlier("B-1", "7.00"),
    ]
    assert paid_under_corrected(claim("X", **corrects("A-2")), claims) == Decimal("500.00")
    assert paid_under_corrected(claim("X", **corrects("A-3")), claims) == Decimal("30.00")
    assert paid_under_corrected(claim("X", **corrects("A-0")), claims) == Decimal("0.00")
    assert paid_under_corrected(claim("X", kind="supplemental", replaces="A-1"), claims) == Decimal("0.00")
    assert paid_under_corrected(claim("X"), claims) == Decimal("0.00")
    circle = [earlier("A-1", "400.00", "A-1", "corrected")]
    assert paid_under_corrected(claim("X", **corrects("A-1")), circle) == Decimal("400.00")


def test_trips_overlap_when_they_share_more_than_a_day_of_return() -> None:
    before = earlier("A-1", "0.00")  # October 4 to 9
    stated = claim()
    assert before.trip_overlaps(stated)
    assert not replace(before, returned_on=date(2026, 10, 4), departed_on=date(2026, 9, 30)).trip_overlaps(stated)
    assert not replace(before, departed_on=date(2026, 10, 9), returned_on=date(2026, 10, 12)).trip_overlaps(stated)


@pytest.mark.parametrize(
    ("starts", "ends", "same"),
    [((9, 28), (10, 4), False), ((9, 28), (10, 5), True), ((10, 9), (10, 12), True), ((10, 10), (10, 14), False)],
)
def test_a_course_is_the_same_when_its_days_overlap(
    starts: tuple[int, int], ends: tuple[int, int], same: bool
) -> None:
    one = replace(earlier("A-1", "0.00"), course_starts_on=date(2026, *starts), course_ends_on=date(2026, *ends))
    assert one.is_for_same_course(claim()) is same  # October 5 to 9


@pytest.mark.parametrize(
    ("change", "stands"), [({}, True), ({"verdict": "return"}, False), ({"superseded_by": "A-2"}, False)]
)
def test_a_claim_stands_until_it_is_sent_back_or_superseded(change: dict[str, Any], stands: bool) -> None:
    assert replace(earlier("A-1", "0.00"), **change).stands is stands


def test_a_near_match_says_whom_and_why() -> None:
    assert str(NearMatch(7, "A-5", "Jordan Reyes", "same award, similar name")) == (
        "7: Jordan Reyes, award A-5 (same award, similar name)"
    )
    assert same_id("a-1 ", "A-1")
    assert not same_id("a-1", "a-2")


def test_what_was_paid_before_the_ledger_is_what_no_claim_of_it_was_paid() -> None:
    one, other = earlier("A-1", "400.00"), earlier("A-2", "100.00")
    assert History("new").opening == Decimal("0.00")
    assert History("recorded", Decimal("750.00"), (one, other)).opening == Decimal("250.00")
    # What the claim itself was paid is no part of what was paid before it: 650.00 + 100.00 - 500.00.
    assert History("recorded", Decimal("650.00"), (one, other), recorded=other).opening == Decimal("250.00")


def test_of_two_claims_on_record_the_first_recorded_came_before() -> None:
    own, other = replace(earlier("A-1", "0.00"), number=5), earlier("B-1", "0.00")
    known = History("recorded", recorded=own)
    assert [known.came_before(replace(other, number=number)) for number in (4, 6, 0)] == [True, False, False]
    sent_back = History("recorded", recorded=replace(own, verdict="return"))
    assert sent_back.came_before(replace(other, number=6))
    assert History("new").came_before(other)


def test_a_ledger_was_asked_where_it_says_what_was_paid() -> None:
    assert not History("new").has_ledger
    assert History("new", Decimal("0.00")).has_ledger
    near = NearMatch(0, "A-5", "Jordan Reyes", "same award, similar name")
    assert not History("undecided", near=(near,)).is_undecided_on_record
    assert History("undecided", near=(near, replace(near, sro=7))).is_undecided_on_record
    assert str(near) == "Jordan Reyes, award A-5 (same award, similar name)"


def test_what_was_paid_for_the_same_where_the_ledger_does_not_have_the_claim() -> None:
    opening = Decimal("300.00")
    said = {"previous_claims": [
        {"claim_id": "o-1", "paid_on": "2026-01-05", "amount": "120.00"},
        {"claim_id": "O-2", "paid_on": "2026-02-05", "amount": "500.00"},
    ], "previously_reimbursed": "620.00"}  # fmt: skip
    assert paid_for_same(claim("X", **corrects("O-1")), [], opening) == Decimal("300.00")
    assert paid_for_same(claim("X", **corrects("O-1", **said)), [], opening) == Decimal("120.00")
    assert paid_for_same(claim("X", **corrects("O-2", **said)), [], opening) == Decimal("300.00")
    assert paid_for_same(claim("X", **corrects("O-1", **said)), [earlier("O-1", "80.00")], opening) == Decimal(
        "80.00"
    )
    assert paid_for_same(claim("X", kind="supplemental", replaces="O-1"), [], opening) == Decimal("0.00")


ROSTER = {
    OfficerKey.of(number, officer): Listed(f"{officer}, award {number}")
    for number, officer in (
        ("15JCOPS-25-GG-01234-UHPX", "José Núñez"),
        ("15JCOPS-25-GG-01234-UHPX", "Dana Cole"),
        ("15JCOPS-25-GG-01243-UHPX", "Jordan Reyes"),
        ("2020UMWX0068", "Jordan Reyes"),
        ("15JCOPS-25-GG-01234-UHPX", "Jordan Reyez"),
    )
}


@pytest.mark.parametrize("name", ["José Núñez", "NUNEZ, jose", "jose  nunez"])
def test_who_is_on_the_roster_however_written(name: str) -> None:
    found = with_roster(History("new", on_roster=False, near_on_roster=("X",)), claim("A-1", name), ROSTER)
    assert (found.on_roster, found.near_on_roster) == (True, ())


def test_who_is_not_on_the_roster_and_who_there_comes_near() -> None:
    found = with_roster(History("new"), claim("A-1", "Jordan Reyes"), ROSTER)
    assert (found.on_roster, found.near_on_roster) == (
        False,
        (
            "Jordan Reyes, award 15JCOPS-25-GG-01243-UHPX",
            "Jordan Reyes, award 2020UMWX0068",
            "Jordan Reyez, award 15JCOPS-25-GG-01234-UHPX",
        ),
    )
    assert with_roster(History("new"), claim("A-1", "Lee Park"), ROSTER).near_on_roster == ()
    confirmed = History("recorded", spellings=(OfficerKey.of("15JCOPS-25-GG-01234-UHPX", "Dana Cole"),))
    assert with_roster(confirmed, claim("A-1", "D. Coal"), ROSTER).on_roster
    assert with_roster(History("new"), claim("A-1", "Jordan Reyes"), {}).on_roster is False


def test_fuel_parking_and_tolls_of_a_vehicle_are_no_drive() -> None:
    lines = [expense(category, plate="IL ABC-12") for category in ("tolls", "parking", "agency_vehicle_fuel")]
    assert {mark[0] for mark in marks(expenses=lines)} == {"line"}
