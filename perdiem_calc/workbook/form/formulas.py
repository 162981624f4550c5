"""What the workbook computes by itself: the rules once more, as formulas of Excel 2016 and LibreOffice 7.

Amounts are dollars in cells; where something is multiplied or divided the formula rounds over whole cents and mills,
since binary halves of cents would go wrong. What a person fills in counts as the reader takes it: a number that a
paste left as text is a number, blanks around a text are nothing. Names like `receipt_threshold` are defined names of
cells and columns. In the templates `{row}` is a row's number, `{key}` the letter of a column. A formula reads like
the rule:

>>> formulas_of_day(5, is_first=True, has_calendar=True)["weekday_total"]
Traceback (most recent call last):
...
KeyError: 'weekday_total'
>>> formulas_of_day(5, is_first=True, has_calendar=True)["day_total"]
'ROUND(SUM(N5,Q5,AB5),2)'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from perdiem_calc.rules.chp import CourseWords
from perdiem_calc.rules.days import DayKind
from perdiem_calc.workbook.form.columns import DAYS, EXPENSES, Table
from perdiem_calc.workbook.form.layout import FIRST_ROW, LETTERS

NO_BREAK = "\u00a0"
"""A blank that a paste from the Web leaves. It is written out, since CHAR(160) is another sign on other systems."""
_COMPARED = re.compile(
    r"(?<![\w$.:!])(?:\$?(?P<letter>[A-Z]{1,2})\$?[0-9]+(?::\$?[A-Z]{1,2}\$?[0-9]+)?|[a-z][a-z0-9_]*)(?=(?:=|<>)\")"
)
"""A cell, a block of cells or a name that is compared with a text."""


def _number(cell: str) -> str:
    """The number, date or time in a cell, also where it stands there as text; 0 where there is none."""
    return f"IFERROR({cell}*1,0)"


def _text(cell: str) -> str:
    """The text in a cell, or in each of several, without blanks around it, no-break spaces among them."""
    return f'TRIM(SUBSTITUTE({cell},"{NO_BREAK}"," "))'


def _blank(cell: str) -> str:
    """Whether nothing, or nothing but blanks, stands in a cell."""
    return f'{_text(cell)}=""'


def _any(cells: str, condition: str) -> str:
    """Whether one of several cells has a text that meets a condition like `="yes"`."""
    return f"SUMPRODUCT(({_text(cells)}{condition})*1)>0"


def _credits_off(line: str) -> str:
    """What credits take off a line, named by a cell or a text."""
    return f"SUMPRODUCT(({_text('credit_lines')}={line})*credit_amounts)"


def _as_read(formula: str, letters: frozenset[str] = frozenset()) -> str:
    """A formula that compares the texts in inputs as the reader reads them: without blanks around them.

    `letters` are those of the table's columns that a person fills in; what is compared by its name counts always.

    >>> _as_read('IF(H5="yes",G5="x",paid_by<>"")', frozenset("H")).replace(NO_BREAK, "_")
    'IF(TRIM(SUBSTITUTE(H5,"_"," "))="yes",G5="x",TRIM(SUBSTITUTE(paid_by,"_"," "))<>"")'
    """

    def read(match: re.Match[str]) -> str:
        is_input = match["letter"] is None or match["letter"] in letters
        return _text(match[0]) if is_input else match[0]

    return _COMPARED.sub(read, formula)


def _time_of(moment: str) -> str:
    """The time of day of the departure or return: in its own cell, or typed with the date; blank without one."""
    return f'IF({moment}_time<>"",{moment}_time,IF(MOD({moment},1)>0,MOD({moment},1),""))'


_DEPARTED, _RETURNED = _time_of("trip_departed_at"), _time_of("trip_returned_at")
_AT_MIDNIGHT = (
    'AND(trip_returned_at_time<>"",IFERROR(trip_returned_at_time*1,1)=0,INT(trip_returned_at)>INT(trip_departed_at))'
)
_RETURN_DAY = f"(INT(trip_returned_at)-IF({_AT_MIDNIGHT},1,0))"
"""The last day of travel: a return at exactly 00:00 ends on the day before."""


def _is_out(dates: str) -> str:
    """Whether days are of the way out: nearer to the departure than to the return."""
    return f'TEXT({dates},"0")*2<=INT(trip_departed_at)+{_RETURN_DAY}'


def _limited(limit: str, amount: str) -> str:
    """An amount, or the limit that the program carries for a rule that no formula knows."""
    return f'IF({limit}<>"",MIN({limit},{amount}),{amount})'


# --- Days --------------------------------------------------------------------------------------------------------

_SPILLS = 'AND({left_at}{before}<>"",ROUND({left_at}{before}*1440,0)+{day_trip_minutes}{before}>1440)'
"""Whether the day trip of the row before lasts beyond midnight."""

_ROOM, _TAX, _SINGLE = (_number(f"{{{key}}}{{row}}") for key in ("room_rate", "tax", "single_rate"))
_CEILING, _APPROVED_ON = _number("{ceiling}{row}"), _number("{approved_on}{row}")
_SHARERS = f"MAX(1,{_number('{sharers}{row}')})"
_APPROVED = (
    'AND(OR({approved_by}{row}="nasro",{approved_by}{row}="cops"),'
    f"{_APPROVED_ON}>0,{_APPROVED_ON}<=INT(trip_departed_at))"
)
_BARRED_IF = '{disallowed}{row}<>"",{type}{row}="own_home",{nights_in_a_row}{row}=0'
_BARRED = f"OR({_BARRED_IF})"
_OVER_PRICED = 'AND(over_rate_lodging="refused",{lodging_claimed}{row}>{ceiling_applied}{row})'
_UNPAID = (
    f'OR({_BARRED_IF},AND({_blank("{receipt}{row}")},{{receipt_statement}}{{row}}<>"yes"),'
    f'{{lodging_paid_by}}{{row}}="other",{_OVER_PRICED})'
)
_BASE_CEILING = 'IF({alternate_ceiling}{row}<>"",{alternate_ceiling}{row},N({lodging_ceiling}{row}))'
_BASE_MIE = (
    'IF({alternate_mie}{row}<>"",{alternate_mie}{row},'
    "IF(N({rate_number}{row})=0,0,INDEX(rate_mie,{rate_number}{row})))"
)
_HIGHEST = f"actual_expense_multiple*({_BASE_CEILING}+{_BASE_MIE})-{_BASE_MIE}"
_COUNTED = "ROUND(MIN({lodging_claimed}{row},{ceiling_applied}{row})*100,0)"
_ROOM_CENTS, _TAX_CENTS = f"ROUND({_ROOM}*100,0)", f"ROUND({_TAX}*100,0)"
_FLAT_CENTS = f"ROUND({_number('{flat_tax}{row}')}*100,0)"
_OFF_ROOM = f"ROUND({_credits_off('{night_line}{row}')}*100,0)"
_OFF_TAX = f"""ROUND({_credits_off('"T"&MID({night_line}{row},2,9)')}*100,0)"""
_NET_ROOM = f"MAX(0,{_ROOM_CENTS}-{_OFF_ROOM})"
_NET_TAX = f"MAX(0,{_TAX_CENTS}-{_OFF_TAX})"
_NET_FLAT = f"MAX(0,{_FLAT_CENTS}-MAX(0,{_OFF_TAX}-{_TAX_CENTS}))"
_SINGLE_CENTS = f"ROUND({_SINGLE}*100,0)"
_HAS_SINGLE = f'AND({{single_rate}}{{row}}<>"",{_SHARERS}=1,{_SINGLE_CENTS}<{_NET_ROOM})'
_TAX_SHARE = (
    f"IF({_ROOM}=0,0,IF({_SHARERS}=1,ROUND({_TAX_CENTS}*{_COUNTED}/{_ROOM_CENTS},0),"
    f"IF({{lodging_claimed}}{{row}}<={{ceiling_applied}}{{row}},INT({_TAX_CENTS}/{_SHARERS}),"
    f"INT({_TAX_CENTS}*{_COUNTED}/{_ROOM_CENTS}))))/100"
)
_TAX_COUNTED = f"MIN({{room_tax_claimed}}{{row}},{_TAX_SHARE})+{{flat_tax_claimed}}{{row}}"

_NIGHT: Mapping[str, str] = {
    "lodging_ceiling": (
        'IF(OR(N({rate_number}{row})=0,{date}{row}>={return_day}),"",INDEX(rate_lodging,{rate_number}{row}))'
    ),
    "lodging_claimed": (
        f'IF({{room_rate}}{{row}}="","",IF({_HAS_SINGLE},{_SINGLE_CENTS},INT({_NET_ROOM}/{_SHARERS}))/100)'
    ),
    "room_tax_claimed": (
        f'IF({{room_rate}}{{row}}="","",IF({_HAS_SINGLE},'
        f"MIN({_NET_TAX},ROUND({_TAX_CENTS}*{_SINGLE_CENTS}/MAX(1,{_ROOM_CENTS}),0)),INT({_NET_TAX}/{_SHARERS}))/100)"
    ),
    "flat_tax_claimed": f'IF({{room_rate}}{{row}}="","",INT({_NET_FLAT}/{_SHARERS})/100)',
    "ceiling_applied": (
        f'IF({{room_rate}}{{row}}="","",IF({{lodging_ceiling}}{{row}}="",0,IF({_APPROVED},ROUND(IF({_CEILING}>0,'
        f"MAX({_BASE_CEILING},MIN({_CEILING},{_HIGHEST})),{_BASE_CEILING}),2),"
        "N({lodging_ceiling}{row}))))"
    ),
    "lodging_allowed": (
        'IF({room_rate}{row}="","",IF('
        + _UNPAID
        + ",0,"
        + _limited("{lodging_limit}{row}", "ROUND(MIN({lodging_claimed}{row},{ceiling_applied}{row}),2)")
        + "))"
    ),
    "tax_allowed": (
        'IF({room_rate}{row}="","",IF('
        + _UNPAID
        + ",0,"
        + _limited("{tax_limit}{row}", f"ROUND({_TAX_COUNTED},2)")
        + "))"
    ),
    "over_ceiling": (
        'IF({room_rate}{row}="","",IF(' + _BARRED + ",0,ROUND({lodging_claimed}{row}+{room_tax_claimed}{row}+"
        "{flat_tax_claimed}{row}-IF("
        + _OVER_PRICED
        + ",0,MIN({lodging_claimed}{row},{ceiling_applied}{row})+"
        + _TAX_COUNTED
        + "),2)))"
    ),
}

_MEAL_VALUES = {
    f"{key}_value" if key != "incidental" else key: (
        'IF(OR({personal}{row}="yes",{mie_rate_number}{row}=0),"",INDEX(rate_' + key + ",{mie_rate_number}{row}))"
    )
    for key in ("breakfast", "lunch", "dinner", "incidental")
}
_DEDUCTED = "+".join(
    f"COUNTIF(meals_deducted,{_text(f'{{{meal}}}{{row}}')})*{{{meal}_value}}{{row}}"
    for meal in ("breakfast", "lunch", "dinner")
)
_BASE = "ROUND(ROUND({mie_rate}{row}*100,0)*{mie_percent}{row},0)/100"
_BACK = _number("{returned_at}{row}")
_IS_COMMUTING = _any("day_left_at", '<>""')

_CALENDAR: Mapping[str, str] = {
    "day_type": (
        f'IF(OR({{personal}}{{row}}="yes",official_first=""),"{DayKind.PERSONAL}",IF({_IS_COMMUTING},'
        f'IF(MAX({{day_trip_minutes}}{{row}},{{minutes_before}})>more_than_hours*60,"{DayKind.DAY_TRIP}",'
        f'IF(OR({{left_at}}{{row}}<>"",{{spills}}),"{DayKind.TOO_SHORT}","{DayKind.HOME}")),'
        'IF(IF(trip_hours="",official_last>official_first,ROUND(trip_hours*60,0)>=full_from_hours*60),'
        f'IF(official_first=official_last,"{DayKind.ONLY}",IF({{date}}{{row}}=official_first,"{DayKind.FIRST}",'
        f'IF({{date}}{{row}}=official_last,"{DayKind.LAST}","{DayKind.FULL}"))),'
        f'IF(trip_hours="","{DayKind.NO_TIMES}",'
        f'IF(ROUND(trip_hours*60,0)>more_than_hours*60,"{DayKind.SHORT}","{DayKind.TOO_SHORT}")))))'
    ),
    "day_trip_minutes": (
        f'IF(OR({{left_at}}{{row}}="",{{returned_at}}{{row}}=""),0,ROUND((IF({_BACK}<1,{{date}}{{row}}+{_BACK},{_BACK})'
        "-{date}{row}-{left_at}{row})*1440,0)+N({clock_shift}{row}))"
    ),
    "mie_rate_number": (
        'IF({personal}{row}="yes",{number_before},IF(AND({number_before}>0,{date}{row}>N(official_first),'
        f'IF({_IS_COMMUTING},AND({{left_at}}{{row}}="",{{spills}}),'
        "OR({date}{row}=official_last,{date}{row}>=MAX(stop_departures)))),{number_before},N({rate_number}{row})))"
    ),
    "mie_rate": 'IF(OR({personal}{row}="yes",{mie_rate_number}{row}=0),"",INDEX(rate_mie,{mie_rate_number}{row}))',
    "mie_percent": (
        f'IF({{day_type}}{{row}}="{DayKind.FULL}",1,IF(OR('
        + ",".join(
            f'{{day_type}}{{row}}="{kind}"'
            for kind in (DayKind.FIRST, DayKind.LAST, DayKind.ONLY, DayKind.SHORT, DayKind.DAY_TRIP)
        )
        + "),first_last_share,0))"
    ),
    **_MEAL_VALUES,
    "nights_in_a_row": (
        f'IF(AND(ISNUMBER(official_last),NOT({_IS_COMMUTING}),{{personal}}{{row}}<>"yes",'
        "{date}{row}<N(official_last)),"
        "{nights_before}+1,0)"
    ),
    "mie_entitlement": (
        f'IF(OR({{mie_percent}}{{row}}=0,{{mie_rate}}{{row}}=""),0,MIN({_BASE},MAX({{incidental}}{{row}},'
        f'ROUND({_BASE}-IF({{meal_statement}}{{row}}<>"",0,{_DEDUCTED}),2))))'
    ),
    "mie_claimed": f'IF({{mie_paid}}{{row}}="",{{mie_entitlement}}{{row}},{_number("{mie_paid}{row}")})',
    "mie_allowed": _limited("{mie_limit}{row}", "ROUND(MIN({mie_entitlement}{row},{mie_claimed}{row}),2)"),
}
_DAY_TOTAL = "ROUND(SUM({lodging_allowed}{row},{tax_allowed}{row},{mie_allowed}{row}),2)"


@lru_cache(maxsize=4096)
def formulas_of_day(row: int, *, is_first: bool, has_calendar: bool, above: int = 0) -> Mapping[str, str]:
    """The formulas of one row of Days, by column; `row` counts from 1.

    `has_calendar` is False for lodging that fits no day of the trip, whose row has no M&IE. `above` is the row of the
    day before, where that is not the row just above.
    """
    letters = _letters(DAYS)
    before = above or row - 1
    spills = "FALSE" if is_first else _fill(_SPILLS, letters, before=before)
    words = {
        "row": row,
        "spills": spills,
        "minutes_before": "0" if is_first else f"IF({spills},{letters['day_trip_minutes']}{before},0)",
        "number_before": "0" if is_first else f"{letters['mie_rate_number']}{before}",
        "return_day": _RETURN_DAY,
        "nights_before": "0" if is_first else f"{letters['nights_in_a_row']}{before}",
    }
    templates = {**_NIGHT, "day_total": _DAY_TOTAL}
    if has_calendar:
        templates |= _CALENDAR
    return {
        key: _as_read(_fill(template, letters, **words), _INPUTS[DAYS.sheet]) for key, template in templates.items()
    }


# --- Expenses ----------------------------------------------------------------------------------------------------

_DRIVEN_ON = _number("{date}{row}")
_TIMES = f"MAX(1,{_number('{round_trips}{row}')})"
_DRIVEN = f"ROUND(ROUND({{miles}}{{row}}*100,0)*{_TIMES}*ROUND({{per_mile}}*1000,0)/1000,0)/100"
_ASSIGNED_LIMIT = _DRIVEN.replace("{per_mile}", f"LOOKUP({_DRIVEN_ON},mileage_from,mileage_rate_assigned)")


def _plate_key(plates: str) -> str:
    """Plates as `expense_lines.plate_key` compares them."""
    return f'SUBSTITUTE(SUBSTITUTE(UPPER({plates})," ",""),"-","")'


_PLATE = _plate_key("{plate}{row}")
_DRIVES_AGENCY_CAR = _any("expense_categories", '="agency_vehicle_fuel"')
_REFUSED = (
    '{disallowed}{row}<>""',
    f"COUNTIF(never_paid,{_text('{category}{row}')})>0",
    f'AND({{category}}{{row}}="seat_fee",OR({_blank("{approval}{row}")},{{approved_on}}{{row}}=""))',
    # One bag is paid in each direction, which is out for the first half of the trip. TEXT takes a date, and one that
    # a paste left as text, for the same day.
    f'AND({{category}}{{row}}="baggage",OR({_blank("{approval}{row}")},{{approved_on}}{{row}}=""),'
    f"IFERROR(SUMPRODUCT((({_is_out('{date}${first}:{date}{row}')})=({_is_out('{date}{row}')}))"
    f'*({{category}}${{first}}:{{category}}{{row}}="baggage")*((({_blank("{approval}${first}:{approval}{row}")})'
    '+({approved_on}${first}:{approved_on}{row}=""))>0)),0)>1)',
    'AND({category}{row}="rental_insurance",{personal_insurance})',
    'AND({category}{row}="rental_fuel",{prepaid})',
    'AND({category}{row}="resort_fee",{optional})',
    'AND({category}{row}="laundry",longest_stay<laundry_nights)',
    f'AND({{category}}{{row}}="pov_mileage",{_DRIVES_AGENCY_CAR},'
    f'OR({_PLATE}="",SUMPRODUCT((expense_categories="agency_vehicle_fuel")'
    f"*EXACT({_plate_key('expense_plates')},{_PLATE}))>0))",
    f'AND({{category}}{{row}}<>"pov_mileage",{{line_amount}}{{row}}>receipt_threshold,{_blank("{receipt}{row}")},'
    '{receipt_statement}{row}<>"yes",'
    f'NOT(AND(OR({{category}}{{row}}="airfare",{{category}}{{row}}="rail_bus"),NOT({_blank("{ticket}{row}")}))))',
    '{paid_by}{row}="other"',
)
_CREDITS = f"{_number('{credit}{row}')}+{_credits_off('{line}{row}')}"
_BY_RECEIPT = (
    f'IF({{receipt_total}}{{row}}="",{{line_amount}}{{row}},'
    f"MIN({{line_amount}}{{row}},{_number('{receipt_total}{row}')}))"
)
_NET = f"MAX(0,ROUND({_BY_RECEIPT}-({_CREDITS}),2))"
_LIMITS = (
    _NET,
    f'IF(AND({{category}}{{row}}="parking",{{taxi_equivalent}}{{row}}<>""),{_number("{taxi_equivalent}{row}")},'
    "{line_amount}{row})",
    'IF(AND({category}{row}="pov_mileage",{agency_car_assigned}{row}="yes",N({mileage_rate}{row})>0),'
    "{assigned},{line_amount}{row})",
    'IF(AND(OR({category}{row}="airfare",{category}{row}="rail_bus"),{fare_class}{row}="premium"),'
    f"{_number('{coach_fare}{row}')},{{line_amount}}{{row}})",
)
_EXPENSE: Mapping[str, str] = {
    "mileage_rate": (
        f'IF({{category}}{{row}}="pov_mileage",IF(AND({_DRIVEN_ON}>=INDEX(mileage_from,1),{_DRIVEN_ON}<=mileage_until),'
        f'LOOKUP({_DRIVEN_ON},mileage_from,mileage_rate),0),"")'
    ),
    "amount": 'IF({category}{row}="pov_mileage",{line_amount}{row},"")',
    "line_amount": (
        'IF({category}{row}="","",IF({category}{row}="pov_mileage",'
        + _DRIVEN.replace("{per_mile}", "{mileage_rate}{row}")
        + f",ROUND({_number('{amount}{row}')},2)))"
    ),
    "group": (
        f'IF({{category}}{{row}}="","",INDEX(category_groups,MATCH({_text("{category}{row}")},expense_kinds,0)))'
    ),
    "net_amount": f'IF({{category}}{{row}}="","",ROUND({{line_amount}}{{row}}-MIN({_BY_RECEIPT},{_CREDITS}),2))',
    "allowed": (
        'IF({category}{row}="","",IF(OR('
        + ",".join(_REFUSED)
        + "),0,"
        + _limited("{line_limit}{row}", "MIN(" + ",".join(_LIMITS) + ")")
        + "))"
    ),
}

Words = tuple[tuple[str, ...], ...]
"""The words by which personal insurance, prepaid fuel and optional fees are known, the last two each with what denies
it after it."""


@lru_cache(maxsize=4096)
def formulas_of_expense(row: int, words: Words, first: int = FIRST_ROW + 1) -> Mapping[str, str]:
    """The formulas of one row of Expenses, by column; `row`, and `first`, the table's first row, count from 1."""
    letters = _letters(EXPENSES)
    description = f"{letters['description']}{row}"
    personal, prepaid, not_prepaid, optional, not_optional = (mentions_any(parts, description) for parts in words)
    fillers = {
        "row": row,
        "first": first,
        "assigned": _fill(_ASSIGNED_LIMIT, letters, row=row),
        "personal_insurance": personal,
        "prepaid": f"{prepaid},NOT({not_prepaid})",
        "optional": f"{optional},NOT({not_optional})",
    }
    inputs = _INPUTS[EXPENSES.sheet]
    return {key: _as_read(_fill(template, letters, **fillers), inputs) for key, template in _EXPENSE.items()}


def mentions_any(parts: tuple[str, ...], cell: str) -> str:
    """A condition: the cell's text holds one of `parts`, whatever its case.

    >>> mentions_any(("prepaid", "prepay"), "D5")
    'OR(ISNUMBER(SEARCH("prepaid",D5)),ISNUMBER(SEARCH("prepay",D5)))'
    """
    found = ",".join(f'ISNUMBER(SEARCH("{part}",{cell}))' for part in parts)
    return f"OR({found})"


_INPUTS = {table.sheet: frozenset(table.letter(column.key) for column in table.inputs) for table in (DAYS, EXPENSES)}
"""The letters of the columns that a person fills in, by the table's sheet."""


def _letters(table: Table) -> Mapping[str, str]:
    return {key: LETTERS[place] for key, place in table.places.items()}


def _fill(template: str, letters: Mapping[str, str], **words: object) -> str:
    """A template with its columns and words; words may hold templates themselves."""
    return template.format_map({**letters, **words})


# --- Claim -------------------------------------------------------------------------------------------------------


_COUNTED_ON = 'IF(submitted_on<>"",submitted_on,IF(received_on="",prepared_on,received_on))'
_COUNTED_FROM, _COMPLETED_ON = _number(_COUNTED_ON), _number("course_completed_on")
_LATE = f'AND(late_claim="blocks",course_completed_on<>"",{_COUNTED_FROM}>{_COMPLETED_ON}+days_to_submit)'
_BACKFILL = (
    'AND(officer_position="backfill",officer_predecessor_completed_training="yes",'
    'officer_predecessor_left_agency="yes")'
)
_FAILED = 'course_outcome="failed",course_outcome="withdrawn"'
_UNFIXABLE = f"OR({_FAILED},{_BACKFILL},{_LATE})"


def formulas_of_claim(words: CourseWords) -> Mapping[str, str]:
    """The formulas of the sheet Claim, by defined name; `words` are those by which the course's title is known."""
    blocks = _block_formulas(words)
    formulas = {**_CLAIM, "claim_blocked_by": "TRIM(" + "&".join(blocks) + "&blocks_at_build)"}
    return {name: _as_read(formula) for name, formula in formulas.items()}


def _block_formulas(words: CourseWords) -> tuple[str, ...]:
    provider, course, other = (mentions_any(some, "course_title") for some in words)
    title = f"AND({provider},{course},NOT({other}))"
    completes = 'OR(course_outcome="",course_outcome="completed")'
    conditions = {
        "wrong-course": f"OR(NOT({title}),{_number('course_hours')}<course_hours_required)",
        "course-not-completed": (
            f'OR({_FAILED},AND({completes},OR(course_completed_on="",{_COMPLETED_ON}>{_COUNTED_FROM})))'
        ),
        "certificate-missing": f'AND({completes},attachments_certificate<>"attached")',
        "backfill": _BACKFILL,
        "payee-not-agency": 'agency_payee_kind="individual"',
        "not-coordinated": 'course_coordinated="no"',
        "signature-missing": f'OR({_blank("signatures_fiscal_name")},signatures_fiscal_on="")',
        "claim-late": _LATE,
    }
    return tuple(f'IF({condition},"{check} ","")' for check, condition in conditions.items())


_ALL_PERSONAL = f'SUMPRODUCT(({_text("personal_days")}="yes")*1)>=ROWS(personal_days)'


def _allowed_of(category: str) -> str:
    """What is allowed of the expenses of a category; a blank row has no amount."""
    return f'SUMPRODUCT((expense_categories="{category}")*1,expense_allowed)'


_CLAIM: Mapping[str, str] = {
    "official_first": (f'IF({_ALL_PERSONAL},"",SUMPRODUCT(MIN(day_dates+(personal_days="yes")*1000000)))'),
    "official_last": (f'IF({_ALL_PERSONAL},"",SUMPRODUCT(MAX(day_dates*(personal_days<>"yes"))))'),
    "trip_hours": (
        f'IF(OR(official_first="",AND(official_first=INT(trip_departed_at),{_DEPARTED}=""),'
        f'IF(official_last={_RETURN_DAY},{_RETURNED}="",course_ends_at="")),"",ROUND(('
        f"IF(official_last={_RETURN_DAY},official_last+IF({_AT_MIDNIGHT},1,{_number(_RETURNED)}),"
        f"official_last+{_number('course_ends_at')})"
        f"-IF(official_first=INT(trip_departed_at),official_first+{_number(_DEPARTED)},official_first))*1440,0)/60"
        "+N(clock_shift))"
    ),
    "longest_stay": "MAX(nights_in_a_row)",
    "due_on": 'IF(course_completed_on="","",course_completed_on+days_to_submit)',
    "keep_until": f'IF({_COUNTED_ON}="","",EDATE({_COUNTED_ON},months_to_keep))',
    "lodging_claimed_total": "ROUND(SUM(day_lodging_claimed),2)",
    "lodging_allowed_total": "ROUND(SUM(day_lodging_allowed),2)",
    "lodging_tax_claimed_total": "ROUND(SUM(day_room_tax_claimed)+SUM(day_flat_tax_claimed),2)",
    "lodging_tax_allowed_total": "ROUND(SUM(day_tax_allowed),2)",
    "mie_claimed_total": "ROUND(SUM(day_mie_claimed),2)",
    "mie_allowed_total": "ROUND(SUM(day_mie_allowed),2)",
    "transportation_claimed_total": 'ROUND(SUMIF(expense_groups,"transportation",expense_amounts),2)',
    "transportation_allowed_total": 'ROUND(SUMIF(expense_groups,"transportation",expense_allowed)+pov_excess,2)',
    "other_claimed_total": 'ROUND(SUMIF(expense_groups,"other",expense_amounts),2)',
    "other_allowed_total": 'ROUND(SUMIF(expense_groups,"other",expense_allowed),2)',
    "credits_off_total": (
        '-MIN(ROUND(SUMPRODUCT((credit_lines="")*credit_amounts)+credits_beyond,2),MAX(0,ROUND('
        "lodging_allowed_total+lodging_tax_allowed_total+mie_allowed_total+transportation_allowed_total"
        "+other_allowed_total,2)))"
    ),
    "claimed_total": (
        "ROUND(lodging_claimed_total+lodging_tax_claimed_total+mie_claimed_total+transportation_claimed_total"
        "+other_claimed_total,2)"
    ),
    "allowable_total": (
        "ROUND(lodging_allowed_total+lodging_tax_allowed_total+mie_allowed_total+transportation_allowed_total"
        "+other_allowed_total+credits_off_total,2)"
    ),
    "cap_limit": "limit_for_each_officer",
    "cap_left": "MAX(0,ROUND(cap_limit-previously_reimbursed,2))",
    "cap_adjustment": "-over_cap_total",
    "over_cap_total": "ROUND(allowable_total-MAX(0,MIN(allowable_total,cap_left)),2)",
    "payable": "IF(claim_blocked,0,MAX(0,MIN(allowable_total,cap_left)))",
    "payable_if_mended": f"IF({_UNFIXABLE},0,MAX(0,MIN(allowable_total,cap_left)))",
    "agency_share": "ROUND(claimed_total-payable,2)",
    "over_ceiling_total": "ROUND(SUM(day_over_ceiling),2)",
    "not_allowable_total": "ROUND(agency_share-over_ceiling_total-over_cap_total,2)",
    "claim_blocked": 'claim_blocked_by<>""',
}
