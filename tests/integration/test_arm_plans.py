"""Plans for a provider arm: kept, proposed all or none, and carried out step by step to the end they promised."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commissioning.domain.arm_planning import load_of
from commissioning.domain.operations import held_in
from commissioning.models import ArmPlan, ArmPlanCollaborator, ArmPlanGroup
from commissioning.services.arm_plans import discard_plan, keep_plan, propose_plan, stated
from commissioning.services.arm_previews import work_out_plan
from commissioning.specs.arm_plan import StatedArmPlan
from organisations.domain.lifecycle import Step
from organisations.domain.vocabulary import ChangeKind, ChangeStatus
from organisations.models import Change
from organisations.services.proposals import decide
from organisations.services.snapshots import snapshot_of
from pcorg.core.audit.models import AuditEntry
from pcorg.core.policies import Actor
from pcorg.core.refusals import Refusal, Unacceptable
from tests.factories import commissioning as make

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
READER = Actor("reader")


@pytest.fixture
def world(db: None) -> make.Trust:
    """A trust with three services of its own, two of them in a recorded group."""
    made = make.trust_with_everything()
    for number in (0, 1, 2):
        make.contract(
            made.trust,
            made.trust,
            made.services[number],
            code=f"X-TC1{number}",
            type=made.agreement.type,
            annual_value=Decimal(1000 * (number + 1)),
        )
    return made


def asked(world: make.Trust, **changed: Any) -> StatedArmPlan:
    """A plan that makes a company of the recorded group and a unit of the rest."""
    slugs = [service.slug for service in world.services]
    facts: dict[str, Any] = {
        "organisation": world.trust.pk,
        "title": "Ready by 2011",
        "rationale": "Different services need different forms.",
        "start": "2009-04-01",
        "separation": "internal",
        "groups": [
            {
                "title": "Children",
                "services": slugs[:2],
                "coherence": "The same families",
                "form": "community-interest-company",
                "group": world.group.pk,
            },
            {"title": "Adults", "services": slugs[2:3], "coherence": "The same wards", "form": "provider-unit"},
        ],
    }
    return StatedArmPlan.model_validate(facts | changed)


def three_bodies(world: make.Trust) -> StatedArmPlan:
    """A plan in which each service becomes a body of its own, the last named first."""
    forms = ("community-foundation-trust", "community-interest-company", "company-limited-by-guarantee")
    groups = [
        {"title": f"Group {number}", "services": [service.slug], "coherence": "Its own", "form": form}
        for number, (service, form) in enumerate(zip(world.services, forms, strict=False))
    ]
    return asked(world, separation="full", groups=groups)


def carry_out(change: Change) -> None:
    for step in (Step.APPROVE, Step.EFFECT):
        decide(change_id=change.pk, step=step, by=BOB)


# Working out.


def test_a_plan_worked_out_shows_its_steps_and_where_they_lead(world: make.Trust) -> None:
    worked = work_out_plan(asked(world))
    assert worked.ready
    assert [(step.step.group, step.step.on.isoformat()) for step in worked.steps] == [
        (1, "2009-04-01"),
        (0, "2010-10-01"),
    ]
    unit, company = (step.asked for step in worked.steps)
    assert (unit.kind, unit.moves) == (ChangeKind.ESTABLISHMENT, [])
    assert (company.kind, [move.what for move in company.moves]) == (ChangeKind.SEPARATION, [world.group.pk])
    assert worked.before.money == Decimal("9360000.00")
    assert [load.money for load in worked.groups] == [Decimal("6240000.00"), Decimal("3120000.00")]
    assert worked.groups[0].contracts == ("X-TC10", "X-TC11")
    ends = {code: load.money for code, load in worked.ends.items()}
    assert ends == {world.trust.pk: Decimal("3120000.00"), "X-TPCT-1": Decimal("6240000.00")}


def test_an_agreement_over_both_groups_is_named_and_stays(world: make.Trust) -> None:
    worked = work_out_plan(asked(world))
    found = {finding.code: finding.message for finding in worked.findings}
    assert world.agreement.pk in found["contract-conflict"]
    assert world.agreement.pk in worked.ends[world.trust.pk].contracts


def test_services_not_of_the_recorded_group_go_by_name(world: make.Trust) -> None:
    slugs = [service.slug for service in world.services]
    form = "community-interest-company"
    more = [{"title": "All", "services": slugs[:3], "form": form, "group": world.group.pk}]
    (step,) = work_out_plan(asked(world, groups=more)).steps
    assert [move.what for move in step.asked.moves] == [world.group.pk, slugs[2]]
    fewer = [{"title": "One", "services": slugs[:1], "form": form, "group": world.group.pk}]
    (step,) = work_out_plan(asked(world, groups=fewer)).steps
    assert [move.what for move in step.asked.moves] == slugs[:1]


def test_a_step_that_cannot_be_made_says_so_at_its_group(world: make.Trust) -> None:
    groups = [group.model_dump(mode="json") for group in asked(world).groups]
    groups[0]["code"] = world.hospital.pk
    worked = work_out_plan(asked(world, groups=groups))
    assert not worked.ready
    assert [(problem.code, problem.pointer) for step in worked.steps for problem in step.problems] == [
        ("code-in-use", "/groups/0/code")
    ]
    assert set(worked.ends) == {world.trust.pk}


def test_each_step_is_checked_upon_those_before_it(world: make.Trust) -> None:
    first, second, _ = work_out_plan(three_bodies(world)).steps
    assert first.seen is not None
    assert second.seen is not None

    def told(step: Any) -> str:
        return next(finding.message for finding in step.seen.findings if finding.code == "development-time")

    assert "Changed less than two years before" not in told(first)
    assert "Changed less than two years before" in told(second)


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"organisation": "NOBODY"}, "unknown-organisation", "/organisation"),
        ({"start": "2000-01-01"}, "not-in-force", "/start"),
    ],
)
def test_a_plan_is_of_a_trust_in_force(world: make.Trust, changed: dict[str, str], code: str, pointer: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        work_out_plan(asked(world, **changed))
    assert [(problem.code, problem.pointer) for problem in refused.value.problems] == [(code, pointer)]


# Keeping.


def test_a_kept_plan_is_given_back_as_it_was_stated(world: make.Trust) -> None:
    plan = keep_plan(spec=asked(world), by=ANN)
    assert stated(ArmPlan.objects.get()) == asked(world)
    assert (plan.version, plan.kept_by, plan.proposed_by) == (1, "ann", "")
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.actor, entry.action, entry.subject) == ("ann", "keep-arm-plan", f"arm plan {plan.pk}")


def test_a_plan_is_altered_until_it_is_proposed(world: make.Trust) -> None:
    plan = keep_plan(spec=asked(world), by=ANN)
    ArmPlanCollaborator.objects.create(plan=plan, name="bob")
    keep_plan(spec=asked(world, title="Later", groups=[{"title": "One"}]), by=BOB, plan_id=plan.pk, expected=1)
    plan.refresh_from_db()
    assert (plan.title, plan.version, plan.kept_by) == ("Later", 2, "bob")
    assert [group.title for group in plan.groups.all()] == ["One"]
    with pytest.raises(Refusal) as stale:
        keep_plan(spec=asked(world), by=ANN, plan_id=plan.pk, expected=1)
    assert stale.value.code == "stale"


def test_nothing_is_kept_of_a_plan_that_contradicts_itself(world: make.Trust) -> None:
    slug = world.services[0].slug
    groups = [{"title": "A", "services": [slug, "flying"]}, {"title": "B", "services": [slug], "run_by": "NOBODY"}]
    with pytest.raises(Unacceptable) as refused:
        keep_plan(spec=asked(world, groups=groups), by=ANN)
    assert [problem.pointer for problem in refused.value.problems] == [
        "/groups/0/services/1",
        "/groups/1/services/0",
        "/groups/1/run_by",
        "/groups/1/run_by",
    ]
    assert not ArmPlan.objects.exists()


def test_readers_may_try_and_not_keep(world: make.Trust) -> None:
    plan = keep_plan(spec=asked(world), by=ANN)
    for act in (
        lambda: keep_plan(spec=asked(world), by=READER),
        lambda: propose_plan(plan_id=plan.pk, by=READER),
        lambda: discard_plan(plan_id=plan.pk, by=READER),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "forbidden"


def test_a_plan_does_not_pass_to_another_trust(world: make.Trust) -> None:
    plan = keep_plan(spec=asked(world), by=ANN)
    other = make.trust_with_everything("X-U")
    with pytest.raises(Refusal) as refused:
        keep_plan(spec=asked(other), by=ANN, plan_id=plan.pk)
    assert refused.value.code == "invalid"


def test_a_plan_can_be_thrown_away(world: make.Trust) -> None:
    plan = keep_plan(spec=asked(world), by=ANN)
    discard_plan(plan_id=plan.pk, by=ANN, expected=1)
    assert not ArmPlan.objects.exists()
    assert not ArmPlanGroup.objects.exists()
    assert AuditEntry.objects.latest("sequence").action == "discard-arm-plan"


# Proposing.


def test_proposing_puts_every_step_forward(world: make.Trust) -> None:
    plan = propose_plan(plan_id=keep_plan(spec=asked(world), by=ANN).pk, by=ANN)
    children, adults = plan.groups.all()
    assert children.change is not None
    assert adults.change is not None
    assert (children.change.status, adults.change.status) == (ChangeStatus.PROPOSED, ChangeStatus.PROPOSED)
    assert (children.code, children.on) == ("X-TPCT-1", date(2010, 10, 1))
    assert children.change.title == "Ready by 2011, step 2 of 2: Children"
    assert children.change.rationale == "Different services need different forms.\n\nThe same families"
    assert (plan.proposed_by, plan.version) == ("ann", 2)
    with pytest.raises(Refusal) as again:
        propose_plan(plan_id=plan.pk, by=ANN)
    assert again.value.code == "not-allowed-in-status"
    with pytest.raises(Refusal) as late:
        keep_plan(spec=asked(world), by=ANN, plan_id=plan.pk)
    assert late.value.code == "not-allowed-in-status"


def test_all_or_nothing_is_proposed(world: make.Trust) -> None:
    groups = [group.model_dump(mode="json") for group in asked(world).groups]
    groups[1] |= {"form": "community-interest-company", "on": "2013-04-01"}
    plan = keep_plan(spec=asked(world, groups=groups), by=ANN)
    with pytest.raises(Refusal) as refused:
        propose_plan(plan_id=plan.pk, by=ANN)
    assert refused.value.code == "blocked-by-check"
    assert {(problem.code, problem.pointer) for problem in refused.value.problems} == {("form-path", "/groups/1")}
    assert not Change.objects.filter(owner_name="ann").exists()
    plan.refresh_from_db()
    assert (plan.proposed_by, plan.version) == ("", 1)


def test_everything_a_plan_wants_is_told_before_it_is_proposed(world: make.Trust) -> None:
    groups = [{"title": "Path", "form": "vertical-integration"}, {"title": "Rest"}]
    plan = keep_plan(spec=asked(world, groups=groups), by=ANN)
    with pytest.raises(Unacceptable) as refused:
        propose_plan(plan_id=plan.pk, by=ANN)
    assert [problem.pointer for problem in refused.value.problems] == ["/groups/0", "/groups/0/run_by", "/groups/1"]


# The end.


@pytest.mark.parametrize("make_plan", [asked, three_bodies])
def test_carried_out_step_by_step_a_plan_reaches_the_end_it_showed(world: make.Trust, make_plan: Any) -> None:
    plan = keep_plan(spec=make_plan(world), by=ANN)
    promised = work_out_plan(stated(plan))
    propose_plan(plan_id=plan.pk, by=ANN)
    for group in plan.groups.exclude(change=None).order_by("on", "position"):
        assert group.change is not None
        carry_out(group.change)
    reached = held_in(snapshot_of(list(promised.ends)))
    assert {code: load_of(reached, code, promised.end) for code in promised.ends} == dict(promised.ends)
    total = sum(load.money for load in promised.ends.values())
    assert total == promised.before.money
    assert len(promised.ends) == 1 + sum(step.asked.kind is ChangeKind.SEPARATION for step in promised.steps)


def test_an_arrangement_carried_out_leaves_its_services_with_the_trust(world: make.Trust) -> None:
    plan = propose_plan(plan_id=keep_plan(spec=asked(world), by=ANN).pk, by=ANN)
    adults = plan.groups.get(title="Adults")
    assert adults.change is not None
    carry_out(adults.change)
    held = held_in(snapshot_of([world.trust.pk, adults.code]))
    assert load_of(held, adults.code, date(2009, 4, 1)).services == ()
    assert len(load_of(held, world.trust.pk, date(2009, 4, 1)).services) == 3
