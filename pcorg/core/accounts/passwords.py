"""Passwords: what they must be, and what a new one ends, whichever way it came to be set.

Both hang on the saving of the user, not on the pages: a new password from the account page, from recovery and from the
command `changepassword` is held against the same rules, ends the same things and is told the same.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from knox.models import AuthToken

from pcorg.core.accounts import security

LONGEST = 256
"""Characters of a password: more is no safer and only makes hashing dear."""


class MaximumLengthValidator:
    """Refuses a password that is longer than hashing should be asked to work on."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        if len(password) > LONGEST:
            raise ValidationError(f"This password is too long. It has at most {LONGEST} characters.")

    def get_help_text(self) -> str:
        """The rule, for people."""
        return f"Your password has at most {LONGEST} characters."


@transaction.atomic
def change(*, user: User, password: str, by: str, request: HttpRequest | None = None) -> None:
    """Give a person a new password. Tokens and sessions end. Raises ValidationError for one that breaks a rule."""
    user.set_password(password)
    user.password_set = (by, request)  # type: ignore[attr-defined]
    user.save()


@transaction.atomic
def take_away(*, user: User, by: str, request: HttpRequest | None = None) -> None:
    """Let nobody sign in with a person's password any more. Tokens and sessions end."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_everything(user)
    security.record("remove-password", subject=user.get_username(), by=by, request=request)


def hold_against_rules(sender: type, instance: User, raw: bool = False, **_: Any) -> None:
    """Before a user is saved: refuse a new password that breaks a rule, and see whether it takes the place of another.
    Raises ValidationError."""
    password = getattr(instance, "_password", None)
    if password is not None and not raw:
        validate_password(password, instance)
        stored = User.objects.filter(pk=instance.pk).values_list("password", flat=True).first()
        instance.had_password = stored is not None and is_password_usable(stored)  # type: ignore[attr-defined]


def end_what_rested_on_it(sender: type, instance: User, created: bool, raw: bool = False, **_: Any) -> None:
    """After a user with a new password is saved: end tokens and sessions, and tell of it. A first password ends
    nothing: tokens of a program that gets one were never made with another."""
    if getattr(instance, "_password", None) is None or created or raw:
        return
    by, request = getattr(instance, "password_set", ("command:password", None))
    with transaction.atomic():
        tokens, sessions = end_everything(instance) if instance.had_password else (0, 0)  # type: ignore[attr-defined]
        security.record(
            "change-password",
            subject=instance.get_username(),
            by=by,
            request=request,
            tokens_ended=tokens,
            sessions_ended=sessions,
        )


def end_everything(user: User) -> tuple[int, int]:
    """End a person's tokens and sessions; how many of each."""
    tokens, found = AuthToken.objects.filter(user=user), Session.objects.filter(sign_in__user=user)
    ended = tokens.count(), found.count()
    tokens.delete()
    found.delete()
    return ended
