"""Assessments: made, judged, worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation.api import examples
from evaluation.api.parameters import DRAWN, IN_EFFECT
from evaluation.api.versions import VersionedViewSet, versions_expected
from evaluation.filters import AssessmentFilter
from evaluation.jobs import SENSITIVITY
from evaluation.models import Assessment, Assessor
from evaluation.policies import AssessmentPermission
from evaluation.read_models.assessments import (
    AssessmentComments,
    AssessmentDetail,
    AssessmentItem,
    CommentOnAssessment,
    Judgements,
    ResultsDocument,
    SensitivityDocument,
)
from evaluation.read_models.following import MeasureDocument, Measures
from evaluation.selectors import assessments, following, tables
from evaluation.selectors.appraisals import unplanned
from evaluation.selectors.results import results_of, sensitivity_of
from evaluation.services import assessments as acting
from evaluation.services.comments import comment_on, name_collaborators
from evaluation.services.faults import criteria_of
from evaluation.services.following import add_measure, add_reading, choose_option
from evaluation.services.judgements import judge
from evaluation.specs.following import StatedMeasure, StatedOptionChosen, StatedReading
from evaluation.specs.stated import (
    StatedAssessment,
    StatedCopy,
    StatedJudgements,
    StatedRevision,
    StatedStep,
    StatedTrial,
)
from evaluation.specs.weighing import weight_problems
from organisations.specs.change import sent
from organisations.specs.decision import StatedCollaborators, StatedComment
from organisations.specs.document import DocumentModel
from pcorg.core.api import streaming
from pcorg.core.api.paging import Order
from pcorg.core.api.parameters import Parameter, formats
from pcorg.core.api.problems import ApiProblem, Fault
from pcorg.core.api.views import Records
from pcorg.core.api.writing import Writing
from pcorg.core.jobs.answering import LATER, accepted, job_requested
from pcorg.core.refusals import Invalid, Problem


class AssessmentsViewSet(Writing, VersionedViewSet[Assessment]):
    """Appraisals of options: judged on criteria, weighed, and worked out with honest uncertainty."""

    item = AssessmentItem
    whole = AssessmentDetail
    filters = AssessmentFilter
    noun = "assessment"
    key = Order("id", "id")
    orderings = (Order("title", "title", words=True), Order("status", "status", text=True))
    answers = {
        "create": AssessmentDetail,
        "partial_update": AssessmentDetail,
        "judgements": Judgements,
        "judge": Judgements,
        "results": ResultsDocument,
        "sensitivity": SensitivityDocument,
        "try_out": ResultsDocument,
        "measures": Measures,
        "measure": MeasureDocument,
        "reading": MeasureDocument,
        "comments": AssessmentComments,
        "comment": CommentOnAssessment,
        **dict.fromkeys(("open", "close", "approve", "copy", "choose", "collaborators"), AssessmentDetail),
    }
    takes = {
        "create": StatedAssessment,
        "partial_update": StatedRevision,
        "judge": StatedJudgements,
        "try_out": StatedTrial,
        "copy": StatedCopy,
        "choose": StatedOptionChosen,
        "measure": StatedMeasure,
        "reading": StatedReading,
        "comment": StatedComment,
        "collaborators": StatedCollaborators,
        **dict.fromkeys(("open", "close", "approve"), StatedStep),
    }
    examples = examples.ASSESSMENTS
    extra_parameters = {"results": (*DRAWN, IN_EFFECT), "sensitivity": (*DRAWN, IN_EFFECT, LATER)}
    open_actions = frozenset({"try_out"})
    created_by = frozenset({"create", "copy", "measure", "reading", "comment"})
    permissions = {
        "create": AssessmentPermission.MAKE,
        "partial_update": AssessmentPermission.ALTER,
        "judge": AssessmentPermission.JUDGE,
        "open": AssessmentPermission.OPEN,
        "close": AssessmentPermission.CLOSE,
        "copy": AssessmentPermission.COPY,
        "choose": AssessmentPermission.CHOOSE,
        "measure": AssessmentPermission.FOLLOW,
        "reading": AssessmentPermission.FOLLOW,
        "approve": AssessmentPermission.APPROVE,
        "comment": AssessmentPermission.COMMENT,
        "collaborators": AssessmentPermission.NAME_COLLABORATORS,
    }
    needs_version = frozenset(permissions) - {"create", "comment"}

    def rows(self) -> QuerySet[Assessment]:
        return assessments.listing(self.query["portfolio"], self.actor)

    def all_rows(self) -> QuerySet[Assessment]:
        return Assessment.objects.visible_to(self.actor).order_by()

    def tag(self, record: Assessment) -> str:
        return f'"{record.pk}.{record.version}"'

    def attach(self, records: Records, keys: Sequence[int], names: Sequence[str]) -> None:
        options = assessments.options_of(keys)
        people = assessments.people_of(keys, self.actor) if {"owner", "created_by"} & set(names) else {}
        for record, number in zip(records, keys, strict=True):
            supplied = {"options": options.get(number, []), **people.get(number, {})}
            record.update({name: supplied[name] for name in names})

    def one(self, key: str) -> Mapping[str, Any]:
        return self._document(self._found(key).pk)

    def create(self, request: Request) -> HttpResponse:
        """Make an assessment. It is a draft; open it for judgements."""
        return self.carried_out(request, lambda: self._create(request))

    def partial_update(self, request: Request, id: str) -> HttpResponse:
        """Alter an assessment that is a draft or open; what is left out stays. For its owner and those named to work
        on it. An option that was judged does not go: set it aside, with the reason. Judgements made since the version
        you have seen are no obstacle."""

        return self._write_version(
            request, id, lambda number, **expected: acting.alter_assessment(number=number, **expected)
        )

    @action(detail=True)
    def judgements(self, request: Request, id: str) -> HttpResponseBase:
        """Every judgement of an assessment; as CSV with labels beside slugs."""
        assessment = self._found(id)
        if request.accepted_renderer.format == "csv":
            rows = tables.judgement_rows(assessment, self.actor)
            return streaming.sheet(rows, tables.JUDGEMENT, f"assessment-{assessment.pk}-judgements")
        judged = assessments.judgements_of(assessment.pk)
        return self.answer({"results": assessments.judgement_documents(assessment, self.actor, judged)})

    @judgements.mapping.put
    def judge(self, request: Request, id: str) -> HttpResponse:
        """Put your judgements, or the panel's consensus, in the place of those there were. All at once, or none. For
        the panel; the consensus also for those who work on the assessment. Judgements of others made since the version
        you have seen are no obstacle."""

        def answer(number: int, assessor: Assessor) -> Response:
            assessment, rows = self._found(id), assessments.judgements_of(number).filter(assessor=assessor)
            documents = assessments.judgement_documents(assessment, self.actor, rows)
            return Response({"results": documents}, headers={"ETag": f'"{number}.{assessor.sheet_version}"'})

        return self._write_version(request, id, lambda number, **expected: judge(number=number, **expected), answer)

    @action(detail=True)
    def results(self, request: Request, id: str) -> HttpResponseBase:
        """What the assessment comes to: value, rank acceptabilities, facts, agreement, and the answer in words; as CSV
        a row for each option."""
        assessment = self._found(id)
        self._planned(assessment)
        found = results_of(
            assessment,
            draws=self.query["draws"],
            seed=self.query["seed"],
            chosen=self.query["mitigations"],
            by=self.actor,
        )
        if request.accepted_renderer.format == "csv":
            if self.query["fields"] is not None:
                message = "A table has all its columns; leave this out."
                raise ApiProblem(400, faults=[Fault.of_parameter("fields", message)])
            rows = tables.result_rows(found)
            return streaming.sheet(rows, list(rows[0]), f"assessment-{assessment.pk}-results")
        return self.answer(found)

    @action(detail=True)
    def sensitivity(self, request: Request, id: str) -> Response:
        """What would change the answer."""
        assessment = self._found(id)
        self._planned(assessment)
        if job_requested(request, self.query):
            inputs = {
                "assessment": assessment.pk,
                **{name: self.query[name] for name in ("draws", "seed", "mitigations")},
            }
            return accepted(
                request, kind=SENSITIVITY, title=f"Sensitivity of assessment {assessment.pk}", inputs=inputs
            )
        found = sensitivity_of(
            assessment,
            draws=self.query["draws"],
            seed=self.query["seed"],
            chosen=self.query["mitigations"],
            by=self.actor,
        )
        return self.answer(found)

    @action(detail=True, methods=["post"], url_path="try")
    def try_out(self, request: Request, id: str) -> Response:
        """Results with other weights or mitigations in effect. Keeps nothing; open to all."""
        assessment = self._found(id)
        stated = sent(StatedTrial, request.data)
        problems = [
            Problem("invalid", words, f"/mitigations/{stated.mitigations.index(position)}")
            for position, words in unplanned(assessment, stated.mitigations)
        ]
        if stated.weights is not None:
            problems += weight_problems(stated.weights, criteria_of(assessment.framework_id), "/weights")
        if problems:
            raise Invalid(problems)
        return Response(
            results_of(
                assessment,
                draws=stated.draws,
                seed=stated.seed,
                chosen=stated.mitigations,
                weights=stated.weights,
                by=self.actor,
            )
        )

    @action(detail=True)
    def measures(self, request: Request, id: str) -> HttpResponseBase:
        """How the model chosen does: measures with their readings; as CSV a row for each reading."""
        assessment = self._found(id)
        if request.accepted_renderer.format == "csv":
            rows = tables.reading_rows(assessment, self.actor)
            return streaming.sheet(rows, tables.READING, f"assessment-{assessment.pk}-readings")
        return self.answer({"results": following.measures_document(assessment, self.actor)})

    @measures.mapping.post
    def measure(self, request: Request, id: str) -> HttpResponse:
        """Add a measure by which the chosen model is evaluated. For those who work on the assessment."""
        return self._write_version(
            request,
            id,
            lambda number, **expected: add_measure(assessment=number, **expected),
            lambda number, made: self._measure(id, made.pk),
        )

    @action(detail=True, methods=["post"], url_path="readings")
    def reading(self, request: Request, id: str) -> HttpResponse:
        """Add what a measure came to on a day. For those who work on the assessment."""
        return self._write_version(
            request,
            id,
            lambda number, **expected: add_reading(assessment=number, **expected),
            lambda number, made: self._measure(id, made.measure_id),
        )

    @action(detail=True, methods=["post"])
    def open(self, request: Request, id: str) -> HttpResponse:
        """Open for judgements; or again after closing, which takes a comment with the reason. For those who work on the
        assessment."""
        return self._step(request, id, "open")

    @action(detail=True, methods=["post"])
    def close(self, request: Request, id: str) -> HttpResponse:
        """Close: no more judgements. It is then read by all, and put to those who decide."""
        return self._step(request, id, "close")

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, id: str) -> HttpResponse:
        """Approve: the assessment never changes again. For an approver who neither wrote any part of it nor works on
        it, is on its panel or chose its option. The approval is of the version seen."""
        return self._step(request, id, "approve")

    @action(detail=True, methods=["post"])
    def copy(self, request: Request, id: str) -> HttpResponse:
        """A new draft like this one, with its judgements where asked."""

        def copied(number: int, stated: StatedCopy, **expected: Any) -> Assessment:
            return acting.copy_assessment(number=number, **stated.model_dump(), **expected)

        return self._write_version(request, id, copied, lambda number, made: self._respond(made.pk, 201))

    @action(detail=True, methods=["post"])
    def choose(self, request: Request, id: str) -> HttpResponse:
        """Record which option was chosen, and why, once the assessment is closed; it is then followed. For an approver
        who neither wrote any part of it nor works on it or is on its panel."""
        return self._write_version(request, id, lambda number, **expected: choose_option(assessment=number, **expected))

    @action(detail=True, methods=["put"])
    def collaborators(self, request: Request, id: str) -> HttpResponse:
        """Name who works on an assessment beside you, in the place of those named before. For its owner."""

        def named(number: int, stated: StatedCollaborators, **expected: Any) -> Assessment:
            return name_collaborators(assessment=number, names=stated.collaborators, **expected)

        return self._write_version(request, id, named)

    @action(detail=True)
    def comments(self, request: Request, id: str) -> Response:
        """What was said of an assessment, in order."""
        return self.answer({"results": assessments.comments_on(self._found(id), self.actor)})

    @comments.mapping.post
    def comment(self, request: Request, id: str) -> HttpResponse:
        """Say something of an assessment."""

        def say() -> Response:
            assessment = self._found(id)
            text = sent(StatedComment, request.data).text
            written = comment_on(assessment=assessment.pk, text=text, by=self.actor)
            document: CommentOnAssessment = {"by": written.name, "at": written.at, "text": written.text}
            return Response(document, status=201)

        return self.carried_out(request, say)

    def forms_of(self, action: str) -> Sequence[str]:
        return ["json", "csv"] if action in {"judgements", "results", "measures"} else super().forms_of(action)

    def parameters_of(self, action: str) -> Sequence[Parameter]:
        if action in {"judgements", "measures", "comments"}:
            return (formats(self.forms_of(action)),)
        return super().parameters_of(action)

    def _planned(self, assessment: Assessment) -> None:
        """Raises a problem where mitigations are asked for that the assessment has not planned."""
        faults = [
            Fault.of_parameter("mitigations", words) for _, words in unplanned(assessment, self.query["mitigations"])
        ]
        if faults:
            raise ApiProblem(400, faults=faults)

    def _document(self, number: int) -> Mapping[str, Any]:
        return self.with_address(assessments.detail(number, self.actor))

    def _expected_versions(self, request: Request, key: str) -> tuple[int, set[int]]:
        """Number of an assessment, and the versions of it that the client has seen. Raises a 428 problem where the
        client says none."""
        number = self._found(key).pk
        return number, versions_expected(request, number)

    def _respond(self, number: int, status: int = 200) -> Response:
        document = self._document(number)
        headers = {"ETag": f'"{number}.{document["version"]}"'}
        if status == 201:
            headers["Location"] = document["url"]
        return Response(document, status=status, headers=headers)

    def _measure(self, key: str, measure: int) -> Response:
        assessment = self._found(key)
        (document,) = [each for each in following.measures_document(assessment, self.actor) if each["id"] == measure]
        return Response(document, status=201)

    def _create(self, request: Request) -> Response:
        made = acting.create_assessment(stated=sent(StatedAssessment, request.data), by=self.actor)
        return self._respond(made.pk, 201)

    def _step(self, request: Request, key: str, step: str) -> HttpResponse:
        def moved(number: int, stated: StatedStep, **expected: Any) -> Assessment:
            return acting.move_assessment(number=number, step=step, comment=stated.comment, **expected)

        return self._write_version(request, key, moved)

    def _write_version(
        self,
        request: Request,
        key: str,
        service: Callable[..., Any],
        answer: Callable[[int, Any], Response] | None = None,
    ) -> HttpResponse:
        """Carry out a write upon one assessment: the service is given its number, what the body states and the versions
        of it that the client has seen. The answer is the assessment as it stands then, or `answer` of what was made."""

        def write() -> Response:
            number, expected_versions = self._expected_versions(request, key)
            model = cast("type[DocumentModel]", self.takes[self.action])
            stated = sent(model, request.data)
            made = service(number, stated=stated, by=self.actor, expected_versions=expected_versions)
            return self._respond(number) if answer is None else answer(number, made)

        return self.carried_out(request, write)
