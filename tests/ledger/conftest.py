"""A new ledger, which is whole at the end as well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.ledger import Ledger
from tests.support.ledgers import noon


@pytest.fixture
def ledger(place: str, law: Law) -> Iterator[Ledger]:
    with Ledger.begin(place, law, by="Ann", now=noon) as begun:
        yield begun
        assert begun.problems() == []
