"""Judgements: all of one assessor's at once, or the panel's consensus, in the place of those there were."""

from __future__ import annotations

from django.db import transaction

from evaluation.actions.assessments import locked, must_be, must_commission, touch
from evaluation.actions.faults import criteria_of
from evaluation.actions.refusals import Invalid, NotNow
from evaluation.domain.scale import HIGHEST, LOWEST
from evaluation.domain.vocabulary import CONSENSUS, AssessmentStatus, Weighing
from evaluation.ingest.stated import StatedJudgement, StatedJudgements
from evaluation.ingest.weighing import weight_problems
from evaluation.models import Assessment, Assessor, Evidence, Judgement, Option
from organisations.domain.integrity import Problem
from pcorg.audit.kinds import ASSESSED
from pcorg.audit.trail import record
from pcorg.policies import Actor


def judge(*, number: int, stated: StatedJudgements, by: Actor, seen: set[int] | None = None) -> Assessor:
    """Put an assessor's judgements in the place of those there were. An assessment must be open.

    Whoever judges is on the panel, or makes the assessment, or joins by judging where no panel was named. The
    consensus is recorded by whoever made the assessment or is on the panel. Raises Invalid with everything wrong,
    NotNow, Assessment.DoesNotExist; Stale with other versions of the assessment `seen` than the one there is.
    """
    must_commission(by)
    with transaction.atomic():
        held = locked(number, seen)
        must_be(held, {AssessmentStatus.OPEN})
        _may_judge(held, by)
        criteria = criteria_of(held.framework_id)
        options = {option.key: option for option in held.options.all()}
        name = CONSENSUS if stated.consensus else by.name
        problems = [
            Problem("invalid", f"These are judgements of {name}; leave this out.", f"/judgements/{place}/assessor")
            for place, judgement in enumerate(stated.judgements)
            if judgement.assessor not in {None, name}
        ]
        problems += judgement_problems(stated.judgements, options, criteria)
        if stated.weights is not None:
            if held.weighing != Weighing.OWN:
                words = "The weights are given for all in this assessment; leave this out."
                problems.append(Problem("invalid", words, "/weights"))
            elif stated.consensus:
                words = "The consensus has no weights of its own: each assessor gives theirs. Leave this out."
                problems.append(Problem("invalid", words, "/weights"))
            problems += weight_problems(stated.weights, criteria, "/weights")
        if problems:
            raise Invalid(problems)
        assessor, _ = Assessor.objects.get_or_create(
            assessment=held, name=name, defaults={"consensus": stated.consensus, "invited_by": by.name}
        )
        if stated.weights is not None:
            said = stated.weights.model_dump(mode="json", exclude={"mode"})
            assessor.weighing, assessor.weights = stated.weights.mode, {k: v for k, v in said.items() if v}
            assessor.save()
        write_judgements(assessor, stated.judgements, options)
        touch(number)
        record(
            actor=by.name,
            altered=ASSESSED,
            action="judge",
            subject=f"assessment {number}",
            particulars={"as": name, "judgements": len(stated.judgements)},
        )
    return assessor


def _may_judge(held: Assessment, by: Actor) -> None:
    invited = set(held.panel.filter(invited_at__isnull=False).values_list("name", flat=True))
    if invited and by.name not in {*invited, held.created_by}:
        raise NotNow("You are not on the panel of this assessment; ask whoever made it to invite you.")


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
    """Write an assessor's judgements in the place of those there were; they must be without problems."""
    for old in assessor.judgements.all():
        old.evidence.clear()
    assessor.judgements.all().delete()
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
