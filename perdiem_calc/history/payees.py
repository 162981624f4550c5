"""Who is paid: the agency, its city or county, as it was paid before; never a person. Rule `chp-payee`.

>>> before = PaidTo("City of Rome", "50 Court Square, Rome, GA 30161", "rome.example", "Rome Police Department")
>>> is_of_agency("Rome Finance Office", [before], frozenset()), is_of_agency("Dayton PD", [before], frozenset())
(True, False)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.names import name_key
from perdiem_calc.history.identity import OfficerKey, likeness
from perdiem_calc.history.people import agency_name_key
from perdiem_calc.rates.places import state_code

_TITLES = frozenset(
    {
        "officer", "ofc", "sro", "deputy", "dep", "sergeant", "sgt", "corporal", "cpl", "lieutenant", "lt",
        "captain", "capt", "detective", "det", "mr", "mrs", "ms", "dr"
    }
)  # fmt: skip
# Words of agencies and their offices that tell none from another.
_GENERIC = frozenset(
    {
        "the", "of", "and", "for", "city", "town", "township", "village", "borough", "county", "parish",
        "municipality", "municipal", "state", "police", "department", "sheriffs", "office", "public", "safety",
        "school", "schools", "district", "independent", "unified", "isd", "finance", "treasurer", "treasury",
        "accounts", "payable", "accounting", "clerk", "comptroller", "controller", "board", "commissioners",
        "supervisors", "council", "government", "fiscal", "division", "bureau", "marshal", "marshals"
    }
)  # fmt: skip
_STREETS = {
    "st": "street", "ave": "avenue", "av": "avenue", "rd": "road", "blvd": "boulevard", "dr": "drive", "ln": "lane",
    "plz": "plaza", "sq": "square", "ct": "court", "hwy": "highway", "pkwy": "parkway", "ste": "suite", "fl": "floor",
    "bldg": "building", "n": "north", "s": "south", "e": "east", "w": "west", "attn": "attention", "pob": "box",
}  # fmt: skip
_PLUS_FOUR = re.compile(r"\b([0-9]{5})-[0-9]{4}\b")


@dataclass(frozen=True, slots=True)
class PaidTo:
    """Who was paid for an agency: payee, remit address and e-mail domain of a claim; of a roster the agency alone."""

    payee: str
    remit_to: str = ""
    domain: str = ""
    agency: str = ""

    @classmethod
    def of(cls, claim: Claim) -> PaidTo:
        """Whom a claim asks to pay."""
        agency = claim.agency
        return cls(agency.payee or agency.name, agency.remit_to, domain_of(agency.contact.email or ""), agency.name)


class Difference(NamedTuple):
    """What a claim states otherwise than before: the field, what it is called, what is stated, what was accepted."""

    path: str
    what: str
    stated: str
    before: str


def resembles_officer(payee: str, officer: str) -> bool:
    """Whether a payee's whole name is the officer's, or like it.

    >>> resembles_officer("Reyes, Jordan", "Jordan Reyes"), resembles_officer("Officer J. Reyes", "Jordan Reyes")
    (True, True)
    >>> resembles_officer("Reyes County Sheriff", "Jordan Reyes")
    False
    """
    name = " ".join(word for word in name_key(payee).split() if word not in _TITLES)
    own = name_key(officer)
    if min(len(name.split()), len(own.split())) < 2:
        return name == own != ""
    return name == own or bool(likeness(OfficerKey("", name), OfficerKey("", own)))


def differences(claim: Claim, before: Sequence[PaidTo]) -> Iterator[Difference]:
    """What of payee, remit address and e-mail domain is none of those accepted before for the agency.

    The city or county of the agency, and its offices, count as the agency. What was never stated before is not
    compared.
    """
    if not before:
        return
    agency, own = claim.agency, PaidTo.of(claim)
    home = words_of_home(claim)
    path = "agency.payee" if agency.payee else "agency.name"
    if not is_of_agency(own.payee, before, home):
        yield Difference(path, "payee", own.payee, before[-1].payee)
    elif agency.payee and not is_of_agency(agency.name, before, home):
        yield Difference("agency.name", "agency", agency.name, before[-1].agency)
    addresses = [one.remit_to for one in before if one.remit_to]
    if addresses and not any(_is_one_address(own.remit_to, one) for one in addresses):
        yield Difference("agency.remit_to", "remit address", own.remit_to, addresses[-1])
    domains = [one.domain for one in before if one.domain]
    if own.domain and domains and not any(_is_one_domain(own.domain, one) for one in domains):
        yield Difference("agency.contact.email", "e-mail domain", own.domain, domains[-1])


def is_of_agency(payee: str, before: Iterable[PaidTo], home: frozenset[str]) -> bool:
    """Whether a payee is an agency that was paid before, its city or county, or an office of one of them.

    `home` are words that name the agency's own city and county.
    """
    names = [name for one in before for name in (one.payee, one.agency) if name]
    key = agency_name_key(payee)
    if any(key == agency_name_key(name) for name in names):
        return True
    known = home.union(*map(_telling_words, names))
    return _telling_words(payee) <= known


def _telling_words(name: str) -> frozenset[str]:
    return frozenset(agency_name_key(name).split()) - _GENERIC


def words_of_home(claim: Claim) -> frozenset[str]:
    """The words that name an agency's own place: those of the official station's city, county and state."""
    station = claim.trip.official_station
    words = frozenset(name_key(f"{station.city or ''} {station.county or ''}").split())
    code = state_code(station.state or "") or ""
    named = {word for word in name_key(claim.agency.name).split() if code and state_code(word) == code}
    return words | named | {code.casefold()}


def domain_of(email: str) -> str:
    """The domain of an e-mail address.

    >>> domain_of("AP@Rome.example"), domain_of("none")
    ('rome.example', '')
    """
    return email.rpartition("@")[2].strip(" .>").casefold() if "@" in email else ""


def _is_one_domain(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _is_one_address(one: str, other: str) -> bool:
    """Whether two addresses have the same numbers, and the words of one are among those of the other."""
    words, others = _address_words(one), _address_words(other)
    numbers = [sorted(word for word in found if word.isdecimal()) for found in (words, others)]
    texts = [{word for word in found if not word.isdecimal()} for found in (words, others)]
    return numbers[0] == numbers[1] and (texts[0] <= texts[1] or texts[1] <= texts[0])


def _address_words(address: str) -> list[str]:
    words = name_key(_PLUS_FOUR.sub(r"\1", address).replace(",", " ")).split()
    return [_STREETS.get(word, word) for word in words]
