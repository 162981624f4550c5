"""Law 1 of the audit: our own export questions nothing.

A claim that is built and audited as a workbook has exactly the findings that the build itself printed: the same
checks, severities, lines, fields, cells, amounts and words, what could not be judged included; and the workbook
states nothing beside the claim.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from perdiem_calc.auditing.intake import examine
from perdiem_calc.checks.finding import Finding
from perdiem_calc.checks.submission import Submission
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.workbook.form.where import as_on_form
from tests.golden import BUILT_ON
from tests.support.case_files import FILES, all_cases, claim_of, law_of
from tests.support.claim_data import SAMPLES, sample
from tests.support.claims import Record, random_claim
from tests.support.forms import fit_for_a_form
from tests.support.house_rules import ROOT, seeds
from tests.support.sheets import fill_in
from tests.support.submissions import AuditDesk

CLAIMS, BLOCKS = 2_000, 25
NAMES = sorted(path.stem for path in SAMPLES.glob("*.json"))


@pytest.fixture
def desk(law: Law, ratebook: Ratebook, tmp_path: Path) -> AuditDesk:
    return AuditDesk(law, ratebook, tmp_path)


def assert_questions_nothing(desk: AuditDesk, record: Record, as_of: date, audited_on: date | None = None) -> None:
    """Building and auditing say the same."""
    built = desk.build(record, audited_on or as_of)
    content = built.content if audited_on is None else desk.build(record, as_of).content
    taken = desk.take(content, audited_on or as_of)
    assert taken.submission == Submission()
    assert examine(taken, desk.rates, desk.law).findings == built.findings


@pytest.mark.unmeasured
@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.slow
def test_2000_random_claims_built_and_audited_give_the_findings_of_the_build(block: int, desk: AuditDesk) -> None:
    built = 0
    for seed in seeds(block * CLAIMS // BLOCKS, CLAIMS // BLOCKS):
        rng = random.Random(seed)
        record = fit_for_a_form(random_claim(rng), rng)
        as_of = rng.choice([BUILT_ON, date(2023, 1, 1), date.fromisoformat(record["prepared_on"])])
        try:
            assert_questions_nothing(desk, record, as_of)
        except InputError:
            continue
        except AssertionError as error:
            error.add_note(f"random_claim(random.Random({seed})), as of {as_of}")
            raise
        built += 1
    assert built > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_built_and_audited_gives_the_findings_of_the_build(name: str, desk: AuditDesk) -> None:
    assert_questions_nothing(desk, sample(name), BUILT_ON)


@pytest.mark.unmeasured
@pytest.mark.parametrize("file", FILES)
@pytest.mark.slow
def test_the_claims_of_the_cases_built_and_audited_give_the_findings_of_the_build(file: str, desk: AuditDesk) -> None:
    """Claims at the edges of the rules: each that a form can state, under the settings of its case."""
    cases = [
        case
        for name, case in all_cases()
        if name == file and case.keys().isdisjoint({"refused", "no_rate", "contradicts"})
    ]
    assert len(cases) > 25
    for case in (cases[number] for number in seeds(0, len(cases))):
        of_case = replace(desk, law=law_of(case, desk.law))
        try:
            assert_questions_nothing(of_case, claim_of(case), date.fromisoformat(case.get("as_of", "2026-11-23")))
        except InputError as error:
            if not error.code.startswith("form."):
                raise
        except AssertionError as error:
            error.add_note(case["case"])
            raise


def test_a_claim_with_every_field_built_and_audited_gives_the_findings_of_the_build(desk: AuditDesk) -> None:
    """But two rooms in one night, which no form can state."""
    record = json.loads((ROOT / "tests" / "complete_claim.json").read_text(encoding="utf-8"))
    record = fit_for_a_form(record, random.Random(1))
    assert_questions_nothing(desk, record, BUILT_ON)


@pytest.mark.parametrize(
    ("built_on", "audited_on"),
    [(date(2026, 10, 6), BUILT_ON), (date(2026, 10, 12), BUILT_ON), (BUILT_ON, date(2026, 10, 6))],
    ids=["built during the trip", "built before it was dated", "audited as of the trip"],
)
def test_a_claim_built_on_another_day_has_the_findings_of_the_day_of_the_audit(
    built_on: date, audited_on: date, desk: AuditDesk
) -> None:
    """What lay in the future on the day of the build, and the workbook bars, counts as of the audit."""
    for name in NAMES:
        assert_questions_nothing(desk, sample(name), built_on, audited_on)


def test_a_form_filled_in_by_hand_has_the_findings_of_the_claim_built(desk: AuditDesk) -> None:
    path = desk.folder / "form.xlsx"
    record = fill_in(path)
    content = path.read_bytes()
    assert desk.take(content).submission == Submission()
    assert desk.audit(content).findings == desk.build(record).findings


@pytest.mark.parametrize("name", NAMES)
def test_the_same_claim_as_json_has_the_same_findings_at_fields_instead_of_cells(name: str, desk: AuditDesk) -> None:
    from_workbook = desk.audit(desk.build(sample(name)).content)
    from_json = desk.audit_record(sample(name))
    assert from_workbook.claim is not None
    assert from_json.claim is not None
    stated = as_on_form(from_json.findings, from_json.claim, from_workbook.claim)
    assert tuple(stated) == without_cells(from_workbook.findings)
    assert sum(bool(finding.where.cells) for finding in from_workbook.findings) > 5
    assert (from_json.payable, from_json.suggested) == (from_workbook.payable, from_workbook.suggested)
    assert from_json.stated_payable is None
    assert from_workbook.stated_payable == from_workbook.payable


def without_cells(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings that name fields alone."""
    return tuple(replace(finding, where=replace(finding.where, cells=())) for finding in findings)
