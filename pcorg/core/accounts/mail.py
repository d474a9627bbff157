"""E-mail to people about their accounts, through the configured backend.

Sending is left to a thread of its own: how long an answer takes must not tell whether an address is known. A letter
that cannot be sent is in the log, without whom it was for, and nothing else fails with it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail

log = structlog.get_logger("pcorg.accounts")


def write_to(user: User, *, subject: str, text: str, to: str | None = None) -> None:
    """Write to a person, at the address of their account or at another one of theirs; nothing where there is none, or
    where this site sends no e-mail."""
    address = user.email if to is None else to
    if not address or not settings.SENDS_EMAIL:
        return
    greeting = f"To {user.get_username()}\n\n{text}\n\n"
    _post().submit(
        _send, f"pcorg: {subject}", greeting + "This message was sent by pcorg. Do not answer it.\n", address
    )


def notify_of_change(user: User, what: str, *, to: str | None = None) -> None:
    """Notify a person of a change to their account, in case it was not theirs."""
    text = f"{what}\n\nIf this was not you, tell the person who runs the site at once."
    write_to(user, subject="a change to your account", text=text, to=to)


def _send(subject: str, text: str, address: str) -> None:
    try:
        send_mail(subject, text, None, [address])
    except Exception as error:
        log.error("e-mail-not-sent", why=type(error).__name__)


@cache
def _post() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")
