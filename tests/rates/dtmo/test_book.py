"""OCONUS rates by place and day, and claims priced by them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, OutputError, PlaceNotResolved, RateUnavailable
from perdiem_calc.rates.dtmo import OconusBook, import_file, import_meals, read_imports, read_meals
from perdiem_calc.rates.places import Locality, Place, parse_place
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rates.sources import OconusRates, open_rates
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
    """Imports texts one after the other, and opens what came of them."""

    def make(*texts: str) -> OconusBook:
        for number, content in enumerate(texts or (LIST,)):
            path = tmp_path / f"oconus{number}.txt"
            path.write_text(content, encoding="utf-8")
            import_file(path, own, TODAY)
        return OconusBook(read_imports(own), read_meals(own), ratebook)

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
        ("Anchorage, AK", "2027-01-15", 229),
        ("Denali National Park, AK", "2026-05-15", 150),
        ("Denali National Park, AK", "2026-05-16", 300),
        ("Denali National Park, AK", "2026-09-14", 300),
        ("Denali National Park, AK", "2026-09-15", 150),
        ("St. Croix, VI", "2026-04-14", 299),
        ("St. Croix, VI", "2026-04-15", 247),
        ("Saint Croix, VI", "2026-12-15", 299),
        ("Clear AB, AK", "2026-02-28", 90),
        ("Clear AB, AK", "2028-02-29", 90),
        ("Clear AB, AK", "2028-03-01", 95),
    ],
)
def test_seasons_before_on_and_after_their_change(book: Book, place: str, on: str, dollars: int) -> None:
    assert lodging(book(), place, on) == dollars


def test_a_rate_says_its_season_and_its_source(book: Book) -> None:
    rate = book().rate(parse_place("Denali National Park, AK"), date(2026, 5, 16))
    assert (rate.fiscal_year, rate.month, rate.season) == (2026, 5, "05/16 to 09/14")
    assert (rate.source.kind, rate.source.name) == ("dtmo", "DTMO oconus0.txt, effective 2026-01-01")
    assert (len(rate.source.sha256), rate.source.retrieved_at) == (64, "2026-11-23")


def test_before_the_first_effective_date_there_is_no_rate(book: Book) -> None:
    with pytest.raises(RateUnavailable, match="known for 2025-12-31: the imported files have it from 2026-01-01 on"):
        lodging(book(), "Anchorage, AK", "2025-12-31")


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
    odd = book(LIST + leap, later)
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
    with pytest.raises(RateUnavailable, match="no imported file has it"):
        book().rate(Locality(1, "ADAK", "AK"), TODAY)


# ---- which locality


@pytest.mark.parametrize(
    ("place", "locality"),
    [
        ("ANCHORAGE, AK", "ANCHORAGE"),
        ("Wasilla, AK", "[OTHER]"),
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
    resolution = book().resolve(parse_place(place), 2026)
    assert resolution.locality is not None, resolution
    assert resolution.locality.name == locality
    assert resolution.locality.id >= 1_000_000


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("Ancorage, AK", "Ancorage is not in DTMO's list of Alaska"),
        ("Kihei, HI", "Kihei is not in DTMO's list of Hawaii"),
        ("Kailua, HI", "Kailua is not in DTMO's list of Hawaii"),
        ("Nowhere, MP", "Nowhere is not in DTMO's list of Northern Mariana Islands"),
        ("99501", "a ZIP alone does not say"),
        ("Alaska", "the place is not in DTMO's list of Alaska"),
        ("Midway, UM", "no imported file has rates of Midway"),
    ],
)
def test_a_place_nobody_names_has_no_rate(book: Book, place: str, reason: str) -> None:
    with pytest.raises(PlaceNotResolved) as caught:
        book().rate(parse_place(place), TODAY)
    assert caught.value.status == "unresolved"
    assert caught.value.what.startswith(reason)


def test_close_names_are_offered(book: Book) -> None:
    found = book()
    assert found.resolve(parse_place("Ancorage, AK"), 2026).suggestions[0] == "ANCHORAGE, AK"
    assert "ISLE OF MAUI, HI" in found.resolve(parse_place("Maui, HI"), 2026).suggestions


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
    assert folder.name.startswith("2026-01-01_")
    lines = (folder / "seasons.csv").read_text().splitlines()
    assert lines[0] == "state,locality,begins,ends,lodging,meals,incidental,effective_from,footnote"
    assert "AK,ANCHORAGE,04/01,09/30,329,118,30,2026-01-01," in lines
    assert len(lines) == 24
    assert 'file = "oconus0.txt"' in (folder / "provenance.toml").read_text()
    book()
    assert len(list((own / "oconus").iterdir())) == 1, "the same file again changes nothing"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("provenance.toml", "not toml ="),
        ("provenance.toml", 'file = "x"\n'),
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
    assert run.out.startswith("23 seasons of AK, AS, GU, HI, MP, PR, VI, effective up to 2026-01-01, are in ")
    # 23 lines of ours, whose eleventh fields add up to 7,404, and one of another country.
    assert run.out.endswith(
        f"1 lines of other countries were passed over\nRead from {home}: 24 lines; the maximum per diems of the "
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
    assert (status["file"], status["effective_up_to"]) == ("oconus.txt", "2026-01-01")
    assert "OCONUS rates of AK, AS, GU, HI, MP, PR, VI" in perdiem("ratebook", "status").out
    assert perdiem("ratebook", "import-dtmo").code == 2


def test_what_was_imported_as_json(perdiem: Perdiem, home: Path, tmp_path: Path) -> None:
    table = tmp_path / "meals.csv"
    table.write_text(MEALS, encoding="utf-8")
    record = perdiem("ratebook", "import-dtmo", home, "--meals", table, "--json").record
    assert (record["seasons"], record["states"][:2], record["passed_over"]) == (23, ["AK", "AS"], 1)
    assert (record["effective_up_to"], record["overlaps"], record["meals"]) == ("2026-01-01", [], 1)
    assert (record["rows"], record["maximum_per_diems"], record["meals_sum"]) == (24, "7404.00", "148.00")
    assert Path(record["folder"]).is_dir()
    assert Path(record["meals_file"]).is_file()


def test_overlaps_are_said_at_the_import(perdiem: Perdiem, home: Path) -> None:
    home.write_text(LIST + "ALASKA;ANCHORAGE;09/15;10/15;300;118;68;30;;;448;01/01/2026\n", encoding="utf-8")
    run = perdiem("ratebook", "import-dtmo", home)
    assert run.code == 0
    assert "ANCHORAGE, AK: the seasons 04/01 to 09/30 and 09/15 to 10/15 overlap" in run.err


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
    assert rates.rate("Anchorage, AK", datetime(2026, TODAY.month, TODAY.day, 12)).lodging == 229
    for wrong in (99501, None):
        with pytest.raises(InputError, match="is not a place"):
            rates.rate(cast(str, wrong), TODAY)
    with pytest.raises(InputError, match="ZIP 32801 does not lie in Alaska"):
        rates.rate("Anchorage, AK 32801", TODAY)


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
