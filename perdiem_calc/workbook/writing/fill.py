"""What a claim puts into the cells of the form, and what its computed cells are by the engine.

A claim that needs more than the form has, or that no form can state, is refused and the limit named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, NoReturn

from perdiem_calc.claims.model import Claim, Expense, LodgingNight
from perdiem_calc.claims.trip import ClaimPlace
from perdiem_calc.errors import InputError, PerdiemError
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rates.places import Place, state_code
from perdiem_calc.rates.places.names import is_outside_conus
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.workbook.form import checks, table
from perdiem_calc.workbook.form.edition import Edition
from perdiem_calc.workbook.form.layout import Kind
from perdiem_calc.workbook.form.table import FIELDS, TABLES, words_for
from perdiem_calc.workbook.writing.sheet import Value

BESIDE = frozenset({"trip.departed_at", "trip.returned_at"})
EXPENSE_FIELDS: Mapping[str, str] = {
    "line": "",
    "from": "from_",
    "category": "category",
    "times": "round_trips",
    "statement": "receipt_statement",
    "comparable": "comparable_cost",
    "taxi": "taxi_equivalent",
    "declined": "agency_car_assigned",
    "reason": "justification",
}
"""The claim's field of a column of Expenses, where it has another name than the column."""
UNSAID: Mapping[str, object] = {
    "round_trips": 1,
    "receipt_statement": False,
    "agency_car_assigned": False,
    "one_way": False,
    "fare_class": "coach",
    "paid_by": "agency",
    "credit": Decimal("0.00"),
}
"""What a blank cell says anyway."""
ANSWERED = frozenset(check.answers for check in checks.rows() if check.answers)


def refuse(what: str, where: str) -> NoReturn:
    """Refuse a claim that no form can state."""
    raise InputError(
        "form.no-place", f"{what}; the form has no place for it", where=where, fix="send this claim as JSON"
    )


def cells_of(claim: Claim, edition: Edition, rates: RateSource) -> dict[str, object]:
    """The cells of a claim. Raises InputError for a claim that no form can state, with the field."""
    return _Filler(claim, edition, rates).cells()


def cells_of_trip(
    place: Place, departs: date, returns: date, edition: Edition, rates: RateSource
) -> dict[str, object]:
    """The cells of a form for a trip to one place.

    Raises RateUnavailable as the rates do; InputError for dates that the form has no rates or no rows for.
    """
    rates.locality(place, departs)
    _check_days(departs, returns, edition)
    where = ClaimPlace(city=place.city, state=place.state, county=place.county, zip=place.zip)
    state, area = area_of(where, departs, edition, rates)
    stop = {"state": state, "area": area, "city": place.city, "county": place.county, "zip": place.zip}
    cells: dict[str, object] = {f"stop_{key}[0]": value for key, value in stop.items()}
    return {**cells, "trip_departed_on": departs, "trip_returned_on": returns}


def _check_days(departs: date, returns: date, edition: Edition) -> None:
    """Raises InputError for a trip that is too long for the form, or lies outside its years."""
    if (count := (returns - departs).days + 1) > table.MOST_DAYS:
        raise _too_many(count, table.MOST_DAYS, "days", "trip.returned_at")
    if not edition.first <= departs <= returns <= edition.last:
        raise InputError(
            "form.years.outside",
            f"the trip of {departs} to {returns} lies outside the form's years",
            where="trip.departed_at",
            fix="make the form for its fiscal years",
        )


def _too_many(count: int, most: int, said: str, where: str) -> InputError:
    return InputError(
        "form.capacity",
        f"has {count} {said}, and the form has room for {most}",
        where=where,
        fix="send this claim as JSON",
    )


def area_of(place: ClaimPlace, on: date, edition: Edition, rates: RateSource) -> tuple[str, str]:
    """State and rate area of a place. Raises PerdiemError where the form does not know it."""
    row = edition.row(rates.locality(place.place, on), on)
    if row is None:
        raise InputError(
            "form.no-place",
            f"{place.in_words} has no rate area in the form's years; the form has no place for it",
            fix="send this claim as JSON",
        )
    rate = edition.rows[row - 1]
    return rate.state, rate.name


class _Filler:
    def __init__(self, claim: Claim, edition: Edition, rates: RateSource) -> None:
        self.claim, self.edition, self.rates = claim, edition, rates
        self.found: dict[str, object] = {}
        self.days = list(claim.trip.days())
        self.nights = sorted(claim.lodging, key=lambda night: night.night)

    def cells(self) -> dict[str, object]:
        self._check_limits()
        self._boxes()
        self._stops()
        self._day_rows()
        self._rooms()
        self._mie()
        for index, trip in enumerate(self.claim.trip.day_trips):
            back = trip.returned_at.time() if isinstance(trip.returned_at, datetime) else trip.returned_at
            if trip.back > trip.out + timedelta(days=1) - timedelta(minutes=1):
                refuse(f"the day trip of {trip.date} lasts a day", f"trip.day_trips[{index}].returned_at")
            self._put("dtrip", index, date=trip.date, left=trip.left_at, back=back)
        self._expense_rows()
        self._credits()
        self._payments()
        for index, item in enumerate(table.DOCUMENT_NAMES):
            status = self.claim.attachments.get(item)  # type: ignore[call-overload]  # the items are the claim's own
            if status is not None:
                self._put("doc", index, status=words_for("statuses", status))
        self._answers()
        return {name: value for name, value in self.found.items() if value not in (None, "")}

    def _put(self, prefix: str, index: int, **cells: object) -> None:
        for key, value in cells.items():
            self.found[f"{TABLES[prefix].name(key)}[{index}]"] = value

    def _check_limits(self) -> None:
        claim = self.claim
        limits = (
            (len(claim.expenses), table.MOST_EXPENSES, "expenses", "expenses"),
            (len(claim.trip.stops), table.MOST_STOPS, "stops", "trip.stops"),
            (len(claim.trip.day_trips), table.DAY_TRIP.rows, "day trips", "trip.day_trips"),
            (len(claim.credits), table.CREDIT.rows, "credits", "credits"),
            (len(claim.previous_claims), table.PAYMENTS.rows, "earlier payments", "previous_claims"),
        )
        for count, most, said, where in limits:
            if count > most:
                raise _too_many(count, most, said, where)
        _check_days(self.days[0], self.days[-1], self.edition)
        seen: set[date] = set()
        for index, night in enumerate(claim.lodging):
            where = f"lodging[{index}].night"
            if night.night not in self.days:
                refuse(f"the night of {night.night} is not within the trip", where)
            if night.night in seen:
                refuse(f"the night of {night.night} is there twice", where)
            seen.add(night.night)

    # ---- boxes

    def _boxes(self) -> None:
        for field in FIELDS:
            if not field.path or field.path in BESIDE:
                continue
            value = _get(self.claim, field.path)
            if value is None:
                continue
            if field.choices == "states":
                value = state_code(str(value)) or value
            elif field.choices:
                value = words_for(field.choices, str(value))
            elif field.kind is Kind.YES_NO:
                value = "Yes" if value else "No"
            self.found[field.name] = value
        trip = self.claim.trip
        if self.claim.course.traveled:
            del self.found["course_traveled"]
        for name, moment in (("departed", trip.departed_at), ("returned", trip.returned_at)):
            self.found[f"trip_{name}_on"] = moment.date() if isinstance(moment, datetime) else moment
            self.found[f"trip_{name}_time"] = moment.time() if isinstance(moment, datetime) else None

    # ---- places

    def _area(self, place: ClaimPlace, where: str, on: date | None = None) -> tuple[str, str]:
        """State and rate area of a place. Raises InputError where the form does not know it."""
        if is_outside_conus(place.state, place.zip):
            refuse(f"{place.in_words} lies outside the contiguous states", where)
        try:
            return area_of(place, on or self.days[0], self.edition, self.rates)
        except PerdiemError as error:
            raise error.at(where) from None

    def _stops(self) -> None:
        trip = self.claim.trip
        for index, stop in enumerate(trip.stops):
            state, area = self._area(stop.place, f"trip.stops[{index}].place", max(stop.arrived_on, self.days[0]))
            following = trip.stops[index + 1].arrived_on if index + 1 < len(trip.stops) else trip.returned_on
            left = stop.arrived_on if trip.day_trips else following
            self._put(
                "stop",
                index,
                reason="Overnight on the way" if stop.reason == "en_route" else None,
                state=state,
                area=area,
                city=stop.place.city,
                county=stop.place.county,
                zip=stop.place.zip,
                arrived=stop.arrived_on if index or stop.arrived_on != trip.departed_on else None,
                left=stop.departed_on if stop.departed_on != left else None,
            )
        course = self.claim.course.place
        at = [stop for stop in trip.stops if stop.reason == "course"] or list(trip.stops)
        if at[0].place == course:
            for part in ("state", "city", "county", "zip"):
                self.found.pop(f"course_{part}", None)
        else:
            self.found["course_state"], self.found["course_area"] = self._area(course, "course.place")

    # ---- days and rooms

    def _day_rows(self) -> None:
        personal = set(self.claim.trip.personal_days)
        by_night = {night.night: night for night in self.nights}
        for index, on in enumerate(self.days):
            night = by_night.get(on)
            if night is not None:
                self._put("day", index, room=night.room_rate, tax=night.tax or None, receipt=night.receipt)
            if on in personal:
                self._put("day", index, personal="Yes")
            meals = self.claim.meals_on(on)
            for meal, by in meals.by_meal().items() if meals is not None else ():
                self._put("day", index, **{meal: words_for("meals", by) if by is not None else None})

    def _rooms(self) -> None:
        runs: list[tuple[dict[str, object], list[LodgingNight]]] = []
        for night in self.nights:
            told = self._of_room(night)
            if not told:
                continue
            last = runs[-1] if runs else None
            if last and last[0] == told and last[1][-1].night + timedelta(days=1) == night.night:
                last[1].append(night)
            else:
                runs.append((told, [night]))
        if len(runs) > table.ROOM.rows:
            raise _too_many(len(runs), table.ROOM.rows, "runs of special rooms", "lodging")
        for index, (told, nights) in enumerate(runs):
            to = nights[-1].night if len(nights) > 1 else None
            self._put("room", index, **told, **{"from": nights[0].night, "to": to})

    def _of_room(self, night: LodgingNight) -> dict[str, object]:
        index = self.claim.lodging.index(night)
        told: dict[str, object] = {
            "sharers": night.sharers if night.sharers > 1 else None,
            "with": "; ".join(night.shared_with),
            "single": night.single_rate,
            "type": words_for("rooms", night.type) if night.type != "hotel" else None,
            "hotel": night.hotel,
            "flat": night.flat_tax or None,
            "statement": "Yes" if night.receipt_statement else None,
            "paid_by": words_for("payers", night.paid_by) if night.paid_by != "agency" else None,
        }
        if any(";" in name for name in night.shared_with):
            refuse("a name with a semicolon", f"lodging[{index}].shared_with")
        if night.approval is not None:
            told |= {
                "ceiling": night.approval.ceiling,
                "by": words_for("approvers", night.approval.by),
                "on": night.approval.on,
                "why": night.approval.reason,
            }
        place = night.alternate_place
        if place is not None:
            where = f"lodging[{index}].alternate_place"
            if place.county or ";" in (place.city or ""):
                refuse("the county of the hotel's own place", where)
            told["state"], told["area"] = self._area(place, where, night.night)
            told["city"] = "; ".join(part for part in (place.city, place.zip) if part)
        return {key: value for key, value in told.items() if value not in (None, "")}

    def _mie(self) -> None:
        statements = {meals.date: meals.meal_statement for meals in self.claim.furnished_meals or ()}
        told = []
        for on in self.days:
            statement = statements.get(on)
            cells = (self.claim.mie_paid.get(on), words_for("excuses", statement) if statement else None)
            told.append((on, cells))
        runs = [
            (cells, [on for on, _ in group])
            for cells, group in groupby(told, key=lambda day: day[1])
            if cells != (None, None)
        ]
        if len(runs) > table.MIE.rows:
            raise _too_many(len(runs), table.MIE.rows, "runs of special M&IE", "mie_paid")
        for index, ((paid, excuse), days) in enumerate(runs):
            to = days[-1] if len(days) > 1 else None
            self._put("miex", index, paid=paid, excuse=excuse, **{"from": days[0], "to": to})

    # ---- expenses, credits, payments, answers

    def _expense_rows(self) -> None:
        for index, expense in enumerate(self.claim.expenses):
            for column in table.EXPENSE.inputs:
                self._put("exp", index, **{column.key: _cell_of(expense, column)})

    def _credits(self) -> None:
        for index, credit in enumerate(self.claim.credits):
            kind = credit.line[0] if credit.line else ""
            number = int(credit.line[1:]) if credit.line else 0
            night = self.claim.lodging[number - 1].night if kind in ("N", "T") and number else None
            self._put(
                "credit",
                index,
                source=credit.source,
                on=credit.on,
                amount=credit.amount,
                note=credit.note,
                night=night,
                line=number if kind == "E" else None,
                **{"for": words_for("credit_for", kind) if kind else None},
            )

    def _payments(self) -> None:
        for index, paid in enumerate(self.claim.previous_claims):
            self._put("payment", index, claim_id=paid.claim_id, paid_on=paid.paid_on, amount=paid.amount)
        if not self.claim.previous_claims and self.claim.previously_reimbursed:
            self._put("payment", 0, amount=self.claim.previously_reimbursed)

    def _answers(self) -> None:
        others = []
        for check, text in self.claim.explanations.items():
            if check in ANSWERED:
                self.found["answer_" + check.replace("-", "_")] = text
            else:
                others.append((check, text))
        if len(others) > table.REVIEWED.rows:
            refuse(f"{len(others)} answers", "explanations")
        for index, (check, text) in enumerate(others):
            self._put("review", index, check=check, answer=text)


def _cell_of(expense: Expense, column: table.Column) -> object:
    field = EXPENSE_FIELDS.get(column.key, column.key)
    value = getattr(expense, field)
    if value is None or (field in UNSAID and UNSAID[field] == value):
        return None
    if column.choices:
        return words_for(column.choices, value)
    return "Yes" if value is True else value


def _get(record: Any, path: str) -> Any:
    for part in path.split("."):
        record = getattr(record, part, None)
    return record


def kept_values(itemized: ItemizedClaim) -> dict[str, Value]:
    """The values of the computed cells that people see, by the engine."""
    totals, claim = itemized.totals, itemized.claim
    lines = {line.id: line for line in itemized.lines}
    found: dict[str, Value] = {
        "claimed_total": totals.claimed,
        "allowable_total": totals.allowable,
        "payable": totals.payable,
        "agency_share": totals.agency_share,
        "cap_limit": totals.cap,
        "previously_reimbursed": claim.previously_reimbursed,
        "cap_left": max(Decimal("0.00"), totals.cap - claim.previously_reimbursed),
        "over_ceiling_total": totals.over_ceiling,
        "not_allowable_total": totals.not_allowable,
        "over_cap_total": totals.over_cap,
    }
    groups = {"lodging": "lodging", "lodging_tax": "lodging_tax", "mie": "mie", "transportation": "transportation"}
    for group in (*groups, "other"):
        found[f"{group}_claimed_total"] = _sum(line.amount_claimed for line in itemized.lines if line.group == group)
        found[f"{group}_allowed_total"] = getattr(totals, group)
    found["credits_allowed_total"] = _sum(line.amount_allowed for line in itemized.lines if line.group == "credit")
    found |= {
        "days_room_ok": totals.lodging,
        "days_tax_ok": totals.lodging_tax,
        "days_mie_ok": totals.mie,
        "days_total": totals.lodging + totals.lodging_tax + totals.mie,
    }
    by_night = {night.night: index for index, night in enumerate(claim.lodging, start=1)}
    for index, day in enumerate(itemized.days):
        number = by_night.get(day.on)
        line = lines[f"D{index + 1}"]
        told: dict[str, Value] = {
            "date": (day.on - date(1899, 12, 30)).days,
            "weekday": f"{day.on:%a}",
            "kind": day.kind.value,
            "share": day.share,
            "mie_ok": line.amount_allowed,
        }
        total = line.amount_allowed
        if day.mie_rate is not None and day.kind.value != "personal day":
            told["mie"] = day.mie_rate.mie.total
        if day.night_is_payable and not claim.trip.day_trips and day.lodging_rate is not None:
            told["ceiling"] = itemized.nights[number - 1].ceiling if number is not None else day.lodging_rate.lodging
        rate = day.lodging_rate or day.mie_rate
        if rate is not None:
            told["place"] = rate.locality.in_words
        if number is not None:
            told |= {"room_ok": lines[f"N{number}"].amount_allowed, "tax_ok": lines[f"T{number}"].amount_allowed}
            total += lines[f"N{number}"].amount_allowed + lines[f"T{number}"].amount_allowed
        told["total"] = total
        found |= {f"day_{key}[{index}]": value for key, value in told.items()}
    for index in range(len(claim.expenses)):
        line = lines[f"E{index + 1}"]
        found[f"exp_claimed[{index}]"], found[f"exp_allowed[{index}]"] = line.amount_claimed, line.amount_allowed
    if claim.expenses:
        found["exp_total_claimed"] = _sum(line.amount_claimed for line in itemized.lines if line.id[0] == "E")
        found["exp_total_allowed"] = _sum(line.amount_allowed for line in itemized.lines if line.id[0] == "E")
    return found


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal("0.00"))
