"""What is about people is for its owner alone, and a process that is killed leaves nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from perdiem_calc.dated import Law
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT
from tests.support.ledgers import begun, entry

SAMPLE = ROOT / "data" / "samples" / "2026-ORL-0001.json"
DAY = ("--as-of", "2026-11-23")
TRIPS = 'place,depart_on,return_on,officer\n"Orlando, FL",2026-10-04,2026-10-09,Jordan Reyes\n'

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    """A person whose new files everybody may read and write, if a program says nothing else."""
    before = os.umask(0)
    yield
    os.umask(before)


def write_everything(perdiem: Perdiem, folder: Path) -> None:
    """Let every command write that writes files."""
    ledger = ("--ledger", folder / "ledger.sqlite")
    (folder.parent / "trips.csv").write_text(TRIPS)
    (folder.parent / "sites.csv").write_text('place\n"Orlando, FL"\n')
    trips, sites = folder.parent / "trips.csv", folder.parent / "sites.csv"
    audit = ("--report", folder / "report.xlsx", "--copies", folder / "copies", "--letters", folder / "letters")
    for name in ("copies", "letters"):
        (folder / name).mkdir()
        (folder / name).chmod(folder.stat().st_mode & 0o7777)
    for command in (
        (
            "claim",
            "new",
            "--place",
            "Orlando, FL",
            "--from",
            "2026-10-04",
            "--to",
            "2026-10-09",
            "-o",
            folder / "form.xlsx",
        ),
        ("claim", "build", SAMPLE, "-o", folder / "claim.xlsx"),
        ("audit", SAMPLE, *audit, *DAY),
        ("ledger", "record", SAMPLE, "--create", "--by", "Ann", *ledger, *DAY),
        ("ledger", "export", folder / "payments.csv", *ledger),
        ("ledger", "export", folder / "entries.jsonl", *ledger),
        ("ledger", "backup", folder / "backup.sqlite", *ledger),
        ("ledger", "restore", folder / "backup.sqlite", "--ledger", folder / "restored.sqlite"),
        ("estimate", trips, "-o", folder / "budget.xlsx"),
        ("estimate", trips, "-o", folder / "budget.csv"),
        ("estimate", trips, "-o", folder / "budget.parquet"),
        ("sites", "--sites", sites, "--weeks", "2027-01-04", "-o", folder / "sites.csv", "--chart", folder / "s.png"),
    ):
        run = perdiem(*command)
        assert run.code == 0, (command, run.err)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: f"{path.stat().st_mode & 0o777:o}" for path in folder.rglob("*") if path.is_file()}


WRITTEN = 15


@pytest.mark.parametrize(
    ("folder_mode", "mode"), [(0o755, "600"), (0o777, "600"), (0o775, "600"), (0o2770, "660"), (0o2750, "640")]
)
@pytest.mark.slow
def test_what_is_written_is_for_its_owner_unless_the_folder_gives_it_to_a_group(
    perdiem: Perdiem, tmp_path: Path, folder_mode: int, mode: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    folder.chmod(folder_mode)
    write_everything(perdiem, folder)
    found = modes(folder)
    assert (len(found), set(found.values())) == (WRITTEN, {mode})


@pytest.mark.parametrize(
    ("folder_mode", "mode"), [(0o755, 0o700), (0o777, 0o700), (0o2770, 0o2770), (0o2750, 0o2750)]
)
def test_a_folder_that_is_made_is_for_whom_its_files_are(
    perdiem: Perdiem, tmp_path: Path, folder_mode: int, mode: int
) -> None:
    """Whoever may write to a folder may put another file in the place of a letter."""
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(folder_mode)
    made = [out / name for name in ("copies", "letters", "claims")]
    assert perdiem("audit", SAMPLE, "--copies", made[0], "--letters", made[1], *DAY).code == 0
    assert perdiem("claim", "build", SAMPLE, SAMPLE.with_name("2026-DCA-0003.json"), "-o", made[2]).code == 0
    assert [oct(folder.stat().st_mode & 0o7777) for folder in made] == [oct(mode)] * 3


@pytest.mark.parametrize(
    "command",
    [
        ("ledger", "restore", "{}", "--ledger", "new.sqlite"),
        ("ledger", "backup", "{}", "--ledger", "ledger.sqlite"),
        ("ledger", "export", "{}", "--ledger", "ledger.sqlite"),
        ("ledger", "import-roster", "{}", "--ledger", "ledger.sqlite", "--create"),
        ("audit", "{}"),
        ("audit", SAMPLE, "--roster", "{}"),
        ("audit", SAMPLE, "--report", "{}"),
        ("audit", SAMPLE, "--copies", "{}"),
        ("claim", "check", "{}"),
        ("explain", "{}", "N1"),
        ("rate", "--batch", "{}"),
        ("estimate", "{}", "-o", "out.csv"),
    ],
)
def test_a_password_in_a_url_that_is_given_for_a_file_is_not_shown(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, law: Law, command: tuple[object, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    begun("ledger.sqlite", law).close()
    run = perdiem(*(str(part).format("postgresql://ann:SECRET@127.0.0.1/ledger") for part in command))
    assert run.code == 2
    assert "SECRET" not in run.out + run.err
    assert "postgresql:/ann:***@127.0.0.1/ledger" in run.err


def test_a_file_that_is_replaced_keeps_the_rights_that_its_owner_gave_it(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "claim.xlsx"
    path.touch()
    path.chmod(0o644)
    assert perdiem("claim", "build", SAMPLE, "-o", path, "--force").code == 0
    assert modes(tmp_path) == {"claim.xlsx": "644"}


def test_a_ledger_keeps_the_rights_that_its_owner_gave_it(perdiem: Perdiem, tmp_path: Path, law: Law) -> None:
    path = tmp_path / "ledger.sqlite"
    begun(str(path), law).close()
    path.chmod(0o660)
    assert perdiem("ledger", "record", SAMPLE, "--ledger", path, "--by", "Ann", *DAY).code == 0
    assert modes(tmp_path) == {"ledger.sqlite": "660"}


def test_the_folder_of_the_users_own_ledger_is_closed_to_others(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("PERDIEM_LEDGER", raising=False)
    assert perdiem("ledger", "record", SAMPLE, "--create", "--by", "Ann", *DAY).code == 0
    assert f"{(tmp_path / 'perdiem_calc').stat().st_mode & 0o777:o}" == "700"


KILLED = """
import os, signal, sys
from perdiem_calc.ledger import backups, store
from perdiem_calc.cli import main
def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(*{"copying": (backups, "_copy_table", killed), "writing": (store, "stored", killed),
          "naming": (os, "fsync", killed)}[sys.argv.pop(1)])
main()
"""


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="no files without a name here")
@pytest.mark.parametrize("moment", ["copying", "writing", "naming"])
@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_nothing_behind(tmp_path: Path, law: Law, moment: str) -> None:
    ledger, folder = tmp_path / "ledger.sqlite", tmp_path / "restored"
    begun(str(ledger), law, entry("A-1", "700.00")).close()
    folder.mkdir()
    command = [
        sys.executable,
        "-c",
        KILLED,
        moment,
        "ledger",
        "restore",
        str(ledger),
        "--ledger",
        str(folder / "l.sqlite"),
    ]
    run = subprocess.run(command, capture_output=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert (run.returncode, list(folder.iterdir())) == (-9, [])
