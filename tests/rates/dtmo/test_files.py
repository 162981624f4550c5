"""DTMO's files, read strictly: the shape is that of the documented example; the figures are made up to add up."""

from __future__ import annotations

import zipfile
from datetime import date
from hashlib import sha256
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
        (found,) = read_file(path)
        assert (found.name, found.sha256) == ("oconus.txt", sha256(path.read_bytes()).hexdigest())
        assert found.passed_over == 1


def test_the_one_text_of_a_zip(tmp_path: Path) -> None:
    path = packed(tmp_path / "oconus.zip", oconus_TXT=SUMMER, readme_pdf=b"%PDF")
    (found,) = read_file(path)
    assert (found.sha256, len(found.seasons)) == (sha256(SUMMER.encode()).hexdigest(), 1)
    assert found.name == "oconus.TXT in oconus.zip"


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("ovs26-04", "2026-04"),
        ("OVS19-12", "2019-12"),
        ("04-01-26oconus", "2026-04"),
        ("04-15-2026oconusnm", "2026-04"),
        ("oconus_2026-04-01", "2026-04"),
        ("list-2020-12", "2020-12"),
        ("oconus", "2026-01"),  # else that of the newest effective date
        ("year-2026", "2026-01"),
        ("ovs26-13", "2026-01"),
        ("13-01-26oconus", "2026-01"),
    ],
)
def test_the_month_of_an_edition(tmp_path: Path, name: str, month: str) -> None:
    path = tmp_path / f"{name}.txt"
    path.write_text(SUMMER.replace("01/01/2026", "12/01/2025") + "\n" + WINTER, encoding="utf-8")
    (found,) = read_file(path)
    assert f"{found.month:%Y-%m}" == month


def test_the_name_of_a_text_in_a_zip_counts_before_the_name_of_the_zip(tmp_path: Path) -> None:
    (found,) = read_file(packed(tmp_path / "list-2025-01.zip", **{"ovs26-04_txt": SUMMER}))
    assert found.month == date(2026, 4, 1)
    (found,) = read_file(packed(tmp_path / "list-2025-01.zip", oconus_txt=SUMMER))
    assert found.month == date(2025, 1, 1)


BASE = "ALASKA;CLEAR AB;01/01;12/31;90;40;20;10;;;140;01/01/2026"


def test_an_archive_of_several_months_each_with_and_without_bases(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "year-2026.zip",
        **{
            "2026/05-01-26oconus_txt": f"{SUMMER}\n{BASE}\nJAPAN;TOKYO",
            "2026/05-01-26oconusnm_txt": SUMMER,
            "2026/04-01-26oconus_txt": f"{WINTER}\n{BASE}",
            "2026/04-01-26oconusnm_txt": WINTER,
        },
    )
    april, may = read_file(path)
    assert (april.month, may.month) == (date(2026, 4, 1), date(2026, 5, 1))
    assert [season.locality for season in may.seasons] == ["ANCHORAGE", "CLEAR AB"]
    assert (may.lines, may.passed_over) == (4, 1)
    assert may.name == "05-01-26oconus.txt and 05-01-26oconusnm.txt in year-2026.zip"
    assert may.sha256 == sha256(path.read_bytes()).hexdigest()


def test_two_texts_of_a_month_that_contradict_each_other(tmp_path: Path) -> None:
    dearer = SUMMER.replace("329", "330").replace("477", "478")
    path = packed(tmp_path / "a.zip", **{"04-01-26oconus_txt": SUMMER, "04-01-26oconusnm_txt": dearer})
    (found,) = read_file(path)
    assert found.overlaps == ("ANCHORAGE, AK: the seasons 04/01 to 09/30 and 04/01 to 09/30 overlap",)


def test_a_fault_in_an_archive_names_the_text(tmp_path: Path) -> None:
    wrong = SUMMER.replace("477", "1")
    path = packed(tmp_path / "a.zip", **{"04-01-26oconus_txt": SUMMER, "04-01-26oconusnm_txt": wrong})
    with pytest.raises(InputError, match=r"a\.zip: 04-01-26oconusnm\.txt, line 1: "):
        read_file(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"place,on\nOrlando,2026-10-04\n", "is a table in CSV, not DTMO's list"),
        (b"place\ton\nOrlando\t2026-10-04\n", "is a table in CSV, not DTMO's list"),
        (b"Total, Breakfast,lunch,dinner,incidental\n148,22,37,59,30\n", "is the breakdown of M&IE by meal"),
        (b"<!DOCTYPE html>\n<html>", "is a web page"),
        (b"%PDF-1.7", "is a PDF, not DTMO's list"),
        (b"\xd0\xcf\x11\xe0\xa1", "is a workbook of Excel's old kind"),
        (b"PK\x03\x04 cut off", "is an Excel workbook, or another zip"),
        (b"a\0b", "is a file of bytes, no text"),
        (b"  \n", "no rates of Alaska, Hawaii or the territories"),
        (b"", "is empty"),
    ],
)
def test_a_file_given_by_mistake_is_named_as_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "wrong.txt"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_file(path)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"readme_pdf": b"%PDF"}, "the zip holds no .txt file, where DTMO's holds one"),
        (
            {"xl/workbook_xml": b"<Types/>"},
            "is an Excel workbook, not DTMO's list of rates; give the OCONUS rates of",
        ),
        ({"a_txt": SUMMER, "readme_txt": "hello"}, "oconus.zip: readme.txt: no rates of Alaska"),
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
