"""Writes the sheets Rates and About: where every figure comes from, and how to read the workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import perdiem_calc
from perdiem_calc.claims.model import TRANSPORTATION
from perdiem_calc.dated import Law, Rule
from perdiem_calc.rates.model import PerDiemRate
from perdiem_calc.rules.expenses import BASE_RULES, NEVER
from perdiem_calc.rules.mie import DEDUCTED_FROM
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.columns import CATEGORIES
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.form.layout import LAYOUT_VERSION, Area, Kind, Role
from perdiem_calc.workbook.writing.book import Book
from perdiem_calc.workbook.writing.claim_sheet import put_value
from perdiem_calc.workbook.writing.sheet import Sheet
from perdiem_calc.workbook.writing.tables import fit_height

ABOUT_WIDTHS = (28, 70, 60)
FOREVER = date(2199, 12, 31)
ONLY_AT_BUILD = frozenset({"date-in-future"})
"""The bars to a claim that only the day of the build can tell."""
BARRED_AT_BUILD = "What barred the claim on the day of the build"

Row = dict[int, tuple[Any, Kind | None]]
"""The cells of a row, by column; without a kind a text that runs on over the cells beside it."""

WIDTHS = (36, 5, 10, 12.5, 9.5, 9.5, 9.5, 9.5, 9.5, 9.5, 9.5, 10, 22, 10.5, 26, 11)
LABEL, NUMBER, FROM, UNTIL, VALUE, MIE, BREAKFAST, LUNCH, DINNER, INCIDENTAL, FIRST_LAST, SOURCE = range(12)
STATE, YEAR, MONTH = NUMBER, FROM, UNTIL
FIRST_RATE_ROW = 3
"""The row (from 0) of the first rate."""
ON_ONE_PAGE = 2
"""So many rates, as of a trip with one stop, and what always follows them print on one page."""
RATE_HEADERS = (
    "Locality",
    "No.",
    "Fiscal year",
    "Month",
    "Lodging",
    "M&IE",
    "Breakfast",
    "Lunch",
    "Dinner",
    "Incidental",
    "First and last day",
    "Source",
    "File",
    "Retrieved",
    "SHA-256",
    "Not confirmed since",
)
RATE_NAMES = {
    "rate_lodging": VALUE,
    "rate_mie": MIE,
    "rate_breakfast": BREAKFAST,
    "rate_lunch": LUNCH,
    "rate_dinner": DINNER,
    "rate_incidental": INCIDENTAL,
}

PARAMETERS: tuple[tuple[str, str, str, str, Kind], ...] = (
    ("limit_for_each_officer", "Limit for each officer", "chp-cap", "limit", Kind.AMOUNT),
    ("receipt_threshold", "Receipt needed above", "chp-settings", "receipt_threshold", Kind.AMOUNT),
    ("first_last_share", "M&IE on the first and last day", "mie-first-last-day", "share", Kind.PERCENT),
    ("more_than_hours", "M&IE only above so many hours", "entitlement-12-hours", "more_than_hours", Kind.COUNT),
    ("full_from_hours", "Full days from so many hours", "entitlement-12-hours", "full_from_hours", Kind.COUNT),
    ("actual_expense_multiple", "Most approved: times the per diem", "actual-expense-300", "multiple", Kind.COUNT),
    ("laundry_nights", "Laundry from so many nights", "laundry", "nights", Kind.COUNT),
    ("course_hours_required", "Hours of the course", "chp-course", "hours", Kind.COUNT),
    ("days_to_submit", "Days to submit after completion", "chp-30-days", "days", Kind.COUNT),
    ("months_to_keep", "Months to keep the documents", "chp-retention", "months", Kind.COUNT),
    ("over_rate_lodging", "Lodging above the ceiling is", "chp-settings", "over_rate_lodging", Kind.CHOICE),
    ("late_claim", "A late claim: what follows", "chp-settings", "late_claim", Kind.CHOICE),
)
"""Defined name, what it is, the rule, the name of its value, and its kind."""

HOW_TO_READ = (
    "Shaded cells are what the agency states; everything else is computed from them, or was filled in at the build.",
    "The four amounts on Claim: claimed, allowable under the rules, payable by NASRO within the limit, and the "
    "agency's own share, which is the claimed amount less the payable one.",
    "Days has a line N for each night's room, T for its tax, D for the day's meals and incidentals; Expenses has E.",
    "Change a shaded cell and the amounts follow. Findings, reasons and the column Disallowed are as of the build.",
    "A date of the trip that changes needs a new build, since rates belong to the day of travel.",
    "Every amount names its rule; this sheet gives the citation in force on the days of travel, Rates the figures.",
    "Nothing here is a macro, a link or a query. The sheets are protected without a password, against slips only.",
)
SETTINGS: tuple[tuple[str, str], ...] = (
    ("lodging_tax_counts_towards_cap", "Lodging tax counts towards the limit"),
    ("over_rate_lodging", "Lodging above the ceiling is"),
    ("late_claim", "A late claim is for"),
    ("receipt_threshold", "A receipt is needed above"),
    ("mie_basis", "M&IE is paid"),
)


def write_rates_sheet(book: Book, contents: Contents) -> None:
    """Fill the sheet Rates: rates used, M&IE tiers, mileage rates, parameters in force, categories."""
    sheet, plain = book.sheets[layout.RATES], book.styles.plain
    sheet.text(0, 0, "Rates and figures of this claim, and where they come from", plain("title"))
    sheet.height(0, 22)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    rates = [_rate_row(number, rate) for number, rate in enumerate(contents.rates, start=1)]
    row = _write_block(book, sheet, FIRST_RATE_ROW - 1, RATE_HEADERS, rates)
    for number in range(len(rates)):
        sheet.height(row - 1 - number, 38)
    for name, column in RATE_NAMES.items():
        book.name(name, Area(layout.RATES, row - len(rates), column, row - 1, column))
    row = _write_mileage(book, sheet, contents.law, row + 1)
    row = _write_parameters(book, sheet, contents, row + 1)
    _write_categories(book, sheet, row + 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1 if len(rates) <= ON_ONE_PAGE else 0)


def _write_block(book: Book, sheet: Sheet, row: int, headers: Sequence[str], rows: Iterable[Row]) -> int:
    """Write headers and rows; returns the row after them."""
    for column, header in enumerate(headers):
        sheet.text(row, column, header, book.styles.plain("subheader"))
    sheet.height(row, 24)
    for cells in rows:
        row += 1
        for column, (value, kind) in sorted(cells.items()):
            if kind is None:
                sheet.text(row, column, value, book.styles.plain("tiny_left"))
            else:
                put_value(sheet, row, column, value, kind, book.styles.of(Role.COMPUTED, kind))
    return row + 1


def _rate_row(number: int, rate: PerDiemRate) -> Row:
    tier, source = rate.mie, rate.source
    return {
        LABEL: (f"{rate.locality.name}, {rate.locality.state}", Kind.TEXT),
        NUMBER: (number, Kind.COUNT),
        YEAR: (rate.fiscal_year, Kind.COUNT),
        MONTH: (f"{rate.month:02}", Kind.CHOICE),
        VALUE: (rate.lodging, Kind.AMOUNT),
        MIE: (tier.total, Kind.AMOUNT),
        BREAKFAST: (tier.breakfast, Kind.AMOUNT),
        LUNCH: (tier.lunch, Kind.AMOUNT),
        DINNER: (tier.dinner, Kind.AMOUNT),
        INCIDENTAL: (tier.incidental, Kind.AMOUNT),
        FIRST_LAST: (tier.first_last_day, Kind.AMOUNT),
        SOURCE: (source.kind, Kind.CHOICE),
        SOURCE + 1: (_describe_source(rate), Kind.TEXT),
        SOURCE + 2: (source.retrieved_at, Kind.TEXT),
        SOURCE + 3: (source.sha256, Kind.TEXT),
        SOURCE + 4: (source.stale_since, Kind.TEXT),
    }


def _describe_source(rate: PerDiemRate) -> str:
    """The name of a rate's source; with its season where seasons do not follow the months, and what is doubtful."""
    season = [f"season {rate.season}"] if rate.season else []
    return "; ".join((rate.source.name, *season, *rate.source.doubts))


def _write_mileage(book: Book, sheet: Sheet, law: Law, row: int) -> int:
    headers = (
        "Mileage of a privately owned vehicle, dollars a mile",
        "",
        "From",
        "Until",
        "A mile",
        "Agency car assigned",
    )
    entries = law.rules["pov-mileage"].values["car_no_gov_vehicle"].entries
    assigned = law.rules["pov-mileage"].values["car_gov_vehicle_available"]
    rows: list[Row] = [
        {
            LABEL: (entry.citation, Kind.TEXT),
            FROM: (entry.effective_from, Kind.DATE),
            UNTIL: (entry.effective_to or FOREVER, Kind.DATE),
            VALUE: (entry.value, Kind.MILEAGE_RATE),
            MIE: (assigned.on(entry.effective_from), Kind.MILEAGE_RATE),
        }
        for entry in entries
    ]
    after = _write_block(book, sheet, row, headers, rows)
    for name, column in (("mileage_from", FROM), ("mileage_rate", VALUE), ("mileage_rate_assigned", MIE)):
        book.name(name, Area(layout.RATES, after - len(rows), column, after - 1, column))
    book.name("mileage_until", Area.cell(layout.RATES, after - 1, UNTIL))
    return after


def _write_parameters(book: Book, sheet: Sheet, contents: Contents, row: int) -> int:
    law, on = contents.law, contents.claim.trip.returned_on
    headers = ("Figures in force on the day of return", "", "", "", "Value", "Rule and citation")
    rows: list[Row] = [
        {
            LABEL: (label, Kind.TEXT),
            VALUE: (law.rules[rule].values[value].on(on), kind),
            MIE: (f"{rule}: {law.citation(rule, on)}", None),
        }
        for _, label, rule, value, kind in PARAMETERS
    ]
    checks = dict.fromkeys(block.check for block in contents.itemized.blocks)
    barred = " ".join(check for check in checks if check in ONLY_AT_BUILD)
    rows.append({LABEL: (BARRED_AT_BUILD, Kind.TEXT), VALUE: (barred or None, Kind.CHOICE)})
    after = _write_block(book, sheet, row, headers, rows)
    first = after - len(rows)
    for offset, (name, *_) in enumerate(PARAMETERS):
        book.name(name, Area.cell(layout.RATES, first + offset, VALUE))
    book.name("blocks_at_build", Area.cell(layout.RATES, after - 1, VALUE))
    return after


def _write_categories(book: Book, sheet: Sheet, row: int) -> None:
    headers = ("Categories of expenses", "", "Never paid", "Group", "Rule")
    never_last = sorted(CATEGORIES, key=lambda category: category in NEVER)
    rows: list[Row] = [
        {
            LABEL: (category, Kind.TEXT),
            FROM: ("never" if category in NEVER else None, Kind.CHOICE),
            UNTIL: ("transportation" if category in TRANSPORTATION else "other", Kind.CHOICE),
            VALUE: (BASE_RULES.get(category, "not-allowable"), None),
        }
        for category in never_last
    ]
    after = _write_block(book, sheet, row, headers, rows)
    first, paid = after - len(rows), len(CATEGORIES) - len(NEVER)
    book.name("expense_kinds", Area(layout.RATES, first, LABEL, after - 1, LABEL))
    book.name("category_groups", Area(layout.RATES, first, UNTIL, after - 1, UNTIL))
    book.name("never_paid", Area(layout.RATES, first + paid, LABEL, after - 1, LABEL))
    meals: list[Row] = [{LABEL: (by, Kind.TEXT)} for by in sorted(DEDUCTED_FROM)]
    after = _write_block(book, sheet, after + 1, ("Furnished meals that are deducted",), meals)
    book.name("meals_deducted", Area(layout.RATES, after - len(meals), LABEL, after - 1, LABEL))


def write_about_sheet(book: Book, contents: Contents) -> None:
    """Fill the sheet About: versions, how to read the workbook, settings, the rules with their citations."""
    sheet, plain = book.sheets[layout.ABOUT], book.styles.plain
    for column, width in enumerate(ABOUT_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.text(0, 0, "About this workbook", plain("title"))
    sheet.height(0, 22)
    row = 2
    made = "form" if contents.is_form else f"claim, built {contents.built_on}"
    for label, said in (
        ("Made by", f"perdiem_calc {perdiem_calc.__version__}"),
        ("Layout version", str(LAYOUT_VERSION)),
        ("This workbook is a", made),
    ):
        sheet.text(row, 0, label, plain("label"))
        sheet.text(row, 1, said, plain("label"))
        row += 1
    row = _write_words(
        book, sheet, row + 1, "How to read it", [(f"{n}", text) for n, text in enumerate(HOW_TO_READ, 1)]
    )
    row = _write_words(book, sheet, row + 1, "Settings that the fact sheet leaves open", _settings(contents))
    _write_rules(book, sheet, contents, row + 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_words(book: Book, sheet: Sheet, row: int, title: str, words: Iterable[tuple[str, str]]) -> int:
    plain = book.styles.plain
    sheet.text(row, 0, title, plain("subheader"))
    sheet.blank(row, 1, plain("subheader"))
    for label, text in words:
        row += 1
        sheet.text(row, 0, label, plain("code"))
        sheet.text(row, 1, text, plain("wrapped"))
        fit_height(sheet, row, ((text, ABOUT_WIDTHS[1]),))
    return row + 1


def _settings(contents: Contents) -> Iterator[tuple[str, str]]:
    law, on = contents.law, contents.claim.trip.returned_on
    for name, label in SETTINGS:
        entry = law.rules["chp-settings"].values[name].entry(on)
        value = f"${entry.value}" if name == "receipt_threshold" else str(entry.value)
        yield label, f"{value} (since {entry.effective_from})"


def _write_rules(book: Book, sheet: Sheet, contents: Contents, row: int) -> None:
    plain = book.styles.plain
    for column, header in enumerate(("Rule", "What it says", "Citation in force on the days of travel")):
        sheet.text(row, column, header, plain("subheader"))
    trip = contents.claim.trip
    for rule in contents.law.rules.values():
        row += 1
        sheet.text(row, 0, rule.id, plain("code"))
        sheet.text(row, 1, rule.title, plain("code"))
        citations = _citations(rule, (trip.departed_on, trip.returned_on))
        sheet.text(row, 2, citations, plain("code"))
        fit_height(sheet, row, ((rule.title, ABOUT_WIDTHS[1]), (citations, ABOUT_WIDTHS[2])))


def _citations(rule: Rule, days: Iterable[date]) -> str:
    return "; ".join(dict.fromkeys(rule.citation.on(day) for day in days))
