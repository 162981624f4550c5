"""The notebooks run from a clean kernel, and are kept without outputs."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.support.house_rules import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS_A_CELL = 300


def test_there_are_three_stories() -> None:
    assert [path.name for path in NOTEBOOKS] == ["budget.ipynb", "course_sites.ipynb", "review.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    cells = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4).cells
    assert not [cell for cell in cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]


@pytest.mark.loopback
@pytest.mark.unmeasured
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.slow
def test_a_notebook_runs_from_a_clean_kernel(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    run = NotebookClient(notebook, timeout=SECONDS_A_CELL, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [cell for cell in run.cells if cell.cell_type == "code" and cell.outputs]
    assert len(shown) >= 3
    assert not [output for cell in shown for output in cell.outputs if output.output_type == "error"]
    pictures = [output for cell in shown for output in cell.outputs if "image/png" in getattr(output, "data", {})]
    code = "\n".join(cell.source for cell in run.cells if cell.cell_type == "code")
    assert len(pictures) == len(re.findall(r"charts\.|\.plot\.", code))
