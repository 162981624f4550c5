"""The rows of the sheet Check: what is checked, when it is to fix or to look at, what to do, and where.

A row names the check of the audit (`answers`) whose question an answer typed beside it answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from perdiem_calc.workbook.form.formulas import clean, day
from perdiem_calc.workbook.form.table import BOXES, DAY, EXPENSE, FIELDS

FIX, LOOK = "Fix", "Look"
_FIRST_DAY, _FIRST_LINE = DAY.first_row + 1, EXPENSE.first_row + 1


@dataclass(frozen=True, slots=True)
class Row:
    """One check; `bad` is a formula that is true where it fails, `what` and `where` are formulas of texts."""

    group: str
    title: str
    result: str
    bad: str
    what: str
    where: str
    answers: str = ""


def _at(name: str) -> str:
    return f'"{BOXES[name].area.first.address}"'


def _first(condition: str, prefix: str) -> str:
    number = "w_day" if prefix == "w" else "x_no"
    return f"MAX(1,100-SUMPRODUCT(MAX(({condition})*(100-{number}))))"


def _of_days(
    title: str,
    result: str,
    condition: str,
    what: str,
    column: str = "room",
    *,
    answers: str = "",
    group: str = "Days",
) -> Row:
    """A check of every day; `{on}` in the text is the first day's date."""
    first = _first(condition, "w")
    letter = DAY.area(column).first.address.split("!")[1].rstrip("0123456789")
    said = '"' + what.replace("{on}", f'"&TEXT(INDEX(w_date,{first}),"mm/dd/yyyy")&"') + '"'
    where = f'"Days!{letter}"&({_FIRST_DAY - 1}+IFERROR(MATCH({first},day_day,0),1))'
    return Row(group, title, result, f"SUMPRODUCT(({condition})*1)>0", said, where, answers)


def _of_lines(title: str, result: str, condition: str, what: str, column: str, *, answers: str = "") -> Row:
    """A check of every line of expenses; `{line}` in the text is the first line's number."""
    first = _first(condition, "x")
    letter = EXPENSE.area(column).first.address.split("!")[1].rstrip("0123456789")
    said = '"' + what.replace("{line}", f'"&INDEX(exp_line,MIN(ROWS(exp_line),{first}))&"') + '"'
    where = f'"Expenses!{letter}"&({_FIRST_LINE - 1}+{first})'
    return Row("Expenses", title, result, f"SUMPRODUCT(({condition})*1)>0", said, where, answers)


def rows() -> tuple[Row, ...]:
    """Every row, in the order of the sheet."""
    needed = [field for field in FIELDS if field.needed]
    blanks = "+".join(f'({clean(field.name)}="")' for field in needed)
    label, where = '""', _at("claim_id")
    for field in reversed(needed):
        label = f'IF({clean(field.name)}="","{field.label}",{label})'
        where = f'IF({clean(field.name)}="",{_at(field.name)},{where})'
    dates = [field for field in FIELDS if field.kind.value == "date"]
    wrong = "+".join(f'IF({clean(field.name)}="",0,IF({day(field.name)}>0,0,1))' for field in dates)
    wrong_label, wrong_at = '""', _at("prepared_on")
    for field in reversed(dates):
        is_wrong = f'AND({clean(field.name)}<>"",{day(field.name)}=0)'
        wrong_label = f'IF({is_wrong},"{field.label}",{wrong_label})'
        wrong_at = f"IF({is_wrong},{_at(field.name)},{wrong_at})"
    choices = [field for field in FIELDS if field.choices and field.choices != "states"]
    unlisted = "+".join(
        f'IF({clean(field.name)}="",0,IF(ISNUMBER(MATCH({clean(field.name)},list_{field.choices},0)),0,1))'
        for field in choices
    )
    stop = '"Claim!A27"'
    stay = "(w_night_ok=TRUE)*(w_entry=1)"
    return (
        Row(
            "Claim",
            "Boxes that every claim needs",
            FIX,
            f"({blanks})>0",
            f'({blanks})&" still blank. First: "&{label}&"."',
            where,
        ),
        Row(
            "Claim",
            "Dates can be read",
            FIX,
            f"({wrong})>0",
            f'{wrong_label}&" is not a date: type it like 10/4/2026."',
            wrong_at,
        ),
        Row(
            "Claim",
            "Answers from the lists",
            FIX,
            f"({unlisted})>0",
            '"An answer is not one of its list: choose it again."',
            _at("kind"),
        ),
        Row(
            "Claim",
            "Dates of the trip",
            FIX,
            "trip_days=0",
            '"Enter the day the officer left and the day back. This form has rates from "&TEXT(rates_from,'
            '"mm/dd/yyyy")'
            '&" to "&TEXT(rates_until,"mm/dd/yyyy")&", for at most 31 days; beyond that ask NASRO for a newer form."',
            _at("trip_departed_on"),
        ),
        Row(
            "Claim",
            "Officer's station",
            FIX,
            f'OR(AND({clean("station_city")}="",{clean("station_county")}="",station_zip5=0),'
            f'AND({clean("station_state")}="",station_zip5=0))',
            '"Enter city and state of the officer\'s station, or its ZIP."',
            _at("station_city"),
        ),
        Row(
            "Claim",
            "Place of the course",
            FIX,
            "OR(n_stops=0,SUMPRODUCT((s_used=1)*(s_row<1))>0)",
            'IF(SUMPRODUCT((s_used=1)*(s_row=0))>0,"The ZIP lies in more than one rate area: choose the rate '
            "area by the "
            'county of the course.",IF(SUMPRODUCT((s_used=1)*(s_row=-2))>0,"The ZIP is not in the state beside '
            "it: correct "
            'one of them.","Choose the state, then the rate area. Alaska, Hawaii and territories need NASRO\'s '
            'program."))',
            stop,
        ),
        Row(
            "Claim",
            "ZIP and rate area agree",
            LOOK,
            "SUMPRODUCT((s_used=1)*(s_zip_row>0)*(s_row>0)*(s_zip_row<>s_row))>0",
            '"The ZIP lies in another rate area than the one chosen. The area of the course counts, not the '
            "hotel's.\"",
            stop,
        ),
        Row(
            "Claim",
            "Places follow each other",
            FIX,
            "OR(SUM(s_used)-INDEX(s_used,5)<n_stops,SUMPRODUCT((s_used=1)*(s_no<5)*(s_arr>s_left))>0,"
            "SUMPRODUCT((s_used=1)*(s_no>1)*(s_no<5)*(s_arrt=0))>0,AND(trip_days>0,MAX(s_left)>back_on))",
            '"Give each place after the first the day of arrival, in the order of travel, without a blank row."',
            stop,
        ),
        Row(
            "Claim",
            "Course away from the officer's city",
            FIX,
            "SUMPRODUCT((s_used=1)*(s_home=TRUE))>0",
            "\"The course is in the city of the station or home: no lodging and no M&IE without NASRO's "
            "approval before "
            'the trip (sheet Special)."',
            _at("station_city"),
        ),
        Row(
            "Claim",
            "Times of a short trip",
            FIX,
            'SUMPRODUCT((w_kind="no times given")*1)>0',
            '"A trip within a day earns M&IE only when its times show more than 12 hours: enter both times."',
            _at("trip_departed_time"),
        ),
        Row(
            "Claim",
            "Extra nights explained",
            LOOK,
            f'AND(trip_days>0,{clean("extra_night_reason")}="",OR(AND(starts_on>0,N(off_first)<starts_on-1),'
            "AND(ends_on>0,N(off_last)>ends_on)))",
            '"The officer came more than a day early or stayed longer: say why, or mark personal days on Days."',
            _at("extra_night_reason"),
            "extra-night",
        ),
        Row(
            "Claim",
            "The course",
            FIX,
            "block_course",
            '"NASRO pays for the NASRO Basic SRO Course of 40 hours: check the title and the hours."',
            _at("course_title"),
        ),
        Row(
            "Claim",
            "Completed before this claim",
            FIX,
            "block_done",
            '"Enter the date of completion; it cannot be after the claim. A failed course is not paid."',
            _at("course_completed_on"),
        ),
        Row(
            "Claim",
            "Agreed with NASRO before the trip",
            LOOK,
            f"AND(NOT(block_coord),OR({day('course_coordinated_on')}=0,{day('course_coordinated_on')}>dep))",
            '"Enter the day the travel was agreed with NASRO; it should be before the departure."',
            _at("course_coordinated_on"),
            "coordination-undated",
        ),
        Row(
            "Claim",
            "Coordinated with NASRO",
            FIX,
            "block_coord",
            '"NASRO pays only what was agreed with it: call 888-31-NASRO."',
            _at("course_coordinated"),
        ),
        Row(
            "Claim",
            "The payee is an agency",
            FIX,
            "block_payee",
            '"A person cannot be paid: the payee is the agency, its city or county."',
            _at("agency_payee_kind"),
        ),
        Row(
            "Claim",
            "The officer's position",
            FIX,
            "block_backfill",
            '"The SRO who left had finished the training: the agency pays for the next one."',
            _at("officer_position"),
        ),
        Row(
            "Claim",
            "Signature of the fiscal official",
            FIX,
            "block_sign",
            '"Name and date of the fiscal official are missing."',
            _at("signatures_fiscal_name"),
        ),
        Row(
            "Claim",
            "Sent within 30 days",
            LOOK,
            "AND(due_on>0,counted_on>due_on)",
            '"It was due on "&TEXT(due_on,"mm/dd/yyyy")&": explain the delay to NASRO."',
            _at("prepared_on"),
            "claim-late",
        ),
        _of_days(
            "Every night has an entry",
            LOOK,
            "(w_night_ok=TRUE)*(w_entry=0)",
            "The night of {on} has no room. Type its price (0.00 when it was free), or say on Special where the "
            "officer slept.",
            answers="night-unanswered",
        ),
        _of_days(
            "Rooms only on nights of the trip",
            FIX,
            "(w_n>0)*(w_entry=1)*(w_night_ok=FALSE)",
            "A room is entered for {on}, which is no night of the trip: remove it, or correct the dates.",
        ),
        Row(
            "Days",
            "Nothing below the last day",
            FIX,
            'SUMPRODUCT((TRIM(day_room)<>"")*(day_date=""))+SUMPRODUCT((TRIM(day_tax)<>"")*(day_date=""))>0',
            '"Something is typed below the last day: remove it, or correct the dates on Claim."',
            f'"Days!H"&({_FIRST_DAY}+trip_days)',
        ),
        _of_days(
            "Amounts can be read",
            FIX,
            '(w_typed<>"")*(w_typed<>"0")*(w_typed<>"0.00")*(w_typed<>"$0.00")*(w_room=0)',
            "The price of the room on {on} is not an amount: type it like 159.00.",
        ),
        _of_days(
            "A hotel bill divided by night",
            LOOK,
            f"{stay}*(w_room>=2*w_ceiling)*(w_ceiling>0)",
            "The room on {on} costs twice the limit or more. Is it the whole bill? Enter each night.",
            answers="folio-on-one-night",
        ),
        _of_days(
            "Hotel bill numbered",
            FIX,
            f"{stay}*(w_denied=TRUE)*(w_free=FALSE)*(w_unpaid=TRUE)*(w_room+w_tax>0)",
            "The room on {on} has no receipt number: number the hotel bill, like R1, and type it.",
            "receipt",
        ),
        _of_days(
            "Room tax looks right",
            LOOK,
            f"{stay}*(w_tax>0.2*w_room)",
            "The tax on {on} is more than 20% of its room: check the hotel bill.",
            "tax",
            answers="lodging-tax-high",
        ),
        _of_days(
            "Nights at home",
            FIX,
            "(w_at_night=TRUE)",
            "The officer was at home in the night of {on}: enter day trips on Special, or correct what shows it.",
            "date",
        ),
        _of_days(
            "Meals answered for every day",
            LOOK,
            '(w_n>0)*(w_mbase>0)*((w_breakfast="")+(w_lunch="")+(w_dinner="")>0)',
            "A meal of {on} has no answer: say who paid for it, or Not furnished.",
            "breakfast",
            answers="meals-not-answered",
        ),
        _of_days(
            "All days present",
            FIX,
            "(w_n>0)*(w_drow=0)",
            "The row of {on} was deleted or is there twice: undo it, or copy this claim into a new form.",
            "day",
        ),
        _of_lines(
            "Every line has a kind of cost",
            FIX,
            '(x_code="")*(x_used+x_date+x_amount+x_miles>0)',
            "Line {line} has no answer from the list in the column What.",
            "category",
        ),
        _of_lines(
            "Every line has its amount",
            FIX,
            '(x_code<>"")*(x_cost=0)',
            "Line {line} has no amount that can be read, or no miles: type it like 34.00.",
            "amount",
        ),
        _of_lines(
            "Every line has its date",
            FIX,
            "(x_used=1)*(x_date=0)",
            "Line {line} has no date that can be read: type it like 10/4/2026.",
            "date",
        ),
        Row(
            "Expenses",
            "Every line shows what is paid",
            FIX,
            'SUMPRODUCT((TRIM(exp_category)<>"")*(exp_allowed=""))>0',
            '"A line has lost its formulas, perhaps in an inserted row: move it to a blank line of the form."',
            '"Expenses!C7"',
        ),
        _of_lines(
            "Receipts over $75",
            FIX,
            "(x_lacks=TRUE)",
            "Line {line} has no receipt number: it is not paid until the number is there.",
            "receipt",
        ),
        _of_lines(
            "Where each drive began and ended",
            FIX,
            '(x_code="pov_mileage")*((x_from="  ")+(x_to="  ")>0)',
            "Line {line}: say where the drive began and ended.",
            "from",
        ),
        _of_lines(
            "Dates near the trip",
            LOOK,
            '(x_used=1)*(x_date>0)*(x_code<>"airfare")*(x_code<>"rail_bus")*((x_date<dep-2)+(x_date>ret+2)>0)',
            "Line {line} is dated more than 2 days outside the trip.",
            "date",
            answers="expense-outside-trip",
        ),
        _of_lines(
            "Costs that are not paid",
            LOOK,
            '(LEFT(x_why,8)="Not paid")',
            "Line {line} is not paid; the column Note says why. Leave out what does not belong here.",
            "why",
        ),
        Row(
            "Special",
            "Rooms of one night in one row",
            FIX,
            "SUMPRODUCT((r_from>0)*(r_to<r_from))+SUMPRODUCT((COUNTIF(r_from,r_from)>1)*(r_from>0))>0",
            '"Two rows name the same first night, or a last night is before its first."',
            '"Special!A6"',
        ),
        Row(
            "Documents",
            "All documents needed",
            FIX,
            'SUMPRODUCT((doc_needed="Yes")*(LOWER(TRIM(doc_status))<>"attached"))>0',
            'SUMPRODUCT((doc_needed="Yes")*(LOWER(TRIM(doc_status))<>"attached"))&" needed but not attached: '
            'attach them, and choose Attached."',
            '"Documents!C5"',
        ),
    )
