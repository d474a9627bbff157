"""A provider arm leaves its trust group by group over several years, as a client carries it out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from pcorg.core.audit.checking import chain_faults
from tests.functional.api.office import EVIDENCE, Office

pytestmark = pytest.mark.django_db
Every = Callable[..., list[dict[str, Any]]]

TRUST = "X-KPCT1"
PATH = [
    ("2010-04-01", "X-KG4", "X-KCIC9", "Selwyke Wellbeing", "community-interest-company"),
    ("2011-04-01", "X-KG3", "X-KCOP9", "Selwyke Therapists", "cooperative-society"),
    ("2012-04-01", "X-KG2", "X-KCFT9", "Selwyke Community Care", "community-foundation-trust"),
]
"""The day, the group that leaves, and the body that it becomes. Children's services stay with the trust."""
END = "2012-04-01"
AGREEMENTS = {"X-KG1": "X-KC108", "X-KG2": "X-KC109", "X-KG3": "X-KC110", "X-KG4": "X-KC111"}


def separation(day: str, group: str, code: str, name: str, form: str) -> dict[str, Any]:
    return {
        "kind": "separation",
        "effective_on": day,
        "title": f"{name} leaves the trust",
        "originals": [TRUST],
        "resulting": [{"code": TRUST}, {"code": code, "name": name, "form": form, "commissioned_by": [TRUST]}],
        "moves": [{"what": group, "from": TRUST, "to": code}],
        "evidence": EVIDENCE,
    }


@pytest.fixture
def on(every: Every) -> Callable[..., dict[str, dict[str, Any]]]:
    """A list of commissioning on a day, by code of the thing."""

    def ask(path: str, day: str, **query: Any) -> dict[str, dict[str, Any]]:
        rows = every(path, portfolio="illustrative-trusts", as_of=day, page_size=500, **query)
        return {row["code"]: row for row in rows}

    return ask


def test_a_path_of_separations_reaches_its_end(office: Office, on: Callable[..., Any]) -> None:
    start = "2010-03-31"
    groups = on("portfolio-groups/", start, organisation=TRUST)
    provided = on("provisions/", start, provider=TRUST)
    contracts = on("contracts/", start, commissioner=TRUST)
    staff = on("staffing/", start, organisation=TRUST)
    assert set(groups) == set(AGREEMENTS)
    for step in PATH:
        day, group, code, *_ = step
        made = office.carried_through("changes/", separation(*step))
        assert made["status"] == "effected"
        assert on("portfolio-groups/", day, organisation=code).keys() == {group}
        passed = {row["service"] for row in on("provisions/", day, provider=code).values()}
        assert passed == set(groups[group]["services"])
    takers = {group: code for _, group, code, *_ in PATH}
    providers = {service: takers.get(group, TRUST) for group, row in groups.items() for service in row["services"]}

    ended = on("provisions/", END, population_of=TRUST)
    for item, row in provided.items():
        assert ended[item]["provider"] == providers.get(row["service"], TRUST)
        for name in ("population_of", "wte", "annual_value", "contacts"):
            assert ended[item][name] == row[name]
    let = on("contracts/", END, commissioner=TRUST)
    for group, code in AGREEMENTS.items():
        assert let[code]["provider"] == takers.get(group, TRUST)
        assert let[code]["annual_value"] == contracts[code]["annual_value"]
        assert let[code]["annual_value"] == str(
            sum(
                Decimal(row["annual_value"]) for row in provided.values() if row["service"] in groups[group]["services"]
            )
        )
    assert let["X-KC112"]["provider"] == TRUST
    employed = on("staffing/", END)
    assert {item: employed[item]["organisation"] for item in staff} == {
        item: providers.get(row["service"], TRUST) for item, row in staff.items()
    }
    assert {group: row["organisation"] for group, row in on("portfolio-groups/", END).items() if group in groups} == {
        group: takers.get(group, TRUST) for group in groups
    }
    assert not list(chain_faults())
