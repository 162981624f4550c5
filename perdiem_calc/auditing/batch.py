"""Audits many files: reads and computes each one on all cores, then audits each claim with the others' history.

run = audit_files([Path("a.xlsx"), Path("b.xlsx")], Basis(date(2026, 11, 23)))
run.audited[0].suggested
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from perdiem_calc import pool
from perdiem_calc.auditing.claim_file import OTHER_KINDS, claim_files
from perdiem_calc.auditing.intake import Taken, examine, itemized_with, take
from perdiem_calc.auditing.receiving import Received
from perdiem_calc.claims.model import Claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, PerdiemError
from perdiem_calc.history.attendance import with_attendance
from perdiem_calc.history.batch import Submitted, counted_in_order, known_together, with_takes
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.records import Attendee, Chosen, History, HistorySource, Listed, with_roster
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rates.sources import AUTO, Rates, open_rates
from perdiem_calc.review.result import AuditedClaim, Unreadable
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.rules.law import load_law

WORTH_A_PROCESS = 25
"""Starting a process costs what reading so many files does."""

T = TypeVar("T")
Read = Taken | Unreadable

Watch = Callable[[str, int], None]
"""Called with the progress: so many more files are "read", "audited", "recorded" or "written"."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What claims are audited with: the day after which dates are in the future, and the source of the rates.

    `source` is that of `sources.open_rates`.
    """

    as_of: date
    source: str = AUTO

    def opened(self) -> Desk:
        """The rates and the law. Raises InputError where the rates cannot be had."""
        rates = open_rates(self.source)
        return Desk(rates, load_law(), self.as_of, rates)


@dataclass(frozen=True, slots=True)
class Desk:
    """The rates and the law, opened; `asked` is the source of the rates that can say what went wrong with it."""

    rates: RateSource
    law: Law
    as_of: date
    asked: Rates | None = None

    def problems(self) -> tuple[str, ...]:
        """What the person should know of the source of the rates, though every rate is right."""
        return self.asked.problems if self.asked is not None else ()

    def read(self, file: Received) -> Read:
        """Take in the claim of a file."""
        received_on = file.origin.received_on
        taken = _guarded(file.source, lambda: take(file.path, self.rates, self.law, self.as_of, received_on))
        return replace(taken, source=file.source, origin=file.origin)

    def audited(self, taken: Taken, known: History | None) -> AuditedClaim | Unreadable:
        """Audit a claim that was taken in."""
        found = _guarded(taken.source, lambda: examine(taken, self.rates, self.law, known))
        return replace(found, origin=taken.origin)

    def itemized(self, taken: Taken, known: History) -> ItemizedClaim | None:
        """The claim with what is known around it; None where it cannot be computed."""
        found = _guarded(taken.source, lambda: itemized_with(taken, self.rates, self.law, known))
        return None if isinstance(found, Unreadable) else found


Reads = Callable[[Desk, Received], Read]
"""Reads a file at a desk."""


def _guarded(source: str, work: Callable[[], T]) -> T | Unreadable:
    """What some work on one file gives, or why it gives nothing: one file never stops the others."""
    try:
        return work()
    except PerdiemError as error:
        return Unreadable(source, error.in_file(source))
    except Exception as error:  # noqa: BLE001 - a fault of the program, which is said of the file and ends with 2
        fault = InputError(
            "audit.file.program-failed",
            f"the program failed on this file ({type(error).__name__}), and did not audit it",
            fix="send it to whoever keeps the program; audit the claim by hand meanwhile",
        )
        return Unreadable(source, fault.in_file(source))


@dataclass(frozen=True, slots=True)
class Around:
    """The sources of a claim's history besides the batch: the ledger, the roster's officers, the attendance lists.

    None for none. `sro` is the officer whom a person chose for the one claim.
    """

    ledger: HistorySource | None = None
    roster: Mapping[OfficerKey, Listed] | None = None
    sro: Chosen = None
    attendance: Sequence[Attendee] | None = None


NOBODY = Around()
"""No source besides the batch."""


class Batch:
    """Files that are read together; each claim is then audited with its history: the others, the ledger, the roster.

    A file that is named twice is read once. `problems` are a person's warnings about the source of the rates, though
    every rate is right. `jobs` is the number of processes that read; without it as many as save time, up to one for
    each processor. `read` reads a file instead, such as one that keeps what it read before. The results do not
    depend on either.

    Raises InputError if the rates cannot be read, LedgerError if the ledger fails. One file that cannot be read
    does not stop the others.
    """

    def __init__(
        self,
        paths: Sequence[Path | Received],
        basis: Basis,
        around: Around = NOBODY,
        *,
        jobs: int | None = None,
        watch: Watch = lambda phase, files: None,
        read: Reads | None = None,
    ) -> None:
        self.received = _each_once(paths)
        self.files = [file.path for file in self.received]
        self.law = load_law()
        self._desk, self._around = basis.opened(), around
        problems: list[str] = []
        if read is not None:
            self._read = [read(self._desk, file) for file in self.received]
        else:
            self._read, problems = _read(self.received, basis, self._desk, jobs, watch)
        self._taken = {number: one for number, one in enumerate(self._read) if isinstance(one, Taken)}
        self._problems = tuple(problems)
        self._submitted = {
            number: Submitted(one.source, one.claim, self._on_record(one.claim))
            for number, one in self._taken.items()
            if one.claim is not None
        }
        self._known = self._told()

    @property
    def sro(self) -> Chosen:
        """The officer whom a person chose."""
        return self._around.sro

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong with the source of the rates without harm, each once."""
        return tuple(dict.fromkeys((*self._problems, *self._desk.problems())))

    def copies(self) -> dict[int, int]:
        """The files whose claim counts in another file, by number, each with the number of that one."""
        numbers = {given.source: number for number, given in self._submitted.items()}
        return {number: numbers[known.copy_of] for number, known in self._known.items() if known.copy_of in numbers}

    def in_order(self) -> list[int]:
        """The numbers of the files in the order in which their claims count; those without a claim come last."""
        numbers = list(self._submitted)
        counted = [numbers[place] for place in counted_in_order(list(self._submitted.values()))]
        return counted + [number for number in range(len(self.files)) if number not in self._submitted]

    def audited(self, number: int) -> AuditedClaim | Unreadable:
        """The audit of the file of that number."""
        read = self._read[number]
        return read if isinstance(read, Unreadable) else self._desk.audited(read, self._known.get(number))

    def results(self, watch: Watch = lambda phase, files: None) -> tuple[AuditedClaim | Unreadable, ...]:
        """The audit of every file, in order."""
        found = []
        for number in range(len(self.files)):
            found.append(self.audited(number))
            watch("audited", 1)
        return tuple(found)

    def ask_again(self, number: int, ledger: HistorySource) -> None:
        """Ask the ledger again about the claim of that number: something may have been recorded since.

        Where the answer is another one, the ledger is asked about the others too, since they know of one another.
        """
        one = self._submitted.get(number)
        if one is not None and ledger.known(one.claim, self.sro) != one.ledger:
            for other, given in self._submitted.items():
                now = ledger.known(given.claim, self.sro)
                was_new = given.ledger is not None and given.ledger.recorded is None
                since = given.recorded_since or (was_new and now.recorded is not None)
                self._submitted[other] = replace(given, ledger=now, recorded_since=since)
            self._known = self._told()

    def _on_record(self, claim: Claim) -> History | None:
        return self._around.ledger.known(claim, self.sro) if self._around.ledger is not None else None

    def _told(self) -> dict[int, History]:
        """What is known around the claims; nothing around a single one without ledger, roster and attendance list."""
        numbers, given, roster = list(self._submitted), list(self._submitted.values()), self._around.roster
        attendance = self._around.attendance
        is_alone = len(given) < 2 and roster is None and attendance is None
        if is_alone and all(one.ledger is None for one in given):
            return {}
        known = known_together(given)
        if roster is not None:
            known = tuple(with_roster(its, one.claim, roster) for its, one in zip(known, given, strict=True))
        if attendance is not None:
            pairs = zip(known, given, strict=True)
            known = tuple(with_attendance(its, one.claim, attendance) for its, one in pairs)
        taken = [self._taken[number] for number in numbers]
        takes = with_takes(given, known, lambda place: self._desk.itemized(taken[place], known[place]))
        return dict(zip(numbers, takes, strict=True))


def _each_once(paths: Sequence[Path | Received]) -> list[Received]:
    """The files in order, those that are named twice at their first place."""
    found: dict[str, Received] = {}
    for file in map(Received.of, paths):
        found.setdefault(os.path.realpath(file.path), file)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Run:
    """The results of an audit, one for each file in the order given, and the `problems` of the batch."""

    results: tuple[AuditedClaim | Unreadable, ...]
    problems: tuple[str, ...] = ()

    @property
    def audited(self) -> tuple[AuditedClaim, ...]:
        """The claims that were audited."""
        return tuple(one for one in self.results if isinstance(one, AuditedClaim))

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """The files that could not be read."""
        return tuple(one for one in self.results if isinstance(one, Unreadable))


def submissions(inputs: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The files that inputs name as submitted claims, those of a folder in order of name; and what was passed over.

    A spreadsheet of another kind in a folder is no claim that can be read, but it is not passed over either.
    Raises InputError for a folder without a claim.
    """
    found, passed_over = claim_files(inputs)
    other = [path for path in passed_over if path.suffix.lower() in OTHER_KINDS and not path.name.startswith("~$")]
    return found + other, [path for path in passed_over if path not in other]


def audit_files(
    paths: Sequence[Path | Received],
    basis: Basis,
    around: Around = NOBODY,
    *,
    jobs: int | None = None,
    watch: Watch = lambda phase, files: None,
) -> Run:
    """Audit the claims of some files as one batch; see `Batch` for the arguments and errors."""
    batch = Batch(paths, basis, around, jobs=jobs, watch=watch)
    return Run(batch.results(watch), batch.problems)


def _read(
    files: Sequence[Received], basis: Basis, desk: Desk, jobs: int | None, watch: Watch
) -> tuple[list[Read], list[str]]:
    """Every file read, in order, by this process or by several; and what went wrong with their sources of rates."""
    if jobs is None:
        jobs = min(pool.processors(), len(files) // WORTH_A_PROCESS)
    if min(jobs, len(files)) <= 1:
        found = []
        for file in files:
            found.append(desk.read(file))
            watch("read", 1)
        return found, []
    work = partial(_read_elsewhere, basis)
    pairs = pool.in_processes(work, files, jobs, died=_died, step=partial(watch, "read"))
    return [read for read, _ in pairs], [problem for _, problems in pairs for problem in problems]


def _read_elsewhere(basis: Basis, files: Sequence[Received]) -> list[tuple[Read, tuple[str, ...]]]:
    """Some files read by a process of its own."""
    desk = _desk_of(basis)
    return [(desk.read(file), desk.problems()) for file in files]


@cache
def _desk_of(basis: Basis) -> Desk:
    """Opened once in each process."""
    return basis.opened()


def _died(file: Received) -> tuple[Read, tuple[str, ...]]:
    error = InputError(
        "audit.file.process-ended",
        "the process that read this file was stopped, perhaps because memory ran out",
        fix="check the file and audit it alone, or ask the agency to send it again",
    )
    return Unreadable(file.source, error.in_file(file.source), file.origin), ()
