"""With pyarrow, and without it."""

from __future__ import annotations

import pytest

from tests.support.trip_tables import without_pyarrow


@pytest.fixture(params=["arrow", "plain"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With pyarrow, and as if it were not installed."""
    name: str = request.param
    if name == "plain":
        without_pyarrow(monkeypatch)
    return name
