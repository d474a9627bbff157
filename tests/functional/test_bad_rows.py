"""Rows that no version of the product would write, planted by SQL: the lists and pages they stand in still answer, with
everything else in them, and mark what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from organisations.models import Change, Organisation
from pcorg.core.audit import memory
from tests.clients import SeeingClient
from tests.functional.api.office import NEWCASTLE, Office

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.exhaustive]

LISTS = [
    "organisations/?portfolio=all&page_size=1000",
    "organisations/?portfolio=all&page_size=1000&as_of=2003-04-01&ordering=-population,name",
    "organisations/?portfolio=all&format=csv",
    "organisations/?portfolio=all&format=ndjson",
    "organisations/5M1/lineage/",
    "configuration/?portfolio=all&as_of=2003-04-01",
    "configuration/compare/?portfolio=all&a=2000-04-01&b=2005-04-01",
    "changes/?portfolio=all&page_size=1000",
    "changes/?portfolio=all&format=csv",
    "mergers/?portfolio=all",
    "forms/",
    "portfolios/",
    "contracts/?portfolio=all&page_size=1000",
    "assessments/?portfolio=all",
    "assessments/?portfolio=all&format=csv",
]
PAGES = [
    "/?portfolio=illustrative-county&as_of=2003-04-01",
    "/organisations/?portfolio=all",
    "/changes/?portfolio=all",
    "/decisions/?pile=open",
    "/assessments/?portfolio=all",
    "/contracts/?portfolio=all",
    "/forms/",
    "/about-the-data/",
    "/organisations/5M1/",
]
BARE = (
    "INSERT INTO organisations_organisation (code, portfolio_id, opened, opened_basis, basis, locator, note, version) "
    "VALUES ('X-BARE', 'illustrative-county', '1999-04-01', 'recorded', 'illustrative', '', '', 1)"
)
PLANTED = {
    "an organisation without name and form": (BARE, ["organisations/X-BARE/", "/organisations/X-BARE/"]),
    "a basis of no vocabulary": (
        "UPDATE organisations_organisation SET basis = 'hearsay', opened_basis = 'hearsay' WHERE code = 'X-PCT1'",
        ["organisations/X-PCT1/", "/organisations/X-PCT1/"],
    ),
    "parts of a population that are none": (
        "UPDATE organisations_population SET parts = '[{\"a\": 1}, 7]' WHERE organisation_id = 'X-PCT1'",
        ["organisations/X-PCT1/", "/organisations/X-PCT1/"],
    ),
    "a population counted in no known way": (
        "UPDATE organisations_population SET counted = 'guesswork' WHERE organisation_id = 'X-PCT2'",
        ["organisations/X-PCT2/", "/organisations/X-PCT2/"],
    ),
    "a share of no known basis": ("UPDATE organisations_lineageedge SET basis = 'hearsay' WHERE change_id = 5", []),
    "a form of no family": ("UPDATE organisations_form SET family = 'strange' WHERE slug = 'acute-trust'", []),
    "a contract of no sector": (
        "UPDATE commissioning_contract SET sector = 'strange' WHERE code = 'X-KC110'",
        ["contracts/X-KC110/", "/contracts/X-KC110/"],
    ),
    "weights that are no weights": (
        "UPDATE evaluation_assessment SET weights = '[]' WHERE id = 1",
        ["assessments/1/", "/assessments/1/"],
    ),
    "an assessment of no status": (
        "UPDATE evaluation_assessment SET status = 'strange' WHERE id = 1",
        ["assessments/1/", "/assessments/1/"],
    ),
    "evidence that is a list": ("UPDATE organisations_change SET evidence = '[1]' WHERE id = 5", ["/changes/5/"]),
    "effects that are none": (
        "UPDATE organisations_changeeffects SET effects = '[{\"operation\": 1}, 7]' WHERE change_id = 5",
        ["changes/5/", "/changes/5/"],
    ),
    "limits that are a number": ("UPDATE organisations_portfolio SET limits = '7'", []),
}
UNREADABLE = ["{}", "[]", "null", "7", '"words"', '{"kind": "merger", "colour": "red"}', '{"kind": "sale"}']


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()


def plant(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0
    memory.forget()


@pytest.fixture
def answers(commissioner: User, signed_in: Callable[[User], Client]) -> Callable[[str], str]:
    """What an address answers, which must not be a failure."""
    client = signed_in(commissioner)

    def ask(path: str) -> str:
        response = client.get(path if path.startswith("/") else f"/api/v1/{path}")
        assert response.status_code == 200, (path, response.content[:300])
        content = b"".join(response.streaming_content) if response.streaming else response.content
        return content.decode()

    return ask


@pytest.mark.parametrize("case", PLANTED)
def test_one_bad_row_breaks_neither_list_nor_page(answers: Callable[[str], str], case: str) -> None:
    before = {path: answers(path).count("5M1") for path in LISTS}
    statement, own = PLANTED[case]
    plant(statement)
    for path in LISTS:
        assert answers(path).count("5M1") == before[path], path
    for path in (*PAGES, *own):
        answers(path)


def test_what_cannot_be_read_is_marked(api: APIClient, client: Client) -> None:
    plant(BARE)
    plant(PLANTED["weights that are no weights"][0])
    rows = api.get("/api/v1/organisations/", {"code": "X-BARE"}).json()["results"]
    assert [(row["code"], row["name"], row["form"]["slug"]) for row in rows] == [("X-BARE", None, None)]
    unreadable = api.get("/api/v1/assessments/1/").json()
    assert (unreadable["problem"], unreadable["weights"]) == ("unreadable-weights", None)
    assert api.get("/api/v1/assessments/2/").json()["problem"] is None
    assert client.get("/assessments/1/").status_code == 200


@pytest.fixture
def office(commissioner: User, approver: User, api_as: Callable[[User], APIClient]) -> Office:
    return Office(api_as(commissioner), api_as(approver), SeeingClient())


@pytest.mark.parametrize("kept", UNREADABLE)
def test_a_proposal_that_cannot_be_read_is_marked_and_can_be_withdrawn(
    office: Office, answers: Callable[[str], str], kept: str
) -> None:
    number = office.proposed("mergers/", NEWCASTLE)["id"]
    other = office.proposed("mergers/", NEWCASTLE | {"originals": ["01A", "01E"], "title": "Another merger"})["id"]
    plant("UPDATE organisations_change SET particulars = %s WHERE id = %s", kept, number)
    for path in (*LISTS, *PAGES):
        answers(path)
    rows = office.anyone.get("/api/v1/mergers/?portfolio=all").json()["results"]
    problems = {row["id"]: row["problem"] for row in rows}
    assert problems[number] == "unreadable"
    assert problems[other] is None
    assert "cannot be read" in answers("/changes/?portfolio=all")
    document = office.anyone.get(f"/api/v1/changes/{number}/").json()
    assert (document["problem"], document["edges"], document["status"]) == ("unreadable", [], "proposed")
    assert office.anyone.get(f"/api/v1/changes/{number}/preview/").status_code == 409
    assert office.post(f"changes/{number}/approve/", by=office.approver).status_code == 409
    assert "cannot be read" in answers(f"/changes/{number}/")
    assert office.done(f"changes/{number}/withdraw/", {"comment": "It cannot be read."})["status"] == "withdrawn"
    assert Organisation.objects.filter(pk="00F", closed=None).exists()
    assert Change.objects.get(pk=number).status == "withdrawn"
