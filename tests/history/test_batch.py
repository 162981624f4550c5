"""Claims given together: which comes first, what each is to the others, whatever the order of the files."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perdiem_calc.claims.model import Claim, Kind
from perdiem_calc.dated import Law
from perdiem_calc.history.batch import (
    MOST_NEAR,
    MOST_OWNERS,
    Submitted,
    as_earlier,
    counted_in_order,
    joined,
    known_together,
)
from perdiem_calc.history.conflicts import outside_of
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.payees import PaidTo
from perdiem_calc.history.people import MOST_COMPARED
from perdiem_calc.history.records import EarlierClaim, History, NearMatch, canonical, content_sha256
from perdiem_calc.ledger import Ledger
from perdiem_calc.rules.law import load_law
from tests.support.checking import GONE, Edits
from tests.support.known_claims import (
    BOOK,
    FOLIO,
    OTHER_SRO,
    PLATES,
    Fields,
    asked,
    bars,
    earlier,
    night,
    seen,
    stated,
    together,
)
from tests.support.ledgers import AWARD, DRIVE, TAXI, TICKET, begun, claim, corrects, course_on, enter, entry

LAW = load_law()


def plain(claim_id: str, officer: str = "Jordan Reyes", **fields: Any) -> Claim:
    """A claim without documents of its own."""
    return claim(claim_id, officer, **({"lodging": [], "expenses": []} | fields))


def ids(known: History) -> list[str]:
    return [one.claim_id for one in known.claims]


def blocks(stated: Claim, known: History) -> list[str]:
    return [f"{block.check} {block.path}" for block in outside_of(stated, known, LAW).blocks]


# --- which comes first ----------------------------------------------------------------------------------------------


def test_nothing_is_given() -> None:
    assert together() == ()


def test_one_claim_alone_knows_nothing() -> None:
    assert together(plain("A-1")) == (History("new"),)


def test_the_one_received_first_comes_first_then_by_the_day_prepared_the_id_and_the_file() -> None:
    """A-9 was prepared on the 10th, B-1 received on the 9th, B-2 both prepared and received later."""
    given = [
        plain("B-2", prepared_on="2026-10-09", received_on="2026-10-12"),
        plain("A-9", prepared_on="2026-10-10"),
        plain("B-1", prepared_on="2026-10-11", received_on="2026-10-09"),
        plain("A-8", prepared_on="2026-10-10"),
    ]
    assert [ids(known) for known in together(*given)] == [
        ["B-1", "A-8", "A-9"], ["B-1", "A-8"], [], ["B-1"],
    ]  # fmt: skip


def test_of_two_claims_of_one_id_that_of_the_first_file_counts() -> None:
    one, other = plain("A-1"), plain("A-1", prepared_on="2026-10-21")
    same_day = plain("A-1", authorization="TA-7")
    assert [blocks(stated, known) for stated, known in zip((other, one), together(other, one), strict=True)] == [
        ["claim-resubmitted claim_id"],
        [],
    ]
    first, second = together(one, same_day)
    assert (first.claims, [(one.claim_id, one.source) for one in second.claims]) == ((), [("A-1", "0.xlsx")])


def test_a_claim_of_the_batch_says_its_file_and_is_not_paid() -> None:
    (_, later) = together(plain("A-1"), plain("A-2", **course_on("2026-11-05")))
    (one,) = later.claims
    assert (one.source, one.paid, one.verdict, one.recorded_at, one.stands) == (
        "0.xlsx",
        Decimal("0.00"),
        "accept",
        "",
        True,
    )
    assert (one.course_starts_on, one.returned_on) == (date(2026, 10, 5), date(2026, 10, 9))
    assert later.paid_before is None


@pytest.mark.parametrize(
    ("edits", "kind", "replaces", "class_id"),
    [
        ({"course.class_id": GONE}, "original", "", ""),
        ({"course.class_id": "NB-1", "kind": "corrected", "replaces": "A-9"}, "corrected", "A-9", "NB-1"),
    ],
    ids=["an original without a class", "a correction with its class"],
)
def test_a_claim_of_the_batch_as_the_others_see_it(edits: Edits, kind: Kind, replaces: str, class_id: str) -> None:
    given = stated({"claim_id": "A-1", **edits})
    content = canonical(given)
    found = as_earlier(Submitted("a.json", given))
    assert found == EarlierClaim(
        claim_id="A-1",
        kind=kind,
        replaces=replaces,
        officer="Avery O'Neal",
        award_number="2026ULWX0021",
        agency="Floyd County Police Department",
        course_title="NASRO Basic School Resource Officer Course",
        course_starts_on=date(2026, 11, 2),
        course_ends_on=date(2026, 11, 6),
        class_id=class_id,
        departed_on=date(2026, 11, 2),
        returned_on=date(2026, 11, 6),
        claimed=Decimal("0.00"),
        allowable=Decimal("0.00"),
        verdict="accept",
        paid=Decimal("0.00"),
        superseded_by="",
        content_sha256=content_sha256(content),
        recorded_at="",
        recorded_by="",
        source="a.json",
    )
    assert found.content == content


def test_claims_on_record_count_before_those_received_earlier() -> None:
    recorded = asked(earlier("A-2"), recorded=earlier("A-2"))
    given = [
        Submitted("0.json", plain("A-1", received_on="2026-10-12"), asked()),
        Submitted("1.json", plain("A-2", received_on="2026-10-30"), recorded),
    ]
    assert counted_in_order(given) == [1, 0]


def test_the_later_of_two_for_one_course_is_resubmitted_and_no_document_beside_it() -> None:
    given = [claim("A-1", expenses=[TICKET]), claim("A-2", expenses=[TICKET])]
    first, second = together(*given)
    assert (blocks(given[0], first), bars(given[0], first)) == ([], [])
    assert (blocks(given[1], second), bars(given[1], second)) == (["claim-resubmitted kind"], [])


# --- who is who -----------------------------------------------------------------------------------------------------


def test_a_name_may_be_written_otherwise_and_the_award_too() -> None:
    other_award: dict[str, Any] = {"award": {"number": AWARD.replace("-", " ").lower(), "letter_date": "2026-01-05"}}
    _, second, third = together(
        plain("A-1", "José Núñez"), plain("A-2", "NUNEZ,  Jose"), plain("A-3", "jose nunez", **other_award)
    )
    assert (ids(second), ids(third)) == (["A-1"], ["A-1", "A-2"])


def test_another_award_or_another_name_is_another_officer() -> None:
    other_award: dict[str, Any] = {"award": {"number": "2020UMWX0068", "letter_date": "2026-01-05"}}
    _, second, third = together(plain("A-1"), plain("A-2", **other_award), plain("A-3", "Dana Cole"))
    assert (second.claims, third.claims) == ((), ())
    assert [(one.officer, one.why, one.differs) for one in second.near] == [
        ("Jordan Reyes", "same name, another award; same employee id E944315", "award")
    ]
    assert (third.standing, third.near) == ("new", ())


def test_a_similar_name_is_for_a_person_to_decide() -> None:
    first, second, third = together(plain("A-1"), plain("A-2", "Jordan Reyez"), plain("A-3"))
    assert (first.standing, second.standing) == ("new", "undecided")
    assert [str(match) for match in second.near] == [
        f"Jordan Reyes, award {AWARD} (same award, similar name; differs: name, employee id)"
    ]
    # The third is certainly the first's officer, and nothing is open of that one's first claim.
    assert (third.standing, third.near, ids(third)) == ("new", (), ["A-1"])


def test_what_is_open_of_an_officers_first_claim_is_open_of_the_next() -> None:
    first, second, third = together(plain("A-1", "Jordan Reyez"), plain("A-2"), plain("A-3"))
    assert [one.standing for one in (first, second, third)] == ["new", "undecided", "undecided"]
    assert third.near == second.near


def test_a_name_without_a_letter_is_like_no_other() -> None:
    first, second = together(plain("A-1", "?!"), plain("A-2", "?!", prepared_on="2026-10-21"))
    assert (first, second) == (History("new"), History("new", paid_to=second.paid_to))


def test_only_so_many_names_are_compared_and_named() -> None:
    alike = [plain(f"A-{n:02}", f"Jordan Reye{letter}") for n, letter in enumerate("abcdefgh")]
    assert len(together(*alike)[-1].near) == MOST_NEAR
    others = [plain(f"A-{n:03}", f"Jordan {chr(97 + n) * 9}") for n in range(MOST_COMPARED)]
    late = [plain("B-1", "Jordan Reyes"), plain("C-1", "Jordan Reyez")]
    assert together(*others[1:], *late)[-1].near[0].officer == "Jordan Reyes"
    assert together(*others, *late)[-1].standing == "new"


def test_a_name_and_a_document_both_speak_for_one_officer() -> None:
    papers: Fields = {"lodging": [], "expenses": [TICKET]}
    (match,) = together(claim("A-1", "Jordan Reyez", **papers), claim("A-2", **papers))[1].near
    assert match.why == "same award, similar name; same ticket 0162345678901 for the same course"


def test_a_name_on_record_is_the_ledgers_to_compare() -> None:
    """The ledger has Jordan Reyes; of Jordan Reyez, who is new, it asks itself whether he is that one."""
    on_record = History("recorded", Decimal("0.00"), spellings=(OfficerKey.of(AWARD, "Jordan Reyes"),))
    new = ("Jordan Reyez", asked())
    for first, second in ((new, ("Jordan Reyes", on_record)), (("Jordan Reyes", on_record), new)):
        given = [Submitted(f"{n}.json", plain(f"A-{n}", who), its) for n, (who, its) in enumerate((first, second))]
        assert [(its.standing, its.near) for its in known_together(given)] == [
            (first[1].standing, ()),
            (second[1].standing, ()),
        ]


def test_who_was_paid_for_the_agency_is_remembered_the_latest_last() -> None:
    """Three claims to the city, the county, and the city again; the claim after them is told of each once."""
    sample = plain("A-1").agency.model_dump(mode="json")
    payees = ("City of Rome", "Floyd County", "City of Rome", "City of Rome")
    given = [
        plain(f"A-{number}", **course_on(f"2026-0{number}-05"), agency=sample | {"payee": payee})
        for number, payee in enumerate(payees, start=5)
    ]
    to_city, to_county = PaidTo.of(given[0]), PaidTo.of(given[1])
    assert (to_city.payee, to_county.payee) == ("City of Rome", "Floyd County")
    assert [one.paid_to for one in together(*given)] == [(), (to_city,), (to_city, to_county), (to_county, to_city)]


# --- the same claim twice, and corrections --------------------------------------------------------------------------


def test_the_same_claim_twice_counts_once() -> None:
    stated = claim("A-1", expenses=[TICKET])
    first, second = together(stated, stated)
    assert (first.copy_of, second.copy_of) == ("", "0.xlsx")
    assert (bars(stated, second), blocks(stated, second)) == ([], ["claim-resubmitted claim_id"])
    assert "is in 0.xlsx too" in outside_of(stated, second, LAW).blocks[0].why


def test_a_claim_of_the_same_words_for_two_officers_is_two_claims() -> None:
    first, second = together(plain("A-1"), plain("A-1", "Dana Cole"))
    assert (first.copy_of, second.copy_of, second.claims) == ("", "", ())


def test_a_correction_counts_instead_of_what_it_corrects() -> None:
    given = [
        claim("A-1", expenses=[TICKET]),
        claim("A-2", **corrects("a-1", expenses=[TICKET])),
        claim("B-1", "Dana Cole", expenses=[TICKET]),
    ]
    first, correction, other = together(*given)
    assert first.corrected_by is not None
    assert (first.corrected_by.claim_id, blocks(given[0], first)) == ("A-2", ["claim-resubmitted claim_id"])
    assert (ids(correction), correction.claims[0].superseded_by) == (["A-1"], "A-2")
    assert (blocks(given[1], correction), bars(given[1], correction)) == ([], [])
    assert [sighting.claim.claim_id for sighting in other.sightings] == ["A-2"]
    assert bars(given[2], other) == ["E1 duplicate-document"]


def test_of_a_chain_of_corrections_the_last_counts() -> None:
    given = [plain("A-1"), plain("A-2", **corrects("A-1")), plain("A-3", **corrects("A-2"))]
    known = together(*given)
    assert [blocks(one, its) for one, its in zip(given, known, strict=True)] == [
        ["claim-resubmitted claim_id"],
        ["claim-resubmitted claim_id"],
        [],
    ]


def test_a_second_correction_of_one_claim_names_the_first() -> None:
    given = [plain("A-1"), plain("A-2", **corrects("A-1")), plain("A-3", **corrects("A-1"))]
    _, second, third = together(*given)
    assert (blocks(given[1], second), blocks(given[2], third)) == ([], ["claim-resubmitted replaces"])
    assert "by claim A-2 of" in outside_of(given[2], third, LAW).blocks[0].why


def test_a_correction_that_comes_before_what_it_corrects_counts_all_the_same() -> None:
    given = [plain("A-1", prepared_on="2026-10-25"), plain("A-2", **corrects("A-1"))]
    first, correction = together(*given)
    assert (blocks(given[0], first), blocks(given[1], correction)) == (["claim-resubmitted claim_id"], [])


def test_claims_that_correct_each_other() -> None:
    circle = [plain("A-1", **corrects("A-2")), plain("A-2", **corrects("A-1"))]
    for one, its in zip(circle, together(*circle), strict=True):
        assert blocks(one, its) == ["claim-resubmitted claim_id"]


def test_a_supplement_goes_with_its_claim_and_claims_nothing_twice() -> None:
    given = [
        claim("A-1", expenses=[TICKET, TAXI]),
        claim("S-1", kind="supplemental", replaces="A-1", expenses=[TICKET, TAXI]),
    ]
    first, supplement = together(*given)
    assert (first.corrected_by, blocks(given[1], supplement)) == (None, [])
    assert bars(given[1], supplement)[:2] == ["E1 duplicate-document", "N1 claim-resubmitted"]
    assert [(one.seen.kind, one.same_sro) for one in supplement.sightings] == [("ticket", True), ("line", True)]


# --- documents, vehicles --------------------------------------------------------------------------------------------


def test_the_same_folio_number_at_two_hotels_is_two_folios() -> None:
    given = [
        claim("A-1", lodging=[night(4)]),
        claim("B-1", "Dana Cole", lodging=[night(4, hotel="Sea Inn")]),
        claim("C-1", "Lee Park", lodging=[night(4, hotel="LAKE  INN")]),
        claim("D-1", "Sam Hall", lodging=[night(4, hotel=None)]),
    ]
    assert [bars(one, its) for one, its in zip(given, together(*given), strict=True)] == [
        [],
        [],
        ["N1 duplicate-document"],
        ["N1 duplicate-document"],
    ]


@pytest.mark.parametrize(
    ("number", "hotel"),
    [("Folio 88213", "Lake Inn & Suites"), ("Folio 0088213", "Lake Inn"), ("Folio 088213", "The Lake Inn")],
)
def test_what_may_be_the_same_folio_is_for_a_person_to_decide(number: str, hotel: str) -> None:
    given = [
        claim("A-1", lodging=[night(4)], expenses=[]),
        claim("B-1", "Dana Cole", lodging=[night(4, receipt=number, hotel=hotel)], expenses=[]),
    ]
    first, second = together(*given)
    assert (first.alike, second.sightings, bars(given[1], second)) == ((), (), [])
    assert [(one.claim.claim_id, one.before.value, one.before.vendor) for one in second.alike] == [
        ("A-1", "88213", "lake inn")
    ]


def test_numbers_that_end_alike_take_no_place_from_each_other() -> None:
    """So many claims are remembered of X88213; 88213 is another folio, and so is 882130."""
    many = [
        claim(f"A-{n:02}", f"Officer {chr(97 + n) * 5}", lodging=[night(4, receipt=number)], expenses=[])
        for n, number in enumerate([*["Folio X88213"] * MOST_OWNERS, "Folio 88213", "Folio 88213", "Folio 882130"])
    ]
    known = together(*many)[-3:]
    assert [[one.claim.claim_id for one in its.sightings] for its in known] == [[], ["A-20"], []]
    assert [its.alike for its in known] == [(), (), ()]


def test_a_vehicle_is_paid_to_the_first_who_claims_it() -> None:
    given = [
        claim("B-1", "Dana Cole", expenses=[DRIVE | {"plate": "ILABC12"}]),
        claim("A-1", expenses=[DRIVE], received_on="2026-10-30"),
    ]
    first, second = together(*given)
    assert (bars(given[0], first), bars(given[1], second)) == ([], ["E1 second-payee-vehicle"])
    elsewhere = claim(
        "A-1",
        expenses=[DRIVE],
        received_on="2026-10-30",
        course=given[0].course.model_dump(mode="json") | {"starts_on": "2026-11-02", "ends_on": "2026-11-06"},
    )
    assert bars(elsewhere, together(given[0], elsewhere)[1]) == []


def test_who_rides_along_and_claims_a_toll_is_no_second_payee() -> None:
    toll = {
        "date": "2026-10-04",
        "category": "tolls",
        "amount": "4.00",
        "plate": "IL ABC-12",
        "description": "passenger",
    }
    fuel = toll | {"category": "agency_vehicle_fuel", "amount": "31.00", "receipt": "X-99812"}
    given = [claim("A-1", expenses=[DRIVE]), claim("B-1", "Dana Cole", expenses=[toll, fuel])]
    for pair in (given, given[::-1]):
        assert [bars(one, its) for one, its in zip(pair, together(*pair), strict=True)] == [[], []]


def test_unnumbered_lines_are_compared_within_one_officers_claims() -> None:
    given = [
        plain(
            "A-1",
            expenses=[TAXI],
            **{k: v for k, v in course_on("2026-09-07").items() if k != "expenses"} | {"lodging": []},
        ),
        plain("A-2", expenses=[TAXI]),
        plain("B-1", "Dana Cole", expenses=[TAXI]),
    ]
    _, same, other = together(*given)
    assert ([one.seen.kind for one in same.sightings], other.sightings) == (["line"], ())


def test_of_a_document_so_many_claims_are_remembered() -> None:
    given = [claim(f"A-{n:02}", f"Officer {chr(97 + n) * 5}", expenses=[TICKET]) for n in range(MOST_OWNERS + 3)]
    known = together(*given)
    assert [len(one.sightings) for one in known] == [*range(MOST_OWNERS), MOST_OWNERS, MOST_OWNERS, MOST_OWNERS]
    assert all(bars(one, its) for one, its in list(zip(given, known, strict=True))[1:])


# --- with the ledger ------------------------------------------------------------------------------------------------


def test_the_ledger_alone_and_the_others_alone() -> None:
    one, two = asked(earlier(paid=Decimal("400.00"))), History("new", claims=(earlier("A-2", source="b.xlsx"),))
    assert joined(None, two) is two
    both = joined(one, two)
    assert (ids(both), both.paid_before, both.standing, both.on_roster) == (
        ["A-1", "A-2"],
        Decimal("400.00"),
        "recorded",
        True,
    )


def test_each_fact_of_the_ledger_and_of_the_batch_is_in_both() -> None:
    """What only one of them can know is taken from it, and what both know is the ledger's first."""
    of_ledger = PaidTo("City of Rome")
    ledger = asked(
        earlier("A-1"),
        sightings=seen(FOLIO, "folio", OTHER_SRO),
        alike=seen(BOOK, "receipt", OTHER_SRO),
        near_on_roster=("Avery Oneal",),
        recorded=earlier("A-1"),
        spellings=(OfficerKey.of("A-5", "Avery O'Neal"),),
        sro=4,
        apart=frozenset({OfficerKey.of("A-5", "Dana Cole")}),
        paid_to=(of_ledger,),
    )
    batch = History(
        "new",
        claims=(earlier("C-1", source="c.json"),),
        sightings=seen(PLATES, "vehicle", OTHER_SRO),
        alike=seen(PLATES, "plate", OTHER_SRO),
        copy_of="c.json",
        corrected_by=earlier("C-2", source="d.json"),
        paid_to=(PaidTo("Floyd County"),),
    )
    both = joined(ledger, batch)
    assert both == replace(
        ledger,
        claims=(earlier("A-1"), earlier("C-1", source="c.json")),
        sightings=(*seen(FOLIO, "folio", OTHER_SRO), *seen(PLATES, "vehicle", OTHER_SRO)),
        alike=(*seen(BOOK, "receipt", OTHER_SRO), *seen(PLATES, "plate", OTHER_SRO)),
        copy_of="c.json",
        corrected_by=earlier("C-2", source="d.json"),
        paid_to=(of_ledger, PaidTo("Floyd County")),
    )
    assert both.of_ledger is ledger


def test_who_may_be_meant_is_named_once() -> None:
    recorded = NearMatch(7, "A", "Jordan Reyez", "same award, similar name")
    given = (replace(recorded, sro=0), replace(recorded, sro=0, officer="J. Reyes"))
    new = asked()
    assert joined(new, History("undecided", near=given)).near == given
    both = joined(replace(new, standing="undecided", near=(recorded,)), History("undecided", near=given))
    assert (both.standing, both.near) == ("undecided", (recorded, given[1]))


def submitted(ledger: Ledger, *claims: Claim) -> list[Submitted]:
    return [Submitted(f"{number}.xlsx", one, ledger.known(one)) for number, one in enumerate(claims)]


def test_a_claim_on_record_comes_before_one_received_earlier(tmp_path: Any, law: Law) -> None:
    recorded = claim("A-1", expenses=[TICKET], received_on="2026-10-30")
    sooner = claim("B-1", "Dana Cole", expenses=[TICKET], received_on="2026-10-12")
    with begun(
        str(tmp_path / "l.sqlite"), law, entry("A-1", fields={"expenses": [TICKET], "received_on": "2026-10-30"})
    ) as ledger:
        on_record, other = known_together(submitted(ledger, recorded, sooner))
    assert on_record.recorded is not None
    assert (bars(recorded, on_record), bars(sooner, other)) == ([], ["E1 duplicate-document"])
    # It is told once: by the ledger.
    assert [(one.claim.claim_id, one.claim.source) for one in other.sightings] == [("A-1", "")]


def test_a_copy_of_a_claim_on_record_is_still_one_too_many(tmp_path: Any, law: Law) -> None:
    with begun(str(tmp_path / "l.sqlite"), law, entry("A-1")) as ledger:
        stated = claim("A-1")
        first, second = known_together(submitted(ledger, stated, stated))
    assert (blocks(stated, first), blocks(stated, second)) == ([], ["claim-resubmitted claim_id"])


def test_a_claim_on_record_is_not_barred_for_its_correction(tmp_path: Any, law: Law) -> None:
    with begun(str(tmp_path / "l.sqlite"), law, entry("A-1")) as ledger:
        given = [claim("A-1"), claim("A-2", **corrects("A-1")), claim("A-3", **corrects("A-1"))]
        first, second, third = known_together(submitted(ledger, *given))
    assert (blocks(given[0], first), first.corrected_by) == ([], None)
    assert (blocks(given[1], second), ids(second)) == ([], ["A-1"])
    assert (blocks(given[2], third), ids(third)) == (["claim-resubmitted replaces"], ["A-1", "A-2"])


def test_spellings_that_a_person_confirmed_are_one_officer(tmp_path: Any, law: Law) -> None:
    with begun(str(tmp_path / "l.sqlite"), law, entry("A-1", fields=course_on("2026-07-06"))) as ledger:
        enter(ledger, entry("A-2", officer="J. Reyes", sro=1, fields=course_on("2026-08-03")), law)
        given = [claim("A-3"), claim("A-4", "J. REYES")]
        first, second = known_together(submitted(ledger, *given))
    assert second.spellings == (OfficerKey.of(AWARD, "Jordan Reyes"), OfficerKey.of(AWARD, "J. Reyes"))
    assert (ids(first), ids(second)) == (["A-1", "A-2"], ["A-1", "A-2", "A-3"])
    assert blocks(given[1], second) == ["claim-resubmitted kind"]


def test_the_ledgers_own_officers_are_not_named_twice(tmp_path: Any, law: Law) -> None:
    with begun(str(tmp_path / "l.sqlite"), law, entry("A-1", fields=course_on("2026-07-06"))) as ledger:
        _, near, new = known_together(
            submitted(ledger, claim("A-2"), claim("A-3", "Jordan Reyez"), claim("B-1", "Dana Cole"))
        )
    assert [(one.sro, one.officer) for one in near.near] == [(1, "Jordan Reyes")]
    assert (near.is_undecided_on_record, new.standing) == (True, "new")


def test_a_name_without_a_letter_is_nobody_on_record(tmp_path: Any, law: Law) -> None:
    with begun(str(tmp_path / "l.sqlite"), law, entry("A-1")) as ledger:
        (known,) = known_together(submitted(ledger, claim("A-2", "?!")))
    assert (known.standing, known.claims, known.near, known.paid_before) == ("new", (), (), Decimal("0.00"))


def test_a_room_shared_with_one_on_record(tmp_path: Any, law: Law) -> None:
    first = {"lodging": [night(4, sharers=2, shared_with=["Dana Cole"])]}
    stated = claim("B-1", "Dana Cole", lodging=[night(4, sharers=2, shared_with=["Jordan Reyes"])])
    alone = claim("C-1", "Lee Park", lodging=[night(4, sharers=2, shared_with=["Jordan Reyes"])])
    with begun(str(tmp_path / "l.sqlite"), law, entry("A-1", fields=first)) as ledger:
        assert (bars(stated, ledger.known(stated)), bars(alone, ledger.known(alone))) == (
            [],
            ["N1 duplicate-document"],
        )


# --- laws -----------------------------------------------------------------------------------------------------------


def random_batch(rng: random.Random) -> list[Submitted]:
    """Claims of a few officers with a few documents, courses and relations, so that they meet often."""
    given = []
    for number in range(rng.randint(1, 12)):
        kind = rng.choice(["original", "original", "corrected", "supplemental"])
        own, other = rng.sample(range(6), 2)
        fields: dict[str, Any] = {
            **course_on(rng.choice(["2026-10-05", "2026-10-06", "2026-11-02"])),
            "kind": kind,
            "replaces": None if kind == "original" else f"A-{other}",
            "received_on": rng.choice(["2026-10-20", "2026-10-21", None]),
            "expenses": [one for one in (TICKET, DRIVE, TAXI) if rng.random() < 0.4],
            "lodging": [night(4, sharers=2, shared_with=["Dana Cole", "Jordan Reyes"])] if rng.random() < 0.4 else [],
        }
        officer = rng.choice(["Jordan Reyes", "REYES, Jordan", "Dana Cole", "Dana Coal"])
        given.append(Submitted(f"{number}.xlsx", claim(f"A-{own}", officer, **fields)))
    return given


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_files_changes_nothing(rng: random.Random) -> None:
    given = random_batch(rng)
    told = {one.source: known for one, known in zip(given, known_together(given), strict=True)}
    rng.shuffle(given)
    assert {one.source: known for one, known in zip(given, known_together(given), strict=True)} == told


@given(st.randoms(use_true_random=False))
def test_of_those_that_claim_the_same_one_is_always_left(rng: random.Random) -> None:
    """Every document is claimed by a claim that is not barred for it, unless by claims that are barred whole."""
    given = random_batch(rng)
    outsides = [outside_of(one.claim, its, LAW) for one, its in zip(given, known_together(given), strict=True)]
    for kind in ("ticket", "plate"):
        lines = [
            (number, f"E{index}")
            for number, one in enumerate(given)
            for index, expense in enumerate(one.claim.expenses, start=1)
            if getattr(expense, kind)
        ]
        free = [1 for number, line in lines if line not in outsides[number].bars]
        assert bool(free) == bool(lines)


@pytest.mark.slow
def test_a_thousand_claims_take_no_more_than_a_thousand_times_one() -> None:
    """Twice as many claims that meet in every document take about twice as long, not four times."""
    base = claim("A-1", expenses=[TICKET, DRIVE], lodging=[night(4)])
    given = [
        Submitted(
            f"{n}.xlsx",
            base.model_copy(
                update={"claim_id": f"A-{n}", "officer": base.officer.model_copy(update={"name": f"Name{n} A{n}"})}
            ),
        )
        for n in range(1000)
    ]

    def seconds(count: int) -> float:
        best = float("inf")
        for _ in range(3):
            begun_at = time.process_time()
            known_together(given[:count])
            best = min(best, time.process_time() - begun_at)
        return best

    assert seconds(1000) < 3 * seconds(500)


def test_a_document_of_two_claims_of_another_officer_is_named_once() -> None:
    papers: dict[str, Any] = {"lodging": [], "expenses": [TICKET]}
    other = [claim("A-1", "Kim Alvarez", **papers), claim("A-2", "Kim Alvarez", **papers)]
    last = together(*other, claim("A-3", "Pat Stone", **papers))[2]
    assert [match.why.count("same ticket") for match in last.near] == [1]


def test_a_document_of_an_officer_whose_award_has_no_letter_asks_nothing_of_who_it_is() -> None:
    papers: dict[str, Any] = {"lodging": [], "expenses": [TICKET]}
    without = claim("A-1", "Kim Alvarez", award={"number": "--", "letter_date": "2025-10-01"}, **papers)
    last = together(without, claim("A-2", "Pat Stone", **papers))[1]
    assert (len(last.sightings), last.near) == (1, ())
