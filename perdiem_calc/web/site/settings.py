"""Django's settings, in one place: `configure` sets them for the folder where one installation keeps its data."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from perdiem_calc.errors import OutputError

HERE = Path(__file__).parent
PRIVATE = 0o700
LARGEST_FILE, LARGEST_POST, MOST_FILES = 10 << 20, 100 << 20, 50
QUOTA = 500 << 20
"""Bytes that all uploads together may take."""
SESSION_DAYS = 7


@dataclass(frozen=True, slots=True)
class Serving:
    """How this server was started: the data folder, the day that counts as today (None: the real one), the rates.

    On an office server (`is_office`) people sign in; on one's own computer one person has every role. `ledger` is
    where the money is on record: a file or a URL; without it a file in the data folder.
    """

    data: Path
    day: date | None = None
    source: str = "auto"
    is_office: bool = False
    ledger: str | None = None

    @property
    def database(self) -> Path:
        """The file with drafts."""
        return self.data / "web.sqlite"

    @property
    def ledger_place(self) -> str:
        """The ledger's file or URL."""
        return self.ledger or str(self.data / "ledger.sqlite")

    @property
    def inbox(self) -> Path:
        """The folder of what was sent for review."""
        return self.data / "inbox"

    @property
    def uploads(self) -> Path:
        """The folder of documents that were attached."""
        return self.data / "documents"


def prepare(data: Path) -> None:
    """Make the data folder, for its owner alone. Raises OutputError where that is impossible."""
    try:
        data.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        if os.name == "posix":
            data.chmod(PRIVATE)
        for name in ("documents", "inbox"):
            (data / name).mkdir(mode=PRIVATE, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "web.data.unusable",
            f"the data folder cannot be used ({error.strerror})",
            where=str(data),
            fix="name another with --data",
        ) from None


def secret_of(data: Path) -> str:
    """The key of this installation, made on first use and readable by its owner alone."""
    file = data / "key"
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text(encoding="ascii")


def configure(serving: Serving) -> None:
    """Set Django up. Once in a process."""
    import django
    from django.conf import settings

    prepare(serving.data)
    settings.configure(**values(serving, secret_of(serving.data)))
    django.setup()


def values(serving: Serving, secret: str) -> dict[str, Any]:
    """The settings by name."""
    from csp.constants import NONE, SELF

    name = hashlib.sha256(f"cookie {secret}".encode()).hexdigest()[:12]
    return {
        "SERVING": serving,
        "SECRET_KEY": secret,
        "DEBUG": False,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
        "ROOT_URLCONF": "perdiem_calc.web.site.urls",
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "csp",
            "django_htmx",
            "perdiem_calc.web.site.apps.WebConfig",
        ],
        "MIDDLEWARE": [
            "perdiem_calc.web.site.middleware.Outermost",
            "csp.middleware.CSPMiddleware",
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "perdiem_calc.web.site.middleware.SizeLimit",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "perdiem_calc.web.site.middleware.ClosedUnlessOpened",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "templates"],
                "OPTIONS": {
                    "builtins": ["perdiem_calc.web.site.tags"],
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.messages.context_processors.messages",
                    ],
                },
            }
        ],
        "DATABASES": {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": serving.database,
                "CONN_MAX_AGE": None,
                "OPTIONS": {
                    "timeout": 20,
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
                },
            }
        },
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "STATIC_URL": "static/",
        "STATIC_ROOT": serving.data / "static",
        "STATICFILES_FINDERS": ["perdiem_calc.web.site.assets.Finder"],
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        },
        "WHITENOISE_MAX_AGE": 3600,
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        "SESSION_COOKIE_NAME": f"perdiem-{name}",
        "SESSION_COOKIE_AGE": SESSION_DAYS * 24 * 3600,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_NAME": f"perdiem-form-{name}",
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_FAILURE_VIEW": "perdiem_calc.web.site.views.common.forbidden",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "SECURE_REFERRER_POLICY": "same-origin",
        "CONTENT_SECURITY_POLICY": {
            "DIRECTIVES": {
                "default-src": [NONE],
                "script-src": [SELF],
                "style-src": [SELF],
                "img-src": [SELF],
                "font-src": [SELF],
                "connect-src": [SELF],
                "form-action": [SELF],
                "frame-ancestors": [NONE],
                "base-uri": [NONE],
            }
        },
        "DATA_UPLOAD_MAX_MEMORY_SIZE": LARGEST_FILE,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 4000,
        "DATA_UPLOAD_MAX_NUMBER_FILES": MOST_FILES,
        "FILE_UPLOAD_MAX_MEMORY_SIZE": 1 << 20,
        "FILE_UPLOAD_TEMP_DIR": serving.data,
        "FILE_UPLOAD_PERMISSIONS": 0o600,
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "USE_I18N": False,
        "LOGGING_CONFIG": None,
        "SILENCED_SYSTEM_CHECKS": ["urls.W002"],
    }
