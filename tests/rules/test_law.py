"""The law as data: complete for every day in force, cited as it may be, and the same as the reference figures."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from perdiem_calc.dated import Dated, Entry, Law
from perdiem_calc.errors import InputError
from perdiem_calc.rules.law import load_law, read_rules
from tests.support.case_files import read

FIRST, LAST = date(2020, 10, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
SECTION = re.compile(r"301-\d+\.\d+")
READ_IN_PART = {"301-11.4"}  # read for lodging; its M&IE part is cited by its former number


def dated_of(law: Law) -> Iterator[Dated[object]]:
    """Every citation and value there is."""
    for rule in law.rules.values():
        yield cast(Dated[object], rule.citation)
        yield from rule.values.values()


def entries_of(law: Law) -> Iterator[tuple[str, Entry[object]]]:
    """Every entry, with its name."""
    for dated in dated_of(law):
        for entry in dated.entries:
            yield dated.name, entry


def test_every_citation_and_value_resolves_on_every_day_in_force(law: Law) -> None:
    for dated in dated_of(law):
        for day in DAYS:
            assert dated.entry(day).effective_from <= day


def test_entries_follow_on_each_other_without_gap_or_overlap(law: Law) -> None:
    for dated in dated_of(law):
        for before, after in zip(dated.entries, dated.entries[1:], strict=False):
            assert before.effective_to == after.effective_from - timedelta(days=1), dated.name


def test_only_mileage_rates_are_known_to_end(law: Law) -> None:
    ends = {dated.name: dated.entries[-1].effective_to for dated in dated_of(law)}
    assert {name: end for name, end in ends.items() if end is not None} == {
        "pov-mileage.car_no_gov_vehicle": date(2026, 12, 31),
        "pov-mileage.car_gov_vehicle_available": date(2026, 12, 31),
    }


def test_every_entry_says_when_it_was_reviewed(law: Law) -> None:
    assert [name for name, entry in entries_of(law) if entry.reviewed_on is None] == []


def test_every_mileage_rate_names_its_source(law: Law) -> None:
    for name in ("car_no_gov_vehicle", "car_gov_vehicle_available"):
        entries = law.rules["pov-mileage"].values[name].entries
        assert [entry.effective_from for entry in entries if not entry.citation] == []


def test_a_new_section_that_nobody_read_is_never_printed_bare(law: Law) -> None:
    unconfirmed = [
        str(entry.value)
        for name, entry in entries_of(law)
        if name.endswith(".citation") and entry.known == "unconfirmed"
    ]
    assert len(unconfirmed) == 8
    for citation in unconfirmed:
        assert re.search(r"41 CFR part 301-1[01] \(formerly 301-1[01]\.\d+", citation)
        bare = set(SECTION.findall(re.sub(r"\(formerly [^)]*\)", "", citation)))
        assert bare <= READ_IN_PART


def test_what_was_read_is_printed_with_its_section(law: Law) -> None:
    for rule in law.rules.values():
        for entry in rule.citation.entries:
            if entry.known == "confirmed":
                assert "formerly" not in entry.value
                assert re.search(r"CFR (301-\d+|200)\.\d+", entry.value)


def test_the_regulation_cites_the_cfr_and_says_how_well_it_is_known(law: Law) -> None:
    for rule in law.rules.values():
        if not rule.id.startswith("chp-"):
            assert {entry.known for entry in rule.citation.entries} <= {"confirmed", "unconfirmed"}
            assert all("CFR" in entry.value for entry in rule.citation.entries)


def test_the_programmes_rules_never_claim_the_travel_regulations_authority(law: Law) -> None:
    cited = {rule.id: entry.value for rule in law.rules.values() for entry in rule.citation.entries}
    assert [rule for rule, value in cited.items() if rule.startswith("chp-") and "41 CFR" in value] == []


def test_every_rule_of_the_regulation_has_its_case_of_december_2025(law: Law) -> None:
    assert {rule for rule in law.rules if not rule.startswith("chp-")} == set(read("citations"))


def test_every_rule_of_the_programme_is_there(law: Law) -> None:
    names = (
        "cap payee course completed fee-not-claimable 30-days training-deadline backfill prior-course coordination "
        "mou retention certificate itemized-claim identifiers settings"
    )
    assert {rule for rule in law.rules if rule.startswith("chp-")} == {f"chp-{name}" for name in names.split()}


def test_the_figures_of_the_programme_and_the_regulation(law: Law) -> None:
    for on in (date(2025, 12, 7), date(2025, 12, 8)):
        assert law.number("chp-cap", "limit", on) == Decimal("1000.00")
        assert law.number("chp-settings", "receipt_threshold", on) == Decimal("75.00")
        assert law.number("mie-first-last-day", "share", on) == Decimal("0.75")
        assert law.count("actual-expense-300", "multiple", on) == 3
        assert law.count("entitlement-12-hours", "more_than_hours", on) == 12
        assert law.count("chp-30-days", "days", on) == 30
    assert [law.count("laundry", "nights", date(2025, 12, day)) for day in (7, 8)] == [4, 0]
    assert [law.setting("laundry", "needs", date(2025, 12, day)) for day in (7, 8)] == ["nights", "approval"]


def test_mileage_rates_are_those_of_the_reference(law: Law, shared_folder: Path) -> None:
    with (shared_folder / "reference" / "mileage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in ("car_no_gov_vehicle", "car_gov_vehicle_available"):
        entries = law.rules["pov-mileage"].values[name].entries
        assert [(str(e.effective_from), str(e.effective_to), e.value) for e in entries] == [
            (row["effective_from"], row["effective_to"], Decimal(row[name])) for row in rows
        ]


def test_the_law_is_read_once() -> None:
    assert load_law() is load_law()


CITED = 'citation = [{ effective_from = 2020-01-01, value = "41 CFR", reviewed_on = 2026-01-01 }]'


def _rule(value: str) -> str:
    return f'[a-rule]\ntitle = "A rule"\n{CITED}\nshare = {value}\n'


def test_figures_are_exact_and_lists_do_not_change() -> None:
    text = _rule("[{ effective_from = 2020-01-01, value = 0.1, reviewed_on = 2026-01-01 }]")
    assert read_rules(text, "t")["a-rule"].values["share"].on(FIRST) == Decimal("0.1")
    text = _rule('[{ effective_from = 2020-01-01, value = ["a"], reviewed_on = 2026-01-01 }]')
    assert read_rules(text, "t")["a-rule"].values["share"].on(FIRST) == ("a",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[a-rule]\ntitle = "A rule"\n', "t: a-rule: a rule without title or citation; give it both"),
        (f"[a-rule]\n{CITED}\n", "t: a-rule: a rule without title or citation; give it both"),
        (_rule("[]"), "t: a-rule: share: no entries; give it at least one"),
        (
            _rule("[{ effective_from = 2020-01-01, value = 1 }]"),
            "t: a-rule: share: an entry with effective_from, value",
        ),
        (
            _rule("[{ effective_from = 2020-01-01, value = 1, reviewed_on = 2026-01-01, valu = 2 }]"),
            "t: a-rule: share: an entry with effective_from, reviewed_on, valu, value",
        ),
        (
            _rule(
                "[{ effective_from = 2020-01-02, effective_to = 2020-01-01, value = 1, reviewed_on = 2026-01-01 }]"
            ),
            "t: a-rule: share: 2020-01-01 is before 2020-01-02; swap the two dates",
        ),
    ],
)
def test_a_mistake_in_the_data_is_named(text: str, message: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_rules(text, "t")
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize("second", ["2020-07-02", "2020-06-30", "2019-01-01"], ids=["gap", "overlap", "backwards"])
def test_entries_that_do_not_follow_on_are_named(second: str) -> None:
    text = _rule(
        "[{ effective_from = 2020-01-01, effective_to = 2020-06-30, value = 1, reviewed_on = 2026-01-01 },"
        f" {{ effective_from = {second}, value = 2, reviewed_on = 2026-01-01 }}]"
    )
    with pytest.raises(InputError, match=f"share: {second} does not follow on 2020-06-30; let each entry begin"):
        read_rules(text, "t")


def test_an_entry_after_one_without_end_is_named() -> None:
    entry = "{ effective_from = 2020-01-01, value = 1, reviewed_on = 2026-01-01 }"
    with pytest.raises(InputError, match="share: 2020-01-01 does not follow on None"):
        read_rules(_rule(f"[{entry}, {entry}]"), "t")


def test_a_decision_that_nothing_would_carry_out_is_refused() -> None:
    text = """
    [chp-settings]
    title = "Settings"
    citation = [{ effective_from = 2019-01-01, value = "x", reviewed_on = 2026-11-23 }]
    mie_basis = [{ effective_from = 2019-01-01, value = "actual", reviewed_on = 2026-11-23 }]
    """
    with pytest.raises(
        InputError, match="mie_basis = 'actual' is a decision this program does not know; choose flat"
    ):
        read_rules(text, "t")
