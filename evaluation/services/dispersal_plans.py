"""From a dispersal to the changes that would bring it about: a plan of the trust's provider arm, to be finished and
proposed in its planner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from commissioning.domain.vocabulary import Separation
from commissioning.models import ArmPlan, Service
from commissioning.services.arm_plans import keep_plan
from commissioning.services.arm_previews import ground_of
from commissioning.specs.arm_plan import StatedArmPlan, StatedGroupPlan
from evaluation.models import Assessment, DispersalPart
from evaluation.policies import FollowingPermission
from evaluation.services.assessments import require_version
from evaluation.services.following import locked_dispersal
from evaluation.services.options import ARM_FAMILIES
from organisations.models import Form
from pcorg.core.audit.kinds import ASSESSED
from pcorg.core.audit.trail import record
from pcorg.core.policies import Actor
from pcorg.core.refusals import Invalid, Unacceptable, require

LONGEST_TITLE, LONGEST_WHY = 120, 5000


def plan_dispersal(
    *,
    dispersal: int,
    chosen: Mapping[int, str],
    why: Mapping[int, str],
    by: Actor,
    expected_versions: set[int] | None = None,
) -> ArmPlan:
    """Keep a plan in which the services of every part of a dispersal go as was chosen: a provider-arm form, or staying
    with the trust where the option is none. `chosen` and `why` are by the number of the assessment.

    Services are those the trust provides on the day of the dispersal. Dates, codes and names are left to the planner.
    Raises Invalid with everything that keeps the plan from being kept, Refusal, NotFound; StaleVersion where it
    or one of its assessments has changed since the states `expected_versions`.
    """
    with transaction.atomic():
        row = locked_dispersal(dispersal, by)
        require(by, FollowingPermission.HAND_OVER, row)
        require_version(row.state, expected_versions)
        parts = list(row.parts.select_related("assessment__service_group", "assessment__service"))
        try:
            provided = list(ground_of(row.organisation_id, row.as_of).services)
            spec = StatedArmPlan(
                organisation=row.organisation_id,
                title=row.title[:LONGEST_TITLE],
                rationale="\n".join(why[part.assessment_id] for part in parts)[:LONGEST_WHY],
                start=row.as_of,
                separation=Separation.INTERNAL,
                groups=_groups(parts, chosen, provided),
            )
            made = keep_plan(spec=spec, by=by)
        except Unacceptable as fault:
            raise Invalid(list(fault.problems)) from fault
        record(
            actor=by,
            altered=ASSESSED,
            action="plan-dispersal",
            subject=f"dispersal {dispersal}",
            particulars={"arm_plan": made.pk},
        )
    return made


def _groups(
    parts: Sequence[DispersalPart], chosen: Mapping[int, str], provided: Sequence[str]
) -> list[StatedGroupPlan]:
    """A group for each part. A service that two parts are about goes with the part that names it alone."""
    forms = set(Form.objects.filter(family__in=ARM_FAMILIES).values_list("pk", flat=True))
    of_group = dict(Service.objects.values_list("slug", "group"))
    alone = {part.assessment.service_id for part in parts if part.assessment.service_id}
    taken: set[str] = set()
    made: list[StatedGroupPlan] = []
    for part in parts:
        about, key = part.assessment, chosen[part.assessment_id]
        services = [
            slug
            for slug in provided
            if slug not in taken
            and (slug == about.service_id or (slug not in alone and _is_about(about, of_group[slug])))
        ]
        taken.update(services)
        title = str(about.service_group or about.service or about.title)
        if title.casefold() in {group.title.casefold() for group in made}:
            title = about.title
        made.append(
            StatedGroupPlan(title=title, services=services, coherence=part.reason, form=key if key in forms else None)
        )
    return made


def _is_about(assessment: Assessment, group: str) -> bool:
    """Whether an assessment is about a group of services, or all of them."""
    return not assessment.service_id and assessment.service_group_id in {None, group}
