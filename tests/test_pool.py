"""Work done by several processes: in order, whatever becomes of a process."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from perdiem_calc.errors import InputError
from perdiem_calc.pool import in_processes, processors
from tests.support.house_rules import ROOT


def doubled(factor: int, numbers: list[int]) -> list[str]:
    """Each number times the factor, as text; 13 ends the process, and 99 is refused."""
    if 13 in numbers:
        os._exit(9)
    if 99 in numbers:
        raise InputError("file.unreadable", "99 is refused")
    return [str(number * factor) for number in numbers]


def process_ids(numbers: list[int]) -> list[int]:
    """Which process worked."""
    time.sleep(0.05)
    return [os.getpid() for _ in numbers]


def died(number: int) -> str:
    """What is said of a number with which a process died."""
    return f"died with {number}"


def test_results_come_in_the_order_of_the_items_and_the_steps_count_them_all() -> None:
    steps: list[int] = []
    found = in_processes(partial(doubled, 3), range(14, 90), 2, died=died, step=steps.append)
    assert found == [str(3 * number) for number in range(14, 90)]
    assert sum(steps) == 76


def test_the_work_is_done_by_as_many_processes_as_asked_and_not_by_this_one() -> None:
    found = set(in_processes(process_ids, range(64), 2, died=int))
    assert len(found) == 2
    assert os.getpid() not in found


def test_nothing_to_do_is_done() -> None:
    assert in_processes(partial(doubled, 3), [], 2, died=died) == []


def test_an_item_that_ends_its_process_is_named_and_all_the_others_are_done() -> None:
    steps: list[int] = []
    items = range(1, 41)
    found = in_processes(partial(doubled, 2), items, 2, died=died, step=steps.append)
    assert found == ["died with 13" if number == 13 else str(2 * number) for number in items]
    assert sum(steps) == 40


def made_once(folder: Path, numbers: list[int]) -> list[str]:
    """Makes a file for each number, which must not be there; after that of 13 the process ends."""
    for number in numbers:
        with open(folder / str(number), "x"):
            pass
        if number == 13:
            os._exit(9)
    return ["made" for _ in numbers]


def found_made(folder: Path, numbers: list[int]) -> list[str]:
    """Whether the file of each number is there already; with 13 the process ends again."""
    if 13 in numbers:
        os._exit(9)
    return ["there" if (folder / str(number)).exists() else "not there" for number in numbers]


def test_work_that_a_process_had_done_before_it_died_is_done_again_in_the_way_that_expects_it(tmp_path: Path) -> None:
    work, again = partial(made_once, tmp_path), partial(found_made, tmp_path)
    found = in_processes(work, range(1, 65), 2, died=died, again=again)
    # Numbers go to the processes by eights: 9 to 12 were made before 13 ended their process.
    assert found[8:13] == ["there"] * 4 + ["died with 13"]
    assert set(found[13:16]) == {"not there"}


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(InputError, match="99 is refused"):
        in_processes(partial(doubled, 2), [*range(20, 60), 99], 2, died=died)


def test_there_is_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 1 <= processors() <= (os.cpu_count() or 1)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processors() == 1


ENDLESS = """
from tests.test_pool import endless
from perdiem_calc.pool import in_processes
if __name__ == "__main__":
    print("begun", flush=True)
    in_processes(endless, range(1000), 2, died=str, step=lambda count: print("step", flush=True))
"""


def endless(numbers: list[int]) -> list[str]:
    """Work that takes a while."""
    time.sleep(0.05)
    return [str(number) for number in numbers]


def all_ended(group: int) -> bool:
    """Whether every process of a group ends within some seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("moment", ["begun", "step"], ids=["while processes start", "in the middle"])
def test_ctrl_c_ends_the_work_and_the_processes_say_nothing_of_their_own(tmp_path: Path, moment: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(ENDLESS)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != moment:
            pass
        if moment == "begun":
            time.sleep(0.15)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the person's program and all that it started
        _, said = process.communicate(timeout=60)
    assert said.count("Traceback") == 1  # of this program itself, which does nothing about it
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert all_ended(process.pid)


# ---- none outlives the process that a person started

LONG = """
import signal
import sys
from functools import partial
from pathlib import Path
from tests.test_pool import busy
from perdiem_calc.pool import in_processes
if __name__ == "__main__":
    for one in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(one, signal.SIG_DFL)  # tests that run in the background have some of them ignored
    in_processes(partial(busy, Path(sys.argv[1])), range(1000), 2, died=str)
"""


def busy(folder: Path, numbers: list[int]) -> list[str]:
    """Leaves its process's number, and works in a library that lets no other thread of Python run."""
    (folder / str(os.getpid())).touch()
    re.fullmatch("(a+)+b", "a" * 40)  # for hours
    return [str(number) for number in numbers]


def is_there(process: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def begun(process: subprocess.Popen[bytes], folder: Path) -> list[int]:
    """The two processes of a pool, once they work."""
    while len(numbers := list(folder.iterdir())) < 2:
        assert process.poll() is None
        time.sleep(0.05)
    return [int(number.name) for number in numbers]


def left_after(seconds: float, processes: list[int]) -> list[int]:
    """Those that still run after some seconds, and are ended then."""
    until = time.monotonic() + seconds
    while (left := [*filter(is_there, processes)]) and time.monotonic() < until:
        time.sleep(0.05)
    for process in left:
        os.kill(process, signal.SIGKILL)
    return left


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, and only Linux ends what is deep in a library")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_processes_end_with_their_parent_and_hold_none_of_its_pipes(tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "numbers").mkdir()
    program = tmp_path / "program.py"
    program.write_text(LONG)
    with subprocess.Popen(
        [sys.executable, str(program), str(tmp_path / "numbers")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:
        workers = begun(process, tmp_path / "numbers")
        held = {os.readlink(f"/proc/{worker}/fd/{stream}") for worker in workers for stream in range(3)}
        process.send_signal(how)
        process.wait()
        left = left_after(5, workers)
        # Nobody can write into the pipes any more, so that whoever reads them comes to their end.
        assert (left, held) == ([], {os.devnull})
        # Python's own helper would warn of semaphores that the ended process left.
        assert process.communicate(timeout=10) == (b"", b"")


@pytest.mark.skipif(sys.platform != "linux", reason="tells Linux to leave it to the thread")
def test_a_process_ends_with_its_parent_where_the_system_does_not_see_to_it(tmp_path: Path) -> None:
    """As on Windows and macOS: a thread waits for the parent's end."""
    (tmp_path / "numbers").mkdir()
    program = tmp_path / "program.py"
    program.write_text(LONG.replace("import busy", "import asleep as busy"))
    with subprocess.Popen(
        [sys.executable, str(program), str(tmp_path / "numbers")], env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as process:
        workers = begun(process, tmp_path / "numbers")
        process.kill()
    assert left_after(5, workers) == []


def asleep(folder: Path, numbers: list[int]) -> list[str]:
    """Leaves its process's number and sleeps, having told the system that its parent's end is nothing to it."""
    ctypes.CDLL(None).prctl(1, 0)
    (folder / str(os.getpid())).touch()
    time.sleep(600)
    return [str(number) for number in numbers]
