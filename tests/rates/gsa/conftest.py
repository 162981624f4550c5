"""A server, a clock that only waits on paper, and a watch over the key."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.rates.gsa import AnswerCache, Clock, GsaClient, GsaUnavailable, Limits
from tests.rates.gsa.server import Server

KEY = "Zk4Q0SecretSecretSecretSecretSecretKey42"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
# Waits that end at once where nothing happens, so that no test takes long. The waits between tries are on paper.
QUICK = Limits(total=30, connect=1, silence=1)


@dataclass
class PaperClock:
    """A clock that tests set, on which waiting takes no time; `slept` are the waits, seconds."""

    at: datetime = NOW
    elapsed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.elapsed += seconds
        self.at += timedelta(seconds=seconds)

    def clock(self) -> Clock:
        return Clock(now=lambda: self.at, monotonic=lambda: self.elapsed, sleep=self.sleep, jitter=lambda: 1.0)


@pytest.fixture
def paper() -> PaperClock:
    return PaperClock()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on this machine; the test must be marked loopback."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def cache_file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "answers.sqlite"


@pytest.fixture
def client(server: Server, cache_file: Path, paper: PaperClock) -> GsaClient:
    return GsaClient(KEY, cache_file, base_url=server.url, clock=paper.clock(), limits=QUICK)


@pytest.fixture
def another(server: Server, cache_file: Path, paper: PaperClock) -> Callable[..., GsaClient]:
    """A client as a new process would make it: the same cache file, nothing in memory."""

    def make(**options: Any) -> GsaClient:
        defaults: dict[str, Any] = {"base_url": server.url, "clock": paper.clock(), "limits": QUICK}
        return GsaClient(KEY, AnswerCache(cache_file), **(defaults | options))

    return make


@pytest.fixture(autouse=True)
def key_stays_secret(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> Iterator[None]:
    """After every test here: the key is in no file, no log line and no output."""
    caplog.set_level(logging.DEBUG)
    yield
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or KEY.encode() not in file.read_bytes(), file
    assert KEY not in caplog.text
    out, err = capsys.readouterr()
    assert KEY not in out + err


def refusal(call: Callable[[], object]) -> str:
    """The message of the GsaUnavailable that a call ends with; nothing of the exception shows the key."""
    with pytest.raises(GsaUnavailable) as caught:
        call()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    link: BaseException | None = caught.value
    while link is not None:
        shown += f"{link!r} {link.args} {vars(link)}"
        link = link.__cause__ or link.__context__
    assert KEY not in shown
    return str(caught.value)
