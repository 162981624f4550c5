"""The README and the pages of docs/ are tests: what they show is what the program does (tests/support/pages.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.house_rules import ROOT
from tests.support.pages import PAGES, README, Command, blocks, commands, faults_of_page

LARGEST_PICTURE = 250_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.unmeasured
def test_what_a_page_shows_is_what_the_program_does(tmp_path: Path, page: Path) -> None:
    wrong = faults_of_page(page, tmp_path)
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_and_picture_that_a_page_leads_to_is_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_guide_begins_with_a_task_and_a_picture_and_the_readme_leads_to_it() -> None:
    readme = README.read_text(encoding="utf-8")
    for name in ("clerk", "reviewer", "analyst", "programmer"):
        lines = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8").splitlines()
        assert (lines[0][:2], lines[2][0]) == ("# ", "*")
        assert [line for line in lines[:10] if line.startswith("![")]
        assert f"(docs/{name}.md)" in readme


def test_the_pictures_are_small_and_each_is_shown_somewhere() -> None:
    shown = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for picture in (ROOT / "docs").glob("*.png"):
        assert picture.stat().st_size <= LARGEST_PICTURE
        assert f"{picture.name})" in shown


def test_the_readme_shows_at_least_one_claim() -> None:
    shown = [command.text for command in commands(README.read_text(encoding="utf-8"))]
    assert [text for text in shown if text.startswith("perdiem claim build ")]


def test_a_console_block_without_a_command_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2: a console block begins with a command"):
        commands("```console\nperdiem rate Orlando\n```\n")


def test_blocks_of_other_languages_are_left_alone() -> None:
    markdown = "```sh\n$ rm -rf /\n```\n1. first\n\n   ```console\n   $ echo hello\n   hello\n   ```\n"
    (command,) = commands(markdown)
    assert command == Command("echo hello", line=7, printed=["hello"])


def test_a_block_that_names_a_file_is_that_file_and_is_not_run() -> None:
    (trips, plain) = blocks("```csv trips.csv\nplace,miles\n```\n```csv\nplace\n```\n")
    assert (trips.file, trips.text, plain.file) == ("trips.csv", "place,miles\n", "")
