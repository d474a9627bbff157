"""From the rows of an assessment to an appraisal that the method works out, and back to documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import prefetch_related_objects
from pydantic import ValidationError

from evaluation.method.appraisal import Appraisal, Cell, PanelMember
from evaluation.method.mitigation import CriterionTransform, Narrow, RaiseBy, RaiseFloor, Transform
from evaluation.method.scale import Interval
from evaluation.method.vocabulary import TransformKind, Weighing
from evaluation.method.weights import Unweighable
from evaluation.models import Assessment, Assessor
from evaluation.selectors.people import assessors_of
from evaluation.specs.stated import StatedWeights
from evaluation.specs.weighing import in_words, preference_of
from pcorg.core.policies import ANONYMOUS, Actor

Value = TypeVar("Value")

TRANSFORMS: dict[str, type[RaiseFloor] | type[RaiseBy] | type[Narrow]] = {
    TransformKind.RAISE_FLOOR.value: RaiseFloor,
    TransformKind.RAISE_BY.value: RaiseBy,
    TransformKind.NARROW.value: Narrow,
}


RECKONED_FROM = ("framework__criteria", "options", "panel__judgements", "mitigations__options")
"""The relations of an assessment that its appraisal is made of."""


def read_together(several: Sequence[Assessment]) -> None:
    """Read what the appraisals of several assessments are made of: as few queries as for one. What has been read of an
    assessment already is not read again."""
    prefetch_related_objects(several, *RECKONED_FROM)


def weights_of(row: Assessment | Assessor) -> StatedWeights:
    """What a row says of the weights. Raises Unweighable where what is kept cannot be read any more."""
    try:
        return StatedWeights.model_validate({"mode": row.weighing or Weighing.NONE, **row.weights})
    except (ValidationError, TypeError) as fault:
        raise Unweighable("The saved weights cannot be read any more. Enter them again.") from fault


def weights_to_show(row: Assessment | Assessor) -> StatedWeights:
    """Return the weights of a row for a form, or none where they can no longer be read."""
    try:
        return weights_of(row)
    except Unweighable:
        return StatedWeights()


def weights_problem(row: Assessment | Assessor) -> str | None:
    """`unreadable-weights` where what a row says of the weights cannot be read; else None."""
    try:
        weights_of(row)
    except Unweighable:
        return "unreadable-weights"
    return None


def appraisal_of(
    assessment: Assessment,
    *,
    weights: StatedWeights | None = None,
    chosen: Sequence[int] | None = None,
    by: Actor = ANONYMOUS,
) -> Appraisal:
    """An assessment as the method knows it; options that fail the gate or are set aside are left out. A handful of
    queries.

    `weights` tries other weights than those kept; `chosen` takes only the planned mitigations of those positions
    (none: an empty one). `by` reads it: strangers are not told the names of the panel.
    """
    read_together([assessment])
    called = assessors_of(assessment, by)
    criteria = list(assessment.framework.criteria.all())
    options = [option for option in assessment.options.all() if option.counts]
    place = {option.pk: number for number, option in enumerate(options)}
    column = {criterion.pk: number for number, criterion in enumerate(criteria)}
    effective_weights = weights or weights_of(assessment)
    slugs = [criterion.pk for criterion in criteria]
    members, invited, consensus = [], [], {}
    for assessor in assessment.panel.all():
        cells: dict[Cell, Interval] = {
            (place[each.option_id], column[each.criterion_id]): Interval(each.low, each.high)
            for each in assessor.judgements.all()
            if each.option_id in place and not each.not_applicable
        }
        if assessor.consensus:
            consensus = cells
        elif cells or assessor.weighing:
            own = weights is None and effective_weights.mode is Weighing.OWN and assessor.weighing
            members.append(
                PanelMember(called(assessor), cells, preference_of(weights_of(assessor), slugs) if own else None)
            )
        elif assessor.invited_at:
            invited.append(called(assessor))
    return Appraisal(
        options=tuple((option.key, option.label) for option in options),
        criteria=tuple((criterion.pk, criterion.label) for criterion in criteria),
        panel=tuple(members),
        preference=preference_of(effective_weights, slugs),
        view=in_words(effective_weights, {criterion.pk: criterion.label for criterion in criteria}),
        consensus=consensus,
        mitigations=tuple(_mitigations(assessment, place, column, chosen)),
        invited=tuple(invited),
    )


def _mitigations(
    assessment: Assessment, place: dict[int, int], column: dict[str, int], chosen: Sequence[int] | None
) -> list[CriterionTransform]:
    made = []
    for plan in assessment.mitigations.all():
        if chosen is not None and plan.position not in chosen:
            continue
        transform: Transform = TRANSFORMS[plan.transform](float(plan.amount))
        named = [option.pk for option in plan.options.all()]
        options = tuple(place[pk] for pk in named if pk in place) if named else None
        made.append(CriterionTransform(transform, column[plan.criterion_id], options, float(plan.delivery)))
    return made


def unplanned(assessment: Assessment, positions: Sequence[int]) -> list[tuple[int, str]]:
    """Positions at which the assessment plans no mitigation, each with what is wrong, in words. What the appraisal is
    made of is read with it."""
    read_together([assessment])
    known = {plan.position for plan in assessment.mitigations.all()}
    remark = f"It has those at {', '.join(map(str, sorted(known)))}." if known else "It has none."
    return [
        (each, f"The assessment plans no mitigation at position {each}. {remark}")
        for each in positions
        if each not in known
    ]


def keyed(pairs: Sequence[tuple[str, str]], values: Sequence[Value]) -> dict[str, Value]:
    """Values by the keys of options or criteria."""
    return {key: value for (key, _), value in zip(pairs, values, strict=True)}
