"""The file of a workbook that came by e-mail: a ZIP of XML, never trusted, never executed, unpacked within limits.

What a claim never holds is refused by the names of the parts, by what they are declared to be and by their relations
to each other, so that a part under another name is found too. What a header says about sizes is never believed.
"""

from __future__ import annotations

import codecs
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from perdiem_calc.errors import InputError
from perdiem_calc.files import content_of

LARGEST_UNPACKED = 50 * 1024 * 1024
MOST_COMPRESSED = 100
MOST_PARTS = 1_000
MOST_RELATIONS = 5_000
MOST_MARKS = 1_200_000
"""Of `<` and `=` in one part: a tree of more elements and attributes would not fit into memory."""

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATED_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
"""How the types of relations begin, and the names of the attributes that name one: ordinary, and strict."""

BROKEN_FIX = "open it in Excel or LibreOffice, save it as .xlsx, and try again"
LESS_FIX = "remove what is not the claim's"
_TIGHT = "is packed too tightly to be a claim"
_AS_XLSX = "save it as .xlsx from Excel or LibreOffice"
_WITHOUT_MACROS = "save it as .xlsx without macros (File, Save As, Excel Workbook)"
_WITHOUT_CONNECTION = "remove it (Data, Queries & Connections)"
_CLEANED = "remove it, and save the workbook again"

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BEGINNINGS = (
    (b"%PDF", "is a PDF under a new name"),
    (b"{\\rtf", "is a text document under a new name"),
    (b"<", "is a web page or XML under a new name"),
)
_OTHER_PACKAGES = (
    ("word/document.xml", "is a Word document under a new name"),
    ("ppt/presentation.xml", "is a presentation under a new name"),
    ("xl/workbook.bin", "is a binary workbook (.xlsb) under a new name"),
    ("content.xml", "is an OpenDocument file under a new name"),
)
_FORBIDDEN = (
    ("vbaproject vbadata macroenabled macrosheet intlmacro", "holds macros", _WITHOUT_MACROS),
    (
        "externallink externalreference",
        "links to another workbook",
        "replace the links by their values (Data, Edit Links)",
    ),
    ("connections querytable volatiledependencies", "holds a data connection", _WITHOUT_CONNECTION),
    ("xl/model model+data powerpivot", "holds a data model", _CLEANED),
    ("embeddings oleobject", "holds an embedded object", _CLEANED),
    ("activex ctrlprop dialogsheet relationships/control", "holds a control", _CLEANED),
    ("webextension", "holds an add-in", _CLEANED),
)
"""Words in the names, declared types and relations of parts, and what they mean."""

_MARKUP = (".xml", ".rels", ".vml")
"""Parts of these names are checked whether they are read or not."""
_NEVER_READ = "customxml/"
"""Where Excel's add-ins keep data of their own, some in UTF-16 (Power Query)."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml\b([^>]{0,1000})\?>)?")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?:utf-8|us-ascii)[\"']", re.IGNORECASE)
OF_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TYPES = "[content_types].xml"
_LOCAL_HEADER = 30
"""The bytes before an entry of a ZIP, without its name."""
ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What the ZIP library raises on damage. NotImplementedError is a RuntimeError, UnicodeDecodeError a ValueError."""


def damaged(how: str) -> InputError:
    """The refusal of a workbook that no spreadsheet program would have written so."""
    return InputError("workbook.damaged", f"is damaged: {how}", fix=BROKEN_FIX)


def relation_named(element: etree._Element) -> str:
    """The id of the relation that an element names, in whichever of the two ways; empty where it names none."""
    return element.get(f"{{{RELATED}}}id") or element.get(f"{{{RELATED_STRICT}}}id") or ""


def relations_of(part: str) -> str:
    """The part in which the relations of another stand.

    >>> relations_of("xl/workbook.xml"), relations_of("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Relation(NamedTuple):
    """A relation of a part to another: the last word of its type in lower case, and the other's name."""

    kind: str
    target: str


@dataclass(frozen=True)
class Package:
    """The parts of a workbook, unpacked and looked at; names in lower case, as they count for spreadsheets.

    `relations`: by the part whose relations they are ('' for the package itself), then by their id. `names`: of each
    part the name as it was written.
    """

    parts: Mapping[str, bytes]
    relations: Mapping[str, Mapping[str, Relation]]
    names: Mapping[str, str]

    @classmethod
    def of(cls, content: bytes) -> Package:
        """The parts of a workbook that this program wrote."""
        with zipfile.ZipFile(BytesIO(content)) as package:
            written = {name: package.read(name) for name in package.namelist()}
        parts = {name.lower(): part for name, part in written.items()}
        return cls(parts, _all_relations(parts, []), {name.lower(): name for name in written})

    @property
    def workbook(self) -> str:
        """The part in which the sheets are listed. Raises InputError where it is not there."""
        found = self.only("", "officedocument")
        if found is None or found not in self.parts:
            raise InputError("workbook.kind.not-xlsx", "is a ZIP, but not an .xlsx workbook", fix=_AS_XLSX)
        return found

    def tree(self, part: str) -> etree._Element:
        """The XML of a part. Raises InputError where it is not there, not XML, or far more than a claim holds."""
        if part not in self.parts:
            raise damaged(f"the part {part[:60]!a} is missing")
        return tree_of(part, self.parts[part])

    def related(self, part: str, kind: str) -> list[str]:
        """The parts to which a part has relations of a kind."""
        return [relation.target for relation in self.relations.get(part, {}).values() if relation.kind == kind]

    def only(self, part: str, kind: str) -> str | None:
        """The one part to which a part has a relation of a kind, or None. Raises InputError where there are two."""
        found = self.related(part, kind)
        if len(found) > 1:
            raise damaged(f"it has more than one part for {kind}")
        return found[0] if found else None


def open_package(path: Path) -> Package:
    """The parts of an .xlsx file.

    Raises InputError, each with its own message, for what is not an .xlsx workbook, is too large, cannot be read, or
    holds what a claim never holds: macros, links to other files, data connections, entity declarations.
    """
    written = _unpacked(_content(path))
    parts = {name.lower(): content for name, content in written.items()}
    _refuse_others(parts)
    for name, content in parts.items():
        if name.endswith(_MARKUP):
            _check_markup(name, content)
    said = list(parts)
    relations = _all_relations(parts, said)
    types = tree_of(TYPES, parts[TYPES])
    _check_declared(types, parts)
    said.append(etree.tostring(types, encoding="unicode"))
    words = "\n".join(said).lower()
    for forbidden, what, fix in _FORBIDDEN:
        if any(word in words for word in forbidden.split()):
            raise InputError("workbook.kind.not-xlsx", what, fix=fix)
    return Package(parts, relations, {name.lower(): name for name in written})


def _content(path: Path) -> bytes:
    suffix = path.suffix.lower()
    if suffix != ".xlsx":
        raise InputError(
            "workbook.kind.not-xlsx",
            f"is not an .xlsx workbook but {suffix or 'without a suffix'}",
            fix="save it as .xlsx",
        )
    content = content_of(path)
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise InputError(
                "workbook.encrypted", "is encrypted", fix="remove the password (File, Info, Protect Workbook)"
            )
        raise InputError("workbook.kind.old-xls", "is an old .xls workbook under a new name", fix="save it as .xlsx")
    if not content.startswith(b"PK"):
        what = next((what for start, what in _BEGINNINGS if content.lstrip().startswith(start)), None)
        raise InputError("workbook.kind.not-xlsx", what or "is not an .xlsx workbook", fix=_AS_XLSX)
    return content


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of a package, by their names as they were written; no two differ in capitals alone."""
    if content.count(b"PK\x01\x02") > MOST_PARTS:
        raise InputError("workbook.parts.too-many", f"has more than {MOST_PARTS:,} parts", fix=BROKEN_FIX)
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return dict(_read(package, len(content)))
    except ZIP_FAULTS:
        raise InputError("workbook.damaged", "is damaged: its ZIP cannot be read", fix=BROKEN_FIX) from None


def overlapping(package: zipfile.ZipFile) -> set[str]:
    """The names of the entries of a ZIP that say they reach into what follows them.

    Some releases of Python refuse to read them, some warn, and some read them.
    """
    entries = sorted(package.infolist(), key=lambda entry: entry.header_offset)
    ends = [*(entry.header_offset for entry in entries[1:]), package.start_dir]
    return {
        entry.orig_filename
        for entry, end in zip(entries, ends, strict=False)
        if entry.header_offset + _LOCAL_HEADER + entry.compress_size > end
    }


def _read(package: zipfile.ZipFile, size: int) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    too_long = overlapping(package)
    left = LARGEST_UNPACKED
    for part in package.infolist():
        written = _checked_name(part)
        name = written.lower()
        if name in seen:
            raise damaged(f"it has the part {name[:60]!a} twice")
        seen.add(name)
        if written in too_long:
            raise InputError("workbook.packed-too-tightly", _TIGHT, fix=BROKEN_FIX)
        limit = MOST_COMPRESSED * max(part.compress_size, 100)
        with package.open(part) as stream:
            content = stream.read(min(limit, left) + 1)
        left -= len(content)
        if left < 0:
            raise InputError(
                "workbook.unpacks-too-large", f"unpacks to more than {LARGEST_UNPACKED >> 20} MB", fix=LESS_FIX
            )
        if len(content) > limit or LARGEST_UNPACKED - left > MOST_COMPRESSED * size:
            raise InputError("workbook.packed-too-tightly", _TIGHT, fix=BROKEN_FIX)
        if len(content) != part.file_size:
            raise damaged(f"the part {name[:60]!a} is cut off")
        if not part.is_dir():
            yield written, content


def _checked_name(part: zipfile.ZipInfo) -> str:
    """A part's name as it was written.

    Raises InputError for one that leads out of the package, and for what cannot be unpacked.
    """
    name = part.orig_filename
    steps = name.removesuffix("/").split("/")
    if any(step in ("", ".", "..") for step in steps) or any(mark in name for mark in "\\:\0"):
        raise InputError("workbook.path-names", "holds path names, which a workbook never does", fix=BROKEN_FIX)
    if part.flag_bits & 1:
        raise InputError("workbook.encrypted", "is encrypted", fix="remove the password")
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged("it is compressed as no workbook is")
    if part.file_size > MOST_COMPRESSED * max(part.compress_size, 100):
        raise InputError("workbook.packed-too-tightly", _TIGHT, fix=BROKEN_FIX)
    return name


def _refuse_others(parts: Mapping[str, bytes]) -> None:
    for name, what in _OTHER_PACKAGES:
        if name in parts:
            raise InputError("workbook.kind.not-xlsx", what, fix=_AS_XLSX)
    if not {TYPES, "_rels/.rels"} <= parts.keys():
        raise InputError("workbook.kind.not-xlsx", "is a ZIP, but not an .xlsx workbook", fix=_AS_XLSX)


def _check_markup(name: str, content: bytes) -> None:
    if name.startswith(_NEVER_READ) and content[:2] in _UTF_16:
        return
    start = _START.match(content)
    declared = start[1] or b"" if start else b""
    if start is None or b"\0" in content or (b"encoding" in declared and not _ENCODING.search(declared)):
        raise InputError("workbook.encoding", f"holds XML that is not UTF-8 ({name[:60]!a})", fix=BROKEN_FIX)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise InputError("workbook.entities", "declares XML entities, which a workbook never does", fix=BROKEN_FIX)


def _check_declared(types: etree._Element, parts: Mapping[str, bytes]) -> None:
    """Look at the parts that are declared to be XML under another name; a picture is never read as XML."""
    declared = [one for one in types.iter(f"{OF_TYPES}*") if _is_xml(one.get("ContentType", "").lower())]
    endings = tuple(f".{one.get('Extension', '').lower()}" for one in declared if one.get("Extension"))
    names = {one.get("PartName", "").lower().removeprefix("/") for one in declared}
    for name, content in parts.items():
        if not name.endswith(_MARKUP) and (name in names or name.endswith(endings)):
            _check_markup(name, content)


def _is_xml(content_type: str) -> bool:
    return content_type.endswith(("+xml", "/xml")) and not content_type.startswith("image/")


def tree_of(name: str, content: bytes, *, recover: bool = False) -> etree._Element:
    """The XML of a part without comments and instructions; with `recover` as far as it can be read.

    Raises InputError for what is not XML in UTF-8, declares entities, or is far more than a claim holds.
    """
    if not name.endswith(_MARKUP):
        _check_markup(name, content)
    if len(content) > MOST_MARKS and content.count(b"<") + content.count(b"=") > MOST_MARKS:
        raise InputError("workbook.unpacks-too-large", f"holds far more than a claim ({name[:60]!a})", fix=LESS_FIX)
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        tree = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        tree = None
    if tree is None:
        raise damaged(f"the XML of {name[:60]!a} cannot be read")
    return tree


def _all_relations(parts: Mapping[str, bytes], said: list[str]) -> dict[str, Mapping[str, Relation]]:
    """The relations of all parts, by the part; their types are added to what is said of the package."""
    found: dict[str, Mapping[str, Relation]] = {}
    count = 0
    for name, content in parts.items():
        if not name.endswith(".rels"):
            continue
        folder, owner = posixpath.split(name.removesuffix(".rels"))
        if posixpath.basename(folder) != "_rels":
            raise damaged(f"the part {name[:60]!a} has the relations of no other part")
        part = posixpath.join(posixpath.dirname(folder), owner)
        found[part] = dict(_relations(part, tree_of(name, content), said))
        count += len(found[part])
        if count > MOST_RELATIONS:
            raise InputError(
                "workbook.relations.too-many",
                f"has more than {MOST_RELATIONS:,} relations between its parts",
                fix=BROKEN_FIX,
            )
    return found


def _relations(owner: str, tree: etree._Element, said: list[str]) -> Iterator[tuple[str, Relation]]:
    """The relations of a part, by their id; their types are added to what is said of the package."""
    folder, seen = posixpath.dirname(owner), set()
    for relation in tree.iter(_RELATION):
        name, kind, target = (relation.get(key, "") for key in ("Id", "Type", "Target"))
        said.append(kind)
        kind = kind.rpartition("/")[2].lower()
        if relation.getparent() is not tree:
            raise damaged(f"a relation of {owner[:60]!a} stands inside another element")
        if name in seen:
            raise damaged(f"two relations of {owner[:60]!a} have one id")
        seen.add(name)
        if relation.get("TargetMode", "").lower() != "external":
            yield name, Relation(kind, posixpath.normpath(posixpath.join("/", folder, target))[1:].lower())
        elif kind != "hyperlink":
            raise InputError(
                "workbook.links",
                "links to something outside itself",
                fix="replace links by their values (Data, Edit Links)",
            )
