"""All settings. Every environment variable is read and typed here.

`OFFICEFLOW_MODE` is `production` (the default), `local` (the one-command office) or `test`.
Production refuses to start without a secret key, allowed hosts, a database and a broker.
"""

import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from officeflow.api.conf import REST_KNOX, SPECTACULAR_SETTINGS, rest_framework  # noqa: F401
from officeflow.broker_address import celery_address
from officeflow.formats.languages import translated, with_regions
from officeflow.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("OFFICEFLOW_MODE", default="production")
if MODE not in {"production", "local", "test"}:
    raise ImproperlyConfigured(
        f"OFFICEFLOW_MODE is {MODE!r}; it must be production, local or test."
    )
PRODUCTION = MODE == "production"
LOGGING = logging_config(env.str("LOG_LEVEL", default="INFO"), as_json=PRODUCTION)


def required(name: str, why: str) -> str:
    """Returns an environment variable that has no default.

    Raises `ImproperlyConfigured` with `why` when it is missing or empty.
    """
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set: {why} (for the one-command office use `make run` "
            "and `make manage ARGS='…'`, which set it)."
        )
    return value


VAR_DIR = Path(env.str("OFFICEFLOW_VAR", default=str(BASE_DIR / "var")))

# --- security -------------------------------------------------------------------------------
SECRET_KEY = required("SECRET_KEY", "give it 50 or more random characters")
# Earlier keys, with which drafts and signed texts can still be read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if PRODUCTION and (len(SECRET_KEY) < 40 or len(set(SECRET_KEY)) < 12):
    raise ImproperlyConfigured(
        "SECRET_KEY is weak: whoever guesses it can sign in as anybody. Give it 50 or more random "
        "characters: python3 -c 'import secrets; print(secrets.token_urlsafe(50))' prints some."
    )
ALLOWED_HOSTS = [
    host.strip()
    for host in required(
        "ALLOWED_HOSTS", "name the hosts of this office, separated by commas"
    ).split(",")
    if host.strip()
]
DEBUG = False
# The office's address, such as https://office.example, with which links in messages begin.
OFFICE_ADDRESS = env.str("OFFICE_ADDRESS", default="")

CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
# Preloading cannot be taken back for months, so an office has to ask for it, and the deployment
# check (W021) does not. TEMPLATES has our own library i18n in the place of Django's (W003).
SECURE_HSTS_PRELOAD = PRODUCTION and env.bool("SECURE_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W021", "templates.W003"]
# The number of proxies before the office; each adds one address to X-Forwarded-For. Without it
# everybody would have the proxy's address, and one stranger could lock everybody out.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
if PROXY_COUNT < 0:
    raise ImproperlyConfigured("PROXY_COUNT is negative: give the number of proxies, such as 1.")
if env.bool("BEHIND_PROXY", default=False) and not PROXY_COUNT:
    raise ImproperlyConfigured(
        "BEHIND_PROXY has been replaced: set PROXY_COUNT to the number of proxies before the "
        "office, such as PROXY_COUNT=1 for one that ends TLS."
    )
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "officeflow.staff.session_store"
# A session ends this long after the sign-in, however often it is used.
SESSION_COOKIE_AGE = 60 * 60 * env.int("SESSION_HOURS", default=12)
SESSION_COOKIE_HTTPONLY = True
# A session that nobody uses ends; a page that refreshes itself does not count as use.
SESSION_IDLE_SECONDS = 60 * env.int("SESSION_IDLE_MINUTES", default=120)
if PRODUCTION:  # cookies that no other host of the domain can set
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
# Devices at which somebody has signed in are not locked out with the rest of their network.
DEVICE_COOKIE_NAME = "__Host-device" if PRODUCTION else "device"
# An order with the maximum of 500 lines is sent in one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# The texts of a form together, so that a field that is too long is named beside itself.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- the office -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "pgtrigger",
    "rest_framework",
    "officeflow.ui",
    "officeflow.local",
    "officeflow.audit",
    "officeflow.idempotency",
    "officeflow.company",
    "officeflow.rollups",
    "officeflow.staff",
    "officeflow.second_factor",
    "officeflow.imports",
    "officeflow.catalogue",
    "officeflow.handoff",
    "officeflow.attachments",
    "officeflow.mail",
    "officeflow.drafts",
    "officeflow.notifications",
    "frontdesk",
    "backoffice.tickets",
    "backoffice.fulfilment",
    "backoffice.accounting",
    "backoffice.hr",
    "officeflow.dashboards",
    # Last, after every other app has registered its links on the administration page.
    "officeflow.administration",
]

MIDDLEWARE = [
    "officeflow.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "officeflow.ui.control_characters.ControlCharacterMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "officeflow.body_limits.BodyLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "officeflow.company.middleware.OfficeMiddleware",
    "officeflow.staff.middleware.AccountMiddleware",
    "officeflow.administration.middleware.SetUpMiddleware",
    "officeflow.second_factor.sessions.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "officeflow.api.error_handlers.MethodNotAllowedMiddleware",
    "officeflow.ui.invalid_forms.InvalidFormMiddleware",
    "officeflow.drafts.middleware.DraftMiddleware",
]

ROOT_URLCONF = "officeflow.urls"
WSGI_APPLICATION = "officeflow.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "officeflow.company.context.office",
                "officeflow.ui.context.navigation",
            ],
            "builtins": [
                # Forms carry their author beside the CSRF token.
                "officeflow.staff.templatetags.form_author",
                "officeflow.ui.templatetags.quick_urls",
            ],
            "libraries": {"i18n": "officeflow.ui.templatetags.quick_i18n"},
        },
    }
]

FORM_RENDERER = "officeflow.ui.form_renderer.FormRenderer"

LOCAL_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": LOCAL_MEMORY},
    # Parts of pages that are the same until the process ends.
    "fragments": {"BACKEND": LOCAL_MEMORY, "LOCATION": "fragments", "TIMEOUT": None},
}

# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    "officeflow.staff.lockout.AddressLockout",
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    # It judges length, digits, breached passwords and own words, each in the words of our pages.
    {"NAME": "officeflow.staff.password_rules.PasswordValidator"},
    {"NAME": "officeflow.staff.passwords.EndsTokens"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "staff:sign-in"
CSRF_FAILURE_VIEW = "officeflow.staff.views.session.form_key_refused"
LOGIN_REDIRECT_URL = "staff:home"
LOGOUT_REDIRECT_URL = "staff:sign-in"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds

# By user name and address together, so that nobody can lock out a person at another address.
AXES_FAILURE_LIMIT = env.int("AXES_FAILURE_LIMIT", default=6)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
# From this many user names with failures an address is locked out; colleagues can share one.
SPRAYING_LIMIT = env.int("SPRAYING_LIMIT", default=20)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "officeflow.staff.lockout.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "officeflow.staff.callers.counted_address"
AXES_USERNAME_CALLABLE = "officeflow.staff.user_names.counted_name"
# The bearer token of /metrics; without one only this machine may read it.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- database -------------------------------------------------------------------------------
DATABASE_URL = required("DATABASE_URL", "the PostgreSQL server, as postgres://user@host/name")
try:
    DATABASE: dict[str, Any] = env.db_url_config(DATABASE_URL)
except (ValueError, ImproperlyConfigured) as error:
    raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
DATABASE_OPTIONS = DATABASE.setdefault("OPTIONS", {})
if socket_dir := DATABASE_OPTIONS.pop("host", None):  # postgres:///name?host=/folder&user=…
    DATABASE["HOST"] = socket_dir
if "user" in DATABASE_OPTIONS:
    DATABASE["USER"] = DATABASE_OPTIONS.pop("user")
DATABASE_OPTIONS.setdefault("connect_timeout", 5)
DATABASE_OPTIONS.setdefault("application_name", "officeflow")
# A machine that vanished closes no connection. The kernel probes after 5 s of silence and gives up
# 6 s later. TCP only; `idle` and `interval` in seconds, `tcp_user_timeout` in milliseconds.
KEEPALIVE = {"idle": 5, "interval": 2, "count": 3}
DATABASE_OPTIONS |= {f"keepalives_{name}": n for name, n in KEEPALIVE.items()} | DATABASE_OPTIONS
DATABASE_OPTIONS.setdefault("tcp_user_timeout", 10_000)
if MODE == "test":  # lets tests truncate the audit trail
    DATABASE_OPTIONS["options"] = "-c officeflow.allow_truncate=test"
# Limits of database statements in web processes, in seconds; 0 is without limit. A request beyond
# them is answered with 503. See docs/operations.md.
WEB_LIMITS = {
    "lock_timeout": env.float("WEB_LOCK_SECONDS", default=5.0),
    "statement_timeout": env.float("WEB_STATEMENT_SECONDS", default=30.0),
    "idle_in_transaction_session_timeout": env.float("WEB_IDLE_SECONDS", default=15.0),
}
if env.str("OFFICEFLOW_PART", default="") == "web":
    DATABASE_OPTIONS["options"] = " ".join(
        [DATABASE_OPTIONS.get("options", "")]
        + [f"-c {name}={seconds * 1000:.0f}" for name, seconds in WEB_LIMITS.items()]
    ).strip()
DATABASE |= {
    "ENGINE": "officeflow.postgres",
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=300),
    # Without the check a restart of PostgreSQL causes one error page for each thread.
    "CONN_HEALTH_CHECKS": True,
    # PgBouncer in transaction mode keeps no cursor between statements.
    "DISABLE_SERVER_SIDE_CURSORS": True,
}
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- broker and workers ---------------------------------------------------------------------
REDIS_URL = required("REDIS_URL", "the broker, as redis://host or redis+socket:///path")
try:
    CELERY_BROKER_URL, WATCHED_OPTIONS = celery_address(REDIS_URL)
except ValueError as error:
    raise ImproperlyConfigured(f"REDIS_URL cannot be read: {error}") from error
CELERY_WORKER_POOL = "solo"  # a worker is one process; any number can run
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_DB_REUSE_MAX = 1_000_000  # health-checked before each task in officeflow.celery
CELERY_TASK_DEFAULT_QUEUE = "frontdesk"
CELERY_TASK_CREATE_MISSING_QUEUES = True
# The shortest visibility timeout on a broker applies to all its queues, so there is only one.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 10,
    "health_check_interval": 5,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    # As for the database, where the operating system supports the option.
    "socket_keepalive_options": {
        getattr(socket, f"TCP_{option}"): figure
        for option, figure in zip(
            ("KEEPIDLE", "KEEPINTVL", "KEEPCNT", "USER_TIMEOUT"),
            (*KEEPALIVE.values(), 10_000),
            strict=True,
        )
        if hasattr(socket, f"TCP_{option}")
    },
    **WATCHED_OPTIONS,
}

# --- the hand-offs (docs/handoff.md) ----------------------------------------------------------
HANDOFF_MAX_ATTEMPTS = env.int("HANDOFF_MAX_ATTEMPTS", default=6)
HANDOFF_LEASE_SECONDS = env.float("HANDOFF_LEASE_SECONDS", default=15.0)
HANDOFF_FRESH_SECONDS = env.float("HANDOFF_FRESH_SECONDS", default=2.0)
HANDOFF_BACKOFF_SECONDS = env.float("HANDOFF_BACKOFF_SECONDS", default=2.0)
HANDOFF_BACKOFF_MAX_SECONDS = env.float("HANDOFF_BACKOFF_MAX_SECONDS", default=300.0)
HANDOFF_SWEEP_SECONDS = env.float("HANDOFF_SWEEP_SECONDS", default=1.0)
HANDOFF_FALLBACK_SECONDS = env.float("HANDOFF_FALLBACK_SECONDS", default=5.0)
HANDOFF_BREAKER_SECONDS = env.float("HANDOFF_BREAKER_SECONDS", default=3.0)
HANDOFF_PUBLISH_TIMEOUT_SECONDS = env.float("HANDOFF_PUBLISH_TIMEOUT_SECONDS", default=0.25)
# A hand-off that waits longer is stuck: the dashboard says so, and managers are notified.
HANDOFF_STUCK_SECONDS = env.float("HANDOFF_STUCK_SECONDS", default=300.0)
HANDOFF_LEFT_SECONDS = env.float("HANDOFF_LEFT_SECONDS", default=3600.0)
HANDOFF_CHECKPOINT_SECONDS = env.float("HANDOFF_CHECKPOINT_SECONDS", default=3600.0)
HANDOFF_KEEP_DAYS = env.float("HANDOFF_KEEP_DAYS", default=0.0)  # 0: all are kept
# A worker that hangs longer is ended (officeflow.watchdog): five seconds for hand-offs, and the
# time that PostgreSQL allows the last of them.
WORKER_TIME_LIMIT_SECONDS = 5 + 2 * HANDOFF_LEASE_SECONDS

# --- drafts (docs/operations.md) --------------------------------------------------------------
DRAFT_KEEP_DAYS = env.float("DRAFT_KEEP_DAYS", default=14.0)  # after the last change

# --- mail (docs/operations.md) ----------------------------------------------------------------
# smtp: messages are sent. mailbox: they are only stored, for the mailbox page. off: none are made.
EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_MODE = "smtp" if EMAIL_URL else "mailbox" if MODE == "local" else "off"
if EMAIL_URL:
    try:
        MAIL_SERVER: dict[str, Any] = env.email_url_config(EMAIL_URL)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"EMAIL_URL cannot be read: {error}") from error
    EMAIL_BACKEND = MAIL_SERVER["EMAIL_BACKEND"]
    EMAIL_HOST = MAIL_SERVER["EMAIL_HOST"] or "localhost"
    EMAIL_HOST_USER = MAIL_SERVER["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD = MAIL_SERVER["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS = bool(MAIL_SERVER.get("EMAIL_USE_TLS"))
    EMAIL_USE_SSL = bool(MAIL_SERVER.get("EMAIL_USE_SSL"))
    EMAIL_PORT = MAIL_SERVER["EMAIL_PORT"] or (
        465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25
    )
    DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="") or EMAIL_HOST_USER
    if "@" not in DEFAULT_FROM_EMAIL:
        raise ImproperlyConfigured(
            "MAIL_FROM is not set: set the sender's address, because the user name of EMAIL_URL "
            "is not an e-mail address."
        )
else:
    EMAIL_BACKEND = (
        "officeflow.mail.backends.MailboxBackend"
        if MAIL_MODE == "mailbox"
        else "django.core.mail.backends.dummy.EmailBackend"
    )
    DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="") or "office@localhost"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 8  # seconds for each exchange with the mail server
# About four hours: 15 s after the first failure, doubling up to an hour.
MAIL_MAX_ATTEMPTS = env.int("MAIL_MAX_ATTEMPTS", default=12)
MAIL_BACKOFF_SECONDS = env.float("MAIL_BACKOFF_SECONDS", default=15.0)
MAIL_BACKOFF_MAX_SECONDS = env.float("MAIL_BACKOFF_MAX_SECONDS", default=3600.0)

# --- language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "officeflow" / "locale"]
TEXT_LANGUAGES = translated(LOCALE_PATHS[0])
LANGUAGES = with_regions(TEXT_LANGUAGES)
USE_TZ = True
TIME_ZONE = "UTC"  # storage; the office's own zone is activated for each request
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["officeflow.formats"]

# --- files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "officeflow" / "static"]
# Uploaded files: outside every folder that the web server publishes, and part of the backup.
OFFICE_FILES_DIR = Path(env.str("OFFICEFLOW_FILES", default=str(VAR_DIR / "files")))
ATTACHMENT_MOST_BYTES = env.int("ATTACHMENT_MEGABYTES", default=10) * 1024 * 1024  # one file
ATTACHMENTS_MOST = 50  # files on one record
# A whole request; without a valid session or token only a small one (officeflow.body_limits).
REQUEST_MOST_BYTES = 5 * ATTACHMENT_MOST_BYTES + 1024 * 1024
ANONYMOUS_BODY_BYTES = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "officeflow.attachments.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "officeflow.attachments.storage.PrivateFiles"},
    "staticfiles": {
        "BACKEND": "officeflow.ui.static_files."
        + ("PlainStaticFiles" if MODE == "test" else "StaticFiles")
    },
}
# Tests make many clients, each of which would read the properties of all files.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = MODE == "test"

# --- the API --------------------------------------------------------------------------------
REST_FRAMEWORK = rest_framework(env, proxies=PROXY_COUNT)
