"""Changes: reading them, proposing them, deciding upon them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from organisations.api import change_examples, examples
from organisations.api.previews import preview_document
from organisations.domain.lifecycle import OPEN_STATUSES, Step
from organisations.domain.vocabulary import ChangeKind, ChangeStatus
from organisations.filters import ChangeFilter
from organisations.models import Change, FormPeriod
from organisations.models.reference import rules_only
from organisations.policies import PERMISSIONS, ChangePermission
from organisations.read_models.changes import ChangeComments, ChangeDetail, ChangeItem, ChangePreview, CommentOnChange
from organisations.selectors import changes
from organisations.services import proposals
from organisations.services.amendments import ConsultationNews, amend, name_collaborators
from organisations.services.previews import preview
from organisations.specs.change import (
    OF_MERGER,
    OF_TRANSITION,
    ProposedChange,
    ProposedMerger,
    ProposedTransition,
    pointers_of,
    proposed,
)
from organisations.specs.decision import (
    StatedAddition,
    StatedCollaborators,
    StatedComment,
    StatedConsultation,
    StatedDecision,
)
from pcorg.core.api.conditional import Validators
from pcorg.core.api.paging import Order
from pcorg.core.api.parameters import Parameter, formats, yes_or_no
from pcorg.core.api.problems import ApiProblem, ProblemCode
from pcorg.core.api.views import RecordViewSet
from pcorg.core.api.writing import Writing, states_expected
from pcorg.core.audit.memory import version
from pcorg.core.caching import BUILD
from pcorg.core.values import whole_or_none

DRAFT = yes_or_no("draft", "`true` saves the change without proposing it; `propose` is then what comes next.")
Pointers = Mapping[str, str]


class ChangesViewSet(Writing, RecordViewSet):
    """Changes: what went in, what came out, when and why. With a date, those that take effect by then."""

    item = ChangeItem
    whole = ChangeDetail
    filters = ChangeFilter
    lookup_url_kwarg = "id"
    noun = "change"
    key = Order("id", "id")
    orderings = (
        Order("effective_on", "effective_on"),
        Order("sequence", "sequence"),
        Order("kind", "kind", text=True),
        Order("status", "status", text=True),
        Order("title", "title", words=True),
    )
    default_ordering = "effective_on,sequence"
    examples = {**examples.CHANGES, **change_examples.CHANGES}
    answers = {
        "preview": ChangePreview,
        "preview_now": ChangePreview,
        "comments": ChangeComments,
        "comment": CommentOnChange,
        "create": ChangeDetail,
        "partial_update": ChangeDetail,
        "collaborators": ChangeDetail,
        **{step.value: ChangeDetail for step in Step},
    }
    takes = {
        "create": ProposedChange,
        "preview": ProposedChange,
        "partial_update": StatedAddition,
        "comment": StatedComment,
        "collaborators": StatedCollaborators,
        **{step.value: StatedDecision for step in Step},
    }
    extra_parameters = {"create": (DRAFT,)}
    open_actions = frozenset({"preview"})
    created_by = frozenset({"create", "comment"})
    permissions = {
        "create": ChangePermission.PROPOSE,
        "partial_update": ChangePermission.AMEND,
        "comment": ChangePermission.COMMENT,
        "collaborators": ChangePermission.NAME_COLLABORATORS,
        **{step.value: permission for step, permission in PERMISSIONS.items()},
    }
    needs_version = frozenset({"partial_update", "collaborators", *(step.value for step in Step)})
    kind: ClassVar[ChangeKind | None] = None

    def rows(self) -> QuerySet[Change]:
        found = changes.listing(self.query["as_of"], portfolio=self.query["portfolio"], by=self.actor)
        return found if self.kind is None else found.filter(kind=self.kind)

    def attach(self, records: list[dict[str, Any]], keys: Sequence[int], names: Sequence[str]) -> None:
        parties = changes.parties_of(keys)
        for record, change in zip(records, keys, strict=True):
            found: Mapping[str, Any] = parties[change]
            record.update({name: found[name] for name in names})

    def one(self, key: str) -> Mapping[str, Any]:
        number, _ = self._found(key)
        document = self._document(number)
        on, portfolio = self.query["as_of"], self.query["portfolio"]
        if portfolio not in {None, "all", document["portfolio"]}:
            raise ApiProblem(404, f"Change {key} belongs to the portfolio {document['portfolio']}, not {portfolio}.")
        if on is not None and document["effective_on"] > on:
            raise ApiProblem(404, f"Change {key} takes effect on {document['effective_on']}, after {on}.")
        return document

    def create(self, request: Request) -> HttpResponse:
        """Propose a change. Checks that evidence can settle (consultation, agreement, the board) may still block; no
        other may. A draft only has to be readable."""
        return self.carried_out(request, lambda: self._propose(request))

    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """What a change would do and what the checks say of it. Changes nothing; open to all."""
        spec, pointers = self.spec_from(request.data)
        outcome = preview(spec=spec, pointers=pointers)
        return Response(preview_document(outcome))

    @action(detail=True, url_path="preview")
    def preview_now(self, request: Request, id: str) -> Response:
        """What an open change would do as things stand now."""
        number, _ = self._found(id)
        change = Change.objects.get(pk=number)
        if change.status not in OPEN_STATUSES:
            message = (
                f"The change is {ChangeStatus(change.status).label.lower()}; there is nothing to look at in advance."
            )
            raise ApiProblem(409, message, code=ProblemCode.NOT_ALLOWED_IN_STATUS)
        return Response(preview_document(proposals.look_at(change)))

    def partial_update(self, request: Request, id: str) -> HttpResponse:
        """Add evidence, a rationale or news of the consultation to a change that is still open. Evidence is added to
        what there is; an empty text takes it back. For its owner and those named to work on it. What was approved waits
        for approval again."""
        return self.carried_out(request, lambda: self._amend(request, id))

    @action(detail=True)
    def comments(self, request: Request, id: str) -> Response:
        """What was said of a change, in order."""
        number, _ = self._found(id)
        return Response({"results": changes.comments_on(number, self.actor)})

    @comments.mapping.post
    def comment(self, request: Request, id: str) -> HttpResponse:
        """Say something of a change."""
        return self.carried_out(request, lambda: self._comment(request, id))

    @action(detail=True, methods=["put"])
    def collaborators(self, request: Request, id: str) -> HttpResponse:
        """Name who works on a change beside you, in the place of those named before. For its owner."""
        return self.carried_out(request, lambda: self._name(request, id))

    @action(detail=True, methods=["post"])
    def propose(self, request: Request, id: str) -> HttpResponse:
        """Put a draft forward."""
        return self._step(request, id, Step.PROPOSE)

    @action(detail=True, methods=["post"])
    def consult(self, request: Request, id: str) -> HttpResponse:
        """Go out to consultation."""
        return self._step(request, id, Step.CONSULT)

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, id: str) -> HttpResponse:
        """Approve a change. A check that blocks stands in the way; one that advises can be overridden with a reason."""
        return self._step(request, id, Step.APPROVE)

    @action(detail=True, methods=["post"])
    def effect(self, request: Request, id: str) -> HttpResponse:
        """Carry an approved change out: everything its preview shows, or nothing."""
        return self._step(request, id, Step.EFFECT)

    @action(detail=True, methods=["post"])
    def reject(self, request: Request, id: str) -> HttpResponse:
        """Reject a change."""
        return self._step(request, id, Step.REJECT)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> HttpResponse:
        """Withdraw a change, with the reason as its comment."""
        return self._step(request, id, Step.WITHDRAW)

    def spec_from(self, data: Any) -> tuple[ProposedChange, Pointers]:
        """The change that a body asks for, and how the body names its parts. Raises Invalid."""
        spec = proposed(ProposedChange, data)
        return spec, pointers_of(spec)

    def parameters_of(self, action: str) -> Sequence[Parameter]:
        if action in {"preview_now", "comments"}:
            return (formats(self.forms_of(action)),)
        return super().parameters_of(action)

    def validators_of(self, request: Request, form: str) -> Validators:
        """One change has a strong tag, for `If-Match`: it begins with the change's version, and the rest tells apart
        what different people may do with it."""
        found = super().validators_of(request, form)
        if self.action != "retrieve":
            return found
        try:
            number, version = self._found(self.kwargs["id"])
        except ApiProblem:
            return found
        return replace(found, etag=self._tag(number, version))

    def _found(self, key: str) -> tuple[int, int]:
        """Number and version of a change of this resource. Raises a 404 problem."""
        visible = Change.objects.visible_to(self.actor).filter(pk=whole_or_none(key) or 0)
        found = visible.values_list("pk", "version", "kind").first()
        if found is None or self.kind not in {None, found[2]}:
            raise ApiProblem(404, f"No {self.noun} has the number {key[:40]}.")
        return found[0], found[1]

    def _expected_version(self, request: Request, key: str) -> tuple[int, int]:
        """Number of a change, and the version the client has seen. Raises a 428 problem where the client says none, a
        412 problem where it is another."""
        number, version = self._found(key)
        if f"{number}.{version}" not in {tag.partition("-")[0] for tag in states_expected(request)}:
            raise ApiProblem(
                412, f"The change is at version {version} now, which is not the state you name. Read it again."
            )
        return number, version

    def _tag(self, number: int, current_version: int) -> str:
        actor = self.actor
        who = (str(actor.id), actor.name, str(actor.commissions), str(actor.approves))
        digest = hashlib.sha256("\n".join((version()[0], BUILD, *who)).encode()).hexdigest()[:32]
        return f'"{number}.{current_version}-{digest}"'

    def _document(self, number: int) -> Mapping[str, Any]:
        return self.with_address(changes.detail(number, self.actor))

    def _respond(self, number: int, status: int = 200) -> Response:
        """A change after a write, with its tag."""
        document = self._document(number)
        headers = {"ETag": self._tag(number, document["version"])}
        if status == 201:
            headers["Location"] = document["url"]
        return Response(document, status=status, headers=headers)

    def _propose(self, request: Request) -> Response:
        spec, pointers = self.spec_from(request.data)
        made = proposals.propose(spec=spec, by=self.actor, draft=self.query["draft"], pointers=pointers)
        return self._respond(made.pk, 201)

    def _step(self, request: Request, key: str, step: Step) -> HttpResponse:
        def take() -> Response:
            number, expected = self._expected_version(request, key)
            spec = proposed(StatedDecision, request.data)
            proposals.decide(
                change_id=number,
                step=step,
                by=self.actor,
                comment=spec.comment,
                overrides=spec.overrides,
                consultation=_news(spec.consultation),
                expected=expected,
            )
            return self._respond(number)

        return self.carried_out(request, take)

    def _amend(self, request: Request, key: str) -> Response:
        number, expected = self._expected_version(request, key)
        spec = proposed(StatedAddition, request.data)
        amend(
            change_id=number,
            by=self.actor,
            evidence=spec.evidence,
            rationale=spec.rationale,
            consultation=_news(spec.consultation),
            expected=expected,
        )
        return self._respond(number)

    def _name(self, request: Request, key: str) -> Response:
        number, expected = self._expected_version(request, key)
        spec = proposed(StatedCollaborators, request.data)
        name_collaborators(change_id=number, names=spec.collaborators, by=self.actor, expected=expected)
        return self._respond(number)

    def _comment(self, request: Request, key: str) -> Response:
        number, _ = self._found(key)  # a comment is upon no version
        comment = proposals.comment_on(change_id=number, by=self.actor, text=proposed(StatedComment, request.data).text)
        return Response({"by": comment.by, "at": comment.at, "text": comment.text}, status=201)


class TransitionsViewSet(ChangesViewSet):
    """Transitions: one body to one form, by level or designation or, with a successor, by succession."""

    noun = "transition"
    kind = ChangeKind.TRANSITION
    takes = {**ChangesViewSet.takes, "create": ProposedTransition, "preview": ProposedTransition}
    examples = change_examples.TRANSITIONS

    def spec_from(self, data: Any) -> tuple[ProposedChange, Pointers]:
        spec = proposed(ProposedTransition, data)
        forms = FormPeriod.objects.filter(organisation=spec.organisation).as_of(spec.effective_on)
        return spec.as_change(rules_only().graph, forms.values_list("form", flat=True).first()), OF_TRANSITION


class MergersViewSet(ChangesViewSet):
    """Mergers: two or more bodies into one, which is new or one of them."""

    noun = "merger"
    kind = ChangeKind.MERGER
    takes = {**ChangesViewSet.takes, "create": ProposedMerger, "preview": ProposedMerger}
    examples = change_examples.MERGERS

    def spec_from(self, data: Any) -> tuple[ProposedChange, Pointers]:
        return proposed(ProposedMerger, data).as_change(), OF_MERGER


def _news(stated: StatedConsultation | None) -> ConsultationNews | None:
    return None if stated is None else ConsultationNews(**stated.model_dump())
