"""What starting costs: `import perdiem_calc` loads the core and pydantic, and none of the large libraries."""

from __future__ import annotations

import os
import subprocess
import sys

LARGE = ["numpy", "openpyxl", "pandas", "requests", "rich", "sqlite3", "typer", "xlsxwriter"]


def loaded_by(statement: str) -> list[str]:
    """Which of the large libraries a fresh process has loaded after a statement."""
    program = f"import sys\n{statement}\nprint(*[name for name in {LARGE} if name in sys.modules])"
    # Where coverage is measured, it starts in every process of its own accord, and loads what it needs.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_importing_the_package_loads_no_large_library() -> None:
    assert loaded_by("import perdiem_calc") == []


def test_the_test_would_see_a_large_library() -> None:
    assert "openpyxl" in loaded_by("import openpyxl")
