"""Roles and the permissions that go with them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.management import call_command

from pcorg.core.accounts import actions
from pcorg.core.accounts.roles import REFERENCE_MODELS, Role, roles_of
from pcorg.core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_every_role_is_a_group() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {role.value for role in Role}


def test_an_approver_is_a_commissioner_too_and_a_stranger_nothing(approver: User) -> None:
    assert roles_of(approver) == {Role.APPROVER, Role.COMMISSIONER}
    assert roles_of(AnonymousUser()) == frozenset()


def test_data_administrators_alone_may_edit_reference_records_and_nothing_else() -> None:
    verbs = ("view", "add", "change", "delete")
    wanted = {f"{verb}_{model}" for verb in verbs for models in REFERENCE_MODELS.values() for model in models}
    permissions = {
        group.name: set(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()
    }

    assert permissions == {"commissioner": set(), "approver": set(), "data-administrator": wanted}


def test_migrating_again_gives_lost_permissions_back() -> None:
    Group.objects.get(name=Role.DATA_ADMINISTRATOR).permissions.clear()

    call_command("migrate", verbosity=0)

    assert Group.objects.get(name=Role.DATA_ADMINISTRATOR).permissions.count() == 4 * sum(
        map(len, REFERENCE_MODELS.values())
    )


def test_granting_a_role_twice_is_granting_it_once() -> None:
    user = actions.make_user(username="ann", by="tests")

    for _ in range(2):
        actions.grant_role(user=user, role=Role.DATA_ADMINISTRATOR, by="tests")

    user.refresh_from_db()
    assert user.is_staff
    assert roles_of(user) == {Role.DATA_ADMINISTRATOR}
    assert AuditEntry.objects.filter(action="grant-role", subject="ann").count() == 1
