"""The catalogue of checks: a module a section, a function a check, one ordered tuple.

A check's function has the name of the check's id, with underscores; it is given a case and yields what it questions,
and what it could not judge. A new check is one function and one line here.

>>> len(IDS) == len(CHECKS), IDS[0]
(True, 'not-on-roster')
"""

from __future__ import annotations

from perdiem_calc.checks import dates, evidence, lodging, mie, programme, rates, transportation
from perdiem_calc.checks.case import Case, Check

__all__ = ["CHECKS", "IDS", "Case", "Check"]

CHECKS: tuple[Check, ...] = (
    programme.not_on_roster,
    programme.wrong_course,
    programme.course_not_completed,
    programme.course_cancelled,
    programme.certificate_missing,
    programme.backfill,
    programme.backfill_unclear,
    programme.prior_course,
    programme.training_deadline_missed,
    programme.claim_late,
    programme.claim_due_soon,
    programme.not_coordinated,
    programme.coordination_undated,
    programme.payee_not_agency,
    programme.registration_not_claimable,
    programme.cap_applied,
    programme.earlier_payment_differs,
    programme.outside_award_period,
    programme.mou_late,
    programme.retention_date,
    programme.identifier_shape,
    dates.extra_night,
    dates.expense_outside_trip,
    dates.date_in_future,
    dates.claim_older_than_a_year,
    dates.personal_day_paid,
    dates.short_trip,
    dates.trips_overlap,
    lodging.lodging_over_ceiling,
    lodging.lodging_night_not_in_trip,
    lodging.lodging_equals_ceiling,
    lodging.lodging_tax_over_share,
    lodging.lodging_tax_high,
    lodging.flat_tax,
    lodging.resort_fee,
    lodging.lodging_claimed_twice,
    lodging.shared_room_split,
    lodging.lodging_type,
    lodging.alternate_locality,
    lodging.above_ceiling_approval,
    lodging.lodging_receipt_missing,
    mie.mie_day_percent,
    mie.furnished_meal_deduction,
    mie.meals_not_answered,
    mie.light_refreshments,
    mie.meal_statement,
    mie.mie_over_paid,
    mie.fiscal_year_return,
    mie.meal_besides_mie,
    mie.incidentals_besides_mie,
    mie.two_methods,
    transportation.miles_over_map,
    transportation.fuel_besides_mileage,
    transportation.agency_vehicle_at_pov_rate,
    transportation.agency_car_assigned,
    transportation.second_payee_vehicle,
    transportation.pov_over_comparable,
    transportation.pov_comparison_missing,
    transportation.fare_class,
    transportation.seat_fee,
    transportation.extra_bag,
    transportation.fare_refunded,
    transportation.rental_justification,
    transportation.rental_insurance,
    transportation.prepaid_fuel,
    transportation.terminal_parking,
    transportation.taxi_to_meals,
    transportation.laundry,
    transportation.not_allowable,
    transportation.return_leg_missing,
    evidence.receipt_missing,
    evidence.receipt_total_differs,
    evidence.ticket_twice,
    evidence.duplicate_document,
    evidence.duplicate_line,
    evidence.claim_resubmitted,
    evidence.credit_applied,
    evidence.other_payer,
    evidence.rate_stale,
    rates.rate_source_failed,
    rates.rate_sources_differ,
    evidence.signature_missing,
    evidence.preparer_is_approver,
    evidence.justification_empty,
    evidence.attachment_missing,
)
"""Every check, in the order of the catalogue."""

IDS: tuple[str, ...] = tuple(check.__name__.replace("_", "-") for check in CHECKS)
"""The ids of the checks, in the same order."""
