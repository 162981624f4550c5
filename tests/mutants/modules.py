"""What is spoilt, and the tests that must notice: those that are quick and speak of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spoilt:
    """Modules as patterns of file names, and test files; the modules' own doctests belong to them."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


CASES = (
    "tests/test_last_lines.py",
    "tests/test_line_reasons.py",
    "tests/test_cases.py",
    "tests/test_itemizer.py",
    "tests/test_expense_lines.py",
    "tests/test_tricky_trips.py",
)
LAWS = "tests/test_laws.py"
CHECKS = tuple(
    f"tests/test_checks_{section}.py"
    for section in ("dates", "evidence", "lodging", "mie", "programme", "rates", "transportation")
)

MODULES = {
    "ftr": Spoilt(
        ("perdiem_calc/rules/ftr.py",), ("tests/test_ftr.py", *CASES, "tests/test_checks_transportation.py", LAWS)
    ),
    "chp": Spoilt(
        ("perdiem_calc/rules/chp.py",),
        ("tests/test_chp.py", "tests/test_bars.py", *CASES, "tests/test_checks_programme.py"),
    ),
    "itemizer": Spoilt(
        ("perdiem_calc/rules/itemize.py",), (*CASES, "tests/test_checks_rates.py", "tests/test_auditor.py", LAWS)
    ),
    "lines": Spoilt(
        tuple(
            f"perdiem_calc/{part}.py"
            for part in ("claims/trip", *(f"rules/{one}" for one in ("days", "lines", "lodging", "mie", "expenses")))
        ),
        (
            *CASES,
            *CHECKS,
            "tests/test_trip.py",
            "tests/test_days.py",
            "tests/test_lines.py",
            "tests/test_claimed.py",
            "tests/test_claim.py",
            "tests/test_claim_refusals.py",
        ),
    ),
    "constructive": Spoilt(
        ("perdiem_calc/rules/constructive.py", "perdiem_calc/claims/receipts.py"),
        (*CASES, "tests/test_receipts.py", "tests/test_constructive.py"),
    ),
    "away": Spoilt(
        tuple(f"perdiem_calc/{part}.py" for part in ("rules/away", "rules/legs", "checks/station")),
        (
            "tests/test_cases.py",
            "tests/test_station.py",
            "tests/test_line_reasons.py",
            "tests/test_checks_dates.py",
            "tests/test_checks_lodging.py",
            "tests/test_checks_transportation.py",
        ),
    ),
    "claimed": Spoilt(("perdiem_calc/history/conflicts.py",), ("tests/test_claimed.py",)),
    "shared_limit": Spoilt(
        ("perdiem_calc/history/batch.py",), ("tests/test_shared_limit.py", "tests/test_recording.py")
    ),
    "places": Spoilt(
        ("perdiem_calc/rates/places/*",),
        ("tests/test_places.py", "tests/test_places_in_words.py", "tests/test_place_names.py"),
    ),
    "estimator": Spoilt(
        ("perdiem_calc/planning/estimator/*",),
        (
            "tests/test_estimator.py",
            "tests/test_estimator_tables.py",
            "tests/test_estimator_summary.py",
            "tests/test_estimator_rows.py",
            "tests/test_column_names.py",
            "tests/test_tricky_trips.py",
        ),
    ),
    "arithmetic": Spoilt(("perdiem_calc/workbook/reading/arithmetic.py",), ("tests/test_arithmetic.py",)),
    "auditor": Spoilt(
        ("perdiem_calc/checks/auditor.py", "perdiem_calc/review/result.py"),
        ("tests/test_auditor.py", "tests/test_audited.py", *CHECKS, "tests/test_findings.py"),
    ),
}
