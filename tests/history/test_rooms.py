"""The room that officers share: by which claims it is one room, and what each claim is told of the other."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from perdiem_calc.claims.documents import fingerprints
from perdiem_calc.dated import Law
from perdiem_calc.history.records import nights_at_odds
from tests.support.inbox import officer
from tests.support.known_claims import bars, night, together
from tests.support.ledgers import Order, begun, claim, entry
from tests.support.ledgers import night as orlando

DAYS = (date(2026, 10, 20), date(2026, 10, 21))
HALVED = {"sharers": 2, "shared_with": ["Cole, DANA"]}


@pytest.mark.parametrize(
    ("mine", "theirs", "is_at_odds"),
    [
        pytest.param(HALVED, {}, True, id="the other claims the whole room"),
        pytest.param({"sharers": 2, "shared_with": ["b-1"]}, {}, True, id="named by the claim's id"),
        pytest.param({"shared_with": ["Dana Cole"]}, {}, True, id="both claim the whole room"),
        pytest.param(HALVED, {"shared_with": ["A-1"]}, True, id="named by both, and one claims the whole room"),
        pytest.param(HALVED, {"sharers": 2, "shared_with": ["A-1"]}, False, id="both halve it"),
        pytest.param(HALVED, {"sharers": 2}, False, id="both halve it, one without a name"),
        pytest.param({"sharers": 2, "shared_with": ["Lee Park"]}, {}, False, id="shared with somebody else"),
        pytest.param({"sharers": 2}, {}, False, id="nobody is named"),
        pytest.param(HALVED, {"night": "2026-10-05"}, False, id="another night"),
        pytest.param(HALVED, {"paid_by": "other"}, False, id="somebody else paid the other's"),
        pytest.param(HALVED | {"paid_by": "other"}, {}, False, id="somebody else paid this one's"),
    ],
)
def test_who_shared_a_room_by_one_claim_and_had_a_whole_one_by_another(
    mine: dict[str, Any], theirs: dict[str, Any], is_at_odds: bool
) -> None:
    one = claim("A-1", lodging=[orlando(**mine)])
    other = claim("B-1", "Dana Cole", lodging=[orlando(**theirs)])
    expected = {date(2026, 10, 4)} if is_at_odds else set()
    assert nights_at_odds(one, other) == nights_at_odds(other, one) == expected


def test_the_id_of_another_awards_claim_names_nobody() -> None:
    """Each agency numbers its claims as it likes."""
    one = claim("A-1", lodging=[orlando(sharers=2, shared_with=["B-1"])])
    other = claim("B-1", "Dana Cole", lodging=[orlando()])
    elsewhere = other.model_copy(update={"award": other.award.model_copy(update={"number": "2024-UM-WX-9999"})})
    assert nights_at_odds(one, other) == {date(2026, 10, 4)}
    assert nights_at_odds(one, elsewhere) == set()


@pytest.mark.parametrize(
    ("place", "hotels", "is_at_odds"),
    [
        ({"city": "ORLANDO", "state": "Florida"}, ("Lake Inn", "Sea Inn"), True),
        ({"city": "Tampa", "state": "FL"}, ("Lake Inn", "Sea Inn"), False),
        ({"city": "Tampa", "state": "FL"}, (None, None), False),
        ({"city": "Tampa", "state": "FL"}, ("Lake Inn", "LAKE  INN"), True),
        ({"zip": "32819-1234"}, (None, None), True),
        ({"zip": "33602"}, (None, None), False),
    ],
)
def test_a_room_is_one_where_both_lodged_in_one_hotel_or_place(
    place: dict[str, str], hotels: tuple[str | None, str | None], is_at_odds: bool
) -> None:
    trip = json.loads(claim().model_dump_json(by_alias=True))["trip"]
    here = trip["stops"][0] | {"place": {"city": "Orlando", "state": "FL", "zip": "32819"}}
    there = trip["stops"][0] | {"place": place}
    one = claim("A-1", lodging=[orlando(**HALVED, hotel=hotels[0])], trip=trip | {"stops": [here]})
    other = claim("B-1", "Dana Cole", lodging=[orlando(hotel=hotels[1])], trip=trip | {"stops": [there]})
    assert bool(nights_at_odds(one, other)) is is_at_odds


# --- claims given together ------------------------------------------------------------------------------------------


def test_a_room_that_both_say_they_shared_is_no_duplicate() -> None:
    given = [
        claim(
            "A-1", lodging=[night(4, sharers=2, shared_with=["cole, DANA"]), night(5, sharers=2, shared_with=["B-1"])]
        ),
        claim(
            "B-1",
            "Dana Cole",
            lodging=[night(4, sharers=2, shared_with=["a-1"]), night(5, sharers=2, shared_with=["Jordan Reyes"])],
        ),
    ]
    _, second = together(*given)
    assert bars(given[1], second) == []
    assert second.sightings[0].shared_on == {date(2026, 10, 4), date(2026, 10, 5)}


def test_a_room_that_one_of_them_says_was_shared_is_a_duplicate() -> None:
    mine = [night(4, sharers=2, shared_with=["B-1"])]
    for theirs in (
        night(4),
        night(4, sharers=1, shared_with=["A-1"]),
        night(4, sharers=2),
        night(4, sharers=2, shared_with=["Lee Park"]),
        night(5, sharers=2, shared_with=["A-1"]),
    ):
        given = [claim("A-1", lodging=mine), claim("B-1", "Dana Cole", lodging=[theirs])]
        _, second = together(*given)
        assert bars(given[1], second) == ["N1 duplicate-document"], theirs


def test_a_room_that_one_names_and_the_other_claims_whole_is_seen_without_a_folio() -> None:
    halved = claim("A-1", lodging=[night(4, receipt="R1", hotel=None, sharers=2, shared_with=["Dana Cole"])])
    whole = claim("B-1", "Dana Cole", lodging=[night(4, receipt="Folio 70012", hotel=None)])
    for pair in ((halved, whole), (whole, halved)):
        first, second = together(
            *(one.model_copy(update={"received_on": on}) for one, on in zip(pair, DAYS, strict=True))
        )
        assert first.sightings == ()
        assert {(one.seen.kind, one.claim.claim_id) for one in second.sightings} == {("room", pair[0].claim_id)}
        assert bars(pair[1], second) == []
    both = claim("B-1", "Dana Cole", lodging=[night(4, receipt="R1", sharers=2)])
    assert together(halved, both)[1].sightings == ()
    # An officer's own claims are compared otherwise: the night is paid once.
    own = claim("A-2", lodging=[night(4, receipt="R1", shared_with=["A-1"])], expenses=[])
    assert together(halved, own)[1].sightings == ()


def test_no_more_share_a_room_than_they_say() -> None:
    names = {"A-1": "Jordan Reyes", "B-1": "Dana Cole", "C-1": "Lee Park"}

    def sharing(sharers: int) -> list[list[str]]:
        given = [
            claim(claim_id, officer, lodging=[night(4, sharers=sharers, shared_with=[*names])])
            for claim_id, officer in names.items()
        ]
        return [bars(one, its) for one, its in zip(given, together(*given), strict=True)]

    assert sharing(3) == [[], [], []]
    assert sharing(2) == [[], [], ["N1 duplicate-document"]]


# --- in the ledger --------------------------------------------------------------------------------------------------


def test_a_house_shared_by_many_hides_no_receipt_that_was_used_before(place: str, law: Law) -> None:
    """Nine officers, five nights, each naming all others: hundreds of marks of rooms, and one receipt used again."""
    ids = [f"H-{number}" for number in range(9)]
    lodging = [night(day, receipt="R1", sharers=9, shared_with=[*map(officer, ids)]) for day in range(4, 9)]
    taxi = {"date": "2026-10-05", "category": "taxi", "amount": "34.00", "receipt": "1-20044", "vendor": "Cab"}

    def of_house(claim_id: str, *expenses: dict[str, str]) -> Order:
        fields = {"lodging": lodging, "expenses": [*expenses]}
        return entry(claim_id, "100.00", officer(claim_id), fields=fields)

    *others, last = ids
    with begun(place, law, *(of_house(one) for one in others[:-1]), of_house(others[-1], taxi)) as ledger:
        known = ledger.known(of_house(last, taxi).itemized.claim)
    assert [(one.seen.kind, one.claim.claim_id) for one in known.sightings] == [("receipt", others[-1])]


def test_of_a_room_that_a_hundred_are_said_to_have_shared_the_first_are_compared() -> None:
    names = [f"Officer {chr(97 + number // 10)}{chr(97 + number % 10)}" for number in range(100)]
    shared = claim("A-1", lodging=[night(4, sharers=20, shared_with=names)], expenses=[])
    rooms = [mark.value for mark in fingerprints(shared) if mark.kind == "room"]
    assert rooms[:3] == ["jordan reyes 2026-10-04", "a-1 2026-10-04", "officer aa 2026-10-04"]
    assert len(rooms) == 2 + 20
