"""The sheet Charts of the audit report: three charts that Excel draws itself, each beside the cells it is drawn from.

Those cells are formulas over the lists of the report, so a chart follows what is changed there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.money import ZERO
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.workbook.form.layout import LETTERS, Kind
from perdiem_calc.workbook.report.lists import Questioned, ReportList
from perdiem_calc.workbook.writing.book import Book
from perdiem_calc.workbook.writing.severities import CHART_FILLS
from perdiem_calc.workbook.writing.sheet import Sheet

CHARTS = "Charts"
CHARTED = 12
"""So many checks are drawn; the cells beside the chart have them all."""
THE_LIMIT = "cap-applied"
"""The check whose effect is the limit itself; beside it no other bar could be read."""

AMOUNTS = (
    ("Claimed", "claimed"),
    ("Allowable", "allowable"),
    ("Payable by NASRO", "payable"),
    ("Agency share", "agency_share"),
)
GRAVEST_FIRST = tuple(reversed(Severity))
_FIRST_WIDTH, _WIDTH, _GAP, _CHART_COLUMN = 31, 11, 3, 8
_GRID = {"visible": True, "line": {"color": "#D0D0D0", "width": 0.75}}
_CHART_WIDTH, _BAR, _LEAST = 640, 27, 300
_ROW = 20
"""The height of a row, in the pixels that a chart is measured in."""
_SCALE = 65
"""The per cent at which table and chart fit the width of the paper."""
_PAGE_ROWS = 50
"""So many rows then fit a page."""


@dataclass(frozen=True)
class _Block:
    """Some cells of the sheet: the row of their title, their headers and how many rows they have."""

    row: int
    headers: tuple[str, ...]
    count: int

    @property
    def header_row(self) -> int:
        return self.row + 2

    @property
    def first(self) -> int:
        return self.row + 3

    def cells(self, column: int, count: int) -> list[str | int]:
        """The first cells of a column, as a chart names them."""
        return [CHARTS, self.first, column, self.first + count - 1, column]

    def header(self, column: int) -> list[str | int]:
        """The header of a column, as a chart names it."""
        return [CHARTS, self.header_row, column]


def write_charts(book: Book, summary: ReportList[AuditedClaim], findings: ReportList[Questioned]) -> None:
    """Fill the sheet Charts; where nothing was audited it says so."""
    sheet = book.sheets[CHARTS]
    sheet.text(0, 0, "Charts", book.styles.plain("title"))
    sheet.set_column(0, 0, _FIRST_WIDTH)
    sheet.set_column(1, len(Severity) + 1, _WIDTH)
    sheet.set_column(len(Severity) + 2, len(Severity) + 2, _GAP)
    sheet.set_landscape()
    sheet.set_print_scale(_SCALE)
    if not summary.entries:
        sheet.text(2, 0, "No claim was audited, so there is nothing to draw.", book.styles.plain("hint"))
        return
    questioned = [one.finding for one in findings.entries]
    rows = [2]
    rows.append(_write_amounts(book, sheet, summary, rows[-1]))
    rows.append(_write_counts(book, sheet, findings, questioned, rows[-1]))
    rows.append(_write_effects(book, sheet, findings, questioned, rows[-1]))
    sheet.set_h_pagebreaks(list(_breaks(rows)))


def _breaks(rows: Sequence[int]) -> Iterator[int]:
    """The rows before which a page ends, so that no chart is cut in two; `rows` is where blocks begin, and the end.

    >>> list(_breaks([2, 22, 47, 90])), list(_breaks([2, 90, 110]))
    ([47], [90])
    """
    top = 0
    for row, following in pairwise(rows):
        if following - top > _PAGE_ROWS and row > rows[0]:
            yield row
            top = row


def _write_amounts(book: Book, sheet: Sheet, summary: ReportList[AuditedClaim], row: int) -> int:
    """What was claimed, is allowable, payable, and left to the agencies; returns the row of the next block."""
    block = _begin(
        book,
        sheet,
        row,
        "Amounts of all claims",
        "Claims that cannot be computed count for nothing. Agency share is claimed less payable.",
        ("Amount", "Dollars"),
        len(AMOUNTS),
    )
    for at, (label, key) in enumerate(AMOUNTS, start=block.first):
        _put_text(book, sheet, at, label)
        _put_formula(book, sheet, at, 1, summary.total(key).absolute, summary.sum(key), Kind.AMOUNT)
    chart = book.chart({"type": "column"})
    series = _series(block, 1, len(AMOUNTS), "#1F3864")
    points = [{"fill": {"color": colour}} for colour in ("#8EA9DB", "#5B7FC7", "#1F3864", "#F4B183")]
    labels = {"value": True, "num_format": "$#,##0", "font": {"size": 9}}
    chart.add_series(series | {"points": points, "data_labels": labels})
    chart.set_title({"name": "Amounts of all claims", "name_font": {"size": 12}})
    chart.set_x_axis({"name": "Amount"})
    chart.set_y_axis(_dollars())
    chart.set_legend({"none": True})
    return _place(sheet, chart, block, _LEAST)


def _write_counts(
    book: Book, sheet: Sheet, findings: ReportList[Questioned], questioned: Sequence[Finding], row: int
) -> int:
    """How often each check questioned something, by severity; returns the row of the next block."""
    counts = Counter((finding.check, finding.severity) for finding in questioned)
    total = Counter(finding.check for finding in questioned)
    grave = Counter(finding.check for finding in questioned if finding.severity is not Severity.INFO)
    checks = sorted(total, key=lambda check: (-grave[check], -total[check], check))
    block = _begin(
        book,
        sheet,
        row,
        "Findings by check and severity",
        "First what a person has to look at most often. Checks that could not be made are not counted. "
        f"At most {CHARTED} are drawn.",
        ("Check", *(severity.value for severity in GRAVEST_FIRST), "all"),
        len(checks),
    )
    for at, check in enumerate(checks, start=block.first):
        _put_text(book, sheet, at, check)
        for column, severity in enumerate(GRAVEST_FIRST, start=1):
            header = f"{LETTERS[column]}${block.header_row + 1}"
            formula = _function("COUNTIFS", findings, ("check", f"$A{at + 1}"), ("severity", header))
            _put_formula(book, sheet, at, column, formula, counts[check, severity], Kind.COUNT)
        last = LETTERS[len(GRAVEST_FIRST)]
        formula = f"SUM(B{at + 1}:{last}{at + 1})"
        _put_formula(book, sheet, at, len(GRAVEST_FIRST) + 1, formula, total[check], Kind.COUNT)
    drawn = min(CHARTED, len(checks))
    if not drawn:
        return _nothing(book, sheet, block, "Nothing is questioned.")
    chart = book.chart({"type": "bar", "subtype": "stacked"})
    for column, severity in enumerate(GRAVEST_FIRST, start=1):
        chart.add_series(_series(block, column, drawn, CHART_FILLS[severity]))
    _name_bars(chart, "Findings by check and severity", {"name": "Findings", "num_format": "0"})
    chart.set_legend({"position": "bottom"})
    return _place(sheet, chart, block, max(_LEAST, 130 + _BAR * drawn))


def _write_effects(
    book: Book, sheet: Sheet, findings: ReportList[Questioned], questioned: Sequence[Finding], row: int
) -> int:
    """What each check changes in the payments; returns the row after the block."""
    effects: dict[str, Decimal] = {}
    for finding in questioned:
        effects[finding.check] = effects.get(finding.check, ZERO) + finding.payment_effect
    changing = {check: abs(effect) for check, effect in effects.items() if effect and check != THE_LIMIT}
    checks = sorted(changing, key=lambda check: (-changing[check], check))
    listed = [*checks, THE_LIMIT] if effects.get(THE_LIMIT) else checks
    block = _begin(
        book,
        sheet,
        row,
        "Payment effect by check",
        "What would be paid more if the findings of a check alone were waived, with a minus; they do not add up. "
        f"The limit itself, {THE_LIMIT}, is not drawn.",
        ("Check", "Dollars"),
        len(listed),
    )
    for at, check in enumerate(listed, start=block.first):
        _put_text(book, sheet, at, check)
        formula = _function("SUMIFS", findings, ("check", f"$A{at + 1}"), summed="payment_effect")
        _put_formula(book, sheet, at, 1, formula, effects[check], Kind.AMOUNT)
    drawn = min(CHARTED, len(checks))
    if not drawn:
        return _nothing(book, sheet, block, "No finding but the limit changes a payment.")
    chart = book.chart({"type": "bar"})
    chart.add_series(_series(block, 1, drawn, "#B00020") | {"invert_if_negative": False})
    _name_bars(chart, "Payment effect by check", _dollars())
    chart.set_legend({"none": True})
    return _place(sheet, chart, block, max(_LEAST, 110 + _BAR * drawn))


# --- cells and charts -----------------------------------------------------------------------------------------------


def _begin(book: Book, sheet: Sheet, row: int, title: str, note: str, headers: tuple[str, ...], count: int) -> _Block:
    plain = book.styles.plain
    block = _Block(row, headers, count)
    sheet.text(row, 0, title, plain("total_label"))
    for column in range(1, len(Severity) + 2):
        sheet.blank(row, column, plain("total_label"))
    sheet.text(row + 1, 0, note, plain("hint"))
    for column, header in enumerate(headers):
        sheet.text(block.header_row, column, header, plain("header"))
    return block


def _function(name: str, findings: ReportList[Questioned], *criteria: tuple[str, str], summed: str = "") -> str:
    """COUNTIFS or SUMIFS over the findings; each criterion a column and the cell it equals."""
    given = [findings.area(summed).absolute] if summed else []
    for key, cell in criteria:
        given += [findings.area(key).absolute, cell]
    return f"{name}({','.join(given)})"


def _put_text(book: Book, sheet: Sheet, row: int, text: str) -> None:
    sheet.text(row, 0, text, book.styles.of(Kind.TEXT))


def _put_formula(
    book: Book, sheet: Sheet, row: int, column: int, formula: str, value: Decimal | int, kind: Kind
) -> None:
    sheet.formula(row, column, formula, book.styles.of(kind), value)


def _series(block: _Block, column: int, count: int, colour: str) -> dict[str, Any]:
    return {
        "name": block.header(column),
        "categories": block.cells(0, count),
        "values": block.cells(column, count),
        "fill": {"color": colour},
        "border": {"color": "#404040", "width": 0.5},
        "gap": 60,
    }


def _dollars() -> dict[str, Any]:
    return {"name": "Dollars", "num_format": "#,##0", "major_gridlines": _GRID}


def _name_bars(chart: Any, title: str, across: Mapping[str, Any]) -> None:
    """Title and axes of lying bars: the longest on top, the scale at the foot, the names clear of the bars."""
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_x_axis({"major_gridlines": _GRID, **across})
    chart.set_y_axis({"name": "Check", "reverse": True, "crossing": "max", "label_position": "low"})


def _place(sheet: Sheet, chart: Any, block: _Block, height: int) -> int:
    chart.set_size({"width": _CHART_WIDTH, "height": height})
    sheet.insert_chart(block.header_row, _CHART_COLUMN - 1, chart)
    return block.first + max(block.count, height // _ROW + 1) + 2


def _nothing(book: Book, sheet: Sheet, block: _Block, said: str) -> int:
    sheet.text(block.first + block.count, 0, said, book.styles.plain("hint"))
    return block.first + block.count + 3
