"""The command that makes tokens, and what it keeps."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from pcorg.core.accounts import tokens
from pcorg.core.accounts.models import TokenDetails
from pcorg.core.accounts.roles import Role, roles_of
from pcorg.core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def made(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("api_token", *arguments, stdout=out)
    return out.getvalue()


def test_the_last_word_printed_is_a_token_that_works() -> None:
    token = made("ann", "--create", "--role", "commissioner").split()[-1]

    user, _ = TokenAuthentication().authenticate_credentials(token.encode())

    assert user.username == "ann"
    assert roles_of(user) == {Role.COMMISSIONER}
    assert not user.has_usable_password()
    assert not user.is_staff


def test_only_a_hash_is_kept() -> None:
    token = made("ann", "--create").split()[-1]

    kept = AuthToken.objects.get()

    assert len(token) == 64
    assert token not in {kept.digest, kept.token_key}
    assert kept.token_key == token[:15]
    assert token[8:] not in str(list(AuditEntry.objects.values_list("particulars", flat=True)))


def test_without_create_the_user_must_exist() -> None:
    with pytest.raises(CommandError, match=r"There is no user 'ann'\. Add --create"):
        made("ann")

    assert not User.objects.filter(username="ann").exists()


def test_a_second_token_leaves_user_role_and_first_token_alone() -> None:
    first = made("ann", "--create", "--role", "approver").split()[-1]
    second = made("ann", "--create", "--role", "approver").split()[-1]

    assert first != second
    assert User.objects.filter(username="ann").count() == 1
    assert AuthToken.objects.filter(user__username="ann").count() == 2
    assert AuditEntry.objects.filter(subject="ann", action="grant-role").count() == 1


def test_a_data_administrator_may_enter_the_admin() -> None:
    made("dora", "--create", "--role", "data-administrator")

    dora = User.objects.get(username="dora")

    assert dora.is_staff
    assert dora.has_perm("organisations.change_form")
    assert not dora.has_perm("organisations.change_organisation")
    assert not dora.has_perm("auth.change_user")


def test_days_set_the_life() -> None:
    made("ann", "--create", "--days", "3")

    life = AuthToken.objects.get().expiry - timezone.now()

    assert timedelta(days=3) - timedelta(minutes=1) < life <= timedelta(days=3)


def test_it_has_a_name_and_a_scope() -> None:
    made("ann", "--create")
    made("ann", "--name", "nightly copy", "--scope", "read")

    told = list(TokenDetails.objects.order_by("token__created").values_list("name", "scope"))
    assert told == [("Made by api_token", "all"), ("nightly copy", "read")]


@pytest.mark.parametrize("wrong", [("--name", ""), ("--name", "n" * 61), ("--scope", "everything")])
def test_a_wrong_name_or_scope_makes_nothing(wrong: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        made("ann", "--create", *wrong)

    assert not User.objects.filter(username="ann").exists()


@pytest.mark.parametrize("days", ["0", "-1", "366"])
def test_a_life_out_of_bounds_is_refused(days: str) -> None:
    with pytest.raises(CommandError, match="from 1 to 365"):
        made("ann", "--create", "--days", days)

    assert not User.objects.filter(username="ann").exists()


def test_a_bad_name_is_refused_with_django_s_reason() -> None:
    with pytest.raises(CommandError, match="valid username"):
        made("two words", "--create")


def test_an_unknown_role_is_refused_with_the_roles_there_are() -> None:
    with pytest.raises(CommandError, match="data-administrator"):
        made("ann", "--create", "--role", "chief")


def test_a_closed_account_gets_no_token() -> None:
    User.objects.create_user("ann", is_active=False)

    with pytest.raises(CommandError, match="not active"):
        made("ann")


def test_every_step_is_audited() -> None:
    made("ann", "--create", "--role", "approver")

    entries = AuditEntry.objects.filter(subject="ann").order_by("sequence")

    assert [(entry.actor, entry.action) for entry in entries] == [
        ("command:api_token", "make-user"),
        ("command:api_token", "grant-role"),
        ("command:api_token", "create-token"),
    ]


def refused(token: str) -> bool:
    """Whether the API would turn the token away."""
    try:
        TokenAuthentication().authenticate_credentials(token.encode())
    except AuthenticationFailed:
        return True
    return False


def test_an_ended_a_revoked_and_an_altered_token_are_refused(commissioner: User) -> None:
    ended, ended_text = tokens.create_token(user=commissioner, by="tests")
    AuthToken.objects.filter(pk=ended.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    revoked, revoked_text = tokens.create_token(user=commissioner, by="tests")
    tokens.revoke_token(user=commissioner, digest=revoked.digest, by="tests")
    _, good = tokens.create_token(user=commissioner, by="tests")
    altered = good[:-1] + ("0" if good[-1] != "0" else "1")

    assert not refused(good)
    assert refused(ended_text)
    assert refused(revoked_text)
    assert refused(altered)


def test_a_token_of_a_closed_account_is_refused(commissioner: User) -> None:
    _, text = tokens.create_token(user=commissioner, by="tests")
    commissioner.is_active = False
    commissioner.save()

    assert refused(text)
