"""The illustrative portfolio of trusts told in full: that it holds what it says, and that its figures agree.

Sums are made from the document itself, without the product, and compared with what the database holds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml

from commissioning.models import (
    BudgetHolding,
    ContractHolding,
    Contribution,
    GroupHolding,
    PmsPilot,
    PremisesHolding,
    ProviderArm,
    ProvisionHolding,
    RecommendationAnswer,
    StaffingHolding,
)
from commissioning.models.holding import HoldingModel
from organisations.models import Change, Organisation, Population, Relationship
from tests.databases import FIXTURES

pytestmark = pytest.mark.django_db

TRUSTS = {"X-KPCT1": 231_400, "X-KPCT2": 170_600, "X-KPCT3": 206_300, "X-KPCT4": 258_200}
FULL = ("X-KPCT1", "X-KPCT2")
BEGUN = date(2008, 4, 1)
DAY = date(2009, 4, 1)
LINES = {
    "Hospital services": {"acute"},
    "Mental health and learning disabilities": {"mental-health"},
    "Community health services": {"community"},
    "Continuing care and joint working": {"social"},
    "General medical services and practice premises": {"primary"},
}
"""Which contracts a budget line pays for, by their sectors."""
POOLED_FROM = {
    "X-KPCT1": "Mental health and learning disabilities",
    "X-KPCT2": "Continuing care and joint working",
}
"""The budget line that a trust's part of its pool comes out of."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as it is written."""
    written: dict[str, Any] = yaml.safe_load((FIXTURES / "portfolios" / "illustrative-trusts.yaml").read_text())
    return written


def of_year(records: Iterable[dict[str, Any]], year: str = "2008/09") -> list[dict[str, Any]]:
    return [record for record in records if record["price_year"] == year]


def pounds(records: Iterable[dict[str, Any]], name: str) -> Decimal:
    return sum((Decimal(str(record[name])) for record in records), Decimal(0))


def held(model: type[HoldingModel], role: str, code: str) -> Any:
    return model._default_manager.filter(**{role: code}, start__lte=DAY).exclude(end__lte=DAY)


def test_one_trust_is_told_in_full() -> None:
    trust = "X-KPCT1"
    assert held(ProvisionHolding, "population_of", trust).values("item__service").distinct().count() == 30
    assert held(ContractHolding, "commissioner", trust).count() == 27
    assert set(held(ContractHolding, "commissioner", trust).values_list("item__type", flat=True)) == {
        "gms", "service-level-agreement", "block", "cost-and-volume", "network-contract", "any-willing-provider",
    }  # fmt: skip
    assert BudgetHolding.objects.filter(organisation=trust, item__price_year__in=["2007/08", "2008/09"]).count() == 12
    assert held(BudgetHolding, "organisation", trust).count() == 6
    assert held(Contribution, "partner", trust).count() == 1
    assert held(GroupHolding, "organisation", trust).count() == 4
    assert held(PremisesHolding, "organisation", trust).filter(item__built__lt=1948, item__purpose_built=True).exists()
    assert held(PremisesHolding, "organisation", trust).get(item__lift=True).item.built == 2006
    answers = RecommendationAnswer.objects.filter(organisation=trust)
    assert set(answers.values_list("state", flat=True)) == {"not-started", "under-way", "met", "not-applicable"}
    assert answers.count() > 15


def test_two_pilots_of_the_first_wave_and_what_became_of_them() -> None:
    told = {
        pilot.pk: (pilot.variant, pilot.at_end, pilot.contract.type_id)
        for pilot in PmsPilot.objects.filter(portfolio="illustrative-trusts", wave=1).select_related("contract")
    }
    assert told == {
        "X-KPMS1": ("nurse-led", "general-medical-services", "pms"),
        "X-KPMS2": ("community-hospital", "into-trust", "pms"),
    }
    ends = Change.objects.filter(parties__organisation__in=list(told), effective_on="2001-04-01").values_list(
        "kind", flat=True
    )
    assert set(ends) == {"transition", "dissolution"}
    assert set(Organisation.objects.filter(pk__in=list(told)).values_list("closed", flat=True)) == {date(2001, 4, 1)}
    for row in ContractHolding.objects.filter(provider__in=list(told)):
        assert (row.commissioner_id, row.start, row.end) == ("X-KHA1", date(1998, 4, 1), date(2001, 4, 1))


def test_a_provider_arm_on_its_way_to_october_2009() -> None:
    arm = ProviderArm.objects.get(pk="X-KV1")
    assert list(arm.holdings.order_by("start").values_list("separation", flat=True)) == ["none", "internal"]
    assert arm.groups.count() == 4
    assert arm.groups.filter(chosen_form__isnull=False).count() == 3
    assert arm.milestones.filter(due="2009-10-31", reached="2009-09-24").exists()
    assert arm.milestones.filter(reached=None).exists()


def test_the_changes_moved_the_nurses_of_1999(document: dict[str, Any]) -> None:
    """What the community trust ran went by name to four trusts, each for its own people."""
    nurses = [row for row in document["provisions"] if row["start"] == date(1999, 4, 1)]
    assert {row["provider"] for row in nurses} == {"X-KCT1"}
    told = set(ProvisionHolding.objects.filter(end=BEGUN).values_list("item", "provider", "population_of"))
    assert {item for item, _, _ in told} == {row["code"] for row in nurses}
    assert Counter(provider for _, provider, _ in told) == dict.fromkeys(TRUSTS, 2)
    assert all(provider == people for _, provider, people in told)
    assert not ProvisionHolding.objects.filter(provider="X-KCT1", end__gt="2002-10-01").exists()


def test_a_budget_went_with_its_group_into_the_trust() -> None:
    told = BudgetHolding.objects.filter(item="X-KM001").order_by("start")
    assert list(told.values_list("organisation", "amount", "start", "end")) == [
        ("X-KPCG1", Decimal("129210000.00"), date(1999, 4, 1), date(2000, 10, 1)),
        ("X-KPCT1", Decimal("129210000.00"), date(2000, 10, 1), date(2001, 4, 1)),
    ]


@pytest.mark.parametrize("trust", TRUSTS)
def test_totals_held_are_those_written(document: dict[str, Any], trust: str) -> None:
    written = {
        "budgets": pounds((row for row in of_year(document["budgets"]) if row["organisation"] == trust), "amount"),
        "staff": pounds((row for row in document["staffing"] if row["organisation"] == trust), "wte"),
        "contracts": pounds((row for row in document["contracts"] if row["commissioner"] == trust), "annual_value"),
        "services": pounds(
            (row for row in of_year(document["provisions"]) if row.get("population_of", row["provider"]) == trust),
            "annual_value",
        ),
    }
    assert written == {
        "budgets": sum(held(BudgetHolding, "organisation", trust).values_list("amount", flat=True)),
        "staff": sum(held(StaffingHolding, "organisation", trust).values_list("wte", flat=True)),
        "contracts": sum(held(ContractHolding, "commissioner", trust).values_list("annual_value", flat=True)),
        "services": sum(held(ProvisionHolding, "population_of", trust).values_list("annual_value", flat=True)),
    }


@pytest.mark.parametrize("trust", TRUSTS)
def test_no_budget_is_contracted_beyond_its_amount(document: dict[str, Any], trust: str) -> None:
    let: dict[str, Decimal] = defaultdict(Decimal)
    for row in of_year(document["contracts"]):
        if row["commissioner"] == trust:
            let[row["sector"]] += Decimal(str(row["annual_value"]))
    pooled = pounds(
        (each for pool in document["pooled_budgets"] for each in pool["contributions"] if each["partner"] == trust),
        "amount",
    )
    assert bool(pooled) == (trust in FULL)
    budgets = {
        row["title"].removesuffix(", 2008/09"): Decimal(row["amount"])
        for row in of_year(document["budgets"])
        if row["organisation"] == trust
    }
    assert set(budgets) == {*LINES, "Prescribing"}
    assert set(let) <= set().union(*LINES.values())
    for line, sectors in LINES.items():
        spent = sum((let[sector] for sector in sectors), Decimal(0)) + (pooled if POOLED_FROM.get(trust) == line else 0)
        assert spent <= budgets[line], line


@pytest.mark.parametrize("trust", FULL)
def test_agreements_with_the_provider_arm_are_worth_what_its_services_cost(
    document: dict[str, Any], trust: str
) -> None:
    """Every service that a full trust provides stands in one agreement, and an agreement is the sum of its services."""
    cost = {row["service"]: Decimal(row["annual_value"]) for row in of_year(document["provisions"])
            if row["provider"] == trust}  # fmt: skip
    agreements = [row for row in document["contracts"] if row["commissioner"] == row["provider"] == trust]
    assert Counter(service for row in agreements for service in row["services"]) == dict.fromkeys(cost, 1)
    for row in agreements:
        assert row["annual_value"] == sum(cost[service] for service in row["services"]), row["code"]


@pytest.mark.parametrize("trust", TRUSTS)
def test_what_others_provide_has_a_contract(document: dict[str, Any], trust: str) -> None:
    """Each service that somebody else provides for a trust is in a contract with them worth at least its cost."""
    for row in of_year(document["provisions"]):
        if row.get("population_of") == trust:
            [contract] = [
                each
                for each in document["contracts"]
                if each["commissioner"] == trust
                and each["provider"] == row["provider"]
                and row["service"] in each.get("services", ())
            ]
            assert contract["annual_value"] >= row["annual_value"]


@pytest.mark.parametrize("trust", TRUSTS)
def test_everybody_is_on_the_list_of_a_practice(trust: str) -> None:
    """The practices told singly and the others together have as many people as their trust."""
    practices = Relationship.objects.filter(kind="member-of", object=trust, end=None).values("subject")
    lists = Population.objects.filter(organisation__in=practices, on=BEGUN)
    assert sum(lists.values_list("count", flat=True)) == TRUSTS[trust]


def test_figures_are_of_the_size_of_2008_09(document: dict[str, Any]) -> None:
    """About £1,350 to £1,500 a head in all; community services about £190 and 48 staff for 10,000 people, as the
    national figures come to (kings-fund-2009 lines 2027-2028)."""
    spend, staff, people = Decimal(0), Decimal(0), sum(TRUSTS.values())
    for trust, population in TRUSTS.items():
        budget = pounds((row for row in of_year(document["budgets"]) if row["organisation"] == trust), "amount")
        assert 1_350 <= budget / population <= 1_500
        services = [row for row in of_year(document["provisions"])
                    if row.get("population_of", row["provider"]) == trust]  # fmt: skip
        spend += pounds(services, "annual_value")
        staff += pounds((row for row in services if "wte" in row), "wte")
        assert 170 <= pounds(services, "annual_value") / population <= 205
    assert 185 <= spend / people <= 195
    assert 47 <= staff * 10_000 / people <= 49


def test_staff_are_fewer_than_the_services_they_work_in(document: dict[str, Any]) -> None:
    for trust in TRUSTS:
        services = [row for row in of_year(document["provisions"]) if row["provider"] == trust]
        employed = [row for row in document["staffing"] if row["organisation"] == trust]
        assert pounds(employed, "wte") <= pounds(services, "wte")
        of_service = {row["service"]: Decimal(str(row["wte"])) for row in services}
        for row in employed:
            assert Decimal(str(row["wte"])) <= of_service.get(row.get("service", ""), Decimal(1_000))


def test_everything_is_labelled_as_invented(document: dict[str, Any]) -> None:
    sections = [value for value in document.values() if isinstance(value, list)]
    records = [record for section in sections for record in section]
    assert len(records) > 350
    assert all((record["basis"], record["source"]) == ("illustrative", "pcorg-illustration") for record in records)
    codes = [record["code"] for record in records if "code" in record]
    assert all(code.startswith("X-K") for code in codes)
    assert len(codes) == len(set(codes))


def test_every_record_used_is_used_rightly(document: dict[str, Any]) -> None:
    """Premises are in use, groups have an arm, pilots a contract; no full trust contracts with the other."""
    premises = {row["code"] for row in document["premises"]}
    used = {code for row in document["provisions"] for code in row.get("premises", ())}
    assert used <= premises
    assert {row["arm"] for row in document["portfolio_groups"]} == {row["code"] for row in document["provider_arms"]}
    assert {row["contract"] for row in document["pms_pilots"]} <= {row["code"] for row in document["contracts"]}
    between = [row for row in document["contracts"] if {row["commissioner"], row["provider"]} == set(FULL)]
    assert not between
