"""Short messages that one page leaves for the next."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NotesInCookie(CookieStorage):
    """Messages in a cookie that is named as the others are."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        """The name; in production browsers take it from this host alone."""
        return f"{settings.COOKIE_PREFIX}messages"


class Notes(FallbackStorage):
    """In a cookie; what is too long for one, in the session."""

    storage_classes = (NotesInCookie, SessionStorage)
