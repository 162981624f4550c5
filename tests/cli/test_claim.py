"""`perdiem claim` and `perdiem explain`: what is printed and written, and the exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.claim_data import CONTRACT
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT
from tests.support.sheets import put

SAMPLES = ROOT / "data" / "samples"
ORLANDO = SAMPLES / "2026-ORL-0001.json"
AS_OF = ("--as-of", "2026-11-23")

Edit = Callable[[dict[str, Any]], object]


def edited(tmp_path: Path, edit: Edit, name: str = "claim.json") -> Path:
    """The Orlando claim with an edit, as a file."""
    data = json.loads(ORLANDO.read_text(encoding="utf-8"))
    edit(data)
    path = tmp_path / name
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_without_an_output_the_workbook_is_written_beside_the_claim_and_nothing_is_replaced(
    perdiem: Perdiem, tmp_path: Path
) -> None:
    claim = tmp_path / "Reyes.json"
    claim.write_bytes(ORLANDO.read_bytes())
    run = perdiem("claim", "build", claim, *AS_OF)
    assert (run.code, (tmp_path / "Reyes-built.xlsx").is_file()) == (0, True)
    several = perdiem("claim", "build", tmp_path, *AS_OF)
    assert (several.code, several.err) == (
        2,
        "perdiem: --output: several claims need a folder; add it, like -o claims/\n",
    )
    again = perdiem("claim", "build", claim, *AS_OF)
    assert (again.code, "Reyes-built.xlsx: already exists" in again.err) == (2, True), again.err


@pytest.mark.parametrize("claim_id", CONTRACT)
def test_the_contract_claims_give_their_figures_and_exactly_their_checks(
    perdiem: Perdiem, tmp_path: Path, claim_id: str
) -> None:
    expected = json.loads((ROOT / f"tests/contract/itemized.{CONTRACT[claim_id]}.json").read_text())
    output = tmp_path / "out.xlsx"
    run = perdiem("claim", "build", SAMPLES / f"{claim_id}.json", "-o", output, "--json", *AS_OF)
    assert run.code == 0
    record = run.record
    assert record["claim_id"] == claim_id
    assert record["input"] == str(SAMPLES / f"{claim_id}.json")
    assert record["totals"] == record["totals"] | expected["totals"]
    mie = {line["on"]: line["amount_allowed"] for line in record["lines"] if line["id"].startswith("D")}
    assert mie == expected["mie_allowed_by_day"]
    questioned = [f for f in record["findings"] if f["outcome"] == "questioned"]
    assert {f["check"] for f in questioned} == set(expected["checks_questioned"])
    assert {f["severity"] for f in record["findings"]} == {"info"}
    assert output.exists()


def test_a_claim_on_a_terminal_shows_the_four_amounts_the_lines_and_the_file(
    perdiem: Perdiem, tmp_path: Path
) -> None:
    output = tmp_path / "claim.xlsx"
    run = perdiem("claim", "build", ORLANDO, "-o", output, *AS_OF)
    assert run.code == 0
    for amount in ("$1,820.56", "$1,741.81", "$1,000.00", "$820.56"):
        assert amount in run.out
    assert "cap-applied" in run.out
    assert f"The workbook is ready: {output}" in run.out


def test_a_folder_of_claims_gives_a_folder_of_workbooks(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("claim", "build", SAMPLES, "-o", tmp_path / "out", "--json", *AS_OF)
    assert run.code == 0
    assert [record["claim_id"] for record in run.records] == sorted(CONTRACT)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(f"{c}.xlsx" for c in CONTRACT)


def test_many_claims_give_a_row_each(perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")

    def numbered(number: int) -> Edit:
        return lambda data: data.update(claim_id=f"C-{number}")

    inputs = [edited(tmp_path, numbered(n), f"{n}.json") for n in range(4)]
    run = perdiem("claim", "check", *inputs, *AS_OF)
    rows = [line.split() for line in run.out.splitlines()[1:]]
    assert [row[0] for row in rows] == ["C-0", "C-1", "C-2", "C-3"]
    assert rows[0][-5:] == ["$1,820.56", "$1,741.81", "$1,000.00", "$820.56", "info"]


def test_one_bad_claim_among_good_ones_is_said_and_the_others_are_done(perdiem: Perdiem, tmp_path: Path) -> None:
    bad = edited(tmp_path, lambda d: d["lodging"][0].update(tax="1.234"), "a.json")
    run = perdiem("claim", "check", bad, ORLANDO, "--json", *AS_OF)
    assert run.code == 2
    first, second = run.records
    assert first["claim_id"] is None
    assert first["error"]["code"] == "input.several"
    (wrong,) = first["error"]["errors"]
    assert (wrong["code"], wrong["where"]) == ("claim.value.invalid", "lodging[0].tax")
    assert wrong["what"].startswith("'1.234' is not an amount")
    assert second["claim_id"] == "2026-ORL-0001"
    assert f"{bad}: lodging[0].tax" in run.err


def refuse(path: str, value: object) -> Edit:
    """An edit that sets the field at a path; `...` removes it."""
    *parents, last = [int(part) if part.isdigit() else part for part in re.findall(r"\w+", path)]

    def edit(data: Any) -> None:
        for part in parents:
            data = data[part]
        if value is ...:
            del data[last]
        else:
            data[last] = value

    return edit


MALFORMED = {
    "lodging[0].room_rate -1": (refuse("lodging[0].room_rate", "-159.00"), "lodging[0].room_rate: '-159.00' is not"),
    "three decimals": (refuse("lodging[0].room_rate", "159.005"), "write dollars and cents like 159.00"),
    "exponent": (refuse("expenses[0].amount", "1e3"), "expenses[0].amount: '1e3' is not an amount"),
    "not a number": (refuse("expenses[0].amount", "NaN"), "expenses[0].amount: 'NaN' is not an amount"),
    "line of zero": (refuse("expenses[0].amount", "0.00"), "expenses[0].amount: an amount of zero claims nothing"),
    "wrong type": (refuse("lodging", "none"), "lodging: is not a list"),
    "unknown field": (refuse("officer.badge", "7"), "officer.badge: is not a field of a claim"),
    "no such date": (refuse("prepared_on", "2026-02-30"), "prepared_on: 2026-02-30 does not exist"),
    "backwards": (refuse("trip.returned_at", "2026-10-03"), "trip.returned_at: the return 2026-10-03 is not after"),
    "gap": (refuse("trip.stops[0].arrived_on", "2026-10-07"), "trip.stops: no stop covers the nights 2026-10-04 to"),
    "missing": (refuse("agency.remit_to", ...), "agency.remit_to: is missing; add it"),
    "ssn": (refuse("officer.name", "J. Reyes 078-05-1120"), "officer.name: looks like a Social Security number"),
    "credit": (
        lambda d: d.update(credits=[{"source": "Airline", "amount": "5.00", "line": "E99"}]),
        "credits[0].line: E99 is not a line of this claim",
    ),
}


def test_a_claim_that_was_read_keeps_its_id_where_it_has_no_rate_or_no_output(
    perdiem: Perdiem, tmp_path: Path
) -> None:
    """Of each input a program learns `input` and `claim_id`. Honolulu has no rate here, and the third input has the
    id of the first: their ids are known, since both were read. The fourth is no claim, and has none.
    """
    away = edited(tmp_path, lambda data: data["trip"]["stops"][0].update(place={"city": "Honolulu", "state": "HI"}))
    away.write_text(away.read_text(encoding="utf-8").replace("2026-ORL-0001", "2026-HNL-0002"), encoding="utf-8")
    again = edited(tmp_path, lambda data: None, "again.json")
    broken = edited(tmp_path, lambda data: data.update(colour="blue"), "broken.json")
    out = tmp_path / "out"
    run = perdiem("claim", "build", ORLANDO, away, again, broken, "-o", out, "--json", *AS_OF)
    assert run.code == 2
    assert [record["claim_id"] for record in run.records] == ["2026-ORL-0001", "2026-HNL-0002", "2026-ORL-0001", None]
    assert ["error" in record for record in run.records] == [False, True, True, True]


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_input_is_refused_with_path_and_mend_and_nothing_is_written(
    perdiem: Perdiem, tmp_path: Path, name: str
) -> None:
    edit, said = MALFORMED[name]
    source = edited(tmp_path, edit)
    run = perdiem("claim", "build", source, "-o", tmp_path / "out.xlsx", *AS_OF)
    assert run.code == 2
    assert said in run.err
    assert "078-05-1120" not in run.err
    assert [path.name for path in tmp_path.iterdir()] == ["claim.json"]


NO_RATE = {
    "unknown place": (
        refuse("trip.stops[0].place", {"city": "Xyzzyville", "state": "VA"}),
        "trip.stops[0].place: Xyzzyville is not known in Virginia",
    ),
    "outside the contiguous states": (
        refuse("trip.stops[0].place", {"city": "Anchorage", "state": "AK"}),
        "trip.stops[0].place: Alaska is outside the contiguous states",
    ),
}


@pytest.mark.parametrize("name", NO_RATE)
def test_a_place_that_cannot_be_priced_ends_with_3_and_names_the_stop(
    perdiem: Perdiem, tmp_path: Path, name: str
) -> None:
    edit, said = NO_RATE[name]
    run = perdiem("claim", "build", edited(tmp_path, edit), "-o", tmp_path / "out.xlsx", *AS_OF)
    assert run.code == 3
    assert said in run.err
    assert not (tmp_path / "out.xlsx").exists()


def test_a_fiscal_year_without_rates_ends_with_3(perdiem: Perdiem, tmp_path: Path) -> None:
    def later(data: dict[str, Any]) -> None:
        text = json.dumps(data["trip"]).replace("2026-10", "2028-10")
        data["trip"] = json.loads(text)
        data["lodging"] = []
        data.pop("furnished_meals")

    run = perdiem("claim", "check", edited(tmp_path, later), *AS_OF)
    assert run.code == 3
    assert "the ratebook has no rates of fiscal year 2029" in run.err


def test_mileage_in_2027_cannot_be_computed_and_names_the_date(perdiem: Perdiem, tmp_path: Path) -> None:
    source = edited(tmp_path, refuse("expenses[5].date", "2027-01-04"))
    run = perdiem("claim", "check", source, *AS_OF)
    assert run.code == 3
    assert "expenses[5].date" in run.err


def test_an_output_that_exists_is_kept_unless_forced(perdiem: Perdiem, tmp_path: Path) -> None:
    output = tmp_path / "out.xlsx"
    output.write_text("mine")
    run = perdiem("claim", "build", ORLANDO, "-o", output, *AS_OF)
    assert run.code == 2
    assert "--force" in run.err
    assert output.read_text() == "mine"
    assert perdiem("claim", "build", ORLANDO, "-o", output, "--force", *AS_OF).code == 0
    assert output.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("inputs", "output", "said"),
    [
        ((ORLANDO,), "missing/out.xlsx", "missing"),
        ((ORLANDO,), "out.pdf", "the workbook needs a name ending in .xlsx"),
        ((SAMPLES,), "out.xlsx", "several claims need a folder"),
        ((SAMPLES,), "missing/out", "the folder cannot be made"),
        ((ORLANDO, ORLANDO), "out", "an earlier input has the claim id 2026-ORL-0001 too"),
        (("nowhere.json",), "out.xlsx", "nowhere.json: the file does not exist"),
    ],
)
def test_outputs_that_cannot_be_written_end_with_2(
    perdiem: Perdiem, tmp_path: Path, inputs: tuple[Path, ...], output: str, said: str
) -> None:
    run = perdiem("claim", "build", *inputs, "-o", tmp_path / output, *AS_OF)
    assert run.code == 2
    assert said in run.err


@pytest.mark.parametrize(
    ("severity", "code"), [("blocks", 1), ("adjusts", 1), ("review", 1)], ids=["blocks", "adjusts", "review"]
)
def test_fail_on_ends_with_1_at_a_finding_of_that_weight(
    perdiem: Perdiem, tmp_path: Path, severity: str, code: int
) -> None:
    unsigned = edited(tmp_path, refuse("signatures.fiscal", ...))
    assert perdiem("claim", "check", unsigned, "--fail-on", severity, *AS_OF).code == code
    assert perdiem("claim", "check", ORLANDO, "--fail-on", severity, *AS_OF).code == 0


def test_fail_on_knows_three_severities(perdiem: Perdiem) -> None:
    run = perdiem("claim", "check", ORLANDO, "--fail-on", "info")
    assert run.code == 2
    assert "--fail-on: 'info' is not a severity; use blocks, adjusts or review" in run.err


def test_a_blocked_claim_says_what_is_payable_once_fixed(perdiem: Perdiem, tmp_path: Path) -> None:
    unsigned = edited(tmp_path, refuse("signatures.fiscal", ...))
    run = perdiem("claim", "check", unsigned, *AS_OF)
    assert run.code == 0
    assert "blocked; $1,000.00 once that is fixed" in run.out
    assert "Blocked: The agency's fiscal official has not signed" in run.out


def test_as_of_decides_what_lies_in_the_future(perdiem: Perdiem) -> None:
    record = perdiem("claim", "check", ORLANDO, "--json", "--as-of", "2026-10-08").record
    blocking = {f["check"] for f in record["findings"] if f["severity"] == "blocks"}
    assert blocking == {"date-in-future"}
    run = perdiem("claim", "check", ORLANDO, "--as-of", "yesterday")
    assert run.code == 2
    assert "--as-of: 'yesterday' is not a date" in run.err


def test_the_schema_names_every_required_field(perdiem: Perdiem) -> None:
    schema = json.loads(perdiem("claim", "schema").out)
    assert set(schema["required"]) == {
        "schema",
        "claim_id",
        "prepared_on",
        "agency",
        "award",
        "officer",
        "course",
        "trip",
    }
    assert schema["additionalProperties"] is False


def test_explain_prints_sentences_or_json(perdiem: Perdiem) -> None:
    run = perdiem("explain", ORLANDO, "T1", *AS_OF)
    assert run.code == 0
    assert "$19.88 becomes $18.13" in run.out
    record = perdiem("explain", ORLANDO, "t1", "--json", *AS_OF).record
    assert record["line"] == "T1"
    assert "\n".join(record["sentences"]) + "\n" == run.out
    missing = perdiem("explain", ORLANDO, "E99")
    assert missing.code == 2
    assert "'E99' is not a line of claim 2026-ORL-0001" in missing.err


def test_a_form_is_prefilled_and_says_what_is_still_to_fill_in(perdiem: Perdiem, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    dates = ("--from", "2026-10-04", "--to", "2026-10-09")
    run = perdiem("claim", "new", "--place", "Orlando, FL", *dates, "-o", form)
    assert run.code == 0
    assert form.exists()
    refused = perdiem("claim", "build", form, "-o", tmp_path / "claim.xlsx")
    assert refused.code == 2
    assert f"{form}: Claim!" in refused.err
    assert not (tmp_path / "claim.xlsx").exists()
    assert perdiem("claim", "new", "--place", "Orlando, FL", *dates, "-o", form).code == 2
    again = perdiem("claim", "new", "--place", "Orlando, FL", *dates, "-o", form, "--force", "--json")
    assert again.record == {"output": str(form)}


@pytest.mark.parametrize(
    ("place", "dates", "code", "said"),
    [
        ("Xyzzyville, VA", ("2026-10-04", "2026-10-09"), 3, "Xyzzyville is not known in Virginia"),
        ("Orlando, FL", ("2026-10-09", "2026-10-04"), 2, "2026-10-04"),
        ("Orlando, FL", ("Oct 4", "2026-10-09"), 2, "--from: 'Oct 4' is not a date"),
        ("Orlando, FL", ("2029-10-04", "2029-10-09"), 3, "no rates of fiscal year 2030"),
    ],
)
def test_a_form_that_cannot_be_prefilled_says_why(
    perdiem: Perdiem, tmp_path: Path, place: str, dates: tuple[str, str], code: int, said: str
) -> None:
    form = tmp_path / "form.xlsx"
    run = perdiem("claim", "new", "--place", place, "--from", dates[0], "--to", dates[1], "-o", form)
    assert run.code == code
    assert said in run.err
    assert not form.exists()


@pytest.mark.parametrize("place", ["Aurora, IL", "Portland"])
def test_a_form_for_a_place_with_several_rates_shows_them_as_rate_does(
    perdiem: Perdiem, tmp_path: Path, place: str
) -> None:
    form = tmp_path / "form.xlsx"
    run = perdiem("claim", "new", "--place", place, "--from", "2026-10-04", "--to", "2026-10-09", "-o", form)
    assert run.code == 3
    assert not form.exists()
    assert run.err == perdiem("rate", place, "--on", "2026-10-04").err
    if place == "Aurora, IL":
        # GSA's rates of FY2027: Oakbrook Terrace $123 and $80, the standard rate $113 and $68
        assert "\n  DuPage: Oakbrook Terrace, IL, lodging $123.00, M&IE $80.00\n" in run.err
        assert "\n  Kane: the standard rate in IL, lodging $113.00, M&IE $68.00\n" in run.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_an_output_that_cannot_be_printed_is_an_error_without_a_traceback() -> None:
    command = [sys.executable, "-m", "perdiem_calc", "rate", "Orlando, FL", "--on", "2026-10-04"]
    with open("/dev/full", "w") as full:
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr == (
        "perdiem: the output cannot be written (No space left on device); fix that and run it again\n"
    )


def test_a_reader_that_goes_away_ends_the_program_quietly() -> None:
    command = f"{sys.executable} -m perdiem_calc claim schema | head -n 1"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in run.stderr


def test_letters_that_a_console_does_not_know_are_written_out(tmp_path: Path) -> None:
    source = edited(tmp_path, refuse("officer.name", "Zoë Łukasz"))
    command = [sys.executable, "-m", "perdiem_calc", "claim", "check", str(source), *AS_OF]
    run = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "cp1252"})
    assert run.returncode == 0
    assert "Zoë \\u0141ukasz".encode("cp1252") in run.stdout


def test_a_misspelled_town_is_answered_with_the_one_that_is_near(perdiem: Perdiem, tmp_path: Path) -> None:
    source = edited(tmp_path, refuse("trip.stops[0].place.city", "Orlandoo"))
    run = perdiem("claim", "check", source, *AS_OF)
    assert run.code == 3
    assert "Orlandoo is not known in Florida; perhaps Orlando, FL" in run.err


def test_a_form_is_an_xlsx_file(perdiem: Perdiem, tmp_path: Path) -> None:
    dates = ("--from", "2026-10-04", "--to", "2026-10-09")
    run = perdiem("claim", "new", "--place", "Orlando, FL", *dates, "-o", tmp_path / "form.pdf")
    assert run.code == 2
    assert f"write -o {tmp_path / 'form.xlsx'}" in run.err


def test_parking_of_a_trip_by_car_goes_with_its_mileage(perdiem: Perdiem, tmp_path: Path) -> None:
    parking = {"date": "2026-10-05", "category": "parking", "amount": "18.00"}

    def by_car(data: dict[str, Any]) -> None:
        data["expenses"] = [*data["expenses"][5:], parking]

    driving = perdiem("claim", "build", edited(tmp_path, by_car), "-o", tmp_path / "a.xlsx", "--json", *AS_OF)
    flying = perdiem(
        "claim",
        "build",
        edited(tmp_path, lambda data: data["expenses"].append(parking)),
        "-o",
        tmp_path / "b.xlsx",
        "--json",
        *AS_OF,
    )
    rules = [
        next(line["rule"] for line in run.record["lines"] if line["category"] == "parking")
        for run in (driving, flying)
    ]
    assert rules == ["pov-mileage", "terminal-parking"]


def test_the_version_is_the_packages(perdiem: Perdiem) -> None:
    from perdiem_calc import __version__

    assert perdiem("--version").out == f"perdiem {__version__}\n"


def with_cells(workbook: Path, values: dict[str, object]) -> Path:
    """A workbook saved again with values in cells, by defined name; `exp_date[8]` is the ninth of a column."""
    book = openpyxl.load_workbook(workbook)
    for name, value in values.items():
        put(book, name, value)
    edited_path = workbook.with_name("edited.xlsx")
    book.save(edited_path)
    return edited_path


def test_what_nasro_filled_in_is_not_left_behind_in_silence(perdiem: Perdiem, tmp_path: Path) -> None:
    perdiem("claim", "build", ORLANDO, "-o", tmp_path / "claim.xlsx", *AS_OF)
    decided = with_cells(tmp_path / "claim.xlsx", {"nasro_by": "R. Viewer", "review_decision": "Accept"})
    run = perdiem("claim", "build", decided, "-o", tmp_path / "again.xlsx", *AS_OF)
    assert run.code == 0
    assert re.search(r"filled in by NASRO, not carried over: Claim![A-Z]+[0-9]+, Review!K5", run.err)
    untouched = perdiem("claim", "build", tmp_path / "claim.xlsx", "-o", tmp_path / "third.xlsx", *AS_OF)
    assert "NASRO" not in untouched.err


def test_the_findings_of_a_workbook_are_said_of_its_cells_and_those_of_a_text_of_its_fields(
    perdiem: Perdiem, tmp_path: Path
) -> None:
    # Five nights stand in rows 7 to 11, their room in column H, its tax in I; the lunch in the course fee in P10.
    perdiem("claim", "build", ORLANDO, "-o", tmp_path / "claim.xlsx", *AS_OF)
    for command in (("check",), ("build", "-o", tmp_path / "again.xlsx")):
        run = perdiem("claim", command[0], tmp_path / "claim.xlsx", *command[1:], *AS_OF)
        assert run.code == 0
        assert "lodging-over-ceiling at Days!H7:H11\n" in run.out
        assert "lodging-tax-over-share at Days!I7:I11\n" in run.out
        assert "furnished-meal-deduction at Days!P10\n" in run.out
        assert "lodging[0]" not in run.out
        of_source = f"The cells named are those of {tmp_path / 'claim.xlsx'}: fix them there, and build it again.\n"
        assert (of_source in run.out) is (command[0] == "build")
    assert "lodging-over-ceiling at lodging[0].room_rate and 4 more" in perdiem("claim", "check", ORLANDO, *AS_OF).out


def test_a_finding_points_into_the_workbook_that_was_read_and_building_closes_a_gap_between_expenses(
    perdiem: Perdiem, tmp_path: Path
) -> None:
    # Seven expenses stand in rows 7 to 13. A taxi above $75 without a receipt (column J) is typed below a blank row.
    perdiem("claim", "build", ORLANDO, "-o", tmp_path / "claim.xlsx", *AS_OF)
    taxi = {"date": date(2026, 10, 5), "category": "Taxi, ride or shuttle", "amount": 80}
    source = with_cells(tmp_path / "claim.xlsx", {f"exp_{key}[8]": value for key, value in taxi.items()})
    built = perdiem("claim", "build", source, "-o", tmp_path / "again.xlsx", "--json", *AS_OF)
    checked = perdiem("claim", "check", tmp_path / "again.xlsx", "--json", *AS_OF)
    for run, where in ((built, "Expenses!J15"), (checked, "Expenses!J14")):
        assert [f["where"] for f in run.record["findings"] if f["check"] == "receipt-missing"] == [where]


def test_what_cannot_be_priced_in_a_workbook_is_said_of_its_cell(perdiem: Perdiem, tmp_path: Path) -> None:
    perdiem("claim", "build", ORLANDO, "-o", tmp_path / "claim.xlsx", *AS_OF)
    source = with_cells(tmp_path / "claim.xlsx", {"stop_city[0]": "Xyzzyville"})
    cell = "Claim!F27"
    run = perdiem("claim", "build", source, "-o", tmp_path / "again.xlsx", *AS_OF)
    assert run.code == 3
    assert run.err.startswith(f"{source}: {cell}: Xyzzyville is not known in Florida")
    explained = perdiem("explain", source, "N1", *AS_OF)
    assert explained.code == 3
    assert f"{source}: {cell}: Xyzzyville" in explained.err
