"""Models of accounts in addition to Django's users: what a token may do, where people are signed in, when they last
asked for a new password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User, UserManager
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import models, transaction
from knox.models import AuthToken

from pcorg.core.accounts import security
from pcorg.core.accounts.roles import TokenScope
from pcorg.core.audit.subjects import Subject


class CheckedPeople(UserManager):
    """Makes people with passwords that fit the rules alone."""

    use_in_migrations = False

    def _create_user_object(self, username: str, email: str | None, password: str | None, **extra: Any) -> User:
        """Raises ValidationError for a password that does not fit."""
        made: User = super()._create_user_object(username, email, password, **extra)  # type: ignore[misc]
        if password is not None:
            validate_password(password, made)
        return made

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> Any:
        """Puts it on the trail. Raises ValidationError for a password that does not fit."""
        with transaction.atomic():
            made = super().create_superuser(username, email, password, **extra_fields)
            wrote = [Subject("user", str(made.pk))]
            security.record("make-superuser", subject=made.get_username(), by="command:createsuperuser", wrote=wrote)
        return made


class Person(User):
    """A user as `createsuperuser` makes one: Django's own manager lets any password pass."""

    objects = CheckedPeople()  # type: ignore[misc]

    class Meta:
        proxy = True
        ordering = ["username"]


class TokenDetails(models.Model):
    """What a token is called and may do. `used_on` is the day of its last use, in London: no finer trace of a
    program's doings is kept. A token without details only reads."""

    token = models.OneToOneField(AuthToken, models.CASCADE, primary_key=True, related_name="details")
    name = models.CharField(max_length=60)
    scope = models.CharField(max_length=10, choices=TokenScope.choices())
    used_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "token details"
        ordering = ["token"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=[scope.value for scope in TokenScope]), name="token_has_a_known_scope"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SignIn(models.Model):
    """A session of somebody who has signed in: since when, where from, and when it was last used, to the minute.
    It goes with its session."""

    session = models.OneToOneField(Session, models.CASCADE, primary_key=True, related_name="sign_in")
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    began = models.DateTimeField()
    seen = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=60)

    class Meta:
        ordering = ["-seen"]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.began:%Y-%m-%d %H:%M}"


class Recovery(models.Model):
    """When somebody's password was last asked to be recovered, so that nobody floods them with e-mail."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="recovery")
    asked = models.DateTimeField()

    class Meta:
        verbose_name_plural = "recoveries"
        ordering = ["-asked"]

    def __str__(self) -> str:
        return str(self.user_id)
