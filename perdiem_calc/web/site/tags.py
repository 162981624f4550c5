"""What templates can say beyond Django: amounts, days and words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template

from perdiem_calc.money import in_dollars
from perdiem_calc.web.answers import us_day
from perdiem_calc.web.site.roles import may_open

register = template.Library()


@register.filter
def dollars(amount: Decimal | None) -> str:
    """An amount in dollars; nothing for None."""
    return in_dollars(amount) if amount is not None else ""


@register.filter
def us(day: date | datetime | None) -> str:
    """A day as Americans write it."""
    return us_day(day) if day is not None else ""


@register.filter
def may(user: Any, page: str) -> bool:
    """Whether a user may open the page of a name."""
    return may_open(user, page)
