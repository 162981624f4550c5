"""Measures `perdiem serve`: its start, the size of its pages, its memory, and 50 people who prepare claims at once.

`python -m tools.benchmarks.web` takes a minute; `--seconds 600` is the long measurement. Each person saves every 3
seconds and asks for a page every 6, over loopback.
"""

from __future__ import annotations

import argparse
import gzip
import re
import statistics
import tempfile
import threading
import time
from pathlib import Path

from tests.support.serving import Server, serving
from tests.web.test_serve import VERSION, Browser, begin

PEOPLE, SAVE_EVERY, LOOK_EVERY = 50, 3.0, 6.0
PAGES = ("", "agency", "course", "nights", "expenses", "documents", "check", "certify")
LIMITS = {"start": 2.0, "p95": 0.300, "p99": 0.800, "cold": 100_000, "warm": 30_000, "growth": 0.10}


def memory(server: Server) -> int:
    """The kilobytes of memory that a server takes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) if found else 0


class Person(threading.Thread):
    """One who prepares a claim: a save each three seconds, another page each six."""

    def __init__(self, browser: Browser, path: str, until: float, offset: float) -> None:
        super().__init__()
        self._browser, self._path, self._until, self._offset = browser, path, until, offset
        self.seconds: list[float] = []
        self.failures: list[str] = []

    def run(self) -> None:
        """Prepare, until the time is over."""
        time.sleep(self._offset)
        number = 0
        while time.monotonic() < self._until:
            begun = time.monotonic()
            page = self._timed("GET", f"{self._path}nights")
            found = VERSION.search(page)
            answers = {"version": found[1] if found else "", "2026-10-05.night.room_rate": f"{100 + number % 50}.00"}
            self._timed("POST", f"{self._path}nights", page, **answers)
            if number % 2:
                self._timed("GET", f"{self._path}{PAGES[number // 2 % len(PAGES)]}")
            number += 1
            time.sleep(max(0.0, SAVE_EVERY - (time.monotonic() - begun)))

    def _timed(self, method: str, path: str, page: str = "", **answers: str) -> str:
        begun = time.monotonic()
        text = self._browser.post(path, page, **answers) if method == "POST" else self._browser.get(path)
        self.seconds.append(time.monotonic() - begun)
        if "The application failed" in text:
            self.failures.append(path)
        return text


def main(seconds: float) -> None:
    """Measure, and print each figure with what it may be."""
    with tempfile.TemporaryDirectory() as scratch:
        for what in ("first", "again"):
            begun = time.monotonic()
            with serving(Path(scratch) / "data") as server:
                Browser(server)
                tell(f"start, {what} (seconds)", time.monotonic() - begun, LIMITS["start"])
        with serving(Path(scratch) / "data") as server:
            browser = Browser(server)
            path = begin(browser)
            sizes = {name: len(gzip.compress(browser.get(f"{path}{name}").encode())) for name in PAGES}
            static = sum(
                len(gzip.compress(browser.get(one).encode()))
                for one in set(re.findall(r'"(/static/[^"]+)"', browser.get(path)))
            )
            tell("largest page, warm (bytes, gzip)", max(sizes.values()), LIMITS["warm"])
            tell("largest page, cold (bytes, gzip)", max(sizes.values()) + static, LIMITS["cold"])
            before = memory(server)
            people = _people(server, browser, time.monotonic() + seconds)
            for person in people:
                person.join()
            taken = sorted(one for person in people for one in person.seconds)
            steps = statistics.quantiles(taken, n=100)
            print(f"{PEOPLE} people for {seconds:.0f} s: {len(taken)} answers")
            tell("95 % of answers within (seconds)", steps[94], LIMITS["p95"])
            tell("99 % of answers within (seconds)", steps[98], LIMITS["p99"])
            tell("failures", sum(len(person.failures) for person in people), 0)
            tell("memory at first (KB)", before, 0)
            tell("memory, growth", memory(server) / before - 1, LIMITS["growth"])


def _people(server: Server, browser: Browser, until: float) -> list[Person]:
    people = []
    for number in range(PEOPLE):
        own = Browser.__new__(Browser)
        own.server, own.cookies, own.url = server, dict(browser.cookies), ""
        person = Person(own, begin(own), until, SAVE_EVERY * number / PEOPLE)
        people.append(person)
    for person in people:
        person.start()
    return people


def tell(what: str, value: float, limit: float) -> None:
    """Print a figure; with a limit, whether it keeps it."""
    kept = "" if not limit else "   ok" if value <= limit else f"   MORE THAN {limit:g}"
    print(f"{what:<44}{value:>12,.3f}{kept}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    main(parser.parse_args().seconds)
