"""Travel reimbursement for school resource officers, at GSA per diem rates, within the award program's limit.

The names below are the whole public interface of the core; each is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perdiem_calc.checks.auditor import audit
    from perdiem_calc.checks.finding import Finding
    from perdiem_calc.claims.model import Claim
    from perdiem_calc.planning.estimator import estimate
    from perdiem_calc.rates.model import PerDiemRate, RateSource
    from perdiem_calc.rates.places import Locality, Place
    from perdiem_calc.rules.itemize import ItemizedClaim, itemize

__all__ = [
    "Claim",
    "Finding",
    "ItemizedClaim",
    "Locality",
    "PerDiemRate",
    "Place",
    "RateSource",
    "audit",
    "estimate",
    "itemize",
]
__version__ = "0.1.0"

_HOMES = {
    "Claim": "claims.model",
    "Finding": "checks.finding",
    "ItemizedClaim": "rules.itemize",
    "Locality": "rates.places",
    "PerDiemRate": "rates.model",
    "Place": "rates.places",
    "RateSource": "rates.model",
    "audit": "checks.auditor",
    "estimate": "planning.estimator",
    "itemize": "rules.itemize",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """The names there are, also of what was not used yet: what an interpreter offers to complete."""
    return sorted({*globals(), *__all__})
