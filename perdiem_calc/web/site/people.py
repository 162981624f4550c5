"""The people of an office server: who has an account, with which role. The page and the command share these rules."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from perdiem_calc.errors import InputError
from perdiem_calc.text import why_no_line
from perdiem_calc.web.site.models import Member
from perdiem_calc.web.site.roles import ROLES
from perdiem_calc.web.site.views.common import OWNER

MOST_AGENCY = 200


def members() -> list[Member]:
    """Everyone who has an account, by name."""
    return list(Member.objects.select_related("user").order_by("user__username"))


def member_named(name: str) -> Member:
    """The person with a name. Raises InputError where there is none."""
    found = Member.objects.select_related("user").filter(user__username=name).first()
    if found is None:
        raise InputError("web.account.unknown", f"no one has the name {name!r}", fix="see: perdiem users list")
    return found


def check_password(password: str, user: Any = None) -> None:
    """Raise InputError for a password that is easy to guess."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        why = " ".join(error.messages)
        raise InputError("web.password.weak", why, where="password", fix="choose another, of a few words") from None


def add(name: str, role: str, agency: str, password: str | None = None) -> Member:
    """Make an account. Without a password it opens once its owner has chosen one, by the link of `invitation`.

    Raises InputError for a name that is taken or cannot be one, and for a role there is not.
    """
    users = get_user_model()
    name = users.normalize_username(name.strip())
    if users.objects.filter(username__iexact=name).exists() or name.lower() == OWNER:
        raise InputError("web.account.taken", f"the name {name!r} is taken", where="name", fix="choose another")
    user = users(username=name)
    if password is None:
        user.set_unusable_password()
    else:
        check_password(password, user)
        user.set_password(password)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        why = " ".join(error.messages)
        fix = "use letters, digits and . - _ @ +, like ann.lee"
        raise InputError("web.account.invalid", why, where="name", fix=fix) from None
    member = Member(user=user, role=checked_role(role), agency=checked_agency(agency))
    with transaction.atomic():
        user.save()
        member.save()
    return member


def checked_role(role: str) -> str:
    """A role. Raises InputError where there is no such."""
    if role not in ROLES:
        raise InputError(
            "web.role.unknown", f"{role!r} is no role", where="role", fix=f"possible: {', '.join(ROLES)}"
        )
    return role


def checked_agency(agency: str) -> str:
    """The name of an agency, or nothing. Raises InputError for what is no line of text."""
    agency = agency.strip()
    why = why_no_line(agency, MOST_AGENCY) if agency else ""
    if why:
        raise InputError("web.agency.invalid", why, where="agency", fix="type the agency's name")
    return agency


def change(member: Member, role: str, agency: str) -> None:
    """Give a person another role or agency, and end the person's sessions. Raises InputError for the last manager."""
    role, agency = checked_role(role), checked_agency(agency)
    with transaction.atomic():
        if role != "manager":
            _keep_a_manager(member)
        Member.objects.filter(pk=member.pk).update(role=role, agency=agency)
        end_sessions(member)


def end_sessions(member: Member) -> None:
    """Sign a person out everywhere."""
    with transaction.atomic():
        current = Member.objects.select_for_update().get(pk=member.pk)
        current.generation += 1
        current.save(update_fields=["generation"])
    member.refresh_from_db()


def reset(member: Member, password: str | None = None) -> None:
    """Take away the password, or replace it, and end the person's sessions; an account that was closed opens again.

    Raises InputError for a password that is easy to guess.
    """
    user = member.user
    if password is None:
        user.set_unusable_password()
    else:
        check_password(password, user)
        user.set_password(password)
    user.is_active = True
    with transaction.atomic():
        user.save()
        end_sessions(member)


def close(member: Member) -> None:
    """Let a person sign in no more; the claims stay. Raises InputError for the last manager."""
    with transaction.atomic():
        _keep_a_manager(member)
        member.user.is_active = False
        member.user.save(update_fields=["is_active"])
        end_sessions(member)


def _keep_a_manager(member: Member) -> None:
    managers = Member.objects.select_for_update().filter(role="manager", user__is_active=True)
    if {one.pk for one in managers} == {member.pk}:
        raise InputError(
            "web.manager.last",
            f"there is no other manager than {member.user.username}",
            where="role",
            fix="make another person a manager first",
        )


def invitation(member: Member) -> str:
    """The path of the page where a person chooses a password: it works once, and for three days."""
    key = urlsafe_base64_encode(force_bytes(member.user.pk))
    return reverse("choose_password", args=(key, default_token_generator.make_token(member.user)))
