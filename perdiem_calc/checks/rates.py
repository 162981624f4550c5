"""The rates a claim is priced by: whether they come from the source asked, and whether sources agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from perdiem_calc.checks.case import Case, about_lines
from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.checks.stated import refused, stated
from perdiem_calc.money import in_dollars
from perdiem_calc.rates.model import PerDiemRate
from perdiem_calc.rules.lines import Line
from perdiem_calc.text import describe_days

T = TypeVar("T")
_BY = {"api": "by the GSA Per Diem API", "recorded": "as the workbook records them"}


def rate_edited(case: Case) -> Iterator[Finding]:
    """A figure on the sheet Rates of a submission that is not the one in force. Rule `per-diem-locality`."""
    yield from stated(case, "rate-edited")


def rate_unresolved(case: Case) -> Iterator[Finding]:
    """A place or day of a submission for which no rate is known. Rule `per-diem-locality`."""
    yield from refused(case, "rate-unresolved")


def rate_source_failed(case: Case) -> Iterator[Finding]:
    """A rate was taken from another source, because the one to use gave none. Rule `per-diem-locality`."""
    for reason, lines in _by_doubt(case, lambda rate: rate.source.instead_of).items():
        yield about_lines(
            case,
            "rate-source-failed",
            "per-diem-locality",
            Severity.REVIEW,
            lines,
            f"The rates of {describe_days(line.on for line in lines)} are those of the embedded ratebook instead of "
            f"{reason}: compare them with GSA's tables, or build the claim again later.",
        )


def rate_sources_differ(case: Case) -> Iterator[Finding]:
    """Two sources state different rates for the same place and day. Rule `per-diem-locality`."""
    for (differs, used), lines in _by_doubt(case, _difference).items():
        yield about_lines(
            case,
            "rate-sources-differ",
            "per-diem-locality",
            Severity.REVIEW,
            lines,
            f"The rates of {describe_days(line.on for line in lines)} are {used}, but {differs}: find out which is "
            "in "
            "force, and correct the source that is wrong.",
        )


def _difference(rate: PerDiemRate) -> tuple[str, str] | None:
    if rate.source.differs is None:
        return None
    amounts = f"lodging {in_dollars(rate.lodging)}, M&IE {in_dollars(rate.mie.total)}"
    return rate.source.differs, f"those of {rate.locality.said} {_BY.get(rate.source.kind, '')}, {amounts}"


def _by_doubt(case: Case, doubt: Callable[[PerDiemRate], T | None]) -> dict[T, list[Line]]:
    """The lines whose rate has a doubt about it, by the doubt."""
    found: dict[T, list[Line]] = {}
    for line in case.itemized.lines:
        if line.rate is not None and (said := doubt(line.rate)) is not None:
            found.setdefault(said, []).append(line)
    return found
