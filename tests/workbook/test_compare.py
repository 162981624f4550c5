"""A form is audited like any other claim: what it states beside the claim is compared with what the rules give."""

from __future__ import annotations

import json
import re
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

from perdiem_calc.auditing.intake import examine, take
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.rules.law import load_law
from tests.support.command import Perdiem
from tests.support.forms import filled, rates, sample

AS_OF = date(2026, 11, 1)


def audited(content: bytes, folder: Path) -> AuditedClaim:
    path = folder / "form.xlsx"
    path.write_bytes(content)
    return examine(take(path, rates(), load_law(), AS_OF), rates(), load_law())


def with_cell(content: bytes, sheet: str, cell: str, inside: str) -> bytes:
    """The form with what stands in one cell replaced; the look stays."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as package, ZipFile(out, "w", ZIP_DEFLATED) as changed:
        for name in package.namelist():
            text = package.read(name)
            if name == sheet:
                pattern = rf'<c r="{cell}" (s="\d+")[^>]*>.*?</c>'.encode()
                text, count = re.subn(pattern, rf'<c r="{cell}" \1>{inside}</c>'.encode(), text, count=1)
                assert count == 1
            changed.writestr(name, text)
    return out.getvalue()


CLAIM_SHEET = "xl/worksheets/sheet1.xml"


def test_a_form_as_it_was_built_gives_the_findings_of_its_claim(tmp_path: Path) -> None:
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(sample()), encoding="utf-8")
    of_json = examine(take(path, rates(), load_law(), AS_OF), rates(), load_law())
    of_form = audited(filled(sample()).content, tmp_path)
    assert [finding.check for finding in of_form.findings] == [finding.check for finding in of_json.findings]
    assert of_form.itemized is not None
    assert of_json.itemized is not None
    assert of_form.itemized.totals == of_json.itemized.totals


def test_a_payable_amount_typed_over_its_formula_is_named(tmp_path: Path) -> None:
    content = with_cell(filled(sample()).content, CLAIM_SHEET, "K43", "<v>1820.56</v>")
    found = [one for one in audited(content, tmp_path).findings if one.where.cells == ("Claim!K43",)]
    assert [one.check for one in found] in (["total-does-not-foot"], ["cap-applied"])


def test_a_kept_value_that_is_not_the_engines_does_not_foot(tmp_path: Path) -> None:
    form = filled(sample("2026-MDY-0007"))
    formula = "<f>ROUND(SUM(w_room_ok),2)</f><v>999</v>"
    content = with_cell(form.content, CLAIM_SHEET, "E34", formula)
    found = [one for one in audited(content, tmp_path).findings if one.where.cells == ("Claim!E34",)]
    assert [one.check for one in found] == ["total-does-not-foot"]


def test_another_formula_is_named(tmp_path: Path) -> None:
    content = with_cell(filled(sample()).content, CLAIM_SHEET, "K43", "<f>SUM(A1:A2)+1500</f><v>1000</v>")
    found = [one for one in audited(content, tmp_path).findings if one.where.cells == ("Claim!K43",)]
    assert [one.check for one in found] == ["formula-overwritten"]


def test_a_cell_that_cannot_be_read_bars_the_claim_and_is_named(tmp_path: Path) -> None:
    def change(cells: dict[str, object]) -> None:
        cells["exp_receipt_total[0]"] = "see slip"

    found = audited(filled(sample(), change).content, tmp_path)
    assert found.payable == 0
    blocked = [one for one in found.findings if one.check == "malformed"]
    assert [one.where.cells for one in blocked] == [("Expenses!O7",)]


def test_a_form_is_checked_explained_and_built(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(filled(sample()).content)
    assert perdiem("claim", "check", str(path)).code == 0
    assert "Orlando" in perdiem("explain", str(path), "N1").out
    built = tmp_path / "claim.xlsx"
    assert perdiem("claim", "build", str(path), "-o", str(built)).code == 0
    assert openpyxl.load_workbook(built).sheetnames[0] == "Claim"


def test_the_blank_form_is_written_and_never_replaced_unasked(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "claim-form.xlsx"
    assert perdiem("claim", "form", "-o", str(path)).code == 0
    again = perdiem("claim", "form", "-o", str(path))
    assert again.code != 0
    assert "already exists" in again.err
    told = perdiem("claim", "form", "-o", str(path), "--force", "--json", "--fiscal-years", "2025,2026")
    assert json.loads(told.out)["fiscal_years"] == [2025, 2026]
