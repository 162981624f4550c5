"""The rules, case by case, as a travel clerk would check them: tests/cases/*.yaml, read by case_files.py."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import cast

import pytest

from perdiem_calc.errors import InputError, InputErrors, PerdiemError, RateUnavailable
from perdiem_calc.itemizer import ItemizedClaim, Totals, itemize
from perdiem_calc.parameters import Law
from perdiem_calc.rates import RateSource
from perdiem_calc.refusals import parse_claim
from tests.case_files import Case, all_cases, claim_of, law_of, read

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
