"""Tokens: by which programs act for people. Each action writes the audit trail in its own transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from knox.models import AuthToken

from pcorg.core.accounts import security
from pcorg.core.accounts.locks import write_unless_locked
from pcorg.core.accounts.models import TokenDetails
from pcorg.core.accounts.roles import TokenScope

LONGEST_LIFE = timedelta(days=365)
LONGEST_NAME = 60


@transaction.atomic
def create_token(
    *,
    user: User,
    by: str,
    life: timedelta = LONGEST_LIFE,
    name: str = "A token",
    scope: TokenScope = TokenScope.ALL,
    request: HttpRequest | None = None,
) -> tuple[AuthToken, str]:
    """A new API token for a person, and its text, which is kept nowhere: only its hash is.

    `life` is how long the token works, up to a year. Raises ValueError for a life or a name that is not in bounds.
    """
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise ValueError(f"A token lives from one to {LONGEST_LIFE.days} days.")
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise ValueError(f"A token has a name of 1 to {LONGEST_NAME} characters.")
    token, text = AuthToken.objects.create(user=user, expiry=life)
    TokenDetails.objects.create(token=token, name=name.strip(), scope=scope)
    security.record(
        "create-token",
        subject=user.get_username(),
        by=by,
        request=request,
        begins=beginning(token),
        name=name.strip(),
        scope=scope.value,
        expires=token.expiry.isoformat(),
    )
    return token, text


@transaction.atomic
def revoke_token(*, user: User, digest: str, by: str, request: HttpRequest | None = None) -> None:
    """Ends one of a person's tokens at once. Raises AuthToken.DoesNotExist when there is none."""
    token = AuthToken.objects.select_for_update(no_key=True).get(user=user, digest=digest)
    begins = beginning(token)
    token.delete()
    security.record("revoke-token", subject=user.get_username(), by=by, request=request, begins=begins)


def beginning(token: AuthToken) -> str:
    """The first characters of a token, by which its owner knows it: eight of sixty-four, useless alone."""
    return str(token.token_key[:8])


def scope_of(token: AuthToken) -> TokenScope:
    """What a token may do, and note of the day that it is used. One query, and a write once a day."""
    details = TokenDetails.objects.filter(pk=token.pk).first()
    if details is None:
        return TokenScope.READ
    today = timezone.localdate()
    if details.used_on != today:
        write_unless_locked(lambda: TokenDetails.objects.filter(pk=token.pk).update(used_on=today))
    return TokenScope(details.scope)


def record_expiry(sender: type, username: str, source: str, **_: Any) -> None:
    """Tell that a token was used after its end. It is gone with that, so this is told once of each. Others of the same
    person that have ended are put away then without a word: nobody used them."""
    if source == "auth_token":
        with transaction.atomic():
            security.record("token-used-after-end", subject=username, by=username)
