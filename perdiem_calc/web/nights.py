"""The days of a trip as rows: each with its night, its meals, and what is rare, to and from a draft.

>>> draft = {"trip": {"departed_at": "2026-10-04", "returned_at": "2026-10-05"}}
>>> rows = rows_of(draft)
>>> put(rows, "2026-10-04.night.room_rate", "145.00")
>>> put_rows(draft, rows)["lodging"]
[{'night': '2026-10-04', 'room_rate': '145.00'}]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from perdiem_calc.claims.model import MEALS, WITHOUT_ROOM
from perdiem_calc.money import CENT
from perdiem_calc.web.answers import Draft, day_in, get, put, renumbered
from perdiem_calc.web.questions import DAY, NIGHT, Question, questions_in

MOST_ROWS = 62
UNANSWERED = "unanswered"
"""A meal that a claim leaves open, while others of the day are answered."""
_LITTLE = frozenset({"night", "receipt", "hotel", "paid_by"})
"""What alone makes no night."""


def days_of(draft: Draft) -> list[date]:
    """The days of the trip, as far as its ends are known."""
    first, last = day_in(get(draft, "trip.departed_at")), day_in(get(draft, "trip.returned_at"))
    if first is None or last is None or not timedelta(0) <= last - first < timedelta(days=MOST_ROWS):
        return []
    if str(get(draft, "trip.returned_at")).endswith("T00:00") and last > first:
        last -= timedelta(days=1)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def rows_of(draft: Draft) -> Draft:
    """A row for each day of the trip, by date: its `night`, its `meals`, and the answers about the `day`."""
    rows: Draft = {day.isoformat(): {} for day in days_of(draft)}
    for path, key, part in (("lodging", "night", "night"), ("furnished_meals", "date", "meals")):
        for entry in _entries(draft, path):
            row = rows.get(str(entry.get(key)))
            if row is not None and part not in row:
                row[part] = {name: value for name, value in deepcopy(entry).items() if name != key}
    for on, row in rows.items():
        meals = row.get("meals") or {}
        meals |= {meal: UNANSWERED for meal in MEALS if meals.get(meal, "none") is None}
        put(row, "day.meal_statement", meals.get("meal_statement"))
        put(row, "day.mie_paid", (get(draft, "mie_paid") or {}).get(on))
        put(row, "day.personal", on in (get(draft, "trip.personal_days") or ()) or None)
    for trip in _entries(draft, "trip.day_trips"):
        if (row := rows.get(str(trip.get("date")))) is not None:
            put(row, "day.left_at", trip.get("left_at"))
            put(row, "day.returned_at", str(trip.get("returned_at") or "").rpartition("T")[2] or None)
    return rows


def put_rows(draft: Draft, rows: Draft, *, meals_answered: bool | None = None) -> Draft:
    """A copy of a draft with what its rows state. `meals_answered` False says that no meal was furnished."""
    draft = deepcopy(draft)
    rows = {day.isoformat(): rows.get(day.isoformat()) or {} for day in days_of(draft)}
    put(draft, "lodging", _nights(draft, rows))
    _put_meals(draft, rows, meals_answered)
    others = [on for on in get(draft, "trip.personal_days") or () if on not in rows]
    personal = sorted({*others, *(on for on, row in rows.items() if get(row, "day.personal") is True)})
    had_personal = get(draft, "trip.personal_days") is not None
    put(draft, "trip.personal_days", personal if personal or had_personal else None)
    paid = {on: amount for on, amount in (get(draft, "mie_paid") or {}).items() if on not in rows}
    paid |= {on: get(row, "day.mie_paid") for on, row in rows.items() if get(row, "day.mie_paid") is not None}
    put(draft, "mie_paid", paid or None)
    put(draft, "trip.day_trips", _day_trips(draft, rows))
    return draft


def is_commuter(draft: Draft) -> bool:
    """Whether the officer drove home every evening, so that there are day trips and no nights."""
    return bool(get(draft, "trip.day_trips"))


def _entries(draft: Draft, path: str) -> Iterator[Draft]:
    for entry in get(draft, path) or ():
        if isinstance(entry, dict):
            yield entry


def _nights(draft: Draft, rows: Draft) -> list[Draft] | None:
    """The nights of the rows, each in the place of the first entry that it has; other entries stay as they are."""
    old = list(_entries(draft, "lodging"))
    left = {on: {"night": on, **night} for on, row in rows.items() if _is_night(night := row.get("night") or {})}
    found: list[tuple[int | None, Draft]] = []
    taken = set()
    for index, entry in enumerate(old):
        on = str(entry.get("night"))
        if on not in rows or on in taken:
            found.append((index, entry))
        elif on in left:
            found.append((index, left.pop(on)))
        taken.add(on)
    if left:
        found += [(None, night) for night in left.values()]
        found.sort(key=lambda one: str(one[1].get("night")))
    places = {index: place for place, (index, _) in enumerate(found) if index is not None}
    renumbered(draft, "NT", places)
    return [entry for _, entry in found] or None


def _is_night(night: Draft) -> bool:
    return any(name not in _LITTLE and (name, value) != ("type", "hotel") for name, value in night.items())


def _put_meals(draft: Draft, rows: Draft, answered: bool | None) -> None:
    found = [entry for entry in _entries(draft, "furnished_meals") if entry.get("date") not in rows]
    for on, row in rows.items():
        meals = {} if answered is False else dict(row.get("meals") or {})
        meals = {name: None if value == UNANSWERED else value for name, value in meals.items() if value != "none"}
        meals.pop("meal_statement", None)
        if statement := get(row, "day.meal_statement"):
            meals["meal_statement"] = statement
        if meals:
            found.append({"date": on, **meals})
    was_answered = draft.get("furnished_meals") is not None
    found.sort(key=lambda one: str(one.get("date")))
    put(draft, "furnished_meals", found if found or answered is not None or was_answered else None)


def _day_trips(draft: Draft, rows: Draft) -> list[Draft] | None:
    found = [entry for entry in _entries(draft, "trip.day_trips") if entry.get("date") not in rows]
    for on, row in rows.items():
        left, back = get(row, "day.left_at"), get(row, "day.returned_at")
        if left is None and back is None:
            continue
        entry = {"date": on} | {name: value for name, value in (("left_at", left), ("returned_at", back)) if value}
        if left and back and _is_past_midnight(left, back):
            entry["returned_at"] = f"{(date.fromisoformat(on) + timedelta(days=1)).isoformat()}T{back}"
        found.append(entry)
    return sorted(found, key=lambda one: str(one.get("date"))) or None


def _is_past_midnight(left: str, back: str) -> bool:
    try:
        return time.fromisoformat(back) <= time.fromisoformat(left)
    except ValueError:
        return False


def grid_questions(rows: Draft) -> Iterator[tuple[str, tuple[Question, ...]]]:
    """The boxes of each row: at most five."""
    last = max(rows, default="")
    for on in list(rows):
        said = in_words(date.fromisoformat(on))
        night = (
            Question(f"{on}.night.room_rate", f"Room before tax, {said}", "amount", width="short"),
            Question(f"{on}.night.tax", f"Tax on the room, {said}", "amount", width="short"),
        )
        meals = tuple(
            Question(f"{on}.meals.{meal}", f"{meal.capitalize()}, {said}", "choice", "meals", default="none")
            for meal in MEALS
        )
        yield on, ((night if on != last or get(rows, f"{on}.night") else ()) + meals)


def day_questions(on: str) -> tuple[tuple[Question, str], ...]:
    """The questions of a day's own page, and whether they are about the night or the day."""
    return (
        *((question, f"{on}.night") for question in questions_in(NIGHT)),
        *((question, f"{on}.day") for question in questions_in(DAY)),
    )


def in_words(day: date) -> str:
    """A day of the trip, short.

    >>> in_words(date(2026, 10, 4))
    'Sun 10/4'
    """
    return f"{day:%a} {day.month}/{day.day}"


def same_as_above(rows: Draft, on: str) -> None:
    """Give a day the night and the meals of the day before it."""
    days = sorted(rows)
    at = days.index(on)
    if at:
        above = rows[days[at - 1]]
        for part in ("night", "meals"):
            value = deepcopy(above.get(part))
            if part == "night" and at == len(days) - 1:
                continue
            put(rows, f"{on}.{part}", value)


def fill(rows: Draft, nights: Iterable[str], room: Decimal, tax: Decimal, *, is_whole_bill: bool) -> None:
    """Give several nights one price, or divide a whole bill among them to the cent; the parts add up to it."""
    nights = [on for on in nights if on in rows]
    count = len(nights)
    for name, amount in (("room_rate", room), ("tax", tax)):
        for on, part in zip(nights, divided(amount, count) if is_whole_bill else [amount] * count, strict=True):
            put(rows, f"{on}.night.{name}", f"{part:.2f}")


def bill_of(rows: Draft) -> str:
    """The number of the hotel bill where every paid night has the same; else nothing."""
    numbers = {str(night.get("receipt") or "") for night in _paid_nights(rows)}
    return numbers.pop() if len(numbers) == 1 else ""


def put_bill(rows: Draft, number: str, before: str) -> None:
    """Give the hotel bill's number to the paid nights that have none of their own, or had the one before."""
    for night in _paid_nights(rows):
        if (night.get("receipt") or "") in ("", before):
            put(night, "receipt", number or None)


def _paid_nights(rows: Draft) -> Iterator[Draft]:
    for row in rows.values():
        night = row.get("night") or {}
        if _is_night(night) and night.get("type") not in WITHOUT_ROOM:
            yield night


def divided(amount: Decimal, parts: int) -> list[Decimal]:
    """An amount in so many parts that differ by a cent at most; the first are the larger ones.

    >>> [str(part) for part in divided(Decimal("100.00"), 3)]
    ['33.34', '33.33', '33.33']
    """
    cents = int(amount / CENT)
    return [CENT * (cents // parts + (number < cents % parts)) for number in range(parts)]


def index_of(draft: Draft, path: str, key: str, on: str) -> int | None:
    """The index of a day's first entry in a list of a draft."""
    entries: list[Any] = get(draft, path) or []
    return next((at for at, one in enumerate(entries) if isinstance(one, dict) and one.get(key) == on), None)
