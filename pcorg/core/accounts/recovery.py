"""Choosing a password by a code: in the place of a forgotten one, by a code sent to one's e-mail address, or as one's
first, by a code that whoever looks after people has made. A code is random, good once and for an hour. It is pasted
into the page and never stands in an address, where the history of a browser and the logs of proxies would keep it.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from pcorg.core.accounts import mail, security
from pcorg.core.accounts.models import Recovery
from pcorg.core.values import whole_or_none

LARGEST_NUMBER = 2**31 - 1
"""Of an account."""
AGAIN_AFTER = timedelta(minutes=5)
"""How long nobody gets a second letter: else anyone could flood another's mailbox."""


def ask(*, email: str, request: HttpRequest) -> None:
    """Send a code to everybody whose account has an address. Tells nobody whether there is one."""
    people = [user for user in PasswordResetForm().get_users(email) if isinstance(user, User)]
    if not people:
        security.warn("recovery-asked", subject=security.UNKNOWN, request=request)
    for user in people:
        if _may_write_to(user, request):
            reason = "Somebody asked for a new password for your account."
            _write(user, reason, "If it was not you, do nothing: your password stays as it is.", request)


@transaction.atomic
def make_code(*, user: User, by: str, request: HttpRequest | None = None) -> str | None:
    """Make a code by which somebody chooses a password, in the place of the one they have or as their first: sent to
    them where this site can write to them, and then None; else the code, to be handed over. It comes on the trail that
    there is one."""
    security.record("make-password-code", subject=user.get_username(), by=by, request=request)
    if request is None or not user.email or not settings.SENDS_EMAIL:
        return code_of(user)
    _write(user, "You can choose a password for your account now.", "You can sign in with it afterwards.", request)
    return None


def code_of(user: User) -> str:
    """A code for somebody. It ends with their password, their address, their next sign-in, and after an hour."""
    return f"{user.pk}-{default_token_generator.make_token(user)}"


def whose(code: str) -> User | None:
    """Whose account a code opens; None where it is none of ours, was used or is too old."""
    number, _, token = "".join(code.split()).partition("-")
    user = User.objects.filter(pk=whole_or_none(number, high=LARGEST_NUMBER) or 0, is_active=True).first()
    return user if user is not None and default_token_generator.check_token(user, token) else None


@transaction.atomic
def _may_write_to(user: User, request: HttpRequest) -> bool:
    now = timezone.now()
    recovery, new = Recovery.objects.select_for_update(no_key=True).get_or_create(user=user, defaults={"asked": now})
    if not new and now - recovery.asked < AGAIN_AFTER:
        security.warn("recovery-asked-again", subject=user.get_username(), request=request)
        return False
    recovery.asked = now
    recovery.save()
    security.record("recovery-asked", subject=user.get_username(), by="stranger", request=request)
    return True


def _write(user: User, what: str, afterwards: str, request: HttpRequest) -> None:
    page = request.build_absolute_uri(reverse("recover-password"))
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    text = (
        f"{what} To choose one, open this page within {minutes} minutes:\n\n{page}\n\nand enter this code there:\n\n"
        f"{code_of(user)}\n\n{afterwards} Give the code to nobody."
    )
    mail.write_to(user, subject="a new password", text=text)
