"""People: who has an account on this office server, with which role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from perdiem_calc.errors import InputError
from perdiem_calc.text import capitalized
from perdiem_calc.web.site import people
from perdiem_calc.web.site.models import Member
from perdiem_calc.web.site.roles import ROLES
from perdiem_calc.web.site.views.signing import in_boxes

USES = {
    "preparer": "prepares the claims of an agency",
    "reviewer": "audits and decides claims",
    "accountant": "enters payments",
    "analyst": "compares sites and plans budgets",
    "manager": "adds people and gives roles",
}


class RoleAndAgency(forms.Form):
    """What a person does here, and for which agency."""

    role = forms.ChoiceField(
        label="Role", choices=[("", "Choose"), *((role, f"{ROLES[role]}: {use}") for role, use in USES.items())]
    )
    agency = forms.CharField(
        label="Agency",
        required=False,
        max_length=people.MOST_AGENCY,
        help_text="For a preparer: whose claims. For a reviewer: the agency whose claims this person may not decide.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_boxes(self)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def refuse(self, error: InputError) -> None:
        """Show an error at the field that it is about."""
        text = f"{capitalized(error.what)}{'' if error.what.endswith('.') else '.'}"
        self.add_error(error.where if error.where in self.fields else None, f"{text} {capitalized(error.fix)}.")

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The errors, each with the id that its link focuses."""
        return [
            (self[name].id_for_label if name in self.fields else "", str(error))
            for name, found in self.errors.items()
            for error in found
        ]


class NewPerson(RoleAndAgency):
    """A person to add."""

    name = forms.CharField(label="Name to sign in with", max_length=150, help_text="Like ann.lee. It cannot change.")
    field_order = ("name", "role", "agency")


def everyone(request: HttpRequest) -> HttpResponse:
    """The list, and a form to add a person."""
    form = NewPerson(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            member = people.add(answers["name"], answers["role"], answers["agency"])
        except InputError as error:
            form.refuse(error)
        else:
            return _invited(request, member)
    more = {"form": form, "errors": form.summary, "members": [_row(one) for one in people.members()]}
    return render(request, "web/people.html", more, status=422 if form.errors else 200)


def _row(member: Member) -> dict[str, Any]:
    user = member.user
    state = "Closed" if not user.is_active else "Open" if user.has_usable_password() else "Password not chosen yet"
    return {"member": member, "user": user, "role": ROLES.get(member.role, member.role), "state": state}


def _invited(request: HttpRequest, member: Member) -> HttpResponse:
    """The link for a new password: shown once, to the manager who asked for it."""
    link = request.build_absolute_uri(people.invitation(member))
    return render(request, "web/invited.html", {"member": member, "link": link})


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: role and agency, sessions, password, and closing the account."""
    member = Member.objects.select_related("user").filter(pk=pk).first()
    if member is None:
        raise Http404
    do = request.POST.get("do") if request.method == "POST" else None
    typed = request.POST if do == "change" else None
    form = RoleAndAgency(typed, initial={"role": member.role, "agency": member.agency})
    try:
        if do == "change" and form.is_valid():
            people.change(member, form.cleaned_data["role"], form.cleaned_data["agency"])
            return _done(request, f"{member.user.username} was changed, and signed out everywhere.")
        if do == "end":
            people.end_sessions(member)
            return _done(request, f"{member.user.username} was signed out everywhere.")
        if do == "reset":
            people.reset(member)
            return _invited(request, member)
        if do == "close":
            people.close(member)
            return _done(request, f"The account of {member.user.username} is closed. The claims are kept.")
    except InputError as error:
        if typed is None:
            messages.error(request, f"{capitalized(error.what)}. {capitalized(error.fix)}.")
            return redirect("person", pk)
        form.refuse(error)
    more = {**_row(member), "form": form, "errors": form.summary}
    return render(request, "web/person.html", more, status=422 if form.errors else 200)


def _done(request: HttpRequest, what: str) -> HttpResponse:
    messages.success(request, what)
    return redirect("people")
