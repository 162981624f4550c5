"""What was claimed before is not paid again in a claim that goes with it: nights, days of M&IE, drives.

The claim is the one to Moody: 4 nights at $98.00 with $12.74 tax, $442.96; M&IE of $68.00, $51.00 on the first and
last day, $306.00; two drives of $74.86, $149.72; $898.68 in all. Nothing was paid before in most cases, so that the
limit of $1,000.00 cuts nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.history.batch import Submitted, known_together
from perdiem_calc.history.conflicts import Relations, claimed_before, outside_of
from perdiem_calc.history.records import EarlierClaim, History, canonical
from perdiem_calc.rates.model import RateSource
from tests.support.checking import GONE, ONE_DAY, Desk, edited, moody
from tests.support.known_claims import asked, earlier, stated, stating

Fields = dict[str, Any]

SUPPLEMENT: Fields = {"kind": "supplemental", "replaces": "a-1"}
CORRECTED: Fields = {"kind": "corrected", "replaces": "A-1"}
TOLLS: Fields = {"lodging": [], "expenses": [{"date": "2026-11-02", "category": "tolls", "amount": "5.00"}]}
NO_MIE: Fields = {"mie_paid": {f"2026-11-0{day}": "0.00" for day in (2, 3, 4, 5, 6)}}
SHORTER: Fields = {
    "trip.returned_at": "2026-11-05T19:40", "trip.stops[0].departed_on": "2026-11-05", "lodging[3]": GONE,
    "furnished_meals[3]": GONE, "expenses[1].date": "2026-11-05",
}  # fmt: skip
"""Home a day sooner: three nights, four days, the drives on the first and on the fourth."""
ANOTHER_NIGHT: Fields = TOLLS | NO_MIE | {"lodging": [moody()["lodging"][3]], "expenses": []}
"""A supplement of the night of November 5 alone."""
THREE_NIGHTS: Fields = {"lodging": moody()["lodging"][:3]}
ALL = ["N1", "N2", "N3", "N4", "D1", "D2", "D3", "D4", "D5", "E1", "E2"]


def barred(claim: Fields, *claims: EarlierClaim, law: Law, **fields: Any) -> dict[str, str]:
    """The lines of the claim that other claims claimed before, and which."""
    relations = Relations(stated(claim), asked(*claims, **fields))
    return {line: before.claim_id for line, before in claimed_before(relations, law).items()}


# --- what an audit says ---------------------------------------------------------------------------------------------

NIGHTS = (
    "claim-resubmitted blocks lodging[0].night, lodging[1].night, lodging[2].night, lodging[3].night: 442.96 to 0.00"
)
DAYS = (
    "claim-resubmitted blocks mie_paid.2026-11-02, mie_paid.2026-11-03, mie_paid.2026-11-04, mie_paid.2026-11-05, "
    "mie_paid.2026-11-06: 306.00 to 0.00"
)
DRIVES = "claim-resubmitted blocks expenses[0].miles, expenses[1].miles: 149.72 to 0.00"
UNPAID = [
    f"mie-over-paid info mie_paid.2026-11-0{day}: {amount} to 0.00, payment 0.00"
    for day, amount in ((2, "51.00"), (3, "68.00"), (4, "68.00"), (5, "68.00"), (6, "51.00"))
]
"""The agency states that it paid no M&IE; had it paid some, that would have been claimed before."""


@pytest.mark.parametrize(
    ("claim", "before", "expected", "allowable"),
    [
        pytest.param(SUPPLEMENT, {}, [DRIVES, NIGHTS, DAYS], "0.00", id="the same to the last line"),
        pytest.param(SUPPLEMENT | TOLLS | NO_MIE, {}, UNPAID, "5.00", id="tolls alone"),
        pytest.param(SUPPLEMENT | TOLLS, {}, [DAYS], "5.00", id="tolls, and nothing said of M&IE"),
        pytest.param(CORRECTED, {}, [], "898.68", id="a correction"),
        # 98.00 + 12.74 of the fourth night, 51.00 of the last day, 74.86 of its drive
        pytest.param(
            SUPPLEMENT,
            SHORTER,
            [
                "claim-resubmitted blocks expenses[0].miles: 74.86 to 0.00",
                "claim-resubmitted blocks lodging[0].night, lodging[1].night, lodging[2].night: 332.22 to 0.00",
                "claim-resubmitted blocks mie_paid.2026-11-02, mie_paid.2026-11-03, mie_paid.2026-11-04, "
                "mie_paid.2026-11-05: 255.00 to 0.00",
            ],
            "236.60",
            id="a trip that was longer",
        ),
    ],
)
def test_what_is_questioned_and_allowed(
    claim: Fields, before: Fields, expected: list[str], allowable: str, law: Law, ratebook: RateSource
) -> None:
    desk, known = Desk(law, ratebook), asked(stating(before))
    assert desk.questioned(claim, known=known) == expected
    totals = desk.itemized(claim, known=known).totals
    assert (str(totals.allowable), str(totals.payable)) == (allowable, allowable)


def test_it_is_said_what_was_claimed_where_and_what_to_do(law: Law, ratebook: RateSource) -> None:
    found = Desk(law, ratebook).findings(SUPPLEMENT, known=asked(stating({})))
    told = [(one.rule, one.message) for one in found if one.check == "claim-resubmitted"]
    claim = "claim A-1 of Avery O'Neal (travel 2026-11-02 to 2026-11-06, recorded 2026-11-10)"
    assert told == [
        (
            "lodging-ceiling",
            "Lodging of the nights of 2026-11-02 to 2026-11-05 with its tax: none of the $442.96 is paid, because a "
            f"night is paid once, and it was claimed before in {claim}: leave the night out, or correct that claim "
            "if another amount is right.",
        ),
        (
            "mie-first-last-day",
            "M&IE of 2026-11-02 to 2026-11-06 (D1, D2, D3, D4, D5): none of the $306.00 is paid, because M&IE of a "
            f"calendar day is paid once, and it was claimed before in {claim}: state 0.00 under M&IE paid for the "
            "day, or correct that claim if another amount is right.",
        ),
        (
            "pov-mileage",
            "Mileage of 2026-11-02 and 2026-11-06 (E1, E2): none of the $149.72 is paid, because a drive is paid "
            f"once, and it was claimed before in {claim}: leave the drive out, or correct that claim if it was "
            "driven again on that day.",
        ),
    ]


def test_of_the_limit_no_more_is_said_to_be_lost_than_was_left(law: Law, ratebook: RateSource) -> None:
    """$898.68 was paid, so that $101.32 is left: no part of the claim would be paid more."""
    claim = SUPPLEMENT | {"previously_reimbursed": "898.68"}
    known = asked(stating({}, paid=Decimal("898.68")))
    assert Desk(law, ratebook).questioned(claim, known=known) == [
        f"{DRIVES}, payment -101.32", f"{NIGHTS}, payment -101.32", f"{DAYS}, payment -101.32",
    ]  # fmt: skip


# --- which claims ---------------------------------------------------------------------------------------------------


def test_only_claims_that_stand_and_go_with_it(law: Law) -> None:
    assert list(barred(SUPPLEMENT, stating({}), law=law)) == ALL
    assert barred(SUPPLEMENT, law=law) == {}
    assert barred(SUPPLEMENT, stating({}, verdict="return"), law=law) == {}
    assert barred(SUPPLEMENT, stating({}, "A-2"), law=law) == {}
    assert barred({}, stating({}), law=law) == {}
    assert barred(SUPPLEMENT, earlier(), law=law) == {}, "nobody knows what it states"


def test_an_original_that_comes_after_its_supplement(law: Law) -> None:
    before = stating({}, "S-1", kind="supplemental", replaces="2026-MDY-0007")
    assert list(barred({}, before, law=law)) == ALL


def test_a_supplement_of_a_supplement(law: Law) -> None:
    """The first supplement claims the fourth night, and the claim that it goes with all the rest."""
    first = stating(ANOTHER_NIGHT, "S-1", kind="supplemental", replaces="A-1", number=2)
    told = barred({"kind": "supplemental", "replaces": "S-1"}, stating(THREE_NIGHTS), first, law=law)
    assert (list(told), told.pop("N4"), set(told.values())) == (ALL, "S-1", {"A-1"})


def test_a_correction_claims_anew_what_it_corrects_and_no_more(law: Law) -> None:
    night = stating(ANOTHER_NIGHT, "S-1", kind="supplemental", replaces="A-1", number=2)
    assert barred(CORRECTED, stating(THREE_NIGHTS), night, law=law) == {"N4": "S-1"}


def test_a_supplement_that_was_barred_bars_nothing(law: Law) -> None:
    """A-1, then the same again as S-1, which was paid nothing: the correction of A-1 is still paid all of it."""
    same = stating({}, "S-1", kind="supplemental", replaces="A-1", number=2)
    assert barred(CORRECTED, stating({}), same, law=law) == {}
    other = barred({"kind": "corrected", "replaces": "S-1"}, stating({}), same, law=law)
    assert (list(other), set(other.values())) == (ALL, {"A-1"})


def test_what_a_correction_leaves_out_may_be_claimed_again(law: Law) -> None:
    first = stating({}, superseded_by="A-2")
    correction = stating(THREE_NIGHTS, "A-2", kind="corrected", replaces="a-1", number=2)
    told = barred({"kind": "supplemental", "replaces": "A-2"}, first, correction, law=law)
    assert (sorted(told), set(told.values())) == (sorted({*ALL} - {"N4"}), {"A-2"})
    night = stating(ANOTHER_NIGHT, "S-1", kind="supplemental", replaces="A-2", number=3)
    again = barred({"kind": "supplemental", "replaces": "S-1"}, first, correction, night, law=law)
    assert again["N4"] == "S-1"


def test_a_correction_that_was_sent_back_changes_nothing(law: Law) -> None:
    back = stating(THREE_NIGHTS, "A-2", kind="corrected", replaces="A-1", number=2, verdict="return")
    assert barred(SUPPLEMENT, stating({}), back, law=law)["N4"] == "A-1"


def test_a_claim_on_record_is_barred_by_those_before_it_alone(law: Law) -> None:
    """As when it was recorded, although the claim that it goes with was corrected since."""
    first = stating({}, superseded_by="A-3")
    own = stating(SUPPLEMENT, "2026-MDY-0007", kind="supplemental", replaces="A-1", number=2)
    since = stating({}, "A-3", kind="corrected", replaces="A-1", number=3)
    told = barred(SUPPLEMENT, first, own, since, law=law, recorded=own)
    assert (list(told), set(told.values())) == (ALL, {"A-1"})
    original = stating({}, "2026-MDY-0007", number=1)
    later = stating({}, "S-1", kind="supplemental", replaces="2026-MDY-0007", number=2)
    assert barred({}, original, later, law=law, recorded=original) == {}


def test_a_claim_that_leaves_no_room_for_this_one_is_said_once(law: Law, ratebook: RateSource) -> None:
    """A-1 was corrected already, which bars the whole claim: its lines are not said to be barred too."""
    known = asked(stating({}, superseded_by="A-2"), stating({}, "A-2", kind="corrected", replaces="A-1", number=2))
    assert Desk(law, ratebook).questioned(CORRECTED, known=known) == [
        "claim-resubmitted blocks replaces: 898.68 to 0.00"
    ]


def test_a_claim_a_supplement_and_a_correction_given_together_are_paid_once_in_any_order(law: Law) -> None:
    """The correction counts. The supplement claims the same again: it is barred line by line, or as a whole where it
    comes after the correction and does not name that.
    """
    kinds: tuple[Fields, ...] = (
        {"claim_id": "A-1"},
        SUPPLEMENT | {"claim_id": "S-1"},
        CORRECTED | {"claim_id": "A-2"},
    )
    for days, expected in (((20, 21, 22), (ALL, 0)), ((20, 22, 21), ([], 1))):
        given = [stated(one | {"received_on": f"2026-11-{day}"}) for one, day in zip(kinds, days, strict=True)]
        known = known_together([Submitted(f"{one.claim_id}.json", one) for one in given])
        first, second, third = (outside_of(one, its, law) for one, its in zip(given, known, strict=True))
        assert [block.path for block in first.blocks] == ["claim_id"]
        assert (list(second.bars), len(second.blocks)) == expected
        assert (third.bars, third.blocks) == ({}, ())


# --- what counts as claimed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "free"),
    [
        pytest.param({"lodging[1].receipt": GONE}, "N2", id="a night without its receipt, which was not paid"),
        pytest.param({"lodging[1].paid_by": "other"}, "N2", id="a night that somebody else bore"),
        pytest.param({"lodging[1].type": "own_home"}, "N2", id="a night at home"),
        pytest.param({"mie_paid": {"2026-11-03": "0.00"}}, "D2", id="a day of which nothing was claimed"),
        pytest.param({"expenses[0].paid_by": "other"}, "E1", id="a drive that somebody else bore"),
        pytest.param({"expenses[0].date": "2026-11-03"}, "E1", id="a drive on another day"),
        pytest.param({"expenses[0].from": "Atlanta, GA"}, "E1", id="a drive from elsewhere"),
        pytest.param({"expenses[0].to": "Leeds, AL"}, "E1", id="a drive to elsewhere"),
        pytest.param({"expenses[0].from": "Moody, AL", "expenses[0].to": "Rome, GA"}, "E1", id="the way back"),
        pytest.param({"expenses[0]": {**TOLLS["expenses"][0]}}, "E1", id="tolls are no drive"),
    ],
)
def test_what_was_not_claimed_or_not_paid_may_be_claimed(before: Fields, free: str, law: Law) -> None:
    assert list(barred(SUPPLEMENT, stating(before), law=law)) == [line for line in ALL if line != free]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param({"lodging[1].receipt": GONE, "lodging[1].receipt_statement": True}, id="a signed statement"),
        pytest.param({"mie_paid": {"2026-11-03": "0.01"}}, id="a day of which a cent was claimed"),
        pytest.param({"expenses[0].from": "ROME,GA", "expenses[0].to": "moody,  al"}, id="places spelled otherwise"),
        pytest.param({"expenses[0].miles": "101"}, id="another count of miles"),
        pytest.param({"lodging[1].room_rate": "88.00"}, id="another price"),
    ],
)
def test_what_was_claimed_otherwise_was_claimed(before: Fields, law: Law) -> None:
    assert list(barred(SUPPLEMENT, stating(before), law=law)) == ALL


def test_of_a_claim_that_was_adjusted_everything_counts_that_it_states(law: Law) -> None:
    """The reviewer may have paid a night without its receipt, or a day without its times."""
    before = {"lodging[1].receipt": GONE, "mie_paid": {"2026-11-03": "0.00"}}
    told = barred(SUPPLEMENT, stating(before, verdict="adjust"), law=law)
    assert list(told) == [line for line in ALL if line != "D2"]
    one_day = {**ONE_DAY, "trip.departed_at": "2026-11-02", "trip.returned_at": "2026-11-02"}
    assert "D1" in barred(SUPPLEMENT, stating(one_day, verdict="adjust"), law=law)


def test_a_night_of_no_travel_was_not_claimed(law: Law) -> None:
    """The earlier claim states the night of the return and one before a day off, which earn nothing."""
    assert "N3" not in barred(SUPPLEMENT, stating(SHORTER | {"lodging[2].night": "2026-11-05"}), law=law)
    assert "N4" not in barred(SUPPLEMENT, stating(SHORTER | {"lodging[2].night": "2026-11-05"}), law=law)
    off = {"trip.personal_days": ["2026-11-04"], "lodging[2]": GONE}
    told = barred(SUPPLEMENT, stating(off), law=law)
    assert (told.get("N3"), told.get("D3")) == (None, None)


def test_days_that_earned_nothing_may_be_claimed_once_their_times_are_there(law: Law) -> None:
    """A day without times earns nothing, nor do 12 hours; 12.5 hours earn 75 %."""
    before = {**ONE_DAY, "trip.departed_at": "2026-11-02", "trip.returned_at": "2026-11-02"}
    assert list(barred(SUPPLEMENT | dict(ONE_DAY), stating(before), law=law)) == ["E1", "E2"]
    short = {**ONE_DAY, "trip.departed_at": "2026-11-02T06:00"}
    assert list(barred(SUPPLEMENT | dict(ONE_DAY), stating(short), law=law)) == ["E1", "E2"]
    assert list(barred(SUPPLEMENT | dict(ONE_DAY), stating(ONE_DAY), law=law)) == ["D1", "E1", "E2"]


def test_of_a_day_before_personal_days_the_hours_until_the_course_ends(law: Law) -> None:
    """From 06:00 until the course ended at 19:00 are 13 hours, and until 18:00 are 12, which earn nothing."""
    for ends_at, expected in (("19:00", ["D1", "E1"]), ("18:00", ["E1"]), (None, ["E1"])):
        before = {
            **ONE_DAY,
            "trip.departed_at": "2026-11-02T06:00",
            "trip.returned_at": "2026-11-03T12:00",
            "trip.stops[0].departed_on": "2026-11-03",
            "trip.personal_days": ["2026-11-03"],
            "course.ends_at": ends_at,
            "expenses[1]": GONE,
        }
        assert list(barred(SUPPLEMENT, stating(before), law=law)) == expected


def test_of_a_commuter_the_long_days(law: Law) -> None:
    """13 hours on the 3rd, 12 on the 4th, none on the 5th: the first earned M&IE, and no night is paid."""
    day_trips = [
        {"date": "2026-11-03", "left_at": "06:00", "returned_at": "19:00"},
        {"date": "2026-11-04", "left_at": "06:00", "returned_at": "18:00"},
    ]
    commuter = {
        "trip.stops[0].departed_on": "2026-11-02", "trip.day_trips": day_trips, "expenses": [],
    }  # fmt: skip
    assert list(barred(SUPPLEMENT, stating(commuter), law=law)) == ["D2"]


def test_a_claim_of_a_time_without_law_was_paid_nothing(law: Law) -> None:
    """It cannot be computed, so nothing of it was ever paid."""
    long_ago = edited(moody(), {})
    text = canonical(parse_claim(long_ago)).replace("2026-11-", "1996-11-")
    assert barred(SUPPLEMENT, earlier(content=text), law=law) == {}


def test_nothing_known_bars_nothing(law: Law) -> None:
    assert claimed_before(Relations(stated(SUPPLEMENT), History("new")), law) == {}
