"""What the tests run under: the profile `local`, quicker, and with pages that work before the assets are built. No list
of the static files is made for each new client: that took longer than most tests."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pcorg.settings.local import *

WHITENOISE_AUTOREFRESH = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if not (SHIPPED / "staticfiles" / "staticfiles.json").exists():
    STATIC_ROOT = Path(tempfile.mkdtemp(prefix="pcorg-static-"))
    STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
