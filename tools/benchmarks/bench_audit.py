"""Auditing what was submitted: the opener beside openpyxl's two passes, the claim, whole audits, whole batches."""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import openpyxl

from perdiem_calc import pool
from perdiem_calc.auditing.batch import Basis, audit_files
from perdiem_calc.auditing.intake import examine, take
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.reading.package import open_package
from perdiem_calc.workbook.reading.read import book_in, read_claim
from tests.golden import SAMPLES, sample_bytes
from tests.support.hostile import PAGES
from tests.support.inbox import put_workbook, record
from tools.benchmarks import Measurement

ROUNDS = 15
BATCH = 400


def bench_reading() -> list[Measurement]:
    """The samples' workbooks, one after the other."""
    with submitted() as paths:
        by_us = cpu_seconds(lambda path: book_in(open_package(path)), paths)
        by_openpyxl = cpu_seconds(two_passes, paths, rounds=3)
        claim = cpu_seconds(read_claim, paths)
    return [
        Measurement("open a claim workbook", by_us, limit=0.009),
        Measurement("the same cells by openpyxl, in two passes", by_openpyxl),
        Measurement("times faster than openpyxl", by_openpyxl / by_us, unit="x"),
        Measurement("claims read of their workbooks, one core", 1 / claim, unit="/s"),
    ]


def bench_auditing() -> list[Measurement]:
    """Whole audits, findings included: a file on one core, ten times as many, and a batch on all cores."""
    law, rates, on = load_law(), Ratebook.open(), date(2026, 11, 23)
    basis = Basis(on, "ratebook")
    with submitted() as paths, tempfile.TemporaryDirectory() as folder:
        single = cpu_seconds(lambda path: examine(take(path, rates, law, on), rates, law), paths)
        many = list(inbox(Path(folder), BATCH))
        few = seconds_of(many[: BATCH // 10], basis, jobs=1)
        alone = seconds_of(many, basis, jobs=1)
        together = seconds_of(many, basis, jobs=None)
    return [
        Measurement("audit a claim workbook", single, limit=0.013),
        Measurement(f"a batch of {BATCH // 10} workbooks, one process, by file", few / (BATCH // 10)),
        Measurement(f"a batch of {BATCH} workbooks, one process, by file", alone / BATCH),
        Measurement(f"a batch of {BATCH} workbooks, all cores", BATCH / together, unit="/s"),
        Measurement(f"times faster on {pool.processors()} cores", alone / together, unit="x"),
    ]


def inbox(folder: Path, count: int) -> Iterator[Path]:
    """So many workbooks of different officers."""
    for number in range(count):
        claim = record(f"B-{number}")
        yield put_workbook(folder, claim)


def seconds_of(paths: list[Path], basis: Basis, jobs: int | None) -> float:
    """The time on the clock of auditing a batch."""
    start = time.perf_counter()
    run = audit_files(paths, basis, jobs=jobs)
    assert len(run.audited) == len(paths)
    return time.perf_counter() - start


@contextmanager
def submitted() -> Iterator[list[Path]]:
    """The workbooks of the samples, as they would lie in a reviewer's folder."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{sample.stem}.xlsx") for sample in SAMPLES]
        for sample, path in zip(SAMPLES, paths, strict=True):
            path.write_bytes(sample_bytes(sample))
        yield paths


def cpu_seconds(run: Callable[[Path], object], paths: list[Path], rounds: int = ROUNDS) -> float:
    """The processor's time for one file: the shortest of several rounds over all of them."""
    times = []
    for _ in range(rounds + 1):
        start = time.process_time()
        for path in paths:
            run(path)
        times.append(time.process_time() - start)
    return min(times[1:]) / len(paths)


def two_passes(path: Path) -> int:
    """How many cells openpyxl finds: once their formulas, once their values."""
    found = 0
    for values in (False, True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=values)
        for sheet in PAGES[1:]:
            found += sum(cell.value is not None for row in book[sheet].iter_rows() for cell in row)
        book.close()
    return found
