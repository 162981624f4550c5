"""Takes a submitted claim in: reads its file, computes it, compares what it states; audits it with what is known.

The two steps are apart so that many files can be read at once, and each claim be audited knowing the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from perdiem_calc.auditing.claim_file import stated_in
from perdiem_calc.checks.auditor import audit, audit_refused
from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.checks.stated import findings_of
from perdiem_calc.checks.submission import Refused, Submission
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.claims.trip import NOT_CONTINUOUS
from perdiem_calc.dated import Law
from perdiem_calc.errors import MOST_SAID, InputError, InputErrors, PerdiemError, RateUnavailable
from perdiem_calc.history.conflicts import outside_of
from perdiem_calc.history.records import History
from perdiem_calc.rates.model import RateSource
from perdiem_calc.review.result import BY_ITSELF, NOBODYS, AuditedClaim, Origin, Whose
from perdiem_calc.rules import chp
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.rules.outside import NOTHING
from perdiem_calc.workbook.form.layout import CellMap
from perdiem_calc.workbook.form.where import located, place_of

REFUSALS = frozenset({"malformed", "rate-unresolved", NOT_CONTINUOUS})
OF_ABSENCE = frozenset({"fare-refunded", "lodging-equals-ceiling", "return-leg-missing"})
"""Checks that question what is not there, and cannot be made where something was left out."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A submitted claim that was read and computed by itself.

    `claim` is None where it cannot be read, `itemized` where it cannot be computed. `submission` is None for a claim
    that is no workbook; `cells` says where each field stands in one, `stated` which totals it states. `as_named` is
    whose claim it is as far as can be read, `origin` how it came in.
    """

    source: str
    claim: Claim | None
    itemized: ItemizedClaim | None
    submission: Submission | None
    cells: CellMap
    stated: Mapping[str, Decimal | None] | None
    as_of: date
    as_named: Whose = NOBODYS
    origin: Origin = BY_ITSELF


def take(path: Path, rates: RateSource, law: Law, as_of: date, received_on: date | None = None) -> Taken:
    """Take in the claim of a file: a workbook as it was submitted, or JSON or TOML.

    `received_on` is the day that the file came in, for a claim that states none.

    Raises PerdiemError, with the file's name, where the file is no claim or not safe to read. A claim in it that
    cannot be read or computed raises nothing: it is taken in as that.
    """
    if path.suffix.lower() == ".xlsx":
        return _take_workbook(path, rates, law, as_of, received_on)
    stated = stated_in(path)
    try:
        claim = _received(parse_claim(stated), received_on, as_of)
    except InputErrors as errors:
        refused = tuple(_refused(error) for error in errors.errors[:MOST_SAID])
        if left := errors.errors[MOST_SAID:]:
            more = f"{len(left):,} more fields are wrong; this is the first"
            refused += (Refused("malformed", left[0].where, more, "fix the others first"),)
        whose = Whose.stated(stated)
        return Taken(str(path), None, None, Submission(refused=refused), CellMap(), None, as_of, whose)
    itemized, refused = _computed(claim, rates, law, as_of, CellMap())
    return Taken(str(path), claim, itemized, Submission(refused=refused) if refused else None, CellMap(), None, as_of)


def _take_workbook(path: Path, rates: RateSource, law: Law, as_of: date, received_on: date | None) -> Taken:
    from perdiem_calc.workbook.comparing.compare import compare
    from perdiem_calc.workbook.reading.read import read_form

    try:
        form = read_form(path)
    except PerdiemError as error:
        raise error.in_file(path) from None
    claim = form.claim
    itemized: ItemizedClaim | None = None
    by_itself: ItemizedClaim | None = None
    refused: tuple[Refused, ...] = ()
    if claim is not None:
        itemized, refused = _computed(claim, rates, law, as_of, form.cells)
        # A workbook knows no day of today: what it states is compared with the claim as of none, as it was sent.
        by_itself = itemize(claim, rates, law) if itemized is not None else None
    submission = compare(form, by_itself, rates)
    submission = replace(submission, refused=(*submission.refused, *refused))
    if claim is not None and (came := _received(claim, received_on, as_of)) is not claim:
        claim = came
        itemized = itemize(claim, rates, law, as_of=as_of) if itemized is not None else None
    return Taken(str(path), claim, itemized, submission, form.cells, form.stated, as_of, Whose.stated(form.record))


def _received(claim: Claim, on: date | None, as_of: date) -> Claim:
    """The claim with the day that it came in, where it states none and the day can be right."""
    if on is None or claim.received_on is not None or on > as_of or (claim.submitted_on or on) > on:
        return claim
    return claim.model_copy(update={"received_on": on})


def _computed(
    claim: Claim, rates: RateSource, law: Law, as_of: date, cells: CellMap
) -> tuple[ItemizedClaim | None, tuple[Refused, ...]]:
    try:
        return itemize(claim, rates, law, as_of=as_of), ()
    except RateUnavailable as error:
        return None, (Refused("rate-unresolved", place_of(error.where, cells), error.what, error.fix),)
    except InputError as error:
        return None, (Refused("malformed", place_of(error.where, cells), error.what, error.fix),)


def _refused(error: InputError) -> Refused:
    return Refused(error.check or "malformed", error.where, error.what, error.fix)


def examine(taken: Taken, rates: RateSource, law: Law, known: History | None = None) -> AuditedClaim:
    """Audit a claim that was read, with its history."""
    itemized = itemized_with(taken, rates, law, known)
    if itemized is None:
        refused = taken.submission.refused if taken.submission is not None else ()
        findings = audit_refused(refused, law, taken.as_of)
        return AuditedClaim(
            taken.source, taken.claim, None, findings, known, taken.stated, taken.origin, taken.as_named
        )
    unread = _unread(taken)
    findings = audit(itemized, rates, law, known=known, submission=taken.submission)
    findings = tuple(finding for finding in located(findings, taken.cells) if not unread.is_about(finding))
    return AuditedClaim(taken.source, itemized.claim, itemized, findings, known, taken.stated, taken.origin)


def itemized_with(taken: Taken, rates: RateSource, law: Law, known: History | None) -> ItemizedClaim | None:
    """The claim itemized with what is known around it; None where it cannot be computed."""
    itemized = taken.itemized
    if itemized is None:
        return None
    outside = outside_of(itemized.claim, known, law) if known is not None else NOTHING
    if taken.submission is not None:
        outside = replace(outside, blocks=(*outside.blocks, *_blocks(taken.submission, law, taken.as_of)))
    if outside != NOTHING:
        itemized = itemize(itemized.claim, rates, law, as_of=taken.as_of, outside=outside)
    unread = _unread(taken)
    return replace(itemized, blocks=tuple(block for block in itemized.blocks if not unread.explains(block.path)))


def _unread(taken: Taken) -> _Unread:
    return _Unread(taken.cells, frozenset(taken.submission.unread if taken.submission else ()))


def _blocks(submission: Submission, law: Law, on: date) -> tuple[chp.Block, ...]:
    """What was refused bars the claim until it is fixed."""
    found = findings_of(submission.refused, law, on)
    return tuple(
        chp.Block(one.check, one.rule, str(one.where), one.message, to_agency=one.to_agency) for one in found
    )


@dataclass(frozen=True, slots=True)
class _Unread:
    """The cells that cannot be read, and what only follows from leaving them out of the claim."""

    cells: CellMap
    places: frozenset[str]

    def explains(self, path: str) -> bool:
        """Whether a field is one of them."""
        area = self.cells.area(path) if self.places else None
        return area is not None and area.address in self.places

    def is_about(self, finding: Finding) -> bool:
        """Whether a finding only says again that they cannot be read, or that what was left out is not there."""
        if finding.severity is Severity.BLOCKS and finding.check in REFUSALS:
            return False
        if self.places and finding.check in OF_ABSENCE:
            return True
        return bool(finding.where.cells) and self.places.issuperset(finding.where.cells)
