"""What a clerk reads when something is wrong: what it was, where, and what to do next; nothing is written then."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.support.command import Perdiem
from tests.support.house_rules import ROOT

CLAIM = "data/samples/2026-ORL-0001.json"
ORLANDO = ("rate", "Orlando, FL", "--on", "2026-10-04")
FREE_KEY = "get a free key at https://api.data.gov/signup/; the embedded rates (--source ratebook) need none"
BEGIN = "check the name; `perdiem ledger record` and `import-roster` begin a new ledger with --create"
FILES = {
    "empty.json": " \n",
    "broken.json": "{",
    "broken.toml": "x\n",
    "city.csv": "city,on\nOrlando,2026-10-04\n",
    "quotes.csv": "place,on\nOrlando, FL,2026-10-04\n",
    "open.csv": 'place,on\n"Orlando, FL,2026-10-04\n',
    "sites.csv": 'place\n"Orlando, FL"\n"Nowhere, FL"\n',
    "nowhere.csv": 'place\n"Nowhere, FL"\n',
    "far.csv": 'place,miles\n"Orlando, FL",far\n',
    "weights.csv": 'place,weight\n"Orlando, FL",-1\n',
    "roster.csv": "award,officer,paid_before\nX-1,Ann Lee,12.5\nX-1,,\n...,Kim Roe,\n",
}


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the samples and files that are wrong in one way each."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "data" / "samples", tmp_path / "data" / "samples")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


REFUSED: list[tuple[tuple[object, ...], int, str]] = [
    # rates
    (("rate",), 2, "perdiem: no place is named; give a city and state, a county and state, or a ZIP"),
    (
        (*ORLANDO[:3], "10/04/2026"),
        2,
        "perdiem: --on: '10/04/2026' is not a date; write year-month-day, like 2026-10-04",
    ),
    (
        (*ORLANDO[:3], "2031-02-03"),
        3,
        "perdiem: the ratebook has no rates of fiscal year 2031; check the date: known are fiscal years 2021 to 2027 "
        "(2020-10-01 to 2027-09-30); a later year is fetched by: perdiem ratebook refresh --fiscal-year 2031",
    ),
    (
        (*ORLANDO[:3], "2015-02-03"),
        3,
        "perdiem: the ratebook has no rates of fiscal year 2015; check the date: known are fiscal years 2021 to 2027 "
        "(2020-10-01 to 2027-09-30)",
    ),
    ((*ORLANDO, "--until", "2026-10-01"), 2, "perdiem: --until: 2026-10-01 is before 2026-10-04; give the later day"),
    (
        (*ORLANDO, "--until", "2029-10-01"),
        2,
        "perdiem: 1094 days from 2026-10-04 until 2029-10-01; ask for 1 to 366 days at once",
    ),
    ((*ORLANDO, "--state", "Florda"), 2, "perdiem: 'Florda' is not a state; write it like FL or Florida"),
    ((*ORLANDO, "--state", "GA"), 2, "perdiem: 'Orlando, FL' is not in GA; give the state once"),
    (
        (*ORLANDO, "--source", "gsa"),
        2,
        "perdiem: --source: 'gsa' is not a source of rates; choose auto, api, ratebook, latest",
    ),
    ((*ORLANDO, "--source", "api"), 2, f"perdiem: GSA_API_KEY: no API key is set; {FREE_KEY}"),
    (("ratebook", "verify", "--fiscal-year", "2027"), 2, f"perdiem: GSA_API_KEY: no API key is set; {FREE_KEY}"),
    (
        ("rate", "--batch", "none.csv"),
        2,
        "perdiem: none.csv: the file does not exist; check the name and the folder",
    ),
    (
        ("rate", "--batch", "city.csv"),
        2,
        "perdiem: city.csv: unknown columns: city; use the columns place, county, zip, state, on",
    ),
    (
        ("rate", "--batch", "quotes.csv"),
        2,
        "perdiem: quotes.csv, line 2: more cells than columns; put a cell with a comma in quotes",
    ),
    (
        ("rate", "--batch", "open.csv"),
        2,
        "perdiem: open.csv: line 2: a cell in quotes does not end on its line; "
        "close the quote, and write no line break in a cell",
    ),
    # claims
    (
        ("claim", "build", "none.json", "-o", "claim.xlsx"),
        2,
        "none.json: the file does not exist; check the name and the folder",
    ),
    (
        ("claim", "build", "city.csv", "-o", "claim.xlsx"),
        2,
        "city.csv: a file of kind .csv is not a claim; give a .json, .toml or .xlsx file",
    ),
    (
        ("claim", "check", "empty.json"),
        2,
        "empty.json: is empty; write the claim into it, or give another file",
    ),
    (("explain", "none.json", "N1"), 2, "perdiem: none.json: the file does not exist; check the name and the folder"),
    (
        ("claim", "build", CLAIM, "-o", "claim.pdf"),
        2,
        "perdiem: claim.pdf: the workbook needs a name ending in .xlsx; write -o claim.xlsx",
    ),
    (
        ("claim", "build", CLAIM, "-o", "none/claim.xlsx"),
        2,
        f"{CLAIM}: none/claim.xlsx: the workbook cannot be written (No such file or directory); "
        "make the folder none first",
    ),
    (
        ("claim", "new", "--place", "Orlando, FL", "--from", "2026-10-09", "--to", "2026-10-04", "-o", "form.xlsx"),
        2,
        "perdiem: --to: 2026-10-04 is before 2026-10-09; give the day of departure with --from, of return with --to",
    ),
    # budgets
    (
        ("sites", "--sites", "sites.csv", "--weeks", "2026-11-05..2026-10-02"),
        2,
        "perdiem: --weeks: 2026-10-02 is before 2026-11-05; write the earlier day first",
    ),
    (
        ("sites", "--sites", "sites.csv", "--weeks", "2026-11-05..2026-11-30"),
        2,
        "perdiem: --weeks: 2026-11-05 is a Thursday; a course begins on a Monday, like 2026-11-09",
    ),
    (
        ("sites", "--sites", "sites.csv", "--weeks", "2026-10-05", "-o", "ranked.csv", "--chart", "sites.gif"),
        2,
        "perdiem: sites.gif: '.gif' is not a kind of picture; use .png, .svg, .pdf",
    ),
    (
        ("forecast", "--officers", 3, "--sites", "far.csv"),
        2,
        "perdiem: far.csv: sites, row 2, Orlando, FL: miles: 'far' is not a number; "
        "write miles with at most two decimals like 98.5",
    ),
    (
        ("forecast", "--officers", 3, "--sites", "nowhere.csv"),
        3,
        "perdiem: nowhere.csv: sites, row 2, Nowhere, FL, week of 2027-01-04: place: Nowhere is not known in "
        "Florida; check the spelling, or give the ZIP or the county",
    ),
    (
        ("forecast", "--officers", 3, "--sites", "weights.csv"),
        2,
        "perdiem: weights.csv: sites, row 2: weight: '-1' is not a number from 0 on; "
        "write how likely the site is compared with the others, like 1 or 2.5, or 0 for never",
    ),
    # the ledger
    (("ledger", "verify", "--ledger", "none.sqlite"), 2, f"perdiem: none.sqlite: there is no ledger; {BEGIN}"),
    (
        ("ledger", "record", CLAIM, "--ledger", "none/ledger.sqlite", "--create"),
        2,
        "perdiem: none/ledger.sqlite: its folder does not exist; make the folder none first",
    ),
]


@pytest.mark.parametrize(("words", "code", "message"), REFUSED, ids=[message[:60] for *_, message in REFUSED])
def test_what_is_wrong_is_said_with_what_to_do(
    desk: Path, perdiem: Perdiem, words: tuple[object, ...], code: int, message: str
) -> None:
    before = sorted(desk.rglob("*"))
    run = perdiem(*words)
    assert (run.code, run.err) == (code, f"{message}\n")
    assert sorted(desk.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("claim", "build", "broken.json", "-o", "c.xlsx"), "broken.json: is not JSON: "),
        (("claim", "build", "broken.toml", "-o", "c.xlsx"), "broken.toml: is not TOML: "),
    ],
)
def test_what_is_no_json_or_toml_is_said_with_the_place(
    perdiem: Perdiem, words: tuple[str, ...], message: str
) -> None:
    run = perdiem(*words)
    assert (run.code, run.err.startswith(message)) == (2, True)
    assert run.err.endswith("; correct it at the place named\n")


@pytest.mark.parametrize(
    "words",
    [
        ("sites", "--sites", "sites.csv", "--weeks", "2026-10-05", "--top", "0"),
        ("forecast", "--officers", "0", "--sites", "sites.csv"),
    ],
)
def test_a_number_that_is_too_small_is_said_of_its_option(perdiem: Perdiem, words: tuple[str, ...]) -> None:
    run = perdiem(*words)
    assert run.code == 2
    assert f"Invalid value for '{words[words.index('0') - 1]}'" in run.err


def test_a_place_in_several_words_needs_no_quotes(perdiem: Perdiem) -> None:
    quoted = perdiem(*ORLANDO, "--json").record
    for words in (("Orlando,", "FL"), ("Orlando", "FL"), ("Orlando", ",", "FL")):
        assert perdiem("rate", *words, "--on", "2026-10-04", "--json").record["lodging"] == quoted["lodging"]


def test_every_line_of_a_roster_that_is_wrong_is_said_with_the_mend(perdiem: Perdiem) -> None:
    run = perdiem("ledger", "import-roster", "roster.csv", "--ledger", "ledger.sqlite", "--create")
    assert (run.code, run.err.splitlines()) == (
        2,
        [
            "perdiem: roster.csv: line 2: paid_before: '12.5' is not an amount; write dollars and cents like 159.00",
            "roster.csv: line 3: officer: is empty; write it as on the award documents",
            "roster.csv: line 4: award or officer has no letter or digit; write it as on the award documents",
        ],
    )


def test_a_ledger_says_what_to_do_with_a_name_that_is_taken_and_a_claim_it_has(desk: Path, perdiem: Perdiem) -> None:
    record = ("ledger", "record", CLAIM, "--ledger", "ledger.sqlite", "--by", "Ann")
    assert perdiem(*record, "--create").code == 0
    taken = "there is something already; choose another name: nothing that is there is written over\n"
    assert perdiem("ledger", "backup", "ledger.sqlite", "--ledger", "ledger.sqlite").err.endswith(taken)
    away = perdiem("ledger", "backup", "none/copy.sqlite", "--ledger", "ledger.sqlite")
    assert away.err == "perdiem: none/copy.sqlite: its folder does not exist; make the folder none first\n"
    assert perdiem(*record).err.endswith(": accept, $1,000.00; nothing was written, as nothing is new\n")
    too_much = perdiem(*record, "--verdict", "adjust", "--reason", "x", "--amount", "5000.00")
    assert too_much.err.endswith(
        "--amount: $5,000.00 is not between nothing and the $1,820.56 claimed; "
        "give what is to be paid for this claim altogether\n"
    )


def test_a_picture_without_matplotlib_is_refused_before_anything_is_written(
    desk: Path, perdiem: Perdiem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    words = ("sites", "--sites", "sites.csv", "--weeks", "2026-10-05", "-o", "ranked.csv", "--chart", "sites.png")
    run = perdiem(*words)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"perdiem: pictures need matplotlib; run: {sys.executable} -m pip install ")
    assert not (desk / "ranked.csv").exists()


def test_one_week_is_one_week(perdiem: Perdiem) -> None:
    run = perdiem("sites", "--sites", "sites.csv", "--weeks", "2026-10-05")
    assert run.out.startswith("Each site in the week, for one officer:")


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "Łódź/claim.json", "Łódź/broken.json", "--as-of", "2026-11-23"),
        ("audit", "Łódź/claim.json", "--resume", "--ledger", "Łódź/ledger.sqlite", "--by", "Ann"),
        ("ledger", "record", "Łódź/claim.json", "--ledger", "Łódź/ledger.sqlite", "--by", "Ann"),
        ("estimate", "Łódź/trips.csv", "-o", "Łódź/budget.csv"),
        ("sites", "--sites", "Łódź/sites.csv", "--weeks", "2026-10-05"),
        ("doctor", "--ledger", "Łódź/ledger.sqlite"),
    ],
    ids=lambda words: " ".join(words[:1]),
)
def test_json_is_read_alike_wherever_it_is_printed(desk: Path, perdiem: Perdiem, words: tuple[str, ...]) -> None:
    """A console or file has the letters of its own country: only ASCII is the same in all of them, and JSON can say
    every letter in it, as `perdiem rate` does. The officer, the folder and the site have letters that few have.
    """
    folder = desk / "Łódź"
    folder.mkdir()
    claim = (desk / CLAIM).read_text(encoding="utf-8").replace("Jordan Reyes", "Łucja Núñez")
    (folder / "claim.json").write_text(claim, encoding="utf-8")
    (folder / "broken.json").write_text('{"Ł": 1}', encoding="utf-8")
    (folder / "sites.csv").write_text('place,name\n"Orlando, FL",Łódź\n', encoding="utf-8")
    trips = 'place,depart_on,return_on\n"Orlando, FL",2026-10-04,2026-10-09\n'
    (folder / "trips.csv").write_text(trips, encoding="utf-8")
    at = folder / "ledger.sqlite"
    assert perdiem("ledger", "record", folder / "claim.json", "--ledger", at, "--create", "--by", "Ann").code == 0
    run = perdiem(*words, "--json")
    assert run.records
    assert run.out.isascii()
    assert "\\u0141" in run.out


def test_a_file_that_cannot_be_read_has_the_keys_of_one_that_can(perdiem: Perdiem) -> None:
    """A program takes `totals`, `stated` and `findings` of every file of an audit: null, null and none where the file
    is no claim at all.
    """
    read, unread = perdiem("audit", CLAIM, "gone.xlsx", "--json", "--as-of", "2026-11-23").records
    assert list(unread) == list(read)
    assert (unread["readable"], unread["totals"], unread["stated"], unread["findings"]) == (False, None, None, [])
    assert unread["error"] == {
        "code": "file.missing",
        "where": "gone.xlsx",
        "what": "the file does not exist",
        "fix": "check the name and the folder",
    }
