"""What one line of text holds, what several hold, and what a name is: in every input alike."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from perdiem_calc.claims.fields import AS_RECORDED, MultilineText, Name, Text
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.errors import InputError
from perdiem_calc.history.records import as_stated, canonical
from perdiem_calc.text import harmless, harmless_lines, readable, why_no_line, why_no_name, why_no_text
from tests.support.claim_data import changed, leaves, orlando, refusals
from tests.support.house_rules import ROOT
from tests.support.ledgers import claim

LINE, LINES, NAME = TypeAdapter[str](Text), TypeAdapter[str](MultilineText), TypeAdapter[str](Name)

BREAKS = ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]
TURNS = ["\u200e", "\u200f", "\u202a", "\u202d", "\u202e", "\u2066", "\u2069", "\u061c"]
UNSEEN = [
    "\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u034f", "\u115f", "\u3164", "\uffa0", "\u180e",
    "\ufe0f", "\u2800", "\u17b4", "\U000e0041", "\U0001d173",
]  # fmt: skip
CONTROLS = ["\x00", "\x07", "\x1b", "\x7f", "\x9b"]
NO_CHARACTERS = ["\ufdd0", "\uffff", "\U0001ffff"]

MULTILINE = (
    "agency.remit_to", "trip.extra_night_reason", "lodging.approval.reason", "expenses.justification", "credits.note",
    "trip.station_approval.reason", "explanations.extra-night",
)  # fmt: skip


def refused(kind: TypeAdapter[str], text: str) -> str:
    with pytest.raises(ValidationError) as error:
        kind.validate_python(text)
    return str(error.value.errors()[0]["msg"]).removeprefix("Value error, ")


@pytest.mark.parametrize("sign", [*BREAKS, *TURNS, *UNSEEN, *CONTROLS, *NO_CHARACTERS, "\t"])
def test_one_line_holds_no_such_character_and_the_refusal_names_its_place(sign: str) -> None:
    said = refused(LINE, f"Owen{sign} Lamb")
    assert said.startswith("character 5 ")
    assert f"{ord(sign):04X}" in said or sign in [*BREAKS, "\t"]
    assert harmless(f"Owen{sign}") == "Owen" + sign.encode("unicode_escape").decode("ascii")
    assert readable(f"Owen{sign}Lamb").replace(" ", "") == "OwenLamb"


@pytest.mark.parametrize(
    ("sign", "why"),
    [
        ("\n", "is a line break; write it on one line"),
        ("\t", "is a tab; type a blank instead"),
        ("\x1b", "is a control character (U+001B); type the text again"),
        ("\u202e", "turns the direction of writing (U+202E RIGHT-TO-LEFT OVERRIDE); type the text again"),
        ("\u200b", "cannot be seen (U+200B ZERO WIDTH SPACE); type the text again"),
        ("\uffff", "is no character (U+FFFF); type the text again"),
    ],
)
def test_a_refusal_says_what_the_character_is(sign: str, why: str) -> None:
    assert why_no_line(f"ab{sign}c{sign}") == f"character 3 {why}"


@pytest.mark.parametrize("sign", ["é", "ñ", "\u2019", "\u2013", "漢", "🙂", "½", "\u02bb", "#", "e\u0301"])
def test_what_people_write_stays(sign: str) -> None:
    assert LINE.validate_python(f"a{sign}b") == f"a{sign}b"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("Hampton Inn\n", "Hampton Inn"),
        (" Hampton Inn \r\n\r\n", "Hampton Inn"),
        ("Hampton\u00a0Inn", "Hampton Inn"),
        ("Hampton\u202f\u3000Inn\u2028", "Hampton  Inn"),
    ],
)
def test_line_breaks_at_the_end_are_trimmed_and_every_blank_is_a_plain_one(given: str, read: str) -> None:
    assert LINE.validate_python(given) == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("50 Court Square\nRome", "50 Court Square\nRome"),
        ("50 Court Square\r\nRome\rGA\n", "50 Court Square\nRome\nGA"),
        ("a\tb\u00a0c", "a\tb c"),
    ],
)
def test_several_lines_hold_line_breaks_and_tabs(given: str, read: str) -> None:
    assert LINES.validate_python(given) == read


@pytest.mark.parametrize("sign", [*BREAKS[2:], *TURNS, *UNSEEN, *CONTROLS, *NO_CHARACTERS])
def test_several_lines_hold_nothing_else_that_one_line_does_not(sign: str) -> None:
    assert refused(LINES, f"line 1\nab{sign}c").startswith("character 10 ")


def test_half_a_character_is_refused() -> None:
    assert why_no_line("ab\ud800") == "character 3 is no character (U+D800); type the text again"
    said = ["agency.name: is not readable text; type it again"]
    assert refusals(changed(orlando(), ("agency", "name"), "Lee\ud800")) == said


def test_a_social_security_number_is_refused_in_both() -> None:
    for kind in (LINE, LINES):
        assert "Social Security" in refused(kind, "id 123-45-6789")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Jordan Reyes", ""),
        ("Jos\u00e9 N\u00fa\u00f1ez-O\u2019Neal, Jr.", ""),
        ("\u1e4c\u02bbahu Kealoha", ""),  # the modifier letter of Hawaiian
        ("\u0418\u0432\u0430\u043d", ""),
        ("\u5c71\u7530\u82b1\u5b50", ""),
        ("\u5c71\u7530\u306f\u306a\u30ab", ""),  # Han, Hiragana, Katakana
        ("\uff2aordan", ""),  # a wide J is a Latin one
        ("Officer 7", ""),
        (
            "J\u043ean R\u0435\u0435se",
            "mixes Latin and Cyrillic: character 2 is CYRILLIC SMALL LETTER O (U+043E); "
            "type the name in one alphabet",
        ),
        (
            "\u039fwen Lamb",
            "mixes Latin and Greek: character 1 is GREEK CAPITAL LETTER OMICRON (U+039F); "
            "type the name in one alphabet",
        ),
        (
            "Jordan \u0420\u0435\u0443",
            "mixes Latin and Cyrillic: character 8 is CYRILLIC CAPITAL LETTER ER (U+0420); "
            "type the name in one alphabet",
        ),
        (
            "Kim \u91d1",
            "mixes Latin and Cjk: character 5 is CJK UNIFIED IDEOGRAPH-91D1 (U+91D1); type the name in one alphabet",
        ),
    ],
)
def test_a_name_is_written_in_one_alphabet(name: str, why: str) -> None:
    assert why_no_name(name) == why
    if why:
        assert refused(NAME, name) == why
    else:
        assert NAME.validate_python(name) == name


@pytest.mark.parametrize(
    "path",
    [
        ("officer", "name"), ("agency", "name"), ("agency", "payee"), ("agency", "contact", "name"),
        ("signatures", "fiscal", "name"), ("lodging", 0, "shared_with"),
    ],
)  # fmt: skip
def test_names_of_persons_and_agencies_are_held_to_it(path: Any) -> None:
    mixed = "J\u043ean Reese"
    value: Any = [mixed] if path[-1] == "shared_with" else mixed
    (said,) = refusals(changed(orlando(), path, value))
    assert "mixes Latin and Cyrillic: character 2" in said


def test_every_text_of_a_claim_is_one_line_but_those_that_may_have_several() -> None:
    """Every text of the claim that states all fields there are; those of a shape of their own refuse it too."""
    whole = json.loads((ROOT / "tests" / "complete_claim.json").read_text(encoding="utf-8"))
    parse_claim(whole)
    several = set()
    for path, value in leaves(whole):
        if not isinstance(value, str):
            continue
        try:
            parse_claim(changed(whole, path, f"{value}\n2nd line"))
            several.add(".".join(part for part in path if isinstance(part, str)))
        except InputError:
            pass
    assert several == set(MULTILINE)


@given(st.text())
def test_what_is_shown_takes_no_effect(text: str) -> None:
    assert why_no_line(harmless(text)) == ""
    assert why_no_text(harmless_lines(text)) == ""
    assert why_no_line(readable(text)) == ""


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"], max_codepoint=0x17F)))
def test_printable_text_is_shown_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_claim_on_record_with_what_a_line_no_longer_holds_is_still_read() -> None:
    recorded = canonical(claim("A-1")).replace("Jordan Reyes", "Jordan\\nReyes \u200b\u0435")
    assert as_stated(recorded).officer.name == "Jordan Reyes \u0435"
    with pytest.raises(ValidationError):
        Claim.model_validate_json(recorded)
    assert LINE.validate_python("\u200b", context=AS_RECORDED) == "-"
    assert LINES.validate_python("a\u200b\r\nb\x1b", context=AS_RECORDED) == "a\nb"


def test_an_error_shows_what_was_given_without_its_effect() -> None:
    error = InputError("file.unreadable", "'a\x1b[2J' is wrong", where="x\ny").in_file("a\x1b]0;x\n.json")
    assert str(error) == r"a\x1b]0;x\n.json: x\ny: 'a\x1b[2J' is wrong"


def test_every_letter_has_the_script_of_its_name() -> None:
    """No letter that Unicode calls Latin, Greek or Cyrillic is taken for another's."""
    for script in ("LATIN", "GREEK", "CYRILLIC"):
        letters = [
            sign for sign in map(chr, range(0x20000))
            if unicodedata.name(sign, "").startswith(f"{script} ") and unicodedata.category(sign) in ("Lu", "Ll")
            and len(unicodedata.normalize("NFKC", sign)) == 1
        ]  # fmt: skip
        assert len(letters) > 100
        other = "\u4e00"
        for sign in letters:
            assert why_no_name(sign + other).partition(":")[0] in (f"mixes {script.capitalize()} and Cjk",)
