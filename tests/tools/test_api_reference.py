"""The reference of the Python interface can be made, without a warning, and holds the public names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import perdiem_calc
from tests.support.house_rules import ROOT
from tools.api_reference import modules


@pytest.mark.slow
def test_the_reference_is_made_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "tools.api_reference", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    for module in modules():
        page = (tmp_path / f"{module.replace('.', '/')}.html").read_text(encoding="utf-8")
        assert f"<title>{module} API documentation</title>" in page
    assert (tmp_path / "perdiem_calc" / "rules" / "itemize.html").is_file()
    public = (tmp_path / "perdiem_calc.html").read_text(encoding="utf-8")
    assert [name for name in perdiem_calc.__all__ if f'id="{name}"' not in public] == []


def test_an_interpreter_offers_the_public_names_before_they_are_used() -> None:
    assert set(perdiem_calc.__all__) <= set(dir(perdiem_calc))


def test_the_reference_covers_the_core_and_where_a_program_begins() -> None:
    assert {"perdiem_calc.rules", "perdiem_calc.errors", "perdiem_calc.rates.ratebook"} <= set(modules())
