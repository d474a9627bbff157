"""A relationship is its kind, both its ends and its start: one that ends and comes back is two relationships.

A practice belongs to a group, leaves it for another, and comes back:

    X-RP  member of X-RA  2013 ───── 2014
                    X-RB             2014 ───── 2015
                    X-RA                        2015 ─────▶
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from organisations.domain.lifecycle import Step
from organisations.models import Relationship
from organisations.portfolios.formats import layouts
from organisations.portfolios.workbook import filing
from organisations.selectors.documents import PortfolioDocument, as_data, as_yaml
from organisations.services.load_portfolio import load_content, load_stated
from organisations.services.load_reports import LoadReport
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.audit.checking import chain_faults
from pcorg.core.policies import Actor
from pcorg.diagnosis import findings
from tests.documents import KNOWN, body, stated
from tests.oracles.state import differences, empty, state
from tests.unit.ingest.registers.files import group, practice, written

pytestmark = pytest.mark.django_db
CCG = "clinical-commissioning-group"

THERE_AND_BACK = [
    ("X-RA", "2013-04-01", "2014-04-01"),
    ("X-RB", "2014-04-01", "2015-04-01"),
    ("X-RA", "2015-04-01", None),
]


def member_of(parent: str, start: str, end: str | None, member: str = "X-RP") -> dict[str, Any]:
    relationship = {"kind": "member-of", "subject": member, "object": parent, "start": start}
    return relationship | ({"end": end} if end else {})


def roving() -> dict[str, Any]:
    return {
        "schema": "pcorg-portfolio/1",
        "portfolio": {
            "slug": "roving",
            "title": "A practice that comes back",
            "illustrative": True,
            "covers": {"from": "2013-04-01", "to": "2018-03-31"},
        },
        "bodies": [
            body("X-RA", "First group", CCG, opened="2013-04-01"),
            body("X-RB", "Second group", CCG, opened="2013-04-01"),
            body("X-RP", "Roving practice", "gp-practice", opened="2013-04-01"),
        ],
        "relationships": [member_of(*relationship) | KNOWN for relationship in THERE_AND_BACK],
    }


def loaded(document: dict[str, Any]) -> LoadReport:
    return load_stated(stated=stated(document), by="tests")


def memberships(member: str = "X-RP") -> list[tuple[str, str, str | None]]:
    relationships = Relationship.objects.filter(kind="member-of", subject=member).order_by("start")
    return [
        (relationship.object_id, str(relationship.start), str(relationship.end) if relationship.end else None)
        for relationship in relationships
    ]


def _from_a_document() -> None:
    assert loaded(roving()).created == 1 + 3 + 3


def _from_a_workbook() -> None:
    book = filing.as_xlsx(roving(), layouts(), {})
    assert load_content(content=book, name="roving.xlsx", by="tests").created == 1 + 3 + 3


def _by_a_change() -> None:
    """A change states all three for a practice that it opens."""
    document = roving()
    practice_ = document["bodies"].pop()
    document["changes"] = [
        {
            "reference": "opens",
            "kind": "establishment",
            "effective_on": "2013-04-01",
            "title": "A practice opens",
            **KNOWN,
            "resulting": [{name: practice_[name] for name in ("code", "name", "form")}],
            "relationships": [member_of(*relationship) for relationship in THERE_AND_BACK],
        }
    ]
    del document["relationships"]
    loaded(document)


def _with_a_body_that_a_change_opens() -> None:
    """The list of relationships states all three for a practice that a change opens."""
    document = roving()
    practice_ = document["bodies"].pop()
    document["changes"] = [
        {
            "reference": "opens",
            "kind": "establishment",
            "effective_on": "2013-04-01",
            "title": "A practice opens",
            **KNOWN,
            "resulting": [{name: practice_[name] for name in ("code", "name", "form")}],
        }
    ]
    assert loaded(document).created == 1 + 2 + 3 + 1


def _by_a_proposal() -> None:
    document = roving()
    del document["relationships"], document["bodies"][2]
    loaded(document)
    asked = {
        "kind": "establishment",
        "portfolio": "roving",
        "effective_on": "2013-04-01",
        "resulting": [{"code": "X-RP", "name": "Roving practice", "form": "gp-practice"}],
        "relationships": [member_of(*relationship) for relationship in THERE_AND_BACK],
    }
    made = propose(spec=proposed(ProposedChange, asked), by=Actor("ann", commissions=True))
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=Actor("bob", commissions=True, approves=True))


WAYS = [
    _from_a_document,
    _from_a_workbook,
    _by_a_change,
    _with_a_body_that_a_change_opens,
    _by_a_proposal,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_a_practice_that_comes_back_is_a_member_three_times(way: Callable[[], None]) -> None:
    way()
    assert memberships() == THERE_AND_BACK
    assert not list(chain_faults())
    assert all(finding.well for finding in findings() if finding.part == "Relationships")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_what_is_given_back_loads_to_the_same_three(way: Callable[[], None]) -> None:
    empty()
    way()
    before, text = state(), "".join(as_yaml(PortfolioDocument("roving")))
    empty()
    load_content(content=text.encode(), name="roving.yaml", by="tests")
    assert memberships() == THERE_AND_BACK
    assert differences(before, state()) == []
    assert "".join(as_yaml(PortfolioDocument("roving"))) == text


def test_loading_again_brings_nothing_and_the_document_gives_three() -> None:
    _from_a_document()
    assert loaded(roving()).nothing_new
    assert len(as_data(PortfolioDocument("roving"))["relationships"]) == 3


def test_the_api_tells_all_three_and_each_on_its_day(client: Any) -> None:
    _from_a_document()
    told = client.get("/api/v1/organisations/X-RP/").json()["relationships"]
    assert [
        (relationship["organisation"], relationship["start"], relationship["end"])
        for relationship in told
        if relationship["kind"] == "member-of"
    ] == sorted(THERE_AND_BACK, key=lambda relationship: relationship[1])
    for day, home in (("2013-06-01", "X-RA"), ("2014-06-01", "X-RB"), ("2016-06-01", "X-RA")):
        (relationship,) = client.get("/api/v1/organisations/X-RP/", {"as_of": day}).json()["relationships"]
        assert relationship["organisation"] == home


def test_a_membership_that_is_missing_from_the_database_is_found_by_doctor() -> None:
    _from_a_document()
    Relationship.objects.filter(subject="X-RP", start="2015-04-01").delete()
    (found,) = (finding for finding in findings() if finding.part == "Relationships")
    assert not found.well
    assert "X-RP" in found.state
    assert "2015-04-01" in found.state


MEMBERSHIPS = [
    ["Y99001", "91A", "W", "20130401", "20140331", "0"],
    ["Y99001", "91B", "W", "20140401", "20150331", "0"],
    ["Y99001", "91A", "W", "20150401", "20160331", "0"],
    ["Y99001", "91C", "W", "20160401", "", "0"],
]


def test_registers_state_each_membership(tmp_path: Path) -> None:
    registers = {
        "eccg.csv": [group("91A"), group("91B"), group("91C")],
        "epraccur.csv": [practice("Y99001", "ROVING", opened="20110101", parent="91C", joined="20160401")],
        "epcmem.csv": MEMBERSHIPS,
    }
    for name, rows in registers.items():
        written(tmp_path / name, rows)
    out = io.StringIO()
    call_command("ingest_ods", *(tmp_path / name for name in registers), stdout=out, stderr=out)
    assert "4 memberships" in out.getvalue()
    assert memberships("Y99001") == [
        ("91A", "2013-04-01", "2014-04-01"),
        ("91B", "2014-04-01", "2015-04-01"),
        ("91A", "2015-04-01", "2016-04-01"),
        ("91C", "2016-04-01", None),
    ]
    before = memberships("Y99001")
    again = io.StringIO()
    call_command("ingest_ods", *(tmp_path / name for name in registers), stdout=again, stderr=again)
    assert "nothing new" in again.getvalue()
    assert memberships("Y99001") == before
