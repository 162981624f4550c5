"""The Defense Department's OCONUS rates: Alaska, Hawaii, Puerto Rico, Guam, the Virgin Islands, American Samoa and
the Northern Marianas, from the files of its Defense Travel Management Office (DTMO).

`files` reads a file, `store` keeps what it states in the user's data folder, `names` has the names of places, `book`
answers with them all.
"""

from __future__ import annotations

from perdiem_calc.rates.dtmo.book import OconusBook
from perdiem_calc.rates.dtmo.files import RateFile, Season, read_file
from perdiem_calc.rates.dtmo.names import OtherNames, read_names
from perdiem_calc.rates.dtmo.store import Imported, import_file, import_meals, read_imports, read_meals

__all__ = [
    "Imported",
    "OconusBook",
    "OtherNames",
    "RateFile",
    "Season",
    "import_file",
    "import_meals",
    "read_file",
    "read_imports",
    "read_meals",
    "read_names",
]
