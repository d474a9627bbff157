"""Rows of commissioning in a few words. Each function saves one valid row; what is not named takes a plain default.

A thing is made with its first holding where its holder is named: `contract(trust, hospital, annual_value=…)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from commissioning.domain.vocabulary import (
    Addressee,
    AnswerState,
    ApproachList,
    ClientGroup,
    Flexibility,
    PilotVariant,
    PointKind,
    PremisesKind,
    Sector,
    Separation,
    SetBy,
    Stream,
)
from commissioning.models import (
    Approach,
    ArmHolding,
    ArmOption,
    ArmOptionPoint,
    Budget,
    BudgetHolding,
    Contract,
    ContractHolding,
    ContractType,
    Contribution,
    GroupHolding,
    Milestone,
    OutcomeMeasure,
    PmsPilot,
    PooledBudget,
    PortfolioGroup,
    Premises,
    PremisesHolding,
    ProviderArm,
    Provision,
    ProvisionHolding,
    Recommendation,
    RecommendationAnswer,
    Service,
    ServiceGroup,
    StaffGroup,
    Staffing,
    StaffingHolding,
    StaffRole,
)
from organisations.models import Form, Organisation, Portfolio
from tests.factories.rows import BASIS, form, form_period, fresh, name_period, organisation, population, portfolio

BEGUN = date(2006, 10, 1)
"""The day from which things are held where nothing else is said."""
YEAR = "2008/09"


# Reference records.


def service_group(**given: Any) -> ServiceGroup:
    slug = given.pop("slug", None) or fresh("test-group")
    return ServiceGroup.objects.create(**({"slug": slug, "label": f"Group {slug}"} | given))


def service(**given: Any) -> Service:
    if "group" not in given:
        given["group"] = service_group()
    slug = given.pop("slug", None) or fresh("test-service")
    return Service.objects.create(**({"slug": slug, "label": f"Service {slug}"} | given))


def staff_group(**given: Any) -> StaffGroup:
    slug = given.pop("slug", None) or fresh("test-staff")
    return StaffGroup.objects.create(**({"slug": slug, "label": f"Staff {slug}"} | given))


def staff_role(of: StaffGroup, **given: Any) -> StaffRole:
    return StaffRole.objects.create(
        staff_group=of, **({"client_group": ClientGroup.ADULTS, "text": "Cares for them."} | given)
    )


def contract_type(**given: Any) -> ContractType:
    slug = given.pop("slug", None) or fresh("test-type")
    return ContractType.objects.create(**({"slug": slug, "label": f"Type {slug}", "summary": "A type."} | given))


def approach(**given: Any) -> Approach:
    slug = given.pop("slug", None) or fresh("test-approach")
    facts = {"slug": slug, "label": f"Approach {slug}", "drawn_from": ApproachList.STANCES}
    return Approach.objects.create(**(facts | given))


def recommendation(**given: Any) -> Recommendation:
    facts = {"slug": fresh("test-r"), "addressee": Addressee.GENERAL, "text": "Do it."}
    return Recommendation.objects.create(**(facts | given))


def arm_option(**given: Any) -> ArmOption:
    if "form" not in given:
        given["form"] = form()
    return ArmOption.objects.create(**given)


def arm_option_point(of: ArmOption, **given: Any) -> ArmOptionPoint:
    return ArmOptionPoint.objects.create(option=of, **({"kind": PointKind.BENEFIT, "text": "Helps."} | given))


# Bodies.


def body(code: str, form_slug: str, *, of: Portfolio, opened: date = BEGUN, people: int | None = None) -> Organisation:
    """A body with a form of the reference records, a name, and people where they are given."""
    made = organisation(code, portfolio=of, opened=opened)
    form_period(made, form=Form.objects.get(slug=form_slug), start=opened)
    name_period(made, name=f"Body {code}", start=opened)
    if people is not None:
        population(made, on=opened, count=people)
    return made


# Things, each with its first holding.


def _thing(stem: str, holder: Organisation, given: dict[str, Any], holding: tuple[str, ...]) -> tuple[dict, dict]:
    """What a thing is made of and what its first holding is made of."""
    held = {name: given.pop(name) for name in (*holding, "start", "end", "begun_by", "ended_by") if name in given}
    code = given.pop("code", None) or fresh(f"X-{stem}")
    facts = {"code": code, "title": f"Thing {code}", "portfolio": holder.portfolio} | BASIS | given
    return facts, {"start": max(BEGUN, holder.opened)} | held


def contract(commissioner: Organisation, provider: Organisation, *services: Service, **given: Any) -> Contract:
    if "type" not in given:
        given["type"] = contract_type(agreement=commissioner == provider)
    facts, held = _thing("C", commissioner, given, ("annual_value", "agreement"))
    made = Contract.objects.create(**({"sector": Sector.COMMUNITY, "price_year": YEAR} | facts))
    made.services.set(services)
    contract_holding(made, commissioner, provider, **held)
    return made


def contract_holding(of: Contract, commissioner: Organisation, provider: Organisation, **given: Any) -> ContractHolding:
    facts = {"start": BEGUN, "annual_value": Decimal("1000000.00"), "agreement": of.type.agreement} | given
    return ContractHolding.objects.create(item=of, commissioner=commissioner, provider=provider, **facts)


def outcome_measure(of: Contract, **given: Any) -> OutcomeMeasure:
    return OutcomeMeasure.objects.create(contract=of, **({"text": "Seen in time", "position": 1} | given))


def budget(holder: Organisation, **given: Any) -> Budget:
    facts, held = _thing("M", holder, given, ("amount",))
    made = Budget.objects.create(
        **({"stream": Stream.PRESCRIBING, "price_year": YEAR, "set_by": SetBy.CAPITATION} | facts)
    )
    budget_holding(made, holder, **held)
    return made


def budget_holding(of: Budget, holder: Organisation, **given: Any) -> BudgetHolding:
    facts = {"start": BEGUN, "amount": Decimal("30000000.00")} | given
    return BudgetHolding.objects.create(item=of, organisation=holder, **facts)


def pooled_budget(host: Organisation, *partners: Organisation, **given: Any) -> PooledBudget:
    facts, held = _thing("Q", host, given, ("amount",))
    made = PooledBudget.objects.create(
        **({"flexibility": Flexibility.POOLED, "client_group": "Older people", "price_year": YEAR} | facts)
    )
    contribution(made, host, hosts=True, **held)
    for partner in partners:
        contribution(made, partner, **held)
    return made


def contribution(of: PooledBudget, partner: Organisation, **given: Any) -> Contribution:
    facts = {"start": BEGUN, "amount": Decimal("2000000.00")} | given
    return Contribution.objects.create(item=of, partner=partner, **facts)


def provision(provider: Organisation, of: Service, **given: Any) -> Provision:
    population_of = given.pop("population_of", provider)
    facts, held = _thing("S", provider, given, ("wte", "annual_value", "contacts"))
    made = Provision.objects.create(**({"service": of, "price_year": YEAR} | facts))
    provision_holding(made, provider, population_of=population_of, **held)
    return made


def provision_holding(of: Provision, provider: Organisation, **given: Any) -> ProvisionHolding:
    facts = {"start": BEGUN, "population_of": provider} | given
    return ProvisionHolding.objects.create(item=of, provider=provider, **facts)


def staffing(employer: Organisation, group: StaffGroup | None = None, **given: Any) -> Staffing:
    facts, held = _thing("W", employer, given, ("wte", "headcount"))
    made = Staffing.objects.create(staff_group=group or staff_group(), **facts)
    staffing_holding(made, employer, **held)
    return made


def staffing_holding(of: Staffing, employer: Organisation, **given: Any) -> StaffingHolding:
    facts = {"start": BEGUN, "wte": Decimal("10.00")} | given
    return StaffingHolding.objects.create(item=of, organisation=employer, **facts)


def premises(holder: Organisation, **given: Any) -> Premises:
    facts, held = _thing("B", holder, given, ())
    made = Premises.objects.create(**({"type": PremisesKind.HEALTH_CENTRE} | facts))
    premises_holding(made, holder, **held)
    return made


def premises_holding(of: Premises, holder: Organisation, **given: Any) -> PremisesHolding:
    return PremisesHolding.objects.create(item=of, organisation=holder, **({"start": BEGUN} | given))


def provider_arm(trust: Organisation, *approaches: Approach, **given: Any) -> ProviderArm:
    facts, held = _thing("V", trust, given, ("separation",))
    made = ProviderArm.objects.create(**facts)
    made.approaches.set(approaches)
    arm_holding(made, trust, **held)
    return made


def arm_holding(of: ProviderArm, trust: Organisation, **given: Any) -> ArmHolding:
    facts = {"start": BEGUN, "separation": Separation.NONE} | given
    return ArmHolding.objects.create(item=of, organisation=trust, **facts)


def milestone(of: ProviderArm, **given: Any) -> Milestone:
    facts = {"title": "Internal separation", "due": date(2009, 4, 1)} | BASIS
    return Milestone.objects.create(arm=of, **(facts | given))


def portfolio_group(of: ProviderArm, trust: Organisation, *services: Service, **given: Any) -> PortfolioGroup:
    facts, held = _thing("G", trust, given, ())
    made = PortfolioGroup.objects.create(arm=of, **facts)
    made.services.set(services)
    group_holding(made, trust, **held)
    return made


def group_holding(of: PortfolioGroup, holder: Organisation, **given: Any) -> GroupHolding:
    return GroupHolding.objects.create(item=of, organisation=holder, **({"start": BEGUN} | given))


def pms_pilot(pilot: Organisation, of: Contract, **given: Any) -> PmsPilot:
    practices = given.pop("practices", ())
    facts = {
        "portfolio": pilot.portfolio,
        "wave": 1,
        "variant": PilotVariant.PRACTICE,
        "term_ends": pilot.opened.replace(year=pilot.opened.year + 3),
    } | BASIS
    made = PmsPilot.objects.create(organisation=pilot, contract=of, **(facts | given))
    made.practices.set(practices)
    return made


def recommendation_answer(trust: Organisation, to: Recommendation, **given: Any) -> RecommendationAnswer:
    facts = {"state": AnswerState.UNDER_WAY, "answered_on": date(2009, 6, 1)} | BASIS
    return RecommendationAnswer.objects.create(organisation=trust, recommendation=to, **(facts | given))


@dataclass(frozen=True)
class Trust:
    """A trust with something of every kind, and the bodies it deals with."""

    portfolio: Portfolio
    trust: Organisation
    council: Organisation
    hospital: Organisation
    services: tuple[Service, ...]
    arm: ProviderArm
    group: PortfolioGroup
    block: Contract
    agreement: Contract
    pool: PooledBudget


def trust_with_everything(stem: str = "X-T", of: Portfolio | None = None) -> Trust:
    """An invented trust of 200,000 people, its council and its hospital: three services of its own and one bought
    elsewhere, a hospital contract and an agreement with itself, two budgets, a pool, staff, premises, an arm."""
    of = of or portfolio()
    trust = body(f"{stem}PCT", "pct-4", of=of, people=200_000)
    council = body(f"{stem}LA", "local-authority", of=of, people=210_000)
    hospital = body(f"{stem}AT", "acute-trust", of=of)
    group = service_group()
    services = tuple(service(group=group, position=number) for number in range(4))
    building = premises(trust, code=f"{stem}B1", built=1974, purpose_built=True)
    for number, one in enumerate(services[:3]):
        made = provision(
            trust,
            one,
            code=f"{stem}S{number}",
            wte=Decimal("84.50"),
            annual_value=Decimal("3120000.00"),
            contacts=142_000,
            round_the_clock=number == 0,
        )
        made.premises.add(building)
    provision(hospital, services[3], code=f"{stem}S3", population_of=trust, annual_value=Decimal("750000.50"))
    block = contract(
        trust,
        hospital,
        services[3],
        code=f"{stem}C1",
        sector=Sector.ACUTE,
        annual_value=Decimal("48250000.00"),
        ends=date(2011, 4, 1),
    )
    outcome_measure(block, target="18 weeks")
    agreement = contract(trust, trust, *services[:3], code=f"{stem}C2", annual_value=Decimal("9360000.00"))
    budget(trust, code=f"{stem}M1", amount=Decimal("31200000.00"))
    budget(trust, code=f"{stem}M2", stream=Stream.HOSPITAL_AND_COMMUNITY, amount=Decimal("210000000.00"))
    pool = pooled_budget(council, trust, code=f"{stem}Q1", amount=Decimal("4200000.00"))
    staffing(trust, code=f"{stem}W1", service=services[0], wte=Decimal("62.30"), headcount=81)
    arm = provider_arm(trust, approach(), code=f"{stem}V1", end=date(2008, 4, 1))
    arm_holding(arm, trust, separation=Separation.INTERNAL, start=date(2008, 4, 1))
    milestone(arm, reached=date(2009, 3, 18))
    coherent = portfolio_group(arm, trust, *services[:2], code=f"{stem}G1", coherence="The same families")
    return Trust(of, trust, council, hospital, services, arm, coherent, block, agreement, pool)
