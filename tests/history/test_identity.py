"""Names and award numbers: what counts as the same, and what is only near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perdiem_calc.claims.lookalikes import LOOKALIKES
from perdiem_calc.claims.names import award_key, look_alike, name_key, surname
from perdiem_calc.history import nicknames
from perdiem_calc.history.identity import OfficerKey, likeness

AWARD, OTHER = "15JCOPS-25-GG-01234-UHPX", "15JCOPS-24-GG-09876-UHPX"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Jordan Reyes", "jordan reyes"),
        ("  JORDAN   REYES ", "jordan reyes"),
        ("Reyes, Jordan", "jordan reyes"),
        ("Reyes,Jordan", "jordan reyes"),
        ("Reyes, Jordan A.", "jordan a reyes"),
        ("Reyes, Jordan, Jr.", "jordan reyes jr"),
        ("Jordan Reyes, Jr.", "jordan reyes jr"),
        ("Jordan Reyes,", "jordan reyes"),
        ("José Núñez", "jose nunez"),
        ("Jose\u0301 Nu\u0301n\u0303ez", "jose nunez"),
        ("Søren Łukasiewicz", "soren lukasiewicz"),
        ("Weiß, Jürgen", "jurgen weiss"),
        ("O\u2019Neal, Avery", "avery oneal"),
        ("Mary-Jane Smith", "mary jane smith"),
        ("Jr.", "jr"),
        (" - ", ""),
    ],
)
def test_a_name_is_first_last_suffix_in_plain_letters(written: str, key: str) -> None:
    assert name_key(written) == key


@given(st.text(max_size=40))
def test_writing_a_name_anew_from_its_key_changes_nothing(name: str) -> None:
    assert name_key(name_key(name).upper()) == name_key(name_key(name))
    assert award_key(award_key(name)) == award_key(name)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ((AWARD, "Jordan Reyes"), (AWARD, "Jordan Reyes"), ""),
        ((AWARD, "Jordan Reyes"), (AWARD, "Reyes Jordan"), "same award, same name in another order"),
        ((AWARD, "Jordan Reyes"), (AWARD, "J. Reyes"), "same award, similar name"),
        ((AWARD, "Jordan Reyes"), (AWARD, "Jordan A. Reyes"), "same award, similar name"),
        ((AWARD, "Chris Ng"), (AWARD, "Christopher Ng"), "same award, nickname"),
        ((AWARD, "Ng, Chris M."), (AWARD, "Christopher Ng, Jr."), "same award, nickname"),
        ((AWARD, "Chris Ng"), (AWARD, "Christopher Vale"), ""),
        ((AWARD, "Kit Ng"), (AWARD, "Christopher Ng"), "same award, nickname"),
        ((AWARD, "Topher Ng"), (AWARD, "Christopher Ng"), "same award, nickname"),
        ((AWARD, "Chris Ng"), (OTHER, "Christopher Ng"), "nickname, another award"),
        ((AWARD, "William Hart"), (AWARD, "Bill Hart"), "same award, nickname"),
        ((AWARD, "Hart, Billy J."), (AWARD, "William James Hart"), "same award, nickname"),
        ((AWARD, "J. William Hart"), (AWARD, "Bill Hart"), "same award, nickname"),
        ((AWARD, "William Hart"), (AWARD, "Bob Hart"), ""),
        ((AWARD, "William Hart"), (AWARD, "Bill Stone"), ""),
        ((AWARD, "Bill Alan Hart"), (AWARD, "William Walter Hart"), ""),
        # A whole name in letters of another alphabet that look like Latin ones, in capitals and in small letters.
        ((AWARD, "POCCO"), (AWARD, "\u0420\u041e\u0421\u0421\u041e"), "same award, a name that looks the same"),
        (
            (AWARD, "aopyc xex"),
            (OTHER, "\u0430\u043e\u0440\u0443\u0441 \u0445\u0435\u0445"),
            "a name that looks the same, another award",
        ),
        ((AWARD, "Jordan Reyes"), (AWARD, "J\u0252rdan Reyes"), "same award, similar name"),
        ((AWARD, "Ian Smith"), (AWARD, "lan Smith"), "same award, a name that looks the same"),
        ((AWARD, "Anna Stern"), (OTHER, "Anna Stem"), "a name that looks the same, another award"),
        ((AWARD, "\u0418\u0432\u0430\u043d"), (AWARD, "Ivan"), ""),
        # Different suffixes are different people; a suffix on one side alone may be left out on the other.
        ((AWARD, "John Smith Sr."), (AWARD, "John Smith Jr."), ""),
        ((AWARD, "Smith, John, II"), (AWARD, "John Smith III"), ""),
        ((AWARD, "John Smith Senior"), (AWARD, "John Smith Junior"), ""),
        ((AWARD, "John Smith Sr."), (OTHER, "John Smith Jr."), ""),
        ((AWARD, "John Smith Jr."), (AWARD, "John Smith"), "same award, similar name"),
        ((AWARD, "John Smith Jr."), (AWARD, "John Smith II"), "same award, similar name"),
        ((AWARD, "John Smith Jr."), (AWARD, "J. Smith Jr."), "same award, similar name"),
        # Two given names that differ after the first one are two people, however alike the first is.
        ((AWARD, "Chris Alan Ng"), (AWARD, "Chris Walter Ng"), ""),
        ((AWARD, "J. Alan Ng"), (AWARD, "J. Walter Ng"), "same award, similar name"),
        ((AWARD, "Jordan Reyes"), (AWARD, "Jordan Reyes III"), "same award, similar name"),
        ((AWARD, "Jordan Reyes"), (AWARD, "Taylor Reyes"), ""),
        ((AWARD, "Jordan Reyes"), (AWARD, "Dana Cole"), ""),
        ((AWARD, "Jordan Reyes"), (AWARD, "Jr."), ""),
        ((AWARD, "Jordan Reyes"), (OTHER, "Jordan Reyes"), "same name, another award"),
        ((AWARD, "Jordan Reyes"), (OTHER, "Jordan Reyez"), ""),
        (("2020UMWX0068", "Jordan Reyes"), ("2020UMWX0069", "Jordan Reyes"), "same name, similar award"),
        (("2020UMWX0068", "Jordan Reyes"), ("2020UMWX0086", "Jordan Reyes"), "same name, similar award"),
        (("2020UMWX0068", "Jordan Reyes"), ("2020UMWX068", "Jordan Reyes"), "same name, similar award"),
        (("2020UMWX0068", "Jordan Reyes"), ("2020UMWX0077", "Jordan Reyes"), "same name, another award"),
        (("2020UMWX0068", "Jordan Reyes"), ("2020UMWX8006", "Jordan Reyes"), "same name, another award"),
        (("2020UMWX0068", "Jordan Reyes"), ("2020UMWX", "Jordan Reyes"), "same name, another award"),
        (("2020UMWX0068", "Jordan Reyes"), ("2020UMWX0069", "Jordan Reyez"), "similar name, similar award"),
    ],
)
def test_what_is_near_and_why(one: tuple[str, str], other: tuple[str, str], why: str) -> None:
    assert likeness(OfficerKey.of(*one), OfficerKey.of(*other)) == why
    assert likeness(OfficerKey.of(*other), OfficerKey.of(*one)) == why


def test_in_another_agency_an_equal_name_under_another_award_is_another_officer() -> None:
    one = OfficerKey.of(AWARD, "Jordan Reyes")
    assert likeness(one, OfficerKey.of(OTHER, "Jordan Reyes"), is_one_agency=False) == ""
    slip = OfficerKey.of("15JCOPS-25-GG-01235-UHPX", "Jordan Reyes")
    assert likeness(one, slip, is_one_agency=False) == "same name, similar award"
    assert likeness(one, OfficerKey.of(AWARD, "Jordan Reyez"), is_one_agency=False) == "same award, similar name"


def test_no_letter_of_the_table_is_a_plain_one_and_each_is_drawn_like_one() -> None:
    letters = [letter for group in LOOKALIKES.values() for letter in group]
    assert len(set(letters)) == len(letters)
    assert not any(letter.isascii() for letter in letters)
    for shape, group in LOOKALIKES.items():
        assert all(look_alike(f"x{shape}x", f"x{letter}x") for letter in group)


def test_every_name_of_the_table_is_a_plain_one() -> None:
    lines = [line.split() for line in nicknames._LINES.strip().splitlines()]
    assert all(word.isascii() and word.islower() and word.isalpha() for line in lines for word in line)
    assert all(len(line) > 1 == len(set(line)) / len(line) for line in lines)
    assert len({line[0] for line in lines}) == len(lines)


def test_numbers_are_compared_by_plain_letters_and_digits() -> None:
    cyrillic = "2020UMW\u04250068"
    assert award_key(cyrillic) == award_key("\uff12\uff10\uff12\uff10umwx0068") == "2020UMWX0068"


def test_the_surname_is_the_last_word_that_is_no_suffix() -> None:
    assert (surname("jordan reyes iii"), surname("madonna"), surname("")) == ("reyes", "madonna", "")
