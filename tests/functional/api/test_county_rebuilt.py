"""The illustrative county, rebuilt from 1991 by proposing, approving and carrying out each of its changes: with the
evidence it records and no more, for its history kept to the rules that a proposal must meet.

The opening facts are loaded from a document without changes, under codes of their own, so that the county as it was
recorded stands beside the one that is rebuilt and both can be compared row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet

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
from organisations.services.load_portfolio import load_portfolio
from pcorg.core.audit.checking import chain_faults
from tests import proposed_history
from tests.functional.api.office import Office

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[3] / "fixtures" / "portfolios" / "illustrative-county.yaml"
RECORDED, REBUILT = "illustrative-county", "county-rebuilt"
RENAMED = "X-R-"
"""How the codes of the county that is rebuilt begin; their order stays."""

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
    Organisation: "portfolio",
    Relationship: "subject__portfolio",
    Change: "portfolio",
    ChangeParty: "change__portfolio",
    ChangeMove: "change__portfolio",
    LineageEdge: "change__portfolio",
}


def rows_of(model: Any, portfolio: str) -> Counter:
    found: QuerySet = model.objects.filter(**{WHOSE.get(model, "organisation__portfolio"): portfolio})
    rows = (tuple(map(str, row)) for row in found.values_list(*FACTS[model]))
    if portfolio == RECORDED:
        rows = (tuple(value.replace("X-", RENAMED) for value in row) for row in rows)
    return Counter(rows)


@pytest.mark.both_databases
@pytest.mark.exhaustive
def test_the_county_rebuilt_over_http_is_the_county_as_recorded(office: Office, tmp_path: Path, read: Callable) -> None:
    county = proposed_history.read(DOCUMENT, ("X-", RENAMED), (f"slug: {RECORDED}", f"slug: {REBUILT}"))
    opening = tmp_path / "opening.yaml"
    opening.write_text(proposed_history.plain(county.before(0)))
    load_portfolio(path=opening, by="tests")
    for reference, asked in county.proposals():
        response = office.post("changes/", asked)
        assert response.status_code == 201, (reference, response.json())
        county.numbers[reference] = response.json()["id"]
        for step in ("approve", "effect"):
            response = office.post(f"changes/{county.numbers[reference]}/{step}/", by=office.approver)
            assert response.status_code == 200, (reference, step, response.json())
    assert len(county.numbers) == Change.objects.filter(portfolio=RECORDED, recorded=True).count() == 70
    differences = {
        model.__name__: (sorted((was - now).elements()), sorted((now - was).elements()))
        for model in FACTS
        if (was := rows_of(model, RECORDED)) != (now := rows_of(model, REBUILT))
    }
    assert not differences
    assert all(rows_of(model, REBUILT) for model in FACTS)
    for day in ("1998-04-01", "1999-04-01", "2002-04-01", "2010-01-01"):
        one, other = (read("configuration/", as_of=day, portfolio=portfolio) for portfolio in (RECORDED, REBUILT))
        assert one | {"portfolio": REBUILT} == other
    assert not list(chain_faults())
