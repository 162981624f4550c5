"""Comparing what a workbook shows with what the program computes."""
