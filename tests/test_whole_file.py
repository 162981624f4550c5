"""A file is complete or absent, and takes another's place only where that was said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from perdiem_calc.errors import OutputError
from perdiem_calc.whole_file import clear_away, whole_file
from perdiem_calc.workbook.book import refuse_to_replace, save


def write(path: Path, text: str, *, replaces: bool) -> None:
    """Write a file."""
    with whole_file(path, replaces=replaces) as scratch:
        scratch.write_text(text)


def no_links(*_: object) -> None:
    """What a file system without hard links says."""
    raise OSError(95, "Operation not supported")


def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the file system have no hard links."""
    monkeypatch.setattr(os, "link", no_links)


@pytest.mark.parametrize("has_links", [True, False])
def test_a_new_file_has_its_name_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_links: bool
) -> None:
    if not has_links:
        without_links(monkeypatch)
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


@pytest.mark.parametrize("has_links", [True, False])
def test_a_file_that_somebody_else_wrote_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_links: bool
) -> None:
    if not has_links:
        without_links(monkeypatch)
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
    names = (
        "a.txt",
        ".a.txt.0123456789ab",
        ".a.txt.fedcba987654",
        ".b.txt.0123456789ab",
        ".a.txt.bak",
        ".axtxt.0123456789ab",
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
    with pytest.raises(OutputError, match="exists already"):
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
