"""Signing in and out, choosing a password, and staying signed in: the pages of an office server's door."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView, PasswordResetConfirmView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from perdiem_calc.web.site.navigation import home_of
from perdiem_calc.web.site.sessions import KEPT, address_of, drop, kept_for, page_to_open
from perdiem_calc.web.site.settings import LOCKED
from perdiem_calc.web.site.views.common import closed, problem

log = logging.getLogger("perdiem.web")
View = Callable[..., HttpResponseBase]


def office_only(view: View) -> View:
    """A page that one's own computer has not."""

    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.SERVING.is_office:
            if request.user.is_authenticated:
                raise Http404
            return closed(request)
        return view(request, *args, **kwargs)

    return shown


class _Unprocessable:
    """A form that cannot be accepted is answered as such."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """The page again, with the errors."""
        errors = [
            (form[name].id_for_label if name in form.fields else "", str(error))
            for name, found in form.errors.items()
            for error in found
        ]
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form, errors=errors))  # type: ignore[attr-defined]  # of the view that this is mixed into
        response.status_code = 422
        return response


def in_boxes(form: forms.BaseForm) -> None:
    """Give the fields of one of Django's forms the look of ours."""
    for field in form.fields.values():
        field.widget.attrs["class"] = "box medium"
        field.error_messages["required"] = f"Answer this: {field.label}"
        field.widget.attrs.pop("autofocus", None)


class NameAndPassword(AuthenticationForm):
    """Name and password. A wrong name, a wrong password and a closed account get the same answer."""

    error_messages = {  # noqa: RUF012 - Django's own shape
        "invalid_login": "The name or the password is wrong. Both matter to the letter: check Caps Lock.",
        "inactive": "The name or the password is wrong. Both matter to the letter: check Caps Lock.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Name"
        in_boxes(self)


class SignIn(_Unprocessable, LoginView):
    """Sign in. What this user typed when an earlier session had ended is kept; what another typed is not."""

    template_name = "web/sign_in.html"
    form_class = NameAndPassword
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Begin a session."""
        user = form.get_user()
        kept = kept_for(self.request, user)
        response = super().form_valid(form)
        self.request.session.cycle_key()
        self.request.session.clear_expired()
        self.request.session.pop(KEPT, None)
        if kept:
            self.request.session[KEPT] = kept
            response = redirect(page_to_open(kept))
        log.info("user %d signed in from %s", user.pk, address_of(self.request))
        return response

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """The page again."""
        log.info("sign-in refused from %s", address_of(self.request))
        return super().form_invalid(form)

    def get_default_redirect_url(self) -> str:
        """The start page of who signed in."""
        return home_of(self.request.user)


class SignOut(LogoutView):
    """Sign out, and forget what was typed."""


class _NewPassword(_Unprocessable):
    """A form in which a new password is typed twice."""

    def get_form(self, form_class: Any = None) -> Any:
        """The form."""
        form = super().get_form(form_class)  # type: ignore[misc]  # of the view that this is mixed into
        form.fields["new_password2"].label, form.fields["new_password2"].help_text = "New password, again", ""
        in_boxes(form)
        return form


class ChoosePassword(_NewPassword, PasswordResetConfirmView):
    """Choose the first password, or a new one after a reset, by the link that the manager handed over."""

    template_name = "web/choose_password.html"
    success_url = reverse_lazy("sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the password."""
        response = super().form_valid(form)
        messages.success(self.request, "Your password is set. Sign in with it.")
        return response


class ChangePassword(_NewPassword, PasswordChangeView):
    """Change one's own password; the other sessions of the user end."""

    template_name = "web/password.html"

    def get_success_url(self) -> str:
        """The start page."""
        return home_of(self.request.user)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the password."""
        response = super().form_valid(form)
        messages.success(self.request, "Your password is changed. You were signed out everywhere else.")
        return response


def signed_out(request: HttpRequest) -> HttpResponse:
    """After signing out."""
    return render(request, "web/signed_out.html")


def locked(request: HttpRequest, response: object = None, credentials: object = None) -> HttpResponse:
    """Too many wrong passwords."""
    minutes = int(LOCKED.total_seconds()) // 60
    log.warning("sign-in locked for %s", address_of(request))
    return problem(
        request,
        429,
        "Too many tries",
        f"A wrong password was given for this name several times. It is locked here for {minutes} minutes.",
        f"Wait {minutes} minutes, and sign in again.",
        "If you do not know the password any more, ask the person who manages the accounts for a new one.",
    )


def stay(request: HttpRequest) -> HttpResponse:
    """Stay signed in: the session goes on, and a header says for how long."""
    return HttpResponse(status=204)


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw away what was kept when a session had ended."""
    drop(request.session, str(request.POST.get("path", "")))
    page = str(request.POST.get("page", ""))
    is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return redirect(page if page.startswith("/") and is_ours else home_of(request.user))
