"""docs/rules.md, made from the law files: each rule with its citations and values by date.

`make reference` writes it, tests/tools/test_rule_reference.py compares it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tests.support.house_rules import ROOT

PAGE = ROOT / "docs" / "rules.md"
FILES = {
    "ftr.toml": "The Federal Travel Regulation",
    "chp.toml": "The award program",
}
HEAD = """# Rules

*Every rule that the program applies: what it says, where the regulation or the program states it, and its values,
each with the travel dates on which it is in force. Made from `perdiem_calc/rules/ftr.toml` and `chp.toml`: after a
change there, run `make reference`.*

A claim is judged by what was in force on the day of each cost. *Confirmed* and *unconfirmed* say how well a citation
is attested: the regulation was renumbered on December 8, 2025, and an unconfirmed citation names the part where its
new number could not be checked.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for name, title in FILES.items():
        rules = tomllib.loads((ROOT / "perdiem_calc" / "rules" / name).read_text(encoding="utf-8"), parse_float=str)
        parts.append(f"## {title}\n")
        parts += ["\n".join(_rule(rule, facts)) + "\n" for rule, facts in rules.items()]
    return "\n".join(parts)


def _rule(rule: str, facts: Mapping[str, Any]) -> Iterator[str]:
    yield f"### `{rule}`"
    yield ""
    yield f"{facts['title']}."
    yield ""
    yield "| what | travel dates | value |"
    yield "|---|---|---|"
    for name, entries in facts.items():
        if name == "title":
            continue
        words = "citation" if name == "citation" else name.replace("_", " ")
        for entry in entries:
            stated = " · ".join(filter(None, (_value(entry["value"]), entry.get("known"), _source(name, entry))))
            yield f"| {words} | {_days(entry)} | {stated} |"


def _source(name: str, entry: Mapping[str, Any]) -> str:
    return f"source: {entry['citation']}" if name != "citation" and entry.get("citation") else ""


def _days(entry: Mapping[str, Any]) -> str:
    until: date | None = entry.get("effective_to")
    return f"{entry['effective_from']} to {until}" if until else f"from {entry['effective_from']}"


def _value(value: object) -> str:
    """A value as text; a list with commas, a table as its names with their values."""
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(one)}" for name, one in value.items())
    return str(value).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
