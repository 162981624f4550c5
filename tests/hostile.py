"""Makes the workbooks that nobody should send, from one of the program's own or from nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO

from tests.golden import SAMPLES, sample_bytes

CLAIM_ID = "2026-ORL-0001"
BOOK, BOOK_RELATIONS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"


@cache
def own_workbook() -> bytes:
    """The workbook of the sample CLAIM_ID."""
    return sample_bytes(next(path for path in SAMPLES if path.stem == CLAIM_ID))


@cache
def own_parts() -> Mapping[str, bytes]:
    """The parts of that workbook, by their names."""
    with zipfile.ZipFile(BytesIO(own_workbook())) as package:
        return {name: package.read(name) for name in package.namelist()}


def repacked(change: Mapping[str, bytes | None]) -> bytes:
    """That workbook with parts replaced, added, or (None) left out."""
    return zipped({**own_parts(), **change})


def zipped(parts: Mapping[str, bytes | None]) -> bytes:
    """A ZIP of the parts that are not None."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            if part is not None:
                package.writestr(name, part)
    return content.getvalue()
