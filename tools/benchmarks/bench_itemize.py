"""Itemizing: from a claim that is read to its lines and totals, with the rates at hand."""

from __future__ import annotations

import json

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.itemize import itemize
from perdiem_calc.rules.law import load_law
from tests.support.house_rules import ROOT
from tools.benchmarks import Measurement, median_seconds


def bench_itemize() -> list[Measurement]:
    text = (ROOT / "data/samples/2026-ORL-0001.json").read_text(encoding="utf-8")
    data, law, rates = json.loads(text), load_law(), Ratebook.open()
    claim = parse_claim(data)
    return [
        Measurement("itemize a 6-day claim", median_seconds(lambda: itemize(claim, rates, law), calls=100), 0.0004),
        Measurement("read a 6-day claim from JSON", median_seconds(lambda: parse_claim(data), calls=100)),
    ]
