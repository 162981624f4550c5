"""A claim, an audit, and reviewed copies as tables on a terminal and as plain values for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from perdiem_calc.checks.finding import Finding, Outcome, Severity, questioned
from perdiem_calc.money import in_dollars
from perdiem_calc.review.result import SUGGESTIONS, AuditedClaim, Origin, Unreadable, summed
from perdiem_calc.review.suggestion import because, next_step, promised
from perdiem_calc.rules.itemize import ItemizedClaim, Totals
from perdiem_calc.text import harmless, harmless_lines

if TYPE_CHECKING:
    from perdiem_calc.auditing.outputs import Item
    from perdiem_calc.auditing.resuming import Resumed


STYLES = {
    Severity.BLOCKS: "bold red",
    Severity.ADJUSTS: "bold yellow",
    Severity.REVIEW: "yellow",
    Severity.INFO: "dim",
}


def show_claim(
    source: Path, itemized: ItemizedClaim, findings: Sequence[Finding], workbook: Path | None, *, lines: bool
) -> None:
    """Print one claim: its four amounts, the lines, the findings, and where its workbook is.

    Findings name the cells of the file it came in, where a person fixes them: the workbook may have other rows.
    """
    console = Console(highlight=False)
    claim = itemized.claim
    console.print(Text.assemble((f"Claim {claim.claim_id}", "bold"), f": {claim.officer.name}, {claim.agency.name}"))
    console.print(amounts(itemized))
    for block in itemized.blocks:
        console.print(Text.assemble(("Blocked: ", "bold red"), harmless(block.why)))
    if lines:
        console.print(_lines(itemized))
    show_findings(console, findings)
    if workbook is not None:
        if any(finding.where.cells for finding in questioned(findings)):
            said = f"The cells named are those of {harmless(str(source))}: fix them there, and build it again."
            console.print(Text(said), soft_wrap=True)
        console.print(Text(f"The workbook is ready: {harmless(str(workbook))}"), soft_wrap=True)


def show_many(rows: Sequence[tuple[ItemizedClaim, tuple[Finding, ...]]]) -> None:
    """Print a line for each of many claims."""
    table = Table(box=None, pad_edge=False)
    table.add_column("Claim", no_wrap=True)
    table.add_column("Officer", overflow="fold")
    for name in ("Claimed", "Allowable", "Payable", "Agency share"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Worst", no_wrap=True)
    for itemized, findings in rows:
        totals = itemized.totals
        worst = max((f.severity for f in questioned(findings)), default=Severity.INFO)
        table.add_row(
            Text(itemized.claim.claim_id),
            Text(itemized.claim.officer.name),
            in_dollars(totals.claimed),
            in_dollars(totals.allowable),
            in_dollars(totals.payable),
            in_dollars(totals.agency_share),
            Text(worst.value, STYLES[worst]),
        )
    Console(highlight=False).print(table)


def amounts(itemized: ItemizedClaim, promised: Decimal | None = None) -> Table:
    """The four amounts of a claim, one below the other, each with what explains it.

    `promised` is what a blocked claim is worth once it is fixed, where that is another amount than the claim's own.
    """
    totals = itemized.totals
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    table.add_row("Claimed", in_dollars(totals.claimed), "")
    table.add_row("Allowable", in_dollars(totals.allowable), _describe_limit(itemized))
    fixed = ""
    if itemized.blocks:
        worth = totals.payable_if_mended if promised is None else promised
        fixed = f"blocked; {in_dollars(worth)} once that is fixed"
    table.add_row(Text("Payable by NASRO", "bold"), Text(in_dollars(totals.payable), "bold"), fixed)
    causes = (
        f"over the ceilings {in_dollars(totals.over_ceiling)}, "
        f"not allowable {in_dollars(totals.not_allowable)}, over the cap {in_dollars(totals.over_cap)}"
    )
    table.add_row("Agency share", in_dollars(totals.agency_share), causes)
    return table


def _describe_limit(itemized: ItemizedClaim) -> str:
    totals = itemized.totals
    before = totals.previously_reimbursed
    paid = f"; {in_dollars(before)} of it is paid already" if before else ""
    return f"the limit is {in_dollars(totals.cap)}{paid}"


def _lines(itemized: ItemizedClaim) -> Table:
    table = Table("Line", "Date", "What", box=None, pad_edge=False)
    table.add_column("Claimed", justify="right")
    table.add_column("Allowed", justify="right")
    table.add_column("Why", overflow="fold")
    for line in itemized.lines:
        table.add_row(
            line.id,
            str(line.on),
            line.category.replace("_", " "),
            f"{line.amount_claimed:,.2f}",
            f"{line.amount_allowed:,.2f}",
            Text(harmless(line.reason)),
        )
    return table


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Print what was questioned, a sentence each, and the names of what could not be judged."""
    made = questioned(findings)
    console.print("Findings, first those that change the payment:" if made else "No findings.")
    for finding in made:
        console.print(
            Text.assemble(
                (f"  {finding.severity.value:<8}", STYLES[finding.severity]),
                f"{in_dollars(finding.payment_effect):>11}  ",
                (finding.check, "bold"),
                f" at {_place_of(finding)}",
            )
        )
        console.print(Padding(Text(harmless(finding.message)), (0, 0, 0, 4)))
    open_checks = [finding for finding in findings if finding.outcome is Outcome.NOT_EVALUATED]
    if open_checks:
        from perdiem_calc.checks.auditor import EVERYTHING_ELSE

        if any(finding.message == EVERYTHING_ELSE for finding in open_checks):
            console.print(Text(EVERYTHING_ELSE, "dim"))
            return
        names = ", ".join(dict.fromkeys(finding.check for finding in open_checks))
        console.print(Text(f"Not evaluated (--json says why): {names}.", "dim"))


def _place_of(finding: Finding) -> str:
    """The cell that a finding is about, else the claim's field; of several the first, and how many more."""
    first, *more = finding.where.cells or finding.where.paths
    return f"{first} and {len(more)} more" if more else first


UNBOUNDED = 10_000
"""Columns of a terminal on which everything fits."""
LEAST_OF_A_NAME = 12
"""So many letters of an officer's name are shown."""
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
    whose = audited.whose
    name = f"Claim {whose.claim_id}" if whose.claim_id else "A claim"
    said = ", ".join(filter(None, (whose.officer, whose.agency)))
    console.print(Text.assemble((name, "bold"), f": {said}" if said else ""))
    console.print(Text(f"In {harmless(audited.source)}", "dim"), soft_wrap=True)
    if audited.claim is None:
        console.print(Text("It cannot be read as a claim: the findings say where.", "bold"))
    if audited.itemized is not None:
        console.print(_amounts(audited, audited.itemized))
    console.print(Text.assemble((f"Suggested: {audited.suggested}. ", "bold"), next_step(audited)))
    show_findings(console, audited.findings)


def _amounts(audited: AuditedClaim, itemized: ItemizedClaim) -> Table:
    """The amounts, with what is gone of the limit, and what the workbook itself says."""
    table = amounts(itemized, promised(audited))
    totals, outside = itemized.totals, itemized.outside
    left = f"{in_dollars(itemized.left_of_limit)} of the {in_dollars(totals.cap)} is left for this claim"
    by = "by the ledger" if outside.paid_before is not None else "as the claim states"
    table.add_row("Paid before", in_dollars(totals.previously_reimbursed), by if outside.taken else f"{by}; {left}")
    if outside.taken:
        table.add_row("Other claims", in_dollars(outside.taken), f"gone of the officer's limit; {left}")
    if audited.stated_payable is not None:
        table.add_row("Stated payable", in_dollars(audited.stated_payable), "as the workbook itself says")
    return table


def show_batch(audited: Sequence[AuditedClaim], *, every: bool) -> None:
    """Print a line for each of many claims that a person must decide, adjust or return; or for `every` claim.

    On a narrow terminal the payable amount is the only one, and a name is cut; the id of a check never is.
    """
    console = Console(highlight=False)
    labels = zip(audited, _labels(audited), strict=True)
    chosen = [(one, label) for one, label in labels if every or one.suggested != "accept"]
    rows = [(Text(label), *_cells(one)) for one, label in chosen]
    if rows:
        unbounded = console.options.update(width=UNBOUNDED)
        amounts: tuple[str, ...] = ("Claimed", "Allowable", "Payable")
        left = console.width - console.measure(_batch(amounts, rows, LEAST_OF_A_NAME), options=unbounded).maximum
        if left < 0:
            amounts, rows = ("Payable",), [(*row[:2], *row[4:]) for row in rows]
            left = console.width - console.measure(_batch(amounts, rows, LEAST_OF_A_NAME), options=unbounded).maximum
        console.print()
        console.print(_batch(amounts, rows, LEAST_OF_A_NAME + max(left, 0)))
    if others := len(audited) - len(rows):
        said = "1 more claim leaves" if others == 1 else f"{others} more claims leave"
        console.print(Text(f"{said} nothing to decide; --all lists every claim."), soft_wrap=True)


def _batch(amounts: Sequence[str], rows: Sequence[Sequence[Text]], name_width: int) -> Table:
    """A table of claims, one line each; of names it shows so many letters."""
    table = Table(box=None, pad_edge=False)
    table.add_column("Claim", no_wrap=True)
    table.add_column("Officer", no_wrap=True, overflow="ellipsis", max_width=name_width)
    for name in amounts:
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("Suggested", "Because of"):
        table.add_column(name, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def show_unread(unreadable: Sequence[Unreadable]) -> None:
    """Print a line for each file that could not be read."""
    if not unreadable:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("Not read", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("What it is", no_wrap=True, overflow="ellipsis", ratio=1)
    for one in unreadable:
        table.add_row(Text(harmless(one.source)), Text(harmless(one.error.what)))
    console = Console(highlight=False)
    console.print()
    console.print(table)


def _labels(audited: Sequence[AuditedClaim]) -> list[str]:
    """What each claim is called: its id, with its file where several have the id; the file where it has none."""
    counts = Counter(one.claim_id for one in audited)
    return [_label(one, is_alone=counts[one.claim_id] == 1) for one in audited]


def _label(one: AuditedClaim, *, is_alone: bool) -> str:
    file = harmless(Path(one.source).name)
    if not one.claim_id:
        return file
    return one.claim_id if is_alone else f"{one.claim_id} in {file}"


def _cells(one: AuditedClaim) -> tuple[Text, ...]:
    totals = one.itemized.totals if one.itemized is not None else None
    due = (totals.claimed, totals.allowable, totals.payable) if totals is not None else (None, None, None)
    return (
        Text(_officer(one)),
        *(Text("" if amount is None else in_dollars(amount)) for amount in due),
        Text(one.suggested, STYLES[one.worst]),
        Text(because(one)),
    )


def _officer(one: AuditedClaim) -> str:
    """The officer, with whom they may be where a person has to say so."""
    name = one.whose.officer
    return f"{name} (or {one.known.near[0].officer}?)" if one.known is not None and one.known.near else name


def show_sums(audited: Sequence[AuditedClaim], unreadable: Sequence[Unreadable]) -> None:
    """Print for how many claims each is suggested, with their amounts together; copies of one claim count once."""
    table = Table("Suggested", box=None, pad_edge=False)
    for name in ("Claims", "Claimed", "Allowable", "Payable", "Agency share"):
        table.add_column(name, justify="right", no_wrap=True)
    for suggestion in SUGGESTIONS:
        _add_sum(table, suggestion, [one for one in audited if one.suggested == suggestion])
    _add_sum(table, "all", audited)
    console = Console(highlight=False)
    console.print(table)
    if copies := sum(bool(one.copy_of) for one in audited):
        console.print(Text(f"Copies of a claim that counts in another file, not added again: {copies}"))
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
            Text(label),
            Text(one.status.replace("_", " "), STATUS_STYLES[one.status]),
            Text(harmless_lines("\n".join(said))),
        )
    console = Console(highlight=False)
    console.print(table)
    if results and all(one.status == "open" for one in results):
        from perdiem_calc.auditing.resuming import NOTHING_DECIDED

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
        "copy_of": one.copy_of or None,
        **_came(one.origin),
        "taken_in_batch": _takes(one),
        **{name: str(path) for name, path in files.items() if path is not None},
    }


def unreadable_record(one: Unreadable) -> dict[str, Any]:
    """One file that could not be read, as plain values."""
    return {"input": one.source, "claim_id": None, "readable": False, "error": one.error.as_record()}


def unaudited_record(one: Unreadable) -> dict[str, Any]:
    """The same with the keys of an audited claim, all of them empty."""
    nothing = dict.fromkeys(("totals", "stated", "stated_payable"))
    rest = dict.fromkeys(("suggested", "standing", "copy_of"))
    return {**unreadable_record(one), **nothing, "findings": [], **rest, **_came(one.origin), "taken_in_batch": []}


def _came(origin: Origin) -> dict[str, Any]:
    """How a file came in."""
    return {
        "sender": origin.sender or None,
        "received_on": origin.received_on.isoformat() if origin.received_on is not None else None,
        "message_id": origin.message_id or None,
        "documents": list(origin.documents),
        "same_as": list(origin.same),
    }


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


def _takes(one: AuditedClaim) -> list[dict[str, str]]:
    """What other claims of the batch take of the officer's limit."""
    takes = one.known.takes if one.known is not None else ()
    return [
        {"claim_id": take.claim.claim_id, "input": take.claim.source, "amount": str(take.amount)} for take in takes
    ]


def _stated(one: AuditedClaim) -> dict[str, str | None] | None:
    return None if one.stated is None else {name: _text(one.stated.get(name)) for name in Totals.__slots__}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
