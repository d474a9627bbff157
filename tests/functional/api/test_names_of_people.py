"""Names of people are shown to people who have signed in, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from evaluation.models import Assessment
from organisations.api.change_examples import MERGER
from pcorg.core.accounts.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

ZEBEDEE, QUINTILIA, THEODOSIA, PEREGRINE = "zebedee", "quintilia", "theodosia", "peregrine"
"""The owner, the other member of the panel, who approves, and who works on it and comments."""
PEOPLE = {
    ZEBEDEE: Role.COMMISSIONER,
    QUINTILIA: Role.COMMISSIONER,
    THEODOSIA: Role.APPROVER,
    PEREGRINE: Role.COMMISSIONER,
}
OPTIONS = ["community-interest-company", "provider-unit"]
ASSESSMENT = {
    "title": "Which way for the fens?",
    "subject": "X-PCT2",
    "as_of": "2009-06-01",
    "scope": {"kind": "group", "service_group": "rehabilitation"},
    "options": OPTIONS,
    "panel": [ZEBEDEE, QUINTILIA],
    "weights": {"mode": "own"},
}
PLAN = {
    "organisation": "X-KPCT1",
    "title": "The fens by 2012",
    "rationale": "Different services need different forms.",
    "start": "2009-10-01",
    "separation": "internal",
    "groups": [
        {
            "title": "Wellbeing",
            "services": ["family-planning", "health-promotion"],
            "coherence": "One aim.",
            "form": "provider-unit",
        }
    ],
}
API = {
    "assessment": (
        "",
        "comments/",
        "judgements/",
        "judgements/?format=csv",
        "results/",
        "results/?format=csv",
        "sensitivity/",
        "measures/",
        "measures/?format=csv",
    ),
    "change": ("", "comments/"),
    "merger": ("", "comments/"),
    "dispersal": ("",),
    "arm-plan": ("",),
}
"""Addresses of the API below those of a thing."""
NAMING = {
    "assessment": {"", "comments/", "judgements/", "judgements/?format=csv", "results/"},
    "change": {"", "comments/"},
    "merger": {"", "comments/"},
    "dispersal": {""},
    "arm-plan": {""},
}
"""Those of them that name people to who has signed in: were there no names, hiding them would show nothing."""
PAGES = {
    "assessment": ("", "report/", "judgements.csv", "results.csv", "readings.csv", "following/"),
    "change": ("",),
    "dispersal": ("", "groups.csv"),
    "arm-plan": ("",),
}
LISTS = ("/changes/", "/assessments/", "/provider-arms/", "/organisations/X-KPCT1/provider-arm/", "/")


@dataclass(frozen=True)
class Made:
    """The numbers of what the people of this module made, by kind."""

    numbers: dict[str, int]

    def page(self, kind: str) -> str:
        """The address of the page of a thing."""
        number = self.numbers[kind]
        return f"/organisations/X-KPCT1/provider-arm/{number}/" if kind == "arm-plan" else f"/{kind}s/{number}/"


@pytest.fixture
def people(person: Callable[..., User], api_as: Callable[[User], APIClient]) -> dict[str, APIClient]:
    return {name: api_as(person(name, role)) for name, role in PEOPLE.items()}


@pytest.fixture
def made(people: dict[str, APIClient]) -> Made:
    """An assessment that one of a panel of two has judged and an approver approved, a dispersal of it, a change that is
    approved and a plan; all with somebody who works on them, and comments where they take any."""
    owner, named = people[ZEBEDEE], {"collaborators": [PEREGRINE]}
    change = sent(owner, "post", "mergers/", MERGER, 201)["id"]
    sent(owner, "put", f"changes/{change}/collaborators/", named, 200)
    sent(people[PEREGRINE], "post", f"changes/{change}/comments/", {"text": "Well."}, 201)
    sent(people[THEODOSIA], "post", f"changes/{change}/approve/", {"comment": "So be it."}, 200)

    number = sent(owner, "post", "assessments/", ASSESSMENT, 201)["id"]
    sent(owner, "put", f"assessments/{number}/collaborators/", named, 200)
    sent(owner, "post", f"assessments/{number}/open/", {}, 200)
    criteria = Assessment.objects.get(pk=number).framework.criteria.values_list("slug", flat=True)
    cells = [
        {"option": option, "criterion": criterion, "low": 2, "high": 3, "rationale": "Seen."}
        for option in OPTIONS
        for criterion in criteria
    ]
    sent(owner, "put", f"assessments/{number}/judgements/", {"judgements": cells}, 200)
    sent(owner, "post", f"assessments/{number}/close/", {}, 200)
    sent(people[PEREGRINE], "post", f"assessments/{number}/comments/", {"text": "Well."}, 201)
    sent(people[THEODOSIA], "post", f"assessments/{number}/approve/", {}, 200)

    apart = {"organisation": "X-PCT2", "title": "The fens by group", "as_of": "2009-06-01"}
    dispersal = sent(owner, "post", "dispersals/", {**apart, "parts": [{"assessment": number}]}, 201)["id"]
    sent(owner, "put", f"dispersals/{dispersal}/collaborators/", named, 200)

    plan = sent(owner, "post", "arm-plans/", PLAN, 201)["id"]
    sent(owner, "put", f"arm-plans/{plan}/collaborators/", named, 200)
    numbers = {"change": change, "merger": change, "assessment": number, "dispersal": dispersal, "arm-plan": plan}
    return Made(numbers)


def sent(client: APIClient, method: str, path: str, asked: Any, status: int) -> Any:
    answer = getattr(client, method)(f"/api/v1/{path}", asked, format="json")
    assert answer.status_code == status, answer.content
    return answer.json()


def body(answer: Any) -> str:
    assert answer.status_code == 200, answer
    content: bytes = b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content
    return content.decode().lower()


def names_in(told: str) -> set[str]:
    return {name for name in PEOPLE if name in told}


@pytest.mark.parametrize("kind", API)
def test_strangers_read_no_name_and_people_who_sign_in_do(
    kind: str, made: Made, api: APIClient, api_as: Callable[[User], APIClient], commissioner: User
) -> None:
    reader, named = api_as(commissioner), set()
    for place in API[kind]:
        address = f"/api/v1/{kind}s/{made.numbers[kind]}/{place}"
        # The stranger asks before and after the reader: what was worked out for one is not told to the other.
        assert names_in(body(api.get(address))) == set(), place
        if names_in(body(reader.get(address))):
            named.add(place)
        assert names_in(body(api.get(address))) == set(), place

    assert NAMING[kind] <= named


def test_strangers_read_what_people_were_to_a_matter(made: Made, api: APIClient) -> None:
    document = api.get(f"/api/v1/assessments/{made.numbers['assessment']}/").json()
    assert document["created_by"] == document["owner"] == "a commissioner"
    assert document["collaborators"] == ["a commissioner"]
    assert [step["by"] for step in document["history"]][-1] == "an approver"
    assert {each["name"] for each in document["panel"]} == {"Assessor 1", "Assessor 2"}

    document = api.get(f"/api/v1/changes/{made.numbers['change']}/").json()
    assert document["owner"] == document["proposed_by"] == "a commissioner"
    assert document["collaborators"] == ["a commissioner"]
    document = api.get(f"/api/v1/arm-plans/{made.numbers['arm-plan']}/").json()
    assert document["owner"] == document["kept_by"] == "a commissioner"
    document = api.get(f"/api/v1/dispersals/{made.numbers['dispersal']}/").json()
    assert document["owner"] == document["created_by"] == "a commissioner"


@pytest.mark.parametrize("form", ["json", "csv", "ndjson"])
@pytest.mark.parametrize("kind", API)
def test_lists_name_nobody_to_strangers(
    kind: str, form: str, made: Made, api: APIClient, people: dict[str, APIClient]
) -> None:
    address = f"/api/v1/{kind}s/?portfolio=all&format={form}"

    assert names_in(body(api.get(address))) == set()
    assert (ZEBEDEE in body(people[QUINTILIA].get(address))) is (kind not in {"change", "merger"})  # these name nobody
    assert names_in(body(api.get(address))) == set()


@pytest.mark.parametrize("kind", PAGES)
def test_pages_name_nobody_to_strangers(
    kind: str, made: Made, client: Client, signed_in: Callable[[User], Client], commissioner: User
) -> None:
    reader, named = signed_in(commissioner), set()
    for place in PAGES[kind]:
        address = f"{made.page(kind)}{place}?portfolio=all"
        if client.get(address).status_code == 404:  # no readings, as nothing is followed yet
            assert place in {"following/", "readings.csv"}
            continue
        assert names_in(body(client.get(address))) == set(), place
        if ZEBEDEE in body(reader.get(address)):
            named.add(place)

    assert {"", "report/"} & set(PAGES[kind]) <= named


def test_pages_of_lists_name_nobody_to_strangers(made: Made, client: Client) -> None:
    for address in LISTS:
        assert names_in(body(client.get(f"{address}?portfolio=all"))) == set(), address


def test_what_is_shipped_names_the_people_it_invents_and_its_copy_does_not_name_who_copied(
    people: dict[str, APIClient], api: APIClient
) -> None:
    held = Assessment.objects.get(slug="ostlebury-panel")
    address = f"/api/v1/assessments/{held.pk}/"
    assert "A. Farrow, nursing" in api.get(address).content.decode()

    copy = sent(people[ZEBEDEE], "post", f"assessments/{held.pk}/copy/", {}, 201)["id"]

    assert api.get(f"/api/v1/assessments/{copy}/").status_code == 404
    assert names_in(body(api.get(address))) == set()
