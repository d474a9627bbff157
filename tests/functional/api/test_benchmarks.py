"""Benchmarks over HTTP: the document, what is refused, and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from tests.factories.trusts import trusts
from tests.functional.api.conftest import Get, refused

pytestmark = pytest.mark.django_db
DAY = "2009-03-01"


@pytest.fixture(autouse=True)
def five(nothing_remembered: None, db: None) -> None:
    trusts()


def at(document: dict[str, Any], measure: str, category: str = "all") -> dict[str, Any]:
    return next(each for each in document["comparisons"] if (each["measure"], each["category"]) == (measure, category))


def test_a_benchmark_names_its_trust_its_peers_and_its_method(read: Callable[..., Any]) -> None:
    document = read("benchmarks/", trust="X-A", as_of=DAY)
    assert document["as_of"] == DAY
    assert document["trust"] == {
        "code": "X-A",
        "name": "Body X-A",
        "form": "pct-4",
        "population": 200_000,
        "population_on": "2006-10-01",
        "population_computed": False,
        "population_at_least": False,
    }
    assert [peer["code"] for peer in document["peers"]] == ["X-B", "X-C", "X-D"]
    assert document["suggested"] is True
    assert (document["quartiles"], document["least_for_quartiles"]) == ("inclusive", 3)


def test_figures_are_decimals_in_strings_and_gaps_say_why(read: Callable[..., Any]) -> None:
    document = read("benchmarks/", trust="X-A", peers="X-B,X-D,X-E", as_of=DAY)
    found = at(document, "spend-by-service-group", "test-adults")
    assert (found["label"], found["value"], found["median"]) == ("Care of adults", "20.00", "20.00")
    assert (found["lower_quartile"], found["rank"], found["difference"]) == (None, 2, "0.00")
    assert found["price_years"] == ["2008/09"]
    assert {"code": "X-D", "value": None, "gap": "not-known"} in found["peers"]
    assert at(document, "staff")["value"] == "7.50"
    assert at(document, "contacts")["value"] == "1500.0"
    assert at(document, "contacts")["unknown"] == 1
    assert at(document, "round-the-clock")["value"] == "0.500"


def test_without_a_day_it_is_of_the_last_one_covered(read: Callable[..., Any]) -> None:
    assert read("benchmarks/", trust="X-A")["as_of"] == "2013-03-31"


def test_fields_are_chosen(read: Callable[..., Any]) -> None:
    assert set(read("benchmarks/", trust="X-A", fields="trust,peers")) == {"trust", "peers"}


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ({}, "invalid", "trust"),
        ({"trust": "NOBODY"}, "unknown-organisation", "trust"),
        ({"trust": "X-A", "as_of": "2000-01-01"}, "not-in-force", "trust"),
        ({"trust": "X-A", "peers": "X-B,NOBODY", "as_of": DAY}, "unknown-organisation", "peers"),
        ({"trust": "X-A", "peers": ",".join(f"P{number}" for number in range(31))}, "invalid", "peers"),
        ({"trust": "X-A", "colour": "red"}, "unknown-parameter", "colour"),
    ],
)
def test_what_cannot_be_benchmarked_is_refused(get: Get, query: dict[str, str], code: str, parameter: str) -> None:
    (fault,) = refused(get("benchmarks/", **query), 400, code)
    assert fault["parameter"] == parameter


def test_it_costs_few_queries(read: Callable[..., Any], queries: Callable[[], CaptureQueriesContext]) -> None:
    with queries() as seen:
        read("benchmarks/", trust="X-A", as_of=DAY)
    assert len(seen) <= 14
