"""The catalogue of checks: a module a section, a function a check, one ordered tuple."""
