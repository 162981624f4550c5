"""The names of columns as people write them: which one each is read as, and which are not read.

`Room rate` is room_rate by its letters, and `Hotel rate` by its meaning (SYNONYMS); what is understood so, and every
column that is not read, is listed for the person, with the column that it may have been meant as.

>>> read = read_names(["Officers", "Flight", "Room", "Notes"], ["officers", "room_rate", "airfare"])
>>> read.names
['officers', 'airfare', 'Room', 'Notes']
>>> read.understood, read.unread
({'Flight': 'airfare'}, {'Room': 'room_rate', 'Notes': ''})
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from perdiem_calc.errors import InputError

_LIKENESS = 0.75
_SHORTEST = 3

_MEANINGS = """
place            destination, location, course location, training location, travel to, city and state, city/state
depart_on        depart, departs, departs on, departure, departure date, depart date, leave, leaves on, travel start
return_on        return, returns, returns on, return date, travel end
zip              zip code, zipcode, postal code
city             town
agency           department, dept, police department, agency name
officers         sros, sro count, number of officers, no of officers, number of sros, officer count, headcount
officers         travelers, number of travelers, attendees, participants
room_rate        hotel rate, lodging rate, nightly rate, rate per night, lodging per night, hotel per night
room_rate        room per night, room cost per night, hotel cost per night, lodging cost per night
lodging_tax_rate tax rate, taxrate, hotel tax rate
lodging_tax_percent tax %, lodging tax %, hotel tax %, tax percent, tax pct, tax rate %
breakfasts       breakfast, breakfasts furnished, breakfasts provided
lunches          lunch, lunches furnished, lunches provided
dinners          dinner, dinners furnished, dinners provided
miles            miles driven, total miles, round trip miles, miles round trip, driving miles
airfare          flight, flights, air fare, airfares, flight cost, flight price
airfare          plane ticket, airline ticket, air ticket
other            other costs, other cost, other expenses
paid_before      already paid, paid so far, previously paid, prior payments, reimbursed before
hours            hours away, trip hours
trip_id          trip number, trip no, trip #
name             site name
"""


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


SYNONYMS = {
    _plain(word): line.split(maxsplit=1)[0]
    for line in _MEANINGS.strip().splitlines()
    for word in line.split(maxsplit=1)[1].split(", ")
}
"""What other common names of columns mean."""


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """How the columns of a table are read: `names` in order, the known ones by their known name.

    `understood` are the columns that mean a known one, by what is written; `unread` those that are not read, with the
    known one that each may have been meant as, blank if there is none.
    """

    names: list[str]
    understood: dict[str, str]
    unread: dict[str, str]

    def sentences(self) -> list[str]:
        """What to know of them, a sentence each; none where every column has a known name."""
        said = []
        if self.understood:
            said.append("Read as: " + ", ".join(f"{name} = {meant}" for name, meant in self.understood.items()) + ".")
        if own := [name for name, near in self.unread.items() if not near]:
            said.append(f"Not read: {', '.join(own)}.")
        for name, near in self.unread.items():
            if near:
                said.append(f"Not read: {name}; did you mean {near}?")
        return said

    def record(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "understood": self.understood,
            "not_read": [{"column": name, "perhaps": near or None} for name, near in self.unread.items()],
        }


def read_names(columns: Iterable[object], known: Sequence[str]) -> ColumnNames:
    """How columns are read, where those of the `known` names are.

    A column that means one which has a column of its own name is not read. Raises InputError where two columns are
    the same known one.
    """
    names = [str(column) for column in columns]
    plain = [_plain(name) for name in names]
    meant = [SYNONYMS.get(name, "") for name in plain]
    found, understood, unread = [], {}, {}
    for name, own, other in zip(names, plain, meant, strict=True):
        if own in known:
            found.append(own)
        elif other in known and other not in plain:
            found.append(other)
            understood[name] = other
        else:
            found.append(name)
            unread[name] = other if other in known else ""
    _refuse_twice(names, found, known)
    missing = [name for name in known if name not in found]
    near = {name: meant or _near(_plain(name), missing) for name, meant in unread.items()}
    return ColumnNames(found, understood, near)


def matched(columns: Iterable[object], known: Sequence[str]) -> list[str]:
    """The names of the columns, in order, as `read_names` reads them; raises as it does."""
    return read_names(columns, known).names


def _refuse_twice(names: Sequence[str], found: Sequence[str], known: Sequence[str]) -> None:
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
