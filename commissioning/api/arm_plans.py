"""Plans for provider arms in the API: tried by anybody, kept and proposed by commissioners."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commissioning.api import examples
from commissioning.api.previews import end_of, preview_document
from commissioning.filters import ArmPlanFilter
from commissioning.models import ArmPlan
from commissioning.policies import ArmPlanPermission
from commissioning.read_models.arm_plans import Nothing, PlanDetail, PlanItem, PlanPreview
from commissioning.selectors.arm_plans import groups_of, people_of, plan_document
from commissioning.services.arm_plans import discard_plan, keep_plan, name_collaborators, propose_plan
from commissioning.services.arm_previews import work_out_plan
from commissioning.specs.arm_plan import StatedArmPlan
from organisations.specs.change import sent
from organisations.specs.decision import StatedCollaborators
from pcorg.core.api.conditional import Validators
from pcorg.core.api.paging import Order
from pcorg.core.api.problems import ApiProblem
from pcorg.core.api.views import Records, RecordViewSet
from pcorg.core.api.writing import Writing, states_expected
from pcorg.core.audit.memory import version
from pcorg.core.caching import BUILD
from pcorg.core.values import whole_or_none


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
    needs_version = frozenset({"update", "propose", "discard", "collaborators"})

    def rows(self) -> QuerySet[ArmPlan]:
        portfolio_requested, on = self.query["portfolio"], self.query["as_of"]
        found = ArmPlan.objects.order_by()
        if on is not None:
            found = found.filter(start__lte=on)
        if portfolio_requested is None:
            return found.filter(organisation__portfolio__illustrative=False)
        return found if portfolio_requested == "all" else found.filter(organisation__portfolio=portfolio_requested)

    def attach(self, records: Records, keys: Sequence[int], names: Sequence[str]) -> None:
        plans = ArmPlan.objects.in_bulk(keys)
        for record, number in zip(records, keys, strict=True):
            record.update(
                {name: person for name, person in people_of(plans[number], self.actor).items() if name in names}
            )

    def one(self, key: str) -> Mapping[str, Any]:
        return self._document(self._found(key))

    def create(self, request: Request) -> HttpResponse:
        """Keep a plan. It need not be finished; nothing is proposed by keeping it."""

        def keep() -> Response:
            made = keep_plan(spec=sent(StatedArmPlan, request.data), by=self.actor)
            return self._respond(made, 201)

        return self.carried_out(request, keep)

    def update(self, request: Request, id: str) -> HttpResponse:
        """Put another plan of the same trust in the place of one that is not proposed. For its owner and those named to
        work on it."""

        def keep() -> Response:
            plan, expected = self._expected_version(request, id)
            spec = sent(StatedArmPlan, request.data)
            made = keep_plan(spec=spec, by=self.actor, plan_id=plan.pk, expected=expected)
            return self._respond(made)

        return self.carried_out(request, keep)

    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Work a plan out: its path, what to weigh, what each group carries, and the end. Open to all."""
        return Response(preview_document(work_out_plan(sent(StatedArmPlan, request.data))))

    @action(detail=True, methods=["post"])
    def propose(self, request: Request, id: str) -> HttpResponse:
        """Propose every step, with what was suggested filled in: all of them, or none. For its owner and those named to
        work on it. Pointers of a refusal lead into the plan."""

        def put_forward() -> Response:
            plan, expected = self._expected_version(request, id)
            made = propose_plan(plan_id=plan.pk, by=self.actor, expected=expected)
            return self._respond(made)

        return self.carried_out(request, put_forward)

    @action(detail=True, methods=["post"])
    def discard(self, request: Request, id: str) -> HttpResponse:
        """Throw away a plan that is not proposed. For its owner."""

        def throw_away() -> Response:
            plan, expected = self._expected_version(request, id)
            discard_plan(plan_id=plan.pk, by=self.actor, expected=expected)
            return Response({})

        return self.carried_out(request, throw_away)

    @action(detail=True, methods=["put"])
    def collaborators(self, request: Request, id: str) -> HttpResponse:
        """Name who works on a plan beside you, in the place of those named before. For its owner."""

        def put() -> Response:
            plan, expected = self._expected_version(request, id)
            names = sent(StatedCollaborators, request.data).collaborators
            made = name_collaborators(plan_id=plan.pk, names=names, by=self.actor, expected=expected)
            return self._respond(made)

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

    def _expected_version(self, request: Request, key: str) -> tuple[ArmPlan, int]:
        """A plan, and the version of it that the client has seen. Raises a 428 problem where the client says none, a
        412 problem where it is another."""
        found = self._found(key)
        if f"{found.pk}.{found.version}" not in {tag.partition("-")[0] for tag in states_expected(request)}:
            raise ApiProblem(412, f"The plan is at version {found.version} now, which is not the state you name.")
        return found, found.version

    def _document(self, plan: ArmPlan) -> Mapping[str, Any]:
        groups = groups_of(plan)
        return self.with_address(plan_document(plan, groups, self.actor, end=end_of(plan, groups)))

    def _respond(self, plan: ArmPlan, status: int = 200) -> Response:
        document = self._document(plan)
        headers = {"ETag": _tag(plan)}
        if status == 201:
            headers["Location"] = document["url"]
        return Response(document, status=status, headers=headers)


def _tag(plan: ArmPlan) -> str:
    """A strong tag: it begins with the plan's version; the rest changes with the data that its end is worked out of."""
    digest = hashlib.sha256(f"{version()[0]}\n{BUILD}".encode()).hexdigest()[:32]
    return f'"{plan.pk}.{plan.version}-{digest}"'
