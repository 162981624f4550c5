"""Whether the officers of two claims may be one person: by name, by employee id, within one agency.

>>> hart = Person("2020UMWX0068", "William Hart", frozenset({"award 2020UMWX0068"}), frozenset({"9060"}))
>>> bill = Person("2020UMWX0068", "Bill Hart", frozenset({"award 2020UMWX0068"}), frozenset({"9060"}))
>>> resemblance(hart, bill)
Resemblance(same='same award, nickname; same employee id 9060', differs='name')
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.names import award_key, name_key, plain_letters, shape
from perdiem_calc.history.identity import OfficerKey, likeness
from perdiem_calc.rates.places import state_code

MOST_COMPARED = 20
"""With so many officers who share a word of the name within an award or agency is a name compared."""

_BEFORE_ID = re.compile(r"^\s*(?:(?:employee|emp|badge|payroll|personnel|id|number|no|nr)\b[\s.:#]*)+", re.I)
_NO_ID = frozenset(
    {
        "NA", "NONE", "NIL", "NULL", "NO", "UNKNOWN", "UNK", "TBD", "TBA", "PENDING", "NEW", "X", "XX", "XXX", "XXXX",
        "NOTAPPLICABLE", "NOTAVAILABLE", "NOTKNOWN", "NOTASSIGNED", "NOTYETASSIGNED", "SEEFILE", "ONFILE", "TEST",
    }
)  # fmt: skip
_ONLY_NINES = re.compile("9{3,}")
_IN_FULL = {
    "pd": "police department", "so": "sheriffs office", "dept": "department", "ofc": "office", "co": "county",
    "sheriff": "sheriffs",
}  # fmt: skip
_EMPTY_WORDS = frozenset({"the", "of"})

T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """An officer as a claim, a roster or the ledger names one.

    `agencies` are the keys of their agency, as `agency_keys` makes them; empty where nobody says. `employee_ids` are
    keys, as `employee_key` makes them.
    """

    award_number: str
    officer: str
    agencies: frozenset[str] = frozenset()
    employee_ids: frozenset[str] = frozenset()

    @classmethod
    def of(cls, claim: Claim) -> Person:
        """The officer of a claim."""
        number = employee_key(claim.officer.employee_id or "")
        ids = frozenset({number} if number else ())
        return cls(claim.award.number, claim.officer.name, agency_keys(claim), ids)

    @cached_property
    def key(self) -> OfficerKey:
        """The officer's key."""
        return OfficerKey.of(self.award_number, self.officer)


class Resemblance(NamedTuple):
    """What speaks for one person, and what differs, in words."""

    same: str
    differs: str


def employee_key(text: str) -> str:
    """An employee id's letters and digits in capitals, without words and zeros before it; empty for a placeholder.

    >>> employee_key("Badge #0-9060"), employee_key("n/a"), employee_key("000"), employee_key("T B D")
    ('9060', '', '', '')
    """
    key = "".join(filter(str.isalnum, _BEFORE_ID.sub("", plain_letters(text), count=1))).upper().lstrip("0")
    return "" if key in _NO_ID or _ONLY_NINES.fullmatch(key) else key


def agency_keys(claim: Claim) -> frozenset[str]:
    """The keys of an agency: its award, ORI, UEI or EIN, or its name within a state. One of them is enough."""
    agency = claim.agency
    stated = (("ori", agency.ori), ("uei", agency.uei), ("ein", agency.ein))
    keys = {f"{kind} {key}" for kind, text in stated if text and (key := employee_key(text))}
    name, state = agency_name_key(agency.name), claim.trip.official_station.state
    if name and state:
        keys.add(f"name {name}, {state_code(state) or state.casefold()}")
    return frozenset(keys | {f"award {award_key(claim.award.number)}"})


def agency_name_key(name: str) -> str:
    """An agency's name as it is compared: abbreviations written out, small words left out.

    >>> agency_name_key("The Rome PD") == agency_name_key("Rome Police Dept.")
    True
    """
    words = (_IN_FULL.get(word, word) for word in name_key(name).split() if word not in _EMPTY_WORDS)
    return " ".join(words)


def resemblance(one: Person, other: Person, *, by_name: bool = True) -> Resemblance | None:
    """Why two officers under different keys may be one person; None where nothing speaks for it.

    Without `by_name` names do not count: a person has compared them. Rule `chp-cap`.
    """
    is_one_agency = not one.agencies.isdisjoint(other.agencies)
    may_be_one_agency = is_one_agency or not (one.agencies and other.agencies)
    same = [likeness(one.key, other.key, is_one_agency=may_be_one_agency)] if by_name else []
    shared = sorted(one.employee_ids & other.employee_ids)
    if is_one_agency and shared:
        same.append(f"same employee id {shared[0]}")
    said = "; ".join(filter(None, same))
    return Resemblance(said, what_differs(one, other)) if said else None


def what_differs(one: Person, other: Person) -> str:
    """What differs between two officers, in words."""
    found = []
    if one.key.name != other.key.name:
        found.append("name")
    if one.key.award != other.key.award:
        found.append("award")
    if one.employee_ids and other.employee_ids and one.employee_ids.isdisjoint(other.employee_ids):
        found.append("employee id")
    return ", ".join(found) or "spelling"


class People(Generic[T]):
    """Officers that are remembered, each with a value of the caller's, by what another would share with them."""

    def __init__(self) -> None:
        self._sharing: dict[tuple[str, ...], dict[OfficerKey, tuple[Person, T]]] = defaultdict(dict)

    def enter(self, person: Person, what: T) -> None:
        """Remember an officer."""
        for shared in _shared(person):
            alike = self._sharing[shared]
            if len(alike) < MOST_COMPARED:
                alike.setdefault(person.key, (person, what))

    def near(self, person: Person, *, by_name: bool = True) -> Iterator[tuple[T, Resemblance]]:
        """Who of those remembered an officer under another key may be, each once."""
        seen = {person.key}
        for shared in _shared(person):
            for key, (other, what) in self._sharing.get(shared, {}).items():
                if key not in seen:
                    seen.add(key)
                    found = resemblance(person, other, by_name=by_name)
                    if found is not None:
                        yield what, found


def _shared(person: Person) -> Iterator[tuple[str, ...]]:
    key = person.key
    yield "name", key.name
    shapes = list(dict.fromkeys(map(shape, key.name.split())))
    for agency in sorted(person.agencies | {f"award {key.award}"}):
        yield from ((agency, number, "id") for number in sorted(person.employee_ids))
        yield from ((agency, word) for word in shapes)
