"""A claim prepared in the browser is the claim that was on the desk: the workbook audits to the same cent and findings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.clerk import Clerk
from tests.support.command import Perdiem
from tests.support.serving import TODAY, Server
from tests.web.conftest import Opener

pytestmark = [pytest.mark.browser, pytest.mark.loopback, pytest.mark.unmeasured]


def prepared(clerk: Clerk, claim: dict[str, object], perdiem: Perdiem, tmp_path: Path) -> None:
    """Prepare a claim, and compare the workbook that is downloaded with the one that the command line builds."""
    clerk.prepare(claim)
    shown = {
        name: clerk.amount(name).replace("$", "").replace(",", "") for name in ("claimed", "allowable", "payable")
    }
    file = clerk.download(tmp_path / "browser.xlsx")
    source = tmp_path / "desk.json"
    source.write_text(json.dumps(claim), encoding="utf-8")
    built = perdiem("claim", "build", source, "-o", tmp_path / "desk.xlsx", "--as-of", TODAY, "--json").record
    ours, theirs = (
        perdiem("audit", one, "--as-of", TODAY, "--json").record for one in (file, tmp_path / "desk.xlsx")
    )
    assert shown == {name: built["totals"][name] for name in shown}
    for record in (ours, theirs):
        record.pop("input")
    assert ours == theirs


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_the_orlando_claim(
    opened: Opener, server: Server, perdiem: Perdiem, tmp_path: Path, samples: Path, java_script_enabled: bool
) -> None:
    page = opened(java_script_enabled=java_script_enabled)
    claim = json.loads((samples / "2026-ORL-0001.json").read_text(encoding="utf-8"))
    prepared(Clerk(page, server.base), claim, perdiem, tmp_path)
