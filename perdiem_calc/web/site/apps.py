"""The one application of the project."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Claims in preparation."""

    name = "perdiem_calc.web.site"
    label = "web"
