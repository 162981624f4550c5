"""What the rules and the checks say of a draft: its amounts so far, its findings, and what is still to be answered.

Nothing here computes or words anything of its own: `parse_claim`, `itemize` and `audit` do. A draft that is no claim
yet is judged without what is missing or cannot be read, and each thing left out is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date

from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Finding, Outcome
from perdiem_calc.claims.model import SCHEMA, Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputErrors, PerdiemError
from perdiem_calc.rates.sources import Rates, open_rates
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.rules.law import load_law
from perdiem_calc.rules.lines import Line
from perdiem_calc.web.answers import Draft, get, put
from perdiem_calc.web.questions import entry_of

MISSING = frozenset(
    {
        "claim.field.missing",
        "claim.place.missing",
        "claim.expense.amount-missing",
        "claim.mileage.missing",
        "claim.replaces.missing",
    }
)
"""What is no mistake, but not answered yet."""
_GROUPS = ("agency", "agency.contact", "award", "officer", "course", "course.place", "trip", "trip.official_station")
_MOST_TRIES = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """What every draft is judged with: the rates, the law, and the day. None means today."""

    rates: Rates
    law: Law
    day: date | None = None

    @classmethod
    def open(cls, day: date | None = None, source: str = "auto") -> Desk:
        """The desk of this installation."""
        return cls(open_rates(source), load_law(), day)

    @property
    def today(self) -> date:
        """The day that decides what lies in the future."""
        return self.day or date.today()


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a draft from being a claim: the field, what is wrong, what to do."""

    path: str
    what: str
    fix: str
    is_missing: bool

    @property
    def said(self) -> str:
        """The message in one sentence."""
        return f"{self.what}; {self.fix}" if self.fix else self.what


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft, judged. `claim` is None while it is no claim; the amounts are then those of what can be read.

    `itemized` is None where not even that can be computed, and `why_not` says why. `left_out` are the entries of
    lists, such as ("expenses", 2), that are not counted yet.
    """

    claim: Claim | None
    problems: tuple[Problem, ...]
    itemized: ItemizedClaim | None
    findings: tuple[Finding, ...]
    why_not: str = ""
    left_out: frozenset[tuple[str, int]] = frozenset()

    @property
    def is_complete(self) -> bool:
        """Whether it can be sent: a claim whose amounts are known."""
        return self.claim is not None and self.itemized is not None

    def line(self, kind: str, path: str, index: int) -> Line | None:
        """The line (N, T or E) of an entry of a list; None while it is not counted."""
        if self.itemized is None or (path, index) in self.left_out:
            return None
        before = sum(1 for name, other in self.left_out if name == path and other < index)
        wanted = f"{kind}{index + 1 - before}"
        return next((line for line in self.itemized.lines if line.id == wanted), None)

    def at(self, field: str) -> tuple[Problem, ...]:
        """The problems of a field, and of what it is a part of or has as a part."""
        return tuple(
            one for one in self.problems if one.path == field or one.path.startswith((f"{field}.", f"{field}["))
        )


def judge(draft: Draft, desk: Desk) -> Judged:
    """The amounts, the findings and the problems of a draft."""
    stated = with_groups(draft)
    try:
        claim = parse_claim(stated)
    except InputErrors as error:
        problems = tuple(_problem(one) for one in error.errors)
    else:
        return _judged(claim, claim, (), desk)
    rest, left_out = _rest(stated, desk)
    # Where an entry is left out, the numbers of its neighbors are not those of the draft.
    unsure = {f"{name}[" for name, _ in left_out}
    judged = _judged(None, rest, problems, desk)
    findings = tuple(one for one in judged.findings if not any(map(str(one.where).startswith, unsure)))
    return replace(judged, findings=findings, left_out=frozenset(left_out))


def _judged(claim: Claim | None, counted: Claim | None, problems: tuple[Problem, ...], desk: Desk) -> Judged:
    if counted is None:
        return Judged(
            claim, problems, None, (), "The amounts follow once the place and the days of the trip are there."
        )
    try:
        itemized = itemize(counted, desk.rates, desk.law, as_of=desk.today)
        found = audit(itemized, desk.rates, desk.law)
    except PerdiemError as error:
        return Judged(claim, (*problems, _problem(error)), None, (), error.said)
    if claim is None:
        found = tuple(one for one in found if not _is_about_filled(one))
    return Judged(claim, problems, itemized, tuple(found))


def _problem(error: PerdiemError) -> Problem:
    return Problem(error.where, error.what, error.fix, error.code in MISSING)


def _is_about_filled(finding: Finding) -> bool:
    return finding.outcome is Outcome.NOT_EVALUATED or any(
        path == name or path.startswith(f"{name}.") for path in finding.where.paths for name in _FILLED
    )


def with_groups(draft: Draft) -> Draft:
    """A draft with the groups that every claim has, so that what is missing in them is named field by field."""
    stated = {"schema": SCHEMA, **deepcopy(draft)}
    for path in _GROUPS:
        if get(stated, path) is None:
            put(stated, path, {})
    return stated


_FILLED: tuple[str, ...] = (
    "claim_id",
    "prepared_on",
    "agency",
    "award",
    "officer",
    "attachments",
    "signatures",
    "course.completed_on",
    "course.coordinated",
    "course.coordinated_on",
)
"""What a draft is judged with while it is not answered; what a check would find there is not shown."""


def _fill(stated: Draft, path: str, desk: Desk) -> bool:
    """Put into a field that is missing what changes no amount; whether there is such a value."""
    day = get(stated, "course.ends_on") or get(stated, "trip.returned_at") or desk.today.isoformat()
    on = str(day)[:10]
    values = {
        "claim_id": "draft",
        "prepared_on": desk.today.isoformat(),
        "agency.name": "Agency",
        "agency.remit_to": "Agency",
        "agency.contact.name": "Agency",
        "award.number": "Award",
        "award.letter_date": on,
        "officer.name": "Officer",
        "officer.sro_hired_on": on,
        "course.title": "NASRO Basic School Resource Officer Course",
        "course.hours": 40,
        "course.starts_on": str(get(stated, "trip.departed_at"))[:10],
        "course.ends_on": str(get(stated, "trip.returned_at"))[:10],
        "trip.official_station": {"city": "Station", "state": "AA"},
    }
    if path not in values:
        return False
    put(stated, path, values[path])
    return True


def _rest(stated: Draft, desk: Desk) -> tuple[Claim | None, set[tuple[str, int]]]:
    """The claim of what can be read of a draft, and the entries of lists that are left out; None if there is none."""
    stated = deepcopy(stated)
    numbers = {path: list(range(len(get(stated, path)))) for path in _LISTS if isinstance(get(stated, path), list)}
    left_out: set[tuple[str, int]] = set()
    for _ in range(_MOST_TRIES):
        try:
            return parse_claim(stated), left_out
        except InputErrors as found:
            paths = [error.where for error in found.errors]
        before = repr(stated)
        entries = {entry[:2] for entry in map(entry_of, paths) if entry is not None and entry[0] in numbers}
        for path, index in sorted(entries, reverse=True):
            del get(stated, path)[index]
            left_out.add((path, numbers[path].pop(index)))
        for path in paths:
            if entry_of(path) is None and not _fill(stated, path, desk) and not path.startswith(_NEEDED):
                _leave_out(stated, path)
        if any(path == "expenses" for path, _ in left_out):
            put(stated, "credits", None)  # they name expenses by number
        if repr(stated) == before:
            break
    return None, left_out


_LISTS = (
    "lodging",
    "furnished_meals",
    "expenses",
    "credits",
    "previous_claims",
    "trip.personal_days",
    "trip.day_trips",
)
_NEEDED = ("trip.departed_at", "trip.returned_at", "trip.stops", "course.place")


def _leave_out(stated: Draft, path: str) -> None:
    """Take out a field that is refused."""
    put(stated, path, None)
    if path == "previously_reimbursed":
        put(stated, "previous_claims", None)


def questioned(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of checks that could be made."""
    return tuple(one for one in findings if one.outcome is Outcome.QUESTIONED)
