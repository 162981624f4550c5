"""Claims from files: what is read, and what is refused with which words."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from perdiem_calc.auditing.claim_file import claim_files, read_claim_file
from perdiem_calc.errors import InputError, InputErrors
from tests.support.claim_data import orlando
from tests.support.house_rules import ROOT

ORLANDO = ROOT / "data" / "samples" / "2026-ORL-0001.json"


TOML = """
schema = "perdiem-claim/1"
claim_id = "T-1"
prepared_on = 2026-11-16
[agency]
name = "Floyd County Police Department"
remit_to = "Rome, GA"
contact = { name = "Accounts Payable" }
[award]
number = "2026ULWX0021"
letter_date = 2026-04-15
[officer]
name = "Avery O'Neal"
sro_hired_on = 2026-07-06
[course]
title = "NASRO Basic School Resource Officer Course"
hours = 40
place = { city = "Moody", state = "AL" }
starts_on = 2026-11-02
ends_on = 2026-11-06
ends_at = 16:30:00
[trip]
official_station = { city = "Rome", state = "GA" }
departed_at = 2026-11-02T05:30:00
returned_at = 2026-11-06T19:40:00
stops = [{ place = { zip = "35004" }, arrived_on = 2026-11-02, departed_on = 2026-11-06 }]
[mie_paid]
2026-11-03 = "60.00"
"""

SAME_AS_JSON = {
    "schema": "perdiem-claim/1",
    "claim_id": "T-1",
    "prepared_on": "2026-11-16",
    "agency": {
        "name": "Floyd County Police Department",
        "remit_to": "Rome, GA",
        "contact": {"name": "Accounts Payable"},
    },
    "award": {"number": "2026ULWX0021", "letter_date": "2026-04-15"},
    "officer": {"name": "Avery O'Neal", "sro_hired_on": "2026-07-06"},
    "course": {
        "title": "NASRO Basic School Resource Officer Course",
        "hours": 40,
        "place": {"city": "Moody", "state": "AL"},
        "starts_on": "2026-11-02",
        "ends_on": "2026-11-06",
        "ends_at": "16:30",
    },
    "trip": {
        "official_station": {"city": "Rome", "state": "GA"},
        "departed_at": "2026-11-02T05:30",
        "returned_at": "2026-11-06T19:40",
        "stops": [{"place": {"zip": "35004"}, "arrived_on": "2026-11-02", "departed_on": "2026-11-06"}],
    },
    "mie_paid": {"2026-11-03": "60.00"},
}


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_json_and_toml_of_the_same_claim_are_the_same_claim(tmp_path: Path) -> None:
    as_toml = read_claim_file(written(tmp_path / "claim.toml", TOML))
    as_json = read_claim_file(written(tmp_path / "claim.json", json.dumps(SAME_AS_JSON)))
    assert as_json == as_toml


def test_the_field_that_is_there_twice_is_named_among_many(tmp_path: Path) -> None:
    fields = ", ".join(f'"f{number}": 1' for number in [*range(60_000), 59_999])
    with pytest.raises(InputError, match='the field "f59999" appears twice'):
        read_claim_file(written(tmp_path / "many.json", f"{{{fields}}}"))


def test_a_byte_order_mark_is_no_part_of_the_claim(tmp_path: Path) -> None:
    marked = tmp_path / "claim.json"
    marked.write_bytes(b"\xef\xbb\xbf" + ORLANDO.read_bytes())
    assert read_claim_file(marked) == read_claim_file(ORLANDO)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("c.json", b"{", "is not JSON"),
        ("c.json", b"", "is empty; check that it is the right file"),
        ("c.toml", b" \n", "is empty"),
        ("c.toml", b"= 1", "is not TOML"),
        ("c.json", b"\xff\xfe{}", "is not UTF-8 text; save it as UTF-8"),
        (
            "c.json",
            b'{"claim_id": 1, "claim_id": 2}',
            'the field "claim_id" appears twice; leave one of the two out',
        ),
        ("c.json", b'{"claim_id": NaN}', "NaN is not a value of a claim; write an amount like 159.00"),
        ("c.json", b"[" * 100_000, "nested too deeply"),
        ("c.json", b" " * (4 * 1024 * 1024 + 1), "is larger than 4 MB"),
        ("c.json", b"[]", "is not a group of fields"),
        ("c.xlsm", b"", "is a workbook with macros (.xlsm); save it as .xlsx"),
        ("c.xls", b"", "is a workbook of the old kind (.xls); save it as .xlsx"),
        ("c.txt", b"{}", "a file of kind .txt is not a claim; give a .json, .toml or .xlsx file"),
        ("claim", b"{}", "a folder or a file without a suffix is not a claim"),
    ],
)
def test_what_is_no_claim_is_refused_with_the_name_of_the_file(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_claim_file(path)
    assert said in str(refused.value)
    assert str(refused.value).startswith(str(path))


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.json: the file does not exist; check the name and the folder"):
        read_claim_file(tmp_path / "missing.json")


def test_a_folder_named_like_a_claim_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "claim.json"
    folder.mkdir()
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\)"):
        read_claim_file(folder)


@pytest.mark.parametrize("suffix", [".json", ".toml", ".xlsx"])
def test_a_pipe_named_like_a_claim_is_refused_without_waiting(suffix: str, tmp_path: Path) -> None:
    pipe = tmp_path / f"claim{suffix}"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="is a pipe or a device, not a file"):
        read_claim_file(pipe)


def test_every_refused_field_is_named_on_its_own_line_with_the_file(tmp_path: Path) -> None:
    data = orlando()
    data["lodging"][0]["room_rate"] = "-1.00"
    data["surprise"] = 1
    path = written(tmp_path / "c.json", json.dumps(data))
    with pytest.raises(InputErrors) as refused:
        read_claim_file(path)
    first, second = sorted(str(refused.value).splitlines())
    assert first == (f"{path}: lodging[0].room_rate: '-1.00' is not an amount; write dollars and cents like 159.00")
    assert second == f"{path}: surprise: is not a field of a claim; check the spelling, or leave it out"


def test_a_folder_gives_its_claims_in_order_and_names_what_it_passed_over(tmp_path: Path) -> None:
    for name in ("b.json", "a.toml", "c.XLSX", "~$c.xlsx", ".hidden.json", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "sub.json").mkdir()
    found, passed_over = claim_files([tmp_path, ORLANDO])
    assert [path.name for path in found] == ["a.toml", "b.json", "c.XLSX", ORLANDO.name]
    assert [path.name for path in passed_over] == [".hidden.json", "notes.txt", "~$c.xlsx"]


def test_a_folder_without_a_claim_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the folder holds no claim; put \.json, \.toml or \.xlsx claims into it"):
        claim_files([tmp_path])


def test_a_sample_copied_elsewhere_is_the_same_claim(tmp_path: Path) -> None:
    copy = Path(shutil.copy(ORLANDO, tmp_path / "copy.json"))
    assert read_claim_file(copy).claim_id == "2026-ORL-0001"
