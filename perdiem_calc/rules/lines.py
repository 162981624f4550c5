"""The lines of an itemized claim, and how the amount of each came about, step by step.

>>> work = Workings(Decimal("159.00"))
>>> work.at_most(Decimal("145.00"), "lodging-over-ceiling", "lodging-ceiling", "the ceiling is $145.00")
>>> work.amount, work.finished()[0].effect
(Decimal('145.00'), Decimal('-14.00'))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from perdiem_calc.claims.model import Credit
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rates.model import PerDiemRate
from perdiem_calc.text import Message, for_reviewer, only_for_agency

Why = Message | Callable[[], str]
"""A reason in words, or what words it where a step is taken."""

Group = Literal["lodging", "lodging_tax", "mie", "transportation", "other", "credit", "cap"]


@dataclass(frozen=True, slots=True)
class Step:
    """One reduction: the check that names it, the rule behind it, the amount before and after, and why, in words.

    `gain` is what the line would be allowed more if this step alone were waived. `field` is the claim's field the
    step is about, below the line's own path, where it is another than the line's amount. `to_agency` is the reason
    for the agency, where that is another.
    """

    check: str
    rule: str
    before: Decimal
    after: Decimal
    why: str
    gain: Decimal = ZERO
    field: str = ""
    to_agency: str = ""

    @property
    def effect(self) -> Decimal:
        """The amount after less the amount before, dollars."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the itemized claim. Amounts in dollars.

    `id` is N1 (night), T1 (its tax), D1 (day's M&IE), E1 (expense), C1 (credit without a line, or beyond the cost of
    its line), POV (what another way of travel cost above the authorized one) or CAP. `credit` is what refunds and
    credits take off the stated cost; `amount_claimed` is net of it, the officer's share alone. `path` is the
    claim's field the amount comes from. `basis` says in words how the claimed amount came about, `reason` why the
    allowed amount is what it is. `rate` is the per diem rate used, if one was.
    """

    id: str
    group: Group
    category: str
    on: date
    amount_claimed: Decimal
    amount_allowed: Decimal
    rule: str
    citation: str
    reason: str
    path: str
    basis: str = ""
    steps: tuple[Step, ...] = ()
    rate: PerDiemRate | None = None
    cost: Decimal | None = None
    credit: Decimal = ZERO

    @property
    def cost_stated(self) -> Decimal:
        """The cost as the agency states it, before credits and before it is shared: the amount claimed by default."""
        return self.amount_claimed if self.cost is None else self.cost


def index_of(line_id: str) -> int:
    """The index, in the claim or among its days, of what a line with a number is about.

    >>> index_of("N1"), index_of("E12")
    (0, 11)
    """
    return int(line_id[1:]) - 1


def credit_message(credits: Sequence[Credit], own: Decimal = ZERO) -> str:
    """In words, the credits that reduce a cost: an expense's own credit first, then those that name its line."""
    named = [f"{in_dollars(credit.amount)} from {credit.source}" for credit in credits]
    return f"credited: {', '.join([in_dollars(own)] * bool(own) + named)}"


@dataclass(slots=True)
class Workings:
    """An amount on its way through the rules; remembers every step that changed it."""

    start: Decimal
    amount: Decimal = field(init=False)
    _rules: list[Callable[[Decimal], Decimal]] = field(init=False, default_factory=list)
    _taken: list[tuple[int, str, str, Decimal, Decimal, Message, str]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.amount = self.start

    def at_most(self, limit: Decimal, check: str, rule: str, why: Why, *, about: str = "") -> None:
        """Cut the amount to `limit`; no step is taken where it is within."""
        self.change(lambda amount: min(amount, limit), check, rule, why, about=about)

    def nothing(self, check: str, rule: str, why: Why, *, about: str = "") -> None:
        """Disallow what is left of the amount."""
        self.change(lambda amount: ZERO, check, rule, why, about=about)

    def less(self, amount: Decimal, check: str, rule: str, why: Why, *, about: str = "") -> None:
        """Take `amount` off, down to zero."""
        self.change(lambda before: max(ZERO, before - amount), check, rule, why, about=about)

    def credited(self, credits: Sequence[Credit], *, own: Decimal = ZERO, about: str = "") -> Decimal:
        """Take refunds and credits off the cost, before any limit; returns how much was taken. Rule `credits`."""
        before = self.amount
        total = own + sum((credit.amount for credit in credits), ZERO)
        self.less(total, "credit-applied", "credits", lambda: credit_message(credits, own), about=about)
        return before - self.amount

    def change(
        self, apply: Callable[[Decimal], Decimal], check: str, rule: str, why: Why, *, about: str = ""
    ) -> None:
        """Apply a rule to the amount; a step is remembered when it changed something."""
        before, after = self.amount, apply(self.amount)
        if after != before:
            said = why() if callable(why) else why
            self._taken.append((len(self._rules), check, rule, before, after, said, about))
            self.amount = after
        self._rules.append(apply)

    def finished(self) -> tuple[Step, ...]:
        """The steps, each with what waiving it alone would gain."""
        if not self._taken:
            return ()
        return tuple(
            Step(
                check,
                rule,
                before,
                after,
                for_reviewer(why),
                self._without(waived) - self.amount,
                about,
                only_for_agency(why),
            )
            for waived, check, rule, before, after, why, about in self._taken
        )

    def _without(self, waived: int) -> Decimal:
        amount = self.start
        for number, apply in enumerate(self._rules):
            if number != waived:
                amount = apply(amount)
        return amount
