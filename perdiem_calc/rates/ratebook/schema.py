"""What the compiler of the ratebook and its reader must agree on."""

from __future__ import annotations

SCHEMA_VERSION = 4
COMPILED = "ratebook.sqlite"

# The kinds of `places.Fact`, stored by position: the first three name a locality, the others lie in a county.
KINDS = ("destination", "carve_in", "excluded", "place", "town", "alias", "county")
