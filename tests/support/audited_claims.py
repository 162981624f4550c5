"""Audited claims for the tests of report, copies and decisions: small ones by hand, and batches like a busy week."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from perdiem_calc.checks.finding import Finding, Severity, Where, ranked
from perdiem_calc.errors import InputError
from perdiem_calc.review.result import AuditedClaim, Unreadable
from perdiem_calc.workbook.report.write import report_bytes
from tests.golden import BUILT_ON, findings_of, itemized_of
from tests.support.checking import edited, moody
from tests.support.claim_data import sample

AGENCIES = (
    ("Jacksonville Police Department", "City of Jacksonville"),
    ("St. Tammany Parish Sheriff's Office & School Division", "Parish of St. Tammany, Finance Department"),
    ("Lee County Sheriff", "Lee County"),
    ("=SUM(A1:A9) Police", "+1-800-CITY"),
)
OFFICERS = ("Jordan Reyes", "Casey Nguyen-Whitfield", "O'Neal, Pat", "@lex Kim", "María José Núñez")
SAMPLES = ("2026-ORL-0001", "2026-MDY-0007", "2026-DCA-0003")
EDITS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"attachments": {"certificate": "missing"}},
    {"agency.payee_kind": "individual"},
    {"expenses[0].receipt": None},
    {"expenses[+]": {"date": "2026-10-05", "category": "taxi", "amount": "88.00", "description": "to the hotel"}},
    {"received_on": "2026-11-22"},
    {"course.coordinated": True, "course.coordinated_on": "2026-12-24"},
    {"lodging[1].room_rate": "219.00"},
)


def question(
    check: str,
    severity: Severity,
    *cells: str,
    claimed: str = "0.00",
    allowed: str = "0.00",
    effect: str = "0.00",
    message: str = "",
    path: str = "claim_id",
) -> Finding:
    """A finding made up by hand."""
    return Finding(
        check=check,
        rule="chp-cap",
        severity=severity,
        scope="cell" if cells else "claim",
        where=Where((path,), (), cells),
        citation="COPS Office fact sheet",
        message=message or f"What {check} says of it: correct the cell.",
        claimed=Decimal(claimed),
        allowed=Decimal(allowed),
        payment_effect=Decimal(effect),
    )


def audited_of(
    record: dict[str, Any],
    source: str,
    more: Sequence[Finding] = (),
    stated: str | None = None,
) -> AuditedClaim:
    """The audit of a claim as JSON states it, with findings made up beside those of the checks."""
    itemized = itemized_of(record, BUILT_ON)
    return AuditedClaim(
        source=source,
        claim=itemized.claim,
        itemized=itemized,
        findings=ranked([*more, *findings_of(itemized)]),
        stated=None if stated is None else {"payable": Decimal(stated)},
    )


def not_computed(source: str) -> AuditedClaim:
    """A claim of which nothing can be read but that it is one."""
    found = question("malformed", Severity.BLOCKS, "Days!K5", message="Room rate is no amount: type it like 159.00.")
    return AuditedClaim(source, None, None, (found,), stated={"payable": Decimal("1000.00")})


def unreadable(source: str = "inbox/macro.xlsm") -> Unreadable:
    """A file that is no claim workbook."""
    return Unreadable(source, InputError("file.unreadable", "is a workbook with macros", fix="save it as .xlsx"))


def small() -> list[AuditedClaim]:
    """One claim of each decision, and one that cannot be computed.

    Moody is paid as claimed: $898.68. Orlando ($1,820.56 claimed, $1,741.81 allowable) states $1,250.00 where the
    limit leaves $1,000.00. Washington ($2,752.05 claimed, $2,065.22 allowable, $600.00 left) has no certificate.
    """
    typed = question(
        "formula-overwritten", Severity.ADJUSTS, "Claim!G5", claimed="1250.00", allowed="1000.00", effect="-250.00"
    )
    washington = edited(sample("2026-DCA-0003"), {"attachments.certificate": "missing", "agency.name": "=1+1"})
    return [
        audited_of(moody(), "inbox/moody.xlsx", stated="898.68"),
        audited_of(sample("2026-ORL-0001"), "inbox/orlando.xlsx", [typed], "1250.00"),
        audited_of(washington, "-inbox/washington.json"),
        not_computed("inbox/broken.xlsx"),
    ]


def small_report() -> bytes:
    """The report on them and on a file that cannot be read."""
    return report_bytes(small(), [unreadable("@inbox/macro.xlsm")], BUILT_ON)


def batch(count: int, seed: int = 1) -> list[AuditedClaim]:
    """So many audited claims, of all decisions and severities."""
    rng = random.Random(seed)
    return [_one(rng, number) for number in range(1, count + 1)]


def _one(rng: random.Random, number: int) -> AuditedClaim:
    agency, payee = rng.choice(AGENCIES)
    record = edited(
        sample(rng.choice(SAMPLES)),
        {
            "claim_id": f"2026-{rng.choice(['ORL', 'MDY', 'DCA'])}-{number:04}",
            "agency.name": agency,
            "agency.payee": payee,
            "officer.name": rng.choice(OFFICERS),
            **rng.choice(EDITS),
        },
    )
    more, stated = _made_up(rng)
    source = f"inbox/week 47/2026-11-{number % 28 + 1:02} claim {number:03}.xlsx"
    return audited_of(record, source, more, stated)


def _made_up(rng: random.Random) -> tuple[list[Finding], str | None]:
    """Findings that only a submitted workbook has, for some of the claims."""
    kind = rng.randrange(4)
    if kind == 0:
        said = "Lodging ceiling of 2026-10-05 (N2): the workbook states $199.00, and $145.00 is in force for Orlando."
        effect = f"-{rng.randint(1, 9000) / 100:.2f}"
        ceiling = question(
            "lodging-rate-not-in-force",
            Severity.ADJUSTS,
            "Days!I6",
            claimed="199.00",
            allowed="145.00",
            effect=effect,
            message=said,
        )
        return [ceiling], "1000.00"
    if kind == 1:
        said = "Payable: $1,250.00 is typed over the formula: restore it (the claim that was built has it)."
        typed = question("formula-overwritten", Severity.ADJUSTS, "Claim!G5", claimed="1250.00", message=said)
        return [typed], "1250.00"
    if kind == 2:
        said = "Two officers claim the same plate on 2026-10-04: find out who drove. " + "Look at the log. " * 20
        return [question("duplicate-line", Severity.REVIEW, "Expenses!J10", "Expenses!J11", message=said)], "1000.00"
    return [], None
