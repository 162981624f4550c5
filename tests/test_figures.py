"""The freeze: no figure, finding, record or sheet of many claims changes unnoticed."""

from __future__ import annotations

import pytest

from tests.golden.figures import BLOCK, BLOCKS, FIGURES, GROUPS, RANDOM, heading, kept, lines

pytestmark = pytest.mark.unmeasured


@pytest.mark.parametrize(
    "group", [pytest.param(one, marks=[] if one == "samples" else [pytest.mark.slow]) for one in GROUPS]
)
def test_the_figures_of_the_golden_text_are_those_computed(group: str) -> None:
    """Where a change is meant to change them: python -m tests.golden, and read the difference."""
    assert list(lines(group)) == kept(group)


def test_the_golden_text_has_every_group_and_all_random_claims() -> None:
    text = FIGURES.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("== ")] == [heading(group) for group in GROUPS]
    assert len(BLOCKS) * BLOCK == RANDOM == text.count("\nrandom ")
