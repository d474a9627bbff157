"""What is followed over time, as documents: dispersals, integration profiles, measures of a chosen model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from commissioning.models import ProvisionHolding
from evaluation.method.dispersal import DispersedGroup, RankedOption, one_for_all
from evaluation.method.profile import RecordedView
from evaluation.method.smaa import DRAWS
from evaluation.method.vocabulary import IntegrationAxis, Stage
from evaluation.models import (
    Assessment,
    Choice,
    Dispersal,
    DispersalPart,
    ModelMeasure,
    ModelReading,
    ProfilePoint,
)
from evaluation.read_models.assessments import ResultsDocument
from evaluation.read_models.following import (
    ChoiceDocument,
    DispersalDocument,
    DispersalFigures,
    DispersalGroup,
    MeasureDocument,
    ProfileDocument,
    ProfileViewDocument,
)
from evaluation.selectors.appraisals import read_together
from evaluation.selectors.people import APPROVER, COMMISSIONER, named_in
from evaluation.selectors.results import figure, results_of
from organisations.domain.vocabulary import Basis
from pcorg.core.people import name_shown_to
from pcorg.core.policies import ANONYMOUS, Actor

WEIGHING = (
    "Groups count by what the trust spends on their services a year where that is known of all of them, else all "
    "alike. That is a convention of ours."
)


def dispersal_figures(held: Dispersal) -> DispersalFigures:
    """A dispersal worked out: the best option of each group, what was chosen, what one for all would cost. They are the
    same for every reader. Raises Unweighable."""
    parts = list(held.parts.select_related("assessment", "override"))
    read_together([part.assessment for part in parts])
    worked = [results_of(part.assessment) for part in parts]
    spend = _spend(held, [part.assessment for part in parts])
    known = all(each is not None for each in spend)
    groups = [
        DispersedGroup(
            name=part.assessment.title,
            options={
                option["option"]: RankedOption(option["value"], option["rank_acceptability"][0])
                for option in found["options"]
            },
            weight=float(each or 0) if known else 1.0,
            override=part.override.key if part.override else None,
        )
        for part, found, each in zip(parts, worked, spend, strict=True)
    ]
    labels = {option["option"]: option["label"] for found in worked for option in found["options"]}
    return {
        "groups": [
            _group(part, group, found, each)
            for part, group, found, each in zip(parts, groups, worked, spend, strict=True)
        ],
        "one_for_all": [
            {
                "option": each.option,
                "label": labels[each.option],
                "loss": figure(each.loss),
                "by_group": [figure(loss) for loss in each.by_group],
            }
            for each in one_for_all(groups)
        ],
        "weighed_by_spend": known,
    }


def dispersal_document(dispersal: Dispersal, found: DispersalFigures, by: Actor) -> DispersalDocument:
    """A dispersal with its figures, as somebody reads it."""
    return {
        "id": dispersal.pk,
        "title": dispersal.title,
        "organisation": dispersal.organisation_id,
        "as_of": dispersal.as_of,
        "owner": name_shown_to(by, dispersal.owner_name, COMMISSIONER),
        "collaborators": [name_shown_to(by, each.name, COMMISSIONER) for each in dispersal.collaborators.all()],
        "created_by": name_shown_to(by, dispersal.created_by, COMMISSIONER),
        "created_at": dispersal.created_at,
        "version": dispersal.state,
        **found,
        "note": WEIGHING,
        "draws": DRAWS,
    }


def _group(part: DispersalPart, group: DispersedGroup, found: ResultsDocument, spend: Decimal | None) -> DispersalGroup:
    return {
        "assessment": part.assessment_id,
        "title": part.assessment.title,
        "service_group": part.assessment.service_group_id,
        "best": group.best,
        "acceptability": figure(group.options[group.best].first),
        "chosen": group.chosen,
        "override": part.override is not None,
        "reason": part.reason,
        "loss": figure(group.loss(group.chosen)) if group.chosen in group.options else None,
        "spend": None if spend is None else str(spend),
        "options": [
            {
                "option": option["option"],
                "label": option["label"],
                "value": option["value"],
                "first": option["rank_acceptability"][0],
            }
            for option in found["options"]
        ],
    }


def _spend(dispersal: Dispersal, assessments: Sequence[Assessment]) -> list[Decimal | None]:
    """Pounds a year that the trust's services of each assessment's scope cost on the day; None where unknown."""
    provided = ProvisionHolding.objects.as_of(dispersal.as_of).filter(provider=dispersal.organisation_id)
    rows = list(provided.values_list("item__service__group", "item__service", "annual_value"))
    found: list[Decimal | None] = []
    for each in assessments:
        values = [
            value
            for group, service, value in rows
            if (group == each.service_group_id if each.service_group_id else each.service_id in (None, service))
        ]
        recorded = [value for value in values if value is not None]
        found.append(sum(recorded, Decimal(0)) if values and len(recorded) == len(values) else None)
    return found


def viewer(by: Actor, name: str, *, consensus: bool, basis: str) -> str:
    """The name of whoever recorded a point of a profile, as somebody reads it. Those of invented records are named."""
    return name if consensus or basis == Basis.ILLUSTRATIVE else name_shown_to(by, name, COMMISSIONER)


def profile_document(code: str, on: date | None = None, by: Actor = ANONYMOUS) -> ProfileDocument:
    """A body's integration profile up to a day: each axis with its points, the consensus beside individual views.
    Strangers are told numbers in place of names."""
    people: dict[str, str] = {}

    def named(point: ProfilePoint) -> str:
        viewer_name = viewer(by, point.assessor, consensus=point.consensus, basis=point.basis)
        return (
            viewer_name
            if viewer_name == point.assessor
            else people.setdefault(point.assessor, f"Person {len(people) + 1}")
        )

    points: dict[str, list[ProfileViewDocument]] = defaultdict(list)
    rows = ProfilePoint.objects.filter(organisation=code).order_by("on", "-consensus", "assessor")
    for point in rows if on is None else rows.filter(on__lte=on):
        points[point.axis].append(
            {
                "on": point.on,
                "level": point.level,
                "assessor": named(point),
                "consensus": point.consensus,
                "evidence": point.evidence,
            }
        )
    return {
        "organisation": code,
        "axes": [{"axis": axis.value, "label": axis.label, "points": points[axis.value]} for axis in IntegrationAxis],
    }


def choice_document(assessment: Assessment, by: Actor) -> ChoiceDocument | None:
    """The option chosen after an assessment, who chose it, when and why; None where none is."""
    choice = Choice.objects.select_related("option").filter(assessment=assessment).first()
    if choice is None:
        return None
    return {
        "option": choice.option.key,
        "label": choice.option.label,
        "on": choice.on,
        "reason": choice.reason,
        "by": named_in(assessment, by, choice.by, APPROVER),
    }


def measures_document(assessment: Assessment, by: Actor) -> list[MeasureDocument]:
    """The measures of a chosen model with their readings, and how far each has moved since its baseline."""
    readings = Prefetch("readings", queryset=ModelReading.objects.order_by("on"))
    rows = ModelMeasure.objects.filter(assessment=assessment).prefetch_related(readings)
    return [_measure(each, lambda name: named_in(assessment, by, name)) for each in rows]


def _measure(measure: ModelMeasure, named: Callable[[str], str]) -> MeasureDocument:
    readings = list(measure.readings.all())
    baseline = next((each for each in readings if each.stage == Stage.BASELINE), None)
    latest = readings[-1] if readings and readings[-1] is not baseline else None
    moved = latest.value - baseline.value if baseline and latest else None
    better = None if moved is None or moved == 0 else (moved > 0) == measure.higher_is_better
    return {
        "id": measure.pk,
        "title": measure.title,
        "unit": measure.unit,
        "higher_is_better": measure.higher_is_better,
        "target": None if measure.target is None else _plain(measure.target),
        "source": measure.source,
        "readings": [
            {
                "stage": each.stage,
                "on": each.on,
                "value": _plain(each.value),
                "note": each.note,
                "by": named(each.by),
            }
            for each in readings
        ],
        "change": None if moved is None else _plain(moved),
        "better": better,
        "target_met": _met(measure, readings),
    }


def _met(measure: ModelMeasure, readings: list[ModelReading]) -> bool | None:
    """Whether the latest reading reaches the target; None without either."""
    if measure.target is None or not readings:
        return None
    value = readings[-1].value
    return value >= measure.target if measure.higher_is_better else value <= measure.target


def _plain(value: Decimal) -> str:
    """A figure without needless noughts."""
    return f"{value.normalize():f}"


def models_followed(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Those of some assessments of which an option is chosen or measured, latest first, with the choice at hand."""
    return (
        rows.filter(Q(choice__isnull=False) | Q(measures__isnull=False))
        .distinct()
        .select_related("choice__option")
        .order_by("-pk")
    )


def stages_of(assessments: Collection[int]) -> dict[int, tuple[str, date]]:
    """The stage and day of the latest reading of each assessment's model; one query."""
    rows = ModelReading.objects.filter(measure__assessment__in=assessments).order_by("on", "pk")
    return {number: (stage, on) for number, stage, on in rows.values_list("measure__assessment", "stage", "on")}


def profiles_on(portfolio: str | None, on: date) -> dict[str, dict[str, list[RecordedView]]]:
    """The views of every body with a profile by a day: by its code, by axis; one query."""
    rows = ProfilePoint.objects.filter(on__lte=on).order_by("organisation", "on")
    if portfolio is None:
        rows = rows.filter(organisation__portfolio__illustrative=False)
    elif portfolio != "all":
        rows = rows.filter(organisation__portfolio=portfolio)
    found: dict[str, dict[str, list[RecordedView]]] = defaultdict(lambda: defaultdict(list))
    for code, axis, day, level, assessor, consensus in rows.values_list(
        "organisation", "axis", "on", "level", "assessor", "consensus"
    ):
        found[code][axis].append(RecordedView(day, level, assessor, consensus))
    return found
