"""Lines of text: what they may hold, how they are shown, and how sentences are put together.

A line of text holds nothing that breaks it, hides, or looks like something else, and no Social Security number. The
functions here explain why a text is refused, or show it so that nothing in it takes effect.

>>> why_no_line("Jordan Reyes"), why_no_line("Jordan\\nReyes")
('', 'character 7 is a line break; write it on one line')
>>> mentions(["NASRO tuition"], ("registration", "tuition"))
'tuition'
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

LONGEST_OPTION = 100
"""So many characters has a name or a number that is given with a command."""

_APART = r"[-. \u00a0\u2010-\u2015]{1,3}"
SSN = re.compile(rf"(?<!\d)\d{{3}}{_APART}\d{{2}}{_APART}\d{{4}}(?!\d)")
"""What is shaped like a Social Security number."""

_BREAKS = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Signs without a shape that are no format characters by their category (Unicode, Default_Ignorable_Code_Point), and
# the blank of Braille. Format characters of later editions are named, so that every Python refuses the same.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffb"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_PLAIN = re.compile(r"[\n\t -~]*")
_PASSWORD = re.compile(r"(://?[^\s/:@]*:)[^\s/]*@")
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufdd0-\ufdef]")
_LAST_OF_PLANE = 0xFFFE

# Scripts that are written together (UTS #39, augmented script sets).
_TOGETHER = (frozenset({"CJK", "HIRAGANA", "KATAKANA"}), frozenset({"CJK", "HANGUL"}), frozenset({"CJK", "BOPOMOFO"}))


def why_no_line(text: str, most: int | None = None) -> str:
    """Why a text is not fit for one line, with the position and what to do; empty where it is.

    `most` is how many characters it may have.

    >>> why_no_line("Owen\\u200b Lamb")
    'character 5 cannot be seen (U+200B ZERO WIDTH SPACE); type the text again'
    >>> why_no_line("R. Viewer", most=5)
    'has 9 characters; give at most 5'
    >>> why_no_line("078-05-1120")
    'looks like a Social Security number; leave it out: a claim never needs it'
    """
    fault = _first_fault(text, allowed="")
    if not fault and most is not None and len(text) > most:
        return f"has {len(text)} characters; give at most {most}"
    return fault


def why_no_text(text: str) -> str:
    """The same for a text of several lines, with line breaks and tabs.

    >>> why_no_text("50 Court Square\\nRome, GA"), why_no_text("a\\x1b[2Jb")
    ('', 'character 2 is a control character (U+001B); type the text again')
    """
    return _first_fault(text, allowed="\n\t")


def with_blanks(text: str) -> str:
    """The text with every kind of blank replaced by a plain space.

    >>> with_blanks("Owen\\u00a0Lamb")
    'Owen Lamb'
    """
    if text.isascii():
        return text
    return "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in text)


def harmless(text: object) -> str:
    r"""A text or name on one line that can be shown anywhere: what would take effect or hide is written out.

    >>> print(harmless("a\x1b[31m.xlsx"), harmless("Lee\u202eCounty"))
    a\x1b[31m.xlsx Lee\u202eCounty

    So is the password of a URL that was given in a file's place, and has lost a slash as a path.

    >>> harmless("postgresql:/ann:secret@server/ledger")
    'postgresql:/ann:***@server/ledger'
    """
    return "".join(_written_out(sign) if _fault(sign) else sign for sign in _without_password(str(text)))


def harmless_lines(text: str) -> str:
    """The same for a text of several lines, whose line breaks and tabs stay.

    >>> harmless_lines("a\\x1b[2J\\nb").splitlines()
    ['a\\\\x1b[2J', 'b']
    """
    text = _without_password(text)
    if _PLAIN.fullmatch(text):
        return text
    return "".join(sign if sign in "\n\t" else harmless(sign) for sign in text)


def readable(text: str) -> str:
    """A text on one line without what a line must not hold, as it is read from older records.

    >>> readable("Owen\\u200b Lamb\\n2nd line")
    'Owen Lamb 2nd line'
    """
    spaced = "".join(" " if sign in _BREAKS or sign == "\t" else sign for sign in with_blanks(text))
    return "".join(sign for sign in spaced if not _fault(sign))


def why_no_name(name: str) -> str:
    """Why a text is no name: it mixes alphabets, so that letters pass for others. Empty where it does not.

    >>> why_no_name("Jordan Reyes"), why_no_name("\\u0418\\u0432\\u0430\\u043d")
    ('', '')
    >>> why_no_name("J\\u043ean Reese")
    'mixes Latin and Cyrillic: character 2 is CYRILLIC SMALL LETTER O (U+043E); type the name in one alphabet'
    """
    scripts = [(place, script) for place, sign in enumerate(name, start=1) if (script := _script(sign))]
    counts = Counter(script for _, script in scripts)
    if len(counts) < 2 or any(counts.keys() <= together for together in _TOGETHER):
        return ""
    most = max(counts, key=lambda script: counts[script])
    place, other = next(found for found in scripts if found[1] != most)
    return (
        f"mixes {most.capitalize()} and {other.capitalize()}: character {place} is {_named(name[place - 1])}; "
        "type the name in one alphabet"
    )


def _without_password(text: str) -> str:
    return _PASSWORD.sub(r"\1***@", text) if "@" in text else text


def _first_fault(text: str, *, allowed: str) -> str:
    if not (text.isascii() and text.isprintable()):
        for place, sign in enumerate(text, start=1):
            if sign not in allowed and (fault := _fault(sign)):
                return f"character {place} {fault}"
    return "looks like a Social Security number; leave it out: a claim never needs it" if SSN.search(text) else ""


def _fault(sign: str) -> str:
    """What is wrong with a sign in a line of text, and what to do; empty where nothing is."""
    if sign in _BREAKS:
        return "is a line break; write it on one line"
    if sign == "\t":
        return "is a tab; type a blank instead"
    category = unicodedata.category(sign)
    again = "type the text again"
    if category == "Cc":
        return f"is a control character (U+{ord(sign):04X}); {again}"
    if sign in _TURNS:
        return f"turns the direction of writing ({_code_first(sign)}); {again}"
    if category == "Cf" or _UNSEEN.match(sign):
        return f"cannot be seen ({_code_first(sign)}); {again}"
    if _NO_CHARACTER.match(sign) or ord(sign) & _LAST_OF_PLANE == _LAST_OF_PLANE:
        return f"is no character (U+{ord(sign):04X}); {again}"
    return ""


def _written_out(sign: str) -> str:
    if "\udc80" <= sign <= "\udcff":  # a byte of a file's name that is no UTF-8
        return f"\\x{ord(sign) - 0xDC00:x}"
    return sign.encode("unicode_escape").decode("ascii")


def _script(sign: str) -> str:
    """The script of a letter, by its name; empty for other signs, and for letters of every script."""
    if unicodedata.category(sign) in ("Lu", "Ll", "Lt", "Lo"):
        plain = unicodedata.normalize("NFKC", sign)[0]
        return unicodedata.name(plain, "").partition(" ")[0].partition("-")[0]
    return ""


def _named(sign: str) -> str:
    return f"{unicodedata.name(sign)} (U+{ord(sign):04X})"


def _code_first(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip()


def mentions(texts: Iterable[str | None], words: tuple[str, ...]) -> str | None:
    """The first of `words` (one word, or several in a row) that a text has as whole words, else None.

    >>> mentions(["Winery Inn", None], ("wine", "inn"))
    'inn'
    >>> mentions(["dinner"], ("inn",)) is None
    True
    >>> mentions(["Upgrade to Comfort+", "First-Class"], ("first class",)), mentions(["Comfort+ seat"], ("comfort+",))
    ('first-class', 'comfort+')
    """
    for text in texts:
        found = _pattern(words).search(text) if text else None
        if found:
            return " ".join(found[0].casefold().split())
    return None


def holds_any(text: str | None, parts: tuple[str, ...]) -> bool:
    """Whether a text holds one of `parts` anywhere, whatever its case (as a workbook's SEARCH finds it).

    >>> holds_any("Prepaid fuel option", ("prepaid",)), holds_any(None, ("prepaid",))
    (True, False)
    """
    return text is not None and any(part in text.casefold() for part in parts)


def says(text: str | None, parts: tuple[str, ...], denials: tuple[str, ...]) -> bool:
    """Whether a text holds one of `parts`, apart from the phrases that deny it.

    >>> says("Optional fee", ("optional",), ("not optional",)), says("Not optional", ("optional",), ("not optional",))
    (True, False)
    """
    return holds_any(without(text, denials), parts)


def without(text: str | None, phrases: tuple[str, ...]) -> str:
    """A text in lower case without some phrases: what denies a word must not hide the same word elsewhere.

    >>> without("Not prepaid; prepaid fuel", ("not prepaid",))
    ' ; prepaid fuel'
    """
    left = (text or "").casefold()
    for phrase in sorted(phrases, key=len, reverse=True):
        left = left.replace(phrase, " ")
    return left


def on_one_line(text: str, most: int = 60) -> str:
    """What a person typed, fit for a sentence: on one line, cut where it is longer than `most` characters.

    >>> on_one_line("Jordan   Reyes"), on_one_line("abcdef", 4)
    ('Jordan Reyes', 'abc…')
    """
    line = " ".join(readable(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def capitalized(text: str) -> str:
    """A text that begins a sentence: with a capital, and otherwise as it is.

    >>> capitalized("the room of Ann"), capitalized("")
    ('The room of Ann', '')
    """
    return text[:1].upper() + text[1:]


class Worded(NamedTuple):
    """One message, worded from the same facts for NASRO's reviewer and for the agency, which has no business with
    other agencies' claims, NASRO's files, or what a reviewer is to do.

    It is put together with `worded`, and never printed as it is.

    >>> worded("Receipt 7 was claimed before, in ", Worded("claim B-1 of Dana Cole", "another claim"), ".").agency
    'Receipt 7 was claimed before, in another claim.'
    """

    reviewer: str
    agency: str

    def __str__(self) -> str:
        """Refused: a sentence that it were put into would be the same for both readers."""
        raise TypeError("a message of two readers is put together with worded()")


Message = str | Worded
"""A message; the same for both readers where it is a text."""


def worded(*parts: Message) -> Worded:
    """One message from parts, each of which may differ for the two readers."""
    return Worded("".join(map(for_reviewer, parts)), "".join(map(for_agency, parts)))


def for_reviewer(message: Message) -> str:
    """A message as the reviewer reads it."""
    return message.reviewer if isinstance(message, Worded) else message


def for_agency(message: Message) -> str:
    """A message as the agency reads it."""
    return message.agency if isinstance(message, Worded) else message


def only_for_agency(message: Message) -> str:
    """The agency's wording where it is another than the reviewer's, else nothing."""
    return message.agency if isinstance(message, Worded) and message.agency != message.reviewer else ""


def some_worded(items: Sequence[Worded]) -> Worded:
    """The first few of several, as `some` lists them for each reader."""
    return Worded(some([one.reviewer for one in items]), some([one.agency for one in items]))


def counted(number: int, one: str, several: str = "") -> str:
    """So many of something.

    >>> counted(1, "copy", "copies"), counted(2, "copy", "copies"), counted(0, "letter")
    ('1 copy', '2 copies', '0 letters')
    """
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def some(items: Sequence[str], most: int = 2) -> str:
    """The first few of many, and how many more there are.

    >>> some(["a", "b", "c", "d"]), some(["a", "b"])
    ('a; b; and 2 more', 'a; b')
    """
    more = [f"and {len(items) - most} more"] if len(items) > most else []
    return "; ".join([*items[:most], *more])


def listed(items: Sequence[str]) -> str:
    """Items in a row, the last after "and".

    >>> listed(["folio", "mileage log", "approvals"])
    'folio, mileage log and approvals'
    """
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def describe_days(days: Iterable[date]) -> str:
    """Days in order, each once, runs of them from first to last.

    >>> from datetime import date
    >>> describe_days([date(2026, 10, 9), date(2026, 10, 4), date(2026, 10, 5)])
    '2026-10-04 to 2026-10-05 and 2026-10-09'
    """
    runs: list[list[date]] = []
    for day in sorted(set(days)):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return listed([str(run[0]) if run[0] == run[-1] else f"{run[0]} to {run[-1]}" for run in runs])


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    # Between the words of one may stand any blanks or hyphens.
    alternatives = "|".join(r"[\s\u2010-\u2015-]+".join(map(re.escape, re.split("[ -]", word))) for word in words)
    return re.compile(rf"(?<!\w)(?:{alternatives})s?(?!\w)", re.IGNORECASE)
