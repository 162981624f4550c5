"""The parts of a workbook while they are being changed: XML trees, the relations between parts, what each part is.

Everything that is not touched is written as it was. A part is known by its name in lower case, as spreadsheets count
names; written it is under the name it had.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO

from lxml import etree

from perdiem_calc.workbook.cells import STRICT
from perdiem_calc.workbook.package import MOST_MARKS, damaged

TYPES = "[content_types].xml"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATED_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"

_OF_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_OF_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_WHOLE = re.compile("[0-9]{1,9}", re.ASCII)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


class Archive:
    """The parts of a workbook. Its content is trusted: what came from outside was looked at before."""

    def __init__(self, parts: Mapping[str, bytes], names: Iterable[str]) -> None:
        """Take `parts` by their names in lower case; `names` are the names as they were written."""
        self._parts = dict(parts)
        self._names = {name.lower(): name for name in names}
        self._trees: dict[str, etree._Element] = {}

    @classmethod
    def of(cls, content: bytes) -> Archive:
        """The parts of a workbook that this program wrote."""
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = package.namelist()
            return cls({name.lower(): package.read(name) for name in names}, names)

    @property
    def workbook(self) -> str:
        """The part in which the sheets are listed."""
        return self.related("", "officedocument") or "xl/workbook.xml"

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def tree(self, part: str) -> etree._Element:
        """The XML of a part, to be changed in place; raises as `look` does."""
        if part not in self._trees:
            self._trees[part] = self.look(part)
        return self._trees[part]

    def look(self, part: str) -> etree._Element:
        """The XML of a part, to be read only: what is not changed is not written anew.

        Raises InputError where it is not there, cannot be read, or is far more than a claim holds. A drawing is read
        as far as it can be: Excel itself writes some that are no sound XML.
        """
        if part in self._trees:
            return self._trees[part]
        content = self._parts.get(part, b"")
        if content.count(b"<") + content.count(b"=") > MOST_MARKS:
            raise damaged(f"the part {part[:60]!a} holds far more than a claim")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=_is_drawing(part))
        try:
            tree = etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            tree = None
        if tree is None:
            raise damaged(f"the part {part[:60]!a} is missing or cannot be read")
        return tree

    def raw(self, part: str) -> bytes:
        """A part as it is, which need not be XML."""
        return self._parts[part]

    # --- relations -------------------------------------------------------------------------------------------------

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The relations of a part to other parts, by their id: the last word of the type, and the other's name."""
        name = _relations_of(part)
        if name not in self._parts:
            return {}
        folder = posixpath.dirname(part)
        return {
            relation.get("Id", ""): (_kind(relation), _target(folder, relation))
            for relation in self.look(name).iterchildren(f"{_OF_PACKAGE}Relationship")
            if relation.get("TargetMode", "").lower() != "external"
        }

    def related(self, part: str, kind: str) -> str | None:
        """The first part to which a part has a relation of a kind."""
        return next((target for found, target in self.relations(part).values() if found == kind), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation; returns its id. The kind's type is that of a strict workbook where this is one."""
        name = _relations_of(part)
        if name not in self._parts:
            self._parts[name] = f'<Relationships xmlns="{_OF_PACKAGE[1:-1]}"/>'.encode()
            folder, own = posixpath.split(self._names.get(part, part))
            self._names[name] = posixpath.join(folder, "_rels", f"{own}.rels")
        tree = self.tree(name)
        taken = {relation.get("Id", "") for relation in tree}
        number = next(n for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        base = RELATED_STRICT if etree.QName(self.look(part)).namespace == STRICT else RELATED
        where = f"/{self._names.get(target, target)}"
        etree.SubElement(
            tree, f"{_OF_PACKAGE}Relationship", {"Id": f"rId{number}", "Type": f"{base}/{kind}", "Target": where}
        )
        return f"rId{number}"

    def unrelate(self, part: str, target: str) -> None:
        """Take away a part's relations to another, and the other where nothing else has a relation to it."""
        tree, folder = self.tree(_relations_of(part)), posixpath.dirname(part)
        for relation in list(tree):
            if relation.get("TargetMode", "").lower() != "external" and _target(folder, relation) == target:
                tree.remove(relation)
        if target in self._parts and target not in self._all_targets():
            self._drop(target)

    def _all_targets(self) -> set[str]:
        owners = [part for part in self._parts if not part.endswith(".rels")]
        return {target for owner in owners for _, target in self.relations(owner).values()}

    def _drop(self, part: str) -> None:
        """Take away a part, and whatever it alone had a relation to."""
        for _, target in self.relations(part).values():
            self.unrelate(part, target)
        for name in (part, _relations_of(part)):
            self._parts.pop(name, None)
            self._trees.pop(name, None)
        self._undeclare(part)

    def _undeclare(self, part: str) -> None:
        types = self.tree(TYPES)
        for override in types.findall(f"{_OF_TYPES}Override"):
            if override.get("PartName", "").lower() == f"/{part}":
                types.remove(override)

    # --- new parts, and the whole ----------------------------------------------------------------------------------

    def add(self, pattern: str, content: bytes, content_type: str) -> str:
        """Add a part under the first name of a pattern, like `xl/comments{}.xml`, that is free; returns its name."""
        number = next(n for n in range(1, len(self._parts) + 2) if pattern.format(n).lower() not in self._parts)
        written = pattern.format(number)
        part = written.lower()
        self._parts[part], self._names[part] = content, written
        self._undeclare(part)
        etree.SubElement(
            self.tree(TYPES), f"{_OF_TYPES}Override", {"PartName": f"/{written}", "ContentType": content_type}
        )
        return part

    def content(self) -> bytes:
        """The workbook as a file's content; the same parts give the same bytes."""
        for part, tree in self._trees.items():
            self._parts[part] = etree.tostring(tree) if _is_drawing(part) else xml_of(tree)
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for part, content in self._parts.items():
                entry = zipfile.ZipInfo(self._names.get(part, part), _FIRST_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, content)
        return out.getvalue()


def whole(stated: str | None) -> int:
    """The whole number that an attribute states; 0 where it states none, or one larger than any workbook has.

    >>> whole("12"), whole("twelve"), whole(None)
    (12, 0, 0)
    """
    return int(stated) if stated and _WHOLE.fullmatch(stated) else 0


def xml_of(tree: etree._Element) -> bytes:
    """A tree as the content of a part."""
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _is_drawing(part: str) -> bool:
    return part.endswith(".vml")


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _kind(relation: etree._Element) -> str:
    return relation.get("Type", "").rpartition("/")[2].lower()


def _target(folder: str, relation: etree._Element) -> str:
    return posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/").lower()
