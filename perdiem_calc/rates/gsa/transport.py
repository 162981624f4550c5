"""One GET to the service, finished in bounded time: few tries, short waits, a limit on what is read.

A try is a whole request, down to the last byte of the body, and runs in a thread of its own: what hangs (a name
look-up, headers that trickle, a body that never ends) is left behind when the time is up. For the same reason the
tries are counted here and not by urllib3's `Retry`, which neither repeats a body that breaks off nor bounds
the `Retry-After` it obeys.

The key goes into one request header and nowhere else. No error repeats what `requests` says or what the service
sent: messages name the kind of fault, and error codes only where they look like one.
"""

from __future__ import annotations

import queue
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from perdiem_calc.errors import InputError, RateUnavailable
from perdiem_calc.rates.gsa.bodies import error_code

if TYPE_CHECKING:
    import requests

PUBLISHER = "U.S. General Services Administration"
BASE_URL = "https://api.gsa.gov/travel/perdiem/v2"
SERVICE = "GSA Per Diem API"
"""What messages call it."""
SIGN_UP = "https://api.data.gov/signup/"
"""Where keys are given away."""
KEY_VARIABLE, URL_VARIABLE = "GSA_API_KEY", "GSA_API_URL"
_KEY = re.compile(r"[A-Za-z0-9._~+/=-]{1,200}", re.ASCII)
_URL = re.compile(r"[!-~]{1,2000}", re.ASCII)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CHUNK = 1 << 16
_GET_A_KEY = f"get a free key at {SIGN_UP} and set {KEY_VARIABLE}, or use --source ratebook"
LATER = "try again later, or use --source ratebook"


class GsaUnavailable(RateUnavailable):
    """The service gave no usable answer: unreachable, refused, over its limit, or not what it promises."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often the service is tried; seconds, and bytes of one body once unpacked."""

    tries: int = 4
    total: float = 30.0
    retry_after: float = 10.0
    connect: float = 5.0
    silence: float = 10.0
    first_wait: float = 0.5
    rest: float = 60.0
    body_bytes: int = 32 << 20


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is and how to wait; tests pass their own. `monotonic` and `sleep` count seconds."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class _Reply:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a try failed; `again`: a further try may help; `wait`: the seconds that the service asked for;
    `resting`: the fault is not of this one request, so others need not be tried for a while."""

    what: str
    fix: str = LATER
    again: bool = True
    wait: float | None = None
    resting: bool = False


class Secret:
    """A key that does not show itself: printing or logging what holds it says only that there is one."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Raises InputError, which does not repeat the key, for a key that cannot be sent."""
        if not _KEY.fullmatch(value):
            raise InputError(
                "gsa.key.invalid",
                "the API key has characters that no key has",
                where=KEY_VARIABLE,
                fix="copy it again from the e-mail of api.data.gov, without spaces or quotes",
            )
        self._value = value

    def reveal(self) -> str:
        """The key itself, for the header."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> str:
        raise TypeError("a key is not stored")


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from looking in ~/.netrc for a password of its own, and sending it."""
    return request


def _proxies(url: str) -> dict[str, str]:
    """The proxies of a request besides those of the environment: none for this machine, since a proxy reads the key.

    None takes a proxy out that the environment or the session names.
    """
    parts = urlsplit(url)
    names = ("http", "all", f"http://{parts.hostname}", f"all://{parts.hostname}")
    return cast("dict[str, str]", dict.fromkeys(names)) if parts.scheme == "http" else {}


def _own_fault(error: Exception) -> _Fault:
    """What stops a request before it leaves this computer."""
    what = f"a proxy or the certificates that this computer names cannot be used ({type(error).__name__})"
    fix = "check HTTPS_PROXY, ALL_PROXY and REQUESTS_CA_BUNDLE, or use --source ratebook"
    return _Fault(what, fix, again=False)


def checked_url(url: str) -> str:
    """A base URL without a slash at its end. Raises InputError for one over which a key must not be sent."""
    fault = _fault_of(url)
    if fault:
        raise InputError(
            "gsa.address.invalid",
            f"the address of the service is not usable: {fault}",
            where=URL_VARIABLE,
            fix=f"write one like {BASE_URL}",
        )
    return url.rstrip("/")


def _fault_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is not a web address"
    if parts.scheme not in ("http", "https") or not host or not _URL.fullmatch(url):
        return "it is not a web address"
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "it is not https, so the key would travel unencrypted"
    if parts.username or parts.password or parts.query or parts.fragment:
        return "it has more than a host and a path"
    return ""


@dataclass
class Transport:
    """Asks the service, with tries and waits in bounds. Share one among the look-ups of a run.

    When the service cannot be reached, has a fault of its own, or its limit is used up, it is left in peace for
    `limits.rest` seconds: what is asked in that time fails at once, so that neither a claim nor a batch waits again
    for each of its days and rows.
    """

    base_url: str
    key: Secret
    session: requests.Session | None = None
    limits: Limits = field(default_factory=Limits)
    clock: Clock = field(default_factory=Clock)
    requests_made: int = 0
    _own: requests.Session | None = field(default=None, repr=False)
    _resting: tuple[float, _Fault] | None = field(default=None, repr=False)

    def get(self, path: str) -> bytes:
        """The body of the answer to `path`. Raises GsaUnavailable when the tries or the time are used up."""
        outcome = self._within_limits(path)
        if isinstance(outcome, _Fault):
            raise GsaUnavailable("gsa.service.no-answer", outcome.what, where=SERVICE, fix=outcome.fix)
        return outcome.body

    def _within_limits(self, path: str) -> _Reply | _Fault:
        clock, limits = self.clock, self.limits
        if self._resting is not None and clock.monotonic() < self._resting[0]:
            return self._resting[1]
        deadline = clock.monotonic() + limits.total
        fault = _Fault("no answer")
        for attempt in range(limits.tries):
            left = deadline - clock.monotonic()
            if left <= 0:
                break
            outcome = self._judged(self._try(path, left))
            if isinstance(outcome, _Reply) or not outcome.again:
                return outcome
            fault = outcome
            if attempt + 1 < limits.tries:
                pause = self._pause(attempt, fault)
                if pause is None or clock.monotonic() + pause >= deadline:
                    break
                clock.sleep(pause)
        if fault.resting:
            self._resting = (clock.monotonic() + limits.rest, fault)
        return fault

    def _pause(self, attempt: int, fault: _Fault) -> float | None:
        """The seconds to wait before the next try; None where the service asks for more than we grant."""
        if fault.wait is not None:
            return fault.wait if fault.wait <= self.limits.retry_after else None
        return float(self.limits.first_wait * 2**attempt * (0.5 + self.clock.jitter() / 2))

    def _try(self, path: str, seconds: float) -> _Reply | _Fault:
        """One request in a thread of its own, left behind after `seconds`."""
        import requests

        outcomes: queue.SimpleQueue[_Reply | _Fault] = queue.SimpleQueue()
        stop = threading.Event()
        self.requests_made += 1
        if self.session is None and self._own is None:
            self._own = requests.Session()
        session = cast("requests.Session", self.session or self._own)

        def run() -> None:
            outcomes.put(self._request(session, path, seconds, stop))

        threading.Thread(target=run, name="gsa", daemon=True).start()
        try:
            return outcomes.get(timeout=seconds)
        except queue.Empty:
            stop.set()
            self._own = None
            what = f"the service did not finish answering within {self.limits.total:g} seconds"
            return _Fault(what, resting=True)

    def _request(
        self, session: requests.Session, path: str, seconds: float, stop: threading.Event
    ) -> _Reply | _Fault:
        import requests
        from urllib3.exceptions import HTTPError

        try:
            with session.get(
                self.base_url + path,
                headers={"X-API-Key": self.key.reveal(), "Accept": "application/json"},
                auth=_no_password,
                proxies=_proxies(self.base_url),
                timeout=(min(self.limits.connect, seconds), min(self.limits.silence, seconds)),
                stream=True,
                allow_redirects=False,
            ) as response:
                body = bytearray()
                for chunk in response.iter_content(_CHUNK):
                    body += chunk
                    if len(body) > self.limits.body_bytes:
                        return _Fault("the answer is larger than any answer of the service", again=False)
                    if stop.is_set():
                        break
                return _Reply(response.status_code, response.headers, bytes(body))
        except requests.Timeout:
            return _Fault("the service did not answer in time", resting=True)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            return _own_fault(error)
        except (requests.RequestException, HTTPError, ValueError) as error:
            what = f"the service could not be reached or broke off ({type(error).__name__})"
            return _Fault(what, resting=True)
        except OSError as error:
            return _own_fault(error)

    def _judged(self, outcome: _Reply | _Fault) -> _Reply | _Fault:
        """An answer of status 200, or what is wrong with any other."""
        if isinstance(outcome, _Fault) or outcome.status == 200:
            if isinstance(outcome, _Reply) and self.key.reveal().encode() in outcome.body:
                return _Fault("the answer repeats the key, so it is not kept", again=False)
            return outcome
        code, status = error_code(outcome.body), outcome.status
        if code.startswith("API_KEY") or status == 401:
            return _Fault(f"the service refuses the API key ({code or status})", _GET_A_KEY, again=False)
        if code == "OVER_RATE_LIMIT" or status == 429:
            what = "the hourly limit of requests for this API key is used up (OVER_RATE_LIMIT)"
            wait = self._retry_after(outcome.headers)
            return _Fault(what, again=status != 403, wait=wait, resting=True)
        if status == 403:
            what = f"the service refuses the request ({code or 'an access page, not an error code'})"
            return _Fault(what, "the key may still be valid: try again later, or use --source ratebook", again=False)
        if status >= 500:
            wait = self._retry_after(outcome.headers)
            return _Fault(f"the service has a fault of its own (status {status})", wait=wait, resting=True)
        return _Fault(f"the service answered with status {status}", again=False)

    def _retry_after(self, headers: Mapping[str, str]) -> float | None:
        """The seconds that a `Retry-After` asks for, as a number or a date; None for none or nonsense."""
        text = (headers.get("Retry-After") or "").strip()
        if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
            return float(text)
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        return max(0.0, (at - self.clock.now()).total_seconds())
