"""The tests of perdiem_calc."""
