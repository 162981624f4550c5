"""Names and numbers as they are compared: however a person typed them, and whatever they look like.

Two spellings of a name have the same key when they differ only in case, spacing, accents, punctuation, or in
"Last, First" for "First Last".

>>> name_key("Núñez,  José M.") == name_key("Jose M Nunez")
True
>>> award_key("15jcops-24-gg-03715-uhpx")
'15JCOPS24GG03715UHPX'
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from perdiem_calc.claims.lookalikes import LOOKALIKES

# Letters that Unicode does not take apart into a plain one and an accent.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "ħ": "h", "ŧ": "t"}
)
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})
_JOINED = re.compile(r"[.'`\u00b4\u02bb\u02bc\u2018\u2019]")
_BETWEEN = re.compile(r"[\W_]+")
# What is drawn alike within plain letters, after a whole word is made of them.
_DRAWN_ALIKE = str.maketrans({"i": "l", "1": "l", "0": "o"})
_PLAIN_BY_LETTER = str.maketrans({letter: shape for shape, letters in LOOKALIKES.items() for letter in letters})


@lru_cache(maxsize=4096)
def award_key(number: str) -> str:
    """An award number's letters and digits in capitals; spaces and dashes do not count.

    >>> award_key("2020 UMWX 0068") == award_key("2020UMWX0068")
    True
    """
    return "".join(filter(str.isalnum, plain_letters(_folded(plain_letters(number)).upper()))).upper()


def plain_letters(number: str) -> str:
    """A number with plain letters and digits for those that look the same.

    >>> plain_letters("\\u0410\\u0412\\u0421 \\uff11\\uff12")
    'abc 12'
    """
    return unicodedata.normalize("NFKC", number).translate(_PLAIN_BY_LETTER)


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """A name as "first last suffix" in plain small letters.

    >>> name_key("O'Neil-Smith, Mary"), name_key("Jordan Reyes, Jr."), name_key("Reyes, Jordan, III")
    ('mary oneil smith', 'jordan reyes jr', 'jordan reyes iii')
    """
    parts = [_words(part) for part in name.split(",")]
    parts = [part for part in parts if part]
    suffix = ""
    if len(parts) > 1 and parts[-1] in SUFFIXES:
        suffix = parts.pop()
    return " ".join(filter(None, [*parts[1:], *parts[:1], suffix]))


def surname(key: str) -> str:
    """The last word of a name's key that is no suffix.

    >>> surname("jordan reyes jr"), surname("jr")
    ('reyes', 'jr')
    """
    words = key.split()
    return next((word for word in reversed(words) if word not in SUFFIXES), key)


def look_alike(one: str, other: str) -> bool:
    """Whether two names look the same to a reader, in small letters or in capitals: by their skeletons (UTS #39).

    >>> look_alike("ian smith", "lan smith"), look_alike("anna stern", "anna stem"), look_alike("ian", "jan")
    (True, True, False)
    """
    return any(map(str.__eq__, _skeletons(one), _skeletons(other)))


@lru_cache(maxsize=4096)
def _skeletons(name: str) -> tuple[str, str, str]:
    return _skeleton(name), _skeleton(name.casefold()), _skeleton(name.upper())


@lru_cache(maxsize=4096)
def shape(word: str) -> str:
    """What words that look the same have in common.

    >>> shape("stern") == shape("stem"), shape("\\u0440\\u0435\\u0443") == shape("pey")
    (True, True)
    """
    return _skeleton(word)


def _skeleton(name: str) -> str:
    plain = _folded(name.translate(_PLAIN_BY_LETTER)).translate(_DRAWN_ALIKE)
    return plain.replace("rn", "m").replace("vv", "w")


def _words(text: str) -> str:
    return " ".join(_BETWEEN.sub(" ", _JOINED.sub("", _folded(text))).split())


def _folded(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
