"""Random claims with every field of a claim in them: valid, itemizable, and otherwise as odd as people make them.

`random_claim(rng)` gives one claim as JSON states it; `claims()` the same as a hypothesis strategy, which shrinks.
Every place is known and every date lies where rates and mileage rates are in force. Text is often what a spreadsheet
would like to take for something else.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from perdiem_calc.claims import model as fields
from perdiem_calc.claims.check_ids import CHECK_IDS

FIRST, LAST = date(2020, 10, 5), date(2026, 12, 5)
PLACES: tuple[dict[str, str], ...] = (
    {"city": "Orlando", "state": "FL"},
    {"city": "Washington", "state": "DC"},
    {"city": "Moody", "state": "AL"},
    {"city": "Gulf Shores", "state": "AL", "county": "Baldwin"},
    {"city": "Chicago", "state": "IL"},
    {"zip": "32801"},
)
LINES = ("two\nlines", "a\ttab", "\n\nafter blank lines")
"""What stands only where several lines may."""
MIXED = "Señor Núñez, 漢字, 🙂"
"""No name: it mixes alphabets."""
TEXTS = (
    "=1+1",
    "+1-800-555-0100",
    "-5",
    "@SUM(A1)",
    '=HYPERLINK("http://x.example")',
    "O'Neal & Sons <Ltd>",
    "a\u00a0no-break blank",
    MIXED,
    "Señor Núñez",
    "_x000D_",
    "1e5",
    "007",
    "3.10",
    "TRUE",
    "#N/A",
    "2026-10-04",
    "http://x.example/?a=1",
    'semi; colon "quoted"',
    "yes",
    "none",
    "optional prepaid fuel, personal accident insurance",
    "Hotel Inn",
    "x" * 300,
)

Record = dict[str, Any]


def claims() -> st.SearchStrategy[Record]:
    """Claims as JSON states them."""
    return st.randoms(use_true_random=False).map(random_claim)


def random_claim(rng: random.Random) -> Record:
    """One claim as JSON states it."""
    return _Maker(rng).claim()


def _set(record: Record) -> Record:
    """A record without what is not stated."""
    return {name: value for name, value in record.items() if value is not None}


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.departed = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
        self.nights = rng.choice([0, 0, 1, 2, 4, 5, 5, 6, 9])
        self.days = [self.departed + timedelta(days=n) for n in range(self.nights + 1)]
        self.commutes = rng.random() < 0.12

    # --- values --------------------------------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def text(self) -> str:
        return self.rng.choice(TEXTS) if self.chance(0.5) else f"text {self.rng.randrange(1000)}"

    def lines(self) -> str:
        return self.rng.choice(LINES) if self.chance(0.2) else self.text()

    def name(self) -> str:
        said = self.text()
        return said if said != MIXED else "漢字"

    def maybe(self, value: Any, share: float = 0.3) -> Any:
        return value if self.chance(share) else None

    def amount(self, least: int, most: int) -> str:
        cents = self.rng.randint(least, most)
        return f"{cents // 100}.{cents % 100:02}"

    def day(self, before: int = 0, after: int = 0) -> str:
        return str(self.rng.choice(self.days) + timedelta(days=self.rng.randint(-before, after)))

    def clock(self) -> str:
        return self.rng.choice(["00:00", "06:00", "06:01", "12:30", "18:00", "18:01", "23:59"])

    def choice(self, kind: Any) -> Any:
        return self.rng.choice(get_args(kind))

    def place(self) -> Record:
        return dict(self.rng.choice(PLACES))

    # --- the claim -----------------------------------------------------------------------------------------------

    def claim(self) -> Record:
        kind = self.choice(fields.Kind)
        lodging, expenses = self.lodging(), [self.expense() for _ in range(self.rng.choice([0, 1, 3, 6, 12]))]
        earlier = [self.earlier() for _ in range(self.rng.choice([0, 0, 1, 2, 5]))]
        paid = sum(round(float(claim["amount"]) * 100) for claim in earlier)
        comparable = self.amount(0, 60000)
        for expense in expenses:
            if expense["category"] in fields.DRIVES and self.chance(0.3):
                expense["comparable_cost"] = comparable if self.chance(0.9) else self.amount(0, 60000)
        record = {
            "schema": fields.SCHEMA,
            "claim_id": f"C-{self.rng.randrange(10**6)}.x_{self.rng.randrange(10)}",
            "kind": kind,
            "replaces": None if kind == "original" else self.text(),
            "prepared_on": str(self.days[-1] + timedelta(days=self.rng.randint(-1, 60))),
            "submitted_on": self.maybe(str(self.days[-1] + timedelta(days=self.rng.randint(0, 40)))),
            "received_on": self.maybe(str(self.days[-1] + timedelta(days=self.rng.randint(40, 80)))),
            "authorization": self.maybe(self.text()),
            "agency": self.agency(),
            "award": self.award(),
            "officer": self.officer(),
            "course": self.course(),
            "trip": self.trip(),
            "lodging": lodging,
            "furnished_meals": self.meals() if self.chance(0.7) else None,
            "mie_paid": {str(day): self.amount(0, 9000) for day in self.days if self.chance(0.1)},
            "expenses": expenses,
            "credits": [self.credit(len(lodging), len(expenses)) for _ in range(self.rng.choice([0, 0, 0, 1, 3]))],
            "previous_claims": earlier,
            "previously_reimbursed": (
                f"{paid // 100}.{paid % 100:02}" if earlier else self.rng.choice(["0.00", self.amount(0, 120000)])
            ),
            "explanations": {
                self.rng.choice(CHECK_IDS): self.lines() for _ in range(self.rng.choice([0, 0, 0, 1, 2]))
            },
            "attachments": {
                item: self.choice(fields.AttachmentStatus)
                for item in get_args(fields.AttachmentItem)
                if self.chance(0.6)
            },
            "signatures": self.signatures(),
        }
        if self.chance(0.7):
            self.make_payable(record)
        return _set(record)

    def make_payable(self, record: Record) -> None:
        """Take away what bars the claim, so that its amounts reach the payment."""
        record["course"] |= {
            "title": "NASRO Basic School Resource Officer Course",
            "hours": 40,
            "outcome": "completed",
            "completed_on": str(self.days[0]),
            "coordinated": None,
        }
        record["prepared_on"] = str(self.days[-1] + timedelta(days=9))
        record["officer"]["position"] = "original"
        record["agency"]["payee_kind"] = "agency"
        record["attachments"]["certificate"] = "attached"
        record["signatures"]["fiscal"] = {"name": "Dana Cole", "on": str(self.days[-1])}

    def agency(self) -> Record:
        contact = _set({"name": self.name(), "email": self.maybe(self.text()), "phone": self.maybe(self.text())})
        optional = ("ori", "uei", "ein", "vendor_number", "accounting_code")
        return _set(
            {
                "name": self.name(),
                "remit_to": self.lines(),
                "contact": contact,
                "payee": self.maybe(self.name()),
                "payee_kind": self.choice(fields.PayeeKind),
                **{name: self.maybe(self.text()) for name in optional},
            }
        )

    def award(self) -> Record:
        begins = date(2019, 1, self.rng.randint(1, 31))
        return _set(
            {
                "number": self.text(),
                "letter_date": str(begins),
                "award_date": self.maybe(str(begins + timedelta(days=9))),
                "period_from": self.maybe(str(begins)),
                "period_to": self.maybe(str(begins + timedelta(days=900))),
                "program_manager": self.maybe(self.text()),
                "mou_on": self.maybe(str(begins + timedelta(days=80))),
            }
        )

    def officer(self) -> Record:
        return _set(
            {
                "name": self.name(),
                "sro_hired_on": str(date(1999, 12, 31) + timedelta(days=self.rng.randrange(7000))),
                "rank": self.maybe(self.text()),
                "employee_id": self.maybe(self.text()),
                "placed_on": self.maybe(self.day(before=100)),
                "position": self.choice(fields.Position),
                "predecessor_completed_training": self.rng.choice([None, True, False]),
                "predecessor_left_agency": self.rng.choice([None, True, False]),
                "prior_basic_course_on": self.maybe("2018-02-28"),
            }
        )

    def course(self) -> Record:
        return _set(
            {
                "title": self.rng.choice(
                    ["NASRO Basic School Resource Officer Course", "nasro BASIC course", self.text()]
                ),
                "hours": self.rng.choice([39, 40, 40]),
                "place": self.place(),
                "starts_on": str(self.days[0]),
                "ends_on": str(self.days[-1]),
                "ends_at": self.maybe(self.clock()),
                "class_id": self.maybe(self.text()),
                "host": self.maybe(self.text()),
                "outcome": self.choice(fields.CourseOutcome),
                "traveled": self.rng.choice([None, True, False]),
                "completed_on": self.maybe(self.day(after=3), 0.8),
                "coordinated": self.rng.choice([None, True, False]),
                "coordinated_on": self.maybe(self.day(before=90)),
                "coordinated_with": self.maybe(self.text()),
            }
        )

    def trip(self) -> Record:
        timed = self.chance(0.7)
        departed, returned = str(self.days[0]), str(self.days[-1])
        if timed:
            hours = ["00:00", "06:00"] if self.nights == 0 else ["00:00", "06:00", "18:30", "23:00"]
            departed += f"T{self.rng.choice(hours)}"
            returned += f"T{self.rng.choice(['06:30', '12:00', '18:00', '18:01', '23:59'])}"
        record = {
            "official_station": self.place(),
            "residence": self.maybe(self.place()),
            "departed_at": departed,
            "returned_at": returned,
            "stops": self.stops(),
            "extra_night_reason": self.maybe(self.lines()),
            "station_approval": self.maybe(self.station_approval(), 0.15),
        }
        record["personal_days"] = [str(day) for day in self.days if self.chance(0.08)]
        self.rng.shuffle(record["personal_days"])
        if self.commutes:
            record["day_trips"] = self.day_trips()
        return _set(record)

    def station_approval(self) -> Record:
        day = str(self.departed - timedelta(days=self.rng.randint(-1, 9)))
        return _set(
            {"by": self.rng.choice(["nasro", "cops"]), "on": self.maybe(day, 0.9), "reason": self.maybe(self.lines())}
        )

    def stops(self) -> list[Record]:
        if self.commutes:
            return [{"place": self.place(), "arrived_on": str(day), "departed_on": str(day)} for day in self.days[:3]]
        cut = self.rng.choice(self.days)
        first = {"place": self.place(), "arrived_on": str(self.days[0]), "departed_on": str(cut)}
        second = {"place": self.place(), "arrived_on": str(cut), "departed_on": str(self.days[-1])}
        if self.chance(0.6):
            return [{**first, "departed_on": str(self.days[-1]), "reason": "course"}]
        return [{**first, "reason": "en_route"}, {**second, "reason": "course"}]

    def day_trips(self) -> list[Record]:
        trips = []
        for day in self.days:
            if self.chance(0.7):
                back = self.rng.choice(["17:00", "18:00", "18:01", "22:00"])
                if day != self.days[-1] and self.chance(0.2):
                    back = f"{day + timedelta(days=1)}T00:30"
                trips.append({"date": str(day), "left_at": self.rng.choice(["06:00", "05:59"]), "returned_at": back})
        return trips or [{"date": str(self.days[0]), "left_at": "06:00", "returned_at": "19:00"}]

    def lodging(self) -> list[Record]:
        nights = [self.night(day) for day in self.days if self.chance(0.8)]
        if self.chance(0.08):
            nights.append(self.night(self.rng.choice(self.days)))
        if self.chance(0.08):
            nights.append(self.night(self.days[-1] + timedelta(days=2)))
        if self.chance(0.1):
            self.rng.shuffle(nights)
        return nights

    def night(self, day: date) -> Record:
        sharing = self.rng.choice(["alone"] * 4 + ["officers", "companion"])
        room = self.rng.choice([self.amount(0, 35000), "98.00", "0.00", self.amount(9000, 16000)])
        kind = self.choice(fields.LodgingType) if self.chance(0.2) else None
        if kind in fields.NO_ROOM or (kind in fields.WITHOUT_ROOM and self.chance(0.6)):
            return {"night": str(day), "type": kind}
        return _set(
            {
                "night": str(day),
                "room_rate": room,
                "tax": self.rng.choice(["0.00", self.amount(0, 5000)]),
                "flat_tax": self.maybe(self.amount(0, 900)),
                "sharers": self.rng.randint(2, 7) if sharing == "officers" else None,
                "shared_with": [self.name() for _ in range(self.rng.randint(1, 3))]
                if sharing == "officers"
                else None,
                "single_rate": self.amount(0, 20000) if sharing == "companion" else None,
                "type": kind,
                "hotel": self.maybe(self.text()),
                "receipt": self.maybe(self.rng.choice(["R1", self.text()]), 0.85),
                "receipt_statement": self.maybe(True, 0.15),
                "approval": self.maybe(self.approval(), 0.25),
                "alternate_place": self.maybe(self.place(), 0.15),
                "paid_by": self.choice(fields.PaidBy) if self.chance(0.1) else None,
            }
        )

    def approval(self) -> Record:
        return _set(
            {
                "by": self.choice(fields.Approver),
                "on": self.maybe(str(self.departed - timedelta(days=self.rng.randint(-2, 30))), 0.9),
                "ceiling": self.maybe(self.amount(0, 90000), 0.8),
                "reason": self.maybe(self.lines()),
            }
        )

    def meals(self) -> list[Record]:
        found: list[Record] = []
        for day in self.days:
            if self.chance(0.6):
                by: Record = {
                    meal: self.rng.choice([*get_args(fields.FurnishedBy), "none", None]) for meal in fields.MEALS
                }
                statement = self.choice(fields.MealStatement) if self.chance(0.1) else None
                found.append({"date": str(day), **by, "meal_statement": statement})
        self.rng.shuffle(found)
        return found

    def expense(self) -> Record:
        category = "pov_mileage" if self.chance(0.25) else self.choice(fields.Category)
        record = {
            "date": self.day(before=1, after=1),
            "category": category,
            "description": self.maybe(self.text(), 0.7),
            "vendor": self.maybe(self.text()),
            "receipt": self.maybe(self.rng.choice(["R1", "R2", self.text()]), 0.6),
            "receipt_total": self.maybe(self.amount(0, 60000), 0.15),
            "receipt_statement": self.maybe(True, 0.1),
            "justification": self.maybe(self.lines()),
            "approval": self.maybe(self.text()),
            "approved_on": self.maybe(self.day(before=30)),
            "credit": self.maybe(self.amount(0, 9000), 0.15),
            "paid_by": self.choice(fields.PaidBy) if self.chance(0.15) else None,
            "map_miles": self.maybe(str(self.rng.randint(1, 900))),
            "plate": self.maybe(self.rng.choice(["M 1", "=M1", "m 1"])),
            "passengers": self.maybe(self.rng.randint(0, 4)),
            "agency_car_assigned": self.maybe(True, 0.15),
            "ticket": self.maybe(self.rng.choice(["T-1", "0011234567890", self.text()])),
            "fare_class": self.maybe("premium", 0.2),
            "one_way": self.maybe(True, 0.2),
            "taxi_equivalent": self.maybe(self.amount(0, 9000), 0.4) if category == "parking" else None,
        }
        if category in fields.CARRIERS:
            record |= {
                "coach_fare": self.maybe(self.amount(0, 40000), 0.4),
                "direct_fare": self.maybe(self.amount(0, 40000), 0.4),
            }
        if category == "pov_mileage":
            hundredths = self.rng.randint(1, 90000)
            miles = f"{hundredths // 100}.{hundredths % 100:02}"
            return _set(
                {
                    **record,
                    "miles": miles,
                    "from": self.end_of_drive(),
                    "to": self.end_of_drive(),
                    "round_trips": self.rng.randint(1, 3),
                }
            )
        amount = self.rng.choice([self.amount(1, 60000), "75.00", "75.01", "0.01"])
        return _set({**record, "amount": amount})

    def end_of_drive(self) -> str:
        place = self.rng.choice(PLACES)
        return self.rng.choice(
            [self.text(), "home", "police station", place.get("city", "Orlando"), "Orlando airport"]
        )

    def earlier(self) -> Record:
        return {"claim_id": self.text(), "paid_on": self.day(before=300), "amount": self.amount(0, 40000)}

    def credit(self, nights: int, expenses: int) -> Record:
        counts = {kind: count for kind, count in (("N", nights), ("T", nights), ("E", expenses)) if count}
        kind = self.rng.choice(list(counts)) if counts else None
        return _set(
            {
                "source": self.text(),
                "amount": self.amount(1, 20000),
                "on": self.maybe(self.day(), 0.5),
                "line": self.maybe(f"{kind}{self.rng.randint(1, counts[kind])}", 0.6) if kind else None,
                "note": self.maybe(self.lines()),
            }
        )

    def signatures(self) -> Record:
        return {
            who: _set({"name": self.maybe(self.name(), 0.8), "on": self.maybe(self.day(after=30), 0.8)})
            for who in ("officer", "supervisor", "fiscal")
        }
