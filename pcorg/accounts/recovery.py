"""Getting back into an account whose password is forgotten, by a link sent to its e-mail address."""

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
from django.utils.encoding import force_bytes
from django.utils.http import urlencode, urlsafe_base64_decode, urlsafe_base64_encode

from pcorg.accounts import mail, security
from pcorg.accounts.models import Recovery

AGAIN_AFTER = timedelta(minutes=5)
"""How long nobody gets a second letter: else anyone could flood another's mailbox."""


def ask(*, email: str, request: HttpRequest) -> None:
    """Send a link to everybody whose account has an address. Tells nobody whether there is one."""
    people = [user for user in PasswordResetForm().get_users(email) if isinstance(user, User)]
    if not people:
        security.warn("recovery-asked", subject=security.UNKNOWN, request=request)
    for user in people:
        if _may_write_to(user, request):
            mail.write_to(user, subject="a new password", text=_letter(user, request))


@transaction.atomic
def _may_write_to(user: User, request: HttpRequest) -> bool:
    now = timezone.now()
    held, new = Recovery.objects.select_for_update(no_key=True).get_or_create(user=user, defaults={"asked": now})
    if not new and now - held.asked < AGAIN_AFTER:
        security.warn("recovery-asked-again", subject=user.get_username(), request=request)
        return False
    held.asked = now
    held.save()
    security.record("recovery-asked", subject=user.get_username(), by="stranger", request=request)
    return True


def _letter(user: User, request: HttpRequest) -> str:
    named = {"u": urlsafe_base64_encode(force_bytes(user.pk)), "t": default_token_generator.make_token(user)}
    link = f"{request.build_absolute_uri(reverse('recover-password'))}?{urlencode(named)}"
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    return (
        f"Somebody asked for a new password for your account. To choose one, open this address within {minutes} "
        f"minutes:\n\n{link}\n\nIf it was not you, do nothing: your password stays as it is."
    )


def whose(uid: str, token: str) -> User | None:
    """Whose account a link opens; None where it is none of ours, was used or is too old."""
    try:
        user = User.objects.get(pk=urlsafe_base64_decode(uid).decode(), is_active=True)
    except (User.DoesNotExist, ValueError, OverflowError):
        return None
    return user if default_token_generator.check_token(user, token) else None
