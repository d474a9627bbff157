"""Actions on user accounts. Each writes the audit trail in its own transaction."""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import HttpRequest

from pcorg.core.accounts import security
from pcorg.core.accounts.roles import Role
from pcorg.core.audit.subjects import of_record


@transaction.atomic
def make_user(*, username: str, by: str) -> User:
    """A new person or program, who cannot sign in until somebody sets a password.

    Raises ValidationError when the name is taken, empty or holds characters that user names do not have.
    """
    user = User(username=username)
    user.set_unusable_password()
    user.full_clean()
    user.save(force_insert=True)
    security.record("make-user", subject=username, by=by, wrote=of_record(user))
    return user


@transaction.atomic
def grant_role(*, user: User, role: Role, by: str) -> None:
    """Gives a person a role; nothing happens when they hold it. A data administrator may enter the admin."""
    group, _ = Group.objects.get_or_create(name=role.value)
    enters_admin = role is Role.DATA_ADMINISTRATOR and not user.is_staff
    if user.groups.filter(pk=group.pk).exists() and not enters_admin:
        return
    user.groups.add(group)
    if enters_admin:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    security.record("grant-role", subject=user.username, by=by, wrote=of_record(user), role=role.value)


@transaction.atomic
def set_email(*, user: User, email: str, by: str, request: HttpRequest | None = None) -> str:
    """Sets the address that a person's password is recovered by; the address before, which is told of it. The trail
    says that it was changed and not to what."""
    before = str(user.email)
    user.email = email
    user.save(update_fields=["email"])
    security.record("change-email", subject=user.get_username(), by=by, request=request, wrote=of_record(user))
    return before
