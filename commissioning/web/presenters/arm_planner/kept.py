"""A kept plan on its page: its path with the status of each step, and where it leads from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commissioning.domain.vocabulary import Separation
from commissioning.models import ArmPlan, ArmPlanGroup
from commissioning.services.arm_previews import FollowedPlan
from commissioning.web.presenters.arm_planner.outcome import LoadRow, PathStep, Weighed, end_rows, weigh
from organisations.domain.lifecycle import OPEN_STATUSES
from organisations.domain.vocabulary import ChangeKind, ChangeStatus
from organisations.models import PolicyCheck, Source
from organisations.web.presenters.proposal import COLOURS
from pcorg.core.pages.jinja2 import count
from pcorg.core.pages.scope import Scope


@dataclass(frozen=True)
class Progress:
    """How a proposed plan stands. `warning` says which steps will not come, or can no longer be made."""

    said: str
    warning: str
    steps: list[PathStep]
    weighed: list[Weighed]
    passing: int
    end: date
    ends: list[LoadRow]


def separation_of(plan: ArmPlan) -> str:
    """How far what stays is separated in the end, in words."""
    return Separation.stored(plan.separation).label


def progress(
    groups: Sequence[ArmPlanGroup],
    followed: FollowedPlan,
    *,
    name: Callable[[str], str],
    checks: Mapping[str, PolicyCheck],
    sources: Mapping[str, Source],
    scope: Scope,
) -> Progress:
    """A proposed plan, step by step. `groups` are those with a change, in order of date."""
    found = [
        (group.title, finding)
        for group in groups
        if group.change is not None and (seen := followed.previews.get(group.change.pk)) is not None
        for finding in seen.findings
    ]
    weighed, passing = weigh(found, checks=checks, sources=sources, scope=scope)
    statuses = [ChangeStatus(group.change.status) for group in groups if group.change is not None]
    done = statuses.count(ChangeStatus.EFFECTED)
    return Progress(
        said=f"{done} of {count(len(statuses), 'step', 'steps')} carried out.",
        warning=_warning(groups, followed),
        steps=[_step(group, scope) for group in groups],
        weighed=weighed,
        passing=passing,
        end=followed.end,
        ends=end_rows(followed.ends, name, lambda code: scope.link("organisation", code)),
    )


def _step(group: ArmPlanGroup, scope: Scope) -> PathStep:
    assert group.change is not None
    assert group.on is not None
    assert group.form is not None
    status = ChangeStatus(group.change.status)
    number = len(group.services.all())
    moves = group.change.kind == ChangeKind.SEPARATION
    carries = (
        count(number, "service goes with it", "services go with it")
        if moves
        else f"{count(number, 'service stays', 'services stay')} with the trust in law"
    )
    return PathStep(
        on=group.on,
        title=group.title,
        becomes=group.form.label,
        name=group.name,
        code=group.code,
        carries=carries,
        problems=[],
        href=scope.link("change", group.change.pk),
        tag=status.label,
        colour=COLOURS[status],
    )


def _warning(groups: Sequence[ArmPlanGroup], followed: FollowedPlan) -> str:
    changes = [(group.title, group.change) for group in groups if group.change is not None]
    gone = [title for title, change in changes if change.status in {ChangeStatus.REJECTED, ChangeStatus.WITHDRAWN}]
    stuck = [
        title for title, change in changes if change.status in OPEN_STATUSES and followed.previews[change.pk] is None
    ]
    parts = []
    if gone:
        parts.append(f"Rejected or withdrawn, so that the end below is reached without it: {', '.join(gone)}.")
    if stuck:
        parts.append(f"Can no longer be made as proposed: {', '.join(stuck)}.")
    return " ".join(parts)
