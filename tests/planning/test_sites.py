"""Course sites and weeks compared, and the distances that are planned with."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.planning.distances import coordinates, distances
from perdiem_calc.planning.estimator import COLUMNS_OUT, Estimator
from perdiem_calc.planning.sites import compare_sites, course_weeks, not_compared, planning_miles, site_names
from perdiem_calc.rates.places import Place
from perdiem_calc.rates.ratebook import Ratebook
from tests.support.command import Perdiem

WEEKS = [date(2026, 10, 5), date(2026, 12, 7)]
PEORIA = Place(city="Peoria", state="IL")


@pytest.fixture(scope="module")
def estimator(law: Law) -> Estimator:
    return Estimator(Ratebook.open(), law)


def test_sites_are_ranked_by_what_the_agency_pays(estimator: Estimator) -> None:
    sites = pd.DataFrame(
        {"place": ["Orlando, FL", "Springfield, IL"], "airfare": [312.4, None], "miles": [None, 150]}
    )
    table = compare_sites(sites, WEEKS, estimator)
    # Orlando 725 + 440 + 312.40; Springfield at the standard rate 565 + 374 + 150 x 0.76 = 114, above the limit.
    assert table["site"].to_list() == ["Springfield, IL"] * 2 + ["Orlando, FL"] * 2
    assert table["total"].to_list() == [1053.0, 1053.0, 1477.4, 1477.4]
    assert table["agency_share"].to_list() == [53.0, 53.0, 477.4, 477.4]
    assert table["rank"].to_list() == [1, 1, 3, 3]
    assert table["mode"].to_list() == ["drive", "drive", "fly", "fly"]
    assert table["week"].to_list() == WEEKS * 2
    assert table["why"][0] == (
        "5 nights at $113.00, the standard rate in IL, $374.00 M&IE, 150 miles by car for $114.00; "
        "NASRO's limit binds at $1,000.00, the agency pays $53.00, the least of all."
    )
    assert table["why"][2].endswith("the agency pays $477.40, $424.40 more than the least.")


def test_the_cheaper_of_car_and_airplane_is_planned(estimator: Estimator) -> None:
    sites = pd.DataFrame({"place": ["Orlando, FL"], "airfare": [200], "miles": [263]})
    # 263 x 0.76 = 199.88; 264 x 0.76 = 200.64
    assert compare_sites(sites, WEEKS[:1], estimator)["transportation"].to_list() == [199.88]
    dearer = compare_sites(sites.assign(miles=264), WEEKS[:1], estimator)
    assert (dearer["mode"][0], dearer["transportation"][0], dearer["miles"][0]) == ("fly", 200.0, 0.0)


def test_a_planning_rate_and_no_transportation_are_reported(estimator: Estimator) -> None:
    sites = pd.DataFrame({"place": ["Orlando, FL", "Ottumwa, IA"], "miles": [100, 0]})
    table = compare_sites(sites, [date(2027, 1, 4)], estimator, order="total")
    assert table["site"].to_list() == ["Ottumwa, IA", "Orlando, FL"]
    assert "no transportation planned; NASRO pays $939.00, the total is $939.00, the least of all." in table["why"][0]
    assert "100 miles by car for $76.00 (planning rate)" in table["why"][1]


def test_a_site_nobody_knows_comes_last_with_the_reason(estimator: Estimator) -> None:
    table = compare_sites(pd.DataFrame({"place": ["Springfield", "Orlando, FL"]}), WEEKS[:1], estimator)
    assert table["site"].to_list() == ["Orlando, FL", "Springfield"]
    assert table["why"][1] == "place: Springfield is in 28 states; add the state"
    assert pd.isna(table["rank"][1])


def test_miles_of_a_site_are_stated_or_planned(estimator: Estimator) -> None:
    sites = pd.DataFrame({"name": ["near", "far"], "place": ["Springfield, IL", "Moab, UT"], "miles": [150, None]})
    table = compare_sites(sites, WEEKS[:1], estimator, distances={"far": 1200, "near": 1})
    assert dict(zip(table["site"], table["miles"], strict=True)) == {"near": 150.0, "far": 2400.0}


def test_a_site_without_miles_that_nobody_can_plan_is_compared_by_air_or_not_at_all(estimator: Estimator) -> None:
    sites = pd.DataFrame(
        {
            "name": ["far", "by air", "stated", "nowhere"],
            "place": ["Moab, UT", "Orlando, FL", "Springfield, IL", "Springfield"],
            "airfare": [None, 312.4, None, None],
            "miles": [None, None, 150, None],
        }
    )
    unknown = dict.fromkeys(sites["name"], "no coordinates are known; give a ZIP")
    table = compare_sites(sites, WEEKS[:1], estimator, distances=unknown)
    assert table["site"].to_list() == ["stated", "by air", "far", "nowhere"]
    assert table["row"].to_list() == [4, 3, 2, 5]
    # Orlando 725 + 440 + 312.40; nothing is known of the way to Moab, so no amount is either.
    assert table["total"].to_list()[:2] == [1053.0, 1477.4]
    far = table.to_dict("records")[2]
    assert [name for name in (*COLUMNS_OUT[3:], "rank") if not pd.isna(far[name])] == []
    assert (far["locality"], far["status"]) == ("", "unresolved")
    assert "Not compared by car" not in table["why"][0]
    assert table["why"][1].endswith(" Not compared by car: no coordinates are known; give a ZIP.")
    # What is wrong with the place comes before what is not known of the way.
    assert table["why"].to_list()[2:] == [
        "no coordinates are known; give a ZIP",
        "place: Springfield is in 28 states; add the state",
    ]


def test_what_is_not_comparable_is_said_with_rows_weeks_and_reason(estimator: Estimator) -> None:
    sites = pd.DataFrame({"place": ["Orlando, FL", None, "Moab, UT", "Springfield"], "lodging_tax_rate": 0.1})
    weeks = course_weeks(date(2027, 9, 20), date(2027, 10, 4))
    said = not_compared(compare_sites(sites, weeks, estimator))
    # The year's rates end on September 30: the week of October 4 is lost, but not the whole sites.
    assert [sentence.partition(";")[0] for sentence in said[1:]] == [
        "row 3: place: the place is empty",
        "row 5, Springfield (2 of 3 weeks, the first 2027-09-20): place: Springfield is in 28 states",
    ]
    whose = "row 2, Orlando, FL; row 4, Moab, UT; row 5, Springfield (1 of 3 weeks, the first 2027-10-04)"
    assert said[0].startswith(f"{whose}: place: the ratebook has no rates of fiscal year 2028; ")


def test_sites_have_names(estimator: Estimator) -> None:
    assert site_names(pd.DataFrame({"city": ["Orlando"], "state": ["FL"], "zip": [None]})) == ["Orlando, FL"]
    assert site_names(pd.DataFrame({"name": ["A", " ", None], "place": ["x", "y", ""]})) == ["A", "y", "row 4"]
    assert site_names(pd.DataFrame({"zip": [8544]})) == ["08544"]
    twice = pd.DataFrame({"name": ["Orlando, FL", ""], "place": ["Moab, UT", "Orlando, FL"]})
    with pytest.raises(InputError, match="sites, row 3: Orlando, FL is the name of row 2 too; give each site a name"):
        compare_sites(twice, WEEKS, estimator)


def test_a_cell_that_cannot_be_read_leaves_its_site_out_and_the_others_stay(estimator: Estimator) -> None:
    sites = pd.DataFrame(
        {
            "place": ["Ottumwa, IA", "Orlando, FL", "Moab, UT", "Springfield, IL"],
            "miles": ["100", "far", "", "-100"],
            "airfare": ["", "312.40", "abc", "250.00"],
        }
    )
    table = compare_sites(sites, WEEKS[:1], estimator)
    # Ottumwa at the standard rate: 565 + 374 + 100 x 0.76.
    assert table["total"].to_list()[:1] == [1015.0]
    assert table["miles"].isna().to_list() == [False, True, True, True]
    assert not_compared(table) == [
        "row 3, Orlando, FL: miles: 'far' is not a number; write miles with at most two decimals like 98.5",
        "row 4, Moab, UT: airfare: 'abc' is not a number; write dollars and cents like 159.00",
        "row 5, Springfield, IL: miles: -100 is negative; write miles with at most two decimals like 98.5",
    ]
    assert set(table["status"][1:]) == {"error"}


def test_a_site_that_states_no_way_is_not_ranked_beside_those_that_do(estimator: Estimator) -> None:
    sites = pd.DataFrame(
        {
            "place": ["Orlando, FL", "Ottumwa, IA", "Springfield, IL"],
            "miles": [None, None, 0],
            "airfare": [312.4, None, None],
        }
    )
    table = compare_sites(sites, WEEKS[:1], estimator)
    # At the standard rate 565 + 374: to Springfield no travel is needed, and of the way to Ottumwa nothing is known.
    assert table["site"].to_list() == ["Springfield, IL", "Orlando, FL", "Ottumwa, IA"]
    assert table["total"].to_list()[:2] == [939.0, 1477.4]
    assert "no transportation planned" in table["why"][0]
    assert table["why"][2].startswith("no way to it is planned: add miles or an airfare to its row")
    # Where no site states a way, lodging and M&IE are compared.
    assert compare_sites(sites[["place"]], WEEKS[:1], estimator)["total"].to_list() == [939.0, 939.0, 1165.0]


def test_zero_miles_that_are_stated_are_not_planned_anew(estimator: Estimator) -> None:
    sites = pd.DataFrame({"place": ["Springfield, IL", "Ottumwa, IA"], "miles": [0, None]})
    table = compare_sites(sites, WEEKS[:1], estimator, distances={"Springfield, IL": 75, "Ottumwa, IA": 150})
    assert table["miles"].to_list() == [0.0, 300.0]


def test_rows_without_an_entry_are_passed_over_and_the_others_keep_their_rows(estimator: Estimator) -> None:
    sites = pd.DataFrame({"place": [None, "Orlando, FL", " ", "Springfield"], "miles": [None, 100, None, 100]})
    table = compare_sites(sites, WEEKS[:1], estimator)
    assert table["row"].to_list() == [3, 5]
    with pytest.raises(InputError, match="sites: the table has no sites; write a row for each site"):
        compare_sites(sites[:1], WEEKS, estimator)


def test_a_table_without_places_is_told_the_columns_of_sites(estimator: Estimator) -> None:
    with pytest.raises(InputError) as refused:
        compare_sites(pd.DataFrame({"weight": [1]}), WEEKS, estimator)
    assert str(refused.value) == (
        "columns: the column place is missing; the columns are name, place, city, state, county, zip, miles, "
        "airfare, other, room_rate, lodging_tax_rate, breakfasts, lunches, dinners, weight"
    )


def test_nights_at_two_rates_are_said_to_be_an_average(estimator: Estimator) -> None:
    sites = pd.DataFrame({"place": ["Orlando, FL"], "miles": [100]})
    week = date(2027, 3, 29)
    (row,) = compare_sites(sites, [week], estimator).to_dict("records")
    # March 28 to April 2: four nights of March, and one of April, which is cheaper.
    march, april = (int(estimator.rates.rate("Orlando, FL", date(2027, month, 1)).lodging) for month in (3, 4))
    assert (march > april, row["lodging"]) == (True, 4 * march + april)
    assert row["why"].startswith(f"5 nights at ${(4 * march + april) / 5:,.2f} on average in Orlando, FL, ")
    stated = compare_sites(sites.assign(room_rate=150), [week], estimator)
    assert stated["why"][0].startswith("5 nights at $150.00 in Orlando, FL, ")


def test_courses_begin_each_seventh_day() -> None:
    assert course_weeks(date(2027, 1, 4), date(2027, 1, 17)) == [date(2027, 1, 4), date(2027, 1, 11)]
    assert len(course_weeks(date(2027, 1, 4), date(2027, 6, 28))) == 26
    with pytest.raises(InputError, match="2027-01-03 is before 2027-01-04"):
        course_weeks(date(2027, 1, 4), date(2027, 1, 3))


def test_distances_are_great_circles_with_a_factor() -> None:
    # A quarter of the way around the earth, 6,218 miles, times 1.2.
    assert planning_miles((0.0, 0.0), (0.0, 90.0)) == 7462
    assert planning_miles((0.0, 0.0), (90.0, 0.0)) == 7462


def test_towns_and_zips_have_coordinates() -> None:
    lat, lon = coordinates(Place(zip="32801"))
    assert (round(lat, 1), round(lon, 1)) == (28.5, -81.4)
    assert coordinates(Place(zip="32801-1234")) == (lat, lon)
    city = coordinates(Place(city="St. Louis", state="MO"))
    assert (round(city[0]), round(city[1])) == (39, -90)
    # Peoria to Springfield is about 61 miles of great circle, 75 by road.
    (miles,) = distances(PEORIA, [("Springfield", Place(city="Springfield", state="IL"))]).values()
    assert isinstance(miles, int)
    assert 65 <= miles <= 85


def test_a_distance_that_is_not_known_is_a_reason_and_the_others_stay() -> None:
    there = [("nowhere", Place(city="Nowhere", state="IL")), ("home", PEORIA)]
    assert distances(PEORIA, there) == {
        "nowhere": "no coordinates are known of Nowhere, IL, since no town of that name has a ZIP there; "
        "give a ZIP, or state the miles there and back in the column miles",
        "home": 0,
    }
    with pytest.raises(InputError, match="no coordinates are known of Nowhere, IL"):
        distances(there[0][1], there)


def test_a_town_that_is_mistyped_is_said_to_be_unknown_with_the_names_near_it() -> None:
    """Corbin, KY 40701 lies on the line of Knox and Whitley counties; there is no Corbyn."""
    with pytest.raises(InputError) as refused:
        coordinates(Place(city="Corbyn", state="KY"))
    assert "Corbyn, KY, since no town of that name has a ZIP there; perhaps Corbin, KY" in str(refused.value)
    assert str(refused.value).endswith("; give a ZIP, or state the miles there and back in the column miles")


@pytest.mark.parametrize("place", [Place(city="Nowhere", state="IL"), Place(county="Peoria", state="IL")])
def test_a_place_without_coordinates_asks_for_miles(place: Place) -> None:
    said = r"no coordinates are known of (Nowhere, IL, since no .*|Peoria County, IL); give a ZIP, or state the miles"
    with pytest.raises(InputError, match=said):
        coordinates(place)


def test_without_the_package_of_coordinates_miles_can_be_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name == "zipcodes":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(InputError, match="ZIPs; state miles in the column miles, or run: "):
        coordinates(PEORIA)


# ---- the command

SITES = 'place,airfare\n"Orlando, FL",312.40\n"Springfield, IL",\n'


def sites_file(folder: Path, text: str = SITES) -> str:
    path = folder / "sites.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_command_ranks_and_says_how_miles_were_planned(perdiem: Perdiem, tmp_path: Path) -> None:
    output, chart = tmp_path / "all.csv", tmp_path / "sites.png"
    run = perdiem(
        *("sites", "--from", "Peoria, IL", "--sites", sites_file(tmp_path), "--weeks", "2026-10-05..2026-12-07"),
        *("-o", output, "--chart", chart),
    )
    assert run.code == 0, run.err
    first, second = (line for line in run.out.splitlines() if line.lstrip().startswith(("1.", "2.")))
    assert first.split()[:3] == ["1.", "Springfield,", "IL"]
    assert second.split()[-3:] == ["1,477.40", "1,000.00", "477.40"]
    assert "the great circle times 1.2 (ZIP coordinates by GeoNames, CC BY 4.0)" in run.out
    assert len(pd.read_csv(output)) == 2 * 10
    assert chart.read_bytes().startswith(b"\x89PNG")


def test_the_command_prints_json_a_site_a_line(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("sites", "--sites", sites_file(tmp_path), "--weeks", "2026-10-05", "--json", "--by", "total")
    orlando, springfield = run.records
    assert (orlando["agency_share"], orlando["mode"], orlando["rank"]) == ("477.40", "fly", 1)
    assert (orlando["site"], orlando["total"], orlando["week"]) == ("Orlando, FL", "1477.40", "2026-10-05")
    # Nothing is said of the way to Springfield.
    assert (run.code, springfield["total"], springfield["status"]) == (3, None, "unresolved")


def test_sites_that_are_not_comparable_are_listed_with_row_and_reason_and_end_with_3(
    perdiem: Perdiem, tmp_path: Path
) -> None:
    path = sites_file(tmp_path, SITES + 'Springfield,\n"Orange County, FL",\n,\n,100.00\n')
    options = ("sites", "--from", "Peoria, IL", "--sites", path, "--weeks", "2026-10-05", "--top", 1)
    run = perdiem(*options)
    assert run.code == 3
    ranking, _, left_out = run.out.partition("Not comparable:\n")
    assert [line.split()[:3] for line in ranking.splitlines() if ". " in line[:5]] == [["1.", "Springfield,", "IL"]]
    # However few are shown of those that are comparable, all of the others are.
    assert [line.partition("; ")[0] for line in left_out.splitlines()] == [
        "  row 4, Springfield: place: Springfield is in 28 states",
        "  row 5, Orange County, FL: no coordinates are known of Orange County, FL",
        "  row 7: place: the place is empty",
    ]
    as_json = perdiem(*options, "--json")
    rows = {row["row"]: (row["total"], row["status"]) for row in as_json.records[1:]}
    assert rows == {4: (None, "ambiguous"), 5: (None, "unresolved"), 7: (None, "error")}
    assert left_out in as_json.err


def test_a_file_that_exists_is_replaced_with_force_alone(perdiem: Perdiem, tmp_path: Path) -> None:
    output, chart = tmp_path / "all.csv", tmp_path / "sites.svg"
    chart.write_text("mine")
    command = ("sites", "--sites", sites_file(tmp_path), "--weeks", "2026-10-05", "-o", output, "--chart", chart)
    run = perdiem(*command)
    assert (run.code, run.out) == (2, "")
    assert run.err == f"perdiem: {chart}: already exists; choose another name, or add --force\n"
    assert (chart.read_text(), output.exists()) == ("mine", False)
    assert perdiem(*command, "--force").code == 3
    assert chart.read_text().startswith("<?xml")
    assert output.exists()


def test_the_picture_says_what_is_ranked_by_and_how_miles_were_planned(perdiem: Perdiem, tmp_path: Path) -> None:
    path, chart = sites_file(tmp_path), tmp_path / "sites.svg"
    drawn_texts: list[str] = []
    command = ("sites", "--sites", path, "--weeks", "2026-10-05", "--by", "total", "--chart", chart, "--force")
    for start in ((), ("--from", "Peoria, IL")):
        perdiem(*command, *start)
        drawn_texts.append(chart.read_text())
    assert all("What a trip costs in total" in text for text in drawn_texts)
    assert ["GeoNames, CC BY 4.0" in text for text in drawn_texts] == [False, True]


def test_a_long_name_is_cut_with_a_mark(perdiem: Perdiem, tmp_path: Path) -> None:
    path = sites_file(tmp_path, 'name,place\nThe Training Center of the State,"Orlando, FL"\n')
    run = perdiem("sites", "--sites", path, "--weeks", "2026-10-05")
    assert "  1. The Training Center of the… 2026-10-05 " in run.out


def test_an_empty_row_of_a_workbook_is_passed_over_and_counted(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "sites.xlsx"
    sites = pd.DataFrame({"place": ["Orlando, FL", None, "Springfield"], "airfare": [312.4, None, 100.0]})
    sites.to_excel(path, index=False)
    run = perdiem("sites", "--sites", path, "--weeks", "2026-10-05")
    assert "  1. Orlando, FL " in run.out
    assert run.out.partition("Not comparable:\n")[2].startswith("  row 4, Springfield: place: Springfield is in 28")


def test_where_no_site_is_comparable_nothing_is_ranked_or_drawn(perdiem: Perdiem, tmp_path: Path) -> None:
    path, chart = sites_file(tmp_path, "place\nSpringfield\n"), tmp_path / "sites.png"
    run = perdiem("sites", "--sites", path, "--weeks", "2026-10-05", "--chart", chart)
    assert run.code == 3
    assert run.out == "\nNot comparable:\n  row 2, Springfield: place: Springfield is in 28 states; add the state\n"
    assert "no site is comparable, so there is nothing to draw" in run.err
    assert not chart.exists()


def test_a_start_that_cannot_be_found_is_said_of_from(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("sites", "--from", "Nowhere, IL", "--sites", sites_file(tmp_path), "--weeks", "2026-10-05")
    assert (run.code, "--from: no coordinates are known of Nowhere, IL" in run.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--weeks", "soon"], "--weeks: 'soon' is not a date"),
        (["--weeks", "2027-01-11..2027-01-04"], "2027-01-04 is before 2027-01-11"),
        (["--weeks", "2026-10-05", "--by", "luck"], "--by: 'luck' is not an order; use agency or total"),
        (["--weeks", "2026-10-05", "-o", "ranked.xlsx"], "ranked.xlsx: sites are written as CSV"),
        (["--weeks", "2026-10-05", "--chart", "sites.gif"], "sites.gif: '.gif' is not a kind of picture"),
    ],
)
def test_what_the_command_cannot_do_it_says(
    perdiem: Perdiem, tmp_path: Path, options: list[str], message: str
) -> None:
    run = perdiem("sites", "--sites", sites_file(tmp_path), *options)
    assert run.code == 2
    assert message in run.err


def test_a_table_without_sites_is_refused(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("sites", "--sites", sites_file(tmp_path, "place\n"), "--weeks", "2026-10-05")
    assert (run.code, "has no rows; write a row for each site" in run.err) == (2, True)


# ---- ties, and what a planner supposes


def test_ties_are_told_in_text_as_in_the_picture(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(
        'name,place,airfare\nOne,"Orlando, FL",312.40\nDear,"Boston, MA",400\nOther,"Orlando, FL",312.40\n'
    )
    out = perdiem("sites", "--sites", path, "--weeks", "2026-10-05..2026-11-02").out
    lines = [line for line in out.splitlines() if line[:4].strip()[:1].isdigit()]
    assert [line[:10].split() for line in lines] == [["1=", "One"], ["1=", "Other"], ["3.", "Dear"]]
    # Every week of October and November costs the same in Orlando.
    assert out.count("As good in 5 of the 5 weeks; this is the first.") == 2
    assert "= costs as much as another site." in out
    records = perdiem("sites", "--sites", path, "--weeks", "2026-10-05..2026-11-02", "--json").records
    assert [(one["site"], one["rank"], one["is_tied"], one["weeks_alike"]) for one in records[:2]] == [
        ("One", 1, True, 5),
        ("Other", 1, True, 5),
    ]


def test_a_malformed_zip_is_a_row_that_is_not_comparable(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("name,city,state,zip,airfare\nX,Boston,MA,ABCDE,410\nY,Orlando,FL,,312\n", encoding="utf-8")
    for start in ((), ("--from", "Peoria, IL")):
        run = perdiem("sites", "--sites", path, "--weeks", "2026-10-05", *start)
        assert run.code == 3
        assert "Not comparable:\n  row 2, X: city, state, zip: 'ABCDE' is not a ZIP" in run.out
        assert "1. Y" in run.out


def test_sites_under_another_limit_with_dearer_rooms(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text('place,airfare\n"Orlando, FL",312.40\n', encoding="utf-8")
    options = ("--limit", "1200", "--rooms", "+20%")
    run = perdiem("sites", "--sites", path, "--weeks", "2026-10-05", *options)
    # Five nights at 174.00, 440.00 of M&IE and the airfare; NASRO pays up to 1,200.00.
    assert "1,622.40   1,200.00     422.40" in run.out
    assert "Supposed: a limit of $1,200.00 for each officer." in run.out
    assert "Supposed: every room 20% dearer." in run.out


def test_no_day_is_before_the_first(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text('place,airfare\n"Orlando, FL",312.40\n', encoding="utf-8")
    run = perdiem("sites", "--sites", path, "--weeks", "0001-01-01")
    assert (run.code, run.err) == (2, "perdiem: --weeks: no day is before 0001-01-01; check the year\n")
    assert perdiem("sites", "--sites", path, "--weeks", "9999-12-27").code == 3
