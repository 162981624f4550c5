"""Measures `perdiem serve`: its start, the size of its pages, and an office in which everybody works at once.

`python -m tools.benchmarks.web` takes two minutes; `--seconds 600` is the long measurement. 50 people prepare claims,
a save each 3 seconds and a page each 6; 5 review, 3 plan. Then 200 workbooks are taken in, and 100 hostile files,
while all go on. The people are threads of one program on the same machine, over loopback: what they cost is in the
figures.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tests.support.hostile_files import REFUSED
from tests.support.inbox import put_workbook
from tests.support.office import Visitor, add_account, serving_office
from tests.support.serving import serving
from tests.web.test_deciding import claim_of
from tests.web.test_serve import VERSION, Browser, begin

PREPARERS, REVIEWERS, ANALYSTS = 50, 5, 3
SAVE_EVERY, REVIEW_EVERY, PLAN_EVERY = 3.0, 6.0, 15.0
WORKBOOKS, HOSTILE, AT_ONCE = 200, 100, 20
PAGES = ("", "agency", "course", "nights", "expenses", "documents", "check", "certify")
TRIPS = "Place\tOfficers\tDepart on\tReturn on\n" + "Orlando, FL\t2\t10/4/2026\t10/9/2026\n" * 30
CLAIM = re.compile(r'href="(/review/\d+/)')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Measured:
    """What each answer took, in seconds, and what failed, while a part of the measurement lasts."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def report(self, what: str, p95: float, p99: float = 0) -> None:
        """Print the percentiles of all, and of each kind of work."""
        every = sorted(one for of_kind in self.taken.values() for one in of_kind)
        print(f"\n{what}: {len(every)} answers")
        for kind, of_kind in sorted(self.taken.items()):
            steps = statistics.quantiles(of_kind, n=100) if len(of_kind) > 1 else of_kind * 99
            print(
                f"  {kind:<12}{len(of_kind):>7}   50 % {steps[49]:.3f}   95 % {steps[94]:.3f}   99 % {steps[98]:.3f}"
            )
        steps = statistics.quantiles(every, n=100)
        tell("95 % of answers within (seconds)", steps[94], p95)
        if p99:
            tell("99 % of answers within (seconds)", steps[98], p99)
        tell("failures", len(self.failures), 0)
        print(*(f"  {one}" for one in self.failures[:5]), sep="\n", end="\n" if self.failures else "")


class Office:
    """A server with accounts, the people who work on it, and what is measured now."""

    def __init__(self, where: str, data: Path) -> None:
        self.where, self.data = where, data
        self.now = Measured()
        self.over = threading.Event()

    def entered(self, name: str) -> Visitor:
        """A browser of a person who signed in."""
        visitor = Visitor(self.where)
        assert visitor.sign_in(name) == 302, name
        return visitor

    def get(self, kind: str, visitor: Visitor, path: str) -> str:
        """A page, timed."""
        return self._timed(kind, path, lambda: visitor.ask("GET", path))[1]

    def send(self, kind: str, visitor: Visitor, path: str, page: str, **typed: str) -> str:
        """A form that is sent, timed; where it leads."""
        return self._timed(kind, path, lambda: visitor.send(path, page, **typed))[2]

    def _timed(self, kind: str, path: str, ask: Callable[[], tuple[int, str, object]]) -> tuple[int, str, str]:
        begun, measured = time.monotonic(), self.now
        try:
            status, text, headers = ask()
        except OSError as error:
            measured.failures.append(f"{path}: {error}")
            return 0, "", ""
        measured.taken.setdefault(kind, []).append(time.monotonic() - begun)
        if status >= 500:
            measured.failures.append(f"{path}: {status}")
        return status, text, str(getattr(headers, "get", lambda _: "")("Location") or "")

    def every(self, seconds: float, offset: float, work: Iterator[None]) -> threading.Thread:
        """Do a step of some work every few seconds, until it is over."""

        def steps() -> None:
            self.over.wait(offset)
            while not self.over.is_set():
                begun = time.monotonic()
                next(work)
                self.over.wait(max(0.0, seconds - (time.monotonic() - begun)))

        thread = threading.Thread(target=steps, daemon=True)
        thread.start()
        return thread

    def memory(self) -> int:
        """The kilobytes of memory that the server takes."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
                if b"serve" in command and str(self.data).encode() in command:
                    found = re.search(r"VmRSS:\s+(\d+)", (folder / "status").read_text(encoding="utf-8"))
                    return int(found[1]) if found else 0
            except OSError:
                continue
        return 0


def preparing(office: Office, number: int) -> Iterator[None]:
    """A save at each step, and a page at each second one."""
    visitor = office.entered(f"prep{number}")
    browser = Browser.__new__(Browser)
    browser.base, browser.cookies, browser.url = f"http://{office.where}", visitor.cookies, ""
    path, step = begin(browser), 0
    while True:
        page = office.get("prepare", visitor, f"{path}nights")
        found = VERSION.search(page)
        answers = {"version": found[1] if found else "", "2026-10-05.night.room_rate": f"{100 + step % 50}.00"}
        if found:
            office.send("prepare", visitor, f"{path}nights", page, **answers)
        if step % 2:
            office.get("prepare", visitor, f"{path}{PAGES[step // 2 % len(PAGES)]}")
        step += 1
        yield


def reviewing(office: Office, number: int) -> Iterator[None]:
    """The queue, a claim, and a reason that is saved."""
    visitor = office.entered(f"review{number}")
    step = number
    while True:
        claims = sorted(set(CLAIM.findall(office.get("review", visitor, "/review/"))))
        if claims:
            path = claims[step % len(claims)]
            page = office.get("review", visitor, path)
            if 'name="seen"' in page:
                typed = {name: value for name, value in HIDDEN.findall(page) if name != "csrfmiddlewaretoken"}
                office.send("review", visitor, path, page, **typed, **{"reason.1": f"looked at, {step}"})
        step += REVIEWERS
        yield


def planning(office: Office, number: int) -> Iterator[None]:
    """A budget of 30 trips, asked for until it is computed."""
    visitor = office.entered(f"plan{number}")
    while True:
        page = office.get("plan", visitor, "/budget")
        address = office.send("plan", visitor, "/budget", page, table=TRIPS)
        while address and "Computing" in office.get("plan", visitor, address):
            office.over.wait(1)
        yield


@contextmanager
def office_of(scratch: Path) -> Iterator[Office]:
    """A server with an account for each person."""
    data = scratch / "office"
    roles = {"prep": ("preparer", PREPARERS), "review": ("reviewer", REVIEWERS), "plan": ("analyst", ANALYSTS)}
    for name, (role, count) in roles.items():
        for number in range(count):
            add_account(data, f"{name}{number}", role, *(("--agency", "Rome PD") if role == "preparer" else ()))
    with serving_office(data, "--bind", "127.0.0.1", "--insecure-lan") as where:
        yield Office(where, data)


def workbooks(scratch: Path, count: int, first: int = 0) -> Iterator[tuple[str, bytes]]:
    """Workbooks of claims of different officers."""
    for number in range(first, first + count):
        claim = claim_of(f"LOAD-{number:03}", f"Officer {_name(number)}", f"{9000 + number}")
        file = put_workbook(scratch, claim)
        yield file.name, file.read_bytes()


def _name(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) * 2 for digit in f"{number:04}").title()


def given(office: Office, files: Sequence[tuple[str, bytes]]) -> None:
    """Put files into the inbox, some at a time, and wait until all were read."""
    visitor = office.entered("review0")
    for first in range(0, len(files), AT_ONCE):
        page = visitor.ask("GET", "/inbox")[1]
        status = visitor.upload("/inbox", page, files[first : first + AT_ONCE])[0]
        if status != 302:
            office.now.failures.append(f"/inbox: {status}")
    while "Being read" in visitor.ask("GET", "/inbox")[1]:
        time.sleep(1)


def together(scratch: Path, seconds: float) -> None:
    """All at work; then with 200 workbooks that come in, then with 100 hostile files."""
    with office_of(scratch) as office:
        given(office, list(workbooks(scratch, 10)))
        before = office.memory()
        people = [
            office.every(SAVE_EVERY, SAVE_EVERY * n / PREPARERS, preparing(office, n)) for n in range(PREPARERS)
        ]
        people += [office.every(REVIEW_EVERY, n, reviewing(office, n)) for n in range(REVIEWERS)]
        people += [office.every(PLAN_EVERY, 4 * n, planning(office, n)) for n in range(ANALYSTS)]
        time.sleep(10)  # all are signed in
        warm, office.now = office.memory(), Measured()
        time.sleep(seconds)
        everybody = f"{PREPARERS} prepare, {REVIEWERS} review, {ANALYSTS} plan, for {seconds:.0f} s"
        measured, office.now = office.now, Measured()
        measured.report(everybody, 0.300, 0.800)
        tell("memory, before and after (KB)", office.memory(), 0)
        tell("memory, growth", office.memory() / warm - 1, 0.10)
        for what, files in (
            (f"{WORKBOOKS} workbooks come in", list(workbooks(scratch, WORKBOOKS, 100))),
            (f"{HOSTILE} hostile files come in", list(hostile(HOSTILE))),
        ):
            office.now = Measured()
            begun = time.monotonic()
            given(office, files)
            measured, office.now = office.now, Measured()
            measured.report(f"{what}, read within {time.monotonic() - begun:.0f} s", 0.500)
        tell("memory at the end (KB); at first", office.memory(), 0)
        tell("", before, 0)
        office.over.set()
        for person in people:
            person.join(30)


def hostile(count: int) -> Iterator[tuple[str, bytes]]:
    """The hostile files of the tests, from the first again until there are enough; none is another's copy."""
    every = list(REFUSED.values())
    for number, (make, _) in enumerate(islice(every * (1 + count // len(every)), count)):
        content = make()
        if len(content) <= 10_000_000:
            yield f"hostile-{number}.xlsx", content + bytes([number % 256]) * (number // len(every))


def alone(scratch: Path) -> None:
    """The start, and the size of the pages, on one's own computer."""
    for what in ("first", "again"):
        begun = time.monotonic()
        with serving(scratch / "own") as server:
            Browser(server)
            tell(f"start, {what} (seconds)", time.monotonic() - begun, 2.0)
    with serving(scratch / "own") as server:
        browser = Browser(server)
        path = begin(browser)
        sizes = [len(gzip.compress(browser.get(f"{path}{name}").encode())) for name in PAGES]
        links = set(re.findall(r'"(/static/[^"]+)"', browser.get(path)))
        static = sum(len(gzip.compress(browser.get(one).encode())) for one in links)
        tell("largest page, warm (bytes, gzip)", max(sizes), 30_000)
        tell("largest page, cold (bytes, gzip)", max(sizes) + static, 100_000)


def tell(what: str, value: float, limit: float) -> None:
    """Print a figure; with a limit, whether it keeps it."""
    kept = "" if not limit else "   ok" if value <= limit else f"   MORE THAN {limit:g}"
    print(f"{what:<44}{value:>12,.3f}{kept}", flush=True)


def main(seconds: float) -> None:
    """Measure, and print each figure with what it may be."""
    load = os.getloadavg()[0]
    print(
        f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, load before: {load:.1f}"
    )
    with tempfile.TemporaryDirectory() as folder:
        alone(Path(folder))
        together(Path(folder), seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    main(parser.parse_args().seconds)
