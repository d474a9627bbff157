"""Variables of the environment, read as what they must be. Nothing that needs settings is imported here.

`secret` reads those that nobody else may see: the value itself, or the content of a file that `NAME_FILE` names, as
vaults, Docker and systemd hand secrets to a program. Whoever lists the processes of a machine, or reads what a failing
program tells of its environment, does not see what lies in a file.
"""

from __future__ import annotations

import os
from collections.abc import Collection
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


def one_of(name: str, default: str, known: Collection[str]) -> str:
    """One of several words. Raises ImproperlyConfigured, as all below do."""
    given = os.environ.get(name, default)
    if given not in known:
        *others, last = known
        raise ImproperlyConfigured(f"{name} must be {', '.join(others)} or {last}, not {given!r}")
    return given


def pair(name: str) -> tuple[int, int] | None:
    """Two whole numbers; None where the variable is not set."""
    given = listed(name)
    if given and (len(given) != 2 or not all(part.isascii() and part.isdigit() for part in given)):
        raise ImproperlyConfigured(f"{name} must be two whole numbers, as in 5000,100000, not {given}")
    return (int(given[0]), int(given[1])) if given else None


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
