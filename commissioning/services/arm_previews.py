"""Working out a plan for a provider arm: what is wrong with it, what to weigh, the steps it takes, where they lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from commissioning.domain.arm_planning import (
    ArmPlan,
    ArmPlanStep,
    Load,
    carried_by,
    completed,
    findings_of,
    load_of,
    path,
    problems_of,
    wanting,
)
from commissioning.domain.operations import held_in
from commissioning.models import PortfolioGroup, Service
from commissioning.services.arm_changes import change_of
from commissioning.services.portfolio import ARM_FAMILIES
from commissioning.specs.arm_plan import StatedArmPlan
from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import Finding
from organisations.domain.forms import FormFacts
from organisations.domain.lifecycle import OPEN_STATUSES
from organisations.domain.snapshot import Body, Snapshot
from organisations.domain.vocabulary import ChangeKind, ChangeStatus
from organisations.models import Change, ChangeParty, Organisation
from organisations.services.previews import (
    Preview,
    codes_of,
    request_from,
    work_out_from,
    work_out_in_order,
)
from organisations.services.saved import as_request
from organisations.services.snapshots import snapshot_of
from organisations.specs.change import ProposedChange
from pcorg.core.batches import BATCH
from pcorg.core.refusals import Problem, Unacceptable


@dataclass(frozen=True)
class WorkedStep:
    """One step of the path: what would be proposed, and its preview once the steps before it are carried out; None
    where it cannot be made, with the problems."""

    step: ArmPlanStep
    asked: ProposedChange
    seen: Preview | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class WorkedPlan:
    """A plan worked out. `plan` has the suggestions filled in; `problems` keep it from being kept, `wanting` from
    being proposed. Loads: what the arm carries at the start, each group, what stays in no group, and in the end
    (`ends`, by the code of each body, on the day of the last step)."""

    plan: ArmPlan
    problems: tuple[Problem, ...]
    wanting: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    steps: tuple[WorkedStep, ...]
    before: Load
    groups: tuple[Load, ...]
    ungrouped: Load
    end: date
    ends: Mapping[str, Load]

    @property
    def ready(self) -> bool:
        """Whether every step can be put forward, as far as integrity goes; checks may still block."""
        return not (self.problems or self.wanting) and all(step.seen is not None for step in self.steps)


@dataclass(frozen=True)
class Ground:
    """What a plan stands on: the trust as it is on the day from which the plan counts, and what its arm carries then,
    whole and service by service."""

    trust: Body
    trust_name: str
    on: date
    snapshot: Snapshot
    forms: Mapping[str, FormFacts]
    whole: Load
    services: Mapping[str, Load]


def ground_of(code: str, on: date) -> Ground:
    """Stand on what the database holds. Raises Unacceptable where the trust is not known or not in force on the day."""
    snapshot = snapshot_of([code])
    trust = snapshot.bodies.get(code)
    if trust is None:
        raise Unacceptable([Problem("unknown-organisation", f"No organisation has the code {code}.", "/organisation")])
    if not trust.alive_on(on):
        words = f"{trust.last_name()} ({trust.code}) is not in force on {on:%-d %B %Y}."
        raise Unacceptable([Problem("not-in-force", words, "/start")])
    holdings = held_in(snapshot)
    whole = load_of(holdings, code, on)
    return Ground(
        trust=trust,
        trust_name=trust.name_on(on) or trust.last_name(),
        on=on,
        snapshot=snapshot,
        forms={slug: form for slug, form in snapshot.forms.items() if form.family in ARM_FAMILIES},
        whole=whole,
        services={service: carried_by(holdings, code, [service], on) for service in whole.services},
    )


def work_out_plan(spec: StatedArmPlan) -> WorkedPlan:
    """Work out a plan on what the database holds; writes nothing. Raises as `ground_of` does."""
    return work_out_on(ground_of(spec.organisation, spec.start), spec)


def work_out_on(ground: Ground, spec: StatedArmPlan) -> WorkedPlan:
    """Work out a plan of the trust and day of its ground; writes nothing."""
    forms, holdings, before = ground.forms, held_in(ground.snapshot), ground.whole
    stated = spec.as_plan(ground.trust_name)
    problems = [*problems_of(stated, before.services, forms), *_unknown(stated)]
    plan = completed(stated, forms, _taken(stated))
    labels = dict(Service.objects.values_list("slug", "label"))
    grouped = {service for group in plan.groups for service in group.services}
    steps = _worked(ground, spec, plan) if not problems else []
    end, ends = _ends(ground.snapshot, plan.trust, plan.start, [each.seen for each in steps])
    return WorkedPlan(
        plan=plan,
        problems=tuple(problems),
        wanting=tuple(wanting(plan, forms)),
        findings=tuple(findings_of(plan, before.services, holdings, forms, lambda slug: labels.get(slug, slug))),
        steps=tuple(steps),
        before=before,
        groups=tuple(carried_by(holdings, plan.trust, group.services, plan.start) for group in plan.groups),
        ungrouped=carried_by(holdings, plan.trust, set(before.services) - grouped, plan.start),
        end=end,
        ends=ends,
    )


@dataclass(frozen=True)
class FollowedPlan:
    """How a proposed plan stands: the preview of each of its open changes upon those before it, None where it can no
    longer be made, and what each body carries once they are carried out."""

    previews: Mapping[int, Preview | None]
    end: date
    ends: Mapping[str, Load]


def follow(trust: str, start: date, changes: Sequence[Change]) -> FollowedPlan:
    """Work out the changes of a plan, in order of date, that are still open, upon what the database holds. Those that
    were carried out are part of it; those rejected or withdrawn will never be."""
    still = [change for change in changes if change.status in OPEN_STATUSES]
    change_requests = [_request_of(change) for change in still]
    requests = [request for request in change_requests if request is not None]
    found = iter(work_out_in_order(requests) if requests else [])
    tried = [None if request is None else next(found) for request in change_requests]
    previews = [one if isinstance(one, Preview) else None for one in tried]
    done = [change for change in changes if change.status == ChangeStatus.EFFECTED]
    separated = [change.pk for change in done if change.kind == ChangeKind.SEPARATION]
    made = ChangeParty.objects.filter(change__in=separated, role=ChangeParty.RESULTING)
    codes = list(dict.fromkeys([trust, *made.values_list("organisation", flat=True)]))
    now = snapshot_of(codes)
    end, ends = _ends(now, trust, max([start, *(change.effective_on for change in done)]), previews)
    reached = {code: load_of(held_in(now), code, end) for code in codes if code != trust}
    return FollowedPlan(
        {change.pk: found for change, found in zip(still, previews, strict=True)}, end, {**ends, **reached}
    )


def _request_of(change: Change) -> ChangeRequest | None:
    """What a step asks for; None where it cannot be read any more."""
    try:
        return as_request(change)
    except Unacceptable:
        return None


def _ends(
    snapshot: Snapshot, trust: str, start: date, previews: Sequence[Preview | None]
) -> tuple[date, dict[str, Load]]:
    """The day of the last step that can be made, and what the trust and each body that the steps make carry on it."""
    made = [each.plan for each in previews if each is not None]
    requests = [plan.request for plan in made if plan.request is not None]
    end = max([start, *(request.effective_on for request in requests)])
    holdings = held_in(made[-1].after if made else snapshot)
    new = [body.code for request in requests if request.kind is ChangeKind.SEPARATION for body in request.new]
    return end, {code: load_of(holdings, code, end) for code in (trust, *new)}


def _unknown(plan: ArmPlan) -> list[Problem]:
    """Recorded groups and bodies that the plan names and that do not exist."""
    codes = {group.group for group in plan.groups if group.group}
    groups = set(PortfolioGroup.objects.filter(pk__in=codes).values_list("pk", flat=True)) if codes else set()
    runners = {group.run_by for group in plan.groups if group.run_by}
    bodies = set(Organisation.objects.filter(pk__in=runners).values_list("pk", flat=True)) if runners else set()
    found = []
    for number, group in enumerate(plan.groups):
        at = f"/groups/{number}"
        if group.group and group.group not in groups:
            found.append(Problem("invalid", f"No portfolio group has the code {group.group}.", f"{at}/group"))
        if group.run_by and group.run_by not in bodies:
            words = f"No organisation has the code {group.run_by}."
            found.append(Problem("unknown-organisation", words, f"{at}/run_by"))
    return found


def _taken(plan: ArmPlan) -> set[str]:
    """Codes that look like those suggested for this trust and already stand for a body."""
    found = Organisation.objects.filter(pk__startswith=f"{plan.trust}-")[:BATCH]
    return set(found.values_list("pk", flat=True))


def _worked(ground: Ground, spec: StatedArmPlan, plan: ArmPlan) -> list[WorkedStep]:
    """The steps that have what it takes, each worked out upon those before it."""
    forms, portfolio = ground.forms, ground.trust.portfolio
    lacking = {int(problem.pointer.split("/")[2]) for problem in wanting(plan, forms) if problem.pointer != "/groups"}
    recorded = _recorded_services(plan)
    steps = [step for step in path(plan, forms) if step.group not in lacking]
    changes = [
        change_of(spec, plan, step, number, len(steps), portfolio, recorded) for number, step in enumerate(steps, 1)
    ]
    requests = [request_from(change, portfolio=portfolio) for change in changes]
    if set(codes_of(*requests)) <= {plan.trust}:  # as a rule; what it stands on need not be read again
        previews = work_out_from(ground.snapshot, requests)
    else:
        previews = work_out_in_order(requests)
    return [
        WorkedStep(step, change, *((None, _placed(found, step)) if isinstance(found, Unacceptable) else (found,)))
        for step, change, found in zip(steps, changes, previews, strict=True)
    ]


def _placed(refusal: Unacceptable, step: ArmPlanStep) -> tuple[Problem, ...]:
    """Problems of a step's change, pointing into the plan."""
    fields = {"code": "code", "form": "form", "name": "name"}
    return tuple(
        replace(
            problem,
            pointer="/".join(["/groups", str(step.group), *([last] if last in fields else [])]),
        )
        for problem in refusal.problems
        for last in [problem.pointer.rsplit("/", 1)[-1]]
    )


def _recorded_services(plan: ArmPlan) -> dict[str, frozenset[str]]:
    """The services of the recorded groups that the plan's groups go back to."""
    codes = [group.group for group in plan.groups if group.group]
    if not codes:
        return {}
    pairs = PortfolioGroup.services.through.objects.filter(portfoliogroup__in=codes)
    found: dict[str, set[str]] = {code: set() for code in codes}
    for code, service in pairs.values_list("portfoliogroup_id", "service_id"):
        found[code].add(service)
    return {code: frozenset(services) for code, services in found.items()}
