"""The live GSA Per Diem API, its cache, and rates from it.

`GsaClient` is a source of rates like the ratebook, and has the service's six endpoints as methods. See
`client` for what is asked and kept, `bodies` for what is believed, `lookup` for which row is a place's, and
`transport` for how long anything may take.
"""

from __future__ import annotations

from perdiem_calc.rates.gsa.bodies import BodyError, RateRow, ZipRow
from perdiem_calc.rates.gsa.cache import AnswerCache, CacheStatus
from perdiem_calc.rates.gsa.client import Answer
from perdiem_calc.rates.gsa.lookup import GsaClient
from perdiem_calc.rates.gsa.transport import Clock, GsaUnavailable, Limits

__all__ = [
    "Answer",
    "AnswerCache",
    "BodyError",
    "CacheStatus",
    "Clock",
    "GsaClient",
    "GsaUnavailable",
    "Limits",
    "RateRow",
    "ZipRow",
]
