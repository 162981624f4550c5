"""The recorded and documented bodies, read; figures by hand from the files."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from perdiem_calc.rates.gsa.bodies import BodyError, ZipRow, envelope, error_code, lodging, tiers, zipcodes
from perdiem_calc.rates.gsa.names import parts, same_name, spellings
from tests.rates.gsa.server import recorded


def test_abingdon_has_the_standard_rate_whatever_standard_rate_says() -> None:
    (row,) = envelope(recorded("city_Abingdon_state_VA_year_2027.json"))
    assert row.is_standard
    assert (row.city, row.county, row.state, row.fiscal_year) == ("Standard Rate", "", "VA", 2027)
    assert set(row.months) == {Decimal(113)}
    assert row.mie == 68


def test_boise_changes_in_june_and_november() -> None:
    (row,) = envelope(recorded("city_Boise_state_ID_year_2027.json"))
    assert [int(month or 0) for month in row.months] == [176] * 5 + [201] * 5 + [176] * 2
    assert (row.county, str(row.mie), row.did, row.faults) == ("Ada", "86.00", None, ())


def test_bethesda_is_in_the_district_and_stays_in_maryland() -> None:
    (row,) = envelope(recorded("city_Bethesda_state_MD_year_2027.json"))
    assert (row.city, row.state) == ("District of Columbia", "MD")
    assert not row.is_standard


def test_mclean_is_in_two_localities() -> None:
    rows = envelope(recorded("city_McLean_state_VA_year_2027.json"))
    assert [(row.city, str(row.mie)) for row in rows] == [("District of Columbia", "92.00"), ("Loudoun", "80.00")]


def test_an_unknown_city_gives_every_locality_of_the_state() -> None:
    rows = envelope(recorded("city_Xyzzyville_state_VA_year_2027.json"))
    assert len(rows) == 11
    assert rows[0].city == "Blacksburg"
    assert [row.is_standard for row in rows].index(True) == 7


@pytest.mark.parametrize(
    ("name", "zip5", "city"),
    [
        ("gsa_docs_ep1_city_Fairfax_VA_2023.json", "", "District of Columbia"),
        ("gsa_docs_ep2_state_VA_2023_excerpt.json", "", "Blacksburg"),
        ("gsa_docs_ep3_zip_20171_2023.json", "20171", "District of Columbia"),
    ],
)
def test_the_documentation_s_envelopes_state_another_year_than_their_name(name: str, zip5: str, city: str) -> None:
    row = envelope(recorded(name))[0]
    assert (row.fiscal_year, row.zip, row.city) == (2025, zip5, city)


def test_no_rates() -> None:
    assert envelope(recorded("empty_rates_CONSTRUCTED.json")) == ()


def test_the_bulk_lodging_rows() -> None:
    rows = lodging(recorded("gsa_docs_ep4_conus_lodging_2023_excerpt.json"))
    assert [(row.did, row.state, row.is_standard) for row in rows] == [
        (0, "", True),
        (0, "AL", True),
        (44, "CA", False),
        (274, "NY", False),
    ]
    assert parts(rows[3].county) == ("onondaga", "oswego")
    assert set(rows[2].months) == {Decimal(245)}
    (new_york,) = lodging(recorded("gsa_docs_filter_did_266_lodging_2023.json"))
    assert [int(month or 0) for month in new_york.months] == [159] * 2 + [258] * 4 + [220] * 2 + [286] * 4


@pytest.mark.parametrize("name", ["gsa_docs_ep5_conus_mie_2023.json", "issue80_conus_mie_2020.json"])
def test_tiers_add_up(name: str) -> None:
    found = tiers(recorded(name))
    assert all(4 * tier.first_last_day == 3 * tier.total for tier in found)
    assert found[0].breakfast == 13


def test_zips_get_their_leading_zeros_back() -> None:
    rows = zipcodes(recorded("gsa_docs_ep6_conus_zipcodes_2023_excerpt.json"))
    assert rows[0] == ZipRow("57716", 0, "")
    assert rows[2] == ZipRow("08544", 249, "NJ")
    assert zipcodes(recorded("gsa_docs_filter_zip_10005_2023.json")) == (ZipRow("10005", 266, "NY"),)


def test_a_zip_row_that_is_there_twice_counts_once() -> None:
    row = {"Zip": "501", "DID": "271", "ST": "NY"}
    assert zipcodes(json.dumps([row, row, row | {"DID": "0"}]).encode()) == (
        ZipRow("00501", 271, "NY"),
        ZipRow("00501", 0, "NY"),
    )


TIER = {"total": 68, "breakfast": 16, "lunch": 19, "dinner": 28, "incidental": 5, "FirstLastDay": 51}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lunch": 20}, "do not add up"),
        ({"FirstLastDay": 50}, "is not 75 %"),
        ({"dinner": 0}, "zero, or none"),
        ({"dinner": None}, "zero, or none"),
        ({"total": "x"}, "not a number"),
    ],
)
def test_a_tier_that_cannot_be(change: dict[str, object], said: str) -> None:
    with pytest.raises(BodyError, match=said):
        tiers(json.dumps([TIER | change]).encode())


@pytest.mark.parametrize(
    "row",
    [
        {"Zip": "123456", "DID": "0", "ST": "NY"},
        {"Zip": "-1", "DID": "0", "ST": "NY"},
        {"Zip": "501", "DID": "x", "ST": "NY"},
        {"Zip": "501", "DID": -1, "ST": "NY"},
        {"Zip": "501", "DID": True, "ST": "NY"},
        {"Zip": "501", "DID": "0", "ST": 5},
        {"DID": "0", "ST": "NY"},
        "501",
    ],
)
def test_a_zip_row_that_cannot_be(row: object) -> None:
    with pytest.raises(BodyError):
        zipcodes(json.dumps([row]).encode())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("error_403_api_key_invalid_TEMPLATE.json", "API_KEY_INVALID"),
        ("error_403_api_key_missing.json", "API_KEY_MISSING"),
        ("error_429_over_rate_limit_TEMPLATE.json", "OVER_RATE_LIMIT"),
        ("error_403_nginx_issue112.html", ""),
        ("gsa_docs_ep5_conus_mie_2023.json", ""),
    ],
)
def test_codes_of_errors(name: str, code: str) -> None:
    assert error_code(recorded(name)) == code


@pytest.mark.parametrize("body", [b'{"error":"no"}', b'{"error":{"code":"no such thing"}}', b'{"error":{"code":5}}'])
def test_what_does_not_look_like_a_code_is_not_repeated(body: bytes) -> None:
    assert error_code(body) == ""


@pytest.mark.parametrize(
    ("city", "address"),
    [
        ("Martha's Vineyard", "Martha%20s%20Vineyard"),
        ("O\u2019Fallon", "O%20Fallon"),
        ("Big Sky / Gardiner", "Big%20Sky%20Gardiner"),
        ("Washington, D.C.", "Washington%2C%20DC"),
        ("Doña Ana", "Dona%20Ana"),
        ("A?b#c&d", "A%3Fb%23c%26d"),
        ("../../secret", "secret"),
    ],
)
def test_a_city_in_an_address(city: str, address: str) -> None:
    assert spellings(city) == (address,)


def test_a_city_without_a_latin_letter() -> None:
    assert spellings("東京") == ()


def test_whole_names_never_pieces_of_them() -> None:
    assert same_name("Boston / Cambridge", "Boston/Cambridge ")
    assert not same_name("Milton", "Hamilton")
    assert "milton" not in parts("Hamilton / Big Sky")


# ---- what an answer may not say


def boise(**changes: object) -> dict[str, object]:
    """The row of the recorded answer about Boise, with changes; `months` gives every month."""
    answer = json.loads(recorded("city_Boise_state_ID_year_2027.json"))
    row: dict[str, object] = answer["rates"][0]["rate"][0]
    if "months" in changes:
        changes["months"] = {"month": [{"number": month, "value": changes["months"]} for month in range(1, 13)]}
    return row | changes


def answer_of(*rows: dict[str, object]) -> bytes:
    return json.dumps({"rates": [{"state": "ID", "year": 2027, "rate": rows}]}).encode()


def test_two_rows_of_one_city_at_different_rates_are_a_fault_of_the_source() -> None:
    for other in (boise(meals=92), boise(months=177), boise(months=0), boise(city="BOISE", county="Canyon", meals=1)):
        with pytest.raises(BodyError, match="a locality is stated twice, at different rates"):
            envelope(answer_of(boise(), other))
    assert len(envelope(answer_of(boise(), boise(county="Canyon"), boise(city="Nampa", meals=1)))) == 2 + 1


def test_two_rows_of_one_locality_in_the_list_of_a_year_are_too() -> None:
    listed = json.loads(recorded("gsa_docs_ep4_conus_lodging_2023_excerpt.json"))
    assert lodging(json.dumps(listed + listed).encode())
    listed.append(listed[0] | {"Jan": "999"})
    with pytest.raises(BodyError, match="a locality is stated twice, at different rates"):
        lodging(json.dumps(listed).encode())


def test_a_tier_with_two_sets_of_meals_is_refused() -> None:
    tier = {"total": 68, "breakfast": 16, "lunch": 19, "dinner": 28, "incidental": 5, "FirstLastDay": 51}
    other = tier | {"breakfast": 15, "lunch": 20}
    assert len(tiers(json.dumps([tier, tier]).encode())) == 1
    with pytest.raises(BodyError, match="an M&IE tier is stated twice, with different meals"):
        tiers(json.dumps([tier, other]).encode())


@pytest.mark.parametrize(
    "amount",
    ["1_45", "\uff11\uff14\uff15", "\u0661\u0664\u0665", " 145", "145 ", "+145", "1e2", "145.", ".5", "1,450", "NaN"],
)
def test_an_amount_is_written_in_plain_digits(amount: str) -> None:
    """Python reads most of these as numbers: 1_45 as 145."""
    for row in (boise(meals=amount), boise(months=amount)):
        with pytest.raises(BodyError, match="is not a number"):
            envelope(answer_of(row))
