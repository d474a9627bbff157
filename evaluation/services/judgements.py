"""Judgements: all of one assessor's at once, or the panel's consensus, in the place of those there were."""

from __future__ import annotations

from django.db import transaction

from evaluation.method.scale import HIGHEST, LOWEST
from evaluation.method.vocabulary import CONSENSUS, Weighing
from evaluation.models import Assessment, Assessor, Evidence, Judgement, Option
from evaluation.policies import AssessmentPermission
from evaluation.services.assessments import locked, note_author, require_version, touch
from evaluation.services.content import differing, sheet_of
from evaluation.services.faults import criteria_of
from evaluation.services.panels import seat_of
from evaluation.specs.stated import StatedJudgement, StatedJudgements
from evaluation.specs.weighing import weight_problems
from pcorg.core.audit.kinds import ASSESSED
from pcorg.core.audit.trail import record
from pcorg.core.policies import Actor
from pcorg.core.refusals import Invalid, Problem, require


def judge(*, number: int, stated: StatedJudgements, by: Actor, expected_versions: set[int] | None = None) -> Assessor:
    """Put an assessor's judgements in the place of those there were. An assessment must be open. Those of options that
    were set aside stay as they are.

    Whoever is on the panel judges; the consensus is recorded by them or those who work on the assessment. Raises
    Invalid with everything wrong, Refusal, NotFound; StaleVersion where what is judged, or these judgements, have
    changed since the versions `expected_versions`. Judgements of others are no such change: each has a sheet of their
    own.
    """
    with transaction.atomic():
        assessment = locked(number, by)
        assessor = assessment.panel.filter(consensus=True).first() if stated.consensus else seat_of(assessment, by)
        require(
            by, AssessmentPermission.RECORD_CONSENSUS if stated.consensus else AssessmentPermission.JUDGE, assessment
        )
        require_version(
            assessment.version,
            expected_versions,
            since=max(assessment.terms_version, assessor.sheet_version if assessor else 0),
        )
        assessor = assessor or Assessor(assessment=assessment, name=CONSENSUS, consensus=True, invited_by=by.name)
        options = {option.key: option for option in assessment.options.filter(set_aside="")}
        problems = _problems(assessment, stated, {assessor.name, *(() if stated.consensus else (by.name,))}, options)
        if problems:
            raise Invalid(problems)
        before = sheet_of(assessor) if assessor.pk else {}
        if stated.weights is not None:
            weights_stated = stated.weights.model_dump(mode="json", exclude={"mode"})
            assessor.weighing, assessor.weights = stated.weights.mode, {k: v for k, v in weights_stated.items() if v}
        touch(assessment)
        assessor.sheet_version = assessment.version
        assessor.save()
        write_judgements(assessor, stated.judgements, options)
        note_author(assessment, by, "consensus" if stated.consensus else "judge")
        details = {"as": assessor.name, "judgements": len(stated.judgements), **differing(before, sheet_of(assessor))}
        record(actor=by, altered=ASSESSED, action="judge", subject=f"assessment {number}", particulars=details)
    return assessor


def _problems(
    assessment: Assessment, stated: StatedJudgements, names: set[str], options: dict[str, Option]
) -> list[Problem]:
    """Everything wrong with a sheet; `names` are those its assessor goes by."""
    criteria = criteria_of(assessment.framework_id)
    aside = dict(assessment.options.exclude(set_aside="").values_list("key", "label"))
    problems = [
        Problem("invalid", f"These are judgements of {max(names)}; leave this out.", f"/judgements/{place}/assessor")
        for place, judgement in enumerate(stated.judgements)
        if judgement.assessor is not None and judgement.assessor not in names
    ]
    problems += [
        Problem("conflict", f"{aside[judgement.option]} is set aside; leave it out.", f"/judgements/{place}/option")
        for place, judgement in enumerate(stated.judgements)
        if judgement.option in aside
    ]
    problems += [
        one
        for one in judgement_problems(stated.judgements, options, criteria)
        if not (one.pointer.endswith("/option") and stated.judgements[int(one.pointer.split("/")[2])].option in aside)
    ]
    if stated.weights is not None:
        if assessment.weighing != Weighing.OWN:
            words = "The weights are given for all in this assessment; leave this out."
            problems.append(Problem("invalid", words, "/weights"))
        elif stated.consensus:
            words = "The consensus has no weights of its own: each assessor gives theirs. Leave this out."
            problems.append(Problem("invalid", words, "/weights"))
        problems += weight_problems(stated.weights, criteria, "/weights")
    return problems


def judgement_problems(stated: list[StatedJudgement], options: dict[str, Option], criteria: list[str]) -> list[Problem]:
    """Everything wrong with judgements, with its place."""
    found: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    cited = {pk for judgement in stated for pk in judgement.evidence if 0 < pk < 2**31}
    known = set(Evidence.objects.filter(pk__in=cited).values_list("pk", flat=True)) if cited else set()
    for number, judgement in enumerate(stated):
        where = f"/judgements/{number}"
        if judgement.option not in options:
            found.append(Problem("invalid", f"{judgement.option} is not an option here.", f"{where}/option"))
        if judgement.criterion not in criteria:
            found.append(Problem("invalid", f"{judgement.criterion} is not a criterion here.", f"{where}/criterion"))
        if (judgement.option, judgement.criterion) in seen:
            words = f"{judgement.option} is judged twice on {judgement.criterion}."
            found.append(Problem("invalid", words, where))
        seen.add((judgement.option, judgement.criterion))
        found += _level_problems(judgement, where)
        found += [
            Problem("invalid", f"There is no evidence {pk}.", f"{where}/evidence/{place}")
            for place, pk in enumerate(judgement.evidence)
            if pk not in known
        ]
    return found


def _level_problems(judgement: StatedJudgement, where: str) -> list[Problem]:
    low, high = judgement.low, judgement.high
    found = [
        Problem("invalid", f"{level} is out of range: levels go from {LOWEST} to {HIGHEST}.", f"{where}/{name}")
        for name, level in (("low", low), ("high", high))
        if level is not None and not LOWEST <= level <= HIGHEST
    ]
    if judgement.no_evidence or judgement.not_applicable:
        if (low, high) not in {(None, None), (LOWEST, HIGHEST)}:
            words = "Without evidence, or where it does not apply, the whole scale is open; leave the levels out."
            found.append(Problem("invalid", words, f"{where}/low"))
        return found
    if low is None and high is None:
        return [Problem("invalid", "Give the levels, or say that there is no evidence.", f"{where}/low")]
    if low is not None and high is not None and low > high:
        found.append(Problem("invalid", f"The lower level, {low}, is above the higher, {high}.", f"{where}/low"))
    return found


def write_judgements(assessor: Assessor, stated: list[StatedJudgement], options: dict[str, Option]) -> None:
    """Write an assessor's judgements in the place of those there were of these options; they must be without
    problems."""
    before = assessor.judgements.filter(option__in=options.values())
    for old in before:
        old.evidence.clear()
    before.delete()
    for judgement in stated:
        low, high = _levels(judgement)
        row = Judgement.objects.create(
            assessor=assessor,
            option=options[judgement.option],
            criterion_id=judgement.criterion,
            low=low,
            high=high,
            varies=judgement.varies,
            no_evidence=judgement.no_evidence,
            not_applicable=judgement.not_applicable,
            rationale=judgement.rationale,
        )
        row.evidence.set(judgement.evidence)


def _levels(judgement: StatedJudgement) -> tuple[int, int]:
    """The levels to keep: one given stands for both; none given leaves the whole scale open."""
    low = judgement.low or judgement.high or LOWEST
    return low, judgement.high or judgement.low or HIGHEST
