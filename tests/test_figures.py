"""The freeze: no figure, finding, record or sheet of many claims changes unnoticed, and no cell of the form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden import FORM, SAMPLES, blank_bytes, dump, golden_path, otherwise, sample_bytes
from tests.golden.figures import BLOCK, BLOCKS, FIGURES, GROUPS, RANDOM, heading, kept, lines

pytestmark = pytest.mark.unmeasured


@pytest.mark.parametrize(
    "group", [pytest.param(one, marks=[] if one == "samples" else [pytest.mark.slow]) for one in GROUPS]
)
def test_the_figures_of_the_golden_text_are_those_computed(group: str) -> None:
    """Where a change is meant to change them: python -m tests.golden, and read the difference."""
    assert list(lines(group)) == kept(group)


@pytest.mark.parametrize("sample", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_a_samples_workbook_has_otherwise_than_the_form_what_its_golden_text_says(sample: Path) -> None:
    text = golden_path(sample).read_text(encoding="utf-8")
    assert otherwise(sample_bytes(sample), blank_bytes()) == text, "python -m tests.golden"


def test_the_blank_form_is_that_of_the_golden_text() -> None:
    assert dump(blank_bytes()) == FORM.read_text(encoding="utf-8"), "python -m tests.golden"


def test_the_golden_text_has_every_group_and_all_random_claims() -> None:
    text = FIGURES.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("== ")] == [heading(group) for group in GROUPS]
    assert len(BLOCKS) * BLOCK == RANDOM == text.count("\nrandom ")
