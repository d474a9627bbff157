"""Who may do what, and how often."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from knox.models import AuthToken
from rest_framework.test import APIClient

from pcorg.core.api.throttles import Anonymous, WholeFiles
from tests.functional.api.conftest import Get, refused

pytestmark = pytest.mark.django_db
RESOLVE = "/api/v1/organisations/resolve/"


def test_reading_is_open(get: Get) -> None:
    assert get("organisations/").status_code == 200


def test_a_token_is_taken_and_kept_only_as_a_digest(commissioner: User, token_for: Callable[[User], str]) -> None:
    token = token_for(commissioner)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert client.get("/api/v1/organisations/5M1/").status_code == 200
    assert token not in {value for row in AuthToken.objects.values_list() for value in row}


@pytest.mark.parametrize("header", ["Token wrong", "Token", "Token a b"])
def test_a_wrong_token_is_refused_even_for_reading(get: Get, header: str) -> None:
    response = get("organisations/", headers={"Authorization": header})
    refused(response, 401, "not-authenticated")
    assert response["WWW-Authenticate"] == "Token"


def test_a_retired_user_is_refused(commissioner: User, api_as: Callable[[User], APIClient]) -> None:
    client = api_as(commissioner)
    commissioner.is_active = False
    commissioner.save()
    refused(client.get("/api/v1/organisations/"), 401, "not-authenticated")


def test_a_session_reads_and_needs_its_csrf_token_to_post(commissioner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(commissioner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/organisations/5M1/").status_code == 200
    refused(client.post(RESOLVE, {"codes": ["5M1"]}, content_type="application/json"), 403, "not-permitted")


def test_resolve_reads_and_is_open_to_all(api: APIClient) -> None:
    assert api.post(RESOLVE, {"codes": ["5M1"]}, format="json").status_code == 200


def test_answers_of_a_user_have_tags_of_their_own(get: Get, commissioner: User, api_as: Callable) -> None:
    assert get("organisations/")["ETag"] != api_as(commissioner).get("/api/v1/organisations/")["ETag"]


def test_too_many_requests(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Anonymous, "rate", "3/min", raising=False)
    monkeypatch.setattr(Anonymous, "timer", lambda self: 90.0)
    assert [get("forms/").status_code for _ in range(3)] == [200, 200, 200]
    response = get("forms/")
    refused(response, 429, "throttled")
    assert response["Retry-After"] == "30"
    monkeypatch.setattr(Anonymous, "timer", lambda self: 120.0)
    assert get("forms/").status_code == 200


def test_too_many_workbooks(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WholeFiles, "rate", "2/min", raising=False)
    monkeypatch.setattr(WholeFiles, "timer", lambda self: 90.0)
    workbook = "portfolios/england-2006-2015/?fields=portfolio&format="
    assert [get(workbook + form).status_code for form in ("xlsx", "zip")] == [200, 200]
    refused(get(workbook + "xlsx"), 429, "throttled")
    for cheap in (workbook + "json", workbook + "yaml", "portfolios/template/?format=xlsx", "forms/"):
        assert get(cheap).status_code == 200


def test_throttles_are_generous() -> None:
    assert Anonymous().num_requests >= 100 * 60
