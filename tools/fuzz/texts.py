"""Texts that readers have stumbled over, and changes of JSON that leave it JSON."""

from __future__ import annotations

import json
import random
from typing import Any

ODD_TEXTS = (
    "", " ", "0", "-1", "1e999", "1e300", "NaN", "9" * 50, "9" * 5_000, "0.1", "159.00", "159.005", "12,50",
    "\u0663", "\u200b", "\u202e", "\ufeff", "é", "İ", "ß", "\U0001f600", "a" * 1_001, "x" * 33_000,
    "_x0000_", "_x000D_", "_x005F_", "&", "<", '"', "\t", "\n", "\x85",
    "yes", "no", "none", "true", "TRUE", "null", "#REF!", "#N/A", "=1+1", "N1", "T1", "E1", "E999999999999999999999",
    "2026-10-04", "2026-13-45", "0000-00-00", "9999-12-31", "2026-10-04T07:30:00", "9999-12-31T23:59:59.999",
    "07:30", "24:00", "123-45-6789", "123456789", "Orlando, FL", "32801", "00000", "A1", "XFD1048576", "XFE1", "A0",
    "A1:B2", "$A$1", "S!$A$1", "Days!$ZZ$1048576", "[1]S!A1", "'a'!A1", "rId1", "hidden", "veryHidden",
    "pov_mileage", "other", "hotel", "registration", "completed", "FL", "DC", "AK", "s", "str", "b", "e", "d", "n",
    "inlineStr", "shared", "array", "dataTable", "60", "2958465", "2958465.99999999", "-0.5", "0.99999999999",
)  # fmt: skip
"""Texts that readers have stumbled over, and words that mean something to ours."""
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**40, -(10**400), 0.1, 1e300, -0.0, [], {}, [[]], [None], {"": None}, *ODD_TEXTS,
)  # fmt: skip


def changed_json(data: bytes, rng: random.Random) -> bytes:
    """A JSON text with one to three values changed; the same bytes where it is none."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return data
    for _ in range(rng.randint(1, 3)):
        value = _changed(value, rng)
    return json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _changed(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        what = rng.random()
        if what < 0.05:
            return {name: inner for name, inner in value.items() if name != key}
        if what < 0.1:
            return {**value, rng.choice(ODD_TEXTS): value[key]}
        return {**value, key: _changed(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        what = rng.random()
        if what < 0.1:
            return value[:at] + value[at + 1 :]
        if what < 0.2:
            return value[:at] + [value[at]] * rng.choice((2, 3, 40)) + value[at + 1 :]
        return [*value[:at], _changed(value[at], rng), *value[at + 1 :]]
    if isinstance(value, str) and value and rng.random() < 0.3:
        at = rng.randrange(len(value))
        return value[:at] + rng.choice(ODD_TEXTS) + value[at + rng.randint(0, 2) :]
    return rng.choice(ODD_VALUES)
