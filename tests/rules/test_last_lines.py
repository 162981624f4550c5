"""The lines that end a claim, credits and the limit, each in full: what they take, from what, and in which words.

The claim is the week in Orlando of case_files.py without a room: $440.00 of M&IE (75 % of $80.00 on the first and the
last day, all of it on the four between), which is within the limit of $1,000.00.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, InputErrors, RateUnavailable
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.rules.outside import NOTHING, Bar, Outside
from tests.support.case_files import claim_of

Week = Callable[..., ItemizedClaim]


@pytest.fixture
def week(law: Law, ratebook: RateSource) -> Week:
    """The week in Orlando, itemized, with fields of the claim set otherwise."""

    def itemized(outside: Outside = NOTHING, **changes: Any) -> ItemizedClaim:
        return itemize(parse_claim(claim_of({"claim": changes})), ratebook, law, outside=outside)

    return itemized


def credit(amount: str, **more: str) -> dict[str, str]:
    return {"source": "the airline", "amount": amount} | more


def stated(itemized: ItemizedClaim, line_id: str) -> tuple[str, ...]:
    """A line without its rule: group, category, day, amounts, field, basis and reason."""
    line = itemized.line(line_id)
    amounts = (str(line.amount_claimed), str(line.amount_allowed))
    return (line.group, line.category, str(line.on), *amounts, line.path, line.basis, line.reason)


WITHIN = "The lines are allowable at $440.00"


@pytest.mark.parametrize(
    ("before", "taken", "reason"),
    [
        ("0.00", "0.00", "the total is within the limit of $1,000.00 for each officer"),
        (
            "560.00",
            "0.00",
            "the total is within the limit of $1,000.00 for each officer, less $560.00 paid before, leaves $440.00",
        ),
        (
            "560.01",
            "-0.01",
            "the limit of $1,000.00 for each officer, less $560.01 paid before, leaves $439.99",
        ),
        (
            "1200.00",
            "-440.00",
            "the limit of $1,000.00 for each officer, less $1,200.00 paid before, leaves $0.00",
        ),
    ],
)
def test_the_limit_is_the_last_line_and_says_what_is_left_of_it(
    before: str, taken: str, reason: str, week: Week, law: Law
) -> None:
    itemized = week(previously_reimbursed=before)
    cap = itemized.lines[-1]
    assert stated(itemized, "CAP") == (
        "cap",
        "cap",
        "2026-10-09",
        "0.00",
        taken,
        "previously_reimbursed",
        WITHIN,
        reason,
    )
    assert (cap.id, cap.rule, cap.citation) == ("CAP", "chp-cap", law.citation("chp-cap", date(2026, 10, 9)))
    assert [(step.check, step.rule, step.field) for step in cap.steps] == (
        [("cap-applied", "chp-cap", "")] if taken != "0.00" else []
    )
    assert itemized.totals.payable == Decimal("440.00") + Decimal(taken)


def test_what_nasro_records_as_paid_before_counts_instead_of_what_the_claim_states(week: Week) -> None:
    itemized = week(Outside(paid_before=Decimal("900.00")), previously_reimbursed="0.00")
    assert (itemized.totals.previously_reimbursed, itemized.totals.payable) == (Decimal("900.00"), Decimal("100.00"))
    nothing = week(Outside(paid_before=Decimal("0.00")), previously_reimbursed="900.00")
    assert (nothing.totals.previously_reimbursed, nothing.totals.payable) == (Decimal("0.00"), Decimal("440.00"))


@pytest.mark.parametrize(
    ("taken", "paid_before", "left", "cut", "less"),
    [
        ("560.00", "0.00", "440.00", "0.00", ""),
        ("560.01", "0.00", "439.99", "-0.01", "$560.01 taken by other claims"),
        ("500.00", "100.00", "400.00", "-40.00", "$100.00 paid before and $500.00 taken by other claims"),
        ("500.00", "700.00", "0.00", "-440.00", "$700.00 paid before and $500.00 taken by other claims"),
    ],
)
def test_what_other_claims_take_is_gone_of_the_limit_and_was_not_paid(
    taken: str, paid_before: str, left: str, cut: str, less: str, week: Week
) -> None:
    """$440.00 is allowable."""
    itemized = week(Outside(paid_before=Decimal(paid_before), taken=Decimal(taken)))
    totals, cap = itemized.totals, itemized.lines[-1]
    assert (str(itemized.left_of_limit), str(totals.previously_reimbursed)) == (left, paid_before)
    assert (str(cap.amount_allowed), totals.payable) == (cut, Decimal("440.00") + Decimal(cut))
    assert totals.over_cap == totals.agency_share == -Decimal(cut)
    if less:
        assert cap.reason == f"the limit of $1,000.00 for each officer, less {less}, leaves ${left}"
    assert itemized.within_limit_if(taken=Decimal(0)) == min(Decimal(440), Decimal(1000) - Decimal(paid_before))
    assert itemized.within_limit_if(paid_before=Decimal(0)) == min(Decimal(440), Decimal(1000) - Decimal(taken))


def test_a_corrected_claim_is_paid_what_it_gives_beyond_what_was_paid_for_it(week: Week) -> None:
    itemized = week(Outside(paid_before=Decimal("100.00"), paid_for_same=Decimal("100.00")))
    totals = itemized.totals
    assert (totals.allowable, totals.payable) == (Decimal("440.00"), Decimal("340.00"))
    assert (totals.agency_share, totals.not_allowable, totals.over_cap) == (Decimal(0), Decimal(0), Decimal(0))
    said = "$100.00 was paid under the claim that this one corrects"
    (step,) = itemized.lines[-1].steps
    assert (step.check, step.rule, step.field, step.why) == ("earlier-payment-differs", "chp-cap", "replaces", said)
    assert itemized.lines[-1].amount_allowed == Decimal("-100.00")
    assert itemized.lines[-1].reason == said
    assert itemized.payable_if(gain=Decimal("10.00")) == Decimal("350.00")


def test_both_a_correction_and_the_limit_stand_in_the_last_line_in_that_order(week: Week) -> None:
    itemized = week(Outside(paid_before=Decimal("700.00"), paid_for_same=Decimal("100.00")))
    assert [str(step.effect) for step in itemized.lines[-1].steps] == ["-100.00", "-40.00"]
    assert itemized.lines[-1].reason == (
        "$100.00 was paid under the claim that this one corrects; "
        "the limit of $1,000.00 for each officer, less $700.00 paid before, leaves $300.00"
    )
    assert itemized.totals.over_cap == Decimal("40.00")
    assert itemized.totals.agency_share == Decimal("40.00")


def test_a_correction_that_gives_less_than_was_paid_gives_nothing_more(week: Week) -> None:
    itemized = week(Outside(paid_before=Decimal("500.00"), paid_for_same=Decimal("500.00")))
    assert (itemized.totals.payable, itemized.lines[-1].amount_allowed) == (Decimal("0.00"), Decimal("-440.00"))


def test_credits_without_a_line_come_off_the_total_one_after_the_other(week: Week, law: Law) -> None:
    itemized = week(credits=[credit("400.00"), credit("100.00", on="2026-10-12"), credit("1.00")])
    assert [str(itemized.line(f"C{n}").amount_allowed) for n in (1, 2, 3)] == ["-400.00", "-40.00", "0.00"]
    assert stated(itemized, "C1") == (
        "credit",
        "credit",
        "2026-10-09",
        "0.00",
        "-400.00",
        "credits[0].amount",
        "Refunds and credits reduce what is paid",
        "credited: $400.00 from the airline, off the total",
    )
    second = itemized.line("C2")
    assert (second.on, second.path) == (date(2026, 10, 12), "credits[1].amount")
    assert (second.rule, second.citation) == ("credits", law.citation("credits", second.on))
    assert [(step.check, step.rule, step.why) for step in second.steps] == [
        ("credit-applied", "credits", "credited: $100.00 from the airline, off the total")
    ]
    assert itemized.line("C3").steps == ()
    assert (itemized.totals.allowable, itemized.totals.payable) == (Decimal("0.00"), Decimal("0.00"))


TAXI = {"date": "2026-10-05", "category": "taxi", "amount": "34.00"}
NIGHT = {"night": "2026-10-04", "room_rate": "100.00", "tax": "10.00", "receipt": "R1"}


def test_credits_of_a_line_have_no_lines_of_their_own(week: Week) -> None:
    itemized = week(expenses=[TAXI], credits=[credit("10.00", line="E1"), credit("5.00", line="E1")])
    line = itemized.line("E1")
    assert [str(one) for one in (line.cost_stated, line.credit, line.amount_claimed, line.amount_allowed)] == [
        "34.00",
        "15.00",
        "19.00",
        "19.00",
    ]
    assert line.reason == "credited: $10.00 from the airline, $5.00 from the airline"
    assert [one.id for one in itemized.lines if one.group == "credit"] == []
    assert itemized.totals.allowable == Decimal("459.00")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # The last credit of the line has the line of what is too much
        (
            {"credits": [credit("30.00", line="E1"), credit("10.00", line="E1", on="2026-10-12")]},
            (
                "C2",
                "2026-10-12",
                "-6.00",
                "credits[1].amount",
                "the credits for E1 are $6.00 more than it cost",
            ),
        ),
        # One without a date counts on the day of its line
        (
            {"credits": [credit("34.01", line="E1")]},
            (
                "C1",
                "2026-10-05",
                "-0.01",
                "credits[0].amount",
                "the credits for E1 are $0.01 more than it cost",
            ),
        ),
        (
            {"credits": [credit("100.01", line="N1")]},
            (
                "C1",
                "2026-10-04",
                "-0.01",
                "credits[0].amount",
                "the credits for N1 are $0.01 more than it cost",
            ),
        ),
        (
            {"credits": [credit("10.01", line="T1")]},
            (
                "C1",
                "2026-10-04",
                "-0.01",
                "credits[0].amount",
                "the credits for T1 are $0.01 more than it cost",
            ),
        ),
        # An expense's own credit is numbered after the claim's credits
        (
            {"expenses": [TAXI | {"credit": "40.00"}], "credits": [credit("1.00")]},
            (
                "C2",
                "2026-10-05",
                "-6.00",
                "expenses[0].credit",
                "the credits for E1 are $6.00 more than it cost",
            ),
        ),
    ],
)
def test_what_credits_exceed_the_cost_of_their_line_by_is_a_line_of_its_own(
    changes: dict[str, Any], expected: tuple[str, ...], week: Week
) -> None:
    itemized = week(**{"expenses": [TAXI], "lodging": [NIGHT]} | changes)
    name, *rest = expected
    line = itemized.line(name)
    assert [str(line.on), str(line.amount_allowed), line.path, line.reason] == rest
    assert (line.group, line.category, line.amount_claimed) == ("credit", "credit", Decimal("0.00"))


def test_credits_beyond_their_lines_leave_no_total_below_zero(week: Week) -> None:
    itemized = week(
        expenses=[TAXI | {"credit": "300.00"}, TAXI | {"credit": "300.00", "date": "2026-10-06"}],
        credits=[credit("10.00")],
    )
    taken = [str(line.amount_allowed) for line in itemized.lines if line.group == "credit"]
    # M&IE of 440.00 less 10.00 leaves 430.00; less 266.00 164.00, and no more than that is left for the last
    assert taken == ["-10.00", "-266.00", "-164.00"]
    totals = itemized.totals
    assert (totals.allowable, totals.transportation, totals.other) == (Decimal(0), Decimal(0), Decimal(0))


def test_a_credit_dated_before_the_law_names_its_field(week: Week) -> None:
    with pytest.raises(RateUnavailable, match=r"^credits\[0\]\.on: no citation is known for 1999-10-12"):
        week(expenses=[TAXI], credits=[credit("40.00", line="E1", on="1999-10-12")])


@pytest.mark.parametrize(("line", "there"), [("T1", "there are 0 lines T"), ("N1", "there are 0 lines N")])
def test_a_credit_of_a_line_that_is_not_there_is_refused(line: str, there: str, week: Week) -> None:
    with pytest.raises(InputError) as refused:
        week(expenses=[TAXI], credits=[credit("1.00"), credit("1.00", line=line)])
    assert str(refused.value) == (
        f"credits[1].line: {line} is not a line of this claim; {there}; name one, or leave it out to reduce the total"
    )
    with pytest.raises(InputError, match=r"^credits\[0\]\.line: E2 is not a line of this claim; there are 1 lines E"):
        week(expenses=[TAXI], credits=[credit("1.00", line="E2")])
    assert week(expenses=[TAXI], credits=[credit("1.00", line="E1")]).line("E1").amount_allowed == Decimal("33.00")


@pytest.mark.parametrize("line", ["D1", "CAP", "POV", "C1", "E0", "E10000"])
def test_a_credit_of_a_line_that_takes_none_is_refused(line: str, week: Week) -> None:
    with pytest.raises(
        InputErrors, match=r"credits\[0\]\.line: .* write the capital N of a night, T of its tax or E of an expense"
    ):
        week(credits=[credit("1.00", line=line)])


def test_a_bar_from_outside_names_a_line_that_is_there(week: Week) -> None:
    bar = Bar("duplicate-document", "receipts", "the receipt was claimed before", "receipt")
    for name in ("N1", "E1", "D6"):
        itemized = week(Outside({name: bar}), expenses=[TAXI], lodging=[NIGHT])
        assert itemized.line(name).amount_allowed == Decimal("0.00")
        assert [(step.check, step.rule, step.why, step.field) for step in itemized.line(name).steps] == [bar]
    for name in ("N2", "E2", "D7", "T1", "E0"):
        with pytest.raises(ValueError, match=f"^no night, day or expense of claim CASE-1: \\['{name}'\\]$"):
            week(Outside({name: bar}), expenses=[TAXI], lodging=[NIGHT])


def test_what_cannot_be_had_is_said_of_the_field_it_was_needed_for(law: Law, ratebook: RateSource) -> None:
    far = claim_of({"trip": "2026-10-04 to 2026-10-05", "at": "Orlando, FL"})
    far["trip"]["stops"][0]["place"] = {"city": "Nowhereville", "state": "FL"}
    with pytest.raises(RateUnavailable, match=r"^trip\.stops\[0\]"):
        itemize(parse_claim(far), ratebook, law)
    early = claim_of({"trip": "2018-10-04 to 2018-10-05", "at": "Orlando, FL"})
    with pytest.raises(RateUnavailable, match=r"^trip\.departed_at: .* 2018-10-04; known: 2019-01-01 to now;"):
        itemize(parse_claim(early), ratebook, law)
