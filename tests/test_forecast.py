"""The forecast: many possible years from stated assumptions; and the pictures."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perdiem_calc import charts
from perdiem_calc.errors import InputError, OutputError, RateUnavailable
from perdiem_calc.estimator import Estimator
from perdiem_calc.forecast import Assumptions, Forecast, forecast
from perdiem_calc.parameters import Law
from perdiem_calc.places import Locality
from perdiem_calc.ratebook import Ratebook
from perdiem_calc.sites import compare_sites
from tests.command import Perdiem

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
    monkeypatch.setattr("perdiem_calc.forecast._AT_ONCE", 100)
    parts = drawn(estimator, draws=12)
    assert len(parts.reimbursable) == 12


def test_the_assumptions_are_said(estimator: Estimator) -> None:
    said = drawn(estimator, draws=1).assumptions
    assert said[0] == "20 officers, each to one of 2 sites (by its weight) in one of 2 weeks at random"
    assert any("60% drive, 80 to 1,000 (likeliest 350) miles" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([0, 0], "sites: weight: all are 0, so no site can be chosen; give one a greater weight"),
        (["x", 1], "sites, row 2: weight: 'x' is not a number from 0 on; write how likely the site is"),
        ([1, -2], "sites, row 3: weight: '-2' is not a number from 0 on"),
        ([1, "inf"], "sites, row 3: weight: 'inf' is not a number from 0 on"),
        (["1", ""], "sites, row 3: weight: blank; write how likely the site is beside the others"),
        ([None, 1], "sites, row 2: weight: blank"),
    ],
)
def test_weights_must_be_weights(estimator: Estimator, weights: list[Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        forecast(SITES.assign(weight=pd.Series(weights)), WEEKS, estimator, officers=1, seed=1)


def test_what_cannot_be_forecast_is_refused(estimator: Estimator) -> None:
    with pytest.raises(InputError, match="needs officers and draws"):
        drawn(estimator, officers=0)
    unknown = pd.DataFrame({"place": ["Orlando, FL", "Springfield"]})
    said = "sites, row 3, Springfield, week of 2026-10-05: place: Springfield is in 28 states"
    with pytest.raises(RateUnavailable, match=said):
        forecast(unknown, WEEKS, estimator, officers=1, seed=1, draws=1)
    with pytest.raises(InputError, match="sites: there are none to choose from; write a row for each site"):
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
    known = perdiem("forecast", *options, "--weeks", "2026-10-05")
    assert "planning rate" not in known.out


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


def test_the_cheapest_cell_is_shaded_and_what_is_not_comparable_is_hatched_and_said(ranked: pd.DataFrame) -> None:
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


@pytest.mark.parametrize("amounts", [[20_000.0], [19_999.99, 20_000.0], [19_991.25, 20_000.0], [0.0, 250_000.5]])
def test_no_two_ticks_of_dollars_read_alike(amounts: list[float]) -> None:
    years = Forecast(np.array(amounts), np.array(amounts), 0.0, 0.0, 20, ())
    figure = charts.forecast_distribution(years, "the ratebook")
    figure.draw_without_rendering()
    for axes in figure.axes:
        ticks = [label.get_text() for label in axes.get_xticklabels()]
        assert len(set(ticks)) == len(ticks) > 0


def test_the_limit_picture_stacks_each_sites_cheapest_week(ranked: pd.DataFrame) -> None:
    figure = charts.where_the_limit_binds(ranked, 1000.0, "the ratebook")
    bars: list[Any] = list(figure.axes[0].patches)
    widths = [round(bar.get_width(), 2) for bar in bars]
    best = ranked.dropna(subset="total").drop_duplicates("site").iloc[::-1]
    assert widths == [*best["reimbursable"], *best["agency_share"]]
    assert "limit for an officer, $1,000" in texts(figure)


def test_the_forecast_picture_counts_every_draw_on_both_sides(estimator: Estimator) -> None:
    figure = charts.forecast_distribution(drawn(estimator), "the ratebook")
    sides: list[list[Any]] = [list(axes.patches) for axes in figure.axes]
    assert [sum(bar.get_height() for bar in bars) for bars in sides] == [50, 50]
    assert "NASRO reimburses, 20 officers" in texts(figure)


def test_the_rates_picture_has_a_line_a_fiscal_year(ratebook: Ratebook) -> None:
    orlando = Locality(98, "Orlando", "FL")
    figure = charts.rates_by_month(orlando, [2026, 2027], ratebook, "the ratebook")
    old, new = (np.asarray(line.get_ydata()).tolist() for line in figure.axes[0].lines)
    assert (new[0], new[3]) == (145.0, float(ratebook.rate(orlando, date(2027, 1, 1)).lodging))
    assert old[11] == float(ratebook.rate(orlando, date(2026, 9, 30)).lodging)
    assert "Lodging ceiling of Orlando, FL by month and fiscal year" in texts(figure)


def test_a_picture_that_cannot_be_written_says_so(ranked: pd.DataFrame, tmp_path: Path) -> None:
    figure = charts.sites_by_week(ranked, "the ratebook")
    with pytest.raises(InputError, match=r"'\.gif' is no kind of picture; use \.png, \.svg, \.pdf"):
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
