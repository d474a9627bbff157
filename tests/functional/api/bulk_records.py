"""Many more rows of everything about a few bodies, for tests of what a read costs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from commissioning.models import (
    ArmPlan,
    ArmPlanGroup,
    ContractType,
    ProviderArm,
    Recommendation,
    Service,
    StaffGroup,
)
from evaluation.models import Assessment, Criterion, Dispersal
from organisations.domain.vocabulary import ChangeKind
from organisations.models import Form, Organisation, Portfolio
from tests.factories import commissioning as things
from tests.factories import evaluation, rows

TRUST = "X-KPCT1"
PROFILED = "X-PCT2"
SPRING = date(2009, 4, 1)


def records() -> dict[str, int]:
    """The numbers of an assessment, a dispersal and an arm plan that are there in any case."""
    held = Assessment.objects.get(slug="ostlebury-panel")
    dispersal = evaluation.dispersal(Organisation.objects.get(pk=PROFILED))
    evaluation.dispersal_part(dispersal, held)
    evaluation.dispersal_part(dispersal, judged(held))
    return {"assessment": held.pk, "dispersal": dispersal.pk, "plan": arm_plan().pk}


def arm_plan() -> ArmPlan:
    """A plan of the trust: two services become a company, the others stay."""
    trust = Organisation.objects.get(pk=TRUST)
    kept: dict[str, Any] = {"kept_by": "ann", "kept_at": timezone.now()}
    made = ArmPlan.objects.create(
        organisation=trust, title="By 2012", start=date(2009, 10, 1), separation="internal", **kept
    )
    form = Form.objects.get(slug="community-interest-company")
    group = ArmPlanGroup.objects.create(plan=made, position=0, title="Therapies", coherence="One aim.", form=form)
    group.services.set(Service.objects.filter(pk__in=["physiotherapy", "occupational-therapy"]))
    return made


def judged(like: Assessment) -> Assessment:
    """A closed assessment of two options by the framework of another."""
    made = evaluation.assessment(like.framework, status="closed", subject=like.subject, as_of=like.as_of)
    options = [evaluation.option(made, key=key) for key in ("one", "other")]
    assessor = evaluation.assessor(made)
    for criterion in Criterion.objects.filter(framework=like.framework):
        for option in options:
            evaluation.judgement(assessor, option, criterion)
    return made


def more_of_organisations() -> None:
    """Two hundred more bodies with everything that hangs on them, and as many more records about one trust."""
    england, form = Portfolio.objects.get(slug="england-2006-2015"), Form.objects.get(slug="pct-4")
    trust, birmingham = Organisation.objects.get(code="5M1"), Organisation.objects.get(code="LA-birmingham")
    for number in range(200):
        body = rows.organisation(f"ZZ{number:03}", portfolio=england)
        rows.form_period(body, form=form)
        rows.name_period(body, name=f"Trust {number}")
        rows.population(body)
        rows.relationship(body, trust)
        rows.relationship(body, birmingham, kind="located-in")
        change = rows.change(portfolio=england, kind=ChangeKind.RECONFIGURATION, recorded=True)
        rows.party(change, trust)
        rows.party(change, body, role="resulting")
        rows.lineage_edge(change, trust, body, share="0.001")


def more_of_commissioning() -> None:
    """Forty more things of every kind that one trust holds, and plans for its arm."""
    trust, other = Organisation.objects.get(pk=TRUST), Organisation.objects.get(pk="X-KPCT2")
    services, posts = list(Service.objects.order_by("pk")[:20]), StaffGroup.objects.all()[0]
    arm, block = ProviderArm.objects.filter(holdings__organisation=trust)[0], ContractType.objects.get(slug="block")
    since = {"start": SPRING}
    for number in range(40):
        service = services[number % len(services)]
        partner = rows.organisation(f"X-K-ZZ{number:02}", portfolio=trust.portfolio, opened=trust.opened)
        rows.name_period(partner, name=f"Partner {number}", start=trust.opened)
        things.contract(trust, partner, service, type=block, **since)
        things.budget(trust, **since)
        things.pooled_budget(partner, trust, other, **since)
        building = things.premises(trust, **since)
        things.provision(trust, service, **since).premises.add(building)
        things.provision(partner, service, population_of=trust, **since)
        things.staffing(trust, posts, service=service, **since)
        things.portfolio_group(arm, trust, service, **since)
        things.milestone(arm, title=f"Step {number}")
        arm_plan()
    for recommendation in Recommendation.objects.all():
        things.recommendation_answer(trust, recommendation, answered_on=date(2009, 9, 1))


def more_of_evaluation(numbers: dict[str, int]) -> None:
    """Fifteen more assessments, and as much more about the one, the dispersal and the body that are asked for."""
    held = Assessment.objects.get(pk=numbers["assessment"])
    dispersal, body = Dispersal.objects.get(pk=numbers["dispersal"]), Organisation.objects.get(pk=PROFILED)
    criteria, options = list(held.framework.criteria.all()), list(held.options.all())
    for number in range(15):
        other = judged(held)
        evaluation.choice(other, other.options.all()[0])
        evaluation.dispersal_part(dispersal, other)
        evaluation.dispersal(body)
        for about in (held, other):
            evaluation.reading(evaluation.measure(about, title=f"Measure {number}"))
            evaluation.step(about)
        evaluation.profile_point(body, assessor=f"person {number}")
        assessor = evaluation.assessor(held)
        for criterion in criteria:
            for option in options:
                evaluation.judgement(assessor, option, criterion)
        evaluation.planned_mitigation(held, criteria[0])
