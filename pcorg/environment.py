"""Variables of the environment, read as what they must be. Settings name this module: it imports nothing of Django that
needs settings.

`secret` reads those that nobody else may see: the value itself, or the content of a file that `NAME_FILE` names, as
vaults, Docker and systemd hand secrets to a program. Whoever lists the processes of a machine, or reads what a failing
program tells of its environment, does not see what lies in a file.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret(name: str, default: str = "") -> str:
    """The value of a variable, or what the file holds that `NAME_FILE` names, without the end of its last line. Raises
    ImproperlyConfigured where both are given or the file cannot be read."""
    given, file = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if not file:
        return given or default
    if given:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both")
    try:
        return Path(file).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {type(error).__name__}") from error


def split(given: str) -> list[str]:
    """What stands between commas."""
    return [part.strip() for part in given.split(",") if part.strip()]


def listed(name: str, default: str = "") -> list[str]:
    """What stands between the commas of a variable."""
    return split(os.environ.get(name, default))


def share(name: str, default: str) -> float:
    """A share from 0 to 1."""
    given = os.environ.get(name, default)
    try:
        found = float(given)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise ImproperlyConfigured(f"{name} must be a number from 0 to 1, not {given!r}")
    return found


def whole(name: str, default: str) -> int:
    """A whole number from 0."""
    given = os.environ.get(name, default)
    if not (given.isascii() and given.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {given!r}")
    return int(given)


def positive(name: str, default: str) -> int:
    """A whole number above 0."""
    given = os.environ.get(name, default)
    if not (given.isascii() and given.isdigit() and int(given)):
        raise ImproperlyConfigured(f"{name} must be a whole number above 0, not {given!r}")
    return int(given)
