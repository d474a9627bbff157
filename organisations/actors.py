"""Who acts: a signed-in user as the policies and the actions know one."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User

from pcorg.accounts.roles import Role, roles_of
from pcorg.policies import Actor


def actor_of(user: User | AnonymousUser) -> Actor:
    """The actor a user is. One query for a signed-in user."""
    roles = roles_of(user)
    return Actor(
        user.get_username(),
        commissions=Role.COMMISSIONER in roles,
        approves=Role.APPROVER in roles,
        id=user.pk,
        administers=Role.DATA_ADMINISTRATOR in roles,
    )
