"""One piece of work after another, done by several processes; if one of them dies, the rest of the work goes on.

Each process is a fresh Python (never a copy of this one), so that open files and connections stay with this one; and
none outlives it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MOST_IN_A_CHUNK = 8
_PR_SET_PDEATHSIG = 1
_NO_WARNING = "ignore:resource_tracker:UserWarning"


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_processes(
    work: Callable[[list[T]], list[R]],
    items: Sequence[T],
    jobs: int,
    *,
    died: Callable[[T], R],
    again: Callable[[list[T]], list[R]] | None = None,
    step: Callable[[int], None] = lambda count: None,
) -> list[R]:
    """What `work` gives for the items, in their order; it is called in `jobs` processes with a few items at a time.

    `work` is a function at the top of a module, perhaps with arguments bound by `partial`. What it raises is raised
    here, and the rest is not done. When a process dies, `again` (if it is not `work`) is called with one item at a
    time for those that may have been worked on by then; of the one with which a process dies once more, the result
    is `died(item)`. `step` is told how many more items are done.
    """
    crew: _Crew[T, R] = _Crew(items, step)
    size = max(1, min(MOST_IN_A_CHUNK, len(items) // (4 * jobs)))
    left = deque([*range(start, min(start + size, len(items)))] for start in range(0, len(items), size))
    while left:
        suspects = deque([number] for number in crew.run(work, left, jobs))
        while suspects:
            for number in crew.run(again or work, suspects, 1):
                crew.done[number] = died(items[number])
                step(1)
    return [crew.done[number] for number in range(len(items))]


class _Crew(Generic[T, R]):
    """The items, and what was done with them so far, by their numbers."""

    def __init__(self, items: Sequence[T], step: Callable[[int], None]) -> None:
        self._items, self._step = items, step
        self.done: dict[int, R] = {}

    def run(self, work: Callable[[list[T]], list[R]], chunks: deque[list[int]], jobs: int) -> list[int]:
        """Work chunks off until none is left or a process dies; the items that may have been worked on then.

        With one job these are the items of one chunk.
        """
        given: dict[Future[list[R]], list[int]] = {}
        in_doubt: list[int] = []
        _start_tracker()
        pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin_work)
        try:
            while chunks or given:
                while chunks and len(given) < (1 if jobs == 1 else 2 * jobs):
                    future = self._submitted(pool, work, chunks[0])
                    given[future] = chunks.popleft()
                for future in wait(given, return_when=FIRST_COMPLETED).done:
                    in_doubt += self._finish(future, given.pop(future))
        except BrokenProcessPool:
            for future, numbers in given.items():
                in_doubt += self._finish(future, numbers)
        finally:
            pool.shutdown(cancel_futures=True)
        return in_doubt

    def _submitted(
        self, pool: ProcessPoolExecutor, work: Callable[[list[T]], list[R]], numbers: list[int]
    ) -> Future[list[R]]:
        with _interrupts_held_back():
            return pool.submit(work, [self._items[number] for number in numbers])

    def _finish(self, future: Future[list[R]], numbers: list[int]) -> list[int]:
        """Keep what a chunk gave; its items where a process died before it was done."""
        try:
            results = future.result()
        except BrokenProcessPool:
            return numbers
        self.done.update(zip(numbers, results, strict=True))
        self._step(len(numbers))
        return []


def _start_tracker() -> None:
    """Start Python's tracker of semaphores, so that it removes what a killed parent left without a warning."""
    if os.name != "posix":
        return
    sys.warnoptions.append(_NO_WARNING)
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(_NO_WARNING)


def _begin_work() -> None:
    """Begin a process of the pool: it ends when its parent does, however that ends, and holds none of its files.

    Ctrl-C is for the process that a person started.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _let_go_of_pipes()
    parent = parent_process()
    if parent is None:
        return
    threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    if sys.platform == "linux":
        # The thread cannot end a process that is deep in a library of C; the system can.
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent.pid:
            os._exit(1)


def _let_go_of_pipes() -> None:
    """Whoever reads what the parent prints is not to wait for its helpers: they print nothing."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    if nothing > 2:
        os.close(nothing)


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A block in which Ctrl-C waits, so that a process started in it never sees one; where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
