"""Settings of pcorg, driven by the environment. Two profiles of one file: `local` (the default) and `production`.

PCORG_PROFILE   local | production
SECRET_KEY      required in production; local makes one and keeps it beside the database
SECRET_KEY_FALLBACKS  former keys, comma-separated: what they signed is still good
NAME_FILE       for every variable that is a secret: a file that holds it
PCORG_HOME      where the database of SQLite and the key of the local profile lie (the checkout; installed: here)
DATABASE_URL    sqlite:///path or postgres://…; absent: SQLite in PCORG_HOME
ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS    comma-separated, production
PCORG_ANCHOR_KEY  signs the checkpoints of audit_anchor; 32 characters at least; PCORG_ANCHOR_KEY_FALLBACKS  former ones
CACHE_URL       redis://… optional; absent: memory of the process
PCORG_TASKS     what carries out long work: thread (local), database (production: manage.py db_worker) or redis
PCORG_JOBS_LEASE, PCORG_JOBS_KEPT  seconds a silent worker keeps its job (60); days ended jobs are kept (90)
PCORG_PROXY_COUNT  reverse proxies in front, for throttles and lock-out (0)
PCORG_METRICS_TOKEN  bearer token that reads /metrics; without one there are none
PCORG_LOG_LEVEL INFO; PCORG_THROTTLE_READ 12000/min …
PCORG_SECOND_FACTOR  optional | approvers | everyone: who must give a code when signing in (local: optional)
PCORG_PASSWORD_WORDS  words that count for nothing in a password, comma-separated
EMAIL_HOST …, DEFAULT_FROM_EMAIL  a mail server, for forgotten passwords; local prints letters instead
PCORG_BUDGET_DRAWS, _PARTS, _POINTS, _RECORDS; PCORG_DEAR_AT_ONCE, _WAITING, _PATIENCE  what requests may cost
PCORG_ROBUST_FROM, PCORG_LEANING_FROM  shares from which an answer is called so (0.8, 0.5)
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from pcorg.core.files import read_only, read_only_address
from pcorg.core.http.statics import on_static_files
from pcorg.environment import listed, positive, secret, share, split, whole

BASE_DIR = Path(__file__).resolve().parent.parent
_CHECKOUT = (BASE_DIR / "manage.py").exists()
SHIPPED = BASE_DIR if _CHECKOUT else BASE_DIR / "pcorg" / "shipped"
"""Where templates, fixtures and static files lie: in the checkout, or in the package that was installed."""
HOME = Path(os.environ.get("PCORG_HOME") or (BASE_DIR if _CHECKOUT else Path.cwd()))
"""Where this installation keeps what is its own: the database of SQLite, the key of the local profile."""
VERSION = "0.1.0"

PROFILE = os.environ.get("PCORG_PROFILE", "local")
if PROFILE not in {"local", "production"}:
    raise ImproperlyConfigured(f"PCORG_PROFILE must be local or production, not {PROFILE!r}")
PRODUCTION = PROFILE == "production"
DEBUG = False
PROXY_COUNT = int(os.environ.get("PCORG_PROXY_COUNT", "0"))


def _budgets() -> dict[str, tuple[int, int]]:
    """Limits of each kind of work that are set: for strangers, and for those who signed in."""
    found = {}
    for work in ("DRAWS", "PARTS", "POINTS", "RECORDS"):
        name = f"PCORG_BUDGET_{work}"
        if given := listed(name):
            if len(given) != 2 or not all(part.isascii() and part.isdigit() for part in given):
                raise ImproperlyConfigured(f"{name} must be two whole numbers, as in 5000,100000, not {given}")
            found[work] = (int(given[0]), int(given[1]))
    return found


def _secret_key() -> str:
    """The key given, else in the local profile one made once and kept in a file that git ignores."""
    given = secret("SECRET_KEY")
    if given:
        return given
    if PRODUCTION:
        raise ImproperlyConfigured("SECRET_KEY must be set in the production profile")
    kept = HOME / ".secret_key"
    try:
        with kept.open("x") as file:
            file.write(get_random_secret_key())
        kept.chmod(0o600)
    except FileExistsError:
        pass
    return kept.read_text().strip() or "local-key-being-written"


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = split(secret("SECRET_KEY_FALLBACKS"))  # former keys: what they signed is still good
ANCHOR_KEY = secret("PCORG_ANCHOR_KEY")
ANCHOR_KEY_FALLBACKS = split(secret("PCORG_ANCHOR_KEY_FALLBACKS"))
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "pcorg.core.accounts.console",  # before Django's own accounts: its commands take the place of theirs
    "pcorg.core.accounts.apps.ReferenceAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "import_export",
    "pcorg.core.audit",
    "pcorg.core.accounts.apps.AccountsConfig",
    "pcorg.core.idempotency",
    "pcorg.core.uploads",
    "pcorg.core.jobs",  # before django_tasks_db: its db_worker takes the place of the library's
    "django_tasks",
    "django_tasks_db",
    "pcorg",
    "organisations",
    "commissioning",
    "evaluation",
]

MIDDLEWARE = [
    "pcorg.core.http.middleware.Probes",
    "pcorg.core.http.middleware.RequestLog",
    "pcorg.core.http.guards.Refusals",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pcorg.core.http.middleware.SecurityHeaders",
    "csp.middleware.CSPMiddleware",
    "pcorg.core.http.guards.ApiByHttps",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "pcorg.core.http.guards.Budgets",
    "pcorg.core.http.middleware.ReadableText",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pcorg.core.accounts.sessions.SessionsEnd",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pcorg.core.http.guards.FairUse",
    "axes.middleware.AxesMiddleware",
    "pcorg.core.http.middleware.Refusals",
]

METRICS_TOKEN = secret("PCORG_METRICS_TOKEN")
if METRICS_TOKEN:
    MIDDLEWARE.insert(0, "pcorg.core.http.metrics.Measured")

ROOT_URLCONF = "pcorg.urls"
WSGI_APPLICATION = "pcorg.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [SHIPPED / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "pcorg.core.pages.jinja2.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "pcorg.core.pages.frame.frame",
            ],
        },
    },
    {  # the admin and the interactive API documentation bring Django templates
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        secret("DATABASE_URL", f"sqlite:///{HOME / 'db.sqlite3'}"), conn_max_age=600, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A server that is gone without a word is given up in seconds, so that no thread waits for it.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }
if DATABASES["default"]["ENGINE"].endswith("sqlite3") and read_only(str(DATABASES["default"]["NAME"])):
    DATABASES["default"]["NAME"] = read_only_address(str(DATABASES["default"]["NAME"]))
    DATABASES["default"]["OPTIONS"] = {"uri": True, "timeout": 20, "init_command": "PRAGMA cache_size=-32000;"}
elif DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Set after parsing: dj_database_url drops SQLite's options. Immediate transactions take the write lock first,
    # so that two writers queue instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = secret("CACHE_URL")
CACHES: dict[str, dict[str, Any]]
if CACHE_URL:
    CACHES = {
        name: {
            "BACKEND": "pcorg.core.caching.SharedCache",
            "LOCATION": CACHE_URL,
            "KEY_PREFIX": name,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},  # seconds
        }
        for name in ("default", "results")
    }
else:
    CACHES = {
        name: {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": name,
            "OPTIONS": {"MAX_ENTRIES": entries},
        }
        for name, entries in {"default": 20_000, "results": 300}.items()
    }
CACHES["results"]["TIMEOUT"] = 86_400  # what was worked out of the same figures is the same; a day bounds the memory

# --- What requests may cost (pcorg.core.http.budgets) ---------------------------------------------------------------
PCORG_BUDGETS = _budgets()
PCORG_DEAR_AT_ONCE = whole("PCORG_DEAR_AT_ONCE", "1")  # in each process
PCORG_DEAR_WAITING = whole("PCORG_DEAR_WAITING", "1")  # each holds a thread
PCORG_DEAR_PATIENCE = whole("PCORG_DEAR_PATIENCE", "10")  # seconds

# --- Long work ------------------------------------------------------------------------------------------------------
_TASKS = {
    "thread": "pcorg.core.jobs.backends.ThreadBackend",
    "database": "django_tasks_db.DatabaseBackend",
    "redis": "django_tasks_rq.RQBackend",
}
TASKS_BY = os.environ.get("PCORG_TASKS", "database" if PRODUCTION else "thread")
if TASKS_BY not in _TASKS:
    raise ImproperlyConfigured(f"PCORG_TASKS must be one of {', '.join(_TASKS)}, not {TASKS_BY!r}")
TASKS = {"default": {"BACKEND": _TASKS[TASKS_BY]}}
if TASKS_BY == "redis":
    if not CACHE_URL:
        raise ImproperlyConfigured("PCORG_TASKS=redis needs CACHE_URL")
    INSTALLED_APPS.append("django_rq")
    RQ_QUEUES = {"default": {"URL": CACHE_URL, "DEFAULT_TIMEOUT": 24 * 3600}}
PCORG_JOBS_LEASE = positive("PCORG_JOBS_LEASE", "60")
PCORG_JOBS_KEPT = positive("PCORG_JOBS_KEPT", "90")

# --- People ---------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Length is what makes a password hard to guess: twelve characters at least, as OWASP and NIST advise, without rules of
# composition, and at most what hashing should take. Beside that are refused those that many people use, and those that
# whoever guesses comes upon soon.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "pcorg.core.accounts.passwords.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "pcorg.core.accounts.guesses.GuessableValidator"},
]
PCORG_PASSWORD_WORDS = listed("PCORG_PASSWORD_WORDS")
PASSWORD_RESET_TIMEOUT = 3600  # seconds that a code works
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "home"
SECOND_FACTOR = os.environ.get("PCORG_SECOND_FACTOR", "approvers" if PRODUCTION else "optional")
if SECOND_FACTOR not in {"optional", "approvers", "everyone"}:
    raise ImproperlyConfigured(f"PCORG_SECOND_FACTOR must be optional, approvers or everyone, not {SECOND_FACTOR!r}")
OTP_TOTP_ISSUER = "pcorg"
SESSION_IDLE = timedelta(hours=2)  # without use: long enough for a meeting, too short for a night
SESSION_LONGEST = timedelta(hours=12)  # a working day; then everybody signs in anew
SESSION_COOKIE_AGE = round(SESSION_LONGEST.total_seconds())
AXES_HANDLER = "pcorg.core.accounts.locks.Locks"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # what the lock of an address counts
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are on the trail and in the security log
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "new_password", "again"]
ADDRESS_FAILURE_LIMIT = 20  # failures of one address with any names …
ADDRESS_WINDOW = timedelta(minutes=10)  # … within this time, for which it is then locked at most
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "pcorg.core.accounts.views.sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "pcorg.core.accounts.locks.counted_address"
AXES_VERBOSE = False

# --- E-mail ---------------------------------------------------------------------------------------------------------
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
SENDS_EMAIL = bool(EMAIL_HOST) or not PRODUCTION
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD")
_EMAIL_SECURITY = os.environ.get("EMAIL_SECURITY", "starttls")
if _EMAIL_SECURITY not in {"starttls", "tls", "none"}:
    raise ImproperlyConfigured(f"EMAIL_SECURITY must be starttls, tls or none, not {_EMAIL_SECURITY!r}")
EMAIL_USE_TLS, EMAIL_USE_SSL = _EMAIL_SECURITY == "starttls", _EMAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "pcorg@localhost")

# --- Language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

# --- Static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no site but ours has a use for these files
WHITENOISE_ADD_HEADERS_FUNCTION = on_static_files
STATIC_ROOT = SHIPPED / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "pcorg" / "static_built"] if _CHECKOUT else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "pcorg.core.api.access.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["pcorg.core.api.access.ReadOpenWriteByPolicy"],
    "DEFAULT_RENDERER_CLASSES": ["pcorg.core.api.content.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["pcorg.core.api.content.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "pcorg.core.api.content.FormatFirst",
    "DEFAULT_METADATA_CLASS": "pcorg.core.api.content.ContractMetadata",
    "DEFAULT_SCHEMA_CLASS": "pcorg.core.api.schema.ContractSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "pcorg.core.api.throttles.Anonymous",
        "pcorg.core.api.throttles.SignedIn",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": os.environ.get("PCORG_THROTTLE_READ", "12000/min"),
        "user": os.environ.get("PCORG_THROTTLE_USER", "24000/min"),
        "files": os.environ.get("PCORG_THROTTLE_FILES", "60/min"),
    },
    "NUM_PROXIES": PROXY_COUNT,
    "EXCEPTION_HANDLER": "pcorg.core.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Token",
    "TOKEN_TTL": timedelta(days=365),  # a year at most; the account page revokes one at once
    "AUTO_REFRESH": False,
    "TOKEN_LIMIT_PER_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "pcorg",
    "DESCRIPTION": "How primary care is organised in England, and how it could be. "
    "Contains NHS England and ONS data, Crown copyright, OGL v3.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "pcorg.core.api.finishing.finished",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "LoadState": "organisations.domain.vocabulary.LoadState.choices",
        "Family": "organisations.domain.vocabulary.Family.choices",
        "Nature": "organisations.domain.vocabulary.Nature.choices",
        "Basis": "organisations.domain.vocabulary.Basis.choices",
        "OpenedBasis": "organisations.domain.vocabulary.OpenedBasis.choices",
        "PopulationBasis": "organisations.domain.vocabulary.PopulationBasis.choices",
        "ShareBasis": "organisations.domain.vocabulary.ShareBasis.choices",
        "ShareEvidence": "organisations.domain.vocabulary.ShareEvidence.choices",
        "RelationshipKind": "organisations.domain.vocabulary.RelationshipKind.choices",
        "Constituency": "organisations.domain.vocabulary.Constituency.choices",
        "ChangeKind": "organisations.domain.vocabulary.ChangeKind.choices",
        "Route": "organisations.domain.vocabulary.Route.choices",
        "ChangeStatus": "organisations.domain.vocabulary.ChangeStatus.choices",
        "Outcome": "organisations.domain.vocabulary.Outcome.choices",
        "Tier": "commissioning.domain.vocabulary.Tier.choices",
        "Sector": "commissioning.domain.vocabulary.Sector.choices",
        "Stream": "commissioning.domain.vocabulary.Stream.choices",
        "SetBy": "commissioning.domain.vocabulary.SetBy.choices",
        "Flexibility": "commissioning.domain.vocabulary.Flexibility.choices",
        "Separation": "commissioning.domain.vocabulary.Separation.choices",
        "PilotVariant": "commissioning.domain.vocabulary.PilotVariant.choices",
        "PilotEnd": "commissioning.domain.vocabulary.PilotEnd.choices",
        "AnswerState": "commissioning.domain.vocabulary.AnswerState.choices",
        "PremisesKind": "commissioning.domain.vocabulary.PremisesKind.choices",
        "AssessmentStatus": "evaluation.method.vocabulary.AssessmentStatus.choices",
        "AssessmentScope": "evaluation.method.vocabulary.AssessmentScope.choices",
        "OptionKind": "evaluation.method.vocabulary.OptionKind.choices",
        "MitigationKind": "evaluation.method.vocabulary.MitigationKind.choices",
        "TransformKind": "evaluation.method.vocabulary.TransformKind.choices",
        "IntegrationAxis": "evaluation.method.vocabulary.IntegrationAxis.choices",
        "EvaluationStage": "evaluation.method.vocabulary.Stage.choices",
        "Polarity": "evaluation.method.scale.Polarity.choices",
        "Addressee": "commissioning.domain.vocabulary.Addressee.choices",
        "Answer": "commissioning.domain.vocabulary.Answer.choices",
        "ApproachList": "commissioning.domain.vocabulary.ApproachList.choices",
        "Axis": "commissioning.domain.vocabulary.Axis.choices",
        "ClientGroup": "commissioning.domain.vocabulary.ClientGroup.choices",
        "JobState": "pcorg.core.jobs.models.JobState.choices",
        "ProblemCode": "pcorg.core.api.problems.ProblemCode.choices",
        "Unresolved": "organisations.domain.vocabulary.Unresolved.choices",
        "LifeStatus": ["open", "closed"],
    },
}

# --- Security -------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
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
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "pcorg.core.pages.errors.csrf_failure"
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""  # browsers take such cookies by HTTPS alone, from this very host
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "pcorg.core.pages.notes.Notes"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
PCORG_LARGEST_UPLOAD = 21 * 1024 * 1024  # bytes of a form with its file; documents themselves are read up to 20 MB
FILE_UPLOAD_HANDLERS = [
    "pcorg.core.uploads.files.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [
        r"^health/$",
        r"^ready/$",
        r"^metrics$",
        # whatever watches asks the server itself, by plain HTTP
        r"^api/(?!v1/docs/)",
        # a program that is led on would never notice: pcorg.core.http.guards refuses it
    ]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Logs -----------------------------------------------------------------------------------------------------------
LOGGING_CONFIG = "pcorg.core.http.logs.configure"
LOGGING = {"level": os.environ.get("PCORG_LOG_LEVEL", "INFO"), "json": PRODUCTION}

# --- evaluation -----------------------------------------------------------------------------------------------------

ROBUST_FROM = share("PCORG_ROBUST_FROM", "0.8")
LEANING_FROM = share("PCORG_LEANING_FROM", "0.5")
if LEANING_FROM > ROBUST_FROM:
    raise ImproperlyConfigured("PCORG_LEANING_FROM must not be above PCORG_ROBUST_FROM")
