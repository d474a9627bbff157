"""The profile `local`: plain HTTP on this machine alone, with nothing to set beforehand. `make demo` serves it."""

from __future__ import annotations

from pathlib import Path

from django.core.management.utils import get_random_secret_key

from pcorg.settings.base import *
from pcorg.settings.environment import listed, one_of


def _kept_key(file: Path) -> str:
    """A key that is made once and kept in a file that git ignores."""
    try:
        with file.open("x") as made:
            made.write(get_random_secret_key())
        file.chmod(0o600)
    except FileExistsError:
        pass
    return file.read_text().strip() or "local-key-being-written"


PROFILE = "local"
SECRET_KEY = SECRET_KEY or _kept_key(HOME / ".secret_key")
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
TASKS_BY = one_of("PCORG_TASKS", "thread", TASK_BACKENDS)
TASKS = {"default": {"BACKEND": TASK_BACKENDS[TASKS_BY]}}
SECOND_FACTOR = one_of("PCORG_SECOND_FACTOR", "optional", SECOND_FACTORS)
SENDS_EMAIL = True  # letters are printed where no mail server is named
