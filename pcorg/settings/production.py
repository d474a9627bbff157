"""The profile `production`: HTTPS alone, behind a name and a key of its own."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from pcorg.settings.base import *
from pcorg.settings.environment import listed, one_of

PROFILE = "production"
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must be set in the production profile")
ALLOWED_HOSTS = listed("ALLOWED_HOSTS")
TASKS_BY = one_of("PCORG_TASKS", "database", TASK_BACKENDS)
TASKS = {"default": {"BACKEND": TASK_BACKENDS[TASKS_BY]}}
SECOND_FACTOR = one_of("PCORG_SECOND_FACTOR", "approvers", SECOND_FACTORS)
LOGGING = {**LOGGING, "json": True}

COOKIE_PREFIX = "__Host-"  # browsers take such cookies by HTTPS alone, from this very host
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
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
