"""A population that a change computed: its parts, its day and its basis on pages, in the API, in lists and files."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from organisations.services.load_portfolio import load_content

pytestmark = pytest.mark.django_db
KNOWN = {"basis": "illustrative", "source": "pcorg-illustration"}
GROUP = {"form": "clinical-commissioning-group", **KNOWN}
AFTER = "2021-04-01"


def counted(count: int, on: str, basis: str) -> dict[str, Any]:
    return {"count": count, "on": on, "basis": basis}


DOCUMENT = {
    "schema": "pcorg-portfolio/1",
    "portfolio": {
        "slug": "fells",
        "title": "Fells",
        "illustrative": True,
        "covers": {"from": "2013-04-01", "to": "2025-12-31"},
    },
    "bodies": [
        {"code": "X-HIGH", "name": "High", "populations": [counted(70_000, "2013-07-01", "registered")], **GROUP},
        {"code": "X-LOW", "name": "Low", "populations": [counted(50_000, "2014-07-01", "resident")], **GROUP},
        {"code": "X-FAR", "name": "Far", **GROUP},
    ],
    "changes": [
        {
            "reference": "joined",
            "kind": "merger",
            "effective_on": "2015-04-01",
            "title": "Joined",
            "originals": ["X-HIGH", "X-LOW"],
            "resulting": [{"code": "X-BOTH", "name": "Both", **GROUP}],
            **KNOWN,
        },
        {
            "reference": "taken-in",
            "kind": "merger",
            "effective_on": AFTER,
            "title": "Taken in",
            "originals": ["X-BOTH", "X-FAR"],
            "resulting": [{"code": "X-BOTH"}],
            **KNOWN,
        },
    ],
}


@pytest.fixture
def fells(client: Client, db: None) -> Client:
    load_content(content=json.dumps(DOCUMENT).encode(), name="fells.json", by="tests")
    return client


def read(client: Client, path: str, **query: str) -> Any:
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == 200, response.content[:300]
    return response.json()


def test_the_api_tells_what_it_was_computed_from(fells: Client) -> None:
    shown = read(fells, "organisations/X-BOTH/", as_of="2016-01-01")["population"]
    assert shown == {
        "count": 120_000,
        "on": "2013-07-01",
        "basis": "computed",
        "carried_back": False,
        "at_least": False,
        "standing_from": "2015-04-01",
        "parts": [
            {
                "code": code,
                "share": "1",
                "count": count,
                "on": on,
                "basis": basis,
                "at_least": False,
            }
            for code, count, on, basis in (
                ("X-HIGH", 70_000, "2013-07-01", "registered"),
                ("X-LOW", 50_000, "2014-07-01", "resident"),
            )
        ],
    }


def test_a_part_that_is_not_known_makes_it_at_least(fells: Client) -> None:
    shown = read(fells, "organisations/X-BOTH/", as_of=AFTER)["population"]
    assert (shown["count"], shown["on"], shown["at_least"]) == (120_000, "2013-07-01", True)
    assert [(part["code"], part["count"], part["basis"]) for part in shown["parts"]] == [
        ("X-BOTH", 120_000, "computed"),
        ("X-FAR", None, None),
    ]


def test_it_is_not_carried_back_to_a_day_before_the_change(fells: Client) -> None:
    """Nor to other people: before the first change the parts are asked, each with its own."""
    assert read(fells, "organisations/X-HIGH/", as_of="2013-04-01")["population"]["carried_back"] is True
    assert read(fells, "organisations/X-FAR/", as_of="2020-01-01")["population"]["count"] is None


def test_lists_and_files_name_the_bodies_it_comes_from(fells: Client) -> None:
    (row,) = read(fells, "organisations/", portfolio="fells", as_of="2016-01-01", q="X-BOTH")["results"]
    assert row["population"] == {
        "count": 120_000,
        "on": "2013-07-01",
        "basis": "computed",
        "carried_back": False,
        "at_least": False,
        "computed_from": ["X-HIGH", "X-LOW"],
    }
    response = fells.get("/api/v1/organisations/", {"portfolio": "fells", "format": "csv", "q": "X-BOTH"})
    (line,) = csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode()))  # type: ignore[attr-defined]
    assert (line["population_count"], line["population_basis"], line["population_on"]) == (
        "120000",
        "computed",
        "2013-07-01",
    )
    assert (line["population_at_least"], line["population_computed_from"]) == ("true", "X-BOTH X-FAR")


def test_one_known_in_part_is_not_found_as_having_at_most_so_many(fells: Client) -> None:
    found = [
        row["code"]
        for row in read(fells, "organisations/", portfolio="fells", as_of=AFTER, population_max="200000")["results"]
    ]
    assert found == []
    before = read(fells, "organisations/", portfolio="fells", as_of="2016-01-01", population_max="200000")["results"]
    assert [row["code"] for row in before] == ["X-BOTH"]


def test_the_configuration_counts_them(fells: Client) -> None:
    people = read(fells, "configuration/", portfolio="fells", as_of=AFTER)["population"]
    assert (people["known"], people["computed"], people["at_least"], people["total"]) == (1, 1, 1, 120_000)


def test_the_page_names_the_parts(fells: Client) -> None:
    page = _page(fells, "/organisations/X-BOTH/", as_of="2016-01-01")
    assert "120,000 people on 1 July 2013. Computed from the counts of the organisations that changed" in page
    assert "X-HIGH (70,000, registered, 1 July 2013); X-LOW (50,000, resident, 1 July 2014)" in page
    assert "At least 120,000 people" in _page(fells, "/organisations/X-BOTH/", as_of=AFTER)
    listed = _page(fells, "/organisations/", portfolio="fells", as_of="2016-01-01")
    assert "120,000 computed from 2013 counts of X-HIGH, X-LOW" in listed


def _page(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200, response.content[:300]
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())
