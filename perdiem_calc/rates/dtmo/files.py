"""The Defense Department's file of OCONUS rates: read strictly, from the file itself or the zip it comes in.

A line is one season of one locality, its twelve fields divided by semicolons: state or country; locality; season
begin (MM/DD); season end; lodging; local meals; proportional meals; local incidental; footnote; footnote text;
maximum per diem; effective date. Dollars are whole.

>>> (anchorage,) = read_lines(["ALASKA;ANCHORAGE;04/01;09/30;329;118;68;30;;;477;01/01/2026"]).seasons
>>> anchorage.state, anchorage.lodging, anchorage.mie
('AK', 329, 148)

Only Alaska, Hawaii and the territories are taken; the lines of foreign countries are counted.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.files import content_of
from perdiem_calc.rates.places import place_key

MOST_BYTES = 20 << 20
MOST_RATIO = 100
MOST_MEMBERS = 50
MOST_FAULTS = 20
MOST_SEASONS = 366
FIELDS = 12
FIRST_YEAR, LAST_YEAR = 1990, 2099
PUBLISHER, ADDRESS = "Defense Travel Management Office", "https://www.travel.dod.mil/"
GIVE_ITS_FILE = (
    f"give the OCONUS rates of the {PUBLISHER} (DTMO), the .zip as it is or the .txt in it, from {ADDRESS}"
)
STATES = {
    "alaska": "AK",
    "hawaii": "HI",
    "puerto rico": "PR",
    "guam": "GU",
    "virgin islands us": "VI",
    "virgin islands": "VI",
    "us virgin islands": "VI",
    "american samoa": "AS",
    "northern mariana islands": "MP",
    "commonwealth of the northern mariana islands": "MP",
}
_MONTH_DAY = re.compile(r"([0-9]{2})/([0-9]{2})", re.ASCII)
_EFFECTIVE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", re.ASCII)
_DOLLARS = re.compile(r"[0-9]{1,5}", re.ASCII)
_A_LEAP_YEAR = 2024
_OF_A_WORKBOOK = "xl/workbook.xml"
_DECEMBER = 12
_MONTHS = (
    re.compile(r"ovs(?P<year>\d{2})-(?P<month>\d{2})(?!\d)", re.ASCII | re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<month>\d{2})-\d{2}-(?P<year>(?:20)?\d{2})(?!\d)", re.ASCII),
    re.compile(r"(?<!\d)(?P<year>20\d{2})-(?P<month>\d{2})(?!\d)", re.ASCII),
)
_LOOKED_AT = 4096
_KINDS = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "a workbook of Excel's old kind (.xls), or another Office file",
    b"\x1f\x8b": "a file packed with gzip",
    b"PAR1": "a Parquet table",
    b"PK": "an Excel workbook, or another zip",
}
MEALS_HEADER = ("total", "breakfast", "lunch", "dinner", "incidental")

MonthDay = tuple[int, int]


class _Text(NamedTuple):
    """A text of DTMO's: the name of its file, and its bytes."""

    name: str
    content: bytes


def written(day: MonthDay) -> str:
    """A month and day as the file writes them.

    >>> written((4, 1))
    '04/01'
    """
    return f"{day[0]:02d}/{day[1]:02d}"


class Season(NamedTuple):
    """One season of one locality, whole dollars; `begins` and `ends` are month and day, both inclusive.

    A season that begins after it ends wraps the year. `mie` = local meals + incidental.
    """

    state: str
    locality: str
    begins: MonthDay
    ends: MonthDay
    lodging: int
    meals: int
    incidental: int
    effective_from: date
    footnote: str = ""

    @property
    def mie(self) -> int:
        """Meals and incidental expenses, dollars a day."""
        return self.meals + self.incidental

    @property
    def amounts(self) -> tuple[int, int, int]:
        """What is paid: lodging, meals, incidental."""
        return self.lodging, self.meals, self.incidental

    def has(self, day: MonthDay) -> bool:
        """Whether a month and day lies in the season."""
        if self.begins <= self.ends:
            return self.begins <= day <= self.ends
        return day >= self.begins or day <= self.ends

    @property
    def said(self) -> str:
        """The season as the file writes it.

        >>> Season("AK", "ANCHORAGE", (10, 1), (3, 31), 229, 118, 30, date(2026, 1, 1)).said
        '10/01 to 03/31'
        """
        return f"{written(self.begins)} to {written(self.ends)}"


@dataclass(frozen=True, slots=True)
class RateFile:
    """An edition of the list: its file's name, SHA-256 and month, its seasons, and the seasons that overlap.

    `lines` are all that are not blank, `passed_over` those of other countries; a season that appears twice is counted
    once.
    """

    name: str
    sha256: str
    month: date
    seasons: tuple[Season, ...]
    passed_over: int
    overlaps: tuple[str, ...]
    lines: int

    @property
    def highest_per_diems(self) -> int:
        """The sum of the maximum per diems of its seasons, dollars: to compare with the file."""
        return sum(sum(season.amounts) for season in self.seasons)


def read_file(path: Path) -> tuple[RateFile, ...]:
    """What a `.txt`, or a `.zip` of one or several, states: an edition for each month, the earliest first.

    An archive has two texts a month, with the military installations (`04-01-26oconus.txt`) and without
    (`04-01-26oconusnm.txt`): they are one edition. Raises InputError for a file that is something else or cannot be
    read, and InputErrors, a line each, where lines are wrong. All or nothing is taken.
    """
    try:
        content = content_of(path, MOST_BYTES)
    except InputError as error:
        raise error.in_file(path) from None
    texts = _unpacked(path, content) if zipfile.is_zipfile(BytesIO(content)) else [_Text(path.name, content)]
    try:
        return tuple(_editions(path, content, texts))
    except InputError as error:
        raise error.in_file(path) from None


def _editions(path: Path, content: bytes, texts: Sequence[_Text]) -> Iterator[RateFile]:
    of_month: dict[date, list[tuple[_Text, RateFile]]] = defaultdict(list)
    for text in texts:
        found = _read_text(text, within=text.name if len(texts) > 1 else "")
        named = month_of(text.name) or (month_of(path.name) if len(texts) == 1 else None)
        newest = max(season.effective_from for season in found.seasons)
        of_month[named or newest.replace(day=1)].append((text, found))
    for month, same in sorted(of_month.items()):
        seasons = tuple(sorted({season for _, one in same for season in one.seasons}))
        # Of several texts, only the archive has the hash that its publisher's copy has.
        of_all = same[0][0].content if len(same) == 1 else content
        name = " and ".join(text.name for text, _ in same)
        yield RateFile(
            name if name == path.name else f"{name} in {path.name}",
            hashlib.sha256(of_all).hexdigest(),
            month,
            seasons,
            sum(one.passed_over for _, one in same),
            tuple(_overlaps(seasons)),
            sum(one.lines for _, one in same),
        )


def _read_text(text: _Text, within: str) -> RateFile:
    if kind := kind_of(text.content):
        raise InputError("dtmo.file.invalid", f"is {kind}, not DTMO's list of rates", where=within, fix=GIVE_ITS_FILE)
    try:
        lines = text.content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = text.content.decode("latin-1").splitlines()
    try:
        return read_lines(lines, within)
    except InputError as error:
        if error.code == "dtmo.file.no-rates" and (table := _kind_of_table(lines)):
            raise InputError("dtmo.file.invalid", table[0], where=within, fix=table[1]) from None
        raise


def month_of(name: str) -> date | None:
    """The month that a file's name states: ovsYY-MM, MM-DD-YY or YYYY-MM; None where it states none.

    >>> [str(month_of(name)) for name in ("ovs26-04.txt", "04-15-26oconusnm.txt", "list-2026-04.txt", "oconus.txt")]
    ['2026-04-01', '2026-04-01', '2026-04-01', 'None']
    """
    for pattern in _MONTHS:
        match = pattern.search(name)
        if match and 1 <= int(match["month"]) <= _DECEMBER:
            return date(2000 + int(match["year"]) % 100, int(match["month"]), 1)
    return None


def kind_of(content: bytes) -> str:
    """What a file that is no text is, in words; blank where it is text.

    >>> kind_of(b"%PDF-1.7"), kind_of(b"total,breakfast")
    ('a PDF', '')
    """
    for begins, kind in _KINDS.items():
        if content.startswith(begins):
            return kind
    return "a file of bytes, no text" if b"\0" in content[:_LOOKED_AT] else ""


def _kind_of_table(lines: Sequence[str]) -> tuple[str, str] | None:
    """What a text without DTMO's lines is, and what to do; None where it is nothing known."""
    first = next((line for line in lines if line.strip()), "").strip()
    if _squeezed(first) == ",".join(MEALS_HEADER):
        return "is the breakdown of M&IE by meal, not DTMO's list of rates", "import it as the breakdown by meal"
    if first[:1] == "<":
        return "is a web page, not DTMO's list of rates", GIVE_ITS_FILE
    if first.count(",") > first.count(";") or "\t" in first:
        return "is a table in CSV, not DTMO's list of rates, whose fields are divided by semicolons", GIVE_ITS_FILE
    return None


def _squeezed(header: str) -> str:
    return header.lower().replace(" ", "").replace('"', "")


def _unpacked(path: Path, zipped: bytes) -> list[_Text]:
    """The texts in a zip, read no further than they may be long."""

    def refused(what: str) -> InputError:
        return InputError("dtmo.file.invalid", what, where=str(path), fix=GIVE_ITS_FILE)

    try:
        with zipfile.ZipFile(BytesIO(zipped)) as packed:
            members = packed.infolist()
            if any(member.filename == _OF_A_WORKBOOK for member in members):
                raise refused("is an Excel workbook, not DTMO's list of rates")
            if len(members) > MOST_MEMBERS:
                raise refused(f"{len(members)} files in the zip")
            texts = [member for member in members if member.filename.lower().endswith(".txt")]
            if not texts:
                raise refused("the zip holds no .txt file, where DTMO's holds one or two a month")
            found: list[_Text] = []
            left = MOST_BYTES
            for member in texts:
                if member.flag_bits & 1:
                    raise refused("the zip is encrypted")
                limit = min(left, MOST_RATIO * max(member.compress_size, 1))
                with packed.open(member) as file:
                    content = file.read(limit + 1)
                if len(content) > limit:
                    raise refused(f"{member.filename} unpacks to more than {limit:,} bytes")
                left -= len(content)
                found.append(_Text(member.filename.rpartition("/")[2], content))
    except (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, OSError, ValueError) as error:
        raise refused(f"the zip cannot be read ({type(error).__name__})") from None
    return found


def read_lines(lines: Iterable[str], within: str = "") -> RateFile:
    """What the lines of a text state; `within` an archive faults name the text.

    Raises InputError where no line is ours, InputErrors where some are wrong.
    """
    seasons: dict[Season, None] = {}
    faults: list[InputError] = []
    passed_over = count = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        count += 1
        fields = [field.strip() for field in line.split(";")]
        state = STATES.get(place_key(fields[0]))
        if state is None:
            passed_over += 1
            continue
        try:
            seasons[_season(state, fields)] = None
        except InputError as error:
            where = ", ".join(part for part in (within, f"line {number}") if part)
            faults.append(InputError(error.code, error.what, where=where, fix=error.fix))
    if faults:
        raise InputErrors(faults[:MOST_FAULTS])
    if not seasons:
        raise InputError(
            "dtmo.file.no-rates", "no rates of Alaska, Hawaii or the territories", where=within, fix=GIVE_ITS_FILE
        )
    found = tuple(sorted(seasons))
    return RateFile("", "", date.min, found, passed_over, tuple(_overlaps(found)), count)


def _season(state: str, fields: Sequence[str]) -> Season:
    if len(fields) != FIELDS and not (len(fields) == FIELDS + 1 and not fields[-1]):
        raise InputError(
            "dtmo.line.fields", f"{len(fields)} fields", fix=f"a line has {FIELDS}, divided by semicolons"
        )
    locality = fields[1]
    if not place_key(locality) or not locality.isprintable():
        raise InputError("dtmo.line.locality-missing", "no locality is named", fix="write it in the second field")
    lodging, meals, incidental = (_dollars(fields[index], name) for index, name in _AMOUNTS)
    most = _dollars(fields[10], "maximum per diem")
    if lodging + meals + incidental != most:
        raise InputError(
            "dtmo.line.sum",
            f"lodging {lodging}, meals {meals} and incidental {incidental} do not add up to the maximum {most}",
            fix="compare DTMO's own table",
        )
    footnote = " ".join(part for part in (fields[8], fields[9]) if part)
    begins, ends = _month_day(fields[2]), _month_day(fields[3])
    return Season(state, locality, begins, ends, lodging, meals, incidental, _effective(fields[11]), footnote)


_AMOUNTS = ((4, "lodging"), (5, "local meals"), (7, "local incidental"))


def _dollars(text: str, what: str) -> int:
    if not _DOLLARS.fullmatch(text) or int(text) == 0:
        raise InputError("dtmo.line.amount", f"{what} is {text!r}", fix="whole dollars above zero are expected")
    return int(text)


def _month_day(text: str) -> MonthDay:
    match = _MONTH_DAY.fullmatch(text)
    if match:
        month, day = int(match[1]), int(match[2])
        if _exists(_A_LEAP_YEAR, month, day):
            return month, day
    raise InputError("dtmo.line.season", f"{text!r} is not a month and day", fix="MM/DD is expected")


def _effective(text: str) -> date:
    match = _EFFECTIVE.fullmatch(text)
    if match:
        month, day, year = (int(part) for part in match.groups())
        if FIRST_YEAR <= year <= LAST_YEAR and _exists(year, month, day):
            return date(year, month, day)
    raise InputError("dtmo.line.effective-date", f"{text!r} is not an effective date", fix="MM/DD/YYYY is expected")


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _overlaps(seasons: Sequence[Season]) -> list[str]:
    """The seasons of one locality that share a day and state different amounts."""
    by_place: dict[tuple[str, str], list[Season]] = defaultdict(list)
    for season in seasons:
        by_place[season.state, place_key(season.locality)].append(season)
    for (state, _), same in by_place.items():
        if len(same) > MOST_SEASONS:
            what = f"{same[0].locality}, {state} has {len(same):,} seasons"
            raise InputError(
                "dtmo.line.seasons", what, fix=f"a locality has at most {MOST_SEASONS}: compare DTMO's own table"
            )
    return [
        f"{one.locality}, {one.state}: the seasons {one.said} and {other.said} overlap"
        for same in by_place.values()
        for index, one in enumerate(same)
        for other in same[index + 1 :]
        if one.amounts != other.amounts and (one.has(other.begins) or other.has(one.begins))
    ]
