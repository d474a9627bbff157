"""What is followed over time: profiles, the option chosen and how it does, dispersals; recorded by commissioners, each
row attributed and on the trail."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max, Q

from evaluation.method.vocabulary import CONSENSUS, SETTLED
from evaluation.models import (
    Assessment,
    Choice,
    Dispersal,
    DispersalPart,
    ModelMeasure,
    ModelReading,
    Option,
    ProfilePoint,
)
from evaluation.policies import AssessmentPermission, FollowingPermission
from evaluation.services.assessments import locked, require_version, touch
from evaluation.specs.following import (
    StatedDispersal,
    StatedMeasure,
    StatedOptionChosen,
    StatedProfilePoint,
    StatedReading,
)
from organisations.domain.vocabulary import Basis
from organisations.models import Organisation
from pcorg.core.audit.kinds import ASSESSED
from pcorg.core.audit.trail import record
from pcorg.core.policies import Actor
from pcorg.core.refusals import Invalid, Problem, Refusal, require
from pcorg.core.writes import existing


def record_profile(*, stated: StatedProfilePoint, by: Actor) -> ProfilePoint:
    """Record how integrated a body is on an axis on a day; saying it again that day puts the new view in the place of
    one's own. Nobody replaces what another recorded.

    Raises Invalid for a body that is not in force then or what another recorded, Refusal for somebody who may not.
    """
    require(by, FollowingPermission.PROFILE)
    with transaction.atomic():
        problems = _body_problems(stated.organisation, stated.on, "/organisation", "/on")
        if problems:
            raise Invalid(problems)
        name = CONSENSUS if stated.consensus else by.name
        mine = Q(user_id=by.id) if by.id is not None else Q(user_id=None, assessor=by.name)
        there = ProfilePoint.objects.filter(organisation=stated.organisation, axis=stated.axis, on=stated.on)
        point = (
            there.filter(consensus=True).first() if stated.consensus else there.filter(mine, consensus=False).first()
        )
        if point is not None and stated.consensus and (point.user_id is None or point.user_id != by.id):
            words = "Somebody else has recorded what the panel agreed on that day. Choose another day."
            raise Invalid([Problem("conflict", words, "/on")])
        before = None if point is None else {"level": point.level, "evidence": point.evidence}
        point = point or ProfilePoint(
            organisation_id=stated.organisation, axis=stated.axis, on=stated.on, assessor=name
        )
        point.user_id, point.consensus, point.basis = by.id, stated.consensus, Basis.DECISION
        point.level, point.evidence = stated.level, stated.evidence
        point.save()
        details = {"axis": stated.axis.value, "on": stated.on.isoformat(), "level": stated.level, "as": name}
        after = {"level": stated.level, "evidence": stated.evidence}
        record(
            actor=by,
            altered=ASSESSED,
            action="record-profile",
            subject=f"organisation {stated.organisation}",
            particulars=details | {"before": before, "after": after},
        )
    return point


def choose_option(
    *, assessment: int, stated: StatedOptionChosen, by: Actor, expected_versions: set[int] | None = None
) -> Choice:
    """Record which option was chosen after an assessment was closed or approved; it is then followed. Another may be
    put in its place until the first reading. An approver who has no part in the assessment does it.

    Raises Invalid, Refusal, NotFound; StaleVersion with other versions of the assessment `expected_versions` than the
    one there is."""
    with transaction.atomic():
        row = locked(assessment, by)
        require(by, AssessmentPermission.CHOOSE, row)
        require_version(row.version, expected_versions)
        before = Choice.objects.filter(assessment=row).select_related("option").first()
        if before is not None and row.measures.filter(readings__isnull=False).exists():
            words = "Readings of the model chosen are recorded already. Copy the assessment to choose another."
            raise Refusal("not-allowed-in-status", words)
        option = row.options.counting().filter(key=stated.option).first()
        if option is None:
            raise Invalid([Problem("invalid", f"{stated.option} is not an option here.", "/option")])
        made, _ = Choice.objects.update_or_create(
            assessment=row,
            defaults={
                "option": option,
                "on": stated.on,
                "reason": stated.reason,
                "by": by.name,
                "user_id": by.id,
            },
        )
        touch(row)
        details = {"option": stated.option, "on": stated.on.isoformat(), "version": row.version - 1}
        record(
            actor=by,
            altered=ASSESSED,
            action="choose-option",
            subject=f"assessment {assessment}",
            particulars=details | {"before": _chosen(before), "after": _chosen(made)},
        )
    return made


def _chosen(choice: Choice | None) -> dict[str, str] | None:
    if choice is None:
        return None
    return {"option": choice.option.key, "on": choice.on.isoformat(), "reason": choice.reason, "by": choice.by}


def add_measure(
    *, assessment: int, stated: StatedMeasure, by: Actor, expected_versions: set[int] | None = None
) -> ModelMeasure:
    """Add a measure by which the model chosen in an assessment is evaluated. The assessment must be closed or
    approved: a model is evaluated once it is chosen. Raises Invalid, Refusal, StaleVersion, NotFound."""
    with transaction.atomic():
        row = locked(assessment, by)
        require(by, AssessmentPermission.FOLLOW, row)
        require_version(row.version, expected_versions)
        if row.status not in SETTLED:
            raise Invalid([Problem("invalid", "Close the assessment first: a model is evaluated once it is chosen.")])
        last = row.measures.aggregate(last=Max("position"))["last"]
        made = ModelMeasure.objects.create(
            assessment=row,
            title=stated.title,
            unit=stated.unit,
            higher_is_better=stated.higher_is_better,
            target=stated.target,
            source=stated.source,
            position=0 if last is None else last + 1,
        )
        touch(row)
        record(
            actor=by,
            altered=ASSESSED,
            action="add-measure",
            subject=f"assessment {assessment}",
            particulars={"title": stated.title},
        )
    return made


def add_reading(
    *, assessment: int, stated: StatedReading, by: Actor, expected_versions: set[int] | None = None
) -> ModelReading:
    """Add what a measure of an assessment's model came to on a day, or put right the reading of that day; the audit
    trail keeps what stood there. Raises Invalid, Refusal, StaleVersion, NotFound."""
    with transaction.atomic():
        about = locked(assessment, by)
        require(by, AssessmentPermission.FOLLOW, about)
        require_version(about.version, expected_versions)
        measure = about.measures.filter(pk=stated.measure).first()
        if measure is None:
            raise Invalid([Problem("invalid", f"The assessment has no measure {stated.measure}.", "/measure")])
        before = measure.readings.filter(on=stated.on).first()
        if problems := _reading_problems(stated, before):
            raise Invalid(problems)
        columns = stated.model_dump(exclude={"measure", "on", "corrects"}) | {"by": by.name}
        made, _ = ModelReading.objects.update_or_create(measure=measure, on=stated.on, defaults=columns)
        touch(about)
        details = {"measure": measure.title, "on": stated.on.isoformat(), "value": str(stated.value)}
        record(
            actor=by,
            altered=ASSESSED,
            action="correct-reading" if before else "add-reading",
            subject=f"assessment {assessment}",
            particulars=details | ({"before": str(before.value), "why": stated.note} if before else {}),
        )
    return made


def _reading_problems(stated: StatedReading, before: ModelReading | None) -> list[Problem]:
    day = f"{stated.on:%-d %B %Y}"
    if not stated.corrects:
        words = f"There is a reading for {day} already. To put it right, say that this one corrects it, and why."
        return [Problem("conflict", words, "/on")] if before else []
    problems = [] if before else [Problem("invalid", f"There is no reading for {day} to put right.", "/on")]
    if not stated.note:
        problems.append(Problem("invalid", "Say why the reading is put right.", "/note"))
    return problems


def create_dispersal(*, stated: StatedDispersal, by: Actor) -> Dispersal:
    """Put the assessments of a trust's groups together. Raises Invalid with everything wrong, Refusal."""
    require(by, FollowingPermission.DISPERSE)
    with transaction.atomic():
        problems = _body_problems(stated.organisation, stated.as_of, "/organisation", "/as_of")
        overrides = {}
        for place, part in enumerate(stated.parts):
            where = f"/parts/{place}"
            if part.assessment in [other.assessment for other in stated.parts[:place]]:
                problems.append(Problem("invalid", "This assessment is given twice.", f"{where}/assessment"))
            if not Assessment.objects.visible_to(by).filter(pk=part.assessment).exists():
                words = f"There is no assessment {part.assessment}."
                problems.append(Problem("invalid", words, f"{where}/assessment"))
                continue
            if part.override is not None:
                option = Option.objects.counting().filter(assessment=part.assessment, key=part.override).first()
                if option is None:
                    words = f"{part.override} is not an option there."
                    problems.append(Problem("invalid", words, f"{where}/override"))
                overrides[place] = option
                if not part.reason:
                    problems.append(Problem("invalid", "Say why.", f"{where}/reason"))
        if problems:
            raise Invalid(problems)
        made = Dispersal.objects.create(
            title=stated.title,
            organisation_id=stated.organisation,
            as_of=stated.as_of,
            created_by=by.name,
            owner_id=by.id,
            owner_name=by.name,
        )
        for place, part in enumerate(stated.parts):
            DispersalPart.objects.create(
                dispersal=made,
                assessment_id=part.assessment,
                override=overrides.get(place),
                reason=part.reason,
                position=place,
            )
        record(actor=by, altered=ASSESSED, action="create-dispersal", subject=f"dispersal {made.pk}")
    return made


def locked_dispersal(number: int, by: Actor) -> Dispersal:
    """A dispersal that somebody reads, locked for this transaction. Raises NotFound."""
    return existing(Dispersal.objects.visible_to(by).select_for_update(no_key=True), number)


def _body_problems(code: str, on: date, of_code: str, of_day: str) -> list[Problem]:
    body = Organisation.objects.filter(pk=code).first()
    if body is None:
        return [Problem("unknown-organisation", f"No organisation has the code {code}.", of_code)]
    if not Organisation.objects.alive_on(on).filter(pk=code).exists():
        return [Problem("not-in-force", f"{code} is not in force on that day.", of_day)]
    return []
