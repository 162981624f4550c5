"""The ledger as pages: officers, payments, what is left; the accountant enters what became of the payments."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from perdiem_calc.auditing.accounts_workbook import write_accounts
from perdiem_calc.errors import InputErrors, PerdiemError
from perdiem_calc.ledger import Ledger, PaymentOrder
from perdiem_calc.ledger.accounts import TABLES, AccountTable, TableName
from perdiem_calc.ledger.paying import STATUSES
from perdiem_calc.ledger.payment_file import order_of, parse_payments
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.text import capitalized
from perdiem_calc.web.answers import us_day
from perdiem_calc.web.output import XLSX
from perdiem_calc.web.site import reviewing
from perdiem_calc.web.site.roles import may_open
from perdiem_calc.web.site.settings import LARGEST_FILE
from perdiem_calc.web.site.views.common import problem, too_large
from perdiem_calc.web.site.views.review import asks_ledger, is_office

TITLES: Mapping[TableName, str] = {
    "officers": "Officers",
    "payables": "To pay",
    "payments": "Payments",
    "reconciliation": "Reconciliation",
}
WORDS = {
    "scheduled": "Scheduled: it will be paid on that day",
    "paid": "Paid",
    "void": "Void: the check was lost or came back",
    "reissued": "Reissued: the void amount was paid again",
    "recovered": "Recovered: the agency paid back",
}
DECIDED_BY_YOU = "You decided on claim {claim_id}, so another person enters its payment."
_FIELDS = {"--number": "number", "--on": "date", "--amount": "amount", "--reason": "reason", "--method": "method"}


def _table_named(name: str) -> TableName:
    for table in TABLES:
        if table == name:
            return table
    raise Http404


def _shown(table: AccountTable, numbers: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    """The rows with their cells as text, and the number of the officer."""
    rows = []
    for row in table.rows:
        cells = []
        for column in table.columns:
            value = row[column.key]
            text = "" if value is None else str(value)
            if value is not None and column.kind == "amount":
                text = in_dollars(value)
            elif value is not None and column.kind == "date":
                text = us_day(value)
            cells.append((column, text))
        key = (str(row.get("award_number", "")), str(row.get("officer", "")))
        rows.append({"cells": cells, "sro": numbers.get(key), "row": row})
    return rows


def _numbers(ledger: Ledger) -> dict[tuple[str, str], int]:
    rows = ledger.table("officers").rows
    return {(str(row["award_number"]), str(row["officer"])): int(row["sro"]) for row in rows}


def _totals(table: AccountTable) -> list[str]:
    """What a table adds up below."""
    return [
        in_dollars(sum((row[column.key] for row in table.rows), ZERO))
        if column.total and column.kind == "amount"
        else ""
        for column in table.columns
    ]


@asks_ledger
def ledger(request: HttpRequest, table: str = "officers") -> HttpResponse:
    """One of the ledger's tables."""
    name = _table_named(table)
    with reviewing.ledger_of(request.user) as opened:
        found, numbers = opened.table(name), _numbers(opened)
    more = {
        "title": TITLES[name],
        "name": name,
        "tabs": TITLES.items(),
        "table": found,
        "rows": _shown(found, numbers),
        "totals": _totals(found),
        "may_pay": may_open(request.user, "pay"),
        "errors": [],
    }
    return render(request, "web/ledger.html", more)


@asks_ledger
def officer(request: HttpRequest, sro: int) -> HttpResponse:
    """The claims, decisions and payments of an officer, each with who, when and why."""
    with reviewing.ledger_of(request.user) as opened:
        row = next((one for one in opened.table("officers").rows if one["sro"] == sro), None)
        if row is None:
            raise Http404
        claims, history = opened.claims(sro), opened.history(sro)
        standings = opened.standings([one.content_sha256 for one in claims])
        spellings = opened.spellings(sro)
    more = {
        "row": row,
        "sro": sro,
        "claims": [(one, standings[one.content_sha256]) for one in claims],
        "history": history,
        "spellings": spellings,
        "may_pay": may_open(request.user, "pay"),
    }
    return render(request, "web/officer.html", more)


@asks_ledger
def pay(request: HttpRequest, sro: int, claim_id: str) -> HttpResponse:
    """Enter what became of the payment of one claim."""
    with reviewing.ledger_of(request.user) as opened:
        claim = next((one for one in opened.claims(sro) if one.claim_id == claim_id), None)
        if claim is None:
            raise Http404
        standing = opened.standings([claim.content_sha256])[claim.content_sha256]
        errors: list[tuple[str, str]] = []
        names = ("status", "number", "date", "method", "amount", "reason")
        asked = {name: str(request.POST.get(name, "")) for name in names}
        if request.method == "POST":
            try:
                order = order_of({**asked, "claim_id": claim_id, "sro": str(sro)})
                if why := _decided_by_user(request, opened, [order]):
                    return _refused(request, why)
                done = opened.pay([order])[0]
            except PerdiemError as error:
                errors = _said(error)
            else:
                messages.success(request, f"{done.claim_id}: {done}.")
                return redirect("officer", sro)
    more = {
        "claim": claim,
        "standing": standing,
        "sro": sro,
        "asked": asked if request.method == "POST" else {**asked, "status": _likely(standing)},
        "statuses": [(one, WORDS[one]) for one in STATUSES],
        "errors": errors,
    }
    return render(request, "web/pay.html", more, status=422 if errors else 200)


def _likely(standing: Any) -> str:
    if standing.voided:
        return "reissued"
    if standing.due < 0:
        return "recovered"
    return "paid" if standing.due else "void"


def _said(error: PerdiemError) -> list[tuple[str, str]]:
    every = error.errors if isinstance(error, InputErrors) else (error,)
    labels = {"number": "Number", "date": "Day", "amount": "Amount", "reason": "Reason", "method": "Method"}
    found = []
    for one in every:
        field = _FIELDS.get(one.where, "")
        words = f"{labels[field]} {one.what}" if field else f"{one.where}: {one.what}" if one.where else one.what
        found.append((field, capitalized(f"{words}; {one.fix}" if one.fix else words)))
    return found


def _decided_by_user(request: HttpRequest, opened: Ledger, orders: Sequence[PaymentOrder]) -> str:
    """Why this user does not enter these payments: who decides on a claim does not pay it, in an office."""
    if not is_office():
        return ""
    name = reviewing.name_of(request.user)
    for order in orders:
        numbers = [order.sro] if order.sro is not None else list(_numbers(opened).values())
        for sro in numbers:
            decided = [one for one in opened.history(sro) if one["what"] in ("accept", "adjust", "return")]
            if any(one["claim_id"] == order.claim_id and one["recorded_by"] == name for one in decided):
                return DECIDED_BY_YOU.format(claim_id=order.claim_id)
    return ""


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return problem(request, 403, "Another person enters this payment", why, "Nothing was recorded.")


@asks_ledger
def pay_many(request: HttpRequest) -> HttpResponse:
    """Enter many payments from a CSV file, all or none."""
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        given = request.FILES.get("file")
        if given is None:
            errors = [("file", "Choose a file first.")]
        elif (given.size or 0) > LARGEST_FILE:
            return too_large(request)
        else:
            with reviewing.ledger_of(request.user) as opened:
                try:
                    orders = parse_payments(given.read())
                    if why := _decided_by_user(request, opened, orders):
                        return _refused(request, why)
                    done = opened.pay(orders)
                except PerdiemError as error:
                    errors = [("file", text) for _, text in _said(error)]
                else:
                    messages.success(request, f"{len(done)} payments were entered.")
                    return redirect("ledger", "payments")
    return render(request, "web/pay_many.html", {"errors": errors}, status=422 if errors else 200)


@asks_ledger
def ledger_export(request: HttpRequest, table: str, kind: str) -> HttpResponse:
    """A table as a workbook or CSV, as the command line exports it."""
    name = _table_named(table)
    if kind not in ("csv", "xlsx"):
        raise Http404
    with (
        tempfile.TemporaryDirectory(prefix="perdiem-", dir=settings.SERVING.data) as folder,
        reviewing.ledger_of(request.user) as opened,
    ):
        file = Path(folder) / f"{name}.{kind}"
        if kind == "csv":
            opened.export(file, name)
        else:
            names: list[TableName] = ["reconciliation", "officers"] if name == "reconciliation" else [name]
            write_accounts(file, [opened.table(one) for one in names], reviewing.today())
        content = file.read_bytes()
    response = HttpResponse(content, content_type=XLSX if kind == "xlsx" else "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
