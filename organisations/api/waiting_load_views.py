"""Portfolio files that wait for an approver: what they would do, confirming, refusing and withdrawing them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from organisations.api import portfolio_examples
from organisations.models import WaitingLoad
from organisations.policies import PortfolioPermission
from organisations.read_models.portfolios import WaitingLoadDetail, WaitingLoadItem, reviewed_sections
from organisations.selectors import loads
from organisations.services import waiting_loads
from organisations.specs.change import sent
from organisations.specs.decision import ConfirmedState, StatedRefusal
from pcorg.core.api.conditional import Validators
from pcorg.core.api.paging import Order
from pcorg.core.api.parameters import Parameter, formats, whole_number
from pcorg.core.api.problems import ApiProblem, ProblemCode
from pcorg.core.api.views import RecordViewSet
from pcorg.core.api.writing import Writing, states_named
from pcorg.core.caching import BUILD
from pcorg.core.policies import Actor
from pcorg.core.values import whole_or_none

STEPS = ("confirm", "refuse", "withdraw")
MOST_REVIEWED = 1_000_000
LIMIT = Parameter(
    "limit",
    "How many new and how many changed records of each section are named; the rest are counted.",
    whole_number(0, MOST_REVIEWED),
    {"type": "integer", "minimum": 0, "maximum": MOST_REVIEWED, "default": 100},
    default=100,
)
NAMED_AFTER = 100
"""Records of a kind that the answer to a step names."""


class WaitingLoadsViewSet(Writing, RecordViewSet):
    """Files that alter what is recorded already, newest first. An approver who is somebody else confirms or refuses
    what the review shows; it holds for exactly that. For approvers and data administrators."""

    dated = False
    item = WaitingLoadItem
    whole = WaitingLoadDetail
    lookup_url_kwarg = "id"
    called = "waiting_loads"
    noun = "waiting load"
    key = Order("id", "id")
    default_ordering = "-id"
    orderings = (Order("asked_at", "asked_at"), Order("portfolio", "portfolio", text=True))
    reads = PortfolioPermission.READ_WAITING
    answers = dict.fromkeys(STEPS, WaitingLoadDetail)
    takes = {"confirm": ConfirmedState, "refuse": StatedRefusal}
    permissions = {
        "confirm": PortfolioPermission.CONFIRM,
        "refuse": PortfolioPermission.CONFIRM,
        "withdraw": PortfolioPermission.WITHDRAW,
    }
    needs_version = frozenset({"confirm", "refuse"})
    may_name_a_version = frozenset({"withdraw"})
    examples = portfolio_examples.WAITING

    def rows(self) -> QuerySet[WaitingLoad]:
        portfolio_requested = self.query["portfolio"]
        return (
            WaitingLoad.objects.order_by()
            if portfolio_requested in {None, "all"}
            else WaitingLoad.objects.filter(portfolio=portfolio_requested)
        )

    def one(self, key: str) -> Mapping[str, Any]:
        return waiting_load_document(self._found(key), self.actor, self.query["limit"], self.request)

    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, id: str) -> HttpResponse:
        """Load the file, exactly as it was looked at: `If-Match` with the tag of the load, or its `state`, says which
        review that was. Where the file would do something else now, the answer is 412 and the review is made anew."""
        return self.carried_out(request, lambda: self._confirm(request, id))

    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, id: str) -> HttpResponse:
        """Refuse the file, with a reason. Which review that is about is said as it is for `confirm`."""
        return self.carried_out(request, lambda: self._refuse(request, id))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> HttpResponse:
        """Take back a file of one's own."""
        return self.carried_out(request, lambda: self._withdraw(request, id))

    def parameters_of(self, action: str) -> Sequence[Parameter]:
        if action == "list":
            return super().parameters_of(action)
        if action == "retrieve":
            return (*super().parameters_of(action), LIMIT)
        return (formats(self.forms_of(action)),)

    def validators_of(self, request: Request, form: str) -> Validators:
        """One load has a strong tag, for `If-Match`: it is the state looked at, and tells apart its readers."""
        found = super().validators_of(request, form)
        if self.action != "retrieve":
            return found
        try:
            return replace(found, etag=self._tag(self._found(self.kwargs["id"])))
        except ApiProblem:
            return found

    def _found(self, key: str) -> WaitingLoad:
        found = loads.waiting_load(whole_or_none(key) or 0)
        if found is None:
            raise ApiProblem(404, f"There is no waiting load {key[:40]}.", code=ProblemCode.NOT_FOUND)
        return found

    def _tag(self, waiting: WaitingLoad) -> str:
        who = hashlib.sha256(f"{self.request.user.pk} {BUILD}".encode()).hexdigest()[:16]
        return f'"{waiting.pk}.{waiting.status}.{waiting.state}-{who}"'

    def _expected_state(self, request: Request, waiting: WaitingLoad, stated: str | None) -> str:
        """The state that the client has looked at. Raises a 428 problem where it names none, a 412 one for another."""
        named = states_named(request)
        if named is None and stated is None:
            message = "Say which review you have looked at: its ETag in If-Match, or its state in the field `state`."
            raise ApiProblem(428, message)
        current = f"{waiting.pk}.{waiting.status}.{waiting.state}"
        if (named is not None and current not in {tag.partition("-")[0] for tag in named}) or (
            stated is not None and stated != waiting.state
        ):
            raise ApiProblem(412, "The load is not in the state that you name any more. Read it again.")
        return waiting.state

    def _respond(self, waiting: WaitingLoad) -> Response:
        document = waiting_load_document(waiting, self.actor, NAMED_AFTER, self.request)
        return Response(document, headers={"ETag": self._tag(waiting)})

    def _confirm(self, request: Request, key: str) -> Response:
        waiting = self._found(key)
        spec = sent(ConfirmedState, request.data)
        expected_state = self._expected_state(request, waiting, spec.state)
        return self._respond(waiting_loads.confirm(number=waiting.pk, by=self.actor, expected_state=expected_state))

    def _refuse(self, request: Request, key: str) -> Response:
        waiting = self._found(key)
        spec = sent(StatedRefusal, request.data)
        expected_state = self._expected_state(request, waiting, spec.state)
        return self._respond(
            waiting_loads.refuse(number=waiting.pk, by=self.actor, expected_state=expected_state, reason=spec.reason)
        )

    def _withdraw(self, request: Request, key: str) -> Response:
        waiting = self._found(key)
        if states_named(request) is not None:
            self._expected_state(request, waiting, None)
        return self._respond(waiting_loads.withdraw(number=waiting.pk, by=self.actor))


def waiting_load_document(
    waiting: WaitingLoad, by: Actor, most: int, request: HttpRequest | Request
) -> WaitingLoadDetail:
    """A waiting load with what it brings and alters, and what its reader may do."""

    def address(name: str) -> str:
        return request.build_absolute_uri(reverse(f"api:waiting-load-{name}", args=[waiting.pk]))

    review = waiting.review
    decided = waiting.decided_by
    return {
        "id": waiting.pk,
        "portfolio": waiting.portfolio,
        "title": waiting.title,
        "file": waiting.file_name,
        "sha256": waiting.sha256,
        "status": waiting.status,
        "asked_by": waiting.asked_by.get_username(),
        "asked_at": waiting.asked_at,
        "decided_by": decided.get_username() if decided is not None else None,
        "decided_at": waiting.decided_at,
        "reason": waiting.reason,
        "url": address("detail"),
        "state": waiting.state,
        "created": _sum(review, "created"),
        "changed": _sum(review, "changed"),
        "unchanged": _sum(review, "unchanged"),
        "sections": review["sections"],
        "review": reviewed_sections(review["review"], most),
        "alters": review["alters"],
        "allowed_actions": list(loads.steps_with(waiting, by)),
        "confirm_url": address("confirm"),
        "refuse_url": address("refuse"),
        "withdraw_url": address("withdraw"),
    }


def _sum(review: Mapping[str, Any], what: str) -> int:
    return sum(section[what] for section in review["sections"])
