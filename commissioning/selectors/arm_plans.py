"""What the planner of a provider arm starts from: recorded groups, the catalogue, the forms an arm may take, plans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from commissioning.domain.vocabulary import PointKind, Separation
from commissioning.models import (
    ArmHolding,
    ArmOption,
    ArmPlan,
    ArmPlanGroup,
    GroupHolding,
    PortfolioGroup,
    Service,
)
from commissioning.read_models.arm_plans import PlanDetail, PlanEnd, PlanGroup
from organisations.models import Form
from pcorg.core.audit.memory import recall
from pcorg.core.people import name_shown_to
from pcorg.core.policies import Actor

COMMISSIONER = "a commissioner"
"""What strangers read in place of the name of a person."""


@dataclass(frozen=True, slots=True)
class CatalogueService:
    """A service of the catalogue with its group, in the catalogue's order."""

    slug: str
    label: str
    group: str
    group_label: str


@dataclass(frozen=True, slots=True)
class RecordedGroup:
    """A portfolio group as recorded on a day, with the form chosen for it, if any."""

    code: str
    title: str
    coherence: str
    services: tuple[str, ...]
    chosen_form: str


@dataclass(frozen=True, slots=True)
class RecordedArm:
    """What is recorded of a trust's provider arm on a day. `separation` is None where no arm is recorded."""

    code: str
    title: str
    separation: Separation | None
    groups: tuple[RecordedGroup, ...]


@dataclass(frozen=True)
class FormPoint:
    """A benefit or risk of a form, with its source; `ambiguous` where the source leaves open which it is."""

    text: str
    ambiguous: bool
    source: str
    locator: str


@dataclass(frozen=True)
class FormOption:
    """A form that an arm may take, with its legal attributes, benefits and risks (Table C1)."""

    form: Form
    attributes: ArmOption
    benefits: tuple[FormPoint, ...]
    risks: tuple[FormPoint, ...]


def catalogue() -> dict[str, CatalogueService]:
    """Every service by slug, in order; kept in the process."""
    return recall("service-catalogue", _catalogue)


def _catalogue() -> dict[str, CatalogueService]:
    rows = Service.objects.order_by("group__position", "position", "slug")
    return {
        slug: CatalogueService(slug, label, group, group_label)
        for slug, label, group, group_label in rows.values_list("slug", "label", "group_id", "group__label")
    }


def options() -> dict[str, FormOption]:
    """The forms that a provider arm may take, by slug, in the order of the table; kept in the process."""
    return recall("arm-options", _options)


def _options() -> dict[str, FormOption]:
    found = {}
    for option in ArmOption.objects.select_related("form").prefetch_related("points"):
        points = sorted(option.points.all(), key=lambda point: point.position)
        found[option.form_id] = FormOption(
            form=option.form,
            attributes=option,
            benefits=tuple(_point(each) for each in points if each.kind == PointKind.BENEFIT),
            risks=tuple(_point(each) for each in points if each.kind == PointKind.RISK),
        )
    return found


def _point(row: object) -> FormPoint:
    return FormPoint(row.text, row.ambiguous, row.source_id or "", row.locator)  # type: ignore[attr-defined]


def recorded_arm(trust: str, on: date) -> RecordedArm:
    """The arm of a trust on a day and the groups that the trust holds then, in order of code. Three queries."""
    arm = ArmHolding.objects.as_of(on).filter(organisation=trust).select_related("item").order_by("item_id").first()
    group_holdings = (
        GroupHolding.objects.as_of(on).filter(organisation=trust).select_related("item").order_by("item_id")
    )
    groups = tuple(
        RecordedGroup(
            code=holding.item.code,
            title=holding.item.title,
            coherence=holding.item.coherence,
            services=tuple(service.slug for service in holding.item.services.all()),
            chosen_form=_chosen_by(holding.item, on),
        )
        for holding in group_holdings.prefetch_related("item__services")
    )
    if arm is None:
        return RecordedArm("", "", None, groups)
    return RecordedArm(arm.item_id, arm.item.title, Separation(arm.separation), groups)


def _chosen_by(group: PortfolioGroup, on: date) -> str:
    """The form that had been chosen for a group by a day; empty where none had."""
    return group.chosen_form_id or "" if group.chosen_on is not None and group.chosen_on <= on else ""


def groups_of(plan: ArmPlan) -> list[ArmPlanGroup]:
    """The groups of a kept plan with their services and the changes that carry them out; two queries."""
    return list(plan.groups.select_related("change").prefetch_related("services"))


def plan_document(plan: ArmPlan, groups: Iterable[ArmPlanGroup], by: Actor, *, end: PlanEnd | None) -> PlanDetail:
    """A kept plan with its groups, as somebody reads it. `end` is what it comes to, which takes working it out."""
    people = people_of(plan, by)
    return {
        "id": plan.pk,
        "organisation": plan.organisation_id,
        "title": plan.title,
        "rationale": plan.rationale,
        "start": plan.start,
        "separation": plan.separation,
        "groups": [_group(group) for group in groups],
        "owner": people["owner"],
        "collaborators": collaborators_of(plan, by),
        "kept_by": people["kept_by"],
        "kept_at": plan.kept_at,
        "proposed_by": people["proposed_by"],
        "proposed_at": plan.proposed_at,
        "version": plan.version,
        "end": end,
    }


def people_of(plan: ArmPlan, by: Actor) -> dict[str, str]:
    """Who has to do with a plan, by their part in it, as somebody reads it."""
    parts = {"owner": plan.owner_name, "kept_by": plan.kept_by, "proposed_by": plan.proposed_by}
    return {part: name_shown_to(by, name, COMMISSIONER) for part, name in parts.items()}


def collaborators_of(plan: ArmPlan, by: Actor) -> list[str]:
    """Whom the owner of a plan named to work on it, as somebody reads it."""
    return [name_shown_to(by, each.name, COMMISSIONER) for each in plan.collaborators.all()]


def _group(group: ArmPlanGroup) -> PlanGroup:
    return {
        "title": group.title,
        "services": [service.slug for service in group.services.all()],
        "coherence": group.coherence,
        "form": group.form_id,
        "on": group.on,
        "code": group.code or None,
        "name": group.name or None,
        "run_by": group.run_by_id,
        "group": group.group_id,
        "change": group.change_id,
        "status": None if group.change is None else group.change.status,
    }


def plans_of(trust: str) -> list[ArmPlan]:
    """The plans kept for a trust, the latest first."""
    return list(ArmPlan.objects.filter(organisation=trust).order_by("-kept_at", "-pk"))


def providing(portfolio: str, on: date) -> str | None:
    """The code of the trust of a portfolio that has most services in groups on a day: where the planner has most to
    show. None where no arm is grouped."""
    groups = GroupHolding.objects.as_of(on).filter(item__portfolio=portfolio)
    most = groups.values_list("organisation").annotate(services=Count("item__services")).order_by("-services")
    first = most.first()
    return None if first is None else str(first[0])
