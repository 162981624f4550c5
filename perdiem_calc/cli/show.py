"""What a claim gave, as tables on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from perdiem_calc.errors import printable
from perdiem_calc.findings import Finding, Outcome, Severity, questioned
from perdiem_calc.itemizer import ItemizedClaim
from perdiem_calc.money import in_dollars

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

    Findings name the cells of the file it came in, where a person mends them: the workbook may have other rows.
    """
    console = Console(highlight=False)
    claim = itemized.claim
    console.print(Text.assemble((f"Claim {claim.claim_id}", "bold"), f": {claim.officer.name}, {claim.agency.name}"))
    console.print(amounts(itemized))
    for block in itemized.blocks:
        console.print(Text.assemble(("Blocked: ", "bold red"), block.why))
    if lines:
        console.print(_lines(itemized))
    show_findings(console, findings)
    if workbook is not None:
        if any(finding.where.cells for finding in questioned(findings)):
            said = f"The cells named are those of {printable(source)}: mend them there, and build it again."
            console.print(Text(said), soft_wrap=True)
        console.print(Text(f"The workbook is ready: {printable(workbook)}"), soft_wrap=True)


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


def amounts(itemized: ItemizedClaim) -> Table:
    """The four amounts of a claim, one below the other, each with what explains it."""
    totals = itemized.totals
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    table.add_row("Claimed", in_dollars(totals.claimed), "")
    table.add_row("Allowable", in_dollars(totals.allowable), _limit_said(itemized))
    mended = ""
    if itemized.blocks:
        mended = f"blocked; {in_dollars(totals.payable_if_mended)} once that is mended"
    table.add_row(Text("Payable by NASRO", "bold"), Text(in_dollars(totals.payable), "bold"), mended)
    causes = (
        f"over the ceilings {in_dollars(totals.over_ceiling)}, "
        f"not allowable {in_dollars(totals.not_allowable)}, over the cap {in_dollars(totals.over_cap)}"
    )
    table.add_row("Agency share", in_dollars(totals.agency_share), causes)
    return table


def _limit_said(itemized: ItemizedClaim) -> str:
    totals = itemized.totals
    before = totals.previously_reimbursed
    paid = f", of which {in_dollars(before)} is paid already" if before else ""
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
            Text(line.reason),
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
        console.print(Padding(Text(finding.message), (0, 0, 0, 4)))
    open_checks = [finding for finding in findings if finding.outcome is Outcome.NOT_EVALUATED]
    if open_checks:
        from perdiem_calc.auditor import EVERYTHING_ELSE

        if any(finding.message == EVERYTHING_ELSE for finding in open_checks):
            console.print(Text(EVERYTHING_ELSE, "dim"))
            return
        names = ", ".join(dict.fromkeys(finding.check for finding in open_checks))
        console.print(Text(f"Not evaluated (the Findings sheet and --json say why): {names}.", "dim"))


def _place_of(finding: Finding) -> str:
    """The cell that a finding is about, else the claim's field; of several the first, and how many more."""
    first, *more = finding.where.cells or finding.where.paths
    return f"{first} and {len(more)} more" if more else first
