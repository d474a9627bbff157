"""Lists of what bodies hold: a row per holding, of a day, of a portfolio; filters, orderings, streams."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.test import APIClient, APIRequestFactory

from commissioning.domain.vocabulary import AnswerState, Sector, Separation, Stream
from commissioning.models import (
    ArmHolding,
    BudgetHolding,
    ContractHolding,
    GroupHolding,
    PooledBudget,
    PremisesHolding,
    ProvisionHolding,
    RecommendationAnswer,
    StaffingHolding,
)
from commissioning.read_models.arms import AnswerItem, ArmItem, GroupItem, PmsPilotItem
from commissioning.read_models.money import BudgetItem, ContractItem, PooledBudgetItem
from commissioning.read_models.services import PremisesItem, ProvisionItem, StaffingItem
from commissioning.selectors import listing
from organisations.models import Form, FormPeriod
from pcorg.core.audit import memory
from tests.factories import commissioning as factory
from tests.functional.api.conftest import Get, refused
from tests.functional.api.test_lists import content
from tests.functional.api.test_rows import both

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]
DAY = "2009-04-01"
PATHS = (
    "contracts/", "provisions/", "budgets/", "pooled-budgets/", "pms-pilots/", "provider-arms/", "portfolio-groups/",
    "staffing/", "premises/", "recommendation-answers/",
)  # fmt: skip


@pytest.fixture
def made() -> factory.Trust:
    """A trust with something of every kind, a pilot and an answer among it."""
    made = factory.trust_with_everything()
    authority = factory.body("X-THA", "health-authority", of=made.portfolio, opened=date(1996, 4, 1))
    pilot = factory.body("X-TPM", "pms-pilot", of=made.portfolio, opened=date(1998, 4, 1))
    money = factory.contract(authority, pilot, code="X-TC9", annual_value=Decimal("412000.00"), start=date(1998, 4, 1))
    factory.pms_pilot(pilot, money, salaried_gps=Decimal("2.00"), provider=made.hospital, practices=[made.council])
    factory.recommendation_answer(made.trust, factory.recommendation(), by="ann")
    return made


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["code"] for row in rows]


def of(made: factory.Trust, **query: Any) -> dict[str, Any]:
    return {"portfolio": made.portfolio.pk, **query}


def test_a_contract_serves_an_analyst(read: Read, made: factory.Trust) -> None:
    (row,) = read("contracts/", **of(made, code="X-TC1", as_of=DAY))["results"]
    assert row.pop("holding") == made.block.holdings.get().pk
    assert row.pop("url") == "http://testserver/api/v1/contracts/X-TC1/"
    assert row == {
        "code": "X-TC1",
        "title": made.block.title,
        "type": made.block.type_id,
        "sector": "acute",
        "services": [made.services[3].pk],
        "commissioner": made.trust.pk,
        "provider": made.hospital.pk,
        "annual_value": "48250000.00",
        "price_year": "2008/09",
        "ends": "2011-04-01",
        "start": "2006-10-01",
        "end": None,
        "portfolio": made.portfolio.pk,
        "illustrative": True,
    }


def test_a_service_with_staff_money_and_contacts(read: Read, made: factory.Trust) -> None:
    rows = {row["code"]: row for row in read("provisions/", **of(made))["results"]}
    own, bought = rows["X-TS0"], rows["X-TS3"]
    assert (own["wte"], own["annual_value"], own["contacts"]) == ("84.50", "3120000.00", 142_000)
    assert (own["round_the_clock"], own["premises"], own["tier"]) == (True, ["X-TB1"], None)
    assert own["group"] == made.services[0].group_id
    assert (bought["provider"], bought["population_of"]) == (made.hospital.pk, made.trust.pk)
    assert (bought["wte"], bought["contacts"]) == (None, None)


@pytest.mark.parametrize(
    ("form", "share", "amount"),
    [
        ("pct-4", "1.0000", "31200000.00"),
        ("pcg-2", "0.9000", "28080000.00"),
        ("pcg-1", None, None),
        ("locality-commissioning-group", "0.0000", "0.00"),
    ],
)
def test_what_is_devolved_follows_the_form_of_the_day(
    read: Read, made: factory.Trust, form: str, share: str | None, amount: str | None
) -> None:
    FormPeriod.objects.filter(organisation=made.trust).update(end=date(2008, 4, 1))
    FormPeriod.objects.create(
        organisation=made.trust, form=Form.objects.get(slug=form), start=date(2008, 4, 1), basis="illustrative"
    )
    for query in ({"as_of": DAY}, {}):
        (row,) = read("budgets/", **of(made, code="X-TM1", **query))["results"]
        assert (row["devolved_share"], row["devolved_amount"]) == (share, amount)
    (before,) = read("budgets/", **of(made, code="X-TM1", as_of="2008-03-31"))["results"]
    assert (before["devolved_share"], before["amount"]) == ("1.0000", "31200000.00")


def test_what_is_devolved_of_a_holder_of_unknown_form_is_unknown(read: Read, made: factory.Trust) -> None:
    FormPeriod.objects.filter(organisation=made.trust).delete()
    (row,) = read("budgets/", **of(made, code="X-TM1", fields="devolved_amount"))["results"]
    assert row == {"devolved_amount": None}


def test_a_pool_with_what_each_partner_puts_in(read: Read, made: factory.Trust) -> None:
    made.pool.holdings.filter(hosts=True).update(amount=Decimal("8400000.00"))
    (row,) = read("pooled-budgets/", **of(made, as_of=DAY))["results"]
    assert (row["host"], row["total"]) == (made.council.pk, "12600000.00")
    assert row["partners"] == [made.council.pk, made.trust.pk]
    assert [part["share"] for part in row["contributions"]] == ["0.6667", "0.3333"]


def test_a_pilot_with_the_days_of_its_term(read: Read, made: factory.Trust) -> None:
    (row,) = read("pms-pilots/", **of(made, as_of="2000-04-01"))["results"]
    assert (row["organisation"], row["name"], row["commissioner"]) == ("X-TPM", "Body X-TPM", "X-THA")
    assert (row["term_ends"], row["days_left"]) == ("2001-04-01", 365)
    assert (row["annual_value"], row["salaried_gps"], row["nurses"]) == ("412000.00", "2.00", None)
    assert row["practices"] == [made.council.pk]
    assert read("pms-pilots/", **of(made))["results"][0]["days_left"] is None
    assert read("pms-pilots/", **of(made, as_of="1998-03-31"))["results"] == []


def test_an_arm_and_its_separation_on_the_day(read: Read, made: factory.Trust) -> None:
    (before,) = read("provider-arms/", **of(made, as_of="2008-03-31"))["results"]
    (after,) = read("provider-arms/", **of(made, as_of="2008-04-01"))["results"]
    assert (before["separation"], after["separation"]) == ("none", "internal")
    assert after["groups"] == ["X-TG1"]
    assert len(after["approaches"]) == 1
    assert read("provider-arms/", **of(made))["results"] == [after]


def test_lists_are_of_a_day(read: Read, made: factory.Trust) -> None:
    made.block.holdings.update(end=date(2011, 4, 1))
    assert "X-TC1" in codes(read("contracts/", **of(made, as_of="2011-03-31"))["results"])
    assert "X-TC1" not in codes(read("contracts/", **of(made, as_of="2011-04-01"))["results"])
    assert "X-TC1" in codes(read("contracts/", **of(made))["results"])


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("path", PATHS)
def test_invented_things_stand_apart(every: Read, path: str) -> None:
    assert not [row for row in every(path) if row["illustrative"]]
    assert [row for row in every(path, portfolio="all") if row["illustrative"]]


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        ("contracts/", {"commissioner": "X-TPCT"}, {"X-TC1", "X-TC2"}),
        ("contracts/", {"provider": "X-TAT"}, {"X-TC1"}),
        ("contracts/", {"organisation": "X-TPM"}, {"X-TC9"}),
        ("contracts/", {"sector": "acute"}, {"X-TC1"}),
        ("contracts/", {"sector": ["acute", "community"]}, {"X-TC1", "X-TC2", "X-TC9"}),
        ("contracts/", {"type": "TYPE"}, {"X-TC1"}),
        ("contracts/", {"service": "SERVICE"}, {"X-TC2"}),
        ("contracts/", {"value_min": 1_000_000, "value_max": 10_000_000}, {"X-TC2"}),
        ("contracts/", {"ends_after": "2011-04-01", "ends_before": "2011-04-01"}, {"X-TC1"}),
        ("contracts/", {"q": "x-tc2"}, {"X-TC2"}),
        ("contracts/", {"q": "thing c9"}, {"X-TC9"}),
        ("contracts/", {"price_year": "2007/08"}, set()),
        ("provisions/", {"provider": "X-TPCT"}, {"X-TS0", "X-TS1", "X-TS2"}),
        ("provisions/", {"population_of": "X-TPCT"}, {"X-TS0", "X-TS1", "X-TS2", "X-TS3"}),
        ("provisions/", {"organisation": "X-TAT"}, {"X-TS3"}),
        ("provisions/", {"service": "SERVICE"}, {"X-TS0"}),
        ("provisions/", {"group": "GROUP"}, {"X-TS0", "X-TS1", "X-TS2", "X-TS3"}),
        ("provisions/", {"round_the_clock": "true"}, {"X-TS0"}),
        ("provisions/", {"tier": "core"}, set()),
        ("budgets/", {"organisation": "X-TPCT"}, {"X-TM1", "X-TM2"}),
        ("budgets/", {"stream": "prescribing"}, {"X-TM1"}),
        ("budgets/", {"price_year": "2008/09"}, {"X-TM1", "X-TM2"}),
        ("pooled-budgets/", {"partner": "X-TPCT"}, {"X-TQ1"}),
        ("pooled-budgets/", {"partner": "X-TAT"}, set()),
        ("pooled-budgets/", {"flexibility": "pooled"}, {"X-TQ1"}),
        ("pooled-budgets/", {"q": "older"}, {"X-TQ1"}),
        ("provider-arms/", {"organisation": "X-TPCT"}, {"X-TV1"}),
        ("provider-arms/", {"separation": "internal"}, {"X-TV1"}),
        ("provider-arms/", {"separation": "full"}, set()),
        ("provider-arms/", {"approach": "APPROACH"}, {"X-TV1"}),
        ("portfolio-groups/", {"arm": "X-TV1"}, {"X-TG1"}),
        ("portfolio-groups/", {"service": "SERVICE"}, {"X-TG1"}),
        ("portfolio-groups/", {"chosen_form": "community-trust"}, set()),
        ("staffing/", {"organisation": "X-TPCT", "service": "SERVICE"}, {"X-TW1"}),
        ("premises/", {"built_before": 1980}, {"X-TB1"}),
        ("premises/", {"lift": "true"}, set()),
        ("premises/", {"type": "health-centre"}, {"X-TB1"}),
    ],
)
def test_filters(read: Read, made: factory.Trust, path: str, query: dict[str, Any], found: set[str]) -> None:
    meant = {
        "TYPE": made.block.type_id,
        "SERVICE": made.services[0].pk,
        "GROUP": made.services[0].group_id,
        "APPROACH": made.arm.approaches.get().pk,
    }
    asked = {name: meant.get(value, value) if isinstance(value, str) else value for name, value in query.items()}
    assert set(codes(read(path, **of(made, **asked))["results"])) == found


def test_filters_of_pilots(read: Read, made: factory.Trust) -> None:
    for query, number in [
        ({"wave": 1}, 1), ({"wave": 2}, 0), ({"variant": "practice"}, 1), ({"variant": "nurse-led"}, 0),
        ({"provider": "X-TAT"}, 1), ({"commissioner": "X-THA"}, 1), ({"commissioner": "X-TPCT"}, 0),
        ({"practice": "X-TLA"}, 1), ({"practice": "X-TAT"}, 0),
    ]:  # fmt: skip
        assert len(read("pms-pilots/", **of(made, **query))["results"]) == number, query


def test_the_latest_answer_stands(read: Read, made: factory.Trust) -> None:
    first = RecommendationAnswer.objects.get(organisation=made.trust)
    later = factory.recommendation_answer(
        made.trust,
        first.recommendation,
        answered_on=first.answered_on + timedelta(30),
        state=AnswerState.MET,
        evidence="Board paper",
    )

    def found(**query: Any) -> list[int]:
        return [row["id"] for row in read("recommendation-answers/", **of(made, **query))["results"]]

    assert found() == [first.pk, later.pk]
    assert found(standing="true") == [later.pk]
    assert found(standing="false") == [first.pk]
    assert found(standing="true", as_of=first.answered_on.isoformat()) == [first.pk]
    assert found(state="met") == [later.pk]
    assert found(recommendation=first.recommendation_id, organisation=made.trust.pk) == [first.pk, later.pk]
    assert found(addressee="national") == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("contracts/", {"commissioner": "nobody"}),
        ("contracts/", {"type": "handshake"}),
        ("contracts/", {"sector": "tertiary"}),
        ("contracts/", {"price_year": "2008"}),
        ("contracts/", {"value_min": "-1"}),
        ("provisions/", {"service": "astrology"}),
        ("provisions/", {"round_the_clock": "sometimes"}),
        ("budgets/", {"stream": "gold"}),
        ("pooled-budgets/", {"flexibility": "elastic"}),
        ("pms-pilots/", {"wave": "first"}),
        ("provider-arms/", {"separation": "judicial"}),
        ("premises/", {"ordering": "colour"}),
        ("staffing/", {"fields": "wte,salary"}),
        ("recommendation-answers/", {"standing": "maybe"}),
    ],
)
def test_what_is_not_understood_is_refused(get: Get, path: str, query: dict[str, str]) -> None:
    assert get(path, **query).status_code == 400


def test_unknown_parameters_are_refused(get: Get) -> None:
    for path in PATHS:
        refused(get(path, colour="red"), 400, "unknown-parameter")


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("path", PATHS)
def test_streams_hold_the_whole_list_in_its_order(get: Get, every: Read, path: str) -> None:
    rows = every(path, portfolio="all", page_size=1)
    assert rows == every(path, portfolio="all")
    lines = content(get(path, portfolio="all", format="ndjson")).splitlines()
    assert [json.loads(line) for line in lines] == rows
    table = list(csv.reader(io.StringIO(content(get(path, portfolio="all", format="csv")))))
    assert len(table) == len(rows) + 1
    assert all(len(line) == len(table[0]) for line in table)


def test_lists_of_objects_stand_in_a_cell_as_json(get: Get, made: factory.Trust) -> None:
    (row,) = csv.DictReader(io.StringIO(content(get("pooled-budgets/", format="csv", **of(made)))))
    assert [part["partner"] for part in json.loads(row["contributions"])] == row["partners"].split()


@pytest.mark.parametrize("ordering", ["annual_value", "-annual_value", "ends", "-ends,title", "type,-code"])
def test_orderings_of_contracts(read: Read, api: APIClient, made: factory.Trust, ordering: str) -> None:
    whole = [row["holding"] for row in read("contracts/", **of(made, ordering=ordering))["results"]]
    page, there = read("contracts/", **of(made, ordering=ordering, page_size=2)), []
    while True:
        there += [row["holding"] for row in page["results"]]
        if page["next"] is None:
            break
        page = api.get(page["next"]).json()
    assert there == whole
    assert len(whole) == len(set(whole)) == 3


KINDS = [
    (ContractItem, ContractHolding, ()),
    (ProvisionItem, ProvisionHolding, ("item__service",)),
    (BudgetItem, BudgetHolding, ()),
    (StaffingItem, StaffingHolding, ()),
    (PremisesItem, PremisesHolding, ()),
    (ArmItem, ArmHolding, ()),
    (GroupItem, GroupHolding, ()),
]
CONTEXT = {"request": APIRequestFactory().get("/api/v1/"), "as_of": None}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(("item", "kind", "along"), KINDS)
def test_fast_rows_say_what_the_serializer_says(
    item: type[serializers.Serializer], kind: Any, along: tuple[str, ...]
) -> None:
    known = {ArmHolding: listing.arms, GroupHolding: listing.groups}.get(kind, partial(listing.held, kind))
    objects = known(None, portfolio="all").select_related("item__portfolio", *along).order_by("pk")
    fast, slow = both(item, objects, CONTEXT)
    assert fast == slow
    assert fast


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("on", [None, date(2000, 4, 1)])
def test_fast_rows_of_pools_pilots_and_answers(on: date | None) -> None:
    context = {**CONTEXT, "as_of": on}
    pilots = listing.pilots(on, portfolio="all").select_related("portfolio").order_by("pk")
    answers = listing.answers(None, portfolio="all").select_related("organisation__portfolio").order_by("pk")
    for item, objects in (
        (PooledBudgetItem, PooledBudget.objects.select_related("portfolio").order_by("pk")),
        (PmsPilotItem, pilots),
        (AnswerItem, answers),
    ):
        fast, slow = both(item, objects, context)
        assert fast == slow
        assert fast


def test_more_rows_cost_no_more_queries(api: APIClient, queries: Any, made: factory.Trust) -> None:
    def spent(path: str) -> int:
        memory.forget()
        with queries() as seen:
            assert api.get(f"/api/v1/{path}?portfolio=all&as_of={DAY}").status_code == 200
        return len(seen)

    before = {path: spent(path) for path in PATHS}
    kind = factory.contract_type()
    for _ in range(30):
        factory.contract(made.trust, made.hospital, *made.services[:2], type=kind, sector=Sector.ACUTE)
        factory.provision(made.trust, made.services[0]).premises.add("X-TB1")
        factory.budget(made.trust, stream=Stream.PRESCRIBING)
        factory.pooled_budget(made.council, made.trust)
        factory.portfolio_group(
            factory.provider_arm(made.trust, separation=Separation.FULL), made.trust, made.services[0]
        )
        factory.staffing(made.trust)
        factory.premises(made.trust)
        factory.recommendation_answer(made.trust, factory.recommendation())
    assert {path: spent(path) for path in PATHS} == before
    assert max(before.values()) <= 6
