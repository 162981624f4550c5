"""The lists of the sheet Lists: what may be chosen, and the figures in force, each under its defined name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from perdiem_calc.claims.model import TRANSPORTATION
from perdiem_calc.dated import Law
from perdiem_calc.rates.places.names import STATE_NAMES
from perdiem_calc.workbook.form import formulas, table
from perdiem_calc.workbook.form.edition import TIER, Edition
from perdiem_calc.workbook.form.table import CHOICES


def lists(edition: Edition, law: Law) -> Iterator[tuple[str, Sequence[object]]]:
    """Every list, by its defined name, in the order of the columns: texts, numbers, days."""
    for name, choices in CHOICES.items():
        yield f"list_{name}", list(choices)
        yield f"code_{name}", list(choices.values())
    categories = CHOICES["categories"].values()
    yield "category_group", ["Transportation" if code in TRANSPORTATION else "Other" for code in categories]
    yield "list_states", [state for state, _, _ in edition.states]
    yield "state_names", [STATE_NAMES[state] for state, _, _ in edition.states]
    yield "state_first", [first for _, first, _ in edition.states]
    yield "state_rows", [rows for _, _, rows in edition.states]
    yield "mileage_from", [one.first for one in edition.mileage]
    yield "mileage_rate", [one.rate for one in edition.mileage]
    yield "mileage_low", [one.declined for one in edition.mileage]
    for place, name in enumerate(TIER):
        yield f"tier_{name}", [tier[place] for tier in edition.tiers]
    yield from _word_lists(law, edition.first).items()
    yield "officer_limit", [law.number("chp-cap", "limit", edition.first)]
    yield "rates_from", [edition.first]
    yield "rates_until", [edition.last]
    yield "mileage_until", [edition.mileage_until]
    yield "nbsp", ["\u00a0"]
    yield "layout_version", [table.LAYOUT_VERSION]


def _word_lists(law: Law, on: date) -> dict[str, list[str]]:
    """The words that rules look for, as `formulas.words` makes a text, each between blanks, one and several."""

    def norm(word: str) -> str:
        for sign in formulas.PUNCTUATION:
            word = word.replace(sign, " ")
        return " ".join(word.split())

    def both(rule: str, name: str) -> list[str]:
        said = [norm(word) for word in law.words(rule, name, on)]
        return [f" {word}{ending} " for word in said for ending in ("", "s")]

    papers = [norm(word) for word in law.words("receipts", "denied_papers", on)]
    openings = [
        *(norm(word) for word in law.words("receipts", "denial_first_words", on)),
        *(norm(word) for word in law.words("receipts", "denial_beginnings", on)),
        *(f"no {paper}{ending}" for paper in papers for ending in ("", "s")),
    ]
    return {
        "list_denials": list(law.words("receipts", "denials", on)),
        "list_openings": [f" {word} " for word in openings],
        "list_refusals": [f" {norm(word)} " for word in law.words("receipts", "refusal_first_words", on)],
        "list_papers": list(law.words("receipts", "document_words", on)),
        "list_homes": both("pov-mileage", "home_words"),
        "list_terminals": both("pov-mileage", "terminal_words"),
        "list_stops": both("pov-mileage", "stop_words"),
        "list_round": both("pov-mileage", "round_trip_words"),
        "list_lodging": both("not-allowable", "lodging_words"),
    }
