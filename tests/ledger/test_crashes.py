"""Fifty reviewers at once, and recorders killed at any moment: nobody above the limit, nothing lost or half-done."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from perdiem_calc.claims.documents import fingerprints
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.ledger import AlreadyRecorded, Ledger
from tests.support.house_rules import ROOT, seeds
from tests.support.ledgers import AWARD, enter, entry
from tests.support.postgres import Server
from tests.support.recorders import OFFICERS, due

pytestmark = [pytest.mark.unmeasured, pytest.mark.slow]
REVIEWERS = 50
KILLS = len(seeds(0, 200))
PAYERS = len(seeds(0, 200))
PAYING_AT_ONCE = max(18, len(seeds(0, REVIEWERS)))


def recorders(*arguments: object) -> dict[str, Any]:
    """What recorders in processes of their own say."""
    command = [sys.executable, "-m", "tests.support.recorders", *map(str, arguments)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    said: dict[str, Any] = json.loads(run.stdout)
    return said


def whole_claims(ledger: Ledger) -> set[str]:
    """The ids of the claims on record; each has its decision, its payment and all its fingerprints."""
    rows = ledger.entries()
    by_kind = {kind: [row for row in rows if row["entry"] == kind] for kind in ("decision", "payment", "fingerprint")}
    found = set()
    for row in rows:
        if row["entry"] != "claim":
            continue
        mine = {kind: [one for one in some if one["claim_id"] == row["id"]] for kind, some in by_kind.items()}
        stated: Claim = parse_claim(json.loads(row["content"]))
        assert len(mine["fingerprint"]) == len(fingerprints(stated)) == 1
        (decided,) = mine["decision"]
        moved = [one["amount_cents"] for one in mine["payment"] if one["kind"] == "approved"]
        assert moved == ([decided["amount_cents"]] if decided["amount_cents"] else [])
        found.add(row["claim_id"])
    return found


def test_fifty_reviewers_at_once_pay_nobody_above_the_limit(place: str, law: Law) -> None:
    Ledger.begin(place, law, by="Ann").close()
    said = recorders(place, "at-once", REVIEWERS)["said"]
    refused = [one for one in said if one.startswith("refused")]
    assert [one for one in refused if "for the same course" not in one] == []
    amounts = sorted(Decimal(one) for one in said if not one.startswith("refused"))
    assert len(amounts) + len(refused) == REVIEWERS
    with Ledger.open(place, by="Ann") as ledger:
        assert ledger.problems() == []
        assert len(whole_claims(ledger)) == len(amounts)
        assert sorted(Decimal(row["amount"]) for row in ledger.payments()) == [one for one in amounts if one]
        paid = {row["officer"]: Decimal(0) for row in ledger.payments()}
        for row in ledger.payments():
            paid[row["officer"]] += Decimal(row["amount"])
        assert paid == dict.fromkeys(OFFICERS, Decimal("1000.00"))


def test_a_recorder_killed_at_any_moment_leaves_a_claim_whole_or_not_there(place: str, law: Law) -> None:
    Ledger.begin(place, law, by="Ann").close()
    said = recorders(place, "killed", KILLS)
    assert said["died"] >= KILLS // 4
    with Ledger.open(place, by="Ann") as ledger:
        assert ledger.problems() == []
        assert set(said["done"]) <= whole_claims(ledger) <= set(said["begun"])


def kinds_by_claim(ledger: Ledger) -> dict[str, list[str]]:
    """The kinds of payment entries of each claim."""
    found: dict[str, list[str]] = {}
    for row in ledger.payments():
        found.setdefault(row["claim_id"], []).append(row["kind"])
    return found


def test_one_who_pays_and_is_killed_at_any_moment_leaves_all_of_it_or_nothing(place: str, law: Law) -> None:
    Ledger.begin(place, law, by="Ann").close()
    said = recorders(place, "paying-killed", PAYERS)
    with Ledger.open(place, by="Ann") as ledger:
        assert ledger.problems(law) == []
        found = kinds_by_claim(ledger)
    assert sorted(found) == sorted(said["begun"])
    for claim_id, kinds in found.items():
        assert kinds in (["approved"], ["approved", "paid", "void", "reissued"])
        assert claim_id not in said["done"] or len(kinds) == 4


def test_reviewers_who_pay_void_and_reissue_at_once_exceed_no_limit(place: str, law: Law) -> None:
    """Each of three officers has $190.00 a claim: the sixth is cut to $50.00, and while one is void others fit."""
    Ledger.begin(place, law, by="Ann").close()
    said = recorders(place, "paying-at-once", PAYING_AT_ONCE)["said"]
    expected = ("is left of the limit since", "nothing is due", "payable by the ledger")
    assert [one for one in said if not any(why in one for why in expected)] == []
    with Ledger.open(place, by="Ann") as ledger:
        assert ledger.problems(law) == []
        for name in OFFICERS:
            balance = ledger.balance(AWARD, name, entry().itemized.claim.prepared_on)
            assert Decimal("0.00") < balance.paid <= balance.used <= Decimal("1000.00")


def test_a_recorder_killed_before_any_statement_or_the_commit_leaves_nothing(place: str, law: Law) -> None:
    Ledger.begin(place, law, by="Ann").close()
    said = recorders(place, "every-statement")
    assert len(said["begun"]) > 10
    with Ledger.open(place, by="Ann") as ledger:
        assert ledger.problems() == []
        assert whole_claims(ledger) == set(said["done"])


def test_a_claim_whose_recorder_was_killed_is_recorded_by_trying_again(place: str, law: Law) -> None:
    Ledger.begin(place, law, by="Ann").close()
    said = recorders(place, "every-statement")
    first = due(1000)
    assert first.itemized.claim.claim_id not in said["done"]
    with Ledger.open(place, by="Ann") as ledger:
        assert enter(ledger, first, law).paid == Decimal("3.00")
        with pytest.raises(AlreadyRecorded):
            enter(ledger, first, law)


def test_a_server_that_crashes_and_starts_again_has_everything_that_was_recorded(law: Law, postgres: Server) -> None:
    url = postgres.new_database(f"ledger_{uuid4().hex}")
    with Ledger.begin(url, law, by="Ann") as ledger:
        enter(ledger, entry("A-1", "700.00"), law)
    postgres.stop("immediate")
    postgres.start()
    with Ledger.open(url, by="Ann") as ledger:
        assert ledger.problems() == []
        assert str(ledger.balance(AWARD, "Jordan Reyes", entry().itemized.claim.prepared_on).used) == "700.00"


def test_a_journal_left_by_a_crash_is_rolled_back(tmp_path: Path, law: Law) -> None:
    """The file and its journal as they lie on the disk in the middle of a recording, opened elsewhere."""
    place, crashed = tmp_path / "ledger.sqlite", tmp_path / "crashed.sqlite"
    with Ledger.begin(str(place), law, by="Ann") as ledger:
        enter(ledger, entry("A-1", "700.00"), law)
        with ledger._store.writing() as connection:
            connection.exec_driver_sql("PRAGMA cache_spill = 1")
            connection.exec_driver_sql("PRAGMA cache_size = 1")
            insert = (
                "INSERT INTO roster (content_sha256, name, recorded_at, recorded_by) VALUES ('', ?, 'now', 'Ann')"
            )
            for number in range(200):
                connection.exec_driver_sql(insert, ("x" * 4000 + str(number),))
            shutil.copy(place, crashed)
            shutil.copy(f"{place}-journal", f"{crashed}-journal")
            connection.rollback()
    assert crashed.stat().st_size > 200 * 4000
    with Ledger.open(str(crashed), by="Ann") as ledger:
        assert ledger.problems() == []
        assert {row["entry"] for row in ledger.entries()} >= {"claim", "payment"}
        assert "roster" not in {row["entry"] for row in ledger.entries()}
