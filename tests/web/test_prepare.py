"""A claim prepared in the browser is the claim on the desk: its workbook audits to the same cent and findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.clerk import Clerk
from tests.support.command import Perdiem
from tests.support.serving import TODAY, Server
from tests.web.conftest import Opener

pytestmark = [pytest.mark.browser, pytest.mark.loopback, pytest.mark.unmeasured]
CONTRACT = ("claim.orlando", "claim.moody", "claim.washington")
CASES = (
    "evidence/COMMUTE-DAYS",
    "evidence/STATEMENT",
    "field/BREAKFAST-DINNER",
    "field/DRIVE-NOT-FLY-PAYMENT",
    "field/FLAT-125",
    "field/NOSHOW-ONE-NIGHT",
    "law/A10",
    "law/E15",
    "law/G12",
    "law/K21",
)


def prepared(clerk: Clerk, claim: dict[str, Any], perdiem: Perdiem, tmp_path: Path) -> None:
    """Prepare a claim, and compare the workbook that is downloaded with the one that the command line builds."""
    clerk.prepare(claim)
    clerk.go("check")
    totals = ("claimed", "allowable", "payable", "agency_share", "over_ceiling", "not_allowable", "over_cap")
    shown = {name: clerk.amount(name) for name in totals}
    allowed = {
        cell.get_attribute("data-allowed"): plain(cell.inner_text())
        for cell in clerk.page.locator("[data-allowed]").all()
    }
    file = clerk.download(tmp_path / "browser.xlsx")
    source = tmp_path / "desk.json"
    source.write_text(json.dumps(claim), encoding="utf-8")
    built = perdiem("claim", "build", source, "-o", tmp_path / "desk.xlsx", "--as-of", TODAY, "--json").record
    ours, theirs = (
        perdiem("audit", one, "--as-of", TODAY, "--json").record for one in (file, tmp_path / "desk.xlsx")
    )
    assert shown == {name: built["totals"][name] for name in totals}
    assert allowed == {line["id"]: line["amount_allowed"] for line in built["lines"]}
    for record in (ours, theirs):
        record.pop("input")
    assert ours == theirs


def plain(text: str) -> str:
    """An amount without its signs."""
    return text.replace("$", "").replace(",", "")


def test_a_claim_is_prepared_in_the_browser(
    opened: Opener, server: Server, perdiem: Perdiem, tmp_path: Path, samples: Path
) -> None:
    claim = json.loads((samples / "2026-ORL-0001.json").read_text(encoding="utf-8"))
    prepared(Clerk(opened(), server.base), claim, perdiem, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", [f"contract/{name}" for name in CONTRACT] + [f"cases/{name}" for name in CASES])
@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["with script", "without script"])
def test_claims_of_the_contract_and_cases(
    opened: Opener,
    server: Server,
    perdiem: Perdiem,
    tmp_path: Path,
    shared_folder: Path,
    name: str,
    java_script_enabled: bool,
) -> None:
    claim = json.loads((shared_folder / f"{name}.json").read_text(encoding="utf-8"))
    prepared(Clerk(opened(java_script_enabled=java_script_enabled), server.base), claim, perdiem, tmp_path)
