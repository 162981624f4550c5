"""The reviewer's sentence about a cell of a submission: what it states, what the rules give, how to fix it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perdiem_calc.checks.submission import Concealed, Shown, StatedCell, StatedRate, Value
from perdiem_calc.money import in_dollars
from perdiem_calc.rules.lines import Line
from perdiem_calc.text import Worded, capitalized, describe_days, listed, worded

LONGEST_TEXT, LONGEST_FORMULA = 60, 100
MOST_CELLS = 6
"""So many cells, or blocks of them, are named in a sentence."""
MOST_FIRST = 3
"""The sentence names at most so many of the cells where a difference begins."""
NEW_FORM = "copy the claim into a new form"
_AS_IT_IS = "leave this cell as the form has it in the next one that you send"
FIXES = {
    "typed": Worded(f"put the form's own formula back, or {NEW_FORM}", _AS_IT_IS),
    "formula": Worded(f"put the form's own formula back, or {NEW_FORM}", _AS_IT_IS),
    "changed": Worded(f"nobody fills this in; {NEW_FORM}", _AS_IT_IS),
    "moved": Worded(
        f"put the name back (Formulas, Name Manager), or {NEW_FORM}",
        "leave its names (Formulas, Name Manager) as the form has them in the next one that you send",
    ),
    "input": Worded(
        "compare it with its document, and type the value itself",
        "type the value itself in the next one that you send",
    ),
    "display": Worded(
        "what a cell holds counts; compare it with its document, and ask for a workbook that shows it",
        "let the next one that you send show what its cells hold",
    ),
    "kept": Worded(
        "the rules' amounts count; open the workbook, let it compute, and save it",
        "let your program compute all of the next one that you send",
    ),
    "place": Worded(
        "choose the rate area in which the place lies",
        "choose the rate area in which the place lies in the next one that you send",
    ),
}
"""What is done about a cell; the agency does it the next time, since NASRO has used the right amount."""
WITH_REASON = frozenset({"lodging_allowed", "tax_allowed", "allowed", "mie_allowed", "mie_percent", "day_type"})
"""The cells whose line's reason explains the amount."""
NOT_DEDUCTED = "a meal that a hotel or carrier gave with its price is not deducted"


def describe_cell(check: str, cell: StatedCell, line: Line | None) -> Worded:
    """What a cell holds, what the rules give, and the fix."""
    if cell.how == "moved":
        found = f"points to {cell.stated}" if cell.stated else "is gone"
        said = f'{capitalized(cell.label)} (the name "{cell.key}") {found}, and belongs to {cell.due}'
        return worded(f"{said}: ", FIXES["moved"], ".")
    match cell.how:
        case "formula":
            gives = "" if cell.stated is None else f", and gives {_shown(cell, cell.stated)}"
            said = f"holds another formula, {_quoted(cell.formula, LONGEST_FORMULA)}{gives}"
            due = f"; {_due(cell)}{_reason(check, cell, line)}"
        case "typed":
            said = f"is typed over with {_shown(cell, cell.stated)}"
            due = f", and {_due(cell)}{_reason(check, cell, line)}"
        case _:
            said, due = f"was changed to {_shown(cell, cell.stated)}", f", and {_shown(cell, cell.due)} is due there"
    return worded(f"{_of(cell)} {said}{'' if cell.due is None else due}: ", FIXES[cell.how], ".")


def describe_input_formula(cell: StatedCell) -> Worded:
    """Which formula a person typed, what it gives, what the workbook shows instead, and the fix."""
    gives = f"{_shown(cell, cell.due)}{' to the cent' if cell.unit == 'dollars' else ''}"
    seen = f", not as the {_shown(cell, cell.stated)} that is shown" if cell.stated not in (None, cell.due) else ""
    said = f"{_of(cell)} holds the formula {_quoted(cell.formula, LONGEST_FORMULA)} and counts as {gives}{seen}"
    return worded(f"{said}: ", FIXES["input"], ".")


def describe_concealed(found: Concealed) -> Worded:
    """Which cells a person does not see as they are, what they hold, what is seen instead, and the fix."""
    first = found.first
    if found.cells == (first.cell,):
        said = f"{_of(first)} holds {_shown(first, first.stated)}, but {found.how}"
    else:
        more = f" and {len(found.cells) - MOST_CELLS} more" if len(found.cells) > MOST_CELLS else ""
        cells = f"{', '.join(found.cells[:MOST_CELLS])}{more}"
        said = f"{capitalized(first.label)} and others ({cells}) are not seen as they are: {found.how}"
    return worded(f"{said}: ", FIXES["display"], ".")


def describe_shown(found: Shown) -> Worded:
    """What the workbook shows as a total, what the rules give, where the difference begins, and the fix."""
    total, first = found.total, found.first
    said = f"The workbook shows {_of(total)} as {_shown(total, total.stated)}, and {_due(total)}"
    if total not in first:
        begins = listed(
            [f"{_of(cell)}: {_shown(cell, cell.stated)}, due {_shown(cell, cell.due)}" for cell in first[:MOST_FIRST]]
        )
        more = f", and {len(first) - MOST_FIRST} more" if len(first) > MOST_FIRST else ""
        said += f" (the difference begins at {begins}{more})"
    return worded(f"{said}: ", FIXES["kept"], ".")


def _of(cell: StatedCell) -> str:
    of_day = f" of {cell.on}" if cell.on is not None and cell.line else ""
    return f"{capitalized(cell.label)}{of_day} ({cell.cell})"


def _due(cell: StatedCell) -> str:
    return f"the rules give {_shown(cell, cell.due)}"


def describe_rates(rates: Sequence[StatedRate]) -> Worded:
    """Which place's rates a workbook uses, which are in force, and the fix."""
    said = listed([_describe_rate(rate) for rate in rates])
    return worded(f"{capitalized(said)}: ", FIXES["place"], ".")


def _describe_rate(rate: StatedRate) -> str:
    what, field = ("lodging rate", "lodging") if rate.is_lodging else ("M&IE", "total")
    stated, due = in_dollars(rate.stated[field]), in_dollars(rate.due[field])
    return f"the {what} of {describe_days(rate.on)} is that of {rate.named}, {stated}, where {due} is in force"


def _reason(check: str, cell: StatedCell, line: Line | None) -> str:
    if check == "complimentary-meal-deducted":
        return f", since {NOT_DEDUCTED}"
    if line is None or cell.key not in WITH_REASON:
        return ""
    return f" ({line.reason})"


def _shown(cell: StatedCell, value: Value | None) -> str:
    """A value as people read it: dollars, a share, a rate a mile, or unchanged."""
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
