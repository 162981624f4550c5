"""A file is complete or absent, and takes another's place only where that was said."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.errors import OutputError
from perdiem_calc.files import clear_away, whole_file
from perdiem_calc.workbook.writing.book import refuse_to_replace, save


def write(path: Path, text: str, *, replaces: bool) -> None:
    """Write a file."""
    with whole_file(path, replaces=replaces) as scratch:
        scratch.write_text(text)


def no_links(*_: object, **__: object) -> None:
    """What a file system without hard links says."""
    raise OSError(95, "Operation not supported")


SYSTEMS = ("unnamed", "unnamed without links", "named", "named without links")


def on(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system have files without a name, or hard links, or not."""
    if "without links" in system:
        monkeypatch.setattr(os, "link", no_links)
    if system.startswith("named"):
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_new_file_has_its_name_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    on(system, monkeypatch)
    path = tmp_path / "a.txt"
    with whole_file(path, replaces=False) as scratch:
        scratch.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileExistsError):
        write(path, "newer", replaces=False)
    write(path, "newest", replaces=True)
    assert path.read_text() == "newest"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_file_that_somebody_else_wrote_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    on(system, monkeypatch)
    path = tmp_path / "a.txt"
    monkeypatch.setattr(os, "fsync", lambda _: path.write_text("theirs"))
    with pytest.raises(FileExistsError):
        write(path, "mine", replaces=False)
    assert path.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_it_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    synced: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(path.exists()))
    write(path, "new", replaces=False)
    assert synced == [False]


def test_two_writers_of_one_file_have_names_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole_file(path, replaces=True) as one, whole_file(path, replaces=True) as other:
        one.write_text("one")
        other.write_text("other")
        assert one != other
    assert path.read_text() == "one"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in folders")
@pytest.mark.parametrize("name", ["pipe.xlsx", "pipe.csv", "link.xlsx"])
def test_a_pipe_or_a_device_is_never_replaced(tmp_path: Path, name: str) -> None:
    """As /dev/null would be, for everybody on the machine."""
    path = tmp_path / name
    os.mkfifo(tmp_path / "pipe" if name == "link.xlsx" else path)
    if name == "link.xlsx":
        path.symlink_to(tmp_path / "pipe")
    with pytest.raises(OutputError, match="is a pipe or a device, not a file; choose another name"):
        save(b"x", path, force=True)
    with pytest.raises(OutputError), whole_file(path, replaces=True):
        pytest.fail("a file was begun")
    assert path.is_fifo()
    with pytest.raises(OutputError, match="already exists"):
        save(b"x", path, force=False)


def test_what_fails_while_it_is_filled_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyError), whole_file(tmp_path / "a.txt", replaces=True):
        raise KeyError
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "none" / "a.txt", replaces=True):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError), whole_file(tmp_path / "file" / "a.txt", replaces=True):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_a_killed_process_left_of_a_file_is_cleared_away_and_nothing_else(tmp_path: Path) -> None:
    a, b = (sha256(name).hexdigest()[:8] for name in (b"a.txt", b"b.txt"))
    names = (
        "a.txt",
        f".perdiem-{a}.0123456789ab",
        f".perdiem-{a}.fedcba987654",
        f".perdiem-{b}.0123456789ab",
        f".perdiem-{a}.bak",
        f".perdiem-{a}x0123456789ab",
    )
    for name in names:
        (tmp_path / name).touch()
    clear_away(tmp_path / "a.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({*names} - {*names[1:3]})
    clear_away(tmp_path / "no folder" / "a.txt")


def test_a_workbook_never_takes_the_place_of_one_that_came_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    monkeypatch.setattr(os, "fsync", lambda _: path.write_text("theirs"))
    with pytest.raises(OutputError, match="already exists"):
        save(b"mine", path, force=False)
    assert path.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("name", "ending"), [("A-1.txt", ".txt"), ("A-1.xlsx", ".xlsx"), ("out", ".xlsx")])
def test_a_folder_in_the_place_of_a_file_is_refused_with_the_ending_that_is_due(
    name: str, ending: str, tmp_path: Path
) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(OutputError, match=f"is a folder; name a file in it, ending in {ending}"):
        refuse_to_replace(tmp_path / name, force=True)


# ---- who may read it


def mode_of(path: Path) -> str:
    return f"{path.stat().st_mode & 0o7777:o}"


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    ("folder", "umask", "mode"),
    [
        (0o755, 0o022, "600"),
        (0o777, 0o000, "600"),
        (0o1777, 0o000, "600"),
        (0o775, 0o002, "600"),
        (0o700, 0o077, "600"),
        (0o2770, 0o022, "660"),
        (0o2770, 0o077, "660"),
        (0o2775, 0o002, "660"),
        (0o2750, 0o022, "640"),
        (0o2700, 0o022, "600"),
    ],
)
def test_a_new_file_is_for_its_owner_unless_the_folder_gives_it_to_a_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, folder: int, umask: int, mode: str
) -> None:
    on(system, monkeypatch)
    tmp_path.chmod(folder)
    before = os.umask(umask)
    try:
        write(tmp_path / "a.txt", "new", replaces=False)
        write(tmp_path / "b.txt", "new", replaces=True)
    finally:
        os.umask(before)
    assert (mode_of(tmp_path / "a.txt"), mode_of(tmp_path / "b.txt")) == (mode, mode)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    on(system, monkeypatch)
    path = tmp_path / "a.txt"
    for mode in (0o644, 0o640, 0o600, 0o400):
        path.unlink(missing_ok=True)
        path.touch()
        path.chmod(mode)
        write(path, "new", replaces=True)
        assert (path.read_text(), mode_of(path)) == ("new", f"{mode:o}")


def test_a_list_of_who_may_read_new_files_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system sets the mode by the list where the program asks for no less than everything."""
    asked: list[int] = []
    real = os.open

    def noted(path: str, flags: int, mode: int = 0o777, **more: Any) -> int:
        if flags & os.O_CREAT or flags & getattr(os, "O_TMPFILE", 0) == getattr(os, "O_TMPFILE", -1):
            asked.append(mode)
        return real(path, flags, mode, **more)

    monkeypatch.setattr(os, "getxattr", lambda path, name: b"" if path == tmp_path else None, raising=False)
    monkeypatch.setattr(os, "open", noted)
    write(tmp_path / "a.txt", "new", replaces=False)
    assert asked == [0o666]


def test_a_name_as_long_as_a_name_may_be_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"{'a' * 251}.txt"
    for system in SYSTEMS:
        with monkeypatch.context() as patched:
            on(system, patched)
            write(path, system, replaces=True)
        assert path.read_text() == system


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="no files without a name here")
def test_a_process_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom perdiem_calc.files import whole_file\n"
        "with whole_file(Path(sys.argv[1]), replaces=False) as scratch:\n"
        "    scratch.write_text('half')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path / "a.txt")], check=False)
    assert (run.returncode, list(tmp_path.iterdir())) == (-9, [])
