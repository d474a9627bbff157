"""Keeping a plan for a provider arm, and proposing the changes that would carry it out: all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from commissioning.domain.vocabulary import Separation
from commissioning.models import ArmPlan, ArmPlanGroup, Service
from commissioning.policies import ArmPlanPermission
from commissioning.services.arm_previews import WorkedPlan, WorkedStep, work_out_plan
from commissioning.specs.arm_plan import StatedArmPlan, StatedGroupPlan
from organisations.services.proposal_writes import SETTLED_LATER
from organisations.services.proposals import propose
from pcorg.core.audit.kinds import PROPOSED
from pcorg.core.audit.trail import record
from pcorg.core.people import put_collaborators, unfit_collaborators, users_named
from pcorg.core.policies import Actor
from pcorg.core.refusals import Problem, Refusal, StaleVersion, Unacceptable, require
from pcorg.core.writes import existing


def keep_plan(*, spec: StatedArmPlan, by: Actor, plan_id: int | None = None, expected: int | None = None) -> ArmPlan:
    """Keep a new plan, or put another in the place of one that is not proposed yet. It need not be finished: what has
    no date, code or name stays so.

    `expected` is the version the caller saw. Raises NotFound; StaleVersion; Unacceptable with everything that
    contradicts itself or the record; Refusal: `forbidden` for anyone but a commissioner, and of a plan that is there
    for anyone but its owner and those named to work on it, `not-allowed-in-status` where it is proposed already,
    `invalid` for another trust's plan.
    """
    require(by, ArmPlanPermission.KEEP)
    with transaction.atomic():
        worked = work_out_plan(spec)
        if worked.problems:
            raise Unacceptable(list(worked.problems))
        plan = ArmPlan(organisation_id=spec.organisation, version=0, owner_id=by.id, owner_name=by.name)
        before = None
        if plan_id is not None:
            plan = _locked(plan_id, expected)
            require(by, ArmPlanPermission.KEEP, plan)
            before = _content(plan)
            if plan.organisation_id != spec.organisation:
                words = f"Plan {plan_id} is of {plan.organisation_id}; a plan does not pass to another trust."
                raise Refusal("invalid", words, [Problem("invalid", words, "/organisation")])
            _forget_groups(plan)
        plan.title, plan.rationale = spec.title, spec.rationale
        plan.start, plan.separation = spec.start, spec.separation
        plan.kept_by, plan.kept_at = by.name, timezone.now()
        plan.version += 1
        plan.save()
        for position, group in enumerate(spec.groups):
            _keep_group(plan, position, group)
        _note(plan, by, "keep-arm-plan", before=before, after=_content(plan))
    return plan


def discard_plan(*, plan_id: int, by: Actor, expected: int | None = None) -> None:
    """Throw away a plan that is not proposed; its owner does. Raises as `keep_plan` does."""
    require(by, ArmPlanPermission.DISCARD)
    with transaction.atomic():
        plan = _locked(plan_id, expected)
        require(by, ArmPlanPermission.DISCARD, plan)
        details = _details_of(plan) | {"before": _content(plan)}
        _forget_groups(plan)
        plan.collaborators.all().delete()
        ArmPlan.objects.filter(pk=plan.pk).delete()
        record(
            actor=by, altered=PROPOSED, action="discard-arm-plan", subject=f"arm plan {plan_id}", particulars=details
        )


def name_collaborators(*, plan_id: int, names: Sequence[str], by: Actor, expected: int | None = None) -> ArmPlan:
    """Put other people in the place of those who work on a plan, by their user names; its owner does. Raises as
    `keep_plan` does; `invalid` with every name that is nobody's, stands twice or is the owner's."""
    require(by, ArmPlanPermission.NAME_COLLABORATORS)
    with transaction.atomic():
        plan = _locked(plan_id, expected)
        require(by, ArmPlanPermission.NAME_COLLABORATORS, plan)
        users = users_named(names)
        problems = [
            Problem("invalid", words, f"/collaborators/{place}")
            for place, words in unfit_collaborators(plan, names, users)
        ]
        if problems:
            raise Refusal("invalid", "These people cannot work on the plan.", problems)
        before, after = put_collaborators(plan, names, users)
        plan.version += 1
        plan.save(update_fields=["version"])
        _note(plan, by, "name-collaborators", before=before, after=after)
    return plan


def propose_plan(*, plan_id: int, by: Actor, expected: int | None = None) -> ArmPlan:
    """Propose every step of a plan, in the order of the path, with what was suggested filled in. All or none.

    Raises as `keep_plan` does; Unacceptable with everything the plan still needs, and Refusal (`blocked-by-check`) with
    every check that no evidence can settle, each pointing at its group.
    """
    require(by, ArmPlanPermission.PROPOSE)
    with transaction.atomic():
        plan = _locked(plan_id, expected)
        require(by, ArmPlanPermission.PROPOSE, plan)
        worked = work_out_plan(stated(plan))
        faults = [*worked.problems, *worked.wanting, *(fault for step in worked.steps for fault in step.problems)]
        if faults:
            raise Unacceptable(faults)
        blocks = [fault for step in worked.steps for fault in _blocks(step)]
        if blocks:
            words = f"{len(blocks)} {'check blocks' if len(blocks) == 1 else 'checks block'} this plan."
            raise Refusal("blocked-by-check", words, blocks)
        groups = list(plan.groups.order_by("position"))
        for each in worked.steps:
            _propose_step(groups[each.step.group], worked, each, by)
        plan.proposed_by, plan.proposed_at = by.name, timezone.now()
        plan.version += 1
        plan.save()
        _note(plan, by, "propose-arm-plan")
    return plan


def stated(plan: ArmPlan) -> StatedArmPlan:
    """A kept plan as it was stated. Two queries."""
    groups = plan.groups.order_by("position").prefetch_related("services")
    return StatedArmPlan(
        organisation=plan.organisation_id,
        title=plan.title,
        rationale=plan.rationale,
        start=plan.start,
        separation=Separation(plan.separation),
        groups=[
            StatedGroupPlan(
                title=group.title,
                services=[service.slug for service in group.services.all()],
                coherence=group.coherence,
                form=group.form_id,
                on=group.on,
                code=group.code or None,
                name=group.name or None,
                run_by=group.run_by_id,
                group=group.group_id,
            )
            for group in groups
        ],
    )


def _locked(plan_id: int, expected: int | None) -> ArmPlan:
    plan = existing(ArmPlan.objects.select_for_update(no_key=True), plan_id)
    if expected is not None and plan.version != expected:
        raise StaleVersion(f"The plan is at version {plan.version} now; you saw {expected}.")
    return plan


def _forget_groups(plan: ArmPlan) -> None:
    for group in plan.groups.all():
        group.services.clear()
        group.delete()


def _keep_group(plan: ArmPlan, position: int, group: StatedGroupPlan) -> None:
    made = ArmPlanGroup.objects.create(
        plan=plan,
        position=position,
        title=group.title,
        coherence=group.coherence,
        form_id=group.form,
        on=group.on,
        code=group.code or "",
        name=group.name or "",
        run_by_id=group.run_by,
        group_id=group.group,
    )
    made.services.set(Service.objects.filter(pk__in=group.services))


def _blocks(step: WorkedStep) -> Iterator[Problem]:
    assert step.seen is not None
    for finding in step.seen.blocks:
        if finding.code not in SETTLED_LATER:
            yield Problem(finding.code, finding.message, f"/groups/{step.step.group}")


def _propose_step(row: ArmPlanGroup, worked: WorkedPlan, each: WorkedStep, by: Actor) -> None:
    group = worked.plan.groups[each.step.group]
    row.on, row.code, row.name = group.on, group.code, group.name
    row.change = propose(spec=each.asked, by=by)
    row.save()


def _note(plan: ArmPlan, by: Actor, action: str, **more: object) -> None:
    record(
        actor=by, altered=PROPOSED, action=action, subject=f"arm plan {plan.pk}", particulars=_details_of(plan) | more
    )


def _content(plan: ArmPlan) -> dict[str, object]:
    """A plan as the trail tells what it was before and is after."""
    return stated(plan).model_dump(mode="json", exclude_none=True)


def _details_of(plan: ArmPlan) -> dict[str, object]:
    return {"organisation": plan.organisation_id, "title": plan.title, "version": plan.version}
