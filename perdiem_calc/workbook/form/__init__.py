"""The form: every sheet, cell and column, what fills it and what its formulas are."""
