"""Writes the sheet Claim: the agency's statement on one page, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, get_args

from perdiem_calc.rules import chp
from perdiem_calc.rules.chp import CourseWords
from perdiem_calc.rules.lines import Group
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.claim_page import CARRIED, COLUMN_WIDTH, COLUMNS, GROUPS, PAYMENT, Placed
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.form.formulas import formulas_of_claim
from perdiem_calc.workbook.form.layout import LAYOUT_VERSION, NO, YES, Area, Kind, Role
from perdiem_calc.workbook.form.notes import note_of
from perdiem_calc.workbook.writing.book import Book, validation
from perdiem_calc.workbook.writing.sheet import LINE_HEIGHT, Sheet, Value, lines_of, serial

LONGEST = 4
"""The lines that a text may take on the page."""
CAPTION_HEIGHT, VALUE_HEIGHT, TITLE_HEIGHT = 11.5, 17.5, 15.5

CERTIFICATION = (
    "By signing, I state that to the best of my knowledge and belief this claim is true, complete and correct; that "
    "every expense was incurred for the travel and training described above, was paid, and is claimed from no other "
    "source; and that the claim keeps to the terms of the award. I understand that a false, fictitious or misleading "
    "statement, or leaving out a material fact, may have criminal, civil or administrative consequences."
)
"""In our own words, on the model of 2 CFR 200.415(b)."""


def write_claim_sheet(book: Book, contents: Contents) -> None:
    """Fill the sheet Claim."""
    sheet = book.sheets[layout.CLAIM]
    _set_up(sheet, contents)
    _write_heads(book, sheet, contents)
    values = computed_values(contents)
    formulas = claim_formulas(contents)
    for placed in contents.page.placed:
        _write_field(book, sheet, contents, placed, values, formulas)
        book.name(placed.field.name, placed.area.first)
    _name_lists(book, contents)
    _write_words(book, sheet, contents)
    _validate(sheet, contents)
    _mark_needed(book, sheet, contents)


def computed_values(contents: Contents) -> Mapping[str, Value]:
    """The value of each formula of the sheet, by defined name."""
    itemized, claim = contents.itemized, contents.claim
    totals, shape = itemized.totals, itemized.shape
    on = claim.course.ends_on
    completed = None if "course.completed_on" in contents.unknown else claim.course.completed_on
    blocked_by = " ".join(dict.fromkeys(block.check for block in itemized.blocks))
    counted_on = None if "prepared_on" in contents.unknown else claim.counted_on
    values: dict[str, Value] = {
        **{name: getattr(totals, field) for name, field in TOTALS.items()},
        "official_first": serial(shape.first) if shape.first else "",
        "official_last": serial(shape.last) if shape.last else "",
        "trip_hours": "" if shape.hours is None else float(shape.hours),
        "longest_stay": longest_stay(contents),
        "due_on": serial(chp.due_on(completed, contents.law.count("chp-30-days", "days", on))) if completed else "",
        "keep_until": (
            serial(chp.keep_until(counted_on, contents.law.count("chp-retention", "months", on)))
            if counted_on
            else ""
        ),
        "cap_left": max(Decimal("0.00"), totals.cap - totals.previously_reimbursed),
        "cap_adjustment": -totals.over_cap,
        "layout_version": LAYOUT_VERSION,
        "pov_excess": contents.lines["POV"].amount_allowed if "POV" in contents.lines else Decimal("0.00"),
        "credits_beyond": contents.credits_beyond,
        "clock_shift": contents.clock_shift,
        "claim_blocked": bool(itemized.blocks),
        "claim_blocked_by": blocked_by,
    }
    return values | _group_values(contents)


TOTALS = {
    "claimed_total": "claimed",
    "allowable_total": "allowable",
    "payable": "payable",
    "agency_share": "agency_share",
    "cap_limit": "cap",
    "payable_if_mended": "payable_if_mended",
    "over_ceiling_total": "over_ceiling",
    "not_allowable_total": "not_allowable",
    "over_cap_total": "over_cap",
    "lodging_allowed_total": "lodging",
    "lodging_tax_allowed_total": "lodging_tax",
    "mie_allowed_total": "mie",
    "transportation_allowed_total": "transportation",
    "other_allowed_total": "other",
}
"""The computed totals of the sheet by their defined names: the names of the same totals of the itemized claim."""


def longest_stay(contents: Contents) -> int:
    """The longest run of nights that belong to the trip."""
    longest = run = 0
    for day in contents.itemized.days:
        run = run + 1 if day.night_is_payable and not contents.claim.trip.day_trips else 0
        longest = max(longest, run)
    return longest


def _group_values(contents: Contents) -> dict[str, Value]:
    claimed = dict.fromkeys(get_args(Group), Decimal("0.00"))
    credits_off = Decimal("0.00")
    for line in contents.itemized.lines:
        claimed[line.group] += line.amount_claimed
        if line.category == "credit":
            credits_off += line.amount_allowed
    named: dict[str, Value] = {f"{group}_claimed_total": amount for group, amount in claimed.items()}
    return {**named, "credits_off_total": credits_off}


def claim_formulas(contents: Contents) -> Mapping[str, str]:
    """The formulas of the sheet, by defined name."""
    return formulas_of_claim(CourseWords.of(contents.law, contents.claim.course.starts_on))


def _set_up(sheet: Sheet, contents: Contents) -> None:
    sheet.set_column(0, COLUMNS - 1, COLUMN_WIDTH)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.print_area(0, 0, contents.page.last_row + 1, COLUMNS - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:L200", "formula_unlocked": "A1:L200"})


def _write_heads(book: Book, sheet: Sheet, contents: Contents) -> None:
    plain, page = book.styles.plain, contents.page
    kind = "Form to fill in" if contents.is_form else "Claim"
    sheet.text(0, 0, "Travel reimbursement claim", plain("title"))
    sheet.height(0, 22)
    sheet.text(1, 0, f"{kind} · NASRO Basic School Resource Officer Course · COPS Hiring Program", plain("subtitle"))
    note = "Shaded cells are what the agency states; white ones compute. Build the claim again after a change."
    if contents.is_form:
        note = "Fill in the shaded cells; what is bold is needed. White cells compute themselves."
    sheet.text(2, 0, note, plain("hint"))
    for row, title in page.titles:
        _bar(sheet, row, title, plain("section"))
    for row, start, band in page.list_captions:
        column = start
        for field in band:
            sheet.text(row, column, field.label, plain("caption"))
            column += field.span
        sheet.height(row, CAPTION_HEIGHT)


def _bar(sheet: Sheet, row: int, title: str, style: int) -> None:
    sheet.text(row, 0, title, style)
    for column in range(1, COLUMNS):
        sheet.blank(row, column, style)
    sheet.height(row, TITLE_HEIGHT)


def _write_field(
    book: Book,
    sheet: Sheet,
    contents: Contents,
    placed: Placed,
    values: Mapping[str, Value],
    formulas: Mapping[str, str],
) -> None:
    field, area, plain = placed.field, placed.area, book.styles.plain
    row, column = area.row, area.column
    style = book.styles.of(field.role, field.kind)
    headline = row == contents.page.headline_row + 1
    if placed.caption:
        caption = "headline_caption" if headline else "caption_needed" if field.needed else "caption"
        _spread(
            sheet,
            Area(area.sheet, row - 1, column, row - 1, area.last_column),
            placed.caption,
            plain(caption),
            headline,
        )
        sheet.height(row - 1, CAPTION_HEIGHT)
    if headline:
        style = plain("headline")
    if field.role is Role.COMPUTED:
        sheet.formula(row, column, formulas[field.path], style, values[field.path])
    elif field.role is Role.FIXED:
        tiny = style if field.path in CARRIED else plain("tiny")
        put_value(sheet, row, column, values[field.path], field.kind, tiny)
    else:
        put_value(sheet, row, column, contents.value(field.path), field.kind, style)
    for beside in range(column + 1, area.last_column + 1):
        sheet.blank(row, beside, style)
    if area.last_column > column:
        sheet.merge_area(area)
    sheet.height(row, 24 if headline else max(VALUE_HEIGHT, sheet.height_of(row), _height_for(contents, placed)))


def _height_for(contents: Contents, placed: Placed) -> float:
    """The height that a typed text needs in its cell; a very long one is cut, so that the claim stays one page."""
    if placed.field.kind is not Kind.TEXT or placed.field.role is not Role.INPUT:
        return 0
    text = contents.value(placed.field.path)
    return LINE_HEIGHT * min(LONGEST, lines_of(text, placed.field.span * COLUMN_WIDTH)) + 5 if text else 0


def _spread(sheet: Sheet, area: Area, text: str, style: int, whole: bool) -> None:
    sheet.text(area.row, area.column, text, style)
    if area.last_column > area.column:
        for column in range(area.column + 1, area.last_column + 1):
            sheet.blank(area.row, column, style)
        sheet.merge_area(area)


def put_value(sheet: Sheet, row: int, column: int, value: Any, kind: Kind, style: int) -> None:
    """Put a value of the claim into a cell that a person fills in; nothing stated leaves it blank."""
    if value is None:
        sheet.blank(row, column, style)
    elif isinstance(value, bool):
        sheet.text(row, column, YES if value else NO, style)
    elif isinstance(value, date | time):
        sheet.number(row, column, serial(value), style)
    elif isinstance(value, Decimal | int):
        sheet.number(row, column, value, style)
    else:
        sheet.text(row, column, str(value), style)


def _name_lists(book: Book, contents: Contents) -> None:
    """Names for whole columns of the page's lists, for the formulas."""
    page = contents.page
    for name, path, count in (
        ("credit_lines", "credits[{}].line", page.credits),
        ("credit_amounts", "credits[{}].amount", page.credits),
        ("stop_departures", "trip.stops[{}].departed_on", page.stops),
    ):
        first, last = page.area(path.format(0)), page.area(path.format(count - 1))
        book.name(name, Area(first.sheet, first.row, first.column, last.row, first.column))


def _write_words(book: Book, sheet: Sheet, contents: Contents) -> None:
    plain, page = book.styles.plain, contents.page
    row = page.groups_row
    _spread(sheet, Area(layout.CLAIM, row, 0, row, 3), "By group", plain("subheader"), True)
    for column, text in ((4, "Claimed"), (5, "Allowed")):
        sheet.text(row, column, text, plain("subheader_right"))
    for offset, (label, claimed, _) in enumerate(GROUPS, start=1):
        _spread(sheet, Area(layout.CLAIM, row + offset, 0, row + offset, 3), label, plain("label"), True)
        if not claimed:
            sheet.blank(row + offset, 4, plain("label"))
        sheet.height(row + offset, VALUE_HEIGHT)
    for offset, field in enumerate(PAYMENT):
        _spread(sheet, Area(layout.CLAIM, row + offset, 6, row + offset, 9), f"  {field.label}", plain("label"), True)
    _spread(
        sheet,
        Area(layout.CLAIM, page.blocked_row, 0, page.blocked_row, 2),
        "Barred from payment?",
        plain("label_strong"),
        True,
    )
    certify = Area(layout.CLAIM, page.certify_row, 0, page.certify_row, COLUMNS - 1)
    _spread(sheet, certify, CERTIFICATION, plain("certify"), True)
    sheet.height(page.certify_row, 48)
    _write_signature_lines(book, sheet, contents)


def _write_signature_lines(book: Book, sheet: Sheet, contents: Contents) -> None:
    plain, page = book.styles.plain, contents.page
    row = page.sign_row + 2
    for column in (0, 4, 8):
        sheet.text(row, column, "Signature", plain("tiny"))
        for beside in range(column + 1, column + 4):
            sheet.blank(row, beside, plain("ink"))
    sheet.height(row, 27)
    sheet.height(row + 1, 6)
    last = page.last_row
    built = "" if contents.is_form else f"Findings are as of the build, {contents.built_on}. "
    note = f"{built}The agency keeps the documents."
    sheet.text(last, 0, note, plain("tiny_left"))
    sheet.text(last, COLUMNS - 2, "Layout", plain("tiny_right"))


def _validate(sheet: Sheet, contents: Contents) -> None:
    """One validation for all cells that take the same."""
    groups: dict[tuple[Kind, tuple[str, ...], str, str], list[Area]] = {}
    for placed in contents.page.placed:
        field, note = placed.field, note_of(placed.field.path)
        if field.role is Role.INPUT:
            takes = (field.kind, field.choices, field.label if note else "", note)
            groups.setdefault(takes, []).append(placed.area)
    for (kind, choices, label, note), areas in groups.items():
        told = validation(kind, areas, label=label, choices=choices, hint=note)
        if told is not None:
            sheet.data_validation(*told)


def _mark_needed(book: Book, sheet: Sheet, contents: Contents) -> None:
    """Needed cells that are blank stand out; so does what bars the payment."""
    needed = [p.area for p in contents.page.placed if p.field.needed]
    ranges = " ".join(area.address.partition("!")[2] for area in needed)
    first = needed[0]
    blank = book.look({"bg_color": "#FFD27F"})
    sheet.conditional_format(
        first.row, first.column, first.row, first.column, {"type": "blanks", "format": blank, "multi_range": ranges}
    )
    row = contents.page.blocked_row
    barred = book.look({"font_color": "#B00020", "bold": True})
    sheet.conditional_format(
        row, 3, row, COLUMNS - 1, {"type": "formula", "criteria": "=claim_blocked", "format": barred}
    )
