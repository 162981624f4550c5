"""docs/rules.md is what the law files say."""

from __future__ import annotations

from perdiem_calc.rules.law import load_law
from tools import rule_reference


def test_the_page_is_current_and_has_every_rule() -> None:
    """After a change: `make reference`."""
    page = rule_reference.PAGE.read_text(encoding="utf-8")
    assert page == rule_reference.page()
    assert [rule for rule in load_law().rules if f"### `{rule}`" not in page] == []


def test_a_value_is_shown_with_its_days_and_its_source() -> None:
    """The program's fact sheet states the limit; the regulation's numbers changed on December 8, 2025."""
    page = rule_reference.page()
    assert "| limit | from 2019-01-01 | 1000.00 · source: CHP training fact sheet, Overview |" in page
    assert "| citation | 2019-01-01 to 2025-12-07 | 41 CFR 301-11.100 · confirmed |" in page
