"""Writes the golden texts anew: the sample workbooks, a small audit report, and the figures of many claims."""

from __future__ import annotations

from tests.golden import REPORT, SAMPLES, dump, figures, golden_path, sample_bytes
from tests.support.audited_claims import small_report

for sample in SAMPLES:
    golden_path(sample).write_text(dump(sample_bytes(sample)), encoding="utf-8")
    print(golden_path(sample))
REPORT.write_text(dump(small_report()), encoding="utf-8")
print(REPORT)
figures.FIGURES.write_text(figures.text(), encoding="utf-8")
print(figures.FIGURES)
