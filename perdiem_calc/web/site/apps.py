"""The one application of the project."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Claims in preparation."""

    name = "perdiem_calc.web.site"
    label = "web"

    def ready(self) -> None:
        """Each session notes when it began."""
        from django.contrib.auth.signals import user_logged_in

        from perdiem_calc.web.site import sessions

        user_logged_in.connect(sessions.begin, dispatch_uid="begin")
