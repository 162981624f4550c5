"""Names and award numbers: what counts as the same, and what is only near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perdiem_calc.identity import SroKey, award_key, likeness, name_key, surname

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
        ((AWARD, "Jordan Reyes"), (AWARD, "Reyes Jordan"), "same award, similar name"),
        ((AWARD, "Jordan Reyes"), (AWARD, "J. Reyes"), "same award, similar name"),
        ((AWARD, "Jordan Reyes"), (AWARD, "Jordan A. Reyes"), "same award, similar name"),
        ((AWARD, "Chris Ng"), (AWARD, "Christopher Ng"), "same award, similar name"),
        ((AWARD, "Ng, Chris M."), (AWARD, "Christopher Ng, Jr."), "same award, similar name"),
        ((AWARD, "Chris Ng"), (AWARD, "Christopher Vale"), ""),
        ((AWARD, "Kit Ng"), (AWARD, "Christopher Ng"), ""),
        ((AWARD, "Topher Ng"), (AWARD, "Christopher Ng"), ""),
        ((AWARD, "Chris Ng"), (OTHER, "Christopher Ng"), ""),
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
    assert likeness(SroKey.of(*one), SroKey.of(*other)) == why
    assert likeness(SroKey.of(*other), SroKey.of(*one)) == why


def test_the_surname_is_the_last_word_that_is_no_suffix() -> None:
    assert (surname("jordan reyes iii"), surname("madonna"), surname("")) == ("reyes", "madonna", "")
