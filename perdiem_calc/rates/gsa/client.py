"""The six endpoints of the GSA Per Diem API, each asked once and then answered from the cache.

    client = GsaClient()                       # the key is GSA_API_KEY of the environment
    client.city("Boise", "ID", 2027)           # rows, and `.source`: where they came from
    client.rate("Boise, ID", date(2026, 11, 23))

An answer is kept only when all of it is as the documentation promises. When the service does not answer, a kept
answer whose time is over is used and says so (`source.stale_since`); without one, GsaUnavailable is raised.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from perdiem_calc.errors import InputError, RateUnavailable
from perdiem_calc.rates.gsa import bodies
from perdiem_calc.rates.gsa.bodies import BodyError, RateRow, ZipRow
from perdiem_calc.rates.gsa.cache import AnswerCache, Stored, default_path, expires_at, is_fresh
from perdiem_calc.rates.gsa.names import spellings
from perdiem_calc.rates.gsa.transport import (
    BASE_URL,
    KEY_VARIABLE,
    LATER,
    PUBLISHER,
    SERVICE,
    SIGN_UP,
    URL_VARIABLE,
    Clock,
    GsaUnavailable,
    Limits,
    Secret,
    Transport,
    checked_url,
)
from perdiem_calc.rates.model import Document, MieTier, Provenance
from perdiem_calc.rates.places import Locality, Place, state_code, zip_code

if TYPE_CHECKING:
    import pandas as pd
    import requests

FIRST_YEAR, LAST_YEAR = 2020, 2099
KIND = "api"
T = TypeVar("T")
_PLATFORM = Path()


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """The rows of one endpoint, and where they came from; a sequence of its rows."""

    rows: tuple[T, ...]
    source: Provenance

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> T:
        return self.rows[index]

    def frame(self) -> pd.DataFrame:
        """The rows as a table; a month a column, missing rates empty."""
        import pandas as pd

        return pd.DataFrame([_columns(row) for row in self.rows])


class Endpoints:
    """The endpoints. Every one raises GsaUnavailable where no usable answer can be had, and InputError for a
    question that the service cannot be asked: an impossible year, state or ZIP.
    """

    def __init__(
        self,
        api_key: str | None = None,
        cache: AnswerCache | Path | str | None = _PLATFORM,
        session: requests.Session | None = None,
        *,
        base_url: str | None = None,
        limits: Limits | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Ask with a key (the environment's `GSA_API_KEY`), keep answers in `cache`: the platform's folder, a
        file of your own, or None for nowhere. `base_url` is the environment's `GSA_API_URL`, else GSA's.

        Raises InputError for a key that is missing or cannot be one, and for an address not to be trusted.
        """
        key = api_key if api_key is not None else os.environ.get(KEY_VARIABLE, "").strip()
        if not key:
            fix = f"get a free key at {SIGN_UP}; the embedded rates (--source ratebook) need none"
            raise InputError("gsa.key.missing", "no API key is set", where=KEY_VARIABLE, fix=fix)
        url = checked_url(base_url or os.environ.get(URL_VARIABLE) or BASE_URL)
        self._clock, self._limits = clock or Clock(), limits or Limits()
        self._transport = Transport(url, Secret(key), session, self._limits, self._clock)
        if isinstance(cache, AnswerCache) or cache is None:
            self.cache = cache
        else:
            self.cache = AnswerCache(default_path() if cache == _PLATFORM else Path(cache))
        self._failed: dict[str, tuple[float, GsaUnavailable]] = {}
        self._numbers: dict[tuple[str, str, int], int] = {}
        self._placed: dict[tuple[Locality, int], Place] = {}
        self._known: dict[str, tuple[Answer[Any], datetime]] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._transport.base_url!r})"

    @property
    def requests_made(self) -> int:
        """How many requests were sent, each try counted."""
        return self._transport.requests_made

    @property
    def today(self) -> date:
        """The day by the client's clock."""
        return self._clock.now().date()

    def city(self, city: str, state: str, year: int) -> Answer[RateRow]:
        """Endpoint 1: the service's rows for a city, as it gives them.

        One row: the locality in which the service places the city. Several without the standard rate: the city
        lies in each. Every locality of the state, with the standard rate: the service does not know the city.
        """
        code = _state(state)
        answer: Answer[RateRow] | None = None
        for spelled in spellings(city):
            found = self._rates(f"/rates/city/{spelled}/state/{code}/year/{_year(year)}", year)
            answer = answer or found
            if found.rows and not is_state_list(found.rows):
                return found
        if answer is None:
            raise InputError("place.city.invalid", f"{city!r} is not a city", fix="write its name in Latin letters")
        return answer

    def state(self, state: str, year: int) -> Answer[RateRow]:
        """Endpoint 2: every locality of a state, and the standard rate."""
        return self._rates(f"/rates/state/{_state(state)}/year/{_year(year)}", year)

    def zip(self, zip5: str, year: int) -> Answer[RateRow]:
        """Endpoint 3: the localities of a ZIP."""
        asked = zip_code(zip5)
        answer = self._rates(f"/rates/zip/{asked}/year/{_year(year)}", year)
        if any(row.zip not in ("", asked) for row in answer.rows):
            raise _unusable(f"it was asked for ZIP {asked} and answered for another")
        return answer

    def conus_lodging(self, year: int) -> Answer[RateRow]:
        """Endpoint 4: every locality of a fiscal year with its id, once for each state that lists it."""
        return self._answer(f"/rates/conus/lodging/{_year(year)}", year, bodies.lodging)

    def conus_mie(self, year: int) -> Answer[MieTier]:
        """Endpoint 5: the M&IE tiers of a fiscal year."""
        return self._answer(f"/rates/conus/mie/{_year(year)}", year, bodies.tiers)

    def conus_zipcodes(self, year: int) -> Answer[ZipRow]:
        """Endpoint 6: every ZIP of a fiscal year and the localities it lies in."""
        return self._answer(f"/rates/conus/zipcodes/{_year(year)}", year, bodies.zipcodes)

    def _rates(self, path: str, year: int) -> Answer[RateRow]:
        return self._answer(path, year, bodies.envelope)

    def _answer(self, path: str, year: int, parse: Callable[[bytes], tuple[T, ...]]) -> Answer[T]:
        """The answer to a path: as known, as kept, as asked for now, or as kept and stale."""
        now = self._clock.now()
        known = self._known.get(path)
        if known is not None and is_fresh(year, known[1], now):
            return known[0]
        url = self._transport.base_url + path
        kept = self._kept(url, parse)
        if kept is not None and is_fresh(year, kept[0].retrieved_at, now):
            return self._remember(path, *kept)
        try:
            body = self._ask_once(path)
            rows = _parsed(body, parse)
        except GsaUnavailable as error:
            self._failed.setdefault(path, (self._clock.monotonic() + self._limits.rest, error))
            if kept is None:
                raise
            stored, rows = kept
            since = expires_at(year, stored.retrieved_at) or stored.retrieved_at
            return Answer(rows, _source(path, stored, stale_since=_instant(min(since, now))))
        stored = Stored(url, body, now)
        if rows and self.cache is not None and not any(getattr(row, "faults", ()) for row in rows):
            self.cache.write(stored, expires_at(year, now))
        return self._remember(path, stored, rows)

    def _ask_once(self, path: str) -> bytes:
        """The service's answer; where the same question failed a moment ago, that failure, without asking again."""
        failed = self._failed.get(path)
        if failed is not None and self._clock.monotonic() < failed[0]:
            raise GsaUnavailable(failed[1].code, failed[1].what, where=failed[1].where, fix=failed[1].fix)
        self._failed.pop(path, None)
        return self._transport.get(path)

    def _kept(self, url: str, parse: Callable[[bytes], tuple[T, ...]]) -> tuple[Stored, tuple[T, ...]] | None:
        stored = self.cache.read(url) if self.cache is not None else None
        if stored is None:
            return None
        try:
            return stored, parse(stored.body)
        except BodyError:
            return None

    def _remember(self, path: str, stored: Stored, rows: tuple[T, ...]) -> Answer[T]:
        answer = Answer(rows, _source(path, stored))
        self._known[path] = (answer, stored.retrieved_at)
        return answer


def is_state_list(rows: tuple[RateRow, ...]) -> bool:
    """Whether an answer about a city is every locality of its state: the service does not know the city."""
    return len(rows) > 1 and any(row.is_standard for row in rows)


def _parsed(body: bytes, parse: Callable[[bytes], tuple[T, ...]]) -> tuple[T, ...]:
    try:
        return parse(body)
    except BodyError as error:
        reason = str(error)
    raise _unusable(reason)


def _unusable(reason: str) -> GsaUnavailable:
    return GsaUnavailable(
        "gsa.answer.unusable",
        f"the service's answer is not usable: {reason}",
        where=SERVICE,
        fix=LATER,
    )


def _source(path: str, stored: Stored, *, stale_since: str | None = None) -> Provenance:
    document = Document(PUBLISHER, SERVICE, f"{BASE_URL}{path}", sha256=stored.sha256)
    return Provenance(KIND, path, stored.sha256, _instant(stored.retrieved_at), stale_since, document=document)


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RateUnavailable(
            "gsa.year.missing",
            f"the {SERVICE} has no rates of fiscal year {year}",
            fix=f"it serves fiscal year {FIRST_YEAR} and later",
        )
    return year


def _state(state: str) -> str:
    code = state_code(state)
    if code is None:
        raise InputError(
            "place.state.unknown", f"{state!r} is not a state", fix="write the state's two letters, like FL"
        )
    return code


def _columns(row: Any) -> Mapping[str, object]:
    if isinstance(row, ZipRow):
        return row._asdict()
    plain = asdict(row)
    if isinstance(row, RateRow):
        plain |= dict(zip(bodies.MONTHS, plain.pop("months"), strict=True))
    return plain
