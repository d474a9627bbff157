"""Assessments: made, judged, worked out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation.actions import assessments as acting
from evaluation.actions.faults import criteria_of
from evaluation.actions.following import add_measure, add_reading, choose_option
from evaluation.actions.judgements import judge
from evaluation.actions.refusals import Invalid
from evaluation.api import examples, serializers
from evaluation.api.following_serializers import MeasureDocument, Measures
from evaluation.api.refusals import of_assessments
from evaluation.domain.smaa import DRAWS, MOST_DRAWS
from evaluation.filters import AssessmentFilter
from evaluation.ingest.following import StatedMeasure, StatedOptionChosen, StatedReading
from evaluation.ingest.stated import (
    StatedAssessment,
    StatedCopy,
    StatedJudgements,
    StatedRevision,
    StatedStep,
    StatedTrial,
)
from evaluation.ingest.weighing import weight_problems
from evaluation.jobs import SENSITIVITY
from evaluation.models import Assessment, Option
from evaluation.policies import AssessmentDeed
from evaluation.queries import assessments, following, tables
from evaluation.queries.appraisals import unplanned
from evaluation.queries.results import results_of, sensitivity_of
from organisations.actors import actor_of
from organisations.domain.integrity import Problem as Problematic
from organisations.ingest.proposal import proposed
from pcorg import naming
from pcorg.api import streaming
from pcorg.api.conditional import Validators
from pcorg.api.paging import Order
from pcorg.api.parameters import Parameter, formats, whole_number
from pcorg.api.problems import Fault, Problem
from pcorg.api.views import Resource
from pcorg.api.writing import Writing, states_named
from pcorg.jobs.answering import LATER, accepted, wanted_later
from pcorg.policies import Actor
from pcorg.values import whole_or_none

MOST_SEEDS = 2**31 - 1


def _places(text: str) -> tuple[int, ...]:
    if not text:
        return ()
    places = {whole_or_none(part, high=999) for part in text.split(",")}
    if None in places:
        raise ValueError("Give positions of planned mitigations, separated by commas: 0,2.")
    return tuple(sorted(place for place in places if place is not None))


def _number(name: str, description: str, low: int, high: int, default: int | None) -> Parameter:
    schema = {"type": "integer", "minimum": low, "maximum": high}
    return Parameter(name, description, whole_number(low, high), schema, default)


DRAWN = (
    _number("draws", f"How many draws, at most {MOST_DRAWS:,}.", 1, MOST_DRAWS, DRAWS),
    _number("seed", "Seed of the draws; the one the assessment keeps unless given.", 0, MOST_SEEDS, None),
)
IN_EFFECT = Parameter(
    "mitigations",
    "Positions of the planned mitigations in effect, separated by commas; none unless given.",
    _places,
    default=(),
)


class Assessments(Writing, Resource):
    """Appraisals of options: judged on criteria, weighed, and worked out with honest uncertainty."""

    item = serializers.AssessmentItem
    whole = serializers.AssessmentDetail
    filters = AssessmentFilter
    lookup_url_kwarg = "id"
    noun = "assessment"
    names_people = True
    key = Order("id", "id")
    orderings = (Order("title", "title", words=True), Order("status", "status", text=True))
    answers = {
        "create": serializers.AssessmentDetail,
        "partial_update": serializers.AssessmentDetail,
        "judgements": serializers.Judgements,
        "judge": serializers.Judgements,
        "results": serializers.ResultsDocument,
        "sensitivity": serializers.SensitivityDocument,
        "try_out": serializers.ResultsDocument,
        "measures": Measures,
        "measure": MeasureDocument,
        "reading": MeasureDocument,
        **dict.fromkeys(("open", "close", "approve", "copy", "choose"), serializers.AssessmentDetail),
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
        **dict.fromkeys(("open", "close", "approve"), StatedStep),
    }
    examples = examples.ASSESSMENTS
    asks = {"results": (*DRAWN, IN_EFFECT), "sensitivity": (*DRAWN, IN_EFFECT, LATER)}
    open_actions = frozenset({"try_out"})
    created_by = frozenset({"create", "copy", "measure", "reading"})
    deeds = {
        "create": AssessmentDeed.MAKE,
        "partial_update": AssessmentDeed.ALTER,
        "judge": AssessmentDeed.JUDGE,
        "open": AssessmentDeed.OPEN,
        "close": AssessmentDeed.CLOSE,
        "copy": AssessmentDeed.COPY,
        "choose": AssessmentDeed.CHOOSE,
        "measure": AssessmentDeed.FOLLOW,
        "reading": AssessmentDeed.FOLLOW,
        "approve": AssessmentDeed.APPROVE,
    }

    def rows(self) -> QuerySet[Assessment]:
        return assessments.listing(self.asked["portfolio"])

    def all_rows(self) -> QuerySet[Assessment]:
        return Assessment.objects.order_by()

    def attach(self, records: list[dict[str, Any]], keys: Sequence[int], names: Sequence[str]) -> None:
        found: dict[int, list[str]] = defaultdict(list)
        options = Option.objects.filter(assessment__in=keys).order_by("assessment", "position")
        for number, key in options.values_list("assessment_id", "key"):
            found[number].append(key)
        for record, number in zip(records, keys, strict=True):
            record["options"] = found[number]

    def one(self, key: str) -> Mapping[str, Any]:
        return self._document(self._found(key))

    def hides_names(self, request: Request) -> bool:
        """Those that are as they were shipped name invented people."""
        if not super().hides_names(request):
            return False
        number = whole_or_none(self.kwargs.get("id", ""))
        held = None if number is None else Assessment.objects.filter(pk=number).first()
        return held is None or not held.is_as_shipped

    def _rows(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows of a table as the reader may see them."""
        return naming.without_names(rows) if self.hides_names(self.request) else rows

    def create(self, request: Request) -> HttpResponse:
        """Make an assessment. It is a draft; open it for judgements."""
        return self.carried_out(request, lambda: self._create(request))

    def partial_update(self, request: Request, id: str) -> HttpResponse:
        """Alter an assessment that is a draft or open; what is left out stays. Options that go take their judgements
        with them."""

        def alter() -> Response:
            number = self._found(id)
            with of_assessments():
                acting.alter_assessment(
                    number=number,
                    stated=proposed(StatedRevision, request.data),
                    by=self.actor,
                    seen=self._seen(request, number),
                )
            return self._told(number)

        return self.carried_out(request, alter)

    @action(detail=True)
    def judgements(self, request: Request, id: str) -> HttpResponseBase:
        """Every judgement of an assessment; as CSV with labels beside slugs."""
        number = self._found(id)
        if request.accepted_renderer.format == "csv":
            return streaming.sheet(
                self._rows(tables.judgement_rows(number)), tables.JUDGEMENT, f"assessment-{number}-judgements"
            )
        rows = assessments.judgements_of(number).prefetch_related("evidence")
        return self.answer({"results": [assessments.judgement_document(row) for row in rows]})

    @judgements.mapping.put
    def judge(self, request: Request, id: str) -> HttpResponse:
        """Put your judgements, or the panel's consensus, in the place of those there were. All at once, or none."""

        def put() -> Response:
            number = self._found(id)
            with of_assessments():
                assessor = judge(
                    number=number,
                    stated=proposed(StatedJudgements, request.data),
                    by=self.actor,
                    seen=self._seen(request, number),
                )
            rows = assessments.judgements_of(number).filter(assessor=assessor).prefetch_related("evidence")
            return Response({"results": [assessments.judgement_document(row) for row in rows]})

        return self.carried_out(request, put)

    @action(detail=True)
    def results(self, request: Request, id: str) -> HttpResponseBase:
        """What the assessment comes to: value, rank acceptabilities, facts, agreement, and the answer in words; as CSV
        a row for each option."""
        held = Assessment.objects.get(pk=self._found(id))
        self._planned(held)
        with of_assessments():
            found = results_of(
                held, draws=self.asked["draws"], seed=self.asked["seed"], chosen=self.asked["mitigations"]
            )
        if request.accepted_renderer.format == "csv":
            if self.asked["fields"] is not None:
                told = "A table has all its columns; leave this out."
                raise Problem(400, faults=[Fault.of_parameter("fields", told)])
            rows = tables.result_rows(found)
            return streaming.sheet(rows, list(rows[0]), f"assessment-{held.pk}-results")
        return self.answer(found)

    @action(detail=True)
    def sensitivity(self, request: Request, id: str) -> Response:
        """What would change the answer."""
        held = Assessment.objects.get(pk=self._found(id))
        self._planned(held)
        if wanted_later(request, self.asked):
            inputs = {"assessment": held.pk, **{name: self.asked[name] for name in ("draws", "seed", "mitigations")}}
            return accepted(request, kind=SENSITIVITY, title=f"Sensitivity of assessment {held.pk}", inputs=inputs)
        with of_assessments():
            found = sensitivity_of(
                held, draws=self.asked["draws"], seed=self.asked["seed"], chosen=self.asked["mitigations"]
            )
        return self.answer(found)

    @action(detail=True, methods=["post"], url_path="try")
    def try_out(self, request: Request, id: str) -> Response:
        """Results with other weights or mitigations in effect. Keeps nothing; open to all."""
        held = Assessment.objects.get(pk=self._found(id))
        with of_assessments():
            stated = proposed(StatedTrial, request.data)
            problems = [
                Problematic("invalid", words, f"/mitigations/{stated.mitigations.index(position)}")
                for position, words in unplanned(held, stated.mitigations)
            ]
            if stated.weights is not None:
                problems += weight_problems(stated.weights, criteria_of(held.framework_id), "/weights")
            if problems:
                raise Invalid(problems)
            return Response(
                results_of(
                    held, draws=stated.draws, seed=stated.seed, chosen=stated.mitigations, weights=stated.weights
                )
            )

    @action(detail=True)
    def measures(self, request: Request, id: str) -> HttpResponseBase:
        """How the model chosen does: measures with their readings; as CSV a row for each reading."""
        number = self._found(id)
        if request.accepted_renderer.format == "csv":
            return streaming.sheet(
                self._rows(tables.reading_rows(number)), tables.READING, f"assessment-{number}-readings"
            )
        return self.answer({"results": following.measures_document(number)})

    @measures.mapping.post
    def measure(self, request: Request, id: str) -> HttpResponse:
        """Add a measure by which the chosen model is evaluated."""

        def add() -> Response:
            number = self._found(id)
            with of_assessments():
                made = add_measure(
                    assessment=number,
                    stated=proposed(StatedMeasure, request.data),
                    by=self.actor,
                    seen=self._seen(request, number),
                )
            return self._measure(number, made.pk)

        return self.carried_out(request, add)

    @action(detail=True, methods=["post"], url_path="readings")
    def reading(self, request: Request, id: str) -> HttpResponse:
        """Add what a measure came to on a day."""

        def add() -> Response:
            number = self._found(id)
            with of_assessments():
                made = add_reading(
                    assessment=number,
                    stated=proposed(StatedReading, request.data),
                    by=self.actor,
                    seen=self._seen(request, number),
                )
            return self._measure(number, made.measure_id)

        return self.carried_out(request, add)

    @action(detail=True, methods=["post"])
    def open(self, request: Request, id: str) -> HttpResponse:
        """Open for judgements, or again after closing."""
        return self._step(request, id, "open")

    @action(detail=True, methods=["post"])
    def close(self, request: Request, id: str) -> HttpResponse:
        """Close: no more judgements."""
        return self._step(request, id, "close")

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, id: str) -> HttpResponse:
        """Approve: the assessment never changes again."""
        return self._step(request, id, "approve")

    @action(detail=True, methods=["post"])
    def copy(self, request: Request, id: str) -> HttpResponse:
        """A new draft like this one, with its judgements where asked."""

        def make() -> Response:
            number = self._found(id)
            with of_assessments():
                stated = proposed(StatedCopy, request.data)
                made = acting.copy_assessment(
                    number=number,
                    by=self.actor,
                    title=stated.title,
                    judgements=stated.judgements,
                    seen=self._seen(request, number),
                )
            return self._told(made.pk, 201)

        return self.carried_out(request, make)

    @action(detail=True, methods=["post"])
    def choose(self, request: Request, id: str) -> HttpResponse:
        """Record which option was chosen, and why, once the assessment is closed; it is then followed."""

        def put() -> Response:
            number = self._found(id)
            with of_assessments():
                choose_option(
                    assessment=number,
                    stated=proposed(StatedOptionChosen, request.data),
                    by=self.actor,
                    seen=self._seen(request, number),
                )
            return self._told(number)

        return self.carried_out(request, put)

    def forms_of(self, action: str) -> Sequence[str]:
        return ["json", "csv"] if action in {"judgements", "results", "measures"} else super().forms_of(action)

    def parameters_of(self, action: str) -> Sequence[Parameter]:
        if action in {"judgements", "measures"}:
            return (formats(self.forms_of(action)),)
        return super().parameters_of(action)

    def validators_of(self, request: Request, form: str) -> Validators:
        """One assessment has a strong tag, for `If-Match`: it begins with the assessment's version, and the rest tells
        apart what different people may do with it."""
        found = super().validators_of(request, form)
        if self.action != "retrieve":
            return found
        number = whole_or_none(self.kwargs["id"]) or 0
        held = Assessment.objects.filter(pk=number).values_list("version", flat=True).first()
        return found if held is None else replace(found, etag=f'"{number}.{held}-{found.etag[3:]}')

    @cached_property
    def actor(self) -> Actor:
        """Who is asking."""
        return actor_of(self.request.user)

    def _found(self, key: str) -> int:
        """Number of an assessment. Raises a 404 problem."""
        number = whole_or_none(key)
        if number is not None and Assessment.objects.filter(pk=number).exists():
            return number
        raise Problem(404, f"No assessment has the number {key[:40]}.")

    def _planned(self, held: Assessment) -> None:
        """Raises a problem where mitigations are asked for that the assessment has not planned."""
        faults = [Fault.of_parameter("mitigations", words) for _, words in unplanned(held, self.asked["mitigations"])]
        if faults:
            raise Problem(400, faults=faults)

    def _document(self, number: int) -> dict[str, Any]:
        document = assessments.detail(number)
        allowed = assessments.open_to(
            document["status"],
            reference=document["reference"],
            created_by=document["created_by"],
            by=self.actor,
            chosen=document["choice"] is not None,
        )
        url = self.whole(context={"request": self.request}).fields["url"]
        return {**document, "allowed_actions": allowed, "url": url.to_representation(number)}

    def _seen(self, request: Request, number: int) -> set[int] | None:
        """The versions of an assessment that the client insists on; None for any."""
        named = states_named(request)
        if named is None:
            return None
        heads = [tag.partition("-")[0].partition(".") for tag in named]
        versions = {whole_or_none(held) for of, _, held in heads if of == str(number)}
        return {version for version in versions if version is not None}

    def _told(self, number: int, status: int = 200) -> Response:
        document = self._document(number)
        headers = {"ETag": f'"{number}.{document["version"]}"'}
        if status == 201:
            headers["Location"] = document["url"]
        return Response(document, status=status, headers=headers)

    def _measure(self, number: int, measure: int) -> Response:
        (document,) = [each for each in following.measures_document(number) if each["id"] == measure]
        return Response(document, status=201)

    def _create(self, request: Request) -> Response:
        with of_assessments():
            made = acting.create_assessment(stated=proposed(StatedAssessment, request.data), by=self.actor)
        return self._told(made.pk, 201)

    def _step(self, request: Request, key: str, step: str) -> HttpResponse:
        def take() -> Response:
            number = self._found(key)
            with of_assessments():
                said = proposed(StatedStep, request.data)
                acting.move_assessment(
                    number=number,
                    step=step,
                    by=self.actor,
                    comment=said.comment,
                    seen=self._seen(request, number),
                )
            return self._told(number)

        return self.carried_out(request, take)
