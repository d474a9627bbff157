"""What the API says of services, staff groups, contract types, approaches, recommendations, provider-arm options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from commissioning.models.reference import LEGAL_ATTRIBUTES
from tests.functional.api.conftest import Get

Read = Callable[..., Any]


@pytest.mark.parametrize(
    ("path", "records"),
    [
        ("service-groups/", 5),
        ("services/", 32),
        ("staff-groups/", 12),
        ("contract-types/", 7),
        ("approaches/", 13),
        ("recommendations/", 31),
        ("provider-arm-options/", 11),
    ],
)
def test_every_record_is_listed_in_order_with_its_source_and_address(read: Read, path: str, records: int) -> None:
    listed = read(path, count="exact")
    assert (listed["count"], len(listed["results"])) == (records, records)
    for record in listed["results"]:
        assert record["citation"]["slug"]
        assert record["url"].endswith(f"/api/v1/{path}{record['slug']}/")
    assert read(f"{path}{listed['results'][-1]['slug']}/") == listed["results"][-1]
    assert read("")[path.removesuffix("/")].endswith(f"/api/v1/{path}")


def test_groups_hold_their_services_in_the_order_of_the_source(read: Read) -> None:
    groups = {group["slug"]: group["services"] for group in read("service-groups/")["results"]}
    assert groups["end-of-life"] == ["continuing-and-palliative-care", "home-support-teams", "support-for-carers"]
    assert [slug for services in groups.values() for slug in services] == [
        service["slug"] for service in read("services/")["results"]
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"group": ["rehabilitation", "end-of-life"]}, 8),
        ({"tier": "core"}, 2),
        ({"tier": ["core", "specialist"]}, 5),
        ({"q": "care"}, 5),
        ({"q": "SUPPORT carer"}, 2),
        ({"q": "nothing like it"}, 0),
        ({"group": "long-term-conditions", "tier": "with-other-agencies"}, 1),
    ],
)
def test_services_are_found(read: Read, query: dict[str, Any], found: int) -> None:
    assert read("services/", count="exact", **query)["count"] == found


def test_a_service_outside_the_figure_has_no_tier(read: Read) -> None:
    assert read("services/support-for-carers/")["tier"] is None
    assert read("services/carer-support/")["tier"] == "with-other-agencies"


def test_staff_groups_say_whom_they_serve(read: Read) -> None:
    groups = {group["slug"]: group["roles"] for group in read("staff-groups/")["results"]}
    therapist = groups["speech-and-language-therapist"]
    assert [role["client_group"] for role in therapist] == [
        "overall",
        "babies-and-children",
        "adults",
        "older-people-and-end-of-life",
    ]
    assert [role["ambiguous"] for role in therapist] == [False, False, False, True]
    assert therapist[-1]["source"] == "kings-fund-2009 lines 400-414"
    assert therapist[-1]["note"]
    assert groups["podiatrist"] == []


def test_approaches_by_list_and_axis(read: Read) -> None:
    listed = read("approaches/")["results"]
    assert Counter(approach["list"] for approach in listed) == {"stances": 7, "routes": 6}
    assert {approach["axis"] for approach in listed if approach["list"] == "routes"} == {None}
    assert len(read("approaches/", list="stances", axis="separation")["results"]) == 2


def test_recommendations_by_addressee(read: Read) -> None:
    assert len(read("recommendations/", addressee=["providers", "national"])["results"]) == 8
    (first, *_) = read("recommendations/")["results"]
    assert (first["slug"], first["theme"]) == ("r1", "Learn from history")


def test_options_have_their_benefits_risks_and_attributes(read: Read) -> None:
    options = read("provider-arm-options/")["results"]
    assert sum(len(option["benefits"]) for option in options) == 52
    assert sum(len(option["risks"]) for option in options) == 47
    ambiguous = [(option["slug"], risk["note"]) for option in options for risk in option["risks"] if risk["ambiguous"]]
    assert [slug for slug, _ in ambiguous] == [
        "vertical-integration",
        "community-foundation-trust",
        "company-limited-by-shares",
    ]
    assert all(note for _, note in ambiguous)
    unit = options[3]
    assert (unit["slug"], unit["label"]) == ("provider-unit", "Provider unit of a primary care trust")
    assert unit["risks"][0]["source"] == "kings-fund-2009 lines 2199-2201"
    assert unit["attributes"].keys() == {*LEGAL_ATTRIBUTES, "regulator"}
    assert (unit["attributes"]["separate_entity"], unit["attributes"]["charity"]) == ("no", "unknown")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"family": "provider-arm-nhs"}, 6),
        ({"family": "provider-arm-independent", "charity": "yes"}, 2),
        ({"charity": ["yes", "no"]}, 4),
        ({"separate_entity": "yes", "pensions": "possible"}, 4),
        ({"monopoly": "possible"}, 2),
        ({"q": "cooperative"}, 0),
        ({"q": "co-operative"}, 1),
        ({"q": "charity commission"}, 2),
    ],
)
def test_options_are_found(read: Read, query: dict[str, Any], found: int) -> None:
    assert len(read("provider-arm-options/", **query)["results"]) == found


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        ("services/", {"group": "nowhere"}, "group"),
        ("services/", {"colour": "red"}, "colour"),
        ("approaches/", {"list": "third"}, "list"),
        ("recommendations/", {"addressee": "nobody"}, "addressee"),
        ("provider-arm-options/", {"family": "authorities"}, "family"),
        ("provider-arm-options/", {"charity": "perhaps"}, "charity"),
    ],
)
def test_what_is_not_known_is_refused(get: Get, path: str, query: dict[str, str], parameter: str) -> None:
    response = get(path, **query)
    assert response.status_code == 400
    assert [fault["parameter"] for fault in response.json()["errors"]] == [parameter]


def test_one_list_alone_may_be_asked_for(read: Read) -> None:
    (option,) = read("provider-arm-options/", fields="risks", page_size=1)["results"]
    assert option.keys() == {"risks"}
    assert len(option["risks"]) == 5


def test_a_record_that_is_not_there(get: Get) -> None:
    assert get("provider-arm-options/pct-3/").status_code == 404
