"""Rewrite claims with the figures expected of them into cases, as `tests/support/case_files.py` reads them.

    python -m tests.support.cases_from_claims FOLDER... > tests/cases/borders.yaml

Each FOLDER holds claims as JSON and `expected.jsonl`, a line for each: the claim's `file`, the `command` with the day
(`--as-of`), what is `expected`, and `why`. Who claims is left out, since no figure depends on it. Whatever else the
claim of a bare case does not state is kept. Running the script again gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import yaml
from yaml.emitter import Emitter
from yaml.representer import SafeRepresenter
from yaml.resolver import BaseResolver
from yaml.serializer import Serializer

from tests.support.case_files import Case, claim_of

HEADER = """\
# Claims at the borders of the rules, with the figures and questions expected of each: rewritten by
# tests/support/cases_from_claims.py from claims whose figures were derived by hand or published. Not edited by hand.

"""
WIDTH = 116
WHO = frozenset({"claim_id", "schema", "agency", "kind"})
WHO_WITHIN = {
    "officer": {"name", "employee_id", "rank", "placed_on", "position"},
    "award": {"number"},
    "course": {"class_id", "host", "coordinated_with", "title"},
}
"""What says who claims, and no more."""
FOLIO = re.compile(r"([A-Z0-9-]+-)?R[0-9]+")
QUESTIONS = {"findings": "finds", "not_findings": "finds_not", "review_on": "review_on", "message": "says"}


def cases(folder: Path) -> Iterator[Case]:
    """The cases of a folder's claims; what is expected of anything but one claim is left out."""
    for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        stated = json.loads(line)
        is_claim = stated["file"].endswith(".json") and isinstance(stated["expected"], dict)
        if is_claim:
            yield _case(stated, json.loads((folder / stated["file"]).read_text(encoding="utf-8")))


def _case(stated: Mapping[str, Any], claim: dict[str, Any]) -> Case:
    trip, stops = claim["trip"], claim["trip"]["stops"]
    why = re.sub(r" *\[[^\]]*\]", "", stated["why"]).replace("  ", " ").rstrip(".")
    case: Case = {
        "case": f"{why} ({stated['id']})",
        "trip": f"{_describe(trip['departed_at'])} to {_describe(trip['returned_at'])}",
        "stops": [_stop(stop) for stop in stops],
    }
    asked = re.search(r"--as-of (\S+)", stated["command"])
    if asked is not None:
        case["as_of"] = asked[1]
    if claim["lodging"]:
        case |= _lodging(claim)
    if "furnished_meals" in claim:
        case["meals"] = {day["date"]: _without(day, {"date"}) for day in claim["furnished_meals"]}
    if claim["expenses"]:
        case["expenses"] = [_expense(expense, claim) for expense in claim["expenses"]]
    rest = _difference(claim, claim_of(_text(case)))
    if rest:
        case["claim"] = rest
    return cast(Case, _text(case | _outcome(stated["expected"], claim)))


def _describe(moment: str) -> str:
    return moment.replace("T", " ")


def _stop(stop: Mapping[str, Any]) -> str:
    en_route = " en route" if stop.get("reason") == "en_route" else ""
    return f"{_place(stop)} {stop['arrived_on']} to {stop['departed_on']}{en_route}"


def _lodging(claim: Mapping[str, Any]) -> dict[str, Any]:
    """The nights, without a date where they are those of the trip in order, and without a folio of the usual kind."""
    first, last = (date.fromisoformat(claim["trip"][end][:10]) for end in ("departed_at", "returned_at"))
    in_order = all(
        (date.fromisoformat(night["night"]) - first).days == number for number, night in enumerate(claim["lodging"])
    )
    used = {expense.get("receipt") for expense in claim["expenses"]}
    nights = []
    for night in claim["lodging"]:
        receipt = night.get("receipt")
        is_usual = receipt and receipt not in used and FOLIO.fullmatch(receipt)
        nights.append(
            _without(
                {"receipt": None} | night, ({"night"} if in_order else set()) | ({"receipt"} if is_usual else set())
            )
        )
    every = nights[0]
    if in_order and every.keys() <= {"room_rate", "tax"} and nights == [every] * (last - first).days:
        return {"rooms": " + ".join(every.values())}
    return {"lodging": nights}


def _expense(expense: Mapping[str, Any], claim: Mapping[str, Any]) -> dict[str, Any]:
    is_of_departure = expense["date"] == claim["trip"]["departed_at"][:10]
    return _without(expense, {"date"} if is_of_departure else set())


def _difference(claim: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """What a claim states otherwise than the one that a case makes by itself."""
    found: dict[str, Any] = {}
    for name, value in claim.items():
        if name in WHO | {"lodging", "expenses", "furnished_meals", "signatures", "attachments"}:
            continue
        inner, of_base = value, base.get(name)
        if isinstance(value, dict):
            kept = _without(
                value, WHO_WITHIN.get(name, set()) - ({"position"} if value.get("position") == "backfill" else set())
            )
            of_base = of_base if isinstance(of_base, dict) else {}
            inner = {key: one for key, one in kept.items() if key != "stops" and one not in ([], of_base.get(key))}
        if inner not in ({}, of_base) and (name, inner) != ("previously_reimbursed", "0.00"):
            found[name] = inner
    return found | _papers(claim)


def _papers(claim: Mapping[str, Any]) -> dict[str, Any]:
    """The attachments that are not attached, and the signatures that are not there."""
    found: dict[str, Any] = {}
    papers = {item: status for item, status in claim["attachments"].items() if status != "attached"}
    if papers:
        found["attachments"] = papers
    unsigned = {who: None for who in ("officer", "supervisor", "fiscal") if who not in claim["signatures"]}
    if unsigned:
        found["signatures"] = unsigned
    return found


def _outcome(expected: dict[str, Any], claim: Mapping[str, Any]) -> dict[str, Any]:
    if expected.get("exit"):
        return {"refused": ""}
    case: dict[str, Any] = {}
    totals = expected.get("totals", {}) | {
        name: amount
        for name, amount in expected.items()
        if isinstance(amount, str) and re.fullmatch(r"\d+\.\d\d", amount)
    }
    totals.pop("names", None)
    totals |= {_line_id(line, claim): amount for line, amount in expected.get("lines", {}).items()}
    if totals:
        case["expect"] = totals
    case |= {key: expected[key] for key in ("at_most", "least") if key in expected}
    case |= {ours: expected[theirs] for theirs, ours in QUESTIONS.items() if theirs in expected}
    if expected.get("review"):
        case["least"] = "review"
    if "names" in expected:
        case["says"] = {"any": re.escape(expected["names"])}
    if expected.get("clean"):
        case["asks"] = []
    blocks = {"backfill", "course-not-completed"} & set(expected.get("findings", ()))
    return case | ({"blocked": sorted(blocks)} if blocks else {})


def _line_id(line: str, claim: Mapping[str, Any]) -> str:
    """The id of the line of a date and a category."""
    on, category = line.split()
    if category == "mie":
        return f"D{(date.fromisoformat(on) - date.fromisoformat(claim['trip']['departed_at'][:10])).days + 1}"
    numbers = [
        number
        for number, expense in enumerate(claim["expenses"], start=1)
        if (expense["date"], expense["category"]) == (on, category)
    ]
    return f"E{numbers[0]}"


def _without(record: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in names}


def _text(value: Any) -> Any:
    """The same with every scalar as the text that JSON has for it."""
    if isinstance(value, dict):
        return {name: _text(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_text(inner) for inner in value]
    return value if isinstance(value, str) else json.dumps(value)


def _place(stop: Mapping[str, Any]) -> str:
    return f"{stop['place']['city']}, {stop['place']['state']}"


class _Plain(Emitter, Serializer, SafeRepresenter, BaseResolver):
    """Writes YAML in which every scalar is text, so that 145.00 needs no quotation marks."""

    def __init__(self, stream: Any, **options: Any) -> None:
        Emitter.__init__(self, stream, width=WIDTH, allow_unicode=True)
        Serializer.__init__(self)
        SafeRepresenter.__init__(self, sort_keys=False)
        self.default_flow_style = None  # type: ignore[assignment]  # groups of plain values on one line
        BaseResolver.__init__(self)


def main() -> None:
    """Print the cases of the folders named on the command line."""
    found = [case for folder in sys.argv[1:] for case in cases(Path(folder))]
    sys.stdout.write(HEADER + yaml.dump_all([found], Dumper=_Plain))


if __name__ == "__main__":
    main()
