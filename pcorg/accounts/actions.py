"""What can be done to people and their tokens. Each action writes the audit trail in its own transaction."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.db import transaction
from knox.models import AuthToken
from knox.settings import knox_settings

from pcorg.accounts.roles import Role
from pcorg.audit import trail
from pcorg.audit.subjects import of_record

LONGEST_LIFE = timedelta(days=3650)


@transaction.atomic
def make_user(*, username: str, by: str) -> User:
    """A new person or program, who cannot sign in until somebody sets a password.

    Raises ValidationError when the name is taken, empty or holds characters that user names do not have.
    """
    user = User(username=username)
    user.set_unusable_password()
    user.full_clean()
    user.save(force_insert=True)
    trail.record(actor=by, action="make-user", subject=username, wrote=of_record(user))
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
    trail.record(
        actor=by,
        action="grant-role",
        subject=user.username,
        particulars={"role": role.value},
        wrote=of_record(user),
    )


@transaction.atomic
def create_token(*, user: User, by: str, life: timedelta | None = None) -> tuple[AuthToken, str]:
    """A new API token for a person, and its text, which is kept nowhere: only its hash is.

    `life` is how long the token works, up to ten years; None takes the life of the settings. Raises
    ValueError for a life that is not in these bounds.
    """
    life = knox_settings.TOKEN_TTL if life is None else life
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise ValueError(f"A token lives from one to {LONGEST_LIFE.days} days.")
    token, text = AuthToken.objects.create(user=user, expiry=life)
    trail.record(
        actor=by,
        action="create-token",
        subject=user.username,
        particulars={"begins": beginning(token), "expires": token.expiry.isoformat()},
    )
    return token, text


@transaction.atomic
def revoke_token(*, user: User, digest: str, by: str) -> None:
    """Ends one of a person's tokens at once. Raises AuthToken.DoesNotExist when there is none."""
    token = AuthToken.objects.select_for_update().get(user=user, digest=digest)
    token.delete()
    trail.record(actor=by, action="revoke-token", subject=user.username, particulars={"begins": beginning(token)})


def beginning(token: AuthToken) -> str:
    """The first characters of a token, by which its owner knows it: eight of sixty-four, useless alone."""
    return str(token.token_key[:8])
