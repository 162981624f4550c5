"""What is fuzzed, by name."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache, partial
from pathlib import Path

import yaml

from perdiem_calc.auditing.claim_file import read_claim_file
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.errors import PerdiemError
from perdiem_calc.files import LARGEST_TOML, toml_of
from perdiem_calc.rates.dtmo.files import read_file
from perdiem_calc.rates.gsa import bodies
from perdiem_calc.rates.places import parse_place
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.itemize import as_record, itemize
from perdiem_calc.rules.law import load_law
from tests.golden import ROOT, SAMPLES
from tests.support.hostile import zipped
from tools.fuzz import Target, ledgers, tables, workbooks
from tools.fuzz.texts import changed_json

ON = date(2026, 10, 4)
SUFFIXES = (".json", ".toml")
BODIES = (bodies.envelope, bodies.lodging, bodies.tiers, bodies.zipcodes, bodies.error_code)
LONGEST_SEED = 20_000
LINES = (
    "ALASKA;ANCHORAGE;04/01;09/30;329;118;68;30;;;477;01/01/2026\n"
    "ALASKA;ANCHORAGE;10/01;03/31;229;118;68;30;;;377;01/01/2026\n"
    "HAWAII;ISLE OF KAUAI;01/01;12/31;325;117;68;29;1;meals are sent;471;01/01/2026;\n"
    "FRANCE;PARIS;01/01;12/31;400;150;90;38;;;588;01/01/2026\n"
)


@cache
def scratch() -> Path:
    """A folder for the one file that is read."""
    return Path(tempfile.mkdtemp(prefix="perdiem_calc_fuzz_"))


def refused_or_read(run: Callable[[bytes], object], data: bytes) -> None:
    """Read, or be told why not in words that can be printed and written."""
    try:
        run(data)
    except (PerdiemError, bodies.BodyError) as error:
        said = str(error)
        assert said
        said.encode()


def claim(data: bytes) -> None:
    """A claim as JSON or TOML (the first byte says which); what is read can be written, read again and itemized."""
    path = scratch() / f"claim{SUFFIXES[data[0] % 2] if data else '.json'}"
    path.write_bytes(data[1:])
    found = read_claim_file(path)
    assert parse_claim(json.loads(found.model_dump_json(by_alias=True))) == found
    json.dumps(as_record(itemize(found, Ratebook.open(), load_law(), as_of=ON)))


def claim_seeds() -> Iterable[bytes]:
    """The samples."""
    for sample in SAMPLES:
        yield b"\0" + sample.read_bytes()
    for path in sorted((ROOT / "data" / "samples").glob("*.toml")):
        yield b"\1" + path.read_bytes()
    yield b'\1schema = "perdiem-claim/1"\nclaim_id = "a"\n[trip]\ndeparted_at = 2026-10-04T12:30:00\n'


def place(data: bytes) -> None:
    """A line that names a place, and its locality."""
    Ratebook.open().resolve(parse_place(data.decode("utf-8", "surrogateescape")), 2027)


def place_seeds() -> Iterable[bytes]:
    """The places of tests/cases."""
    cases = yaml.safe_load((ROOT / "tests" / "cases" / "places.yaml").read_text(encoding="utf-8"))
    for line in {str(line) for case in cases for line in case["places"]}:
        yield line.encode()


def body(data: bytes) -> None:
    """An answer of GSA's service; the first byte says to which question."""
    if data:
        BODIES[data[0] % len(BODIES)](data[1:])


def body_seeds() -> Iterable[bytes]:
    """The recorded answers."""
    for path in sorted((ROOT / "tests" / "responses" / "gsa").glob("*")):
        content = path.read_bytes()
        if len(content) <= LONGEST_SEED:
            yield from (bytes([number]) + content for number in range(len(BODIES)))


def oconus(data: bytes) -> None:
    """A file of the Defense Department, as text or in a ZIP."""
    path = scratch() / "oconus.zip"
    path.write_bytes(data)
    read_file(path)


def oconus_seeds() -> Iterable[bytes]:
    """A few lines, and the same in a ZIP."""
    yield LINES.encode()
    yield LINES.encode("utf-8-sig").replace(b"\n", b"\r\n")
    yield zipped([("ONlynm.txt", LINES.encode())])


def headed_json(size: int) -> Callable[[bytes, random.Random], bytes]:
    """The change of a JSON text behind some bytes that say what it is."""
    return lambda data, rng: data[:size] + changed_json(data[size:], rng)


def toml(data: bytes) -> None:
    """A text of TOML. What is wrong with it is a ValueError, as of tomllib."""
    with suppress(ValueError, RecursionError):
        toml_of(data.decode("utf-8", "replace")[:LARGEST_TOML])


def toml_seeds() -> Iterable[bytes]:
    """The samples, and keys and strings of every kind."""
    for path in sorted((ROOT / "data" / "samples").glob("*.toml")):
        yield path.read_bytes()
    yield b'a.b."c.d".\'e\' = """x"""" # "\n[[t.u]]\nv = {w = [1.5, 2026-10-04T07:30:00], x.y = 0x1F}\n'
    yield b"z = '''q'''\n"


def changed_toml(data: bytes, rng: random.Random) -> bytes:
    """A text with one to four of the signs of TOML put in, some of them very often."""
    signs = (
        b'"',
        b"'",
        b'"""',
        b"'''",
        b"\\",
        b".",
        b"a.",
        b"#",
        b"[",
        b"]",
        b"{",
        b"}",
        b"=",
        b"\n",
        b"1_",
        b" ",
        b",",
    )
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(data))
        data = data[:at] + rng.choice(signs) * rng.choice((1, 1, 1, 2, 40, 5_000)) + data[at:]
    return data


TARGETS: Mapping[str, Target] = {
    "claim": Target(partial(refused_or_read, claim), claim_seeds, headed_json(1), longest=30_000),
    "place": Target(partial(refused_or_read, place), place_seeds, longest=200),
    "bodies": Target(partial(refused_or_read, body), body_seeds, headed_json(1), longest=30_000),
    "oconus": Target(partial(refused_or_read, oconus), oconus_seeds, longest=2_000),
    "toml": Target(partial(refused_or_read, toml), toml_seeds, changed_toml, longest=30_000),
    "roster": Target(
        partial(refused_or_read, lambda data: tables.roster(data, scratch() / "roster.csv")),
        lambda: tables.seeds(tables.ROSTER),
        tables.changed_table,
    ),
    "tables": Target(
        partial(refused_or_read, lambda data: tables.trips(data, scratch() / "trips.csv")),
        lambda: tables.seeds(tables.TRIPS),
        tables.changed_table,
    ),
    "sheet": Target(
        partial(refused_or_read, lambda data: tables.sheet(data, scratch() / "trips.xlsx")),
        tables.sheet_seeds,
        workbooks.changed_package,
        longest=20_000,
    ),
    "ledger": Target(
        lambda data: ledgers.ledger(data, scratch() / "ledger.sqlite"),
        ledgers.seeds,
        longest=1 + ledgers.EDIT * ledgers.MOST_EDITS,
    ),
    "package": Target(
        partial(refused_or_read, lambda data: workbooks.package(data, scratch() / "mail.xlsx")),
        workbooks.package_seeds,
        workbooks.changed_package,
    ),
    "workbook": Target(
        partial(refused_or_read, lambda data: workbooks.workbook(data, scratch() / "mail.xlsx")),
        workbooks.seeds,
        longest=1 + workbooks.EDIT * workbooks.MOST_EDITS,
    ),
    "audit": Target(
        partial(refused_or_read, lambda data: workbooks.workbook(data, scratch() / "mail.xlsx", workbooks.AUDITORS)),
        workbooks.seeds,
        longest=1 + workbooks.EDIT * workbooks.MOST_EDITS,
    ),
}
