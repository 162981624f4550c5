"""`perdiem mcp`, asked over standard input and output by the SDK's own client."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.support.claim_data import sample
from tests.support.house_rules import ROOT

Ask = Callable[[ClientSession], Coroutine[Any, Any, Any]]
LARGEST_LIST = 12_000
TOOLS = {
    "resolve_place",
    "rate",
    "rates_of_state",
    "mie_breakdown",
    "estimate_trip",
    "compare_sites",
    "claim_schema",
    "check_claim",
    "explain_line",
    "cite_rule",
    "data_status",
}
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def asked(ask: Ask, *options: str) -> Any:
    """What a client that has begun a session gets."""

    async def run() -> Any:
        command = StdioServerParameters(
            command=sys.executable,
            args=["-m", "perdiem_calc", "mcp", "--source", "ratebook", *options],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        async with stdio_client(command) as (reading, writing), ClientSession(reading, writing) as session:
            await session.initialize()
            return await ask(session)

    # In a thread of its own: the browser tests keep a loop of their own running in this one.
    with start_blocking_portal() as portal:
        return portal.call(run)


async def answers(session: ClientSession, *questions: tuple[str, dict[str, Any]]) -> list[Any]:
    """The structured answer of each question; the text of one that is an error."""
    found = []
    for tool, arguments in questions:
        result = await session.call_tool(tool, arguments)
        found.append(result.content[0].text if result.is_error else result.structured_content)  # type: ignore[union-attr]  # our answers are text
    return found


def test_the_tools_are_few_words_with_schemas_and_write_nothing_without_a_folder() -> None:
    tools = asked(lambda session: session.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.output_schema and tool.description for tool in tools)
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert len(json.dumps([tool.model_dump(mode="json", exclude_none=True) for tool in tools])) <= LARGEST_LIST


def test_ten_questions_are_answered() -> None:
    """The figures are GSA's of FY2026 and FY2027, and the meals are worked out by hand."""
    claim = sample("2026-ORL-0001")
    trip = {"official_station": "Peoria, IL", "departs": "2026-10-04", "returns": "2026-10-09"}
    rate, washington, aurora, honolulu, nowhere, later, tiers, planned, sites, line = asked(
        lambda session: answers(
            session,
            ("rate", {"place": "Orlando, FL", "on": "2026-10-04"}),
            ("rate", {"place": "Washington, DC", "on": "2026-09-30"}),
            ("resolve_place", {"place": "Aurora, IL", "on": "2026-10-04"}),
            ("rate", {"place": "Honolulu, HI", "on": "2026-10-04"}),
            ("resolve_place", {"place": "Xyzzyville, FL", "on": "2026-10-04"}),
            ("rate", {"place": "Orlando, FL", "on": "2027-10-01"}),
            ("mie_breakdown", {"year": 2027}),
            ("estimate_trip", {**trip, "stops": [{"place": "Orlando, FL", "arrives_on": "2026-10-04"}]}),
            ("compare_sites", {**trip, "places": ["Orlando, FL", "Aurora, IL", "Moody, AL"]}),
            ("explain_line", {"claim": claim, "line": "N1"}),
        )
    )
    assert (rate["status"], rate["lodging"], rate["mie"], rate["first_last_day"]) == (
        "resolved",
        "145.00",
        "80.00",
        "60.00",
    )
    assert rate["source"]["sha256"] == "818af7d0e568228804f6e8d3d475504cf0c22562544f4d808509fc4aa8790618"
    assert rate["source"]["url"].startswith("https://www.gsa.gov/")
    assert (washington["lodging"], washington["mie"]) == ("275.00", "92.00")
    assert (aurora["status"], len(aurora["candidates"])) == ("ambiguous", 4)
    assert "county" in aurora["fix"]
    assert honolulu["status"] == "outside_conus"
    assert nowhere["status"] == "not_found"
    assert later["status"] == "not_published"
    assert tiers["tiers"][0] == {
        "total": "68.00",
        "breakfast": "16.00",
        "lunch": "19.00",
        "dinner": "28.00",
        "incidental": "5.00",
        "first_last_day": "51.00",
    }
    # Five nights at 145.00; 80.00 on four days and 60.00 on the first and the last.
    assert (planned["lodging"], planned["mie"], planned["total"]) == ("725.00", "440.00", "1165.00")
    # Moody has the standard rate: 5 x 113.00 and 5.5 x 68.00. What has no rate comes last, with the reason.
    assert [(one["place"], one.get("total")) for one in sites["sites"]] == [
        ("Moody, AL", "939.00"),
        ("Orlando, FL", "1165.00"),
        ("Aurora, IL", None),
    ]
    assert line["sentences"][0] == "Line N1, lodging on 2026-10-04: $159.00 claimed, $145.00 allowed."


def test_claims_rules_and_states() -> None:
    claim = sample("2026-ORL-0001")
    schema, checked, rule, state, status = asked(
        lambda session: answers(
            session,
            ("claim_schema", {}),
            ("check_claim", {"claim": claim}),
            ("cite_rule", {"rule": "lodging-ceiling", "on": "2026-10-04"}),
            ("rates_of_state", {"state": "Idaho", "on": "2026-11-23"}),
            ("data_status", {}),
        )
    )
    assert "claim_id" in json.dumps(schema)
    assert checked["claim"]["totals"]["payable"] == "1000.00"
    assert "cap-applied" in [finding["check"] for finding in checked["findings"]]
    assert rule["citation"] == "41 CFR 301-11.19"
    boise = next(one for one in state["localities"] if one["name"] == "Boise")
    assert (boise["lodging"], boise["mie"]) == ("176.00", "86.00")
    assert state["status"] == "resolved"
    assert [year["fiscal_year"] for year in status["years"]] == list(range(2021, 2028))


@pytest.mark.parametrize(
    ("tool", "arguments", "fix"),
    [
        ("cite_rule", {"rule": "tipping", "on": "2026-10-04"}, "choose one of"),
        ("rates_of_state", {"state": "Ontario", "on": "2026-10-04"}, "write it like FL or Florida"),
        ("check_claim", {"claim": {"schema": "perdiem-claim/1"}}, "claim_id"),
        ("explain_line", {"claim": sample("2026-ORL-0001"), "line": "N99"}, "N1"),
        ("mie_breakdown", {"year": 1999}, "2021"),
        (
            "estimate_trip",
            {
                "official_station": "Peoria, IL",
                "stops": [{"place": "Orlando, FL", "arrives_on": "2026-10-04"}],
                "departs": "2026-10-04",
                "returns": "2026-10-04",
            },
            "write 2026-10-04T06:00",
        ),
        (
            "estimate_trip",
            {"official_station": "Peoria, IL", "stops": [], "departs": "2026-10-04", "returns": "2026-10-09"},
            "at least one",
        ),
        (
            "estimate_trip",
            {
                "official_station": "Peoria, IL",
                "stops": [
                    {"place": "Orlando, FL", "arrives_on": "2026-10-06"},
                    {"place": "Moody, AL", "arrives_on": "2026-10-04"},
                ],
                "departs": "2026-10-04",
                "returns": "2026-10-09",
            },
            "in the order of travel",
        ),
        (
            "compare_sites",
            {"official_station": "Peoria, IL", "places": [], "departs": "x", "returns": "y"},
            "1 to 60",
        ),
    ],
)
def test_a_mistake_of_the_caller_is_a_tool_error_with_its_fix(tool: str, arguments: dict[str, Any], fix: str) -> None:
    (said,) = asked(lambda session: answers(session, (tool, arguments)))
    assert isinstance(said, str)
    assert fix in said


def test_a_claim_is_built_and_audited_below_the_folder_and_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "claims"
    folder.mkdir()
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    claim = sample("2026-ORL-0001")
    built, again, audited, *outside = asked(
        lambda session: answers(
            session,
            ("build_claim", {"claim": claim, "file": "a.xlsx"}),
            ("build_claim", {"claim": claim, "file": "a.xlsx"}),
            ("audit_file", {"file": "a.xlsx"}),
            ("audit_file", {"file": "../secret.json"}),
            ("audit_file", {"file": "link.json"}),
            ("audit_file", {"file": str(tmp_path / "secret.json")}),
            ("audit_file", {"file": "a\0.xlsx"}),
            ("audit_file", {"file": ""}),
            ("build_claim", {"claim": claim, "file": "../b.xlsx"}),
        ),
        "--folder",
        str(folder),
    )
    assert built == {"file": "a.xlsx", "payable": "1000.00"}
    assert isinstance(again, str)
    assert "exists" in again
    assert (audited["claim_id"], audited["payable"]) == ("2026-ORL-0001", "1000.00")
    assert all(isinstance(said, str) and "not below the folder" in said for said in outside)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["claims", "secret.json"]


def test_a_folder_that_is_none_is_refused(perdiem: Any, tmp_path: Path) -> None:
    run = perdiem("mcp", "--folder", tmp_path / "none")
    assert run.code == 2
    assert "name one that is there" in run.err
