"""Collaborators on assessments and dispersals, and comments on assessments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluation.models import Assessment, AssessmentComment, Dispersal
from evaluation.policies import AssessmentPermission, FollowingPermission
from evaluation.services.assessments import locked, require_version
from evaluation.services.following import locked_dispersal
from pcorg.core.audit.kinds import ASSESSED
from pcorg.core.audit.trail import record
from pcorg.core.people import put_collaborators, unfit_collaborators, users_named
from pcorg.core.policies import Actor
from pcorg.core.refusals import Invalid, Problem, require
from pcorg.core.writes import existing


def name_collaborators(
    *, assessment: int, names: Sequence[str], by: Actor, expected_versions: set[int] | None = None
) -> Assessment:
    """Put other people in the place of those who work on an assessment, by their user names. What somebody wrote stays
    theirs when they are not named any more. Raises Invalid with every name that is nobody's, stands twice or is the
    owner's; Refusal for anyone but the owner; StaleVersion, NotFound."""
    with transaction.atomic():
        row = locked(assessment, by)
        require(by, AssessmentPermission.NAME_COLLABORATORS, row)
        require_version(row.version, expected_versions)
        _name(row, names, by, f"assessment {row.pk}")
    return row


def name_collaborators_of_dispersal(
    *, dispersal: int, names: Sequence[str], by: Actor, expected_versions: set[int] | None = None
) -> Dispersal:
    """The same for a dispersal. Raises also NotFound."""
    with transaction.atomic():
        row = locked_dispersal(dispersal, by)
        require(by, FollowingPermission.NAME_COLLABORATORS, row)
        require_version(row.state, expected_versions)
        _name(row, names, by, f"dispersal {row.pk}")
    return row


def _name(matter: Any, names: Sequence[str], by: Actor, subject: str) -> None:
    users = users_named(names)
    problems = [
        Problem("invalid", words, f"/collaborators/{place}")
        for place, words in unfit_collaborators(matter, names, users)
    ]
    if problems:
        raise Invalid(problems)
    before, after = put_collaborators(matter, names, users)
    matter.version += 1
    matter.save(update_fields=["version"])
    particulars = {"before": before, "after": after}
    record(actor=by, altered=ASSESSED, action="name-collaborators", subject=subject, particulars=particulars)


def comment_on(*, assessment: int, text: str, by: Actor) -> AssessmentComment:
    """Say something of an assessment that one reads. Raises Refusal, NotFound."""
    with transaction.atomic():
        row = existing(Assessment.objects.visible_to(by), assessment)
        require(by, AssessmentPermission.COMMENT, row)
        comment = AssessmentComment.objects.create(
            assessment=row, user_id=by.id, name=by.name, at=timezone.now(), text=text
        )
        record(actor=by, altered=ASSESSED, action="comment-on-assessment", subject=f"assessment {row.pk}")
    return comment
