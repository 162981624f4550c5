"""What the reviewer filled in on a marked copy is read back; anything odd is refused by its cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from perdiem_calc.checks.finding import Severity
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.review.decisions import concluded
from perdiem_calc.workbook.marking.copies import write_copy
from perdiem_calc.workbook.reading.decisions import read_decisions
from tests.golden import BUILT_ON, blank_bytes
from tests.support.audited_claims import audited_of, question
from tests.support.checking import moody
from tests.support.copying import at, opened, review_rows
from tests.support.edits import Package, Value, after, formula, name_gone, name_moved, typed
from tests.support.hostile import own_workbook, small
from tests.support.moved_rows import row_inserted

Fill = Callable[..., Path]
FINDINGS = (
    question("lodging-rate-not-in-force", Severity.ADJUSTS, at("day_ceiling[1]"), message="Another month's rate."),
    question("duplicate-line", Severity.REVIEW, at("exp_receipt[0]"), message="Claimed twice?"),
)
"""They stand in the first two rows of Review, above the date to keep documents."""
DECISION, REASON = (tuple(at(f"review_{key}[{row}]") for row in range(12)) for key in ("decision", "reason"))


@cache
def amount_cell() -> str:
    """The cell of the approved amount."""
    return Package(own_workbook()).address("nasro_amount")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, law: Law) -> Path:
    """The audited copy of a claim."""
    folder = tmp_path_factory.mktemp("copy")
    audited = audited_of(moody(), "claim.json", FINDINGS)
    write_copy(folder / "claim.json", audited, folder / "copy.xlsx", Ratebook.open, law, as_of=BUILT_ON)
    return folder / "copy.xlsx"


@pytest.fixture
def fill(copy: Path, tmp_path: Path) -> Fill:
    """The copy with cells filled in: `fill({DECISION[0]: "Accept"}, nasro_by="R. Viewer")`."""

    def filled(cells: dict[str, Value] | None = None, **box: Value) -> Path:
        path = tmp_path / "filled.xlsx"
        path.write_bytes(after(copy.read_bytes(), typed({**(cells or {}), **box})))
        return path

    return filled


def refusals(path: Path) -> list[str]:
    """What is refused, line by line."""
    with pytest.raises(InputErrors) as refused:
        read_decisions(path)
    return str(refused.value).splitlines()


def test_a_copy_that_nobody_filled_in_says_nothing(fill: Fill) -> None:
    path = fill()
    found = read_decisions(path)
    assert (found.source, found.claim_id, found.decisions) == (str(path), "2026-MDY-0007", ())
    assert (found.approved_amount, found.approved_by, found.approved_on) == (None, "", None)
    assert (found.payment_number, found.is_approved) == ("", False)


def test_decisions_are_read_with_check_place_reason_and_cell(fill: Fill) -> None:
    path = fill({DECISION[0]: "Adjust", REASON[0]: "  The rate of October.  ", DECISION[1]: " accept "})
    first, second = read_decisions(path).decisions
    assert (first.check, first.where, first.cell) == ("lodging-rate-not-in-force", at("day_ceiling[1]"), DECISION[0])
    assert (first.verdict, first.reason, first.why) == ("adjust", "The rate of October.", "The rate of October.")
    assert (second.check, second.verdict, second.reason, second.why) == (
        "duplicate-line",
        "accept",
        "",
        "Claimed twice?",
    )


def test_the_box_of_nasro_is_read(fill: Fill) -> None:
    path = fill(
        nasro_amount=898.68,
        nasro_by="R. Viewer",
        nasro_on=date(2026, 12, 1),
        nasro_payment=4417.0,
    )
    found = read_decisions(path)
    assert (found.approved_amount, found.approved_by, found.approved_on, found.payment_number) == (
        Decimal("898.68"),
        "R. Viewer",
        date(2026, 12, 1),
        "4417",
    )
    assert found.is_approved


def test_a_date_typed_as_text_and_an_amount_of_zero_are_read(fill: Fill) -> None:
    found = read_decisions(fill(nasro_amount="0.00", nasro_on="12/1/2026"))
    assert (found.approved_amount, found.approved_on) == (Decimal("0.00"), date(2026, 12, 1))


def test_a_word_that_is_no_decision_is_refused_with_its_cell(fill: Fill) -> None:
    assert refusals(fill({DECISION[0]: "approve", DECISION[1]: "maybe", REASON[1]: "why"})) == [
        f"{DECISION[0]}: 'approve' is not a decision; choose Accept, Adjust or Return",
        f"{DECISION[1]}: 'maybe' is not a decision; choose Accept, Adjust or Return",
    ]


def test_adjust_needs_a_reason_and_return_does_not(fill: Fill) -> None:
    assert refusals(fill({DECISION[0]: "Adjust", REASON[0]: "  "})) == [
        f"{REASON[0]}: Adjust needs a reason; say why"
    ]
    (returned,) = read_decisions(fill({DECISION[1]: "Return"})).decisions
    assert returned.why == "Claimed twice?"


def test_a_note_beside_an_undecided_finding_is_no_decision(fill: Fill) -> None:
    assert read_decisions(fill({REASON[0]: "ask Ms. Cole first"})).decisions == ()


def test_a_decision_on_nothing_is_refused(copy: Path, fill: Fill) -> None:
    blank = len(review_rows(copy.read_bytes()))
    expected = [f"{at(f'review_check[{blank}]')}: the check is missing; fill in the copy that was written"]
    assert refusals(fill({at(f"review_decision[{blank}]"): "Accept"})) == expected


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (898.685, "898.685 is not dollars and cents; type dollars and cents, like 159.00"),
        (-5, "-5 is below zero; type dollars and cents, like 159.00"),
        (True, "must be an amount; type dollars and cents, like 159.00"),
        ("ten", "'ten' is not an amount; type dollars and cents, like 159.00"),
    ],
)
def test_an_approved_amount_that_is_none_is_refused(fill: Fill, amount: Value, said: str) -> None:
    assert refusals(fill(nasro_amount=amount)) == [f"{amount_cell()}: {said}"]


@pytest.mark.parametrize("inside", ["1/0", "A1+500", "payable"])
def test_an_approved_amount_that_a_formula_takes_from_elsewhere_is_refused(inside: str, fill: Fill) -> None:
    path = fill()
    path.write_bytes(after(path.read_bytes(), formula("nasro_amount", inside, 1000)))
    assert refusals(path) == [f'{amount_cell()}: holds a formula, "={inside}"; type the value itself']


def test_a_day_of_approval_that_is_none_is_refused(fill: Fill) -> None:
    for said, why in (
        ("last week", "'last week' is not a date; type it like 10/4/2026"),
        ("2/30/2026", "'2/30/2026' is no day of the calendar; type it like 10/4/2026: the month, the day, the year"),
        (46357.4, "holds a time as well; type it like 10/4/2026"),
    ):
        (refused,) = refusals(fill(nasro_on=said))
        assert refused.partition(": ")[2] == why


def test_everything_that_is_refused_is_told_at_once(fill: Fill) -> None:
    found = refusals(fill({DECISION[0]: "no", DECISION[1]: "Adjust"}, nasro_amount="ten"))
    assert [line.partition(":")[0] for line in found] == [DECISION[0], REASON[1], amount_cell()]


def test_cells_are_found_by_their_names_wherever_rows_were_inserted(fill: Fill) -> None:
    path = fill({DECISION[0]: "Accept"}, nasro_by="R. Viewer")
    moved = after(path.read_bytes(), row_inserted("Review", 2), row_inserted("Claim", 20))
    path.write_bytes(moved)
    found = read_decisions(path)
    assert found.approved_by == "R. Viewer"
    assert [(one.verdict, one.check) for one in found.decisions] == [("accept", "lodging-rate-not-in-force")]
    path.write_bytes(after(moved, name_gone("review_decision")))
    assert refusals(path) == ['Review: the column "Decision" is missing; fill in the copy that was written']


@pytest.mark.parametrize("name", ["payable", "officer_name", "day_room"])
def test_a_box_whose_name_points_at_what_is_not_nasros_is_not_read(name: str, fill: Fill) -> None:
    """Or whoever moves it could have another cell taken for the approval."""
    where = {one: defined.attr_text for one, defined in opened(own_workbook()).defined_names.items()}
    path = fill(nasro_by="R. Viewer")
    path.write_bytes(after(path.read_bytes(), name_moved("nasro_amount", where[name])))
    assert refusals(path) == ["Claim: the box for NASRO is not where it was; fill in the copy that was written"]


def test_what_is_no_claim_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.xlsx").write_bytes(b"PK")
    with pytest.raises(InputError, match="is damaged"):
        read_decisions(tmp_path / "other.xlsx")
    (tmp_path / "other.xlsx").write_bytes(small())
    with pytest.raises(InputError, match="is not our claim form"):
        read_decisions(tmp_path / "other.xlsx")


def test_a_blank_form_has_no_decisions(tmp_path: Path) -> None:
    (tmp_path / "form.xlsx").write_bytes(blank_bytes())
    found = read_decisions(tmp_path / "form.xlsx")
    assert (found.claim_id, found.decisions, found.approved_amount, found.content) == ("", (), None, "")


def test_what_was_decided_on_a_copy_is_concluded(fill: Fill) -> None:
    audited = audited_of(moody(), "claim.json", FINDINGS)
    decided = {DECISION[0]: "Adjust", REASON[0]: "Approved by phone.", DECISION[1]: "Accept"}
    found = concluded(audited, read_decisions(fill(decided, nasro_amount=880, nasro_by="R. V.")))
    assert (found.verdict, found.amount, found.reason, found.open) == (
        "adjust",
        Decimal("880.00"),
        "Approved by phone.",
        (),
    )
