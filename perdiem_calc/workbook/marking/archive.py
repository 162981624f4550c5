"""The parts of a workbook while they are being changed: XML trees, the relations between parts, what each part is.

Everything that is not touched is written as it was. A part is known by its name in lower case, as spreadsheets count
names; written it is under the name it had.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from io import BytesIO

from lxml import etree

from perdiem_calc.workbook.reading.cells import STRICT
from perdiem_calc.workbook.reading.package import (
    OF_TYPES,
    RELATED,
    RELATED_STRICT,
    TYPES,
    Package,
    Relation,
    damaged,
    relations_of,
    tree_of,
)

_OF_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_WHOLE = re.compile("[0-9]{1,9}", re.ASCII)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


class Archive:
    """The parts of a workbook. Its content is trusted: what came from outside was looked at before."""

    def __init__(self, package: Package) -> None:
        """Take the parts of a package, which stays as it is."""
        self._parts = dict(package.parts)
        self._names = dict(package.names)
        self._relations = {part: dict(relations) for part, relations in package.relations.items()}
        self._trees: dict[str, etree._Element] = {}
        self._let_go: set[str] = set()

    @classmethod
    def of(cls, content: bytes) -> Archive:
        """The parts of a workbook that this program wrote."""
        return cls(Package.of(content))

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
        """The XML of a part, to be read only: what is not changed is not written again.

        Raises InputError where it is not there, cannot be read, or is far more than a claim holds. A drawing is read
        as far as it can be: Excel itself writes some that are no sound XML.
        """
        if part in self._trees:
            return self._trees[part]
        if part not in self._parts:
            raise damaged(f"the part {part[:60]!a} is missing")
        return tree_of(part, self._parts[part], recover=_is_drawing(part))

    def raw(self, part: str) -> bytes:
        """A part as it is, which need not be XML."""
        return self._parts[part]

    # --- relations -------------------------------------------------------------------------------------------------

    def relations(self, part: str) -> Mapping[str, Relation]:
        """The relations of a part to other parts, by their id."""
        return self._relations.get(part, {})

    def related(self, part: str, kind: str) -> str | None:
        """The first part to which a part has a relation of a kind."""
        return next((relation.target for relation in self.relations(part).values() if relation.kind == kind), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation; returns its id. The kind's type is that of a strict workbook where this is one."""
        name = relations_of(part)
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
        self._relations.setdefault(part, {})[f"rId{number}"] = Relation(kind.lower(), target)
        return f"rId{number}"

    def unrelate(self, part: str, target: str) -> None:
        """Take away a part's relations to another, which is not written where nothing else leads to it."""
        relations, tree = self._relations[part], self.tree(relations_of(part))
        gone = {name for name, relation in relations.items() if relation.target == target}
        for element in list(tree):
            if element.get("Id", "") in gone:
                tree.remove(element)
        self._relations[part] = {name: relation for name, relation in relations.items() if name not in gone}
        self._let_go.add(target)

    def _drop_let_go(self) -> None:
        """Take away the parts that were let go, and what they alone lead to."""
        below = self._reached(self._let_go)
        others = ["", *(part for part in self._parts if part not in below)]
        kept = self._reached(relation.target for part in others for relation in self.relations(part).values())
        # What holds the package together is never let go, whatever leads to it.
        gone = {part for part in below - kept if part not in ("", TYPES) and not part.endswith(".rels")}
        for name in [*gone, *map(relations_of, gone)]:
            self._parts.pop(name, None)
            self._trees.pop(name, None)
        self._undeclare(gone)

    def _reached(self, parts: Iterable[str]) -> set[str]:
        """Some parts, and all to which their relations lead."""
        found: set[str] = set()
        waiting = list(parts)
        while waiting:
            part = waiting.pop()
            if part not in found:
                found.add(part)
                waiting += [relation.target for relation in self.relations(part).values()]
        return found

    def _undeclare(self, parts: Collection[str]) -> None:
        types = self.tree(TYPES)
        for override in types.findall(f"{OF_TYPES}Override"):
            if override.get("PartName", "").lower().removeprefix("/") in parts:
                types.remove(override)

    # --- new parts, and the whole ----------------------------------------------------------------------------------

    def add(self, pattern: str, content: bytes, content_type: str) -> str:
        """Add a part under the first name of a pattern, like `xl/comments{}.xml`, that is free; returns its name."""
        names = (pattern.format(number) for number in range(1, len(self._parts) + 2))
        written = next(name for name in names if self._is_free(name.lower()))
        part = written.lower()
        self._parts[part], self._names[part] = content, written
        self._undeclare({part})
        etree.SubElement(
            self.tree(TYPES), f"{OF_TYPES}Override", {"PartName": f"/{written}", "ContentType": content_type}
        )
        return part

    def _is_free(self, part: str) -> bool:
        """Whether nothing has that name, nor relations of a part of that name."""
        return part not in self._parts and relations_of(part) not in self._parts

    def content(self) -> bytes:
        """The workbook as a file's content; the same parts give the same bytes."""
        if self._let_go:
            self._drop_let_go()
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
