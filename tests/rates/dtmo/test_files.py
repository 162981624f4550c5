"""DTMO's files, read strictly: the shape is that of the documented example; the figures are made up to add up."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.rates.dtmo.files import MOST_BYTES, Season, read_file, read_lines

SUMMER = "ALASKA;ANCHORAGE;04/01;09/30;329;118;68;30;;;477;01/01/2026"
WINTER = "ALASKA;ANCHORAGE;10/01;03/31;229;118;68;30;;;377;01/01/2026"


def test_the_documented_line() -> None:
    (season,) = read_lines([SUMMER]).seasons
    assert season == Season("AK", "ANCHORAGE", (4, 1), (9, 30), 329, 118, 30, date(2026, 1, 1))
    # 118 local meals + 30 local incidental; 329 + 148 = 477, the maximum.
    assert (season.mie, season.amounts) == (148, (329, 118, 30))


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("HAWAII", "HI"),
        ("PUERTO RICO", "PR"),
        ("GUAM", "GU"),
        ("VIRGIN ISLANDS (U.S.)", "VI"),
        ("AMERICAN SAMOA", "AS"),
        ("NORTHERN MARIANA ISLANDS", "MP"),
    ],
)
def test_the_seven_areas(name: str, state: str) -> None:
    assert read_lines([SUMMER.replace("ALASKA", name)]).seasons[0].state == state


def test_other_countries_are_passed_over_whatever_they_state() -> None:
    found = read_lines(["", "AFGHANISTAN;KABUL;x", SUMMER, "MIDWAY ISLANDS;ALL;a;b", WINTER, SUMMER, "  "])
    assert (len(found.seasons), found.passed_over, found.overlaps) == (2, 2, ())


def test_a_footnote_and_a_semicolon_at_the_end() -> None:
    line = SUMMER.replace(";;;477", ";1;see the note;477") + ";"
    assert read_lines([line]).seasons[0].footnote == "1 see the note"


def test_a_season_that_wraps_the_year() -> None:
    (winter,) = read_lines([WINTER]).seasons
    assert [winter.has(day) for day in ((9, 30), (10, 1), (12, 31), (1, 1), (3, 31), (4, 1))] == [
        False,
        True,
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (SUMMER.replace("477", "478"), "329, meals 118 and incidental 30 do not add up to the maximum 478"),
        (SUMMER.replace("329", "0"), "lodging is '0'"),
        (SUMMER.replace("329", "-329"), "lodging is '-329'"),
        (SUMMER.replace("329", "329.50"), "lodging is '329.50'"),
        (SUMMER.replace("118", ""), "local meals is ''"),
        (SUMMER.replace("04/01", "4/1"), "'4/1' is not a month and day"),
        (SUMMER.replace("09/30", "09/31"), "'09/31' is not a month and day"),
        (SUMMER.replace("01/01/2026", "13/01/2026"), "'13/01/2026' is not an effective date"),
        (SUMMER.replace("01/01/2026", "02/29/2026"), "'02/29/2026' is not an effective date"),
        (SUMMER.replace("01/01/2026", "2026-01-01"), "'2026-01-01' is not an effective date"),
        (SUMMER.replace("01/01/2026", "01/01/1026"), "'01/01/1026' is not an effective date"),
        (SUMMER.replace("ANCHORAGE", "  "), "no locality is named"),
        (SUMMER.replace("ANCHORAGE", "ANCH\x1bORAGE"), "no locality is named"),
        ("ALASKA;ANCHORAGE;04/01", "3 fields"),
        (SUMMER + ";more", "13 fields"),
    ],
)
def test_a_wrong_line_refuses_the_file(line: str, said: str) -> None:
    with pytest.raises(InputErrors) as caught:
        read_lines([WINTER, line])
    assert str(caught.value).startswith("line 2: ")
    assert said in str(caught.value)


def test_many_wrong_lines_are_named_up_to_twenty() -> None:
    with pytest.raises(InputErrors) as caught:
        read_lines([SUMMER.replace("477", "1")] * 50)
    assert len(caught.value.errors) == 20


def test_no_line_is_ours() -> None:
    with pytest.raises(InputError, match="no rates of Alaska"):
        read_lines(["JAPAN;TOKYO;01/01;12/31;1;1;1;1;;;3;01/01/2026"])


def test_overlapping_seasons_are_reported() -> None:
    spring = SUMMER.replace("04/01;09/30;329", "03/15;04/14;300").replace("477", "448")
    assert sorted(read_lines([SUMMER, WINTER, spring]).overlaps) == [
        "ANCHORAGE, AK: the seasons 03/15 to 04/14 and 04/01 to 09/30 overlap",
        "ANCHORAGE, AK: the seasons 03/15 to 04/14 and 10/01 to 03/31 overlap",
    ]


def test_the_same_amounts_twice_are_no_overlap() -> None:
    assert read_lines([SUMMER, SUMMER.replace("04/01;09/30", "01/01;12/31")]).overlaps == ()


# ---- from the file or its zip


def packed(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name.replace("_", "."), content)
    return path


def test_a_text_in_any_of_three_encodings(tmp_path: Path) -> None:
    path = tmp_path / "oconus.txt"
    for encoding in ("utf-8", "utf-8-sig", "latin-1"):
        path.write_bytes(f"{SUMMER}\r\nCÔTE;X\r\n".encode(encoding))
        content, found = read_file(path)
        assert (content, found.passed_over) == (path.read_bytes(), 1)


def test_the_one_text_of_a_zip(tmp_path: Path) -> None:
    path = packed(tmp_path / "oconus.zip", oconus_TXT=SUMMER, readme_pdf=b"%PDF")
    content, found = read_file(path)
    assert (content, len(found.seasons)) == (SUMMER.encode(), 1)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"readme_pdf": b"%PDF"}, "the zip holds no .txt file, where DTMO's holds one"),
        ({"xl/workbook_xml": b"<Types/>"}, "is a workbook, not DTMO's list of rates; give the OCONUS rates of"),
        ({"a_txt": SUMMER, "b_txt": WINTER}, "the zip holds a.txt, b.txt, where DTMO's holds one .txt file"),
        ({f"{n}_pdf": b"" for n in range(51)}, "51 files in the zip"),
        ({"bomb_txt": b"\x00" * 30_000_000}, "unpacks to more than"),
        ({"wrong_txt": SUMMER.replace("477", "1")}, "line 1: "),
    ],
)
def test_a_zip_that_is_refused(tmp_path: Path, members: dict[str, str | bytes], said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_file(packed(tmp_path / "oconus.zip", **members))
    assert said in str(caught.value)
    assert "oconus.zip" in str(caught.value)


def test_a_zip_that_lies_about_its_size(tmp_path: Path) -> None:
    path = packed(tmp_path / "oconus.zip", bomb_txt=b"\x00" * 30_000_000)
    content = path.read_bytes().replace((30_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_file(path)


def test_a_zip_that_is_encrypted_or_broken(tmp_path: Path) -> None:
    path = packed(tmp_path / "oconus.zip", a_txt=SUMMER)
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="the zip is encrypted"):
        read_file(path)
    whole = packed(tmp_path / "other.zip", a_txt=SUMMER * 50).read_bytes()
    broken = tmp_path / "broken.zip"
    broken.write_bytes(whole[:40] + b"\xff" * 20 + whole[60:])
    with pytest.raises(InputError, match="cannot be read"):
        read_file(broken)


def test_a_file_that_is_missing_or_too_large(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the file does not exist"):
        read_file(tmp_path / "none.txt")
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(InputError, match="is larger than 20 MB"):
        read_file(large)
