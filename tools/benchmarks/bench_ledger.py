"""The ledger with 100,000 claims in it: what a reviewer waits for."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from perdiem_calc.claims.names import surname
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.records import content_sha256
from perdiem_calc.ledger import Ledger
from perdiem_calc.ledger.schema import award, claim, decision, fingerprint, payment, sro
from perdiem_calc.rules.law import load_law
from tests.support.ledgers import claim as stated_claim
from tests.support.ledgers import enter, entry
from tools.benchmarks import Measurement, median_seconds

CLAIMS = 100_000
AT_ONCE = 5_000
FIRST = ("Jordan", "Dana", "Sam", "Avery", "Lee", "Kim", "Pat", "Robin", "Alex", "Chris")
STAMP = {"recorded_at": "2026-11-23T12:00:00.000000Z", "recorded_by": "bench"}
DRIVE = {"category": "pov_mileage", "miles": "38", "from": "A", "to": "B"}


def officer(number: int) -> tuple[str, str]:
    """Award and name of an officer: ten to an award, surnames that a thousand share."""
    return f"15JCOPS-25-GG-{number // 10:05}-UHPX", f"{FIRST[number % 10]} Family{number % 997}"


def expenses(number: int) -> list[dict[str, str]]:
    """A flight, a numbered taxi and a drive."""
    day = {"date": "2026-10-05"}
    return [
        {**day, "category": "airfare", "amount": "312.40", "ticket": f"016{number:010}"},
        {**day, "category": "taxi", "amount": "34.00", "vendor": "Yellow Cab", "receipt": f"{number % 5000:05}"},
        {**day, **DRIVE, "plate": f"IL{number:06}"},
    ]


def officers(some: range) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
    """Awards and officers, as the ledger writes them."""
    awards = [
        {
            "id": number // 10 + 1,
            "number": officer(number)[0],
            "award_key": OfficerKey.of(*officer(number)).award,
            **STAMP,
        }
        for number in some
        if number % 10 == 0
    ]
    sros = []
    for number in some:
        key = OfficerKey.of(*officer(number))
        name = {"officer": officer(number)[1], "name_key": key.name, "surname": surname(key.name)}
        sros.append({"id": number + 1, "award_id": number // 10 + 1, **name, **STAMP})
    yield from ((award, awards), (sro, sros))


def a_claim(number: int) -> dict[str, Any]:
    """A claim as the ledger writes it; the content is cut short, which no look-up reads."""
    content = json.dumps({"number": number})
    return {
        "id": number + 1, "sro_id": number + 1, "claim_id": f"K-{number}", "claim_key": f"k-{number}",
        "kind": "original", "replaces": "", "replaces_id": None, "content_sha256": content_sha256(content),
        "content": content, "agency": "Police Department", "course_title": "NASRO Basic SRO Course",
        "course_starts_on": "2026-10-05", "course_ends_on": "2026-10-09", "class_id": "",
        "departed_on": "2026-10-04", "returned_on": "2026-10-09", "claimed_cents": 95_000,
        "allowable_cents": 90_000, "program": "bench", **STAMP,
    }  # fmt: skip


def marks(number: int) -> Iterator[dict[str, Any]]:
    """The fingerprints of a claim; twenty claims have a taxi receipt of the same number, of different vendors."""
    for one in expenses(number):
        kind, value = ("ticket", one["ticket"]) if "ticket" in one else ("receipt", one.get("receipt", ""))
        if "plate" in one:
            kind, value = "vehicle", f"{one['plate']} 2026-10-05"
        mark = {"claim_id": number + 1, "kind": kind, "value": value, "vendor": f"cab {number % 300}", "lines": "E1"}
        yield {**mark, "happened_on": "2026-10-05", "amount_cents": 100, **STAMP}


def rows(some: range) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
    """The entries of some claims."""
    yield from officers(some)
    yield claim, [a_claim(number) for number in some]
    yield fingerprint, [mark for number in some for mark in marks(number)]
    money = {"amount_cents": 90_000, **STAMP}
    decided = {"check_id": "", "place": "", "verdict": "accept", "reason": "", **money}
    yield decision, [{"claim_id": number + 1, **decided} for number in some]
    paid = {"kind": "payment", "counted_on": "2026-10-09", "paid_on": "", "reference": "", **money}
    yield payment, [{"sro_id": number + 1, "claim_id": number + 1, **paid} for number in some]


def filled(place: Path) -> Ledger:
    """A ledger of 100,000 claims of as many officers."""
    ledger = Ledger.begin(str(place), load_law(), by="bench")
    for start in range(0, CLAIMS, AT_ONCE):
        with ledger._store.writing() as connection:
            for table, entries in rows(range(start, start + AT_ONCE)):
                connection.execute(table.insert(), entries)
    return ledger


def bench_ledger() -> list[Measurement]:
    law = load_law()
    with tempfile.TemporaryDirectory() as folder, filled(Path(folder) / "ledger.sqlite") as ledger:
        number = 54_321
        number_of_award, name = officer(number)
        award_fields = stated_claim().award.model_dump(mode="json", exclude_none=True) | {"number": number_of_award}
        known = stated_claim("X-1", name, expenses=expenses(number + 1), award=award_fields)
        new = stated_claim("X-2", "Family3, Zoe", expenses=expenses(number + 2))
        found = ledger.known(known)
        assert (str(found.paid_before), len(found.claims)) == ("900.00", 1)
        # Twenty other claims have the taxi's number, of other vendors.
        assert [one.seen.kind for one in found.sightings] == ["ticket", "vehicle"]
        # Without a vendor, the number of the taxi's receipt may be that of twenty claims.
        unsaid = [{name: value for name, value in one.items() if name != "vendor"} for one in expenses(number + 1)]
        busy = stated_claim("X-3", name, expenses=unsaid, award=award_fields)
        assert len(ledger.known(busy).sightings) == 22  # ticket, plate, twenty receipts
        entries = iter(
            [entry(f"R-{turn}", "1.00", f"Person {'abcdefghijklmnop'[turn]}", sro="new") for turn in range(8)]
        )
        on = date(2026, 11, 23)
        promised = [
            ("ledger: what is left for an officer", lambda: ledger.balance(number_of_award, name, on)),
            ("ledger: what is known around a claim", lambda: ledger.known(known)),
            ("ledger: what is known, seen in 21 claims", lambda: ledger.known(busy)),
        ]
        figures = [Measurement(what, median_seconds(run, calls=50), limit=0.002) for what, run in promised]
        return [
            *figures,
            Measurement("ledger: what is known, new officer", median_seconds(lambda: ledger.known(new), calls=10)),
            Measurement("ledger: recording a claim", median_seconds(lambda: enter(ledger, next(entries), law))),
            Measurement("ledger: verifying all of it", median_seconds(ledger.problems, rounds=1, warm_up=False)),
        ]
