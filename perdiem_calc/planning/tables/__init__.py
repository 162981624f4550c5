"""Tables of trips on disk, as CSV, Parquet or Excel: read block by block, written complete or not at all.

A block is a pandas table of some ten thousand rows, so that a file of any length passes through a bounded memory.
With `pyarrow` (the extra `analysis`) CSV is read and written at its speed, and Parquet is possible at all.
"""

from __future__ import annotations

from perdiem_calc.planning.tables.read import TripTable, open_trips
from perdiem_calc.planning.tables.text import harmless, money_texts
from perdiem_calc.planning.tables.write import TableWriter, open_writer, replacing

__all__ = [
    "TableWriter",
    "TripTable",
    "harmless",
    "money_texts",
    "open_trips",
    "open_writer",
    "replacing",
]
