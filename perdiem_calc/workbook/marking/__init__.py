"""Marked copies of workbooks: findings and comments added, everything else kept."""
