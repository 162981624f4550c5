"""The rules for all tests, doctests of the package included: a pytest plugin, named in pyproject.toml.

No test reaches the network. Tests of random inputs, and those marked ``unmeasured``, do not count for coverage: what
must have been run is run by a test that says what it expects, and not by chance. (Measuring doubles a test's time.)
How many random inputs are tried, and whether a test may be skipped, is said by:

``PERDIEM_NO_SKIP=1``
    A test that would be skipped fails, with the reason. Only the comparisons with ``../shared`` may still be
    skipped, where that folder does not exist.
``HYPOTHESIS_PROFILE``
    ``dev`` (100 examples, 10 of a `COSTLY` search, and a tenth of the `seeds`, new ones in each run), ``ci`` (the
    same 200 and all seeds in each run, so that a red build is the doing of the change it judges), ``thorough``
    (5,000, to hunt with) or ``mutants`` (10, the same in each run, for `make mutants`, which runs the same tests a
    thousand times).
"""

from __future__ import annotations

import gc
import os
import random
import signal
import socket
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
NO_SHARED = f"no folder {SHARED.name}/ beside the checkout"
MEASURES_CHILDREN = "COVERAGE_PROCESS_CONFIG"

# The tables of rates are hundreds of thousands of small things that stay; looking through them less often saves time.
gc.set_threshold(50_000, 20, 20)

# A shell that starts the tests in the background lets Ctrl-C be ignored, by the programs that they start too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# --- hypothesis ---------------------------------------------------------------------------------------------

# No deadline and no check for slowness: both measure the machine. Speed is measured in tools/benchmarks/.
_PATIENT = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.register_profile("dev", _PATIENT, max_examples=100)
hypothesis.settings.register_profile("ci", _PATIENT, max_examples=200, derandomize=True)
hypothesis.settings.register_profile("thorough", _PATIENT, max_examples=5000)
hypothesis.settings.register_profile(
    "mutants",
    _PATIENT,
    max_examples=10,
    derandomize=True,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "dev")
hypothesis.settings.load_profile(PROFILE)
COSTLY = hypothesis.settings(max_examples=10 if PROFILE == "dev" else hypothesis.settings().max_examples)
"""For a search each example of which takes long, as one that writes files: a developer does not wait for all."""


def seeds(first: int, count: int) -> list[int]:
    """Seeds of random inputs, from the first on: all of them, or a tenth where a developer waits for the answer.

    A failure names its seed, so that it can be tried again.
    """
    every = range(first, first + count)
    if PROFILE in ("ci", "thorough"):
        return list(every)
    few = max(count // 10, 1)
    return list(every[:few]) if PROFILE == "mutants" else sorted(random.sample(every, few))


# --- the person who tests has no rates of their own -----------------------------------------------------------

os.environ["XDG_DATA_HOME"] = os.devnull

# --- coverage is measured where a test is not a matter of chance or of numbers --------------------------------------


@contextmanager
def unmeasured() -> Iterator[None]:
    """Stops measuring coverage for a while, in this process and in the programs that it starts."""
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    of_children = os.environ.pop(MEASURES_CHILDREN, None)
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        threading.settrace(of_threads)
        sys.settrace(tracer)
        if of_children is not None:
            os.environ[MEASURES_CHILDREN] = of_children


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    if item.get_closest_marker("unmeasured") or hypothesis.is_hypothesis_test(getattr(item, "obj", None)):
        with unmeasured():
            return (yield)
    return (yield)


# --- skipped tests ------------------------------------------------------------------------------------------


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turns a skip into a failure; an expected failure (xfail) is no skip, though pytest counts it as one."""
    if os.environ.get("PERDIEM_NO_SKIP") != "1" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    if NO_SHARED in reason and not SHARED.is_dir():
        return
    report.outcome = "failed"
    report.longrepr = f"This test did not run, and PERDIEM_NO_SKIP=1 asks that all do. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _forbid_skip(report)
    return report


# --- no network ---------------------------------------------------------------------------------------------


class NetworkForbidden(RuntimeError):
    """A test tried to reach something outside itself."""

    def __init__(self, what: object) -> None:
        super().__init__(
            f"A test may not connect to {what}. Use a recorded answer (tests/responses/); for a server that "
            "the test itself starts on this machine, mark it @pytest.mark.loopback."
        )


def _is_loopback(host: object) -> bool:
    if host in ("localhost", b"localhost"):
        return True
    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forbids connections and name look-ups in this process, and sends those of its children nowhere."""
    loopback = request.node.get_closest_marker("loopback") is not None

    def guarded(name: str) -> Any:
        real = getattr(socket.socket, name)

        def guard(self: socket.socket, *args: Any) -> object:
            address = args[-1]  # the last argument of connect(address) and of sendto(data, [flags,] address)
            local = self.family == getattr(socket, "AF_UNIX", None)
            if not local and not (loopback and _is_loopback(address[0])):
                raise NetworkForbidden(address)
            return real(self, *args)

        return guard

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    for name in ("getaddrinfo", "gethostbyname"):
        real = getattr(socket, name)

        def look_up(host: object, *args: object, _real: Any = real, **options: object) -> object:
            if not (loopback and (host is None or _is_loopback(host))):
                raise NetworkForbidden(host)
            return _real(host, *args, **options)

        monkeypatch.setattr(socket, name, look_up)

    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1,::1" if loopback else "")
    monkeypatch.delenv("GSA_API_KEY", raising=False)
