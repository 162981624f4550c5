"""Every group and command has a help that fits its page, explains each option, and shows an example that works."""

from __future__ import annotations

import shlex
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from perdiem_calc.cli import COMMANDS, app
from perdiem_calc.ledger import Ledger
from perdiem_calc.rules.law import load_law
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT
from tests.support.ledgers import begun, entry
from tests.support.oconus import LIST

NAMES = tuple[str, ...]
WIDTH = 80


def tree(command: Any, names: NAMES = ()) -> Iterator[tuple[NAMES, Any]]:
    """A command and everything below it, with the names that lead there."""
    yield names, command
    for name, below in sorted(getattr(command, "commands", {}).items()):
        yield from tree(below, (*names, name))


TREE = dict(tree(typer.main.get_command(app)))
EVERY = pytest.mark.parametrize("names", TREE, ids=lambda names: " ".join(names) or "perdiem")


@pytest.fixture
def help_of(perdiem: Perdiem, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What `--help` prints of a command, on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", str(WIDTH))

    def lines(names: NAMES) -> list[str]:
        run = perdiem(*names, "--help")
        assert (run.code, run.err) == (0, "")
        return [line.rstrip() for line in run.out.splitlines()]

    return lines


@EVERY
def test_every_help_fits_its_page_and_is_not_cut_off(names: NAMES, help_of: Any) -> None:
    lines = [line for line in help_of(names) if not line.startswith("  Example: ")]
    assert [line for line in lines if len(line) > WIDTH] == []
    assert [line for line in lines if not line.startswith("Usage: ") and line.endswith("...")] == []
    assert len(lines) <= 60


@EVERY
def test_every_option_says_what_it_is_for(names: NAMES) -> None:
    assert [one.name for one in TREE[names].params if one.name != "help" and not one.help] == []


@EVERY
def test_every_command_can_be_read_by_programs(names: NAMES) -> None:
    options = {option for one in TREE[names].params for option in getattr(one, "opts", ())}
    is_group = hasattr(TREE[names], "commands")
    # The schema is JSON itself, and a chat program is answered in a protocol of its own.
    assert is_group or names in (("claim", "schema"), ("mcp",)) or "--json" in options


def test_the_commands_stand_in_the_order_of_the_work(help_of: Any) -> None:
    lines = help_of(())
    shown = [line.split()[0] for line in lines[lines.index("Commands:") + 1 :]]
    assert shown == list(COMMANDS)


# ---- the examples


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a payment to the officer of the samples."""
    file = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    begun(str(file), load_law(), entry("2026-ORL-0009", "700.00")).close()
    return file


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the samples and the small files that the examples name; a home without rates and answers."""
    for folder in ("DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{folder}_HOME", str(tmp_path / "home" / folder.lower()))
    monkeypatch.delenv("PERDIEM_LEDGER", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "data" / "samples", tmp_path / "data" / "samples")
    (tmp_path / "trips.csv").write_text('place,depart_on,return_on\n"Orlando, FL",2026-10-04,2026-10-09\n')
    (tmp_path / "sites.csv").write_text('place,airfare\n"Orlando, FL",312.40\n"Boise, ID",\n')
    (tmp_path / "roster.csv").write_text("award,officer\n15JCOPS-25-GG-01234-UHPX,Jordan Reyes\n")
    (tmp_path / "class.csv").write_text(
        "class_id,officer,agency,completed_on,hours\nNB-ORL-26,Jordan Reyes,Jacksonville PD,2026-10-09,40\n"
    )
    with zipfile.ZipFile(tmp_path / "oconus.zip", "w") as archive:
        archive.writestr("oconus.txt", LIST)
    return tmp_path


@EVERY
def test_every_example_does_what_it_says(
    names: NAMES, help_of: Any, desk: Path, ledger: Path, perdiem: Perdiem
) -> None:
    (example,) = [line for line in help_of(names) if line.startswith("  Example: ")]
    program, *words = shlex.split(example.removeprefix("  Example: "))
    assert program == "perdiem"
    assert tuple(words[: len(names)]) == names
    if names[:1] in (("serve",), ("users",), ("mcp",)):
        return  # runs until it is ended, or asks for a password: tests/web and tests/test_mcp.py start them
    if "ledger" in words and "--create" not in words:
        shutil.copy(ledger, words[2] if words[1] == "restore" else "ledger.sqlite")
    if ">" in words:
        words = words[: words.index(">")]
    run = perdiem(*words)
    if words[:2] in (["ratebook", "verify"], ["ratebook", "refresh"]):
        assert (run.code, run.err.startswith("perdiem: GSA_API_KEY: no API key is set")) == (2, True)
    elif words == ["doctor"]:
        assert "Traceback" not in run.err  # whether all is well depends on the day
    else:
        assert (run.code, run.err.count("\n") <= 1) == (0, True), run.err
    written = [word for word in words if word.endswith((".xlsx", ".sqlite", ".csv", ".png"))]
    assert [word for word in written if not Path(word).exists()] == []


def test_a_ledger_made_for_the_examples_is_whole(ledger: Path) -> None:
    with Ledger.open(str(ledger), by="Ann") as found:
        assert found.problems() == []
