"""OCONUS rates by place and day, and claims priced by them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zipfile import ZipFile

import pandas as pd
import pytest

from perdiem_calc import estimate
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, OutputError, PlaceNotResolved, RateUnavailable
from perdiem_calc.rates.dtmo import (
    OconusBook,
    OtherNames,
    import_file,
    import_meals,
    read_imports,
    read_meals,
    read_names,
)
from perdiem_calc.rates.places import Locality, Place, parse_place
from perdiem_calc.rates.ratebook import Ratebook, data_folder
from perdiem_calc.rates.sources import BookRates, OconusRates, open_rates
from tests.support.checking import Desk
from tests.support.command import Perdiem
from tests.support.oconus import LIST

TODAY = date(2026, 11, 23)
MEALS = "total,breakfast,lunch,dinner,incidental\n148,22,37,59,30\n"
Book = Callable[..., OconusBook]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def book(own: Path, tmp_path: Path, ratebook: Ratebook) -> Book:
    """Imports texts one after the other, by the month of their name if one is given, and opens what came of them."""

    def make(*texts: str, latest: bool = False, **by_month: str) -> OconusBook:
        named = {f"oconus{number}": content for number, content in enumerate(texts)} | by_month
        for name, content in (named or {"oconus0": LIST}).items():
            path = tmp_path / f"{name.replace('_', '-')}.txt"
            path.write_text(content, encoding="utf-8")
            import_file(path, own, TODAY)
        others = read_names(Path(data_folder()))
        return OconusBook(read_imports(own), read_meals(own), ratebook, others, latest=latest)

    return make


def lodging(book: OconusBook, place: str, on: str) -> int:
    return int(book.rate(parse_place(place), date.fromisoformat(on)).lodging)


# ---- which day


@pytest.mark.parametrize(
    ("place", "on", "dollars"),
    [
        ("Anchorage, AK", "2026-03-31", 229),
        ("Anchorage, AK", "2026-04-01", 329),
        ("Anchorage, AK", "2026-09-30", 329),
        ("Anchorage, AK", "2026-10-01", 229),
        ("Anchorage, AK", "2026-12-31", 229),
        ("Denali National Park, AK", "2026-05-15", 150),
        ("Denali National Park, AK", "2026-05-16", 300),
        ("Denali National Park, AK", "2026-09-14", 300),
        ("Denali National Park, AK", "2026-09-15", 150),
        ("St. Croix, VI", "2026-04-14", 299),
        ("St. Croix, VI", "2026-04-15", 247),
        ("Saint Croix, VI", "2026-12-15", 299),
        ("Clear AB, AK", "2026-02-28", 90),
        ("Clear AB, AK", "2026-03-01", 95),
    ],
)
def test_seasons_before_on_and_after_their_change(book: Book, place: str, on: str, dollars: int) -> None:
    assert lodging(book(), place, on) == dollars


def test_a_leap_day_belongs_to_the_season_that_ends_on_the_day_before(book: Book) -> None:
    of_2028 = book(ovs28_01=LIST)
    assert [lodging(of_2028, "Clear AB, AK", f"2028-{day}") for day in ("02-28", "02-29", "03-01")] == [90, 90, 95]


def test_a_rate_says_its_season_and_its_source(book: Book) -> None:
    rate = book().rate(parse_place("Denali National Park, AK"), date(2026, 5, 16))
    assert (rate.fiscal_year, rate.month, rate.season) == (2026, 5, "05/16 to 09/14")
    assert (rate.source.kind, rate.source.name) == ("dtmo", "DTMO oconus0.txt, list of 2026-01, effective 2026-01-01")
    assert (len(rate.source.sha256), rate.source.retrieved_at) == (64, "2026-11-23")


# ---- which edition


def dearer(month: str, dollars: int, name: str = "ANCHORAGE") -> str:
    """A list of one locality: lodging, and M&IE of 148."""
    day = f"{month[5:]}/01/{month[:4]}"
    return f"ALASKA;{name};01/01;12/31;{dollars};118;68;30;;;{dollars + 148};{day}\n"


@pytest.mark.parametrize(
    ("on", "dollars"),
    [
        ("2025-03-01", 200),  # the first day of the first list's month
        ("2025-06-30", 200),  # the day before the next one
        ("2025-07-01", 210),
        ("2026-06-30", 210),  # the last of its 12 months
    ],
)
def test_an_edition_prices_its_month_and_those_after_it(book: Book, on: str, dollars: int) -> None:
    both = book(list_2025_03=dearer("2024-01", 200), ovs25_07=dearer("2024-01", 210))
    assert lodging(both, "Anchorage, AK", on) == dollars


def test_before_the_first_edition_there_is_no_rate(book: Book) -> None:
    first = book(list_2025_03=dearer("2024-01", 200))
    with pytest.raises(RateUnavailable, match="known for 2025-02-28: the imported lists begin in 2025-03"):
        lodging(first, "Anchorage, AK", "2025-02-28")


def test_after_twelve_months_a_rate_is_not_known_yet(book: Book) -> None:
    with pytest.raises(RateUnavailable, match="known yet for 2026-03-01") as caught:
        lodging(book(list_2025_03=dearer("2024-01", 200)), "Anchorage, AK", "2026-03-01")
    assert caught.value.code == "dtmo.rate.not-known-yet"
    assert "the latest imported list is of 2025-03, and a list prices 12 months" in str(caught.value)


def test_a_gap_between_two_editions_is_no_later_one(book: Book) -> None:
    both = book(list_2020_03=dearer("2020-01", 200), list_2026_03=dearer("2026-01", 300))
    with pytest.raises(RateUnavailable, match="the last list before it is of 2020-03"):
        lodging(both, "Anchorage, AK", "2022-01-01")


def test_the_latest_rate_if_asked_for_is_marked_as_stale(book: Book) -> None:
    rate = book(list_2025_03=dearer("2024-01", 200), latest=True).rate(parse_place("Anchorage, AK"), date(2026, 3, 1))
    assert (str(rate.lodging), rate.source.stale_since) == ("200.00", "2026-03-01")
    assert rate.source.doubts == ("no later list is imported: this one prices the days before 2026-03-01",)


def test_of_two_files_of_a_month_the_later_import_counts(book: Book) -> None:
    assert (
        lodging(
            book(ovs26_04=dearer("2026-04", 200), list_2026_04=dearer("2026-04", 300)), "Anchorage, AK", "2026-05-01"
        )
        == 300
    )


def test_a_rate_that_begins_later_in_the_month_waits(book: Book) -> None:
    later = dearer("2026-05", 300).replace("05/01/2026", "05/15/2026")
    both = book(list_2026_04=dearer("2026-04", 200), list_2026_05=later)
    assert lodging(both, "Anchorage, AK", "2026-05-14") == 200
    assert lodging(both, "Anchorage, AK", "2026-05-15") == 300
    anchorage = both.locality(parse_place("Anchorage, AK"), date(2026, 5, 1))
    assert both.rate(anchorage, date(2026, 5, 14)).lodging == 200


def test_a_rate_that_begins_after_the_only_list(book: Book) -> None:
    only = book(ovs26_05=dearer("2026-05", 300).replace("05/01/", "05/15/"))
    anchorage = only.locality(parse_place("Anchorage, AK"), date(2026, 5, 14))
    with pytest.raises(RateUnavailable, match="it begins later"):
        only.rate(anchorage, date(2026, 5, 14))
    with pytest.raises(RateUnavailable, match="ANCHORAGE, AK is known for 2026-05-14: it begins later"):
        lodging(only, "Anchorage, AK", "2026-05-14")


def test_a_known_place_that_no_name_covers_in_a_list_without_other(book: Book) -> None:
    with pytest.raises(PlaceNotResolved, match="Homer is not in DTMO's list of Alaska"):
        lodging(book(ovs26_05=dearer("2026-05", 300)), "Homer, AK", "2026-05-14")


OLD_HAWAII = """\
HAWAII;HILO;01/01;12/31;199;96;56;24;;;319;07/01/2019
HAWAII;ISLE OF HAWAII: HILO;01/01;12/31;199;96;56;24;;;319;07/01/2019
HAWAII;ISLE OF HAWAII: OTHER;01/01;12/31;218;125;70;31;;;374;07/01/2019
ALASKA;BARROW;01/01;12/31;177;80;40;20;;;277;07/01/2019
"""
NEW_HAWAII = """\
HAWAII;ISLE OF HAWAII: HILO;01/01;12/31;199;117;68;29;;;345;10/01/2025
HAWAII;ISLE OF HAWAII: LOCATIONS OTHER THAN HILO;01/01;12/31;242;144;81;36;;;422;10/01/2025
ALASKA;UTQIAGVIK;01/01;12/31;277;80;40;20;;;377;10/01/2025
"""


@pytest.mark.parametrize(
    ("place", "on", "mie"),
    [
        ("Hilo, HI", "2020-12-05", 120),
        ("Hilo, HI", "2026-06-01", 146),  # the name HILO is that of the old list alone
        ("Kailua-Kona, HI", "2020-12-05", 156),
        ("Kailua-Kona, HI", "2026-06-01", 180),
    ],
)
def test_names_belong_to_the_edition_that_uses_them(book: Book, place: str, on: str, mie: int) -> None:
    both = book(list_2020_12=OLD_HAWAII, list_2026_04=NEW_HAWAII)
    assert both.rate(parse_place(place), date.fromisoformat(on)).mie.total == mie


@pytest.mark.parametrize("place", ["Barrow, AK", "Utqiagvik, AK"])
def test_a_renamed_city_is_found_by_both_names(book: Book, place: str) -> None:
    both = book(list_2020_12=OLD_HAWAII, list_2026_04=NEW_HAWAII)
    assert lodging(both, place, "2020-12-05") == 177
    assert lodging(both, place, "2026-06-01") == 277


def test_a_locality_that_was_renamed_during_a_trip(book: Book) -> None:
    both = book(list_2020_12=OLD_HAWAII, list_2021_03=NEW_HAWAII.replace("10/01/2025", "01/01/2021"))
    barrow = both.locality(parse_place("Barrow, AK"), date(2021, 2, 28))
    assert [both.rate(barrow, day).lodging for day in (date(2021, 2, 28), date(2021, 3, 1))] == [177, 277]


def test_a_later_file_holds_from_its_effective_date(book: Book) -> None:
    later = LIST.replace("01/01/2026", "05/01/2026").replace(";329;118;68;30;;;477", ";339;118;68;30;;;487")
    both = book(LIST, later)
    assert lodging(both, "Anchorage, AK", "2026-04-30") == 329
    assert lodging(both, "Anchorage, AK", "2026-05-01") == 339
    assert lodging(book(later, LIST), "Anchorage, AK", "2026-05-01") == 339


def test_rates_change_only_on_the_first_of_a_month_and_on_the_days_named(book: Book) -> None:
    leap = (
        "ALASKA;LEAP;03/01;06/10;120;60;40;15;;;195;01/01/2026\n"
        "ALASKA;LEAP;06/11;02/29;99;60;40;15;;;174;01/20/2026\n"
    )
    later = LIST.replace("01/01/2026", "05/03/2027").replace(";329;118;68;30;;;477", ";339;118;68;30;;;487")
    odd = book(LIST + leap, later + leap, list_2027_01=LIST + leap, list_2028_01=LIST + leap)
    first, last = date(2026, 2, 1), date(2028, 12, 31)
    named = odd.changes(first, last)
    assert named == sorted(set(named))
    assert {date(2026, 5, 16), date(2026, 9, 15), date(2027, 5, 3), date(2028, 6, 11)} <= set(named)
    assert odd.changes(date(2026, 5, 17), date(2026, 5, 31)) == []
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    for place in ("Anchorage", "Denali National Park", "Clear AB", "Leap", "Juneau"):
        paid = [odd.rate(parse_place(f"{place}, AK"), day).lodging for day in days]
        changed = {day for day, new, old in zip(days[1:], paid[1:], paid, strict=False) if new != old}
        assert changed <= {day for day in days if day.day == 1} | set(named)


def test_overlapping_seasons_are_not_guessed(book: Book) -> None:
    overlapping = LIST + "ALASKA;ANCHORAGE;09/15;10/15;300;118;68;30;;;448;01/01/2026\n"
    odd = book(overlapping)
    assert lodging(odd, "Anchorage, AK", "2026-09-14") == 329
    with pytest.raises(RateUnavailable, match="states two rates of ANCHORAGE, AK for 2026-09-15"):
        lodging(odd, "Anchorage, AK", "2026-09-15")


def test_a_day_in_no_season(book: Book) -> None:
    gap = "\n".join(line for line in LIST.splitlines() if ";10/01;03/31;" not in line)
    with pytest.raises(RateUnavailable, match="no rate of ANCHORAGE, AK is known for 2026-12-01"):
        lodging(book(gap), "Anchorage, AK", "2026-12-01")


def test_a_locality_that_no_file_has(book: Book) -> None:
    with pytest.raises(RateUnavailable, match="DTMO's list of 2026-01 does not name it"):
        book().rate(Locality(1, "ADAK", "AK"), TODAY)


# ---- which locality


@pytest.mark.parametrize(
    ("place", "locality"),
    [
        ("ANCHORAGE, AK", "ANCHORAGE"),
        ("Wasilla, AK", "[OTHER]"),
        ("Kihei, HI", "ISLE OF MAUI"),
        ("Maui, HI", "ISLE OF MAUI"),
        ("Kailua, Honolulu County, HI", "ISLE OF OAHU"),
        ("Kaneohe, HI", "ISLE OF OAHU"),
        ("Waikiki, HI", "HONOLULU"),
        ("Honolulu County, HI", "ISLE OF OAHU"),
        ("Lihue, HI", "[OTHER]"),
        ("Kaunakakai, HI", "[OTHER]"),
        ("Hilo, Hawaii County, HI", "ISLE OF HAWAII: HILO"),
        ("Santurce, PR", "SAN JUAN & NAV RES STA"),
        ("Isla Verde, PR", "CAROLINA"),
        ("Guaynabo, PR", "[OTHER]"),
        ("Ponce County, PR", "[OTHER]"),
        ("Tumon, GU", "GUAM (INCL ALL MIL INSTAL)"),
        ("Guam", "GUAM (INCL ALL MIL INSTAL)"),
        ("American Samoa", "AMERICAN SAMOA"),
        ("Other, AK", "[OTHER]"),
        ("[OTHER], HI", "[OTHER]"),
        ("Hilo, Hawaii", "ISLE OF HAWAII: HILO"),
        ("Isle of Maui, HI", "ISLE OF MAUI"),
        ("Honolulu, HI", "HONOLULU"),
        ("San Juan, PR", "SAN JUAN & NAV RES STA"),
        ("San Juan, Puerto Rico 00901", "SAN JUAN & NAV RES STA"),
        ("Carolina, PR", "CAROLINA"),
        ("Ponce, PR", "[OTHER]"),
        ("Dededo, GU", "GUAM (INCL ALL MIL INSTAL)"),
        ("Tamuning, Guam", "TAMUNING"),
        ("Charlotte Amalie West, VI", "ST. THOMAS"),
        ("Pago Pago, AS", "AMERICAN SAMOA"),
        ("Saipan, MP", "SAIPAN"),
    ],
)
def test_places_that_the_list_or_the_census_names(book: Book, place: str, locality: str) -> None:
    resolution = book().resolve(parse_place(place), TODAY)
    assert resolution.locality is not None, resolution
    assert resolution.locality.name == locality
    assert resolution.locality.id >= 1_000_000


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("Ancorage, AK", "Ancorage is not in DTMO's list of Alaska"),
        ("Nowhere, HI", "Nowhere is not in DTMO's list of Hawaii (2026-01), nor known otherwise"),
        ("Maui County, HI", "Maui is not in DTMO's list of Hawaii"),
        ("Nowhere County, AK", "Nowhere is not in DTMO's list of Alaska"),
        ("Nowhere, MP", "Nowhere is not in DTMO's list of Northern Mariana Islands"),
        ("99501", "a ZIP alone does not say"),
        ("Alaska", "the place is not in DTMO's list of Alaska"),
        ("Midway, UM", "no imported list has rates of Midway"),
    ],
)
def test_a_place_nobody_names_has_no_rate(book: Book, place: str, reason: str) -> None:
    with pytest.raises(PlaceNotResolved) as caught:
        book().rate(parse_place(place), TODAY)
    assert caught.value.status == "unresolved"
    assert caught.value.what.startswith(reason)


def test_close_names_are_offered(book: Book) -> None:
    found = book()
    assert found.resolve(parse_place("Ancorage, AK"), TODAY).suggestions[0] == "ANCHORAGE, AK"
    assert "ISLE OF MAUI, HI" in found.resolve(parse_place("Maui Beach Hotel, HI"), TODAY).suggestions


HYPHENS = """\
ALASKA;KENAI-SOLDOTNA;01/01;12/31;275;114;66;29;;;418;01/01/2026
ALASKA;DUTCH HARBOR-UNALASKA;01/01;12/31;229;114;66;29;;;372;01/01/2026
ALASKA;[OTHER];01/01;12/31;239;114;66;29;;;382;01/01/2026
HAWAII;MCB HAWAII;01/01;12/31;202;130;74;33;;;365;01/01/2026
HAWAII;ISLE OF OAHU;01/01;12/31;203;130;74;33;;;366;01/01/2026
HAWAII;ISLE OF HAWAII: LOCATIONS OTHER THAN HILO;01/01;12/31;242;144;81;36;;;422;01/01/2026
HAWAII;ISLE OF MOLOKAI;01/01;12/31;150;80;40;20;;;250;01/01/2026
PUERTO RICO;FT. BUCHANAN [INCL GSA SVC CTR, GUAYNABO];01/01;12/31;195;88;44;22;;;305;01/01/2026
PUERTO RICO;[OTHER];01/01;12/31;159;80;40;20;;;259;01/01/2026
"""


@pytest.mark.parametrize(
    ("place", "dollars"),
    [
        (parse_place("Kenai, AK"), 275),
        (parse_place("Soldotna, AK"), 275),
        (parse_place("Kenai-Soldotna, AK"), 275),
        (parse_place("Unalaska, AK"), 229),
        (parse_place("Homer, AK"), 239),
        (parse_place("MCB Hawaii"), 202),
        (Place("MCB HAWAII", "HI"), 202),
        (Place("Kaneohe Bay MC Base", "HI"), 202),
        (parse_place("Kailua, Hawaii County, HI"), 242),
        (parse_place("Kaunakakai, HI"), 150),
        (parse_place("FT. BUCHANAN [INCL GSA SVC CTR, GUAYNABO], PR"), 195),
        (parse_place("Fort Buchanan, PR"), 195),
        (parse_place("Guaynabo, PR"), 159),
        (parse_place("Condado, PR"), 159),
    ],
)
def test_parts_of_names_other_names_and_names_that_end_in_the_state(book: Book, place: Place, dollars: int) -> None:
    assert book(HYPHENS).rate(place, TODAY).lodging == dollars


def test_a_town_of_two_islands_at_two_rates_is_asked_for(book: Book) -> None:
    resolution = book(HYPHENS).resolve(parse_place("Kailua, HI"), TODAY)
    assert (resolution.status, resolution.fix) == ("ambiguous", "add the county")
    assert resolution.reason == "Kailua lies in Hawaii County and in Honolulu County, whose rates differ"
    assert [candidate.locality.name for candidate in resolution.candidates] == [
        "ISLE OF HAWAII: LOCATIONS OTHER THAN HILO",
        "ISLE OF OAHU",
    ]


def test_an_answer_says_that_the_list_names_no_part_of_it(book: Book) -> None:
    reason = book(HYPHENS).resolve(parse_place("Homer, AK"), TODAY).reason
    assert reason == "DTMO's list of 2026-01 names neither Homer nor its county or island: [OTHER] applies"


def test_without_the_file_of_other_names(book: Book, own: Path, ratebook: Ratebook) -> None:
    book(HYPHENS)
    bare = OconusBook(read_imports(own), {}, ratebook, OtherNames())
    with pytest.raises(PlaceNotResolved, match="Kaneohe Bay MC Base is not in DTMO's list"):
        bare.locality(Place("Kaneohe Bay MC Base", "HI"), TODAY)


# ---- M&IE by meal


def tier(book: OconusBook, place: str) -> tuple[str, ...]:
    mie = book.rate(parse_place(place), TODAY).mie
    amounts = (mie.total, mie.breakfast, mie.lunch, mie.dinner, mie.incidental, mie.first_last_day)
    return tuple(str(amount) for amount in amounts)


def test_above_265_the_shares_of_the_total(book: Book) -> None:
    found = book()
    # Maui 216 + 54 = 270: 15 % 40.50, 25 % 67.50, 40 % 108.00, and the rest 54.00; 75 % of 270 is 202.50.
    assert tier(found, "Isle of Maui, HI") == ("270.00", "40.50", "67.50", "108.00", "54.00", "202.50")
    assert found.rate(parse_place("Isle of Maui, HI"), TODAY).mie.meals_known


def test_up_to_265_no_figure_is_invented(book: Book) -> None:
    found = book()
    assert tier(found, "Anchorage, AK") == ("148.00", "0.00", "0.00", "0.00", "30.00", "111.00")
    assert not found.rate(parse_place("Anchorage, AK"), TODAY).mie.meals_known


def test_up_to_265_by_the_table_that_was_imported(book: Book, own: Path, tmp_path: Path) -> None:
    path = tmp_path / "meals.csv"
    path.write_text(MEALS, encoding="utf-8")
    assert import_meals(path, own)[0] == {148: (22, 37, 59, 30)}
    found = book()
    assert tier(found, "Anchorage, AK") == ("148.00", "22.00", "37.00", "59.00", "30.00", "111.00")
    assert not found.rate(parse_place("Honolulu, HI"), TODAY).mie.meals_known


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("total\n148\n", "line 1: the header is 'total'; write total,breakfast,lunch,dinner,incidental"),
        (MEALS + "148,22,37,59,30\n", "line 3: 148 appears twice"),
        (MEALS.replace("59", "60"), "line 2: 148 appears twice, above 265, or not the sum"),
        (MEALS.replace("148,22", "266,140"), "line 2: 266 appears twice, above 265"),
        (MEALS.replace("22", "22.5"), "line 2: an amount is not whole dollars"),
        (MEALS + "1,2\n", "line 3: 2 columns; write 5: total,breakfast,lunch,dinner,incidental"),
        (MEALS.splitlines()[0] + "\n", "no rows"),
        ("", "is empty"),
        (MEALS.replace("37", "3_7"), "line 2: an amount is not whole dollars"),
        (MEALS.replace("37", "\uff13\uff17"), "line 2: an amount is not whole dollars"),
        (MEALS.replace("37", '"37'), "line 2: a cell in quotes does not end on its line"),
        (MEALS * 2, "line 3: repeats the header"),
    ],
)
def test_a_table_that_is_refused(own: Path, tmp_path: Path, table: str, said: str) -> None:
    path = tmp_path / "meals.csv"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        import_meals(path, own)
    assert said in str(caught.value)
    assert not own.exists()


# ---- what is kept


def test_what_is_kept_is_text_with_its_provenance(book: Book, own: Path) -> None:
    book()
    (folder,) = (own / "oconus").iterdir()
    assert folder.name.startswith("2026-01_")
    lines = (folder / "seasons.csv").read_text().splitlines()
    assert lines[0] == "state,locality,begins,ends,lodging,meals,incidental,effective_from,footnote"
    assert "AK,ANCHORAGE,04/01,09/30,329,118,30,2026-01-01," in lines
    assert len(lines) == 24
    stated = (folder / "provenance.toml").read_text()
    assert stated.startswith('file = "oconus0.txt"\nsha256 = "')
    assert stated.endswith("month = 2026-01-01\nimported_on = 2026-11-23\nnumber = 1\n")
    book()
    assert len(list((own / "oconus").iterdir())) == 1, "the same file again changes nothing"


@pytest.mark.parametrize(("file", "month"), [("ovs26-03.txt", "2026-03"), ("oconus.txt", "2026-01")])
def test_what_an_earlier_version_kept_has_the_month_of_its_name_or_its_rates(
    book: Book, own: Path, file: str, month: str
) -> None:
    book()
    (folder,) = (own / "oconus").iterdir()
    stated = f'file = "{file}"\nsha256 = "y"\nimported_on = 2026-11-23\n'
    (folder / "provenance.toml").write_text(stated, encoding="utf-8")
    assert [f"{one.month:%Y-%m}" for one in read_imports(own)] == [month]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("provenance.toml", "not toml ="),
        ("provenance.toml", 'file = "x"\n'),
        ("provenance.toml", 'file = "x"\nsha256 = "y"\nimported_on = 2026-11-23\nmonth = 4\n'),
        ("seasons.csv", "state,locality,begins,ends,lodging,meals,incidental,effective_from,footnote\n"),
        (
            "seasons.csv",
            "state,locality,begins,ends,lodging,meals,incidental,effective_from,footnote\n"
            "AK,ANCHORAGE,04/01,09/30,0,118,30,2026-01-01,\n",
        ),
        ("seasons.csv", "state\n"),
    ],
)
def test_what_was_kept_and_is_damaged(book: Book, own: Path, name: str, content: str) -> None:
    book()
    (folder,) = (own / "oconus").iterdir()
    (folder / name).write_text(content)
    with pytest.raises(InputError):
        read_imports(own)


def test_a_folder_that_cannot_be_written(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, table = tmp_path / "oconus.txt", tmp_path / "meals.csv"
    path.write_text(LIST, encoding="utf-8")
    table.write_text(MEALS, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", refused)
        with pytest.raises(OutputError, match="No space left"):
            import_file(path, own, TODAY)
    assert list((own / "oconus").iterdir()) == []
    (own / "oconus").rmdir()
    (own / "oconus").write_text("a file where the folder should be")
    for call in (lambda: import_file(path, own, TODAY), lambda: import_meals(table, own)):
        with pytest.raises(OutputError):
            call()


def refused(*_: Any, **__: Any) -> int:
    raise OSError(28, "No space left on device")


# ---- with the other rates


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    path = tmp_path / "oconus.txt"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_the_commands(perdiem: Perdiem, home: Path, tmp_path: Path) -> None:
    ask = ("rate", "Anchorage, AK", "--on", "2026-11-23", "--json")
    assert perdiem(*ask).record["status"] == "oconus"
    run = perdiem("ratebook", "import-dtmo", home)
    assert run.code == 0
    assert run.out.startswith("List of 2026-01: 23 seasons of AK, AS, GU, HI, MP, PR, VI are in ")
    # 23 lines of ours, whose eleventh fields add up to 7,404, and one of another country.
    assert run.out.endswith(
        "1 line of other countries was passed over\nRead from oconus.txt: 24 lines; the maximum per diems of the "
        "seasons add up to $7,404\n"
    )
    record = perdiem(*ask).record
    assert (record["lodging"], record["mie"], record["first_last_day"]) == ("229.00", "148.00", "111.00")
    assert record["source"]["kind"] == "dtmo"
    assert perdiem("rate", "Orlando, FL", "--on", "2026-11-23", "--json").record["source"]["kind"] == "ratebook"
    table = tmp_path / "meals.csv"
    table.write_text(MEALS, encoding="utf-8")
    out = perdiem("ratebook", "import-dtmo", "--meals", table).out
    assert out.startswith("The meals of 1 M&IE totals are in ")
    assert out.endswith("; the totals add up to $148\n")
    assert perdiem(*ask).record["meals"]["dinner"] == "59.00"
    (status,) = perdiem("ratebook", "status", "--json").record["oconus"]
    assert (status["file"], status["month"]) == ("oconus.txt", "2026-01")
    assert "OCONUS rates of AK, AS, GU, HI, MP, PR, VI, list of 2026-01:" in perdiem("ratebook", "status").out
    assert perdiem("ratebook", "import-dtmo").code == 2


def test_what_was_imported_as_json(perdiem: Perdiem, home: Path, tmp_path: Path) -> None:
    table = tmp_path / "meals.csv"
    table.write_text(MEALS, encoding="utf-8")
    record = perdiem("ratebook", "import-dtmo", home, "--meals", table, "--json").record
    (one,) = record["lists"]
    assert (one["seasons"], one["states"][:2], one["passed_over"]) == (23, ["AK", "AS"], 1)
    assert (one["month"], one["overlaps"], record["meals"]) == ("2026-01", [], 1)
    assert (one["rows"], one["maximum_per_diems"], record["meals_sum"]) == (24, "7404.00", "148.00")
    assert Path(one["folder"]).is_dir()
    assert Path(record["meals_file"]).is_file()


def test_overlaps_are_said_at_the_import(perdiem: Perdiem, home: Path) -> None:
    home.write_text(LIST + "ALASKA;ANCHORAGE;09/15;10/15;300;118;68;30;;;448;01/01/2026\n", encoding="utf-8")
    run = perdiem("ratebook", "import-dtmo", home)
    assert run.code == 0
    assert "ANCHORAGE, AK: the seasons 04/01 to 09/30 and 09/15 to 10/15 overlap" in run.err


def test_a_batch_of_places_with_commas_and_states_of_their_own(perdiem: Perdiem, home: Path, tmp_path: Path) -> None:
    home.write_text(HYPHENS, encoding="utf-8")
    perdiem("ratebook", "import-dtmo", home)
    rows = tmp_path / "places.csv"
    rows.write_text(
        "place,state,on\nMCB HAWAII,HI,2026-06-01\n"
        '"FT. BUCHANAN [INCL GSA SVC CTR, GUAYNABO]",PR,2026-06-01\n"Kenai, AK",,2026-06-01\n',
        encoding="utf-8",
    )
    records = perdiem("rate", "--batch", rows, "--json").records
    assert [record["lodging"] for record in records] == ["202.00", "195.00", "275.00"]


def test_the_latest_list_if_asked_for(perdiem: Perdiem, home: Path) -> None:
    perdiem("ratebook", "import-dtmo", home)
    ask = ("rate", "Anchorage, AK", "--on", "2027-07-01", "--json")
    refused = perdiem(*ask)
    assert (refused.code, refused.record["status"]) == (3, "unavailable")
    record = perdiem(*ask, "--source", "latest").record
    assert (record["lodging"], record["source"]["stale_since"]) == ("329.00", "2027-01-01")


def test_an_archive_and_a_wrong_file_from_the_command_line(perdiem: Perdiem, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "year.zip"
    with ZipFile(path, "w") as archive:
        for month in ("04", "05"):
            archive.writestr(f"{month}-01-26oconus.txt", LIST)
            archive.writestr(f"{month}-01-26oconusnm.txt", LIST)
    out = perdiem("ratebook", "import-dtmo", path).out
    assert [line[:16] for line in out.splitlines() if line.startswith("List of")] == [
        "List of 2026-04:",
        "List of 2026-05:",
    ]
    assert [one["month"] for one in perdiem("ratebook", "status", "--json").record["oconus"]] == [
        "2026-05",
        "2026-04",
    ]
    run = perdiem("ratebook", "import-dtmo", "--meals", path)
    assert run.code == 2
    assert "year.zip: is an Excel workbook, or another zip, not a table in CSV" in run.err


def test_rates_inside_and_outside(perdiem: Perdiem, home: Path) -> None:
    perdiem("ratebook", "import-dtmo", home)
    rates = open_rates("ratebook")
    assert isinstance(rates, OconusRates)
    assert rates.problems == ()
    anchorage = rates.locality("Anchorage, AK", TODAY)
    assert rates.rate(anchorage, TODAY).lodging == 229
    assert rates.rate("Anchorage, AK", TODAY).lodging == 229
    assert rates.rate(Locality(98, "Orlando", "FL"), TODAY).lodging == 145
    assert rates.rate(Place("Orlando", "FL"), TODAY).lodging == 145
    assert rates.resolve("Toronto, Ontario", 2026).status == "oconus"
    assert rates.resolve("Anchorage, AK", 2026).status == "resolved"
    assert rates.rate("Anchorage, AK", datetime(2026, TODAY.month, TODAY.day, 12)).lodging == 229
    for wrong in (99501, None):
        with pytest.raises(InputError, match="is not a place"):
            rates.rate(cast(str, wrong), TODAY)
    with pytest.raises(InputError, match="ZIP 32801 does not lie in Alaska"):
        rates.rate("Anchorage, AK 32801", TODAY)


# ---- a plan


def test_a_trip_across_two_lists_is_priced_by_the_names_of_each(book: Book, law: Law, ratebook: Ratebook) -> None:
    """The first list has no Kenai, so [OTHER] applies until the second one takes over on April 1."""
    rates = OconusRates(BookRates(ratebook), book(list_2026_01=LIST, list_2026_04=HYPHENS))
    place, days = "Kenai, AK", [date(2026, 3, 30) + timedelta(days=number) for number in range(4)]
    assert [rates.rate(place, day).lodging for day in days] == [184, 184, 275, 275]
    trips = pd.DataFrame({"place": [place], "depart_on": [days[0]], "return_on": [date(2026, 4, 3)]})
    costs = estimate(trips, rates, law)
    assert costs["lodging"].to_list() == [2 * 184 + 2 * 275]
    # 134.00 a day, then 143.00; the day of return has the rate of the day before it.
    assert costs["mie"].to_list() == [0.75 * 134 + 134 + 143 + 143 + 0.75 * 143]


def test_a_trip_after_the_last_list_is_not_priced(book: Book, law: Law, ratebook: Ratebook) -> None:
    rates = OconusRates(BookRates(ratebook), book())
    trips = pd.DataFrame({"place": ["Anchorage, AK", "Orlando, FL"]}).assign(
        depart_on="2027-01-04", return_on="2027-01-06"
    )
    costs = estimate(trips, rates, law)
    assert costs["status"].to_list() == ["unavailable", "resolved"]
    assert (
        "no rate of Alaska is known yet for 2027-01-01: the latest imported list is of 2026-01" in costs["reason"][0]
    )


# ---- a claim


def test_a_claim_to_anchorage(book: Book, law: Law, ratebook: Ratebook) -> None:
    class Both:
        def locality(self, place: Place, on: date) -> Locality:
            return book().locality(place, on)

        def rate(self, where: str | Place | Locality, on: date) -> Any:
            return book().rate(parse_place("Anchorage, AK"), on)

    desk = Desk(law, Both())
    edits = {f"furnished_meals[{day}].lunch": "registration" for day in (1, 2)}
    lines = {line.id: line for line in desk.itemized(edits).lines}
    # Full days at $148.00, and 75 % of it, $111.00, on the first and the last; two lunches that nobody can value.
    assert [lines[f"D{day}"].amount_allowed for day in range(1, 6)] == [111, 148, 148, 148, 111]
    assert [lines[f"N{night}"].amount_allowed for night in range(1, 5)] == [98] * 4
    (unjudged,) = [finding for finding in desk.findings(edits) if finding.check == "furnished-meal-deduction"]
    assert unjudged.outcome.value == "not_evaluated"
    assert "furnished on 2026-11-04 to 2026-11-05 were not deducted" in unjudged.message
    assert "the M&IE of ANCHORAGE, AK, $148.00, is not known here" in unjudged.message
    assert not [finding for finding in desk.findings({}) if finding.check == "furnished-meal-deduction"]
