"""A change that was carried out and undone leaves no trace in any answer about organisations and what they hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from organisations.models import BoardSeat, FormPeriod, NamePeriod, Organisation, Relationship
from pcorg.core.audit import memory
from tests.functional.api.office import Office, change, merger, new

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.exhaustive]
COUNTY = "illustrative-county"


def _renamed(code: str, on: str, **more: Any) -> dict[str, Any]:
    return change("rename", organisation=code, name="Never so called", effective_on=on, **more)


BOARD = [{"constituency": "gp", "seats": 7}, {"constituency": "nurse", "seats": 2}, {"constituency": "lay", "seats": 1}]

PERMISSIONS: dict[str, dict[str, Any]] = {
    "merger": merger(kind="merger", resulting=[new("13T", board=BOARD)]),
    "rename": _renamed("00L", "2015-03-01"),
    "split": change(
        "split",
        originals=["03N"],
        resulting=[new("13A"), new("13B")],
        edges=[
            {"original": "03N", "resulting": "13A", "share": "0.6"},
            {"original": "03N", "resulting": "13B", "share": 0.4},
        ],
    ),
    "another master": change(
        "transfer",
        originals=["01A", "01E"],
        edges=[{"original": "01A", "resulting": "01E", "share": "0.05", "basis": "named-items"}],
        relationships=[{"kind": "neighbour-of", "subject": "00F", "object": "01A"}],
    ),
    "separation": change(
        "separation",
        portfolio=COUNTY,
        originals=["X-PCT1"],
        effective_on="2010-03-01",
        resulting=[{"code": "X-PCT1"}, new("X-CIC9", "community-interest-company")],
        moves=[{"what": "Podiatry", "from": "X-PCT1", "to": "X-CIC9"}],
    ),
    "dissolution": change("dissolution", originals=["X-ICO1"], effective_on="2010-03-01"),
}  # fmt: skip

CODES = ("00F", "00L", "5M1", "03N", "01A", "X-PCT1", "X-ICO1")
LATE = {"as_of": "2015-03-15"}
EVERYWHERE = {"portfolio": "all", "count": "exact", "page_size": "1000"}
ASKED: list[tuple[str, dict[str, str]]] = [
    ("organisations/", EVERYWHERE),
    ("organisations/", EVERYWHERE | LATE),
    ("organisations/", EVERYWHERE | {"as_of": "2010-03-15"}),
    ("organisations/", EVERYWHERE | {"q": "never so called"}),
    ("organisations/", EVERYWHERE | {"q": "13T"}),
    ("organisations/", EVERYWHERE | {"form": "clinical-commissioning-group"}),
    ("organisations/", EVERYWHERE | {"format": "csv"}),
    *((f"organisations/{code}/", day) for code in (*CODES, "13T") for day in ({}, LATE)),
    *((f"organisations/{code}/timeline/", {}) for code in CODES),
    *((f"organisations/{code}/lineage/", {}) for code in ("00F", "03N", "01A", "01E", "X-PCT1", "13T")),
    ("configuration/", LATE),
    ("configuration/", LATE | {"portfolio": "all"}),
    ("configuration/series/", {"from": "2009-01-01", "to": "2015-03-31", "step": "year", "portfolio": "all"}),
    ("configuration/compare/", {"a": "2009-12-31", "b": "2015-03-31", "portfolio": "all"}),
    ("forms/", {}),
    ("portfolios/", {}),
    *((f"{things}/", {"portfolio": "all", "page_size": "1000"}) for things in (
        "contracts", "budgets", "pooled-budgets", "provisions", "provider-arms", "portfolio-groups", "premises",
        "staffing", "pms-pilots", "recommendation-answers")),
]  # fmt: skip
PAGES = [
    "/organisations/00F/",
    "/organisations/?q=never",
    "/organisations/X-PCT1/?portfolio=all",
    "/forms/",
    "/provider-arms/",
]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()


def told(office: Office) -> dict[str, Any]:
    """Every answer, without the correction that undid the change and without what counts writes."""
    found: dict[str, Any] = {}
    for path, query in ASKED:
        answer = office.anyone.get(f"/api/v1/{path}", query)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        key = f"{path} {query}"
        if "json" not in answer["Content-Type"]:
            found[key] = content.decode()
            continue
        found[key] = (answer.status_code, _without_corrections(json.loads(content)))
    return found


def _without_corrections(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_corrections(each) for name, each in value.items() if name not in {"detail", "instance"}}
    if isinstance(value, list):
        kept = (each for each in value if not (isinstance(each, dict) and each.get("kind") == "correction"))
        return [_without_corrections(each) for each in kept]
    return value


@pytest.mark.parametrize("asked", PERMISSIONS.values(), ids=PERMISSIONS)
def test_no_answer_differs(office: Office, client: Client, asked: dict[str, Any]) -> None:
    before = told(office)
    assert all(answer[0] in {200, 404} for answer in before.values() if isinstance(answer, tuple))
    made = office.carried_through("changes/", asked)
    between = told(office)
    assert between != before
    office.carried_through(
        "changes/", {"kind": "correction", "effective_on": asked["effective_on"], "corrects": made["id"]}
    )
    after = told(office)
    assert {path for path in before if before[path] != after[path]} == set()
    assert office.anyone.get("/api/v1/changes/", {"portfolio": "all", "page_size": 1000}).json()
    listed = office.anyone.get("/api/v1/changes/", {"portfolio": "all", "page_size": 1000}).json()["results"]
    assert {each["id"] for each in listed if each["undone_by"] is not None} == {made["id"]}
    for path in PAGES:
        page = client.get(path)
        assert page.status_code == 200
        assert "Never so called" not in page.content.decode()


MODELS: list[Any] = [FormPeriod, NamePeriod, BoardSeat, Relationship]


def test_what_was_struck_out_is_kept_and_asked_for_by_name(office: Office) -> None:
    made = office.carried_through("changes/", PERMISSIONS["merger"])
    undone = office.carried_through(
        "changes/", {"kind": "correction", "effective_on": "2015-03-01", "corrects": made["id"]}
    )
    for model in MODELS:
        assert not model.objects.filter(begun_by=made["id"]).exists()
        kept = model.with_struck_out.filter(begun_by=made["id"])
        assert kept.exists()
        assert {row.ended_by_id for row in kept} == {undone["id"]}
        assert all(row.end == row.start for row in kept)
    assert not Organisation.objects.filter(pk="13T").exists()
    assert Organisation.with_struck_out.get(pk="13T").closed_by_id == undone["id"]


def test_the_code_of_a_body_that_was_struck_out_stays_taken(office: Office, read: Callable[..., Any]) -> None:
    made = office.carried_through("changes/", PERMISSIONS["merger"])
    office.carried_through("changes/", {"kind": "correction", "effective_on": "2015-03-01", "corrects": made["id"]})
    for code in ("13T", "13t"):
        again = merger(kind="merger", resulting=[new(code)])
        answer = office.post("changes/preview/", again)
        assert answer.status_code == 400
        (problem,) = answer.json()["errors"]
        assert problem["code"] == "code-in-use"
        assert "struck out" in problem["detail"]


def test_a_name_struck_out_on_the_day_of_the_closing_is_not_the_last(office: Office, every: Callable[..., Any]) -> None:
    """The period of a name that never was ends on the day on which the body closes, as its last name does."""
    name = {body["code"]: body["name"] for body in every("organisations/")}["00F"]
    made = office.carried_through("changes/", _renamed("00F", "2015-03-01"))
    office.carried_through("changes/", {"kind": "correction", "effective_on": "2015-03-01", "corrects": made["id"]})
    office.carried_through("changes/", PERMISSIONS["merger"])
    assert [body["name"] for body in every("organisations/") if body["code"] == "00F"] == [name]
