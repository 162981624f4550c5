"""The letter to an agency as a Word document, which a reviewer can still edit, with the content of the text letter.

The same letter gives the same bytes, whenever and wherever it is written.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from perdiem_calc.errors import InputError
from perdiem_calc.files import extra, how_to_install
from perdiem_calc.money import in_dollars
from perdiem_calc.review.letters import AgencyLetter, ClaimPart, Reduction, plain

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

MARK = "perdiem audit letter"
"""The document's category, by which the program knows its own letters."""
FONT = "Calibri"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of every part of the package: the first one that a zip archive can state."""
_GRAY, _RED = "595959", "9C0006"
_CLAIMS = (("Claim", 1.45), ("Officer", 1.95), ("Claimed", 1.05), ("To be paid", 1.1), ("Outcome", 0.95))
_LINES = (("Line", 0.6), ("Date", 1.2), ("Claimed", 1.1), ("Allowed", 1.1), ("Not allowed", 1.2))
_AMOUNTS = (3.9, 1.3)
_TEXT_COLUMNS = 2
"""Of a table's columns the first ones hold text, the others amounts, which end on the right."""


def check_installed() -> None:
    """Raises InputError, with the command, where the library for Word documents is missing."""
    if extra("letters").missing:
        raise InputError(
            "letters.docx.missing", "Word letters need python-docx", fix=f"run: {how_to_install('letters')}"
        )


def as_document(letter: AgencyLetter) -> bytes:
    """A letter as a Word document. Raises InputError where the library for it is missing."""
    check_installed()
    from docx import Document

    page = _Page(Document())
    page.set_up(letter)
    page.head(letter)
    if letter.claims:
        page.claims(letter)
    for claim in letter.claims:
        page.claim(claim)
    if letter.unread:
        page.heading("Files that we could not read", 2)
        page.numbered(letter.unread)
    page.end(letter)
    return page.content()


@dataclass(frozen=True, slots=True)
class _Page:
    document: Document

    def set_up(self, letter: AgencyLetter) -> None:
        """Paper, margins, font, footer and properties."""
        from docx.shared import Inches, Pt, RGBColor

        (section,) = self.document.sections
        section.page_width, section.page_height = Inches(8.5), Inches(11)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(1)
        normal: Any = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(11)
        normal.paragraph_format.space_after = Pt(6)
        for level, size in ((2, 12.5), (3, 11)):
            self._set_heading(level, size)
        below: Any = self.document.styles["Footer"]
        below.font.size, below.font.color.rgb = Pt(9), RGBColor.from_string(_GRAY)
        footer = section.footer.paragraphs[0]
        _run(footer, f"{letter.sender.organization}, {letter.dated}, page ")
        _field(footer, "PAGE")
        _run(footer, " of ")
        _field(footer, "NUMPAGES")
        properties = self.document.core_properties
        properties.author = properties.last_modified_by = plain(letter.sender.organization)
        properties.title, properties.category, properties.comments = plain(letter.subject), MARK, ""
        properties.created = properties.modified = datetime.combine(letter.on, time(), UTC)

    def _set_heading(self, level: int, size: float) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        style: Any = self.document.styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), True
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.rPr.rFonts
        for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{name}"), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14 if level == 2 else 8), Pt(3)
        style.paragraph_format.keep_with_next = True

    # --- the frame -------------------------------------------------------------------------------------------------

    def head(self, letter: AgencyLetter) -> None:
        """From the sender to the summary."""
        if letter.is_draft:
            _run(self.paragraph(), letter.status, bold=True, color=_RED)
        _run(self.paragraph(after=0), letter.sender.organization, bold=True, size=15)
        for line in letter.sender.address:
            _run(self.paragraph(after=0), line, size=9.5, color=_GRAY)
        _run(self.paragraph(before=18, after=14), letter.dated)
        self.lines(letter.address)
        _run(self.paragraph(before=14), f"Re: {letter.subject}", bold=True)
        _run(self.paragraph(), f"Dear {letter.salutation}:")
        _run(self.paragraph(), letter.summary)

    def end(self, letter: AgencyLetter) -> None:
        """The reply address and the signature, on one page with the paragraph before them."""
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        if letter.sender.reply_to:
            reply = self.paragraph(before=12)
            _run(reply, f"Please send your answer to {letter.sender.reply_to}.")
            reply.paragraph_format.keep_with_next = True
        closing = self.paragraph(before=6, after=40)
        _run(closing, "Sincerely,")
        closing.paragraph_format.keep_with_next = True
        self.lines(letter.signed_by)

    def lines(self, texts: Sequence[str]) -> None:
        """Lines that stay together."""
        for number, text in enumerate(texts, start=1):
            line = self.paragraph(after=0)
            _run(line, text)
            line.paragraph_format.keep_with_next = number < len(texts)

    # --- the claims ------------------------------------------------------------------------------------------------

    def claims(self, letter: AgencyLetter) -> None:
        """The table of all claims, and what is paid together."""
        rows = [
            (
                one.name,
                one.officer,
                "" if one.claimed is None else f"{one.claimed:,.2f}",
                f"{one.paid:,.2f}",
                one.outcome,
            )
            for one in letter.claims
        ]
        if len(letter.claims) > 1:
            rows.append(("Together", "", "", _in_table(letter.paid), ""))
        table = self.table(_CLAIMS, rows)
        if len(letter.claims) > 1:
            for cell in table.rows[-1].cells:
                _make_bold(cell)

    def claim(self, claim: ClaimPart) -> None:
        """What is paid of one claim, what is not and why, and what to send."""
        self.heading(f"Claim {claim.name}" + (f": {claim.officer}" if claim.officer else ""), 2)
        if claim.note:
            _run(self.paragraph(), claim.note, bold=True, color=_RED)
        for label, text in claim.about:
            line = self.paragraph(after=0)
            _run(line, f"{label}: ", color=_GRAY)
            _run(line, text)
            line.paragraph_format.keep_with_next = True
        opening = self.paragraph(before=6)
        _run(opening, claim.opening, bold=True)
        opening.paragraph_format.keep_with_next = bool(claim.amounts)
        if claim.amounts:
            self.amounts(claim)
        if claim.reduced:
            self.heading("Not allowed, line by line", 3)
            for reduction in claim.reduced:
                self.reduction(reduction)
        for title, items in claim.sections:
            self.heading(title, 3)
            self.numbered(items)
        if claim.by_when:
            _run(self.paragraph(before=4), claim.by_when, bold=True)

    def amounts(self, claim: ClaimPart) -> None:
        """From what was claimed to what is paid."""
        table = self.document.add_table(rows=0, cols=2)
        for label, dollars in claim.amounts:
            left, right = table.add_row().cells
            _fill(left, label)
            _fill(right, in_dollars(dollars), is_amount=True)
            left.paragraphs[0].paragraph_format.keep_with_next = True
        for cell in table.rows[-1].cells:
            _make_bold(cell)
            _border(cell, "top")
        _set_widths(table, _AMOUNTS)
        _run(self.paragraph(before=6), claim.limit)

    def reduction(self, reduction: Reduction) -> None:
        """Why lines are not allowed as claimed, and the lines."""
        why = self.paragraph(before=4)
        _run(why, reduction.why)
        why.paragraph_format.keep_with_next = True
        rows = [
            (
                line.id,
                str(line.on),
                _in_table(line.amount_claimed),
                _in_table(line.amount_allowed),
                _in_table(line.amount_claimed - line.amount_allowed),
            )
            for line in reduction.lines
        ]
        self.table(_LINES, rows)

    # --- the pieces ------------------------------------------------------------------------------------------------

    def heading(self, text: str, level: int) -> None:
        """A heading that stays with what follows it."""
        self.document.add_heading(plain(text), level)

    def paragraph(self, *, before: float = 0, after: float = 6) -> Paragraph:
        """An empty paragraph with so many points before and after it."""
        from docx.shared import Pt

        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
        return paragraph

    def numbered(self, items: Iterable[str]) -> None:
        """A numbered list; each begins with 1, which a list style of Word does not."""
        from docx.shared import Inches

        for number, item in enumerate(items, start=1):
            line = self.paragraph(after=4)
            line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Inches(0.3), Inches(-0.3)
            _run(line, f"{number}.")
            line.add_run("\t")
            _run(line, item)

    def table(self, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]]) -> Table:
        """A table with a header that each page repeats, whose rows break over no page."""
        from docx.oxml import OxmlElement

        table: Table = self.document.add_table(rows=0, cols=len(columns), style="Table Grid")
        for texts in ([title for title, _ in columns], *rows):
            cells = table.add_row().cells
            for number, (cell, text) in enumerate(zip(cells, texts, strict=True)):
                is_amount = _TEXT_COLUMNS <= number < _TEXT_COLUMNS + (2 if columns is _CLAIMS else 3)
                _fill(cell, text, is_amount=is_amount)
        for number, row in enumerate(table.rows):
            settings: Any = row._tr.get_or_add_trPr()
            settings.append(OxmlElement("w:cantSplit"))
            if number == 0:
                settings.append(OxmlElement("w:tblHeader"))
                for cell in row.cells:
                    _make_bold(cell)
                    _shade(cell)
            for cell in row.cells if number < len(table.rows) - 1 else ():
                cell.paragraphs[0].paragraph_format.keep_with_next = len(rows) < 12 or number == 0
        _set_widths(table, [width for _, width in columns])
        return table

    def content(self) -> bytes:
        """The document's bytes, without the time at which it was written."""
        written, packed = BytesIO(), BytesIO()
        parts: Any = self.document.part.package.rels
        for name in [name for name, one in parts.items() if one.reltype.endswith("/thumbnail")]:
            del parts[name]  # a picture of python-docx's own empty page
        self.document.save(written)
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            for part in source.infolist():
                info = zipfile.ZipInfo(part.filename, _EARLIEST)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                target.writestr(info, source.read(part))
        return packed.getvalue()


def _in_table(dollars: Decimal | None) -> str:
    return "" if dollars is None else f"{dollars:,.2f}"


def _run(paragraph: Paragraph, text: str, *, bold: bool = False, size: float = 0, color: str = "") -> None:
    """Add text, without control characters, and its trailing or leading blank."""
    from docx.shared import Pt, RGBColor

    said = plain(text)
    said = f"{' ' if text[:1] == ' ' else ''}{said}{' ' if text[-1:] == ' ' and said else ''}"
    run = paragraph.add_run(said)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if color:
        run.font.color.rgb = RGBColor.from_string(color)


def _field(paragraph: Paragraph, name: str) -> None:
    """A number that Word computes, such as that of the page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run()
    for kind in ("begin", "", "end"):
        part: Any = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = name
        run._r.append(part)


def _fill(cell: _Cell, text: str, *, is_amount: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    (paragraph,) = cell.paragraphs
    paragraph.paragraph_format.space_after = Pt(0)
    if is_amount:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(paragraph, text, size=10)


def _make_bold(cell: _Cell) -> None:
    for run in cell.paragraphs[0].runs:
        run.bold = True


def _shade(cell: _Cell) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shading: Any = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "E7E6E6")):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _border(cell: _Cell, side: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders: Any = OxmlElement("w:tcBorders")
    line: Any = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "6"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)


def _set_widths(table: Table, inches: Sequence[float]) -> None:
    from docx.shared import Inches

    table.autofit = False
    for column, width in zip(table.columns, inches, strict=True):
        column.width = Inches(width)
        for cell in column.cells:
            cell.width = Inches(width)
