"""What a cell of a submission states, what is due there and how to mend it, in one sentence that a reviewer reads."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perdiem_calc.lines import Line
from perdiem_calc.money import in_dollars
from perdiem_calc.submission import StatedCell, StatedRate, Value
from perdiem_calc.wording import capitalized, days_said, listed

LONGEST_TEXT, LONGEST_FORMULA = 60, 100
BUILD_AGAIN = "build the workbook again"
MENDS = {
    "typed": f"put the workbook's own formula back, or {BUILD_AGAIN}",
    "formula": f"put the workbook's own formula back, or {BUILD_AGAIN}",
    "changed": f"the program fills this in; {BUILD_AGAIN}",
    "moved": f"put the name back (Formulas, Name Manager), or {BUILD_AGAIN}",
}
THE_NEXT_TIME = {
    **dict.fromkeys(MENDS, "leave this cell as the workbook has it in the next one that you send"),
    "moved": "leave its names (Formulas, Name Manager) as the workbook has them in the next one that you send",
}
"""What the same is to whoever sent the workbook: NASRO has counted what is due."""
WITH_REASON = frozenset({"lodging_allowed", "tax_allowed", "allowed", "mie_allowed", "mie_percent", "day_type"})
"""The cells whose line's reason says why the amount is due."""
NOT_DEDUCTED = "a meal that a hotel or carrier gave with its price is not deducted"


def cell_said(check: str, cell: StatedCell, line: Line | None) -> str:
    """What stands in a cell, what is due, and the mend."""
    label = capitalized(cell.label)
    if cell.how == "moved":
        found = f"points to {cell.stated}" if cell.stated else "is gone"
        return f'{label} (the name "{cell.key}") {found}, and belongs to {cell.due}: {MENDS["moved"]}.'
    of_day = f" of {cell.on}" if cell.on is not None and cell.line else ""
    place = f"{label}{of_day} ({cell.cell})"
    due = f"the rules give {_shown(cell, cell.due)}{_reason(check, cell, line)}"
    match cell.how:
        case "formula":
            gives = "" if cell.stated is None else f", and gives {_shown(cell, cell.stated)}"
            said = f"{place} holds another formula, {_quoted(cell.formula, LONGEST_FORMULA)}{gives}; {due}"
        case "typed":
            said = f"{place} is typed over with {_shown(cell, cell.stated)}, and {due}"
        case _:
            said = f"{place} was changed to {_shown(cell, cell.stated)}, and {_shown(cell, cell.due)} is due there"
    return f"{said}: {MENDS[cell.how]}."


def rates_said(rates: Sequence[StatedRate]) -> str:
    """What rates a workbook uses, which are in force, and the mend."""
    if rates[0].is_other:
        said = listed([_other_said(rate) for rate in rates])
        mend = "build the workbook again with the right place and dates"
        return f"{capitalized(said)}: {mend}."
    (rate,) = rates
    return f"{_edited_said(rate)}: {MENDS['changed']}."


def _other_said(rate: StatedRate) -> str:
    field = next(iter(rate.stated))
    what = "lodging rate" if rate.is_lodging else "M&IE" if field == "total" else f"{field} part of the M&IE"
    stated, due = in_dollars(rate.stated[field]), in_dollars(rate.due[field])
    return f"the {what} of {days_said(rate.on)} is that of {rate.named}, {stated}, where {due} is in force"


def _edited_said(rate: StatedRate) -> str:
    parts = [
        f"{_part(field)} of {in_dollars(amount)} where {in_dollars(rate.due[field])} is in force"
        for field, amount in rate.stated.items()
    ]
    return f"The rates of {rate.named} ({', '.join(rate.cells)}) have {listed(parts)}"


def _part(field: str) -> str:
    names = {
        "lodging": "a lodging rate",
        "total": "M&IE",
        "incidental": "an incidental amount",
        "first_last_day": "M&IE on the first and last day",
    }
    return names.get(field, f"a {field}")


def _reason(check: str, cell: StatedCell, line: Line | None) -> str:
    if check == "complimentary-meal-deducted":
        return f", since {NOT_DEDUCTED}"
    if line is None or cell.key not in WITH_REASON:
        return ""
    return f" ({line.reason})"


def _shown(cell: StatedCell, value: Value | None) -> str:
    """A value as people read it: dollars, a share, a rate a mile, or as it stands."""
    if not isinstance(value, Decimal):
        return _quoted(value, LONGEST_TEXT) if value else "nothing"
    match cell.unit:
        case "share":
            return f"{(value * 100).normalize():f} %"
        case "dollars a mile":
            return f"${value:.3f} a mile"
        case "dollars" if value == round(value, 2):
            return in_dollars(value)
        case "dollars":
            return f"${value.normalize():f}"
        case _:
            return f"{value.normalize():f}"


def _quoted(text: str, longest: int) -> str:
    plain = " ".join(text.split())
    return f'"{plain[: longest - 3]}..."' if len(plain) > longest else f'"{plain}"'
