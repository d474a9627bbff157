"""The illustrative county, rebuilt from 1991 by proposing, approving and carrying out each of its changes.

The opening facts are loaded from a document without changes, under codes of their own, so that the county as it was
recorded stands beside the one that is rebuilt and both can be compared row by row.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db.models import QuerySet

from organisations.actions.load_portfolio import load_portfolio
from organisations.models import (
    BoardSeat,
    Change,
    ChangeMove,
    ChangeParty,
    FormPeriod,
    LineageEdge,
    NamePeriod,
    Organisation,
    Population,
    Relationship,
)
from pcorg.audit.trail import faults
from tests.functional.api.office import Office

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[3] / "fixtures" / "portfolios" / "illustrative-county.yaml"
RECORDED, REBUILT = "illustrative-county", "county-rebuilt"

EVIDENCE: dict[str, dict[str, str]] = {}
"""What the document does not say and the rules ask of a proposal, by the reference of the change."""

FACTS = {
    Organisation: ("code", "opened", "opened_basis", "closed"),
    FormPeriod: ("organisation", "form", "start", "end"),
    NamePeriod: ("organisation", "name", "start", "end"),
    Population: ("organisation", "on", "count", "counted"),
    BoardSeat: ("organisation", "constituency", "seats", "start", "end"),
    Relationship: ("kind", "subject", "object", "share", "start", "end"),
    Change: ("kind", "route", "status", "effective_on", "title", "rationale", "legal_instrument"),
    ChangeParty: ("change__title", "organisation", "role", "position"),
    ChangeMove: ("change__title", "what", "giver", "receiver"),
    LineageEdge: ("change__title", "original", "resulting", "share", "basis", "note"),
}
"""Every row of these and what it says; keys, provenance, sequence and who decided are left out."""

WHOSE = {
    Organisation: "portfolio", Relationship: "subject__portfolio", Change: "portfolio", ChangeParty: "change__portfolio",
    ChangeMove: "change__portfolio", LineageEdge: "change__portfolio",
}  # fmt: skip


def renamed(text: str) -> str:
    """The county under codes of its own; the order of codes stays."""
    return text.replace("X-", "X-R-")


def rows_of(model: Any, portfolio: str) -> Counter:
    found: QuerySet = model.objects.filter(**{WHOSE.get(model, "organisation__portfolio"): portfolio})
    rows = (tuple(map(str, row)) for row in found.values_list(*FACTS[model]))
    if portfolio == RECORDED:
        rows = (tuple(renamed(value) for value in row) for row in rows)
    return Counter(rows)


def county() -> dict[str, Any]:
    return yaml.safe_load(renamed(DOCUMENT.read_text()).replace(f"slug: {RECORDED}", f"slug: {REBUILT}"))


def born_of(changes: list[dict[str, Any]]) -> dict[str, int]:
    """By code, the change that opens a body."""
    return {
        body["code"]: number
        for number, change in enumerate(changes)
        for body in change.get("resulting", ())
        if "name" in body
    }


def proposal(change: dict[str, Any], ties: list[dict[str, Any]], numbers: dict[str, int]) -> dict[str, Any]:
    """A recorded change as it would have been proposed."""
    left_out = {"reference", "basis", "source", "note"}
    asked = {name: value for name, value in change.items() if name not in left_out}
    asked |= {"portfolio": REBUILT, "relationships": ties}
    asked["evidence"] = change.get("evidence", {}) | EVIDENCE.get(change["reference"], {})
    if "corrects" in change:
        asked["corrects"] = numbers.get(change["corrects"])
    return json.loads(json.dumps(asked, default=date.isoformat))


def test_the_county_rebuilt_over_http_is_the_county_as_recorded(office: Office, tmp_path: Path, read: Callable) -> None:
    document = county()
    recorded = sorted(document["changes"], key=lambda change: change["effective_on"])
    made_by = born_of(recorded)
    begun = {body["code"]: body.get("opened", document["portfolio"]["covers"]["from"]) for body in document["bodies"]}
    begun |= {code: recorded[number]["effective_on"] for code, number in made_by.items()}
    ties: dict[int | None, list[dict[str, Any]]] = {None: []}
    for tie in document["relationships"]:
        tie.setdefault("start", max(begun[tie["subject"]], begun[tie["object"]]))
        makers = [made_by[code] for code in (tie["subject"], tie["object"]) if code in made_by]
        ties.setdefault(max(makers, default=None), []).append(tie)
    opening = tmp_path / "opening.yaml"
    opening.write_text(yaml.safe_dump(document | {"changes": [], "relationships": ties[None]}, allow_unicode=True))
    load_portfolio(path=opening, by="tests")
    numbers: dict[str, int] = {}
    troubles = []
    for number, change in enumerate(recorded):
        asked = proposal(change, ties.get(number, []), numbers)
        response = office.post("changes/", asked)
        if response.status_code == 201:
            made = response.json()
            for step in ("approve", "effect"):
                response = office.post(f"changes/{made['id']}/{step}/", by=office.approver)
                if response.status_code != 200:
                    break
            numbers[change["reference"]] = made["id"]
        if response.status_code >= 300:
            troubles.append((change["reference"], response.json()["errors"] or response.json()["detail"]))
    import pprint; pprint.pprint(troubles, width=200)
    assert not troubles
    assert len(numbers) == len(recorded) == Change.objects.filter(portfolio=RECORDED).count()
    differences = {
        model.__name__: (sorted((was - now).elements()), sorted((now - was).elements()))
        for model in FACTS
        if (was := rows_of(model, RECORDED)) != (now := rows_of(model, REBUILT))
    }
    assert not differences
    for day in ("1998-04-01", "1999-04-01", "2002-04-01", "2010-01-01"):
        one, other = (
            read("configuration/", as_of=day, portfolio=portfolio) for portfolio in (RECORDED, REBUILT)
        )
        assert one | {"portfolio": REBUILT} == other
    assert not list(faults())
