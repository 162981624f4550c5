"""Claims as data, right ones to be spoilt, and what is then refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, cast

import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.errors import InputErrors
from tests.support.house_rules import ROOT

Path = tuple[str | int, ...]

SAMPLES = ROOT / "data/samples"

CONTRACT = {"2026-ORL-0001": "orlando", "2026-MDY-0007": "moody", "2026-DCA-0003": "washington"}
"""What the samples are called in tests/contract/."""

ROOM: Path = ("lodging", 0, "room_rate")
FARE: Path = ("expenses", 0, "amount")
MILES: Path = ("expenses", 5, "miles")
DEPARTED: Path = ("trip", "departed_at")
PREPARED: Path = ("prepared_on",)


def sample(name: str) -> dict[str, Any]:
    """One of the sample claims, as JSON states it."""
    return cast(dict[str, Any], json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")))


def orlando() -> dict[str, Any]:
    """A claim that is right, to be spoilt."""
    return sample("2026-ORL-0001")


def complete() -> dict[str, Any]:
    """A claim that states every field there is."""
    return cast(dict[str, Any], json.loads((ROOT / "tests/complete_claim.json").read_text(encoding="utf-8")))


def changed(claim: dict[str, Any], path: Path, value: object) -> dict[str, Any]:
    """The claim with one value put in its place."""
    spoilt = copy.deepcopy(claim)
    holder: Any = spoilt
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    return spoilt


def refusals(data: object) -> list[str]:
    """Everything that is refused, as a person reads it."""
    with pytest.raises(InputErrors) as refusal:
        parse_claim(data)
    return str(refusal.value).split("\n")


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Every value of a claim that is no group, with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value
