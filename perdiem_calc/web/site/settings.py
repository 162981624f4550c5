"""Django's settings, in one place: `configure` sets them for the folder where one installation keeps its data."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from perdiem_calc.errors import InputError, OutputError

HERE = Path(__file__).parent
PRIVATE = 0o700
LARGEST_FILE, LARGEST_POST, MOST_FILES = 10 << 20, 100 << 20, 50
QUOTA = 500 << 20
"""Bytes that all uploads together may take."""
SESSION_DAYS = 7
"""How long the cookie of one's own computer lasts."""
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=8)
"""When a session of an office server ends: so long after the last request, and so long after signing in."""
REMEMBERED = timedelta(days=1)
"""How long an ended session is still known, so that what its user typed is not lost."""
FAILURES, LOCKED = 5, timedelta(minutes=15)
"""So many wrong passwords lock a name for one address, and for how long."""
INVITED = timedelta(days=3)
"""How long a link to choose a password works."""
SHORTEST_PASSWORD = 12
HSTS_SECONDS = 365 * 24 * 3600
DATABASE = "PERDIEM_WEB_DATABASE"
_SERVERS = {"postgresql", "postgres"}
_SERVER_SETTINGS = {"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"}


@dataclass(frozen=True, slots=True)
class Serving:
    """How this server was started: the data folder, the day that counts as today (None: the real one), the rates.

    On an office server (`is_office`) people sign in; on one's own computer one person prepares, reviews and pays.
    `bind` is the address it listens on, `hosts` are the names under which it is reached, and `proxy` is the address
    of the proxy that encrypts; without one nothing is encrypted. `server` is the URL of a PostgreSQL database.
    `ledger` is where the money is on record: a file or a URL; without it a file in the data folder.
    """

    data: Path
    day: date | None = None
    source: str = "auto"
    is_office: bool = False
    ledger: str | None = None
    bind: str = "127.0.0.1"
    hosts: tuple[str, ...] = ()
    proxy: str = ""
    server: str = field(default="", repr=False)

    @property
    def is_insecure(self) -> bool:
        """Whether passwords and claims cross the network as anyone there can read them."""
        return self.is_office and not self.proxy

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

    if settings.configured and serving == settings.SERVING:
        return
    prepare(serving.data)
    settings.configure(**values(serving, secret_of(serving.data)))
    django.setup()


def server_settings(url: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL database. Raises InputError, which never quotes the URL: it has a password.

    >>> found = server_settings("postgresql://ann:s%40fe@db.example:5433/claims?sslmode=require")
    >>> found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"], found["OPTIONS"]
    ('ann', 's@fe', 'db.example', '5433', 'claims', {'sslmode': 'require'})
    """
    fix = "write it like postgresql://user@host/database"
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        port = str(parts.port or "")
    except ValueError:
        raise InputError("web.database.invalid", "cannot be read as a URL", where="--database", fix=fix) from None
    if parts.scheme not in _SERVERS or len(parts.path) < len("/x"):
        what = "names no PostgreSQL database"
        raise InputError("web.database.kind-unknown", what, where="--database", fix=fix)
    if unknown := sorted(set(options) - _SERVER_SETTINGS):
        what, fix = f"takes no setting {unknown[0][:20]!r}", f"possible: {', '.join(sorted(_SERVER_SETTINGS))}"
        raise InputError("web.database.settings", what, where="--database", fix=fix)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", port),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def office_values(serving: Serving, name: str) -> dict[str, Any]:
    """The settings in which an office server differs; `name` is in the names of its cookies."""
    secure = not serving.is_insecure
    # The browser takes a cookie of this name from an encrypted page of this host alone.
    prefix = "__Host-" if secure else ""
    return {
        "SERVING": serving,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", serving.bind, *serving.hosts],
        "AXES_ENABLED": True,
        "SESSION_COOKIE_NAME": f"{prefix}perdiem-{name}",
        "SESSION_COOKIE_AGE": int(REMEMBERED.total_seconds()),
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_NAME": f"{prefix}perdiem-form-{name}",
        "CSRF_COOKIE_SECURE": secure,
        "SECURE_SSL_REDIRECT": secure,
        "SECURE_HSTS_SECONDS": HSTS_SECONDS if secure else 0,
    }


def values(serving: Serving, secret: str) -> dict[str, Any]:
    """The settings by name."""
    name = hashlib.sha256(f"cookie {secret}".encode()).hexdigest()[:12]
    return _own_values(serving, secret, name) | (office_values(serving, name) if serving.is_office else {})


def _own_values(serving: Serving, secret: str, name: str) -> dict[str, Any]:
    from csp.constants import NONE, SELF

    validators = "django.contrib.auth.password_validation"
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
            "axes",
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
            "perdiem_calc.web.site.sessions.Sessions",
            "perdiem_calc.web.site.middleware.ClosedUnlessOpened",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "axes.middleware.AxesMiddleware",
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
                        "perdiem_calc.web.site.navigation.navigation",
                    ],
                },
            }
        ],
        "DATABASES": {
            "default": server_settings(serving.server)
            if serving.server
            else {
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
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            "django.contrib.auth.backends.ModelBackend",
        ],
        "PASSWORD_HASHERS": ["perdiem_calc.web.site.hashing.Argon2"],
        "PASSWORD_RESET_TIMEOUT": int(INVITED.total_seconds()),
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{validators}.UserAttributeSimilarityValidator"},
            {"NAME": f"{validators}.MinimumLengthValidator", "OPTIONS": {"min_length": SHORTEST_PASSWORD}},
            {"NAME": f"{validators}.CommonPasswordValidator"},
            {"NAME": f"{validators}.NumericPasswordValidator"},
        ],
        "LOGIN_URL": "sign_in",
        "LOGOUT_REDIRECT_URL": "signed_out",
        "AXES_ENABLED": False,
        "AXES_VERBOSE": False,
        "AXES_FAILURE_LIMIT": FAILURES,
        "AXES_COOLOFF_TIME": LOCKED,
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
        "AXES_DISABLE_ACCESS_LOG": True,
        "AXES_ENABLE_ADMIN": False,
        "AXES_CLIENT_IP_CALLABLE": "perdiem_calc.web.site.sessions.address_of",
        "AXES_LOCKOUT_CALLABLE": "perdiem_calc.web.site.views.signing.locked",
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
