"""What a finding says, and the order in which findings are told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from perdiem_calc.checks.finding import Finding, Outcome, Severity, Where, ranked


def finding(check: str, **fields: Any) -> Finding:
    """A finding of which only some things matter."""
    said: dict[str, Any] = {
        "severity": Severity.INFO,
        "scope": "line",
        "where": Where(("expenses[0].amount",), ("E1",)),
    }
    return Finding(check, "a-rule", **(said | fields), citation="41 CFR", message="Enter the receipt.")


def test_severities_are_ordered_from_information_to_a_bar() -> None:
    assert sorted(Severity, reverse=True) == [Severity.BLOCKS, Severity.ADJUSTS, Severity.REVIEW, Severity.INFO]
    assert Severity.REVIEW >= Severity.REVIEW
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3]


def test_findings_are_told_in_order_of_what_they_change() -> None:
    cut, more = Decimal("-10.00"), Decimal("-20.00")
    expected = [
        finding("pays-less", payment_effect=more),
        finding("pays-more", payment_effect=-cut, claimed=Decimal("99.00")),
        finding("cuts-less-but-bars", severity=Severity.BLOCKS, claimed=Decimal("10.00")),
        finding("cuts-less-and-asks", severity=Severity.REVIEW, claimed=Decimal("10.00")),
        finding("cuts-a-line", claimed=Decimal("30.00"), allowed=Decimal("10.00")),
        finding("cuts-less", claimed=Decimal("10.00")),
        finding("a-date-to-know"),
        finding("not-made", severity=Severity.BLOCKS, payment_effect=more, outcome=Outcome.NOT_EVALUATED),
    ]
    assert [found.check for found in ranked(expected[::-1])] == [found.check for found in expected]


def test_equal_findings_keep_their_order() -> None:
    assert [found.check for found in ranked([finding("b"), finding("a")])] == ["b", "a"]


@pytest.mark.parametrize("amount", ["0.00", "75"])
def test_a_finding_as_a_record(amount: str) -> None:
    found = finding(
        "receipt-missing", severity=Severity.BLOCKS, claimed=Decimal(amount), payment_effect=-Decimal(amount)
    )
    text = f"{Decimal(amount):.2f}"
    assert found.as_record() == {
        "check": "receipt-missing",
        "rule": "a-rule",
        "severity": "blocks",
        "outcome": "questioned",
        "scope": "line",
        "where": "expenses[0].amount",
        "claimed": text,
        "allowed": "0.00",
        "line_effect": f"{-Decimal(amount):.2f}",
        "payment_effect": f"{-Decimal(amount):.2f}",
        "citation": "41 CFR",
        "message": "Enter the receipt.",
    }
