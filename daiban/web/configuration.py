"""Django's settings as a function of the workspace: everything the page keeps stands in it, nothing is set by hand.

``configure`` is called once in a process, before anything of Django is imported that asks for models. What an office
may set itself (names of the server, HTTPS, sizes) stands in ``daiban.toml``, section ``[page]``.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import Any

from tzlocal import get_localzone_name

from daiban.settings import PageSettings
from daiban.workspace import Workspace
from foundation.errors import Problem, UsageError
from foundation.writing import write_atomically, writing

#: What only the page keeps, private to the owner of the workspace.
PRIVATE = Path(".daiban") / "page"
DATABASE = "page.sqlite"
#: The environment's name for a Python module that changes the settings.
ADJUSTED_BY = "DAIBAN_PAGE_SETTINGS"
_HERE = Path(__file__).resolve().parent
_SECRET_BYTES = 50
_SECOND, _MINUTE, _HOUR = 1, 60, 3600
_MEBIBYTE = 1 << 20
#: The doors and what they share, from the ground up.
_APPS = ("layout", "audit", "accounts", "jobs", "api", "pictures", "staff", "clerk", "enterprise")
_SELF = "'self'"


def configure(workspace: Workspace, *, hosts: Collection[str] = ()) -> None:
    """Set Django up for this workspace; a second call for the same one does nothing.

    ``hosts``: further names and addresses by which browsers may call this server.

    :raises NotWritableError: the workspace cannot be written. :raises UsageError: ``DAIBAN_PAGE_SETTINGS`` is wrong.
    """
    import django
    from django.conf import settings

    if settings.configured:
        if workspace.path != settings.DAIBAN_WORKSPACE:
            raise RuntimeError("one process serves one workspace")
        return
    settings.configure(**_adjusted(page_settings(workspace, hosts=hosts)))
    django.setup()


def _adjusted(found: dict[str, Any]) -> dict[str, Any]:
    """As the module named by ``DAIBAN_PAGE_SETTINGS`` changes them, where whoever starts the page names one: logins by
    LDAP or OIDC, which a workspace could not be trusted with.

    :raises UsageError: there is no such module, or it has no function ``adjust``.
    """
    name = os.environ.get(ADJUSTED_BY)
    if not name:
        return found
    try:
        adjust = import_module(name).adjust
    except (ImportError, AttributeError) as error:
        advice = "模块里要有 adjust(settings) 函数，写法见 docs/serving.md"
        raise UsageError(Problem(f"{ADJUSTED_BY}={name}", f"用不了：{error}", advice=advice)) from error
    adjust(found)
    return found


def private_folder(workspace: Path) -> Path:
    """The folder of what only the page keeps, made where it lacks, readable by its owner only."""
    folder = workspace / PRIVATE
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def page_settings(workspace: Workspace, *, hosts: Collection[str] = ()) -> dict[str, Any]:
    """Every setting, by Django's name."""
    private, page = private_folder(workspace.path), workspace.settings.page
    uploads = private / "uploads"
    with writing(uploads):
        uploads.mkdir(mode=0o700, exist_ok=True)
    return {
        "DAIBAN_WORKSPACE": workspace.path,
        "DEBUG": False,
        "SECRET_KEY": _secret(private / "secret"),
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]", *hosts, *page.hosts],
        "ROOT_URLCONF": "daiban.web.urls",
        "INSTALLED_APPS": [
            *(f"daiban.web.{name}" for name in _APPS),
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django.forms",
            "axes",
            "django_tasks",
            "django_tasks_db",
            "rest_framework_api_key",
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "csp.middleware.CSPMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "daiban.web.layout.sizes.UploadSizeMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "daiban.web.layout.page_words.PageWordsMiddleware",
            "daiban.web.access.AccessMiddleware",
            "daiban.web.layout.failures.FailureMiddleware",
            "axes.middleware.AxesMiddleware",
        ],
        "TEMPLATES": [_templates()],
        "FORM_RENDERER": "django.forms.renderers.TemplatesSetting",
        "DATABASES": {"default": _database(workspace.path / DATABASE)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        "TASKS": {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
        "LANGUAGE_CODE": "zh-hans",
        "TIME_ZONE": get_localzone_name(),  # the machine's, as the command line and all reports have it
        "USE_TZ": True,
        "STATIC_URL": "/static/",
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "daiban.web.layout.static_files.DigestedStaticFiles"},
        },
        # One process answers, so its own memory is all that rates need to be counted in.
        "SILENCED_SYSTEM_CHECKS": ["django_ratelimit.E003", "django_ratelimit.W001"],
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_MAX_AGE": 30 * 24 * _HOUR,
        "LOGGING": _logging(),
        **_account_settings(),
        **_upload_settings(uploads, page),
        **_security_settings(page),
    }


def _secret(file: Path) -> str:
    """The key that signs sessions, made once."""
    if not file.is_file():
        from django.utils.crypto import get_random_string

        with writing(file):
            write_atomically(get_random_string(_SECRET_BYTES).encode("ascii"), file)
            file.chmod(0o600)
    return file.read_text("ascii")


def _templates() -> dict[str, Any]:
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "daiban.web.layout.navigation.navigation",
            ],
            "builtins": ["daiban.web.layout.templatetags.daiban"],
        },
    }


def _database(file: Path) -> dict[str, Any]:
    """SQLite in WAL: who reads never waits, and a job that writes its progress holds nobody up."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


def _account_settings() -> dict[str, Any]:
    validation = "django.contrib.auth.password_validation"
    return {
        "AUTH_USER_MODEL": "accounts.Account",
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            "django.contrib.auth.backends.ModelBackend",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{validation}.UserAttributeSimilarityValidator"},
            {"NAME": f"{validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
            {"NAME": f"{validation}.CommonPasswordValidator"},
            {"NAME": f"{validation}.NumericPasswordValidator"},
        ],
        "LOGIN_URL": "accounts:login",
        "LOGIN_REDIRECT_URL": "home",
        "LOGOUT_REDIRECT_URL": "accounts:login",
        "AXES_FAILURE_LIMIT": 5,
        "AXES_COOLOFF_TIME": 0.5,  # hours
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_LOCKOUT_CALLABLE": "daiban.web.layout.failures.locked_out",
        "AXES_IPWARE_PROXY_COUNT": None,
        "AXES_CLIENT_IP_CALLABLE": "daiban.web.access.address_of",
        "AXES_VERBOSE": False,
        "AXES_ENABLE_ADMIN": False,
    }


def _upload_settings(uploads: Path, page: PageSettings) -> dict[str, Any]:
    return {
        "FILE_UPLOAD_TEMP_DIR": str(uploads),
        "FILE_UPLOAD_PERMISSIONS": 0o600,
        "FILE_UPLOAD_MAX_MEMORY_SIZE": _MEBIBYTE,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 4 * _MEBIBYTE,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 5000,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 500,
        "DAIBAN_UPLOAD_BYTES": page.upload_mb * _MEBIBYTE,
    }


def _security_settings(page: PageSettings) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_AGE": 12 * _HOUR,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": page.https,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_SECURE": page.https,
        "CSRF_FAILURE_VIEW": "daiban.web.layout.failures.csrf_failed",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "SECURE_HSTS_SECONDS": 180 * 24 * _HOUR if page.https else 0,
        "X_FRAME_OPTIONS": "DENY",
        "CONTENT_SECURITY_POLICY": {
            "DIRECTIVES": {
                "default-src": ["'none'"],
                "script-src": [_SELF],
                "style-src": [_SELF],
                "img-src": [_SELF, "blob:"],
                "font-src": [_SELF],
                "connect-src": [_SELF],
                "form-action": [_SELF],
                "base-uri": ["'none'"],
                "frame-ancestors": ["'none'"],
            }
        },
    }


def _logging() -> dict[str, Any]:
    """What goes wrong, on stderr, with personal data masked."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"mask": {"()": "daiban.web.layout.masking.MaskPersonalData"}},
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "filters": ["mask"], "formatter": "plain"},
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "waitress.queue": {"level": "ERROR"},  # that requests wait for a thread is no event
        },
    }
