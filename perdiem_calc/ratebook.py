"""The published name of the rate book: `from perdiem_calc.ratebook import Ratebook`."""

from perdiem_calc.rates.ratebook import Ratebook

__all__ = ["Ratebook"]
