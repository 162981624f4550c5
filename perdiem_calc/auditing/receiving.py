"""Takes in what agencies sent: folders to any depth, mails (.eml), archives (.zip); every file is accounted for.

A file is a claim to read, a document that came with one, not readable (with what it is and what to ask for), or
passed over by name. What is inside a mail or an archive is unpacked within the limits of a workbook's reader, into
a folder that is gone afterwards.

    with received([Path("inbox")]) as intake:
        results = intake.accounted(Batch(intake.files, basis).results())
"""

from __future__ import annotations

import email
import hashlib
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from email import policy
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from perdiem_calc.auditing.claim_file import OTHER_KINDS, SUFFIXES
from perdiem_calc.auditing.letter_document import MARK as MARK_OF_LETTER
from perdiem_calc.errors import InputError, PerdiemError
from perdiem_calc.files import LARGEST_FILE, content_of
from perdiem_calc.review.result import BY_ITSELF, AuditedClaim, Origin, Unreadable
from perdiem_calc.text import readable
from perdiem_calc.workbook.reading.decisions import MARK
from perdiem_calc.workbook.reading.package import (
    LARGEST_UNPACKED,
    MOST_COMPRESSED,
    MOST_PARTS,
    ZIP_FAULTS,
    overlapping,
)

DEEPEST = 4
"""So many mails and archives inside each other are opened."""
MOST_BOUNDARIES = 50
"""Of a mail; each is looked for in every line."""
MOST_MAIL_PARTS = 5_000
LONGEST_NAME = 100

OUR_FORM = "send the agency the blank claim form, and ask for it filled in"
_ASK_FORM = f"if it is a claim, {OUR_FORM}"
_ASK_XLSX = "ask for it as .xlsx (in Excel: File, Save As, Excel Workbook)"
_UNPACK_IT = "unpack it, and audit the claims"
_MANY = f"holds more than {MOST_PARTS:,} files"
_NOT_ENCRYPTED = "ask for it again without encryption or password"

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SUFFIX_OF_TYPE = {
    _XLSX: ".xlsx",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/ms-tnef": ".dat",
    "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "application/pgp-encrypted": ".pgp",
}

_DOCUMENTS = {".pdf": "a PDF"} | dict.fromkeys(
    (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".webp"), "a picture"
)

_OTHERS: dict[str, tuple[str, str]] = {
    **{suffix: (what, _ASK_XLSX) for suffix, what in OTHER_KINDS.items()},
    **dict.fromkeys((".csv", ".tsv"), ("a table of text, not a workbook", _ASK_FORM)),
    ".msg": ("a mail in Outlook's own format", "save it from Outlook as .eml, or save its attachments"),
    **dict.fromkeys(
        (".p7m", ".pgp", ".gpg", ".asc"), ("encrypted", _NOT_ENCRYPTED)
    ),
    **dict.fromkeys(
        (".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz"),
        ("an archive of another kind", "unpack it, or ask for a .zip"),
    ),
    **dict.fromkeys(
        (".doc", ".docx", ".docm", ".rtf", ".odt", ".pages", ".numbers", ".htm", ".html", ".txt", ".md"),
        ("a text document", _ASK_FORM),
    ),
}  # fmt: skip
"""What a file that is no claim is, by its suffix, and what to ask for."""
_PACKED_BY_OUTLOOK = (
    "attachments that Outlook packed in its own format (winmail.dat)",
    "ask the sender to send the mail as plain text or HTML, or the files as .zip",
)

_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_OF_THE_SYSTEM, _TEMPORARY = "a file of the system", "a temporary or hidden file"
_SIGNATURE, _DATABASE = "a mail's signature", "a database, such as a ledger"
_OUR_REPORT, _OUR_COPY, _OUR_LETTER = "an audit report", "an audited copy", "a letter of an audit"
_OUR_LETTERS = re.compile(rb"(?:DRAFT|Decision|Notice) of \d{4}-\d\d-\d\d[:.]")
_REPORT_SHEETS = (b'name="Summary"', b'name="Findings"', b'name="Accept"', b'name="Return"', b'name="About"')
_BEGINNING = 4096

_HEADER_FAULTS = (ValueError, LookupError, AttributeError, TypeError, email.errors.MessageError)
"""What the library raises on headers that no mail program writes. UnicodeError is a ValueError."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that may be a claim: where its content is, and its name for a person.

    `folder` is the folder it came in, `container` the outermost mail or archive, empty where there is none; `also`
    are those of other files of the same content.
    """

    path: Path
    source: str
    origin: Origin = BY_ITSELF
    folder: str = ""
    container: str = ""
    also: tuple[tuple[str, str], ...] = ()

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Every folder and container that has this content."""
        return ((self.folder, self.container), *self.also)

    @classmethod
    def of(cls, file: Path | Received) -> Received:
        """A file on disk as it is named."""
        return file if isinstance(file, Received) else cls(file, str(file), folder=str(file.parent))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file was found."""

    folder: str
    container: str = ""
    depth: int = 0
    origin: Origin = BY_ITSELF


@dataclass(frozen=True, slots=True)
class _Document:
    """A PDF or a picture."""

    source: str
    what: str
    place: _Place


@dataclass(frozen=True, slots=True)
class _Unread:
    """A file that is no claim."""

    found: Unreadable
    place: _Place


@dataclass(frozen=True, slots=True)
class _Container:
    """A mail or an archive on disk."""

    source: str
    what: str
    place: _Place


Places = dict[int, tuple[tuple[str, str], ...]]
"""The folders and outermost mails or archives of each entry, by its number."""
Entry = Received | _Unread | _Container | _Document


@dataclass
class Intake:
    """Everything that was found, in order. `passed_over`: each file that nobody reads, and what it is."""

    entries: list[Entry] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)

    @property
    def files(self) -> list[Received]:
        """The files to read as claims."""
        return [entry for entry in self.entries if isinstance(entry, Received)]

    def accounted(self, results: Sequence[AuditedClaim | Unreadable]) -> tuple[AuditedClaim | Unreadable, ...]:
        """The results for the files, each with its documents, and in between what could not be read at all.

        `results` are those of `files`, in their order.
        """
        audited = iter(results)
        found: dict[int, AuditedClaim | Unreadable] = {}
        places: Places = {}
        for number, entry in enumerate(self.entries):
            if isinstance(entry, Received):
                found[number], places[number] = next(audited), entry.places
            elif isinstance(entry, _Unread):
                found[number], places[number] = entry.found, ((entry.place.folder, entry.place.container),)
        held = {container for several in places.values() for _, container in several}
        for number, entry in enumerate(self.entries):
            if isinstance(entry, _Container) and entry.source not in held:
                error = InputError("inbox.no-claim", f"is {entry.what} without a claim", fix=_ASK_FORM).in_file(
                    entry.source
                )
                found[number] = Unreadable(entry.source, error, entry.place.origin)
                places[number] = ((entry.place.folder, entry.source),)
        documents: dict[int, list[str]] = {}
        for number, entry in enumerate(self.entries):
            if isinstance(entry, _Document):
                of = _owners(entry, found, places)
                for owner in of:
                    documents.setdefault(owner, []).append(entry.source)
                if not of:
                    why = f"is {entry.what}, and no claim next to it has its name"
                    error = InputError(
                        "inbox.not-a-document", why, fix=f"give it the claim's name; {_ASK_FORM}"
                    ).in_file(entry.source)
                    found[number] = Unreadable(entry.source, error)
        for owner, names in documents.items():
            one = found[owner]
            found[owner] = replace(one, origin=replace(one.origin, documents=tuple(names)))
        return tuple(found[number] for number in sorted(found))


def _owners(document: _Document, found: dict[int, AuditedClaim | Unreadable], places: Places) -> list[int]:
    """The entries a document belongs to: by its name, else all of its mail or archive, or a folder's only one."""
    folder, container = document.place.folder, document.place.container
    mark = (1, container) if container else (0, folder)
    near = [number for number, several in places.items() if any(one[mark[0]] == mark[1] for one in several)]
    name = PurePath(document.source).stem.casefold()
    named = [number for number in near if _is_named(name, found[number])]
    if named:
        return named
    claims = [number for number in near if isinstance(found[number], AuditedClaim)]
    if container:
        return claims or near
    return claims if len(claims) == 1 else []


def _is_named(name: str, one: AuditedClaim | Unreadable) -> bool:
    own = [PurePath(one.source).stem]
    if isinstance(one, AuditedClaim) and one.claim_id:
        own.append(one.claim_id)
    return any(re.search(rf"(?<![^\W_]){re.escape(text.casefold())}(?![^\W_])", name) for text in own)


@contextmanager
def received(inputs: Iterable[Path], own: Collection[Path] = (), *, copies: bool = False) -> Iterator[Intake]:
    """Everything that inputs name, while the block lasts; those of a folder in order of name.

    `own` are files and folders that this run reads or writes for other ends; `copies` says that audited copies are
    asked for.
    """
    with ExitStack() as stack:
        sorting = _Sorting(stack, {os.path.realpath(path) for path in own}, copies=copies)
        for path in inputs:
            sorting.take(path)
        yield Intake(_each_content_once(sorting.intake.entries), sorting.intake.passed_over)


class _Sorting:
    """Inputs being sorted into what is to be done with them."""

    def __init__(self, stack: ExitStack, own: set[str], *, copies: bool) -> None:
        self.intake = Intake()
        self._stack, self._own, self._copies = stack, own, copies
        self._seen: set[str] = set()
        self._scratch: Path | None = None
        self._unpacked = 0
        self._left = _Budget()

    # --- folders and files ------------------------------------------------------------------------------------------

    def take(self, path: Path) -> None:
        """Take in a file, or a folder with everything under it."""
        if os.path.realpath(path) in self._seen:
            return
        if os.path.isdir(path):
            before = len(self.intake.entries)
            self._take_folder(path)
            if len(self.intake.entries) == before:
                error = InputError(
                    "inbox.empty",
                    "the folder holds no claim",
                    fix="put claims into it (.xlsx, .eml, .zip, .json, .toml)",
                )
                self._refuse(str(path), error, _Place(str(path)))
        else:
            self._is_new(path)
            self._take_file(path, _Place(str(path.parent)))

    def _take_folder(self, top: Path) -> None:
        left = [top]
        while left:
            folder = left.pop()
            if not self._is_new(folder):
                continue
            try:
                names = sorted(os.listdir(folder))
            except OSError as error:
                why = InputError(
                    "folder.unreadable", f"the folder cannot be read ({error.strerror})", fix="check your rights"
                )
                self._refuse(str(folder), why, _Place(str(folder)))
                continue
            paths = [folder / name for name in names]
            folders = [path for path in paths if os.path.isdir(path)]
            for path in paths:
                if what := self._passed_over(path):
                    self.intake.passed_over.append((str(path), what))
                elif path not in folders and self._is_new(path):
                    if what := _own_output(path, may_be_copy=self._copies or folder == top):
                        self.intake.passed_over.append((str(path), what))
                    else:
                        self._take_file(path, _Place(str(folder)))
            left += [path for path in reversed(folders) if not self._passed_over(path)]

    def _is_new(self, path: Path) -> bool:
        """Whether a file or folder was not met before, under whatever name; a link in a circle leads to old ones."""
        real = os.path.realpath(path)
        is_new = real not in self._seen
        self._seen.add(real)
        return is_new

    def _passed_over(self, path: Path) -> str:
        if os.path.realpath(path) in self._own:
            return "a file or folder that this run itself uses"
        return _not_read(path.name)

    def _take_file(self, path: Path, place: _Place) -> None:
        self._left = _Budget()
        try:
            self._sort(path.name, str(path), place, lambda: content_of(path, LARGEST_UNPACKED), path)
        except PerdiemError as error:
            self._refuse(str(path), error, place)

    def _sort(self, name: str, source: str, place: _Place, content: Callable[[], bytes], path: Path | None) -> None:
        """Decide what a file is, by its name; `path` is None for one that is inside a mail or an archive.

        Raises PerdiemError for a mail or an archive that is not safe to open.
        """
        suffix = PurePath(name).suffix.lower()
        if path is not None and not os.path.exists(path):
            self._add(path, source, place)  # The reader says that it is not there.
        elif suffix in SUFFIXES:
            self._add(path or self._put(content(), suffix), source, place)
        elif suffix in (".eml", ".zip"):
            self._open(suffix, source, place, content())
        elif suffix in _DOCUMENTS:
            self.intake.entries.append(_Document(source, _DOCUMENTS[suffix], place))
        else:
            what, fix = _what_it_is(name)
            self._refuse(source, InputError("inbox.kind.unknown", f"is {what}", fix=fix), place)

    def _add(self, path: Path, source: str, place: _Place) -> None:
        origin = place.origin if str(path) == source else replace(place.origin, unpacked=str(path))
        self.intake.entries.append(Received(path, source, origin, place.folder, place.container))

    def _refuse(self, source: str, error: PerdiemError, place: _Place) -> None:
        self.intake.entries.append(_Unread(Unreadable(source, error.in_file(source), place.origin), place))

    def _put(self, content: bytes, suffix: str) -> Path:
        """The content of something that was unpacked, as a file; its name is never the sender's."""
        if self._scratch is None:
            self._scratch = Path(self._stack.enter_context(TemporaryDirectory(prefix="perdiem-")))
        self._unpacked += 1
        path = self._scratch / f"{self._unpacked:06}{suffix}"
        path.write_bytes(content)
        return path

    # --- mails and archives -----------------------------------------------------------------------------------------

    def _open(self, suffix: str, source: str, place: _Place, content: bytes) -> None:
        if place.depth >= DEEPEST:
            raise InputError(
                "inbox.too-deep", f"is inside {DEEPEST} mails or archives", fix="save it, and audit it by itself"
            )
        inside = replace(place, depth=place.depth + 1, container=place.container or source)
        if suffix == ".zip":
            members = _members(content, self._left)
            self._contain(source, "an archive", place)
            self._sort_each(source, inside, members)
        else:
            message = _parsed(content)
            inside = replace(inside, origin=_origin_of(message, place.origin))
            self._contain(source, "a mail", replace(place, origin=inside.origin))
            self._sort_mail(message, source, inside)

    def _contain(self, source: str, what: str, place: _Place) -> None:
        if not place.container:
            self.intake.entries.append(_Container(source, what, place))

    def _sort_mail(self, message: Message, source: str, place: _Place) -> None:
        inner: list[Message] = []
        leaves = [part for part in _leaves(message, inner) if not _is_body(part)]
        parts: list[tuple[str, bytes | InputError]] = []
        for part in leaves:
            content = part.get_payload(decode=True)
            content = content if isinstance(content, bytes) else b""
            self._left.take(len(content))
            parts.append((_name_of(part), content))
        self._sort_each(source, place, parts)
        for number, one in enumerate(inner, start=1):
            name = "message.eml" if number == 1 else f"message ({number}).eml"
            if place.depth >= DEEPEST:
                why = InputError(
                    "inbox.too-deep", f"is inside {DEEPEST} mails or archives", fix="save it, and audit it by itself"
                )
                self._refuse(f"{source}/{name}", why, place)
                continue
            deeper = replace(place, depth=place.depth + 1, origin=_origin_of(one, place.origin))
            self._sort_mail(one, f"{source}/{name}", deeper)

    def _sort_each(self, source: str, place: _Place, members: Iterable[tuple[str, bytes | InputError]]) -> None:
        """Sort what a mail or an archive holds; a name that is there twice gets a number."""
        given: Counter[str] = Counter()
        for name, content in members:
            steps = [_step(step) for step in name.replace("\\", "/").split("/")]
            steps = [step for step in steps if step not in ("", ".", "..")] or ["attachment"]
            last = PurePath(steps[-1])
            key = "/".join(steps).casefold()
            given[key] += 1
            if given[key] > 1:
                steps[-1] = f"{last.stem} ({given[key]}){last.suffix}"
            label = f"{source}/{'/'.join(steps)}"
            if what := next(filter(None, map(_not_read, steps)), ""):
                self.intake.passed_over.append((label, what))
            elif isinstance(content, InputError):
                self._refuse(label, content, place)
            else:
                self._sort_member(steps[-1], label, place, content)

    def _sort_member(self, name: str, label: str, place: _Place, content: bytes) -> None:
        try:
            self._sort(name, label, place, lambda: content, None)
        except PerdiemError as error:
            self._refuse(label, error, place)


def _each_content_once(entries: Sequence[Entry]) -> list[Entry]:
    """The entries without claims whose content is that of an earlier one, byte for byte; the earlier one names them.

    Of how it came in counts what the mail says that it came by.
    """
    again: dict[int, list[Received]] = {}
    first: dict[bytes, int] = {}
    for number, entry in enumerate(entries):
        digest = _digest(entry.path) if isinstance(entry, Received) else None
        if digest is not None and isinstance(entry, Received):
            again.setdefault(first.setdefault(digest, number), []).append(entry)
    left = {number: _together(group) for number, group in again.items()}
    others = {id(one) for group in again.values() for one in group[1:]}
    return [left.get(number, entry) for number, entry in enumerate(entries) if id(entry) not in others]


def _together(group: Sequence[Received]) -> Received:
    """Files of one content as one: the first, with the other names, and how the first of them came by mail."""
    origin = next((one.origin for one in group if one.origin.received_on is not None), group[0].origin)
    same = tuple(one.source for one in group[1:])
    also = tuple((one.folder, one.container) for one in group[1:])
    return replace(group[0], origin=replace(origin, same=same, unpacked=group[0].origin.unpacked), also=also)


def _digest(path: Path) -> bytes | None:
    """What tells a file's content from another's; None where it cannot be read, which its reader says."""
    try:
        return hashlib.sha256(content_of(path, LARGEST_FILE)).digest()
    except InputError:
        return None


# --- what a file is -------------------------------------------------------------------------------------------------


def _not_read(name: str) -> str:
    """What a file or folder is that nobody reads, by its name; empty for any other."""
    if name.casefold() in _SYSTEM or name.startswith("._"):
        return _OF_THE_SYSTEM
    if name.startswith((".", "~$")):
        return _TEMPORARY
    return _SIGNATURE if name.casefold().endswith(".p7s") else ""


def _what_it_is(name: str) -> tuple[str, str]:
    """What a file is that is no claim, and what to ask for."""
    if name.casefold() == "winmail.dat":
        return _PACKED_BY_OUTLOOK
    suffix = PurePath(name).suffix.lower()
    if suffix in _OTHERS:
        what, fix = _OTHERS[suffix]
        return (what if suffix in what else f"{what} ({suffix})"), fix
    kind = f"a file of kind {_step(suffix)}" if suffix else "a file without a suffix"
    return kind, _ASK_FORM


def _own_output(path: Path, *, may_be_copy: bool) -> str:
    """What a file in a folder is that this program wrote, and that is no claim; empty for any other.

    An audited copy is read where it may be one.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            beginning = file.read(_BEGINNING) or b""
            if beginning.startswith(b"SQLite format 3\0"):
                return _DATABASE
            suffix = path.suffix.lower()
            if suffix == ".txt" and _OUR_LETTERS.match(beginning):
                return _OUR_LETTER
            if suffix == ".docx" and os.fstat(file.fileno()).st_size <= LARGEST_FILE:
                with zipfile.ZipFile(file) as package:
                    return _our_document(package)
            if suffix == ".xlsx" and os.fstat(file.fileno()).st_size <= LARGEST_FILE:
                with zipfile.ZipFile(file) as package:
                    return _our_workbook(package, may_be_copy=may_be_copy)
    except ZIP_FAULTS:
        pass  # The reader of claims says what is wrong with it.
    return ""


def _our_document(package: zipfile.ZipFile) -> str:
    parts = [part for part in package.infolist()[:MOST_PARTS] if part.filename == "docProps/core.xml"]
    return _OUR_LETTER if any(MARK_OF_LETTER.encode() in _some(package, part) for part in parts) else ""


def _our_workbook(package: zipfile.ZipFile, *, may_be_copy: bool) -> str:
    for part in package.infolist()[:MOST_PARTS]:
        if part.filename == "xl/workbook.xml":
            listed = _some(package, part)
            if all(name in listed for name in _REPORT_SHEETS):
                return _OUR_REPORT
        elif (
            part.filename.startswith(("xl/sharedStrings", "xl/worksheets/"))
            and not may_be_copy
            and MARK.encode() in _some(package, part)
        ):
            return _OUR_COPY
    return ""


def _some(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with package.open(part) as stream:
        return stream.read(LARGEST_FILE)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _step(text: str) -> str:
    """A name from a mail or an archive as one step of a path that is shown."""
    line = readable(text).strip()
    suffix = PurePath(line).suffix if len(PurePath(line).suffix) < LONGEST_NAME // 2 else ""
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - len(suffix)] + suffix


# --- archives -------------------------------------------------------------------------------------------------------


@dataclass
class _Budget:
    """What of one file on disk may still be unpacked, with everything inside each other."""

    size: int = LARGEST_UNPACKED
    entries: int = MOST_PARTS

    def take(self, size: int) -> None:
        """Count one more entry. Raises InputError where it is too much."""
        self.size -= size
        self.entries -= 1
        if self.size < 0:
            raise InputError("archive.too-large", f"unpacks to more than {LARGEST_UNPACKED >> 20} MB", fix=_UNPACK_IT)
        if self.entries < 0:
            raise InputError("archive.too-many", _MANY, fix=_UNPACK_IT)


def _members(content: bytes, left: _Budget) -> list[tuple[str, bytes | InputError]]:
    """The files of an archive. Raises InputError for one that is damaged, or unpacks to more than is safe."""
    # An archive that is not packed shows the entries of the workbooks in it, too.
    if content.count(b"PK\x01\x02") > MOST_PARTS * MOST_COMPRESSED:
        raise InputError("archive.too-many", _MANY, fix=_UNPACK_IT)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise InputError("archive.too-many", _MANY, fix=_UNPACK_IT)
            if overlapping(archive):
                raise zipfile.BadZipFile
            return [_member(archive, part, left) for part in archive.infolist() if not part.is_dir()]
    except InputError:
        raise
    except ZIP_FAULTS:
        raise InputError("archive.damaged", "is a damaged archive", fix="ask for it again") from None


def _member(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: _Budget) -> tuple[str, bytes | InputError]:
    if part.flag_bits & 1:
        return part.filename, InputError("archive.encrypted", "is encrypted", fix=_NOT_ENCRYPTED)
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return part.filename, InputError(
            "archive.method.unknown", "is packed in an unusual way", fix="unpack it, or ask for a .zip of Windows"
        )
    most = min(MOST_COMPRESSED * max(part.compress_size, 100), left.size)
    with archive.open(part) as stream:
        content = stream.read(most + 1)
    left.take(len(content))
    if len(content) > most:
        raise InputError("archive.ratio", "is packed too tightly to hold claims", fix="ask for the files themselves")
    return part.filename, content


# --- mails ----------------------------------------------------------------------------------------------------------


def _parsed(content: bytes) -> Message:
    """The mail in a file. Raises InputError for one of far more parts than a mail has, and for what is no mail."""
    if content.count(b"boundary=") > MOST_BOUNDARIES or content.count(b"\n--") > MOST_MAIL_PARTS:
        raise InputError(
            "mail.too-many", "is a mail of far too many parts", fix="save its attachments, and audit those"
        )
    try:
        message: Message = email.message_from_bytes(content, policy=policy.default)
    except (*_HEADER_FAULTS, RecursionError):
        raise InputError("mail.damaged", "is a damaged mail", fix="save its attachments, and audit those") from None
    if not any(name in message for name in ("From", "Date", "Received", "Subject", "Content-Type")):
        raise InputError("mail.syntax", "is not a mail", fix="save the mail again as .eml, or save its attachments")
    return message


def _leaves(message: Message, inner: list[Message]) -> Iterator[Message]:
    """The parts of a mail that hold something, in order; mails inside it are added to `inner`."""
    left: list[Message] = [message]
    while left:
        part = left.pop()
        payload = part.get_payload()
        if not part.is_multipart() or not isinstance(payload, list):
            yield part
        elif part.get_content_maintype() == "multipart":
            left += [one for one in reversed(payload) if isinstance(one, Message)]
        elif part.get_content_type() in ("message/rfc822", "message/global"):
            inner += [one for one in payload if isinstance(one, Message)]


def _is_body(part: Message) -> bool:
    """Whether a part is what the mail says, and no attachment."""
    is_text = part.get_content_maintype() in ("text", "message") and part.get_content_type() != "text/csv"
    return is_text and part.get_content_disposition() != "attachment" and not _filename(part)


def _filename(part: Message) -> str:
    try:
        return str(part.get_filename() or "")
    except _HEADER_FAULTS:
        return ""


def _name_of(part: Message) -> str:
    """The name of an attachment, with the suffix that its type gives where the name has none that is known."""
    name, kind = _filename(part), part.get_content_type()
    suffix = _SUFFIX_OF_TYPE.get(kind, "")
    if not name:
        plain = "winmail" if kind == "application/ms-tnef" else "attachment"
        return plain + (suffix or f".{part.get_content_subtype()}")
    return name + suffix if kind == _XLSX and not PurePath(name).suffix else name


def _origin_of(message: Message, outer: Origin) -> Origin:
    """Whom a mail is from, its id, and the day that it was received.

    The day is the outermost mail's: its headers alone are written by the server that received it.
    """
    sender = parseaddr(_header(message, "From"))
    name, address = (readable(part).strip()[:LONGEST_NAME] for part in sender)
    return Origin(
        sender=f"{name} <{address}>" if name and address else address or name or outer.sender,
        received_on=outer.received_on or _day_received(message),
        message_id=readable(_header(message, "Message-ID")).strip()[: 2 * LONGEST_NAME] or outer.message_id,
    )


def _day_received(message: Message) -> date | None:
    """The day in the newest Received header, which is the first one; else the day that the sender's Date states."""
    stated = [_header(message, "Received").rpartition(";")[2], _header(message, "Date")]
    for text in stated:
        try:
            return parsedate_to_datetime(text.strip()).date()
        except _HEADER_FAULTS:
            continue
    return None


def _header(message: Message, name: str) -> str:
    """A header as one line of text; empty where it is not there, or no mail program wrote it."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except _HEADER_FAULTS:
        return ""
