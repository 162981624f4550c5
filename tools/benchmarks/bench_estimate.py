"""Estimates: a million trips from frame to frame, ten million from file to file, a hundred from cold.

Each is a process of its own on one core, where the system can pin it, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.house_rules import ROOT
from tools.benchmarks import Measurement

PERDIEM = Path(sys.executable).parent / "perdiem"
COLD_RUNS = 7
FRAME_RUNS = 5

_BEGIN = """
import csv, gzip, json, os, resource, sys, time
from datetime import date
import numpy as np, pandas as pd
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
from perdiem_calc.rules.law import load_law
from perdiem_calc.rates.ratebook import Ratebook
draw = np.random.default_rng(1)

def places(book):
    with gzip.open("data/places.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "place"]
    found = []
    for index in draw.permutation(len(rows)):
        name = f"{rows[index]['place'].title()}, {rows[index]['state']}"
        if all(book.resolve(name, year).locality for year in (2026, 2027)):
            found.append(name)
        if len(found) == 2000:
            return np.array(found, dtype=object)

def trips(rows):
    begins = np.datetime64("2025-10-01") + draw.integers(0, 700, rows)
    return pd.DataFrame({
        "place": NAMES[draw.integers(0, len(NAMES), rows)],
        "depart_on": begins.astype("datetime64[s]"),
        "return_on": (begins + draw.integers(0, 8, rows)).astype("datetime64[s]"),
    })

NAMES = places(Ratebook.open())
"""

_FRAME = """
from perdiem_calc import estimate
table = trips(int(sys.argv[1]))
start = time.process_time()
costs = estimate(table, Ratebook.open(), load_law())
seconds = time.process_time() - start
assert (costs["status"] == "resolved").all()
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""

_WRITE = """
from pyarrow import Table, csv as arrow_csv
path, rows = sys.argv[1], int(sys.argv[2])
with open(path, "wb") as file:
    for part in range(0, rows, 1_000_000):
        table = trips(min(1_000_000, rows - part))
        table["depart_on"] = table["depart_on"].dt.strftime("%Y-%m-%d")
        table["return_on"] = table["return_on"].dt.strftime("%Y-%m-%d")
        table["airfare"] = draw.integers(0, 60000, len(table)) / 100
        options = arrow_csv.WriteOptions(include_header=part == 0)
        arrow_csv.write_csv(Table.from_pandas(table, preserve_index=False), file, options)
"""

_STREAM = """
import json, os, resource, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
from perdiem_calc.cli import main
sys.argv = ["perdiem", "estimate", sys.argv[1], "-o", sys.argv[2], "--force", "--source", "ratebook"]
start = time.process_time()
try:
    main()
except SystemExit as ended:
    assert not ended.code
print(json.dumps([time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def printed(program: str, *arguments: object) -> tuple[float, float]:
    """The processor's seconds and the peak memory in MiB that a program, run by itself, says it took."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, mebibytes = json.loads(run.stdout.splitlines()[-1])
    return seconds, mebibytes


def bench_frame_to_frame() -> list[Measurement]:
    runs = [printed(_BEGIN + _FRAME, 1_000_000) for _ in range(FRAME_RUNS)]
    seconds = statistics.median(run[0] for run in runs)
    quarter = statistics.median(printed(_BEGIN + _FRAME, 250_000)[0] for _ in range(FRAME_RUNS))
    four = printed(_BEGIN + _FRAME, 4_000_000)[0]
    return [
        Measurement("estimate 1,000,000 trips, 2,000 places", seconds, limit=0.40),
        Measurement("  peak memory of that process", max(run[1] for run in runs), limit=450, unit="MiB"),
        Measurement("estimate 250,000 trips", quarter),
        Measurement("estimate 4,000,000 trips", four),
    ]


def bench_stream() -> list[Measurement]:
    found = []
    with tempfile.TemporaryDirectory(prefix="perdiem_calc_bench_") as folder:
        trips, budget = Path(folder, "trips.csv"), Path(folder, "budget.csv")
        for rows, limit in ((1_000_000, 3.0), (10_000_000, 33.0)):
            command = [sys.executable, "-c", _BEGIN + _WRITE, str(trips), str(rows)]
            subprocess.run(command, cwd=ROOT, check=True)
            seconds, mebibytes = printed(_STREAM, trips, budget)
            found.append(Measurement(f"perdiem estimate, {rows:,} rows, CSV to CSV", seconds, limit=limit))
            found.append(Measurement("  peak memory of that process", mebibytes, unit="MiB"))
    return found


def bench_cold_command() -> list[Measurement]:
    places = ("Orlando, FL", "Boston, MA", "Vail, CO", "Springfield, IL")
    with tempfile.TemporaryDirectory(prefix="perdiem_calc_bench_") as folder:
        trips = Path(folder, "trips.csv")
        rows = [f'"{places[number % 4]}",2026-10-04,2026-10-09,{number % 3 + 1}\n' for number in range(100)]
        trips.write_text("place,depart_on,return_on,officers\n" + "".join(rows), encoding="utf-8")
        times = []
        for _ in range(COLD_RUNS):
            start = time.perf_counter()
            output = ["-o", str(Path(folder, "budget.xlsx")), "--force"]
            subprocess.run([PERDIEM, "estimate", str(trips), *output], stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - start)
    return [Measurement("perdiem estimate, 100 rows to a workbook, from cold", statistics.median(times), limit=1.2)]
