"""The picture of the layers in docs/contributing.md is that of the contract, and its words on the core are too."""

from __future__ import annotations

import re

from tests.support.house_rules import ROOT
from tools.coverage_floors import core_modules
from tools.layers_picture import PAGE, ROWS, drawn, layers, rows

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_page_shows_the_layers_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == drawn(page, PYPROJECT), "the layers have changed; run: python -m tools.layers_picture"


def test_every_row_is_there_and_every_module_stands_in_one() -> None:
    shown = list(rows(layers(PYPROJECT)))
    assert [label for label, _ in shown] == [label for label, _ in ROWS]
    names = [name for _, row in shown for layer in row for name in layer]
    package = ROOT / "perdiem_calc"
    modules = {path.stem for path in package.glob("*.py")} | {
        path.parent.name for path in package.glob("*/__init__.py")
    }
    assert sorted(names) == sorted(modules - {"__init__", "__main__", "ratebook"})


def test_the_rows_from_a_claim_reviewed_down_are_the_core_but_for_what_the_page_names() -> None:
    shown = dict(rows(layers(PYPROJECT)))
    above = {name for label in ("faces", "files, workbooks, databases") for layer in shown[label] for name in layer}
    below = {name for row in shown.values() for layer in row for name in layer} - above
    core = [module.split(".")[1:] for module in core_modules(PYPROJECT)]
    wholly, partly = ({name for name, *inner in core if bool(inner) is within} for within in (False, True))
    assert wholly | partly == below - {"files", "pool"}
    sentence = re.search(r"are\s+the core, [^:]*:", PAGE.read_text(encoding="utf-8"))
    assert sentence is not None
    assert set(re.findall(r"`(\w+)`", sentence[0])) == {"files", "pool"} | partly


def test_the_picture_is_replaced_between_its_marks_and_nothing_else() -> None:
    page = "# A\n<!-- layers: begin -->\nold\n<!-- layers: end -->\nB\n"
    new = drawn(page, PYPROJECT)
    assert re.fullmatch(
        r"# A\n<!-- layers: begin -->\n```text\nfaces .*\n```\n<!-- layers: end -->\nB\n", new, re.DOTALL
    )
    assert drawn(new, PYPROJECT) == new
