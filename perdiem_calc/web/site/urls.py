"""The addresses of all pages."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from perdiem_calc.web.site.views import (
    accounts,
    claims,
    common,
    deciding,
    documents,
    importing,
    people,
    planning,
    prepare,
    rates,
    review,
    signing,
)


class DayConverter:
    """A day in an address, like 2026-10-04."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The day; ValueError, which is a 404, where there is none."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """The day as text."""
        return str(value)


register_converter(DayConverter, "day")

urlpatterns = [
    path("", claims.claims, name="claims"),
    path("open/<str:token>", common.open_up, name="open"),
    path("claims/new", claims.new, name="new"),
    path("claims/import", importing.import_claim, name="import"),
    path("claims/import/<int:number>", importing.take, name="take"),
    path("claims/<int:pk>/", claims.task_list, name="tasks"),
    path("claims/<int:pk>/agency", prepare.section, {"slug": "agency"}, name="agency"),
    path("claims/<int:pk>/course", prepare.section, {"slug": "course"}, name="course"),
    path("claims/<int:pk>/nights", prepare.nights, name="nights"),
    path("claims/<int:pk>/nights/<day:on>", prepare.day, name="day"),
    path("claims/<int:pk>/expenses", prepare.expenses, name="expenses"),
    path("claims/<int:pk>/documents", documents.documents, name="documents"),
    path("claims/<int:pk>/documents/<int:number>", documents.document, name="document"),
    path("claims/<int:pk>/documents/<int:number>/remove", documents.remove, name="document_remove"),
    path("claims/<int:pk>/check", prepare.check, name="check"),
    path("claims/<int:pk>/certify", prepare.certify, name="certify"),
    path("claims/<int:pk>/workbook", claims.workbook, name="workbook"),
    path("claims/<int:pk>/json", claims.export, name="export"),
    path("claims/<int:pk>/send", claims.send, name="send"),
    path("claims/<int:pk>/withdraw", claims.withdraw, name="withdraw"),
    path("claims/<int:pk>/correct", claims.correct, name="correct"),
    path("claims/<int:pk>/versions", claims.versions, name="versions"),
    path("claims/<int:pk>/delete", claims.ask_delete, name="delete"),
    path("claims/<int:pk>/undelete", claims.undelete, name="undelete"),
    path("claims/<int:pk>/list/<slug:slug>", prepare.items, name="items"),
    path("claims/<int:pk>/list/<slug:slug>/add", prepare.item, name="item_add"),
    path("claims/<int:pk>/list/<slug:slug>/<int:number>", prepare.item, name="item"),
    path("claims/<int:pk>/list/<slug:slug>/<int:number>/remove", prepare.item_delete, name="item_delete"),
    path("inbox", review.inbox, name="inbox"),
    path("review/", review.queue, name="queue"),
    path("review/<int:pk>/", review.claim, name="review"),
    path("review/<int:pk>/take", review.take, name="review_take"),
    path("review/<int:pk>/give-back", review.give_back, name="review_give_back"),
    path("review/<int:pk>/file", review.submitted, name="submitted"),
    path("review/<int:pk>/documents/<int:number>", review.submitted_document, name="submitted_document"),
    path("review/<int:pk>/decide", deciding.decide, name="decide"),
    path("review/<int:pk>/done", deciding.done, name="done"),
    path("review/<int:pk>/done/<slug:kind>", deciding.product, name="product"),
    path("ledger/payments/file", accounts.pay_many, name="pay_many"),
    path("ledger/<slug:table>", accounts.ledger, name="ledger"),
    path("ledger/<slug:table>/export/<slug:kind>", accounts.ledger_export, name="ledger_export"),
    path("ledger/officers/<int:sro>/", accounts.officer, name="officer"),
    path("ledger/officers/<int:sro>/pay/<str:claim_id>", accounts.pay, name="pay"),
    path("rate", rates.rate, name="rate"),
    path("budget", planning.budget, name="budget"),
    path("sites", planning.sites, name="sites"),
    path("plans/<str:token>", planning.plan, name="plan"),
    path("plans/<str:token>/<str:name>", planning.plan_file, name="plan_file"),
    path("help", common.help_page, name="help"),
    path("help/papers", common.papers, name="papers"),
    path("help/<slug:name>", common.guide, name="guide"),
    path("sign-in", signing.office_only(signing.SignIn.as_view()), name="sign_in"),
    path("sign-out", signing.office_only(signing.SignOut.as_view()), name="sign_out"),
    path("signed-out", signing.office_only(signing.signed_out), name="signed_out"),
    path(
        "choose-password/<uidb64>/<token>",
        signing.office_only(signing.ChoosePassword.as_view()),
        name="choose_password",
    ),
    path("password", signing.office_only(signing.ChangePassword.as_view()), name="password"),
    path("stay", signing.stay, name="stay"),
    path("discard", signing.discard, name="discard"),
    path("people", people.everyone, name="people"),
    path("people/<int:pk>", people.person, name="person"),
    path("about", common.about, name="about"),
    path("accessibility", common.accessibility, name="accessibility"),
]
handler400 = common.bad_request
handler403 = common.forbidden
handler404 = common.not_found
handler500 = common.failed
