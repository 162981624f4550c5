"""One command over many claims: where the workbooks go, what each claim gave, the exit code at the end."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from perdiem_calc.errors import InputError, OutputError, PerdiemError, printable

if TYPE_CHECKING:
    from perdiem_calc.claim_file import ReadClaim
    from perdiem_calc.findings import Finding, Severity
    from perdiem_calc.itemizer import ItemizedClaim

SHOWN_IN_FULL = 3
BAR_FROM = 10


def severity_to_fail_on(text: str | None) -> Severity | None:
    """The severity that --fail-on names. Raises InputError."""
    from perdiem_calc.findings import Severity

    known = {severity.value: severity for severity in Severity if severity is not Severity.INFO}
    if text is not None and text not in known:
        raise InputError(f"{text!r} is no severity", where="--fail-on", mend="use blocks, adjusts or review")
    return known[text] if text else None


def without_passed_over(found: tuple[list[Path], list[Path]]) -> list[Path]:
    """The claims among what `claim_files` or `submissions` found; what was passed over is said on standard error."""
    paths, passed_over = found
    for path in passed_over:
        typer.echo(f"passed over, not a claim: {printable(path)}", err=True)
    return paths


def end(codes: Collection[int]) -> None:
    """End the command with the gravest of its exit codes."""
    for code in (2, 3, 1):
        if code in codes:
            raise typer.Exit(code)


class Target:
    """Where the workbooks go: one file, or a folder with one for each claim id."""

    def __init__(self, output: Path, *, several: bool) -> None:
        self._output = output
        self._is_folder = several or output.is_dir()
        self._given: set[str] = set()
        if several and output.suffix.lower() == ".xlsx":
            raise OutputError(
                "several claims need a folder", where=str(output), mend="name a folder, like -o claims/"
            )
        if several and not output.exists():
            from perdiem_calc.whole_file import make_folder

            make_folder(output)
        if not self._is_folder and output.suffix.lower() != ".xlsx":
            raise OutputError(
                "the workbook needs a name ending in .xlsx",
                where=str(output),
                mend=f"write -o {output.with_suffix('.xlsx')}",
            )

    def path_of(self, claim_id: str) -> Path:
        """The workbook of a claim. Raises OutputError when an earlier input had the same claim id."""
        if claim_id in self._given:
            raise OutputError(
                f"an earlier input has the claim id {claim_id} too",
                where="claim_id",
                mend="give each claim its own id",
            )
        self._given.add(claim_id)
        return self._output / f"{claim_id}.xlsx" if self._is_folder else self._output


class Run:
    """One command over many claims: a bar while it runs, what each gave, and the exit code at the end.

    `builds` says whether workbooks are built, so that the lines are of interest and not the findings alone.
    """

    def __init__(self, *, as_json: bool, fail_on: str | None, count: int, builds: bool) -> None:
        self._as_json = as_json
        self._in_full = count <= SHOWN_IN_FULL
        self._shows_lines = builds and count == 1
        self._builds = builds
        self._codes: set[int] = set()
        self._path = Path()
        self._claim_id: str | None = None
        self._rows: list[tuple[ItemizedClaim, tuple[Finding, ...]]] = []
        self._fail_on = severity_to_fail_on(fail_on)

    def over(self, paths: list[Path]) -> Iterator[Path]:
        """The paths, one after the other, with a bar on a terminal when there are many."""
        if len(paths) < BAR_FROM or not sys.stderr.isatty():
            yield from paths
            return
        from rich.console import Console
        from rich.progress import track

        yield from track(paths, description="claims", console=Console(stderr=True))

    def one(self, path: Path) -> Run:
        """The work on one input; an error in it is said, and the others go on."""
        self._path, self._claim_id = path, None
        return self

    def read(self, path: Path) -> ReadClaim:
        """The claim of an input; what is wrong with it after that is said with its id."""
        from perdiem_calc.claim_file import read_with_cells

        read = read_with_cells(path)
        self._claim_id = read.claim.claim_id
        return read

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if not isinstance(error, PerdiemError):
            return False
        error.file = error.file or str(self._path)
        typer.echo(error, err=True)
        self._codes.add(error.exit_code)
        if self._as_json:
            record = {"input": str(self._path), "claim_id": self._claim_id, "error": str(error)}
            typer.echo(json.dumps(record))
        return True

    def done(
        self,
        path: Path,
        itemized: ItemizedClaim,
        findings: tuple[Finding, ...],
        *,
        workbook: Path | None = None,
    ) -> None:
        """Print what one claim gave."""
        from perdiem_calc.findings import questioned

        if self._fail_on and any(finding.severity >= self._fail_on for finding in questioned(findings)):
            self._codes.add(1)
        if self._as_json:
            typer.echo(json.dumps(self._record(path, itemized, findings, workbook)))
        elif self._in_full:
            from perdiem_calc.cli.show import show_claim

            show_claim(path, itemized, findings, workbook, lines=self._shows_lines)
        else:
            self._rows.append((itemized, findings))

    def _record(
        self, path: Path, itemized: ItemizedClaim, findings: tuple[Finding, ...], workbook: Path | None
    ) -> dict[str, Any]:
        from perdiem_calc.itemizer import as_record

        record: dict[str, Any] = {"input": str(path), "claim_id": itemized.claim.claim_id}
        if workbook is not None:
            record["output"] = str(workbook)
        itemization = as_record(itemized)
        if not self._builds:
            itemization = {"totals": itemization["totals"]}
        return {**record, **itemization, "findings": [finding.as_record() for finding in findings]}

    def close(self) -> None:
        """Print the table of many claims, and end with the exit code."""
        if self._rows:
            from perdiem_calc.cli.show import show_many

            show_many(self._rows)
        end(self._codes)
