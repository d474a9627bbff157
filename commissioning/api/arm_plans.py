"""Plans for provider arms in the API: tried by anybody, kept and proposed by commissioners."""

# A field named source hides an attribute of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commissioning.api import examples
from commissioning.domain.arm_planning import Load
from commissioning.filters import ArmPlanFilter
from commissioning.models import ArmPlan, ArmPlanGroup
from commissioning.policies import ArmPlanPermission
from commissioning.read_models.arm_plans import Nothing, PlanDetail, PlanItem, PlanPreview
from commissioning.services.arm_plans import discard_plan, keep_plan, name_collaborators, propose_plan, stated
from commissioning.services.arm_previews import WorkedPlan, WorkedStep, follow, work_out_plan
from commissioning.specs.arm_plan import StatedArmPlan
from organisations.domain.checks import Finding
from organisations.specs.change import sent
from organisations.specs.decision import StatedCollaborators
from pcorg.core.api.conditional import Validators
from pcorg.core.api.paging import Order
from pcorg.core.api.problems import ApiProblem
from pcorg.core.api.views import RecordViewSet
from pcorg.core.api.writing import Writing, states_seen
from pcorg.core.audit.memory import version
from pcorg.core.caching import BUILD
from pcorg.core.people import named_to
from pcorg.core.policies import Actor
from pcorg.core.refusals import Problem as Fault
from pcorg.core.refusals import Unacceptable
from pcorg.core.values import whole_or_none

COMMISSIONER = "a commissioner"
TO_STRANGERS = "People are named to those who are signed in; others read a role"


class ArmPlansViewSet(Writing, RecordViewSet):
    """Plans for provider arms: services grouped by what belongs together, a form for each group, and a dated path."""

    item = PlanItem
    whole = PlanDetail
    filters = ArmPlanFilter
    lookup_url_kwarg = "id"
    noun = "plan"
    key = Order("id", "id")
    orderings = (
        Order("title", "title", words=True),
        Order("start", "start"),
        Order("kept_at", "kept_at"),
    )
    answers = {
        "preview": PlanPreview,
        "create": PlanDetail,
        "update": PlanDetail,
        "propose": PlanDetail,
        "discard": Nothing,
        "collaborators": PlanDetail,
    }
    takes = {
        "preview": StatedArmPlan,
        "create": StatedArmPlan,
        "update": StatedArmPlan,
        "propose": Nothing,
        "discard": Nothing,
        "collaborators": StatedCollaborators,
    }
    examples = examples.ARM_PLANS
    open_actions = frozenset({"preview"})
    created_by = frozenset({"create"})
    permissions = {
        "create": ArmPlanPermission.KEEP,
        "update": ArmPlanPermission.KEEP,
        "propose": ArmPlanPermission.PROPOSE,
        "discard": ArmPlanPermission.DISCARD,
        "collaborators": ArmPlanPermission.NAME_COLLABORATORS,
    }
    upon_a_version = frozenset({"update", "propose", "discard", "collaborators"})

    def rows(self) -> QuerySet[ArmPlan]:
        asked, on = self.asked["portfolio"], self.asked["as_of"]
        found = ArmPlan.objects.order_by()
        if on is not None:
            found = found.filter(start__lte=on)
        if asked is None:
            return found.filter(organisation__portfolio__illustrative=False)
        return found if asked == "all" else found.filter(organisation__portfolio=asked)

    def attach(self, records: list[dict[str, Any]], keys: Sequence[int], names: Sequence[str]) -> None:
        held = ArmPlan.objects.in_bulk(keys)
        for record, number in zip(records, keys, strict=True):
            record.update({name: told for name, told in _people(held[number], self.actor).items() if name in names})

    def one(self, key: str) -> Mapping[str, Any]:
        return self._document(self._found(key))

    def create(self, request: Request) -> HttpResponse:
        """Keep a plan. It need not be finished; nothing is proposed by keeping it."""

        def keep() -> Response:
            made = keep_plan(asked=sent(StatedArmPlan, request.data), by=self.actor)
            return self._told(made, 201)

        return self.carried_out(request, keep)

    def update(self, request: Request, id: str) -> HttpResponse:
        """Put another plan of the same trust in the place of one that is not proposed. For its owner and those named to
        work on it."""

        def keep() -> Response:
            plan, expected = self._seen(request, id)
            asked = sent(StatedArmPlan, request.data)
            made = keep_plan(asked=asked, by=self.actor, plan_id=plan.pk, expected=expected)
            return self._told(made)

        return self.carried_out(request, keep)

    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Work a plan out: its path, what to weigh, what each group carries, and the end. Open to all."""
        return Response(_preview(work_out_plan(sent(StatedArmPlan, request.data))))

    @action(detail=True, methods=["post"])
    def propose(self, request: Request, id: str) -> HttpResponse:
        """Propose every step, with what was suggested filled in: all of them, or none. For its owner and those named to
        work on it. Pointers of a refusal lead into the plan."""

        def put_forward() -> Response:
            plan, expected = self._seen(request, id)
            made = propose_plan(plan_id=plan.pk, by=self.actor, expected=expected)
            return self._told(made)

        return self.carried_out(request, put_forward)

    @action(detail=True, methods=["post"])
    def discard(self, request: Request, id: str) -> HttpResponse:
        """Throw away a plan that is not proposed. For its owner."""

        def throw_away() -> Response:
            plan, expected = self._seen(request, id)
            discard_plan(plan_id=plan.pk, by=self.actor, expected=expected)
            return Response({})

        return self.carried_out(request, throw_away)

    @action(detail=True, methods=["put"])
    def collaborators(self, request: Request, id: str) -> HttpResponse:
        """Name who works on a plan beside you, in the place of those named before. For its owner."""

        def put() -> Response:
            plan, expected = self._seen(request, id)
            names = sent(StatedCollaborators, request.data).collaborators
            made = name_collaborators(plan_id=plan.pk, names=names, by=self.actor, expected=expected)
            return self._told(made)

        return self.carried_out(request, put)

    def validators_of(self, request: Request, form: str) -> Validators:
        """One plan has a strong tag, for `If-Match`."""
        found = super().validators_of(request, form)
        if self.action != "retrieve":
            return found
        try:
            return replace(found, etag=_tag(self._found(self.kwargs["id"])))
        except ApiProblem:
            return found

    def _found(self, key: str) -> ArmPlan:
        found = ArmPlan.objects.filter(pk=whole_or_none(key) or 0).first()
        if found is None:
            raise ApiProblem(404, f"No plan has the number {key[:40]}.")
        return found

    def _seen(self, request: Request, key: str) -> tuple[ArmPlan, int]:
        """A plan, and the version of it that the client has seen. Raises a 428 problem where the client says none, a
        412 problem where it is another."""
        found = self._found(key)
        if f"{found.pk}.{found.version}" not in {tag.partition("-")[0] for tag in states_seen(request)}:
            raise ApiProblem(412, f"The plan is at version {found.version} now, which is not the state you name.")
        return found, found.version

    def _document(self, plan: ArmPlan) -> Mapping[str, Any]:
        groups = list(plan.groups.select_related("change").prefetch_related("services"))
        document = {
            "id": plan.pk,
            "organisation": plan.organisation_id,
            "title": plan.title,
            "rationale": plan.rationale,
            "start": plan.start,
            "separation": plan.separation,
            "groups": [_group(group) for group in groups],
            **_people(plan, self.actor),
            "collaborators": [named_to(self.actor, each.name, COMMISSIONER) for each in plan.collaborators.all()],
            "kept_at": plan.kept_at,
            "proposed_at": plan.proposed_at,
            "version": plan.version,
            "end": _end(plan, groups),
        }
        return self.with_address(document)

    def _told(self, plan: ArmPlan, status: int = 200) -> Response:
        document = self._document(plan)
        headers = {"ETag": _tag(plan)}
        if status == 201:
            headers["Location"] = document["url"]
        return Response(document, status=status, headers=headers)


def _people(plan: ArmPlan, by: Actor) -> dict[str, str]:
    """Who has to do with a plan, as somebody reads it."""
    said = {"owner": plan.owner_name, "kept_by": plan.kept_by, "proposed_by": plan.proposed_by}
    return {part: named_to(by, name, COMMISSIONER) for part, name in said.items()}


def _tag(plan: ArmPlan) -> str:
    """A strong tag: it begins with the plan's version; the rest changes with the data that its end is worked out of."""
    digest = hashlib.sha256(f"{version()[0]}\n{BUILD}".encode()).hexdigest()[:32]
    return f'"{plan.pk}.{plan.version}-{digest}"'


def _group(group: ArmPlanGroup) -> dict[str, Any]:
    return {
        "title": group.title,
        "services": [service.slug for service in group.services.all()],
        "coherence": group.coherence,
        "form": group.form_id,
        "on": group.on,
        "code": group.code or None,
        "name": group.name or None,
        "run_by": group.run_by_id,
        "group": group.group_id,
        "change": group.change_id,
        "status": None if group.change is None else group.change.status,
    }


def _end(plan: ArmPlan, groups: Sequence[ArmPlanGroup]) -> dict[str, Any] | None:
    if plan.proposed_by:
        changes = sorted(
            (group.change for group in groups if group.change is not None),
            key=lambda change: (change.effective_on, change.pk),
        )
        followed = follow(plan.organisation_id, plan.start, changes)
        return _ended(followed.end, followed.ends)
    try:
        worked = work_out_plan(stated(plan))
    except Unacceptable:
        return None
    return _ended(worked.end, worked.ends)


def _ended(on: Any, ends: Mapping[str, Load]) -> dict[str, Any]:
    return {"on": on, "bodies": {code: _load(load) for code, load in ends.items()}}


def _load(load: Load) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(load).items()}


def _preview(worked: WorkedPlan) -> dict[str, Any]:
    return {
        "keepable": not worked.problems,
        "proposable": worked.ready,
        "faults": _faults(worked.problems),
        "wanting": _faults(worked.wanting),
        "checks": _checks(worked.findings),
        "steps": [_step(step, worked) for step in worked.steps],
        "before": _load(worked.before),
        "groups": [_load(load) for load in worked.groups],
        "ungrouped": _load(worked.ungrouped),
        "end": _ended(worked.end, worked.ends),
    }


def _step(each: WorkedStep, worked: WorkedPlan) -> dict[str, Any]:
    group = worked.plan.groups[each.step.group]
    return {
        "group": each.step.group,
        "going": each.step.going,
        "on": each.step.on,
        "code": group.code,
        "name": group.name,
        "form": group.form,
        "possible": each.seen is not None,
        "checks": _checks(each.seen.findings if each.seen else ()),
        "faults": _faults(each.problems),
    }


def _checks(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {"code": found.code, "outcome": found.outcome, "message": found.message, "source": found.source}
        for found in findings
    ]


def _faults(problems: Sequence[Fault]) -> list[dict[str, str]]:
    return [{"pointer": problem.pointer, "code": problem.code, "detail": problem.message} for problem in problems]
