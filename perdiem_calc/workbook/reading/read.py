"""Reads a claim workbook: the claim it states, where each field stands, and what of it cannot be read or seen.

It is known by its name `layout_version`; everything else is found by defined names and never by addresses, so that
rows may be inserted and sheets moved or renamed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from perdiem_calc.checks.submission import Refused, StatedCell
from perdiem_calc.claims.model import SCHEMA, Claim
from perdiem_calc.claims.trip import NOT_CONTINUOUS
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.money import CENT
from perdiem_calc.workbook.form import table
from perdiem_calc.workbook.form.computed import BOXES as COMPUTED
from perdiem_calc.workbook.form.layout import LAST_ROW, Area, CellMap, Kind
from perdiem_calc.workbook.form.table import BOXES, CHOICES, FIELDS, STANDARD, TABLES, Column, Table
from perdiem_calc.workbook.reading import values
from perdiem_calc.workbook.reading.cells import ReadCell
from perdiem_calc.workbook.reading.opening import OpenBook, book_of, names_in
from perdiem_calc.workbook.reading.package import Package, open_package
from perdiem_calc.workbook.reading.salvage import salvaged
from perdiem_calc.workbook.reading.stating import of_input, value_of
from perdiem_calc.workbook.reading.values import Unfit, typed_in
from perdiem_calc.workbook.writing.fill import ANSWERED, EXPENSE_FIELDS

Record = dict[str, Any]
TOTALS = {
    "claimed_total": "claimed",
    "allowable_total": "allowable",
    "payable": "payable",
    "agency_share": "agency_share",
    "cap_limit": "cap",
    "previously_reimbursed": "previously_reimbursed",
    "lodging_allowed_total": "lodging",
    "lodging_tax_allowed_total": "lodging_tax",
    "mie_allowed_total": "mie",
    "transportation_allowed_total": "transportation",
    "other_allowed_total": "other",
    "over_ceiling_total": "over_ceiling",
    "not_allowable_total": "not_allowable",
    "over_cap_total": "over_cap",
}
"""The computed cells of the sheet Claim, by the names that an itemized claim has for their amounts."""


@dataclass(frozen=True)
class ReadForm:
    """A claim workbook that was read. `claim` is None where too much of it cannot be read; `errors` say what cannot.

    `record` is the claim as stated. `unread` are the cells that cannot be read, so that the claim lacks what they
    state. `inputs` are the cells in which something is typed, each with its kind and label, `formulas` those among
    them that are formulas. `hidden` is what is hidden although it counts. `lines` are the numbers of the expenses by
    the number on their row; `areas` by the path of a stop or a night the state and rate area chosen and their cell.
    """

    package: Package
    book: OpenBook
    record: Record
    cells: CellMap
    claim: Claim | None
    errors: tuple[InputError, ...]
    unread: tuple[str, ...]
    inputs: tuple[tuple[ReadCell, Kind, str], ...]
    formulas: tuple[StatedCell, ...]
    hidden: tuple[Refused, ...]
    lines: Mapping[int, int]
    areas: Mapping[str, tuple[str, str, str]]

    @property
    def years(self) -> tuple[int, int] | None:
        """The fiscal years whose rates it has; None where it does not say, or where they are not known."""
        cell = self.book.named("rates_from")
        on = value_of(cell.value, Kind.DATE) if cell is not None else None
        try:
            first = date.fromisoformat(str(on)).year + 1
            return first, first + 1
        except ValueError:
            return None

    @property
    def refused(self) -> tuple[Refused, ...]:
        """What bars the claim until it is fixed."""
        return self.hidden + tuple(
            Refused(NOT_CONTINUOUS if one.check == NOT_CONTINUOUS else "malformed", one.where, one.what, one.fix)
            for one in self.errors
        )

    @property
    def stated(self) -> dict[str, Decimal | None]:
        """The totals as the form states them."""
        found: dict[str, Decimal | None] = {}
        for name, total in TOTALS.items():
            cell = self.book.named(name)
            value = value_of(cell.value) if cell is not None else None
            found[total] = value.quantize(CENT) if isinstance(value, Decimal) else None
        return found


def book_in(package: Package) -> OpenBook:
    """The cells of the claim workbook that was unpacked. Raises InputError where it is another workbook."""
    names = names_in(package)
    version = names.get("layout_version")
    if version is not None and "zip_from" in names:
        asked = {name: names[name] for name in _asked() if name in names}
        book = book_of(package, {version.sheet, *(area.sheet for area in asked.values())}, names)
        found = book.named("layout_version")
        if found is not None and found.value == table.LAYOUT_VERSION:
            # A name may lead to the end of its sheet.
            far = {name: area for name, area in asked.items() if area.last_row > max(area.row, LAST_ROW)}
            ends = {name: area._replace(last_row=max(area.row, LAST_ROW)) for name, area in far.items()}
            return replace(book, names={**names, **ends})
    raise InputError(
        "workbook.not-a-claim",
        "is not our claim form",
        fix="send the agency the blank claim form, and ask for it filled in",
    )


def _asked() -> Iterator[str]:
    """The defined names of everything that is read."""
    yield from BOXES
    for told in TABLES.values():
        yield from map(told.name, (column.key for column in told.columns))
    yield from TOTALS
    yield from ("check_result", *(name for name, _, _ in table.FOR_NASRO))
    yield from (f"every_{key}" for key in table.EVERY)
    yield from map(answer_name, ANSWERED)


def answer_name(check: str) -> str:
    """The defined name of the cell that answers a check.

    >>> answer_name("extra-night")
    'answer_extra_night'
    """
    return f"answer_{check.replace('-', '_')}"


def read_form(path: Path) -> ReadForm:
    """The claim workbook in a file, as far as it can be read.

    Raises InputError where the file is not a claim workbook of this program, or not safe to read.
    """
    return form_in(open_package(path))


def form_in(package: Package) -> ReadForm:
    """The same of a file that was unpacked."""
    reading = _Reading(book_in(package))
    record = reading.record()
    claim = salvaged(record, reading.cells, [error.where for error in reading.errors], reading.refuse_field)
    errors = tuple(reading.errors)
    return ReadForm(
        package,
        reading.book,
        record,
        reading.cells,
        claim,
        errors,
        tuple(error.where for error in errors),
        tuple(reading.inputs),
        tuple(reading.formulas),
        tuple(reading.hidden()),
        reading.lines,
        reading.areas,
    )


def read_with_cells(path: Path) -> tuple[Claim, CellMap]:
    """The claim that a workbook states, and where its fields stand.

    Raises InputError for another program's workbook; InputErrors, each with its cell, where anything of it cannot be
    read or is hidden.
    """
    form = read_form(path)
    hidden = [InputError("workbook.sheet.hidden", one.what, where=one.where, fix=one.fix) for one in form.hidden]
    if hidden or form.errors or form.claim is None:
        raise InputErrors([*hidden, *form.errors])
    return form.claim, form.cells


def read_claim(path: Path) -> Claim:
    """The claim that a workbook states; raises as `read_with_cells` does."""
    return read_with_cells(path)[0]


def cells_of_nasro(path: Path) -> tuple[str, ...]:
    """The cells that NASRO fills in (its box on Claim, the decisions on Review) and in which something stands.

    They are no part of the claim: building it again leaves them behind. Raises as `read_form` does.
    """
    book = book_in(open_package(path))
    cells = [nasro_cell(book, name) for name, _, _ in table.FOR_NASRO]
    for key in ("decision", "reason"):
        area = book.names.get(table.REVIEWED.name(key))
        if area is not None:
            cells += [book.cell(area.sheet, row, area.column) for row in range(area.row, area.last_row + 1)]
    return tuple(cell.area.address for cell in cells if cell is not None and not cell.is_blank)


def nasro_cell(book: OpenBook, name: str) -> ReadCell | None:
    """A cell of NASRO's box; None where its name is gone, or points at what is not NASRO's.

    Else an agency could have another cell taken for the approval, or lose what it claims there.
    """
    cell = book.named(name)
    others = (book.names[other] for other in (*_asked(), *COMPUTED) if other != name and other in book.names)
    return None if cell is None or any(_holds(area, cell.area) for area in others) else cell


def _holds(area: Area, cell: Area) -> bool:
    return (
        area.sheet == cell.sheet
        and area.row <= cell.row <= area.last_row
        and area.column <= cell.column <= area.last_column
    )


@dataclass
class _Reading:
    book: OpenBook
    cells: CellMap = field(default_factory=CellMap)
    errors: list[InputError] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    every: dict[str, Any] = field(default_factory=dict)
    inputs: list[tuple[ReadCell, Kind, str]] = field(default_factory=list)
    formulas: list[StatedCell] = field(default_factory=list)
    areas: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    # ---- cells

    def refuse(self, area: Area, label: str, what: str, fix: str) -> None:
        """Say of a cell that it cannot be read, once."""
        self._refuse(InputError("workbook.cell.invalid", f"{label}: {what}", where=area.address, fix=fix))

    def _refuse(self, error: InputError) -> None:
        if error.where not in self.refused:
            self.refused.add(error.where)
            self.errors.append(error)

    def value(self, cell: ReadCell, name: str, kind: Kind, choices: str, label: str) -> Any:
        """What a cell states; None where it is blank or cannot be read."""
        if cell.is_blank or (isinstance(cell.value, str) and not values.text(cell.value)):
            return None
        self.inputs.append((cell, kind, label))
        reader = values.reader_of(name, kind, choices)
        try:
            typed = typed_in(cell, reader, self.book.epoch)
            found = reader(typed)
        except Unfit as error:
            self.refuse(cell.area, label, error.what, error.fix)
            return None
        if cell.formula is not None and not isinstance(typed, bool):
            self.formulas.append(of_input(cell, typed, label, in_dollars=reader is values.amount))
        return found

    def box(self, name: str) -> Any:
        """What a box states."""
        told = BOXES[name]
        cell = self.book.named(name)
        if cell is None:
            self.refuse(told.area.first, told.label, "the box is gone", "copy the claim into a new form")
            return None
        self.labels[cell.area.address] = told.label
        if told.path and not name.endswith("_time") and not told.path.startswith("course.place"):
            self.cells.add(told.path, cell.area, told.label)
        return self.value(cell, name, told.kind, told.choices, told.label)

    def rows(
        self, told: Table, only: tuple[str, ...] = ()
    ) -> Iterator[tuple[int, dict[str, Any], Mapping[str, ReadCell]]]:
        """The rows of a table in which something is typed: number, what is stated, the cells.

        `only` names the columns that are read.
        """
        areas = {column.key: self.book.names.get(told.name(column.key)) for column in told.columns}
        inputs = [column for column in told.inputs if not only or column.key in only]
        keys = [
            column
            for column in told.columns
            if column in inputs or (column.fixed and (not only or column.key in only))
        ]
        lost = [column for column in keys if areas[column.key] is None]
        if lost:
            self.refuse(
                told.area(lost[0].key).first, lost[0].header, "the column is gone", "copy the claim into a new form"
            )
            return
        first = areas[keys[0].key]
        for index in range(0 if first is None else first.last_row - first.row + 1):
            cells: dict[str, ReadCell] = {}
            for column in keys:
                area = areas[column.key]
                if area is not None:
                    cells[column.key] = self.book.cell(area.sheet, area.row + index, area.column)
            if all(cells[column.key].is_blank for column in inputs):
                if told is table.DAY:
                    yield index, {"day": self._number(cells["day"])}, cells
                continue
            stated = {
                column.key: self.value(
                    cells[column.key], column.key, column.kind, column.choices, self._label(column)
                )
                for column in inputs
            }
            for column in told.columns:
                if column.fixed and column.kind is Kind.COUNT:
                    stated[column.key] = self._number(cells[column.key])
            yield index, stated, cells

    @staticmethod
    def _label(column: Column) -> str:
        return column.header

    @staticmethod
    def _number(cell: ReadCell) -> int | None:
        value = cell.value
        return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def place(self, path: str, cells: Mapping[str, ReadCell], told: Table, key: str) -> None:
        """Say where a field of an entry stands."""
        self.cells.add(path, cells[key].area, told.column(key).header)
        self.labels[cells[key].area.address] = told.column(key).header

    def refuse_field(self, error: InputError) -> None:
        """Refuse a field by the claim's own rules, unless its cell is refused already."""
        self._refuse(self.placed(error))

    def hidden(self) -> Iterator[Refused]:
        """The sheets and rows that are hidden although something is typed in them."""
        book = self.book
        sheets = {cell.area.sheet for cell, _, _ in self.inputs}
        for sheet in book.sheets:
            if sheet in sheets and sheet in book.hidden_sheets:
                yield Refused(
                    "malformed", f"{sheet}!A1", f"the sheet {sheet} is hidden", "show it, and send it again"
                )
        rows: dict[tuple[str, int], Area] = {}
        for cell, _, _ in self.inputs:
            if cell.area.row in book.hidden_rows.get(cell.area.sheet, ()):
                rows.setdefault((cell.area.sheet, cell.area.row), cell.area)
        for (sheet, row), area in rows.items():
            what = f"row {row + 1} of the sheet {sheet} is hidden"
            yield Refused("malformed", area.address, what, "show the row, and send it again")

    def placed(self, error: InputError) -> InputError:
        """A refusal of the claim's own rules, with the cell and its label."""
        area = self.cells.area(error.where)
        if area is None:
            return error
        label = self.labels.get(area.address, "")
        what, fix = error.what, error.fix
        if what == "is missing":
            what, fix = "is blank, and every claim needs it", "type it"
        placed = InputError(error.code, f"{label}: {what}" if label else what, where=area.address, fix=fix)
        placed.check = error.check
        return placed

    # ---- the claim

    def record(self) -> Record:
        """The claim as JSON would state it."""
        claim: Record = {"schema": SCHEMA}
        boxes = {name: self.box(name) for name in BOXES}
        for told in FIELDS:
            value = boxes[told.name]
            if told.path and value is not None and not told.name.startswith(("trip_", "station_", "residence_")):
                _set(claim, told.path, value)
        trip: Record = claim.setdefault("trip", {})
        for name in ("departed", "returned"):
            on, at = boxes[f"trip_{name}_on"], boxes[f"trip_{name}_time"]
            if isinstance(on, date):
                trip[f"{name}_at"] = datetime.combine(on, at) if isinstance(at, time) else on
        for name, key in (("station", "official_station"), ("residence", "residence")):
            place = _place({part: boxes[f"{name}_{part}"] for part in ("city", "state", "county", "zip")}, "")
            if place or name == "station":
                trip[key] = place
        self._groups(claim)
        day_trips = self._day_trips()
        if day_trips:
            trip["day_trips"] = day_trips
        self._stops(claim, boxes)
        days = self._days(claim)
        self._rooms(claim, days)
        self._meals(claim, days)
        self._expenses(claim)
        self._credits(claim)
        self._payments(claim)
        claim["attachments"] = {}
        for index, item in enumerate(table.DOCUMENT_NAMES):
            if (area := self.book.names.get(table.DOCUMENT.name("status"))) is not None:
                self.cells.add(f"attachments.{item}", Area.cell(area.sheet, area.row + index, area.column), "Status")
        for index, stated, _ in self.rows(table.DOCUMENT):
            item = list(table.DOCUMENT_NAMES)[index] if index < len(table.DOCUMENT_NAMES) else ""
            if item and stated["status"] is not None:
                claim["attachments"][item] = stated["status"]
        self._answers(claim)
        return claim

    @staticmethod
    def _groups(claim: Record) -> None:
        for name in ("agency", "award", "officer", "course"):
            claim.setdefault(name, {})
        claim["agency"].setdefault("contact", {})

    def _day_trips(self) -> list[Record]:
        found: list[Record] = []
        for _, stated, cells in self.rows(table.DAY_TRIP):
            on, left, back = stated["date"], stated["left"], stated["back"]
            trip: Record = {"date": on, "left_at": left, "returned_at": back}
            if isinstance(on, date) and isinstance(left, time) and isinstance(back, time) and back <= left:
                trip["returned_at"] = datetime.combine(on + timedelta(days=1), back)
            for key, name in (("date", "date"), ("left", "left_at"), ("back", "returned_at")):
                self.place(f"trip.day_trips[{len(found)}].{name}", cells, table.DAY_TRIP, key)
            found.append({key: value for key, value in trip.items() if value is not None})
        return found

    def _stops(self, claim: Record, boxes: Mapping[str, Any]) -> None:
        trip = claim["trip"]
        rows = list(self.rows(table.STOPS))
        departed, returned = _days_of(trip)
        stops: list[Record] = []
        before = departed
        for number, (_, stated, cells) in enumerate(rows):
            following = rows[number + 1][1]["arrived"] if number + 1 < len(rows) else None
            self._place_stop(number, stated, cells)
            arrived = stated["arrived"] or before
            left = stated["left"] or (arrived if "day_trips" in trip else following or returned)
            place = _place({part: stated[part] for part in PARTS}, stated["area"] or "")
            stop = {"place": place, "arrived_on": arrived, "departed_on": left, "reason": stated["reason"]}
            stops.append({key: value for key, value in stop.items() if value is not None})
            before = left if isinstance(left, date) else before
        first = self._first_of(table.STOPS, "state")
        self.cells.add("trip.stops", first, "State")
        if not stops:
            self.cells.add("course.place", first, "State")
            self.refuse(first, "State", "the place of the course is blank", "choose the state, then the rate area")
        trip["stops"] = stops
        self._course_place(claim["course"], stops, boxes["course_area"] or "")

    def _place_stop(self, number: int, stated: Mapping[str, Any], cells: Mapping[str, ReadCell]) -> None:
        """Say where the fields of a stop stand; a date that follows from the trip stands in the trip's box."""
        path = f"trip.stops[{number}]"
        self.place(path, cells, table.STOPS, "state")
        self.place(f"{path}.reason", cells, table.STOPS, "reason")
        for name, key, box in (
            ("arrived_on", "arrived", "trip_departed_on"),
            ("departed_on", "left", "trip_returned_on"),
        ):
            if stated[key] is None and cells[key].is_blank:
                self.cells.add(f"{path}.{name}", self._area_of(box), BOXES[box].label)
            else:
                self.place(f"{path}.{name}", cells, table.STOPS, key)
        self.place(f"{path}.place", cells, table.STOPS, "city")
        for part in PARTS:
            self.place(f"{path}.place.{part}", cells, table.STOPS, part)
        named = any(stated[part] for part in ("city", "county", "zip"))
        if stated["area"] and stated["state"] and named:
            self.areas[path] = stated["state"], stated["area"], cells["area"].area.address
        elif stated["state"] and not named and stated["area"] in (None, STANDARD):
            what = "is blank, and the standard rate needs it"
            self.refuse(cells["city"].area, "City or town", what, "type the town")

    def _course_place(self, course: Record, stops: list[Record], area: str) -> None:
        """The course's own place, or else that of the first stop for the course."""
        elsewhere = course.pop("place", {})
        if elsewhere or area:
            course["place"] = _place(elsewhere, area)
            for part in PARTS:
                self.cells.add(f"course.place.{part}", self._area_of(f"course_{part}"), BOXES[f"course_{part}"].label)
            self.cells.add("course.place", self._area_of("course_city"), BOXES["course_city"].label)
        elif stops:
            at = [stop for stop in stops if stop.get("reason", "course") == "course"] or stops
            course["place"] = dict(at[0]["place"])
            path = f"trip.stops[{stops.index(at[0])}].place"
            for part in ("", *(f".{part}" for part in PARTS)):
                found = self.cells.area(path + part)
                if found is not None:
                    self.cells.add(f"course.place{part}", found, self.cells.label(path + part))

    def _first_of(self, told: Table, key: str) -> Area:
        """The first cell of a column."""
        return self.book.names.get(told.name(key), told.area(key)).first

    def _area_of(self, name: str) -> Area:
        """Where a box stands."""
        return self.book.names.get(name, BOXES[name].area).first

    # ---- days

    def _days(self, claim: Record) -> dict[date, tuple[dict[str, Any], Mapping[str, ReadCell]]]:
        """The rows of Days by their day; nothing may stand on a row that is none."""
        first, last = _days_of(claim["trip"])
        found: dict[date, tuple[dict[str, Any], Mapping[str, ReadCell]]] = {}
        personal: list[date] = []
        is_reversed = first is not None and last is not None and last < first
        for _, stated, cells in self.rows(table.DAY):
            typed_in_it = [cell for key, cell in cells.items() if key != "day" and not cell.is_blank]
            number = stated["day"]
            on = first + timedelta(days=number - 1) if first is not None and number is not None else None
            if on is None or last is None or on > last:
                if typed_in_it and first is not None and last is not None and not is_reversed:
                    self.refuse(
                        typed_in_it[0].area,
                        "Days",
                        "something is typed on a row that is no day of the trip",
                        "remove it, or correct the dates on Claim",
                    )
                continue
            if on in found:
                self.refuse(cells["day"].area, "No.", f"day {number} is there twice", "remove one of the two rows")
                continue
            found[on] = (stated, cells)
            if stated.get("personal"):
                self.place(f"trip.personal_days[{len(personal)}]", cells, table.DAY, "personal")
                personal.append(on)
        if first is not None and last is not None and (last - first).days < table.MOST_DAYS:
            for number in range((last - first).days + 1):
                if first + timedelta(days=number) not in found:
                    what = f"the row of day {number + 1} is gone"
                    self.refuse(
                        table.DAY.area("day").first, "No.", what, "undo it, or copy the claim into a new form"
                    )
        self._place_days(found)
        if personal:
            claim["trip"]["personal_days"] = personal
        return dict(sorted(found.items()))

    def _place_days(self, days: Mapping[date, tuple[dict[str, Any], Mapping[str, ReadCell]]]) -> None:
        """Say where what is stated by the day stands, over the rows of the trip; and the M&IE of each day."""
        for path, key, last_key in (
            ("furnished_meals", "breakfast", "dinner"),
            ("trip.personal_days", "personal", "personal"),
            ("lodging", "room", "room"),
        ):
            first, last = self._first_of(table.DAY, key), self._first_of(table.DAY, last_key)
            area = Area(first.sheet, first.row, first.column, first.row + max(len(days), 1) - 1, last.column)
            self.cells.add(path, area, table.DAY.column(key).header)
        column = self._first_of(table.DAY, "mie_ok").column
        for on, (_, cells) in days.items():
            day = cells["day"].area
            self.cells.add(f"mie_paid.{on}", Area.cell(day.sheet, day.row, column), table.DAY.column("mie_ok").header)

    def _every(self) -> dict[str, Any]:
        """What is typed once for every day."""
        found = {}
        for key in table.EVERY:
            cell = self.book.named(f"every_{key}")
            column = table.DAY.column(key)
            if cell is not None:
                found[key] = self.value(cell, key, column.kind, column.choices, column.header)
        return found

    def _runs(self, told: Table) -> list[tuple[date, date, dict[str, Any], Mapping[str, ReadCell]]]:
        """The rows of a table that are keyed by a first and a last day."""
        found = []
        for _, stated, cells in self.rows(told):
            first, last = stated["from"], stated["to"] or stated["from"]
            if not isinstance(first, date):
                self.refuse(cells["from"].area, told.column("from").header, "is blank", f"{values.DATE_FIX}")
            elif last < first:
                self.refuse(
                    cells["to"].area, told.column("to").header, "is before the first", "correct one of the two"
                )
            else:
                found.append((first, last, stated, cells))
        return found

    def _rooms(self, claim: Record, days: Mapping[date, tuple[dict[str, Any], Mapping[str, ReadCell]]]) -> None:
        every = self._every()
        self.every = every
        runs = self._runs(table.ROOM)
        for first, _, _, cells in runs:
            if days and first not in days:
                self.refuse(
                    cells["from"].area, "First night", f"{first:%m/%d/%Y} is not within the trip", "correct it"
                )
        personal = set(claim["trip"].get("personal_days", ()))
        official = [on for on in days if on not in personal]
        is_commute = "day_trips" in claim["trip"]
        lodging: list[Record] = []
        for on, (stated, cells) in days.items():
            is_night = bool(official) and on not in personal and on < official[-1] and not is_commute
            special = next(((told, at) for first, last, told, at in reversed(runs) if first <= on <= last), None)
            kind = special[0]["type"] if special else None
            without = kind in table.NEVER_A_ROOM
            room = stated.get("room")
            tax, receipt = stated.get("tax"), stated.get("receipt")
            if is_night and not without:
                room = every.get("room") if room is None else room
                if room is not None:
                    tax = every.get("tax") if tax is None else tax
                    receipt = every.get("receipt") if receipt is None else receipt
            if room is None and not without:
                if tax is not None or receipt is not None:
                    self.refuse(
                        cells["room"].area,
                        "Room, before tax",
                        "is blank, and a tax or receipt is there",
                        "type the price",
                    )
                continue
            path = f"lodging[{len(lodging)}]"
            night: Record = {"night": on, "room_rate": room, "tax": tax, "receipt": receipt}
            for name, key in (("night", "day"), ("room_rate", "room"), ("tax", "tax"), ("receipt", "receipt")):
                self.place(f"{path}.{name}", cells, table.DAY, key)
            if special:
                night |= self._special_room(path, *special)
            lodging.append({key: value for key, value in night.items() if value is not None})
        claim["lodging"] = lodging

    def _special_room(self, path: str, told: Mapping[str, Any], cells: Mapping[str, ReadCell]) -> Record:
        night: Record = {
            "sharers": told["sharers"],
            "shared_with": told["with"] or None,
            "single_rate": told["single"],
            "type": told["type"],
            "hotel": told["hotel"],
            "flat_tax": told["flat"],
            "receipt_statement": told["statement"],
            "paid_by": told["paid_by"],
        }
        for name, key in zip(
            night, ("sharers", "with", "single", "type", "hotel", "flat", "statement", "paid_by"), strict=True
        ):
            self.place(f"{path}.{name}", cells, table.ROOM, key)
        approval = {"by": told["by"], "on": told["on"], "ceiling": told["ceiling"], "reason": told["why"]}
        if any(value is not None for value in approval.values()):
            night["approval"] = {key: value for key, value in approval.items() if value is not None}
            for name, key in (("by", "by"), ("on", "on"), ("ceiling", "ceiling"), ("reason", "why")):
                self.place(f"{path}.approval.{name}", cells, table.ROOM, key)
        if told["state"] or told["area"] or told["city"]:
            parts = values.several(told["city"] or "")
            zips = [part for part in parts if part.replace("-", "").isdigit()]
            cities = [part for part in parts if part not in zips]
            place = {"city": cities[0] if cities else None, "state": told["state"], "zip": zips[0] if zips else None}
            night["alternate_place"] = _place(place, told["area"] or "")
            self.place(f"{path}.alternate_place", cells, table.ROOM, "city" if told["city"] else "area")
            if told["area"] and told["state"] and told["city"]:
                self.areas[path] = told["state"], told["area"], cells["area"].area.address
        return night

    def _meals(self, claim: Record, days: Mapping[date, tuple[dict[str, Any], Mapping[str, ReadCell]]]) -> None:
        statements: dict[date, tuple[str, Mapping[str, ReadCell]]] = {}
        paid: dict[str, str] = {}
        for first, last, stated, cells in self._runs(table.MIE):
            for number in range((last - first).days + 1):
                on = first + timedelta(days=number)
                if stated["paid"] is not None:
                    paid[on.isoformat()] = stated["paid"]
                    self.place(f"mie_paid.{on}", cells, table.MIE, "paid")
                if stated["excuse"] is not None:
                    statements[on] = stated["excuse"], cells
                if number > 2 * table.MOST_DAYS:
                    break
        if paid:
            claim["mie_paid"] = paid
        meals: list[Record] = []
        answered = bool(statements)
        for on, (stated, cells) in days.items():
            by = {meal: stated.get(meal) or self.every.get(meal) for meal in ("breakfast", "lunch", "dinner")}
            answered = answered or any(value is not None for value in by.values())
            path = f"furnished_meals[{len(meals)}]"
            self.place(f"{path}.date", cells, table.DAY, "day")
            for meal in by:
                self.place(f"{path}.{meal}", cells, table.DAY, meal)
            excuse = statements.get(on)
            if excuse is not None:
                self.place(f"{path}.meal_statement", excuse[1], table.MIE, "excuse")
            meals.append({"date": on, **by, "meal_statement": excuse[0] if excuse is not None else None})
        if answered:
            claim["furnished_meals"] = meals

    # ---- expenses, credits, payments, answers

    def _refuse_below(self, told: Table, keys: tuple[str, ...]) -> None:
        """Refuse an amount or a choice that stands below a table; a total or a note there is none of ours."""
        areas = {key: self.book.names.get(told.name(key)) for key in keys}
        for (row, column), cell in self.book.cells.get(told.sheet, {}).items():
            for key, area in areas.items():
                if area is None or area.column != column or row <= area.last_row or cell.formula is not None:
                    continue
                known = CHOICES.get(told.column(key).choices, {})
                if isinstance(cell.value, int | float) or values.text(cell.value) in known:
                    what = f"row {row + 1} stands below the table, so that no total has it"
                    self.refuse(cell.area, told.column(key).header, what, "move it into a row of the table")

    def _expenses(self, claim: Record) -> None:
        self._refuse_below(table.EXPENSE, ("category", "amount", "miles"))
        expenses: list[Record] = []
        for _, stated, cells in self.rows(table.EXPENSE):
            path = f"expenses[{len(expenses)}]"
            self.cells.add(path, cells["category"].area, "What")
            self.labels[cells["category"].area.address] = "What"
            expense: Record = {}
            for column in table.EXPENSE.inputs:
                name = EXPENSE_FIELDS.get(column.key, column.key).rstrip("_")
                self.place(f"{path}.{name}", cells, table.EXPENSE, column.key)
                if stated[column.key] is not None:
                    expense[name] = stated[column.key]
            if stated["line"] is not None:
                self.lines[stated["line"]] = len(expenses) + 1
            expenses.append(expense)
        claim["expenses"] = expenses

    def _credits(self, claim: Record) -> None:
        nights = {night["night"]: number for number, night in enumerate(claim["lodging"], start=1)}
        credits: list[Record] = []
        for _, stated, cells in self.rows(table.CREDIT):
            path = f"credits[{len(credits)}]"
            for name in ("source", "on", "amount", "note"):
                self.place(f"{path}.{name}", cells, table.CREDIT, name)
            self.place(f"{path}.line", cells, table.CREDIT, "for")
            credit = {name: stated[name] for name in ("source", "on", "amount", "note") if stated[name] is not None}
            kind = stated["for"] or ""
            if kind in ("N", "T"):
                number = nights.get(stated["night"])
                if number is None:
                    self.refuse(
                        cells["night"].area,
                        "the night of",
                        "no room is entered for that night",
                        "type one that has a room",
                    )
                else:
                    credit["line"] = f"{kind}{number}"
            elif kind == "E":
                number = self.lines.get(stated["line"])
                if number is None:
                    self.refuse(
                        cells["line"].area, "expense line", "no cost stands on that line", "type the line's number"
                    )
                else:
                    credit["line"] = f"E{number}"
            credits.append(credit)
        if credits:
            claim["credits"] = credits

    def _payments(self, claim: Record) -> None:
        rows = list(self.rows(table.PAYMENTS))
        amounts = [Decimal(stated["amount"]) for _, stated, _ in rows if stated["amount"] is not None]
        self.cells.add("previously_reimbursed", self._first_of(table.PAYMENTS, "amount"), "Amount")
        if not rows:
            return
        claim["previously_reimbursed"] = f"{sum(amounts, Decimal('0.00')):.2f}"
        if all(stated["claim_id"] is None and stated["paid_on"] is None for _, stated, _ in rows):
            return
        claim["previous_claims"] = []
        for number, (_, stated, cells) in enumerate(rows):
            for name in ("claim_id", "paid_on", "amount"):
                self.place(f"previous_claims[{number}].{name}", cells, table.PAYMENTS, name)
            claim["previous_claims"].append({key: value for key, value in stated.items() if value is not None})

    def _answers(self, claim: Record) -> None:
        answers: dict[str, str] = {}
        for check in sorted(ANSWERED):
            cell = self.book.named(answer_name(check))
            said = self.value(cell, "answer", Kind.TEXT, "", "Your answer") if cell is not None else None
            if cell is not None and said is not None:
                answers[check] = said
                self.cells.add(f"explanations.{check}", cell.area, "Your answer")
        for _, stated, cells in self.rows(table.REVIEWED, ("check", "answer")):
            asked, said = value_of(cells["check"].value), stated["answer"]
            if isinstance(asked, str) and said is not None:
                before = answers.get(asked, "")
                # A marked copy repeats on Review what the sheet Check answers.
                is_repeated = said == before or said.startswith(f"{before}; ")
                answers[asked] = f"{before}; {said}" if before and not is_repeated else said
                self.place(f"explanations.{asked}", cells, table.REVIEWED, "answer")
        if answers:
            claim["explanations"] = answers


PARTS = ("city", "state", "county", "zip")
"""The parts of a place."""


def _days_of(trip: Record) -> tuple[date | None, date | None]:
    """The first and the last day of a trip; a return at midnight belongs to the day before."""
    departed, end = _day_of(trip.get("departed_at")), trip.get("returned_at")
    returned = _day_of(end)
    if isinstance(end, datetime) and end.time() == time() and departed is not None and returned is not None:
        returned = max(departed, returned - timedelta(days=1))
    return departed, returned


def _day_of(moment: Any) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def _set(record: Record, path: str, value: Any) -> None:
    *groups, last = path.split(".")
    for group in groups:
        record = record.setdefault(group, {})
    record[last] = value


def _place(parts: Mapping[str, Any], area: str) -> Record:
    """A place: as it was typed; a ZIP alone where nothing else names it; the area's own town where nothing does."""
    found = {key: value for key, value in parts.items() if value is not None}
    if "city" not in found and "county" not in found:
        if "zip" in found:
            return {"zip": found["zip"]}
        if area and area != STANDARD:
            found["city"] = area.partition(" / ")[0]
    return found
