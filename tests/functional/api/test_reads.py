"""What the reads answer: organisations, lineage, configuration, changes, reference records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from organisations.domain.vocabulary import ChangeKind
from tests.factories import rows as factory
from tests.functional.api.conftest import Get, refused

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]


def test_a_trust_in_2009(read: Read) -> None:
    body = read("organisations/5M1/", as_of="2009-04-01")
    assert body["name"] == "South Birmingham Primary Care Trust"
    assert body["form"]["slug"] == "pct-4"
    assert body["form"]["basis"] == "inferred"
    assert (body["opened"], body["opened_basis"], body["closed"]) == ("2006-10-01", "coverage", "2013-04-01")
    assert body["population"] == {
        "count": 556000,
        "on": "2013-07-01",
        "basis": "estimate",
        "carried_back": True,
        "at_least": False,
        "standing_from": "2013-07-01",
        "parts": [],
    }
    assert body["accountable_to"]["code"] == "Q34"
    assert body["changes"] == []
    later = read("organisations/5M1/")["changes"]
    assert [change["kind"] for change in later] == ["reconfiguration"]
    assert body["coverage"] == {"from": "2006-10-01", "to": "2015-03-31", "within": True}
    assert body["url"] == "http://testserver/api/v1/organisations/5M1/"


def test_nested_values_are_those_of_the_day(read: Read) -> None:
    now = read("organisations/5M1/", as_of="2012-04-01")["relationships"]
    then = read("organisations/5M1/", as_of="2009-04-01")["relationships"]
    assert "TAM" in {relationship["organisation"] for relationship in then}
    assert "TAM" not in {relationship["organisation"] for relationship in now}
    assert {"TAM", "5QW"} <= {
        relationship["organisation"] for relationship in read("organisations/5M1/")["relationships"]
    }


def test_ties_read_from_both_ends(read: Read) -> None:
    directions = {
        relationship["organisation"]: relationship["direction"]
        for relationship in read("organisations/Q34/", as_of="2009-04-01")["relationships"]
    }
    assert directions["5M1"] == "from"
    neighbours = [
        relationship
        for relationship in read("organisations/5M1/")["relationships"]
        if relationship["kind"] == "neighbour-of"
    ]
    assert {relationship["direction"] for relationship in neighbours} == {"both"}


def test_unknown_stays_unknown(read: Read) -> None:
    body = read("organisations/5P3/", as_of="2009-04-01")
    parts = body["population"].pop("parts")
    assert (set(body["population"].values()), parts) == ({None}, [])
    row = read("organisations/", as_of="2009-04-01", q="5P3")["results"][0]
    assert set(row["population"].values()) == {None}


def test_an_illustrative_body_answers_by_code_and_says_so(read: Read, get: Get) -> None:
    code = read("organisations/", portfolio="illustrative-county", page_size=1)["results"][0]["code"]
    assert read(f"organisations/{code}/")["illustrative"] is True
    refused(get(f"organisations/{code}/", portfolio="england-2006-2015"), 404, "unknown-organisation")


def test_the_timeline_is_in_order(read: Read) -> None:
    line = read("organisations/5M1/timeline/")
    starts = [entry["start"] for entry in line["entries"]]
    assert starts == sorted(starts)
    assert {"name", "form", "population", "relationship", "change"} <= {entry["type"] for entry in line["entries"]}
    assert all(e["start"] <= "2008-01-01" for e in read("organisations/5M1/timeline/", as_of="2008-01-01")["entries"])


def test_lineage_backwards_and_forwards(read: Read) -> None:
    made = read("organisations/5QV/lineage/", direction="predecessors", depth=1)
    assert {edge["predecessor"] for edge in made["edges"]} == {"5P3", "5P4"}
    assert made["latest_successors"] == []
    deep = read("organisations/5P3/lineage/", direction="successors", depth=9)
    assert sum(float(end["share"]) for end in deep["latest_successors"]) == pytest.approx(1)
    assert {end["status"] for end in deep["latest_successors"]} == {"open"}
    near = read("organisations/5P3/lineage/", direction="successors", depth=1)
    assert [edge["successor"] for edge in near["edges"]] == ["5QV"]
    assert near["latest_successors"] == deep["latest_successors"]


def test_lineage_of_a_day_holds_what_had_happened(read: Read, get: Get) -> None:
    then = read("organisations/5P3/lineage/", as_of="2011-01-01")
    assert [edge["successor"] for edge in then["edges"]] == ["5QV"]
    assert [(end["code"], end["status"]) for end in then["latest_successors"]] == [("5QV", "open")]
    assert read("organisations/5P3/lineage/", as_of="2009-01-01")["edges"] == []
    refused(get("organisations/06N/lineage/", as_of="2009-01-01"), 404, "not-in-force")


def test_lineage_survives_a_cycle(read: Read, api: APIClient) -> None:
    bodies = [factory.organisation(f"X-LOOP{number}") for number in range(3)]
    for number, body in enumerate(bodies):
        change = factory.change(kind=ChangeKind.RECONFIGURATION, effective_on=date(2001 + number, 4, 1))
        factory.lineage_edge(change, body, bodies[(number + 1) % 3])
    found = read("organisations/X-LOOP0/lineage/")
    assert {node["code"] for node in found["nodes"]} == {body.code for body in bodies}
    answer = api.post("/api/v1/organisations/resolve/", {"codes": ["X-LOOP0"]}, format="json")
    assert answer.status_code == 200


def test_shares_multiply_along_paths_and_add_over_them(api: APIClient) -> None:
    old, left, right, new = (factory.organisation(code) for code in ("X-OLD", "X-LEFT", "X-RIGHT", "X-NEW"))
    split = factory.change(kind=ChangeKind.SPLIT, effective_on=date(2001, 4, 1))
    factory.lineage_edge(split, old, left, share="0.6")
    factory.lineage_edge(split, old, right, share="0.4")
    join = factory.change(kind=ChangeKind.RECONFIGURATION, effective_on=date(2002, 4, 1))
    factory.lineage_edge(join, left, new, share="0.5")
    factory.lineage_edge(join, right, new, share="0.25")
    asked = {"codes": ["X-OLD"], "on": "2003-01-01"}
    (found,) = api.post("/api/v1/organisations/resolve/", asked, format="json").json()["results"]
    shares = {body["code"]: body["share"] for body in found["bodies"]}
    assert shares["X-NEW"] == "0.4"
    assert sum(float(share) for share in shares.values()) == pytest.approx(1)
    assert found["bodies"][0]["path"] == ["X-OLD", "X-LEFT", "X-NEW"]


@pytest.mark.parametrize(
    ("code", "on", "bodies", "problem"),
    [
        ("5M1", "2014-01-01", {"13P", "04X", "05L"}, None),
        ("5M1", "2010-01-01", {"5M1"}, None),
        ("5M1", None, {"13P", "04X", "05L"}, None),
        ("ZZZ", "2014-01-01", set(), "unknown-code"),
        ("06N", "2010-01-01", set(), "not-in-force"),
        ("Q36", "2014-01-01", set(), "no-successor"),
    ],
)
def test_resolve(api: APIClient, code: str, on: str | None, bodies: set[str], problem: str | None) -> None:
    answer = api.post("/api/v1/organisations/resolve/", {"codes": [code], "on": on}, format="json").json()
    assert answer["on"] == on
    (found,) = answer["results"]
    assert {body["code"] for body in found["bodies"]} == bodies
    assert found["problem"] == problem


@pytest.mark.parametrize(
    ("on", "forms", "bodies"),
    [
        ("2006-10-01", {"pct-4": 148, "care-trust": 4, "strategic-health-authority": 10}, 162),
        ("2009-04-01", {"pct-4": 147, "care-trust": 5, "strategic-health-authority": 10}, 162),
        ("2012-04-01", {"pct-4": 146, "care-trust": 5, "strategic-health-authority": 10}, 161),
        ("2013-04-01", {"clinical-commissioning-group": 211}, 211),
        ("1990-01-01", {}, 0),
    ],
)
def test_the_configuration_of_a_day(read: Read, on: str, forms: dict[str, int], bodies: int) -> None:
    found = read("configuration/", as_of=on)
    assert {row["form"]: row["count"] for row in found["forms"]} == forms
    assert found["bodies"] == bodies
    assert found["coverage"]["within"] is (on > "2000")


def test_the_configuration_without_a_day_is_that_of_the_last_one_covered(read: Read) -> None:
    assert read("configuration/") == read("configuration/", as_of="2015-03-31")
    assert read("configuration/", portfolio="illustrative-county")["as_of"] == "2010-03-31"


def test_a_series(read: Read) -> None:
    points = read("configuration/series/", **{"from": "2009-01-31", "to": "2009-04-30", "step": "month"})["points"]
    assert [point["as_of"] for point in points] == ["2009-01-31", "2009-02-28", "2009-03-31", "2009-04-30"]
    assert points[-1] == read("configuration/", as_of="2009-04-30")


def test_two_days_side_by_side(read: Read) -> None:
    found = read("configuration/compare/", a="2009-04-01", b="2012-04-01")
    assert {body["code"] for body in found["closed"]} == {"5P3", "5P4", "5CC", "TAM"}
    assert {body["code"] for body in found["opened"]} == {"5QV", "TAP", "5QW"}
    assert {change["kind"] for change in found["changes"]} == {"merger", "transition"}
    back = read("configuration/compare/", a="2012-04-01", b="2009-04-01")
    assert {body["code"] for body in back["opened"]} == {"5P3", "5P4", "5CC", "TAM"}


@pytest.mark.parametrize(
    ("path", "days"),
    [
        ("configuration/series/", {"from": "2009-01-01", "to": "2010-01-01"}),
        ("configuration/compare/", {"a": "2009-01-01", "b": "2010-01-01"}),
    ],
)
def test_what_is_of_several_days_takes_no_other(get: Get, path: str, days: dict[str, str]) -> None:
    (fault,) = refused(get(path, as_of="2009-06-01", **days), 400, "unknown-parameter")
    assert fault["parameter"] == "as_of"
    assert get(path, **days).status_code == 200


def test_changes(read: Read, every: Read) -> None:
    (merger,) = read("changes/", kind="merger")["results"]
    assert (merger["originals"], merger["resulting"]) == (["5P3", "5P4"], ["5QV"])
    whole = read(f"changes/{merger['id']}/")
    assert [(edge["original"], edge["share"]) for edge in whole["edges"]] == [("5P3", "1"), ("5P4", "1")]
    assert whole["allowed_actions"] == []
    assert whole["history"][-1]["status"] == "effected"
    assert whole["names"]["5QV"] == "Hertfordshire Primary Care Trust"
    assert [row["id"] for row in every("changes/", organisation="5P3")] == [merger["id"]]
    assert every("changes/", recorded="false") == []
    dates = [row["effective_on"] for row in every("changes/", as_of="2011-04-01", page_size=2)]
    assert dates == sorted(dates)
    assert max(dates) == "2011-04-01"
    assert {row["kind"] for row in every("changes/", effective_after="2013-01-01", status="effected")} == {
        "reconfiguration", "dissolution"
    } & {row["kind"] for row in every("changes/")}  # fmt: skip


def test_a_change_is_of_a_portfolio_and_a_day(read: Read, get: Get) -> None:
    merger = read("changes/", kind="merger")["results"][0]["id"]
    refused(get(f"changes/{merger}/", as_of="2009-01-01"), 404, "not-found")
    refused(get(f"changes/{merger}/", portfolio="illustrative-county"), 404, "not-found")


def test_forms_and_rules(read: Read, every: Read) -> None:
    assert len(every("forms/")) >= 40
    assert read("forms/pct-4/")["level"] == 4
    assert "pct-4" not in {form["slug"] for form in every("forms/", existing_on="1995-01-01")}
    steps = every("transition-rules/", from_form="pcg-2", to_form="pct-3", route="succession")
    assert len(steps) == 1
    assert "consultation-held" in steps[0]["checks"]
    assert every("transition-rules/", from_form="pcg-2", to_form="pct-3", on="1998-01-01") == []


def test_a_portfolio_says_what_it_covers(read: Read) -> None:
    listed = {found["slug"]: found for found in read("portfolios/")["results"]}
    found = listed["england-2006-2015"]
    assert (found["covers_from"], found["covers_to"]) == ("2006-10-01", "2015-03-31")
    assert found["limits"]
    header = read("portfolios/england-2006-2015/")["portfolio"]
    assert header["covers"] == {"from": found["covers_from"], "to": found["covers_to"]}
    assert header["limits"] == found["limits"]
    assert "Crown copyright" in found["attribution"]


SIGNED_IN = {"audit", "jobs", "waiting-loads"}
"""What the front names and only those read who have signed in."""


def test_the_front_names_every_resource(read: Read, get: Get) -> None:
    for name, address in read("").items():
        assert get(address.split("/api/v1/")[1]).status_code == (401 if name in SIGNED_IN else 200)
