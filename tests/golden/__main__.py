"""Writes the golden texts again: the blank form, the sample workbooks, a small audit report, and many figures."""

from __future__ import annotations

from tests.golden import FORM, REPORT, SAMPLES, blank_bytes, dump, figures, golden_path, otherwise, sample_bytes
from tests.support.audited_claims import small_report

blank = blank_bytes()
FORM.write_text(dump(blank), encoding="utf-8")
print(FORM)
for sample in SAMPLES:
    golden_path(sample).write_text(otherwise(sample_bytes(sample), blank), encoding="utf-8")
    print(golden_path(sample))
REPORT.write_text(dump(small_report()), encoding="utf-8")
print(REPORT)
figures.FIGURES.write_text(figures.text(), encoding="utf-8")
print(figures.FIGURES)
