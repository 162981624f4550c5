"""The few static files there are: our style sheet and script, and htmx as django-htmx ships it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from perdiem_calc.web.site.settings import HERE

OWN = HERE / "static"
HTMX = "django_htmx/htmx-2.min.js"


class Finder(BaseFinder):
    """Finds them for Django's collection of static files."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing of it can be set up wrongly."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """A file by its name."""
        found = [Path(storage.path(name)) for name, storage in self.list(None) if name == path]
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every file."""
        own = FileSystemStorage(location=OWN)
        for file in sorted(OWN.rglob("*.*")):
            yield file.relative_to(OWN).as_posix(), own
        yield HTMX, FileSystemStorage(location=str(files("django_htmx") / "static"))
