"""Recorders of their own processes, to run at once and to be killed. A program: it forks one process a task.

    python -m tests.support.recorders URL at-once COUNT       COUNT reviewers record at once, all for few officers
    python -m tests.support.recorders URL killed COUNT        COUNT times a recorder is killed while it records
    python -m tests.support.recorders URL every-statement     a recorder is killed before each statement
    python -m tests.support.recorders URL paying-killed COUNT   COUNT times one who pays, voids and reissues is killed
    python -m tests.support.recorders URL paying-at-once COUNT  COUNT reviewers record, pay, void, reissue at once

Prints one JSON object: what the recorders said they had recorded.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from perdiem_calc.errors import LedgerError
from perdiem_calc.ledger import Ledger, PaymentOrder
from perdiem_calc.rules.law import load_law
from tests.support.ledgers import Order, course_on, enter, entry

PAID_ON = date(2026, 11, 20)
FIRST_DAY, DAYS = date(2026, 1, 5), 300
OFFICERS = ("Jordan Reyes", "Dana Cole", "Sam Ito")
TAXI = {"date": "2026-10-05", "category": "taxi", "amount": "34.00", "receipt": "1-20044", "vendor": "Cab"}


def forked(work: Callable[[int], None]) -> tuple[int, int]:
    """A process of its own that does `work` with the end of a pipe; its number, and the other end."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        try:
            work(writing)
        finally:
            os._exit(0)
    os.close(writing)
    return process, reading


def read_all(pipe: int) -> str:
    """Everything that a process wrote before it ended."""
    with os.fdopen(pipe) as file:
        return file.read()


def due(number: int, allowable: str = "3.00") -> Order:
    """The claim that recorder `number` records for one of the officers: a few dollars, one line with a receipt.

    So many courses are on days of their own that no officer has two claims for one.
    """
    day = (FIRST_DAY + timedelta(number % DAYS)).isoformat()
    fields = course_on(day) | {"expenses": [TAXI | {"date": day, "receipt": f"1-{number:05}"}]}
    return entry(f"K-{number}", allowable, OFFICERS[number % len(OFFICERS)], fields=fields)


def at_once(url: str, count: int) -> dict[str, Any]:
    """What each of the recorders, released together, says it paid; claims for one course are refused to a second."""
    gate_reading, gate_writing = os.pipe()

    def work(number: int) -> Callable[[int], None]:
        entered = due(number, "90.00")

        def run(pipe: int) -> None:
            os.close(gate_writing)
            with Ledger.open(url, by=f"reviewer {number}") as ledger:
                os.read(gate_reading, 1)  # the gate opens when its last writer is gone
                try:
                    os.write(pipe, str(enter(ledger, entered, load_law()).paid).encode())
                except LedgerError as error:
                    os.write(pipe, f"refused: {error}".encode())

        return run

    running = [forked(work(number)) for number in range(count)]
    os.close(gate_writing)
    said = [read_all(pipe) for _, pipe in running]
    for process, _ in running:
        os.waitpid(process, 0)
    return {"said": said}


def killed(url: str, count: int) -> dict[str, Any]:
    """Recorders killed at any moment: the claims recorded, those begun, and how many died before the end."""
    law, begun, done, died, longest = load_law(), [], [], 0, 0.05
    choice = random.Random(count)
    for number in range(count):
        entered = due(number)

        def work(pipe: int, entered: Order = entered) -> None:
            with Ledger.open(url, by="killed") as ledger:
                os.write(pipe, b"b")
                enter(ledger, entered, law)
                os.write(pipe, b"d")

        process, pipe = forked(work)
        os.read(pipe, 1)
        start = time.perf_counter()
        begun.append(entered.itemized.claim.claim_id)
        if number % 10 == 0:  # one in ten lives, and shows how long a recording takes
            os.waitpid(process, 0)
            longest = time.perf_counter() - start
        else:
            time.sleep(choice.random() * longest)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        finished = "d" in read_all(pipe)
        died += not finished
        if finished:
            done.append(begun[-1])
    return {"begun": begun, "done": done, "died": died}


def every_statement(url: str) -> dict[str, Any]:
    """A recorder that kills itself before its first statement, its second, and so on, until one lives."""
    law, begun = load_law(), []
    for last in range(1000):
        entered = due(1000 + last)
        begun.append(entered.itemized.claim.claim_id)

        def work(pipe: int, entered: Order = entered, last: int = last) -> None:
            with Ledger.open(url, by="killed") as ledger:
                left = [last]

                def step(*_: object) -> None:
                    left[0] -= 1
                    if left[0] < 0:
                        os.kill(os.getpid(), signal.SIGKILL)

                for event in ("before_cursor_execute", "commit"):
                    sa.event.listen(Engine, event, step)
                enter(ledger, entered, law)
                os.write(pipe, b"d")

        process, pipe = forked(work)
        os.waitpid(process, 0)
        if read_all(pipe):
            return {"begun": begun, "done": begun[-1:]}
    raise AssertionError("no recorder lived")


def paying_killed(url: str, count: int) -> dict[str, Any]:
    """Payers killed at any moment; a payment, that it is void and that it is reissued are one transaction."""
    law, begun, done, longest = load_law(), [], [], 0.05
    choice = random.Random(count)
    for number in range(count):
        claim_id = due(number).itemized.claim.claim_id
        begun.append(claim_id)
        with Ledger.open(url, by="reviewer") as ledger:
            enter(ledger, due(number), law)

        def work(pipe: int, claim_id: str = claim_id) -> None:
            with Ledger.open(url, by="killed") as ledger:
                os.write(pipe, b"b")
                ledger.pay(_payments(claim_id))
                os.write(pipe, b"d")

        process, pipe = forked(work)
        os.read(pipe, 1)
        start = time.perf_counter()
        if number % 5 == 0:
            os.waitpid(process, 0)
            longest = time.perf_counter() - start
        else:
            time.sleep(choice.random() * longest)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        done += [claim_id] if "d" in read_all(pipe) else []
    return {"begun": begun, "done": done}


def _payments(claim_id: str) -> list[PaymentOrder]:
    return [
        PaymentOrder(claim_id, "paid", f"CK-{claim_id}", PAID_ON),
        PaymentOrder(claim_id, "void", f"CK-{claim_id}", PAID_ON, reason="lost"),
        PaymentOrder(claim_id, "reissued", f"CK2-{claim_id}", PAID_ON),
    ]


def paying_at_once(url: str, count: int) -> dict[str, Any]:
    """Reviewers who record, pay, void and reissue at once, each in transactions of their own; what was refused."""

    def work(number: int) -> Callable[[int], None]:
        entered = due(number, "190.00")

        def run(pipe: int) -> None:
            with Ledger.open(url, by=f"reviewer {number}") as ledger:
                try:
                    enter(ledger, entered, load_law())
                    for order in _payments(entered.itemized.claim.claim_id):
                        ledger.pay([order])
                except LedgerError as error:
                    os.write(pipe, f"refused: {error}".encode())

        return run

    running = [forked(work(number)) for number in range(count)]
    said = [read_all(pipe) for _, pipe in running]
    for process, _ in running:
        os.waitpid(process, 0)
    return {"said": [one for one in said if one]}


def main() -> None:
    """Run what is asked for, and print what the recorders said."""
    url, task, *count = sys.argv[1:]
    tasks: dict[str, Callable[..., dict[str, Any]]] = {
        "at-once": at_once,
        "killed": killed,
        "every-statement": every_statement,
        "paying-killed": paying_killed,
        "paying-at-once": paying_at_once,
    }
    print(json.dumps(tasks[task](url, *map(int, count))))


if __name__ == "__main__":
    main()
