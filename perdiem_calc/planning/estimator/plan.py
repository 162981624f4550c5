"""A plan with what it supposes: the budget of its trips, or one for each of several fiscal years, side by side.

>>> describe_change(1000.0, 1038.0), describe_change(1000.0, 980.0), describe_change(0.0, 5.0), describe_change(2, 2)
('+$38.00 (+3.8%)', '-$20.00 (-2.0%)', '+$5.00', 'none')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from perdiem_calc.money import in_dollars
from perdiem_calc.planning.estimator.names import ColumnNames
from perdiem_calc.planning.estimator.summary import NOT_STATED, SUMMED, Budget, Group, in_order
from perdiem_calc.planning.estimator.what_if import WhatIf

TITLES = {
    "group_total": "Total cost",
    "group_reimbursable": "NASRO reimburses",
    "group_agency_share": "Agency pays",
}
"""The amounts that a budget sums, in words."""
_MONTHS = [*(f"{date(2000, 1 + (9 + month) % 12, 1):%B}" for month in range(12)), NOT_STATED]


@dataclass
class Plan:
    """The `budgets` by fiscal year, like FY2027, or one without a name; `limit` is that for an officer, dollars."""

    limit: Decimal
    what_if: WhatIf
    columns: ColumnNames
    budgets: dict[str, Budget] = field(default_factory=dict)

    @property
    def first(self) -> Budget:
        """The budget that changes are counted from."""
        return next(iter(self.budgets.values()))

    @property
    def last(self) -> Budget:
        """The budget that changes lead to; the only one where there are no fiscal years."""
        return next(reversed(self.budgets.values()))

    @property
    def has_years(self) -> bool:
        """Whether fiscal years are side by side."""
        return len(self.budgets) > 1

    def groups(self, grouping: str) -> list[tuple[str, dict[str, Group]]]:
        """The groups of a grouping in the order of the last budget, each with its sums by the budget's name.

        Months of several fiscal years are those of the calendar, from October on.
        """
        of_budget = {name: budget.groups[grouping] for name, budget in self.budgets.items()}
        if self.has_years and grouping == "month":
            of_budget = {name: _calendar_months(groups) for name, groups in of_budget.items()}
            months = [month for month in _MONTHS if any(month in groups for groups in of_budget.values())]
            return [(key, {name: groups.get(key, Group()) for name, groups in of_budget.items()}) for key in months]
        names = [name for name, _ in in_order(grouping, of_budget[next(reversed(of_budget))])]
        names += [name for groups in of_budget.values() for name in groups if name not in names]
        keys = dict.fromkeys(names)
        return [(key, {name: groups.get(key, Group()) for name, groups in of_budget.items()}) for key in keys]

    def supposed(self) -> list[str]:
        """What the plan supposes, in a sentence; none where it supposes nothing."""
        supposed = self.what_if.sentences()
        if "" not in self.budgets:
            supposed.append(f"every trip on the same month and day of {' and '.join(self.budgets)}")
        return [f"Supposed: {'; '.join(supposed)}."] if supposed else []

    def use_of_limit(self, budget: Budget) -> str:
        """What an officer costs, and how much of the limits is used, in a sentence; blank without an officer."""
        each, used = budget.per_officer(), budget.use_of(self.limit)
        if each is None:
            return ""
        officers = f"{budget.officers:,} officer{'s' if budget.officers > 1 else ''}"
        of_limit = (
            "" if used is None else f"; NASRO's part is {used:.1%} of the limit of {in_dollars(self.limit)} each"
        )
        return f"{officers}, {in_dollars(Decimal(str(each[0])))} an officer{of_limit}."

    def record(self, budget: Budget) -> dict[str, Any]:
        """A budget's figures for programs."""
        each, used = budget.per_officer(), budget.use_of(self.limit)
        return {
            "rows": budget.rows,
            "priced": budget.priced,
            "statuses": budget.statuses,
            "limit_binds": budget.capped,
            "planning_rate": budget.planned,
            "totals": _amounts(budget.total.dollars()),
            "officers": budget.officers,
            "per_officer": None if each is None else _amounts(each),
            "limit": f"{self.limit:.2f}",
            "use_of_limit": None if used is None else f"{used:.4f}",
        }

    def group_records(self, grouping: str) -> list[dict[str, Any]]:
        """The groups of a grouping for programs; of several fiscal years, each group's sums by year."""
        found = []
        for key, sums in self.groups(grouping):
            of_year = {name: _group_record(group) for name, group in sums.items()}
            found.append({"name": key} | (of_year if self.has_years else next(iter(of_year.values()))))
        return found


def _calendar_months(groups: Mapping[str, Group]) -> dict[str, Group]:
    """Groups by month of a year, as 2026-10, by the month's name."""
    return {key if key == NOT_STATED else _MONTHS[(int(key[5:]) + 2) % 12]: group for key, group in groups.items()}


def _group_record(group: Group) -> dict[str, Any]:
    return {"rows": group.rows, "not_priced": group.not_priced, **_amounts(group.dollars())}


def _amounts(dollars: tuple[float, ...]) -> dict[str, str]:
    return {name: f"{amount:.2f}" for name, amount in zip(SUMMED, dollars, strict=True)}


def change(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """By how much amounts of two records differ."""
    return {name: f"{Decimal(other[name]) - Decimal(amount):.2f}" for name, amount in one.items()}


def describe_change(one: float, other: float) -> str:
    """By how much an amount changed, in dollars and percent."""
    more = Decimal(f"{other:.2f}") - Decimal(f"{one:.2f}")
    if not more:
        return "none"
    percent = f" ({more / Decimal(f'{one:.2f}'):+.1%})" if one else ""
    return f"{'+' if more > 0 else '-'}{in_dollars(abs(more))}{percent}"
