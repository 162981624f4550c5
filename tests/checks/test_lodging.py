"""The checks of lodging: ceilings, taxes, sharing, approvals, folios. Amounts are derived by hand from RULES."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from tests.support.checking import GONE, Desk, Edits, moody, no_room

APPROVAL = {"by": "nasro", "on": "2026-10-01", "ceiling": "150.00", "reason": "the course hotel"}
ORLANDO = {"city": "Orlando", "state": "FL"}
AT_CEILING = {f"lodging[{index}].room_rate": "113.00" for index in range(4)}
RESORT = {"date": "2026-11-02", "category": "resort_fee", "amount": "30.00"}
AGAIN = {"date": "2026-11-02", "category": "other", "amount": "98.00", "description": "Hotel room", "receipt": "R9"}


def _approved(night: int = 0, **changes: Any) -> Edits:
    return {f"lodging[{night}].approval": {k: v for k, v in {**APPROVAL, **changes}.items() if v is not None}}


CASES: list[tuple[str, Edits, list[str]]] = [
    ("a room at the ceiling", {"lodging[0].room_rate": "113.00"}, []),
    (
        "a room a cent above the ceiling, whose tax rounds to the same cent",
        {"lodging[0].room_rate": "113.01"},
        ["lodging-over-ceiling info lodging[0].room_rate: 113.01 to 113.00"],
    ),
    (
        # 26.00 x 113 / 200 = 14.69; the claim is then 915.63, of which 1000.00 leaves 84.37.
        "a room of $200.00",
        {"lodging[0].room_rate": "200.00", "lodging[0].tax": "26.00"},
        [
            "lodging-over-ceiling info lodging[0].room_rate: 200.00 to 113.00, payment -84.37",
            "lodging-tax-over-share info lodging[0].tax: 26.00 to 14.69",
        ],
    ),
    (
        "the night of return",
        {"lodging[3].night": "2026-11-06", "lodging[+]": no_room("2026-11-05")},
        ["lodging-night-not-in-trip blocks lodging[3].room_rate, lodging[3].tax: 110.74 to 0.00"],
    ),
    (
        "a night claimed twice",
        {"lodging[1].night": "2026-11-02", "lodging[+]": no_room("2026-11-03")},
        ["lodging-night-not-in-trip blocks lodging[1].room_rate, lodging[1].tax: 110.74 to 0.00"],
    ),
    (
        "every night at the ceiling without a folio",
        {**AT_CEILING, "attachments.folio": "not_needed"},
        ["attachment-missing review attachments.folio", "lodging-equals-ceiling info attachments.folio"],
    ),
    ("every night at the ceiling with the folio", AT_CEILING, []),
    (
        "every night but one at the ceiling without a folio",
        {**AT_CEILING, "lodging[0].room_rate": "112.99", "attachments.folio": "not_needed"},
        ["attachment-missing review attachments.folio"],
    ),
    (
        "no lodging and no folio",
        {"lodging": [], "attachments.folio": "not_needed"},
        ["night-unanswered review lodging"],
    ),
    (
        "no lodging and no folio, and each night says why",
        {"lodging": [no_room(f"2026-11-0{day}") for day in range(2, 6)], "attachments.folio": "not_needed"},
        [],
    ),
    ("tax of exactly 20 %", {"lodging[0].tax": "19.60"}, []),
    (
        "tax of a cent above 20 % on two nights",
        {"lodging[0].tax": "19.61", "lodging[2].tax": "19.61"},
        ["lodging-tax-high review lodging[0].tax, lodging[2].tax"],
    ),
    (
        "tax on a free room",
        {"lodging[0].room_rate": "0.00"},
        [
            "lodging-tax-high review lodging[0].tax",
            "lodging-tax-over-share info lodging[0].tax: 12.74 to 0.00",
        ],
    ),
    ("a free room without tax", {"lodging[0].room_rate": "0.00", "lodging[0].tax": "0.00"}, []),
    (
        "high tax on the night of return is not paid anyway",
        {"lodging[3].night": "2026-11-06", "lodging[3].tax": "50.00", "lodging[+]": no_room("2026-11-05")},
        ["lodging-night-not-in-trip blocks lodging[3].room_rate, lodging[3].tax: 148.00 to 0.00"],
    ),
    (
        "a flat charge on two nights",
        {"lodging[0].flat_tax": "2.00", "lodging[1].flat_tax": "2.00"},
        ["flat-tax review lodging[0].flat_tax, lodging[1].flat_tax"],
    ),
    ("a mandatory resort fee", {"expenses[+]": RESORT}, ["resort-fee review expenses[2].amount"]),
    (
        "an optional resort fee",
        {"expenses[+]": {**RESORT, "description": "optional resort fee"}},
        ["resort-fee review expenses[2].description: 30.00 to 0.00"],
    ),
    (
        "a room among the expenses",
        {"expenses[+]": AGAIN},
        ["lodging-claimed-twice blocks expenses[2].amount: 98.00 to 0.00"],
    ),
    (
        "a hotel's service at another amount",
        {"expenses[+]": {**AGAIN, "amount": "97.00"}},
        ["other-expense review expenses[2].description"],
    ),
    (
        "a hotel's charge that is no night, at the amount of one",
        {"expenses[+]": {**AGAIN, "category": "lodging_fee"}},
        ["lodging-fee review expenses[2].description"],
    ),
    (
        "a hotel's charge above the ceiling",
        {"expenses[+]": {**AGAIN, "category": "lodging_fee", "amount": "114.00"}},
        [
            "cap-applied info previously_reimbursed: 1011.68 to 1000.00",
            "lodging-fee review expenses[2].amount: 114.00 to 113.00, payment 0.00",
            "lodging-fee review expenses[2].description",
        ],
    ),
    (
        "a room shared by two officers",
        {"lodging[0].sharers": 2},
        ["shared-room-split info lodging[0].room_rate, lodging[0].tax: 110.74 to 55.37"],
    ),
    (
        # 12.74 x 90 / 98 = 11.70
        "a room shared with a companion",
        {"lodging[0].single_rate": "90.00"},
        ["shared-room-split info lodging[0].room_rate, lodging[0].tax: 110.74 to 101.70"],
    ),
    (
        "two nights with friends",
        {"lodging[0].type": "friends_family", "lodging[1].type": "friends_family"},
        ["lodging-type review lodging[0].type, lodging[1].type"],
    ),
    (
        "a free night with friends",
        {"lodging[0].type": "friends_family", "lodging[0].room_rate": "0.00", "lodging[0].tax": "0.00"},
        [],
    ),
    ("home-sharing", {"lodging[0].type": "home_sharing"}, ["lodging-type review lodging[0].type"]),
    ("a dormitory", {"lodging[0].type": "dormitory"}, ["lodging-type review lodging[0].type"]),
    ("government lodging", {"lodging[0].type": "government"}, []),
    (
        # The M&IE of the days that touch the night, 51.00 and 68.00, is not paid either
        "the officer's own home",
        {"lodging[0].type": "own_home"},
        [
            "commuting blocks lodging[0].type: 119.00 to 0.00",
            "lodging-type info lodging[0].room_rate, lodging[0].tax: 110.74 to 0.00",
        ],
    ),
    (
        "the hotel's own place without an approval",
        {"lodging[0].alternate_place": ORLANDO},
        [
            "alternate-locality review lodging[0].alternate_place",
            "justification-empty review lodging[0].approval.reason",
        ],
    ),
    (
        "the hotel's own place with an approval before the trip",
        {"lodging[0].alternate_place": ORLANDO, **_approved()},
        ["alternate-locality review lodging[0].alternate_place"],
    ),
    ("an approval before the trip", {"lodging[0].room_rate": "150.00", **_approved()}, []),
    (
        # 12.74 x 113 / 150 = 9.60
        "an approval by the agency alone, so that the ceiling stands",
        {"lodging[0].room_rate": "150.00", **_approved(by="agency")},
        [
            "above-ceiling-approval review lodging[0].approval",
            "lodging-over-ceiling info lodging[0].room_rate: 150.00 to 113.00",
            "lodging-tax-over-share info lodging[0].tax: 12.74 to 9.60",
        ],
    ),
    ("an approval without a date", _approved(on=None), ["above-ceiling-approval review lodging[0].approval"]),
    (
        "approvals of the day of departure for two nights, above the ceiling of $113.00",
        {
            **_approved(on="2026-11-02"),
            **_approved(1, on="2026-11-02"),
            "lodging[0].room_rate": "113.01",
            "lodging[1].room_rate": "150.00",
        },
        ["above-ceiling-approval review lodging[0].approval, lodging[1].approval"],
    ),
    (
        "an approval of the day of departure that changes nothing, since the room is at the ceiling",
        {**_approved(on="2026-11-02"), "lodging[0].room_rate": "113.00"},
        [],
    ),
    (
        "an approval of the day after the departure",
        {**_approved(on="2026-11-03"), "lodging[0].room_rate": "113.00"},
        ["above-ceiling-approval review lodging[0].approval"],
    ),
    ("an approval of the day before", _approved(on="2026-11-01"), []),
    ("an approval at the most possible: 3 x (113 + 68) - 68", _approved(ceiling="475.00"), []),
    (
        "an approval a cent above it",
        _approved(ceiling="475.01"),
        ["above-ceiling-approval review lodging[0].approval"],
    ),
    ("an approval that names no ceiling, for a room within it", _approved(ceiling=None), []),
    (
        # 12.74 x 113 / 113.01 rounds to 12.74
        "an approval that names no ceiling, for a room above it",
        {**_approved(ceiling=None), "lodging[0].room_rate": "113.01"},
        [
            "above-ceiling-approval review lodging[0].approval",
            "lodging-over-ceiling info lodging[0].room_rate: 113.01 to 113.00",
        ],
    ),
    (
        "an approval for a night that is not paid",
        {"lodging[3].night": "2026-11-06", "lodging[+]": no_room("2026-11-05"), **_approved(3, on=None)},
        ["lodging-night-not-in-trip blocks lodging[3].room_rate, lodging[3].tax: 110.74 to 0.00"],
    ),
    (
        "a night without a folio",
        {"lodging[0].receipt": GONE},
        ["lodging-receipt-missing blocks lodging[0].receipt: 110.74 to 0.00"],
    ),
    (
        "a night with a statement instead of the folio",
        {"lodging[0].receipt": GONE, "lodging[0].receipt_statement": True},
        ["lodging-receipt-missing review lodging[0].receipt_statement"],
    ),
]


@pytest.mark.parametrize(("edits", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_questioned(edits: Edits, expected: list[str], law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned(edits) == expected


def test_over_rate_lodging_is_barred_where_the_setting_says_so(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook).with_setting("over_rate_lodging", "refused")
    assert desk.questioned({"lodging[0].room_rate": "113.00"}) == []
    # 898.68 - 98.00 - 12.74 = 787.94 is left.
    assert desk.questioned({"lodging[0].room_rate": "113.01"}) == [
        "lodging-over-ceiling blocks lodging[0].room_rate: 113.01 to 0.00",
        "lodging-tax-over-share info lodging[0].tax: 12.74 to 0.00",
    ]


@pytest.mark.parametrize(
    ("hotel", "asked"),
    [
        ("Airbnb Moody", ["lodging-type review lodging[0].hotel"]),
        ("Jacksonville State dormitory", ["lodging-type review lodging[0].hotel"]),
        ("my cousin's house", ["lodging-type review lodging[0].hotel"]),
        ("Hampton Inn, with wife", ["shared-room-split review lodging[0].hotel"]),
        ("Friendship Inn & Suites", []),
    ],
)
def test_the_name_of_a_hotel_is_read(hotel: str, asked: list[str], law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned({"lodging[0].hotel": hotel}) == asked


def test_a_companion_whose_single_rate_is_stated_is_answered(law: Law, ratebook: RateSource) -> None:
    edits: Edits = {"lodging[0].hotel": "Hampton Inn, with wife", "lodging[0].single_rate": "98.00"}
    assert Desk(law, ratebook).questioned(edits) == []


@pytest.mark.parametrize(
    ("category", "asked"),
    [("parking", ["lodging-claimed-twice blocks expenses[2].amount: 98.00 to 0.00"]), ("airfare", [])],
)
def test_a_night_again_as_another_expense(category: str, asked: list[str], law: Law, ratebook: RateSource) -> None:
    """The folio's number, date and price of a night, as hotel parking; a flight is no night whatever its number."""
    again = {"date": "2026-11-03", "category": category, "amount": "98.00", "description": "hotel"}
    folio = {"receipt": moody()["lodging"][1]["receipt"]}
    found = Desk(law, ratebook).questioned({"expenses[+]": {**again, **folio}})
    assert [one for one in found if one.startswith("lodging-claimed-twice")] == asked


def test_a_course_whose_place_has_no_rate_is_not_compared_with_its_stops(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    edits: Edits = {"course.place": {"city": "Nowhereville", "state": "AL"}}
    assert desk.questioned(edits) == []
    assert "alternate-locality" in desk.unjudged(edits)
    assert "alternate-locality" not in desk.unjudged({})


def test_nights_of_two_seasons_are_one_finding_with_both_ceilings(law: Law, ratebook: RateSource) -> None:
    assert ratebook.rate("Washington, DC", date(2026, 9, 30)).lodging == 275
    assert ratebook.rate("Washington, DC", date(2026, 10, 1)).lodging == 287
    from tests.support.claim_data import sample

    (finding,) = [
        f
        for f in Desk(law, ratebook).findings({}, claim=sample("2026-DCA-0003"))
        if f.check == "lodging-over-ceiling"
    ]
    assert finding.where.lines == ("N1", "N2", "N3", "N4", "N5")
    assert "$275.00" in finding.message
    assert "$287.00" in finding.message
    assert finding.line_effect == -118


def test_a_stop_elsewhere_is_questioned_where_its_rates_part_only_within_the_stay(
    law: Law, ratebook: RateSource
) -> None:
    """Lebanon and Portsmouth, NH: $186.00 each in October 2026, $150.00 and $129.00 in November; M&IE $74.00 both.

    A stop in Lebanon from October 31 on for a course in Portsmouth is at equal rates on its first night alone; the
    next five may be paid $21.00 a night too high.
    """
    lebanon, portsmouth = ({"city": city, "state": "NH"} for city in ("Lebanon", "Portsmouth"))
    assert [
        [ratebook.rate(f"{city}, NH", date(2026, month, 1)).lodging for month in (10, 11)]
        for city in ("Lebanon", "Portsmouth")
    ] == [[186, 150], [186, 129]]
    edits: Edits = {
        "course.place": portsmouth,
        "trip.departed_at": "2026-10-31T05:30",
        "trip.extra_night_reason": "the only train",
        "trip.stops[0].arrived_on": "2026-10-31",
        "trip.stops[0].place": lebanon,
        "lodging": [no_room(f"2026-{day}") for day in ("10-31", "11-01", "11-02", "11-03", "11-04", "11-05")],
        "expenses": [],
    }
    desk = Desk(law, ratebook)
    early = "extra-night review trip.departed_at"  # a reason does not close it
    assert desk.questioned(edits) == ["alternate-locality review trip.stops[0].place", early]
    assert desk.questioned({**edits, "trip.stops[0].place": portsmouth}) == [early]
    # Of a stay that ends with October nobody can say it: the rates are equal.
    october: Edits = {
        "trip.returned_at": "2026-11-01T19:40",
        "trip.stops[0].departed_on": "2026-11-01",
        "lodging": [no_room("2026-10-31")],
    }
    assert desk.questioned({**edits, **october, "furnished_meals": []}) == [early]
