"""Nothing takes longer than it should: what is no claim, however it is written, is refused within five seconds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.auditing.claim_file import MOST_VALUES, read_claim_file
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.files import MOST_PARTS, toml_of
from perdiem_calc.history.roster import MOST_OFFICERS, parse_roster
from perdiem_calc.ledger import Ledger
from perdiem_calc.rates.dtmo.files import MOST_SEASONS, read_lines
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT
from tests.support.timed import in_time

SAMPLE: dict[str, Any] = json.loads((ROOT / "data" / "samples" / "2026-ORL-0001.json").read_text())
HALF = 500_000
"""Characters: just below what is read of a TOML claim."""


@pytest.fixture(autouse=True)
def in_five_seconds() -> Iterator[None]:
    with in_time():
        yield


def refused(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_claim_file(path)
    return str(error.value).removeprefix(f"{path}: ")


DOTS = "a." * 40_000 + "a = 1"
TOO_MANY_PARTS = f"a key has more than {MOST_PARTS} parts; check the dots in the names of the fields"


@pytest.mark.parametrize(
    "text",
    [
        DOTS,
        f"[{'a.' * 40_000}a]\nb = 1",
        '"a".' * 40_000 + "a = 1",
        "a . \t" * 40_000 + "a = 1",
        # behind strings and comments that could hide them
        f'x = {{y = """z"""", {DOTS}}}',
        f'x = {{y = """z""""", {DOTS}}}',
        f"x = {{y = '''z'''', {DOTS}}}",
        f"x = {{y = '\\', {DOTS}}}",
        f'x = {{y = "\\"", {DOTS}}}',
        f'# """\n{DOTS}',
        f'x = "#"\n{DOTS}',
        f'x = """\\""" # """\n{DOTS}',
    ],
)
def test_a_toml_key_of_thousands_of_parts_is_refused(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, "claim.toml", text) == TOO_MANY_PARTS


def test_dots_that_are_no_key_may_be_many() -> None:
    dots = "." * 5_000
    found = toml_of(
        f'a = "{dots}"\nb = """\n{dots}"""\nc = [1.5, 2.5]\n# {dots}\n{"d." * (MOST_PARTS - 1)}d = \'{dots}\''
    )
    assert (found["a"], found["b"], found["c"]) == (dots, dots, [1.5, 2.5])


@pytest.mark.parametrize(
    "text",
    [
        'a = """' + '\\"""' * (HALF // 4),
        'a = """' + '\\"""' * (HALF // 4) + "\\",
        'a = "' + '\\"' * (HALF // 2),
        'a = "' + '\\"' * (HALF // 2) + "\\",
        "'" * HALF,
        '"\n' * (HALF // 2),
        "." * HALF,
        "." + "a" * HALF,
        "a = [" + "1," * (HALF // 2) + "]",
        "".join(f"[t{number}]\n" for number in range(HALF // 9)),
        "[[a]]\n[[a.b]]\n[a.b.c]\n" * (HALF // 22),
        "".join(f'"k{number}"."b" = 1\n' for number in range(HALF // 18)),
        "a = " + "[" * 100_000,
        "a = " + "{b = " * 90_000,
        "a = 0x" + "f" * HALF,
        "a = " + "9" * HALF,
        "x" * (512 << 10) + "x",
    ],
)
def test_toml_of_every_shape_is_refused_in_time(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, "claim.toml", text)


MANY = f"holds more than {MOST_VALUES:,} values; a claim has a few hundred; check that it is the right file"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (json.dumps(SAMPLE | {"expenses": [1] * 1_000_000}), MANY),
        (json.dumps(SAMPLE | {"expenses": [{}] * 900_000}), MANY),
        (json.dumps({f"k{number}": 1 for number in range(250_000)}), MANY),
        ("[" + ",".join(["[]"] * 1_300_000) + "]", MANY),
        (json.dumps(SAMPLE | {"expenses": [1] * 90_000}), "expenses[0]: is not a group of fields"),
        ('{"a":' * 900 + "1" + "}" * 900, "a: is not a field of a claim"),
        ("[" * 500_000, "is not JSON of a claim: nested too deeply"),
        (
            '{"schema": ' + "9" * 4_000_000 + "}",
            "is not JSON: a number has more than 4,300 digits; correct it at the place named",
        ),
        ('{"schema": ' + "9" * 4_200_000 + "}", "is larger than 4 MB"),
    ],
)
def test_json_of_every_shape_is_refused_in_time(tmp_path: Path, text: str, why: str) -> None:
    assert why in refused(tmp_path, "claim.json", text)


def test_the_largest_claim_is_no_more_than_what_is_taken() -> None:
    """A thousand expenses, 400 nights and 400 days of meals, each with more fields than there are."""
    assert MOST_VALUES > 1_000 * 40 + 400 * 40 + 400 * 10


def test_a_list_of_one_place_with_thousands_of_seasons_is_refused() -> None:
    """Each would be compared with each for days that both have."""
    line = "ALASKA;ANCHORAGE;04/01;09/30;{};118;68;30;;;{};01/01/2026"
    lines = [line.format(lodging, lodging + 148) for lodging in range(1, 60_000)]
    with pytest.raises(InputError, match=f"ANCHORAGE, AK has 59,999 seasons; a locality has at most {MOST_SEASONS}"):
        read_lines(lines)
    assert len(read_lines(lines[:MOST_SEASONS]).seasons) == MOST_SEASONS


@pytest.mark.unmeasured
def test_the_longest_roster_is_imported_in_time(tmp_path: Path, law: Law) -> None:
    """Each officer of it was compared with every SRO on record, by a dozen questions to the database."""
    officers = (f"A-{number % 500},Officer {number:04} Name{number:04},100.00" for number in range(MOST_OFFICERS))
    content = "\n".join(["award,officer,paid_before", *officers])
    with Ledger.begin(tmp_path / "ledger.sqlite", law, by="Ann") as ledger:
        done = ledger.import_roster(parse_roster(content.encode(), "roster.csv"), law)
    assert (done.added, done.openings) == (MOST_OFFICERS, MOST_OFFICERS)


@pytest.mark.parametrize("name", ["a" * 100_000, "a," * 50_000, "St. " * 25_000, "()" * 50_000, "\u0301" * 40_000])
def test_a_place_without_end_is_refused_in_few_words(perdiem: Perdiem, tmp_path: Path, name: str) -> None:
    run = perdiem("rate", f"{name}, FL", "--on", "2026-10-04")
    assert run.code == 2
    assert "is longer than a place's name; write a city and state, or a ZIP" in run.err
    path = tmp_path / "trips.csv"
    path.write_text(f'place,depart_on,return_on\n"{name}, FL",2026-10-04,2026-10-05\n', encoding="utf-8")
    run = perdiem("estimate", path, "-o", tmp_path / "out.csv")
    assert run.code in (2, 3)
    assert len(run.err) < 600  # 40 signs, each written out with six letters where it cannot be seen
