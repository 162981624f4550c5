"""The report of an audit run as a workbook."""
