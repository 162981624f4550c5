"""How much the program takes: bounds against slips of the pen, not rules of travel."""

from __future__ import annotations

from datetime import timedelta

LONGEST_TRIP = timedelta(days=366)
"""A longer trip is taken for a wrong year."""
