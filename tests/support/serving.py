"""`perdiem serve` as a program of its own, and what a browser needs to use it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

TODAY = "2026-11-23"
CHROMIUM = "/usr/bin/chromium"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/open/\S+")


def chromium_missing_reason() -> str:
    """Why no browser can be started; empty where one can."""
    return "" if which(CHROMIUM) else "Chromium is not installed: apt-get install chromium fonts-dejavu-core"


@dataclass
class Server:
    """A server that runs: its one-time address, and its process."""

    opening: str
    process: subprocess.Popen[bytes]
    data: Path
    log: Path

    @property
    def base(self) -> str:
        """The address without the token."""
        return self.opening.partition("/open/")[0]

    def kill(self) -> None:
        """End it as a power failure would."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """End it with Ctrl-C; its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=20)


THIS = (sys.executable, "-m", "perdiem_calc")


def start(data: Path, *more: str, day: str = TODAY, program: Sequence[str] = THIS) -> Server:
    """A server for a data folder, once it answers."""
    command = [*program, "serve", "--no-open", "--port", "0", "--data", str(data), "--as-of", day]
    log = data.with_name(f"{data.name}.log")
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [*command, *more], stdout=output, stderr=output, env=os.environ | {"PYTHONUNBUFFERED": "1"}
        )
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if found := _ADDRESS.search(log.read_text(encoding="utf-8")):
            return Server(found[0], process, data, log)
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise AssertionError(f"the server did not start: {log.read_text(encoding='utf-8')}")


@contextmanager
def serving(data: Path, *more: str, program: Sequence[str] = THIS) -> Iterator[Server]:
    """A server while the block lasts."""
    server = start(data, *more, program=program)
    try:
        yield server
    finally:
        server.kill()
