"""Travel reimbursement for school resource officers, at GSA per diem rates, within the programme's limit.

The names below are the whole public interface of the core; each is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perdiem_calc.auditor import audit
    from perdiem_calc.claim import Claim
    from perdiem_calc.estimator import estimate
    from perdiem_calc.findings import Finding
    from perdiem_calc.itemizer import ItemizedClaim, itemize
    from perdiem_calc.places import Locality, Place
    from perdiem_calc.rates import PerDiemRate, RateSource

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
    "Claim": "claim",
    "Finding": "findings",
    "ItemizedClaim": "itemizer",
    "Locality": "places",
    "PerDiemRate": "rates",
    "Place": "places",
    "RateSource": "rates",
    "audit": "auditor",
    "estimate": "estimator",
    "itemize": "itemizer",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """The names there are, also of what was not used yet: what an interpreter offers to complete."""
    return sorted({*globals(), *__all__})
