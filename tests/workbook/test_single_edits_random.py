"""Law 2 beyond the tables: single edits of random claims' workbooks, chosen at random.

What a person states elsewhere gives the findings of the claim that states so. What the workbook computes, typed over,
gives one finding more, on that cell, and no other.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path as File
from typing import Any, get_args

import pytest

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.claims import model as fields
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, PerdiemError
from perdiem_calc.rates.ratebook import Ratebook
from tests.support.claim_data import Path, changed, leaves
from tests.support.claims import Record, random_claim
from tests.support.edits import MAIN, PAGES, Package, Value, after, typed
from tests.support.forms import fit_for_a_form
from tests.support.house_rules import seeds
from tests.support.submissions import AuditDesk

CLAIMS, BLOCKS, EDITS = 60, 6, 5

CHOICES: Mapping[str, Any] = {
    "payee_kind": fields.PayeeKind,
    "position": fields.Position,
    "outcome": fields.CourseOutcome,
    "type": fields.LodgingType,
    "by": fields.Approver,
    "paid_by": fields.PaidBy,
    "category": fields.Category,
    "fare_class": fields.Expense.model_fields["fare_class"].annotation,
    "meal_statement": fields.MealStatement,
    **dict.fromkeys(fields.MEALS, fields.FurnishedBy),
    **dict.fromkeys(get_args(fields.AttachmentItem), fields.AttachmentStatus),
}
AMOUNTS = frozenset(
    {
        "amount",
        "ceiling",
        "comparable_cost",
        "credit",
        "flat_tax",
        "previously_reimbursed",
        "receipt_total",
        "room_rate",
        "single_rate",
        "tax",
        "taxi_equivalent",
    }
)
DATES = frozenset(
    {
        "award_date",
        "completed_on",
        "coordinated_on",
        "letter_date",
        "mou_on",
        "on",
        "paid_on",
        "period_from",
        "period_to",
        "placed_on",
        "prepared_on",
        "prior_basic_course_on",
        "received_on",
        "sro_hired_on",
    }
)
MILES = frozenset({"miles", "map_miles"})
BUILT_ANEW = frozenset({"trip", "place", "night", "date", "schema"})
"""What decides which rows and rates a workbook has; another one is another workbook."""


@pytest.fixture
def desk(law: Law, ratebook: Ratebook, tmp_path: File) -> AuditDesk:
    return AuditDesk(law, ratebook, tmp_path)


Try = Callable[[AuditDesk, random.Random, Record], int]


def try_block(block: int, desk: AuditDesk, one_claim: Try, least: int) -> None:
    """Try the claims of a block; at least so many edits must have been made for every second."""
    made = 0
    chosen = seeds(block * CLAIMS // BLOCKS, CLAIMS // BLOCKS)
    for seed in chosen:
        rng = random.Random(seed)
        claim = parse_claim(fit_for_a_form(random_claim(rng), rng)).in_order()
        try:
            made += one_claim(desk, rng, claim.model_dump(mode="json", by_alias=True, exclude_unset=True))
        except InputError:
            continue  # a claim that no form states
        except AssertionError as error:
            error.add_note(f"random.Random({seed})")
            raise
    assert made >= least * (len(chosen) // 2)


# --- what a person states -------------------------------------------------------------------------------------------


@pytest.mark.unmeasured
@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.slow
def test_another_input_gives_the_findings_of_the_claim_that_states_it(block: int, desk: AuditDesk) -> None:
    try_block(block, desk, edit_inputs, least=1)


def edit_inputs(desk: AuditDesk, rng: random.Random, record: Record) -> int:
    """Type something else where the record states something; how many times that was a claim."""
    content = desk.build(record).content
    taken = desk.take(content)
    assert taken.claim is not None
    # As the form states it: it has meals for every day of the trip.
    record = taken.claim.model_dump(mode="json", by_alias=True, exclude_unset=True)
    cells = dict(taken.cells.items())
    stated = [(path, value) for path, value in leaves(record) if value is not None and is_edited_in_place(path)]
    made = 0
    for path, value in rng.sample(stated, min(EDITS, len(stated))):
        area, other = cells.get(field_of(path)), another(rng, path, value)
        try:
            expected = desk.build(changed(record, path, other)).findings
        except PerdiemError:
            continue
        if area is None:
            continue  # the form leaves it blank
        found = desk.audit(desk.computed(after(content, typed({area.address: as_typed(path, other)}))))
        note = f"{field_of(path)} at {area.address}: {value!r} becomes {other!r}"
        assert found.findings == expected, note
        made += 1
    return made


def is_edited_in_place(path: Path) -> bool:
    if path[0] == "lodging":
        return path[-1] in ("room_rate", "tax", "receipt")  # the others are stated for a run of nights
    return BUILT_ANEW.isdisjoint(path) and path[0] != "mie_paid" and path[-1] not in ("line", "meal_statement")


def field_of(path: Path) -> str:
    """A path as the program writes it: `lodging[0].tax`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def another(rng: random.Random, path: Path, value: object) -> str | int | bool:
    """Another value of the same kind."""
    name = path[-1]
    if name in CHOICES:
        others: list[str] = [choice for choice in get_args(CHOICES[str(name)]) if choice != value]
        return rng.choice(others)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + rng.choice([1, 2, 5])
    if name in AMOUNTS:
        step = rng.choice(["0.01", "-0.01", "1.00", "50.00", "-20.00", "400.00"])
        return str(max(Decimal(str(value)) + Decimal(step), Decimal("0.01")))
    if name in MILES:
        return str(Decimal(str(value)) + rng.choice([1, 50, 700]))
    if name in DATES:
        return str(date.fromisoformat(str(value)) + timedelta(days=rng.choice([-200, -9, -1, 1, 9, 200])))
    return f"{name} as it should be"


def as_typed(path: Path, value: str | int | bool) -> Value:
    """A value as a person types it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if path[-1] in AMOUNTS | MILES:
        return Decimal(str(value))
    return date.fromisoformat(str(value)) if path[-1] in DATES else value


# --- what the workbook computes -------------------------------------------------------------------------------------


@pytest.mark.unmeasured
@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.slow
def test_a_computed_cell_typed_over_is_one_finding_more_on_that_cell(block: int, desk: AuditDesk) -> None:
    try_block(block, desk, type_over, least=EDITS)


def type_over(desk: AuditDesk, rng: random.Random, record: Record) -> int:
    """Type something else over some formulas."""
    content = desk.build(record).content
    before = Counter(map(repr, desk.audit(content).findings))
    cells = list(computed_cells(content))
    for where, kept in rng.sample(cells, EDITS):
        other = other_than(rng, kept)
        found = desk.audit(after(content, typed({where: other}))).findings
        more = [finding for finding in found if repr(finding) not in before]
        assert [said(finding) for finding in more] == [(Severity.ADJUSTS, (where,))], (
            f"{where}: {kept} becomes {other}"
        )
        assert len(found) == before.total() + 1
    return EDITS


def said(finding: Finding) -> tuple[Severity, tuple[str, ...]]:
    return finding.severity, finding.where.cells


def computed_cells(content: bytes) -> Iterator[tuple[str, str | bool | Decimal]]:
    """Each formula's cell in which people see something, and the value kept there."""
    package = Package(content)
    for sheet in PAGES:
        for cell in package.sheet(sheet).iter(f"{MAIN}c"):
            where, kept = f"{sheet}!{cell.get('r')}", cell.findtext(f"{MAIN}v") or ""
            if cell.find(f"{MAIN}f") is not None and kept:
                kind = cell.get("t")
                yield where, kept == "1" if kind == "b" else kept if kind == "str" else Decimal(kept)


def other_than(rng: random.Random, kept: str | bool | Decimal) -> Value:
    if isinstance(kept, bool):
        return not kept
    if isinstance(kept, str):
        return "other words"
    return kept + Decimal(rng.choice(["1", "-1", "0.01", "-0.01", "100", "-5.55"]))
