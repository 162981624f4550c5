"""The computed cells: the formula of each box and of each column, by defined name.

Writer and comparison are loops over `BOXES`, the computed columns of the tables, the rows of Check and the blocks of
Workings. A formula is written for the place at which its cell stands, so that it is known in a form in which rows and
columns were inserted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from perdiem_calc.dated import Law
from perdiem_calc.workbook.form import checks, formulas
from perdiem_calc.workbook.form.layout import LETTERS, Area, Kind
from perdiem_calc.workbook.form.table import DAY, DAYS, EXPENSE, EXPENSES, Table

GROUPS = (
    ("lodging", "Lodging"),
    ("lodging_tax", "Lodging tax"),
    ("mie", "M&IE"),
    ("transportation", "Transportation"),
    ("other", "Other"),
    ("credits", "Refunds and credits"),
)
TOTAL = ("total", "Total")
TOTAL_NAMES = {"total_claimed_total": "claimed_total", "total_allowed_total": "allowable_total"}
BESIDE = {
    "cap_limit": (33, "Limit for each officer"),
    "previously_reimbursed": (34, "Paid by NASRO before"),
    "cap_left": (35, "Left of the limit"),
    "over_ceiling_total": (36, "Agency pays: above the room limit"),
    "not_allowable_total": (37, "Agency pays: not allowed"),
    "over_cap_total": (38, "Agency pays: above the limit"),
    "payable": (42, "Payable by NASRO"),
    "agency_share": (43, "Agency pays"),
}
TOTALS = {
    "lodging_claimed_total": "ROUND(SUM(w_claimed),2)",
    "lodging_allowed_total": "ROUND(SUM(w_room_ok),2)",
    "lodging_tax_claimed_total": "ROUND(SUM(w_tax_claimed),2)",
    "lodging_tax_allowed_total": "ROUND(SUM(w_tax_ok),2)",
    "mie_claimed_total": "ROUND(SUM(w_mie_claimed),2)",
    "mie_allowed_total": "ROUND(SUM(w_mie_ok),2)",
    "transportation_claimed_total": 'ROUND(SUMIF(x_group,"Transportation",x_claimed),2)',
    "transportation_allowed_total": 'ROUND(SUMIF(x_group,"Transportation",x_allowed)-over_comparison,2)',
    "other_claimed_total": 'ROUND(SUMIF(x_group,"Other",x_claimed),2)',
    "other_allowed_total": 'ROUND(SUMIF(x_group,"Other",x_allowed),2)',
    "credits_allowed_total": "ROUND(-credits_off,2)",
    "claimed_total": "ROUND("
    + "+".join(f"{group}_claimed_total" for group, _ in GROUPS if group != "credits")
    + ",2)",
    "allowable_total": "ROUND(" + "+".join(f"{group}_allowed_total" for group, _ in GROUPS) + ",2)",
    "cap_limit": "officer_limit",
    "previously_reimbursed": "ROUND(payments_total,2)",
    "cap_left": "MAX(0,ROUND(cap_limit-previously_reimbursed,2))",
    "over_ceiling_total": "ROUND(SUM(w_over),2)",
    "not_allowable_total": "ROUND(agency_share-over_ceiling_total-over_cap_total,2)",
    "over_cap_total": "ROUND(allowable_total-MAX(0,MIN(allowable_total,cap_left)),2)",
    "payable": "IF(claim_blocked,0,MAX(0,MIN(allowable_total,cap_left)))",
    "agency_share": "ROUND(claimed_total-payable,2)",
}
"""The formulas of the computed boxes of the sheet Claim, by defined name."""
WITHOUT_DATES = 'top_payable=""'
"""The formula of the conditional formats that hide the amounts of a form without dates."""
START = "Start with the yellow cells: the place, the day the officer left and the day back."
START_CHECK = "Start on the sheet Claim with the dates and the place."
LATER = "The checks are computed when the file is opened for editing."
CHOOSE = "Choose the state, then the rate area. A town that is not in the list has the standard rate."
_SENTENCE = (
    f'IF(trip_days=0,IF(dep>0,"The dates cannot be used: see the sheet Check.","{START}"),'
    'IF(claim_blocked,"Not payable yet: "&check_fix&" to fix, see the sheet Check. Once fixed: "'
    '&TEXT(payable_if_fixed,"$#,##0.00")&".",IF(check_fix+check_look=0,"All checks are fine.",'
    'IF(check_fix>0,check_fix&" to fix","")&IF(AND(check_fix>0,check_look>0)," and ","")'
    '&IF(check_look>0,check_look&" to look at","")&": see the sheet Check.")))'
)
_CHECK_SENTENCE = (
    f'IF(touched,IF(check_fix+check_look=0,"All checks are fine.",check_fix&" to fix, "&check_look&" to look at."),'
    f'"{START_CHECK}")'
)
_ROW_1 = "MAX(1,INDEX(s_row,1))"
_PLACE = (
    f'IF(INDEX(s_used,1)=0,"{CHOOSE}",IF(INDEX(s_row,1)>0,"Rate area: "&INDEX(rate_area,{_ROW_1})&", "'
    f'&LEFT(INDEX(rate_key,{_ROW_1}),2)&IF(OR(INDEX(rate_counties,{_ROW_1})="",LEN(INDEX('
    f'rate_counties,{_ROW_1}))>50),""," (covers "&INDEX(rate_counties,{_ROW_1})&")")'
    '&IF(trip_days>0,". Room limit "&TEXT(INDEX(w_ceiling,1)/100,"$0")&", M&IE "&TEXT(INDEX(w_mie_own,1),"$0")&'
    '" a day on the '
    'first day.","."),IF(INDEX(s_row,1)=-2,"This ZIP is not in the state beside it.",IF(INDEX(s_row,1)=0,"This '
    "ZIP lies in "
    'more than one rate area: choose the rate area by the county of the course.","This rate area or ZIP is not '
    "known: choose "
    'the state, then the rate area."))))'
)
NEEDED = {
    "itemized_expenses": "TRUE",
    "certificate": f"OR({formulas.code('course_outcome', 'outcomes')}="
    f'"",{formulas.code("course_outcome", "outcomes")}="completed")',
    "folio": "SUMPRODUCT((w_entry=1)*(w_free=FALSE))>0",
    "carrier_receipt": "n_carriers>0",
    "rental_agreement": 'SUMPRODUCT((x_code="rental_car")*1)>0',
    "mileage_log": 'SUMPRODUCT((x_code="pov_mileage")*1)>0',
    "receipts_over_75": "SUM(x_over_75)>0",
    "meals_statement": "SUM(w_less)>0",
    "approvals": 'OR(SUMPRODUCT((TRIM(room_by)<>"")*1)>0,SUMPRODUCT((TRIM(exp_approval)<>"")*1)>0,'
    'TRIM(approval_by)<>"")',
    "proof_of_payment": "TRUE",
    "vendor_form": "FALSE",
}


class Box(NamedTuple):
    """A computed box: its formula, without the equals sign, its label, what it holds, and whose amount it repeats."""

    formula: str
    label: str
    kind: Kind = Kind.AMOUNT
    shows: str = ""


TOP = (
    ("claimed_total", "Claimed"),
    ("allowable_total", "Allowable"),
    ("payable", "Payable by NASRO"),
    ("agency_share", "Agency pays"),
)
"""The four amounts at the top of the sheet Claim."""
OF_DAYS = {
    "days_room_ok": "lodging_allowed_total",
    "days_tax_ok": "lodging_tax_allowed_total",
    "days_mie_ok": "mie_allowed_total",
    "days_total": "ROUND(lodging_allowed_total+lodging_tax_allowed_total+mie_allowed_total,2)",
}
"""The totals of the sheet Days."""


def _boxes() -> Iterator[tuple[str, Box]]:
    labels = {name: label for name, (_, label) in BESIDE.items()}
    for group, label in (*GROUPS, TOTAL):
        for column in ("claimed", "allowed"):
            name = f"{group}_{column}_total"
            labels[TOTAL_NAMES.get(name, name)] = f"{label}, {column}"
    for name, formula in TOTALS.items():
        yield name, Box(formula, labels[name])
    for name, label in TOP:
        yield f"top_{name}", Box(f'IF(trip_days=0,"",{name})', f"{label}, at the top", shows=name)
    for name, total in OF_DAYS.items():
        header = DAY.column(name.removeprefix("days_")).header
        yield name, Box(f'IF(trip_days=0,"",{total})', f"{header}, total")
    for key in ("claimed", "allowed"):
        header = EXPENSE.column(key).header
        yield f"exp_total_{key}", Box(f'IF(exp_lines=0,"",ROUND(SUM(x_{key}),2))', f"{header}, total")
    for name, formula, label in (
        ("sentence", _SENTENCE, "What is left to do"),
        ("place_line", _PLACE, "Rate area of the course"),
        ("check_sentence", _CHECK_SENTENCE, "What is left to do"),
        (
            "keep_line",
            'IF(keep_until=0,"","Keep all documents at least until "&TEXT(keep_until,"mm/dd/yyyy")&".")',
            "Keep until",
        ),
    ):
        yield name, Box(formula, label, Kind.TEXT)


BOXES: Mapping[str, Box] = dict(_boxes())
"""Every computed box, by its defined name."""
OWN_ROW = {DAYS: "day_day day_date", EXPENSES: "exp_category"}
"""The columns that the formulas of a table's row use, by their defined names."""
CHECK_COLUMNS = ("check_result", "check_what", "check_goto")


def letters_of(names: Mapping[str, Area], told: Table) -> Mapping[str, str]:
    """The letters of a table's own columns as its formulas name them, and those where they stand."""
    own = OWN_ROW.get(told.sheet, "").split()
    at = {name: names.get(name) for name in own}
    return {
        f"${LETTERS[told.places[name.partition('_')[2]][0]]}": f"${LETTERS[area.column]}"
        for name, area in at.items()
        if area is not None
    }


def formula_at(template: str, row: int, letters: Mapping[str, str]) -> str:
    """The formula of a table's column, without the equals sign, in a row (from 0) of a sheet.

    >>> formula_at('=IF(N($B{r})=0,"",INDEX(w_kind,$A{r}))', 6, {"$A": "$A", "$B": "$C"})
    'IF(N($C7)=0,"",INDEX(w_kind,$A7))'
    """
    for due, found in letters.items():
        if due != found:
            template = template.replace(f"{due}{{r}}", f"{found}{{r}}")
    return template.removeprefix("=").replace("{r}", str(row + 1))


def needed(item: str) -> str:
    """Whether a document is needed, as the sheet Documents says."""
    return f'IF(trip_days=0,"",IF({NEEDED[item]},"Yes","No"))'


def check_formulas(row: int, check: checks.Row, letter: str = "A") -> tuple[str, str, str]:
    """The formulas of a row of Check: result, what to do, the link."""
    bad = f'${letter}{row + 1}="{check.result}"'
    return (
        f'IF(touched,IF({check.bad},"{check.result}","OK"),"")',
        f'IF({bad},{check.what},"")',
        f'IF({bad},HYPERLINK("#"&{check.where},SUBSTITUTE({check.where},"!"," ")),"")',
    )


def figures(law: Law, on: date) -> tuple[tuple[str, str, str], ...]:
    """The single figures of Workings: defined name, label, formula without the equals sign."""
    typed = ",".join(
        f'{formulas.clean(name)}<>""' for name in ("claim_id", "agency_name", "officer_name", "award_number")
    )
    payments = "+".join(formulas.number(f"INDEX(payment_amount,{index})") for index in range(1, 5))
    return tuple(
        (name, label, formula.removeprefix("="))
        for name, label, formula in (
            *formulas.figures(law, on),
            ("touched", "Something is typed", f"OR(trip_days>0,dep>0,SUM(s_used)>0,exp_lines>0,{typed})"),
            ("payments_total", "Paid before", payments),
        )
    )
