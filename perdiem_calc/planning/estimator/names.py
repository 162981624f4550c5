"""The names of columns as people write them: `Room rate` is room_rate, and `taxrate` may have been meant as one.

>>> matched(["Officers", "room rate", "Notes"], ["officers", "room_rate"])
['officers', 'room_rate', 'Notes']
>>> unread(["taxrate", "Notes"], ["lodging_tax_rate", "miles"])
[('taxrate', 'lodging_tax_rate')]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from perdiem_calc.errors import InputError

_LIKENESS = 0.75
_SHORTEST = 3


def matched(columns: Iterable[object], known: Sequence[str]) -> list[str]:
    """The names of the columns, in order; one that is known but for capitals, spaces and hyphens by its known name.

    Raises InputError where two columns are the same known one.
    """
    names = [str(column) for column in columns]
    found = [plain if (plain := _plain(name)) in known else name for name in names]
    for name in known:
        if found.count(name) > 1:
            written = dict.fromkeys(own for own, meant in zip(names, found, strict=True) if meant == name)
            said = f" (as {' and '.join(written)})" if len(written) > 1 else ""
            raise InputError(
                "table.column.repeated",
                f"the column {name} appears twice{said}",
                where="columns",
                fix="leave one out",
            )
    return found


def unread(columns: Iterable[object], known: Sequence[str]) -> list[tuple[str, str]]:
    """The columns that are not known, each with the known one that is not there and may have been meant.

    A column that is near none of them is the user's own, and is not among these.
    """
    names = [str(column) for column in columns]
    there = {_plain(name) for name in names}
    missing = [name for name in known if name not in there]
    found = ((name, _near(_plain(name), missing)) for name in names if _plain(name) not in known)
    return [(name, near) for name, near in found if near]


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def _near(name: str, known: Sequence[str]) -> str:
    """The known name that a plain one is nearly, is a part of, or begins with; blank if there is none."""
    squeezed = name.replace("_", "")
    names = {one.replace("_", ""): one for one in known}
    for near in get_close_matches(squeezed, names, n=1, cutoff=_LIKENESS):
        return names[near]
    if len(squeezed) >= _SHORTEST:
        for one, whole in names.items():
            if squeezed in one or squeezed.startswith(one.removesuffix("s")):
                return whole
    return ""
