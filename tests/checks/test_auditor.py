"""The audit of one claim: which checks there are, what the samples give, order and wording of findings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import perdiem_calc
from perdiem_calc.checks import CHECKS, IDS
from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Finding, Outcome, Severity
from perdiem_calc.checks.submission import Refused, Submission
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import itemize
from tests.support.checking import GONE, Desk, Edits, faults
from tests.support.claim_data import sample
from tests.support.house_rules import COSTLY, ROOT
from tests.support.known_claims import asked, earlier, stated, stating
from tests.support.strategies import claims

CONTRACT = ROOT / "tests" / "contract"
SAMPLE_OF = {"orlando": "2026-ORL-0001", "moody": "2026-MDY-0007", "washington": "2026-DCA-0003"}

BEYOND_THE_TABLES = {"rate-source-failed", "rate-sources-differ", "malformed"}
"""The checks that no row of the catalogue has; `malformed` stands in its text."""

UNJUDGED = [
    "not-on-roster",
    "payee-questioned",
    "officer-may-be-known",
    "not-on-attendance",
    "earlier-payment-differs",
    "trips-overlap",
    "second-payee-vehicle",
    "duplicate-document",
    "claim-resubmitted",
]
"""What one claim alone cannot tell, in the order of the catalogue."""


@pytest.mark.parametrize("name", SAMPLE_OF)
def test_a_sample_gives_exactly_the_findings_of_the_contract(name: str, law: Law, ratebook: RateSource) -> None:
    expected: Mapping[str, Any] = json.loads((CONTRACT / f"itemized.{name}.json").read_text(encoding="utf-8"))
    found = Desk(law, ratebook).findings({}, claim=sample(SAMPLE_OF[name]))
    questioned = [f for f in found if f.outcome is Outcome.QUESTIONED]
    assert {f.check for f in questioned} == set(expected["checks_questioned"])
    assert {f.severity.value for f in questioned} == {expected["no_finding_above"]}


def test_audit_is_public() -> None:
    assert perdiem_calc.audit is audit


def test_each_check_has_a_name_of_its_own_and_says_its_rule() -> None:
    assert len(set(IDS)) == len(CHECKS)
    for check in CHECKS:
        assert re.search(r"Rules? `[a-z0-9-]+`", check.__doc__ or ""), check.__name__


def test_rules_named_in_docstrings_exist(law: Law) -> None:
    named = {name for check in CHECKS for name in re.findall(r"`([a-z0-9-]+)`", check.__doc__ or "")}
    assert named - law.rules.keys() - set(IDS) == set()


def test_every_check_of_the_catalogue_is_there(shared_folder: Path) -> None:
    text = (shared_folder / "AUDIT_CHECKS.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    catalogue = {check for row in rows for check in re.findall(r"`([a-z0-9-]+)`", row)}
    assert catalogue - set(IDS) == set()
    assert set(IDS) - catalogue == BEYOND_THE_TABLES


def test_what_could_not_be_judged_is_said_in_one_line_each_and_comes_last(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    assert desk.unjudged({}) == UNJUDGED
    found = desk.findings({})
    last = found[-len(UNJUDGED) :]
    assert {f.outcome for f in last} == {Outcome.NOT_EVALUATED}
    assert {f.severity for f in last} == {Severity.INFO}
    assert all(f.message.startswith("Not judged: ") and "\n" not in f.message for f in last)


def test_findings_are_in_order_of_what_they_change(law: Law, ratebook: RateSource) -> None:
    found = Desk(law, ratebook).findings({}, claim=sample("2026-DCA-0003"))
    assert [f.check for f in found[:5]] == [
        "cap-applied",
        "registration-not-claimable",
        "lodging-over-ceiling",
        "furnished-meal-deduction",
        "lodging-tax-over-share",
    ]


def test_a_claim_under_the_limit_shows_what_each_cut_costs(law: Law, ratebook: RateSource) -> None:
    edits: Edits = {"lodging[0].receipt": GONE, "mie_paid.2026-11-03": "60.00"}
    found = Desk(law, ratebook).findings(edits)
    effects = [(f.check, f.payment_effect) for f in found if f.payment_effect]
    assert [(check, str(effect)) for check, effect in effects] == [
        ("lodging-receipt-missing", "-110.74"),
        ("mie-over-paid", "-8.00"),
    ]


def _effect_by_itemizing_anew(desk: Desk, edits: Edits, fixed: Edits) -> str:
    return str(desk.itemized(edits).totals.payable - desk.itemized(fixed).totals.payable)


def test_the_payment_effect_of_a_finding_is_what_mending_it_alone_gives(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    driving: Edits = {"expenses[0].agency_car_assigned": True, "expenses[0].comparable_cost": "100.00"}
    (finding,) = [f for f in desk.findings(driving) if f.check == "agency-car-assigned"]
    # The drives cost 23.15 + 74.86 = 98.01; without the lower rate they would be paid up to 100.00.
    assert str(finding.payment_effect) == "-1.99"
    two: Edits = {"lodging[0].receipt": GONE, "course.hours": 39, "mie_paid.2026-11-03": "60.00"}
    for check, fix in (
        ("lodging-receipt-missing", {"lodging[0].receipt": "R1"}),
        ("wrong-course", {"course.hours": 40}),
        ("mie-over-paid", {"mie_paid.2026-11-03": "68.00"}),
    ):
        (finding,) = [f for f in desk.findings(two) if f.check == check]
        assert str(finding.payment_effect) == _effect_by_itemizing_anew(desk, two, {**two, **fix})


def test_the_day_that_was_itemized_for_decides_what_lies_in_the_future(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    itemized = desk.itemized({}, as_of="2026-11-15")
    assert next(f.check for f in audit(itemized, ratebook, law)) == "date-in-future"


def test_a_claim_that_was_not_itemized_cannot_be_audited(law: Law, ratebook: RateSource) -> None:
    claim: Any = Desk(law, ratebook).itemized({}, as_of="2026-11-15").claim
    with pytest.raises(InputError, match=r"a Claim is not an itemized claim; itemize it first: audit\(itemize\("):
        audit(claim, ratebook, law)


def test_an_audit_with_what_is_known_asks_that_the_claim_was_itemized_with_it(law: Law, ratebook: RateSource) -> None:
    """Else the checks would find nothing, and silence would mean fine.

    Two of the claims are told of one for the same course and of a payment; the third of one that claims its nights.
    """
    supplement = {"kind": "supplemental", "replaces": "A-1"}
    for edits, known in (
        ({}, asked(earlier())),
        ({}, asked(paid_before=Decimal("1.00"))),
        (supplement, asked(stating({}))),
    ):
        said = r"^claim 2026-MDY-0007 was itemized without what is known around it: itemize\(.*outside=outside_of\("
        with pytest.raises(ValueError, match=said):
            audit(itemize(stated(edits), ratebook, law), ratebook, law, known=known)


def test_with_a_ledger_and_a_roster_only_a_car_without_its_plate_is_left_unjudged(
    law: Law, ratebook: RateSource
) -> None:
    desk = Desk(law, ratebook)
    assert desk.unjudged({}, known=asked()) == ["second-payee-vehicle"]
    plates = {f"expenses[{drive}].plate": "GA 1180" for drive in (0, 1)}
    assert desk.unjudged(plates, known=asked()) == []


def test_what_a_submitted_workbook_states_beside_the_claim_is_judged_with_it(law: Law, ratebook: RateSource) -> None:
    itemized = Desk(law, ratebook).itemized({})
    refused = Refused("malformed", "Days!K5", "room rate is no amount", "type it like 159.00")
    found = audit(itemized, ratebook, law, submission=Submission(refused=(refused,)))
    assert [one.where.cells for one in found if one.check == "malformed"] == [("Days!K5",)]


def test_one_officer_two_faults_two_findings(law: Law, ratebook: RateSource) -> None:
    edits: Edits = {"agency.ori": "GA057010", "course.coordinated_on": GONE}
    assert Desk(law, ratebook).questioned(edits) == [
        "coordination-undated review course.coordinated",
        "identifier-shape info agency.ori",
    ]


def test_a_badly_said_finding_would_be_noticed(law: Law, ratebook: RateSource) -> None:
    good: Finding = Desk(law, ratebook).findings({})[0]
    assert faults(good, law) == []
    bad = replace(good, check="x", rule="y", citation="", message="the room_rate is None")
    assert faults(bad, law) == [
        "its check is not in the tuple",
        "its rule is nobody's",
        "it cites nothing",
        "it is not one sentence",
        "it has jargon",
    ]


@COSTLY
@given(claim=claims())
def test_whatever_is_claimed_nothing_is_cut_in_silence_and_no_finding_pays(
    claim: dict[str, Any], law: Law, ratebook: RateSource
) -> None:
    desk = Desk(law, ratebook)
    itemized = desk.itemized({}, claim=claim, as_of="2026-11-23")
    found = [f for f in desk.findings({}, claim=claim, as_of="2026-11-23") if f.outcome is Outcome.QUESTIONED]
    cut = {(step.check, line.id) for line in itemized.lines for step in line.steps}
    said = {(f.check, line) for f in found for line in f.where.lines}
    assert cut <= said
    assert {block.check for block in itemized.blocks} <= {f.check for f in found if f.severity is Severity.BLOCKS}
    assert all(f.payment_effect <= 0 for f in found)
    assert all(f.allowed <= f.claimed for f in found)
