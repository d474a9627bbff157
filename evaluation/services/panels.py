"""Who judges: people invited to the panel of an assessment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils import timezone

from evaluation.method.vocabulary import CONSENSUS
from evaluation.models import Assessment, Assessor
from pcorg.core.people import names_now, users_named
from pcorg.core.policies import Actor
from pcorg.core.refusals import Problem


def panel_problems(panel: Sequence[str], assessment: Assessment | None = None) -> Iterator[Problem]:
    """What is wrong with those who are to judge: nobody has the name, or it stands twice. Who is on the panel already
    stays without being a user."""
    users = users_named(panel) if panel else {}
    there = {row.name for row in _seated(assessment)} if assessment else set()
    for place, name in enumerate(panel):
        where = f"/panel/{place}"
        if name == CONSENSUS:
            yield Problem("invalid", "This name is kept for the panel's consensus.", where)
        elif name in panel[:place]:
            yield Problem("invalid", f"{name} is on the panel already.", where)
        elif name not in users and name not in there:
            yield Problem("invalid", f"Nobody here has the user name {name}.", where)


def seat_panel(assessment: Assessment, panel: Sequence[str], by: Actor) -> None:
    """Invite these people; where nobody is named the owner judges alone. Whoever is no longer named is no longer
    invited, and leaves unless they have judged or weighed: what others wrote is kept. Nothing may be wrong with
    them."""
    rows = _seated(assessment)
    for row, name in zip(rows, names_now(rows), strict=True):
        if row.name != name:  # renamed since; somebody else may have the old name now
            Assessor.objects.filter(pk=row.pk).update(name=name)
            row.name = name
    users = users_named(panel)
    expected = [(users.get(name), name) for name in panel] or [(assessment.owner_id, assessment.owner_name)]
    ids = {id for id, _ in expected if id is not None}
    stay = {row.pk for row in rows if (row.user_id in ids if row.user_id is not None else (None, row.name) in expected)}
    gone = assessment.panel.filter(consensus=False).exclude(pk__in=stay)
    gone.filter(judgements__isnull=True, weighing="").delete()
    gone.update(invited_at=None)
    now = timezone.now()
    assessment.panel.filter(pk__in=stay, invited_at=None).update(invited_by=by.name, invited_at=now)
    there = {row.user_id if row.user_id is not None else row.name for row in rows if row.pk in stay}
    for id, name in expected:
        if (name if id is None else id) not in there:
            Assessor.objects.create(assessment=assessment, user_id=id, name=name, invited_by=by.name, invited_at=now)


def seat_of(assessment: Assessment, by: Actor) -> Assessor | None:
    """The row of somebody on a panel, whether or not they are still invited."""
    mine = Q(user_id=by.id) if by.id is not None else Q(user_id=None, name=by.name)
    return assessment.panel.filter(mine, consensus=False).first()


def _seated(assessment: Assessment) -> list[Assessor]:
    return list(assessment.panel.filter(consensus=False))
