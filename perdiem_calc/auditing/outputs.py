"""What is written of an audit: the report, a marked copy of each submission, a letter to each agency.

Every file is complete or absent. Names come from the claim id, or else from the name of the file that was sent; never
from anywhere else in it.

>>> safe_name("2026-ORL-0001", "in/box.xlsx"), safe_name("", "in/Claim (final) é.xlsx"), safe_name("CON", "con.json")
('2026-ORL-0001', 'Claim-final', 'claim-CON')
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parseaddr
from functools import cache, partial
from itertools import count
from pathlib import Path, PurePath
from typing import NamedTuple

from perdiem_calc import pool
from perdiem_calc.auditing.letter_document import as_document, check_installed
from perdiem_calc.errors import OutputError, PerdiemError
from perdiem_calc.files import clear_away, make_folder
from perdiem_calc.rates.sources import AUTO, open_rates
from perdiem_calc.review.letters import AgencyLetter, Decided, Sender, addressee, agency_letter, as_text
from perdiem_calc.review.result import AuditedClaim, Unreadable
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.marking.copies import write_copy
from perdiem_calc.workbook.report.write import write_report
from perdiem_calc.workbook.writing.book import refuse_to_replace, save

WORTH_A_PROCESS = 20
LONGEST_NAME = 80

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
# Names that Windows keeps for itself, whatever the suffix.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


NASRO = Sender()
Addressee = tuple[str, str]
Copied = tuple[AuditedClaim, Path]
"""A claim and where its copy goes."""


class Failed(NamedTuple):
    """A file that was not written, and why."""

    source: str
    error: PerdiemError


@dataclass(frozen=True, slots=True)
class Places:
    """Where the files go: the report, and the folders of the copies and the letters; None where none is wanted.

    `force` replaces files that are there; `sender` is who sends the letters; with `as_word` each is a Word document,
    too. `source` is that of the rates, for the workbook of a claim that came as none.
    """

    report: Path | None = None
    copies: Path | None = None
    letters: Path | None = None
    force: bool = False
    sender: Sender = NASRO
    as_word: bool = False
    source: str = AUTO

    def check(self) -> None:
        """Whether they can be had at all, before anything is audited. Raises OutputError, InputError without Word."""
        if self.as_word:
            check_installed()
        if self.report is not None:
            if self.report.is_dir():
                raise OutputError(
                    "output.is-a-folder",
                    "is a folder",
                    where=str(self.report),
                    fix="name a file in it, ending in .xlsx",
                )
            if self.report.suffix.lower() != ".xlsx":
                fix = f"write --report {self.report.with_suffix('.xlsx')}"
                raise OutputError(
                    "output.report.is-a-workbook", "the report is a workbook", where=str(self.report), fix=fix
                )
            refuse_to_replace(self.report, force=self.force)
            _require_folder(self.report)
        for folder in filter(None, (self.copies, self.letters)):
            if folder.exists() and not folder.is_dir():
                raise OutputError("output.is-a-file", "is a file", where=str(folder), fix="name a folder")
            _require_folder(folder)


@dataclass(frozen=True, slots=True)
class Item:
    """One claim, the file it came in, where its copy and its letter go, and what was decided on it, if it was."""

    audited: AuditedClaim
    copy: Path | None = None
    letter: Path | None = None
    decided: Decided | None = None


def items_of(audited: Sequence[AuditedClaim], places: Places, unreadable: Sequence[Unreadable] = ()) -> list[Item]:
    """Where the files of each claim go, each under a name of its own.

    Raises OutputError, before anything is written, where one is there already and is not to be replaced, is a file
    that was sent, readable or not, or is to be written twice.
    """
    to = _letter_paths([*audited, *unreadable], places)
    made = [_item(one, places, name, to) for one, name in zip(audited, _names(audited), strict=True)]
    sources = {_same(Path(source)) for source in [*(a.source for a in audited), *(u.source for u in unreadable)]}
    letters = [path for letter in dict.fromkeys(to.values()) for path in written_as(letter, places)]
    targets = [*(item.copy for item in made if item.copy is not None), *letters]
    taken: set[str] = set()
    for target in (*targets, *filter(None, [places.report])):
        if _same(target) in sources:
            raise OutputError(
                "output.is-an-input",
                "is a claim to audit",
                where=str(target),
                fix="name another folder or file",
            )
        if _same(target) in taken:
            raise OutputError(
                "output.written-twice",
                "would be written twice",
                where=str(target),
                fix="name another file for the report",
            )
        taken.add(_same(target))
        refuse_to_replace(target, force=places.force)
    return made


def written_as(letter: Path, places: Places) -> list[Path]:
    """The files of a letter: the text, and the Word document where one is wanted."""
    return [letter, *([letter.with_suffix(".docx")] if places.as_word else [])]


def _same(path: Path) -> str:
    """What two names of one file have in common, also where capitals do not count."""
    return os.path.realpath(path).casefold()


def letters_of(items: Sequence[Item], places: Places, new: Collection[str]) -> list[Item]:
    """The letters on what was decided that are still to be written; `new` are the sources of what was recorded now.

    A letter that is there may have been sent: it stays as it is, and a new decision's gets a name of its own.
    """
    found = []
    for item in items:
        files = written_as(item.letter, places) if item.letter is not None else []
        is_there = any(path.exists() for path in files) and not places.force
        if is_there and item.audited.source in new and item.letter is not None:
            found.append(replace(item, letter=_free(item.letter)))
        elif not is_there:
            found.append(item)
    return found


def _free(path: Path) -> Path:
    """The first name with a number that no file has."""
    names = (path.with_stem(f"{path.stem}_{number}") for number in count(2))
    return next(name for name in names if not (name.exists() or name.with_suffix(".docx").exists()))


def _item(audited: AuditedClaim, places: Places, name: str, to: Mapping[Addressee, Path]) -> Item:
    copy = places.copies / f"{name}.xlsx" if places.copies is not None else None
    return Item(audited, copy, to.get(addressee(audited)))


def _letter_paths(every: Sequence[AuditedClaim | Unreadable], places: Places) -> dict[Addressee, Path]:
    """Where the letter of each addressee goes, under the name of the agency or the sender."""
    found: dict[Addressee, Path] = {}
    given: set[str] = set()
    for one in every if places.letters is not None else ():
        key = addressee(one)
        if key in found or places.letters is None or not _is_of_agency(one):
            continue
        name = one.whose.agency if isinstance(one, AuditedClaim) else ""
        name = name or parseaddr(one.origin.sender)[1]
        label = _UNSAFE.sub("-", name).strip("-.") if name else ""
        found[key] = places.letters / f"{_unique(safe_name(label, one.source), given)}.txt"
    return found


def _is_of_agency(one: AuditedClaim | Unreadable) -> bool:
    """Whether an agency can do something about it: not about a fault of the program, or a name that was mistyped."""
    if isinstance(one, AuditedClaim):
        return True
    return one.error.code.partition(".")[0] not in ("audit", "folder") and one.error.code != "file.missing"


def _names(audited: Sequence[AuditedClaim]) -> list[str]:
    """A name of its own for each claim.

    Of claims with one id, the one that counts has the name without a number; the others sort after it, so that the
    copies name one another in the same order as the claims.
    """
    given: set[str] = set()
    names: dict[int, str] = {}
    for number in sorted(range(len(audited)), key=lambda number: _place(audited[number])):
        names[number] = _unique(safe_name(audited[number].claim_id, audited[number].source), given)
    return [names[number] for number in range(len(audited))]


def _place(one: AuditedClaim) -> tuple[bool, str]:
    return one.known is not None and bool(one.known.copy_of), one.source


def safe_name(claim_id: str, source: str) -> str:
    """A file's name, without suffix, that every system takes: the claim id, else what the name of the file leaves."""
    name = claim_id if _SAFE.fullmatch(claim_id) else _UNSAFE.sub("-", PurePath(source).stem)
    name = name[:LONGEST_NAME].strip("-.") or "claim"
    return f"claim-{name}" if _RESERVED.fullmatch(name) else name


def _unique(name: str, given: set[str]) -> str:
    """The name, with a number if it is taken; on some systems capital letters do not make another name."""
    number, tried = 1, name
    while tried.casefold() in given:
        number += 1
        tried = f"{name}_{number}"
    given.add(tried.casefold())
    return tried


def _require_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise OutputError(
            "output.folder.missing",
            "its folder does not exist",
            where=str(path),
            fix=f"make the folder {path.parent} first",
        )


def write(
    items: Sequence[Item],
    unreadable: Sequence[Unreadable],
    places: Places,
    *,
    as_of: date,
    jobs: int | None = None,
    step: Callable[[int], None] = lambda count: None,
) -> list[Failed]:
    """Write the files of all claims; return what could not be written, and why. One failure does not stop the others.

    A letter bears the date `as_of`. `step` is called with how many more files are written.
    """
    for folder in filter(None, (places.copies, places.letters)):
        make_folder(folder)
    failed = _write_copies([(item.audited, item.copy) for item in items if item.copy], places, as_of, jobs, step)
    for path, (claims, unread) in _letters(items, unreadable, places).items():
        about = [(item.audited, item.decided) for item in claims]
        letter = agency_letter(about, unread, places.sender, load_law(), as_of)
        writing = partial(_write_letter, letter, path, places)
        failed += _tried(claims[0].audited.source if claims else unread[0].source, writing)
        step(len(claims))
    if places.report is not None:
        audited = [item.audited for item in items]
        writing = partial(write_report, places.report, audited, unreadable, as_of=as_of, force=places.force)
        failed += _tried(str(places.report), writing)
        step(1)
    return failed


def _write_letter(letter: AgencyLetter, path: Path, places: Places) -> None:
    for target in written_as(path, places):
        content = as_text(letter).encode() if target == path else as_document(letter)
        save(content, target, force=places.force, what="the letter")


def _letters(
    items: Sequence[Item], unreadable: Sequence[Unreadable], places: Places
) -> dict[Path, tuple[list[Item], list[Unreadable]]]:
    """What each letter is about."""
    found: dict[Path, tuple[list[Item], list[Unreadable]]] = {}
    for item in items:
        if item.letter is not None:
            found.setdefault(item.letter, ([], []))[0].append(item)
    to = _letter_paths([*(item.audited for item in items), *unreadable], places)
    for one in unreadable:
        if path := to.get(addressee(one)):
            found.setdefault(path, ([], []))[1].append(one)
    return found


def _write_copies(
    wanted: Sequence[Copied], places: Places, as_of: date, jobs: int | None, step: Callable[[int], None]
) -> list[Failed]:
    work = partial(_write_some, as_of, places.source, places.force)
    if jobs is None:
        jobs = min(pool.processors(), len(wanted) // WORTH_A_PROCESS)
    if jobs > 1:
        again = partial(_write_again, as_of, places.source, places.force)
        return [*filter(None, pool.in_processes(work, wanted, jobs, died=_died, again=again, step=step))]
    failed: list[Failed] = []
    for one in wanted:
        failed += filter(None, work([one]))
        step(1)
    return failed


def _write_some(as_of: date, source: str, force: bool, wanted: Sequence[Copied]) -> list[Failed | None]:
    """Write some copies; for each why it could not be written, None where it was."""
    results: list[Failed | None] = []
    rates = cache(partial(open_rates, source))
    for audited, target in wanted:
        writing = partial(
            write_copy, Path(audited.file), audited, target, rates, load_law(), as_of=as_of, force=force
        )
        results += _tried(audited.source, writing) or [None]
    return results


def _write_again(as_of: date, source: str, force: bool, wanted: Sequence[Copied]) -> list[Failed | None]:
    """Write copies that a process may have written, or begun, before it was ended.

    Nothing had their names when the writing began; so what has one now is that copy, whole, and stays.
    """
    for _, target in wanted:
        clear_away(target)
    if not force:
        wanted = [one for one in wanted if not one[1].exists()]
    return _write_some(as_of, source, force, wanted) or [None]


def _died(wanted: Copied) -> Failed:
    clear_away(wanted[1])
    error = OutputError(
        "output.copy.process-ended",
        "the process that wrote its copy was stopped, perhaps because memory ran out",
        fix="run it alone",
    )
    return Failed(wanted[0].source, error)


def _tried(source: str, writing: Callable[[], object]) -> list[Failed]:
    try:
        writing()
    except PerdiemError as error:
        return [Failed(source, error)]
    return []
