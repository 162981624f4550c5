"""Estimates of what is planned: trips in tables, course sites, budgets, forecasts."""
