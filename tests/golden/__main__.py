"""Writes the golden texts of the sample workbooks anew."""

from __future__ import annotations

from tests.golden import SAMPLES, dump, golden_path, sample_bytes

for sample in SAMPLES:
    golden_path(sample).write_text(dump(sample_bytes(sample)), encoding="utf-8")
    print(golden_path(sample))
