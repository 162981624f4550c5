"""The budget workbook: what trips will cost, in sums and row by row, with charts that Excel draws itself.

Sheets: Summary (the amounts, the assumptions, what could not be priced), Trips, By state, By locality, By site, By
month, By agency; of several fiscal years each sheet has all of them, side by side with the change. No cell is ever a
formula: a text that begins like one is written as text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from textwrap import wrap
from typing import Any

import pandas as pd
import xlsxwriter

from perdiem_calc.dated import Law
from perdiem_calc.errors import OutputError
from perdiem_calc.money import in_dollars
from perdiem_calc.planning.estimator import AMOUNTS, COLUMNS_OUT
from perdiem_calc.planning.estimator.columns import MONEY_IN, QUANTITIES, is_blank, plain_number, stated_day
from perdiem_calc.planning.estimator.faults import MEANINGS
from perdiem_calc.planning.estimator.plan import TITLES, Plan
from perdiem_calc.planning.estimator.planned import DATE_COLUMNS, PLACE_COLUMNS
from perdiem_calc.planning.estimator.summary import NOT_STATED, SUMMED
from perdiem_calc.planning.tables.write import text_of_cell

MOST_ROWS = 1_048_575
CHARTED = 12
_FIRST_YEAR = 1900
_MOST_OF_WHOM = 4
_LONGEST_TEXT = 32_767
_MONEY = frozenset({*AMOUNTS, *MONEY_IN})
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,9})?", re.ASCII)
_WIDTHS = {"reason": 60, "status": 34, "place": 24, "locality": 26, "agency": 24}
_WIDTH = 12
# The height of a line in points: LibreOffice does not make a row high by itself where its text is wrapped.
_LINE = 15
# The arrow of a filter stands on the header, and hides as many letters.
_ARROW = 5
# Dark and light, so that the series are told apart in grey too.
_SHADES = {"group_reimbursable": "#1F3864", "group_agency_share": "#F4B183"}
_SHADES_OF_YEARS = ("#F4B183", "#1F3864", "#A9A9A9", "#000000")
_SHEETS = {
    "state": "State",
    "locality": "Locality",
    "site": "Site",
    "month": "Month of departure",
    "agency": "Agency",
}


class BudgetWorkbook:
    """Writes one budget workbook; rows first, then the sums. Memory stays flat however long it is."""

    def __init__(self, path: Path, title: str, written: Mapping[str, str] | None = None) -> None:
        """`written` are the headers of the trips' own columns by their names, where they differ."""
        self._path = path
        self._written = written or {}
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": title})
        self._title = title
        self._formats = _formats(self._book)
        self._summary = self._book.add_worksheet("Summary")
        self._trips = self._book.add_worksheet("Trips")
        self._rows = 0

    def write(self, trips: pd.DataFrame, costs: pd.DataFrame) -> None:
        """Write some rows of the Trips sheet. Raises OutputError where a sheet has no room for them."""
        if not self._rows:
            self._begin([str(name) for name in (*trips.columns, *costs.columns)])
        if self._rows + len(trips) > MOST_ROWS:
            raise OutputError(
                "output.trips.too-many",
                f"an Excel sheet has room for {MOST_ROWS:,} trips",
                where=str(self._path),
                fix="write a .csv or .parquet file, or split the table",
            )
        names = [str(name) for name in (*trips.columns, *costs.columns)]
        costs = costs.assign(status=[MEANINGS[status].words for status in costs["status"]])
        columns = [trips[name].tolist() for name in trips] + [costs[name].tolist() for name in costs]
        for cells, reason in zip(zip(*columns, strict=True), costs["reason"], strict=True):
            self._rows += 1
            if (lines := _lines(reason)) > 1:
                self._trips.set_row(self._rows, lines * _LINE)
            for at, (name, cell) in enumerate(zip(names, cells, strict=True)):
                self._cell(at, name, cell)

    def sums(self, plan: Plan, assumptions: Sequence[str]) -> None:
        """Write the sums and the charts: once, after all rows."""
        if self._rows:
            self._trips.autofilter(0, 0, self._rows, self._width - 1)
        for grouping, heading in _SHEETS.items():
            name = f"By {grouping}"
            (self._compared if plan.has_years else self._grouped)(self._book.add_worksheet(name), name, heading, plan)
        self._summarize(plan, assumptions)

    def close(self) -> None:
        """Finish the file, or discard it after an error."""
        self._book.close()

    def _begin(self, names: Sequence[str]) -> None:
        sheet, formats = self._trips, self._formats
        self._width = len(names)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(2, 0)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, _last_of_whom(names))
        sheet.set_row(0, 30)
        sheet.set_footer("&L&A&RPage &P of &N")
        for at, name in enumerate(names):
            head = self._written.get(name, name)
            sheet.set_column(at, at, max(_WIDTHS.get(name, _WIDTH), len(head) + _ARROW))
            sheet.write_string(0, at, head, formats["head" if name not in COLUMNS_OUT else "head_out"])

    def _cell(self, at: int, name: str, cell: Any) -> None:
        sheet, formats = self._trips, self._formats
        if is_blank(cell):
            return
        if isinstance(cell, datetime | date) and _is_day_of_excel(cell):
            sheet.write_datetime(self._rows, at, cell, formats["day"])
            return
        if isinstance(cell, str) and name in DATE_COLUMNS and (day := stated_day(cell)) is not None:
            sheet.write_datetime(self._rows, at, day, formats["day"])
            return
        if isinstance(cell, str) and name in QUANTITIES:
            plain = plain_number(cell, QUANTITIES[name])
            cell = float(plain) if _AMOUNT.fullmatch(plain) else cell
        if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
            sheet.write_number(self._rows, at, cell, formats["money" if name in _MONEY else "number"])
        else:
            kind = "wrapped" if name == "reason" else "text"
            sheet.write_string(self._rows, at, text_of_cell(cell)[:_LONGEST_TEXT], formats[kind])

    def _begin_groups(self, sheet: Any, heads: Sequence[str], widths: Sequence[int]) -> None:
        """A sheet of groups: its header, its widths and how it is printed."""
        for at, (text, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, text, self._formats["head"])
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 30)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")

    def _grouped(self, sheet: Any, name: str, heading: str, plan: Plan) -> None:
        """A sheet of groups and their amounts, with a chart of the first of them."""
        formats = self._formats
        heads = [heading, "Rows priced", *(TITLES[column] for column in SUMMED), "Reimbursed", "Rows not priced"]
        self._begin_groups(sheet, heads, (34, 10, 20, 20, 20, 14, 10))
        groups = [(key, next(iter(sums.values()))) for key, sums in plan.groups(name.removeprefix("By "))]
        for row, (key, group) in enumerate(groups, start=1):
            sheet.write_string(row, 0, key)
            sheet.write_number(row, 1, group.rows, formats["count"])
            for at, amount in enumerate(group.dollars(), start=2):
                sheet.write_number(row, at, amount, formats["amount"])
            if group.cents[0]:
                sheet.write_number(row, 5, group.cents[1] / group.cents[0], formats["share"])
            if group.not_priced:
                sheet.write_number(row, 6, group.not_priced, formats["count"])
        # Of what is ranked, groups that cost nothing come last; of the months, the one that is not known.
        shown = [key for key, group in groups if (key != NOT_STATED if name == "By month" else group.cents[0])]
        if shown:
            count = len(shown) if name == "By month" else min(CHARTED, len(shown))
            more = f", the {count} dearest" if count < len(shown) else ""
            sheet.insert_chart(1, 8, self._chart(name, heading, count, more))

    def _compared(self, sheet: Any, name: str, heading: str, plan: Plan) -> None:
        """A sheet of groups with their amounts in each fiscal year, and the change from the first to the last."""
        years, formats = list(plan.budgets), self._formats
        parts = [*years, f"change {years[0]} to {years[-1]}"]
        heads = [heading, *(f"{TITLES[column]}, {part}" for column in SUMMED for part in parts), "Rows not priced"]
        self._begin_groups(sheet, heads, (34, *[18] * (len(heads) - 2), 12))
        sheet.set_row(0, 3 * _LINE)
        groups = plan.groups(name.removeprefix("By "))
        for row, (key, sums) in enumerate(groups, start=1):
            sheet.write_string(row, 0, key)
            amounts = [sums[year].dollars() for year in years]
            for number in range(len(SUMMED)):
                of_years = [amount[number] for amount in amounts]
                for at, amount in enumerate((*of_years, of_years[-1] - of_years[0]), start=1 + number * len(parts)):
                    sheet.write_number(row, at, amount, formats["amount" if at % len(parts) else "change"])
            if missing := max(group.not_priced for group in sums.values()):
                sheet.write_number(row, len(heads) - 1, missing, formats["count"])
        count = len(groups)
        if name == "By month":
            count -= NOT_STATED in dict(groups)
        elif count > CHARTED:
            count = CHARTED
        if count:
            more = f", the {count} dearest" if count < len(groups) else ""
            sheet.insert_chart(len(groups) + 2, 0, self._chart(name, heading, count, more, years))

    def _chart(self, sheet: str, heading: str, count: int, more: str = "", years: Sequence[str] = ()) -> Any:
        """Stacked columns: what NASRO reimburses, and on top what the agency pays; of years, each one's total."""
        kind = "column" if sheet == "By month" else "bar"
        chart = self._book.add_chart({"type": kind} if years else {"type": kind, "subtype": "stacked"})
        shades = {2 + SUMMED.index(column): colour for column, colour in _SHADES.items()}
        if years:
            shades = {at: _SHADES_OF_YEARS[(at - 1) % len(_SHADES_OF_YEARS)] for at in range(1, len(years) + 1)}
        for at, colour in shades.items():
            chart.add_series(
                {
                    "name": [sheet, 0, at],
                    "categories": [sheet, 1, 0, count, 0],
                    "values": [sheet, 1, at, count, at],
                    "fill": {"color": colour},
                    "border": {"color": "#404040", "width": 0.5},
                    "gap": 60,
                }
            )
        chart.set_title({"name": f"Cost by {heading.lower()}{more}", "name_font": {"size": 12}})
        # From 0 on: a stack that begins higher up shows its lowest part too short.
        amounts = {
            "name": "Dollars, all officers",
            "num_format": "#,##0",
            "min": 0,
            "major_gridlines": {"visible": True},
        }
        names: dict[str, Any] = {"name": heading}
        if kind == "bar":
            # The dearest on top, and the dollars at the foot all the same.
            chart.set_y_axis(names | {"reverse": True, "crossing": "max"})
            chart.set_x_axis(amounts)
        else:
            chart.set_x_axis(names)
            chart.set_y_axis(amounts)
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 560, "height": max(320, 120 + 26 * count if kind == "bar" else 320)})
        return chart

    def _summarize(self, plan: Plan, assumptions: Sequence[str]) -> None:
        sheet, formats = self._summary, self._formats
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 1, 18)
        sheet.set_column(2, 8, 18 if plan.has_years else 11)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 1)
        sheet.set_footer("&L&A&RPage &P of &N")
        sheet.write_string(0, 0, self._title, formats["title"])
        row = 2
        for at, name in enumerate(filter(None, [*plan.budgets, plan.has_years and "Change"]), start=1):
            sheet.write_string(row - 1, at, str(name), formats["head"])
        for text, figures, form in _figures(plan):
            sheet.write_string(row, 0, text, formats["label" if text else "beside"])
            for at, figure in enumerate(figures, start=1):
                if figure is not None:
                    sheet.write_number(row, at, figure, formats[form])
            if plan.has_years and figures and None not in (figures[0], figures[-1]):
                changed = (figures[-1] or 0) - (figures[0] or 0)
                kind = "change" if form in ("big", "amount") else form
                sheet.write_number(row, len(figures) + 1, changed, formats[kind])
            row += 1
        for meaning, count in plan.last.not_priced():
            sheet.write_string(row, 0, f"Not priced: {meaning.words}", formats["label"])
            sheet.write_number(row, len(plan.budgets), count, formats["count"])
            sheet.write_string(row, len(plan.budgets) + 1, meaning.fix, formats["beside"])
            row += 1
        row = self._say(row + 1, "What is supposed, and how the columns were read", _notes(plan))
        row = self._say(row + 1, "What these figures assume", assumptions)
        months = sum(key != NOT_STATED for key, _ in plan.groups("month"))
        if months:
            years = list(plan.budgets) if plan.has_years else ()
            chart = self._chart("By month", "Month of departure", months, years=years)
            sheet.insert_chart(row + 1, 0, chart)

    def _say(self, row: int, heading: str, sentences: Sequence[str]) -> int:
        """A heading and sentences below it, from a row on; the row after them. Nothing where there are none."""
        if not sentences:
            return row
        self._summary.write_string(row, 0, heading, self._formats["section"])
        for number, text in enumerate(sentences, start=1):
            self._summary.write_string(row + number, 0, text)
        return row + len(sentences) + 1


def _figures(plan: Plan) -> list[tuple[str, list[float | None], str]]:
    """The rows of the summary: what it is, its figure in each budget, and the format."""
    budgets = list(plan.budgets.values())
    each = [budget.per_officer() for budget in budgets]
    rows: list[tuple[str, list[float | None], str]] = [
        (f"{title}, all officers", [budget.total.dollars()[at] for budget in budgets], "big")
        for at, title in enumerate(TITLES.values())
    ]
    rows += [
        ("", [], "big"),
        ("Officers", [budget.officers for budget in budgets], "count"),
        ("Cost an officer", [None if amounts is None else amounts[0] for amounts in each], "amount"),
        ("NASRO reimburses an officer", [None if amounts is None else amounts[1] for amounts in each], "amount"),
        (
            f"Average use of the limit of {in_dollars(plan.limit)}",
            [budget.use_of(plan.limit) for budget in budgets],
            "part",
        ),
        ("Rows", [budget.rows for budget in budgets], "count"),
        ("Rows priced", [budget.priced for budget in budgets], "count"),
        ("Of the rows priced, those where the limit binds", [budget.capped for budget in budgets], "count"),
        ("Rows at a planning rate for mileage", [budget.planned for budget in budgets], "count"),
    ]
    return rows


def _notes(plan: Plan) -> list[str]:
    return [*plan.supposed(), *plan.columns.sentences()]


def assumptions(as_of: date, sources: Sequence[str], law: Law, limit: Decimal) -> list[str]:
    """The sentences next to a budget's figures, with the law's own of the day."""
    share = f"{law.number('mie-first-last-day', 'share', as_of) * 100:.0f} %"
    hours = law.count("entitlement-12-hours", "more_than_hours", as_of)
    return [
        "Amounts are plans, not claims: rooms at the lodging ceiling unless a room rate is given; "
        f"M&IE at {share} on",
        f"the first and last day; a trip of one day without hours is planned at more than {hours}.",
        "Furnished meals come off full days first, then the last day, then the first.",
        "Mileage is at the rate of the day of departure; where none is known yet, at the latest one (planning rate).",
        f"NASRO reimburses at most {in_dollars(limit)} for each officer, less what was paid before; "
        "all receipts are there.",
        *(f"Per diem rates: {source}." for source in sources),
        f"Made on {as_of}.",
    ]


def _is_day_of_excel(cell: date) -> bool:
    """Whether Excel has a number for a date or an instant: it knows no time zones, and no years before 1900."""
    return cell.year >= _FIRST_YEAR and getattr(cell, "tzinfo", None) is None


def _last_of_whom(names: Sequence[str]) -> int:
    """The last of the columns that identify a row's trip, which are repeated on every page."""
    of_whom = [at for at, name in enumerate(names[:_MOST_OF_WHOM]) if name in ("agency", "trip_id", *PLACE_COLUMNS)]
    return max(of_whom, default=0)


@lru_cache(maxsize=4096)
def _lines(reason: str) -> int:
    """The lines that a reason takes in its column.

    >>> _lines("place: Springfield is in 28 states; add the state"), _lines("place: " + "much to say; " * 9)
    (1, 3)
    """
    return len(wrap(reason, _WIDTHS["reason"]))


def _formats(book: Any) -> dict[str, Any]:
    # No line below: it would run through the tops of the letters of the first row, which stand as high as they can.
    head = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bottom": 0, "bg_color": "#D9E2F3"}
    money = "#,##0.00"
    # A wrapped reason makes its row high: the other cells stand beside its first line.
    of_row = {"valign": "top"}
    return {
        "head": book.add_format(head),
        "head_out": book.add_format(head | {"bg_color": "#E2EFDA"}),
        "text": book.add_format(of_row | {"align": "left", "indent": 1}),
        "wrapped": book.add_format(of_row | {"align": "left", "indent": 1, "text_wrap": True}),
        "beside": book.add_format({"indent": 1}),
        "money": book.add_format(of_row | {"num_format": money}),
        "amount": book.add_format({"num_format": money}),
        "number": book.add_format(of_row | {"num_format": "General"}),
        "change": book.add_format({"num_format": "+#,##0.00;-#,##0.00;0.00", "italic": True}),
        "part": book.add_format({"num_format": "0.0 %"}),
        "count": book.add_format({"num_format": "#,##0"}),
        "share": book.add_format({"num_format": "0 %"}),
        "day": book.add_format(of_row | {"num_format": "yyyy-mm-dd"}),
        "title": book.add_format({"bold": True, "font_size": 16}),
        "section": book.add_format({"bold": True, "font_size": 12}),
        "label": book.add_format({"bottom": 1, "bottom_color": "#BFBFBF"}),
        "big": book.add_format({"num_format": "$" + money, "bold": True, "bottom": 1, "bottom_color": "#BFBFBF"}),
    }
