"""The forecast: many possible years from stated assumptions; and the pictures."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, OutputError, RateUnavailable
from perdiem_calc.planning import charts
from perdiem_calc.planning.estimator import ColumnsNotAsNamed, Estimator, estimate
from perdiem_calc.planning.estimator.summary import sums_by
from perdiem_calc.planning.forecast import Assumptions, Forecast, forecast
from perdiem_calc.planning.sites import compare_sites
from perdiem_calc.rates.places import Locality
from perdiem_calc.rates.ratebook import Ratebook
from tests.support.command import Perdiem
from tests.support.estimates import BOOK

SITES = pd.DataFrame({"place": ["Orlando, FL", "Ottumwa, IA"], "weight": [1, 3]})
WEEKS = [date(2026, 10, 5), date(2026, 12, 7)]
CERTAIN = Assumptions(
    room_of_ceiling=(0.999999, 1.0, 1.000001),
    lodging_tax_rate=(0.0, 0.0000001, 0.0000002),
    drives=1.0,
    miles=(99.999, 100.0, 100.001),
    breakfasts=(0, 0),
)
"""Nothing is left to chance but the site: 725 + 440 + 76 in Orlando, 565 + 374 + 76 at the standard rate."""


@pytest.fixture(scope="module")
def estimator(law: Law) -> Estimator:
    return Estimator(Ratebook.open(), law)


def drawn(estimator: Estimator, **options: Any) -> Forecast:
    return forecast(SITES, WEEKS, estimator, **({"officers": 20, "seed": 1, "draws": 50} | options))


def test_the_same_seed_gives_the_same_years_and_another_gives_others(estimator: Estimator) -> None:
    first, again, other = drawn(estimator), drawn(estimator), drawn(estimator, seed=2)
    assert first.agency_share.tolist() == again.agency_share.tolist()
    assert first.agency_share.tolist() != other.agency_share.tolist()


def test_years_that_are_certain_cost_what_their_trips_cost(estimator: Estimator) -> None:
    certain = drawn(estimator, assumptions=CERTAIN, draws=400)
    # Each officer costs 1,241.00 or 1,015.00, and NASRO pays 1,000.00 of both.
    in_orlando = (certain.reimbursable + certain.agency_share - 20 * 1015.0) / 226.0
    assert np.allclose(in_orlando, np.round(in_orlando), atol=0.01)
    assert certain.reimbursable.tolist() == [20_000.0] * 400
    assert certain.binds == 1.0
    # A quarter goes to Orlando: 5 of 20, give or take.
    assert 4.5 < in_orlando.mean() < 5.5


def test_reimbursement_and_share_are_the_total_and_never_above_the_limit(estimator: Estimator) -> None:
    years = drawn(estimator)
    assert (years.reimbursable <= 20_000.0).all()
    assert (years.agency_share > 0).all()
    summary = years.summary()
    assert list(summary.index) == ["mean", "50th percentile", "90th percentile", "95th percentile"]
    assert summary.loc["mean", "Total cost"] == pytest.approx(
        (years.reimbursable + years.agency_share).mean(), abs=0.01
    )
    assert (np.diff(summary["Agencies pay"].to_numpy()[1:]) >= 0).all()


def test_draws_are_made_in_parts_that_fit_the_memory(estimator: Estimator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perdiem_calc.planning.forecast._AT_ONCE", 100)
    said: list[str] = []
    parts = drawn(estimator, draws=12, step=said.append)
    assert len(parts.reimbursable) == 12
    # Five years of 20 trips at once.
    assert said == ["0 of 12 years", "5 of 12 years", "10 of 12 years"]


def test_the_assumptions_are_reported(estimator: Estimator) -> None:
    said = drawn(estimator, draws=1).assumptions
    assert said[0] == "20 officers, each to one of 2 sites (by its weight) in one of 2 weeks at random"
    assert any("60% drive, 80 to 1,000 (likeliest 350) miles" in sentence for sentence in said)


def test_a_seed_gives_what_it_gave_before_where_sites_state_nothing(estimator: Estimator) -> None:
    """What was drawn before sites could state their own: nothing more may be drawn, and in no other order."""
    blank = SITES.assign(airfare=None, miles=pd.Series([np.nan, np.nan]))
    for sites in (SITES, blank):
        years = forecast(sites, WEEKS, estimator, officers=20, seed=1, draws=50)
        assert (round(years.agency_share.sum(), 2), years.reimbursable.sum()) == (508_000.75, 999_983.14)
        assert len(years.assumptions) == 7


FLYING = Assumptions(
    room_of_ceiling=CERTAIN.room_of_ceiling,
    lodging_tax_rate=CERTAIN.lodging_tax_rate,
    drives=0.0,
    airfare=(199.99, 200.0, 200.01),
    with_airfare=(99.99, 100.0, 100.01),
    breakfasts=(0, 0),
)
"""Nobody drives: 725 + 440 + 200 + 100 in Orlando, 565 + 374 + 200 + 100 at the standard rate."""


@pytest.mark.parametrize(
    ("assumed", "own", "each"),
    [
        # By car: 725 + 440 + 50 miles x 0.76; the airfare is nothing to those who drive.
        (CERTAIN, {"miles": 50, "airfare": 312.4}, 1203.0),
        # By airplane: 725 + 440 + 312.40 + 100; the miles are nothing to those who fly.
        (FLYING, {"miles": 50, "airfare": "312.40"}, 1577.4),
        # Bags and taxis are stated too, and to drive costs them as well.
        (FLYING, {"airfare": 0, "other": 20}, 1185.0),
        (CERTAIN, {"other": 20}, 1261.0),
        # Five nights at 150.00 and the tax of 750.00: 93.75; 440 + 76 besides.
        (CERTAIN, {"room_rate": 150, "lodging_tax_rate": 0.125}, 1359.75),
        # A lunch of the M&IE of 80.00 a day is 22.00: 1,241.00 less that.
        (CERTAIN, {"lunches": 1}, 1219.0),
    ],
)
def test_what_a_site_states_of_its_own_is_not_drawn(
    estimator: Estimator, assumed: Assumptions, own: dict[str, Any], each: float
) -> None:
    sites = pd.DataFrame({"place": ["Orlando, FL"], **own})
    years = forecast(sites, WEEKS[:1], estimator, officers=20, seed=1, draws=3, assumptions=assumed)
    assert years.reimbursable + years.agency_share == pytest.approx([20 * each] * 3, abs=0.5)
    assert years.assumptions[7:] == (f"where a site states its {' or '.join(own)}, that is taken",)


def test_a_site_that_states_nothing_is_drawn_beside_one_that_does(estimator: Estimator) -> None:
    sites = SITES.assign(miles=[200, np.nan])
    years = forecast(sites, WEEKS[:1], estimator, officers=20, seed=1, draws=400, assumptions=CERTAIN)
    # 725 + 440 + 152 = 1,317 in Orlando, as ever 1,015.00 in Ottumwa.
    in_orlando = (years.reimbursable + years.agency_share - 20 * 1015.0) / 302.0
    assert np.allclose(in_orlando, np.round(in_orlando), atol=0.01)
    assert 4.5 < in_orlando.mean() < 5.5


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"airfare": ["", "abc"]},
            "row 3, Ottumwa, IA: airfare: 'abc' is not a number; write dollars and cents",
        ),
        ({"miles": [-1, 5]}, "row 2, Orlando, FL: miles: -1 is negative"),
        ({"room_rate": ["150.005", ""]}, "row 2, Orlando, FL: room_rate: 150.005 has too many decimals"),
        ({"lunches": [0, 9]}, "row 3, Ottumwa, IA: lunches: more than the days of this row"),
        ({"place": ["Orlndo, FL", "Ottumwa, IA"]}, "row 2, Orlndo, FL: place: Orlndo is not known in Florida"),
        ({"zip": ["ABCDE", ""]}, "row 2, Orlando, FL, ABCDE: place, zip: 'ABCDE' is not a ZIP"),
    ],
)
def test_a_site_that_cannot_be_priced_is_left_out_and_named(
    estimator: Estimator, cells: dict[str, Any], message: str
) -> None:
    years = forecast(SITES.assign(**cells), WEEKS, estimator, officers=3, seed=1, draws=2)
    (left_out,) = years.left_out
    assert left_out.startswith(message)
    assert years.assumptions[0].startswith("3 officers, each to one of 1 site (by its weight)")
    kept = SITES.assign(**cells).iloc[[0 if "Ottumwa" in message else 1]]
    alone = forecast(kept, WEEKS, estimator, officers=3, seed=1, draws=2)
    assert years.agency_share.tolist() == alone.agency_share.tolist()


def test_a_site_that_is_not_priced_in_some_weeks_is_left_out_and_says_how_many(estimator: Estimator) -> None:
    weeks = [*WEEKS, date(2031, 1, 6)]
    with pytest.raises(
        RateUnavailable, match="sites, row 2, Orlando, FL, week of 2031-01-06: place: the ratebook has"
    ):
        forecast(SITES, weeks, estimator, officers=1, seed=1, draws=1)


def test_where_no_site_is_left_the_first_reason_is_raised(estimator: Estimator) -> None:
    with pytest.raises(InputError, match="sites, row 2, Orlando, FL: airfare: 'abc' is not a number"):
        forecast(SITES.assign(airfare="abc"), WEEKS, estimator, officers=1, seed=1, draws=1)
    left = SITES.assign(weight=[1, 0], airfare=["abc", ""])
    with pytest.raises(InputError, match="weight: all are 0, so no site can be chosen"):
        forecast(left, WEEKS, estimator, officers=1, seed=1, draws=1)


def test_the_command_names_the_sites_that_are_left_out(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text('place\n"Orlando, FL"\n"Nashvile, TN"\n', encoding="utf-8")
    options = ("--officers", "3", "--sites", path, "--draws", "2", "--weeks", "2026-10-05")
    run = perdiem("forecast", *options)
    assert run.code == 3
    assert "Left out:\n  row 3, Nashvile, TN: place: Nashvile is not known in Tennessee" in run.out
    as_json = perdiem("forecast", *options, "--json", "--limit", "1,500", "--rooms", "10")
    assert as_json.code == 3
    assert as_json.record["left_out"][0].startswith("row 3, Nashvile, TN")
    assert as_json.record["assumptions"][-2:] == ["a limit of $1,500.00 for each officer", "every room 10% dearer"]


@pytest.mark.parametrize("percent", [12.5, "12.5%", 0.125])
def test_a_tax_in_percent_is_the_fraction(estimator: Estimator, percent: object) -> None:
    sites = SITES.assign(lodging_tax_percent=pd.Series([percent, None], dtype=object))
    years = forecast(sites, WEEKS, estimator, officers=3, seed=1, draws=2)
    rates = SITES.assign(lodging_tax_rate=pd.Series([0.125, None], dtype=object))
    same = forecast(rates, WEEKS, estimator, officers=3, seed=1, draws=2)
    assert years.agency_share.tolist() == same.agency_share.tolist()
    unclear = SITES.assign(lodging_tax_percent=pd.Series([0.5, None], dtype=object))
    wrong = forecast(unclear, WEEKS, estimator, officers=3, seed=1, draws=2)
    assert wrong.left_out[0].startswith("row 2, Orlando, FL: lodging_tax_percent: 0.5 may be a percent")


def test_columns_of_sites_are_understood_in_python_with_a_warning(estimator: Estimator) -> None:
    sites = pd.DataFrame({"Destination": ["Orlando, FL"], "Flight": [312.4], "Hotel": ["Inn"]})
    with pytest.warns(ColumnsNotAsNamed, match="Read as: Destination = place, Flight = airfare. Not read: Hotel."):
        years = forecast(sites, WEEKS, estimator, officers=3, seed=1, draws=2)
    assert "where a site states its airfare, that is taken" in years.assumptions


def test_columns_that_a_forecast_does_not_use_are_named(estimator: Estimator) -> None:
    sites = SITES.assign(officers=[3, 4], paid_before=[0, 100])
    years = forecast(sites, WEEKS, estimator, officers=1, seed=1, draws=1)
    assert years.assumptions[7:] == ("columns of the sites that a forecast does not use: officers, paid_before",)


def test_rows_without_an_entry_are_passed_over_and_the_others_keep_their_rows(estimator: Estimator) -> None:
    gap = pd.DataFrame(
        {"place": ["Orlando, FL", None, "Ottumwa, IA"], "weight": [1, None, 3], "miles": [50, None, 60]}
    )
    whole = gap.drop(index=1).reset_index(drop=True)
    with_gap, without = (forecast(sites, WEEKS, estimator, officers=5, seed=1, draws=5) for sites in (gap, whole))
    assert with_gap.agency_share.tolist() == without.agency_share.tolist()
    assert with_gap.assumptions == without.assumptions
    with pytest.raises(InputError, match="sites, row 4: weight: 'x' is not a number"):
        forecast(gap.assign(weight=["1", "", "x"]), WEEKS, estimator, officers=1, seed=1)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"seed": -1}, "seed: -1 is negative; give a whole number from 0 on"),
        ({"officers": 1_000_001}, "officers: 1,000,001 are too many; give at most 1,000,000"),
        (
            {"officers": 230, "draws": 434_783},
            "draws: 434,783 draws of 230 officers are too many; give at most 434,782: "
            "a forecast draws at most 100,000,000 trips",
        ),
    ],
)
def test_counts_out_of_bounds_are_refused(estimator: Estimator, counts: dict[str, int], message: str) -> None:
    with pytest.raises(InputError) as refused:
        drawn(estimator, **counts)
    assert str(refused.value) == message


def test_one_of_each_is_one_of_each(estimator: Estimator) -> None:
    years = forecast(SITES[:1], WEEKS[:1], estimator, officers=1, seed=1, draws=1)
    assert years.assumptions[0] == "1 officer, each to one of 1 site (by its weight) in one of 1 week at random"
    figure = charts.forecast_distribution(years, "the ratebook")
    assert "NASRO reimburses, 1 officer\n" in texts(figure)
    assert f"${years.agency_share[0]:,.2f}\nin 1 year drawn" in texts(figure)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([0, 0], "sites: weight: all are 0, so no site can be chosen; give one a greater weight"),
        (["x", 1], "sites, row 2: weight: 'x' is not a number from 0 on; write how likely the site is"),
        ([1, -2], "sites, row 3: weight: '-2' is not a number from 0 on"),
        ([1, "inf"], "sites, row 3: weight: 'inf' is not a number from 0 on"),
        (["1", ""], "sites, row 3: weight: blank; write how likely the site is compared with the others"),
        ([None, 1], "sites, row 2: weight: blank"),
    ],
)
def test_weights_must_be_weights(estimator: Estimator, weights: list[Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        forecast(SITES.assign(weight=pd.Series(weights)), WEEKS, estimator, officers=1, seed=1)


def test_what_cannot_be_forecast_is_refused(estimator: Estimator) -> None:
    with pytest.raises(InputError, match="needs officers and draws"):
        drawn(estimator, officers=0)
    unknown = pd.DataFrame({"place": ["Springfield"]})
    said = "sites, row 2, Springfield, week of 2026-10-05: place: Springfield is in 28 states"
    with pytest.raises(RateUnavailable, match=said):
        forecast(unknown, WEEKS, estimator, officers=1, seed=1, draws=1)
    with pytest.raises(InputError, match="sites: the table has no sites; write a row for each site"):
        forecast(unknown[:0], WEEKS, estimator, officers=1, seed=1, draws=1)


def test_two_courses_in_one_town_are_two_sites_where_they_have_names(estimator: Estimator) -> None:
    sites = pd.DataFrame({"name": ["spring", "fall"], "place": ["Orlando, FL"] * 2})
    # 20 officers in Orlando cost 1,241.00 each, whichever of the two courses they take.
    certain = forecast(sites, WEEKS, estimator, officers=20, seed=1, draws=1, assumptions=CERTAIN)
    assert certain.agency_share.tolist() == pytest.approx([20 * 241.0], abs=0.2)


# ---- the command


def test_the_command_prints_the_spread_and_what_it_assumes(perdiem: Perdiem, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    SITES.to_csv(path, index=False)
    options = ("--officers", 20, "--sites", path, "--seed", 1, "--draws", 50)
    run = perdiem("forecast", *options, "--chart", tmp_path / "years.svg")
    assert run.code == 0, run.err
    assert "A year of 20 officers, in 50 possible years (seed 1)" in run.out
    assert "of the trips use a planning rate for mileage." in run.out
    assert "  - no officer was paid anything before" in run.out
    assert (tmp_path / "years.svg").read_text().startswith("<?xml")
    record = perdiem("forecast", *options, "--json").record
    assert record["mean"]["NASRO reimburses"] in run.out.replace("$", "").replace(",", "")
    assert (record["officers"], len(record["assumptions"])) == (20, 7)
    assert 0 < record["planning_rate"] < 1
    known = perdiem("forecast", *options, "--weeks", "2026-10-05")
    assert "planning rate" not in known.out


def test_a_picture_that_exists_is_replaced_with_force_alone(perdiem: Perdiem, tmp_path: Path) -> None:
    path, chart = tmp_path / "sites.csv", tmp_path / "years.svg"
    SITES.assign(place="Nowhere").to_csv(path, index=False)
    chart.write_text("mine")
    options = ("forecast", "--officers", 20, "--sites", path, "--draws", 2, "--chart", chart)
    # The sites are not even looked at.
    run = perdiem(*options)
    assert (run.code, run.err) == (2, f"perdiem: {chart}: already exists; choose another name, or add --force\n")
    assert chart.read_text() == "mine"
    SITES.to_csv(path, index=False)
    assert perdiem(*options, "--force").code == 0
    assert chart.read_text().startswith("<?xml")


def test_a_long_forecast_is_drawn_in_steps(perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perdiem_calc.planning.forecast._AT_ONCE", 100)
    counts: list[int] = []

    def steps(count: int) -> nullcontext[Callable[[str], None]]:
        counts.append(count)
        return nullcontext(print)

    monkeypatch.setattr("perdiem_calc.cli.planning.steps", steps)
    path = tmp_path / "sites.csv"
    SITES.to_csv(path, index=False)
    run = perdiem("forecast", "--officers", 20, "--sites", path, "--draws", 12)
    assert counts == [3]
    assert run.out.startswith("0 of 12 years\n5 of 12 years\n10 of 12 years\nA year of 20 officers")


# ---- pictures


@pytest.fixture(scope="module")
def ranked(estimator: Estimator) -> pd.DataFrame:
    return compare_sites(pd.DataFrame({"place": ["Orlando, FL", "Vail, CO", "Springfield"]}), WEEKS, estimator)


def texts(figure: Any) -> str:
    from matplotlib.text import Text

    return "\n".join(text.get_text() for text in figure.findobj(Text))


def test_the_sites_picture_shades_what_the_agency_pays(ranked: pd.DataFrame) -> None:
    figure = charts.sites_by_week(ranked, "the ratebook")
    values = figure.axes[0].images[0].get_array()
    assert values is not None
    expected = ranked.dropna(subset="total").pivot(index="site", columns="week", values="agency_share")
    assert sorted(values.flatten().tolist()) == sorted(expected.to_numpy().flatten().tolist())
    assert "What the agency pays, by site and week" in texts(figure)
    assert "Source: the ratebook" in texts(figure)
    assert "dollars for one officer" in texts(figure)


@pytest.mark.parametrize(("weeks", "labels"), [(2, 2), (13, 13), (14, 7), (18, 9), (39, 13), (52, 13)])
def test_the_dates_below_the_sites_picture_do_not_run_together(ranked: pd.DataFrame, weeks: int, labels: int) -> None:
    orlando = ranked[(ranked["site"] == "Orlando, FL") & (ranked["week"] == WEEKS[0])]
    season = [orlando.assign(week=WEEKS[0] + timedelta(weeks=number)) for number in range(weeks)]
    figure = charts.sites_by_week(pd.concat(season), "the ratebook")
    assert len(figure.axes[0].get_xticklabels()) == labels


def test_the_cheapest_cell_is_shaded_and_what_is_not_comparable_is_hatched_and_reported(ranked: pd.DataFrame) -> None:
    weeks = ranked.copy()
    weeks.loc[(weeks["site"] == "Vail, CO") & (weeks["week"] == WEEKS[1]), ["total", "agency_share"]] = None
    figure = charts.sites_by_week(weeks, "the ratebook")
    (image,) = figure.axes[0].images
    values = image.get_array()
    assert values is not None
    red, _, _, opaque = image.to_rgba(values).transpose(2, 0, 1)
    # The cheapest is grey on the white paper, the dearest darker; through the missing one the hatching is seen.
    assert red[opaque == 1].min() < red[opaque == 1].max() < 0.95
    assert (1 - opaque).tolist() == np.ma.getmaskarray(values).tolist()
    assert figure.axes[0].patch.get_hatch() == "///"
    said = texts(figure)
    assert "Hatched: not comparable." in said
    assert "Not comparable: row 4, Springfield: place: Springfield is in 28 states; add the state" in said
    assert "Not comparable: row 3, Vail, CO (1 of 2 weeks, the first 2026-12-07)" in said
    assert "Hatched" not in texts(charts.sites_by_week(ranked, "the ratebook"))


def test_pictures_say_what_they_leave_out(ranked: pd.DataFrame) -> None:
    orlando = ranked[ranked["site"] == "Orlando, FL"]
    many = pd.concat([orlando.assign(site=f"site {number}", row=number + 2) for number in range(15)])
    lost = pd.concat([orlando.assign(site=f"lost {number}", reason=f"{number}", total=None) for number in range(4)])
    for picture in (charts.sites_by_week, lambda *given: charts.where_the_limit_binds(given[0], 1000.0, given[1])):
        said = texts(picture(pd.concat([many, lost]), "the ratebook"))
        assert ", the 14 cheapest of 15 sites" in said
        assert said.count("Not comparable: row 2, lost") == 3
        assert "... and 1 more." in said


@pytest.mark.parametrize("amounts", [[19_999.99, 20_000.0], [19_991.25, 20_000.0], [0.0, 250_000.5]])
def test_no_two_ticks_of_dollars_read_alike(amounts: list[float]) -> None:
    years = Forecast(np.array(amounts), np.array(amounts), 0.0, 0.0, 20, ())
    figure = charts.forecast_distribution(years, "the ratebook")
    figure.draw_without_rendering()
    for axes in figure.axes:
        ticks = [label.get_text() for label in axes.get_xticklabels()]
        assert len(set(ticks)) == len(ticks) > 0


def test_years_that_are_all_alike_are_said_in_words() -> None:
    years = Forecast(np.full(50, 20_000.0), np.array([1.0, 2.0] * 25), 1.0, 0.0, 20, ())
    figure = charts.forecast_distribution(years, "the ratebook")
    left, right = figure.axes
    assert (len(left.patches), len(right.patches)) == (0, 30)
    assert "$20,000.00\nin each of 50 years drawn" in texts(figure)


def test_the_sites_picture_draws_what_the_list_ranks_by(estimator: Estimator) -> None:
    sites = pd.DataFrame({"place": ["Orlando, FL", "Springfield, IL"], "airfare": [312.4, 10]})
    table = compare_sites(sites, WEEKS[:1], estimator, order="total")
    figure = charts.sites_by_week(table, "the ratebook", order="total", notes=["Miles are planned."])
    said = texts(figure)
    assert "What a trip costs in total, by site and week" in said
    # Springfield 565 + 374 + 10, Orlando 725 + 440 + 312.40.
    assert "$949" in said
    assert "$1,477" in said
    assert "Framed: the least of all, $949.00.\nMiles are planned.\nSource: the ratebook" in said


def test_the_least_is_framed_and_where_all_are_alike_there_is_no_scale(ranked: pd.DataFrame) -> None:
    orlando = ranked[ranked["site"] == "Orlando, FL"]
    figure = charts.sites_by_week(orlando.assign(agency_share=[0.0, 250.0]), "the ratebook")
    assert (len(figure.axes), len(figure.axes[0].patches)) == (2, 1)
    # Cells side by side have one frame: those of the first two weeks, and of the fourth.
    season = [orlando[:1].assign(week=WEEKS[0] + timedelta(weeks=number)) for number in range(4)]
    weeks = pd.concat(season).assign(agency_share=[5.0, 5.0, 9.0, 5.0])
    frames: list[Any] = list(charts.sites_by_week(weeks, "the ratebook").axes[0].patches)
    assert [(round(frame.get_x() + 0.47), round(frame.get_width())) for frame in frames] == [(0, 2), (3, 1)]
    alike = charts.sites_by_week(orlando.assign(agency_share=0.0), "the ratebook")
    assert (len(alike.axes), len(alike.axes[0].patches)) == (1, 0)
    assert "All are alike: $0.00, dollars for one officer." in texts(alike)


def test_sites_that_cost_the_same_stand_in_the_order_of_the_list(ranked: pd.DataFrame) -> None:
    orlando = ranked[(ranked["site"] == "Orlando, FL")].head(1)
    names = [f"site {letter}" for letter in "HCAGBEFD"]
    table = pd.concat([orlando.assign(site=name, agency_share=0.0) for name in names])
    figure = charts.sites_by_week(table, "the ratebook")
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == names


def test_long_names_are_cut_and_told_apart_by_their_rows(ranked: pd.DataFrame) -> None:
    orlando = ranked[ranked["site"] == "Orlando, FL"]
    name = "The Very Long Name of a Regional Training Center, Building and Campus Number"
    many = pd.concat([orlando.assign(site=f"{name} {number}", row=number) for number in range(2, 16)])
    lost = pd.concat([orlando.assign(site=f"{name} {row}", row=row, total=None, reason="?") for row in range(20, 60)])
    for picture in (charts.sites_by_week, lambda *given: charts.where_the_limit_binds(given[0], 1000.0, given[1])):
        figure = picture(pd.concat([many, lost]), "the ratebook")
        # A warning, an error here, says that the names left no room for the picture.
        figure.draw_without_rendering()
        labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
        assert sum(label.startswith("The Very Long Name of a") for label in labels) == 14
        assert any("… (row 2)" in label for label in labels)
        assert "; and 37 more: ?" in texts(figure).replace("\n", " ")


def test_the_limit_picture_stacks_each_sites_cheapest_week(ranked: pd.DataFrame) -> None:
    figure = charts.where_the_limit_binds(ranked, 1000.0, "the ratebook")
    bars: list[Any] = list(figure.axes[0].patches)
    widths = [round(bar.get_width(), 2) for bar in bars]
    best = ranked.dropna(subset="total").drop_duplicates("site").iloc[::-1]
    assert widths == [*best["reimbursable"], *best["agency_share"]]
    assert "limit for an officer, $1,000" in texts(figure)


def test_the_forecast_picture_counts_every_draw_on_both_sides(estimator: Estimator) -> None:
    spread = replace(drawn(estimator), reimbursable=np.linspace(19_000, 20_000, 50))
    figure = charts.forecast_distribution(spread, "the ratebook")
    sides: list[list[Any]] = [list(axes.patches) for axes in figure.axes]
    assert [sum(bar.get_height() for bar in bars) for bars in sides] == [50, 50]
    assert "NASRO reimburses, 20 officers" in texts(figure)


def test_years_that_are_nearly_all_alike_are_not_a_histogram_of_one_bar() -> None:
    values = np.array([19_000.5, *[20_000.0] * 49])
    figure = charts.forecast_distribution(Forecast(values, np.arange(50.0), 1.0, 0.0, 20, ()), "the ratebook")
    left, right = figure.axes
    assert (len(left.patches), len(right.patches)) == (0, 30)
    assert "$20,000.00\nin 49 of 50 years drawn\n$19,000.50 to $20,000.00 in all" in texts(figure)


def test_the_rates_picture_has_a_row_a_fiscal_year_and_an_amount_a_month(ratebook: Ratebook) -> None:
    orlando = Locality(98, "Orlando", "FL")
    figure = charts.rates_by_month(orlando, [2026, 2027], ratebook, "the ratebook")
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["FY2026", "FY2027"]
    assert not axes.lines
    amounts = [text.get_text() for text in axes.texts]
    assert len(amounts) == 24
    on = [date(2025, 10, 1), date(2026, 9, 30), date(2026, 10, 1), date(2027, 1, 1)]
    assert [amounts[at] for at in (0, 11, 12, 15)] == [f"${ratebook.rate(orlando, day).lodging:.0f}" for day in on]
    assert "Lodging ceiling of Orlando, FL by month and fiscal year" in texts(figure)


def test_a_name_with_dollar_signs_is_no_formula(ranked: pd.DataFrame) -> None:
    odd = ranked.assign(site=ranked["site"].str.replace("Orlando, FL", r"A $5 & $6_{x} \foo"))
    figure = charts.sites_by_week(odd, "the ratebook")
    figure.draw_without_rendering()
    assert r"A $5 & $6_{x} \foo" in texts(figure)


def test_the_map_has_a_tile_a_state_and_the_cost_of_those_with_trips(law: Law) -> None:
    trips = pd.DataFrame(
        [("Orlando, FL", 3), ("Springfield, IL", 1), ("Nowhere, IL", 1)], columns=["place", "officers"]
    ).assign(depart_on="2026-10-04", return_on="2026-10-09")
    sums = dict(sums_by(trips, estimate(trips, BOOK, law), "state")["group_total"])
    figure = charts.states_as_tiles(sums, "the ratebook", year="FY2027", notes=["1 row not priced."])
    tiles = texts(figure).splitlines()
    assert len(figure.axes[0].patches) == 51 + 5
    # Three officers in Orlando at 1,165.00; 565.00 and 374.00 at the standard rate.
    assert tiles[tiles.index("FL") + 1] == "$3.5K"
    assert tiles[tiles.index("IL") + 1] == "$939"
    assert "What the trips cost, by the state of the course, FY2027" in tiles
    assert "1 row not priced." in tiles
    assert len(charts.states_as_tiles({}, "the ratebook").axes) == 1


def test_a_picture_that_cannot_be_written_says_so(ranked: pd.DataFrame, tmp_path: Path) -> None:
    figure = charts.sites_by_week(ranked, "the ratebook")
    with pytest.raises(InputError, match=r"'\.gif' is not a kind of picture; use \.png, \.svg, \.pdf"):
        charts.save(figure, tmp_path / "sites.gif")
    with pytest.raises(OutputError, match="cannot be written"):
        charts.save(figure, str(tmp_path / "none" / "sites.png"))


def test_without_matplotlib_the_extra_is_named(ranked: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(InputError, match=r'run: .* -m pip install .*\[analysis\]"'):
        charts.sites_by_week(ranked, "the ratebook")
