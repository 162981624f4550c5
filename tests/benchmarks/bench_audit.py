"""Reading what was submitted, by file on one core: the opener beside openpyxl's two passes, and the claim."""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl

from perdiem_calc.workbook.opening import open_book
from perdiem_calc.workbook.read import READ_SHEETS, read_claim
from tests.benchmarks import Measurement
from tests.golden import SAMPLES, sample_bytes

ROUNDS = 15


def bench_reading() -> list[Measurement]:
    """The samples' workbooks, one after the other."""
    with submitted() as paths:
        by_us = cpu_seconds(lambda path: open_book(path, READ_SHEETS), paths)
        by_openpyxl = cpu_seconds(two_passes, paths, rounds=3)
        claim = cpu_seconds(read_claim, paths)
    return [
        Measurement("open a claim workbook", by_us, limit=0.009),
        Measurement("the same cells by openpyxl, in two passes", by_openpyxl),
        Measurement("times faster than openpyxl", by_openpyxl / by_us, unit="x"),
        Measurement("claims read of their workbooks, one core", 1 / claim, unit="/s"),
    ]


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
        for sheet in READ_SHEETS:
            found += sum(cell.value is not None for row in book[sheet].iter_rows() for cell in row)
        book.close()
    return found
