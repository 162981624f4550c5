"""A folder to copy workbooks in."""

from __future__ import annotations

from pathlib import Path

import pytest

from perdiem_calc.dated import Law
from tests.support.copying import CopyDesk


@pytest.fixture
def desk(law: Law, tmp_path: Path) -> CopyDesk:
    """A folder to copy in."""
    return CopyDesk(law, tmp_path)
