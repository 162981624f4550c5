"""Live rates: look-ups from the cache, in a process and by the command; a year verified; eight processes at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from perdiem_calc.rates.gsa import AnswerCache, GsaClient
from perdiem_calc.rates.gsa.cache import Stored
from perdiem_calc.rates.gsa.transport import BASE_URL
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rates.verify import verify_year
from tests.rates.gsa.bulk import Bulk
from tests.rates.gsa.server import BOISE, recorded
from tools.benchmarks import Measurement, median_seconds

KEY = "a-key-that-is-never-sent"
ON = date(2026, 11, 23)
PROCESSES, LOOK_UPS = 8, 50
WORKER = """
import sys
from datetime import date
from pathlib import Path
from perdiem_calc.rates.gsa import AnswerCache, GsaClient
from perdiem_calc.rates.gsa.cache import Stored
from datetime import UTC, datetime
for number in range(int(sys.argv[2])):
    cache = AnswerCache(Path(sys.argv[1]))
    client = GsaClient("a-key-that-is-never-sent", cache)
    assert client.rate("Boise, ID", date(2026, 11, 23)).lodging == 176
    if number % 10 == 0:
        assert cache.write(Stored(f"http://x/{sys.argv[3]}/{number}", b"[]", datetime.now(UTC)), None)
    assert client.requests_made == 0 and not cache.problems
"""


def kept(folder: Path) -> AnswerCache:
    """A cache that has Boise and the whole fiscal year, retrieved now."""
    cache = AnswerCache(folder / "perdiem_calc" / "gsa_answers.sqlite")
    answers = {BOISE: recorded("city_Boise_state_ID_year_2027.json"), **Bulk().bodies()}
    for path, body in answers.items():
        cache.write(Stored(BASE_URL + path, body, datetime.now(UTC)), None)
    return cache


def bench_cached_look_ups() -> list[Measurement]:
    """The same place again: in a warm process, in a new client, and through the command."""
    with tempfile.TemporaryDirectory() as folder:
        cache = kept(Path(folder))
        book = Ratebook.open()
        warm = GsaClient(KEY, cache)
        warm.book = book

        def anew() -> None:
            client = GsaClient(KEY, cache)
            client.book = book
            client.rate("Boise, ID", ON)

        environment = {**os.environ, "GSA_API_KEY": KEY, "XDG_CACHE_HOME": folder}
        command = [sys.executable, "-m", "perdiem_calc", "rate", "Boise, ID", "--on", str(ON), "--source", "api"]

        def by_command() -> None:
            run = subprocess.run([*command, "--json"], env=environment, capture_output=True, check=True)
            assert json.loads(run.stdout)["lodging"] == "176.00"

        return [
            Measurement(
                "cached look-up, warm process", median_seconds(lambda: warm.rate("Boise, ID", ON), calls=100), 0.002
            ),
            Measurement("cached look-up, read from the file", median_seconds(anew, calls=20), 0.002),
            Measurement("perdiem rate from the cache, cold", median_seconds(by_command), 0.6),
        ]


def bench_verify() -> list[Measurement]:
    """A whole fiscal year from kept answers."""
    with tempfile.TemporaryDirectory() as folder:
        cache = kept(Path(folder))
        book = Ratebook.open()
        seconds = median_seconds(lambda: verify_year(book, GsaClient(KEY, cache), 2027), rounds=3)
    return [Measurement("verify a fiscal year from kept answers", seconds, 5)]


def bench_processes() -> list[Measurement]:
    """Eight processes read and write one cache; none may meet an error."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(kept(Path(folder)).path)
        start = time.perf_counter()
        workers = [
            subprocess.Popen([sys.executable, "-c", WORKER, path, str(LOOK_UPS), str(number)])
            for number in range(PROCESSES)
        ]
        if sum(worker.wait() for worker in workers):
            raise RuntimeError("a process met an error")
        seconds = time.perf_counter() - start
    return [Measurement(f"{PROCESSES} processes on one cache, {LOOK_UPS} look-ups each, no error", seconds)]
