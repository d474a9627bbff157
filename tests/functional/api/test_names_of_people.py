"""Names of people are shown to people who have signed in, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client
from rest_framework.test import APIClient

from evaluation.models import Assessment
from pcorg import naming
from pcorg.accounts.roles import Role

pytestmark = pytest.mark.django_db

ZEBEDEE, QUINTILIA = "zebedee", "quintilia"
ASKED = {
    "title": "Which way for the fens?",
    "options": [{"key": "community-and-social-care"}, {"key": "virtual-integration"}],
    "panel": [ZEBEDEE, QUINTILIA],
    "weights": {"mode": "own"},
}
PLACES = ("", "judgements/", "judgements/?format=csv", "results/", "sensitivity/", "measures/", "measures/?format=csv")
PAGES = ("", "report/", "judgements.csv", "results.csv", "following/")


@pytest.fixture
def judged(person: Callable[..., User], api_as: Callable[[User], APIClient]) -> int:
    """An assessment that one of a panel of two has judged and another approved."""
    client = api_as(person(ZEBEDEE, Role.COMMISSIONER))
    other = api_as(person(QUINTILIA, Role.APPROVER))
    made = client.post("/api/v1/assessments/", ASKED, format="json").json()
    path = f"/api/v1/assessments/{made['id']}/"
    assert client.post(f"{path}open/", {}, format="json").status_code == 200
    criteria = Assessment.objects.get(pk=made["id"]).framework.criteria.values_list("slug", flat=True)
    judgements = [
        {"option": option["key"], "criterion": criterion, "low": 2, "high": 3, "rationale": "Seen."}
        for option in ASKED["options"]
        for criterion in criteria
    ]
    answer = client.put(f"{path}judgements/", {"judgements": judgements}, format="json")
    assert answer.status_code == 200, answer.content
    assert client.post(f"{path}close/", {}, format="json").status_code == 200
    assert other.post(f"{path}approve/", {}, format="json").status_code == 200
    return int(made["id"])


def body(answer: object) -> str:
    streamed = getattr(answer, "streaming", False)
    content: bytes = b"".join(answer.streaming_content) if streamed else answer.content  # type: ignore[attr-defined]
    return content.decode()


def test_strangers_read_no_name_and_people_who_sign_in_do(
    judged: int, api: APIClient, api_as: Callable[[User], APIClient], commissioner: User
) -> None:
    reader, named = api_as(commissioner), set()
    for place in PLACES:
        address = f"/api/v1/assessments/{judged}/{place}"
        told = body(api.get(address))
        assert ZEBEDEE not in told.lower(), place
        assert QUINTILIA not in told.lower(), place
        if ZEBEDEE in body(reader.get(address)).lower():
            named.add(place)

    assert {"", "judgements/", "judgements/?format=csv", "results/"} <= named
    document = api.get(f"/api/v1/assessments/{judged}/").json()
    assert document["created_by"] == "a commissioner"
    assert [step["by"] for step in document["history"]][-1] == "an approver"
    assert {each["name"] for each in document["panel"]} == {"assessor 1", "assessor 2"}


@pytest.mark.parametrize("form", ["json", "csv", "ndjson"])
def test_lists_name_nobody_to_strangers(judged: int, api: APIClient, form: str) -> None:
    told = body(api.get(f"/api/v1/assessments/?portfolio=all&format={form}"))

    assert "Which way for the fens?" in told
    assert ZEBEDEE not in told


def test_pages_name_nobody_to_strangers(
    judged: int, client: Client, signed_in: Callable[[User], Client], commissioner: User
) -> None:
    reader, named = signed_in(commissioner), set()
    for place in PAGES:
        answer = client.get(f"/assessments/{judged}/{place}?portfolio=all")
        if answer.status_code == 404:
            continue
        told = body(answer).lower()
        assert ZEBEDEE not in told, place
        assert QUINTILIA not in told, place
        if ZEBEDEE in body(reader.get(f"/assessments/{judged}/{place}?portfolio=all")).lower():
            named.add(place)

    assert {"", "report/"} <= named


def test_what_is_shipped_names_the_people_it_invents_until_somebody_touches_it(api: APIClient) -> None:
    held = Assessment.objects.get(slug="ostlebury-panel")
    address = f"/api/v1/assessments/{held.pk}/"
    assert "A. Farrow, nursing" in body(api.get(address))

    Assessment.objects.filter(pk=held.pk).update(version=2)

    assert "A. Farrow, nursing" not in body(api.get(address))


def test_names_go_from_texts_and_lists_and_nothing_else_does() -> None:
    document = {
        "statement": "ann has not judged. Anna and the ann-arm stay.",
        "title": "ann",
        "agreement": {"assessors": ["bob", "ann", naming.TOGETHER]},
        "panel": [{"name": "ann", "consensus": False}, {"name": naming.TOGETHER, "consensus": True}],
        "history": [{"status": "approved", "by": "bob"}, {"status": "draft", "by": "command:load_assessments"}],
        "figures": {"assessor": 3},
    }

    assert naming.without_names(document) == {
        "statement": "Assessor 1 has not judged. Anna and the assessor 1-arm stay.",
        "title": "ann",
        "agreement": {"assessors": ["assessor 2", "assessor 1", naming.TOGETHER]},
        "panel": [{"name": "assessor 1", "consensus": False}, {"name": naming.TOGETHER, "consensus": True}],
        "history": [{"status": "approved", "by": "an approver"}, {"status": "draft", "by": "command:load_assessments"}],
        "figures": {"assessor": 3},
    }


def test_a_name_on_a_page(commissioner: User) -> None:
    stranger, reader = SimpleNamespace(user=AnonymousUser()), SimpleNamespace(user=commissioner)

    assert naming.shown("ann", reader) == "ann"  # type: ignore[arg-type]
    assert naming.shown("ann", stranger, otherwise="an assessor") == "an assessor"  # type: ignore[arg-type]
    assert naming.shown("", stranger) == ""  # type: ignore[arg-type]
    assert naming.shown("command:load_assessments", stranger) == "command:load_assessments"  # type: ignore[arg-type]
