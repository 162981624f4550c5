"""An inbox, and a terminal of a known width."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 110 columns, and no ledger but the one that is named."""
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.delenv("PERDIEM_LEDGER", raising=False)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty inbox."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
