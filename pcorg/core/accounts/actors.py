"""Who acts: a signed-in user as the policies and the actions know one."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied

from pcorg.core.accounts.roles import Role, reading_roles_of, roles_of
from pcorg.core.policies import Actor, Permission, can


def actor_of(user: User | AnonymousUser) -> Actor:
    """The actor a user is, as far as what they signed in with reaches. One query for a signed-in user."""
    return actor_with(user, roles_of(user))


def reader_of(user: User | AnonymousUser) -> Actor:
    """The actor a user is where nothing is written. One query for a signed-in user."""
    return actor_with(user, reading_roles_of(user))


def actor_with(user: User | AnonymousUser, roles: frozenset[Role]) -> Actor:
    """The actor a user is in these roles."""
    return Actor(
        user.get_username(),
        commissions=Role.COMMISSIONER in roles,
        approves=Role.APPROVER in roles,
        id=user.pk,
        administers=Role.DATA_ADMINISTRATOR in roles,
    )


def actor_who_may(user: User | AnonymousUser, permission: Permission) -> Actor:
    """The same, for a page that only those see who have a permission. Raises PermissionDenied with the policy's
    reason."""
    by = actor_of(user)
    verdict = can(by, permission)
    if not verdict:
        raise PermissionDenied(verdict.reason)
    return by
