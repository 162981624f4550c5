"""What LibreOffice saved again is audited like the workbook it opened: built, random, or edited in one place.

LibreOffice writes every part of a workbook its own way and computes every formula anew, as Excel does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from perdiem_calc.auditing.intake import examine, take
from perdiem_calc.dated import Law
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.review.result import AuditedClaim
from tests.golden import BUILT_ON
from tests.support.claim_data import SAMPLES, sample
from tests.support.forms import random_forms
from tests.support.libreoffice import recalculate
from tests.support.single_edits import Case
from tests.support.submissions import AuditDesk
from tests.workbook.single_edits import TABLES

RANDOM, EVERY = 8, 12
"""So many random claims, and one of so many of the single edits: LibreOffice takes a while for each file."""

OTHERWISE = frozenset(
    {
        "yes for a room rate",
        "a row of half a point",
        "the row of the totals hidden",
        "white of the palette by the format",
    }
)
"""Edits that LibreOffice does not keep: it makes a number of a truth in a cell of dollars, writes palettes its own
way, and gives a flat row a height."""


@pytest.mark.unmeasured
@pytest.mark.usefixtures("soffice")
def test_what_libreoffice_saved_again_has_the_same_findings(law: Law, ratebook: Ratebook, tmp_path: Path) -> None:
    desk = AuditDesk(law, ratebook, tmp_path)
    sent = list(written(desk))
    for path, again in zip(sent, recalculate(sent, tmp_path / "again"), strict=True):
        before, after_it = (audited(desk, one) for one in (path, again))
        assert told(after_it) == told(before), path.name
        assert (after_it.payable, after_it.suggested) == (before.payable, before.suggested), path.name


def written(desk: AuditDesk) -> Iterator[Path]:
    """The samples, random claims, and single edits: one of each few, from all tables alike."""
    folder = desk.folder / "sent"
    folder.mkdir()
    records = {name: sample(name) for name in sorted(path.stem for path in SAMPLES.glob("*.json"))}
    contents = {name: desk.build(record).content for name, record in records.items()}
    contents |= {f"random-{number}": form.content for number, form in enumerate(random_forms(RANDOM, seed=3))}
    for number, one in enumerate(chosen()):
        contents[f"edit-{number}-{re.sub(r'[^a-z0-9]+', '-', one.name.lower())}"] = one.sent(desk)
    for name, content in contents.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(content)
        yield path


def chosen() -> list[Case]:
    """Single edits; without those that wrote a formula or its value, for which LibreOffice finds its own."""
    # Those of days and expenses type what the claim stores, "host"; the form's own lists have words for it.
    edits = [one for name in ("claim", "looks", "computed") for one in TABLES[name]]
    return [one for one in edits if not one.keeps and one.name not in OTHERWISE and one.as_of == BUILT_ON][::EVERY]


def audited(desk: AuditDesk, path: Path) -> AuditedClaim:
    """The audit of a file."""
    return examine(take(path, desk.rates, desk.law, BUILT_ON), desk.rates, desk.law)


def told(one: AuditedClaim) -> Counter[str]:
    """The findings with their amounts, places and words."""
    return Counter(map(repr, one.findings))
