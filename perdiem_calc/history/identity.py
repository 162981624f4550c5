"""Who an officer is to the ledger: award number and name.

Two spellings with the same key are one officer. Anything further apart is at most a near match: a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product

from perdiem_calc.claims.names import SUFFIXES, award_key, look_alike, name_key
from perdiem_calc.history.nicknames import are_nicknames

_LIKE_NAME = 0.84

_GENERATIONS = {"sr": 1, "senior": 1, "jr": 2, "junior": 2, "ii": 2, "iii": 3, "iv": 4, "v": 5}


@dataclass(frozen=True, slots=True)
class OfficerKey:
    """An officer's key: those of the award number and of the name."""

    award: str
    name: str

    @classmethod
    def of(cls, award_number: str, officer: str) -> OfficerKey:
        """The key of an award number and an officer's name as typed.

        >>> OfficerKey.of("2020UMWX0068", "REYES, Jordan") == OfficerKey.of("2020 umwx 0068", "Jordan Reyes")
        True
        """
        return cls(award_key(award_number), name_key(officer))


def likeness(one: OfficerKey, other: OfficerKey, *, is_one_agency: bool = True) -> str:
    """Why two different keys may be the same officer, in words; empty where nothing speaks for it.

    Under different awards the name alone counts only within one agency: `is_one_agency` says whether it may be one.

    >>> likeness(OfficerKey.of("2020UMWX0068", "Jordan Reyes"), OfficerKey.of("2020UMWX0068", "Jordan Reyez"))
    'same award, similar name'
    >>> likeness(OfficerKey.of("2020UMWX0068", "Jordan Reyes"), OfficerKey.of("2020UMWX0086", "Jordan Reyes"))
    'same name, similar award'
    >>> likeness(OfficerKey.of("2020UMWX0068", "Jordan Reyes"), OfficerKey.of("2020UMWX0068", "Dana Cole"))
    ''
    """
    same_name, same_award = one.name == other.name, one.award == other.award
    if same_name and same_award:
        return ""
    how = "same name" if same_name else _how_alike(one.name, other.name)
    if same_award:
        return f"same award, {how}" if how else ""
    if how and _one_slip(one.award, other.award):
        return f"{how}, similar award"
    if is_one_agency and how in _EQUAL_NAMES:
        return f"{how}, another award"
    return ""


def may_be(one: OfficerKey, other: OfficerKey) -> bool:
    """Whether a person may say that two different keys are the same officer.

    Under one award a common word of the name is enough: surnames change.

    >>> smith, reyes = OfficerKey.of("2020UMWX0068", "Jordan Smith"), OfficerKey.of("2020UMWX0068", "Jordan Reyes")
    >>> likeness(smith, reyes), may_be(smith, reyes), may_be(smith, OfficerKey.of("2020UMWX0068", "Dana Cole"))
    ('', True, False)
    """
    words = set(one.name.split()) & set(other.name.split()) - SUFFIXES
    return bool(likeness(one, other)) or (one.award == other.award and bool(words))


_EQUAL_NAMES = frozenset({"same name", "same name in another order", "a name that looks the same", "nickname"})
"""As near as names come; what is left of a difference is no other letter."""


@lru_cache(maxsize=4096)
def _how_alike(one: str, other: str) -> str:
    """How two names are alike, in words; empty where they are not.

    They may look the same, differ by order or a nickname; or be similar: by a few letters, a middle name, a suffix on
    one side, an initial, or a name cut short. Different suffixes are different people.
    """
    if _generation(one) and _generation(other) and _generation(one) != _generation(other):
        return ""
    words, others = _without_suffix(one), _without_suffix(other)
    if not words or not others:
        return ""
    if look_alike(one, other):
        return "a name that looks the same"
    if sorted(words) == sorted(others):
        return "same name in another order" if words != others else "similar name"
    if words[-1] == others[-1] and _are_nicknamed(words[:-1], others[:-1]):
        return "nickname"
    return "similar name" if _are_similar(words, others) else ""


def _generation(name: str) -> int:
    """Which of several of one name is meant: 1 for Sr., 2 for Jr. and II; 0 where the name does not say.

    A word alone, or after a given name alone, is no suffix but a name.
    """
    words = name.split()
    return _GENERATIONS.get(words[-1], 0) if len(words) > 2 else 0


def _without_suffix(name: str) -> list[str]:
    words = name.split()
    return words[:-1] if _generation(name) else [word for word in words if word not in SUFFIXES]


def _are_nicknamed(names: list[str], others: list[str]) -> bool:
    """Whether given names are nicknames of each other: each of the fewer names of one of the others, or cut short."""
    fewer, more = sorted((names, others), key=len)
    is_short = any(are_nicknames(one, other) and one != other for one, other in product(fewer, more))
    return is_short and all(
        any(one == other or are_nicknames(one, other) or _cut_short(one, other) for other in more) for one in fewer
    )


def _are_similar(words: list[str], others: list[str]) -> bool:
    """Whether names differ by a few letters, by order, a middle name, an initial, or a name cut short."""
    if set(words) <= set(others) or set(others) <= set(words):
        return True
    if words[-1] == others[-1] and _cut_short(words[0], others[0]):
        return True
    one, other = " ".join(sorted(words)), " ".join(sorted(others))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= _LIKE_NAME and matcher.ratio() >= _LIKE_NAME


def _cut_short(one: str, other: str) -> bool:
    """Whether one given name is the other's beginning: Chris and Christopher, or an initial, also of both."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and (shorter != longer or len(shorter) == 1)


def _one_slip(one: str, other: str) -> bool:
    """Whether one character was mistyped, left out or added, or two neighbours exchanged."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    if len(longer) > len(shorter):
        return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))
    apart = [index for index, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    match apart:
        case [_]:
            return True
        case [first, second]:
            return second - first == 1 and one[first] == other[second] and one[second] == other[first]
    return False
