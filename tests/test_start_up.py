"""What starting costs: `import perdiem_calc` loads the core and pydantic, and none of the large libraries."""

from __future__ import annotations

from tests.support.command import loaded_by


def test_importing_the_package_loads_no_large_library() -> None:
    assert loaded_by("import perdiem_calc") == []


def test_the_test_would_see_a_large_library() -> None:
    assert "openpyxl" in loaded_by("import openpyxl")
