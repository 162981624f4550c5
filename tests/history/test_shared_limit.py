"""One limit for all claims of an officer in a batch: what one takes is gone for the others, and promised once.

The claim to Moody gives $898.68, and the limit is $1,000.00: so $101.32 is left for a second one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perdiem_calc.auditing.batch import Around, Basis, audit_files
from perdiem_calc.dated import Law
from perdiem_calc.history.batch import Submitted, with_takes
from perdiem_calc.history.records import EarlierClaim, History, NearMatch, Take
from perdiem_calc.ledger import Ledger
from perdiem_calc.review.result import AuditedClaim, summed
from perdiem_calc.review.suggestion import promised
from tests.golden import BUILT_ON
from tests.support.inbox import Record, put_json, record, shifted
from tests.support.known_claims import earlier
from tests.support.ledgers import Order, claim, course_on, enter, entry

BASIS = Basis(BUILT_ON, "ratebook")
MISSING = {"attachments.certificate": "missing"}
FAILED = {"course.outcome": "failed"}
ONE: dict[str, Any] = {"officer.name": "Pearl Ray"}


def october(claim_id: str = "P-1", **edits: Any) -> Record:
    """The first claim, for a course in October."""
    return record(claim_id, ONE | edits, shifted(-14))


def november(claim_id: str = "P-2", **edits: Any) -> Record:
    """A second claim of the same officer, for a course in November."""
    return record(claim_id, ONE | edits)


def tolls(amount: str, claim_id: str = "P-2", days: int = 0) -> Record:
    """A second claim of the same officer that gives so much, for tolls; `days` move the course."""
    stated = shifted(days)
    travel = [date.fromisoformat(stated["course"]["starts_on"]) + timedelta(day) for day in range(5)]
    bill = {"date": str(travel[0]), "category": "tolls", "amount": amount, "receipt": f"TL-{claim_id}-4711"}
    nothing = {"lodging": [], "furnished_meals": [], "mie_paid": {str(day): "0.00" for day in travel}}
    return record(claim_id, ONE | nothing | {"expenses": [bill]}, stated)


def audited(folder: Path, *claims: Record, around: Around | None = None) -> tuple[AuditedClaim, ...]:
    """The claims audited as one batch, in the files 0.json, 1.json ..., and in that order."""
    files = [put_json(folder, one, str(number)) for number, one in enumerate(claims)]
    return audit_files(files, BASIS, around or Around()).audited


def payable(found: Sequence[AuditedClaim]) -> list[str]:
    return [str(one.payable) for one in found]


def once_fixed(found: Sequence[AuditedClaim]) -> list[str]:
    return [str(one.itemized.totals.payable_if_mended) for one in found if one.itemized is not None]


def taken(one: AuditedClaim) -> list[tuple[str, str]]:
    takes = one.known.takes if one.known is not None else ()
    return [(take.claim.claim_id, str(take.amount)) for take in takes]


def test_what_an_earlier_claim_takes_is_gone_for_the_later_one(tmp_path: Path) -> None:
    first, second = audited(tmp_path, october(), november())
    assert payable([first, second]) == ["898.68", "101.32"]
    assert (taken(first), taken(second)) == ([], [("P-1", "898.68")])
    assert [one.suggested for one in (first, second)] == ["accept", "accept"]
    (cap,) = [one for one in second.questioned if one.check == "cap-applied"]
    assert (str(cap.claimed), str(cap.allowed), str(cap.payment_effect)) == ("898.68", "101.32", "-797.36")
    assert "taken by claim P-1 of Pearl Ray (travel 2026-10-19 to 2026-10-23" in cap.message
    assert "in this batch leaves $101.32" in cap.message
    assert str(summed([first, second]).payable) == "1000.00"
    assert second.itemized is not None
    assert "less $898.68 taken by other claims, leaves $101.32" in second.itemized.line("CAP").reason


def test_each_alone_takes_the_whole_limit(tmp_path: Path) -> None:
    assert payable([*audited(tmp_path, october()), *audited(tmp_path, november())]) == ["898.68", "898.68"]
    other = {"officer.name": "Gil Hurst"}
    assert payable(audited(tmp_path, october(), record("P-2", other))) == ["898.68", "898.68"]


def test_each_officer_of_a_batch_has_a_limit_of_their_own(tmp_path: Path) -> None:
    other = {"officer.name": "Gil Hurst"}
    given_now = october(), november(), record("P-3", other, shifted(-14)), record("P-4", other)
    assert payable(audited(tmp_path, *given_now)) == ["898.68", "101.32", "898.68", "101.32"]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"received_on": "2026-11-20"}, ["101.32", "898.68"]),
        ({"received_on": "2026-11-14"}, ["898.68", "101.32"]),
        ({}, ["898.68", "101.32"]),
    ],
    ids=["the first came last", "the first came first", "by the day prepared"],
)
def test_the_order_of_receipt_decides_and_not_that_of_the_files(
    tmp_path: Path, dates: dict[str, str], expected: list[str]
) -> None:
    """The second was received on 2026-11-17; the first was prepared on 2026-11-02."""
    given_in_order = [october(**dates), november(received_on="2026-11-17")]
    assert payable(audited(tmp_path, *given_in_order)) == expected
    assert payable(audited(tmp_path, *given_in_order[::-1])) == expected[::-1]


@pytest.mark.parametrize(("amount", "gives"), [("101.31", "101.31"), ("101.32", "101.32"), ("101.33", "101.32")])
def test_to_the_cent_the_limit_is_given_once(tmp_path: Path, amount: str, gives: str) -> None:
    first, second = audited(tmp_path, october(), tolls(amount))
    assert payable([first, second]) == ["898.68", gives]
    assert ("cap-applied" in [one.check for one in second.questioned]) == (amount != gives)


def test_with_two_hundred_dollars_left_two_claims_share_them(tmp_path: Path) -> None:
    before = {"previously_reimbursed": "800.00"}
    assert payable(audited(tmp_path, october(**before), november(**before))) == ["200.00", "0.00"]


def test_of_three_claims_each_is_told_of_those_before_it(tmp_path: Path) -> None:
    found = audited(tmp_path, tolls("60.00", "P-3", days=-7), october(), november())
    assert payable(found) == ["60.00", "898.68", "41.32"]
    assert taken(found[2]) == [("P-1", "898.68"), ("P-3", "60.00")]


# --- blocked claims -------------------------------------------------------------------------------------------------


def test_a_blocked_claim_takes_nothing_and_is_promised_what_is_left(tmp_path: Path) -> None:
    first, second = audited(tmp_path, october(**MISSING), november())
    assert payable([first, second]) == ["0.00", "898.68"]
    assert (str(promised(first)), taken(first)) == ("101.32", [("P-2", "898.68")])
    again = audited(tmp_path, october(), november(**MISSING))
    assert (payable(again), str(promised(again[1]))) == (["898.68", "0.00"], "101.32")


def test_of_two_blocked_claims_the_limit_is_promised_once(tmp_path: Path) -> None:
    found = audited(tmp_path, october(**MISSING), november(**MISSING))
    assert payable(found) == ["0.00", "0.00"]
    assert once_fixed(found) == ["898.68", "101.32"]


def test_what_nothing_can_fix_takes_nothing(tmp_path: Path) -> None:
    found = audited(tmp_path, october(**FAILED), november(**MISSING))
    assert (payable(found), once_fixed(found)) == (["0.00", "0.00"], ["0.00", "898.68"])


def test_what_cannot_be_computed_takes_nothing(tmp_path: Path) -> None:
    place: dict[str, Any] = {"trip.stops[0].place": {"city": "Xyzzyville", "state": "VA"}}
    nowhere = october(**place)
    first, second = audited(tmp_path, nowhere, november())
    assert (first.itemized, str(second.payable), taken(second)) == (None, "898.68", [])


def test_a_blocked_line_takes_nothing(tmp_path: Path) -> None:
    """The first night has another payer: $98.00 and $12.74 less, so $787.94 is taken."""
    found = audited(tmp_path, october(**{"lodging[0].paid_by": "other"}), november())
    assert payable(found) == ["787.94", "212.06"]


# --- copies, corrections, earlier payments --------------------------------------------------------------------------


def test_a_copy_takes_nothing_and_adds_nothing(tmp_path: Path) -> None:
    first, copy, second = audited(tmp_path, october(), october(), november())
    assert payable([first, copy, second]) == ["898.68", "0.00", "101.32"]
    assert (copy.copy_of, str(promised(copy))) == (str(tmp_path / "0.json"), "0.00")
    total = summed([first, copy, second])
    assert (total.claims, str(total.claimed), str(total.payable)) == (2, "1797.36", "1000.00")


def test_what_a_correction_replaces_takes_nothing(tmp_path: Path) -> None:
    """The correction adds $20.00 of tolls: $918.68, of which nothing was paid."""
    toll = {"date": "2026-10-19", "category": "tolls", "amount": "20.00", "receipt": "TL-5533"}
    fields = {"kind": "corrected", "replaces": "P-1", "expenses[+]": toll, "prepared_on": "2026-11-10"}
    first, correction = audited(tmp_path, october(), october("P-1B", **fields))
    assert payable([first, correction]) == ["0.00", "918.68"]
    assert (taken(correction), str(promised(first))) == ([], "0.00")


def test_a_supplement_shares_the_limit_of_its_claim(tmp_path: Path) -> None:
    with_it = tolls("140.00") | {"kind": "supplemental", "replaces": "P-1"}
    assert payable(audited(tmp_path, november("P-1"), with_it)) == ["898.68", "101.32"]


@pytest.mark.parametrize(
    ("stated", "takes", "expected"),
    [
        ("898.68", [], "101.32"),
        ("898.67", [("P-1", "0.01")], "101.32"),
        ("400.00", [("P-1", "498.68")], "101.32"),
    ],
)
def test_what_a_claim_states_as_paid_under_another_of_the_batch_counts_once(
    tmp_path: Path, stated: str, takes: list[tuple[str, str]], expected: str
) -> None:
    previous = [{"claim_id": "p-1", "paid_on": "2026-11-10", "amount": stated}]
    second = november(previously_reimbursed=stated, previous_claims=previous)
    found = audited(tmp_path, october(), second)
    assert (payable(found), taken(found[1])) == (["898.68", expected], takes)


def test_what_was_paid_under_a_claim_that_is_not_in_the_batch_is_gone_besides(tmp_path: Path) -> None:
    previous = [{"claim_id": "P-0", "paid_on": "2026-09-10", "amount": "50.00"}]
    second = november(previously_reimbursed="50.00", previous_claims=previous)
    assert payable(audited(tmp_path, october(), second)) == ["898.68", "51.32"]


def test_a_claim_beside_another_is_promised_nothing_before_one_that_can_be_fixed(tmp_path: Path) -> None:
    """P-1B is for the course of P-1; what is left goes to P-2 once its certificate is there, though it came later."""
    found = audited(tmp_path, october(), october("P-1B"), november(**MISSING))
    assert payable(found) == ["898.68", "0.00", "0.00"]
    assert [str(promised(one)) for one in found] == ["898.68", "0.00", "101.32"]


# --- with the ledger ------------------------------------------------------------------------------------------------


def of_award(stated: Record) -> dict[str, Any]:
    return {"award": stated["award"]}


def test_what_was_paid_and_what_is_taken_are_both_gone(tmp_path: Path, law: Law) -> None:
    """$350.00 was paid for a course in September, so that $650.00 is left for both."""
    before = {"previously_reimbursed": "350.00"}
    with Ledger.begin(tmp_path / "l.sqlite", law, by="Ann") as ledger:
        september = course_on("2026-09-08") | of_award(october())
        enter(ledger, entry("L-1", "350.00", "Pearl Ray", fields=september), law)
        first, second = audited(tmp_path, october(**before), tolls("140.00") | before, around=Around(ledger))
        assert payable([first, second]) == ["650.00", "0.00"]
        (cap,) = [one for one in second.questioned if one.check == "cap-applied"]
        assert "less $350.00 paid before and $650.00 taken by claim P-1" in cap.message
        assert "earlier-payment-differs" not in [one.check for one in second.to_decide]


def test_a_claim_on_record_is_the_ledgers_to_count(tmp_path: Path, law: Law) -> None:
    """The first is recorded, at $500.00 by decision: of the limit $500.00 is left for the second."""
    with Ledger.begin(tmp_path / "l.sqlite", law, by="Ann") as ledger:
        around = Around(ledger)
        (first,) = audited(tmp_path, october(), around=around)
        assert first.itemized is not None
        enter(ledger, entry_of(first, verdict="adjust", amount=Decimal("500.00"), reason="half of it"), law)
        first, second = audited(tmp_path, october(), november(), around=around)
        assert (str(second.payable), taken(second)) == ("500.00", [])
        # What the first would be paid beyond that comes after what the second takes.
        assert (str(first.payable), taken(first)) == ("500.00", [("P-2", "500.00")])
        # Another one that is blocked is promised nothing more: both together have the whole limit.
        blocked = tolls("30.00", "P-3", days=-7) | MISSING_FIELDS
        found = audited(tmp_path, october(), november(), blocked, around=around)
        assert (payable(found), str(promised(found[2]))) == (["500.00", "500.00", "0.00"], "0.00")


MISSING_FIELDS = {"attachments": {"itemized_expenses": "attached", "certificate": "missing"}}


def entry_of(one: AuditedClaim, **options: Any) -> Any:
    """What a reviewer records of an audited claim."""
    assert one.itemized is not None
    return Order(one.itemized, **options)


def test_what_a_claim_states_does_not_free_the_limit_where_the_ledger_knows_better(tmp_path: Path, law: Law) -> None:
    """P-1 is not paid, whatever the second claim says: it still takes its $898.68."""
    previous = [{"claim_id": "P-1", "paid_on": "2026-11-10", "amount": "898.68"}]
    second = november(previously_reimbursed="898.68", previous_claims=previous)
    with Ledger.begin(tmp_path / "l.sqlite", law, by="Ann") as ledger:
        found = audited(tmp_path, october(), second, around=Around(ledger))
        assert (payable(found), taken(found[1])) == (["898.68", "101.32"], [("P-1", "898.68")])


def test_what_a_claim_on_record_was_paid_is_gone_once(tmp_path: Path, law: Law) -> None:
    """$898.68 was paid, so that $30.00 can be promised for a blocked claim of tolls."""
    with Ledger.begin(tmp_path / "l.sqlite", law, by="Ann") as ledger:
        (first,) = audited(tmp_path, october(), around=Around(ledger))
        enter(ledger, entry_of(first), law)
        blocked = tolls("30.00") | MISSING_FIELDS
        found = audited(tmp_path, october(), blocked, around=Around(ledger))
        assert (payable(found), str(promised(found[1]))) == (["898.68", "0.00"], "30.00")


def test_a_claim_that_went_back_is_promised_what_the_others_leave(tmp_path: Path, law: Law) -> None:
    with Ledger.begin(tmp_path / "l.sqlite", law, by="Ann") as ledger:
        (first,) = audited(tmp_path, october(), around=Around(ledger))
        enter(ledger, entry_of(first, verdict="return", reason="unsigned"), law)
        assert payable(audited(tmp_path, october(), november(), around=Around(ledger))) == ["101.32", "898.68"]


def test_what_a_claim_on_record_would_be_paid_beyond_comes_before_one_on_record_that_is_blocked(
    tmp_path: Path, law: Law
) -> None:
    """The second was paid $500.00 of $898.68; the first, received before it, went back for its certificate.

    Of the $500.00 that are left $398.68 are the second's, and $101.32 the first's once it is fixed.
    """
    with Ledger.begin(tmp_path / "l.sqlite", law, by="Ann") as ledger:
        around = Around(ledger)
        blocked, second = october(**MISSING), november()
        enter(
            ledger, entry_of(audited(tmp_path, blocked, around=around)[0], verdict="return", reason="unsigned"), law
        )
        again = entry_of(
            audited(tmp_path, second, around=around)[0], verdict="adjust", amount=Decimal("500.00"), reason="half"
        )
        enter(ledger, again, law)
        first, other = audited(tmp_path, blocked, second, around=around)
    assert (taken(first), taken(other)) == ([("P-2", "398.68")], [])
    assert str(promised(first)) == "101.32"


# --- an officer who may be another ----------------------------------------------------------------------------------

NEAR = {"officer.name": "Pearl Rey"}


def test_until_a_person_decides_both_limits_count_as_one(tmp_path: Path) -> None:
    first, second = audited(tmp_path, october(), record("P-2", NEAR))
    assert (payable([first, second]), taken(second)) == (["898.68", "101.32"], [("P-1", "898.68")])
    assert (first.suggested, second.suggested, str(promised(second))) == ("accept", "decide", "0.00")


def test_an_earlier_claim_that_is_blocked_is_promised_what_one_leaves_who_may_be_the_same(tmp_path: Path) -> None:
    first, second = audited(tmp_path, october(**MISSING), record("P-2", NEAR))
    assert (payable([first, second]), taken(first)) == (["0.00", "898.68"], [("P-2", "898.68")])
    assert str(promised(first)) == "101.32"


def test_who_is_certain_comes_before_who_may_be_the_same(tmp_path: Path) -> None:
    """P-2 was received before P-3, but of whom it is a person must find out: P-3 loses nothing by that."""
    second = record("P-2", NEAR | {"received_on": "2026-11-17"})
    third = tolls("60.00", "P-3", days=-7) | {"received_on": "2026-11-18"}
    found = audited(tmp_path, october(), second, third)
    assert payable(found) == ["898.68", "41.32", "60.00"]


def test_who_is_near_takes_no_more_than_is_left_for_them(tmp_path: Path, law: Law) -> None:
    """Pearl Rey may be Pearl Ray, and Pearl Reyes may be Pearl Rey, but not Pearl Ray.

    So Pearl Rey is given what Pearl Ray leaves, $101.32 or $50.00, and of that alone Pearl Reyes is told.
    """
    third = tolls("950.01", "P-3", days=14) | {"prepared_on": "2026-11-30"}
    third["officer"] = third["officer"] | {"name": "Pearl Reyes"}
    given_now = october(), record("P-2", NEAR), third
    basis = Basis(date(2026, 11, 30), "ratebook")
    files = [put_json(tmp_path, one, str(number)) for number, one in enumerate(given_now)]
    assert payable(audit_files(files, basis).audited) == ["898.68", "101.32", "898.68"]
    with Ledger.begin(tmp_path / "l.sqlite", law, by="Ann") as ledger:
        september = course_on("2026-09-08") | of_award(october())
        enter(ledger, entry("L-1", "950.00", "Pearl Ray", fields=september), law)
        assert payable(audit_files(files[1:], basis, Around(ledger)).audited) == ["50.00", "950.00"]


def test_what_was_paid_for_the_other_one_is_gone_too_and_counts_once_where_it_is_stated(
    tmp_path: Path, law: Law
) -> None:
    """$350.00 was paid for Pearl Ray, who may be Pearl Rey: $650.00 is left, whether the claim says so or not."""
    with Ledger.begin(tmp_path / "l.sqlite", law, by="Ann") as ledger:
        september = course_on("2026-09-08") | of_award(october())
        enter(ledger, entry("L-1", "350.00", "Pearl Ray", fields=september), law)
        for stated, left in (("0.00", "650.00"), ("350.00", "650.00"), ("349.99", "650.00"), ("350.01", "649.99")):
            around = Around(ledger)
            (one,) = audited(tmp_path, record("P-2", NEAR | {"previously_reimbursed": stated}), around=around)
            assert str(one.payable) == left
        (one,) = audited(tmp_path, record("P-2", NEAR), around=Around(ledger))
        (cap,) = [found for found in one.questioned if found.check == "cap-applied"]
        assert "less $350.00 paid for an officer who may be this one leaves $650.00" in cap.message


def test_a_spelling_that_was_confirmed_shares_the_limit_with_who_comes_near_it(tmp_path: Path, law: Law) -> None:
    """P. Ray is SRO 1, who was recorded as Pearl Ray: a claim of P. Ray takes from who may be Pearl Ray."""
    with Ledger.begin(tmp_path / "l.sqlite", law, by="Ann") as ledger:
        for number, name in enumerate(("Pearl Ray", "P. Ray")):
            fields = course_on(f"2026-0{number + 7}-08") | of_award(october())
            enter(ledger, entry(f"L-{number}", "1.00", name, sro=number or None, fields=fields), law)
        short = october(**{"officer.name": "P. Ray", "previously_reimbursed": "2.00"})
        first, second = audited(tmp_path, short, record("P-2", NEAR), around=Around(ledger))
        assert payable([first, second]) == ["898.68", "99.32"]


# --- the law --------------------------------------------------------------------------------------------------------

CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(["Pearl Ray", "Pearl Rey", "Gil Hurst"]),
        st.sampled_from([{}, MISSING, FAILED, {"received_on": "2026-12-05"}]),
        st.integers(-6, 0),
    ),
    min_size=2,
    max_size=5,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CLAIMS)
def test_whatever_is_given_no_officer_is_promised_more_than_one_limit(
    tmp_path: Path, given_claims: list[tuple[str, dict[str, Any], int]]
) -> None:
    """What is payable, and what would be once it is fixed, is within $1,000.00 for all whose names are alike."""
    claims = [
        record(f"R-{number}", {"officer.name": name} | edits, shifted(weeks * 14))
        for number, (name, edits, weeks) in enumerate(given_claims)
    ]
    found = audited(tmp_path, *claims)
    for alike in ("Pearl", "Gil"):
        theirs = [one for one in found if one.claim is not None and one.claim.officer.name.startswith(alike)]
        due = [one.payable if one.payable else promised(one) for one in theirs]
        assert sum(due) <= Decimal("1000.00")
        if any(one.itemized is not None and not one.itemized.blocks for one in theirs):
            assert sum(due) >= Decimal("898.68")


def test_who_is_alone_and_a_name_without_a_letter_share_with_nobody() -> None:
    """Nothing is itemized for them, since nothing can be taken."""
    names = ("?!", "?!", "Gil Hurst")
    nobody = [Submitted(f"{number}.xlsx", claim(f"A-{number}", name)) for number, name in enumerate(names)]
    known = (History("new"),) * 3

    def itemize(number: int) -> None:
        raise AssertionError(number)

    assert with_takes(nobody, known, itemize) == known


def test_each_claim_has_its_history() -> None:
    """That one of them is missing is a mistake of the program, and no claim is left out for it."""
    given_now = [Submitted(f"{number}.xlsx", claim(f"A-{number}")) for number in range(2)]
    with pytest.raises(ValueError, match="shorter"):
        with_takes(given_now, (History("new"),), lambda number: None)


def test_what_was_recorded_since_the_batch_began_is_part_of_what_was_paid() -> None:
    """Another answer of the ledger that names the same claim says nothing of its own payment."""
    own, other = earlier("A-1", paid=Decimal("300.00")), earlier("A-2", paid=Decimal("200.00"))
    known = History("recorded", Decimal("200.00"), (own, other, replaced("A-3")), recorded=own)
    given_now = [
        Submitted("1.xlsx", claim("A-1"), known, recorded_since=True),
        Submitted("2.xlsx", claim("A-2"), History("recorded", recorded=other), recorded_since=True),
        Submitted("3.xlsx", claim("A-3"), History("recorded", recorded=replaced("A-3")), recorded_since=True),
        Submitted("4.xlsx", claim("A-4"), None, recorded_since=True),
        Submitted("5.xlsx", claim("A-5"), History("recorded"), recorded_since=True),
    ]
    found = with_takes(given_now, (known, *(History("new") for _ in given_now[1:])), lambda number: None)
    assert found[0].takes == (Take(other, Decimal("200.00"), is_paid=True),)
    assert (found[0].taken, found[0].paid_meanwhile) == (Decimal("0.00"), Decimal("200.00"))


def replaced(claim_id: str) -> EarlierClaim:
    """A claim that was recorded, and under which nothing was paid."""
    return earlier(claim_id, paid=Decimal("0.00"))


def test_what_was_paid_for_all_whom_an_officer_may_be_counts() -> None:
    near = (NearMatch(1, "A", "P. Ray", "", Decimal("300.00")), NearMatch(2, "A", "Pearl R.", "", Decimal("200.00")))
    assert History("undecided", near=near).paid_for_near == Decimal("500.00")
