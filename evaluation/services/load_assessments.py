"""Loading the assessments that ship with the product: reference ones, coded from the evidence, and worked examples.

Loading again changes nothing; an assessment whose evidence has changed since is judged anew by the same rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from django.db import transaction
from pydantic import Field, ValidationError

from evaluation.method.scale import HIGHEST, LOWEST, Polarity, Said, coded
from evaluation.method.vocabulary import CONSENSUS, AssessmentStatus, IntegrationAxis, Stage
from evaluation.models import (
    Assessment,
    Assessor,
    Choice,
    Evidence,
    Judgement,
    ModelMeasure,
    ModelReading,
    ProfilePoint,
    subjects,
)
from evaluation.services.assessments import (
    set_mitigations,
    weight_columns,
    write_step,
)
from evaluation.services.faults import assessment_problems, criteria_of
from evaluation.services.judgements import judgement_problems, write_judgements
from evaluation.services.options import set_options
from evaluation.specs.following import StatedMeasure, StatedOptionChosen, Value
from evaluation.specs.stated import StatedAssessment, StatedJudgement, StatedWeights
from organisations.domain.lifecycle import Step
from organisations.domain.vocabulary import Basis
from organisations.models import Change, Organisation
from organisations.models.subjects import organisation
from organisations.portfolios.reading import DocumentFault, DocumentRefused, Place, Text, read
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange, proposed
from organisations.specs.document import Day, DocumentModel, Prose, Slug
from organisations.specs.wording import in_words, place_of
from pcorg.core.audit.subjects import Subject
from pcorg.core.audit.trail import record
from pcorg.core.policies import Actor
from pcorg.core.refusals import Problem, Refusal
from pcorg.core.values import steps_of

ACTOR = Actor("illustration", commissions=True)
"""In whose name the proposals of worked examples are drafted."""


class ShippedMember(DocumentModel):
    """Somebody on the panel of a shipped assessment, and what they judged."""

    name: str
    consensus: bool = False
    weights: StatedWeights | None = None
    judgements: list[StatedJudgement] = []


class ShippedReading(DocumentModel):
    """What a measure of a shipped example came to on a day."""

    stage: Stage
    on: Day
    value: Value
    note: Prose = ""


class ShippedMeasure(StatedMeasure):
    """A measure of a shipped example, with its readings."""

    readings: list[ShippedReading] = []


class ShippedPoint(DocumentModel):
    """A level in the integration profile of a shipped example's subject; without an assessor, what was agreed on."""

    axis: IntegrationAxis
    on: Day
    level: Annotated[int, Field(ge=0, le=5)]
    assessor: str = CONSENSUS
    evidence: Prose = ""


class ShippedChange(DocumentModel):
    """A proposal that an option stands for: made once and withdrawn, so that nobody is asked to decide upon it.
    `key` is how options name it here."""

    key: Slug
    change: dict[str, Any]


class ShippedAssessment(StatedAssessment):
    """An assessment that ships. `coded` judges every cell from the evidence, by the published rule."""

    slug: Slug
    reference: bool = False
    status: AssessmentStatus = AssessmentStatus.CLOSED
    seed: int = Field(default=20_090_601, ge=0, le=2**31 - 1)
    coded: bool = False
    changes: list[ShippedChange] = []
    members: list[ShippedMember] = []
    choice: StatedOptionChosen | None = None
    measures: list[ShippedMeasure] = []
    profile: list[ShippedPoint] = []
    note: Prose = ""


@dataclass
class AssessmentsReport:
    """How many assessments were created, judged anew, and left as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


def load_assessments(*, path: Path, by: str) -> AssessmentsReport:
    """Load a file of assessments in one transaction. Raises Refused with every fault."""
    text = read(path)
    report = AssessmentsReport()
    faults: list[DocumentFault] = []
    wrote: set[Subject] = set()
    with transaction.atomic():
        for number, stated in _stated(text, faults):
            try:
                wrote |= _load(stated, by, report)
            except _Faulty as fault:
                faults += [
                    text.fault(one.message, ("assessments", number, *steps_of(one.pointer)), one.code)
                    for one in fault.problems
                ]
        if faults:
            raise DocumentRefused(text.name, faults)
        if report.created or report.changed:
            record(
                actor=by,
                action="load-assessments",
                subject="shipped assessments",
                particulars={"created": report.created, "changed": report.changed},
                wrote=wrote,
            )
    return report


class _Faulty(Exception):
    """What is wrong with one assessment."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def _stated(text: Text, faults: list[DocumentFault]) -> list[tuple[int, ShippedAssessment]]:
    listed = text.data.get("assessments") if isinstance(text.data, dict) else None
    if not isinstance(listed, list):
        raise DocumentRefused(text.name, [text.fault("The file must hold a list called assessments.", ())])
    found = []
    for number, entry in enumerate(listed):
        try:
            found.append((number, ShippedAssessment.model_validate(entry)))
        except ValidationError as error:
            for each in error.errors():
                place: Place = ("assessments", number, *place_of(each["loc"]))
                faults.append(text.fault(in_words(each), place))
    return found


def _load(stated: ShippedAssessment, by: str, report: AssessmentsReport) -> set[Subject]:
    """Load one; gives the subjects whose rows were written."""
    assessment = Assessment.objects.filter(slug=stated.slug).first()
    if assessment is None:
        made = _create(stated, by)
        report.created += 1
        return {subjects.assessment(made.pk), *([organisation(stated.subject)] if stated.subject else [])}
    if stated.coded and _judge_by_rule(assessment):
        assessment.version += 1
        assessment.save()
        report.changed += 1
        return {subjects.assessment(assessment.pk)}
    report.unchanged += 1
    return set()


def _create(stated: ShippedAssessment, by: str) -> Assessment:
    keys = {shipped.key: f"change-{_drafted(place, shipped)}" for place, shipped in enumerate(stated.changes)}
    stated = _with_keys(stated, keys)
    problems = assessment_problems(stated)
    if problems:
        raise _Faulty(problems)
    made = Assessment.objects.create(
        slug=stated.slug,
        title=stated.title,
        reference=stated.reference,
        illustrative=Organisation.objects.filter(pk=stated.subject, portfolio__illustrative=True).exists(),
        framework_id=stated.framework,
        subject_id=stated.subject,
        as_of=stated.as_of,
        scope=stated.scope.kind,
        service_group_id=stated.scope.service_group,
        service_id=stated.scope.service,
        purpose=stated.purpose,
        status=stated.status,
        seed=stated.seed,
        created_by=by,
        **weight_columns(stated.weights),
    )
    set_options(made, stated.options)
    set_mitigations(made, stated.mitigations)
    if stated.coded:
        _judge_by_rule(made)
    _judge(made, stated)
    _follow(made, stated)
    write_step(made, stated.status, by, "Shipped with the product." + (f" {stated.note}" if stated.note else ""))
    return made


def _drafted(place: int, shipped: ShippedChange) -> int:
    """The number of the proposal a shipped option stands for, made where it is not there yet."""
    try:
        spec = proposed(ProposedChange, shipped.change)
        change = Change.objects.filter(title=spec.title, effective_on=spec.effective_on, owner_name=ACTOR.name).first()
        if change is None:
            change = propose(spec=spec, by=ACTOR, draft=True)
            decide(change_id=change.pk, step=Step.WITHDRAW, by=ACTOR, comment="Only for a worked example.")
        return change.pk
    except Refusal as fault:
        found = fault.problems or [Problem("invalid", fault.message)]
        where = f"/changes/{place}/change"
        raise _Faulty([Problem(one.code, one.message, where + one.pointer) for one in found]) from fault


def _with_keys(stated: ShippedAssessment, keys: Mapping[str, str]) -> ShippedAssessment:
    """The same with options that stand for proposals under the keys that assessments know them by."""
    options = [each.model_copy(update={"key": keys.get(each.key, each.key)}) for each in stated.options]
    members = [
        member.model_copy(
            update={
                "judgements": [
                    one.model_copy(update={"option": keys.get(one.option, one.option)}) for one in member.judgements
                ]
            }
        )
        for member in stated.members
    ]
    return stated.model_copy(update={"options": options, "members": members})


def _judge(made: Assessment, stated: ShippedAssessment) -> None:
    options = {option.key: option for option in made.options.all()}
    criteria = criteria_of(made.framework_id)
    problems = []
    for place, member in enumerate(stated.members):
        found = judgement_problems(member.judgements, options, criteria)
        problems += [Problem(one.code, one.message, f"/members/{place}{one.pointer}") for one in found]
        if not found:
            columns = {} if member.weights is None else weight_columns(member.weights)
            assessor = Assessor.objects.create(
                assessment=made, name=member.name, consensus=member.consensus, invited_by=made.created_by, **columns
            )
            write_judgements(assessor, member.judgements, options)
    if problems:
        raise _Faulty(problems)


def _follow(made: Assessment, stated: ShippedAssessment) -> None:
    """The choice, measures and profile of a worked example, in the name in which its proposals are made."""
    if stated.choice is not None:
        option = made.options.filter(key=stated.choice.option).first()
        if option is None:
            raise _Faulty([Problem("invalid", f"{stated.choice.option} is not an option here.", "/choice/option")])
        Choice.objects.create(
            assessment=made, option=option, on=stated.choice.on, reason=stated.choice.reason, by=ACTOR.name
        )
    for position, measure in enumerate(stated.measures):
        row = ModelMeasure.objects.create(
            assessment=made, position=position, **measure.model_dump(exclude={"readings"})
        )
        for reading in measure.readings:
            ModelReading.objects.create(measure=row, by=ACTOR.name, **reading.model_dump())
    if stated.profile and not stated.subject:
        raise _Faulty([Problem("invalid", "A profile is of the subject; name one.", "/profile")])
    for point in stated.profile:
        ProfilePoint.objects.get_or_create(
            organisation_id=stated.subject,
            axis=point.axis,
            on=point.on,
            assessor=point.assessor,
            defaults={
                "level": point.level,
                "evidence": point.evidence,
                "consensus": point.assessor == CONSENSUS,
                "basis": Basis.ILLUSTRATIVE,
            },
        )


def _judge_by_rule(assessment: Assessment) -> bool:
    """Judge every cell from the evidence by the published rule, as the consensus; whether anything changed."""
    assessor, _ = Assessor.objects.get_or_create(
        assessment=assessment, name=CONSENSUS, defaults={"consensus": True, "invited_by": assessment.created_by}
    )
    before = {(one.option_id, one.criterion_id): (one.low, one.high) for one in assessor.judgements.all()}
    options = [option for option in assessment.options.all() if option.integration_option_id]
    evidence_by_cell: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for one in Evidence.objects.filter(option__in=[option.integration_option_id for option in options]):
        evidence_by_cell[one.option_id, one.criterion_id].append(one)
    after, cited = {}, {}
    for option in options:
        for criterion in criteria_of(assessment.framework_id):
            evidence = evidence_by_cell[str(option.integration_option_id), criterion]
            interval = coded(Said(Polarity(one.polarity), one.qualified) for one in evidence)
            after[option.pk, criterion] = (interval.low, interval.high) if evidence else (LOWEST, HIGHEST)
            cited[option.pk, criterion] = evidence
    if before == after:
        return False
    for judgement in assessor.judgements.all():
        judgement.evidence.clear()
        judgement.delete()
    for (option_pk, slug), (low, high) in after.items():
        evidence = cited[option_pk, slug]
        row = Judgement.objects.create(
            assessor=assessor,
            option_id=option_pk,
            criterion_id=slug,
            low=low,
            high=high,
            varies=any(one.polarity == Polarity.CONTINGENT for one in evidence),
            no_evidence=not evidence,
            rationale="Coded from the evidence by the published rule; the rule is ours." if evidence else "",
        )
        row.evidence.set(evidence)
    return True
