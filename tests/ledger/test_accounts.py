"""The tables for an accountant add up to the ledger, to the cent, as CSV and as an Excel workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perdiem_calc.auditing.accounts_workbook import write_accounts
from perdiem_calc.dated import Law
from perdiem_calc.history.roster import Roster, RosterEntry
from perdiem_calc.ledger import AccountTable, Ledger, PaymentOrder
from perdiem_calc.ledger.accounts import TABLES
from perdiem_calc.money import ZERO
from tests.support.ledgers import AWARD, begun, corrects, course_on, enter, entry

ON = date(2026, 11, 20)
JACKSONVILLE = "Jacksonville Police Department"


@pytest.fixture
def ledger(tmp_path: Path, law: Law) -> Iterator[Ledger]:
    """Ann's quarter, the claims of October trips but one of September.

    Reyes: A-1 $700.00 paid; A-2 corrects it to $550.00, so $150.00 comes back, of which $100.00 did.
    Cole: $400.00 before the ledger; B-1 $300.00 paid, void. Ito: C-1 $90.25 scheduled. Park: D-1 sent back.
    Ray: E-1, a trip of September (fiscal year 2026), $80.10 paid, void and reissued.
    """
    with begun(str(tmp_path / "ledger.sqlite"), law) as ledger:
        paid_before = RosterEntry(AWARD, "Dana Cole", "", Decimal("400.00"), 2)
        ledger.import_roster(Roster("roster.csv", "x", (paid_before,)), law)
        enter(ledger, entry("A-1", "700.00", paid_on=ON, reference="CK-1"), law)
        enter(ledger, entry("A-2", "550.00", fields=corrects("A-1")), law)
        enter(ledger, entry("B-1", "300.00", "Dana Cole", paid_on=ON, reference="CK-2"), law)
        enter(ledger, entry("C-1", "90.25", "Sam Ito"), law)
        enter(ledger, entry("D-1", "50.00", "Lee Park", verdict="return", reason="unsigned"), law)
        september = course_on("2026-09-30")
        enter(ledger, entry("E-1", "80.10", "Kim Ray", paid_on=ON, reference="CK-3", fields=september), law)
        ledger.pay(
            [
                PaymentOrder("A-2", "recovered", "DEP-1", ON, amount=Decimal("100.00")),
                PaymentOrder("B-1", "void", "CK-2", ON, reason="=lost"),
                PaymentOrder("C-1", "scheduled", on=date(2026, 12, 15)),
                PaymentOrder("E-1", "void", "CK-3", ON, reason="returned"),
                PaymentOrder("E-1", "reissued", "CK-4", ON, method="ACH"),
            ]
        )
        yield ledger
        assert ledger.problems() == []


def total(table: AccountTable, key: str) -> Decimal:
    return sum((row[key] for row in table.rows), ZERO)


def test_payables_are_what_to_pay_to_reissue_and_to_recover(ledger: Ledger) -> None:
    rows = ledger.table("payables").rows
    assert [(row["what"], row["claim_id"], str(row["amount"]), row["due_on"]) for row in rows] == [
        ("recover", "A-2", "-50.00", None),
        ("reissue", "B-1", "300.00", None),
        ("pay", "C-1", "90.25", date(2026, 12, 15)),
    ]
    payee = rows[2]
    assert (payee["payee"], payee["agency"]) == (JACKSONVILLE, JACKSONVILLE)
    assert (payee["award_number"], payee["officer"]) == (AWARD, "Sam Ito")
    assert "Jacksonville" in payee["remit_to"]


def test_the_reconciliation_is_by_award_agency_and_quarter(ledger: Ledger) -> None:
    """October: claimed 560.00 (A-2) + 310.00 + 100.25 + 60.00 (each ten dollars above what is allowable)."""
    rows = [{key: str(value) for key, value in row.items()} for row in ledger.table("reconciliation").rows]
    amounts = ("paid_before", "approved", "paid", "void", "recovered", "open")
    found = [
        (row["agency"], row["fiscal_year"], row["quarter"], row["officers"], row["claims"], row["claimed"],
         *(row[name] for name in amounts))
        for row in rows
    ]  # fmt: skip
    assert found == [
        ("", "2027", "1", "1", "0", "0.00", "400.00", "0.00", "0.00", "0.00", "0.00", "0.00"),
        (JACKSONVILLE, "2026", "4", "1", "1", "90.10", "0.00", "80.10", "160.20", "80.10", "0.00", "0.00"),
        (JACKSONVILLE, "2027", "1", "4", "4", "1030.25", "0.00", "940.25", "1000.00", "300.00", "100.00", "340.25"),
    ]


def test_of_each_officer_it_is_said_what_is_left(ledger: Ledger) -> None:
    left = {row["officer"]: (str(row["open"]), str(row["left"])) for row in ledger.table("officers").rows}
    assert left == {
        "Dana Cole": ("300.00", "600.00"), "Jordan Reyes": ("-50.00", "450.00"), "Sam Ito": ("90.25", "909.75"),
        "Lee Park": ("0.00", "1000.00"), "Kim Ray": ("0.00", "919.90"),
    }  # fmt: skip


def test_the_tables_add_up_to_the_ledger(ledger: Ledger) -> None:
    """$700.00 - $150.00 + $300.00 + $90.25 + $80.10 are approved; of it $600.00 and $80.10 are out."""
    payables, payments, reconciliation, officers = map(ledger.table, TABLES)
    for table in (reconciliation, officers):
        assert total(table, "approved") == Decimal("1020.35")
        assert total(table, "open") == total(payables, "amount") == Decimal("340.25")
        moved = total(table, "paid") - total(table, "void") - total(table, "recovered")
        assert moved == total(payments, "amount") == Decimal("680.10")
        assert total(table, "paid_before") == Decimal("400.00")
    signs = {"lowered": -1, "approved": 1}
    held = [row for row in ledger.entries() if row["entry"] == "payment"]
    cents = sum(signs.get(row["kind"], 0) * row["amount_cents"] for row in held)
    assert cents == 102035
    used = {row["officer"]: ledger.balance(AWARD, row["officer"], ON) for row in officers.rows}
    assert {name: one.remaining for name, one in used.items()} == {
        row["officer"]: row["left"] for row in officers.rows
    }


def test_csv_has_the_same_rows_and_no_formula(ledger: Ledger, tmp_path: Path) -> None:
    for name in TABLES:
        target = tmp_path / f"{name}.csv"
        table = ledger.table(name)
        assert ledger.export(target, name) == len(table.rows)
        with open(target, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for column in table.columns:
            if column.kind == "amount":
                assert [Decimal(row[column.key]) for row in rows] == [row[column.key] for row in table.rows]
            if column.kind == "text":
                assert not any(row[column.key].startswith(("=", "+", "-", "@")) for row in rows)
    assert "'=lost" in (tmp_path / "payments.csv").read_text()


def test_the_workbook_computes_its_totals(ledger: Ledger, tmp_path: Path) -> None:
    tables = [ledger.table(name) for name in TABLES]
    write_accounts(tmp_path / "accounts.xlsx", tables, ON)
    formulas: Any = load_workbook(tmp_path / "accounts.xlsx")
    values: Any = load_workbook(tmp_path / "accounts.xlsx", data_only=True)
    for table in tables:
        sheet, shown = formulas[table.name.title()], values[table.name.title()]
        headers = {cell.value: cell.column for row in sheet.iter_rows() for cell in row}
        for column in table.columns:
            if column.total and column.kind == "amount":
                at = headers[column.header]
                last = max(cell.row for cell in sheet[sheet.cell(1, at).column_letter] if cell.value is not None)
                assert "SUM(" in sheet.cell(last, at).value
                assert Decimal(str(shown.cell(last, at).value)) == total(table, column.key)
        reasons = [cell.value for row in sheet.iter_rows() for cell in row if cell.value == "=lost"]
        assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value in reasons)
