"""The harness itself: a stale value must not survive, or the recalculation tests prove nothing."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.support.libreoffice import (
    LibreOfficeError,
    pdftoppm_missing_reason,
    recalculate,
    to_pdf,
    to_png,
)

needs_pdftoppm = pytest.mark.skipif(pdftoppm_missing_reason() is not None, reason=str(pdftoppm_missing_reason()))

STALE = 999


def stale_workbook(path: Path, given: int) -> Path:
    """A workbook whose formulas all carry a wrong stored value."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Claim")
        workbook.define_name("doubled", "=Claim!$B$1")
        sheet.write_number("A1", given)
        sheet.write_formula("B1", "=A1*2", value=STALE)
        sheet.write_formula("C1", "=doubled+1", value=STALE)
        sheet.write_formula("D1", '=IF(A1>0,"yes","no")', value="stale")
    return path


@pytest.mark.usefixtures("soffice")
def test_stale_values_are_recomputed_in_every_file_of_a_batch(tmp_path: Path) -> None:
    paths = [stale_workbook(tmp_path / f"claim-{given}.xlsx", given) for given in (1, 20, 300)]
    assert openpyxl.load_workbook(paths[0], data_only=True)["Claim"]["B1"].value == STALE

    recalculated = recalculate(paths, tmp_path / "recalculated")

    assert [path.name for path in recalculated] == [path.name for path in paths]
    values = [
        [cell.value for cell in openpyxl.load_workbook(path, data_only=True)["Claim"][1]] for path in recalculated
    ]
    assert values == [[1, 2, 3, "yes"], [20, 40, 41, "yes"], [300, 600, 601, "yes"]]
    assert openpyxl.load_workbook(recalculated[0])["Claim"]["B1"].value == "=A1*2"


@pytest.mark.usefixtures("soffice")
@needs_pdftoppm
def test_a_workbook_becomes_pages(tmp_path: Path) -> None:
    (pdf,) = to_pdf([stale_workbook(tmp_path / "claim.xlsx", 1)], tmp_path / "pdf")
    (page,) = to_png(pdf, tmp_path / "pages")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert page.read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("soffice")
def test_what_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(LibreOfficeError, match=r"did not write missing\.xlsx"):
        recalculate([tmp_path / "missing.xlsx"], tmp_path / "out")


def test_files_that_would_overwrite_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="same name"):
        recalculate([tmp_path / "a" / "claim.xlsx", tmp_path / "b" / "claim.xlsx"], tmp_path / "out")
    with pytest.raises(ValueError, match="another folder"):
        recalculate([tmp_path / "claim.xlsx"], tmp_path)
