"""`perdiem audit` of several claims of one officer: what is shown of the limit that they share, and of copies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from perdiem_calc.cli import audit
from perdiem_calc.dated import Law
from tests.support.command import Perdiem
from tests.support.drafted_letters import of
from tests.support.inbox import DAY, put_json, record, rows, shifted
from tests.support.ledgers import begun, course_on, entry

pytestmark = pytest.mark.usefixtures("terminal")


def test_a_claim_is_audited_as_that_of_the_officer_whom_a_person_chose(
    perdiem: Perdiem, inbox: Path, tmp_path: Path, law: Law
) -> None:
    """$350.00 was paid for Jordan Reyes, SRO 1, who may be Jordan Reyez: $650.00 is left until a person decides."""
    stated = record("A-1", {"officer.name": "Jordan Reyez"})
    place, file = tmp_path / "ledger.sqlite", put_json(inbox, stated)
    begun(
        str(place), law, entry("L-1", "350.00", fields=course_on("2026-09-08") | {"award": stated["award"]})
    ).close()
    found = []
    for who in ((), ("--sro", "1"), ("--new-sro",)):
        one = perdiem("audit", file, "--ledger", place, *who, "--json", *DAY).record
        found.append((one["standing"], one["suggested"], one["totals"]["payable"]))
    assert found == [
        ("undecided", "decide", "650.00"),
        ("recorded", "adjust", "650.00"),  # The claim states nothing of the $350.00.
        ("new", "decide", "898.68"),  # The ledger knows the award as another agency's.
    ]
    wrong = perdiem("audit", file, "--ledger", place, "--sro", "7", *DAY)
    assert (wrong.code, "there is no SRO 7" in wrong.err) == (2, True)


def test_copies_are_said_and_not_added_again(perdiem: Perdiem, inbox: Path) -> None:
    files = [put_json(inbox, record("A-1"), name) for name in ("a", "b")]
    files[1].write_text(f"{files[1].read_text()}\n")  # With the very same bytes it would be the same file twice.
    run = perdiem("audit", *files, *DAY)
    assert rows(run.out)[-2] == ["all", "1", "$898.68", "$898.68", "$898.68", "$0.00"]
    assert "Copies of a claim that counts in another file, not added again: 1" in run.out
    first, second = perdiem("audit", *files, "--json", *DAY).records
    assert (first["copy_of"], second["copy_of"]) == (None, str(files[0]))


def test_what_another_claim_of_the_batch_takes_is_shown_and_named(perdiem: Perdiem, inbox: Path) -> None:
    pearl = {"officer.name": "Pearl Ray"}
    files = [put_json(inbox, record("P-1", pearl, shifted(-14))), put_json(inbox, record("P-2", pearl))]
    out = perdiem("audit", *files, *DAY).out
    assert "Other claims      $898.68  gone of the officer's limit; $101.32 of the $1,000.00 is left for this" in out
    assert "Suggested: accept. Pay $101.32 to Floyd County Police Department." in out
    later = perdiem("audit", *files, "--json", *DAY).records[1]
    assert later["taken_in_batch"] == [{"claim_id": "P-1", "input": str(files[0]), "amount": "898.68"}]
    assert (later["totals"]["payable"], later["totals"]["previously_reimbursed"]) == ("101.32", "0.00")


def test_of_three_hundred_claims_only_those_that_need_a_person_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """285 leave nothing to decide, 15 lack the certificate: with the sums that is less than a screen of 24 lines."""
    good, bad = of({}), of({"attachments.certificate": "missing"})
    batch = [replace(good, source=f"{number}.xlsx") for number in range(285)]
    batch[100:100] = [replace(bad, source=f"bad{number}.xlsx") for number in range(15)]
    audit._show(batch, (), audit.Shown(in_full=False, every=False))
    lines = capsys.readouterr().out.splitlines()
    assert sum("certificate-missing" in line for line in lines) == 15
    assert any(line.startswith("285 more claims leave nothing to decide; --all lists every claim.") for line in lines)
    assert ["all", "300"] in [row[:2] for row in rows("\n".join(lines))]
    assert len(lines) <= 24
