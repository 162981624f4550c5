"""A document or a vehicle that is used twice, however it is written: what identifies it counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.checks.auditor import audit
from perdiem_calc.claims.documents import plate_cores, vendors_alike
from perdiem_calc.claims.model import Claim
from perdiem_calc.dated import Law
from perdiem_calc.history.batch import Submitted, known_together
from perdiem_calc.history.conflicts import outside_of
from perdiem_calc.history.records import History
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import itemize
from tests.support.ledgers import begun, claim, course_on, entry

MOODY, SUITES = "Hampton Inn Moody", "Hampton Inn & Suites Moody"


def nights(receipt: str, hotel: str | None, rate: str = "98.00", days: tuple[int, ...] = (4, 5)) -> dict[str, Any]:
    return {
        "expenses": [],
        "lodging": [
            {"night": f"2026-10-0{day}", "room_rate": rate, "receipt": receipt, **({"hotel": hotel} if hotel else {})}
            for day in days
        ],
    }  # fmt: skip


def drive(plate: str) -> dict[str, Any]:
    leg = {"date": "2026-10-04", "category": "pov_mileage", "miles": "38", "from": "A", "to": "B", "plate": plate}
    return {"expenses": [leg], "lodging": []}


def bought(vendor: str, receipt: str, amount: str = "20.00", **fields: Any) -> dict[str, Any]:
    stated = {"date": "2026-10-05", "category": "taxi", "amount": amount, "vendor": vendor, "receipt": receipt}
    return {"expenses": [stated | fields], "lodging": []}


def found(stated: Claim, known: History, law: Law, rates: RateSource) -> list[str]:
    around = itemize(stated, rates, law, outside=outside_of(stated, known, law))
    checks = ("duplicate-document", "second-payee-vehicle")
    return [
        f"{one.check} {one.severity.value} {one.where}"
        for one in audit(around, rates, law, known=known)
        if one.check in checks and one.outcome.value == "questioned"
    ]


ROOMS = "lodging[0].receipt, lodging[1].receipt"
FOLIO = f"duplicate-document review {ROOMS}"
TAXI = "duplicate-document review expenses[0].receipt"
PLATE = "second-payee-vehicle review expenses[0].plate"

ALIKE = [
    (nights("Folio 77001", MOODY), nights("77001", SUITES), FOLIO),
    (nights("Folio 77001", MOODY), nights("No. 77001", "Hampton Inn"), FOLIO),
    # Another hotel altogether, and the same nights; or the same amount.
    (nights("Folio 77001", "Lake Inn"), nights("77001", "Sea Inn"), FOLIO),
    (nights("Folio 77001", "Lake Inn", "97.00", (5, 6)), nights("77001", "Sea Inn", "97.00"), FOLIO),
    # Zeros before the number.
    (nights("Folio 77001", MOODY), nights("0077001", MOODY), FOLIO),
    (nights("Folio 0077001", MOODY), nights("77001", MOODY), FOLIO),
    # The folio once more as a receipt of the same hotel.
    (nights("Folio 77001", MOODY), bought(SUITES, "77001", category="other"), TAXI),
    (bought("Sky Cab", "55123"), bought("Sky Cab Company", "55123", "21.00"), TAXI),
    (drive("GA ABC 123"), drive("ABC123"), PLATE),
    (drive("abc-123"), drive("ABC123 GA"), PLATE),
    (drive("GA ABC 123"), drive("ABC123-GA"), PLATE),
]
APART = [
    # The same number of another vendor on other days for other amounts.
    (nights("Folio 77001", "Lake Inn"), nights("77001", "Sea Inn", "99.00", (5, 6))),
    (nights("Folio 77001", MOODY), nights("77002", SUITES)),
    (nights("Folio 77001", "Lake Inn"), bought("Sky Cab", "77001")),
    # Labels that only number the papers of one claim.
    (nights("R1", MOODY), nights("R1", SUITES)),
    (drive("GA ABC 123"), drive("FL ABC 123")),
    (drive("GA ABC 123"), drive("ABC124")),
]


def both_ways(tmp_path: Path, law: Law, first: dict[str, Any], second: dict[str, Any]) -> list[tuple[Claim, History]]:
    """What is known around the second of two officers' claims: given together, and with the first on record."""
    one, other = claim("A-1", "Kim Alvarez", **first), claim("B-1", "Lee Stone", **second)
    (_, together) = known_together([Submitted("a.json", one), Submitted("b.json", other)])
    with begun(str(tmp_path / "l.sqlite"), law, entry("A-1", officer="Kim Alvarez", fields=first)) as ledger:
        return [(other, together), (other, ledger.known(other))]


@pytest.mark.parametrize(("first", "second", "said"), ALIKE)
def test_what_may_be_one_is_for_a_person(
    tmp_path: Path, law: Law, ratebook: RateSource, first: dict[str, Any], second: dict[str, Any], said: str
) -> None:
    for stated, known in both_ways(tmp_path, law, first, second):
        assert known.sightings == ()
        assert found(stated, known, law, ratebook) == [said]


@pytest.mark.parametrize(("first", "second"), APART)
def test_what_is_two_is_not_questioned(
    tmp_path: Path, law: Law, ratebook: RateSource, first: dict[str, Any], second: dict[str, Any]
) -> None:
    for stated, known in both_ways(tmp_path, law, first, second):
        assert found(stated, known, law, ratebook) == []


def test_what_is_certainly_one_is_blocked_and_not_questioned_besides(
    tmp_path: Path, law: Law, ratebook: RateSource
) -> None:
    for stated, known in both_ways(
        tmp_path, law, nights("Folio 77001", MOODY), nights("77-001", "HAMPTON INN  Moody")
    ):
        assert found(stated, known, law, ratebook) == [f"duplicate-document blocks {ROOMS}"]
    for number, (stated, known) in enumerate(
        both_ways(tmp_path / "..", law, drive("GA ABC 123"), drive("GA-ABC123"))
    ):
        assert found(stated, known, law, ratebook) == ["second-payee-vehicle blocks expenses[0].plate"], number


def test_a_room_that_both_say_they_shared_is_no_document_used_twice(
    tmp_path: Path, law: Law, ratebook: RateSource
) -> None:
    first, second = nights("Folio 77001", MOODY), nights("77001", SUITES)
    for night in first["lodging"]:
        night |= {"sharers": 2, "shared_with": ["Lee Stone"]}
    for night in second["lodging"]:
        night |= {"sharers": 2, "shared_with": ["Kim Alvarez"]}
    for stated, known in both_ways(tmp_path, law, first, second):
        assert found(stated, known, law, ratebook) == []


def test_a_correction_claims_again_what_it_corrects(law: Law, ratebook: RateSource) -> None:
    one = claim("A-1", **nights("Folio 77001", MOODY))
    other = claim("A-2", kind="corrected", replaces="A-1", **nights("0077001", SUITES))
    (_, known) = known_together([Submitted("a.json", one), Submitted("b.json", other)])
    assert found(other, known, law, ratebook) == []


def test_a_car_at_another_course_is_not_questioned(law: Law, ratebook: RateSource) -> None:
    one = claim("A-1", "Kim Alvarez", **drive("GA ABC 123"))
    course = course_on("2026-11-05")["course"]
    other = claim("B-1", "Lee Stone", **drive("ABC123") | {"course": course})
    (_, known) = known_together([Submitted("a.json", one), Submitted("b.json", other)])
    assert found(other, known, law, ratebook) == []


def test_within_one_claim_a_number_that_differs_by_zeros_is_questioned(law: Law, ratebook: RateSource) -> None:
    def within(*receipts: str) -> list[str]:
        lines = [bought("Sky Cab", receipt, f"2{n}.00")["expenses"][0] for n, receipt in enumerate(receipts)]
        stated = claim("A-1", lodging=[], expenses=lines)
        return found(stated, History("new"), law, ratebook)

    assert within("55123", "Receipt 0055123") == ["duplicate-document review expenses[1].receipt"]
    assert within("55123", "55124") == within("R1", "01") == []
    assert within("55123", "55123") == ["duplicate-document blocks expenses[1].amount"]


def test_within_one_claim_the_agencys_car_is_known_without_its_state(law: Law, ratebook: RateSource) -> None:
    fuel = {"date": "2026-10-05", "category": "agency_vehicle_fuel", "amount": "31.00", "receipt": "X-99812"}

    def check(plate: str, of_fuel: str) -> list[str]:
        stated = claim("A-1", lodging=[], expenses=[*drive(plate)["expenses"], fuel | {"plate": of_fuel}])
        findings = audit(itemize(stated, ratebook, law), ratebook, law)
        return [f"{one.severity.value} {one.where}" for one in findings if one.check == "agency-vehicle-at-pov-rate"]

    assert check("GA ABC 123", "ABC123") == check("ABC123", "abc-123 ga") == ["review expenses[0].plate"]
    assert check("GA ABC 123", "FL ABC 123") == check("ABC124", "GA ABC 123") == []
    assert check("ABC 123", "ABC-123")[0].startswith("info")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("hampton inn moody", "hampton inn suites moody", True), ("hampton", "hampton inn moody", True),
        ("lake inn", "sea inn", False), ("inn", "hotel", False), ("", "lake inn", False),
        ("lake inn", "lake inn", True),
        ("hampton inn moody", "hampton inn leeds", False),
    ],
)  # fmt: skip
def test_vendors_are_compared_by_the_words_that_tell_them_apart(one: str, other: str, alike: bool) -> None:
    assert vendors_alike(one, other) is vendors_alike(other, one) is alike


@pytest.mark.parametrize(
    ("plate", "cores"),
    [
        ("GA ABC 123", {("GAABC123", ""), ("ABC123", "GA")}), ("abc-123 ga", {("ABC123GA", ""), ("ABC123", "GA")}),
        ("ABC123", {("ABC123", "")}), ("XX ABC 123", {("XXABC123", "")}), ("GA 123", {("GA123", "")}),
        ("GA POLICE", {("GAPOLICE", "")}), ("\u0410\u0412\u0421 123", {("ABC123", "")}),
    ],
)  # fmt: skip
def test_a_plate_with_and_without_its_state(plate: str, cores: set[tuple[str, str]]) -> None:
    assert plate_cores(plate) == cores
