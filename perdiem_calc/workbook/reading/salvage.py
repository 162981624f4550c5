"""Reads of a broken claim what can be read: the rest is left out of it, entry by entry, and named.

The entry that an unreadable cell belongs to (a night, an expense, a credit) is left out of the claim, or the field
where it belongs to none, so that the rest can be audited; a claim with such a cell is never paid.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.workbook.form.layout import CellMap

MOST_LEFT_OUT = 50
"""With more unreadable entries than this a claim is not worth computing."""
ENTRIES = frozenset({"lodging", "expenses", "credits", "furnished_meals"})
"""Lists whose entries stand for themselves."""
WITH_FOLLOWING: Mapping[str, tuple[str, ...]] = {
    "kind": ("replaces",),
    "replaces": ("kind",),
    "previous_claims": (),
    "previously_reimbursed": ("previous_claims",),
}
"""Fields that are left out as a whole, and what cannot be judged without them."""

_PARTS = re.compile(r"[^.\[\]]+")
_NUMBER = re.compile(r"[0-9]{1,6}")


def salvaged(
    stated: Mapping[str, Any], cells: CellMap, unread: Iterable[str], refuse: Callable[[InputError], None]
) -> Claim | None:
    """The claim without what cannot be read of it; None where too much cannot.

    `unread` are the cells that cannot be read; `refuse` takes what else is refused, which is left out too. Entries
    that are left out are forgotten in `cells`.
    """
    rest = _Rest(copy.deepcopy(dict(stated)), cells)
    places = list(unread)
    if len(places) > MOST_LEFT_OUT:
        return None
    # From behind, since the places of an entry that is left out go to the next.
    for path in sorted({cells.path(place) for place in places}, key=_order, reverse=True):
        rest.leave_out(path)
    for _ in range(MOST_LEFT_OUT):
        try:
            return parse_claim(rest.stated)
        except InputErrors as errors:
            first = errors.errors[0]
            for error in errors.errors:
                if not rest.explains(error):
                    refuse(error)
            if first.check or not rest.leave_out(first.where):
                return None
    return None


def _order(path: str) -> tuple[str, int]:
    name, *parts = _PARTS.findall(path) or [""]
    return name, int(parts[0]) if parts and parts[0].isdecimal() else 0


@dataclass
class _Rest:
    """What is left of a claim as stated when what cannot be read is left out of it."""

    stated: dict[str, Any]
    cells: CellMap
    fields: set[str] = field(default_factory=set)

    def explains(self, error: InputError) -> bool:
        """Whether an error only follows from what was left out: of the trip nothing stands for itself."""
        return error.where.startswith("trip") and any(left.startswith("trip") for left in self.fields)

    def leave_out(self, path: str) -> bool:
        """Leave out what a path names: the entry it belongs to, else the field; False where there is neither."""
        name, *parts = _PARTS.findall(path) or [""]
        entries = self.stated.get(name)
        if name in WITH_FOLLOWING:
            for follows in (name, *WITH_FOLLOWING[name]):
                self.stated.pop(follows, None)
        elif name in ENTRIES and isinstance(entries, list) and parts and int(parts[0]) < len(entries):
            self._leave_out_entry(name, int(parts[0]), entries)
        elif not self._leave_out_field([name, *parts]) and not self._leave_out_innermost([name, *parts]):
            return False
        self.fields.add(path if name not in WITH_FOLLOWING else name)
        return True

    def _leave_out_entry(self, name: str, index: int, entries: list[Any]) -> None:
        del entries[index]
        self.cells.drop(name, index)
        kinds = {"lodging": "NT", "expenses": "E"}.get(name, "")
        credits = self.stated.get("credits", [])
        for at, credit in reversed(list(enumerate(credits))):
            line = str(credit.get("line") or " ")
            if line[0] not in kinds or not _NUMBER.fullmatch(line, 1):
                continue
            if int(line[1:]) == index + 1:
                self._leave_out_entry("credits", at, credits)
            elif int(line[1:]) > index + 1:
                credit["line"] = f"{line[0]}{int(line[1:]) - 1}"

    def _leave_out_field(self, parts: list[str]) -> bool:
        group: Any = self.stated
        *groups, last = parts
        for part in groups:
            if isinstance(group, list) and part.isdecimal() and int(part) < len(group):
                group = group[int(part)]
            elif isinstance(group, dict) and part in group:
                group = group[part]
            else:
                return False
        if not isinstance(group, dict) or last not in group:
            return False
        del group[last]
        return True

    def _leave_out_innermost(self, parts: list[str]) -> bool:
        """Leave out the innermost entry of a list that a field belongs to."""
        group: Any = self.stated
        found: tuple[list[Any], int] | None = None
        for part in parts:
            if isinstance(group, list) and part.isdecimal() and int(part) < len(group):
                found = group, int(part)
                group = group[int(part)]
            elif isinstance(group, dict) and part in group:
                group = group[part]
        if found is not None:
            del found[0][found[1]]
        return found is not None
