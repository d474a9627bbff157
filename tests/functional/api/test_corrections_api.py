"""Corrections over HTTP: a forgotten merger re-bases the reform of 2013, and a merger is undone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.api.office import EVIDENCE, Office, merger

pytestmark = pytest.mark.django_db

PENINSULA: dict[str, Any] = {
    "kind": "correction",
    "effective_on": "2011-04-01",
    "title": "The merger of Devon and Cornwall had been forgotten",
    "originals": ["5QQ", "5QP"],
    "resulting": [{"code": "5ZQ", "name": "Peninsula Primary Care Trust", "form": "pct-4"}],
    "evidence": EVIDENCE,
}


def test_a_forgotten_merger_is_put_under_the_reform_of_2013(office: Office, read: Any) -> None:
    seen = office.done("changes/preview/", PENINSULA)
    assert seen["permitted"]
    assert seen["before"]["population"] == seen["after"]["population"]
    (later,) = (check for check in seen["checks"] if check["code"] == "later-history")
    assert "re-based" in later["message"]
    made = office.carried_through("changes/", PENINSULA)
    assert read("organisations/5QQ/", as_of="2010-01-01")["closed"] == "2011-04-01"
    assert read("organisations/5ZQ/", as_of="2012-01-01")["closed"] == "2013-04-01"
    edges = read("organisations/5QQ/lineage/", direction="successors", depth=9)["edges"]
    assert {edge["successor"] for edge in edges if edge["predecessor"] == "5QQ"} == {"5ZQ"}
    (resolved,) = office.done("organisations/resolve/", {"codes": ["5QQ"], "on": "2014-01-01"})["results"]
    assert abs(sum(float(body["share"]) for body in resolved["bodies"]) - 1) < 0.00001
    assert all(body["path"][:2] == ["5QQ", "5ZQ"] for body in resolved["bodies"])
    reform = next(change for change in read("changes/", kind="reconfiguration")["results"])
    told = read(f"changes/{reform['id']}/")
    assert {edge["superseded_by"] for edge in told["superseded"]} == {made["id"]}
    assert "5ZQ" in told["originals"]
    assert "5QQ" not in told["originals"]


def test_a_merger_is_undone_and_stays_readable(office: Office, read: Any) -> None:
    made = office.carried_through("mergers/", merger())
    undoing = {
        "kind": "correction",
        "effective_on": "2015-03-01",
        "corrects": made["id"],
        "rationale": "Never happened",
    }
    undone = office.carried_through("changes/", undoing)
    assert read("organisations/00F/", as_of="2015-03-15")["closed"] is None
    assert office.anyone.get("/api/v1/organisations/13T/?as_of=2015-03-15").status_code == 404
    told = read(f"changes/{made['id']}/")
    assert (told["status"], told["undone_by"]) == ("effected", undone["id"])
    assert told["edges"] == []
    assert {edge["original"] for edge in told["superseded"]} == {"00F", "00G", "00H"}
    assert office.post("changes/", undoing).status_code in {400, 409}
