"""Names of people, who are shown to people who have signed in and to nobody else.

Strangers read what somebody was to a matter, such as "a commissioner". Commands are no people and keep their names; so
does a panel where it speaks together.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest

COMMISSIONER = "a commissioner"
TOGETHER = "Consensus of the panel"
"""Who judges where a panel judges together."""
NOBODY = frozenset({"", TOGETHER, "illustration"})
"""Names that are no person's: the last made what is shipped."""


def are_shown_to(reader: User | AnonymousUser | None) -> bool:
    """Whether somebody sees the names of people."""
    return reader is not None and reader.is_authenticated


def shown(name: str, request: HttpRequest, *, otherwise: str = COMMISSIONER) -> str:
    """A name as the reader of a page sees it."""
    return name if are_shown_to(getattr(request, "user", None)) or not _is_person(name) else otherwise


def _is_person(name: str) -> bool:
    return name not in NOBODY and not name.startswith("command:")
