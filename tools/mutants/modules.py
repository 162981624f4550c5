"""What is spoilt, and the tests that must notice: those that are quick and speak of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spoilt:
    """Modules as patterns of file names, and test files; the modules' own doctests belong to them."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


CASES = (
    "tests/rules/test_last_lines.py",
    "tests/rules/test_line_reasons.py",
    "tests/test_cases.py",
    "tests/rules/test_itemize.py",
    "tests/rules/test_expenses.py",
    "tests/test_tricky_trips.py",
)
LAWS = "tests/test_laws.py"
CHECKS = tuple(
    f"tests/checks/test_{section}.py"
    for section in ("dates", "evidence", "lodging", "mie", "award_program", "rates", "transportation")
)

MODULES = {
    "ftr": Spoilt(
        ("perdiem_calc/rules/ftr.py",),
        ("tests/rules/test_ftr.py", *CASES, "tests/checks/test_transportation.py", LAWS),
    ),
    "chp": Spoilt(
        ("perdiem_calc/rules/chp.py",),
        ("tests/rules/test_chp.py", "tests/checks/test_bars.py", *CASES, "tests/checks/test_award_program.py"),
    ),
    "itemizer": Spoilt(
        ("perdiem_calc/rules/itemize.py",),
        (*CASES, "tests/checks/test_rates.py", "tests/checks/test_auditor.py", LAWS),
    ),
    "lines": Spoilt(
        tuple(
            f"perdiem_calc/{part}.py"
            for part in ("claims/trip", *(f"rules/{one}" for one in ("days", "lines", "lodging", "mie", "expenses")))
        ),
        (
            *CASES,
            *CHECKS,
            "tests/claims/test_trip.py",
            "tests/rules/test_days.py",
            "tests/rules/test_lines.py",
            "tests/history/test_claimed.py",
            "tests/claims/test_model.py",
            "tests/claims/test_parsing.py",
        ),
    ),
    "constructive": Spoilt(
        ("perdiem_calc/rules/constructive.py", "perdiem_calc/claims/receipts.py"),
        (*CASES, "tests/claims/test_receipts.py", "tests/rules/test_constructive.py"),
    ),
    "away": Spoilt(
        tuple(f"perdiem_calc/{part}.py" for part in ("rules/away", "rules/legs", "checks/station")),
        (
            "tests/test_cases.py",
            "tests/checks/test_station.py",
            "tests/rules/test_line_reasons.py",
            "tests/checks/test_dates.py",
            "tests/checks/test_lodging.py",
            "tests/checks/test_transportation.py",
            "tests/checks/test_evidence.py",
        ),
    ),
    "checks": Spoilt(
        tuple(f"perdiem_calc/checks/{section}.py" for section in ("evidence", "programme", "transportation")),
        (*CHECKS, "tests/checks/test_others.py", "tests/checks/test_others_worded.py", *CASES[:3]),
    ),
    "claimed": Spoilt(
        ("perdiem_calc/history/conflicts.py",),
        (
            *(f"tests/history/test_{name}.py" for name in ("claimed", "rooms", "bars_by_others")),
            *(f"tests/checks/test_{name}.py" for name in ("others", "others_worded", "bars")),
        ),
    ),
    "shared_limit": Spoilt(
        ("perdiem_calc/history/batch.py",),
        tuple(f"tests/history/test_{name}.py" for name in ("shared_limit", "batch", "bars_by_others", "people")),
    ),
    "places": Spoilt(
        ("perdiem_calc/rates/places/*",),
        ("tests/rates/test_places.py", "tests/rates/test_places_in_words.py", "tests/rates/test_place_names.py"),
    ),
    "estimator": Spoilt(
        ("perdiem_calc/planning/estimator/*",),
        (
            "tests/planning/test_estimator.py",
            "tests/planning/test_estimator_tables.py",
            "tests/planning/test_estimator_summary.py",
            "tests/planning/test_estimator_rows.py",
            "tests/planning/test_column_names.py",
            "tests/test_tricky_trips.py",
        ),
    ),
    "arithmetic": Spoilt(("perdiem_calc/workbook/reading/arithmetic.py",), ("tests/workbook/test_arithmetic.py",)),
    "auditor": Spoilt(
        ("perdiem_calc/checks/auditor.py", "perdiem_calc/review/result.py"),
        ("tests/checks/test_auditor.py", "tests/review/test_result.py", *CHECKS, "tests/checks/test_finding.py"),
    ),
}
