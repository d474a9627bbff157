"""Codes: accepted in either case everywhere, and one that is illustrative includes what it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from organisations.models import Organisation, Portfolio
from tests.functional.api.conftest import Get, refused
from tests.functional.api.office import NEWCASTLE, Office

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]

BY_CODE = [
    "organisations/5M1/",
    "organisations/5m1/lineage/",
    "organisations/5m1/timeline/",
    "organisations/LA-birmingham/",
    "contracts/X-KC110/",
    "provisions/X-KS105/",
    "budgets/X-KM108/",
    "pooled-budgets/X-KQ1/",
    "pms-pilots/X-KPMS1/",
    "provider-arms/X-KV1/",
    "portfolio-groups/X-KG3/",
    "staffing/X-KW105/",
    "premises/X-KB105/",
]
FILTERS = [
    ("organisations/", "accountable_to", "X-SHA1"),
    ("organisations/", "member_of", "X-KPCT1"),
    ("organisations/", "located_in", "X-KLA1"),
    ("organisations/", "code", "X-KPCT1"),
    ("changes/", "organisation", "X-PCT1"),
    ("mergers/", "organisation", "X-PCG1"),
    ("contracts/", "commissioner", "X-KPCT1"),
    ("contracts/", "organisation", "X-KPCT1"),
    ("contracts/", "code", "X-KC110"),
    ("provisions/", "provider", "X-KPCT1"),
    ("provisions/", "population_of", "X-KPCT1"),
    ("budgets/", "organisation", "X-KPCT1"),
    ("pooled-budgets/", "partner", "X-KPCT1"),
    ("pooled-budgets/", "code", "X-KQ1"),
    ("staffing/", "organisation", "X-KPCT1"),
    ("premises/", "organisation", "X-KPCT1"),
    ("pms-pilots/", "commissioner", "X-KHA1"),
    ("provider-arms/", "organisation", "X-KPCT1"),
    ("portfolio-groups/", "arm", "X-KV1"),
    ("recommendation-answers/", "organisation", "X-KPCT1"),
    ("assessments/", "subject", "X-PCT2"),
]


@pytest.mark.parametrize("path", BY_CODE)
def test_an_address_takes_a_code_in_either_case(read: Read, path: str) -> None:
    resource, code, *rest = path.split("/")
    answers = [read("/".join([resource, either, *rest])) for either in (code.lower(), code.upper())]
    assert answers[0] == answers[1]
    known = Organisation.objects.filter(code__iexact=code).values_list("code", flat=True).first() or code
    assert known in {answers[0].get(name) for name in ("code", "root", "organisation")}


@pytest.mark.parametrize(("path", "name", "code"), FILTERS)
def test_a_filter_takes_an_illustrative_code_in_either_case(read: Read, path: str, name: str, code: str) -> None:
    named = read(path, portfolio="all", page_size=1000, **{name: code})["results"]
    assert named
    for either in (code, code.lower()):
        assert read(path, page_size=1000, **{name: either})["results"] == named


def test_a_real_code_leaves_illustrative_records_out_and_a_stated_portfolio_counts(read: Read) -> None:
    real = read("organisations/", accountable_to="q34", page_size=1000)["results"]
    assert real
    assert not [row for row in real if row["illustrative"]]
    assert read("organisations/", member_of="X-KPCT1", portfolio="england-2006-2015")["results"] == []
    rows = read("organisations/", code="5m1, x-kpct1")["results"]
    assert [row["code"] for row in rows] == ["5M1", "X-KPCT1"]


def test_codes_that_differ_only_in_their_case_are_told_apart(read: Read, get: Get) -> None:
    portfolio = Portfolio.objects.get(pk="illustrative-county")
    for code in ("X-Twin", "X-TWIN"):
        Organisation.objects.create(
            code=code, portfolio=portfolio, opened="2000-01-01", opened_basis="recorded", basis="illustrative"
        )
    for code in ("X-Twin", "X-TWIN"):
        assert read(f"organisations/{code}/")["code"] == code
    refused(get("organisations/x-twin/"), 404, "unknown-organisation")


def test_bodies_take_codes_in_either_case(office: Office) -> None:
    small = NEWCASTLE | {"originals": ["00f", "00G", "00h"]}
    seen = office.done("mergers/preview/", small, by=office.anyone)
    assert seen == office.done("mergers/preview/", NEWCASTLE, by=office.anyone)
    made = office.proposed("mergers/", small)
    assert made["originals"] == ["00F", "00G", "00H"]
    in_use = small | {"resulting": NEWCASTLE["resulting"] | {"code": "5m1"}}
    (fault,) = refused(office.post("mergers/preview/", in_use), 400, "code-in-use")
    assert "5M1" in fault["detail"]


def test_moves_name_members_and_things_in_either_case(office: Office) -> None:
    moves = [
        {"what": "X-KP01", "from": "X-KPCT1", "to": "X-KPCT2"},
        {"what": "X-KC110", "from": "X-KPCT1", "to": "X-KPCT2"},
    ]
    transfer = {"kind": "transfer", "originals": ["X-KPCT1", "X-KPCT2"], "effective_on": "2009-10-01", "moves": moves}
    lower = transfer | {"moves": [move | {"what": move["what"].lower(), "to": "x-kpct2"} for move in moves]}
    first, second = (office.done("changes/preview/", body)["effects"] for body in (transfer, lower))
    assert {effect["operation"] for effect in first} >= {"close-holding", "open-holding", "close-relationship"}
    assert [effect for effect in second if effect["operation"] != "move-item"] == [
        effect for effect in first if effect["operation"] != "move-item"
    ]


def test_a_benchmark_takes_codes_in_either_case(read: Read) -> None:
    named = read("benchmarks/", trust="X-KPCT1", peers="X-KPCT2")
    assert read("benchmarks/", trust="x-kpct1", peers="x-KPCT2") == named


def test_each_code_that_cannot_be_resolved_has_its_own_problem(api: APIClient) -> None:
    asked = ["5m1", "", None, "  ", "ZZZ", "x" * 500, "a\x00b", "5M1", " 5M1 ", 5, "straße"]
    response = api.post("/api/v1/organisations/resolve/", {"codes": asked, "on": "2014-01-01"}, format="json")
    assert response.status_code == 200
    results = response.json()["results"]
    assert [result["problem"] for result in results] == [
        None, "blank-code", "blank-code", "blank-code", "unknown-code", "unknown-code", "unknown-code", None, None,
        "unknown-code", "unknown-code",
    ]  # fmt: skip
    assert results[0]["code"] == "5m1"
    assert results[0]["bodies"] == results[7]["bodies"] == results[8]["bodies"]
    assert {body["path"][0] for body in results[0]["bodies"]} == {"5M1"}


def test_one_blank_among_many_codes_spoils_nothing(api: APIClient) -> None:
    asked = ["5M1"] * 4_999 + [""] + [f"N{number}" for number in range(5_000)]
    results = api.post("/api/v1/organisations/resolve/", {"codes": asked}, format="json").json()["results"]
    problems = [result["problem"] for result in results]
    assert (problems.count(None), problems.count("blank-code"), problems.count("unknown-code")) == (4_999, 1, 5_000)


@pytest.mark.parametrize("query", [{}, {"as_of": "2000-04-01"}, {"as_of": "2003-04-01"}, {"as_of": "1997-04-01"}])
def test_pilots_are_the_organisations_of_their_form(read: Read, query: dict[str, str]) -> None:
    pilots = read("pms-pilots/", portfolio="all", page_size=1000, **query)["results"]
    bodies = read("organisations/", portfolio="all", form="pms-pilot", page_size=1000, **query)["results"]
    assert [(row["organisation"], row["name"], row["opened"], row["closed"]) for row in pilots] == [
        (row["code"], row["name"], row["opened"], row["closed"]) for row in bodies
    ]


def test_a_pilot_without_particulars_says_that_they_are_not_recorded(read: Read) -> None:
    row = read("pms-pilots/x-pms1/")
    assert (row["organisation"], row["name"]) == ("X-PMS1", "Hawser Street personal medical services pilot")
    assert {row[name] for name in ("wave", "variant", "contract", "term_ends", "days_left", "at_end")} == {None}
    assert row["citation"]["slug"] == "pcorg-illustration"
