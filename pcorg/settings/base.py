"""What all profiles share. `local`, `production` and `test` begin with it and say what they have otherwise."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from pcorg.core.http.statics import on_static_files
from pcorg.settings.database import database
from pcorg.settings.environment import listed, one_of, pair, positive, secret, share, split, whole

BASE_DIR = Path(__file__).resolve().parents[2]
_CHECKOUT = (BASE_DIR / "manage.py").exists()
SHIPPED = BASE_DIR if _CHECKOUT else BASE_DIR / "pcorg" / "shipped"
"""Where templates, fixtures and static files lie: in the checkout, or in the package that was installed."""
HOME = Path(os.environ.get("PCORG_HOME") or (BASE_DIR if _CHECKOUT else Path.cwd()))
"""Where this installation keeps what is its own: the database of SQLite, the key of the local profile."""
VERSION = "0.1.0"

DEBUG = False
PROXY_COUNT = int(os.environ.get("PCORG_PROXY_COUNT", "0"))

SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = split(secret("SECRET_KEY_FALLBACKS"))  # former keys: what they signed is still good
ANCHOR_KEY = secret("PCORG_ANCHOR_KEY")
ANCHOR_KEY_FALLBACKS = split(secret("PCORG_ANCHOR_KEY_FALLBACKS"))
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
DATABASES = {"default": database(secret("DATABASE_URL", f"sqlite:///{HOME / 'db.sqlite3'}"))}
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
PCORG_BUDGETS = {
    work: limits for work in ("DRAWS", "PARTS", "POINTS", "RECORDS") if (limits := pair(f"PCORG_BUDGET_{work}"))
}
"""Limits of each kind of work that are set: for strangers, and for those who signed in."""
PCORG_DEAR_AT_ONCE = whole("PCORG_DEAR_AT_ONCE", "1")  # in each process
PCORG_DEAR_WAITING = whole("PCORG_DEAR_WAITING", "1")  # each holds a thread
PCORG_DEAR_PATIENCE = whole("PCORG_DEAR_PATIENCE", "10")  # seconds

# --- Long work ------------------------------------------------------------------------------------------------------
TASK_BACKENDS = {
    "thread": "pcorg.core.jobs.backends.ThreadBackend",
    "database": "django_tasks_db.DatabaseBackend",
    "redis": "django_tasks_rq.RQBackend",
}
if os.environ.get("PCORG_TASKS") == "redis":
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
SECOND_FACTORS = ("optional", "approvers", "everyone")
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
SENDS_EMAIL = bool(EMAIL_HOST)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD")
_EMAIL_SECURITY = one_of("EMAIL_SECURITY", "starttls", ("starttls", "tls", "none"))
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
_ENUMERATIONS = {
    "organisations.domain.vocabulary": """LoadState Family Nature Basis OpenedBasis PopulationBasis ShareBasis
        ShareEvidence RelationshipKind Constituency ChangeKind Route ChangeStatus Outcome Unresolved""",
    "commissioning.domain.vocabulary": """Tier Sector Stream SetBy Flexibility Separation PilotVariant PilotEnd
        AnswerState PremisesKind Addressee Answer ApproachList Axis ClientGroup""",
    "evaluation.method.vocabulary": """AssessmentStatus AssessmentScope OptionKind MitigationKind TransformKind
        IntegrationAxis""",
    "evaluation.method.scale": "Polarity",
    "pcorg.core.jobs.models": "JobState",
    "pcorg.core.api.problems": "ProblemCode",
}
"""Vocabularies that the description of the API names as they are called here, by their modules."""
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
        **{name: f"{module}.{name}.choices" for module, names in _ENUMERATIONS.items() for name in names.split()},
        "EvaluationStage": "evaluation.method.vocabulary.Stage.choices",
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
CSRF_FAILURE_VIEW = "pcorg.core.http.errors.csrf_failure"
COOKIE_PREFIX = ""
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

# --- Logs -----------------------------------------------------------------------------------------------------------
LOGGING_CONFIG = "pcorg.core.http.logs.configure"
LOGGING = {"level": os.environ.get("PCORG_LOG_LEVEL", "INFO"), "json": False}

# --- evaluation -----------------------------------------------------------------------------------------------------

ROBUST_FROM = share("PCORG_ROBUST_FROM", "0.8")
LEANING_FROM = share("PCORG_LEANING_FROM", "0.5")
if LEANING_FROM > ROBUST_FROM:
    raise ImproperlyConfigured("PCORG_LEANING_FROM must not be above PCORG_ROBUST_FROM")
