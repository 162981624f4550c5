"""Reads the law, the dated rules and figures of ftr.toml and chp.toml, from the package.

>>> from datetime import date
>>> load_law().citation("furnished-meal-deduction", date(2025, 12, 7))
'41 CFR 301-11.18'
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from perdiem_calc.dated import Dated, Entry, Law, Rule
from perdiem_calc.errors import InputError

FILES = ("ftr.toml", "chp.toml")

DECISIONS: Mapping[str, tuple[str, ...]] = {
    "lodging_tax_counts_towards_cap": ("yes",),
    "over_rate_lodging": ("capped", "refused"),
    "late_claim": ("review", "blocks"),
    "mie_basis": ("flat",),
    "collision_waiver_paid_conus": ("no", "yes"),
}
"""The settings that the fact sheet leaves open, and the decisions this program can carry out."""


@cache
def load_law() -> Law:
    """The rules in force, as the package carries them. The same object every time."""
    package = files("perdiem_calc.rules")
    rules: dict[str, Rule] = {}
    for name in FILES:
        rules.update(read_rules((package / name).read_text(encoding="utf-8"), where=name))
    return Law(rules)


def read_rules(text: str, where: str) -> dict[str, Rule]:
    """The rules that a TOML text states; figures are exact decimals.

    Raises InputError where a rule lacks its title or citation, a value its entries, or dates have gaps, overlap or
    run backwards.
    """
    rules = {}
    for rule_id, table in tomllib.loads(text, parse_float=Decimal).items():
        here = f"{where}: {rule_id}"
        if not {"title", "citation"} <= table.keys():
            raise InputError(
                "law.rule.incomplete", "a rule without title or citation", where=here, fix="give it both"
            )
        fields = {name: _dated(name, table[name], here) for name in table if name != "title"}
        citation = fields.pop("citation")
        _require_decisions(fields, here)
        rules[rule_id] = Rule(rule_id, table["title"], citation, fields)
    return rules


def _require_decisions(fields: Mapping[str, Dated[Any]], where: str) -> None:
    """Refuse a setting whose value nothing in the program would carry out."""
    for name, setting in fields.items():
        for entry in setting.entries if name in DECISIONS else ():
            if entry.value not in DECISIONS[name]:
                raise InputError(
                    "law.decision.unknown",
                    f"{name} = {entry.value!r} is a decision this program does not know",
                    where=where,
                    fix=f"choose {' or '.join(DECISIONS[name])}",
                )


def _dated(name: str, rows: Iterable[Mapping[str, Any]], where: str) -> Dated[Any]:
    entries = tuple(_entry(name, row, where) for row in rows)
    if not entries:
        raise InputError("law.entries.missing", f"{name}: no entries", where=where, fix="give it at least one")
    for before, after in pairwise(entries):
        if before.effective_to is None or (after.effective_from - before.effective_to).days != 1:
            raise InputError(
                "law.entries.gap",
                f"{name}: {after.effective_from} does not follow on {before.effective_to}",
                where=where,
                fix="let each entry begin on the day after the one before ends",
            )
    return Dated(f"{where.partition(': ')[2]}.{name}", entries)


def _entry(name: str, row: Mapping[str, Any], where: str) -> Entry[Any]:
    unknown = row.keys() - {"effective_from", "effective_to", "value", "citation", "reviewed_on", "known"}
    if unknown or not {"effective_from", "value", "reviewed_on"} <= row.keys():
        raise InputError(
            "law.entry.fields",
            f"{name}: an entry with {', '.join(sorted(row))}",
            where=where,
            fix="give it effective_from, value and reviewed_on; effective_to, citation and known may follow",
        )
    value, first, last = row["value"], row["effective_from"], row.get("effective_to")
    if last is not None and last < first:
        raise InputError(
            "law.entry.reversed", f"{name}: {last} is before {first}", where=where, fix="swap the two dates"
        )
    return Entry(
        effective_from=first,
        effective_to=last,
        value=tuple(value) if isinstance(value, list) else value,
        citation=row.get("citation", ""),
        reviewed_on=row["reviewed_on"],
        known=row.get("known", ""),
    )
