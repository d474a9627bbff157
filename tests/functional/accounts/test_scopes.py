"""What a token may do of what its owner may: held against every address of the API that writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from pcorg.core.accounts import tokens
from pcorg.core.accounts.models import TokenDetails
from pcorg.core.accounts.roles import Role, TokenScope, actor_with
from pcorg.core.api.writing import Writing
from pcorg.core.audit.models import AuditEntry
from pcorg.core.policies import ANONYMOUS, Permission, can

pytestmark = pytest.mark.django_db


def patterns(resolver: URLResolver, path: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        route = path + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, route)
        else:
            yield route, each


def writes() -> list[tuple[str, str, Permission]]:
    """Every method and address of the API that writes, with the deed that this is."""
    found = []
    for route, pattern in patterns(get_resolver()):
        view, actions = getattr(pattern.callback, "cls", None), getattr(pattern.callback, "actions", None)
        if view is None or not issubclass(view, Writing):
            continue
        address = "".join(part if "<" not in part else "1" + part.partition(">")[2] for part in split(route))
        found += [
            (method, address, view.permissions[action])
            for method, action in (actions or {}).items()
            if action in view.permissions
        ]
    return sorted(found, key=lambda each: each[:2])


def roles_for(permission: Permission) -> frozenset[Role]:
    """The roles of which each alone lets somebody do a deed."""
    return frozenset(role for role in Role if can(actor_with(User(pk=1, username="x"), frozenset({role})), permission))


def split(route: str) -> Iterator[str]:
    """A route cut before each of its parameters."""
    head, *rest = route.split("<")
    yield head
    yield from (f"<{part}" for part in rest)


@pytest.fixture
def mighty(person: Callable[..., User]) -> User:
    """Somebody with every role."""
    return person("mighty", *Role)


@pytest.fixture
def with_scope(mighty: User) -> Callable[[TokenScope], APIClient]:
    """The API by a token of a scope."""

    def client(scope: TokenScope) -> APIClient:
        made = APIClient(raise_request_exception=False)
        _, text = tokens.create_token(user=mighty, by="tests", scope=scope)
        made.credentials(HTTP_AUTHORIZATION=f"Token {text}")
        return made

    return client


def said(client: APIClient, method: str, address: str) -> tuple[int, str]:
    response = getattr(client, method)(address, {}, format="json")
    document: dict[str, Any] = response.json() if response.content else {}
    return response.status_code, document.get("detail", "") if isinstance(document, dict) else ""


def test_there_is_something_to_hold_it_against() -> None:
    assert len(writes()) > 20
    assert {roles_for(permission) for _, _, permission in writes()} >= {frozenset({role}) for role in Role}


def test_every_write_names_its_deed() -> None:
    """A write that names none would be held against no scope; those that are reads say so."""
    nameless = [
        (route, action)
        for route, pattern in patterns(get_resolver())
        for method, action in getattr(pattern.callback, "actions", {}).items()
        if method not in {"get", "head", "options"}
        and action not in getattr(pattern.callback.cls, "permissions", {})  # type: ignore[attr-defined]
        and action not in getattr(pattern.callback.cls, "open_actions", ())  # type: ignore[attr-defined]
    ]
    assert nameless == []


def test_a_token_that_reads_writes_nothing_anywhere(with_scope: Callable[[TokenScope], APIClient]) -> None:
    client = with_scope(TokenScope.READ)

    for method, address, _ in writes():
        status, detail = said(client, method, address)
        assert status == 403, (method, address)
        assert detail.endswith("its scope is read."), (method, address)
    assert client.get("/api/v1/organisations/").status_code == 200
    assert client.get("/api/v1/audit/").status_code == 200


def test_a_token_that_proposes_does_what_commissioners_do_and_no_more(
    with_scope: Callable[[TokenScope], APIClient],
) -> None:
    client = with_scope(TokenScope.PROPOSE)

    for method, address, permission in writes():
        status, detail = said(client, method, address)
        refused = status == 403 and "its scope is propose." in detail
        assert refused is (Role.COMMISSIONER not in roles_for(permission)), (method, address, status)
    assert client.get("/api/v1/audit/").status_code == 200


def test_a_token_of_all_does_what_its_owner_may(with_scope: Callable[[TokenScope], APIClient]) -> None:
    client = with_scope(TokenScope.ALL)

    for method, address, permission in writes():
        _, detail = said(client, method, address)
        assert "its scope is" not in detail, (method, address)
        assert detail != can(ANONYMOUS, permission).reason, (method, address)


def test_no_scope_gives_a_role_that_its_owner_lacks(commissioner: User) -> None:
    _, text = tokens.create_token(user=commissioner, by="tests", scope=TokenScope.ALL)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}")

    assert client.get("/api/v1/audit/").status_code == 403
    for method, address, permission in writes():
        if Role.COMMISSIONER not in roles_for(permission):
            assert said(client, method, address) == (403, can(ANONYMOUS, permission).reason), address


def test_a_role_that_is_taken_away_is_gone_from_tokens_at_once(
    with_scope: Callable[[TokenScope], APIClient], mighty: User
) -> None:
    client = with_scope(TokenScope.ALL)

    mighty.groups.remove(Group.objects.get(name=Role.APPROVER))
    mighty.groups.remove(Group.objects.get(name=Role.DATA_ADMINISTRATOR))

    assert client.get("/api/v1/audit/").status_code == 403


def test_a_token_without_details_only_reads(mighty: User) -> None:
    _, text = AuthToken.objects.create(user=mighty)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}")

    assert client.get("/api/v1/organisations/").status_code == 200
    assert client.post("/api/v1/portfolios/", {}, format="json").status_code == 403


def test_the_day_of_the_last_use_is_kept(with_scope: Callable[[TokenScope], APIClient], queries: Callable) -> None:
    client = with_scope(TokenScope.READ)
    assert TokenDetails.objects.get().used_on is None

    client.get("/api/v1/forms/")
    with queries() as seen:
        client.get("/api/v1/forms/")

    assert TokenDetails.objects.get().used_on == timezone.localdate()
    assert not [query for query in seen if query["sql"].startswith("UPDATE")]


def test_a_token_used_after_its_end_is_refused_and_told_of_once(commissioner: User) -> None:
    token, text = tokens.create_token(user=commissioner, by="tests")
    AuthToken.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}")

    assert [client.get("/api/v1/forms/").status_code for _ in range(3)] == [401] * 3

    entries = AuditEntry.objects.filter(action="token-used-after-end")
    assert [(entry.actor, entry.subject) for entry in entries] == [("a-commissioner", "a-commissioner")]


@pytest.mark.parametrize("life", [timedelta(0), timedelta(days=366), timedelta(days=-1)])
def test_no_token_lives_longer_than_a_year(commissioner: User, life: timedelta) -> None:
    with pytest.raises(ValueError, match="365 days"):
        tokens.create_token(user=commissioner, by="tests", life=life)
