"""What an audit gave, and what became of reviewed copies: as tables on a terminal, and as plain values for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from perdiem_calc.audited import AuditedClaim, Unreadable, summed
from perdiem_calc.cli.show import STYLES, amounts, show_findings
from perdiem_calc.errors import printable
from perdiem_calc.itemizer import ItemizedClaim, Totals
from perdiem_calc.known import VERDICTS
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.suggestion import deciding, next_step

if TYPE_CHECKING:
    from perdiem_calc.dossier import Item
    from perdiem_calc.resuming import Resumed

UNBOUNDED = 10_000
"""Columns of a terminal on which everything fits."""
STATUS_STYLES = {
    "recorded": "bold green",
    "already_recorded": "green",
    "open": "yellow",
    "changed": "bold yellow",
    "refused": "bold red",
    "not_computed": "yellow",
    "same_claim": "yellow",
}


def show_audited(audited: AuditedClaim) -> None:
    """Print one claim in full."""
    console = Console(highlight=False)
    claim = audited.claim
    if claim is None:
        console.print(Text(f"A claim that cannot be read, in {printable(audited.source)}", "bold"), soft_wrap=True)
    else:
        said = f": {claim.officer.name}, {claim.agency.name}"
        console.print(Text.assemble((f"Claim {claim.claim_id}", "bold"), said))
        console.print(Text(f"In {printable(audited.source)}", "dim"), soft_wrap=True)
    if audited.itemized is not None:
        console.print(_amounts(audited.itemized, audited.stated_payable))
    console.print(Text.assemble((f"Suggested: {audited.suggested}. ", "bold"), next_step(audited)))
    show_findings(console, audited.findings)


def _amounts(itemized: ItemizedClaim, stated: Decimal | None) -> Table:
    """The amounts, with what was paid before, and what the workbook itself says."""
    table = amounts(itemized)
    totals = itemized.totals
    left = max(ZERO, totals.cap - totals.previously_reimbursed)
    by = "by the ledger" if itemized.outside.paid_before is not None else "as the claim states"
    said = f"{by}; {in_dollars(left)} of the {in_dollars(totals.cap)} is left for this claim"
    table.add_row("Paid before", in_dollars(totals.previously_reimbursed), said)
    if stated is not None:
        table.add_row("Stated payable", in_dollars(stated), "as the workbook itself says")
    return table


def show_batch(audited: Sequence[AuditedClaim]) -> None:
    """Print a row for each of many claims, of one line where the ids of the checks fit in whole, else of two."""
    console = Console(highlight=False)
    rows = [(Text(label), *_cells(one)) for one, label in zip(audited, _labels(audited), strict=True)]
    table = _batch(("Claim", "Officer"), ("Suggested", "Because of"), rows)
    table.columns[0].no_wrap = True
    if console.measure(table, options=console.options.update(width=UNBOUNDED)).minimum > console.width:
        below = Text("\n")
        stacked = [(below.join(row[:2]), *row[2:5], below.join(row[5:])) for row in rows]
        table = _batch(("Claim\nOfficer",), ("Suggested\nBecause of",), stacked)
    console.print(table)


def _batch(first: Sequence[str], last: Sequence[str], rows: Sequence[Sequence[Text]]) -> Table:
    """A table of claims, with columns before those of the amounts and after them."""
    table = Table(box=None, pad_edge=False)
    for name in first:
        table.add_column(name, overflow="fold")
    for name in ("Claimed", "Allowable", "Payable"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in last:
        table.add_column(name, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def _labels(audited: Sequence[AuditedClaim]) -> list[str]:
    """What each claim is called: its id, with its file where several have the id; the file where it has none."""
    counts = Counter(one.claim_id for one in audited)
    return [_label(one, is_alone=counts[one.claim_id] == 1) for one in audited]


def _label(one: AuditedClaim, *, is_alone: bool) -> str:
    file = printable(Path(one.source).name)
    if not one.claim_id:
        return file
    return one.claim_id if is_alone else f"{one.claim_id} in {file}"


def _cells(one: AuditedClaim) -> tuple[Text, ...]:
    totals = one.itemized.totals if one.itemized is not None else None
    due = (totals.claimed, totals.allowable, totals.payable) if totals is not None else (None, None, None)
    finding = deciding(one)
    return (
        Text(_officer(one)),
        *(Text("" if amount is None else in_dollars(amount)) for amount in due),
        Text(one.suggested, STYLES[one.worst]),
        Text(finding.check if finding is not None else ""),
    )


def _officer(one: AuditedClaim) -> str:
    """The officer, with whom they may be where a person has to say so."""
    name = one.claim.officer.name if one.claim is not None else ""
    return f"{name} (or {one.known.near[0].officer}?)" if one.known is not None and one.known.near else name


def show_sums(audited: Sequence[AuditedClaim], unreadable: Sequence[Unreadable]) -> None:
    """Print how many claims each decision is suggested for, with their amounts together."""
    table = Table("Suggested", box=None, pad_edge=False)
    for name in ("Claims", "Claimed", "Allowable", "Payable", "Agency share"):
        table.add_column(name, justify="right", no_wrap=True)
    for verdict in VERDICTS:
        _add_sum(table, verdict, [one for one in audited if one.suggested == verdict])
    _add_sum(table, "all", audited)
    console = Console(highlight=False)
    console.print()
    console.print(table)
    if unreadable:
        files = len(audited) + len(unreadable)
        console.print(Text(f"{len(unreadable)} of {files} files could not be read.", "bold red"))


def _add_sum(table: Table, label: str, audited: Sequence[AuditedClaim]) -> None:
    total = summed(audited)
    table.add_row(label, str(total.claims), *map(in_dollars, total[1:]))


def show_resumed(results: Sequence[Resumed]) -> None:
    """Print what became of each copy, and what is still to do."""
    table = Table("Claim", "Ledger", "What", box=None, pad_edge=False)
    table.columns[0].overflow = table.columns[2].overflow = "fold"
    table.columns[1].no_wrap = True
    for one, label in zip(results, _labels([one.audited for one in results]), strict=True):
        said = [str(one.recorded)] if one.recorded is not None else one.why
        table.add_row(
            Text(label), Text(one.status.replace("_", " "), STATUS_STYLES[one.status]), Text("\n".join(said))
        )
    console = Console(highlight=False)
    console.print(table)
    if results and all(one.status == "open" for one in results):
        from perdiem_calc.resuming import NOTHING_DECIDED

        console.print(NOTHING_DECIDED)


def audited_record(item: Item) -> dict[str, Any]:
    """One audited claim as plain values; amounts as text."""
    one = item.audited
    totals = one.itemized.totals if one.itemized is not None else None
    files = {"copy": item.copy, "letter": item.letter}
    return {
        "input": one.source,
        "claim_id": one.claim_id or None,
        "readable": True,
        "error": None,
        "totals": {name: str(getattr(totals, name)) for name in Totals.__slots__} if totals is not None else None,
        "stated": _stated(one),
        "stated_payable": _text(one.stated_payable),
        "findings": [finding.as_record() for finding in one.findings],
        "suggested": one.suggested,
        "standing": one.known.standing if one.known is not None else None,
        **{name: str(path) for name, path in files.items() if path is not None},
    }


def unreadable_record(one: Unreadable) -> dict[str, Any]:
    """One file that could not be read, as plain values."""
    return {"input": one.source, "claim_id": None, "readable": False, "error": str(one.error)}


def unaudited_record(one: Unreadable) -> dict[str, Any]:
    """The same by the names of an audited claim, of which it has nothing."""
    nothing = dict.fromkeys(("totals", "stated", "stated_payable"))
    return {**unreadable_record(one), **nothing, "findings": [], "suggested": None, "standing": None}


def resumed_record(one: Resumed, letter: Path | None) -> dict[str, Any]:
    """What became of one copy, as plain values; amounts as text. `letter` is the letter that was written."""
    decided = one.decided
    return {
        "input": one.audited.source,
        "claim_id": one.audited.claim_id or None,
        "status": one.status,
        "why": list(one.why),
        "verdict": decided.verdict if decided is not None else None,
        "paid": _text(decided.amount) if decided is not None else None,
        "remaining": _text(decided.remaining) if decided is not None else None,
        "change": _text(one.recorded.change) if one.recorded is not None else None,
        "sro": one.recorded.sro if one.recorded is not None else None,
        **({"letter": str(letter)} if letter is not None else {}),
    }


def _stated(one: AuditedClaim) -> dict[str, str | None] | None:
    return None if one.stated is None else {name: _text(one.stated.get(name)) for name in Totals.__slots__}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
