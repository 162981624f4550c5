"""The rules, case by case, as a travel clerk would check them: tests/cases/*.yaml, read by case_files.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

import pytest

from perdiem_calc.checks import IDS
from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Finding, Severity, questioned
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, InputErrors, PerdiemError, RateUnavailable
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import ItemizedClaim, Totals, itemize
from tests.support.case_files import QUESTIONS, Case, all_cases, claim_of, law_of, read

CASES = [pytest.param(case, id=f"{name}: {case['case']}") for name, case in all_cases()]
TOTALS = {field.name for field in fields(Totals)}
SERIES = {"nights": "lodging", "taxes": "lodging_tax", "days": "mie"}
CITATIONS = cast(dict[str, dict[str, str]], read("citations"))


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, law: Law, ratebook: RateSource) -> None:
    for kind, words in _failures(case):
        with pytest.raises(kind) as failure:
            _itemized(case, law, ratebook)
        assert words in str(failure.value)
        return
    itemized = _itemized(case, law, ratebook)
    assert _amounts(case, itemized) == case.get("expect", {})
    assert {name: _checks(itemized, name) for name in case.get("because", ())} == case.get("because", {})
    assert {name: itemized.line(name).citation for name in case.get("cites", ())} == case.get("cites", {})
    assert [block.check for block in itemized.blocks] == case.get("blocked", [])
    over = {
        name: most for name, most in case.get("at_most", {}).items() if getattr(itemized.totals, name) > Decimal(most)
    }
    assert over == {}
    if case.keys() & QUESTIONS:
        _check_questions(case, questioned(audit(itemized, ratebook, law_of(case, law))))


def _check_questions(case: Case, found: Sequence[Finding]) -> None:
    """The findings of a case are those that it expects."""
    said = {finding.check for finding in found} | {f"{one.check} {one.severity.value}" for one in found}
    above = [finding for finding in found if finding.severity > Severity.INFO]
    if "asks" in case:
        assert _in_order(above) == case["asks"]
    assert [check for check in case.get("finds", ()) if check not in said] == [], said
    assert [check for check in case.get("finds_not", ()) if check in said] == []
    if "least" in case:
        assert max((one.severity for one in above), default=Severity.INFO) >= Severity(case["least"])
    if "review_on" in case:
        paths = [path for finding in above for path in finding.where.paths]
        assert any(path.startswith(case["review_on"]) for path in paths), paths
    for check, pattern in case.get("says", {}).items():
        messages = [one.message for one in found if check in (one.check, "any")]
        assert any(re.search(pattern, message, re.IGNORECASE) for message in messages), messages


def _in_order(findings: Sequence[Finding]) -> list[str]:
    """The checks and severities of findings, each once, in the order of the catalogue."""
    order = sorted(findings, key=lambda one: (IDS.index(one.check), one.severity))
    return list(dict.fromkeys(f"{one.check} {one.severity.value}" for one in order))


def test_case_names_are_sentences_and_differ() -> None:
    names = [case["case"] for _, case in all_cases()]
    assert len(names) == len(set(names))
    assert [name for name in names if " " not in name or name.endswith(".")] == []


@pytest.mark.parametrize("rule", CITATIONS)
def test_citation_on_each_day(rule: str, law: Law) -> None:
    assert {day: law.citation(rule, date.fromisoformat(day)) for day in CITATIONS[rule]} == CITATIONS[rule]


def _failures(case: Case) -> list[tuple[type[PerdiemError], str]]:
    kinds = {"refused": InputErrors, "no_rate": RateUnavailable, "contradicts": InputError}
    return [(kind, case[key]) for key, kind in kinds.items() if key in case]


def _itemized(case: Case, law: Law, rates: RateSource) -> ItemizedClaim:
    as_of = date.fromisoformat(case["as_of"]) if "as_of" in case else None
    return itemize(parse_claim(claim_of(case)), rates, law_of(case, law), as_of=as_of)


def _amounts(case: Case, itemized: ItemizedClaim) -> dict[str, str]:
    """The amounts that a case expects, as they came out."""
    found = {}
    for name, expected in case.get("expect", {}).items():
        if name in SERIES:
            of_group = [line for line in itemized.lines if line.group == SERIES[name]]
            found[name] = " ".join(str(line.amount_allowed) for line in of_group)
        elif name in TOTALS:
            found[name] = str(getattr(itemized.totals, name))
        else:
            line = itemized.line(name)
            found[name] = str(line.amount_allowed)
            if " of " in expected:
                found[name] += f" of {line.amount_claimed}"
    return found


def _checks(itemized: ItemizedClaim, line: str) -> str:
    return " ".join(step.check for step in itemized.line(line).steps) or "nothing"


def test_before_and_after_of_each_citation_are_neighbours() -> None:
    """So that a case stands on both sides of the day on which the regulation was replaced."""
    for rule, days in CITATIONS.items():
        first, second = map(date.fromisoformat, days)
        assert second - first == timedelta(days=1), rule
