"""Budget and sites: the pages show what the command line says; nobody sees another's plan; bad tables are said."""

from __future__ import annotations

import re
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.site import addresses, client

TRIPS = (
    "Place\tSROs\tHotel rate\tDepart on\tReturn on\tAgency\tFlight no\n"
    "Orlando, FL\t2\t$140\t10/4/2026\t10/9/2026\tPeoria PD\tDL1\n"
    "Springfield\t1\t\t10/4/2026\t10/9/2026\tElm PD\t\n"
    "32801\t1\t\t3/1/2027\t3/5/2027\tPeoria PD\t\n"
)
WEEKS = {"first": "1/4/2027", "last": "1/11/2027", "start": "Peoria, IL", "by": "agency"}


@pytest.fixture
def analyst() -> Any:
    return client()


def computed(analyst: Any, page: str, answers: dict[str, Any]) -> tuple[str, str]:
    """The address of a plan and its page, once it is computed."""
    answer = analyst.post(f"/{page}", answers)
    assert answer.status_code == 302, answer.content.decode()
    address = answer.headers["Location"]
    until = time.monotonic() + 120
    while "Computing" in (html := analyst.get(address).content.decode()):
        assert time.monotonic() < until
        time.sleep(0.2)
    return address, html


def cells(html: str, label: str) -> list[str]:
    """The cells of the first row of a table that has a heading."""
    row = re.search(rf'<th scope="row">{re.escape(label)}</th>(.*?)</tr>', html, re.DOTALL)
    assert row is not None, label
    return re.findall(r"<td[^>]*>(.*?)</td>", row[1])


def test_a_budget_is_what_the_command_line_says(analyst: Any, perdiem: Any, tmp_path: Path) -> None:
    """Two officers: 5 nights at 140.00 and 440.00 M&IE each; one: 4 nights at 178.00 and 4.5 days of 80.00."""
    address, html = computed(analyst, "budget", {"table": TRIPS})
    assert cells(html, "Cost of the trips") == ["$3,352.00"]
    assert cells(html, "NASRO pays") == ["$3,000.00"]
    assert "3 officers, 2 of 3 rows priced" in html
    assert "<strong>SROs</strong> as officers" in html
    assert "<strong>Flight no</strong>" in html
    assert "Row 3: place: Springfield is in 28 states; add the state" in html
    table = tmp_path / "table.csv"
    table.write_text(TRIPS, encoding="utf-8")
    record = perdiem("estimate", table, "-o", tmp_path / "b.csv", "--by", "state,month", "--json").record
    for grouping in ("state", "month"):
        for group in record["by"][grouping]:
            assert cells(html, group["name"])[1] == f"${float(group['group_total']):,.2f}"
    book = openpyxl.load_workbook(BytesIO(b"".join(analyst.get(f"{address}/budget.xlsx").streaming_content)))
    assert "By state" in book.sheetnames
    rows = b"".join(analyst.get(f"{address}/budget.csv").streaming_content)
    assert rows == (tmp_path / "b.csv").read_bytes()
    picture = analyst.get(f"{address}/map.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in b"".join(picture.streaming_content)


def test_what_is_supposed_is_said_and_counts(analyst: Any) -> None:
    answers = {"table": TRIPS, "limit": "1500", "rooms": "+20%", "years": "2026,2027"}
    _, html = computed(analyst, "budget", answers)
    assert "Supposed: a limit of $1,500.00 for each officer." in html
    assert "Supposed: every room 20% dearer." in html
    assert cells(html, "Cost of the trips") == ["$3,731.20", "$3,774.40", "$43.20"]
    assert cells(html, "FL")[:1] == ["FY2026"]


def test_sites_are_ranked_and_what_cannot_be_compared_is_said(analyst: Any) -> None:
    address, html = computed(analyst, "sites", {"table": "Orlando, FL\nNashville, TN\nAurora, IL\n", **WEEKS})
    assert html.index("Nashville, TN") < html.index("Orlando, FL</th>")
    assert cells(html, "Nashville, TN")[-1].endswith("the least of all.")
    assert "Row 4, Aurora, IL: place: Aurora, IL is in more than one locality" in html
    book = openpyxl.load_workbook(BytesIO(b"".join(analyst.get(f"{address}/sites.xlsx").streaming_content)))
    assert [cell.value for cell in book["Sites"][2]][:4] == [1, "Nashville, TN", 3, "2027-01-04"]


@pytest.mark.parametrize(
    ("page", "answers", "said"),
    [
        ("budget", {"table": " "}, "Paste a table, or choose a file."),
        ("sites", {"table": "Orlando, FL", **WEEKS, "first": "soon"}, "#first"),
        ("sites", {"table": "Orlando, FL", **WEEKS, "last": ""}, "Write the Monday"),
    ],
)
def test_what_is_missing_is_asked_for(analyst: Any, page: str, answers: dict[str, str], said: str) -> None:
    answer = analyst.post(f"/{page}", answers)
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    ("page", "answers", "said"),
    [
        ("budget", {"table": "a\tb\n1\t2\n"}, "place"),
        ("budget", {"table": TRIPS, "limit": "much"}, "much"),
        ("budget", {"table": TRIPS, "years": "1999"}, "1999"),
        ("budget", {"table": 'Place\tDepart on\tReturn on\n"Orlando\tx\ty\n'}, "quot"),
        ("sites", {"table": "Orlando, FL", **WEEKS, "first": "1/5/2027"}, "a course begins on a Monday"),
    ],
)
def test_a_table_that_cannot_be_computed_is_refused_in_words(
    analyst: Any, page: str, answers: dict[str, str], said: str
) -> None:
    _, html = computed(analyst, page, answers)
    problem = re.search(r'id="summary".*?</div>', html, re.DOTALL)
    assert problem is not None
    assert said in problem[0]
    assert "Traceback" not in html
    assert answers["table"].split("\t")[0].strip() in html, "what was typed is still there"


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\xff\xfe\x00", b"=cmd|'/c calc'!A1,x\n1,2\n"])
def test_a_hostile_file_is_refused_in_words(analyst: Any, content: bytes) -> None:
    file = BytesIO(content)
    file.name = "../../x.xlsx"
    _, html = computed(analyst, "budget", {"file": file})
    assert 'id="summary"' in html


def test_a_plan_is_its_users_alone(analyst: Any) -> None:
    address, _ = computed(analyst, "budget", {"table": TRIPS})
    other = client("someone else")
    for path in (address, f"{address}/budget.xlsx"):
        assert other.get(path).status_code == 404
    for name in ("asked.json", "answered.json", "table.csv", "..%2f..%2fkey"):
        assert analyst.get(f"{address}/{name}").status_code == 404


def test_the_pages_are_known() -> None:
    assert {"budget", "sites", "plan", "plan_file"} <= set(addresses(1))


def test_two_places_or_years_next_to_each_other(analyst: Any) -> None:
    """GSA's limits of October: Orlando 145 in FY2027 and 140 in FY2026; Moody the standard rate, 113 and 68."""
    html = analyst.get("/rate", {"place": "Orlando, FL", "on": "10/4/2026", "on2": "10/4/2025"}).content.decode()
    assert "Orlando, FL, FY2027: room" in html
    assert "Orlando, FL, FY2026: room" in html
    assert cells(html, "Oct")[0] == "$145.00"
    assert cells(html, "Oct")[2] == "$140.00"
    both = {"place": "Orlando, FL", "on": "10/4/2026", "place2": "Moody, AL"}
    assert cells(analyst.get("/rate", both).content.decode(), "Oct")[2:] == ["$113.00", "$68.00"]
    wrong = analyst.get("/rate", both | {"place2": "Springfield"})
    assert wrong.status_code == 422
    assert "#place2" in wrong.content.decode()
