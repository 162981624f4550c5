"""Who an officer is to the ledger: award number and name, written alike however a person typed them.

Two spellings have the same key when they differ only in case, spacing, accents, punctuation, or in
"Last, First" for "First Last". Anything further apart is at most a near match, which a person decides on.

>>> name_key("Núñez,  José M.") == name_key("Jose M Nunez")
True
>>> award_key("15jcops-24-gg-03715-uhpx")
'15JCOPS24GG03715UHPX'
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

# Letters that Unicode does not take apart into a plain one and an accent.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "ħ": "h", "ŧ": "t"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})
_JOINED = re.compile(r"[.'`\u00b4\u02bb\u02bc\u2018\u2019]")
_BETWEEN = re.compile(r"[\W_]+")
_LIKE_NAME = 0.84


@dataclass(frozen=True, slots=True)
class SroKey:
    """What tells one officer of the programme from another: the keys of the award number and of the name."""

    award: str
    name: str

    @classmethod
    def of(cls, award_number: str, officer: str) -> SroKey:
        """The key of an award number and an officer's name as somebody typed them.

        >>> SroKey.of("2020UMWX0068", "REYES, Jordan") == SroKey.of("2020 umwx 0068", "Jordan Reyes")
        True
        """
        return cls(award_key(award_number), name_key(officer))


def award_key(number: str) -> str:
    """An award number's letters and digits in capitals; spaces and dashes do not count.

    >>> award_key("2020 UMWX 0068") == award_key("2020UMWX0068")
    True
    """
    return "".join(filter(str.isalnum, _folded(number))).upper()


def name_key(name: str) -> str:
    """A name as "first last suffix" in plain small letters.

    >>> name_key("O'Neil-Smith, Mary"), name_key("Jordan Reyes, Jr."), name_key("Reyes, Jordan, III")
    ('mary oneil smith', 'jordan reyes jr', 'jordan reyes iii')
    """
    parts = [_words(part) for part in name.split(",")]
    parts = [part for part in parts if part]
    suffix = ""
    if len(parts) > 1 and parts[-1] in _SUFFIXES:
        suffix = parts.pop()
    return " ".join(filter(None, [*parts[1:], *parts[:1], suffix]))


def surname(key: str) -> str:
    """The last word of a name's key that is no suffix.

    >>> surname("jordan reyes jr"), surname("jr")
    ('reyes', 'jr')
    """
    words = key.split()
    return next((word for word in reversed(words) if word not in _SUFFIXES), key)


def likeness(one: SroKey, other: SroKey) -> str:
    """Why two different keys may be the same officer, in words; empty where nothing speaks for it.

    >>> likeness(SroKey.of("2020UMWX0068", "Jordan Reyes"), SroKey.of("2020UMWX0068", "Jordan Reyez"))
    'same award, similar name'
    >>> likeness(SroKey.of("2020UMWX0068", "Jordan Reyes"), SroKey.of("2020UMWX0086", "Jordan Reyes"))
    'same name, similar award'
    >>> likeness(SroKey.of("2020UMWX0068", "Jordan Reyes"), SroKey.of("2020UMWX0068", "Dana Cole"))
    ''
    """
    same_name, same_award = one.name == other.name, one.award == other.award
    if same_name and same_award:
        return ""
    like_name = same_name or _similar_names(one.name, other.name)
    like_award = same_award or _one_slip(one.award, other.award)
    if same_award and like_name:
        return "same award, similar name"
    if same_name:
        return "same name, similar award" if like_award else "same name, another award"
    return "similar name, similar award" if like_name and like_award else ""


def may_be(one: SroKey, other: SroKey) -> bool:
    """Whether a person may say that two different keys are the same officer.

    Beside what is alike, under one award a word of the name is enough: surnames change.

    >>> smith, reyes = SroKey.of("2020UMWX0068", "Jordan Smith"), SroKey.of("2020UMWX0068", "Jordan Reyes")
    >>> likeness(smith, reyes), may_be(smith, reyes), may_be(smith, SroKey.of("2020UMWX0068", "Dana Cole"))
    ('', True, False)
    """
    words = set(one.name.split()) & set(other.name.split()) - _SUFFIXES
    return bool(likeness(one, other)) or (one.award == other.award and bool(words))


def _similar_names(one: str, other: str) -> bool:
    """Whether names differ by a few letters, by order, a middle name, a suffix, an initial, or a name cut short."""
    words, others = sorted(set(one.split()) - _SUFFIXES), sorted(set(other.split()) - _SUFFIXES)
    if not words or not others:
        return False
    if set(words) <= set(others) or set(others) <= set(words):
        return True
    if surname(one) == surname(other) and _cut_short(one.split()[0], other.split()[0]):
        return True
    return SequenceMatcher(None, " ".join(words), " ".join(others), autojunk=False).ratio() >= _LIKE_NAME


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


def _words(text: str) -> str:
    return " ".join(_BETWEEN.sub(" ", _JOINED.sub("", _folded(text))).split())


def _folded(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
