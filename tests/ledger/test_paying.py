"""Payments of approved claims: scheduled, paid, void, reissued, recovered. Amounts are derived by hand.

The limit of an officer is $1,000.00; a claim in these tests is for $700.00.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, InputErrors, LedgerError
from perdiem_calc.ledger import AlreadyPaid, Ledger, Paid, PaymentOrder
from perdiem_calc.ledger.payment_file import order_of, parse_payments
from perdiem_calc.ledger.schema import BELOW_ZERO, OVER_LIMIT
from tests.support.ledgers import AWARD, DAY, PAY, begun, corrects, course_on, enter, entry, noon, run_sql

ON = date(2026, 11, 20)
LATER = date(2026, 11, 23)


@pytest.fixture
def ledger(tmp_path: Path, law: Law) -> Iterator[Ledger]:
    with begun(str(tmp_path / "ledger.sqlite"), law, entry("A-1", "700.00")) as ledger:
        yield ledger
        assert ledger.problems() == []


def pay(ledger: Ledger, claim_id: str = "A-1", status: Any = "paid", number: str = "CK-1", **more: Any) -> Paid:
    """One payment recorded."""
    (done,) = ledger.pay([PaymentOrder(claim_id, status, number, **{"on": ON, **more})])
    return done


def amounts(done: Paid) -> tuple[str, str, str]:
    """What moved, what is still due under the claim, and what is left of the officer's limit."""
    return str(done.amount), str(done.still_due), str(done.remaining)


def kinds(ledger: Ledger) -> list[tuple[str, str]]:
    return [(row["kind"], row["amount"]) for row in ledger.payments()]


def void(ledger: Ledger, number: str = "CK-1", claim_id: str = "A-1") -> Paid:
    return pay(ledger, claim_id, "void", number, on=LATER, reason="check returned")


def test_a_claim_is_scheduled_then_paid_once(ledger: Ledger) -> None:
    assert amounts(pay(ledger, status="scheduled", on=date(2026, 12, 1))) == ("700.00", "700.00", "300.00")
    done = pay(ledger, method="check")
    assert amounts(done) == ("700.00", "0.00", "300.00")
    assert str(done) == "paid, $700.00; SRO 1, Jordan Reyes; $300.00 of the limit left"
    assert kinds(ledger) == [("approved", "700.00"), ("scheduled", "700.00"), ("paid", "700.00")]
    with pytest.raises(AlreadyPaid, match=r"\$700.00 paid on 2026-11-20 was recorded by Ann at .*nothing is new"):
        pay(ledger, method="check")
    with pytest.raises(LedgerError, match="claim A-1: nothing is due; check the id"):
        pay(ledger, number="CK-2")
    assert len(ledger.payments()) == 3


def test_a_day_that_is_scheduled_is_changed_and_the_same_is_not_scheduled_twice(ledger: Ledger) -> None:
    for day in (1, 2, 1):
        pay(ledger, status="scheduled", on=date(2026, 12, day))
    with pytest.raises(AlreadyPaid, match="scheduled on 2026-12-01"):
        pay(ledger, status="scheduled", on=date(2026, 12, 1))


def test_a_void_payment_returns_its_amount_to_the_limit_and_the_claim_stays_approved(ledger: Ledger) -> None:
    pay(ledger, method="check")
    assert amounts(void(ledger)) == ("700.00", "0.00", "1000.00")
    found = ledger.balance(AWARD, "Jordan Reyes", DAY)
    assert (str(found.used), str(found.paid), str(found.remaining)) == ("0.00", "0.00", "1000.00")
    assert [one.verdict for one in ledger.claims(1)] == ["accept"]
    with pytest.raises(AlreadyPaid, match="payment CK-1 was voided by Ann"):
        void(ledger)
    with pytest.raises(LedgerError, match=r"nothing is due but \$700.00 that was void; record it as reissued"):
        pay(ledger, number="CK-2")
    assert amounts(pay(ledger, status="reissued", number="CK-2")) == ("700.00", "0.00", "300.00")
    with pytest.raises(AlreadyPaid, match="reissued on 2026-11-20"):
        pay(ledger, status="reissued", number="CK-2")
    with pytest.raises(LedgerError, match="has no void payment to reissue"):
        pay(ledger, status="reissued", number="CK-3")
    assert amounts(void(ledger, "CK-2")) == ("700.00", "0.00", "1000.00")


def test_another_claim_may_use_what_a_void_payment_returned(ledger: Ledger, law: Law) -> None:
    """$700.00 void, then $400.00 for another course: $600.00 is left, and the $700.00 are not reissued."""
    pay(ledger)
    void(ledger)
    assert str(enter(ledger, entry("A-2", "400.00", fields=course_on("2026-11-05")), law).paid) == "400.00"
    with pytest.raises(LedgerError, match=r"\$700.00 was void, and \$600.00 is left of the limit since; decide on"):
        pay(ledger, status="reissued", number="CK-2")


def test_a_correction_after_a_void_payment_pays_the_whole_and_nothing_is_reissued(ledger: Ledger, law: Law) -> None:
    """The check over $700.00 is void. The correction gives $750.00: all of it is due, under the correction."""
    pay(ledger)
    void(ledger)
    assert str(enter(ledger, entry("A-2", "750.00", fields=corrects("A-1")), law).change) == "750.00"
    with pytest.raises(LedgerError, match="A-1 has no void payment to reissue"):
        pay(ledger, status="reissued", number="CK-2")
    with pytest.raises(LedgerError, match="A-2 took the place of claim A-1; pay A-2"):
        pay(ledger, number="CK-2")
    assert amounts(pay(ledger, "A-2", number="CK-2")) == ("750.00", "0.00", "250.00")
    enter(ledger, entry("A-2", "750.00", verdict="return", reason="so", fields=corrects("A-1")), law)
    again = enter(ledger, entry("A-1", "700.00", verdict="accept", reason="it counts again"), law)
    assert (str(again.paid), str(again.owed)) == ("700.00", "50.00")


def test_a_check_that_is_void_after_the_correction_is_reissued(ledger: Ledger, law: Law) -> None:
    """$700.00 paid, $50.00 more by a correction, paid; then the first check is lost: $700.00 are reissued."""
    pay(ledger)
    enter(ledger, entry("A-2", "750.00", fields=corrects("A-1")), law)
    assert amounts(pay(ledger, "A-2", number="CK-2")) == ("50.00", "0.00", "250.00")
    assert amounts(void(ledger)) == ("700.00", "0.00", "950.00")
    assert amounts(pay(ledger, "A-2", "reissued", "CK-3")) == ("700.00", "0.00", "250.00")


def test_what_was_not_paid_yet_is_paid_with_the_correction_in_one(ledger: Ledger, law: Law) -> None:
    """$700.00 approved and not paid; the correction gives $550.00: that is due, and nothing comes back."""
    done = enter(ledger, entry("A-2", "550.00", fields=corrects("A-1")), law)
    assert (str(done.change), str(done.owed)) == ("-150.00", "0.00")
    assert str(done).startswith("accept, $150.00 less to pay;")
    assert amounts(pay(ledger, "A-2")) == ("550.00", "0.00", "450.00")


def test_what_was_paid_too_much_is_recovered_in_parts(ledger: Ledger, law: Law) -> None:
    """$700.00 paid, $550.00 by the correction: $150.00 comes back, first $100.00, then the rest."""
    pay(ledger)
    done = enter(ledger, entry("A-2", "550.00", fields=corrects("A-1")), law)
    assert str(done).startswith("accept, the agency returns $150.00;")
    with pytest.raises(LedgerError, match=r"nothing is due: the agency owes \$150.00; record what comes back"):
        pay(ledger, "A-2", number="CK-2")
    first = pay(ledger, "A-2", "recovered", "DEP-1", amount=Decimal("100.00"))
    assert amounts(first) == ("100.00", "-50.00", "450.00")
    assert "the agency still owes $50.00" in str(first)
    assert amounts(pay(ledger, "A-2", "recovered", "DEP-2")) == ("50.00", "0.00", "450.00")
    with pytest.raises(AlreadyPaid):
        pay(ledger, "A-2", "recovered", "DEP-2")
    with pytest.raises(LedgerError, match="the agency owes nothing under claim A-2; give the amount"):
        pay(ledger, "A-2", "recovered", "DEP-3")


def test_money_that_comes_back_without_a_decision_returns_to_the_limit(ledger: Ledger) -> None:
    pay(ledger)
    for amount in ("0.00", "700.01"):
        with pytest.raises(LedgerError, match=r"is not between nothing and the \$700.00 paid under claim A-1"):
            pay(ledger, status="recovered", amount=Decimal(amount))
    assert amounts(pay(ledger, status="recovered", amount=Decimal("200.00"))) == ("200.00", "0.00", "500.00")
    assert kinds(ledger)[-1] == ("given_back", "-200.00")
    assert amounts(pay(ledger, status="reissued", number="CK-2")) == ("200.00", "0.00", "300.00")


def test_a_void_check_that_was_too_much_leaves_no_debt(ledger: Ledger, law: Law) -> None:
    """$700.00 paid, decided again at $650.00; then the check comes back: $650.00 are void, $50.00 owed no more."""
    pay(ledger)
    less: dict[str, Any] = {"verdict": "adjust", "amount": Decimal("650.00"), "reason": "E2 is personal"}
    assert str(enter(ledger, entry("A-1", "700.00", **less), law).owed) == "50.00"
    assert amounts(void(ledger)) == ("700.00", "0.00", "1000.00")
    assert kinds(ledger)[-2:] == [("void", "-650.00"), ("recovered", "-50.00")]
    assert amounts(pay(ledger, status="reissued", number="CK-2")) == ("650.00", "0.00", "350.00")


def test_a_check_of_a_claim_sent_back_later_is_void_and_nothing_is_reissued(ledger: Ledger, law: Law) -> None:
    pay(ledger)
    enter(ledger, entry("A-1", "700.00", verdict="return", reason="a mistake"), law)
    assert amounts(void(ledger)) == ("700.00", "0.00", "1000.00")
    with pytest.raises(LedgerError, match="no void payment to reissue"):
        pay(ledger, status="reissued", number="CK-2")


def test_a_decision_made_again_after_a_void_payment_replaces_it(ledger: Ledger, law: Law) -> None:
    pay(ledger)
    void(ledger)
    less: dict[str, Any] = {"verdict": "adjust", "amount": Decimal("650.00"), "reason": "E2 is personal"}
    assert str(enter(ledger, entry("A-1", "700.00", **less), law).change) == "650.00"
    assert kinds(ledger)[-2:] == [("lapsed", "-700.00"), ("approved", "650.00")]
    assert amounts(pay(ledger, number="CK-2")) == ("650.00", "0.00", "350.00")


def test_with_money_out_that_should_be_back_nothing_is_paid_above_the_limit(ledger: Ledger, law: Law) -> None:
    """$700.00 paid and sent back; $1,000.00 is approved for another course: together $1,700.00 would be out."""
    pay(ledger)
    enter(ledger, entry("A-1", "700.00", verdict="return", reason="a mistake"), law)
    enter(ledger, entry("A-2", "1000.00", fields=course_on("2026-11-05")), law)
    with pytest.raises(LedgerError, match=r"\$1,700.00 would be paid .*wait until the agency has returned \$700.00"):
        pay(ledger, "A-2", number="CK-2")
    with pytest.raises(LedgerError, match=OVER_LIMIT):
        run_sql(ledger, PAY.format(claim=2, kind="paid", cents=30001, on="2026-10-09"))
    pay(ledger, status="recovered", number="DEP-1")
    assert amounts(pay(ledger, "A-2", number="CK-2")) == ("1000.00", "0.00", "0.00")


@pytest.mark.parametrize(
    ("status", "cents", "why"),
    [
        ("paid", 100001, OVER_LIMIT),
        ("reissued", 1, BELOW_ZERO),
        ("recovered", 70001, BELOW_ZERO),
        ("given_back", 70001, BELOW_ZERO),
        ("lapsed", 1, BELOW_ZERO),
    ],
)
def test_the_database_itself_refuses(place: str, law: Law, status: str, cents: int, why: str) -> None:
    with begun(place, law, entry("A-1", "700.00")) as ledger:
        pay(ledger)
        with pytest.raises(LedgerError, match=why):
            run_sql(ledger, PAY.format(claim=1, kind=status, cents=cents, on="2026-10-09"))
        void(ledger)
        with pytest.raises(LedgerError, match=BELOW_ZERO):
            run_sql(ledger, PAY.format(claim=1, kind="reissued", cents=70001, on="2026-10-09"))
        assert ledger.problems() == []


def test_a_payment_on_a_server_is_as_in_a_file(place: str, law: Law) -> None:
    with begun(place, law, entry("A-1", "700.00")) as ledger:
        pay(ledger)
        void(ledger)
        assert amounts(pay(ledger, status="reissued", number="CK-2")) == ("700.00", "0.00", "300.00")
        assert amounts(pay(ledger, status="recovered", amount=Decimal("5.00"))) == ("5.00", "0.00", "305.00")
        assert ledger.problems() == []


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"claim_id": "A-9"}, "claim_id: claim A-9 is not recorded; check the id"),
        ({"sro": 7}, "claim A-1 is not recorded for SRO 7"),
        ({"on": None}, "--on: is missing; give the day it was paid"),
        ({"number": " "}, "--number: is missing; give the number of the check"),
        ({"status": "void"}, "--reason: is missing; say why the payment is void"),
        ({"status": "void", "reason": "lost"}, "--number: claim A-1 has no payment with number CK-1; check the id"),
        ({"on": date(2026, 12, 1)}, "--on: 2026-12-01 is in the future; correct the day; or record it as scheduled"),
        ({"amount": Decimal("700.01")}, r"--amount: \$700.01 is stated for claim A-1, and the ledger has \$700.00"),
        ({"number": "CK\u202e1"}, "--number: "),
        ({"reason": "lost\u202e"}, "--reason: "),
    ],
)
def test_a_payment_that_does_not_fit_is_refused(ledger: Ledger, options: dict[str, Any], why: str) -> None:
    with pytest.raises(LedgerError, match=why):
        pay(ledger, **options)
    assert kinds(ledger) == [("approved", "700.00")]


def test_of_several_payments_the_number_says_which_is_void(ledger: Ledger, law: Law) -> None:
    pay(ledger)
    more: dict[str, Any] = {"verdict": "adjust", "amount": Decimal("705.00"), "reason": "tolls"}
    enter(ledger, entry("A-1", "700.00", **more), law)
    assert amounts(pay(ledger, number="CK-2")) == ("5.00", "0.00", "295.00")
    with pytest.raises(LedgerError, match="A-1 has several payments; give the number of one that is not void: CK-1"):
        void(ledger, "")
    assert amounts(void(ledger, "CK-2")) == ("5.00", "0.00", "300.00")
    assert amounts(void(ledger, "")) == ("700.00", "0.00", "1000.00")


def test_a_claim_id_of_two_officers_needs_the_officer(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("a-1", "100.00", "Dana Cole"), law)
    with pytest.raises(LedgerError, match="2 officers have a claim A-1: SRO 1, Jordan Reyes and SRO 2, Dana Cole"):
        pay(ledger)
    assert amounts(pay(ledger, sro=2)) == ("100.00", "0.00", "900.00")


def test_a_claim_is_recorded_and_paid_in_one_step(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("B-1", "100.00", "Dana Cole", paid_on=ON, reference="CK-9"), law)
    enter(ledger, entry("C-1", "100.00", "Sam Ito", reference="CK-10"), law)
    assert [(row["kind"], row["reference"]) for row in ledger.payments()[1:]] == [
        ("approved", ""), ("paid", "CK-9"), ("approved", ""), ("scheduled", "CK-10")
    ]  # fmt: skip
    back = entry("D-1", "100.00", "Lee Park", paid_on=ON, verdict="return", reason="unsigned")
    with pytest.raises(LedgerError, match="a payment is stated for claim D-1, and nothing is due under it"):
        enter(ledger, back, law)
    assert [one.claim_id for one in ledger.claims(1)] == ["A-1"]


def test_a_file_of_payments_is_recorded_whole_or_not_at_all(ledger: Ledger, law: Law) -> None:
    enter(ledger, entry("B-1", "100.00", "Dana Cole"), law)
    head = b"Claim id,Number,Date,Method,Status\n"
    orders = parse_payments(head + b"A-1,CK-1,11/20/2026,check,\nB-9,CK-1,2026-11-20,check,paid\n")
    with pytest.raises(LedgerError, match="line 3: claim B-9 is not recorded"):
        ledger.pay(orders)
    assert kinds(ledger) == [("approved", "700.00"), ("approved", "100.00")]
    with pytest.raises(LedgerError, match=r"line 3: claim B-9 .*\nline 4: claim A-1: nothing is due.*; nothing was"):
        ledger.pay([*orders, replace(orders[0], number="CK-2", line=4)])
    done = ledger.pay(parse_payments(head + b"A-1,CK-1,2026-11-20,check,\nB-1,CK-1,2026-11-20,check,paid\n"))
    assert [(one.claim_id, str(one.amount)) for one in done] == [("A-1", "700.00"), ("B-1", "100.00")]


def test_a_file_of_payments_says_what_is_wrong_with_each_line() -> None:
    head = b"claim_id,number,date,method,status,amount,sro\n"
    with pytest.raises(InputErrors) as refused:
        parse_payments(
            head + b",1,2026-11-20,,,,\nA,1,2026-11-31,,,,\nA,1,20.11.2026,,,,\nA,1,,,,,\nA,1,2026-11-20,,lost,,\n"
            b'A,1,2026-11-20,,,"7,00",\nA,1,2026-11-20,,,,x\nA,,2026-11-20,,,,\n'
        )
    assert str(refused.value).splitlines() == [
        "line 2: claim_id: is missing; give the id of the claim",
        "line 3: date: '2026-11-31' is not a date; write year-month-day, like 2026-12-01",
        "line 4: date: '20.11.2026' is not a date; write year-month-day, like 2026-12-01",
        "line 5: date: is missing; give the day it was paid",
        "line 6: status: 'lost' is no status of a payment; use scheduled, paid, void, reissued and recovered",
        "line 7: '7,00' is not an amount; write dollars and cents like 159.00, without $ or comma",
        "line 8: sro: 'x' is no number of an SRO; take one that `show` prints",
        "line 9: number: is missing; give the number of the check or transfer",
    ]
    for content, why in (
        (b"claim_id,number\n", "line 1: has no column date and method; use the columns"),
        (head[:-1] + b",memo\n", "has a column memo; use the columns"),
        (head, "holds no payment; write a line for each payment"),
    ):
        with pytest.raises(InputError, match=why):
            parse_payments(content)
    with pytest.raises(InputError, match="number: "):
        order_of({"claim_id": "A", "number": "x" * 101, "date": "2026-11-20"})


def test_each_entry_has_its_own_who_when_and_why(ledger: Ledger, law: Law, tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite", by="Bob", now=noon) as other:
        pay(other, method="check")
        void(other)
    rows = [(row["what"], row["amount"], row["recorded_by"], row["reason"]) for row in ledger.history(1)]
    assert rows == [
        ("accept", "700.00", "Ann", ""),
        ("approved", "700.00", "Ann", ""),
        ("paid", "700.00", "Bob", ""),
        ("void", "-700.00", "Bob", "check returned"),
    ]
