"""Payments of approved claims: scheduled, paid, void, reissued, recovered. A decision approves; this moves the money.

Neither the claim's file nor another decision is needed. A claim and its corrections share one account, since a
correction approves what it gives beyond the claim that it corrects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.claims.model import claim_key
from perdiem_calc.errors import LedgerError
from perdiem_calc.ledger.identities import spellings
from perdiem_calc.ledger.reading import cents_of, dollars_of, limit_on, paid_for, paid_out, superseding
from perdiem_calc.ledger.schema import EFFECTS, claim, payment
from perdiem_calc.ledger.store import Stamp
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.text import LONGEST_OPTION, listed, why_no_line, why_no_text

PaymentStatus = Literal["scheduled", "paid", "void", "reissued", "recovered"]
STATUSES: tuple[PaymentStatus, ...] = get_args(PaymentStatus)

MovementKind = Literal[
    "approved", "lowered", "lapsed", "opening", "opening_lowered", "scheduled", "paid", "reissued", "void",
    "recovered", "given_back",
]  # fmt: skip
"""What an entry of the table `payment` is. `lowered`: a later decision approves less. `lapsed`: a void amount that a
later decision replaced. `recovered`: money came back that a decision asked for; `given_back`: without one.
"""


class AlreadyPaid(LedgerError):
    """The same payment is recorded; nothing was written."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of the table `payment`; `amount` in dollars, above zero; `counted_on`: the day whose limit counts."""

    sro: int
    claim: int | None
    kind: MovementKind
    amount: Decimal
    counted_on: date
    paid_on: date | None = None
    reference: str = ""
    method: str = ""
    reason: str = ""
    voids: int | None = None


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What a person wants recorded of a claim's payment.

    `on` is the day of the payment, or that it is scheduled for; `number` the payment's. `amount` (dollars) may be
    left out: the ledger knows what is due; a stated one must be that. A recovery may be of any part of what was paid.
    `sro` says whose claim it is where several officers have one with that id. `line` is its line in a file, 0 where
    it is in none.
    """

    claim_id: str
    status: PaymentStatus = "paid"
    number: str = ""
    on: date | None = None
    method: str = ""
    amount: Decimal | None = None
    reason: str = ""
    sro: int | None = None
    line: int = 0

    def __post_init__(self) -> None:
        """Raises LedgerError for a text that could show something else than it is, and for what is missing."""
        for text, where in ((self.number, "--number"), (self.method, "--method")):
            if why := why_no_line(text, LONGEST_OPTION):
                raise LedgerError("payment.text.invalid", why, where=where)
        if why := why_no_text(self.reason):
            raise LedgerError("payment.text.invalid", why, where="--reason")
        if self.on is None:
            raise LedgerError(
                "payment.day.missing", "is missing", where="--on", fix=f"give the day it was {_DONE[self.status]}"
            )
        if self.status in ("paid", "reissued") and not self.number.strip():
            raise LedgerError(
                "payment.number.missing",
                "is missing",
                where="--number",
                fix="give the number of the check or transfer",
            )
        if self.status == "void" and not self.reason.strip():
            raise LedgerError(
                "payment.reason.missing",
                "is missing",
                where="--reason",
                fix="say why the payment is void, like: check returned",
            )


_DONE: dict[PaymentStatus, str] = {
    "scheduled": "scheduled for",
    "paid": "paid",
    "void": "voided",
    "reissued": "reissued",
    "recovered": "received",
}


@dataclass(frozen=True, slots=True)
class Paid:
    """What was recorded of a payment; dollars. `still_due`: below zero where the agency still owes money."""

    claim_id: str
    sro: int
    officer: str
    status: PaymentStatus
    amount: Decimal
    still_due: Decimal
    remaining: Decimal

    def __str__(self) -> str:
        text = f"{self.status}, {in_dollars(self.amount)}; SRO {self.sro}, {self.officer}"
        if self.still_due < 0:
            text += f"; the agency still owes {in_dollars(-self.still_due)}"
        return f"{text}; {in_dollars(self.remaining)} of the limit left"


class _Held(NamedTuple):
    """A payment entry on record; cents."""

    id: int
    claim: int
    kind: str
    amount: int
    paid_on: str
    reference: str
    method: str
    voids: int | None
    recorded_at: str
    recorded_by: str


class Account:
    """The payment entries of a claim, and of the claims that correct it or that it corrects."""

    def __init__(self, connection: Connection, number: int) -> None:
        row = connection.execute(
            sa.select(claim, superseding(claim.c.id).label("superseded_by")).where(claim.c.id == number)
        ).one()
        self.number, self.claim_id, self.sro = number, str(row.claim_id), int(row.sro_id)
        self.counted_on = date.fromisoformat(row.returned_on)
        self.superseded_by = row.superseded_by or ""
        self.family = family_of(connection, self.sro, number)
        entry = payment.c
        query = (
            sa.select(
                entry.id, entry.claim_id, entry.kind, entry.amount_cents, entry.paid_on, entry.reference,
                entry.method, entry.voids_id, entry.recorded_at, entry.recorded_by,
            )
            .where(entry.claim_id.in_(self.family))
            .order_by(entry.id)
        )  # fmt: skip
        self.entries = [_Held._make(row) for row in connection.execute(query)]

    def _total(self, name: str, claims: Iterable[int] | None = None) -> int:
        signs, wanted = EFFECTS[name], set(self.family if claims is None else claims)
        return sum(signs.get(one.kind, 0) * one.amount for one in self.entries if one.claim in wanted)

    @property
    def due(self) -> Decimal:
        """What is approved and not paid, dollars; below zero where the agency owes it."""
        return dollars_of(self._total("counted") - self._total("moved"))

    @property
    def moved(self) -> Decimal:
        """What was paid, less what came back, dollars."""
        return dollars_of(self._total("moved"))

    @property
    def voided(self) -> dict[int, Decimal]:
        """The claims with an amount that waits to be reissued, and how much, dollars."""
        found = {one: self._total("voided", [one]) for one in self.family}
        return {one: dollars_of(cents) for one, cents in found.items() if cents}

    @property
    def scheduled_on(self) -> date | None:
        """The day that the payment of what is due is scheduled for."""
        for one in reversed(self.entries):
            if one.kind in ("scheduled", "paid"):
                return date.fromisoformat(one.paid_on) if one.kind == "scheduled" and one.paid_on else None
        return None

    def payments(self) -> list[_Held]:
        """The payments made under the claim itself."""
        return [one for one in self.entries if one.claim == self.number and one.kind in ("paid", "reissued")]

    def is_void(self, made: _Held) -> bool:
        """Whether a payment was voided."""
        return any(one.voids == made.id for one in self.entries)


def family_of(connection: Connection, sro_id: int, number: int) -> tuple[int, ...]:
    """The numbers of a claim, the claims that it corrects, and those that correct it."""
    rows = connection.execute(
        sa.select(claim.c.id, claim.c.kind, claim.c.replaces_id).where(claim.c.sro_id == sro_id)
    )
    root = {int(row.id): int(row.replaces_id or row.id) if row.kind == "corrected" else int(row.id) for row in rows}

    def first(one: int) -> int:
        while root[one] != one:
            one = root[one]
        return one

    return tuple(one for one in sorted(root) if first(one) == first(number))


def enter_movement(connection: Connection, moved: Movement, stamp: Stamp) -> None:
    """Enter one movement; nothing where its amount is zero."""
    if not moved.amount:
        return
    row = {
        "sro_id": moved.sro,
        "claim_id": moved.claim,
        "kind": moved.kind,
        "amount_cents": cents_of(moved.amount),
        "counted_on": moved.counted_on.isoformat(),
        "paid_on": moved.paid_on.isoformat() if moved.paid_on else "",
        "reference": moved.reference.strip(),
        "method": moved.method.strip(),
        "reason": moved.reason.strip(),
        "voids_id": moved.voids,
    }
    connection.execute(payment.insert(), {**row, **stamp.columns})


def lapse(connection: Connection, account: Account, claims: Iterable[int], stamp: Stamp) -> None:
    """End the approval of void amounts under these claims: a decision that is made now replaces it."""
    for number, amount in account.voided.items():
        if number in claims:
            enter_movement(
                connection,
                Movement(account.sro, number, "lapsed", amount, account.counted_on, reason="decided again"),
                stamp,
            )


def pay(connection: Connection, order: PaymentOrder, stamp: Stamp) -> Paid:
    """Record what became of a claim's payment, within the connection's transaction.

    Raises AlreadyPaid for the same payment a second time, LedgerError for one that does not fit what is on record.
    """
    account = Account(connection, _find(connection, order))
    _check_day(order, stamp)
    if order.status in ("scheduled", "paid"):
        moves = _of_due(account, order)
    elif order.status == "void":
        moves = _of_void(account, order)
    elif order.status == "reissued":
        moves = _of_reissue(connection, account, order)
    else:
        moves = _of_recovery(account, order)
    if order.status == "paid":
        check_out(connection, account, moves)
    for moved in moves:
        enter_movement(connection, moved, stamp)
    after = Account(connection, account.number)
    limit, used = limit_on(connection, account.counted_on), paid_for(connection, account.sro)
    return Paid(
        account.claim_id,
        account.sro,
        spellings(connection, account.sro)[0].name,
        order.status,
        sum((one.amount for one in moves), ZERO),
        after.due,
        max(ZERO, limit - used),
    )


def _find(connection: Connection, order: PaymentOrder) -> int:
    query = sa.select(claim.c.id, claim.c.claim_id, claim.c.sro_id).where(
        claim.c.claim_key == claim_key(order.claim_id)
    )
    rows = [one for one in connection.execute(query) if order.sro in (None, one.sro_id)]
    if not rows:
        whose = f" for SRO {order.sro}" if order.sro is not None else ""
        raise LedgerError(
            "payment.claim.unknown",
            f"claim {order.claim_id} is not recorded{whose}",
            where="claim_id",
            fix="check the id; a claim is recorded with its decision first",
        )
    if len(rows) > 1:
        named = listed([f"SRO {one.sro_id}, {spellings(connection, one.sro_id)[0].name}" for one in rows])
        raise LedgerError(
            "payment.claim.ambiguous",
            f"{len(rows)} officers have a claim {order.claim_id}: {named}",
            where="claim_id",
            fix="give the number of the SRO: --sro, or the column sro",
        )
    return int(rows[0].id)


def _check_day(order: PaymentOrder, stamp: Stamp) -> None:
    """A payment in the future is a scheduled one. Another time zone may be a day ahead."""
    if order.status != "scheduled" and order.on is not None and order.on > stamp.at.date() + timedelta(days=1):
        raise LedgerError(
            "payment.day.future",
            f"{order.on} is in the future",
            where="--on",
            fix="correct the day; or record it as scheduled",
        )


def _same(account: Account, order: PaymentOrder) -> _Held | None:
    """The entry on record that says what is ordered, where there is one."""
    for one in reversed(account.entries):
        if (
            one.kind == order.status
            and one.paid_on == (order.on.isoformat() if order.on else "")
            and one.reference == order.number.strip()
            and order.amount in (None, dollars_of(one.amount))
        ):
            return one
    return None


def _refuse_same(account: Account, order: PaymentOrder) -> None:
    same = _same(account, order)
    if same is not None:
        raise AlreadyPaid(
            "payment.already-recorded",
            f"claim {account.claim_id}: {in_dollars(dollars_of(same.amount))} {order.status} on {same.paid_on} was "
            f"recorded by {same.recorded_by} at {same.recorded_at}",
            fix="nothing was written, as nothing is new",
        )


def _of_due(account: Account, order: PaymentOrder) -> list[Movement]:
    due, voided = account.due, sum(account.voided.values(), ZERO)
    if account.superseded_by:
        raise LedgerError(
            "payment.claim.superseded",
            f"{account.superseded_by} took the place of claim {account.claim_id}",
            where="claim_id",
            fix=f"pay {account.superseded_by}: what is due is due under it",
        )
    if order.status == "scheduled" or due <= 0:
        last = next((one for one in reversed(account.entries) if one.kind == "scheduled"), None)
        if order.status == "paid" or _same(account, order) == last:
            _refuse_same(account, order)
    if due <= 0:
        why, fix = "nothing is due", "check the id: it may be paid, or sent back"
        if due < 0:
            why, fix = f"nothing is due: the agency owes {in_dollars(-due)}", "record what comes back as recovered"
        elif voided:
            why, fix = f"nothing is due but {in_dollars(voided)} that was void", "record it as reissued"
        raise LedgerError("payment.claim.not-payable", f"claim {account.claim_id}: {why}", where="claim_id", fix=fix)
    _check_amount(order, due)
    return [_movement(account, order, order.status, due)]


def _movement(
    account: Account, order: PaymentOrder, kind: MovementKind, amount: Decimal, number: int | None = None
) -> Movement:
    own = account.number if number is None else number
    return Movement(
        account.sro, own, kind, amount, account.counted_on, order.on, order.number, order.method, order.reason
    )


def _check_amount(order: PaymentOrder, amount: Decimal) -> None:
    if order.amount not in (None, amount):
        raise LedgerError(
            "payment.amount.different",
            f"{in_dollars(order.amount or ZERO)} is stated for claim {order.claim_id}, and the ledger has "
            f"{in_dollars(amount)}",
            where="--amount",
            fix="compare the payment with the ledger; leave the amount out to record the ledger's",
        )


def check_out(connection: Connection, account: Account, moves: Sequence[Movement]) -> None:
    """Money paid too much is out until it is back: together with it another payment may not exceed the limit."""
    out = paid_out(connection, account.sro) + sum((one.amount for one in moves), ZERO)
    limit = limit_on(connection, account.counted_on)
    if out > limit:
        raise LedgerError(
            "payment.limit",
            f"with this payment {in_dollars(out)} would be paid for SRO {account.sro}, above {in_dollars(limit)}: an "
            "earlier payment was too much, and is not back",
            where="claim_id",
            fix=f"wait until the agency has returned {in_dollars(out - limit)}, and record that as recovered",
        )


def _of_void(account: Account, order: PaymentOrder) -> list[Movement]:
    """A void payment does not count any more; what had to come back of it anyway is not owed any more."""
    number = order.number.strip()
    made = [one for one in account.payments() if not number or one.reference == number]
    live = [one for one in made if not account.is_void(one)]
    if made and not live:
        _refuse_void(account, made[-1])
    if len(live) != 1:
        others = ", ".join(one.reference or "(none)" for one in account.payments() if not account.is_void(one))
        which = f" with number {number}" if number else ""
        raise LedgerError(
            "payment.unknown",
            f"claim {account.claim_id} has {'several payments' if live else 'no payment'}{which}",
            where="--number",
            fix=f"give the number of one that is not void: {others}" if others else "check the id of the claim",
        )
    (void,) = live
    amount = dollars_of(void.amount)
    _check_amount(order, amount)
    owed = min(amount, max(ZERO, -account.due))
    kinds: list[tuple[MovementKind, Decimal]] = [("void", amount - owed), ("recovered", owed)]
    return [
        Movement(
            account.sro,
            void.claim,
            kind,
            part,
            account.counted_on,
            order.on,
            void.reference,
            void.method,
            order.reason,
            void.id,
        )
        for kind, part in kinds
        if part
    ]


def _refuse_void(account: Account, made: _Held) -> None:
    by = next(one for one in account.entries if one.voids == made.id)
    raise AlreadyPaid(
        "payment.already-void",
        f"claim {account.claim_id}: payment {made.reference} was voided by {by.recorded_by} at {by.recorded_at}",
        fix="nothing was written, as nothing is new",
    )


def _of_reissue(connection: Connection, account: Account, order: PaymentOrder) -> list[Movement]:
    voided = account.voided
    amount = sum(voided.values(), ZERO)
    if amount <= 0:
        _refuse_same(account, order)
        raise LedgerError(
            "payment.no-void",
            f"claim {account.claim_id} has no void payment to reissue",
            where="claim_id",
            fix="record the void payment first; where a later decision replaced it, record the new payment as paid",
        )
    _check_amount(order, amount)
    limit = limit_on(connection, account.counted_on)
    left = limit - paid_for(connection, account.sro)
    if amount > left:
        raise LedgerError(
            "payment.limit.left",
            f"{in_dollars(amount)} was void, and {in_dollars(left)} is left of the limit since",
            where="claim_id",
            fix="decide on the claim again, for what is left",
        )
    moves = [_movement(account, order, "reissued", part, number) for number, part in voided.items()]
    check_out(connection, account, moves)
    return moves


def _of_recovery(account: Account, order: PaymentOrder) -> list[Movement]:
    owed = max(ZERO, -account.due)
    amount = owed if order.amount is None else order.amount
    if order.amount is None and not owed:
        _refuse_same(account, order)
        raise LedgerError(
            "payment.nothing-owed",
            f"the agency owes nothing under claim {account.claim_id}",
            where="--amount",
            fix="give the amount that came back",
        )
    if not ZERO < amount <= account.moved:
        _refuse_same(account, order)
        raise LedgerError(
            "payment.amount.range",
            f"{in_dollars(amount)} is not between nothing and the {in_dollars(account.moved)} paid under claim "
            f"{account.claim_id}",
            where="--amount",
            fix="give the amount that came back",
        )
    part = min(owed, amount)
    kinds: list[tuple[MovementKind, Decimal]] = [("recovered", part), ("given_back", amount - part)]
    return [_movement(account, order, kind, one) for kind, one in kinds if one]


def pay_all(connection: Connection, orders: Sequence[PaymentOrder], stamp: Stamp) -> tuple[Paid, ...]:
    """Record payments, all or none. Raises LedgerError that lists what is wrong, line by line."""
    done: list[Paid] = []
    wrong: list[LedgerError] = []
    for order in orders:
        try:
            done.append(pay(connection, order, stamp))
        except LedgerError as error:
            error.where = f"line {order.line}" if order.line else error.where
            wrong.append(error)
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        raise LedgerError("payment.refused", "\n".join(map(str, wrong)), fix="nothing was written")
    return tuple(done)
