"""Who may open which page: permissions.toml, and nothing else. A page that it does not name is closed to all."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

ROLES: Mapping[str, str] = {
    "preparer": "Preparer",
    "reviewer": "Reviewer",
    "accountant": "Accountant",
    "analyst": "Analyst",
    "manager": "Manager",
}
"""The roles with the words for them."""
TABLE = Path(__file__).with_name("permissions.toml")


@cache
def permissions() -> Mapping[str, frozenset[str]]:
    """The pages by role, and those for `anyone` and for all who are `signed_in`, by their names in urls.py."""
    return {who: frozenset(pages) for who, pages in tomllib.loads(TABLE.read_text(encoding="utf-8")).items()}


def roles_of(user: Any) -> frozenset[str]:
    """The roles of a user who is signed in: on one's own computer all but the manager's."""
    if not user.is_authenticated:
        return frozenset()
    if not settings.SERVING.is_office:
        return frozenset(ROLES) - {"manager"}
    member = getattr(user, "member", None)
    return frozenset() if member is None else frozenset({member.role})


def may_open(user: Any, page: str) -> bool:
    """Whether the user may open the page of this name."""
    if page in permissions()["anyone"]:
        return True
    roles = roles_of(user)
    return bool(roles) and any(page in permissions()[who] for who in ("signed_in", *roles))
