"""docs/where.md is what the code makes of it, and answers what a reader asks."""

from __future__ import annotations

import pytest

from perdiem_calc.checks import IDS
from perdiem_calc.rules.law import load_law
from tools import where

pytestmark = pytest.mark.unmeasured


def row(of: str) -> str:
    return next(
        line for line in where.PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{of}` |")
    )


def test_the_page_is_current() -> None:
    """After a change: `make reference`."""
    assert where.PAGE.read_text(encoding="utf-8") == where.page()


@pytest.mark.parametrize(
    ("of", "answers"),
    [
        ("lodging-tax-share", ["ftr.lodging_tax_allowed", "lodging-tax-over-share", "cases/lodging.yaml"]),
        (
            "entitlement-12-hours",
            ["ftr.short_trip_is_entitled", "short-trip", "cases/trips.yaml"],
        ),
        ("certificate-missing", ["blocks", "chp-certificate", "chp._completion", "cases/programme.yaml"]),
        ("total-does-not-foot", ["adjusts", "evidence.total_does_not_foot"]),
        ("chp-cap", ["chp.payable", "cap-applied", "cases/programme.yaml"]),
    ],
)
def test_it_answers_what_a_reader_asks(of: str, answers: list[str]) -> None:
    assert not [answer for answer in answers if answer not in row(of)]


def test_every_check_has_a_severity_a_rule_and_a_test() -> None:
    for check in IDS:
        assert where.severities(check), check
        assert where.rules_of(check), check
        assert where.guarding(check), check


def test_every_rule_is_guarded_by_a_test() -> None:
    for rule in load_law().rules:
        assert where.guarding_rule(rule), rule
