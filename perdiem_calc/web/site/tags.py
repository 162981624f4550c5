"""What templates can say beyond Django: amounts, days and words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template

from perdiem_calc.money import in_dollars
from perdiem_calc.web.answers import us_day

register = template.Library()


@register.filter
def dollars(amount: Decimal | None) -> str:
    """An amount in dollars; nothing for None."""
    return in_dollars(amount) if amount is not None else ""


@register.filter
def money(amount: str | None) -> str:
    """An amount of a record, a decimal text, in dollars; nothing for None."""
    return in_dollars(Decimal(amount)) if amount is not None else ""


@register.filter
def percent(share: str | None) -> str:
    """A share of a record, like 0.7560, in percent.

    >>> percent("0.7560")
    '75.6%'
    """
    return f"{100 * Decimal(share):.1f}%" if share is not None else ""


@register.filter
def us(day: date | datetime | None) -> str:
    """A day as Americans write it."""
    return us_day(day) if day is not None else ""
